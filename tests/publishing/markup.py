"""A small tree of HTML for tests, by the standard library's parser."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Element:
    """A tag with its attributes, children and text."""

    def __init__(self, tag: str, attrs: dict[str, str], parent: "Element | None") -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.children: list[Element | str] = []

    def all(self, *tags: str) -> Iterator["Element"]:
        """Every element below this one, of these tags if any are named."""
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def classed(self, name: str) -> list["Element"]:
        """Every element below this one with a class."""
        return [x for x in self.all() if name in x.attrs.get("class", "").split()]

    def identified(self, ident: str) -> "Element":
        """The element with an id."""
        return next(x for x in self.all() if x.attrs.get("id") == ident)

    @property
    def text(self) -> str:
        """The text that a person can read, with single spaces."""
        return squash("".join(self._texts()))

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("script", "style", "head"):
                yield from child._texts()


def squash(text: str) -> str:
    """The same text with single spaces."""
    return re.sub(r"\s+", " ", text).strip()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("root", {}, None)
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"an attribute twice on {tag}")
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        if self.here.tag != tag:
            self.problems.append(f"</{tag}> closes {self.here.tag}")
        if self.here.parent:
            self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


@lru_cache(maxsize=512)
def parse(html: str) -> Element:
    """The tree of a page whose tags are all closed in order; AssertionError says where they are not."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert not builder.problems, builder.problems
    assert builder.here is builder.root, f"{builder.here.tag} is never closed"
    return builder.root
