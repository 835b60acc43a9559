"""Pictures come into the library in two steps: bytes that may be stored again, rows that come once."""

import io
from pathlib import Path

import pytest
from PIL import Image

from app.db.database import TenantDatabase
from app.errors import ChangedElsewhere, Forbidden, Invalid, Taken
from app.media.actions import SavePicture, add_picture, save_picture, store_picture
from app.media.repository import pictures
from app.media.storage import LocalStorage, stored_name
from tests.cast import Cast

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="32"><script>1</script><rect width="64" height="32"/></svg>'


def photo(width: int = 1200, height: int = 800) -> bytes:
    """A photograph as a camera would give it."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#a8481f").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "media")


async def test_a_picture_is_stored_in_sizes_and_added(acme: TenantDatabase, cast: Cast, storage: LocalStorage, unique: str) -> None:
    stored = await store_picture(storage, cast.acme, unique, photo(), alt={"": " A brown\nsquare ", "de": " "})
    saved = await acme.run(cast.bob, "upload", lambda work: add_picture(work, cast.bob, stored))
    (picture,) = await acme.read(lambda reading: pictures(reading, names=[unique]))
    assert (picture.id, saved.version, picture.snapshot.alt) == (saved.id, 1, {"": "A brown square"})
    assert [(file.width, file.height) for file in picture.snapshot.renditions] == [(320, 213), (640, 427), (960, 640), (1200, 800)]
    assert picture.snapshot.og is not None
    assert (picture.snapshot.og.width, picture.snapshot.og.height) == (1200, 630)
    for file in stored.files:
        assert len(await storage.get(stored_name(cast.acme, file.hash))) == file.bytes
    assert not any("original" in file.url for file in picture.snapshot.renditions)


async def test_storing_twice_is_one_file_and_one_request(cast: Cast, storage: LocalStorage, unique: str) -> None:
    first = await store_picture(storage, cast.acme, unique, photo(300, 200))
    names = {name async for name in storage.names(cast.acme)}
    assert await store_picture(storage, cast.acme, unique, photo(300, 200)) == first
    assert {name async for name in storage.names(cast.acme)} == names
    assert [file.purpose for file in first.files] == ["original", "rendition"]


async def test_a_drawing_is_kept_only_cleaned(cast: Cast, storage: LocalStorage, unique: str) -> None:
    stored = await store_picture(storage, cast.acme, unique, DRAWING)
    (file,) = stored.files
    assert (file.content_type, file.width, file.height, file.name) == ("image/svg+xml", 64, 32, f"{unique}.svg")
    assert b"script" not in await storage.get(stored_name(cast.acme, file.hash))


async def test_what_is_no_picture_is_refused_before_anything_is_stored(cast: Cast, storage: LocalStorage, unique: str) -> None:
    with pytest.raises(Invalid, match="not a picture"):
        await store_picture(storage, cast.acme, unique, b"MZ\x90\x00 an exe")
    assert [name async for name in storage.names(cast.acme)] == []


async def test_a_name_is_taken_once_and_another_is_offered(acme: TenantDatabase, cast: Cast, storage: LocalStorage, unique: str) -> None:
    stored = await store_picture(storage, cast.acme, unique, photo(300, 200))
    await acme.run(cast.alice, "upload", lambda work: add_picture(work, cast.alice, stored))
    with pytest.raises(Taken) as taken:
        await acme.run(cast.alice, "upload", lambda work: add_picture(work, cast.alice, stored))
    assert taken.value.free == f"{unique}-2"


async def test_a_reader_uploads_nothing_and_an_author_changes_his_own(
    acme: TenantDatabase, cast: Cast, storage: LocalStorage, unique: str
) -> None:
    stored = await store_picture(storage, cast.acme, unique, photo(300, 200))
    with pytest.raises(Forbidden):
        await acme.run(cast.rita, "upload", lambda work: add_picture(work, cast.rita, stored))
    mine = await acme.run(cast.bob, "upload", lambda work: add_picture(work, cast.bob, stored))
    request = SavePicture(id=mine.id, name=unique, alt={"": "Told"}, expect=1)
    assert (await acme.run(cast.bob, "save", lambda work: save_picture(work, cast.bob, request))).version == 2
    with pytest.raises(ChangedElsewhere):
        await acme.run(cast.bob, "save", lambda work: save_picture(work, cast.bob, request))
    bad = SavePicture(id=mine.id, name="no spaces", alt={})
    with pytest.raises(Invalid):
        await acme.run(cast.bob, "save", lambda work: save_picture(work, cast.bob, bad))
