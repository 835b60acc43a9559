"""What holds on every public page, as one function that names all that is wrong with a page."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tests.publishing.markup import Element, parse, squash

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SAFE_ADDRESS = re.compile(r"(https?://|mailto:|tel:|/(?!/)|#|[\w.-]+(/|$))")


def broken_rules(html: str) -> list[str]:
    """Every rule that a page breaks."""
    tree = parse(html)
    return [*_no_code(tree), *_pictures(tree), *_headings(tree), *_landmarks(tree), *_machine_data(tree, html)]


def attributes_of(tree: Element, name: str) -> list[str]:
    """The values of an attribute wherever it stands."""
    return [x.attrs[name] for x in tree.all() if name in x.attrs]


def meta(tree: Element) -> dict[str, str]:
    """Named facts of the head; of repeated ones the first."""
    pairs = [(x.attrs.get("property") or x.attrs.get("name") or "", x.attrs.get("content", "")) for x in tree.all("meta")]
    return dict(reversed(pairs))


def link(tree: Element, rel: str) -> str | None:
    """The address of the first link of a kind in the head."""
    return next((x.attrs["href"] for x in tree.all("link") if x.attrs.get("rel") == rel), None)


def json_ld(tree: Element) -> list[dict[str, Any]]:
    """The nodes of the page's graph."""
    scripts = [x for x in tree.all("script") if x.attrs.get("type") == "application/ld+json"]
    assert len(scripts) <= 1
    return json.loads("".join(str(x) for x in scripts[0].children))["@graph"] if scripts else []


def offers_of(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The offers of a Product or of the variants of a ProductGroup."""
    variants = item.get("hasVariant", [item])
    return [x["offers"] for x in variants if "offers" in x]


def _no_code(tree: Element) -> Iterator[str]:
    if any(True for _ in tree.all("style", "iframe", "object", "embed", "base")):
        yield "a forbidden element"
    for element in tree.all():
        if element.tag == "script" and element.attrs.get("type") != "application/ld+json":
            yield "a script"
        for name, value in element.attrs.items():
            if name == "style" or name.startswith("on"):
                yield f"{name} on {element.tag}"
            if name in ("href", "src", "action") and not SAFE_ADDRESS.match(value):
                yield f"an address that is not safe: {value}"


def _pictures(tree: Element) -> Iterator[str]:
    images = list(tree.all("img"))
    for image in images:
        if not (image.attrs.get("width", "").isdigit() and image.attrs.get("height", "").isdigit() and "alt" in image.attrs):
            yield f"a picture without size or alt: {image.attrs}"
    if sum(image.attrs.get("fetchpriority") == "high" for image in images) > 1:
        yield "more than one cover"


def _headings(tree: Element) -> Iterator[str]:
    levels = [int(x.tag[1]) for x in tree.all(*HEADINGS)]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} h1"
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"a heading jumps from h{above} to h{below}"
    if any(not x.text for x in tree.all(*HEADINGS)):
        yield "an empty heading"


def _landmarks(tree: Element) -> Iterator[str]:
    ids = attributes_of(tree, "id")
    yield from (f"id {x!r} twice" for x in {x for x in ids if ids.count(x) > 1})
    for value in [x.attrs.get("datetime", "") for x in tree.all("time")]:
        if not TIME.fullmatch(value):
            yield f"a time without offset: {value!r}"
    for target in attributes_of(tree, "href") + attributes_of(tree, "aria-labelledby") + attributes_of(tree, "popovertarget"):
        fragment = target[1:] if target.startswith("#") else None if "/" in target or ":" in target else target
        if fragment is not None and fragment not in ids:
            yield f"nothing has the id {fragment!r}"
    body = next(iter(tree.all("body")))
    for tag in ("main", "h1"):
        if sum(1 for _ in body.all(tag)) != 1:
            yield f"not one {tag}"
    unnamed = [x for x in tree.all("nav", "aside", "section") if not {"aria-label", "aria-labelledby"} & x.attrs.keys()]
    yield from (f"{x.tag} without a name" for x in unnamed)
    labels = [x.attrs["aria-label"] for x in tree.all("nav") if "aria-label" in x.attrs]
    if len(labels) != len(set(labels)):
        yield "two nav of one name"
    for element in body.all():
        if "None" in element.attrs.values() or (squash("".join(x for x in element.children if isinstance(x, str))) == "None"):
            yield f"an absent value on {element.tag}"


def _machine_data(tree: Element, html: str) -> Iterator[str]:
    facts, canonical, robots = meta(tree), link(tree, "canonical"), meta(tree).get("robots", "")
    if canonical != facts.get("og:url"):
        yield "og:url is not the canonical address"
    if canonical and not facts.get("og:title"):
        yield "no og:title"
    if canonical and not canonical.startswith("http"):
        yield "the canonical address is not absolute"
    if bool(canonical) and not robots.startswith("noindex") and not json_ld(tree):
        yield "no JSON-LD"
    if "wholesale" in html.lower():
        yield "the word wholesale"
    text = tree.text
    for item in json_ld(tree):
        yield from _visible(item, tree, text)


def _visible(item: dict[str, Any], tree: Element, text: str) -> Iterator[str]:
    if item["@type"] in ("BlogPosting", "Product", "ProductGroup"):
        yield from _words(item, text)
    if item["@type"] == "BlogPosting":
        stamps = [x.attrs["datetime"] for article in tree.classed("post") for x in article.all("time")]
        if item["datePublished"] not in stamps or squash(item.get("author", {"name": ""})["name"]) not in text:
            yield "date or author differs from the page"
    if item["@type"] == "BreadcrumbList":
        shown = [x.text for nav in tree.classed("crumbs") for x in nav.all("li")]
        if [squash(x["name"]) for x in item["itemListElement"]] != shown:
            yield "breadcrumbs differ"


def _words(item: dict[str, Any], text: str) -> Iterator[str]:
    for key in ("headline", "name", "description"):
        if squash(item.get(key, "")) not in text:
            yield f"JSON-LD {key} is not on the page: {item[key][:50]}"
    for offer in offers_of(item):
        if not any(form in text for form in price_forms(offer["price"])):
            yield f"price {offer['price']} is not on the page"
    for variant in item.get("hasVariant", []):
        if squash(variant["sku"]) not in text:
            yield f"sku {variant['sku']} is not on the page"


def price_forms(price: str) -> tuple[str, ...]:
    """How people of the demonstration's languages may write a price."""
    plain, grouped = f"{float(price):.2f}", f"{float(price):,.2f}"
    return plain, grouped, plain.replace(".", ","), grouped.translate(str.maketrans(",.", ".,")), price
