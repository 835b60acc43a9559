"""Pictures: what an upload is, and the sizes made of it. Pure: bytes in, bytes out, no database and no disk.

Nothing of an upload is served as it came. Pictures are decoded and encoded again, which drops places, times and whatever
hides behind the pixels; drawings are rebuilt from the elements that vectors.py allows. All of it is slow: call it in a thread.
"""

import io
from collections.abc import Iterable

import msgspec
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from app.errors import Invalid
from app.media.vectors import clean_svg, svg_size

__all__ = ["PIXEL_LIMIT", "PictureInfo", "Rendition", "clean_svg", "probe", "renditions", "sharing_picture", "svg_size"]

PIXEL_LIMIT = 64_000_000
SHARING_SIZE = (1200, 630)

_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif", "AVIF": "image/avif"}
_QUALITY = 82
_PAPER = (255, 255, 255)
_ORIENTATION = 0x0112

_NOT_A_PICTURE = "This is not a picture that we can read. Upload a JPEG, PNG, WebP, AVIF or GIF file."
_DAMAGED = "The file is damaged or not complete. Save the picture again in your editor and upload that file."
_MOVING = "Moving pictures are not supported. Upload one frame as a JPEG, PNG or WebP file."
_TOO_LARGE = "The picture has {found:.0f} megapixels and we take at most 64. Make it smaller, for example 8000 × 8000, and upload it again."


class PictureInfo(msgspec.Struct, frozen=True):
    """What an uploaded picture is. `format` is jpeg, png, webp, gif or avif; the size is in pixels as people see it."""

    format: str
    content_type: str
    width: int
    height: int


class Rendition(msgspec.Struct, frozen=True):
    """One encoded size of a picture, in pixels."""

    width: int
    height: int
    content_type: str
    data: bytes


def probe(data: bytes) -> PictureInfo:
    """What the bytes are, whatever the file was called.

    Decodes the whole picture. Raises Invalid naming `file` when it is none, is damaged, moves or is larger than 64 megapixels.
    """
    picture = _opened(data)
    _decode(picture)
    turned = picture.getexif().get(_ORIENTATION, 1) in {5, 6, 7, 8}
    width, height = picture.size[::-1] if turned else picture.size
    kind = picture.format or ""
    return PictureInfo(kind.lower(), _FORMATS[kind], width, height)


def renditions(data: bytes, widths: Iterable[int]) -> list[Rendition]:
    """The picture as WebP in each of the widths that it has pixels for, and in its own where that is less than the widest.

    Upright and in sRGB, without anything but the pixels. Raises Invalid like `probe`.
    """
    wanted = sorted(set(widths))
    picture = _upright(data, largest=max(wanted))
    chosen = sorted({width for width in wanted if width <= picture.width} | {min(picture.width, wanted[-1])})
    return [_rendition(picture, width) for width in chosen]


def sharing_picture(data: bytes) -> Rendition:
    """The middle of the picture as a JPEG of 1200 × 630, as services want it that show links. Raises Invalid like `probe`."""
    picture = _upright(data, largest=2 * SHARING_SIZE[0])
    fitted = ImageOps.fit(picture, SHARING_SIZE, Image.Resampling.LANCZOS)
    if fitted.mode == "RGBA":
        paper = Image.new("RGB", fitted.size, _PAPER)
        paper.paste(fitted, mask=fitted.getchannel("A"))
        fitted = paper
    out = io.BytesIO()
    fitted.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Rendition(*SHARING_SIZE, "image/jpeg", out.getvalue())


def _refused(what: str) -> Invalid:
    return Invalid({"file": what}, what)


def _opened(data: bytes) -> ImageFile.ImageFile:
    """The picture with only its head read."""
    try:
        picture = Image.open(io.BytesIO(data), formats=list(_FORMATS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refused("The picture has more pixels than the 64 megapixels that we take. Make it smaller and upload it again.") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise _refused(_NOT_A_PICTURE) from None
    pixels = picture.width * picture.height
    if pixels > PIXEL_LIMIT:
        raise _refused(_TOO_LARGE.format(found=pixels / 1_000_000))
    if getattr(picture, "is_animated", False):
        raise _refused(_MOVING)
    return picture


def _decode(picture: ImageFile.ImageFile) -> None:
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError, EOFError, IndexError):
        raise _refused(_DAMAGED) from None


def _upright(data: bytes, largest: int) -> Image.Image:
    """The decoded picture in RGB or RGBA, turned as the camera was held. A JPEG is decoded no larger than needed."""
    picture = _opened(data)
    picture.draft(None, (largest, largest))
    _decode(picture)
    turned = ImageOps.exif_transpose(picture)
    return _in_srgb(turned, picture.info.get("icc_profile"))


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    has_alpha = picture.has_transparency_data
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 257, "L") if picture.mode == "I;16" else picture.convert("L")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        picture = _converted(picture, profile)
    return picture.convert("RGBA" if has_alpha else "RGB")


def _converted(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        changed = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # A profile that cannot be read is as good as none.
    return changed or picture


def _rendition(picture: Image.Image, width: int) -> Rendition:
    height = max(1, round(picture.height * width / picture.width))
    sized = picture if width == picture.width else picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    bare = Image.frombytes(sized.mode, sized.size, sized.tobytes())
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=_QUALITY, method=4)
    return Rendition(width, height, "image/webp", out.getvalue())
