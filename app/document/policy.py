"""What a stored body may hold: one table of elements and attributes, and the few rules that read it.

The table is data so that the sanitiser, the editor's schema and the tests are made from the same lines. Every pattern
matches a whole value and uses only what Python's and JavaScript's regular expressions have in common.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

import msgspec

Group = Literal["block", "part", "inline"]
Holds = Literal["flow", "text", "parts", "nothing"]
Kind = Literal["value", "tokens", "link", "picture"]


class Attribute(msgspec.Struct, frozen=True):
    """One allowed attribute. A `value` must match `pattern` whole; of `tokens` those that match stay.

    A `link` follows LINK_SCHEMES, a `picture` is an https address; both ignore `pattern`.
    """

    name: str
    pattern: str = "[\\s\\S]{0,2000}"
    kind: Kind = "value"


class Element(msgspec.Struct, frozen=True):
    """One allowed element.

    `block` elements stand among paragraphs, a `part` only in one of the parents named by `inside` ("" is the body
    itself), `inline` elements in text. `needs` names attributes of which one must be there, else only the contents stay.
    """

    name: str
    group: Group
    holds: Holds
    attributes: tuple[Attribute, ...] = ()
    inside: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
PICTURE_SCHEMES = frozenset({"https"})
ASSET_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,119}"

_LANG = Attribute("lang", "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DIR = Attribute("dir", "ltr|rtl|auto")
_LANGUAGE = (_LANG, _DIR)
_ASSET = Attribute("data-asset", ASSET_PATTERN)
_SPAN = "[1-9][0-9]{0,2}"
_PIXELS = "[1-9][0-9]{0,4}"
_CELL = (*_LANGUAGE, Attribute("colspan", _SPAN), Attribute("rowspan", _SPAN), Attribute("class", "num", "tokens"))
_REL = "author|external|help|license|me|next|nofollow|noopener|noreferrer|prev|sponsored|tag|ugc"
_LINK = (
    Attribute("href", kind="link"),
    Attribute("title"),
    Attribute("rel", _REL, "tokens"),
    Attribute("hreflang", _LANG.pattern),
    Attribute("id", "fnref-[0-9A-Za-z-]{1,40}"),
)
_IMAGE = (
    _ASSET,
    Attribute("src", kind="picture"),
    Attribute("alt"),
    Attribute("width", _PIXELS),
    Attribute("height", _PIXELS),
)

_BLOCKS = (
    *(Element(name, "block", "text", _LANGUAGE) for name in ("h2", "h3", "h4", "p")),
    Element("hr", "block", "nothing"),
    Element("pre", "block", "text", _LANGUAGE),
    Element("blockquote", "block", "flow", (*_LANGUAGE, Attribute("cite", kind="link"))),
    Element("ul", "block", "parts", _LANGUAGE),
    Element("ol", "block", "parts", (*_LANGUAGE, Attribute("start", "-?[0-9]{1,6}"))),
    Element("dl", "block", "parts", _LANGUAGE),
    Element("table", "block", "parts", _LANGUAGE),
    Element("figure", "block", "flow", (*_LANGUAGE, _ASSET)),
    Element("section", "block", "flow", (*_LANGUAGE, Attribute("class", "footnotes", "tokens")), inside=("",), needs=("class",)),
)
_PARTS = (
    Element("li", "part", "flow", (*_LANGUAGE, Attribute("id", "fn-[0-9A-Za-z-]{1,40}")), inside=("ul", "ol")),
    Element("dt", "part", "text", _LANGUAGE, inside=("dl",)),
    Element("dd", "part", "flow", _LANGUAGE, inside=("dl",)),
    Element("caption", "part", "text", _LANGUAGE, inside=("table",)),
    *(Element(name, "part", "parts", _LANGUAGE, inside=("table",)) for name in ("thead", "tbody", "tfoot")),
    Element("tr", "part", "parts", _LANGUAGE, inside=("thead", "tbody", "tfoot")),
    Element("th", "part", "flow", (*_CELL, Attribute("scope", "row|col|rowgroup|colgroup")), inside=("tr",)),
    Element("td", "part", "flow", _CELL, inside=("tr",)),
    Element("figcaption", "part", "flow", _LANGUAGE, inside=("figure",)),
    Element("footer", "part", "flow", _LANGUAGE, inside=("blockquote",)),
)
_INLINE = (
    Element("br", "inline", "nothing"),
    Element("img", "inline", "nothing", _IMAGE, needs=("data-asset", "src")),
    Element("a", "inline", "text", _LINK, needs=("href", "id")),
    *(Element(name, "inline", "text") for name in ("strong", "em", "b", "i", "u", "s", "sub", "sup", "mark", "small", "ins", "del")),
    *(Element(name, "inline", "text") for name in ("cite", "kbd", "q")),
    Element("code", "inline", "text", (Attribute("class", "language-[A-Za-z0-9_+#.-]{1,40}", "tokens"),)),
    Element("abbr", "inline", "text", (Attribute("title"),)),
    Element("time", "inline", "text", (Attribute("datetime", "[0-9A-Za-z:+. -]{1,40}"),)),
    Element("span", "inline", "text", _LANGUAGE, needs=("lang", "dir")),
)

ELEMENTS: Mapping[str, Element] = {element.name: element for element in (*_BLOCKS, *_PARTS, *_INLINE)}

VOID = frozenset(name for name, element in ELEMENTS.items() if element.holds == "nothing")

# Elements that say the same as an allowed one; headings keep to the three levels below the title of the page.
RENAMED: Mapping[str, str] = {
    "h1": "h2", "h5": "h4", "h6": "h4", "acronym": "abbr", "dir": "ul", "menu": "ul",
    "samp": "code", "strike": "s", "tt": "code", "var": "i",
}  # fmt: skip

# Elements of other people's pages that only group: they go, and the text in them becomes paragraphs.
WRAPPERS = frozenset({
    "address", "article", "aside", "body", "center", "details", "dialog", "div", "fieldset", "form",
    "header", "hgroup", "html", "main", "nav", "noscript", "search", "section", "summary",
})  # fmt: skip

# Elements that are removed together with everything in them.
SWALLOWED = frozenset({
    "applet", "iframe", "math", "noembed", "noframes", "object", "script", "select", "style", "svg", "template", "title",
})  # fmt: skip

# A stray thing standing directly in a list is put into an item of it.
STRAY_PART: Mapping[str, str] = {"ul": "li", "ol": "li", "dl": "dd"}

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_IGNORED_IN_ADDRESSES = re.compile(r"[\t\n\r]+")
_CONTROL_ENDS = "".join(map(chr, range(0x21)))
_ADDRESS_LIMIT = 4096


def accepted(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute as it may be stored, or None when the attribute is not allowed or its value is not."""
    attribute = _attributes(tag).get(name)
    if attribute is None:
        return None
    if attribute.kind == "link":
        return _address(value, LINK_SCHEMES)
    if attribute.kind == "picture":
        address = _address(value, PICTURE_SCHEMES)
        return address if address and scheme_of(address) else None
    if attribute.kind == "tokens":
        return " ".join(token for token in value.split() if _matches(attribute.pattern, token)) or None
    return value if _matches(attribute.pattern, value) else None


def scheme_of(address: str) -> str | None:
    """The scheme of an address in lower case, None for a relative one."""
    found = _SCHEME.match(address)
    return found[1].lower() if found else None


def is_external(address: str) -> bool:
    """Whether a link may lead to another host. A browser reads a backslash in an address as a slash."""
    return scheme_of(address) in {"http", "https"} or address.replace("\\", "/").startswith("//")


def is_asset(name: str) -> bool:
    """Whether a name can be the name of a picture in the media library."""
    return _matches(ASSET_PATTERN, name)


def _address(value: str, schemes: frozenset[str]) -> str | None:
    # Browsers drop tabs and line ends inside an address and control characters at its ends before they look for the scheme.
    address = _IGNORED_IN_ADDRESSES.sub("", value).strip(_CONTROL_ENDS)
    scheme = scheme_of(address)
    if not address or len(address) > _ADDRESS_LIMIT or (scheme is not None and scheme not in schemes):
        return None
    try:
        urlsplit(address)
    except ValueError:
        return None
    return address


@cache
def _attributes(tag: str) -> dict[str, Attribute]:
    element = ELEMENTS.get(tag)
    return {attribute.name: attribute for attribute in element.attributes} if element else {}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _matches(pattern: str, value: str) -> bool:
    return _compiled(pattern).fullmatch(value) is not None
