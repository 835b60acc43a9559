"""What the product says to its database, as text under version control: the schema, and every statement, in both dialects.

A change of these files is what a change of models, migrations or queries means on the server. `python -m tests.golden.written`
writes them anew, with engines of its own.
"""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from app.db.embedded import running
from app.db.rehearsal import Statement
from app.db.rehearsal.definitions import definitions
from tests.rehearsing import rehearsed

FOLDER = Path(__file__).parent
DIALECTS = ("postgresql", "cockroachdb")
RENEW = "Read what has changed, and if it is meant, run: python -m tests.golden.written"


def schema(dialect: str) -> str:
    """All DDL in the order of the migrations."""
    return "".join(f"{statement};\n\n" for statement in definitions(dialect))


def statements(register: Iterable[Statement]) -> str:
    """Every statement once, with the roles and names that say it."""
    said: dict[str, set[str]] = defaultdict(set)
    for statement in register:
        said[statement.sql].add(f"{statement.role}: {statement.said_by}")
    return "".join("\n".join([*(f"-- {who}" for who in sorted(said[sql])), f"{sql};\n\n"]) for sql in sorted(said))


def path(kind: str, dialect: str) -> Path:
    """Where a golden file lies."""
    return FOLDER / f"{kind}.{dialect}.sql"


async def write_all(admin_url: str) -> None:
    """Write every golden file."""
    for dialect in DIALECTS:
        path("schema", dialect).write_text(schema(dialect), encoding="utf-8")
        async with rehearsed(admin_url, dialect) as done:
            path("statements", dialect).write_text(statements(done.register), encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="agoat-golden-") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder) / "data", durable=False) as engines:
            asyncio.run(write_all(engines.database_url))
