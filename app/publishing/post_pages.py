"""What pages of posts, pages and tags need, read for one visit. Each gives what is left to do once the read has ended."""

from collections.abc import Iterable, Sequence
from functools import partial
from urllib.parse import urlsplit

from app.errors import NotFound
from app.publishing.json_feed import json_feed
from app.publishing.lists import OLDER, cursor_url, stretch
from app.publishing.render import HOME_POSTS, HOME_PRODUCTS, render_home, render_page, render_post, render_posts, render_tag
from app.publishing.repository import (
    NEWEST,
    find_post,
    find_tag,
    pages_near,
    posts_shelf,
    products_about,
    products_shelf,
    tag_shelf,
    translations_of_post,
)
from app.publishing.snapshots import MenuItem, PostSnapshot, Reference
from app.publishing.targets import Target, address_of, target_of
from app.publishing.visits import Edge, Finish, Visit
from app.publishing.wording import base_language

FEED_POSTS = 20
PRODUCTS_BESIDE = 8
# Among how many of the newest products the home page looks for those that are featured.
SHOWCASE = 24


async def read_home(visit: Visit, target: Target) -> Finish:
    """The home page of a language."""
    shelf, links = posts_shelf(visit.site_id, target.lang), visit.edition(target.lang).links
    entries = await shelf.after(visit.reading, NEWEST, HOME_POSTS + 1)
    shown = entries[:HOME_POSTS]
    products = await products_shelf(visit.site_id, target.lang).newest(visit.reading, SHOWCASE)
    return partial(
        render_home,
        visit.chrome,
        lang=target.lang,
        posts=[entry.item for entry in shown],
        products=sorted(products, key=lambda product: not product.text.is_featured)[:HOME_PRODUCTS],
        older_url=cursor_url(visit, shelf, links.posts(target.lang), OLDER, shown) if len(entries) > HOME_POSTS else None,
        now=visit.now,
    )


async def read_posts(visit: Visit, target: Target) -> Finish:
    """A stretch of the list of posts."""
    first = visit.edition(target.lang).links.posts(target.lang)
    found = await stretch(visit, posts_shelf(visit.site_id, target.lang), first, visit.chrome.site.posts_per_page)
    addresses = {"address": found.address, "newer_url": found.newer_url, "older_url": found.older_url}
    return partial(render_posts, visit.chrome, lang=target.lang, posts=found.items, now=visit.now, **addresses)


async def read_tag(visit: Visit, target: Target) -> Finish:
    """A stretch of the posts of a tag. A tag without live posts has no page, except in a preview, whose post may be the first."""
    tag = await find_tag(visit.reading, visit.site_id, target.slug)
    if tag is None:
        raise NotFound()
    tag_id, snapshot = tag
    first = visit.edition(target.lang).links.tag(target.lang, target.slug)
    found = await stretch(visit, tag_shelf(tag_id, target.lang), first, visit.chrome.site.posts_per_page)
    if not found.items and not found.newer_url and visit.draft is None:
        raise NotFound()
    addresses = {"address": found.address, "newer_url": found.newer_url, "older_url": found.older_url}
    return partial(render_tag, visit.chrome, snapshot, lang=target.lang, posts=found.items, now=visit.now, **addresses)


async def read_feed(visit: Visit, target: Target) -> Finish:
    """A stretch of the JSON Feed of a language. Feeds have no preview."""
    if visit.draft is not None:
        raise NotFound()
    edition = visit.edition(target.lang)
    shelf = posts_shelf(visit.site_id, target.lang, has_bodies=True)
    found = await stretch(visit, shelf, edition.links.feed(target.lang), FEED_POSTS)
    return partial(json_feed, edition, found.items, found.older_url)


async def read_post(visit: Visit, target: Target) -> Finish:
    """A post between its neighbours, above the products that are about it."""
    post, reading = await _found(visit, target), visit.reading
    older, newer = await posts_shelf(visit.site_id, post.lang).around(reading, Edge(post.published_at, post.id))
    return partial(
        render_post,
        visit.chrome,
        post,
        previous=_reference(older),
        following=_reference(newer),
        products=await products_about(reading, visit.site_id, post.lang, post.id, PRODUCTS_BESIDE),
        translations=await _translations(visit, post),
        now=visit.now,
    )


async def read_page(visit: Visit, target: Target) -> Finish:
    """A page below its ancestors, above its children and between its neighbours in the menu of chapters."""
    page = await _found(visit, target)
    order = chapter_paths(visit, page.lang)
    before, after = _beside(page.slug, order)
    steps = page.slug.split("/")
    above = ["/".join(steps[:n]) for n in range(1, len(steps))]
    near = await pages_near(visit.reading, visit.site_id, page.lang, page.slug, {*above, *before, *after})
    live = {reference.slug: reference for reference in near}
    return partial(
        render_page,
        visit.chrome,
        page,
        ancestors=[live[path] for path in above if path in live],
        children=children_of(page.slug, near, order),
        previous=next((live[path] for path in before if path in live), None),
        following=next((live[path] for path in after if path in live), None),
        translations=await _translations(visit, page),
        now=visit.now,
    )


async def _found(visit: Visit, target: Target) -> PostSnapshot:
    """The live post or page of a target, or the draft whose address it is."""
    draft = visit.draft
    if draft is not None and (draft.kind, draft.lang, draft.slug) == (target.kind, target.lang, target.slug):
        return draft
    post = await find_post(visit.reading, visit.site_id, target.kind, target.lang, target.slug)
    if post is None:
        raise NotFound()
    return post


async def _translations(visit: Visit, post: PostSnapshot) -> list[Reference]:
    found = await translations_of_post(visit.reading, visit.site_id, post.kind, post.translation_key)
    return [reference for reference in found if reference.lang in visit.chrome.languages_live]


def _reference(post: PostSnapshot | None) -> Reference | None:
    return Reference(lang=post.lang, slug=post.slug, title=post.title, summary=post.summary) if post else None


def chapter_paths(visit: Visit, lang: str) -> list[str]:
    """The paths of the pages of a language in the order of the site's menu of chapters."""
    site = visit.chrome.site
    menus = site.menus.get(lang) or site.menus.get(base_language(lang)) or {}
    paths: dict[str, None] = {}
    for url in _urls(menus.get(site.docs_menu, ())):
        address = address_of(urlsplit(url).path)
        target = target_of(address, visit.chrome.languages_live) if address else None
        if target and (target.kind, target.lang) == ("page", lang):
            paths.setdefault(target.slug)
    return list(paths)


def _urls(items: Iterable[MenuItem]) -> list[str]:
    return [url for item in items for url in (item.url or "", *_urls(item.children)) if url.startswith("/")]


def _beside(path: str, order: Sequence[str]) -> tuple[list[str], list[str]]:
    """The paths before and after one in the order, the nearest first; none where it does not stand in the order."""
    if path not in order:
        return [], []
    at = order.index(path)
    return list(reversed(order[:at])), list(order[at + 1 :])


def children_of(path: str, pages: Sequence[Reference], order: Sequence[str]) -> list[Reference]:
    """The pages below a path that have no other page between, in the order of the menu, those outside it last."""
    below = {page.slug: page for page in pages if page.slug.startswith(f"{path}/")}
    direct = [page for slug, page in below.items() if not any(step in below for step in _between(path, slug))]
    rank = {slug: place for place, slug in enumerate(order)}
    return sorted(direct, key=lambda page: (rank.get(page.slug, len(rank)), page.slug))


def _between(path: str, slug: str) -> list[str]:
    steps = slug.split("/")
    return ["/".join(steps[:n]) for n in range(path.count("/") + 2, len(steps))]
