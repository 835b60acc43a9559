"""What pages of products need, read for one visit. Each gives what is left to do once the read has ended."""

from functools import partial

from app.errors import NotFound
from app.publishing.lists import stretch
from app.publishing.render import render_product, render_products
from app.publishing.repository import find_product, posts_by_id, products_shelf, translations_of_product
from app.publishing.snapshots import PostSnapshot, ProductSnapshot
from app.publishing.targets import Target
from app.publishing.visits import Finish, Visit

PRODUCTS_PER_PAGE = 24
RELATED = 4
# Among how many of the newest products those of the same category are looked for.
RELATED_AMONG = 12


async def read_products(visit: Visit, target: Target) -> Finish:
    """A stretch of the list of products. They are counted only where all of them are shown."""
    first = visit.edition(target.lang).links.products(target.lang)
    found = await stretch(visit, products_shelf(visit.site_id, target.lang), first, PRODUCTS_PER_PAGE)
    is_whole = found.address is None and found.older_url is None and bool(found.items)
    return partial(
        render_products,
        visit.chrome,
        lang=target.lang,
        products=found.items,
        address=found.address,
        newer_url=found.newer_url,
        older_url=found.older_url,
        count=len(found.items) if is_whole else None,
        now=visit.now,
    )


async def read_product(visit: Visit, target: Target) -> Finish:
    """A product with the chosen variant, the posts that belong to it and others like it."""
    reading, site_id = visit.reading, visit.site_id
    product = await find_product(reading, site_id, target.lang, target.slug)
    if product is None:
        raise NotFound()
    translations = await translations_of_product(reading, site_id, product.text.translation_key)
    return partial(
        render_product,
        visit.chrome,
        product,
        sku=_chosen(visit, product),
        posts=await _posts(visit, product),
        related=related_to(product, await products_shelf(site_id, target.lang).newest(reading, RELATED_AMONG)),
        translations=[reference for reference in translations if reference.lang in visit.chrome.languages_live],
        now=visit.now,
    )


def _chosen(visit: Visit, product: ProductSnapshot) -> str | None:
    """The asked variant if there is one. Anything else is left out, so that no stranger's words come into the page."""
    asked = visit.request.query.get("sku", [])
    return next((variant.sku for variant in product.offer.variants if variant.sku in asked[:1]), None)


async def _posts(visit: Visit, product: ProductSnapshot) -> list[PostSnapshot]:
    found = await posts_by_id(visit.reading, visit.site_id, product.text.related_posts)
    posts = [found[post_id] for post_id in product.text.related_posts if post_id in found]
    return [post for post in posts if post.lang in visit.chrome.languages_live]


def related_to(product: ProductSnapshot, others: list[ProductSnapshot]) -> list[ProductSnapshot]:
    """A few other products, those of the same category first."""
    rest = [other for other in others if other.text.id != product.text.id]
    return sorted(rest, key=lambda other: _category(other) != _category(product))[:RELATED]


def _category(product: ProductSnapshot) -> str:
    return product.text.category.slug if product.text.category else ""
