"""A customer who has the same strange word in every text of every table, and what others could want of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from app.actor import Actor
from app.catalog.actions import change_offers, publish_product, save_category, save_field, save_product
from app.catalog.repository import variant_by_sku
from app.catalog.requests import ChangeOffer, ChangeOffers, SaveCategory, SaveField, SaveProduct, SaveVariant
from app.catalog.states import OptionState
from app.content.actions import publish_post, save_author, save_menu, save_post, save_tag, trash_post
from app.content.requests import SaveAuthor, SaveMenu, SavePost, SaveTag
from app.db.work import Work
from app.document.snapshots import MenuItem
from app.identity.access import SCOPES
from app.identity.actions import CreateKey, create_key, hold_form, set_role
from app.identity.people import Visitor
from app.imports.models import Import, ImportItem
from app.imports.repository import IMPORTS
from app.tenancy.actions import CreateSite, add_domain, create_site
from tests.cast import OPERATOR
from tests.routes.houses import House

# In minor units; nothing else costs as much.
WHOLESALE = 73_918_46
# What both customers may have: addresses, SKUs and names that are unique within a customer only.
SHARED = "shared-by-both"


@dataclass
class Hoard:
    """The word, the house that is full of it, and the ids of what lies there. `mail` belongs to a person of it, and holds no word."""

    word: str
    house: House
    owner: Actor
    session: str
    secret: str
    mail: str
    ids: dict[str, UUID]

    async def run(self, act: Any, *, reason: str | None = None) -> Any:
        """An act of its owner."""
        return await self.house.database.run(self.owner, "save", lambda work: act(work, self.owner), reason=reason or f"{self.word} reason")


async def fill_hoard(hoard: Hoard) -> None:
    """Put the word everywhere."""
    await fill_identity(hoard)
    await fill_content(hoard)
    await fill_catalog(hoard)
    await fill_ops(hoard)


async def fill_identity(hoard: Hoard) -> None:
    """Keys, held forms, hosts, a second site, a member."""
    word, house = hoard.word, hoard.house
    key = await hoard.run(lambda work, actor: create_key(work, actor, CreateKey(name=f"{word} key", scopes=("content:read",))))
    address, fields = f"/c/{word}/s/{word}/posts/new", {"title": [f"{word} held"]}
    held = await hoard.run(lambda work, actor: hold_form(work, actor, actor.id, address, fields))
    site = CreateSite(
        slug=f"{word}-two", name=f"{word} two", host=f"{word}-two.localhost", settings={"tagline": f"{word} tagline"},
        language_texts={"en": {"tagline": f"{word} text"}}, theme_settings={"note": f"{word} theme"},
    )  # fmt: skip
    await house.backoffice.run(OPERATOR, "create site", lambda work: create_site(work, OPERATOR, site))
    for host in (f"{word}.example", f"{SHARED}-{word[-4:]}.example"):
        await house.backoffice.run(OPERATOR, "add domain", lambda work, host=host: add_domain(work, OPERATOR, house.site_id, host))
    plain = await house.services.people.create_person(hoard.mail, f"{word} Member")
    await house.backoffice.run(OPERATOR, "add member", lambda work: set_role(work, OPERATOR, plain.id, "author", house.site_id))
    await house.services.people.open_session(plain, Visitor(address="203.0.113.9", agent=f"{word} agent"), datetime.now(UTC))
    hoard.ids |= {"key_id": key.id, "held": held}


async def fill_content(hoard: Hoard) -> None:
    """Texts in every state, with bylines, tags, menus and pictures."""
    word, site_id = hoard.word, hoard.house.site_id
    picture, _ = await hoard.house.picture(f"{word}-picture", word.encode())
    asked = SaveAuthor(
        name=f"{word} author", slug=f"{word}-author", role=f"{word} role", bio=f"{word} bio", texts={"en": {"role": f"{word} role"}}
    )
    author = await hoard.run(lambda work, actor: save_author(work, actor, asked))
    tag = SaveTag(site_id=site_id, label=f"{word} tag", slug=f"{word}-tag", labels={"en": f"{word} label"}, summary=f"{word} summary")
    tagged = await hoard.run(lambda work, actor: save_tag(work, actor, tag))
    items = (MenuItem(label=f"{word} entry", url=f"/{word}/"),)
    await hoard.run(lambda work, actor: save_menu(work, actor, SaveMenu(site_id=site_id, lang="en", name=f"{word}-menu", items=items)))
    for state, slug in (("live", f"{word}-live"), ("live", SHARED), ("draft", f"{word}-draft"), ("trashed", f"{word}-trashed")):
        text = SavePost(
            site_id=site_id, lang="en", title=f"{word} title", slug=slug, summary=f"{word} summary", body_source=f"<p>{word} body</p>",
            tags=(f"{word}-tag",), author_id=author.id, cover_id=picture, seo_title=f"{word} seo", fields={"note": f"{word} field"},
        )  # fmt: skip
        made = await hoard.run(lambda work, actor, text=text: save_post(work, actor, text))
        if state == "live":
            await hoard.run(lambda work, actor, made=made: publish_post(work, actor, made.id, None))
        if state == "trashed":
            await hoard.run(lambda work, actor, made=made: trash_post(work, actor, made.id, None))
        hoard.ids |= {"post_id": made.id, state: made.id}
    hoard.ids |= {"author_id": author.id, "cover_id": picture, "tag_id": tagged.id, "site_id": site_id}


async def fill_catalog(hoard: Hoard) -> None:
    """A product with everything that a product can say."""
    word = hoard.word
    shelf = SaveCategory(slug=f"{word}-shelf", label=f"{word} shelf", labels={"en": f"{word} shelf"}, summary=f"{word} summary")
    category = await hoard.run(lambda work, actor: save_category(work, actor, shelf))
    note = SaveField(thing_type="product", code=f"{word}_code", label=f"{word} label", labels={"en": f"{word} label"})
    await hoard.run(lambda work, actor: save_field(work, actor, note))
    option = OptionState(code=f"{word}_size", label=f"{word} size", choices=(f"{word} small",))
    sold = [
        SaveVariant(
            sku=sku, retail=99_000_00, wholesale=WHOLESALE, on_hand=4, available_from=date(2027, 1, 1), images=(f"{word}-picture",),
            option_values={f"{word}_size": f"{word} small"}, unit_measure={"quantity": "250", "unit": word[:20], "base": "100"},
        )
        for sku in (f"{word}-sku",)
    ]  # fmt: skip
    asked = SaveProduct(
        title=f"{word} product", slug=f"{word}-product", lang="en", currency="EUR", summary=f"{word} summary", brand=f"{word} brand",
        body_source=f"<p>{word} body</p>", category_id=category.id, tags=(f"{word} tag",), fields={"note": f"{word} field"},
        options=(option,), variants=tuple(sold), images=(hoard.ids["cover_id"],), posts=(hoard.ids["post_id"],),
    )  # fmt: skip
    made = await hoard.run(lambda work, actor: save_product(work, actor, asked))
    await hoard.run(lambda work, actor: publish_product(work, actor, made.id, None))
    same = SaveVariant(sku=SHARED, retail=99_000_00, wholesale=WHOLESALE)
    plain = SaveProduct(
        title=f"{word} other",
        slug=SHARED,
        lang="en",
        currency="EUR",
        variants=(same,),
    )
    await hoard.run(lambda work, actor: save_product(work, actor, plain))
    hoard.ids |= {"product_id": made.id, "category_id": category.id}
    variant = await hoard.house.database.read(lambda reading: variant_by_sku(reading, f"{word}-sku"))
    offers = (ChangeOffer(variant_id=variant.id, on_hand=7),)
    counted = ChangeOffers(product_id=made.id, currency="EUR", offers=offers, reason=f"{word} stocktaking")
    await hoard.run(lambda work, actor: change_offers(work, actor, counted))
    hoard.ids["variant_id"] = variant.id


async def fill_ops(hoard: Hoard) -> None:
    """An import with its items, and a promise to the worker."""
    word = hoard.word

    async def act(work: Work, actor: Actor) -> None:
        row = Import(
            id=uuid4(), site_id=hoard.house.site_id, source=f"{word} source", file_name=f"{word}.xml", state="done", counts={word: 1},
            change_set_id=work.change_set_id, created_at=work.now, finished_at=work.now,
        )  # fmt: skip
        await IMPORTS.add(work, row)
        known = {"source": f"{word} source", "thing_type": "post", "source_id": f"{word} item"}
        IMPORTS.add_part(work, ImportItem(**known, thing_id=uuid4(), import_id=row.id))
        work.promise("publish.refresh", {"note": f"{word} promise"})

    await hoard.run(act)


async def make_hoard(house: House, word: str) -> Hoard:
    """The hoard of a house that is called by the word; its owner has a session and a key with every scope."""
    people = house.services.people
    user = await people.create_person(f"{word}@{word}.example", f"{word} Owner")
    await house.backoffice.run(OPERATOR, "add member", lambda work: set_role(work, OPERATOR, user.id, "owner"))
    session, signed_in = await people.open_session(user, Visitor(address="203.0.113.9", agent=f"{word} agent"), datetime.now(UTC))
    owner = Actor(
        kind="person", door="console", name=user.name, id=user.id, customer_id=house.customer_id, role="owner",
        session_id=signed_in.session_id, request_id=f"{word}-request",
    )  # fmt: skip
    secret = (await house.key(*SCOPES)).secret
    hoard = Hoard(word, house, owner, session, secret, f"plain-{uuid4().hex[:8]}@shared.example", {"session_id": signed_in.session_id})
    await fill_hoard(hoard)
    hoard.ids["act_id"] = await house.newest_act()
    return hoard
