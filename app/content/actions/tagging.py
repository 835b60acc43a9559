"""Tags of a post: found by slug or label, made when they are new, and kept in their author's order."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from app.actor import Actor
from app.content.addresses import short_slug, slug_of
from app.content.models import PostTag, Tag
from app.content.repository import POSTS, TAGS, tags_by_label, tags_by_slug
from app.db.work import Work
from app.errors import Invalid
from app.identity.access import Act, allows


async def tags_for(work: Work, actor: Actor, site_id: UUID, words: Sequence[str]) -> list[Tag]:
    """The tags that the words name. Unknown ones are made, if the actor may. Raises Invalid."""
    known = await _known_tags(work, site_id, words)
    tags: dict[UUID, Tag] = {}
    for word in words:
        tag = known.get(word.casefold()) or await _new_tag(work, actor, site_id, word)
        known[tag.slug] = tag
        tags[tag.id] = tag
    return list(tags.values())


async def _known_tags(work: Work, site_id: UUID, words: Sequence[str]) -> dict[str, Tag]:
    """The existing tags by the words in small letters; a slug goes before the label of another tag."""
    if not words:
        return {}
    slugs = {word.casefold(): slug_of(word) for word in words}
    by_slug = {tag.slug: tag for tag in await tags_by_slug(work, site_id, sorted({*slugs, *slugs.values()}))}
    found = {word: by_slug[word] for word in slugs if word in by_slug}
    missing = [word for word in slugs if word not in found]
    by_label = {tag.label.casefold(): tag for tag in await tags_by_label(work, site_id, missing)} if missing else {}
    for word in missing:
        tag = by_label.get(word) or by_slug.get(slugs[word])
        if tag is not None:
            found[word] = tag
    return found


async def _new_tag(work: Work, actor: Actor, site_id: UUID, label: str) -> Tag:
    if not allows(actor, Act.WRITE_TAG, site_id=site_id):
        raise Invalid({"tags": f"There is no tag “{label}”. Choose one of the site's tags, or ask an editor to add it."})
    tag = Tag(id=uuid4(), site_id=site_id, slug=short_slug("", label, "tags"), label=label, labels={}, summary="")
    return await TAGS.add(work, tag)


async def put_tags(work: Work, post_id: UUID, present: Sequence[PostTag], tags: Sequence[Tag]) -> None:
    """Give a post, which is changed in the same unit, these tags in this order."""
    rows = {row.tag_id: row for row in present}
    for position, tag in enumerate(tags):
        row = rows.pop(tag.id, None)
        if row is None:
            POSTS.add_part(work, PostTag(post_id=post_id, tag_id=tag.id, position=position))
        elif row.position != position:
            POSTS.change_part(work, row, {"position": position})
    for row in rows.values():
        await POSTS.remove_part(work, row)
