"""Customers with a site of their own, what their people do there, and a visitor who looks at it over HTTP."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx

from app.catalog.actions import publish_product, save_product
from app.catalog.requests import SaveProduct, SaveVariant
from app.content.actions import publish_post, save_menu, save_post, save_tag, trash_post, unpublish_post
from app.content.requests import SaveMenu, SavePost, SaveTag
from app.db.database import Tenancy, TenantDatabase
from app.db.work import Work
from app.document.snapshots import MenuItem
from app.media.models import Media, Rendition
from app.media.repository import MEDIA
from app.tenancy.actions import CreateCustomer, CreateSite, create_customer, create_site, set_customer_state
from app.tenancy.repository import SITES
from app.web.previews import preview_url
from app.web.services import Services
from tests.cast import OPERATOR
from tests.publishing.markup import Element, parse

PORT = 8000
# Headers that differ between two answers to the same question.
FLEETING = frozenset({"x-request-id"})


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser, who knows the host of one site."""

    client: httpx.AsyncClient
    host: str

    async def ask(self, method: str, path: str, **headers: str) -> httpx.Response:
        """A request for an address of the site."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.request(method, f"http://{self.host}:{PORT}{path}", headers=named)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """What a browser asks."""
        return await self.ask("GET", path, **headers)

    async def text(self, path: str) -> str:
        """A page that must exist."""
        answer = await self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text


@dataclass(frozen=True)
class House:
    """A customer with one site; the operator acts for its people."""

    customer_id: UUID
    site_id: UUID
    slug: str
    database: TenantDatabase
    backoffice: TenantDatabase
    services: Services
    visitor: Visitor

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """A visitor's request."""
        return await self.visitor.get(path, **headers)

    async def text(self, path: str) -> str:
        """A page that must exist."""
        return await self.visitor.text(path)

    async def draft(self, title: str, **fields: Any) -> UUID:
        """A saved post or page."""
        asked = SavePost(**{"site_id": self.site_id, "lang": "en", "title": title, "body_source": f"<p>{title}</p>", **fields})
        return (await self.database.run(OPERATOR, "save post", lambda work: save_post(work, OPERATOR, asked))).id

    async def post(self, title: str, **fields: Any) -> UUID:
        """A published post or page."""
        post_id = await self.draft(title, **fields)
        await self.database.run(OPERATOR, "publish post", lambda work: publish_post(work, OPERATOR, post_id, None))
        return post_id

    async def page(self, path: str, **fields: Any) -> UUID:
        """A published page, whose title is its path unless another is given."""
        return await self.post(**{"title": path, "kind": "page", "slug": path, **fields})

    async def numbered(self, count: int, **fields: Any) -> None:
        """So many posts, one a day, the highest number the newest."""
        for number in range(1, count + 1):
            await self.post(f"Number {number}", slug=f"number-{number}", published_at=datetime(2026, 1, number, tzinfo=UTC), **fields)

    async def unpublish(self, post_id: UUID) -> None:
        """Take a post from the site."""
        await self.database.run(OPERATOR, "unpublish post", lambda work: unpublish_post(work, OPERATOR, post_id, None))

    async def trash(self, post_id: UUID) -> None:
        """Move a post to the trash."""
        await self.database.run(OPERATOR, "trash post", lambda work: trash_post(work, OPERATOR, post_id, None))

    async def tag(self, label: str, **fields: Any) -> None:
        """A tag."""
        asked = SaveTag(site_id=self.site_id, label=label, **fields)
        await self.database.run(OPERATOR, "save tag", lambda work: save_tag(work, OPERATOR, asked))

    async def menu(self, name: str, *items: MenuItem, lang: str = "en") -> None:
        """A whole menu."""
        asked = SaveMenu(site_id=self.site_id, lang=lang, name=name, items=items)
        await self.database.run(OPERATOR, "save menu", lambda work: save_menu(work, OPERATOR, asked))

    async def product(self, title: str, *variants: SaveVariant, is_live: bool = True, **fields: Any) -> UUID:
        """A product, published unless it is not to be live."""
        sold = variants or (SaveVariant(sku=uuid4().hex[:12], retail=145000, wholesale=98765),)
        asked = SaveProduct(**{"title": title, "lang": "en", "currency": "GBP", "variants": sold, **fields})
        saved = await self.database.run(OPERATOR, "save product", lambda work: save_product(work, OPERATOR, asked))
        if is_live:
            await self.database.run(OPERATOR, "publish", lambda work: publish_product(work, OPERATOR, saved.id, None))
        return saved.id

    async def settings(self, **values: Any) -> None:
        """Change columns of the site's row."""

        async def change(work: Work) -> None:
            await SITES.change(work, await SITES.get(work, self.site_id), values, expect=None)

        await self.database.run(OPERATOR, "change site", change)

    async def second_site(self) -> "House":
        """Another site of the same customer."""
        slug = f"{self.slug}-two"
        host = f"{slug}.localhost"
        asked = CreateSite(slug=slug, name="Second", host=host)
        site = await self.backoffice.run(OPERATOR, "create site", lambda work: create_site(work, OPERATOR, asked))
        return replace(self, site_id=site.id, slug=slug, visitor=Visitor(self.visitor.client, host))

    async def customer_state(self, state: str) -> None:
        """Suspend, resume or archive the customer."""
        await self.backoffice.run(OPERATOR, "set state", lambda work: set_customer_state(work, OPERATOR, state))

    async def upload(self, name: str, data: bytes, *, content_type: str = "image/webp", purpose: str = "rendition") -> str:
        """A picture with one stored file; gives the address of the file."""
        stored = await self.services.storage.put(self.customer_id, data)
        digest, file_name = stored.rpartition("/")[2], f"{name}.bin"
        media_id = uuid4()
        about = {"name": name, "content_type": content_type, "width": 48, "height": 32, "alt": {"": "A picture"}, "created_by": None}

        async def add(work: Work) -> None:
            media = await MEDIA.add(work, Media(id=media_id, created_at=work.now, **about))
            file = {"hash": digest, "name": file_name, "content_type": content_type, "bytes": len(data)}
            MEDIA.add_part(work, Rendition(media_id=media.id, purpose=purpose, width=48, height=32, **file))

        await self.database.run(OPERATOR, "upload", add)
        return f"/media/{digest}/{quote(file_name)}"

    async def preview(self, post_id: UUID, version: int = 1, now: datetime | None = None) -> str:
        """The path of a preview on this site."""
        url = await preview_url(self.services, self.database, post_id, version, now or datetime.now(UTC))
        origin = f"http://{self.visitor.host}:{PORT}"
        assert url.startswith(origin + "/-/preview/")
        return url.removeprefix(origin)


async def build_house(
    services: Services, tenancy: Tenancy, backoffice: Tenancy, client: httpx.AsyncClient, slug: str, **site: Any
) -> House:
    """A customer with one site, on its built-in host."""
    customer_id, host = uuid4(), f"{slug}.localhost"
    operators = backoffice.of(customer_id)
    customer = CreateCustomer(id=customer_id, slug=slug, name=slug.title())
    await operators.run(OPERATOR, "create customer", lambda work: create_customer(work, OPERATOR, customer))
    asked = CreateSite(**{"slug": slug, "name": f"Site {slug}", "host": host, **site})
    made = await operators.run(OPERATOR, "create site", lambda work: create_site(work, OPERATOR, asked))
    return House(customer_id, made.id, slug, tenancy.of(customer_id), operators, services, Visitor(client, host))


def lasting(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """All of an answer that must be the same for the same question."""
    return answer.status_code, {name: value for name, value in answer.headers.items() if name not in FLEETING}, answer.content


def hrefs(page: Element) -> list[str]:
    """Where the links of a page lead."""
    return [x.attrs["href"] for x in page.all("a") if "href" in x.attrs]


async def crawl(house: House | Visitor, start: str = "/") -> dict[str, httpx.Response]:
    """Everything that can be reached by following links and loading what pages name."""
    waiting, found = [start], {}
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = await house.get(path)
            if "html" in found[path].headers.get("content-type", ""):
                waiting += [address for address in addresses_in(parse(found[path].text)) if address not in found]
    return found


def addresses_in(page: Element) -> list[str]:
    named = [x.attrs[name] for x in page.all() for name in ("href", "src") if name in x.attrs]
    return [x.split("#")[0] for x in named if x.startswith("/") and not x.startswith("//")]
