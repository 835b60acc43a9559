"""The sealer: every change once, in order, however many sealers there are and whatever they die of."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import event

from app.audit.sealing import SETTLED, seal_customer, seal_everything, seal_stretch
from app.db.database import Shared, Tenancy
from app.db.functions import NO_ID
from app.db.record.leases import Held, give_up, take
from app.db.record.seals import customers_with_news
from app.db.record.writer import mark
from app.db.work import Work
from tests.audit.chains import Chain, add_site
from tests.cast import OPERATOR


async def test_everything_is_sealed_and_verified(chain: Chain) -> None:
    await chain.write(3)
    await chain.seal()
    await chain.write(2)
    await chain.seal()
    said = await chain.verified()
    assert (said.seals, said.unsealed, said.broken) == (2, 0, None)
    assert said.changes == chain.as_admin("SELECT count(*) FROM audit.events WHERE customer_id = :customer")[0][0]


async def test_nothing_new_makes_no_seal(chain: Chain) -> None:
    await chain.write()
    await chain.seal()
    assert await chain.seal() == 0
    assert (await chain.verified()).seals == 1
    assert chain.customer_id not in await chain.worker.read(lambda session: customers_with_news(session, NO_ID, 100_000))


async def test_a_long_stretch_takes_several_seals(chain: Chain) -> None:
    async def act(work: Work) -> None:
        for _ in range(150):
            await add_site(work, site_id=uuid4())

    await chain.tenancy.of(chain.customer_id).run(OPERATOR, "add many", act)
    await chain.seal()
    said = await chain.verified()
    assert (said.broken, said.seals, said.changes > 300) == (None, 2, True)


async def test_the_last_minute_waits(chain: Chain) -> None:
    await chain.write()
    await chain.number()
    assert await seal_customer(chain.worker, chain.sealer, chain.customer_id) == 0
    said = await chain.verified()
    assert (said.seals, said.changes, said.broken) == (0, 0, None)
    assert said.unsealed > 0
    chain.as_admin("UPDATE ops.changes SET at = at - :minute * 2 WHERE customer_id = :customer", minute=SETTLED)
    await seal_customer(chain.worker, chain.sealer, chain.customer_id)
    assert (await chain.verified()).unsealed == 0


async def test_a_late_commit_with_an_early_time_neither_breaks_nor_escapes_the_chain(chain: Chain) -> None:
    await chain.write(2)
    await chain.seal()

    late = uuid4()

    async def act(work: Work) -> None:
        work.now = datetime.now(UTC) - timedelta(hours=2)
        await add_site(work, site_id=late)

    await chain.tenancy.of(chain.customer_id).run(OPERATOR, "by a clock that is wrong", act)
    assert (await chain.verified()).unsealed == 2
    await chain.seal()
    assert (await chain.verified()).unsealed == 0
    assert await chain.problem() == ""
    chain.as_admin("UPDATE audit.versions SET payload = '{}' WHERE customer_id = :customer AND thing_id = :id", id=late)
    assert await chain.problem() == "it was altered"


async def test_a_mark_is_sealed_with_the_changes_of_its_unit(chain: Chain) -> None:
    async def act(work: Work) -> None:
        await add_site(work, site_id=uuid4())
        await mark(work, "completed")

    await chain.tenancy.of(chain.customer_id).run(OPERATOR, "import", act)
    assert await chain.problem() == "", "a mark that waits is no stranger"
    await chain.seal()
    assert await chain.problem() == ""
    chain.as_admin("UPDATE audit.change_set_marks SET mark = 'undone' WHERE customer_id = :customer")
    assert await chain.problem() == "a mark of the act was altered"
    chain.as_admin("DELETE FROM audit.change_set_marks WHERE customer_id = :customer")
    assert await chain.problem() == "a mark of the act was removed"


async def test_a_mark_that_comes_alone_is_sealed_too(chain: Chain) -> None:
    act_id = uuid4()
    office = chain.tenancy.of(chain.customer_id)
    await office.run(OPERATOR, "import", partial(add_site, site_id=uuid4()), change_set_id=act_id)
    await chain.seal()
    await office.run(OPERATOR, "import", lambda work: mark(work, "interrupted"), change_set_id=act_id)
    assert await chain.problem() == "", "a mark that waits is no stranger"
    await seal_everything(chain.worker, chain.sealer, settled=timedelta())
    said = await chain.verified()
    assert (said.seals, said.broken) == (2, None)
    assert await chain.seal() == 0
    chain.as_admin("DELETE FROM audit.change_set_marks WHERE customer_id = :customer")
    assert await chain.problem() == "a mark of the act was removed"


async def test_a_mark_of_long_ago_that_comes_late_is_found_when_it_is_sealed(chain: Chain) -> None:
    await chain.write()
    await chain.seal()
    chain.as_admin(
        "INSERT INTO audit.change_set_marks SELECT customer_id, id, gen_random_uuid(), 'undone', at - interval '1 day' "
        "FROM audit.change_sets WHERE customer_id = :customer LIMIT 1"
    )
    assert await chain.problem() == "a mark of the act was inserted"
    await chain.seal()
    assert await chain.problem() == "a mark of the act was inserted"


async def test_a_former_sealer_seals_nothing(chain: Chain) -> None:
    await chain.write()
    await chain.number()
    late = chain.sealer
    await give_up(chain.worker, late)
    now = await take(chain.worker, late.name, uuid4())
    assert now is not None
    assert not await seal_stretch(chain.worker, late, chain.customer_id, timedelta())
    assert await seal_customer(chain.worker, late, chain.customer_id, settled=timedelta()) == 0
    assert (await chain.verified()).seals == 0
    await seal_customer(chain.worker, now, chain.customer_id, settled=timedelta())
    assert (await chain.verified()).seals == 1


async def test_sealers_that_both_believe_to_be_alone_seal_every_change_once(chain: Chain) -> None:
    await chain.write(5)
    await chain.number()
    other = await take(chain.worker, f"{chain.sealer.name} too", uuid4())
    assert other is not None
    sealers: list[Held] = [chain.sealer, other] * 3
    await asyncio.gather(*[seal_customer(chain.worker, held, chain.customer_id, settled=timedelta()) for held in sealers])
    said = await chain.verified()
    assert (said.broken, said.unsealed) == (None, 0)


async def test_a_sealer_that_dies_between_any_two_statements_leaves_a_whole_chain(chain: Chain, undisturbed: None) -> None:
    await chain.write(2)
    await chain.number()
    engine = chain.worker._transactions.engine.sync_engine
    deaths = 0
    while True:
        count = 0

        def dying(*args: object, deaths: int = deaths) -> None:
            nonlocal count
            count += 1
            if count > deaths:
                raise RuntimeError("killed")

        event.listen(engine, "before_cursor_execute", dying)
        try:
            assert await seal_stretch(chain.worker, chain.sealer, chain.customer_id, timedelta())
            break
        except RuntimeError:
            deaths += 1
        finally:
            event.remove(engine, "before_cursor_execute", dying)
        assert await chain.problem() == ""
    said = await chain.verified()
    assert (said.seals, said.unsealed, said.broken) == (1, 0, None)
    assert deaths > 5


async def test_sealing_and_verifying_beside_writers(chain: Chain) -> None:
    writers = asyncio.gather(*[chain.write(6) for _ in range(3)])
    while not writers.done():
        await chain.seal()
        assert await chain.problem() == ""
    await writers
    await chain.seal()
    await chain.write(1)
    await chain.seal()
    said = await chain.verified()
    assert (said.broken, said.unsealed) == (None, 0)
    assert said.seals > 1


async def test_a_chain_that_was_cut_does_not_keep_others_from_being_sealed(chain: Chain, backoffice: Tenancy, worker: Shared) -> None:
    await chain.write()
    await chain.seal()
    chain.as_admin("DELETE FROM audit.seal_heads WHERE customer_id = :customer")
    await chain.number()
    await seal_everything(worker, chain.sealer, settled=timedelta())
    assert await worker.read(lambda session: customers_with_news(session, NO_ID, 100_000)) == [chain.customer_id]
    assert await chain.problem() == "the head of the chain was altered"
    chain.as_admin("DELETE FROM audit.seals WHERE customer_id = :customer")


async def test_customers_without_news_cost_no_statement(chain: Chain, undisturbed: None) -> None:
    await chain.number()
    await seal_everything(chain.worker, chain.sealer, settled=timedelta())
    said: list[str] = []
    engine = chain.worker._transactions.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note := lambda c, cursor, sql, *rest: said.append(sql))
    try:
        await seal_everything(chain.worker, chain.sealer, settled=timedelta())
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(said) == 2, "one about changes, one about marks"


@pytest.mark.parametrize("settled", [timedelta(), SETTLED])
async def test_a_worker_that_must_stop_begins_no_seal(chain: Chain, settled: timedelta) -> None:
    await chain.write()
    await chain.number()
    assert await seal_everything(chain.worker, chain.sealer, settled=settled, is_stopping=lambda: True) == 0
