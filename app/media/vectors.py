"""Drawings for logos: an SVG is rebuilt from a closed list of elements and attributes, so that it can only be looked at."""

import re
from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from app.errors import Invalid

SIZE_LIMIT = 512 * 1024
ELEMENT_LIMIT = 10_000
USE_LIMIT = 100
DEPTH_LIMIT = 60

_NAMESPACE = "http://www.w3.org/2000/svg"
_SVG = f"{{{_NAMESPACE}}}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

_ELEMENTS = frozenset({
    "svg", "g", "defs", "symbol", "use", "title", "desc", "style", "path", "rect", "circle", "ellipse", "line", "polyline",
    "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern",
})  # fmt: skip
_WITH_TEXT = frozenset({"title", "desc", "style", "text", "tspan"})
# Only their contents are of use in a picture.
_UNWRAPPED = frozenset({"a", "switch"})
_ATTRIBUTES = frozenset({
    "id", "class", "style", "viewBox", "preserveAspectRatio", "version", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry",
    "fx", "fy", "fr", "d", "points", "width", "height", "dx", "dy", "rotate", "textLength", "lengthAdjust", "offset", "pathLength",
    "transform", "gradientUnits", "gradientTransform", "spreadMethod", "clipPathUnits", "maskUnits", "maskContentUnits",
    "patternUnits", "patternContentUnits", "patternTransform", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width",
    "stroke-opacity", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "opacity",
    "color", "display", "visibility", "overflow", "clip-path", "clip-rule", "mask", "stop-color", "stop-opacity", "font-family",
    "font-size", "font-style", "font-weight", "font-variant", "letter-spacing", "word-spacing", "text-anchor", "text-decoration",
    "dominant-baseline", "baseline-shift", "vector-effect", "shape-rendering", "text-rendering", "paint-order", "role",
    "aria-label", "aria-hidden",
})  # fmt: skip
_REFERRING = frozenset({"use", "linearGradient", "radialGradient", "pattern"})

_SIZE = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})\s*(?:px)?\s*")
_NUMBER = re.compile(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]{1,2})?")
_CALL = re.compile(r"url\(", re.IGNORECASE)
_LOCAL_CALL = re.compile(r"url\(\s*[\"']?#[\w.:-]+[\"']?\s*\)", re.IGNORECASE)
_LOCAL = re.compile(r"#[\w.:-]+")
# A backslash could spell any of the others, and "@" begins every rule that loads something.
_RISKY = re.compile(
    r"[\\@<]|(?:javascript|vbscript|data)\s*:|expression\s*\(|-moz-binding|behavior\s*:|image(?:-set)?\s*\(|src\s*\(",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[\t\n\r]+")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DEFAULT_SIZE = (300, 150)

_NOT_AN_SVG = "This is not an SVG drawing that we can read. Save it as plain SVG, or upload the logo as a PNG file."
_TOO_COMPLEX = "The drawing is too large for a logo. Simplify it, or upload the logo as a PNG file."
_HAS_ENTITIES = "The file defines entities of its own, which we do not take. Save it as plain SVG, or upload the logo as a PNG file."


def clean_svg(data: bytes) -> bytes:
    """The drawing without scripts, links, other people's files, foreign content and all else that is not on the list.

    Cleaning twice changes nothing. Raises Invalid naming `file` when it is no SVG, defines entities or is too large.
    """
    root = _parsed(data)
    kept = _kept(root)
    _drop_nested_uses(kept)
    out: list[str] = []
    kept.attrib = {"xmlns": _NAMESPACE, **kept.attrib}
    _write(kept, out)
    return "".join(out).encode()


def svg_size(data: bytes) -> tuple[int, int]:
    """Width and height of a drawing in pixels: its own, else those of its view box. Raises Invalid like `clean_svg`."""
    root = _parsed(data)
    sizes = [_SIZE.fullmatch(root.get(name, "")) for name in ("width", "height")]
    box = _NUMBER.findall(root.get("viewBox", ""))
    if sizes[0] and sizes[1]:
        width, height = float(sizes[0][1]), float(sizes[1][1])
    elif len(box) == 4:
        width, height = float(box[2]), float(box[3])
    else:
        width, height = _DEFAULT_SIZE
    return max(1, round(width)), max(1, round(height))


def _refused(what: str) -> Invalid:
    return Invalid({"file": what}, what)


def _parsed(data: bytes) -> Element:
    if len(data) > SIZE_LIMIT:
        raise _refused(_TOO_COMPLEX)
    try:
        root: Element = fromstring(data)
    except DefusedXmlException:
        raise _refused(_HAS_ENTITIES) from None
    except (ParseError, ValueError, LookupError):
        raise _refused(_NOT_AN_SVG) from None
    if root.tag != f"{_SVG}svg":
        raise _refused(_NOT_AN_SVG)
    _check_extent(root)
    return root


def _check_extent(root: Element) -> None:
    level, count, depth = [root], 0, 0
    while level:
        count, depth = count + len(level), depth + 1
        if count > ELEMENT_LIMIT or depth > DEPTH_LIMIT:
            raise _refused(_TOO_COMPLEX)
        level = [child for element in level for child in element]
    if sum(1 for _ in root.iter(f"{_SVG}use")) > USE_LIMIT:
        raise _refused(_TOO_COMPLEX)


def _kept(element: Element) -> Element:
    """A copy of the element with only what is on the list; namespaces are gone."""
    name = element.tag.removeprefix(_SVG)
    copy = Element(name, _kept_attributes(name, element))
    copy.text = _text(element.text) if name in _WITH_TEXT else None
    for child in _kept_children(element):
        inner = _kept(child)
        if child.tag != f"{_SVG}style" or _is_harmless(inner.text or ""):
            inner.tail = _text(child.tail) if name in {"text", "tspan"} else None
            copy.append(inner)
    return copy


def _kept_children(element: Element) -> Iterator[Element]:
    for child in element:
        # Comments and processing instructions have functions for tags.
        name = child.tag.removeprefix(_SVG) if str(child.tag).startswith(_SVG) else ""
        if name in _UNWRAPPED:
            yield from _kept_children(child)
        elif name in _ELEMENTS:
            yield child


def _kept_attributes(name: str, element: Element) -> dict[str, str]:
    kept = {key: _SPACES.sub(" ", value) for key, value in element.attrib.items() if key in _ATTRIBUTES and _is_harmless(value)}
    target = element.get("href", element.get(_XLINK_HREF, "")).strip()
    if name in _REFERRING and _LOCAL.fullmatch(target):
        kept["href"] = target
    return kept


def _is_harmless(text: str) -> bool:
    """Whether a value or style sheet can reach nothing outside the drawing."""
    return not _RISKY.search(text) and len(_CALL.findall(text)) == len(_LOCAL_CALL.findall(text))


def _drop_nested_uses(root: Element) -> None:
    """Copies of what holds copies go: a few of them, nested, would draw millions of shapes."""
    nested = {f"#{element.get('id')}" for element in root.iter() if element.get("id") and next(element.iter("use"), None) is not None}
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag == "use" and child.get("href", "") in nested | {""}]:
            parent.remove(child)


def _text(text: str | None) -> str | None:
    return None if text is None else _ILLEGAL.sub("", text.replace("\r", "\n"))


def _write(element: Element, out: list[str]) -> None:
    out.append(f"<{element.tag}")
    out.extend(f' {name}="{escape(_ILLEGAL.sub("", value))}"' for name, value in element.attrib.items())
    out.append(">")
    out.append(escape(element.text or "", quote=False))
    for child in element:
        _write(child, out)
        out.append(escape(child.tail or "", quote=False))
    out.append(f"</{element.tag}>")
