"""Products as templates see them, at the offers of this moment."""

from msgspec import structs

from app.publishing.body import page_body, toc_view
from app.publishing.chrome import Edition
from app.publishing.links import safe_link
from app.publishing.offers import badge, best_availability, cheapest, offers, preferred
from app.publishing.pictures import image_views
from app.publishing.snapshots import CategorySnapshot, OptionSnapshot, ProductSnapshot
from app.publishing.views import Category, Choice, Image, Link, Offer, Option, PostCard, Product, ProductCard
from app.publishing.wording import in_language


def product_card(edition: Edition, product: ProductSnapshot) -> ProductCard:
    """A product in a list or beside a post."""
    found, text = offers(edition, product), product.text
    return ProductCard(
        title=text.title,
        summary=text.summary or None,
        url=edition.links.of_product(text),
        lang=text.lang,
        lang_attrs=edition.wording.lang_attrs(text.lang),
        images=image_views(text.images, text.lang),
        card_offer=cheapest(found),
        availability=best_availability(found),
        badge=badge(edition, found),
    )


def product_view(
    edition: Edition, product: ProductSnapshot, sku: str | None, posts: tuple[PostCard, ...], related: tuple[ProductCard, ...]
) -> Product:
    """A product on its own page with the variant `sku` chosen; the preferred one if there is no such variant."""
    found, text = offers(edition, product), product.text
    chosen = next((o for o in found if o.sku == sku), None) or preferred(found)
    card = structs.asdict(product_card(edition, product)) | {"images": _gallery(edition, product, chosen)}
    options = tuple(_option(option, found, chosen) for option in text.options)
    return Product(
        **card,
        body=page_body(text.html, edition.links),
        toc=toc_view(text.toc),
        brand=text.brand or None,
        category=_category(edition, text.category) if text.category else None,
        fields=tuple(edition.wording.field(x) for x in text.fields),
        options=tuple(option for option in options if option.choices),
        variants=found,
        offer=chosen,
        action=_action(edition),
        posts=posts,
        related=related,
    )


def _gallery(edition: Edition, product: ProductSnapshot, chosen: Offer | None) -> tuple[Image, ...]:
    """The pictures of the chosen variant first, then the product's others."""
    own = chosen.images if chosen else ()
    return own + tuple(image for image in image_views(product.text.images, edition.lang) if image not in own)


def _category(edition: Edition, category: CategorySnapshot) -> Category:
    return Category(label=in_language(category.labels, edition.lang) or category.label, url=None)


def _action(edition: Edition) -> Link | None:
    url = safe_link(edition.site.order_url)
    return Link(title=edition.wording.t("order"), url=edition.links.inside(url)) if url else None


def _option(option: OptionSnapshot, found: tuple[Offer, ...], chosen: Offer | None) -> Option:
    choices = (_choice(option.code, value, found, chosen) for value in option.values)
    return Option(code=option.code, label=option.label, choices=tuple(c for c in choices if c))


def _choice(code: str, value: str, found: tuple[Offer, ...], chosen: Offer | None) -> Choice | None:
    """The variant with this value and otherwise the chosen one's, else any with this value, else nothing to choose."""
    current = _values(chosen) if chosen else {}
    fitting = tuple(o for o in found if _values(o) == {**current, code: value})
    best = preferred(fitting or tuple(o for o in found if _values(o).get(code) == value))
    if not best:
        return None
    return Choice(label=value, url=best.url, is_current=current.get(code) == value, is_available=best.availability.code != "out_of_stock")


def _values(offer: Offer) -> dict[str, str]:
    return {x.code: x.value for x in offer.options}
