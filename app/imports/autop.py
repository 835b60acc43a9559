"""Paragraphs for HTML that leaves them out: a blank line ends one, a single newline is a line break. Pure.

WordPress and many shops keep texts in this form. One pass over the text, in time proportional to its length whatever it holds.
"""

import re
from collections import Counter
from collections.abc import Iterator

# The repeats are possessive, so that a tag that never ends costs one look and not one for every way of splitting it.
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9-]*+)((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
# The beginning of a tag that never ends would swallow the tags that are written after it.
_STRAY = re.compile(r"<(?=[a-zA-Z/!?])")
_BREAKS = ("<br>", "<br/>", "<br />")

# Text directly inside these becomes paragraphs.
_FLOW = frozenset(
    ("article", "aside", "blockquote", "body", "center", "details", "div", "fieldset", "footer", "form", "header", "main", "nav", "section")
)
# Text inside these stands bare, unless a blank line divides it.
_TIGHT = frozenset(("dd", "li", "td", "th"))
# Text inside these never becomes paragraphs.
_PHRASE = frozenset(("address", "caption", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary"))
# These hold other blocks; newlines in them mean nothing.
_FRAME = frozenset(("colgroup", "dl", "figure", "menu", "ol", "table", "tbody", "tfoot", "thead", "tr", "ul"))
_CONTEXTS = _FLOW | _TIGHT | _PHRASE | _FRAME
# These are taken over untouched, with everything up to their end.
_VERBATIM = frozenset(("audio", "iframe", "math", "object", "pre", "script", "select", "style", "svg", "textarea", "video"))
_VOID_BLOCKS = frozenset(("col", "hr"))
_BLOCKS = _CONTEXTS | _VERBATIM | _VOID_BLOCKS | {"p"}
_VOID = frozenset(("area", "br", "embed", "img", "input", "source", "track", "wbr"))
# Real text never nests deeper; unclosed tags would otherwise be repeated in every paragraph that follows.
_DEEPEST = 16


class _Verbatim(str):
    """An element that is taken over as it stands."""


def paragraphs(text: str) -> str:
    """The text with `<p>` and `<br>` where blank lines and newlines mean them. What is already marked up stays."""
    writer = _Writer()
    for token in _tokens(text.replace("\r\n", "\n").replace("\r", "\n")):
        writer.write(token)
    return writer.finish()


def has_blocks(text: str) -> bool:
    """Whether any element in the text stands for a paragraph or something larger."""
    return any(tag[2].lower() in _BLOCKS for tag in _TAG.finditer(text))


def _tokens(text: str) -> Iterator[re.Match[str] | str]:
    at = 0
    endless: set[str] = set()
    while tag := _TAG.search(text, at):
        yield text[at : tag.start()]
        at, name = tag.end(), tag[2].lower()
        end = None
        if name in _VERBATIM and not tag[1] and name not in endless:
            end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, at)
        if end:
            yield _Verbatim(text[tag.start() : end.end()])
            at = end.end()
        else:
            endless.add(name)
            yield tag
    yield text[at:]


class _Writer:
    """Collects a run of text and inline tags until a block begins or ends, then writes it as paragraphs."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.run: list[re.Match[str] | str] = []
        self.opener: str | None = None
        self.blocks: list[str] = ["body"]
        self.open: Counter[str] = Counter()
        self.inline: list[tuple[str, str]] = []

    def write(self, token: re.Match[str] | str) -> None:
        if isinstance(token, _Verbatim):
            self._block(token)
        elif isinstance(token, str):
            self.run.append(_STRAY.sub("&lt;", token))
        else:
            self._tag(token[2].lower(), token)

    def finish(self) -> str:
        self._flush()
        self.pieces += [f"</{name}>" for name in reversed(self.blocks[1:])]
        return "".join(self.pieces).strip()

    def _tag(self, name: str, tag: re.Match[str]) -> None:
        if name == "p":
            self._flush()
            self.opener = None if tag[1] else tag[0]
        elif name in _CONTEXTS:
            self._context(name, tag)
        elif name in _VOID_BLOCKS:
            self._block(tag[0])
        else:
            self.run.append(tag)

    def _block(self, text: str) -> None:
        self._flush()
        self.pieces.append(text + "\n")

    def _context(self, name: str, tag: re.Match[str]) -> None:
        self._flush()
        if not tag[1]:
            self.blocks.append(name)
            self.open[name] += 1
            self.pieces.append(tag[0] + ("\n" if name in _FLOW | _FRAME else ""))
        elif self.open[name]:
            # An end closes what was left open inside; an end without a beginning is dropped.
            closed = ""
            while closed != name:
                closed = self.blocks.pop()
                self.open[closed] -= 1
                self.pieces.append(f"</{closed}>\n")

    def _flush(self) -> None:
        context = self.blocks[-1]
        found = list(self._paragraphs(context in _FRAME))
        if context in _PHRASE:
            found = ["<br>\n".join(found)]
        opener, self.opener = self.opener, None
        is_wrapped = bool(opener) or context in _FLOW or (context in _TIGHT and len(found) > 1)
        for number, content in enumerate(found):
            start = opener if opener and number == 0 else "<p>"
            self.pieces.append(f"{start}{content}</p>\n" if is_wrapped and content else content)

    def _paragraphs(self, is_frame: bool) -> Iterator[str]:
        """The contents of the paragraphs of this run. Inline tags that span several are closed and opened again."""
        run, self.run = self.run, []
        current, has_content = self._reopened(), False
        for token in run:
            if not isinstance(token, str):
                has_content |= token[2].lower() in _VOID - {"br", "wbr"}
                self._inline_tag(current, token)
                continue
            for number, piece in enumerate([token] if is_frame else _BLANK_LINE.split(token)):
                if number:
                    if has_content:
                        yield self._closed(current)
                    current, has_content = self._reopened(), False
                has_content |= bool(piece.strip())
                current.append(piece if is_frame else _with_breaks(piece, current))
        if has_content:
            yield self._closed(current)

    def _inline_tag(self, current: list[str], tag: re.Match[str]) -> None:
        name = tag[2].lower()
        if name in _VOID:
            current.append(tag[0])
        elif not tag[1]:
            # `<span />` is meant to be empty, so there is nothing to take over.
            if len(self.inline) < _DEEPEST and not tag[3].endswith(" /"):
                self.inline.append((name, tag[0]))
                current.append(tag[0])
        elif any(name == known for known, _ in self.inline):
            closed = ""
            while closed != name:
                closed, _ = self.inline.pop()
                current.append(f"</{closed}>")

    def _reopened(self) -> list[str]:
        return [tag for _, tag in self.inline]

    def _closed(self, current: list[str]) -> str:
        return _trimmed("".join(current)) + "".join(f"</{name}>" for name, _ in reversed(self.inline))


def _with_breaks(text: str, before: list[str]) -> str:
    """The text with its newlines as breaks; where a break stands already before the newline, none is added."""
    after_break = ""
    if before and before[-1].lower() in _BREAKS and text.lstrip(" \t").startswith("\n"):
        after_break, text = "\n", text.lstrip(" \t")[1:].lstrip(" \t")
    first, *others = text.split("\n")
    if not others:
        return after_break + text
    lines = [first.rstrip(" \t"), *(line.strip(" \t") for line in others[:-1]), others[-1].lstrip(" \t")]
    return after_break + "<br>\n".join(lines)


def _trimmed(text: str) -> str:
    """The text without white space and breaks at its ends."""
    end = len(text)
    while found := _length_of_last(text, end):
        end -= found
    start = 0
    while start < end and (text[start].isspace() or text.startswith(_BREAKS, start, end)):
        start = start + 1 if text[start].isspace() else text.index(">", start) + 1
    return text[start:end]


def _length_of_last(text: str, end: int) -> int:
    """How long the white space or break before `end` is; 0 where something else stands there."""
    if end and text[end - 1].isspace():
        return 1
    return next((len(x) for x in _BREAKS if text.endswith(x, 0, end)), 0)
