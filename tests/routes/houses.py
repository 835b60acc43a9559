"""Three customers with everything that an address can name: ours, the neighbours', and one that is suspended."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from app.actor import Actor
from app.catalog.actions import publish_product, save_product
from app.catalog.requests import SaveProduct, SaveVariant
from app.content.actions import publish_post, save_post, trash_post
from app.content.requests import Kind, SavePost
from app.db.database import TenantDatabase
from app.db.record.changes import recent_change_sets
from app.identity.actions import CreateKey, NewKey, create_key
from app.media.models import Media, Rendition
from app.media.repository import MEDIA
from app.tenancy.actions import CreateSite, create_site
from app.tenancy.models import Domain
from app.tenancy.repository import DOMAINS, THEMES, theme_of_site
from app.web.previews import preview_url
from app.web.services import Services
from tests.cast import OPERATOR

PORT = 8000
TITLE = "A quiet word"
# Stands in texts that are never published.
UNDISCLOSED = "undisclosed4711"
# In minor units; nothing else of ours costs as much.
WHOLESALE = 61_507_29


@dataclass
class House:
    """A customer with a site of the same name; the operator makes its things unless somebody else is named as their maker."""

    customer_id: UUID
    site_id: UUID
    slug: str
    database: TenantDatabase
    backoffice: TenantDatabase
    services: Services
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Where visitors find the site."""
        return f"http://{self.slug}.localhost:{PORT}"

    async def post(self, state: str = "draft", kind: Kind = "post", maker: Actor = OPERATOR, **fields: object) -> UUID:
        """A post or page that is a draft, saved twice, live, or in the trash."""
        # Texts in the trash leave their addresses to others, so each has one that no other text takes.
        usual = {"kind": kind, "lang": "en", "title": TITLE, "body_source": "<p>One.</p>", "slug": f"quiet-{uuid4().hex[:8]}"}
        asked = SavePost(**{"site_id": self.site_id, **usual, **fields})
        made = await self.database.run(maker, "save", lambda work: save_post(work, maker, asked))
        if state == "twice":
            again = {**{name: getattr(asked, name) for name in asked.__struct_fields__}, "id": made.id, "body_source": "<p>Two.</p>"}
            await self.database.run(maker, "save", lambda work: save_post(work, maker, SavePost(**again)))
        if state == "live":
            await self.database.run(OPERATOR, "publish", lambda work: publish_post(work, OPERATOR, made.id, None))
        if state == "trashed":
            await self.database.run(OPERATOR, "trash", lambda work: trash_post(work, OPERATOR, made.id, None))
        return made.id

    async def product(self, state: str = "draft", **fields: object) -> tuple[UUID, str]:
        """A product that is a draft, saved twice, or live, and the SKU of its one variant."""
        sku = uuid4().hex[:12]
        sold = SaveVariant(sku=sku, retail=99_000_00, wholesale=WHOLESALE, on_hand=4)
        asked = SaveProduct(**{"title": TITLE, "lang": "en", "currency": "EUR", "variants": (sold,), **fields})
        made = await self.database.run(OPERATOR, "save", lambda work: save_product(work, OPERATOR, asked))
        if state == "twice":
            again = SaveProduct(title="Another", lang="en", currency="EUR", id=made.id, variants=(SaveVariant(sku=sku),))
            await self.database.run(OPERATOR, "save", lambda work: save_product(work, OPERATOR, again))
        if state == "live":
            await self.database.run(OPERATOR, "publish", lambda work: publish_product(work, OPERATOR, made.id, None))
        return made.id, sku

    async def key(self, *scopes: str, ends: datetime | None = None) -> NewKey:
        """An API key."""
        asked = CreateKey(name="a key", scopes=scopes, expires_at=ends)
        return await self.database.run(OPERATOR, "create key", lambda work: create_key(work, OPERATOR, asked))

    async def act(self) -> UUID:
        """A fresh act of the audit log, which can be undone."""
        await self.post()
        return await self.newest_act()

    async def newest_act(self) -> UUID:
        """The newest act of the audit log, whatever it was."""
        return (await self.database.read(lambda reading: recent_change_sets(reading, limit=1)))[0].id

    async def picture(self, name: str, data: bytes) -> tuple[UUID, str]:
        """A picture with one stored file, and the address of the file."""
        stored = await self.services.storage.put(self.customer_id, data)
        digest = stored.rpartition("/")[2]
        media = Media(id=uuid4(), name=name, content_type="image/webp", width=48, height=32, alt={"": name}, created_by=None)

        async def add(work) -> None:
            media.created_at = work.now
            await MEDIA.add(work, media)
            file = {"hash": digest, "name": f"{name}.webp", "content_type": "image/webp", "bytes": len(data)}
            MEDIA.add_part(work, Rendition(media_id=media.id, purpose="rendition", width=48, height=32, **file))

        await self.database.run(OPERATOR, "upload", add)
        return media.id, f"/media/{digest}/{name}.webp"

    async def preview(self, post_id: UUID) -> str:
        """The path of a preview of a first version."""
        url = await preview_url(self.services, self.database, post_id, 1, datetime.now(UTC))
        return url.removeprefix(self.origin)

    async def second_site(self) -> UUID:
        """Another site of the customer."""
        asked = CreateSite(slug=f"{self.slug}-two", name="Second", host=f"{self.slug}-two.localhost")
        return (await self.backoffice.run(OPERATOR, "create site", lambda work: create_site(work, OPERATOR, asked))).id

    async def colour(self, accent: str) -> None:
        """Give the site a stylesheet that no other site has."""

        async def change(work) -> None:
            await THEMES.change(work, await theme_of_site(work, self.site_id), {"settings": {"accent": accent}}, expect=None)

        await self.database.run(OPERATOR, "colour", change)

    async def undisclosed(self) -> None:
        """Texts that no visitor may see: drafts, one in the trash, and a newer version of a live one."""
        words = {"title": f"A draft: {UNDISCLOSED}", "body_source": f"<p>{UNDISCLOSED}</p>", "summary": UNDISCLOSED}
        for state, kind in (("draft", "post"), ("draft", "page"), ("trashed", "post")):
            await self.post(state, kind, tags=("tagged",), **words)
        await self.product(title=f"A draft: {UNDISCLOSED}", summary=UNDISCLOSED)
        live = await self.post("live", slug=f"{self.slug}-again")
        asked = SavePost(site_id=self.site_id, id=live, lang="en", slug=f"{self.slug}-{UNDISCLOSED}", **words)
        await self.database.run(OPERATOR, "save", lambda work: save_post(work, OPERATOR, asked))

    async def domain(self, state: str) -> str:
        """A host of the site in a state on its way to being live."""
        host = f"{self.slug}-{state.replace('_', '-')}.example"

        async def add(work) -> None:
            row = Domain(id=uuid4(), site_id=self.site_id, host=host, is_primary=False, is_built_in=False, state=state, created_at=work.now)
            await DOMAINS.add(work, row)

        await self.database.run(OPERATOR, "add domain", add)
        return host
