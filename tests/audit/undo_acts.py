"""Every act of the product with a plausible request, for the proof that each can be undone."""

import importlib
import inspect
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from msgspec.structs import replace

from app.catalog import actions as catalog
from app.catalog.actions.opening import read_state
from app.catalog.models import Category, FieldDefinition, Product
from app.catalog.requests import ChangeOffer, ChangeOffers, Sale, SaveCategory, SaveField, SaveProduct, SaveVariant
from app.catalog.states import OptionState
from app.content import actions as content
from app.content.models import Author, Menu, Post, Publication, Tag
from app.content.requests import SaveAuthor, SaveMenu, SavePost, SaveTag
from app.db.work import Work
from app.document.snapshots import MenuItem
from app.identity import actions as identity
from app.identity.models import ApiKey, Membership
from app.media import actions as media
from app.media.models import Media
from app.tenancy import actions as tenancy
from app.tenancy.models import Domain
from tests.audit.undoing import World

Unit = Callable[[Work], Awaitable[Any]]
Make = Callable[[World], Awaitable[Unit]]
ROOMS = ("content", "catalog", "media", "identity", "tenancy")


def acts_of_the_product() -> set[str]:
    """Every public act of every room, found in the code: what it offers that is done in a unit of work by an actor."""
    found: set[str] = set()
    for room in ROOMS:
        offered = importlib.import_module(f"app.{room}.actions")
        for name, act in inspect.getmembers(offered, inspect.iscoroutinefunction):
            if not name.startswith("_") and list(inspect.signature(act).parameters)[:2] == ["work", "actor"]:
                found.add(f"{room}.{name}")
    return found


async def tags_of(world: World) -> tuple[str, ...]:
    """Some tags of the site, and sometimes a new one."""
    known = [tag.label for tag in await world.rows(Tag)]
    some = world.random.sample(known, min(len(known), world.random.randint(0, 2)))
    return (*some, *([world.word()] if world.random.random() < 0.3 else []))


async def maybe(world: World, model: Any) -> Any:
    """The id of one of the rows, or none."""
    rows = await world.rows(model)
    return world.random.choice(rows).id if rows and world.random.random() < 0.6 else None


async def post_request(world: World, **known: Any) -> SavePost:
    """A post in one of the languages, with pictures, tags and fields as they come."""
    word = world.word()
    return SavePost(**{
        "site_id": world.site_id, "lang": world.random.choice(("en", "de")), "title": f"Title {word}", "summary": f"Summary {word}",
        "body_source": f"<p>Text {word}</p>", "tags": await tags_of(world), "author_id": await maybe(world, Author),
        "cover_id": await maybe(world, Media), "fields": {"origin": word}, "is_featured": world.random.random() < 0.5,
        "kind": world.random.choice(("post", "page")), **known,
    })  # fmt: skip


async def save_post(world: World) -> Unit:
    """A new post, or other texts at another address for an old one."""
    posts = await world.rows(Post, Post.state == "draft")
    known: dict[str, Any] = {}
    if posts and world.random.random() < 0.6:
        post = world.random.choice(posts)
        known = {"id": post.id, "kind": post.kind, "slug": world.word() if world.random.random() < 0.5 else ""}
    request = await post_request(world, **known)
    return lambda work: content.save_post(work, world.actor, request)


def on_post(act: Any, *conditions: Any) -> Make:
    """An act on a post that it fits."""

    async def make(world: World) -> Unit:
        post = await world.any(Post, *conditions)
        return lambda work: act(work, world.actor, post.id, None)

    return make


async def publish_post(world: World) -> Unit:
    """A post that has something to show."""
    live = {row.post_id: row.version for row in await world.rows(Publication)}
    posts = [post for post in await world.rows(Post, Post.state == "draft") if live.get(post.id) != post.version]
    post = world.random.choice(posts)
    return lambda work: content.publish_post(work, world.actor, post.id, None)


async def restore_post(world: World) -> Unit:
    """The first version of a post."""
    post = await world.any(Post, Post.state == "draft", Post.version > 1)
    return lambda work: content.restore_version(work, world.actor, post.id, 1, None, world.word())


async def undelete_post(world: World) -> Unit:
    """A post that was deleted comes back at an address of its own."""
    post = await world.any(Post, Post.state == "trashed")
    await world.act("delete post", lambda work: content.delete_post(work, world.actor, post.id, None))
    return lambda work: content.undelete_post(work, world.actor, post.id, world.word())


async def save_tag(world: World) -> Unit:
    """A new tag or another label."""
    known = {"id": (await world.any(Tag)).id} if world.random.random() < 0.7 and await world.rows(Tag) else {}
    request = SaveTag(site_id=world.site_id, label=f"Tag {world.word()}", slug=world.word(), labels={"de": world.word()}, **known)
    return lambda work: content.save_tag(work, world.actor, request)


async def save_author(world: World) -> Unit:
    """A new byline or another name."""
    known = {"id": (await world.any(Author)).id} if world.random.random() < 0.7 and await world.rows(Author) else {}
    request = SaveAuthor(name=f"Author {world.word()}", slug=world.word(), bio="Writes.", image_id=await maybe(world, Media), **known)
    return lambda work: content.save_author(work, world.actor, request)


async def save_menu(world: World) -> Unit:
    """A menu with two entries."""
    menus = await world.rows(Menu)
    name = menus[0].name if menus and world.random.random() < 0.6 else world.word()
    items = tuple(MenuItem(label=world.word(), url="/") for _ in range(2))
    request = SaveMenu(site_id=world.site_id, lang="en", name=name, items=items)
    return lambda work: content.save_menu(work, world.actor, request)


def variants(world: World, old: Any = None) -> tuple[SaveVariant, ...]:
    """Two variants with prices and stock; of an old product the first one stays."""
    first = old.variants[0] if old is not None and old.variants else None
    made = [
        SaveVariant(
            sku=first.sku if first and n == 0 else world.word(), id=first.id if first and n == 0 else None,
            option_values={"size": size}, retail=world.random.randint(1000, 9000), wholesale=500,
            sale=Sale(amount=900) if world.random.random() < 0.3 else None, on_hand=world.random.randint(0, 50),
        )
        for n, size in enumerate(("S", "L"))
    ]  # fmt: skip
    return tuple(made)


async def save_product(world: World) -> Unit:
    """A new product, or other texts, prices and variants for an old one."""
    products = await world.rows(Product)
    known: dict[str, Any] = {}
    old = None
    if products and world.random.random() < 0.6:
        product = world.random.choice(products)
        old = (await world.database.read(lambda reading: read_state(reading, product.id)))[1]
        known = {"id": product.id, "slug": world.word()}
    word = world.word()
    picture, post = await maybe(world, Media), await maybe(world, Post)
    request = SaveProduct(
        title=f"Product {word}", lang="en", currency="EUR", summary=word, body_source=f"<p>{word}</p>", tags=(word,),
        options=(OptionState(code="size", label="Size", choices=("S", "L")),), category_id=await maybe(world, Category),
        images=(picture,) if picture else (), posts=(post,) if post else (), fields={"origin": word}, variants=variants(world, old),
        sites=(world.site_id,), **known,
    )  # fmt: skip
    return lambda work: catalog.save_product(work, world.actor, request)


def on_product(act: Any, *conditions: Any) -> Make:
    """An act on a product that it fits."""

    async def make(world: World) -> Unit:
        product = await world.any(Product, *conditions)
        return lambda work: act(work, world.actor, product.id, None)

    return make


async def change_offers(world: World) -> Unit:
    """Another price and another stock for every variant of a product."""
    product = await world.any(Product)
    _, state = await world.database.read(lambda reading: read_state(reading, product.id))
    offers = tuple(
        ChangeOffer(variant_id=variant.id, retail=world.random.randint(1000, 9000), on_hand=world.random.choice((None, 3, 70)))
        for variant in state.variants
    )
    request = ChangeOffers(product_id=product.id, currency="EUR", offers=offers)
    return lambda work: catalog.change_offers(work, world.actor, request)


async def restore_product(world: World) -> Unit:
    """The first version of a product."""
    product = await world.any(Product, Product.version > 1)
    return lambda work: catalog.restore_version(work, world.actor, product.id, 1, None)


async def delete_product(world: World) -> Unit:
    """A product that is archived first."""
    product = await world.any(Product)
    await world.act("archive", lambda work: catalog.set_state(work, world.actor, product.id, "archived", None))
    return lambda work: catalog.delete_product(work, world.actor, product.id, None)


async def set_state(world: World) -> Unit:
    """A product goes to the archive or comes back from it."""
    product = await world.any(Product)
    wanted = "draft" if product.state == "archived" else "archived"
    return lambda work: catalog.set_state(work, world.actor, product.id, wanted, None)


async def save_category(world: World) -> Unit:
    """A new category or another label."""
    known = {"id": (await world.any(Category)).id} if world.random.random() < 0.6 and await world.rows(Category) else {}
    request = SaveCategory(slug=world.word(), label=world.word(), position=world.random.randint(0, 9), **known)
    return lambda work: catalog.save_category(work, world.actor, request)


async def save_field(world: World) -> Unit:
    """A new custom field or another label."""
    fields = await world.rows(FieldDefinition)
    code = fields[0].code if fields and world.random.random() < 0.5 else world.word().replace("-", "_")
    request = SaveField(thing_type="product", code=code, label=world.word(), labels={"de": "Herkunft"})
    return lambda work: catalog.save_field(work, world.actor, request)


async def add_picture(world: World) -> Unit:
    """A picture with two files."""
    name = world.word()
    files = tuple(
        media.StoredFile(
            purpose="rendition", name=f"{name}-{width}.webp", content_type="image/webp", width=width, height=width, hash=f"{width:064x}",
            bytes=10,
        )
        for width in (320, 640)
    )  # fmt: skip
    request = media.AddPicture(name=name, content_type="image/webp", width=640, height=640, files=files, alt={"en": name})
    return lambda work: media.add_picture(work, world.actor, request)


async def save_picture(world: World) -> Unit:
    """Another name and description of a picture."""
    picture = await world.any(Media)
    request = media.SavePicture(id=picture.id, name=world.word(), alt={"en": world.word()})
    return lambda work: media.save_picture(work, world.actor, request)


async def set_role(world: World) -> Unit:
    """A new member, or another role."""
    user_id, role = world.random.choice(world.people[1:]), world.random.choice(("reader", "author", "editor", "owner"))
    return lambda work: identity.set_role(work, world.actor, user_id, role)


async def remove_member(world: World) -> Unit:
    """A member leaves; the first one is the owner and stays."""
    member = await world.any(Membership, Membership.user_id != world.people[0])
    return lambda work: identity.remove_member(work, world.actor, member.user_id)


async def create_key(world: World) -> Unit:
    """A key that reads posts."""
    request = identity.CreateKey(name=world.word(), scopes=("content:read",))
    return lambda work: identity.create_key(work, world.actor, request)


async def revoke_key(world: World) -> Unit:
    """A key that still works."""
    key = await world.any(ApiKey, ApiKey.revoked_at.is_(None))
    return lambda work: identity.revoke_key(work, world.actor, key.id)


async def hold_form(world: World) -> Unit:
    """A form whose session ran out."""
    return lambda work: identity.hold_form(work, world.actor, world.people[0], "/", {"title": ["x"]})


async def refresh(world: World) -> Unit:
    """Live posts are made anew."""
    return lambda work: content.refresh_publications(work, world.actor)


async def create_site(world: World) -> Unit:
    """A further site in two languages."""
    slug = f"s{uuid4().hex[:10]}"
    texts = {"de": {"tagline": "Guten Tag"}}
    request = tenancy.CreateSite(slug=slug, name=slug, host=f"{slug}.localhost", languages=("en", "de"), language_texts=texts)
    return lambda work: tenancy.create_site(work, world.actor, request)


async def add_domain(world: World) -> Unit:
    """A further host that becomes the first one."""
    host = f"h{uuid4().hex[:10]}.example"
    return lambda work: tenancy.add_domain(work, world.actor, world.site_id, host, is_primary=world.random.random() < 0.5)


async def remove_domain(world: World) -> Unit:
    """A host that was added."""
    domain = await world.any(Domain, Domain.is_built_in.is_(False))
    return lambda work: tenancy.remove_domain(work, world.actor, domain.site_id, domain.host)


async def create_customer(world: World) -> Unit:
    """A further customer, whose first act this is."""
    request = tenancy.CreateCustomer(id=world.customer_id, slug=f"c{uuid4().hex[:10]}", name="Fresh")
    return lambda work: tenancy.create_customer(work, world.actor, request)


async def set_customer_state(world: World) -> Unit:
    """The customer can be read only."""
    return lambda work: tenancy.set_customer_state(work, world.actor, "read_only")


ACTS: dict[str, Make] = {
    "content.save_post": save_post,
    "content.publish_post": publish_post,
    "content.unpublish_post": on_post(content.unpublish_post, Post.state == "draft", Post.published_at.is_not(None)),
    "content.trash_post": on_post(content.trash_post, Post.state == "draft"),
    "content.bring_back_post": on_post(content.bring_back_post, Post.state == "trashed"),
    "content.delete_post": on_post(content.delete_post, Post.state == "trashed"),
    "content.undelete_post": undelete_post,
    "content.restore_version": restore_post,
    "content.save_tag": save_tag,
    "content.save_author": save_author,
    "content.save_menu": save_menu,
    "catalog.save_product": save_product,
    "catalog.publish_product": on_product(catalog.publish_product, Product.state != "archived"),
    "catalog.unpublish_product": on_product(catalog.unpublish_product, Product.state == "active"),
    "catalog.change_offers": change_offers,
    "catalog.restore_version": restore_product,
    "catalog.set_state": set_state,
    "catalog.delete_product": delete_product,
    "catalog.save_category": save_category,
    "catalog.save_field": save_field,
    "media.add_picture": add_picture,
    "media.save_picture": save_picture,
    "identity.set_role": set_role,
    "identity.remove_member": remove_member,
    "identity.create_key": create_key,
    "tenancy.create_site": create_site,
    "tenancy.add_domain": add_domain,
    "tenancy.remove_domain": remove_domain,
}
# What the undo of these says: they cannot be undone.
FINAL: dict[str, tuple[Make, str]] = {
    "identity.revoke_key": (revoke_key, "revoked cannot be made valid again"),
    "tenancy.create_customer": (create_customer, "by the operator only"),
    "tenancy.set_customer_state": (set_customer_state, "by the operator only"),
}
# These change nothing that anybody has, so that there is no act to undo.
TRACELESS: dict[str, Make] = {"content.refresh_publications": refresh, "identity.hold_form": hold_form}
# What leaves pages to the worker, which makes them anew.
LEFT_TO_THE_WORKER = {"content.save_tag", "content.save_author", "media.save_picture"}


async def furnish(world: World) -> None:
    """Something of everything, in every state that it can have."""
    for name in ("media.add_picture", "content.save_author", "content.save_tag", "catalog.save_category", "catalog.save_field",
                 "content.save_menu", "identity.create_key", "tenancy.add_domain"):  # fmt: skip
        for _ in range(2):
            await world.act(name, await ACTS[name](world))
    for _ in range(8):
        request = replace(await post_request(world), id=None)
        await world.act("save post", lambda work, request=request: content.save_post(work, world.actor, request))
    posts = await world.rows(Post)
    for post in posts[:4]:
        await world.act("publish", lambda work, post=post: content.publish_post(work, world.actor, post.id, None))
    for post in posts[2:4]:
        request = await post_request(world, id=post.id, kind=post.kind)
        await world.act("edit", lambda work, request=request: content.save_post(work, world.actor, request))
    for post in posts[6:]:
        await world.act("trash", lambda work, post=post: content.trash_post(work, world.actor, post.id, None))
    while len(await world.rows(Product)) < 4:
        await world.act("product", await save_product(world))
    products = await world.rows(Product)
    for product in products[:3]:
        await world.act("publish", lambda work, product=product: catalog.publish_product(work, world.actor, product.id, None))
    await world.act("archive", lambda work: catalog.set_state(work, world.actor, products[2].id, "archived", None))
