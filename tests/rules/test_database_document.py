"""docs/database.md says of every table what the models say, and gives a reason for every index."""

import re

import pytest

from app.db.base import SCHEMAS, Base
from app.db.functions import FUNCTIONS
from app.db.roles import LOGINS, WITHOUT_LOGIN
from tests.rules import database_document
from tests.rules.database_document import BEGIN, DOCUMENT, END, REASONS, parent_of, tables, written

TEXT = DOCUMENT.read_text(encoding="utf-8")


def test_the_tables_of_the_document_are_those_of_the_models() -> None:
    assert TEXT[TEXT.index(BEGIN) : TEXT.index(END) + len(END)] == tables(), "Run: python -m tests.rules.database_document"


def test_every_name_of_the_models_stands_in_the_document() -> None:
    names = {table.fullname for table in Base.metadata.sorted_tables}
    names |= {str(index.name) for table in Base.metadata.sorted_tables for index in table.indexes}
    names |= {str(key.name) for table in Base.metadata.sorted_tables for key in table.foreign_key_constraints}
    assert {name for name in names if f"`{name}`" not in TEXT} == set()
    assert set(re.findall(r"^### `([\w.]+)`$", TEXT, re.M)) == {table.fullname for table in Base.metadata.sorted_tables}


def test_every_index_has_a_reason_and_every_reason_an_index() -> None:
    indexes = {str(index.name): parent_of(table, index) for table in Base.metadata.sorted_tables for index in table.indexes}
    assert set(indexes) >= set(REASONS)
    assert {name for name, parent in indexes.items() if parent is None} <= set(REASONS)


def test_the_words_around_name_every_schema_role_and_owned_function() -> None:
    prose = TEXT[: TEXT.index(BEGIN)]
    assert {name for name in (*SCHEMAS, *LOGINS, *WITHOUT_LOGIN, *FUNCTIONS) if f"`{name}`" not in prose} == set()


def test_a_document_that_lags_is_noticed_and_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(TEXT) == TEXT
    monkeypatch.setitem(REASONS, "ux_posts_address", "another reason")
    assert written(TEXT) != TEXT
    assert "another reason" in database_document.tables()
    with pytest.raises(ValueError, match="lost one of its markers"):
        written(TEXT.replace(END, ""))
