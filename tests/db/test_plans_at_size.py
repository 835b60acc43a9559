"""Every statement against a customer with hundreds of thousands of rows: which index it enters, and how many rows it looks at.

The statements are those of the rehearsal, so a new named read is measured by itself. Exceptions stand below with their cause.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Table, make_url

from app.cli.replay import WHOLE
from app.db.base import Base
from app.db.rehearsal import Statement
from app.db.rehearsal.cluster import SMALL, full_scans, once_each
from app.db.rehearsal.explaining import Explainer, explainer, owned_statements
from app.db.rehearsal.plans import Plan, Scan
from tests.db.growing import FEW, grow
from tests.installations import administrator_of
from tests.rehearsing import rehearsed

EACH = 5_000
# A page may cost ten rows for each that it gives, and a little for what stands around it.
PER_ROW, AROUND = 10, 100
# The server plans a function's statement anew for five calls of a session and may then keep one plan for all arguments.
GENERIC_AFTER, BLOCKS_PER_ROW = 5, 12
COUNTS = "counts a customer's rows, which no index holds ready"
LONG = {
    "audit.repository.was_done": "the demonstration alone asks it, of its own customers",
    "db.record.outbox.counts": COUNTS,
    "db.record.outbox.open_promises": "the operator's list of all shards",
    "db.record.seals.count_between": "verification counts a range of ids whole, that is its purpose",
    "db.record.seals.customers_with_news": "one row a customer",
    "db.record.seals.idle_act": "verification walks a range of acts whole, that is its purpose",
    "db.record.seals.customers_with_marks": "marks are few: imports and undone acts set them",
    "db.record.seals.marks_unsealed": "the same",
    "db.record.usage.fold_usage": COUNTS,
    "db.record.usage.usage_of": COUNTS,
    "db.record.usage.waiting_jobs": COUNTS,
    "tenancy.repository.customers_page": "searches all customers for words",
    "tenancy.repository.whole_usage": "one row a customer",
}
WHOLE_LIST = "people keep these lists short, and see them whole"
CUSTOMER_ONLY = {
    "catalog.repository.categories_of": WHOLE_LIST,
    "content.repository.authors_of_customer": WHOLE_LIST,
    "content.repository.tags_of_site": WHOLE_LIST,
    "content.repository.tags_by_label": WHOLE_LIST,
    "identity.repository.keys_of_customer": WHOLE_LIST,
    "identity.repository.members": WHOLE_LIST,
    "content.repository.live_posts_with": "walks publications by id beside the posts of a byline and stops at its LIMIT",
}


@dataclass(frozen=True)
class Measured:
    """A statement and its plan, executed where it only reads."""

    statement: Statement
    plan: Plan

    @property
    def looked_at(self) -> float:
        """How many rows were looked at, in tables and indexes."""
        return sum(scan.rows or 0 for scan in self.plan.scans)


@dataclass(frozen=True)
class Grown:
    """All statements, measured; `rows` is the size of the largest customer."""

    rows: int
    measured: list[Measured]
    explain: "Measuring"


class Measuring(Explainer):
    """Also tells what an execution costs, where the plan shows only a call."""

    async def blocks(self, statement: Statement, times: int) -> tuple[float, int]:
        """Rows that came out and blocks that were touched, by the last of some executions in one session."""
        async with self.engines[statement.role].execution_options(customer_id=statement.customer_id).connect() as connection:
            for _ in range(times):
                answer = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.sql}", statement.parameters)
                top = answer.scalar_one()[0]["Plan"]
        return top["Actual Rows"], top["Shared Hit Blocks"] + top["Shared Read Blocks"]


@pytest.fixture(scope="module")
async def grown(admin_url: str) -> AsyncIterator[Grown]:
    """A rehearsal whose customer has then become large, beside a small one."""
    if make_url(admin_url).get_dialect().name != "postgresql":
        pytest.skip("only PostgreSQL tells how many rows a plan has looked at")
    async with rehearsed(admin_url) as done:
        rows = grow(administrator_of(admin_url, done.addresses), done.rows, EACH)
        async with explainer(done.addresses) as asked:
            statements = once_each([*done.register, *owned_statements("postgresql", done.rows)])
            plans = [await asked.plan(each, execute=each.sql.startswith(("SELECT", "(SELECT"))) for each in statements]
            measured = [Measured(*pair) for pair in zip(statements, plans, strict=True)]
            yield Grown(rows, measured, Measuring(asked.engines, is_small=False))


def problems_in(found: list[Measured]) -> list[str]:
    return [f"{each.statement.name}: {problem}" for each in found for problem in problems(each)]


def problems(each: Measured) -> list[str]:
    """What is wrong with one statement, exceptions aside."""
    said_by, found = each.statement.said_by, []
    if said_by not in WHOLE and said_by not in LONG:
        found += [f"reads {table} from end to end" for table in full_scans(each.plan)]
    if said_by not in (*CUSTOMER_ONLY, *LONG) and each.statement.role in ("app", "backoffice"):
        found += [f"enters {scan.index} by {scan.condition} alone" for scan in each.plan.scans if is_by_customer_alone(scan)]
    if said_by not in LONG and each.looked_at > PER_ROW * (each.plan.rows or 0) + AROUND:
        found += [f"looks at {each.looked_at:.0f} rows for {each.plan.rows}"]
    return found


def is_by_customer_alone(scan: Scan) -> bool:
    """Whether an index of a table that grows is entered with the customer and nothing else, and no LIMIT ends that."""
    table = next(table for table in Base.metadata.sorted_tables if table.name == scan.table)
    if scan.table in SMALL or table.fullname in FEW or len(table.primary_key.columns) == 1 or scan.is_limited or not scan.condition:
        return False
    return columns_in(table, scan.condition) <= {"customer_id"}


def columns_in(table: Table, condition: str) -> set[str]:
    """The columns of a table that a condition names, other than as the values of another table's rows."""
    return {column.name for column in table.c if re.search(rf"(?<![.\w]){column.name}\b", condition)}


def test_the_large_customer_has_more_than_100_000_rows(grown: Grown) -> None:
    assert grown.rows > 100_000


def test_every_statement_enters_an_index_and_looks_at_few_rows(grown: Grown) -> None:
    assert len(grown.measured) > 300
    assert problems_in(grown.measured) == []


def test_every_tenant_statement_of_the_doors_names_its_customer_to_the_index(grown: Grown) -> None:
    # The few other keys, such as the hash of an API key, lead to one row before its customer is known.
    own = {table.name for table in Base.metadata.sorted_tables if table.primary_key.columns.keys()[0] == "customer_id"}
    for each in grown.measured:
        if each.statement.role == "app":
            nameless = [scan for scan in each.plan.scans if scan.table in own and "customer_id" not in scan.condition]
            assert nameless == [], each.statement.name


async def test_an_owned_list_stays_a_page_when_its_plan_has_become_generic(grown: Grown) -> None:
    calls = [each.statement for each in grown.measured if each.statement.role == "app" and ") AS listed" in each.statement.sql]
    assert len(calls) > 15
    for call in calls:
        rows, blocks = await grown.explain.blocks(call, times=GENERIC_AFTER + 2)
        assert blocks <= BLOCKS_PER_ROW * rows + AROUND, call.name


def test_what_housekeeping_reads_whole_is_an_index_of_nothing_else(grown: Grown) -> None:
    wanted = {"content.repository.trashed_before": "ix_posts_trashed", "db.record.housekeeping.drop_tombstones": "ix_changes_deleted"}
    found = {(each.statement.said_by, scan.index) for each in grown.measured for scan in each.plan.scans}
    assert set(wanted.items()) <= found


def test_no_exception_has_outlived_its_cause(grown: Grown) -> None:
    long = {each.statement.said_by for each in grown.measured if each.looked_at > PER_ROW * (each.plan.rows or 0) + AROUND}
    alone = {each.statement.said_by for each in grown.measured if any(map(is_by_customer_alone, each.plan.scans))}
    assert (LONG.keys() - long, CUSTOMER_ONLY.keys() - alone) == (set(), set())
    assert WHOLE.keys() - {each.statement.said_by for each in grown.measured} == set()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT id FROM content.posts WHERE customer_id = %(customer)s AND title = 'x' LIMIT 25", "looks at 5"),
        ("SELECT id FROM content.posts WHERE customer_id = %(customer)s ORDER BY updated_at LIMIT 25", "looks at 5"),
        ("SELECT count(id) FROM content.posts", "reads posts from end to end"),
    ],
)
async def test_a_bad_statement_is_found(grown: Grown, sql: str, said: str) -> None:
    customer = next(each.statement.customer_id for each in grown.measured if each.statement.role == "app")
    parameters = {"customer": customer} if "%(" in sql else {}
    statement = Statement("planted", "backoffice" if "count" in sql else "app", sql, parameters, customer)
    found = problems(Measured(statement, await grown.explain.plan(statement, execute=True)))
    assert [problem for problem in found if problem.startswith(said)] != []
