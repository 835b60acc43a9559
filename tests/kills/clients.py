"""Clients that write through the API while everything around them dies, and keep a ledger of what they were told."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from tests.kills.demonstration import ANSWER_S, Demonstration
from tests.waiting import until

PAUSE_S, PATIENCE_S = 0.1, 300.0
IMPATIENT = 0.1
# Nothing was decided yet: the database is away, or the first request with this key has not ended.
ASK_AGAIN = {503, 409}
TAG = "kills"


@dataclass(frozen=True)
class Entry:
    """An acknowledged write: what it made of which thing, known by a text or number that no other write has."""

    act: str
    thing_id: str
    version: int
    mark: str | int


@dataclass
class Ledger:
    """What was acknowledged, and how often a request had to be sent again."""

    entries: list[Entry] = field(default_factory=list)
    sent_again: int = 0
    replayed: int = 0
    promised: int = 0
    refusal: str = ""

    async def grows(self, by: int) -> None:
        """Return when so many more writes have been acknowledged."""
        wanted = len(self.entries) + by

        async def has() -> bool:
            return len(self.entries) >= wanted

        await until(has, seconds=PATIENCE_S)


class Client:
    """One client with a post and a product of its own. Every mark that it writes is unique in the whole run."""

    def __init__(self, demonstration: Demonstration, ledger: Ledger, number: int, seed: int) -> None:
        self.demonstration, self.ledger, self.number = demonstration, ledger, number
        self.chance = random.Random(f"{seed}/{number}")
        self.written = 0
        self.http: httpx.AsyncClient | None = None
        self.post_id = self.product_id = self.variant_id = self.site_id = ""

    async def begin(self) -> None:
        """Make the things that this client works on."""
        self.site_id = (await self.answered("GET", "/api/v1/sites"))["items"][0]["id"]
        self.post_id = await self.create()
        mark = self.mark()
        variant = {"sku": f"KILLS-{self.number}", "retail": {"amount": 1, "currency": "EUR"}, "on_hand": 0}
        made = await self.answered("POST", "/api/v1/products", {"title": mark, "lang": "en", "variants": [variant]})
        self.product_id, self.variant_id = made["id"], made["variants"][0]["id"]
        self.note("new product", made, mark)
        await self.answered("POST", f"/api/v1/products/{self.product_id}/publish", {})

    async def live(self, stopping: asyncio.Event) -> None:
        """Write until told to stop; what has been begun is brought to its end."""
        acts: list[Callable[[], Awaitable[object]]] = [self.create, self.save, self.save, self.publish, self.price, self.stock]
        while not stopping.is_set():
            await self.chance.choice(acts)()
        await self.close()

    async def close(self) -> None:
        """End the connection; the next request begins another."""
        if self.http is not None:
            await self.http.aclose()
            self.http = None

    def mark(self) -> str:
        """A text that nobody has written before."""
        self.written += 1
        return f"Written by {self.number}, {self.written}"

    def note(self, act: str, told: dict[str, Any], mark: str | int, thing_id: str = "") -> None:
        """Enter what was acknowledged."""
        self.ledger.entries.append(Entry(act, thing_id or told["id"], told["version"], mark))

    async def create(self) -> str:
        """A new post."""
        mark = self.mark()
        body = {"site_id": self.site_id, "title": mark, "body_source": f"<p>{mark}</p>", "tags": [TAG]}
        made = await self.answered("POST", "/api/v1/posts", body)
        self.note("new post", made, mark)
        return str(made["id"])

    async def save(self, more: str = "") -> None:
        """A new version of the post, with more text where that is given."""
        mark = self.mark()
        told = await self.answered("PATCH", f"/api/v1/posts/{self.post_id}", {"title": mark, "body_source": f"<p>{mark} {more}</p>"})
        assert told["title"] == mark
        self.note("save", told, mark)

    async def publish(self) -> None:
        """A save, and that it is shown to visitors."""
        await self.save()
        told = await self.answered("POST", f"/api/v1/posts/{self.post_id}/publish", {})
        assert told["status"] == "live"
        self.note("publish", told, told["title"])

    async def price(self) -> None:
        """A price that the product never had before."""
        self.written += 1
        await self.offer("price", {"retail": {"amount": 1000 + self.written, "currency": "EUR"}}, 1000 + self.written)

    async def stock(self) -> None:
        """A number of pieces that there never were before."""
        self.written += 1
        await self.offer("stock", {"on_hand": self.written}, self.written)

    async def offer(self, act: str, change: dict[str, Any], mark: int) -> None:
        """A price or stock act."""
        body = {"offers": [{"variant_id": self.variant_id, **change}]}
        told = await self.answered("PATCH", f"/api/v1/products/{self.product_id}/offers", body)
        self.note(act, told, mark)

    async def answered(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer to a request, which is sent with the same key until it has one. Raises AssertionError for anything but success."""
        key = str(UUID(int=self.chance.getrandbits(128), version=4))
        headers = {"Idempotency-Key": key, "If-Match": "*"} if method != "GET" else {}
        async with asyncio.timeout(PATIENCE_S):
            while (answer := await self.sent(method, path, body, headers)) is None:
                self.ledger.sent_again += 1
                await asyncio.sleep(PAUSE_S)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        self.ledger.replayed += answer.headers.get("Idempotency-Replayed") == "true"
        told: dict[str, Any] = answer.json()
        return told

    async def sent(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> httpx.Response | None:
        """One attempt: an answer that decides, or None."""
        self.http = self.http or self.demonstration.client()
        # Now and then a client gives up while the server still works: what was done and not answered must not be done again.
        patience = self.chance.uniform(0.01, 0.1) if headers and self.chance.random() < IMPATIENT else ANSWER_S
        try:
            answer = await self.http.request(method, path, json=body, headers=headers, timeout=patience)
        except httpx.TransportError:
            # The port may be another one after the supervisor has died.
            await self.close()
            return None
        if answer.status_code in ASK_AGAIN:
            assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
            self.ledger.refusal = answer.json()["detail"]
            return None
        return answer
