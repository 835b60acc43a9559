"""Cleaning: any HTML becomes the subset that policy.py allows, and what had to go is reported.

Two independent readers must agree on the result. Ours gives the tree its shape and writes the report; nh3, a full HTML
parser, has the last word on what is safe. A result is only returned when nh3 finds nothing to change in it.
"""

import re
from collections import Counter

import msgspec
import nh3

from app.document.policy import ELEMENTS, LINK_SCHEMES, STRAY_PART, SWALLOWED, accepted, is_external
from app.document.tree import DEPTH, Child, Node, is_blank, is_block, read, text_of, write

_ROUNDS = 5
_REPORTED = 40
_LINKED_BLOCKS = 20
_ITEMS = frozenset({"li", "dt", "dd"})
_LINKABLE = frozenset({"p", "h2", "h3", "h4"})
_LINE_END_AFTER_PRE = re.compile(r"(<pre(?: [^>]*)?>)\n")

_SANITISER = nh3.Cleaner(
    tags=set(ELEMENTS),
    clean_content_tags=set(SWALLOWED),
    attributes={element.name: {attribute.name for attribute in element.attributes} for element in ELEMENTS.values()},
    attribute_filter=accepted,
    url_schemes=set(LINK_SCHEMES),
    link_rel=None,
)


class Cleaned(msgspec.Struct, frozen=True):
    """Clean HTML, and in words what was removed from the source; kinds that occur often are counted."""

    html: str
    dropped: tuple[str, ...]


def clean_html(source: str) -> Cleaned:
    """The source reduced to the allowed elements and attributes. Never raises; cleaning twice changes nothing."""
    _, html, dropped = clean_tree(source)
    return Cleaned(html, dropped)


def clean_tree(source: str) -> tuple[Node, str, tuple[str, ...]]:
    """The clean tree of a source, its HTML, and what was dropped."""
    dropped: Counter[str] = Counter()
    text = source
    for _ in range(_ROUNDS):
        source_tree, depth = read(text, lambda what: dropped.update([what]))
        root = _Settling(dropped).settle_body(source_tree)
        html = write(root)
        swept = _SANITISER.clean(html).replace("&nbsp;", "\xa0")
        # Settling adds at most one level to each, so a shallow tree cannot grow over the depth at which reading changes it.
        if swept == _LINE_END_AFTER_PRE.sub(r"\1", html) and (depth <= DEPTH // 2 or html == text):
            return root, html, _in_words(dropped)
        text = _LINE_END_AFTER_PRE.sub(r"\1\n\n", swept)
    dropped.update(["all formatting, because its tags contradict each other"])
    root = Node("", children=[Node("p", children=[text_of(read(text)[0])])])
    return root, write(root), _in_words(dropped)


def _in_words(dropped: Counter[str]) -> tuple[str, ...]:
    told = [what if times == 1 else f"{what} ({times} times)" for what, times in list(dropped.items())[:_REPORTED]]
    rest = len(dropped) - len(told)
    return (*told, f"and {rest} more kinds of things") if rest else tuple(told)


class _Settling:
    """One pass over a tree that puts every element where it may stand. Depth is bounded by the reader, so it may recurse."""

    def __init__(self, dropped: Counter[str]) -> None:
        self.dropped = dropped
        self.ids: set[str] = set()

    def settle_body(self, root: Node) -> Node:
        root.children = self._settle(root.children, "", False)
        return root

    def _settle(self, children: list[Child], parent: str, in_text: bool) -> list[Child]:
        settled: list[Child] = []
        for child in children:
            if isinstance(child, str):
                settled.append(child)
            else:
                settled.extend(self._element(child, parent, in_text))
        return settled

    def _element(self, node: Node, parent: str, in_text: bool) -> list[Child]:
        element = ELEMENTS.get(node.tag)
        if element is None or (element.inside and parent not in element.inside and not _is_row_in_table(node, parent)):
            return self._unwrapped(node, parent, in_text)
        self._check_attributes(node)
        if element.needs and not any(name in node.attributes for name in element.needs):
            return self._unwrapped(node, parent, in_text) if element.group == "block" else self._settle(node.children, parent, in_text)
        if element.group == "inline":
            return self._inline(node, parent, in_text)
        if in_text:
            return self._unwrapped(node, parent, in_text)
        node.children = self._arranged(node, self._settle(node.children, node.tag, element.holds == "text"))
        return [node]

    def _inline(self, node: Node, parent: str, in_text: bool) -> list[Child]:
        node.children = self._settle(node.children, parent if not in_text else node.tag, in_text)
        if any(is_block(child) for child in node.children):
            if node.tag == "a" and len(node.children) <= _LINKED_BLOCKS:
                return _linked(node)
            self.dropped.update([f"<{node.tag}> around whole paragraphs"])
            return node.children
        return [node]

    def _unwrapped(self, node: Node, parent: str, in_text: bool) -> list[Child]:
        """The contents of an element that may not stand here; what would run together is kept apart."""
        children = self._settle(node.children, parent, in_text)
        if in_text:
            return [" ", *children, " "]
        holder = ELEMENTS.get(parent)
        return children if holder is not None and holder.holds == "parts" else _paragraphs(children)

    def _check_attributes(self, node: Node) -> None:
        if not node.attributes:
            return
        kept: dict[str, str] = {}
        for name, value in node.attributes.items():
            allowed = accepted(node.tag, name, value)
            if name == "id" and allowed in self.ids:
                allowed = None
            if allowed is not None:
                kept[name] = allowed
            if allowed is None or (allowed != value and name in {"class", "rel"}):
                self._report(node.tag, name, value)
        if "id" in kept:
            self.ids.add(kept["id"])
        if is_external(kept.get("href", "")) and "noopener" not in kept.get("rel", "").split():
            kept["rel"] = f"{kept.get('rel', '')} noopener".strip()
        node.attributes = kept

    def _report(self, tag: str, name: str, value: str) -> None:
        if name in {"href", "src"} and value:
            self.dropped.update([f"the address {value[:120]} of <{tag}>"])
        else:
            self.dropped.update([f"the attribute {name[:40]} of <{tag}>"])

    def _arranged(self, node: Node, children: list[Child]) -> list[Child]:
        if node.tag in STRAY_PART:
            return _in_items(children, STRAY_PART[node.tag])
        return _in_table_bodies(children) if node.tag == "table" else children


def _linked(link: Node) -> list[Child]:
    """The blocks inside a link, each with its own text made the link. Copies carry no id."""
    address = {name: value for name, value in link.attributes.items() if name != "id"}
    blocks = _paragraphs(link.children)
    for block in blocks:
        if isinstance(block, Node) and block.tag in _LINKABLE and not all(is_blank(child) for child in block.children):
            block.children = [Node("a", dict(address), block.children)]
    return blocks


def _is_row_in_table(node: Node, parent: str) -> bool:
    return node.tag == "tr" and parent == "table"


def _in_items(children: list[Child], item: str) -> list[Child]:
    """Puts what stands directly in a list into an item: blocks into the one before, text into one of its own."""
    result: list[Child] = []
    last: Node | None = None
    takes_text = False
    for child in children:
        if isinstance(child, Node) and child.tag in _ITEMS:
            last, takes_text = child if child.tag == item else None, False
            result.append(child)
        elif last is not None and (takes_text or is_block(child)):
            last.children.append(child)
        elif is_blank(child):
            result.append(child)
        else:
            last, takes_text = Node(item, children=[child]), True
            result.append(last)
    return result


def _in_table_bodies(children: list[Child]) -> list[Child]:
    """Puts rows that stand directly in a table into a body, as every HTML parser does."""
    result: list[Child] = []
    body: Node | None = None
    for child in children:
        if isinstance(child, Node) and child.tag == "tr":
            if body is None:
                body = Node("tbody")
                result.append(body)
            body.children.append(child)
        else:
            body = body if is_blank(child) else None
            (body.children if body else result).append(child)
    return result


def _paragraphs(children: list[Child]) -> list[Child]:
    """Children with every run of text among them made a paragraph."""
    result: list[Child] = []
    run: list[Child] = []
    for child in [*children, Node("")]:
        if not is_block(child):
            run.append(child)
            continue
        result.extend(_paragraph(run))
        run = []
        result.append(child)
    return result[:-1]


def _paragraph(run: list[Child]) -> list[Child]:
    while run and is_blank(run[0]):
        run = run[1:]
    while run and is_blank(run[-1]):
        run = run[:-1]
    return [Node("p", children=run)] if run else []
