"""How sites, their themes and their domains return. Customers do not: the operator has commands of his own for them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from app.db.returning import Payload, PlainRows, Rows
from app.db.work import Reading
from app.keys import site_tag
from app.tenancy.models import Domain, SiteLanguage
from app.tenancy.repository import DOMAINS, SITES, THEMES

LANGUAGES = Rows(SiteLanguage, "languages", "site_id")
SITES_BACK = PlainRows(SITES, lists=(LANGUAGES,), tags=lambda site: [site_tag(site.id)])
THEMES_BACK = PlainRows(THEMES, tags=lambda theme: [site_tag(theme.site_id)])


@dataclass(frozen=True)
class ReturningDomains(PlainRows[Domain]):
    """The return of host names."""

    async def obstacles(self, reading: Reading, wanted: Mapping[UUID, Payload | None], together: Set[UUID]) -> dict[UUID, str]:
        """A site keeps the address that it was built with as long as it exists."""
        found: dict[UUID, str] = {}
        for domain_id in [key for key, payload in wanted.items() if payload is None]:
            row = await DOMAINS.find(reading, domain_id)
            if row is not None and row.is_built_in and row.site_id not in together:
                found[domain_id] = "It is the built-in address of a site, which stays as long as the site does."
        return found


DOMAINS_BACK = ReturningDomains(DOMAINS, tags=lambda domain: [site_tag(domain.site_id)])
