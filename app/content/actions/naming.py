"""Tags, bylines and menus: small things that many pages show."""

from uuid import uuid4

import msgspec

from app import keys
from app.actor import Actor
from app.content.actions.opening import languages
from app.content.actions.refreshing import promise_refresh
from app.content.addresses import short_slug
from app.content.checks import checked_author, checked_menu, checked_tag
from app.content.models import Author, Menu, Tag
from app.content.repository import AUTHORS, MENUS, TAGS, find_author, find_menu, tags_by_slug
from app.content.requests import SaveAuthor, Saved, SaveMenu, SaveTag
from app.db.work import Work
from app.document.plain import slug_candidates
from app.errors import ChangedElsewhere, Invalid, Taken
from app.identity.access import Act, require
from app.media.repository import MEDIA


async def save_tag(work: Work, actor: Actor, request: SaveTag) -> Saved:
    """Make or change a tag. Live posts that have it are made anew by a job.

    Raises NotFound, Forbidden, Invalid, ChangedElsewhere, Taken.
    """
    tag = await TAGS.get(work, request.id) if request.id else None
    require(actor, Act.WRITE_TAG, site_id=tag.site_id if tag else request.site_id)
    request = checked_tag(request)
    if tag is None:
        await languages(work, request.site_id)
    elif tag.site_id != request.site_id:
        raise Invalid({"site_id": "A tag stays on its site. Make a new one there."})
    slug = short_slug(request.slug or (tag.slug if tag else ""), request.label)
    await _check_tag_slug(work, request, slug)
    values = {"slug": slug, "label": request.label, "labels": request.labels, "summary": request.summary}
    if tag is None:
        tag = await TAGS.add(work, Tag(id=uuid4(), site_id=request.site_id, **values))
    else:
        _check_version(tag, request.expect)
        await TAGS.change(work, tag, values, expect=None, tags=[keys.tag_tag(tag.id)])
        promise_refresh(work, tag_id=tag.id)
    return Saved(id=tag.id, version=tag.version, slug=tag.slug)


async def _check_tag_slug(work: Work, request: SaveTag, slug: str) -> None:
    others = await tags_by_slug(work, request.site_id, [slug])
    if any(other.id != request.id for other in others):
        raise Taken("slug", f"The tag “{others[0].label}” already has this address. Choose another.")


async def save_author(work: Work, actor: Actor, request: SaveAuthor) -> Saved:
    """Make or change a byline. Live posts that show it are made anew by a job.

    Raises NotFound, Forbidden, Invalid, ChangedElsewhere, Taken.
    """
    author = await AUTHORS.get(work, request.id) if request.id else None
    require(actor, Act.WRITE_AUTHOR)
    request = checked_author(request)
    if request.image_id is not None and await MEDIA.find(work, request.image_id) is None:
        raise Invalid({"image_id": "There is no such picture. Choose another."})
    slug = await _slug_of_author(work, request, author)
    values = {name: getattr(request, name) for name in ("name", "role", "bio", "image_id", "texts", "user_id")} | {"slug": slug}
    if author is None:
        author = await AUTHORS.add(work, Author(id=uuid4(), **values))
    else:
        _check_version(author, request.expect)
        await AUTHORS.change(work, author, values, expect=None, tags=[keys.author_tag(author.id)])
        promise_refresh(work, author_id=author.id)
    return Saved(id=author.id, version=author.version, slug=author.slug)


async def _slug_of_author(work: Work, request: SaveAuthor, author: Author | None) -> str:
    """The slug that was asked for, if it is free; a byline that comes without one takes a free one from its name."""
    if not request.slug and author is not None:
        return author.slug
    slug = short_slug(request.slug, request.name)
    for candidate in slug_candidates(slug):
        holder = await find_author(work, candidate)
        if holder is None or holder.id == request.id:
            return candidate
        if request.slug:
            raise Taken("slug", f"The byline “{holder.name}” already has this address. Choose another.")
    raise AssertionError("unreachable: there is always a further candidate")


async def save_menu(work: Work, actor: Actor, request: SaveMenu) -> Saved:
    """Set a whole menu of a site in one language; it is shown at once. An empty one shows nothing.

    Raises NotFound, Forbidden, Invalid, ChangedElsewhere.
    """
    require(actor, Act.WRITE_MENU, site_id=request.site_id)
    request = checked_menu(request)
    known = await languages(work, request.site_id)
    if request.lang not in known:
        raise Invalid({"lang": f"This site has no language “{request.lang}”. Choose {' or '.join(known)}."})
    items = msgspec.to_builtins(request.items)
    menu = await find_menu(work, request.site_id, request.lang, request.name)
    touched = [keys.menu_tag(request.site_id)]
    if menu is None:
        row = Menu(id=uuid4(), site_id=request.site_id, lang=request.lang, name=request.name, items=items)
        menu = await MENUS.add(work, row, tags=touched)
    else:
        _check_version(menu, request.expect)
        await MENUS.change(work, menu, {"items": items}, expect=None, tags=touched)
    return Saved(id=menu.id, version=menu.version, slug=menu.name)


def _check_version(thing: Tag | Author | Menu, expect: int | None) -> None:
    if expect is not None and thing.version != expect:
        raise ChangedElsewhere("A newer version was saved in the meantime.", expected=expect, current=thing.version, thing=thing)
