"""Every door of an installation, asked through the callables that the server is given."""

import re
from dataclasses import dataclass
from typing import Any

import httpx

from tests.routes.asking import Filled
from tests.routes.houses import House
from tests.routes.table import Row
from tests.routes.wire import Question, ask


@dataclass
class Doors:
    """The web process and the ops listener."""

    web: Any
    ops: Any

    def of(self, row: Row) -> Any:
        """The application behind a row."""
        return self.ops if row.door == "ops" else self.web

    async def answer(self, filled: Filled, method: str = "") -> httpx.Response:
        """The answer to a filled row; `method` asks the same address in another way."""
        question = filled.question()
        if method:
            question = Question(method, question.url, question.headers)
        return await ask(self.of(filled.row), question)

    async def style_of(self, house: House) -> str:
        """The path of the stylesheet that no other site's pages name."""
        page = await ask(self.web, Question("GET", house.origin + "/"))
        found = re.search(r'href="(/-/theme-[^"]+\.css)"', page.text)
        assert found is not None
        return found[1]
