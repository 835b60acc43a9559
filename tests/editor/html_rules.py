"""What every screen of the console must keep to, checked on its HTML; each problem is one sentence."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
CONTROLS = frozenset({"input", "select", "textarea"})
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget", "form")


class Node:
    """An element with its attributes, its children and the text between them."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Node | None") -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Node | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    def all(self, *tags: str) -> Iterator["Node"]:
        """Every element below this one, in order; only those with one of the tags when any is given."""
        for child in self.children:
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    @property
    def text(self) -> str:
        """The text of this element and everything in it."""
        return "".join(child.text if isinstance(child, Node) else child for child in self.children)

    def within(self, tag: str) -> bool:
        """Whether an element of this kind stands around it."""
        return self.parent is not None and (self.parent.tag == tag or self.parent.within(tag))

    def __repr__(self) -> str:
        return f"<{self.tag} {' '.join(f'{name}={value[:60]!r}' for name, value in self.attributes.items())}>"


class Reader(HTMLParser):
    """Builds the tree and notes what a browser would have to repair."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Node("document", {}, None)
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        doubled = [name for name, times in Counter(name for name, _ in attrs).items() if times > 1]
        if doubled:
            self.problems.append(f"<{tag}> says {doubled} twice")
        node = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.here.tag != tag:
            self.problems.append(f"</{tag}> closes {self.here!r}")
        elif self.here.parent:
            self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read(html: str) -> tuple[Node, list[str]]:
    """The tree of a page, and what is wrong with its nesting."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    unclosed = [] if reader.here is reader.root else [f"{reader.here!r} is not closed"]
    return reader.root, reader.problems + unclosed


def tree(html: str) -> Node:
    """The tree of a page."""
    return read(html)[0]


def problems(html: str) -> list[str]:
    """Everything that breaks a rule."""
    root, found = read(html)
    rules = (one_of_each, unique_ids, references, named, nothing_inline, forms, headings, links, blocks_in_text)
    return found + [problem for rule in rules for problem in rule(root)]


def one_of_each(root: Node) -> Iterable[str]:
    for tag in ("h1", "main", "title"):
        number = len(list(root.all(tag)))
        if number != 1:
            yield f"{number} {tag}"
    html = next(root.all("html"))
    if not html["lang"] or not next(root.all("title")).text.strip():
        yield "the page has no language or no title"


def unique_ids(root: Node) -> Iterable[str]:
    ids = Counter(node["id"] for node in root.all() if "id" in node)
    return [f"the id {name!r} stands {times} times" for name, times in ids.items() if times > 1 or not name or " " in name]


def references(root: Node) -> Iterable[str]:
    ids = {node["id"] for node in root.all()}
    for node in root.all():
        for name in REFERENCES:
            yield from (f"{node!r} points at nothing" for target in node[name].split() if target not in ids)
        if node["href"].startswith("#") and node["href"][1:] not in ids:
            yield f"{node!r} leads nowhere"


def name_of(node: Node, labelled: set[str]) -> str:
    if node.tag in CONTROLS:
        by_label = "label" if node["id"] in labelled or node.within("label") else ""
        return node["aria-label"] or node["aria-labelledby"] or by_label
    return node["aria-label"] or node.text


def named(root: Node) -> Iterable[str]:
    labelled = {label["for"] for label in root.all("label") if label.text.strip()}
    for node in root.all(*CONTROLS, "a", "button", "summary"):
        if node["type"] != "hidden" and "hidden" not in node and not name_of(node, labelled).strip():
            yield f"{node!r} has no name"
    for node in root.all("nav", "section", "aside"):
        if not node["aria-label"] and not node["aria-labelledby"]:
            yield f"{node!r} has no name"


def nothing_inline(root: Node) -> Iterable[str]:
    for node in root.all():
        if node.tag == "style" or (node.tag == "script" and (not node["src"].startswith("/static/") or node.text.strip())):
            yield f"{node!r} is inline"
        yield from (f"{node!r} has {name}" for name in node.attributes if name == "style" or re.fullmatch("on[a-z]+", name))


def forms(root: Node) -> Iterable[str]:
    for form in root.all("form"):
        sent = {node["name"] for node in form.all("input")}
        if form.within("form"):
            yield f"{form!r} stands in a form"
        if form["method"] not in ("get", "post"):
            yield f"{form!r} has no method"
        if form["method"] == "post" and "csrf" not in sent:
            yield f"{form!r} sends no token"
    for button in root.all("button"):
        if button["type"] != "button" and not button.within("form"):
            yield f"{button!r} does nothing"


def headings(root: Node) -> Iterable[str]:
    last = 0
    for node in root.all("h1", "h2", "h3", "h4"):
        level = int(node.tag[1])
        if level > last + 1 and last:
            yield f"{node!r} leaves out a level"
        last = level


def links(root: Node) -> Iterable[str]:
    allowed = re.compile(r"/c/|/account|/sign-in|/sign-out|/static/|https?://|\?.|#.|data:,$")
    for node in root.all("a", "link", "form", "button"):
        for name in ("href", "action", "formaction"):
            if name in node and not allowed.match(node[name]):
                yield f"{node!r} leads outside the console"


def blocks_in_text(root: Node) -> Iterable[str]:
    """A browser closes a paragraph before a block, which tears styles and labels apart."""
    blocks = ("div", "p", "ul", "ol", "dl", "form", "section", "fieldset", "table", "pre", "h1", "h2", "h3")
    for node in root.all("p", "label", "button", "summary", "h1", "h2", "legend"):
        yield from (f"{inner!r} stands in {node!r}" for inner in node.all(*blocks))
