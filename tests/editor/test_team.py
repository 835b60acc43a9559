"""Who belongs to a customer."""

import pytest

from tests.editor.conftest import SignIn


async def test_an_owner_sees_everybody_with_their_roles(signed_in: SignIn) -> None:
    page = await (await signed_in("Olga")).get("/c/acme/team")
    rows = {sub.text: row for row in page.root.all("tr") for sub in row.all("span") if sub["class"] == "sub meta"}
    assert {"olga@console.example", "rhea@console.example"} <= set(rows)
    assert "mara@console.example" not in page.html
    assert "Reader" in rows["rhea@console.example"].text
    assert ", you" in rows["olga@console.example"].text


@pytest.mark.parametrize("name", ["Edda", "Aart", "Rhea"])
async def test_nobody_else_sees_the_addresses_of_colleagues(signed_in: SignIn, name: str) -> None:
    page = await (await signed_in(name)).get("/c/acme/team")
    assert page.status == 403
    assert "olga@" not in page.html
