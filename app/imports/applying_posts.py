"""Making the bylines, tags, posts and pages of an import, each by the action that a person would use."""

from uuid import UUID

from msgspec import structs

from app.content.actions import publish_post, save_author, save_post, save_tag, trash_post
from app.content.addresses import SLUG_CHARACTERS, next_slugs, slug_of
from app.content.repository import AUTHORS, POSTS, find_author, tags_by_id, tags_by_slug
from app.content.requests import SaveAuthor, Saved, SavePost, SaveTag
from app.document.input import one_line
from app.document.plain import is_reserved
from app.errors import Taken
from app.imports.plan import ImportedAuthor, ImportedPost, ImportedTag
from app.imports.unit import Unit


async def make_author(unit: Unit, author: ImportedAuthor) -> tuple[UUID, bool]:
    """A byline, and whether it is new: one that has both the name and the address is taken for the same person."""
    request = SaveAuthor(name=author.name, slug=slug_of(author.slug), bio=author.bio)
    twin = await find_author(unit.work, request.slug)
    if twin is not None and twin.name.casefold() == one_line(author.name).casefold():
        return twin.id, False
    if twin is not None:
        unit.warn(author, f"The byline “{twin.name}” already has the address “{twin.slug}”; this one takes another.")
        request = structs.replace(request, slug="")
    return (await save_author(unit.work, unit.actor, request)).id, True


async def make_tag(unit: Unit, tag: ImportedTag) -> tuple[UUID, bool]:
    """A tag, and whether it is new: the tag of the site that has its address is the same tag."""
    slug, site_id = slug_of(tag.slug), _site(unit)
    for twin in await tags_by_slug(unit.work, site_id, [slug]):
        if twin.label.casefold() != one_line(tag.label).casefold():
            unit.warn(tag, f"“{tag.label}” has the address of the tag “{twin.label}”, which is there already; posts get that one.")
        return twin.id, False
    request = SaveTag(site_id=site_id, label=tag.label, slug=slug, summary=tag.summary)
    return (await save_tag(unit.work, unit.actor, request)).id, True


async def make_post(unit: Unit, post: ImportedPost) -> tuple[UUID, bool]:
    """A post or page in the state that it had: live with its date, a draft, or in the trash."""
    lang = post.lang if post.lang and post.lang in unit.goal.languages else unit.goal.lang
    saved = await _save(unit, post, await _request(unit, post, lang))
    unit.warn_dropped(post, saved.dropped)
    is_due = post.published_at is not None and post.published_at <= unit.work.now
    if post.status == "trashed":
        await trash_post(unit.work, unit.actor, saved.id, None)
    elif post.status == "published" or (post.status == "scheduled" and is_due):
        await publish_post(unit.work, unit.actor, saved.id, None)
    elif post.status == "scheduled":
        unit.warn(post, "Its date has not come yet. It is a draft with that date; publish it when the time has come.")
    return saved.id, True


async def _request(unit: Unit, post: ImportedPost, lang: str) -> SavePost:
    author_id = unit.things.get(("author", post.author_source_id)) if post.author_source_id else None
    if author_id is not None and await AUTHORS.find(unit.work, author_id) is None:
        unit.warn(post, "Its byline was deleted here after an earlier import, so it has none.")
        author_id = None
    tag_ids = [tag_id for name in post.tags if (tag_id := unit.things.get(("tag", name)))]
    tags = {tag.id: tag.slug for tag in await tags_by_id(unit.work, _site(unit), tag_ids)}
    return SavePost(
        site_id=_site(unit),
        kind=post.kind,
        lang=lang,
        title=post.title,
        slug=await _address(unit, post),
        summary=post.summary,
        body_source=post.body_source,
        body_format=post.body_format,
        tags=tuple(tags[tag_id] for tag_id in tag_ids if tag_id in tags),
        author_id=author_id,
        is_featured=post.is_featured,
        position=post.menu_order,
        published_at=post.published_at,
        # When the text was last edited is not in the file; that readers are told it was today would be worse than the day it appeared.
        updated_at=post.published_at if post.published_at and post.published_at <= unit.work.now else None,
    )


async def _address(unit: Unit, post: ImportedPost) -> str:
    """The address that the file gives, below the present address of the page above it, clear of the site's languages."""
    wanted = "/".join(slug_of(step) for step in post.slug.split("/"))
    above, slash, last = wanted.rpartition("/")
    parent_id = unit.things.get(("post", post.parent_source_id)) if slash and post.parent_source_id else None
    parent = await POSTS.find(unit.work, parent_id) if parent_id else None
    if parent is not None and parent.kind == "page" and parent.slug != above and len(parent.slug) + len(last) < SLUG_CHARACTERS:
        return f"{parent.slug}/{last}"
    if not is_reserved(wanted, unit.goal.languages):
        return wanted
    first, slash, others = wanted.partition("/")
    free = f"{next_slugs(first)[0]}{slash}{others}"
    unit.warn(post, f"The address “{wanted}” is kept for the site's own pages; this one becomes “{free}”.")
    return free


async def _save(unit: Unit, post: ImportedPost, request: SavePost) -> Saved:
    """Save at the wanted address or, where another post has it, at the free one that is offered."""
    try:
        return await save_post(unit.work, unit.actor, request)
    except Taken as taken:
        if taken.free is None:
            raise
        saved = await save_post(unit.work, unit.actor, structs.replace(request, slug=taken.free))
        unit.warn(post, f"Another {post.kind} of the site has the address “{request.slug}”; this one becomes “{saved.slug}”.")
        return saved


def _site(unit: Unit) -> UUID:
    assert unit.goal.site_id is not None, "posts are imported to one site"
    return unit.goal.site_id
