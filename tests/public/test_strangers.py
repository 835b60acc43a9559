"""What belongs to another customer, or is hidden, looks exactly like what never was."""

import pytest

from tests.public.conftest import Builder
from tests.public.visiting import House, lasting


@pytest.fixture
async def stocked(neighbour: House) -> House:
    """The neighbour with one of everything."""
    await neighbour.post("Their secret", slug="their-secret", tags=("their-tag",))
    await neighbour.page("their-page")
    await neighbour.product("Their product")
    return neighbour


@pytest.mark.parametrize("path", ["/posts/their-secret/", "/their-page/", "/tags/their-tag/", "/products/their-product/"])
async def test_what_is_another_customers_never_was(house: House, stocked: House, path: str) -> None:
    await house.post("Ours")
    assert (await stocked.get(path)).status_code == 200
    for asked in (path, path.rstrip("/")):
        theirs = await house.get(asked)
        never = await house.get(asked.replace("their", "never"))
        assert theirs.status_code == 404
        assert lasting(theirs) == lasting(never)
        assert "their" not in theirs.text.lower()


async def test_another_customers_file_never_was(house: House, neighbour: House) -> None:
    url = await neighbour.upload("cup", b"their picture")
    assert (await neighbour.get(url)).status_code == 200
    assert lasting(await house.get(url)) == lasting(await house.get(f"/media/{'0' * 64}/never.bin"))


async def test_the_same_file_of_two_customers_is_served_to_each_by_its_own_name(house: House, neighbour: House) -> None:
    ours, theirs = await house.upload("ours", b"the same bytes"), await neighbour.upload("theirs", b"the same bytes")
    assert ours.split("/")[2] == theirs.split("/")[2]
    assert (await house.get(ours)).status_code == 200
    assert (await house.get(theirs)).status_code == 404


async def test_another_sites_preview_never_was(house: House, neighbour: House) -> None:
    path = await neighbour.preview(await neighbour.draft("Their draft"))
    assert (await neighbour.get(path)).status_code == 200
    assert lasting(await house.get(path)) == lasting(await house.get("/-/preview/never/"))


async def test_another_sites_stylesheet_never_was(house: House, build: Builder) -> None:
    red = await build(f"{house.slug}-red", theme_settings={"accent": "#ff0000"})
    style = next(part for part in (await red.text("/")).split('"') if part.startswith("/-/theme-"))
    assert (await red.get(style)).status_code == 200
    assert lasting(await house.get(style)) == lasting(await house.get("/-/theme-0000000000.css"))


async def test_two_sites_of_one_customer_share_no_posts(house: House) -> None:
    second = await house.second_site()
    await second.post("Elsewhere", slug="elsewhere", tags=("elsewhere",))
    path = await second.preview(await second.draft("Draft"))
    assert (await second.get("/posts/elsewhere/")).status_code == 200
    for asked in ("/posts/elsewhere/", "/tags/elsewhere/", path):
        assert lasting(await house.get(asked)) == lasting(await house.get("/never/")), asked
    assert "Elsewhere" not in await house.text("/")


async def test_products_are_seen_on_their_own_sites_only(house: House) -> None:
    second = await house.second_site()
    await house.product("Everywhere")
    await house.product("Only there", sites=(second.site_id,))
    assert ("Only there" in await house.text("/products/"), "Only there" in await second.text("/products/")) == (False, True)
    assert [(await x.get("/products/only-there/")).status_code for x in (house, second)] == [404, 200]
    assert (await house.text("/products/")).count("<h2") == 1
