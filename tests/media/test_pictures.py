"""What an upload may be, and what is made of it."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from app.errors import Invalid
from app.media.pictures import clean_svg, probe, renditions, sharing_picture, svg_size

EXTREME = 200_000


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def gradient(width: int = 400, height: int = 200, mode: str = "RGB") -> Image.Image:
    bands = [Image.linear_gradient("L").resize((width, height)) for _ in Image.new(mode, (1, 1)).getbands()]
    return Image.merge(mode, bands) if len(bands) > 1 else bands[0].convert(mode)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def png_head(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as raised:
        probe(data)
    assert list(raised.value.fields) == ["file"]
    return raised.value.fields["file"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_picture_is_known_by_its_bytes(kind: str) -> None:
    info = probe(encoded(gradient(), kind))
    assert (info.format, info.content_type, info.width, info.height) == (kind.lower(), f"image/{kind.lower()}", 400, 200)


def test_a_picture_held_sideways_has_the_size_that_people_see() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    info = probe(encoded(gradient(), "JPEG", exif=exif))
    assert (info.width, info.height) == (200, 400)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"BM" + b"\0" * 60,
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert "JPEG, PNG, WebP" in refusal(data)


def test_formats_that_nobody_needs_are_refused() -> None:
    for kind in ("BMP", "TIFF", "ICO", "PPM"):
        assert "not a picture that we can read" in refusal(encoded(gradient(), kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_truncated_file_is_refused(kind: str) -> None:
    data = encoded(gradient(800, 800), kind)
    # The reader of WebP needs the whole file to recognise it.
    assert ("not a picture" if kind == "WEBP" else "damaged") in refusal(data[: len(data) * 2 // 3])


def test_moving_pictures_are_refused() -> None:
    frames = [gradient(), gradient().rotate(180)]
    for kind in ("GIF", "WEBP", "PNG"):
        assert "Moving" in refusal(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))


@pytest.mark.parametrize(("width", "height"), [(8001, 8000), (10_000, 9_500), (EXTREME, EXTREME), (2_000_000, 33)])
def test_a_bomb_is_refused_by_its_head_alone(width: int, height: int) -> None:
    assert "64" in refusal(png_head(width, height))


def test_a_picture_that_is_large_but_allowed_passes() -> None:
    assert probe(encoded(Image.new("1", (8000, 8000)), "PNG")).width == 8000


def test_renditions_are_webp_in_the_widths_asked_for() -> None:
    made = renditions(encoded(gradient(2000, 1000), "JPEG"), [1600, 480, 960])
    assert [(item.width, item.height, item.content_type) for item in made] == [
        (480, 240, "image/webp"),
        (960, 480, "image/webp"),
        (1600, 800, "image/webp"),
    ]
    assert [(opened(item.data).format, opened(item.data).size) for item in made] == [("WEBP", (item.width, item.height)) for item in made]


@pytest.mark.parametrize(
    ("width", "widths"), [(2000, [480, 960, 1600]), (1600, [480, 960, 1600]), (1200, [480, 960, 1200]), (300, [300]), (1, [1])]
)
def test_a_picture_is_never_enlarged(width: int, widths: list[int]) -> None:
    made = renditions(encoded(gradient(width, 100), "PNG"), [480, 960, 1600])
    assert [item.width for item in made] == widths
    assert all(item.height >= 1 for item in made)


def test_a_camera_held_sideways_is_turned_and_its_notes_are_gone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[1] = "N"
    halves = Image.new("RGB", (400, 200), "red")
    halves.paste("blue", (0, 0, 200, 200))
    data = encoded(halves, "JPEG", exif=exif, quality=95)
    for item in (*renditions(data, [200]), sharing_picture(data)):
        picture = opened(item.data)
        assert not picture.getexif()
        assert b"Secret" not in item.data
    upright = opened(renditions(data, [200])[0].data).convert("RGB")
    assert upright.size == (200, 400)
    assert upright.getpixel((100, 50))[2] > 200
    assert upright.getpixel((100, 350))[0] > 200


def test_comments_and_profiles_are_gone_and_colours_converted() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(Image.new("RGB", (50, 50), (200, 30, 60)), "PNG", icc_profile=profile)
    picture = opened(renditions(data, [50])[0].data)
    assert "icc_profile" not in picture.info
    assert all(abs(a - b) < 6 for a, b in zip(picture.convert("RGB").getpixel((25, 25)), (200, 30, 60), strict=True))


def test_a_profile_that_cannot_be_read_is_ignored() -> None:
    data = encoded(gradient(), "PNG", icc_profile=b"not a profile")
    assert opened(renditions(data, [100])[0].data).size == (100, 50)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "RGBA", "I;16"])
def test_every_kind_of_pixels_is_taken(mode: str) -> None:
    if mode == "I;16":
        picture = Image.new("I;16", (64, 64), 40_000)
    else:
        picture = gradient(64, 64, "L").convert(mode) if mode in {"P", "1"} else gradient(64, 64, mode)
    data = encoded(picture, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(renditions(data, [32])[0].data).size == (32, 32)
    assert opened(sharing_picture(data).data).size == (1200, 630)


def test_sixteen_bits_keep_their_brightness() -> None:
    data = encoded(Image.new("I;16", (64, 64), 32_768), "PNG")
    assert abs(opened(renditions(data, [64])[0].data).convert("L").getpixel((9, 9)) - 127) < 6


def test_transparency_stays_in_renditions_and_becomes_paper_when_shared() -> None:
    data = encoded(Image.new("RGBA", (100, 100), (255, 0, 0, 0)), "PNG")
    assert opened(renditions(data, [100])[0].data).convert("RGBA").getpixel((50, 50))[3] == 0
    assert min(opened(sharing_picture(data).data).getpixel((600, 300))) > 250


def test_the_sharing_picture_is_the_middle_in_the_usual_size() -> None:
    picture = Image.new("RGB", (3000, 1000), "red")
    picture.paste("blue", (1000, 0, 2000, 1000))
    shared = sharing_picture(encoded(picture, "PNG"))
    result = opened(shared.data)
    assert (shared.width, shared.height, shared.content_type, result.format, result.size) == (1200, 630, "image/jpeg", "JPEG", (1200, 630))
    assert result.getpixel((600, 315))[2] > 200


def test_the_same_upload_gives_the_same_bytes() -> None:
    data = encoded(gradient(1000, 500), "PNG")
    assert renditions(data, [480]) == renditions(data, [480])
    assert sharing_picture(data) == sharing_picture(data)


def test_renditions_refuse_what_probing_refuses() -> None:
    for act in (lambda data: renditions(data, [100]), sharing_picture):
        for data in (b"no picture", png_head(EXTREME, EXTREME), encoded(gradient(800, 800), "PNG")[:3000]):
            with pytest.raises(Invalid):
                act(data)


# ---------------------------------------------------------------- drawings
NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inside: str, attributes: str = 'viewBox="0 0 120 40"') -> bytes:
    return f"<svg {NAMESPACES} {attributes}>{inside}</svg>".encode()


def cleaned(inside: str, attributes: str = 'viewBox="0 0 120 40"') -> str:
    return clean_svg(svg(inside, attributes)).decode()


def test_an_ordinary_logo_keeps_its_looks() -> None:
    logo = (
        '<title>Acme</title><defs><linearGradient id="g"><stop offset="0" stop-color="#fff"></stop></linearGradient>'
        '<path id="p" d="M0 0h10v10z"></path></defs><style>.a &gt; path{fill:#123;clip-path:url(#c)}</style>'
        '<g class="a" transform="scale(2)"><use x="4" href="#p"></use><rect fill="url(#g)" width="5" height="5"></rect></g>'
        '<text x="1" y="9">A<tspan dx="2">c</tspan>me &amp; Co</text>'
    )
    assert cleaned(logo) == f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">{logo}</svg>'


ATTACKS = [
    "<script>alert(1)</script>",
    "<script xlink:href='https://e.example/x.js'/>",
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></body></foreignObject>",
    "<image href='https://e.example/track.png'/>",
    "<image xlink:href='data:image/svg+xml;base64,PHN2Zz4='/>",
    "<use href='https://e.example/x.svg#a'/>",
    "<use xlink:href='data:image/svg+xml,x#a'/>",
    "<a xlink:href='javascript:alert(1)'><rect/></a>",
    "<rect onclick='alert(1)' onload='alert(1)'/>",
    "<set attributeName='onload' to='alert(1)'/>",
    "<animate attributeName='href' values='javascript:alert(1)'/>",
    "<style>@import url(https://e.example/x.css);</style>",
    "<style>@import 'https://e.example/x.css';</style>",
    "<style>rect{fill:url(https://e.example/x)}</style>",
    "<style>rect{background:\\75rl(https://e.example/x)}</style>",
    "<style>@font-face{src:url(https://e.example/x)}</style>",
    "<style>rect{background:image-set('https://e.example/x' 1x)}</style>",
    "<rect style='fill:url(https://e.example/x)'/>",
    "<rect fill='url(https://e.example/x#a)'/>",
    "<rect fill='url( \"//e.example/x\" )'/>",
    "<rect filter='url(https://e.example/x)'/>",
    "<filter><feImage href='https://e.example/x'/></filter>",
    "<handler xmlns:ev='http://www.w3.org/2001/xml-events' ev:event='load'>alert(1)</handler>",
    "<metadata><x xmlns='https://e.example/'/></metadata>",
    "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>",
    "<h:img xmlns:h='http://www.w3.org/1999/xhtml' src='x' onerror='alert(1)'/>",
    "<!-- alert --><?xml-stylesheet href='https://e.example/x.css'?>",
    "<text>&lt;script&gt;alert(1)&lt;/script&gt;</text>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_drawing_can_only_be_looked_at(attack: str) -> None:
    html = cleaned(f"<g>{attack}</g>", "viewBox='0 0 1 1' onload='alert(1)'")
    assert html.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g>')
    for bad in (
        "<script",
        "e.example",
        "javascript",
        "onload",
        "onclick",
        "onerror",
        "data:",
        "@",
        "\\",
        "foreignObject",
        "<image",
        "<?",
        "<!--",
    ):
        assert bad not in html
    assert clean_svg(html.encode()) == html.encode()


def test_what_a_link_surrounds_stays() -> None:
    assert '<g><rect width="1"></rect></g>' in cleaned("<g><a href='https://e.example/'><switch><rect width='1'/></switch></a></g>")


def test_copies_of_copies_are_dropped() -> None:
    layers = "".join(f'<g id="l{number}"><use href="#l{number - 1}"/><use href="#l{number - 1}"/></g>' for number in range(1, 30))
    html = cleaned(f'<rect id="l0"/>{layers}<use href="#l29"/><use href="#l0"/>')
    assert html.count("<use") == 3


def test_entities_and_foreign_definitions_are_refused() -> None:
    for head in ('<!DOCTYPE svg [<!ENTITY a "b">]>', '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'):
        with pytest.raises(Invalid, match="entities"):
            clean_svg(head.encode() + svg("<text>&a;</text>"))


def test_the_usual_document_type_is_no_obstacle() -> None:
    head = b'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert clean_svg(head + svg("<rect/>")).endswith(b"<rect></rect></svg>")


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg/>", b"<svg", b"<html></html>", b"\x89PNG", b"\xff\xfe<", b'<?xml version="1.0" encoding="x-none"?><svg/>', svg("<g>")],
)
def test_what_is_no_drawing_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as raised:
        clean_svg(data)
    assert list(raised.value.fields) == ["file"]


@pytest.mark.parametrize("inside", ["<rect/>" * 11_000, "<g>" * 100 + "</g>" * 100, "<use href='#a'/>" * 101, " " * 600_000])
def test_a_drawing_too_large_for_a_logo_is_refused(inside: str) -> None:
    with pytest.raises(Invalid, match="too large"):
        clean_svg(svg(inside))


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="120" height="40px"', (120, 40)),
        ('viewBox="0 0 240.4 80"', (240, 80)),
        ('width="100%" height="100%" viewBox="0,0,24,24"', (24, 24)),
        ('width="0.2" height="0"', (1, 1)),
        ("", (300, 150)),
        ('viewBox="nonsense"', (300, 150)),
    ],
)
def test_a_drawing_has_a_size(attributes: str, size: tuple[int, int]) -> None:
    assert svg_size(svg("<rect/>", attributes)) == size
