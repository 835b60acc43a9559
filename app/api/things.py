"""Lists of what is read and not written here: sites, tags, menus, categories and pictures."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from app.api.moments import utc
from app.api.operations import Answer, Call, Operation, item_answer
from app.api.paging import CURSOR, LIMIT, SITE, asked_page, page_answer, site_filter, things_page
from app.api.schemas import CategoryItem, MediaItem, MediaRendition, MenuEntry, MenuSummary, Page, SiteItem, SiteSummary, TagItem
from app.catalog.repository import CATEGORIES
from app.content.models import Menu
from app.content.repository import MENUS, TAGS
from app.db.repository import Repository
from app.db.work import Reading
from app.identity.access import Act
from app.media.repository import MEDIA, pictures
from app.tenancy.repository import SITES, domains_of_site, languages_of_site

# Whoever may read anything of a customer must be able to name its sites.
READ_SITES = (Act.READ_CONTENT, Act.READ_PRODUCTS, Act.READ_MEDIA)


def copied(kind: type[Struct], row: Any) -> dict[str, Any]:
    """The fields of a Struct that a row has by the same name, its times in UTC."""
    said = {name: getattr(row, name) for name in kind.__struct_fields__ if hasattr(row, name)}
    return said | ({"created_at": utc(said["created_at"])} if "created_at" in said else {})


async def list_things(repository: Repository[Any], item_of: Callable[[Any], Struct], call: Call) -> Answer:
    """Things of one kind by id."""
    asked, site_id = asked_page(call, UUID), site_filter(call)

    async def read(reading: Reading) -> Answer:
        return page_answer(call, asked, await things_page(reading, repository, asked, site_id), lambda row: row.id, item_of)

    return await call.database.read(read)


async def list_sites(call: Call) -> Answer:
    """All sites of the customer."""
    return await list_things(SITES, lambda row: SiteSummary(**copied(SiteSummary, row)), call)


async def list_tags(call: Call) -> Answer:
    """Tags of one site or of all."""
    return await list_things(TAGS, lambda row: TagItem(**copied(TagItem, row)), call)


async def list_menus(call: Call) -> Answer:
    """Menus of one site or of all."""
    return await list_things(MENUS, menu_summary, call)


def menu_summary(row: Menu) -> MenuSummary:
    """A menu with its entries."""
    return MenuSummary(**copied(MenuSummary, row) | {"items": msgspec.convert(row.items, tuple[MenuEntry, ...])})


async def list_categories(call: Call) -> Answer:
    """The shelves of the catalogue."""
    return await list_things(CATEGORIES, lambda row: CategoryItem(**copied(CategoryItem, row)), call)


async def show_site(call: Call) -> Answer:
    """One site with its languages and hosts."""

    async def read(reading: Reading) -> Answer:
        site = await SITES.get(reading, call.thing_id)
        languages = tuple(row.lang for row in await languages_of_site(reading, site.id))
        hosts = tuple(row.host for row in await domains_of_site(reading, site.id) if row.state in ("live", "failing"))
        return item_answer(SiteItem(**copied(SiteSummary, site), languages=languages, hosts=hosts), site.version)

    return await call.database.read(read)


async def list_media(call: Call) -> Answer:
    """Pictures with their files."""
    asked = asked_page(call, UUID)

    async def read(reading: Reading) -> Answer:
        rows = await things_page(reading, MEDIA, asked)
        files = {picture.id: picture.snapshot.renditions for picture in await pictures(reading, ids=[row.id for row in rows])}

        def item_of(row: Any) -> MediaItem:
            made = tuple(MediaRendition(url=file.url, width=file.width, height=file.height) for file in files.get(row.id, ()))
            return MediaItem(**copied(MediaItem, row), renditions=made)

        return page_answer(call, asked, rows, lambda row: row.id, item_of)

    return await call.database.read(read)


def thing_operations() -> list[Operation]:
    """The lists, and the one site."""
    content, pages = (Act.READ_CONTENT,), (CURSOR, LIMIT)
    return [
        Operation(id="list_sites", method="GET", path="/sites", summary="List the sites", tag="sites", acts=READ_SITES, run=list_sites,
                  answers=(Page[SiteSummary],), query=pages),
        Operation(id="read_site", method="GET", path="/sites/{id}", summary="Read one site", tag="sites", acts=READ_SITES, run=show_site,
                  answers=(SiteItem,)),
        Operation(id="list_tags", method="GET", path="/tags", summary="List the tags", tag="tags", acts=content, run=list_tags,
                  answers=(Page[TagItem],), query=(*pages, SITE)),
        Operation(id="list_menus", method="GET", path="/menus", summary="List the menus", tag="menus", acts=content, run=list_menus,
                  answers=(Page[MenuSummary],), query=(*pages, SITE)),
        Operation(id="list_media", method="GET", path="/media", summary="List the pictures of the media library", tag="media",
                  acts=(Act.READ_MEDIA,), run=list_media, answers=(Page[MediaItem],), query=pages),
        Operation(id="list_categories", method="GET", path="/categories", summary="List the shelves of the catalogue", tag="categories",
                  acts=(Act.READ_PRODUCTS,), run=list_categories, answers=(Page[CategoryItem],), query=pages),
    ]  # fmt: skip
