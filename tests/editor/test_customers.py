"""Where one may go: customers, sites, and the overview."""

from uuid import UUID

import pytest

from app.identity.actions import set_role
from app.tenancy.actions import CreateSite, create_site, set_customer_state
from tests.cast import OPERATOR, make_customer
from tests.editor.acting import POSTS, SITE, publish, write
from tests.editor.browser import PASSWORD, Browser, Person
from tests.editor.conftest import SignIn


@pytest.fixture
async def newcomer(services, unique: str) -> Person:
    """Somebody who belongs to nobody yet."""
    user = await services.people.create_person(f"{unique}@console.example", "Nele Newcomer")
    await services.people.use_link(await services.people.create_link(user.id, "first_password"), PASSWORD)
    return Person(user.name, user.email, user.id)


async def add_site(backoffice, customer: UUID, slug: str) -> UUID:
    """One more site of a customer."""
    request = CreateSite(slug=slug, name=f"Site {slug}", host=f"{slug}.localhost", timezone="Europe/Berlin")
    return (await backoffice.of(customer).run(OPERATOR, "create site", lambda work: create_site(work, OPERATOR, request))).id


async def join(backoffice, customer: UUID, person: Person, role, site_id: UUID | None = None) -> None:
    """Make somebody a member."""
    await backoffice.of(customer).run(OPERATOR, "add member", lambda work: set_role(work, OPERATOR, person.id, role, site_id))


async def test_whoever_belongs_to_nobody_is_told_so(browser: Browser, newcomer: Person) -> None:
    page = await browser.sign_in(newcomer)
    assert "You belong to no customer" in page.text


async def test_two_customers_are_both_offered(browser: Browser, newcomer: Person, backoffice, unique: str) -> None:
    first, _ = await make_customer(backoffice, f"{unique}-a")
    second, _ = await make_customer(backoffice, f"{unique}-b")
    await join(backoffice, first, newcomer, "owner")
    await join(backoffice, second, newcomer, "reader")
    page = await browser.sign_in(newcomer)
    assert {f"/c/{unique}-a", f"/c/{unique}-b", f"/c/{unique}-a/s/{unique}-a"} <= set(page.links())
    inside = await browser.get(f"/c/{unique}-a")
    assert f"/c/{unique}-b" in inside.links()


async def test_a_customer_with_one_site_opens_its_overview(
    signed_in: SignIn, browser: Browser, newcomer: Person, backoffice, unique: str
) -> None:
    customer, _ = await make_customer(backoffice, unique)
    await join(backoffice, customer, newcomer, "owner")
    await browser.sign_in(newcomer)
    assert (await browser.get(f"/c/{unique}")).path == f"/c/{unique}/s/{unique}"
    await add_site(backoffice, customer, f"{unique}-two")
    page = await browser.get(f"/c/{unique}")
    assert page.path == f"/c/{unique}"
    assert f"/c/{unique}/s/{unique}-two" in page.links()


async def test_a_member_of_one_site_sees_no_other_and_no_catalogue(browser: Browser, newcomer: Person, backoffice, unique: str) -> None:
    customer, _ = await make_customer(backoffice, unique)
    own = await add_site(backoffice, customer, f"{unique}-own")
    await join(backoffice, customer, newcomer, "owner", own)
    await browser.sign_in(newcomer)
    page = await browser.get(f"/c/{unique}")
    assert page.path == f"/c/{unique}/s/{unique}-own"
    assert not {f"/c/{unique}/products", f"/c/{unique}/team", f"/c/{unique}/s/{unique}"} & set(page.links())
    assert (await browser.get(f"/c/{unique}/s/{unique}")).status == 404
    assert (await browser.get(f"/c/{unique}/s/{unique}/posts")).status == 404
    for screen in ("products", "team", "keys", "audit"):
        assert (await browser.get(f"/c/{unique}/{screen}")).status == 403, screen


async def test_the_overview_shows_what_waits_and_what_is_live(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, f"{unique} live")
    await publish(browser, page.path)
    waiting = await write(browser, f"{unique} waiting")
    await browser.send(await publish(browser, waiting.path), waiting.path, body="Later.")
    overview = await browser.get(SITE)
    assert f"“{unique} waiting” has edits that are not published" in overview.text
    assert f"http://acme.localhost:8000/posts/{unique}-live/" in overview.links()
    assert "http://acme.localhost:8000/" in overview.links()
    assert f"{POSTS}/new" in overview.links()


async def test_a_reader_is_offered_nothing_that_would_be_refused(signed_in: SignIn) -> None:
    reader = await signed_in("Rhea")
    overview = await reader.get(SITE)
    assert f"{POSTS}/new" not in overview.links()
    offered = [link for link in overview.links() if link.startswith("/c/")]
    assert {(await reader.get(link)).status for link in offered} == {200}


async def test_an_archived_customer_is_gone(browser: Browser, newcomer: Person, backoffice, unique: str) -> None:
    customer, _ = await make_customer(backoffice, unique)
    await join(backoffice, customer, newcomer, "owner")
    await backoffice.of(customer).run(OPERATOR, "archive", lambda work: set_customer_state(work, OPERATOR, "archived"))
    page = await browser.sign_in(newcomer)
    assert f"/c/{unique}" not in page.links()
    gone = await browser.get(f"/c/{unique}")
    assert (gone.status, gone.heading) == (410, "This is gone")


async def test_the_front_door_leads_in(signed_in: SignIn) -> None:
    assert (await (await signed_in("Olga")).get("/")).path == "/c/"
