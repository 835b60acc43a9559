"""Reads and writes of pictures and their renditions."""

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from app.db.repository import Repository
from app.db.work import Reading
from app.document.snapshots import ImageSnapshot, RenditionSnapshot
from app.media.models import Media, Rendition
from app.media.storage import stored_name

MEDIA = Repository(Media, "media", parts=(Rendition,))


class Picture(NamedTuple):
    """A picture of the library as pages keep it."""

    id: UUID
    snapshot: ImageSnapshot


async def pictures(reading: Reading, *, ids: Collection[UUID] = (), names: Collection[str] = ()) -> list[Picture]:
    """The pictures with one of the ids or names, in one statement; those that do not exist are left out."""
    if not ids and not names:
        return []
    is_file = and_(Rendition.customer_id == Media.customer_id, Rendition.media_id == Media.id)
    statement = select(Media, Rendition).outerjoin(Rendition, is_file).where(Media.customer_id == reading.customer_id)
    statement = statement.where(or_(Media.id.in_(ids), Media.name.in_(names))).order_by(Media.id, Rendition.width)
    rows = [(media, file) for media, file in await reading.session.execute(statement)]
    return [
        Picture(media.id, image_snapshot(media, [file for _, file in group if file])) for media, group in groupby(rows, lambda row: row[0])
    ]


def image_snapshot(media: Media, files: Iterable[Rendition]) -> ImageSnapshot:
    """A picture as pages keep it: its renditions from small to large, never the original."""
    by_width = sorted(files, key=lambda file: file.width)
    sharing = [_file(file) for file in by_width if file.purpose == "sharing"]
    return ImageSnapshot(
        name=media.name,
        width=media.width,
        height=media.height,
        alt=media.alt,
        renditions=tuple(_file(file) for file in by_width if file.purpose == "rendition"),
        og=sharing[-1] if sharing else None,
    )


def _file(file: Rendition) -> RenditionSnapshot:
    return RenditionSnapshot(url=f"/media/{file.hash}/{quote(file.name)}", width=file.width, height=file.height)


def stored_files(connection: Connection) -> set[str]:
    """The stored names of every customer's files, for a backup; the connection is an administrator's, whom no barrier binds."""
    rows = connection.execute(select(Rendition.customer_id, Rendition.hash).distinct())
    return {stored_name(customer_id, digest) for customer_id, digest in rows}
