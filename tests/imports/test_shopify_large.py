"""A large list, and one whose lines end in all the ways that programs end them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.imports.plan import BrokenFile
from app.imports.shopify import check_shopify
from tests.imports.corpus import no_progress

HEADER = "Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Price"
BYTES = 15_000_000


def rows(count: int) -> Iterator[str]:
    """Products whose text has a line end and a quote inside."""
    for number in range(count):
        yield f'mug-{number},Mug {number},"<p>Line one\nline ""two"" {"words " * 40}</p>",Title,Default Title,SKU-{number},9.50'


def test_fifteen_megabytes_are_checked_to_the_last_row(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("\n".join([HEADER, *rows(50_000)]) + "\n")
    assert path.stat().st_size > BYTES
    checked = check_shopify(path, "EUR", no_progress)
    assert checked.counts == {"product": 50_000, "variant": 50_000}
    assert checked.refused == ()


def test_lines_may_end_in_all_ways_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    ends = ["\r\n", "\n", "\r\n", "\n"]
    path.write_bytes(b"\xef\xbb\xbf" + "".join(line + end for line, end in zip([HEADER, *rows(3)], ends, strict=True)).encode())
    assert check_shopify(path, "EUR", no_progress).counts == {"product": 3, "variant": 3}


def test_a_list_that_was_cut_off_inside_a_cell_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    whole = "\n".join([HEADER, *rows(2)])
    path.write_text(whole)
    assert check_shopify(path, "EUR", no_progress).counts["product"] == 2
    path.write_text(whole[: whole.rindex("words")])
    with pytest.raises(BrokenFile) as caught:
        check_shopify(path, "EUR", no_progress)
    assert caught.value.line >= 2
