"""`agoat import`: real processes, their words, numbers and exit codes."""

import asyncio
import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from app.content.models import Post
from app.db.database import Shared, Tenancy
from tests.imports.applying import Shelf, make_shelf
from tests.imports.corpus import corpus_file
from tests.imports.test_shopify_parse import ONE, table
from tests.imports.test_wxr_parse import item, wxr

Agoat = Callable[..., Any]


@pytest.fixture
def agoat(addresses: dict[str, str], tmp_path: Path) -> Agoat:
    """Run the command line in a process of its own, against the database of the tests, without a terminal."""
    urls = {f"AGOAT_{f'{role}_' if role != 'app' else ''}DATABASE_URL".upper(): url for role, url in addresses.items()}
    known = {name: value for name, value in os.environ.items() if not name.startswith("AGOAT_")}
    environment = known | urls | {"AGOAT_SECRET_KEY": "s" * 64, "AGOAT_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"}

    async def run(*words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app.cli", *map(str, words)]
        return await asyncio.to_thread(
            subprocess.run, command, env=environment, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
        )

    return run


@pytest.fixture
async def shelf(tenancy: Tenancy, backoffice: Tenancy, worker: Shared, unique: str) -> Shelf:
    """A fresh customer whose site has the customer's name."""
    return await make_shelf(tenancy, backoffice, worker, unique)


def table_in(output: str) -> dict[str, list[str]]:
    """The numbers of the report by kind, as they are printed."""
    lines = output.split("\n\n")[0].splitlines()
    return {line.split()[0]: line.split()[1:] for line in lines[1:]}


async def test_a_real_export_is_imported_once_and_the_numbers_are_those_of_the_file(agoat, shelf, unique):
    path = corpus_file("wxr/themeunittestdata.wordpress.xml")
    entries = list(ElementTree.parse(path).iter("item"))
    kinds = [next(tag.text for tag in entry if tag.tag.endswith("}post_type")) for entry in entries]
    comments = sum(tag.tag.endswith("}comment") for entry in entries for tag in entry)
    first = await agoat("import", "wxr", path, "--customer", unique, "--site", unique)
    assert (first.returncode, first.stderr.splitlines()) == (0, [f"Checking {path.name}", f"Importing {path.name}"])
    printed = table_in(first.stdout)
    assert printed["post"] == [str(kinds.count("post"))] * 2 + ["0", "0", "0"]
    assert printed["page"] == [str(kinds.count("page"))] * 2 + ["0", "0", "0"]
    assert printed["nav_menu_item"] == [str(kinds.count("nav_menu_item")), "0", "0", "0", str(kinds.count("nav_menu_item"))]
    assert printed["attachment"] == [str(kinds.count("attachment")), "0", "0", "0", str(kinds.count("attachment"))]
    assert f"{comments} comments were not imported" in first.stdout
    before = await shelf.counts()
    second = await agoat("import", "wxr", path, "--customer", unique, "--site", unique)
    assert table_in(second.stdout)["post"] == ["58", "0", "58", "0", "0"]
    assert await shelf.counts() == before


async def test_json_holds_the_whole_report_on_a_clean_standard_output(agoat, shelf, unique):
    path = corpus_file("shopify/jewelery.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    done = await agoat("import", "shopify", path, "--customer", unique, "--json")
    report = json.loads(done.stdout)
    lines = {line["kind"]: line for line in report["lines"]}
    assert done.returncode == 0
    assert (report["rows"], lines["product"]["found"], lines["product"]["made"]) == (len(rows), 20, len({row["Handle"] for row in rows}))
    assert lines["variant"]["made"] == sum(bool(row["Variant Price"]) for row in rows)
    assert (report["is_rehearsal"], report["refused"]) == (False, [])


async def test_a_rehearsal_writes_nothing_and_says_so(agoat, shelf, unique, tmp_path):
    path = tmp_path / "export.xml"
    path.write_text(wxr(item(1), item(2, post_type="odd")), encoding="utf-8")
    before = await shelf.counts()
    done = await agoat("import", "wxr", path, "--customer", unique, "--dry-run")
    assert (done.returncode, await shelf.counts()) == (0, before)
    assert "WOULD MAKE" in done.stdout
    assert "nothing was written" in done.stdout
    assert table_in(done.stdout)["post"][:2] == ["1", "1"]
    assert "odd 2: type odd is not imported" in done.stdout


@pytest.mark.parametrize("kind", ["wxr", "shopify"])
async def test_a_broken_file_is_one_line_with_its_line_number_and_writes_nothing(agoat, shelf, unique, tmp_path, kind):
    path = tmp_path / "broken"
    whole = wxr(item(1)) if kind == "wxr" else table(ONE)
    path.write_text(whole.replace("</item>", "") if kind == "wxr" else whole + '"cut', encoding="utf-8")
    before = await shelf.counts()
    done = await agoat("import", kind, path, "--customer", unique)
    *_, last = done.stderr.splitlines()
    assert (done.returncode, done.stdout, last.startswith("agoat: file: Line ")) == (2, "", True)
    assert await shelf.counts() == before


async def test_prices_are_read_in_the_currency_of_the_site_or_in_the_one_that_is_said(agoat, shelf, unique, tmp_path):
    path = tmp_path / "products.csv"
    path.write_text(table(ONE | {"Variant Price": "9.505"}), encoding="utf-8")
    euros = await agoat("import", "shopify", path, "--customer", unique, "--site", unique, "--dry-run")
    dinars = await agoat("import", "shopify", path, "--customer", unique, "--currency", "KWD", "--dry-run")
    assert "EUR has 2" in euros.stdout
    assert table_in(dinars.stdout)["product"][:2] == ["1", "1"]


async def test_somebody_elses_site_is_not_found(agoat, shelf, cast, unique, tmp_path):
    path = tmp_path / "export.xml"
    path.write_text(wxr(item(1)), encoding="utf-8")
    done = await agoat("import", "wxr", path, "--customer", unique, "--site", "acme")
    assert (done.returncode, done.stderr.strip()) == (1, "agoat: There is no site 'acme'.")
    assert await shelf.all(Post) == []


async def test_a_file_that_is_not_there_is_wrong_usage(agoat, tmp_path):
    done = await agoat("import", "wxr", tmp_path / "nothing.xml", "--customer", "acme")
    assert (done.returncode, "does not exist" in done.stderr) == (2, True)
