"""What every act on a post begins with: find it, ask whether the actor may, and whether it is still what was opened."""

from uuid import UUID

from app.actor import Actor
from app.content.addresses import next_slugs
from app.content.models import Post
from app.content.repository import POSTS, Place, addresses_taken, holder_of_address
from app.db.work import Reading, Work
from app.errors import ChangedElsewhere, Conflict, NotFound, Taken
from app.identity.access import Act, is_own, require
from app.tenancy.models import SiteLanguage
from app.tenancy.repository import languages_of_site

WRITES = {"post": Act.WRITE_POST, "page": Act.WRITE_PAGE}
PUBLISHES = {"post": Act.PUBLISH_POST, "page": Act.PUBLISH_PAGE}


async def opened_post(work: Work, actor: Actor, post_id: UUID, expect: int | None, acts: dict[str, Act]) -> Post:
    """The post that the actor may act on and that is still in the version he opened. Raises NotFound, Forbidden, ChangedElsewhere."""
    post = await POSTS.get(work, post_id)
    require(actor, acts[post.kind], own=is_own(actor, post.created_by), site_id=post.site_id)
    check_version(post, expect)
    return post


def check_version(post: Post, expect: int | None) -> None:
    """Raise ChangedElsewhere, with the present post as its thing, unless the version is the one that was opened."""
    if expect is not None and post.version != expect:
        raise ChangedElsewhere("A newer version was saved in the meantime.", expected=expect, current=post.version, thing=post)


def check_not_trashed(post: Post) -> None:
    """Raise Conflict for a post in the trash, which is neither edited nor published there."""
    if post.state == "trashed":
        raise Conflict(f"“{post.title}” is in the trash. Bring it back first.")


async def languages(reading: Reading, site_id: UUID) -> list[str]:
    """The languages of a site, the first one first. Raises NotFound when the customer has no such site."""
    rows: list[SiteLanguage] = await languages_of_site(reading, site_id)
    if not rows:
        raise NotFound("There is no such site.")
    return [row.lang for row in rows]


def place_of(post: Post) -> Place:
    """Where the address of a post must be its own."""
    return Place(site_id=post.site_id, lang=post.lang, kind=post.kind)


async def check_address(reading: Reading, place: Place, slug: str, *, but: UUID) -> None:
    """Raise Taken, with a free address, when another post has this one."""
    holder = await holder_of_address(reading, place, slug, but=but)
    if holder is None:
        return
    free = await free_address(reading, place, slug, but=but)
    offer = f"Choose another, for example “{free}”." if free else "Choose another."
    raise Taken("slug", f"“{holder}” already has this address. {offer}", free)


async def free_address(reading: Reading, place: Place, slug: str, *, but: UUID) -> str | None:
    """The nearest address that no other post has, None when all that would be offered are taken."""
    taken = await addresses_taken(reading, place, next_slugs(slug), but=but)
    return next((candidate for candidate in next_slugs(slug) if candidate not in taken), None)
