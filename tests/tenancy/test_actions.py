"""Customers, sites and domains."""

import pytest

from app.db.database import Shared, Tenancy, TenantDatabase
from app.errors import Conflict, Invalid, NotFound, Taken
from app.tenancy import repository
from app.tenancy.actions import CreateSite, add_domain, create_site, free_built_in_host, remove_domain, set_customer_state
from tests.cast import OPERATOR, Cast, make_customer


async def test_a_host_leads_to_its_site_and_customer(directory: Shared, cast: Cast) -> None:
    entry = await directory.read(lambda session: repository.find_host(session, "acme.localhost"))
    assert entry is not None
    assert (entry.customer_id, entry.site_id, entry.is_primary, entry.state) == (cast.acme, cast.acme_site, True, "live")
    assert await directory.read(lambda session: repository.find_host(session, "nobody.localhost")) is None


async def test_a_further_domain_becomes_primary_and_goes_again(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    host = f"{unique}.example.org"
    await acme.run(cast.alice, "add domain", lambda work: add_domain(work, cast.alice, cast.acme_site, host.upper(), is_primary=True))
    domains = await acme.read(lambda reading: repository.domains_of_site(reading, cast.acme_site))
    assert [domain.host for domain in domains if domain.is_primary] == [host]
    with pytest.raises(Taken):
        await acme.run(cast.alice, "add domain", lambda work: add_domain(work, cast.alice, cast.acme_site, host))
    await acme.run(cast.alice, "remove domain", lambda work: remove_domain(work, cast.alice, cast.acme_site, host))
    domains = await acme.read(lambda reading: repository.domains_of_site(reading, cast.acme_site))
    assert [domain.host for domain in domains if domain.is_primary] == ["acme.localhost"]


async def test_the_built_in_address_stays(acme: TenantDatabase, cast: Cast) -> None:
    with pytest.raises(Conflict):
        await acme.run(cast.alice, "remove domain", lambda work: remove_domain(work, cast.alice, cast.acme_site, "acme.localhost"))
    with pytest.raises(NotFound):
        await acme.run(cast.alice, "remove domain", lambda work: remove_domain(work, cast.alice, cast.acme_site, "globex.localhost"))


async def test_a_host_of_another_customer_is_not_given_twice(acme: TenantDatabase, cast: Cast) -> None:
    with pytest.raises(Conflict) as caught:
        await acme.run(cast.alice, "add domain", lambda work: add_domain(work, cast.alice, cast.acme_site, "globex.localhost"))
    assert "globex" not in caught.value.detail


async def test_a_free_built_in_address_is_offered(directory: Shared, cast: Cast) -> None:
    assert await free_built_in_host(directory, "acme", "other", "localhost") == "acme-other.localhost"


async def test_a_customer_is_suspended_and_resumed_with_history(backoffice: Tenancy, directory: Shared, unique: str) -> None:
    customer_id, _ = await make_customer(backoffice, unique)
    database = backoffice.of(customer_id)
    await database.run(OPERATOR, "suspend", lambda work: set_customer_state(work, OPERATOR, "suspended"))
    entry = await directory.read(lambda session: repository.find_host(session, f"{unique}.localhost"))
    assert entry is not None
    assert entry.customer_state == "suspended"
    with pytest.raises(Invalid):
        await database.run(OPERATOR, "change state", lambda work: set_customer_state(work, OPERATOR, "sleeping"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"currency": "euro"}, "currency"),
        ({"languages": ()}, "languages"),
        ({"slug": "a b"}, "slug"),
    ],
)
async def test_what_a_site_cannot_be_is_named(acme: TenantDatabase, cast: Cast, unique: str, changes: dict, field: str) -> None:
    request = CreateSite(**({"slug": unique, "name": "Site", "host": f"{unique}.localhost"} | changes))
    with pytest.raises(Invalid) as caught:
        await acme.run(cast.alice, "create site", lambda work: create_site(work, cast.alice, request))
    assert field in caught.value.fields
