"""One post or page of a WordPress export as it would stand here. Pure."""

from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from app.content.checks import SUMMARY_CHARACTERS, TAGS_EACH
from app.document.plain import cut, plain_text
from app.imports.plan import ImportedPost, Refused
from app.imports.wxr_body import Body, body_of
from app.imports.wxr_index import Index, number_in, parent_of, source_id_of
from app.imports.wxr_stream import Raw
from app.settings.limits import LIMITS

Status = Literal["draft", "published", "scheduled", "trashed"]

_UNTITLED = "Untitled"
_STATUSES: dict[str, Status] = {"publish": "published", "future": "scheduled", "draft": "draft", "auto-draft": "draft", "trash": "trashed"}
_TO_DRAFT = {
    "private": "It was private, which does not exist here. It becomes a draft, so that nobody sees it.",
    "pending": "It was waiting for review and becomes a draft.",
}


class Converted(Struct, frozen=True):
    """A post with the addresses of the pictures that it shows, its cover among them."""

    post: ImportedPost
    images: tuple[str, ...]


def converted(item: Raw, index: Index) -> Converted | Refused:
    """The post of an item that the index accepts. What had to be changed stands in its warnings."""
    source_id, kind = source_id_of(item), item.get("wp:post_type")
    body = body_of(item.get("content:encoded"), source_id, index.attachments)
    if len(body.html.encode()) > LIMITS.body_bytes:
        return Refused(item.line, source_id, kind, f"The text is longer than {LIMITS.body_bytes:,} bytes. Divide it into several.")
    warnings = list(body.warnings)
    cover = _cover(item, index, warnings)
    post = ImportedPost(
        line=item.line,
        source_id=source_id,
        kind="page" if kind == "page" else "post",
        title=_title(item, warnings),
        slug=index.addresses[source_id],
        body_source=body.html,
        summary=_summary(item, warnings),
        status=_status(item, warnings),
        published_at=_published_at(item, warnings),
        author_source_id=index.bylines.login_of(item),
        tags=_tags(item, index, warnings),
        parent_source_id=_parent(item, index),
        menu_order=number_in(item.get("wp:menu_order")),
        cover_source_id=cover,
        source_url=item.get("link") if item.get("link").startswith(("http://", "https://")) else "",
        guid=item.get("guid"),
        is_featured=item.get("wp:is_sticky") == "1",
        warnings=tuple(warnings),
    )
    return Converted(post, _images(body, cover, index))


def _images(body: Body, cover: str | None, index: Index) -> tuple[str, ...]:
    covers = (index.attachments[cover].url,) if cover else ()
    return tuple(dict.fromkeys((*covers, *body.images)))


def _title(item: Raw, warnings: list[str]) -> str:
    title = plain_text(item.get("title"))
    if not title:
        warnings.append(f"It has no title and is called “{_UNTITLED}” here.")
        return _UNTITLED
    if len(title) > LIMITS.title_characters:
        warnings.append(f"The title has {len(title):,} characters and is cut after {LIMITS.title_characters}.")
    return cut(title, LIMITS.title_characters)


def _summary(item: Raw, warnings: list[str]) -> str:
    summary = plain_text(item.get("excerpt:encoded"))
    if len(summary) > SUMMARY_CHARACTERS:
        warnings.append(f"The excerpt has {len(summary):,} characters and is cut after {SUMMARY_CHARACTERS:,}.")
    return cut(summary, SUMMARY_CHARACTERS)


def _tags(item: Raw, index: Index, warnings: list[str]) -> tuple[str, ...]:
    tags = index.terms.of_item(item)
    if len(tags) > TAGS_EACH:
        warnings.append(f"It has {len(tags)} tags; the first {TAGS_EACH} are kept.")
    return tags[:TAGS_EACH]


def _status(item: Raw, warnings: list[str]) -> Status:
    status = item.get("wp:status")
    if item.get("wp:post_password") and status != "trash":
        warnings.append("It was protected by a password, which does not exist here. It becomes a draft, so that nobody sees it.")
        return "draft"
    if status in _STATUSES:
        return _STATUSES[status]
    warnings.append(_TO_DRAFT.get(status, f"Its status “{status}” is unknown here. It becomes a draft."))
    return "draft"


def _published_at(item: Raw, warnings: list[str]) -> datetime | None:
    """The date that readers see. Drafts carry 0000-00-00 in UTC and a date of publication that never was."""
    utc = _time(item.get("wp:post_date_gmt"))
    if utc or item.get("wp:status") not in ("publish", "private", "future"):
        return utc
    local = _time(item.get("wp:post_date"))
    if local:
        warnings.append("Only its local date is known, and not the time zone; it is taken as UTC.")
    else:
        warnings.append("It has no date.")
    return local


def _time(text: str) -> datetime | None:
    """A date as MySQL writes it; None for one that does not exist, such as 0000-00-00 00:00:00."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _cover(item: Raw, index: Index, warnings: list[str]) -> str | None:
    cover = item.meta.get("_thumbnail_id")
    if not cover or cover in index.attachments:
        return cover or None
    warnings.append(f"Its cover, the picture number {cover[:40]}, is not in this file.")
    return None


def _parent(item: Raw, index: Index) -> str | None:
    parent = parent_of(item)
    return parent if parent in index.places else None
