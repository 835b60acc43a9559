"""A WordPress export (WXR) as a stream of raw records, in bounded memory. Pure but for reading the file.

expat is used directly, because its errors and its handlers know the line. A document type is refused where it begins, so no entity
can be declared, fetched or expanded. PHP's serialised values stay text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate

from msgspec import Struct

from app.imports.plan import BrokenFile, Progress
from app.imports.wxr_errors import explained, refuse_other_formats

_CHUNK = 65_536
# More than four times a body, since the comments of the block editor are dropped later; longer text is not kept.
_LONGEST_TEXT = 4_500_000
# A tag is buffered whole by expat, and each new chunk makes it scan the tag again.
_LONGEST_TAG = 1_000_000

_WORDPRESS = re.compile(r"https?://(?:www\.)?wordpress\.org/export/")
_RECORDS = frozenset(("item", "wp:author", "wp:category", "wp:tag", "wp:term"))
_CHANNEL = frozenset(("title", "language", "wp:base_site_url", "wp:base_blog_url"))
_OF_ITEM = frozenset(
    (
        *("title", "link", "guid", "pubDate", "dc:creator", "content:encoded", "excerpt:encoded", "category", "wp:post_id"),
        *("wp:post_date", "wp:post_date_gmt", "wp:post_name", "wp:status", "wp:post_parent", "wp:menu_order", "wp:post_type"),
        *("wp:post_password", "wp:is_sticky", "wp:attachment_url"),
    )
)
_META = frozenset(("_thumbnail_id", "_wp_attachment_image_alt"))


class RawTerm(Struct, frozen=True):
    """A category or tag that an item carries. Slug and label are as written."""

    taxonomy: str
    slug: str
    label: str


class Raw(Struct):
    """A record of the channel: `kind` is its tag or, for a setting of the channel, "channel". Texts are as written, by their tags."""

    kind: str
    line: int
    fields: dict[str, str] = {}
    meta: dict[str, str] = {}
    terms: list[RawTerm] = []
    comments: int = 0
    too_long: set[str] = set()

    def get(self, name: str) -> str:
        """A field without white space around it; "" where it is absent."""
        return self.fields.get(name, "").strip()


def read_raw(path: Path, progress: Progress) -> Iterator[Raw]:
    """The records of an export in the order of the file. Raises BrokenFile with the line, at the latest when the end is reached."""
    with path.open("rb") as file:
        total = file.seek(0, 2)
        file.seek(0)
        first = file.read(_CHUNK)
        refuse_other_formats(first)
        parser = _Parser(path, first)
        chunk = first.lstrip(b" \t\r\n")
        while chunk:
            yield from parser.feed(chunk)
            progress(file.tell(), total)
            chunk = file.read(_CHUNK)
    yield from parser.finish()


class _Parser:
    """expat's handlers, which know where in the document they are by the stack of open tags."""

    def __init__(self, path: Path, first: bytes) -> None:
        self.path = path
        # White space before the XML declaration is a common slip of plug-ins that print too early; expat would refuse it.
        before = first[: len(first) - len(first.lstrip(b" \t\r\n"))]
        self.lines_before, self.bytes_before = before.count(b"\n"), len(before)
        self.open: list[tuple[str, int]] = []
        self.fed = 0
        self.done: list[Raw] = []
        self.record: Raw | None = None
        self.text: list[str] | None = None
        self.text_depth = self.length = 0
        self.category: dict[str, str] = {}
        self.meta: dict[str, str] = {}
        self.is_wordpress = False
        self.expat = ParserCreate(namespace_separator=" ")
        self.expat.buffer_text = True
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._characters
        self.expat.StartDoctypeDeclHandler = self._doctype

    @property
    def line(self) -> int:
        return self.expat.CurrentLineNumber + self.lines_before

    def feed(self, chunk: bytes) -> Iterator[Raw]:
        self._parse(chunk, False)
        self.fed += len(chunk)
        if self.fed - self.expat.CurrentByteIndex > _LONGEST_TAG + _CHUNK:
            raise BrokenFile(self.line, "A single tag is longer than a million characters. Export the file again.")
        done, self.done = self.done, []
        return iter(done)

    def finish(self) -> Iterator[Raw]:
        self._parse(b"", True)
        if not self.is_wordpress:
            raise BrokenFile(1, "This is an RSS feed, but not a WordPress export. In WordPress, use Tools, Export.")
        return iter(self.done)

    def _parse(self, chunk: bytes, is_last: bool) -> None:
        try:
            self.expat.Parse(chunk, is_last)
        except ExpatError as error:
            index = self.expat.ErrorByteIndex + self.bytes_before
            raise explained(error.code, error.lineno + self.lines_before, self.path, index, self.open) from None
        except (LookupError, ValueError) as error:
            raise BrokenFile(1 + self.lines_before, f"Its encoding cannot be read ({error}). Save the file as UTF-8.") from None

    def _doctype(self, *_: object) -> None:
        raise BrokenFile(self.line, "It carries a document type (DTD), which no export needs and which can do harm. Remove it.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _short(name)
        self.open.append((tag, self.line))
        self.is_wordpress |= tag.startswith("wp:")
        depth = len(self.open)
        if depth == 1 and tag != "rss":
            raise BrokenFile(self.line, f"This is XML, but not a WordPress export: it begins with <{tag}> and not with <rss>.")
        if depth == 3 and tag in _RECORDS:
            self.record = Raw(tag, self.line)
        elif self.record and self.record.kind == "item" and depth > 3:
            self._start_in_item(tag, depth, attributes)
        elif (depth == 3 and tag in _CHANNEL) or (self.record and depth == 4):
            self._listen()

    def _start_in_item(self, tag: str, depth: int, attributes: dict[str, str]) -> None:
        assert self.record
        if depth == 4 and tag in _OF_ITEM:
            self.category = attributes
            self._listen()
        elif depth == 4 and tag == "wp:comment":
            self.record.comments += 1
        elif depth == 4 and tag == "wp:postmeta":
            self.meta = {}
        elif depth == 5 and self.open[3][0] == "wp:postmeta":
            self._listen()

    def _listen(self) -> None:
        self.text, self.text_depth, self.length = [], len(self.open), 0

    def _characters(self, data: str) -> None:
        if self.text is not None:
            self.length += len(data)
            if self.length <= _LONGEST_TEXT:
                self.text.append(data)

    def _end(self, _: str) -> None:
        tag, line = self.open.pop()
        depth = len(self.open) + 1
        if self.text is not None and depth == self.text_depth:
            text, self.text = "".join(self.text), None
            self._keep(tag, line, depth, text)
        if depth == 4 and tag == "wp:postmeta" and self.record and self.meta.get("wp:meta_key") in _META:
            self.record.meta[self.meta["wp:meta_key"]] = self.meta.get("wp:meta_value", "").strip()
        if depth == 3 and self.record:
            self.done.append(self.record)
            self.record = None

    def _keep(self, tag: str, line: int, depth: int, text: str) -> None:
        if self.record is None:
            self.done.append(Raw("channel", line, {tag: text}))
        elif depth == 5:
            self.meta[tag] = text
        elif tag == "category":
            self.record.terms.append(RawTerm(self.category.get("domain", ""), self.category.get("nicename", ""), text.strip()))
        else:
            if self.length > _LONGEST_TEXT:
                self.record.too_long.add(tag)
            # A plug-in that writes a field twice writes its own after WordPress's.
            self.record.fields.setdefault(tag, text)


@lru_cache(maxsize=256)
def _short(name: str) -> str:
    """The tag with its usual prefix. WordPress puts a version into its addresses, so only their beginning counts."""
    uri, _, local = name.rpartition(" ")
    if _WORDPRESS.match(uri):
        return f"excerpt:{local}" if uri.rstrip("/").endswith("/excerpt") else f"wp:{local}"
    if uri.startswith("http://purl.org/rss/1.0/modules/content"):
        return f"content:{local}"
    if uri.startswith("http://purl.org/dc/elements/"):
        return f"dc:{local}"
    return f"other:{local}" if uri else local
