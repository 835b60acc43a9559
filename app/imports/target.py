"""Where an import goes: which sites, in which language and currency."""

from uuid import UUID

from msgspec import Struct

from app.db.work import Reading
from app.errors import Conflict, Invalid
from app.tenancy.models import Site
from app.tenancy.repository import SITES, languages_of_site, sites_of_customer


class Target(Struct, frozen=True, kw_only=True):
    """Where an import goes. `languages` are to choose from, the first one first."""

    sites: tuple[UUID, ...]
    languages: tuple[str, ...]

    def language_for(self, lang: str | None) -> str:
        """The language that fits that of a file best: the same, else the same but for the country, else the first."""
        wanted = (lang or "").replace("_", "-").casefold()
        same = [known for known in self.languages if known.casefold() == wanted]
        near = [known for known in self.languages if wanted and known.casefold().split("-")[0] == wanted.split("-")[0]]
        return [*same, *near, *self.languages][0]


async def target_of(reading: Reading, site_id: UUID | None) -> Target:
    """The target for one site or, without one, for all sites of the customer.

    Raises NotFound for a site of somebody else, Conflict for a customer without sites, and Invalid where the sites differ in language.
    """
    sites = await _sites(reading, site_id)
    languages = {site.lang for site in sites}
    if len(languages) > 1:
        raise Invalid({"site": f"The sites have several languages ({', '.join(sorted(languages))}). Say which site it is for."})
    others = [row.lang for row in await languages_of_site(reading, site_id)] if site_id else []
    return Target(sites=tuple(site.id for site in sites), languages=tuple(dict.fromkeys([*languages, *others])))


async def currency_of(reading: Reading, site_id: UUID | None) -> str:
    """The currency of one site or, without one, the one that all sites of the customer have.

    Raises NotFound, Conflict for a customer without sites, and Invalid where the sites differ in currency.
    """
    currencies = sorted({site.currency for site in await _sites(reading, site_id)})
    if len(currencies) > 1:
        raise Invalid({"currency": f"The sites have several currencies ({', '.join(currencies)}). Say which one the prices are in."})
    return currencies[0]


async def _sites(reading: Reading, site_id: UUID | None) -> list[Site]:
    sites = [await SITES.get(reading, site_id)] if site_id else await sites_of_customer(reading)
    if not sites:
        raise Conflict("This customer has no site yet. Create one first.")
    return sites
