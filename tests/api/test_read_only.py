"""The API of a customer that takes no changes: reading goes on, changes are refused in words; a suspended customer's keys are none."""

from collections.abc import AsyncIterator

import pytest

from app.db.database import Tenancy
from app.tenancy.actions import set_customer_state
from tests.api.client import Client
from tests.cast import OPERATOR, Cast

STATES = {"read_only": 409, "suspended": 401}


@pytest.fixture(params=STATES)
async def state(request: pytest.FixtureRequest, backoffice: Tenancy, cast: Cast) -> AsyncIterator[str]:
    """Acme takes no changes for the length of a test."""
    for wanted in (request.param, "active"):
        await backoffice.of(cast.acme).run(OPERATOR, wanted, lambda work, wanted=wanted: set_customer_state(work, OPERATOR, wanted))
        if wanted != "active":
            yield wanted


async def test_a_change_is_refused_and_nothing_of_it_stays(acme_api: Client, cast: Cast, state: str, unique: str) -> None:
    body = {"site_id": str(cast.acme_site), "title": unique, "lang": "en"}
    for headers in ({}, {"idempotency_key": unique}):
        refused = await acme_api.post("/posts", body, **headers)
        assert refused.status_code == STATES[state]
    if state == "read_only":
        assert refused.json()["detail"] == "Acme is read-only at the moment, so nothing was saved. Ask the operator of this installation."
        listed = await acme_api.get(f"/posts?site_id={cast.acme_site}")
        assert (listed.status_code, unique in listed.text) == (200, False)
