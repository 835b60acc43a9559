"""Who is let in: every operation with a key, without one, without its scope, and with somebody else's ids."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.api import OPERATIONS
from app.api.operations import Operation
from app.db.database import Tenancy
from app.identity.access import RULES, SCOPES, Act
from app.identity.actions import CreateKey, create_key, revoke_key
from app.identity.credentials import new_key
from app.identity.repository import API_KEYS
from tests.api.client import Client, product
from tests.api.conftest import KeyMaker
from tests.cast import OPERATOR, Cast

BODIES = {
    "PostInput": {"title": "x"},
    "PostPatch": {"title": "x"},
    "ProductInput": {"title": "x", "lang": "en"},
    "ProductPatch": {"title": "x"},
    "OffersInput": {"offers": [{"sku": "x", "on_hand": 1}]},
    "RestorePost": {"version": 1},
    "RestoreProduct": {"version": 1},
    "Nothing": {},
}
ON_THINGS = [operation for operation in OPERATIONS if "{id}" in operation.path]


def name(operation: Operation) -> str:
    return operation.id


def address(operation: Operation, thing_id: object = "00000000-0000-4000-8000-000000000000") -> str:
    return operation.path.replace("{id}", str(thing_id)).replace("{n}", "1")


async def send(api: Client, operation: Operation, thing_id: object = "00000000-0000-4000-8000-000000000000"):
    body = BODIES.get(operation.body.__name__, {"title": "x"}) if operation.body else None
    return await api.send(operation.method, address(operation, thing_id), body, if_match="*")


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
async def test_without_a_key_nobody_is_let_in(anonymous: Client, operation: Operation) -> None:
    refused = await send(anonymous, operation)
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")
    assert refused.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
async def test_without_the_scope_the_refusal_names_it(with_key: KeyMaker, operation: Operation) -> None:
    useful = {scope for act in operation.acts for scope in RULES[act].scopes}
    refused = await send(await with_key(*(set(SCOPES) - useful)), operation)
    assert refused.status_code == 403
    assert set(refused.json()["needs"].removeprefix("scopes ").removeprefix("scope ").split(" and ")) <= useful


def test_every_operation_needs_scopes_that_exist() -> None:
    assert all(operation.acts for operation in OPERATIONS)
    assert {scope for operation in OPERATIONS for act in operation.acts for scope in RULES[act].scopes} <= set(SCOPES)
    assert all(RULES[act].scopes for operation in OPERATIONS for act in operation.acts)


def test_what_changes_something_never_needs_a_scope_to_read_only() -> None:
    reads = {Act.READ_CONTENT, Act.READ_PRODUCTS, Act.READ_MEDIA, Act.READ_CHANGES, Act.READ_AUDIT}
    assert [operation.id for operation in OPERATIONS if operation.is_safe != (set(operation.acts) <= reads)] == []


@pytest.mark.parametrize("operation", ON_THINGS, ids=name)
async def test_a_strangers_thing_is_as_absent_as_one_that_never_was(
    acme_api: Client, globex_api: Client, cast: Cast, unique: str, operation: Operation
) -> None:
    kind = operation.path.split("/")[1]
    if kind == "sites":
        strangers = cast.globex_site
    else:
        body = product(unique) if kind == "products" else {"site_id": str(cast.globex_site), "title": unique}
        strangers = (await globex_api.post(f"/{kind}", body)).json()["id"]
    theirs, nobodys = await send(acme_api, operation, strangers), await send(acme_api, operation, uuid4())
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert (theirs.content, theirs.headers["content-type"]) == (nobodys.content, "application/problem+json")
    no_id = await send(acme_api, operation, "no-id")
    assert (no_id.status_code, no_id.content) == (404, theirs.content)


@pytest.mark.parametrize("operation", [operation for operation in OPERATIONS if operation.changes], ids=name)
async def test_a_wrong_tag_does_not_turn_absence_into_412(acme_api: Client, operation: Operation) -> None:
    body = BODIES[operation.body.__name__] if operation.body else None
    for tag in ('"v1"', '"nonsense"'):
        assert (await acme_api.send(operation.method, address(operation), body, if_match=tag)).status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer agoat_" + "x" * 42, "agoat_x"])
async def test_a_malformed_key_is_refused(anonymous: Client, header: str) -> None:
    refused = await anonymous.get("/posts", authorization=header)
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")


async def test_a_key_that_nobody_made_is_refused(anonymous: Client) -> None:
    assert (await anonymous.get("/posts", authorization=f"Bearer {new_key()}")).status_code == 401


async def test_a_revoked_key_ends_at_once(tenancy: Tenancy, with_key: KeyMaker, cast: Cast) -> None:
    api = await with_key("content:read")
    assert (await api.get("/posts")).status_code == 200
    await tenancy.of(cast.acme).run(OPERATOR, "revoke", lambda work: revoke_key(work, OPERATOR, api.key_id))
    refused = await api.get("/posts")
    assert (refused.status_code, refused.json()["title"]) == (401, "Unauthorized")


async def test_an_expired_key_is_refused(tenancy: Tenancy, anonymous: Client, cast: Cast) -> None:
    request = CreateKey(name="short", scopes=("content:read",), expires_at=datetime.now(UTC) + timedelta(hours=1))
    made = await tenancy.of(cast.acme).run(OPERATOR, "create key", lambda work: create_key(work, OPERATOR, request))
    said = {"authorization": f"Bearer {made.secret}"}
    assert (await anonymous.get("/posts", **said)).status_code == 200

    async def age(work) -> None:
        await API_KEYS.change(work, await API_KEYS.get(work, made.id), {"expires_at": work.now - timedelta(seconds=1)}, expect=None)

    await tenancy.of(cast.acme).run(OPERATOR, "age", age)
    assert (await anonymous.get("/posts", **said)).status_code == 401


def test_no_two_operations_share_a_method_of_an_address() -> None:
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == len(OPERATIONS)
