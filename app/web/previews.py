"""Addresses of previews: a signed token in the path says which version of which post may be looked at, and until when.

The token is worth something only on the site that it was made for, and no cookie goes with it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from app.db.database import TenantDatabase
from app.errors import NotFound
from app.publishing.previews import preview_place
from app.web.services import Services
from app.web.tokens import BadToken, sign, unsign

VALID_FOR = timedelta(days=7)
PREFIX = "/-/preview/"


class Preview(Struct, frozen=True, array_like=True):
    """What a token allows: to see one version of one post until `expires_at` (UTC)."""

    post_id: UUID
    version: int
    expires_at: datetime


async def preview_url(services: Services, database: TenantDatabase, post_id: UUID, version: int, now: datetime) -> str:
    """The address at which anybody can look at a version of a post for seven days. Raises NotFound.

    Whether the asker may hand it out is for the caller to decide.
    """
    place = await database.read(lambda reading: preview_place(reading, post_id, version))
    if place.host is None:
        raise NotFound("This site has no address yet. Give it one first.")
    token = sign(services.keys("preview"), bound_to(database.customer_id, place.site_id), Preview(post_id, version, now + VALID_FOR))
    return f"{services.settings.public_origin(place.host)}{PREFIX}{token}{place.path}"


def read_preview(services: Services, customer_id: UUID, site_id: UUID, token: str, now: datetime) -> Preview:
    """What a token allows on a site at a moment. Raises BadToken when it is altered, expired or another site's."""
    preview = unsign(services.keys("preview"), bound_to(customer_id, site_id), token, Preview)
    if now >= preview.expires_at:
        raise BadToken("the token has expired")
    return preview


def bound_to(customer_id: UUID, site_id: UUID) -> str:
    """The site that a token belongs to."""
    return f"preview:{customer_id}:{site_id}"
