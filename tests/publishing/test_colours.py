"""An accent can always be read, and settings can never become other CSS."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.publishing.colours import LEAST_CONTRAST, accents, contrast, settings_css
from app.publishing.snapshots import ThemeSettings
from app.resources import templates_dir
from tests.publishing.demo_pages import themes

PAPERS = themes().by_name["journal"].papers


def assert_readable(accent: str) -> None:
    light, dark = accents(accent, PAPERS)
    assert min(contrast(light, x) for x in (PAPERS.paper, PAPERS.sunk)) >= LEAST_CONTRAST
    assert min(contrast(dark, x) for x in (PAPERS.night, PAPERS.night_sunk)) >= LEAST_CONTRAST


@pytest.mark.parametrize("accent", ["#ffff00", "#000000", "#777777", "#ff00aa", "#fff", "#a8481f"])
def test_awkward_accents_are_moved_until_they_read(accent: str) -> None:
    assert_readable(accent)


@given(st.integers(0, 0xFFFFFF))
def test_every_accent_reads_on_every_ground(number: int) -> None:
    assert_readable(f"#{number:06x}")


def test_an_accent_that_reads_already_is_used_as_it_is() -> None:
    assert accents("#a8481f", PAPERS)[0] == "#a8481f"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_settings_become_a_short_stylesheet() -> None:
    css = settings_css(ThemeSettings(accent="#a8481f", face="sans", width="wide", color_scheme="dark"), PAPERS)
    assert css == (
        ":root{color-scheme:dark;--accent:light-dark(#a8481f,#d26e47);--on-accent:light-dark(#fff,#111);"
        "--text:var(--sans);--head:var(--sans);--page:84rem}\n"
    )


@pytest.mark.parametrize("bad", ["red", "#12345", "#a8481f;}", "url(x)", "", "}body{display:none", "#a8481f\n"])
def test_what_is_no_colour_leaves_the_themes_own(bad: str) -> None:
    css = settings_css(ThemeSettings(accent=bad, face=bad, width=bad, color_scheme=bad), PAPERS)
    assert css == ":root{color-scheme:light dark}\n"
    with pytest.raises(ValueError, match="is not a colour"):
        accents(bad, PAPERS)


def test_the_papers_of_the_theme_are_the_tokens_of_its_stylesheet() -> None:
    css = (templates_dir() / "css" / "foundation.css").read_text(encoding="utf-8")
    pairs = dict(re.findall(r"--(paper|sunk): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", css))
    assert pairs == {"paper": f"{PAPERS.paper}, {PAPERS.night}", "sunk": f"{PAPERS.sunk}, {PAPERS.night_sunk}"}
