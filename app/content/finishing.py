"""From the state of a post to what visitors see of it: everything that a publication's snapshot holds is gathered here."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from app.content.history import PostState
from app.content.models import Author, Tag
from app.content.repository import AUTHORS, labels_of_fields
from app.db.work import Reading
from app.document.body import Rendered
from app.document.published import description, rendered, with_pictures
from app.document.snapshots import AuthorSnapshot, AuthorTexts, FieldSnapshot, ImageSnapshot, PostSnapshot, TagSnapshot, TocSnapshot
from app.media.repository import pictures


class Composition(Struct, frozen=True):
    """A finished snapshot and what was learned on the way: the rendered body, and names of pictures without file or description."""

    snapshot: PostSnapshot
    rendered: Rendered
    missing: tuple[str, ...]
    undescribed: tuple[str, ...]


async def compose(reading: Reading, post_id: UUID, state: PostState, tags: Sequence[Tag]) -> Composition:
    """Render a post with its byline, tags, fields and pictures. `state.published_at` must be set."""
    body = await asyncio.to_thread(rendered, state.body_source, state.body_format, state.lang)
    author = await AUTHORS.find(reading, state.author_id) if state.author_id else None
    wanted = [picture_id for picture_id in (state.cover_id, author.image_id if author else None) if picture_id]
    found = await pictures(reading, ids=wanted, names=body.assets)
    labels = await labels_of_fields(reading, state.fields)
    by_name = {picture.snapshot.name: picture.snapshot for picture in found}
    by_id = {picture.id: picture.snapshot for picture in found}
    snapshot = post_snapshot(post_id, state, body, by_name, by_id, author, tags, labels)
    shown = [by_id.get(state.cover_id)] if state.cover_id else []
    return Composition(
        snapshot,
        body,
        missing=tuple(name for name in body.assets if not _has_file(by_name.get(name))),
        undescribed=_undescribed([*shown, *(by_name.get(name) for name in body.assets)], state.lang),
    )


def post_snapshot(
    post_id: UUID,
    state: PostState,
    body: Rendered,
    by_name: dict[str, ImageSnapshot],
    by_id: dict[UUID, ImageSnapshot],
    author: Author | None,
    tags: Sequence[Tag],
    labels: dict[str, tuple[str, dict[str, str]]],
) -> PostSnapshot:
    """The snapshot of a post. Raises ValueError for a post without a date."""
    if state.published_at is None:
        raise ValueError("a publication needs a date")
    return PostSnapshot(
        id=post_id,
        kind=state.kind,
        lang=state.lang,
        slug=state.slug,
        title=state.title,
        updated_at=state.updated_at,
        published_at=state.published_at,
        summary=state.summary or None,
        html=with_pictures(body.html, by_name, state.lang),
        toc=tuple(TocSnapshot(level=entry.level, id=entry.id, text=entry.text) for entry in body.toc),
        words=body.words,
        minutes=body.minutes,
        cover=by_id.get(state.cover_id) if state.cover_id else None,
        author=author_snapshot(author, by_id) if author else None,
        tags=tuple(map(tag_snapshot, tags)),
        fields=_fields(state, labels),
        is_featured=state.is_featured,
        seo_title=state.seo_title or None,
        translation_key=str(state.translation_key) if state.translation_key else None,
    )


def author_snapshot(author: Author, by_id: dict[UUID, ImageSnapshot]) -> AuthorSnapshot:
    """A byline as pages keep it."""
    return AuthorSnapshot(
        slug=author.slug,
        name=author.name,
        role=author.role or None,
        bio=author.bio or None,
        image=by_id.get(author.image_id) if author.image_id else None,
        texts={lang: AuthorTexts(**{key: text or None for key, text in texts.items()}) for lang, texts in author.texts.items()},
    )


def tag_snapshot(tag: Tag) -> TagSnapshot:
    """A tag as pages keep it."""
    return TagSnapshot(slug=tag.slug, label=tag.label, summary=tag.summary or None, labels=tag.labels)


def _fields(state: PostState, labels: dict[str, tuple[str, dict[str, str]]]) -> tuple[FieldSnapshot, ...]:
    named = [(code, value, *labels.get(code, (code, {}))) for code, value in state.fields.items()]
    return tuple(FieldSnapshot(code=code, value=value, label=label, labels=others) for code, value, label, others in named)


def _has_file(image: ImageSnapshot | None) -> bool:
    return image is not None and bool(image.renditions)


def _undescribed(images: Sequence[ImageSnapshot | None], lang: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(image.name for image in images if image is not None and not description(image, lang)))
