"""Stylesheets under addresses that name their content, so that a browser may keep them for ever."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct


class Asset(Struct, frozen=True):
    """A file that is served under `/-/`. The address changes when a byte of it does."""

    url: str
    body: bytes
    media_type: str = "text/css; charset=utf-8"


def css_asset(stem: str, css: str) -> Asset:
    """A stylesheet as `/-/<stem>-<hash>.css`."""
    digest = hashlib.sha256(css.encode()).hexdigest()[:10]
    return Asset(url=f"/-/{stem}-{digest}.css", body=css.encode())


def joined_css(folder: Path, names: Iterable[str]) -> str:
    """Stylesheets of a folder one after the other, without comments and needless space. Raises FileNotFoundError."""
    return minified("".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in names))


def minified(css: str) -> str:
    """The same stylesheet in fewer bytes; made for the stylesheets of this product, which hold no strings with braces."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    css = re.sub(r"([\w-]): ", r"\1:", css).replace(" (width", "(width").replace(" <= ", "<=")
    css = re.sub(r"\s>\s", ">", css)
    return css.replace(";}", "}").strip() + "\n"
