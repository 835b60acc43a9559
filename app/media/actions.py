"""Taking in pictures and files for the library: first the bytes are stored, then one unit of work adds the rows.

Storing is an effect that no rollback undoes, so it stands outside the unit and may be repeated: equal bytes are one file.
A file whose unit never came is found by nobody.
"""

import asyncio
import re
from uuid import UUID, uuid4

from msgspec import Struct

from app.actor import Actor
from app.db.repository import snapshot
from app.db.work import Work
from app.document.input import one_line
from app.errors import ChangedElsewhere, Invalid, Taken
from app.identity.access import Act, is_own, require
from app.keys import media_tag
from app.media.models import Media, Rendition
from app.media.pictures import clean_svg, probe, renditions, sharing_picture, svg_size
from app.media.repository import MEDIA, pictures
from app.media.returning import FILES
from app.media.storage import Storage, content_hash

WIDTHS = (320, 640, 960, 1600)
NAME = re.compile(r"[^\W_]([\w-]{0,118}[^\W_])?")
SVG, WEBP = "image/svg+xml", "image/webp"
# From this size on a picture is good enough for the card that services show for a link.
SHARED_FROM = 600


class File(Struct, frozen=True, kw_only=True):
    """One file of a picture: `purpose` is original, rendition, sharing or icon; sizes are pixels, `name` ends its address."""

    purpose: str
    name: str
    content_type: str
    width: int
    height: int
    data: bytes


class StoredFile(Struct, frozen=True, kw_only=True):
    """A file whose bytes are in the storage under their hash."""

    purpose: str
    name: str
    content_type: str
    width: int
    height: int
    hash: str
    bytes: int


class AddPicture(Struct, frozen=True, kw_only=True):
    """A picture for the library. `width` and `height` are those of the picture itself; `alt` maps a language, or '', to its description."""

    name: str
    content_type: str
    width: int
    height: int
    files: tuple[StoredFile, ...]
    alt: dict[str, str] = {}


class SavePicture(Struct, frozen=True, kw_only=True):
    """A new name or new descriptions of a picture; `expect` is the version that was opened."""

    id: UUID
    name: str
    alt: dict[str, str]
    expect: int | None = None


class Saved(Struct, frozen=True, kw_only=True):
    """A picture as it stands after an act."""

    id: UUID
    version: int
    name: str


async def store_picture(storage: Storage, customer_id: UUID, name: str, data: bytes, *, alt: dict[str, str] | None = None) -> AddPicture:
    """Store an upload with the sizes made of it; gives the request with which a unit adds it. May be repeated.

    Raises Invalid naming `file` for what is no picture, Unavailable when the storage is away. Needs no database.
    """
    made = await asyncio.to_thread(made_of, name, data)
    stored = await store_files(storage, customer_id, made)
    first = made[0]
    return AddPicture(
        name=name, content_type=first.content_type, width=first.width, height=first.height, files=stored, alt=alt or {}
    )  # fmt: skip


def made_of(name: str, data: bytes) -> list[File]:
    """The files of an upload, the original first; a drawing is kept only cleaned. Slow: call it in a thread. Raises Invalid."""
    if data.lstrip()[:1] == b"<":
        cleaned = clean_svg(data)
        width, height = svg_size(cleaned)
        return [File(purpose="rendition", name=f"{name}.svg", content_type=SVG, width=width, height=height, data=cleaned)]
    known = probe(data)
    ending = "jpg" if known.format == "jpeg" else known.format
    files = [
        File(
            purpose="original", name=f"{name}.{ending}", content_type=known.content_type, width=known.width, height=known.height, data=data
        )
    ]
    for made in renditions(data, WIDTHS):
        called = f"{name}-{made.width}.webp"
        files.append(
            File(purpose="rendition", name=called, content_type=WEBP, width=made.width, height=made.height, data=made.data)
        )  # fmt: skip
    if known.width >= SHARED_FROM:
        card = sharing_picture(data)
        files.append(
            File(
                purpose="sharing",
                name=f"{name}-og.jpg",
                content_type=card.content_type,
                width=card.width,
                height=card.height,
                data=card.data,
            )
        )
    return files


async def store_files(storage: Storage, customer_id: UUID, files: list[File]) -> tuple[StoredFile, ...]:
    """Keep the bytes of files. Storing them twice is one file, so this may be repeated. Raises Unavailable."""
    # All are waited for, also beside one that failed: nobody is told of a failure while files are still being written.
    for outcome in await asyncio.gather(*(storage.put(customer_id, file.data) for file in files), return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
    return tuple(
        StoredFile(
            purpose=file.purpose, name=file.name, content_type=file.content_type, width=file.width, height=file.height,
            hash=content_hash(file.data), bytes=len(file.data),
        )
        for file in files
    )  # fmt: skip


async def add_picture(work: Work, actor: Actor, request: AddPicture) -> Saved:
    """Add a stored picture to the library. Raises Forbidden, Invalid, Taken (`free` is a name that is not)."""
    require(actor, Act.UPLOAD)
    name = checked_name(request.name)
    await check_free(work, name)
    row = Media(
        id=uuid4(), name=name, content_type=request.content_type, width=request.width, height=request.height, alt=checked_alt(request.alt),
        created_by=actor.id, created_at=work.now,
    )  # fmt: skip
    files = [
        Rendition(
            media_id=row.id, purpose=file.purpose, width=file.width, height=file.height, hash=file.hash, name=file.name,
            content_type=file.content_type, bytes=file.bytes,
        )
        for file in request.files
    ]  # fmt: skip
    await MEDIA.add(work, row, tags=[media_tag(row.id)], payload=snapshot(row) | FILES.told(files))
    for file in files:
        MEDIA.add_part(work, file)
    return Saved(id=row.id, version=row.version, name=row.name)


async def save_picture(work: Work, actor: Actor, request: SavePicture) -> Saved:
    """Change name or descriptions of a picture; live pages keep theirs. Raises NotFound, Forbidden, Invalid, ChangedElsewhere, Taken."""
    row = await MEDIA.get(work, request.id)
    require(actor, Act.WRITE_MEDIA, own=is_own(actor, row.created_by))
    if request.expect is not None and row.version != request.expect:
        said = "A newer version was saved in the meantime."
        raise ChangedElsewhere(said, expected=request.expect, current=row.version, thing=row)
    name = checked_name(request.name)
    if name != row.name:
        await check_free(work, name)
    files = FILES.told(await FILES.of(work, row.id))
    values = {"name": name, "alt": checked_alt(request.alt)}
    await MEDIA.change(work, row, values, expect=None, tags=[media_tag(row.id)], payload=lambda: snapshot(row) | files)
    return Saved(id=row.id, version=row.version, name=row.name)


def checked_name(value: str) -> str:
    """The name by which texts refer to a picture. Raises Invalid."""
    name = value.strip().lower()
    if not NAME.fullmatch(name):
        raise Invalid({"name": "Use letters, digits and hyphens, at most 120, beginning and ending with a letter or digit."})
    return name


def checked_alt(alt: dict[str, str]) -> dict[str, str]:
    """Descriptions on one line each; empty ones go. Raises Invalid for one that nobody would listen to."""
    kept = {lang: one_line(text) for lang, text in alt.items() if one_line(text)}
    if any(len(text) > 1000 for text in kept.values()):
        raise Invalid({"alt": "Shorten the description to 1,000 characters or fewer."})
    return kept


async def check_free(work: Work, name: str) -> None:
    """Raise Taken, with a free name, when another picture has this one."""
    candidates = [name, *(f"{name[:110]}-{number}" for number in range(2, 50))]
    taken = {picture.snapshot.name for picture in await pictures(work, names=candidates)}
    if name in taken:
        free = next((candidate for candidate in candidates if candidate not in taken), None)
        offer = f"Choose another, for example “{free}”." if free else "Choose another."
        raise Taken("name", f"Another picture is called “{name}”. {offer}", free)
