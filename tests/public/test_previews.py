"""Previews: a version before it is published, for whoever has the address, for seven days, and for nobody else."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.web.previews import Preview, bound_to
from app.web.tokens import sign
from tests.public.conftest import Builder
from tests.public.visiting import House, crawl, hrefs, lasting
from tests.publishing.markup import parse
from tests.publishing.page_rules import broken_rules, link, meta


def base_of(path: str) -> str:
    """`/-/preview/<token>`."""
    return "/".join(path.split("/")[:4])


async def test_a_draft_is_seen_in_its_preview_and_nowhere_else(house: House) -> None:
    draft = await house.draft("Coming soon", slug="coming-soon", tags=("news",))
    path = await house.preview(draft)
    assert path.endswith("/posts/coming-soon/")
    html = await house.text(path)
    assert broken_rules(html) == []
    assert [x.text for x in parse(html).all("h1")] == ["Coming soon"]
    assert (await house.get("/posts/coming-soon/")).status_code == 404


async def test_a_preview_says_what_it_is_and_is_kept_by_nobody(house: House) -> None:
    draft = await house.draft("Coming soon", slug="coming-soon")
    answer = await house.get(await house.preview(draft))
    said = {name: answer.headers.get(name) for name in ("cache-control", "referrer-policy", "x-robots-tag", "etag", "set-cookie")}
    assert said == {
        "cache-control": "private, no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
        "etag": None,
        "set-cookie": None,
    }
    page = parse(answer.text)
    assert meta(page)["robots"] == "noindex,nofollow"
    assert link(page, "canonical") is None
    banner = page.classed("preview")[0]
    assert hrefs(banner) == [f"http://console.localhost:8000/c/{house.slug}/s/{house.slug}/posts/{draft}"]


async def test_every_link_of_a_preview_stays_inside(house: House) -> None:
    await house.numbered(3, tags=("t",))
    await house.page("care")
    body = '<p><a href="/care/">care</a> <a href="https://example.org/">far</a></p>'
    path = await house.preview(await house.draft("Coming", slug="coming", tags=("t", "first of its tag"), body_source=body))
    found = await crawl(house, path)
    outside = {x for x in found if not x.startswith(base_of(path))}
    assert {x.status_code for x in found.values()} == {200}
    assert {x for x in outside if not x.endswith(".css")} == set()
    for wanted in ("/", "/care/", "/posts/number-1/", "/tags/t/", "/tags/first-of-its-tag/"):
        assert base_of(path) + wanted in found
    assert all(found[x].headers["cache-control"] == "private, no-store" for x in found if x not in outside)


async def test_a_preview_shows_its_version_whatever_is_saved_or_published_later(house: House) -> None:
    post = await house.post("First title", slug="same")
    path = await house.preview(post, version=1)
    await house.post("Second title", id=post, slug="same")
    assert "First title" in await house.text(path)
    assert "Second title" in await house.text("/posts/same/")


async def test_a_page_has_a_preview_too(house: House) -> None:
    await house.page("care")
    path = await house.preview(await house.draft("Poles", kind="page", slug="care/poles"))
    page = parse(await house.text(path))
    assert [x.attrs["href"] for x in page.classed("crumbs")[0].all("a")] == [f"{base_of(path)}/", f"{base_of(path)}/care/"]
    assert hrefs(page.classed("preview")[0])[0].split("/")[-2] == "pages"


async def test_the_first_draft_of_a_language_has_a_preview_with_a_home(build: Builder, unique: str) -> None:
    house = await build(unique, languages=("en", "de"))
    path = await house.preview(await house.draft("Bald", slug="bald", lang="de"))
    assert parse(await house.text(path)).children[1].attrs["lang"] == "de"
    assert {x.status_code for x in (await crawl(house, path)).values()} == {200}
    assert (await house.get("/de/")).status_code == 404


async def test_a_preview_ends_after_seven_days(house: House) -> None:
    draft = await house.draft("Coming soon")
    now = datetime.now(UTC)
    almost = await house.preview(draft, now=now - timedelta(days=7) + timedelta(minutes=1))
    over = await house.preview(draft, now=now - timedelta(days=7))
    assert (await house.get(almost)).status_code == 200
    assert lasting(await house.get(over)) == lasting(await house.get("/nowhere/"))


@pytest.mark.parametrize("place", [0, 10, 30, 60, -1])
async def test_an_altered_preview_never_was(house: House, place: int) -> None:
    path = await house.preview(await house.draft("Coming soon"))
    token = path.split("/")[3]
    usual = lasting(await house.get("/nowhere/"))
    for other in {"A", "B", "C", "D", "-"} - {token[place]}:
        letters = list(token)
        letters[place] = other
        assert lasting(await house.get(path.replace(token, "".join(letters)))) == usual
    for other in ("", token[:30], token + "A", token + "=", "%00"):
        assert lasting(await house.get(path.replace(token, other))) == usual


async def test_a_preview_of_what_is_gone_never_was(house: House) -> None:
    trashed, known = await house.draft("Gone", slug="gone"), await house.draft("Known", slug="known")
    path = await house.preview(trashed)
    await house.trash(trashed)
    usual = lasting(await house.get("/nowhere/"))
    assert lasting(await house.get(path)) == usual
    until, bound = datetime.now(UTC) + timedelta(days=1), bound_to(house.customer_id, house.site_id)
    for post_id, version, status in ((known, 99, 404), (uuid4(), 1, 404), (known, 1, 200)):
        token = sign(house.services.keys("preview"), bound, Preview(post_id, version, until))
        answer = await house.get(f"/-/preview/{token}/posts/known/")
        assert answer.status_code == status
        assert status == 200 or lasting(answer) == usual


async def test_inside_a_preview_addresses_behave_as_outside(house: House) -> None:
    path = await house.preview(await house.draft("Coming soon", slug="coming-soon"))
    base = base_of(path)
    for asked, leads in ((base, f"{base}/"), (path.rstrip("/"), path), (f"{base}/posts", f"{base}/posts/")):
        answer = await house.get(asked)
        assert (answer.status_code, answer.headers["location"]) == (308, leads)
        assert answer.headers["cache-control"] == "private, no-store"
    for nothing in ("/nowhere/", "/feed.json", "//x/", "/-/health"):
        answer = await house.get(base + nothing)
        assert (answer.status_code, answer.headers["x-robots-tag"]) == (404, "noindex"), nothing
