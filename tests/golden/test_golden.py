"""The schema and every statement are what the golden files say, in both dialects, and hold nothing that a server lacks."""

from collections.abc import AsyncIterator

import pytest

from app.db.rehearsal import Statement
from tests.golden.written import DIALECTS, RENEW, path, schema, statements
from tests.rehearsing import rehearsed
from tests.rules.test_deny_list import denied_in

# What the deny list forbids to everybody else, as in its own table of exceptions.
ALLOWED = {"CREATE TYPE, DOMAIN, TRIGGER, FUNCTION"}


@pytest.fixture(scope="module", params=DIALECTS)
async def register(request: pytest.FixtureRequest, admin_url: str) -> AsyncIterator[tuple[str, list[Statement]]]:
    """The register of statements in one dialect; the server stays the one of the run."""
    async with rehearsed(admin_url, request.param) as done:
        yield request.param, done.register


def differing(golden: str, found: str) -> list[str]:
    """The first paragraphs that only one of two texts has, with a sign before each."""
    old, new = golden.split("\n\n"), found.split("\n\n")
    gone, come = [part for part in old if part not in set(new)], [part for part in new if part not in set(old)]
    return [f"- {part}" for part in gone[:5]] + [f"+ {part}" for part in come[:5]]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_schema_is_what_the_golden_file_says(dialect: str) -> None:
    golden, found = path("schema", dialect).read_text(encoding="utf-8"), schema(dialect)
    assert differing(golden, found) == [], RENEW
    assert found == golden, RENEW


def test_every_statement_is_what_the_golden_file_says(register: tuple[str, list[Statement]]) -> None:
    dialect, found = register
    golden = path("statements", dialect).read_text(encoding="utf-8")
    assert differing(golden, statements(found)) == [], RENEW
    assert statements(found) == golden, RENEW


@pytest.mark.parametrize("kind", ["schema", "statements"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_golden_file_holds_what_a_server_lacks(kind: str, dialect: str) -> None:
    parts = path(kind, dialect).read_text(encoding="utf-8").split(";\n\n")
    assert len(parts) > 100
    assert [(part, sorted(denied)) for part in parts if (denied := set(denied_in(part)) - ALLOWED)] == []


def test_cockroachdb_is_told_nothing_that_only_postgresql_knows() -> None:
    text = path("schema", "cockroachdb").read_text(encoding="utf-8")
    assert [word for word in ("REINDEX", "search_path", "ROWS ") if word in text] == []
    assert all(word in path("schema", "postgresql").read_text(encoding="utf-8") for word in ("REINDEX", "search_path", "ROWS "))


def test_a_changed_statement_is_shown_on_both_sides() -> None:
    assert differing("a;\n\nb;\n\n", "a;\n\nc;\n\n") == ["- b;", "+ c;"]
