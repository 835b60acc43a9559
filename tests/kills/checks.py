"""What must hold after a run of kills: everything that was acknowledged is there, once, and the record of it is whole."""

import asyncio
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import psycopg

from tests.db.invariants import broken
from tests.kills.clients import TAG, Entry, Ledger
from tests.kills.demonstration import Demonstration
from tests.serving import ROOT
from tests.waiting import until

QUIET_S, COMMAND_S = 300.0, 120.0
# For each act, how often its mark was written to which version of the thing; the answer may not have more than one row for a mark.
WRITTEN = {
    "new post": "SELECT thing_id::text, version, title FROM content.post_versions WHERE version = 1",
    "save": "SELECT thing_id::text, version, title FROM content.post_versions WHERE version > 1 AND kind = 'saved'",
    "publish": "SELECT thing_id::text, version, title FROM content.post_versions WHERE kind = 'published'",
    "new product": "SELECT thing_id::text, version, title FROM catalog.product_versions WHERE version = 1",
    "price": """SELECT v.product_id::text, e.to_version, p.amount FROM catalog.price_history p
        JOIN catalog.variants v ON v.customer_id = p.customer_id AND v.id = p.variant_id
        JOIN audit.events e ON e.customer_id = p.customer_id AND e.change_set_id = p.change_set_id AND e.thing_id = v.product_id
        WHERE p.kind = 'retail'""",
    "stock": """SELECT v.product_id::text, e.to_version, m.on_hand FROM catalog.movements m
        JOIN catalog.variants v ON v.customer_id = m.customer_id AND v.id = m.variant_id
        JOIN audit.events e ON e.customer_id = m.customer_id AND e.change_set_id = m.change_set_id AND e.thing_id = v.product_id""",
}
WAITING = "SELECT (SELECT count(*) FROM ops.outbox WHERE done_at IS NULL AND dead_at IS NULL) + (SELECT count(*) FROM ops.changes_in)"
# Live posts with the tag that still show another label than the tag has.
STALE = f"""
    SELECT p.post_id FROM content.publications p
    JOIN content.publication_tags t ON t.customer_id = p.customer_id AND t.post_id = p.post_id
    JOIN content.tags g ON g.customer_id = t.customer_id AND g.id = t.tag_id
    WHERE g.slug = '{TAG}' AND position(g.label IN row_to_json(p)::text) = 0"""


def asked(admin_url: str, question: str) -> list[Any]:
    """The rows of an answer."""
    with psycopg.connect(admin_url.replace("+psycopg", ""), autocommit=True) as connection:
        return connection.execute(question).fetchall()


def untrue(admin_url: str, entries: Sequence[Entry]) -> list[str]:
    """Acknowledged writes that are not in the tables as they were told, or that were applied twice."""
    found = []
    for act, question in WRITTEN.items():
        written = defaultdict(list)
        for thing_id, version, mark in asked(admin_url, question):
            written[thing_id, mark].append(version)
        for entry in entries:
            if entry.act == act and written[entry.thing_id, entry.mark] != [entry.version]:
                found.append(f"{entry} stands in versions {written[entry.thing_id, entry.mark]}")
    return found


async def is_quiet(admin_url: str) -> None:
    """Return when every promise has been kept and every change has its number."""

    async def does() -> bool:
        return asked(admin_url, WAITING) == [(0,)]

    try:
        await until(does, seconds=QUIET_S)
    except TimeoutError:
        raise AssertionError(
            f"promises or changes still wait: {asked(admin_url, 'SELECT * FROM ops.outbox WHERE done_at IS NULL')}"
        ) from None


def unkept(admin_url: str, ledger: Ledger) -> list[str]:
    """What is wrong with the promises: lost, given up, or without effect."""
    (done, dead) = asked(admin_url, "SELECT count(done_at), count(dead_at) FROM ops.outbox WHERE name = 'refresh_publications'")[0]
    found = [f"{row[0]} shows an old label" for row in asked(admin_url, STALE)]
    if (done, dead) != (ledger.promised, 0):
        found.append(f"{ledger.promised} promises were made, {done} were kept and {dead} were given up")
    return found


async def command(demonstration: Demonstration, *words: str) -> tuple[int | None, str]:
    """Exit code and words of a command of `agoat` beside the running demonstration."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AGOAT_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", *words, cwd=ROOT, env={**others, **demonstration.settings},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(COMMAND_S):
        said, _ = await process.communicate()
    return process.returncode, said.decode()


async def holds(demonstration: Demonstration, ledger: Ledger) -> None:
    """Everything that must hold; raises AssertionError with what does not."""
    admin_url = demonstration.admin_url()
    await is_quiet(admin_url)
    found = [*untrue(admin_url, ledger.entries), *unkept(admin_url, ledger), *broken(admin_url)]
    assert not found, "\n".join(found)
    # A shifted copy of what was told is found missing, entry by entry: the check can fail.
    assert len(untrue(admin_url, [replace(entry, version=entry.version + 1) for entry in ledger.entries])) == len(ledger.entries)
    await until(lambda: has_sealed(demonstration), seconds=QUIET_S)
    code, said = await command(demonstration, "audit", "verify")
    assert (code, "acme" in said, "BROKEN" in said) == (0, True, False), said


async def has_sealed(demonstration: Demonstration) -> bool:
    """Seal everything, unless the worker is sealing at this moment. Raises AssertionError when sealing fails."""
    code, said = await command(demonstration, "audit", "seal")
    assert code == 0 or "The worker is sealing" in said, said
    return code == 0
