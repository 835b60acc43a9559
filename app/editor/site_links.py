"""Where visitors find the things of a site: its public origin, its languages, and the paths of posts and products."""

from typing import NamedTuple
from uuid import UUID

from babel import Locale, UnknownLocaleError

from app.db.work import Reading
from app.editor.views.parts import Option
from app.publishing.links import Addresses
from app.settings import Settings
from app.tenancy.repository import domains_of_site, languages_of_site


class SiteLinks(NamedTuple):
    """The public side of one site. `host` and `origin` are empty while the site has no address."""

    host: str
    origin: str
    languages: tuple[str, ...]

    @property
    def first(self) -> str:
        """The language whose pages have no prefix."""
        return self.languages[0] if self.languages else "en"

    def path(self, kind: str, lang: str, slug: str) -> str:
        """The path of a post, page or product."""
        addresses = Addresses(self.first)
        made = {"post": addresses.post, "page": addresses.page, "product": addresses.product}[kind]
        return made(lang, slug)

    def prefix(self, kind: str, lang: str) -> str:
        """What stands before the slug in such a path."""
        return self.path(kind, lang, "").rstrip("/") + "/"

    def language_options(self) -> tuple[Option, ...]:
        """The choice of a language, none where there is only one."""
        if len(self.languages) < 2:
            return ()
        return tuple(Option(value=lang, label=language_name(lang)) for lang in self.languages)


async def links_of_site(reading: Reading, settings: Settings, site_id: UUID) -> SiteLinks:
    """The public side of a site, by its primary domain."""
    domains = await domains_of_site(reading, site_id)
    host = next((domain.host for domain in domains if domain.state in ("live", "failing")), "")
    languages = await languages_of_site(reading, site_id)
    return SiteLinks(host, str(settings.public_origin(host)) if host else "", tuple(row.lang for row in languages))


def language_name(lang: str) -> str:
    """What a language is called in English; its code where nobody knows it."""
    try:
        return str(Locale.parse(lang, sep="-").get_display_name("en") or lang)
    except (ValueError, UnknownLocaleError):
        return lang
