"""The lists of posts and of pages, the trash among them."""

from collections.abc import Sequence
from typing import NamedTuple, cast, get_args
from uuid import UUID

from litestar import Router, get
from msgspec import Struct

from app.content.actions.opening import WRITES
from app.content.models import Author, Tag
from app.content.repository import PostRow as Listed
from app.content.repository import authors_of_customer, find_publication, posts_of_site, tags_of_posts, tags_of_site
from app.db.functions import NO_ID
from app.db.work import Reading
from app.editor import conflict, post_history, publishing, writing
from app.editor.entry import CurrentShelf, Shelf
from app.editor.frame import Html, screen, shell_at_site
from app.editor.local import query
from app.editor.paging import ROWS, Place, cut, pager, place_in
from app.editor.render import plural
from app.editor.site_links import SiteLinks, links_of_site
from app.editor.views.parts import Filter, Option, Tab
from app.editor.views.posts import PostList, PostRow, PostsView
from app.editor.views.shell import Who
from app.editor.wording import status_of_post
from app.identity.access import Act, allows, is_own, require
from app.web.context import AnyRequest, services_of

_TABS: dict[PostsView, str] = {"all": "All", "drafts": "Drafts", "live": "Live", "waiting": "Edits waiting", "trash": "Trash"}
LONGEST_WORDS = 200


class Wish(Struct, frozen=True):
    """What the list is narrowed to."""

    view: PostsView
    q: str
    author: str
    tag: str

    @property
    def is_filtered(self) -> bool:
        """Whether anything beside the view narrows the list."""
        return bool(self.q or self.author or self.tag)

    def query(self) -> dict[str, str]:
        """The wish as it stands in the address."""
        return {"view": "" if self.view == "all" else self.view, "q": self.q, "author": self.author, "tag": self.tag}


class Read(NamedTuple):
    """What the list reads."""

    rows: Sequence[Listed]
    has_older: bool
    tags: dict[UUID, list[Tag]]
    live_slugs: dict[UUID, tuple[str, str]]
    links: SiteLinks
    authors: list[Author]
    all_tags: list[Tag]


def wish_in(request: AnyRequest) -> Wish:
    """The filters of the address; what cannot be one is left out."""
    asked = request.query_params
    view = asked.get("view", "all")
    return Wish(
        view=cast(PostsView, view) if view in get_args(PostsView) else "all",
        q=asked.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS],
        author=id_in(asked.get("author", "")),
        tag=id_in(asked.get("tag", "")),
    )


def id_in(text: str) -> str:
    """The text if it is an id, else nothing."""
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        return ""


@get("/")
async def list_page(request: AnyRequest, shelf: CurrentShelf) -> Html:
    """The posts or pages of a site, last edited first."""
    require(shelf.at.actor, Act.READ_CONTENT, site_id=shelf.at.site.id)
    wish = wish_in(request)
    place = place_in(request, f"{shelf.at.here.customer.customer_id}:{shelf.at.site.id}:{shelf.kind}:{query(**wish.query())}")
    settings = services_of(request).settings

    async def read(reading: Reading) -> Read:
        return await read_list(reading, shelf, wish, place, await links_of_site(reading, settings, shelf.at.site.id))

    found = await shelf.at.database.read(read)
    title = "Trash" if wish.view == "trash" else f"{shelf.kind.title()}s"
    shell = await shell_at_site(request, shelf.at, title, shelf.screen)
    return screen(request, "posts.html", shell, list_view(request, shelf, wish, place, found))


async def read_list(reading: Reading, shelf: Shelf, wish: Wish, place: Place, links: SiteLinks) -> Read:
    """One page of the list and what stands beside its rows."""
    listed = await posts_of_site(
        reading,
        shelf.at.site.id,
        kind=shelf.kind,
        view=wish.view,
        words=wish.q,
        author_id=UUID(wish.author) if wish.author else NO_ID,
        tag_id=UUID(wish.tag) if wish.tag else NO_ID,
        edge=place.edge,
        limit=ROWS + 1,
    )
    rows, has_older = cut(listed)
    live_slugs: dict[UUID, tuple[str, str]] = {}
    for row in rows:
        # A text with waiting edits may be live at another address than the one that it is going to have.
        publication = await find_publication(reading, row.post.id) if row.status == "waiting" else None
        if publication is not None or row.status == "live":
            live = publication or row.post
            live_slugs[row.post.id] = (live.lang, live.slug)
    return Read(
        rows=rows,
        has_older=has_older,
        tags=await tags_of_posts(reading, [row.post.id for row in rows]),
        live_slugs=live_slugs,
        links=links,
        authors=await authors_of_customer(reading),
        all_tags=await tags_of_site(reading, shelf.at.site.id),
    )


def list_view(request: AnyRequest, shelf: Shelf, wish: Wish, place: Place, found: Read) -> PostList:
    """The screen of a list."""
    last = found.rows[-1] if found.rows and found.has_older else None
    edge = (last.edited_at, last.post.id) if last else None
    text = f"{plural(len(found.rows), shelf.kind)}, last edited first"
    return PostList(
        kind=shelf.kind,
        view=wish.view,
        tabs=tabs(wish),
        q=wish.q,
        filters=filters(wish, found),
        is_filtered=wish.is_filtered,
        rows=tuple(row_view(shelf, found, row) for row in found.rows),
        pager=pager(request, place, text, edge, **wish.query()),
        can_write=allows(shelf.at.actor, WRITES[shelf.kind], own=True, site_id=shelf.at.site.id),
    )


def tabs(wish: Wish) -> tuple[Tab, ...]:
    """The views of the list."""
    return tuple(
        Tab(label=label, href=query(view="" if view == "all" else view) or "?", is_current=view == wish.view)
        for view, label in _TABS.items()
    )


def filters(wish: Wish, found: Read) -> tuple[Filter, ...]:
    """What the list can be narrowed by, as far as there is anything to choose from."""
    made = []
    for name, label, chosen, options in (
        ("author", "Author", wish.author, [(author.id, author.name) for author in found.authors]),
        ("tag", "Tag", wish.tag, [(tag.id, tag.label) for tag in found.all_tags]),
    ):
        if options:
            choices = (Option(value="", label=f"Any {label.lower()}"), *(Option(value=str(key), label=text) for key, text in options))
            made.append(Filter(name=name, label=label, options=choices, chosen=chosen))
    return tuple(made)


def row_view(shelf: Shelf, found: Read, row: Listed) -> PostRow:
    """One row of the list."""
    post, live = row.post, found.live_slugs.get(row.post.id)
    return PostRow(
        id=post.id,
        version=post.version,
        title=post.title,
        path=found.links.path(shelf.kind, post.lang, post.slug),
        status=status_of_post(row.status, post.published_at is not None),
        edited_at=row.edited_at,
        edited_by=Who(name=row.editor),
        lang=post.lang,
        tags=tuple(tag.label for tag in found.tags[post.id]),
        live_url=found.links.origin + found.links.path(shelf.kind, *live) if live and found.links.origin else None,
        trashed_at=row.edited_at if row.status == "trashed" else None,
        can_edit=allows(shelf.at.actor, WRITES[shelf.kind], own=is_own(shelf.at.actor, post.created_by), site_id=post.site_id),
    )


ROUTER = Router(
    path="/c/{customer:str}/s/{site:str}/{kind:str}",
    route_handlers=[list_page, writing.ROUTER, publishing.ROUTER, post_history.ROUTER, conflict.ROUTER],
)
