"""Lists that go on: by signed cursors, in both directions, and only with cursors of their own."""

import re
from datetime import UTC, datetime

import pytest

from tests.public.visiting import House, hrefs
from tests.publishing.markup import parse
from tests.publishing.page_rules import link, meta


async def listed(house: House, path: str) -> tuple[list[int], str | None, str | None]:
    """The numbers of the posts on a page of a list, and the addresses of the newer and the older ones."""
    page = parse(await house.text(path))
    titles = (re.fullmatch(r"/posts/number-(\d+)/", address) for address in hrefs(page))
    return list(dict.fromkeys(int(x[1]) for x in titles if x)), link(page, "prev"), link(page, "next")


async def pages_of(house: House, path: str) -> list[list[int]]:
    """The pages of a list from its first to its last."""
    found, older = [], path
    while older:
        numbers, _, older = await listed(house, older)
        found.append(numbers)
        assert len(found) < 20
    return found


@pytest.fixture
async def seven(house: House) -> House:
    """Seven posts with a tag, two on a page."""
    await house.settings(settings={"posts_per_page": 2})
    await house.numbered(7, tags=("t",))
    return house


@pytest.mark.parametrize("path", ["/posts/", "/tags/t/"])
async def test_a_list_goes_on_to_the_oldest_post_without_gap_or_repetition(seven: House, path: str) -> None:
    assert await pages_of(seven, path) == [[7, 6], [5, 4], [3, 2], [1]]


async def test_the_way_back_ends_at_the_plain_address(seven: House) -> None:
    older = [(await listed(seven, "/posts/"))[2]]
    while (following := (await listed(seven, older[-1]))[2]) is not None:
        older.append(following)
    numbers, newer, _ = await listed(seven, older[-1])
    back = [numbers]
    while newer:
        address = newer
        numbers, newer, _ = await listed(seven, newer)
        back.append(numbers)
    assert back == [[1], [3, 2], [5, 4], [7, 6]]
    assert address == "/posts/"


async def test_only_the_first_page_of_a_list_is_indexed(seven: House) -> None:
    first = parse(await seven.text("/posts/"))
    older = link(first, "next")
    assert "robots" not in meta(first)
    assert meta(parse(await seven.text(older)))["robots"] == "noindex,follow"


async def test_posts_of_one_moment_are_all_listed(house: House) -> None:
    await house.settings(settings={"posts_per_page": 2})
    for number in range(1, 6):
        await house.post(f"Number {number}", slug=f"number-{number}", published_at=datetime(2026, 1, 1, tzinfo=UTC))
    found = [number for page in await pages_of(house, "/posts/") for number in page]
    assert sorted(found) == [1, 2, 3, 4, 5]


async def test_a_new_post_shifts_no_page_that_somebody_reads_on(seven: House) -> None:
    older = (await listed(seven, "/posts/"))[2]
    before = (await listed(seven, older))[0]
    await seven.post("Number 8", slug="number-8")
    assert (await listed(seven, older))[0] == before


async def test_a_cursor_outlives_the_post_that_it_stands_at(seven: House) -> None:
    older = (await listed(seven, "/posts/"))[2]
    gone = await seven.draft("x", slug="x")
    await seven.trash(gone)
    for number in (5, 4, 3, 2, 1):
        await seven.unpublish(await post_id(seven, number))
    page = parse(await seven.text(older))
    assert (link(page, "prev"), link(page, "next")) == ("/posts/", None)


async def post_id(house: House, number: int):
    feed = (await house.get("/feed.json")).json()
    return next(item["id"].removeprefix("urn:uuid:") for item in feed["items"] if item["title"] == f"Number {number}")


async def cursor_of(house: House, path: str) -> str:
    return (await listed(house, path))[2].partition("=")[2]


async def test_a_cursor_is_good_for_one_list_of_one_site(seven: House, neighbour: House) -> None:
    await neighbour.settings(settings={"posts_per_page": 2})
    await neighbour.numbered(5, tags=("t",))
    posts, tag, foreign = await cursor_of(seven, "/posts/"), await cursor_of(seven, "/tags/t/"), await cursor_of(neighbour, "/posts/")
    usual = (await seven.get("/nowhere/")).content
    for path in (f"/posts/?before={tag}", f"/posts/?after={foreign}", f"/tags/t/?before={posts}", f"/products/?before={posts}"):
        answer = await seven.get(path)
        assert (answer.status_code, answer.content) == (404, usual), path
    assert (await seven.get(f"/posts/?before={posts}")).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda cursor: "",
        lambda cursor: "x",
        lambda cursor: cursor[:-2],
        lambda cursor: ("B" if cursor[0] == "A" else "A") + cursor[1:],
        lambda cursor: cursor + "A" * 3000,
        lambda cursor: "%00%ff",
        lambda cursor: f"{cursor}&after={cursor}",
        lambda cursor: f"{cursor}&before={cursor}",
    ],
)
async def test_a_bad_cursor_is_a_page_that_does_not_exist(seven: House, change) -> None:
    answer = await seven.get(f"/posts/?before={change(await cursor_of(seven, '/posts/'))}")
    assert answer.status_code == 404


async def test_the_feed_has_the_newest_posts_whole_and_goes_on(house: House) -> None:
    await house.numbered(22, body_source='<p>All of it, <a href="/about/">here</a>.</p>')
    answer = await house.get("/feed.json")
    feed = answer.json()
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    assert [item["title"] for item in feed["items"]] == [f"Number {n}" for n in range(22, 2, -1)]
    origin = f"http://{house.visitor.host}:8000"
    assert feed["items"][0]["content_html"] == f'<p>All of it, <a href="{origin}/about/">here</a>.</p>'
    assert feed["feed_url"] == f"{origin}/feed.json"
    more = (await house.get(feed["next_url"].removeprefix(origin))).json()
    assert [item["title"] for item in more["items"]] == ["Number 2", "Number 1"]
    assert "next_url" not in more


async def test_products_go_on_after_a_page(house: House) -> None:
    for number in range(26):
        await house.product(f"Thing {number}", published_at=datetime(2026, 1, 1 + number, tzinfo=UTC))
    first = parse(await house.text("/products/"))
    second = parse(await house.text(link(first, "next")))
    things = [{x for x in hrefs(page) if x.startswith("/products/thing-")} for page in (first, second)]
    assert [len(x) for x in things] == [24, 2]
    assert not things[0] & things[1]
    assert [("products" in page.identified("main").text) for page in (first, second)] == [False, False], "nobody has counted them"
