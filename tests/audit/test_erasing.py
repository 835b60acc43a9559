"""Erasure: what is gone is gone, what stays is still proven, and only an erasure on record is accepted."""

from uuid import UUID

import pytest

from app.actor import system
from app.audit.erasing import erase
from app.db.record.digests import ERASED
from app.db.work import Work
from app.errors import Conflict, Forbidden
from tests.audit.chains import Chain
from tests.cast import OPERATOR

SECRET = "Erika Mustermann"


@pytest.fixture
async def sealed(chain: Chain) -> Chain:
    """Three things under two seals, the second of them with a name in its content and its reason."""
    await chain.write()
    await chain.write(name=SECRET, reason=f"asked by {SECRET}")
    await chain.seal()
    await chain.write()
    await chain.seal()
    return chain


def act_of(chain: Chain, thing_id: UUID) -> UUID:
    ((act,),) = chain.as_admin(
        "SELECT DISTINCT change_set_id FROM audit.events WHERE customer_id = :customer AND thing_id = :id", id=thing_id
    )
    return act


async def erase_all(chain: Chain, thing_id: UUID) -> int:
    contents, acts = [(thing_id, 1), (thing_id, 2)], [act_of(chain, thing_id)]
    return await chain.backoffice.of(chain.customer_id).run(
        OPERATOR, "erase", lambda work: erase(work, contents=contents, acts=acts), reason="a request"
    )


def everything_said(chain: Chain) -> str:
    tables = ("audit.versions", "audit.events", "audit.change_sets", "audit.seals", "audit.seal_heads")
    return "".join(str(chain.as_admin(f"SELECT t::text FROM {table} t WHERE customer_id = :customer")) for table in tables)


async def test_after_an_erasure_the_words_are_gone_and_the_chain_is_good(sealed: Chain) -> None:
    assert SECRET in everything_said(sealed)
    assert await erase_all(sealed, sealed.sites[1]) == 2
    assert SECRET not in everything_said(sealed)
    said = await sealed.verified()
    assert (said.broken, said.unsealed) == (None, 1)
    await sealed.seal()
    assert await sealed.problem() == ""
    assert (await sealed.verified()).unsealed == 0


async def test_the_salts_of_what_was_erased_are_gone_so_that_no_name_can_be_tried(sealed: Chain) -> None:
    (before,) = sealed.as_admin("SELECT salts FROM audit.seals WHERE customer_id = :customer AND number = 1")[0]
    await erase_all(sealed, sealed.sites[1])
    (after,) = sealed.as_admin("SELECT salts FROM audit.seals WHERE customer_id = :customer AND number = 1")[0]
    old, new = ([bytes(salts)[n : n + 16] for n in range(0, len(salts), 16)] for salts in (before, after))
    assert len([salt for salt in old if salt not in new]) == 4
    assert len([salt for salt in new if salt not in old]) == 4
    assert len({salt for salt in new if salt not in old}) == 1, "the id of the erasure"


async def test_what_an_erasure_leaves_is_still_proven(sealed: Chain) -> None:
    await erase_all(sealed, sealed.sites[1])
    sealed.as_admin("UPDATE audit.events SET fields = '[\"price\"]' WHERE customer_id = :customer AND thing_id = :id", id=sealed.sites[1])
    assert await sealed.problem() == "it was altered"


@pytest.mark.parametrize(
    "sql",
    [
        'UPDATE audit.versions SET payload = \'{"name": "a lie"}\' WHERE customer_id = :customer AND thing_id = :id',
        "UPDATE audit.versions SET actor_name = 'Mallory' WHERE customer_id = :customer AND thing_id = :id",
        "UPDATE audit.events SET label = 'a lie' WHERE customer_id = :customer AND thing_id = :id",
        (
            "UPDATE audit.change_sets SET reason = 'a lie' WHERE customer_id = :customer AND id = (SELECT change_set_id FROM audit.events "
            "WHERE customer_id = :customer AND thing_id = :id LIMIT 1)"
        ),
        "UPDATE audit.versions SET payload = '{\"digests\": {}}' WHERE customer_id = :customer AND thing_type = 'erasure' AND :id = :id",
        "UPDATE audit.change_sets SET actor_kind = 'person' WHERE customer_id = :customer AND verb = 'erase' AND :id = :id",
    ],
)
async def test_nothing_can_be_put_in_the_place_of_what_was_erased(sealed: Chain, sql: str) -> None:
    await erase_all(sealed, sealed.sites[1])
    await sealed.seal()
    assert sealed.as_admin(sql, id=sealed.sites[1]) > 0
    assert await sealed.problem() == "it was altered"


async def test_an_erasure_that_nobody_recorded_is_tampering(sealed: Chain) -> None:
    values = {"id": sealed.sites[1], "erased": ERASED}
    sealed.as_admin("UPDATE audit.versions SET payload = '{}' WHERE customer_id = :customer AND thing_id = :id", **values)
    sealed.as_admin("UPDATE audit.events SET label = :erased WHERE customer_id = :customer AND thing_id = :id", **values)
    assert await sealed.problem() == "it was altered"


async def test_erasing_again_changes_nothing(sealed: Chain) -> None:
    await erase_all(sealed, sealed.sites[1])
    before = everything_said(sealed)
    await erase_all(sealed, sealed.sites[1])
    assert everything_said(sealed) == before


async def test_names_and_content_are_erased_one_by_one(sealed: Chain) -> None:
    office = sealed.backoffice.of(sealed.customer_id)
    await office.run(OPERATOR, "erase", lambda work: erase(work, contents=[(sealed.sites[1], 2)]))
    assert await sealed.problem() == ""
    await office.run(OPERATOR, "erase", lambda work: erase(work, acts=[act_of(sealed, sealed.sites[1])]))
    assert await sealed.problem() == ""
    ((payload,),) = sealed.as_admin(
        "SELECT payload FROM audit.versions WHERE customer_id = :customer AND thing_id = :id AND version = 1", id=sealed.sites[1]
    )
    assert payload["name"] == SECRET


async def test_what_is_not_sealed_yet_is_not_erased(chain: Chain) -> None:
    await chain.write()
    contents = [(chain.sites[0], 1)]
    with pytest.raises(Conflict, match="agoat audit seal"):
        await chain.backoffice.of(chain.customer_id).run(OPERATOR, "erase", lambda work: erase(work, contents=contents))


async def test_only_the_operator_erases(sealed: Chain) -> None:
    async def act(work: Work) -> int:
        return await erase(work, contents=[(sealed.sites[1], 1)])

    with pytest.raises(Forbidden):
        await sealed.backoffice.of(sealed.customer_id).run(system("somebody"), "erase", act)
