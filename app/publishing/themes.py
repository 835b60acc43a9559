"""Themes: their templates in a sandbox, their stylesheets, and which template shows a page.

A template sees the views of its page and nothing else: no rows, no settings, no modules, and only the filters that the contract lists.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct, convert

from app.publishing.assets import Asset, css_asset, joined_css
from app.publishing.colours import Papers
from app.publishing.wording import Strings

THEME_NAMES = ("journal",)
DEFAULT_THEME = "journal"
_TEXT_FILTERS = ("escape", "default", "lower", "upper", "title", "trim", "truncate")
_LIST_FILTERS = ("join", "length", "first", "last", "batch", "sort", "map", "select", "reject")


class Theme(Struct, frozen=True):
    """One theme, compiled. `names` are the templates that it or the shared theme has."""

    name: str
    papers: Papers
    css: Asset
    environment: Environment
    names: frozenset[str]

    def render(self, kind: str, slug: str, context: dict[str, Any]) -> str:
        """A page by the first template that exists: of this kind and slug, of this kind, or the base."""
        candidates = (f"{kind}-{slug.replace('/', '--')}.html", f"{kind}.html", "base.html")
        chosen = next(name for name in candidates if name in self.names)
        return self.environment.get_template(chosen).render(context)


class Themes(Struct, frozen=True):
    """Every theme of this installation, the platform's words, and its own page for errors outside any site."""

    by_name: dict[str, Theme]
    strings: Strings
    system_css: Asset
    platform: Environment

    def get(self, name: str) -> Theme:
        """The theme of that name; the default one for a name that is not installed."""
        return self.by_name.get(name) or self.by_name[DEFAULT_THEME]

    def asset(self, url: str) -> Asset | None:
        """The stylesheet at an address, if it is one of a theme or of the platform."""
        return next((a for a in (self.system_css, *(t.css for t in self.by_name.values())) if a.url == url), None)


def load_themes(folder: Path) -> Themes:
    """Read and compile all themes in the folder of templates, once, at start. Raises jinja2.TemplateError or OSError for a broken one."""
    strings: Strings = json.loads((folder / "strings.json").read_text(encoding="utf-8"))
    return Themes(
        by_name={name: _load_theme(folder, name) for name in THEME_NAMES},
        strings=strings,
        system_css=css_asset("system", joined_css(folder / "css", ["system"])),
        platform=_environment(FileSystemLoader(folder / "platform")),
    )


def _load_theme(folder: Path, name: str) -> Theme:
    papers = tomllib.loads((folder / name / "theme.toml").read_text(encoding="utf-8"))["papers"]
    shared, platform = FileSystemLoader(folder / "shared"), FileSystemLoader(folder / "platform")
    # The prefixed folders come first, so that no theme can put a file of its own in the platform's place.
    loader = ChoiceLoader([PrefixLoader({"platform": platform, "shared": shared}), FileSystemLoader(folder / name), shared])
    environment = _environment(loader)
    names = environment.list_templates(extensions=["html"])
    for template in names:
        environment.get_template(template)
    css = css_asset(name, joined_css(folder / "css", ["foundation", name, "print"]))
    return Theme(name=name, papers=convert(papers, Papers), css=css, environment=environment, names=frozenset(names))


def _environment(loader: BaseLoader) -> Environment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, loader=loader, auto_reload=False, cache_size=-1
    )
    environment.filters = {name: environment.filters[name] for name in _TEXT_FILTERS + _LIST_FILTERS}
    environment.globals.clear()
    return environment
