"""Every kind of page of the demonstration customers, rendered once."""

from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

from app.publishing.chrome import Chrome, PreviewPass, in_preview, make_chrome
from app.publishing.render import (
    HOME_POSTS,
    render_error,
    render_home,
    render_page,
    render_post,
    render_posts,
    render_product,
    render_products,
    render_tag,
)
from app.publishing.snapshots import PostSnapshot, ProductSnapshot, TagSnapshot
from app.publishing.themes import Themes, load_themes
from app.resources import templates_dir
from tests.publishing.demo_content import CUSTOMERS, Demo, neighbours, reference

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


@cache
def themes() -> Themes:
    return load_themes(templates_dir())


@cache
def demo(key: str) -> Demo:
    return Demo(key)


@cache
def chrome(key: str) -> Chrome:
    return make_chrome(themes(), demo(key).site, demo(key).languages)


def preview_of(key: str) -> Chrome:
    until = NOW + timedelta(days=7)
    return in_preview(
        chrome(key), PreviewPass(base="/-/preview/t0k3n", version=7, expires_at=until, editor_url="http://console.localhost:8000/c")
    )


@cache
def demo_pages(key: str) -> dict[str, str]:
    """Address to page, for all pages of a customer."""
    pages: dict[str, str] = {}
    for lang in demo(key).languages:
        pages |= _lists(key, lang)
    for post in demo(key).posts:
        pages[chrome(key).edition(post.lang, NOW).links.of_post(post)] = post_page(key, post)
    for slug in demo(key).pages:
        pages[f"/{slug}/"] = page_page(key, slug)
    for product in demo(key).products:
        for sku in (None, *(v.sku for v in product.offer.variants)):
            pages[chrome(key).edition(product.text.lang, NOW).links.of_product(product.text, sku)] = product_page(key, product, sku)
    pages["/404/"] = render_error(chrome(key), status=404, lang=demo(key).site.locale, suggestions=demo(key).posts[:4], now=NOW)
    pages["/410/"] = render_error(chrome(key), status=410, lang=demo(key).site.locale, now=NOW)
    return pages


def _lists(key: str, lang: str) -> dict[str, str]:
    posts, products, links = demo(key).posts_in(lang), demo(key).products_in(lang), chrome(key).edition(lang, NOW).links
    size = demo(key).site.posts_per_page
    first, second = links.posts(lang), f"{links.posts(lang)}?before=c2"
    has_more = len(posts) > size
    pages = {
        links.home(lang): render_home(
            chrome(key),
            lang=lang,
            posts=posts,
            products=sorted(products, key=lambda p: not p.text.is_featured),
            older_url=f"{first}?before=c1" if len(posts) > HOME_POSTS else None,
            now=NOW,
        ),
        first: render_posts(chrome(key), lang=lang, posts=posts[:size], older_url=second if has_more else None, now=NOW),
        links.products(lang): render_products(chrome(key), lang=lang, products=products, count=len(products), now=NOW),
    }
    if has_more:
        pages[second] = render_posts(chrome(key), lang=lang, posts=posts[size:], address=second, newer_url=first, now=NOW)
    for tag in {tag.slug: tag for post in posts for tag in post.tags}.values():
        pages[links.tag(lang, tag.slug)] = tag_page(key, tag, lang)
    return pages


def tag_page(key: str, tag: TagSnapshot, lang: str) -> str:
    posts = [x for x in demo(key).posts_in(lang) if tag in x.tags]
    return render_tag(chrome(key), tag, lang=lang, posts=posts, now=NOW)


def post_page(key: str, post: PostSnapshot, frame: Chrome | None = None) -> str:
    about = [x for x in demo(key).products if post.id in x.text.related_posts]
    same = [x for x in demo(key).posts if post.translation_key and x.translation_key == post.translation_key]
    return render_post(
        frame or chrome(key),
        post,
        products=[x for x in about if x.text.lang == post.lang],
        translations=[r for x in same if (r := reference(x))],
        now=NOW,
        **neighbours(demo(key).posts, post),
    )


def page_page(key: str, slug: str) -> str:
    pages = demo(key).pages
    parent = reference(pages.get(slug.rsplit("/", 1)[0])) if "/" in slug else None
    children = [r for other, page in pages.items() if other.startswith(f"{slug}/") and (r := reference(page))]
    order = [slug for slug in pages if "/" in slug]
    at = order.index(slug) if slug in order else None
    return render_page(
        chrome(key),
        pages[slug],
        ancestors=[parent] if parent else [],
        children=children,
        previous=reference(pages[order[at - 1]]) if at else None,
        following=reference(pages[order[at + 1]]) if at is not None and at + 1 < len(order) else None,
        now=NOW,
    )


def product_page(key: str, product: ProductSnapshot, sku: str | None = None) -> str:
    by_id: dict[UUID, PostSnapshot] = {x.id: x for x in demo(key).posts}
    posts = [by_id[x] for x in product.text.related_posts]
    related = [x for x in demo(key).products_in(product.text.lang) if x is not product][:4]
    return render_product(chrome(key), product, sku=sku, posts=posts, related=related, now=NOW)


def all_pages() -> list[tuple[str, str]]:
    """Customer and address of every page, for parametrised tests."""
    return [(key, address) for key in CUSTOMERS for address in demo_pages(key)]
