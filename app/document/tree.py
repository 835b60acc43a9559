"""A body as a tree: read from any HTML, written in the form in which an HTML parser writes it back.

Reading always gives a well-nested tree of bounded depth, whatever the source. That keeps everything after it, the
sanitiser too, from the sources that make HTML parsers slow: ten thousand nested lists, or formatting that is never closed.
"""

from collections.abc import Callable, Iterator

from app.document.policy import ELEMENTS, RENAMED, VOID, WRAPPERS
from app.document.tokens import Token, tokens

DEPTH = 60

_KNOWN = frozenset(ELEMENTS) | WRAPPERS
_CELLS = frozenset({"td", "th", "caption"})
_ROOM = frozenset({"table", *_CELLS})
_TABLE_PARTS = frozenset({*_ROOM, "tr", "thead", "tbody", "tfoot"})
_FORMATTING = frozenset(name for name, element in ELEMENTS.items() if element.group == "inline")
_CLOSES_PARAGRAPH = frozenset(name for name, element in ELEMENTS.items() if element.group != "inline") | WRAPPERS
_HEADINGS = frozenset({"h2", "h3", "h4"})
_LISTS = frozenset({"ul", "ol"})

# An element whose start ends others that are still open, and what those others cannot reach across.
_ENDS_OPEN: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), _LISTS | _ROOM),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"}) | _ROOM),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"}) | _ROOM),
    "td": (_CELLS, frozenset({"table", "tr"})),
    "th": (_CELLS, frozenset({"table", "tr"})),
    "tr": (frozenset({"tr", "caption"}), frozenset({"table"})),
    "caption": (frozenset({"caption"}), frozenset({"table"})),
    **dict.fromkeys(("thead", "tbody", "tfoot"), (frozenset({"thead", "tbody", "tfoot", "caption"}), frozenset({"table"}))),
    **dict.fromkeys(_HEADINGS, (_HEADINGS, _ROOM)),
    "a": (frozenset({"a"}), _ROOM),
}

Report = Callable[[str], None]


class Node:
    """An element, or the body itself, whose tag is "". Children are nodes and text; text is not escaped."""

    __slots__ = ("attributes", "children", "tag")

    def __init__(self, tag: str, attributes: dict[str, str] | None = None, children: "list[Child] | None" = None) -> None:
        self.tag = tag
        self.attributes = {} if attributes is None else attributes
        self.children: list[Child] = [] if children is None else children


Child = Node | str


def read(source: str, report: Report = lambda what: None) -> tuple[Node, int]:
    """The tree of any HTML and its depth, at most DEPTH. Unknown elements give way to their contents; `report` is told."""
    builder = _Builder(report)
    for token in tokens(source):
        builder.take(token)
    return builder.root, builder.depth


def write(node: Node) -> str:
    """The HTML of a node's children, escaped as the HTML standard serialises it, but for hard spaces, which stay characters."""
    out: list[str] = []
    _write(node, out)
    return "".join(out)


def write_child(child: Child) -> str:
    """The HTML of one node or text."""
    return write(Node("", children=[child]))


def walk(node: Node) -> Iterator[Node]:
    """All nodes below a node, in the order of the text."""
    waiting = [child for child in reversed(node.children) if isinstance(child, Node)]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(child for child in reversed(current.children) if isinstance(child, Node))


def text_of(child: Child, alternatives: bool = False) -> str:
    """The words of a node on one line, without the numbers that refer to footnotes; `alternatives` adds those of pictures."""
    out: list[str] = []
    _gather(child, out, alternatives)
    return " ".join("".join(out).split())


def is_block(child: Child) -> bool:
    """Whether a child stands among paragraphs and not in text."""
    return isinstance(child, Node) and child.tag not in _FORMATTING


def is_blank(child: Child) -> bool:
    """Whether a child is only white space."""
    return isinstance(child, str) and not child.strip()


def escape_text(text: str) -> str:
    """Text as HTML."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    return text.replace("<", "&lt;").replace(">", "&gt;")


def escape_value(value: str) -> str:
    """The value of an attribute as HTML, to stand between double quotes."""
    return escape_text(value).replace('"', "&quot;")


def _write(node: Node, out: list[str]) -> None:
    for child in node.children:
        if isinstance(child, str):
            out.append(escape_text(child))
            continue
        out.append(f"<{child.tag}{_written(child.attributes)}>" if child.attributes else f"<{child.tag}>")
        if child.tag in VOID:
            continue
        if child.tag == "pre" and _begins_with_line_end(child):
            out.append("\n")  # A parser ignores the line end right after <pre>.
        _write(child, out)
        out.append(f"</{child.tag}>")


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape_value(value)}"' for name, value in attributes.items())


def _begins_with_line_end(node: Node) -> bool:
    first = next((child for child in node.children if child != ""), "")
    return isinstance(first, str) and first.startswith("\n")


def _gather(child: Child, out: list[str], alternatives: bool) -> None:
    if isinstance(child, str):
        out.append(child)
    elif child.tag == "br":
        out.append(" ")
    elif child.tag == "img":
        out.append(child.attributes.get("alt", "") if alternatives else "")
    elif not child.attributes.get("id", "").startswith("fnref-"):
        edge = " " if is_block(child) else ""
        out.append(edge)
        for inner in child.children:
            _gather(inner, out, alternatives)
        out.append(edge)


def _lost(tag: str, attributes: dict[str, str], otherwise: str) -> str:
    source = attributes.get("src") or attributes.get("data")
    return f"<{tag[:40]}> of {source[:120]}" if source else f"<{tag[:40]}> {otherwise}"


class _Builder:
    def __init__(self, report: Report) -> None:
        self.root = Node("")
        self.open = [self.root]
        self.report = report
        self.is_after_pre = False
        self.depth = 0

    def take(self, token: Token) -> None:
        kind, value, attributes = token
        is_after_pre, self.is_after_pre = self.is_after_pre, False
        if kind == "text":
            self.open[-1].children.append(value.removeprefix("\n") if is_after_pre else value)
        elif kind == "start":
            self._start(RENAMED.get(value, value), attributes)
        elif kind == "end":
            self._end(RENAMED.get(value, value))
        elif kind == "comment":
            self.report("a comment")
        else:
            self.report(_lost(value, attributes, "with everything in it"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag not in _KNOWN:
            self.report(_lost(tag, attributes, "(its text stays)"))
            return
        self._end_implied(tag)
        if tag not in VOID and len(self.open) > DEPTH:
            self.report(f"nesting deeper than {DEPTH} levels")
            return
        node = Node(tag, attributes or None)
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)
            self.depth = max(self.depth, len(self.open) - 1)
            self.is_after_pre = tag == "pre"

    def _end_implied(self, tag: str) -> None:
        if tag in _ENDS_OPEN:
            self._close(*_ENDS_OPEN[tag])
        if tag in _CLOSES_PARAGRAPH:
            self._close(frozenset({"p"}), _ROOM)

    def _close(self, tags: frozenset[str], barrier: frozenset[str]) -> None:
        """Ends the nearest open element of `tags` and all in it, unless one of `barrier` stands between."""
        for index in range(len(self.open) - 1, 0, -1):
            if self.open[index].tag in tags:
                del self.open[index:]
                return
            if self.open[index].tag in barrier:
                return

    def _end(self, tag: str) -> None:
        barrier = frozenset({"table"}) if tag in _TABLE_PARTS - {"table"} else frozenset() if tag == "table" else _ROOM
        barrier = barrier | _LISTS if tag == "li" else barrier
        for index in range(len(self.open) - 1, 0, -1):
            if self.open[index].tag == tag:
                self._leave(index, tag)
                return
            if self.open[index].tag in barrier:
                return

    def _leave(self, index: int, tag: str) -> None:
        # Formatting that ends inside a later paragraph must not end the paragraph too.
        if tag in _FORMATTING and any(is_block(node) for node in self.open[index + 1 :]):
            del self.open[index]
        else:
            del self.open[index:]
