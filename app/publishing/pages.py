"""From a visitor's request to a finished page: one read of the database, then rendering without it.

`find_page` is the one way in. Whoever keeps pages for a while keeps what it gives, by site, address and query.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from msgspec import Struct

from app.db.database import TenantDatabase
from app.db.work import Reading
from app.errors import NotFound
from app.media.storage import stored_name
from app.publishing.assets import Asset
from app.publishing.chrome import in_preview
from app.publishing.json_feed import MEDIA_TYPE
from app.publishing.post_pages import read_feed, read_home, read_page, read_post, read_posts, read_tag
from app.publishing.previews import preview_pass, read_draft
from app.publishing.product_pages import read_product, read_products
from app.publishing.render import render_error
from app.publishing.repository import find_file, posts_shelf
from app.publishing.sites import load_chrome, open_site
from app.publishing.targets import Target, TargetKind, target_of
from app.publishing.visits import HTML, Finish, Page, PageRequest, Press, Visit

SUGGESTIONS = 4
READERS: dict[TargetKind, Callable[[Visit, Target], Awaitable[Finish]]] = {
    "home": read_home,
    "posts": read_posts,
    "post": read_post,
    "page": read_page,
    "tag": read_tag,
    "products": read_products,
    "product": read_product,
    "feed": read_feed,
}


class File(Struct, frozen=True):
    """A file of the media library as visitors get it, and the name under which the storage keeps its bytes."""

    stored_name: str
    content_type: str


async def find_page(press: Press, database: TenantDatabase, site_id: UUID, request: PageRequest) -> Page:
    """The page of an address, a redirect to it, or the site's own page that says that there is none.

    Raises Unavailable when the database is away or the site is suspended, Gone when it is archived, and NotFound for a preview
    of what has gone.
    """
    finish = await database.read(lambda reading: _prepared(press, reading, site_id, request))
    return finish()


async def _prepared(press: Press, reading: Reading, site_id: UUID, request: PageRequest) -> Callable[[], Page]:
    """Everything that the page needs from the database."""
    visit = await _open_visit(press, reading, site_id, request)
    target = target_of(request.address, visit.chrome.languages_live) if request.address else None
    try:
        return await _read(visit, target)
    except NotFound:
        return partial(_page, await _read_missing(visit, target), status=404)


async def _open_visit(press: Press, reading: Reading, site_id: UUID, request: PageRequest) -> Visit:
    if request.preview is None:
        return Visit(reading, press, site_id, await load_chrome(reading, press, site_id, request.host), request)
    draft = await read_draft(reading, site_id, request.preview, request.now)
    chrome = await load_chrome(reading, press, site_id, request.host, draft.lang)
    banner = await preview_pass(reading, press, site_id, request.preview, draft.kind)
    return Visit(reading, press, site_id, in_preview(chrome, banner), request, draft)


async def _read(visit: Visit, target: Target | None) -> Callable[[], Page]:
    if target is None or visit.request.address is None:
        raise NotFound()
    finish = await READERS[target.kind](visit, target)
    if target.kind == "feed":
        return partial(_page, finish, media_type=MEDIA_TYPE)
    if not visit.request.address.is_folder:
        return partial(Page, status=308, location=visit.request.address_with_slash)
    return partial(_page, finish)


async def _read_missing(visit: Visit, target: Target | None) -> Finish:
    """The page for an address without one, with some recent posts, in the language of the address."""
    lang = target.lang if target else visit.chrome.site.locale
    posts = await posts_shelf(visit.site_id, lang).newest(visit.reading, SUGGESTIONS)
    return partial(render_error, visit.chrome, status=404, lang=lang, suggestions=posts, now=visit.now)


def _page(finish: Finish, *, status: int = 200, media_type: str = HTML) -> Page:
    made = finish()
    return Page(body=made.encode() if isinstance(made, str) else made, status=status, media_type=media_type)


async def find_style(press: Press, database: TenantDatabase, site_id: UUID, host: str, url: str) -> Asset | None:
    """The stylesheet at an address of the site, None when its pages use no such file. Raises Unavailable, Gone."""
    chrome = await database.read(lambda reading: load_chrome(reading, press, site_id, host))
    return chrome.asset(url)


async def find_icon(press: Press, database: TenantDatabase, site_id: UUID, host: str) -> str | None:
    """The address of the site's icon, None while it has none. Raises Unavailable, Gone."""
    site = (await database.read(lambda reading: load_chrome(reading, press, site_id, host))).site
    return site.icon_png or site.icon_svg


async def find_media(database: TenantDatabase, site_id: UUID, digest: str, name: str) -> File | None:
    """The file of an address under /media/, None for what the customer does not have. Raises Unavailable, Gone."""

    async def read(reading: Reading) -> File | None:
        await open_site(reading, site_id)
        row = await find_file(reading, digest, name)
        return File(stored_name(reading.customer_id, row.hash), row.content_type) if row else None

    return await database.read(read)
