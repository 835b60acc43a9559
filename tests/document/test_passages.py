"""Choosing between two texts that grew from one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.clean import clean_html
from app.document.passages import Choice, Passage, merge, paragraphs_of_source, passages
from app.errors import Invalid
from tests.document.safety import dangers
from tests.document.test_clean import PIECES

BASE = "<h2>What changed</h2><p>Rain came late and stopped on time.</p><p>We roast it a touch lighter.</p><p>Prices follow.</p>"
MINE = (
    "<h2>What changed</h2><p>Rain came late and stopped on time. You taste it.</p>"
    "<p>We roast it a touch lighter.</p><p>Prices follow.</p><p>My own end.</p>"
)
THEIRS = "<h2>What changed</h2><p>Rain came late and stopped on time.</p><p>We roast it far darker.</p>"
MARKDOWN = st.text(alphabet="ab#`~ \n", max_size=60)


def everything(found: list[Passage], choice: Choice) -> dict[int, Choice]:
    return dict.fromkeys(range(len(found)), choice)


def test_each_side_suggests_what_it_alone_changed() -> None:
    found = passages(MINE, THEIRS, BASE)
    assert [passage.is_equal for passage in found] == [True, False, False, False, False]
    assert [passage.suggestion for passage in found] == [None, "mine", "theirs", "theirs", "mine"]
    assert found[1].mine_html == "Rain came late and stopped on time. <mark>You taste it.</mark>"
    assert found[1].theirs_html == "Rain came late and stopped on time."
    assert (found[1].under, found[1].kind) == ("What changed", "p")
    assert (found[3].mine, found[3].theirs) == ("<p>Prices follow.</p>", "")


def test_without_a_base_nothing_is_suggested() -> None:
    assert {passage.suggestion for passage in passages(MINE, THEIRS)} == {None}


def test_what_one_side_removed_is_gone_unless_the_other_changed_it() -> None:
    kept = "<p>first paragraph here</p>"
    removed = passages(f"{kept}<p>second one stands</p>", kept, f"{kept}<p>second one stands</p>")
    assert removed[1].suggestion == "theirs"
    changed = passages(f"{kept}<p>second one stands tall</p>", kept, f"{kept}<p>second one stands</p>")
    assert changed[1].suggestion is None
    replaced = passages(f"{kept}<p>mine is wholly new</p>", f"{kept}<p>yet another thing</p>", f"{kept}<p>old text, all gone</p>")
    assert replaced[1].suggestion is None
    added = passages(f"{kept}<p>something quite different</p>", kept, kept)
    assert added[1].suggestion == "mine"


def test_choices_make_the_merged_text() -> None:
    found = passages(MINE, THEIRS, BASE)
    assert merge(found, {}) == (
        "<h2>What changed</h2><p>Rain came late and stopped on time. You taste it.</p><p>We roast it far darker.</p><p>My own end.</p>"
    )
    assert merge(found, {3: "mine"}) == (
        "<h2>What changed</h2><p>Rain came late and stopped on time. You taste it.</p>"
        "<p>We roast it far darker.</p><p>Prices follow.</p><p>My own end.</p>"
    )
    assert merge(found, {1: "both", 2: "mine", 4: "theirs"}) == (
        "<h2>What changed</h2><p>Rain came late and stopped on time. You taste it.</p><p>Rain came late and stopped on time.</p>"
        "<p>We roast it a touch lighter.</p>"
    )


def test_an_open_question_is_named() -> None:
    with pytest.raises(Invalid) as raised:
        merge(passages(MINE, THEIRS), {1: "mine", 4: "both"})
    assert list(raised.value.fields) == ["passage_2", "passage_3"]


@given(st.lists(PIECES, max_size=20).map("".join), st.lists(PIECES, max_size=20).map("".join), st.lists(PIECES, max_size=20).map("".join))
@settings(max_examples=150, deadline=None)
def test_taking_one_side_throughout_gives_that_side(mine: str, theirs: str, base: str) -> None:
    found = passages(mine, theirs, base)
    assert "".join(passage.mine for passage in found) == clean_html(mine).html
    assert "".join(passage.theirs for passage in found) == clean_html(theirs).html
    assert clean_html(merge(found, everything(found, "mine"))).html == clean_html(mine).html
    assert dangers(clean_html(merge(found, everything(found, "both"))).html) == []


@given(MARKDOWN, MARKDOWN)
@settings(deadline=None)
def test_markdown_is_merged_to_the_letter(mine: str, theirs: str) -> None:
    found = passages(mine, theirs, None, "markdown")
    assert merge(found, everything(found, "mine")) == mine
    assert merge(found, everything(found, "theirs")).split() == theirs.split()


def test_markdown_paragraphs_stay_paragraphs_when_both_are_kept() -> None:
    found = passages("# A\n\nmine one", "# A\n\ntheirs altogether other", None, "markdown")
    assert [passage.under for passage in found] == ["", "A"]
    assert merge(found, {1: "both"}) == "# A\n\nmine one\n\ntheirs altogether other"


@given(MARKDOWN)
def test_paragraphs_joined_are_the_source(source: str) -> None:
    assert "".join(paragraphs_of_source(source)) == source


def test_code_between_fences_is_one_paragraph() -> None:
    assert paragraphs_of_source("a\n\n```\nx\n\n\ny\n```\n\nb\nc\n\n\n\nd") == ["a\n\n", "```\nx\n\n\ny\n```\n\n", "b\nc\n\n\n\n", "d"]
    assert paragraphs_of_source("\n\na\n \nb") == ["\n\na\n \n", "b"]
    assert paragraphs_of_source("") == []
