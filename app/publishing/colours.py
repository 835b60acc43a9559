"""A site's accent colour, moved in lightness until it can be read on its theme's grounds, and the stylesheet of its settings."""

import math
import re

from msgspec import Struct

from app.publishing.snapshots import ThemeSettings

LEAST_CONTRAST = 4.6
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_SCHEMES = {"auto": "light dark", "light": "light", "dark": "dark"}
_WIDTHS = {"narrow": "60rem", "wide": "84rem"}
_FACES = {"serif", "sans"}

Triple = tuple[float, float, float]


class Papers(Struct, frozen=True):
    """The grounds of a theme, as six-digit colours equal to its tokens: `paper` and `sunk` in light, `night` and `night_sunk` in dark."""

    paper: str
    sunk: str
    night: str
    night_sunk: str


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two colours by WCAG, from 1 to 21."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, grounds: tuple[str, ...], step: float) -> str:
    """The colour, its lightness moved by `step` (below 0 darker) until it reads on every ground; its hue stays."""
    light, chroma, hue = _oklch(colour)
    while 0 < light < 1:
        candidate = _hex(light, chroma, hue)
        if all(contrast(candidate, ground) >= LEAST_CONTRAST for ground in grounds):
            return candidate
        light += step
    return "#000000" if step < 0 else "#ffffff"


def accents(accent: str, papers: Papers) -> tuple[str, str]:
    """The accent that is used in light and the one in dark. Raises ValueError for what is not a colour like #a8481f."""
    if not _COLOUR.fullmatch(accent):
        raise ValueError(f"{accent!r} is not a colour like #a8481f")
    light = readable(accent, (papers.paper, papers.sunk), -0.005)
    return light, readable(accent, (papers.night, papers.night_sunk), 0.005)


def settings_css(settings: ThemeSettings, papers: Papers) -> str:
    """The stylesheet of a site's theme settings. A value that is no colour, face, width or scheme leaves the theme's own."""
    lines = [f"color-scheme:{_SCHEMES.get(settings.color_scheme, _SCHEMES['auto'])}"]
    if settings.accent and _COLOUR.fullmatch(settings.accent):
        light, dark = accents(settings.accent, papers)
        lines += [f"--accent:light-dark({light},{dark})", f"--on-accent:light-dark({_on(light)},{_on(dark)})"]
    if settings.face in _FACES:
        lines += [f"--text:var(--{settings.face})", f"--head:var(--{settings.face})"]
    if settings.width in _WIDTHS:
        lines.append(f"--page:{_WIDTHS[settings.width]}")
    return ":root{" + ";".join(lines) + "}\n"


def _on(colour: str) -> str:
    return "#fff" if contrast("#ffffff", colour) >= 4.5 else "#111"


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)


def _encoded(channel: float) -> float:
    return float(12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055)


def _rgb(colour: str) -> Triple:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    red, green, blue = (_linear(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(colour: str) -> Triple:
    red, green, blue = _rgb(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    x = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    y = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return light, math.hypot(x, y), math.atan2(y, x)


def _from_oklch(light: float, chroma: float, hue: float) -> Triple:
    x, y = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (light + 0.3963377774 * x + 0.2158037573 * y) ** 3
    medium = (light - 0.1055613458 * x - 0.0638541728 * y) ** 3
    short = (light - 0.0894841775 * x - 1.2914855480 * y) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return red, green, blue


def _hex(light: float, chroma: float, hue: float) -> str:
    """The sRGB colour of an OKLCH triple; chroma gives way until it fits."""
    rgb = _from_oklch(light, chroma, hue)
    while chroma >= 0.002 and not all(-0.0005 <= c <= 1.0005 for c in rgb):
        chroma *= 0.97
        rgb = _from_oklch(light, chroma, hue)
    return "#" + "".join(f"{round(255 * _encoded(min(1.0, max(0.0, c)))):02x}" for c in rgb)
