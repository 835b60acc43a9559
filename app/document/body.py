"""From a stored body to the body of a page: ids for headings, room for wide tables, footnotes, text, links and pictures.

The result depends on the source and the labels alone, so that a page rendered again is the same page.
"""

import re
from collections.abc import Callable
from typing import Literal

import msgspec
from markupsafe import Markup

from app.document.clean import clean_tree
from app.document.markdown import markdown_tree
from app.document.plain import anchor, cut
from app.document.tree import Child, Node, text_of, walk, write

BodyFormat = Literal["html", "markdown"]

WORDS_PER_MINUTE = 220
EXCERPT_LIMIT = 160

# Ids that the templates of pages use themselves; a heading of the same name gets a number.
PAGE_IDS = frozenset({"main", "contents", "latest", "shop", "filters", "variants", "cats", "rel", "read"})

_HEADINGS = frozenset({"h2", "h3", "h4"})
_NOTES_ID = "notes"
_NOTE = re.compile(r"fn-(.+)")
# Writing without spaces between words: each character counts as one.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


class BodyLabels(msgspec.Struct, frozen=True):
    """The words that rendering adds to a body, in the body's language."""

    notes: str = "Notes"
    back_to_text: str = "Back to the text"
    table: str = "Table"


class Heading(msgspec.Struct, frozen=True):
    """A line of the table of contents; `level` is 2, 3 or 4."""

    level: int
    id: str
    text: str


class Rendered(msgspec.Struct, frozen=True):
    """A body ready for a page, but for its pictures, and what was learned while rendering it.

    `links` are the addresses it leads to, fragments left out; `assets` the names of its pictures; both without repetition.
    """

    html: str
    plain: str
    words: int
    minutes: int
    toc: tuple[Heading, ...]
    assets: tuple[str, ...]
    links: tuple[str, ...]
    excerpt: str


def render_body(source: str, body_format: BodyFormat, labels: BodyLabels | None = None) -> Rendered:
    """The rendered body. Takes any source and never raises; a hostile Markdown megabyte may take half a minute."""
    root = markdown_tree(source) if body_format == "markdown" else clean_tree(source)[0]
    plain = text_of(root)
    words = len(_WORD.findall(plain))
    assets = tuple(dict.fromkeys(node.attributes["data-asset"] for node in walk(root) if "data-asset" in node.attributes))
    links = tuple(dict.fromkeys(href for node in walk(root) if (href := node.attributes.get("href", "#"))[0] != "#"))
    excerpt = cut(_opening(root) or plain, EXCERPT_LIMIT)
    page = _Page(root, labels or BodyLabels())
    root.children = page.children(root)
    minutes = max(1, round(words / WORDS_PER_MINUTE))
    return Rendered(write(root), plain, words, minutes, tuple(page.toc), assets, links, excerpt)


def resolve_figures(html: str, picture: Callable[[str], Markup | None]) -> Markup:
    """The body with its pictures, each asked for once by its asset name.

    An unknown picture leaves the caption of its figure; a figure without either goes.
    """
    known: dict[str, Markup | None] = {}

    def found(name: str) -> Markup | None:
        if name not in known:
            known[name] = picture(name)
        return known[name]

    return Markup(_FIGURE.sub(lambda match: _resolved(match, found), html))  # noqa: S704


# Rendered bodies are written by tree.write alone: attributes stand between double quotes and no other "<" is left in them.
_FIGURE = re.compile(r'<figure((?: [a-z]+="[^"]*")*) data-asset="([^"]*)"((?: [a-z]+="[^"]*")*)>(</figure>)?|<img(?: [a-z-]+="[^"]*")*>')
_ASSET = re.compile(r' data-asset="([^"]*)"')


def _resolved(match: re.Match[str], found: Callable[[str], Markup | None]) -> str:
    if match[2] is not None:
        picture, is_empty = found(match[2]), match[4] is not None
        return "" if picture is None and is_empty else f"<figure{match[1]}{match[3]}>{picture or ''}{match[4] or ''}"
    asset = _ASSET.search(match[0])
    if asset is None:
        return match[0]
    picture = found(asset[1])
    if picture is not None:
        return picture
    return _ASSET.sub("", match[0]) if ' src="' in match[0] else ""


def _opening(root: Node) -> str:
    """The first paragraphs as text, as much as an excerpt needs."""
    text = ""
    for child in root.children:
        if isinstance(child, Node) and child.tag == "p":
            text = f"{text} {text_of(child)}".strip()
        if len(text) > EXCERPT_LIMIT:
            break
    return text


class _Page:
    """Rewrites a clean tree for a page, from top to bottom."""

    def __init__(self, root: Node, labels: BodyLabels) -> None:
        self.labels = labels
        self.toc: list[Heading] = []
        self.tables = 0
        self.ids = {node.attributes["id"] for node in walk(root) if "id" in node.attributes}
        self.taken = set(PAGE_IDS | self.ids)
        if any(node.tag == "section" for node in walk(root)):
            self.taken.add(_NOTES_ID)

    def children(self, node: Node, in_table: bool = False) -> list[Child]:
        result: list[Child] = []
        for child in node.children:
            result.extend([child] if isinstance(child, str) else self._element(child, in_table))
        return result

    def _element(self, node: Node, in_table: bool) -> list[Child]:
        node.children = self.children(node, in_table or node.tag == "table")
        if node.tag in _HEADINGS:
            return self._heading(node)
        if node.tag == "table":
            return [node] if in_table else [self._table(node)]
        if node.tag == "section":
            self._notes(node)
        elif node.tag == "pre":
            node.attributes["tabindex"] = "0"
        elif node.tag == "a" and node.attributes.get("id") and node.attributes.get("href", "").startswith("#fn-"):
            node.attributes = {"role": "doc-noteref", **node.attributes}
        return [node]

    def _heading(self, node: Node) -> list[Child]:
        text = text_of(node, alternatives=True)
        if not text:
            return list(node.children)
        ident = self._free(anchor(text))
        node.attributes = {"id": ident, **node.attributes}
        self.toc.append(Heading(int(node.tag[1]), ident, text))
        return [node]

    def _table(self, table: Node) -> Node:
        self.tables += 1
        region = Node("div", {"class": "scroll", "role": "region", "tabindex": "0"}, [table])
        caption = next((child for child in table.children if isinstance(child, Node) and child.tag == "caption"), None)
        if caption is not None and text_of(caption):
            caption.attributes["id"] = region.attributes["aria-labelledby"] = self._free(f"table-{self.tables}")
        else:
            region.attributes["aria-label"] = f"{self.labels.table} {self.tables}"
        for node in walk(table):
            if node.tag in {"thead", "tbody"}:
                _name_scopes(node)
        return region

    def _notes(self, section: Node) -> None:
        # A clean body may hold more than one such section; the first is the one that is named.
        ident = _NOTES_ID if _NOTES_ID not in self.ids else self._free(_NOTES_ID)
        self.ids.add(ident)
        section.attributes |= {"role": "doc-endnotes", "aria-labelledby": ident}
        for node in walk(section):
            note = _NOTE.fullmatch(node.attributes.get("id", "")) if node.tag == "li" else None
            if note and f"fnref-{note[1]}" in self.ids:
                self._lead_back(node, f"#fnref-{note[1]}")
        section.children.insert(0, Node("h2", {"id": ident}, [self.labels.notes]))

    def _lead_back(self, item: Node, target: str) -> None:
        link = next((node for node in walk(item) if node.tag == "a" and node.attributes.get("href") == target), None)
        if link is None:
            link = Node("a", children=["↩\ufe0e"])
            item.children.extend([" ", link])
        link.attributes = {"role": "doc-backlink", "href": target, "aria-label": self.labels.back_to_text}

    def _free(self, wanted: str) -> str:
        ident, number = wanted, 1
        while ident in self.taken:
            number += 1
            ident = f"{wanted}-{number}"
        self.taken.add(ident)
        return ident


def _name_scopes(rows: Node) -> None:
    """Header cells without a scope get the one that their place suggests."""
    scope = "col" if rows.tag == "thead" else "row"
    for row in rows.children:
        for cell in row.children if isinstance(row, Node) else ():
            if isinstance(cell, Node) and cell.tag == "th":
                cell.attributes.setdefault("scope", scope)
