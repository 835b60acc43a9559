"""From snapshots to finished pages, one function a kind. Pure: the same arguments always give the same page.

Addresses with a cursor (`address`, `newer_url`, `older_url`) come from the caller, who knows what stands before and after.
"""

from collections.abc import Sequence
from datetime import datetime

from app.publishing.body import page_body, toc_view
from app.publishing.chrome import Chrome, Edition, home_url, section_label, site_view
from app.publishing.compose import page_view, write, write_listing
from app.publishing.discovery import About, languages_of, offer_facts, post_facts, translations_of
from app.publishing.pictures import image_view
from app.publishing.post_views import page_link, post_card, post_link, post_view, tag_view
from app.publishing.product_views import product_card, product_view
from app.publishing.snapshots import PostSnapshot, ProductSnapshot, Reference, TagSnapshot
from app.publishing.structured_data import home_graph, page_graph, post_graph, product_graph
from app.publishing.views import Home, Image, Link, Listing, PostCard, Problem

HOME_POSTS = 4
HOME_PRODUCTS = 4


def render_home(
    chrome: Chrome,
    *,
    lang: str,
    posts: Sequence[PostSnapshot],
    products: Sequence[ProductSnapshot] = (),
    older_url: str | None = None,
    now: datetime,
) -> str:
    """The home page of a language: the newest `HOME_POSTS` posts and `HOME_PRODUCTS` products; `older_url` goes on after those posts."""
    edition = chrome.edition(lang, now)
    site, cards = chrome.site, _lead_first(edition, posts[:HOME_POSTS])
    page = page_view(
        edition, "home", edition.links.home(lang), site.name, edition.said.description, name_tag="h1", shows_prices=bool(products)
    )
    urls = {x: edition.links.home(x) for x in chrome.languages_live}
    view = site_view(edition, page, urls)
    image = next((card.cover for card in cards if card.cover), None)
    about = About(canonical=page.url, image=image, alternates=translations_of(edition, urls))
    shown = tuple(product_card(edition, x) for x in products[:HOME_PRODUCTS])
    home = Home(posts=cards, products=shown, older_url=older_url)
    return write(edition, page, view, about, home_graph(edition, page, view), home=home)


def render_posts(
    chrome: Chrome,
    *,
    lang: str,
    posts: Sequence[PostSnapshot],
    address: str | None = None,
    newer_url: str | None = None,
    older_url: str | None = None,
    now: datetime,
) -> str:
    """A stretch of the list of posts. `address` is its own with the cursor, None for the first stretch."""
    edition = chrome.edition(lang, now)
    first = edition.links.posts(lang)
    title = section_label(edition, first, edition.wording.t("posts"))
    cards = tuple(post_card(edition, post) for post in posts)
    page = page_view(edition, "posts", address or first, title, crumbs=[(title, None)], prev_url=newer_url, next_url=older_url)
    listing = Listing(items=cards, newer_url=newer_url, older_url=older_url)
    return write_listing(edition, page, listing, address, _first_cover(cards))


def render_tag(
    chrome: Chrome,
    tag: TagSnapshot,
    *,
    lang: str,
    posts: Sequence[PostSnapshot],
    address: str | None = None,
    newer_url: str | None = None,
    older_url: str | None = None,
    now: datetime,
) -> str:
    """A stretch of the posts of a tag; see `render_posts` for the addresses."""
    edition = chrome.edition(lang, now)
    view = tag_view(edition, tag)
    cards = tuple(post_card(edition, post) for post in posts)
    crumbs = [_posts_crumb(edition), (view.label, None)]
    page = page_view(edition, "tag", address or view.url, view.label, view.summary, crumbs=crumbs, prev_url=newer_url, next_url=older_url)
    listing = Listing(items=cards, newer_url=newer_url, older_url=older_url)
    return write_listing(edition, page, listing, address, _first_cover(cards), slug=tag.slug, tag=view)


def render_post(
    chrome: Chrome,
    post: PostSnapshot,
    *,
    previous: Reference | None = None,
    following: Reference | None = None,
    products: Sequence[ProductSnapshot] = (),
    translations: Sequence[Reference] = (),
    now: datetime,
) -> str:
    """A post between the older (`previous`) and the newer one (`following`), with the products that are about it."""
    edition = chrome.edition(post.lang, now)
    shown = tuple(product_card(edition, x) for x in products)
    view = post_view(edition, post, post_link(edition, previous), post_link(edition, following), shown)
    crumbs = [_posts_crumb(edition), (view.title, None)]
    page = page_view(edition, "post", view.url, view.title, view.summary, crumbs=crumbs, shows_prices=bool(shown))
    urls = languages_of((post.lang, view.url), tuple(translations), edition.links.post)
    site = site_view(edition, page, urls)
    about = About(
        canonical=view.url,
        seo_title=post.seo_title,
        image=view.cover,
        og_type="article",
        og_extra=post_facts(edition, view),
        alternates=translations_of(edition, urls),
    )
    return write(edition, page, site, about, post_graph(edition, view, site), slug=post.slug, post=view)


def render_page(
    chrome: Chrome,
    post: PostSnapshot,
    *,
    ancestors: Sequence[Reference] = (),
    children: Sequence[Reference] = (),
    previous: Reference | None = None,
    following: Reference | None = None,
    translations: Sequence[Reference] = (),
    now: datetime,
) -> str:
    """A page of kind page, below its `ancestors` (outermost first), above its children, between its neighbours in the menu."""
    edition = chrome.edition(post.lang, now)
    url, links, cover = edition.links.of_post(post), edition.links, image_view(post.cover, post.lang)
    before, after = page_link(edition, previous), page_link(edition, following)
    page = page_view(
        edition,
        "page",
        url,
        post.title,
        post.summary or None,
        crumbs=[*((x.title, links.page(x.lang, x.slug)) for x in ancestors), (post.title, None)],
        prev_url=before.url if before else None,
        next_url=after.url if after else None,
        body=page_body(post.html, links),
        toc=toc_view(post.toc),
        cover=cover,
        updated_at=post.updated_at,
        children=_links(edition, children),
        previous=before,
        next=after,
    )
    urls = languages_of((post.lang, url), tuple(translations), links.page)
    site = site_view(edition, page, urls)
    about = About(canonical=url, seo_title=post.seo_title, image=cover, alternates=translations_of(edition, urls))
    return write(edition, page, site, about, page_graph(edition, page, site), slug=post.slug)


def render_products(
    chrome: Chrome,
    *,
    lang: str,
    products: Sequence[ProductSnapshot],
    address: str | None = None,
    newer_url: str | None = None,
    older_url: str | None = None,
    count: int | None = None,
    now: datetime,
) -> str:
    """A stretch of the list of products. `count` is how many there are in all, None when nobody has counted."""
    edition = chrome.edition(lang, now)
    first = edition.links.products(lang)
    title = section_label(edition, first, edition.wording.t("shop"))
    cards = tuple(product_card(edition, x) for x in products)
    page = page_view(
        edition, "products", address or first, title, crumbs=[(title, None)], prev_url=newer_url, next_url=older_url, shows_prices=True
    )
    count_text = edition.wording.t("count", n=count) if count is not None else None
    listing = Listing(items=cards, newer_url=newer_url, older_url=older_url, count_text=count_text)
    return write_listing(edition, page, listing, address, next((card.images[0] for card in cards if card.images), None))


def render_product(
    chrome: Chrome,
    product: ProductSnapshot,
    *,
    sku: str | None = None,
    posts: Sequence[PostSnapshot] = (),
    related: Sequence[ProductSnapshot] = (),
    translations: Sequence[Reference] = (),
    now: datetime,
) -> str:
    """A product with the variant `sku` chosen. Every variant is canonical to the product."""
    text = product.text
    edition = chrome.edition(text.lang, now)
    reading = tuple(post_card(edition, post) for post in posts)
    view = product_view(edition, product, sku, reading, tuple(product_card(edition, x) for x in related))
    shop = edition.links.products(text.lang)
    crumbs = [(section_label(edition, shop, edition.wording.t("shop")), shop), (view.title, None)]
    address = edition.links.of_product(text, sku)
    page = page_view(edition, "product", address, view.title, view.summary, crumbs=crumbs, shows_prices=True)
    urls = languages_of((text.lang, view.url), tuple(translations), edition.links.product)
    site = site_view(edition, page, urls)
    about = About(
        canonical=view.url,
        seo_title=text.seo_title,
        image=view.images[0] if view.images else None,
        og_type="product",
        og_extra=offer_facts(view.offer),
        alternates=translations_of(edition, urls),
    )
    return write(edition, page, site, about, product_graph(edition, view), slug=text.slug, product=view)


def render_error(chrome: Chrome, *, status: int, lang: str, suggestions: Sequence[PostSnapshot] = (), now: datetime) -> str:
    """What a site answers with status 404 (nothing here) or 410 (gone for good), with some recent posts. Another status raises KeyError."""
    edition = chrome.edition(lang, now)
    title, text = edition.wording.t(f"error.{status}"), edition.wording.t(f"error.{status}.text")
    page = page_view(edition, "error", home_url(edition), title)
    site = site_view(edition, page, {})
    problem = Problem(status=status, text=text, suggestions=tuple(post_card(edition, post) for post in suggestions))
    return write(edition, page, site, About(robots="noindex"), [], error=problem)


def _lead_first(edition: Edition, posts: Sequence[PostSnapshot]) -> tuple[PostCard, ...]:
    """The posts with the one in front that can carry the page: a featured one with a cover, else any with a cover, else the newest."""
    ranked = sorted(posts, key=lambda post: (post.cover is None, not post.is_featured))
    lead = ranked[:1]
    return tuple(post_card(edition, post) for post in (*lead, *(p for p in posts if p not in lead)))


def _first_cover(cards: tuple[PostCard, ...]) -> Image | None:
    return next((card.cover for card in cards if card.cover), None)


def _links(edition: Edition, references: Sequence[Reference]) -> tuple[Link, ...]:
    return tuple(link for reference in references if (link := page_link(edition, reference)))


def _posts_crumb(edition: Edition) -> tuple[str, str]:
    url = edition.links.posts(edition.lang)
    return section_label(edition, url, edition.wording.t("posts")), url
