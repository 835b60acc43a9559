"""Within one customer: wholesale prices for those who may see them, drafts for nobody outside, secrets nowhere."""

import pytest

from app.web.tokens import decode
from tests.routes.askers import PASSWORD, Asker
from tests.routes.canaries import Catch, Detector, spellings
from tests.routes.conftest import SECRET
from tests.routes.doors import Doors
from tests.routes.houses import UNDISCLOSED, WHOLESALE, House
from tests.routes.sweeping import SWEEPERS, Swept, pages_of

WITHOUT_WHOLESALE = ("nobody: ", "reader: ", "author: ", "k-right: ")


def test_wholesale_prices_are_seen_by_those_who_may_and_by_nobody_else(swept: Swept) -> None:
    detector = Detector(*spellings(WHOLESALE))
    seen = detector.where(swept.caught)
    assert [name for name in seen if name.startswith(WITHOUT_WHOLESALE)] == []
    assert {name.partition(":")[0] for name in seen} == {"owner"}
    assert any("/products/{product_id}" in name for name in seen)


async def test_drafts_are_in_nothing_public(doors: Doors, ours: House, swept: Swept) -> None:
    detector = Detector(UNDISCLOSED)
    site = await pages_of(doors, ours)
    site.things += [(name, raw) for name, raw in swept.caught.things if ": public GET" in name]
    # A preview is for whoever has its address, which nobody is told but the people of the customer.
    assert [name for name in detector.where(site) if "/-/preview/{path}" not in name] == []
    assert [name for name in detector.where(swept.caught) if name.startswith("nobody: ") and "/-/preview/{path}" not in name] == []
    assert any(name.startswith("reader: ") for name in detector.where(swept.caught))


def secrets_of(askers: dict[str, Asker], addresses: dict[str, str]) -> list[str]:
    """Everything that opens something."""
    programs = [asker.secret_for(None) for asker in askers.values() if asker.secret_for]
    sessions = [asker.session for asker in askers.values() if asker.session]
    passwords = [url.partition("://")[2].partition("@")[0].partition(":")[2] for url in addresses.values()]
    return [PASSWORD, SECRET, *programs, *sessions, *(password for password in passwords if password)]


def test_no_secret_stands_on_a_page_or_in_a_log(askers: dict[str, Asker], addresses: dict[str, str], swept: Swept) -> None:
    detector = Detector(*secrets_of(askers, addresses))
    assert detector.where(swept.caught) == []
    assert [line for line in swept.lines if detector.finds(line.encode())] == []
    assert len(secrets_of(askers, addresses)) > 15


def test_addresses_that_open_something_are_not_logged(ours: House, swept: Swept) -> None:
    token = ours.kept["preview"].split("/")[3]
    assert decode(token) != b""
    assert [line for line in swept.lines if token in line] == []
    opened = [line for line in swept.lines if "/-/preview/" in line or "/set-password/" in line]
    assert len(opened) > len(SWEEPERS)
    assert [line for line in opened if "[removed]" not in line] == []


def test_hashes_of_passwords_are_shown_to_nobody(swept: Swept) -> None:
    detector = Detector("$argon2")
    assert detector.where(swept.caught) == []
    assert [line for line in swept.lines if detector.finds(line.encode())] == []


@pytest.mark.parametrize("asker", SWEEPERS)
def test_the_sweep_has_asked_at_every_door(swept: Swept, asker: str) -> None:
    got = [name for name, _ in swept.caught.things if name.startswith(f"{asker}: ")]
    assert {name.split(" ")[1] for name in got} == {"console", "api", "public", "ops"}
    assert isinstance(swept.caught, Catch)
