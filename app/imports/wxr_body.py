"""The body of a WordPress post as plain HTML: shortcodes and blocks replaced, paragraphs made. Pure."""

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape

from msgspec import Struct

from app.imports.autop import paragraphs
from app.imports.plan import ImportedAttachment
from app.imports.shortcodes import expand, foreign

# A comment ends at the next beginning of another at the latest, so that many beginnings without an end cost one pass.
_COMMENT = re.compile(r"<!--((?:[^<-]++|<(?!!--)|-(?!->))*+)-->")
_BLOCK = re.compile(r"\s+(/)?wp:([a-z][a-z0-9_/-]*)\s(.*?)(/)?", re.DOTALL)
# Where a teaser ends or a new page begins, a paragraph ends too.
_DIVIDERS = ("more", "nextpage", "noteaser")
_INSIDE = r"""(?:[^<>"']++|"[^"]*+"|'[^']*+')*+"""
_IMAGE = re.compile(rf"<img\s{_INSIDE}>")
_PICTURE = re.compile(rf"\s*((?:<a\s{_INSIDE}>\s*)?<img\s{_INSIDE}>(?:\s*</a>)?)(.*)", re.DOTALL)
_SOURCE = re.compile(r"""\ssrc\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_EMBED = re.compile(r"""(<div class="wp-block-embed__wrapper">)\s*(https?://[^\s<>"']+)\s*(</div>)""")
_LONE_ADDRESS = re.compile(r"""<p>(https?://[^\s<>"']+)</p>""")
# In these blocks WordPress makes paragraphs as in texts that have no blocks.
_CLASSIC = frozenset(("freeform", "shortcode"))
_NOTHING_TO_SHOW = frozenset(("more", "nextpage", "shortcode", "spacer"))


class Body(Struct, frozen=True):
    """The HTML, the addresses of the pictures in it, and what a reader will miss."""

    html: str
    images: tuple[str, ...]
    warnings: tuple[str, ...]


def body_of(source: str, post_id: str, attachments: Mapping[str, ImportedAttachment]) -> Body:
    """A body as WordPress would show it, without what only WordPress can make. `attachments` are those of the whole file, by id."""
    shortcodes = _Shortcodes(post_id, attachments)
    warnings = [f"The shortcode [{name}] belongs to a plug-in and is kept as text." for name in foreign(source)]
    text = expand(source.replace("\r\n", "\n").replace("\r", "\n"), shortcodes.make)
    html, made_by_wordpress = _without_blocks(text)
    if made_by_wordpress:
        names = ", ".join(made_by_wordpress)
        warnings.append(f"Left out, because WordPress makes it anew whenever the page is shown: {names}.")
    html = _LONE_ADDRESS.sub(_linked_paragraph, _EMBED.sub(_linked_embed, html))
    return Body(html, tuple(images_in(html)), tuple(dict.fromkeys([*warnings, *shortcodes.warnings])))


def images_in(html: str) -> list[str]:
    """The distinct addresses of the pictures in HTML, in order. Pictures that are written into the text itself have none."""
    found = (_SOURCE.search(image[0]) for image in _IMAGE.finditer(html))
    addresses = (unescape(source[1].strip("\"'")).strip() for source in found if source)
    return list(dict.fromkeys(x for x in addresses if x and not x.startswith("data:")))


def _without_blocks(text: str) -> tuple[str, list[str]]:
    """The text without the comments that mark blocks, and the names of blocks that have no content of their own.

    Text in blocks is complete HTML already; text outside of them is not and gets its paragraphs.
    """
    pieces: list[str] = []
    segment: list[str] = []
    inside: list[str] = []
    missing: dict[str, None] = {}
    at = 0
    for comment in _COMMENT.finditer(text):
        segment.append(text[at : comment.start()])
        at, block = comment.end(), _BLOCK.fullmatch(comment[1])
        if not block:
            segment.append("\n\n" if comment[1].startswith(_DIVIDERS) else "")
            continue
        pieces.append(_finished(segment, inside))
        segment, name = [], block[2].removeprefix("core/")
        if block[1]:
            del inside[-1:]
        elif not block[4]:
            inside.append(name)
        elif name not in _NOTHING_TO_SHOW:
            missing[name] = None
    pieces.append(_finished([*segment, text[at:]], inside))
    return "\n".join(x for x in pieces if x), list(missing)


def _finished(segment: list[str], inside: list[str]) -> str:
    text = "".join(segment)
    return text.strip() if inside and inside[-1] not in _CLASSIC else paragraphs(text)


def _linked_embed(match: re.Match[str]) -> str:
    return f"{match[1]}{_link(match[2])}{match[3]}"


def _linked_paragraph(match: re.Match[str]) -> str:
    return f"<p>{_link(match[1])}</p>"


def _link(url: str) -> str:
    """A link to an address that stands in HTML, where `&` is written as a reference."""
    address = unescape(url)
    return f'<a href="{escape(address)}">{escape(address, quote=False)}</a>'


class _Shortcodes:
    """Makes HTML of the shortcodes of one post and notes what could not be made."""

    def __init__(self, post_id: str, attachments: Mapping[str, ImportedAttachment]) -> None:
        self.post_id = post_id
        self.attachments = attachments
        self.warnings: list[str] = []

    def make(self, name: str, attributes: dict[str, str], content: str | None) -> str:
        if name in ("caption", "wp_caption"):
            return _captioned(content or "", attributes.get("caption", ""))
        if name == "gallery":
            return self._gallery(attributes)
        address = (content or "").strip() or next((attributes[x] for x in _SOURCES if x in attributes), "")
        if name == "playlist" or not address.startswith(("http://", "https://", "/")):
            self.warnings.append(f"The shortcode [{name}] names no address and is left out.")
            return ""
        return f"\n\n{_link(address)}\n\n"

    def _gallery(self, attributes: dict[str, str]) -> str:
        ids = [x.strip() for x in (attributes.get("ids") or attributes.get("include") or "").split(",") if x.strip()]
        pictures = [self.attachments[x] for x in ids if x in self.attachments] if ids else self._own_pictures(attributes)
        missing = [x for x in ids if x not in self.attachments]
        if missing:
            self.warnings.append(f"A gallery shows pictures that are not in this file: {', '.join(missing)}.")
        elif not pictures:
            self.warnings.append("A gallery is left out, because this file holds none of its pictures.")
        return "\n\n" + "\n".join(_figure(x) for x in pictures) + "\n\n"

    def _own_pictures(self, attributes: dict[str, str]) -> Iterable[ImportedAttachment]:
        """A gallery that names no pictures shows those that were uploaded to its post."""
        post, left_out = attributes.get("id", self.post_id), attributes.get("exclude", "").replace(" ", "").split(",")
        own = [x for x in self.attachments.values() if x.parent_source_id == post and x.source_id not in left_out]
        return sorted(own, key=lambda x: x.position)


_SOURCES = ("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "url")


def _captioned(content: str, caption: str) -> str:
    picture = _PICTURE.match(content)
    if not picture:
        return content
    words = picture[2].strip() or unescape(caption)
    return f"\n\n<figure>{picture[1]}{f'<figcaption>{words}</figcaption>' if words else ''}</figure>\n\n"


def _figure(picture: ImportedAttachment) -> str:
    words = f"<figcaption>{escape(picture.caption, quote=False)}</figcaption>" if picture.caption else ""
    return f'<figure><img src="{escape(picture.url)}" alt="{escape(picture.alt)}">{words}</figure>'
