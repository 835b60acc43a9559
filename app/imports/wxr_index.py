"""What of a WordPress export must be known before its first post can be converted: authors, tags, files, addresses, refusals. Pure."""

from collections import Counter

from msgspec import Struct

from app.content.addresses import SLUG_CHARACTERS
from app.document.plain import is_reserved, plain_text
from app.imports.addresses import Taken, numbered, slug_of
from app.imports.plan import ImportedAttachment, Refused, Warned
from app.imports.wxr_stream import Raw
from app.imports.wxr_terms import Bylines, Terms
from app.settings.limits import LIMITS

_POSTS = frozenset(("post", "page"))
_LONGEST_ID = 500
_LONGEST_KIND = 100
_TRASHED = "__trashed"


class _Place(Struct):
    """What decides the address of a post."""

    line: int
    kind: str
    slug: str
    parent: str
    is_trashed: bool


class Index:
    """Filled record by record by `add`, complete after `finish`. It keeps no bodies, so it stays small beside the file."""

    def __init__(self) -> None:
        self.settings: dict[str, str] = {}
        self.bylines = Bylines()
        self.terms = Terms()
        self.attachments: dict[str, ImportedAttachment] = {}
        self.places: dict[str, _Place] = {}
        self.addresses: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.found: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.refused: list[Refused] = []
        self.warned: list[Warned] = []

    def add(self, raw: Raw) -> None:
        """Take in the next record."""
        if raw.kind == "channel":
            self.settings = raw.fields | self.settings
        elif raw.kind == "wp:author":
            self.bylines.add(raw)
        elif raw.kind == "item":
            self._item(raw)
        else:
            self.terms.add(raw)

    def finish(self) -> None:
        """Give every post its address, now that all parents are known."""
        taken = {kind: Taken() for kind in _POSTS}
        for post_id, place in self.places.items():
            wanted = self._unreserved(post_id, place, self._path(post_id, place))
            # The trash gives addresses up, so what is in it takes none.
            slug = wanted if place.is_trashed else taken[place.kind].claim(wanted)
            self.addresses[post_id] = slug
            if slug != wanted:
                self._warn(post_id, place, f"The address “{wanted}” is used more than once; this one becomes “{slug}”.")
        self.warned += [*self.bylines.warned, *self.terms.warned]

    def accepts(self, item: Raw) -> bool:
        """Whether this very item was taken in; of two with the same number only the first was."""
        return self.lines.get(source_id_of(item)) == item.line

    def _item(self, item: Raw) -> None:
        kind = item.get("wp:post_type")[:_LONGEST_KIND] or "(no type)"
        self.found[kind] += 1
        self.left_out["comment"] += item.comments
        if kind == "nav_menu_item":
            self.left_out[kind] += 1
            return
        source_id = source_id_of(item)
        reason = self._reason_against(kind, source_id, item)
        if reason:
            self.refused.append(Refused(item.line, source_id, kind, reason))
            return
        self.lines[source_id] = item.line
        if kind == "attachment":
            self.attachments[source_id] = _attachment(source_id, item)
        else:
            self.places[source_id] = _place(source_id, kind, item)
            self.bylines.login_of(item)
            self.terms.of_item(item)

    def _reason_against(self, kind: str, source_id: str, item: Raw) -> str | None:
        if kind not in _POSTS and kind != "attachment":
            return f"type {kind} is not imported"
        if not source_id or len(source_id) > _LONGEST_ID:
            return "It has no number (wp:post_id) by which a second import would know it again."
        if source_id in self.lines:
            return f"The number {source_id} already belongs to what begins on line {self.lines[source_id]}."
        if "content:encoded" in item.too_long:
            return f"The text is longer than {LIMITS.body_bytes:,} bytes. Divide it into several."
        if kind == "attachment" and not _url_of(item):
            return "It names no address (wp:attachment_url) from which the file could be fetched."
        return None

    def _unreserved(self, post_id: str, place: _Place, path: str) -> str:
        """The path, its first part numbered where the site needs that address for lists, feeds or languages."""
        if not is_reserved(path):
            return path
        first, slash, others = path.partition("/")
        free = f"{numbered(first, 2)}{slash}{others}"
        self._warn(post_id, place, f"The address “{path}” is kept for the site's own pages; this one becomes “{free}”.")
        return free

    def _path(self, post_id: str, place: _Place) -> str:
        """The slug of a post; of a page the slugs of its parents too."""
        path, seen, at = place.slug, {post_id}, place
        while at.kind == "page" and at.parent:
            parent = self.places.get(at.parent)
            if at.parent in seen or not parent or parent.kind != "page":
                self._warn(post_id, place, f"A page above it, number {at.parent}, is not in this file; its address begins below that.")
                break
            seen.add(at.parent)
            path, at = f"{parent.slug}/{path}", parent
            if len(path) > SLUG_CHARACTERS:
                self._warn(
                    post_id, place, f"Its address with the pages above it is over {SLUG_CHARACTERS} characters; it goes without them."
                )
                return place.slug
        return path

    def _warn(self, post_id: str, place: _Place, message: str) -> None:
        self.warned.append(Warned(place.line, post_id, place.kind, message))


def source_id_of(item: Raw) -> str:
    """The number of an item within its site, or its guid where a plug-in wrote no number."""
    return item.get("wp:post_id") or item.get("guid")


def parent_of(item: Raw) -> str | None:
    """The number of the item above, None at the top."""
    parent = item.get("wp:post_parent")
    return parent if parent not in ("", "0") else None


def number_in(text: str) -> int:
    """A whole number as WordPress writes it; 0 for anything else and for what is too large for any order."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _place(source_id: str, kind: str, item: Raw) -> _Place:
    name = item.get("wp:post_name")
    is_trashed = item.get("wp:status") == "trash"
    slug = slug_of(name.removesuffix(_TRASHED)) or slug_of(plain_text(item.get("title"))) or slug_of(f"{kind}-{source_id}")
    return _Place(item.line, kind, slug, parent_of(item) or "", is_trashed)


def _url_of(item: Raw) -> str:
    url = item.get("wp:attachment_url") or item.get("guid")
    return url if url.startswith(("http://", "https://")) else ""


def _attachment(source_id: str, item: Raw) -> ImportedAttachment:
    return ImportedAttachment(
        line=item.line,
        source_id=source_id,
        url=_url_of(item),
        title=plain_text(item.get("title")),
        alt=plain_text(item.meta.get("_wp_attachment_image_alt", "")),
        caption=plain_text(item.get("excerpt:encoded")),
        parent_source_id=parent_of(item),
        position=number_in(item.get("wp:menu_order")),
    )
