"""The least that a site, post or product can be, and the worst."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from app.publishing import compose, pictures
from app.publishing.chrome import Chrome, Edition, make_chrome
from app.publishing.snapshots import (
    AuthorSnapshot,
    ImageSnapshot,
    MenuItem,
    Money,
    OptionSnapshot,
    PostSnapshot,
    ProductOffer,
    ProductSnapshot,
    ProductText,
    RenditionSnapshot,
    SaleSnapshot,
    SiteSnapshot,
    SocialLink,
    StockSnapshot,
    TagSnapshot,
    UnitMeasure,
    VariantSnapshot,
)
from app.publishing.themes import Theme
from app.publishing.views import Image, Listing
from tests.publishing.demo_pages import NOW, themes

HOSTILE = "x</script><script>alert(1)</script>&\u2028\"'<img src=x onerror=alert(1)>{{ 7*7 }}"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
POST_ID = UUID("7b2f6a2e-6f0e-4c55-9c0a-3f6f1f0f9d11")
MARCH = datetime(2026, 3, 1, 8, tzinfo=UTC)


def site(**changes: Any) -> SiteSnapshot:
    return SiteSnapshot(**{"name": "Bare", "locale": "en-GB", "origin": "https://bare.example", **changes})


def frame(languages_live: tuple[str, ...] = ("en-GB",), **changes: Any) -> Chrome:
    return make_chrome(themes(), site(**changes), languages_live)


def edition(lang: str = "en-GB", now: datetime = NOW, **changes: Any) -> Edition:
    return frame(**changes).edition(lang, now)


def post(**changes: Any) -> PostSnapshot:
    least = {
        "id": POST_ID,
        "kind": "post",
        "lang": "en-GB",
        "slug": "a-post",
        "title": "A post",
        "updated_at": MARCH,
        "published_at": MARCH,
    }
    return PostSnapshot(**{**least, **changes})


def variant(**changes: Any) -> VariantSnapshot:
    return VariantSnapshot(**{"sku": "SKU-1", "stock": StockSnapshot(availability="in_stock"), "retail": pounds(1000), **changes})


def product(*variants: VariantSnapshot, **changes: Any) -> ProductSnapshot:
    text = ProductText(**{"id": POST_ID, "lang": "en-GB", "slug": "a-thing", "title": "A thing", **changes})
    return ProductSnapshot(text=text, offer=ProductOffer(variants=variants))


def pounds(pence: int) -> Money:
    return Money(amount=pence, currency="GBP")


def image(name: str = "picture", width: int = 800, height: int = 600) -> ImageSnapshot:
    file = RenditionSnapshot(url=f"/media/0123abcd/{name}.webp", width=width, height=height)
    return ImageSnapshot(name=name, width=width, height=height, renditions=(file,), alt={"": "A picture"})


def hostile_site() -> SiteSnapshot:
    bad = "javascript:alert(1)"
    items = (
        MenuItem(label="bad", url=bad),
        MenuItem(label="worse", url="java\tscript:alert(1)", children=(MenuItem(label="child", url="/child/"),)),
        MenuItem(label=HOSTILE, url="/fine/?a=1&b=\"'<"),
        MenuItem(label="data", url="data:text/html,<script>1</script>"),
        MenuItem(label="elsewhere", url="//evil.example/"),
        MenuItem(label="backslash", url="/\\evil.example/"),
    )
    return site(
        name=HOSTILE,
        tagline=HOSTILE,
        description=HOSTILE,
        tax_note=HOSTILE,
        timezone="Not/AZone",
        copyright_holder=HOSTILE,
        icon_svg=bad,
        icon_png="data:image/png;base64,AAAA",
        order_url=bad,
        social=(SocialLink(label="bad", url=bad), SocialLink(label=HOSTILE, url="https://good.example/?a=1&b=2")),
        menus={"en-GB": {"main": items, "foot": items, "docs": items}},
    )


def hostile_image() -> ImageSnapshot:
    file = RenditionSnapshot(url='/media/x" onerror="alert(1)', width=10, height=10)
    fine = RenditionSnapshot(url="/media/0123abcd/fine.webp?a=1&b='2'", width=10, height=10)
    return ImageSnapshot(name=HOSTILE, width=10, height=10, renditions=(file, fine), alt={"": HOSTILE})


def hostile_post() -> PostSnapshot:
    tags = tuple(TagSnapshot(slug=f"tag-{n}", label=f"{HOSTILE} {n}", summary=HOSTILE) for n in range(40))
    return post(
        title=HOSTILE,
        summary=HOSTILE,
        seo_title=HOSTILE,
        cover=hostile_image(),
        author=AuthorSnapshot(slug="x", name=HOSTILE, role=HOSTILE, bio=HOSTILE, image=hostile_image()),
        tags=tags,
    )


def hostile_product() -> ProductSnapshot:
    sale = SaleSnapshot(price=pounds(1), since=MARCH, lowest_30_days=pounds(1))
    unit = UnitMeasure(quantity=Decimal("0"), unit=HOSTILE, base=Decimal("1"))
    stock = StockSnapshot(availability="backorder", available_from=date(2027, 1, 1))
    variants = tuple(
        variant(sku=f"{HOSTILE}/{n} ü", options={"colour": HOSTILE, "size": str(n)}, sale=sale, unit_measure=unit, stock=stock)
        for n in (1, 2)
    )
    options = (
        OptionSnapshot(code="colour", label=HOSTILE, values=(HOSTILE, "never")),
        OptionSnapshot(code="size", label="Size", values=("1", "2")),
    )
    return product(*variants, title=HOSTILE, summary=HOSTILE, brand=HOSTILE, options=options, images=(hostile_image(),))


def replace_theme(chrome: Chrome, theme: Theme) -> Chrome:
    """The same frame in another theme."""
    return replace(chrome, theme=theme)


def listing_page(listing: Listing) -> str:
    """A list of products that is made of views alone."""
    here = edition()
    page = compose.page_view(here, "products", "/products/", "Shop", crumbs=[("Shop", None)])
    return compose.write_listing(here, page, listing, None, None)


def image_view(snapshot: ImageSnapshot) -> Image:
    """A picture that can be shown."""
    view = pictures.image_view(snapshot, "en-GB")
    assert view
    return view
