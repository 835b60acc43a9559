"""The statements by which the migrations define the schema, in the words of either server, without asking any server."""

import re
from collections.abc import Iterator
from io import StringIO

from alembic import command
from msgspec import Struct

from app.db.migrate import script
from app.db.roles import Roles

END = re.compile(r";\s*\n(?=\n|\Z)")
FUNCTION = re.compile(r"\bFUNCTION (?P<name>\S+)\((?P<arguments>[^)]*)\) RETURNS .*?AS \$\$(?P<body>.*)\$\$", re.S)


class Body(Struct, frozen=True):
    """An owned function as it is defined: its arguments as (name, type), and the statement inside it."""

    name: str
    arguments: tuple[tuple[str, str], ...]
    sql: str


def definitions(dialect: str, prefix: str = "agoat") -> list[str]:
    """All DDL of this release in its order, for a dialect of SQLAlchemy and roles of a prefix."""
    said = StringIO()
    config = script(roles=Roles(prefix))
    config.output_buffer = said
    config.attributes["dialect"] = dialect
    command.upgrade(config, "head", sql=True)
    statements = [statement.strip() for statement in END.split(said.getvalue())]
    return [statement for statement in map(without_comments, statements) if statement and "alembic_version" not in statement]


def without_comments(statement: str) -> str:
    """A statement without the headings that alembic writes between the revisions."""
    return "\n".join(line for line in statement.splitlines() if not line.startswith("--")).strip()


def bodies(dialect: str) -> list[Body]:
    """The owned functions as the last migration that names each of them leaves them."""
    found = {body.name: body for statement in definitions(dialect) for body in bodies_in(statement)}
    return [found[name] for name in sorted(found)]


def bodies_in(statement: str) -> Iterator[Body]:
    """The function that a statement defines, if it does."""
    if match := FUNCTION.search(statement):
        pairs = [argument.strip().split(" ", 1) for argument in match["arguments"].split(",")]
        yield Body(match["name"], tuple((name, kind) for name, kind in pairs), " ".join(match["body"].split()))
