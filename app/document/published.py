"""What a publication keeps of a body: HTML in its language, with the pictures in it. Pure but for the table of platform words."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import msgspec
from markupsafe import Markup

from app.document.body import BodyFormat, BodyLabels, Rendered, render_body, resolve_figures
from app.document.snapshots import ImageSnapshot
from app.resources import templates_dir

# Raised whenever the same source would give other HTML; what was published before is then rendered again by a job.
RENDER_VERSION = 1

# The width of a picture in a column of text, in all themes.
FIGURE_SIZES = "(min-width:60rem) 46rem, 100vw"


@lru_cache(maxsize=8)
def rendered(source: str, body_format: BodyFormat, lang: str) -> Rendered:
    """The body without its pictures. Kept for a while, because a unit of work that lost a race renders again; call it in a thread."""
    return render_body(source, body_format, labels_in(lang))


def with_pictures(html: str, images: Mapping[str, ImageSnapshot], lang: str) -> str:
    """The rendered body with those of its pictures that are known by name; the captions of others stay."""
    return str(resolve_figures(html, lambda name: picture(images[name], lang) if name in images else None))


def picture(image: ImageSnapshot, lang: str) -> Markup | None:
    """The `img` of a picture inside a text, None while it has no file that visitors may see."""
    if not image.renditions:
        return None
    middle = image.renditions[len(image.renditions) // 2]
    attributes: list[tuple[str, str | int]] = [("src", middle.url)]
    if len(image.renditions) > 1:
        attributes += [("srcset", ", ".join(f"{file.url} {file.width}w" for file in image.renditions)), ("sizes", FIGURE_SIZES)]
    attributes += [
        ("width", image.width),
        ("height", image.height),
        ("alt", description(image, lang)),
        ("loading", "lazy"),
        ("decoding", "async"),
    ]
    return Markup("<img{}>").format(Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in attributes))


def description(image: ImageSnapshot, lang: str) -> str:
    """What a picture shows, in a language or else in any; empty when nobody has said."""
    return image.alt.get(lang) or image.alt.get(lang.split("-")[0]) or image.alt.get("", "")


def labels_in(lang: str) -> BodyLabels:
    """The words that rendering adds, in a language or else in English."""
    table = _strings()
    words = table.get(lang) or table.get(lang.split("-")[0].lower()) or table["en"]
    return BodyLabels(notes=words["notes"], back_to_text=words["back_to_text"], table=words["table"])


@cache
def _strings() -> dict[str, dict[str, Any]]:
    return msgspec.json.decode((templates_dir() / "strings.json").read_bytes(), type=dict[str, dict[str, Any]])
