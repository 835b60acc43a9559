"""JSON-LD from the same views that the page is made from, so that what a machine reads equals what a person sees."""

import json
from typing import Any

from markupsafe import Markup

from app.catalog.gtins import is_gtin
from app.publishing.chrome import Edition
from app.publishing.links import absolute
from app.publishing.page_views import Page, Site
from app.publishing.views import Image, Offer, Post, Product

Node = dict[str, Any]

_SCHEMA = "https://schema.org/"
_AVAILABILITY = {
    "in_stock": "InStock",
    "low": "LimitedAvailability",
    "out_of_stock": "OutOfStock",
    "backorder": "BackOrder",
    "preorder": "PreOrder",
}
_PROPERTIES = {"color": "color", "colour": "color", "farbe": "color", "material": "material", "pattern": "pattern", "size": "size"}
_UNIT_CODES = {
    "g": "GRM",
    "kg": "KGM",
    "ml": "MLT",
    "cl": "CLT",
    "l": "LTR",
    "cm": "CMT",
    "m": "MTR",
    "m2": "MTK",
    "m3": "MTQ",
    "piece": "C62",
}
_ESCAPED = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def dump(graph: list[Node]) -> Markup:
    """A graph as the content of a script element: nothing in it can end the element or break a line."""
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPED))  # noqa: S704  # JSON whose markup characters are written as escapes


def home_graph(edition: Edition, page: Page, site: Site) -> list[Node]:
    """The site and who publishes it."""
    organization = _organization(edition, site)
    website = _present(
        {
            "@type": "WebSite",
            "@id": _at(edition, "/#website"),
            "name": site.name,
            "description": page.summary,
            "url": _at(edition, "/"),
            "inLanguage": page.lang,
            "publisher": {"@id": organization["@id"]},
        }
    )
    return [website, organization]


def listing_graph(edition: Edition, page: Page) -> list[Node]:
    """A list of posts or products."""
    return [_described(edition, page, "CollectionPage")]


def page_graph(edition: Edition, page: Page, site: Site) -> list[Node]:
    """A page that stands by itself."""
    modified = edition.wording.local(page.updated_at).isoformat() if page.updated_at else None
    return [_described(edition, page, "WebPage") | _present({"dateModified": modified, "publisher": _organization(edition, site)})]


def post_graph(edition: Edition, post: Post, site: Site) -> list[Node]:
    """A post with its dates as the page shows them."""
    url, local = _at(edition, post.url), edition.wording.local
    author = post.author
    return [
        _present(
            {
                "@type": "BlogPosting",
                "@id": f"{url}#post",
                "mainEntityOfPage": url,
                "url": url,
                "headline": post.title,
                "description": post.summary,
                "image": [_image(edition, post.cover)] if post.cover else None,
                "datePublished": local(post.published_at).isoformat(),
                "dateModified": local(post.updated_at).isoformat(),
                "inLanguage": post.lang,
                "author": _person(edition, author.name, author.url) if author else None,
                "publisher": _organization(edition, site),
                "keywords": [tag.label for tag in post.tags] or None,
                "wordCount": post.words or None,
            }
        )
    ]


def product_graph(edition: Edition, product: Product) -> list[Node]:
    """A product with one variant as Product, one with several as ProductGroup. Every price in it is in the page's table too."""
    url = _at(edition, product.url)
    head = {"@id": f"{url}#product", "url": url}
    common = _present(
        {
            "name": product.title,
            "description": product.summary,
            "brand": {"@type": "Brand", "name": product.brand} if product.brand else None,
            "image": [_at(edition, image.url) for image in product.images] or None,
            "category": product.category.label if product.category else None,
        }
    )
    if len(product.variants) < 2:
        identity = _identity(product.offer) if product.offer else {}
        offer = _offer(edition, product.offer) if product.offer and product.offer.price else None
        return [_present({"@type": "Product", **head, **common, **identity, "offers": offer})]
    varies_by = [_SCHEMA + _PROPERTIES[o.code] if o.code in _PROPERTIES else o.label for o in product.options]
    group_id = product.url.rstrip("/").rsplit("/", 1)[-1]
    variants = [_variant(edition, product, offer) for offer in product.variants]
    return [
        {
            "@type": "ProductGroup",
            **head,
            "productGroupID": group_id,
            **common,
            **({"variesBy": varies_by} if varies_by else {}),
            "hasVariant": variants,
        }
    ]


def crumbs_graph(edition: Edition, page: Page) -> list[Node]:
    """The way to the page, as shown above it."""
    if len(page.breadcrumbs) < 2:
        return []
    steps = [
        _present({"@type": "ListItem", "position": position, "name": crumb.label, "item": _at(edition, crumb.url) if crumb.url else None})
        for position, crumb in enumerate(page.breadcrumbs, 1)
    ]
    return [{"@type": "BreadcrumbList", "itemListElement": steps}]


def _present(node: Node) -> Node:
    return {key: value for key, value in node.items() if value is not None and value != ""}


def _at(edition: Edition, url: str) -> str:
    return absolute(edition.site.origin, url)


def _described(edition: Edition, page: Page, kind: str) -> Node:
    url = _at(edition, page.url)
    named = {"name": page.title, "description": page.summary, "inLanguage": page.lang}
    return _present({"@type": kind, "@id": f"{url}#page", "url": url, **named})


def _organization(edition: Edition, site: Site) -> Node:
    logo = site.icon_png or (site.logo.url if site.logo else None)
    return _present(
        {
            "@type": "Organization",
            "@id": _at(edition, "/#organization"),
            "name": site.name,
            "url": _at(edition, "/"),
            "logo": _at(edition, logo) if logo else None,
            "sameAs": [x.url for x in site.social] or None,
        }
    )


def _person(edition: Edition, name: str, url: str | None) -> Node:
    return _present({"@type": "Person", "name": name, "url": _at(edition, url) if url else None})


def _image(edition: Edition, image: Image) -> Node:
    return _present(
        {"@type": "ImageObject", "url": _at(edition, image.url), "width": image.width, "height": image.height, "caption": image.alt}
    )


def _variant(edition: Edition, product: Product, offer: Offer) -> Node:
    values = [x for x in offer.options if x.value]
    pictures = offer.images or product.images
    extra = [{"@type": "PropertyValue", "name": x.label, "value": x.value} for x in values if x.code not in _PROPERTIES]
    return _present(
        {
            "@type": "Product",
            "name": ", ".join([product.title, *(x.value for x in values)]),
            **_identity(offer),
            **{_PROPERTIES[x.code]: x.value for x in values if x.code in _PROPERTIES},
            "additionalProperty": extra or None,
            "image": _at(edition, pictures[0].url) if pictures else None,
            "offers": _offer(edition, offer) if offer.price else None,
        }
    )


def _identity(offer: Offer) -> Node:
    # A wrong number disapproves a product in shops' listings, an absent one does not.
    gtin = offer.gtin if offer.gtin and is_gtin(offer.gtin) else None
    return {"sku": offer.sku, **({f"gtin{len(gtin)}": gtin} if gtin else {})}


def _offer(edition: Edition, offer: Offer) -> Node:
    """An offer that has a price. The Offer's price is what is paid now; the old one is a specification beside it."""
    assert offer.price
    starts = offer.availability.available_from
    return _present(
        {
            "@type": "Offer",
            "url": _at(edition, offer.url),
            "price": offer.price.value,
            "priceCurrency": offer.price.currency,
            "itemCondition": f"{_SCHEMA}NewCondition",
            "availability": _SCHEMA + _AVAILABILITY[offer.availability.code],
            "availabilityStarts": starts.date().isoformat() if starts else None,
            "priceValidUntil": edition.wording.local(offer.until).date().isoformat() if offer.until else None,
            "priceSpecification": [x for x in (_old_price(edition, offer), _unit_price(offer)) if x] or None,
        }
    )


def _old_price(edition: Edition, offer: Offer) -> Node | None:
    if not offer.was:
        return None
    return {
        "@type": "UnitPriceSpecification",
        "priceType": f"{_SCHEMA}StrikethroughPrice",
        "price": offer.was.value,
        "priceCurrency": offer.was.currency,
        "valueAddedTaxIncluded": edition.site.prices_include_tax,
    }


def _unit_price(offer: Offer) -> Node | None:
    measure = offer.measure
    code = _UNIT_CODES.get(measure.unit) if measure else None
    if not measure or not code or not offer.price:
        return None
    base = {"@type": "QuantitativeValue", "value": measure.base, "unitCode": code}
    quantity = {"@type": "QuantitativeValue", "value": measure.quantity, "unitCode": code, "valueReference": base}
    price = {"price": offer.price.value, "priceCurrency": offer.price.currency}
    return {"@type": "UnitPriceSpecification", **price, "referenceQuantity": quantity}
