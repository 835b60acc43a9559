"""Plans of statements as the two servers tell them, read into one shape. The dialect's name decides how a plan is asked for and read.

PostgreSQL tells a tree in JSON, CockroachDB a drawing in text; it has no plans in JSON.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

# How CockroachDB says that a scan reads a whole index. A soft limit is a guess of when enough will have been seen, no bound.
FULL = re.compile(r"^FULL SCAN\b")
READERS = {"scan", "revscan", "delete range"}
JOINS = ("lookup join", "inverted join", "zigzag join", "index join", "streamer")


class Scan(Struct, frozen=True):
    """One reading of a table. `condition` is what the index is entered with, empty for a full scan.

    `is_limited` is true when a LIMIT ends the scan itself. `rows` is how many rows were looked at, None unless the plan was executed.
    """

    table: str
    index: str | None
    condition: str
    is_limited: bool = False
    rows: float | None = None

    @property
    def is_full(self) -> bool:
        """Whether everything is read: no index, or all of one, and no LIMIT that ends it."""
        return not self.condition and not self.is_limited


class Plan(Struct, frozen=True):
    """Everything that a plan reads, and what it sorts. `rows` is how many rows came out, None unless the plan was executed."""

    scans: tuple[Scan, ...]
    sorts: tuple[str, ...] = ()
    rows: float | None = None
    lacks_statistics: bool = False


def asking(dialect: str, sql: str, *, execute: bool = False) -> str:
    """The statement that asks for a plan. Only PostgreSQL's is ever executed, by tests."""
    if dialect == "cockroachdb":
        return f"EXPLAIN {sql}"
    return f"EXPLAIN ({'ANALYZE, TIMING OFF, ' if execute else ''}FORMAT JSON) {sql}"


def plan_of(dialect: str, answer: Sequence[Any]) -> Plan:
    """The plan in the first column of a server's answer."""
    return drawn(answer) if dialect == "cockroachdb" else told(answer[0])


def told(answer: Any) -> Plan:
    """A plan of PostgreSQL."""
    tree = answer if isinstance(answer, list) else json.loads(answer)
    top = tree[0]["Plan"]
    nodes = list(nodes_of(top, is_limited=False))
    scans = tuple(scan for node, is_limited in nodes if (scan := scan_of(node, is_limited)) is not None)
    sorts = tuple(", ".join(node["Sort Key"]) for node, _ in nodes if "Sort" in node["Node Type"])
    return Plan(scans, sorts, top.get("Actual Rows"))


# What hands rows on one by one, so that a LIMIT above ends what is below.
STREAMING = {"Limit", "Nested Loop", "Append", "Subquery Scan", "Result", "LockRows", "ProjectSet", "CTE Scan"}


def nodes_of(node: dict[str, Any], *, is_limited: bool) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every node of a tree, and whether a LIMIT above ends it."""
    yield node, is_limited
    below = node["Node Type"] == "Limit" or (is_limited and node["Node Type"] in STREAMING)
    for child in node.get("Plans", ()):
        yield from nodes_of(child, is_limited=below)


def scan_of(node: dict[str, Any], is_limited: bool) -> Scan | None:
    """What a node reads itself, None when it only passes rows on."""
    kind = node["Node Type"]
    if "Relation Name" not in node or kind == "ModifyTable":
        return None
    entered = entries(node) if kind == "Bitmap Heap Scan" else [node]
    condition = " ".join(each.get("Index Cond", "") for each in entered).strip()
    index = next((each["Index Name"] for each in entered if "Index Name" in each), None)
    return Scan(node["Relation Name"], index, condition, is_limited and kind != "Bitmap Heap Scan", looked_at(node))


def entries(node: dict[str, Any]) -> list[dict[str, Any]]:
    """The index scans that a bitmap is made of."""
    found = [each for each, _ in nodes_of(node, is_limited=False) if each["Node Type"] == "Bitmap Index Scan"]
    return found if all(each.get("Index Cond") for each in found) else []


def looked_at(node: dict[str, Any]) -> float | None:
    """How many rows a node has read over all its loops, those included that a filter threw away."""
    if "Actual Rows" not in node:
        return None
    thrown = [node.get(name, 0) for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")]
    return float((node["Actual Rows"] + sum(thrown)) * node["Actual Loops"])


def drawn(lines: Sequence[str]) -> Plan:
    """A plan of CockroachDB."""
    scans: list[Scan] = []
    sorts: list[str] = []
    lacks = False
    for operator, said in operators(lines):
        lacks = lacks or "missing stats" in said
        if operator.startswith("sort"):
            sorts.append(said.get("order", ""))
        if operator in READERS:
            scans.append(reader(said))
        elif operator.startswith(JOINS) and "table" in said:
            table, _, index = said["table"].partition("@")
            scans.append(Scan(table, index or None, said.get("equality") or said.get("lookup condition") or operator))
    return Plan(tuple(scans), tuple(sorts), lacks_statistics=lacks)


def reader(said: dict[str, str]) -> Scan:
    """A scan of one index. A hard limit on all of it is called LIMITED SCAN."""
    table, _, index = (said.get("table") or said.get("from") or "").partition("@")
    spans = said.get("spans", "")
    is_all = not spans or bool(FULL.match(spans)) or spans == "LIMITED SCAN"
    return Scan(table, index or None, "" if is_all else spans, spans == "LIMITED SCAN" or "limit" in said)


def operators(lines: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Every operator of a drawing with what is said beside it: `table: posts@pk_posts` as a pair, `missing stats` with nothing."""
    name, said = "", dict[str, str]()
    for line in lines:
        text = line.lstrip(" │├└─")
        if text.startswith("•"):
            if name:
                yield name, said
            name, said = text.removeprefix("•").strip(), {}
        elif name and text:
            key, _, value = text.partition(":")
            said[key.strip()] = value.strip()
    if name:
        yield name, said
