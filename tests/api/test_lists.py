"""Lists: keyset pages, cursors, and what is read and not written here."""

import asyncio
from uuid import UUID, uuid4

import pytest

from app.catalog.actions import save_category
from app.catalog.requests import SaveCategory
from app.content.actions import save_menu
from app.content.requests import SaveMenu
from app.db.database import TenantDatabase
from app.document.snapshots import MenuItem
from app.media.models import Media, Rendition
from app.media.repository import MEDIA
from tests.api.client import Client, product
from tests.api.conftest import KeyMaker
from tests.cast import OPERATOR, Cast

LISTS = ["posts", "pages", "products", "sites", "tags", "categories", "media", "menus", "audit", "changes"]


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_has_items_a_tag_and_is_answered_304_when_unchanged(fresh: tuple[UUID, UUID, Client], name: str) -> None:
    _, _, api = fresh
    page = await api.get(f"/{name}")
    assert page.status_code == 200
    assert isinstance(page.json()["items"], list)
    assert page.headers["cache-control"] == "no-store"
    same = await api.get(f"/{name}", if_none_match=page.headers["etag"])
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", page.headers["etag"])


async def test_a_walk_while_others_write_has_neither_duplicates_nor_gaps(fresh: tuple[UUID, UUID, Client], unique: str) -> None:
    _, site_id, api = fresh

    async def add(n: int) -> str:
        return (await api.post("/posts", {"site_id": str(site_id), "title": f"{unique} {n}"})).json()["id"]

    there = [await add(n) for n in range(15)]
    doomed = [await add(n) for n in range(15, 20)]
    seen: list[str] = []
    writers: list[asyncio.Task] = []
    async for item in api.walk("/posts?limit=4"):
        seen.append(item["id"])
        if len(seen) % 4 == 1:
            writers.append(asyncio.create_task(add(100 + len(seen))))
            writers.append(asyncio.create_task(api.patch(f"/posts/{there[len(seen) % 15]}", {"summary": "x"}, if_match="*")))
            if doomed:
                writers.append(asyncio.create_task(api.delete(f"/posts/{doomed.pop()}", if_match="*")))
    await asyncio.gather(*writers)
    assert len(seen) == len(set(seen))
    assert set(there) <= set(seen)


async def test_products_are_walked_page_by_page(fresh: tuple[UUID, UUID, Client], unique: str) -> None:
    _, _, api = fresh
    made = [(await api.post("/products", product(f"{unique}{n}"))).json()["id"] for n in range(7)]
    pages = [await api.get("/products?limit=3")]
    while pages[-1].json()["next"]:
        assert pages[-1].links["next"]["url"].startswith("/api/v1/products?")
        pages.append(await api.get(f"/products?limit=3&cursor={pages[-1].json()['next']}"))
    assert "next" not in pages[-1].links
    assert [len(page.json()["items"]) for page in pages] == [3, 3, 1]
    assert sorted(made) == [item["id"] for page in pages for item in page.json()["items"]]
    assert "body_source" not in pages[0].json()["items"][0]


async def test_a_full_last_page_has_no_next(fresh: tuple[UUID, UUID, Client], unique: str) -> None:
    _, _, api = fresh
    for n in range(2):
        await api.post("/products", product(f"{unique}{n}"))
    page = await api.get("/products?limit=2")
    assert (len(page.json()["items"]), page.json()["next"]) == (2, None)


async def test_a_cursor_serves_its_own_list_filter_and_customer_only(
    fresh: tuple[UUID, UUID, Client], acme_api: Client, cast: Cast, unique: str
) -> None:
    _, site_id, api = fresh
    for n in range(2):
        await api.post("/posts", {"site_id": str(site_id), "title": f"{unique}{n}"})
        await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": f"{unique}{n}"})
    cursor = (await api.get("/posts?limit=1")).json()["next"]
    assert (await api.get(f"/posts?limit=50&cursor={cursor}")).status_code == 200
    strange = [
        await acme_api.get(f"/posts?cursor={cursor}"),
        await api.get(f"/pages?cursor={cursor}"),
        await api.get(f"/posts?cursor={cursor}&site_id={site_id}"),
        await api.get(f"/posts?cursor={cursor[:-1]}"),
        await api.get(f"/posts?cursor={'A' if cursor[0] != 'A' else 'B'}{cursor[1:]}"),
        await api.get("/posts?cursor="),
        await api.get("/posts?cursor=%00"),
        await api.get("/posts?cursor=näh"),
        await api.get(f"/posts?cursor={'x' * 2001}"),
        await api.get("/audit?cursor=abc"),
    ]
    for answer in strange:
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert answer.json()["detail"] == strange[0].json()["detail"]


SIZES = ["0", "201", "-1", "x", "1.5", "", "9" * 30, "1&limit=2"]


@pytest.mark.parametrize("query", [*(f"limit={size}" for size in SIZES), "lmit=5", "site_id=mine", "offset=3"])
async def test_a_parameter_that_cannot_be_is_refused(acme_api: Client, query: str) -> None:
    answer = await acme_api.get(f"/posts?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


async def test_posts_are_limited_to_a_site_and_a_strangers_site_has_none(acme_api: Client, cast: Cast, unique: str) -> None:
    made = (await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": unique})).json()
    mine = [item["id"] async for item in acme_api.walk(f"/posts?site_id={cast.acme_site}&limit=200")]
    assert made["id"] in mine
    strangers, nobodys = await acme_api.get(f"/posts?site_id={cast.globex_site}"), await acme_api.get(f"/posts?site_id={uuid4()}")
    assert (strangers.json()["items"], strangers.content) == ([], nobodys.content)


async def test_a_list_has_nothing_of_another_customer(acme_api: Client, globex_api: Client, cast: Cast, unique: str) -> None:
    post = (await globex_api.post("/posts", {"site_id": str(cast.globex_site), "title": unique, "tags": [unique]})).json()
    await globex_api.post("/products", product(unique))
    for name in LISTS:
        page = await acme_api.get(f"/{name}?limit=200")
        assert page.status_code == 200
        assert unique not in page.text
        assert post["id"] not in page.text


async def test_sites_are_listed_and_read_with_languages_and_hosts(acme_api: Client, cast: Cast) -> None:
    sites = [item async for item in acme_api.walk("/sites")]
    assert [item["id"] for item in sites if item["slug"] == "acme"] == [str(cast.acme_site)]
    one = await acme_api.get(f"/sites/{cast.acme_site}")
    assert (one.json()["languages"], one.json()["hosts"]) == (["en"], ["acme.localhost"])
    assert (await acme_api.get(f"/sites/{cast.acme_site}", if_none_match=one.headers["etag"])).status_code == 304


@pytest.mark.parametrize("scope", ["content:read", "products:read", "media:read"])
async def test_every_reader_may_name_the_sites(with_key: KeyMaker, scope: str) -> None:
    assert (await (await with_key(scope)).get("/sites")).status_code == 200


async def test_tags_menus_categories_and_pictures_are_listed(acme_api: Client, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": unique, "tags": [unique]})
    items = (MenuItem(label="Shop", children=(MenuItem(label="Beans", url="/products/"),)),)
    menu = SaveMenu(site_id=cast.acme_site, lang="en", name=unique, items=items)
    await acme.run(OPERATOR, "save menu", lambda work: save_menu(work, OPERATOR, menu))
    await acme.run(OPERATOR, "save category", lambda work: save_category(work, OPERATOR, SaveCategory(slug=unique, label="Coffee")))

    async def upload(work) -> None:
        media_id = uuid4()
        row = Media(id=media_id, name=unique, content_type="image/webp", width=9, height=6, alt={"en": "A cup"}, created_by=None,
                    created_at=work.now)  # fmt: skip
        await MEDIA.add(work, row)
        await work.session.flush()
        for purpose in ("original", "rendition"):
            MEDIA.add_part(work, Rendition(media_id=media_id, purpose=purpose, width=9, height=6, hash="ab" * 32, name=f"{purpose}.webp",
                                           content_type="image/webp", bytes=1))  # fmt: skip

    await acme.run(OPERATOR, "upload", upload)
    tag = await acme_api.find(f"/tags?site_id={cast.acme_site}&limit=2", "slug", unique)
    assert (tag["label"], tag["site_id"]) == (unique, str(cast.acme_site))
    shown = await acme_api.find("/menus?limit=2", "name", unique)
    assert shown["items"] == [{"label": "Shop", "url": None, "children": [{"label": "Beans", "url": "/products/", "children": []}]}]
    category = await acme_api.find("/categories?limit=2", "slug", unique)
    assert category["label"] == "Coffee"
    picture = await acme_api.find("/media?limit=2", "name", unique)
    assert picture["alt"] == {"en": "A cup"}
    assert picture["renditions"] == [{"url": f"/media/{'ab' * 32}/rendition.webp", "width": 9, "height": 6}]


async def test_the_audit_log_is_walked_from_the_newest(fresh: tuple[UUID, UUID, Client], unique: str) -> None:
    _, site_id, api = fresh
    post = await api.post("/posts", {"site_id": str(site_id), "title": unique})
    await api.post(f"{post.headers['location']}/publish", if_match="*")
    acts = [item async for item in api.walk("/audit?limit=2")]
    assert [(act["verb"], act["door"], act["actor_kind"]) for act in acts[:2]] == [
        ("publish post", "api", "key"), ("create post", "api", "key"),
    ]  # fmt: skip
    assert acts[0]["request_id"]
    assert [act["at"] for act in acts] == sorted((act["at"] for act in acts), reverse=True)
    assert len({act["id"] for act in acts}) == len(acts) >= 4
