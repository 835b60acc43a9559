"""What the screens of one post or page read, and the editor that is made of it."""

from typing import NamedTuple
from uuid import UUID, uuid4

from msgspec.structs import replace

from app.actor import Actor
from app.content.actions.opening import PUBLISHES, WRITES
from app.content.history import PostState, state_of
from app.content.models import Author, Post, Publication
from app.content.repository import PostRow, authors_of_customer, find_publication, post_by_id, row_of_post, tags_of_posts
from app.db.work import Reading
from app.editor.entry import Shelf
from app.editor.post_form import stored_fields
from app.editor.site_links import SiteLinks, links_of_site
from app.editor.views.parts import Live, Option
from app.editor.views.writing import Editor, PostFields, Returned
from app.editor.wording import needs_in_words, status_of_post
from app.errors import Forbidden, NotFound
from app.identity.access import allows, is_own, require
from app.media.repository import pictures
from app.settings import Settings


class Opened(NamedTuple):
    """A post with everything that its screens say about it. `live` is what visitors see, `covers` names its picture."""

    row: PostRow
    state: PostState
    live: Publication | None
    links: SiteLinks
    authors: list[Author]
    covers: dict[str, str]

    @property
    def post(self) -> Post:
        """The working copy."""
        return self.row.post

    def live_view(self) -> Live | None:
        """The publication as the screens show it."""
        if self.live is None:
            return None
        path = self.links.path(self.live.kind, self.live.lang, self.live.slug)
        return Live(url=self.links.origin + path, version=self.live.version, at=self.live.published_at)

    def path(self) -> str:
        """Where the working copy will be found on its site."""
        return self.links.path(self.post.kind, self.post.lang, self.post.slug)

    def old_path(self) -> str:
        """Where readers find it now, if that is another address."""
        if self.live is None:
            return ""
        path = self.links.path(self.live.kind, self.live.lang, self.live.slug)
        return path if path != self.path() else ""


async def post_on(reading: Reading, shelf: Shelf, post_id: UUID) -> Post:
    """The post, if it stands on this shelf. Raises NotFound: an id never opens anything under the address of another site."""
    found = await post_by_id(reading, post_id)
    if (found.site_id, found.kind) != (shelf.at.site.id, shelf.kind):
        raise NotFound()
    return found


async def opened(reading: Reading, settings: Settings, shelf: Shelf, post_id: UUID) -> Opened:
    """Everything about one post. Raises NotFound."""
    await post_on(reading, shelf, post_id)
    row = await row_of_post(reading, post_id)
    tags = (await tags_of_posts(reading, [post_id]))[post_id]
    covers = await pictures(reading, ids=[row.post.cover_id]) if row.post.cover_id else []
    return Opened(
        row=row,
        state=state_of(row.post, tags),
        live=await find_publication(reading, post_id),
        links=await links_of_site(reading, settings, shelf.at.site.id),
        authors=await authors_of_customer(reading),
        covers={str(picture.id): picture.snapshot.name for picture in covers},
    )


def editor_of(
    shelf: Shelf,
    found: Opened,
    *,
    fields: PostFields | None = None,
    version: int | None = None,
    errors: dict[str, str] | None = None,
    returned: Returned = "",
) -> Editor:
    """The editor of a stored post; with `fields` and `version` as somebody typed and opened it."""
    post, live = found.post, found.live
    refusal = refusal_of(shelf.at.actor, post)
    fields = fields or stored_fields(found.state)
    return Editor(
        kind=shelf.kind,
        fields=fields,
        id=post.id,
        version=version or post.version,
        status=status_of_post(found.row.status, post.published_at is not None),
        saved_at=found.row.edited_at,
        prefix=found.links.prefix(shelf.kind, post.lang),
        old_path=found.old_path(),
        live=found.live_view(),
        later_versions=max(0, post.version - live.version) if live else 0,
        bylines=author_options(found.authors),
        languages=found.links.language_options(),
        covers=tuple(Option(value=key, label=name) for key, name in found.covers.items()),
        errors=errors or {},
        returned=returned,
        can_edit=refusal is None,
        can_publish=allows(shelf.at.actor, PUBLISHES[shelf.kind], own=is_own(shelf.at.actor, post.created_by), site_id=post.site_id),
        needs=needs_in_words(refusal.needs) if refusal else "",
    )


def new_editor(
    shelf: Shelf,
    links: SiteLinks,
    authors: list[Author],
    *,
    fields: PostFields | None = None,
    errors: dict[str, str] | None = None,
    returned: Returned = "",
) -> Editor:
    """The editor of a text that was never saved."""
    fields = fields or PostFields(lang=links.first)
    fields = replace(fields, new_id=fields.new_id or str(uuid4()))
    return Editor(
        kind=shelf.kind,
        fields=fields,
        prefix=links.prefix(shelf.kind, fields.lang or links.first),
        bylines=author_options(authors),
        languages=links.language_options(),
        errors=errors or {},
        returned=returned,
        can_publish=allows(shelf.at.actor, PUBLISHES[shelf.kind], own=True, site_id=shelf.at.site.id),
    )


def editor_without_database(shelf: Shelf, post_id: UUID | None, version: int | None, fields: PostFields, returned: Returned) -> Editor:
    """The editor with nothing but what was sent: choices offer what had been chosen, so that sending it again loses nothing."""
    return Editor(
        kind=shelf.kind,
        fields=fields,
        id=post_id,
        version=version,
        bylines=(Option(value=fields.byline, label="as chosen before"),) if fields.byline else (),
        languages=(Option(value=fields.lang, label=fields.lang),) if fields.lang else (),
        covers=(Option(value=fields.cover, label="as chosen before"),) if fields.cover else (),
        returned=returned,
    )


def refusal_of(actor: Actor, post: Post) -> Forbidden | None:
    """Why the person may not change this text, None when they may."""
    try:
        require(actor, WRITES[post.kind], own=is_own(actor, post.created_by), site_id=post.site_id)
    except Forbidden as refusal:
        return refusal
    return None


def author_options(authors: list[Author]) -> tuple[Option, ...]:
    """The bylines to choose from."""
    return tuple(Option(value=str(author.id), label=author.name) for author in authors)


def list_of(shelf: Shelf) -> str:
    """The address of the list that the post stands in."""
    return f"/c/{shelf.at.here.customer.customer_slug}/s/{shelf.at.site.slug}/{shelf.kind}s"


def address_of_post(shelf: Shelf, post_id: UUID) -> str:
    """The address of the post's editor."""
    return f"{list_of(shelf)}/{post_id}"
