"""The operator's lists stay cheap at ten thousand customers: few statements, and no more rows than are shown."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, event, text

from app.audit.sealing import seal_everything
from app.cli.customer import in_words
from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.record.leases import take
from app.db.record.usage import counted_tables, fold_usage, last_activity, usage_of, waiting_jobs
from app.db.rules import shared_rules, tenant_rules
from app.tenancy.repository import customers_page, whole_usage
from tests.installations import administrator_of, installation

MANY = 10_000
ID = "('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
# Each has a site, every hundredth has twenty pictures; the figures of all are folded and everything is sealed.
SEED = (
    (f"INSERT INTO tenancy.customers SELECT {ID}, 1, 'c' || lpad(n::text, 6, '0'), 'Customer ' || n, "
    f"CASE WHEN n % 1000 = 7 THEN 'suspended' ELSE 'active' END, now() FROM generate_series(1, {MANY}) n"),
    ("INSERT INTO tenancy.sites (customer_id, id, version, slug, name, state, lang, timezone, currency, settings, created_at) "
    "SELECT id, gen_random_uuid(), 1, slug, name, 'active', 'en', 'UTC', 'EUR', '{}', now() FROM tenancy.customers"),
    ("INSERT INTO content.media (customer_id, id, version, name, content_type, width, height, alt, created_at) "
    "SELECT id, gen_random_uuid(), 1, 'p' || n, 'image/png', 1, 1, '{}', now() FROM tenancy.customers, generate_series(1, 20) n "
    "WHERE slug LIKE '%00'"),
    ("INSERT INTO content.media_renditions (customer_id, media_id, purpose, width, height, hash, name, content_type, bytes) "
    "SELECT customer_id, id, 'original', 1, 1, name, name, content_type, 1000 FROM content.media"),
    "INSERT INTO ops.changes SELECT customer_id, 1, 'site', id, 1, false, now() FROM tenancy.sites",
    "INSERT INTO ops.change_heads SELECT customer_id, 1, 1 FROM tenancy.sites",
    "ANALYZE",
)  # fmt: skip
SAID = list[tuple[str, Any]]


class Town:
    """An installation with ten thousand customers, whose statements are counted."""

    def __init__(self, addresses: dict[str, str]) -> None:
        self.addresses = addresses
        self.engines = {role: open_engine(addresses[role], rules=rules(role), pool_size=1) for role in ("worker", "backoffice")}
        self.worker = Shared(self.engines["worker"], mode="worker")
        self.backoffice = Tenancy(self.engines["backoffice"])

    @contextmanager
    def listening(self, role: str) -> Iterator[SAID]:
        """What a role says meanwhile."""
        said: SAID = []
        engine = self.engines[role].sync_engine
        event.listen(engine, "before_cursor_execute", note := lambda c, cursor, sql, values, *rest: said.append((sql, values)))
        try:
            yield said
        finally:
            event.remove(engine, "before_cursor_execute", note)

    def rows_read(self, role: str, said: SAID) -> int:
        """How many rows the scans of these statements give, as the server counts them when it runs them again."""
        engine = create_engine(self.addresses[role])
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            plans = [cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values).fetchone()[0] for sql, values in said]
            return sum(scanned(plan[0]["Plan"]) for plan in plans)
        finally:
            raw.rollback()
            raw.close()
            engine.dispose()


def rules(role: str) -> Any:
    return tenant_rules(Base.metadata) if role == "backoffice" else shared_rules(Base.metadata, role)


def scanned(plan: dict[str, Any]) -> int:
    """The rows that the scans below a node looked at, those they threw away among them."""
    here = 0
    if "Scan" in plan["Node Type"]:
        here = int((plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"])
    return here + sum(scanned(below) for below in plan.get("Plans", ()))


@pytest.fixture(scope="module")
async def town(admin_url: str) -> AsyncIterator[Town]:
    with installation(admin_url) as addresses:
        engine = create_engine(administrator_of(admin_url, addresses))
        with engine.begin() as connection:
            for statement in SEED:
                connection.execute(text(statement))
        engine.dispose()
        made = Town(addresses)
        await fold_usage(made.worker)
        yield made
        for one in made.engines.values():
            await one.dispose()


LISTS: dict[str, tuple[dict[str, Any], int]] = {
    "the first page": ({"limit": 50}, 200),
    "a page in the middle": ({"limit": 50, "after": "c005000"}, 200),
    "the last page": ({"limit": 50, "after": "c009990"}, 200),
    "a page of one state": ({"limit": 2, "state": "suspended"}, 2_100),
    "a page of a word": ({"limit": 50, "words": "CUSTOMER"}, 200),
}


@pytest.mark.parametrize("what", LISTS)
async def test_a_page_of_customers_is_one_statement_that_reads_little_more_than_it_shows(town: Town, what: str) -> None:
    asked, most = LISTS[what]
    with town.listening("worker") as said:
        page = await town.worker.read(lambda session: customers_page(session, **asked))
    assert page
    assert len(said) == 1
    assert town.rows_read("worker", said) <= most


async def test_pages_lead_through_all_customers_once(town: Town) -> None:
    slugs: list[str] = [""]
    while page := await town.worker.read(partial(customers_page, after=slugs[-1], limit=3_000)):
        slugs += [row.customer.slug for row in page]
    assert slugs[1:] == [f"c{number:06}" for number in range(1, MANY + 1)]


async def test_a_list_shows_the_folded_figures(town: Town) -> None:
    (row,) = await town.worker.read(lambda session: customers_page(session, words="c000300", limit=5))
    assert row.usage is not None
    assert (row.usage.sites, row.usage.pictures, row.usage.storage_bytes, row.usage.number) == (1, 20, 20_000, 1)
    assert row.usage.active_at is not None


async def test_the_sums_of_all_are_one_statement(town: Town) -> None:
    with town.listening("worker") as said:
        total = await town.worker.read(whole_usage)
    assert (len(said), total["customers"], total["sites"], total["storage_bytes"]) == (1, MANY, MANY, 2_000_000)


async def test_the_figures_of_one_customer_read_his_own_rows_alone(town: Town) -> None:
    counts = []
    for number in (5_000, 5_001):
        office = town.backoffice.of(UUID(f"00000000-0000-4000-8000-{number:012x}"))
        with town.listening("backoffice") as said:
            figures = {figure.table: figure for figure in await office.read(usage_of)}
            await office.read(waiting_jobs)
            await office.read(last_activity)
        assert figures["tenancy.sites"].rows == 1
        assert figures["content.media_renditions"].bytes == (20_000 if number == 5_000 else 0)
        counts.append(len(said))
        assert town.rows_read("backoffice", said) < 100
    assert counts == [len(counted_tables()) + 2] * 2


async def test_folding_takes_one_statement_when_nothing_has_changed(town: Town, undisturbed: None) -> None:
    with town.listening("worker") as said:
        assert await fold_usage(town.worker) == 0
    assert len(said) == 1


async def test_sealing_ten_thousand_idle_customers_takes_two_statements(town: Town, admin_url: str, undisturbed: None) -> None:
    engine = create_engine(administrator_of(admin_url, town.addresses))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO audit.seal_heads SELECT customer_id, 1, 1, 0, '', now() FROM ops.change_heads"))
    engine.dispose()
    held = await take(town.worker, "sealer", UUID(int=1))
    assert held is not None
    with town.listening("worker") as said:
        assert await seal_everything(town.worker, held) == 0
    assert len(said) == 2


@pytest.mark.parametrize(("size", "said"), [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (2_500_000, "2.5 MB"), (10**16, "10000.0 TB")])
def test_bytes_in_words(size: int, said: str) -> None:
    assert in_words(size) == said
