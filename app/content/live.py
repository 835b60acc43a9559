"""Where visitors find a post."""

from uuid import UUID

from app.content.addresses import path_of
from app.content.repository import find_publication
from app.db.work import Reading
from app.tenancy.repository import languages_of_site


async def live_path(reading: Reading, post_id: UUID) -> str | None:
    """The address at which visitors see a post, as a path on its site; None while they see nothing."""
    live = await find_publication(reading, post_id)
    if live is None:
        return None
    first = (await languages_of_site(reading, live.site_id))[0].lang
    return path_of(live.kind, live.lang, live.slug, first)
