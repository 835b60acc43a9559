"""Pictures: from what media stored to what a page shows."""

from markupsafe import Markup

from app.publishing.links import safe_link
from app.publishing.snapshots import ImageSnapshot, RenditionSnapshot
from app.publishing.views import Image, Rendition
from app.publishing.wording import in_language


def image_view(image: ImageSnapshot | None, lang: str) -> Image | None:
    """A picture with its alternative text in a language. None for no picture, or for one without a file that can be shown."""
    renditions = tuple(_rendition(r) for r in image.renditions if safe_link(r.url)) if image else ()
    if not image or not renditions:
        return None
    largest = renditions[-1]
    alt = in_language(image.alt, lang) or image.alt.get("", "")
    og = _rendition(image.og) if image.og and safe_link(image.og.url) else largest
    return Image(url=largest.url, width=largest.width, height=largest.height, alt=alt, renditions=renditions, og=og)


def image_views(images: tuple[ImageSnapshot, ...], lang: str) -> tuple[Image, ...]:
    """Those of the pictures that can be shown, in their order."""
    return tuple(view for image in images if (view := image_view(image, lang)))


def picture(image: Image, sizes: str, cover: bool = False, alt: str | None = None, cls: str = "", eager: bool = False) -> Markup:
    """One `img`. A cover is fetched first, an eager one with the page; all others wait until they are near the window.

    `sizes` is the layout's truth; `alt` "" says that the text beside the picture already tells what it shows.
    """
    middle = image.renditions[len(image.renditions) // 2]
    attributes: list[tuple[str, str | int]] = [("src", middle.url)]
    if len(image.renditions) > 1:
        attributes += [("srcset", ", ".join(f"{r.url} {r.width}w" for r in image.renditions)), ("sizes", sizes)]
    attributes += [("width", image.width), ("height", image.height), ("alt", image.alt if alt is None else alt)]
    if cls:
        attributes.append(("class", cls))
    if cover:
        attributes.append(("fetchpriority", "high"))
    elif not eager:
        attributes += [("loading", "lazy"), ("decoding", "async")]
    return Markup("<img{}>").format(Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in attributes))


def _rendition(rendition: RenditionSnapshot) -> Rendition:
    return Rendition(url=rendition.url, width=rendition.width, height=rendition.height)
