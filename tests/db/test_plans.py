"""Plans of both servers, read into one shape: what is a full scan, what a LIMIT ends, and what an index is entered with.

No CockroachDB runs here, so its drawings are written after its documentation and releases 25.4 to 26.1.
"""

import json
from typing import Any

import pytest

from app.db.rehearsal.plans import Plan, asking, plan_of

KEYSET = """
distribution: local
vectorized: true

• limit
│ count: 25
│
└── • lookup join
    │ table: posts@pk_posts
    │ equality: (customer_id, post_id) = (customer_id, id)
    │ equality cols are key
    │
    └── • revscan
          missing stats
          table: publications@ix_publications_newest
          spans: [/'ace00000-0000-4000-8000-000000000000'/'post' - /'ace00000-0000-4000-8000-000000000000'/'post']
          limit: 25
"""
FULL = """
distribution: full
vectorized: true

• top-k
│ order: -at,-id
│ k: 25
│
└── • filter
    │ filter: customer_id = 'ace00000-0000-4000-8000-000000000000'
    │ policies: tenant
    │
    └── • scan
          estimated row count: 1,000 (100% of the table; stats collected 2 minutes ago)
          table: change_sets@pk_change_sets
          spans: FULL SCAN
"""
SOFT = FULL.replace("FULL SCAN", "FULL SCAN (SOFT LIMIT)")
FIRST_ROW = """
distribution: local
vectorized: true

• scan
  missing stats
  table: customers@pk_customers
  spans: LIMITED SCAN
  limit: 1
"""
INSERTED = """
distribution: local
vectorized: true

• root
│
├── • insert
│   │ into: publication_tags(customer_id, post_id, tag_id, lang, published_at)
│   │
│   └── • buffer
│       │ label: buffer 1
│       │
│       └── • values
│             size: 5 columns, 1 row
│
└── • constraint-check
    │
    └── • error if rows
        │
        └── • lookup join (anti)
            │ table: tags@pk_tags
            │ equality: (column1, column3) = (customer_id, id)
            │ equality cols are key
            │ parallel
            │
            └── • scan buffer
                  label: buffer 1
"""
DELETED = """
distribution: local
vectorized: true

• delete range
  from: cache_bumps
  auto commit
  spans: FULL SCAN
"""
NUMBERED = """
distribution: local
vectorized: true

• sort
│ order: +shard,+at
│
└── • zigzag join
      left table: posts@ix_posts_author
      table: posts@ix_posts_cover
      spans: [/1 - /1]
"""


def drawn(text: str) -> Plan:
    return plan_of("cockroachdb", text.splitlines())


def told(tree: dict[str, Any]) -> Plan:
    return plan_of("postgresql", [json.loads(json.dumps([{"Plan": tree}]))])


def full(plan: Plan) -> list[str]:
    return [scan.table for scan in plan.scans if scan.is_full]


@pytest.mark.parametrize("text", [FULL, SOFT, DELETED], ids=["full", "soft limit", "delete range"])
def test_a_full_scan_of_cockroachdb_is_seen(text: str) -> None:
    assert len(full(drawn(text))) == 1


@pytest.mark.parametrize("text", [KEYSET, FIRST_ROW, INSERTED, NUMBERED], ids=["keyset", "first row", "insert", "zigzag"])
def test_what_enters_an_index_of_cockroachdb_is_no_full_scan(text: str) -> None:
    assert full(drawn(text)) == []


def test_tables_and_indexes_of_cockroachdb_are_named() -> None:
    plan = drawn(KEYSET)
    assert [(scan.table, scan.index, scan.is_limited) for scan in plan.scans] == [
        ("posts", "pk_posts", False),
        ("publications", "ix_publications_newest", True),
    ]
    assert plan.scans[0].condition == "(customer_id, post_id) = (customer_id, id)"
    assert plan.scans[1].condition.startswith("[/'ace00000")
    assert plan.lacks_statistics
    assert not drawn(FULL).lacks_statistics


def test_a_buffer_is_no_table_and_the_check_of_a_foreign_key_is_read() -> None:
    assert [scan.table for scan in drawn(INSERTED).scans] == ["tags"]


def test_sorts_of_cockroachdb_are_seen() -> None:
    assert drawn(NUMBERED).sorts == ("+shard,+at",)


def index_scan(**said: Any) -> dict[str, Any]:
    return {"Node Type": "Index Scan", "Relation Name": "posts", "Index Name": "pk_posts", **said}


def test_a_sequential_scan_and_an_index_without_condition_are_full() -> None:
    assert full(told({"Node Type": "Seq Scan", "Relation Name": "posts"})) == ["posts"]
    assert full(told(index_scan())) == ["posts"]
    assert full(told(index_scan(**{"Index Cond": "(customer_id = '1')"}))) == []


def test_a_limit_ends_what_streams_below_it_but_not_what_is_sorted_first() -> None:
    limited = {"Node Type": "Limit", "Plans": [{"Node Type": "Nested Loop", "Plans": [index_scan()]}]}
    assert full(told(limited)) == []
    sorted_first = {"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Sort Key": ["title"], "Plans": [index_scan()]}]}
    assert full(told(sorted_first)) == ["posts"]
    assert told(sorted_first).sorts == ("title",)


def test_a_bitmap_is_entered_only_when_every_part_of_it_is() -> None:
    good = {"Node Type": "Bitmap Index Scan", "Index Name": "ix", "Index Cond": "(customer_id = '1')"}
    bad = {"Node Type": "Bitmap Index Scan", "Index Name": "ix"}
    heap = {"Node Type": "Bitmap Heap Scan", "Relation Name": "posts"}
    assert told({**heap, "Plans": [good]}).scans[0].condition == "(customer_id = '1')"
    assert full(told({**heap, "Plans": [{"Node Type": "BitmapOr", "Plans": [good, bad]}]})) == ["posts"]


def test_rows_that_a_filter_throws_away_were_looked_at() -> None:
    node = index_scan(**{"Index Cond": "x", "Actual Rows": 2, "Actual Loops": 3, "Rows Removed by Filter": 5})
    assert told(node).scans[0].rows == 21


def test_the_table_that_is_written_is_no_scan() -> None:
    assert told({"Node Type": "ModifyTable", "Relation Name": "posts", "Plans": [index_scan(**{"Index Cond": "x"})]}).scans[0].index


def test_only_postgresql_is_asked_for_json_and_ever_executes() -> None:
    assert asking("cockroachdb", "SELECT 1", execute=True) == "EXPLAIN SELECT 1"
    assert asking("postgresql", "SELECT 1") == "EXPLAIN (FORMAT JSON) SELECT 1"
    assert "ANALYZE" in asking("postgresql", "SELECT 1", execute=True)
