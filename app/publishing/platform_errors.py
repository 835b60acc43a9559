"""The platform's own page for errors outside any site. It names no customer and gives no reason."""

from app.publishing.themes import Themes

_TEXTS = {
    421: (
        "No site at this address",
        "No site is published here under the name you asked for. If it is yours, add it to your site's domains and try again in a minute.",
    ),
    500: ("This page could not be made", "The fault is ours, and it has been noted. Please try again in a minute."),
    503: ("This site is resting", "It is not available at the moment. Nothing is lost. Please try again later."),
}


def render_platform_error(themes: Themes, status: int) -> str:
    """The page for status 421, 500 or 503. Raises KeyError for another status."""
    title, text = _TEXTS[status]
    return themes.platform.get_template("error.html").render(status=status, title=title, text=text, css=themes.system_css.url)
