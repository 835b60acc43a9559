"""Each thing has one place: queries, commits, plain SQL, the environment, and the imports of a module."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.house import HOUSE, House, Module, dotted, planted

QUERIES = {"select", "insert", "update", "delete"}
DOORS = {"cli", "jobs.py", "editor", "api", "public", "web", "asgi.py", "serve.py"}


def may_query(module: Module) -> bool:
    return "repository.py" in module.parts or "repository" in module.parts or module.parts[1] == "db" or module.path == "app/cache/store.py"


def uses_of(module: Module, names: set[str]) -> Iterator[tuple[int, str]]:
    """Where something called one of `names` is taken from sqlalchemy, under whatever local name."""
    imported = module.imported("sqlalchemy")
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sqlalchemy":
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in names)
        elif isinstance(node, ast.Attribute) and node.attr in names and dotted(node).split(".")[0] in imported:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and imported.get(node.id, "").split(".")[-1] in names:
            yield node.lineno, node.id


def queries_elsewhere(house: House) -> list[str]:
    said = "belongs into a repository.py, where the named reads and writes of a room are."
    return [
        module.at(line, f"{name} {said}") for module in house.modules() if not may_query(module) for line, name in uses_of(module, QUERIES)
    ]


def plain_sql_elsewhere(house: House) -> list[str]:
    return [
        module.at(line, f"{name} is unknown to the guard; only app/db and migrations write SQL as text, and models.py in definitions.")
        for module in house.modules()
        if module.parts[1] != "db"
        for line, name in uses_of(module, {"text", "literal_column", "TextClause"})
        if module.parts[-1] != "models.py" or line not in lines_of_definitions(module)
    ]


def lines_of_definitions(module: Module) -> set[int]:
    """Lines of imports and of the calls that define columns, indexes and checks: what stands there is never run as a query."""
    defining = {"Index", "CheckConstraint", "mapped_column", "unique"}
    places = [call for call, name in module.calls() if name.split(".")[-1] in defining]
    places += [node for node in module.nodes if isinstance(node, ast.ImportFrom)]
    return {line for place in places for line in range(place.lineno, (place.end_lineno or place.lineno) + 1)}


def commits_elsewhere(house: House) -> list[str]:
    return [
        module.at(call.lineno, f"{name}() opens, ends or nests a transaction; only app/db/database.py does, by TenantDatabase.run.")
        for module in house.modules()
        for call, name in module.calls()
        if name.split(".")[-1] in {"commit", "begin_nested", "run_transaction"} and module.path != "app/db/database.py"
    ]


def driver_connections_elsewhere(house: House) -> list[str]:
    """What is sent on the driver's own connection meets no guard and can name any customer."""
    names = {"driver_connection", "dbapi_connection", "raw_connection", "get_raw_connection"}
    return [
        module.at(node.lineno, "takes the driver's connection, below the guard; only app/db/database.py does, to send BEGIN.")
        for module in house.modules()
        if module.path != "app/db/database.py"
        for node in module.nodes
        if isinstance(node, ast.Attribute) and (node.attr in names or (node.attr == "connection" and is_connection(node.value)))
    ]


def is_connection(node: ast.AST) -> bool:
    """Whether an expression is called a connection, as a name or by what it calls."""
    return dotted(node.func if isinstance(node, ast.Call) else node).split(".")[-1] == "connection"


def environment_elsewhere(house: House) -> list[str]:
    return [
        module.at(node.lineno, "reads or writes the environment; only app.settings does.")
        for module in house.modules()
        if module.path != "app/settings/reading.py"
        for node in module.nodes
        if (isinstance(node, ast.Attribute) and dotted(node) in {"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"})
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and {"environ", "getenv", "putenv"} & {alias.name for alias in node.names}
        )
    ]


def hidden_imports(house: House) -> list[str]:
    return [
        module.at(
            inner.lineno,
            f"is imported inside {node.name}. Import at the top; if that is a circle, one of the two stands on the wrong storey.",
        )
        for module in house.modules()
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def imports_for_types_only(house: House) -> list[str]:
    return [
        module.at(node.lineno, "TYPE_CHECKING in a door: the framework reads the types of handlers when it runs.")
        for module in house.modules()
        if module.parts[1] in DOORS
        for node in module.nodes
        if isinstance(node, ast.If) and dotted(node.test).split(".")[-1] == "TYPE_CHECKING"
    ]


def lazy_relationships(house: House) -> list[str]:
    return [
        module.at(call.lineno, 'a relationship must say lazy="raise", so that no row is fetched behind the back of a repository.')
        for module in house.modules()
        for call, name in module.calls()
        if name.split(".")[-1] == "relationship"
        and not any(word.arg == "lazy" and isinstance(word.value, ast.Constant) and word.value.value == "raise" for word in call.keywords)
    ]


BAD = {
    "app/content/actions.py": "from sqlalchemy import select\n",
    "app/content/repository.py": "import sqlalchemy as sa\nq = sa.select(1)\nsql = sa.text('x')\n",
    "app/catalog/actions.py": "import sqlalchemy as sa\nq = [\n    sa.update(1)]\n",
    "app/db/database.py": "session.commit()\n",
    "app/db/work.py": "from sqlalchemy import text\nawait_it = session.commit()\n",
    "app/media/store.py": "import os\nx = os.environ['A']\n",
    "app/media/other.py": "from os import getenv\n",
    "app/settings/reading.py": "import os\nx = os.environ\n",
    "app/tenancy/late.py": "def f():\n    from app import keys\n",
    "app/editor/posts.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import x\n",
    "app/content/models.py": "from sqlalchemy import Index, text\ni = Index('i', where=text('x'))\nt = text('y')\n",
    "app/cache/pipe.py": "a = session.connection().connection\nb = engine.raw_connection()\nc = connection.connection.cursor()\n",
    "app/audit/models.py": "a = relationship('B')\nb = relationship('C', lazy='raise')\n",
}
RULES = [
    (queries_elsewhere, ["app/catalog/actions.py:3", "app/content/actions.py:1"]),
    (plain_sql_elsewhere, ["app/content/models.py:3", "app/content/repository.py:3"]),
    (commits_elsewhere, ["app/db/work.py:2"]),
    (driver_connections_elsewhere, ["app/cache/pipe.py:1", "app/cache/pipe.py:2", "app/cache/pipe.py:3"]),
    (environment_elsewhere, ["app/media/other.py:1", "app/media/store.py:2"]),
    (hidden_imports, ["app/tenancy/late.py:2"]),
    (imports_for_types_only, ["app/editor/posts.py:2"]),
    (lazy_relationships, ["app/audit/models.py:1"]),
]


@pytest.mark.parametrize("rule", [rule for rule, _ in RULES], ids=lambda rule: rule.__name__)
def test_the_house_has_none(rule) -> None:
    assert rule(HOUSE) == []


@pytest.mark.parametrize(("rule", "places"), RULES, ids=lambda part: getattr(part, "__name__", ""))
def test_the_rule_finds_exactly_what_was_planted(tmp_path: Path, rule, places: list[str]) -> None:
    assert [finding.split("  ")[0] for finding in rule(planted(tmp_path, BAD))] == places
