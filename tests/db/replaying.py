"""Whether history tells the present: the last version of every thing against its working row and the rows of its parts."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec.structs import asdict
from sqlalchemy import select
from sqlalchemy.orm import Session

import app.imports.repository
import app.media.repository  # noqa: F401
from app.catalog.actions.opening import state_of as product_state_of
from app.catalog.models import Option, Price, Product, ProductImage, ProductPost, ProductSite, Stock, Variant
from app.catalog.repository import Parts
from app.catalog.states import state_in as product_state_in
from app.content.history import state_in as post_state_in
from app.content.history import state_of as post_state_of
from app.content.models import Post, PostTag
from app.db.record.tables import ThingVersion, Version
from app.db.repository import REPOSITORIES, plain, snapshot
from app.identity.models import ApiKey, KeyHash
from app.tenancy.models import Customer

Differences = Callable[[Any, dict[str, Any]], list[str]]
Key = tuple[UUID, UUID]


def replayed(session: Session) -> Iterator[Iterator[str]]:
    """What is wrong with each kind of thing."""
    for repository in REPOSITORIES:
        if repository.model.__module__.startswith("app."):
            differences = OF_PARTS.get(repository.model, lambda session: columns_that_differ)(session)
            yield replayed_things(session, repository.model, repository.thing, repository.history, differences)
    yield replayed_things(session, Customer, "customer", ThingVersion, columns_that_differ)
    yield keys_that_differ(session)


def replayed_things(session: Session, model: Any, thing: str, history: type[Version], differences: Differences) -> Iterator[str]:
    """Whether every working row is what its last version tells, and whether what is gone ends with a version that says so."""
    last = last_versions(session, thing, history)
    for row in session.scalars(select(model)):
        version = last.pop((getattr(row, "customer_id", row.id), row.id), None)
        if version is None or version.version != row.version or version.kind == "deleted":
            said = "empty" if version is None else f"at {version.version} ({version.kind})"
            yield f"{thing} {row.id} is at version {row.version}, and its history is {said}"
        elif names := differences(row, version.payload):
            yield f"{thing} {row.id} differs from its version {row.version} in {', '.join(names)}"
    for (_, thing_id), version in last.items():
        if version.kind != "deleted":
            yield f"{thing} {thing_id} is gone, and its history ends with version {version.version} ({version.kind})"


def last_versions(session: Session, thing: str, history: type[Version]) -> dict[Key, Version]:
    """The last version of every thing of one kind."""
    statement = select(history).order_by(history.version).execution_options(yield_per=500)
    if history is ThingVersion:
        statement = statement.where(ThingVersion.thing_type == thing)
    return {(row.customer_id, row.thing_id): row for row in session.scalars(statement)}


def columns_that_differ(row: Any, payload: dict[str, Any]) -> list[str]:
    """The columns of a row that its version does not tell as they are."""
    return [name for name, value in snapshot(row).items() if name not in payload or not same(value, payload[name])]


def same(value: Any, kept: Any) -> bool:
    """Whether a value of a column is the one that a version keeps as JSON."""
    if isinstance(value, datetime | date) and isinstance(kept, str):
        return type(value).fromisoformat(kept) == value
    return bool(plain(value) == kept)


def by_thing(session: Session, model: Any, column: str, *order: Any) -> dict[Key, list[Any]]:
    """The rows of a table of parts, by the thing that they belong to."""
    found: dict[Key, list[Any]] = defaultdict(list)
    for row in session.scalars(select(model).order_by(*order)):
        found[row.customer_id, getattr(row, column)].append(row)
    return found


def of_posts(session: Session) -> Differences:
    """A post with its tags, of which a version keeps the ids and what they were called then."""
    tags = by_thing(session, PostTag, "post_id", PostTag.position)

    def differences(row: Post, payload: dict[str, Any]) -> list[str]:
        now, then = asdict(post_state_of(row, [])), asdict(post_state_in(payload))
        names = [name for name in now if name != "tags" and now[name] != then[name]]
        ids = [part.tag_id for part in tags[row.customer_id, row.id]]
        return names + (["tags"] if sorted(ids) != sorted(tag.id for tag in then["tags"]) else [])

    return differences


def of_products(session: Session) -> Differences:
    """A product with its sites, pictures, options, posts, variants, prices and stock."""
    tables = (
        (ProductSite, ProductSite.site_id),
        (ProductImage, ProductImage.position),
        (Option, Option.position),
        (ProductPost, ProductPost.position),
    )
    parts = [by_thing(session, model, "product_id", order) for model, order in tables]
    variants = by_thing(session, Variant, "product_id", Variant.position, Variant.id)
    prices, stock = by_thing(session, Price, "variant_id"), by_thing(session, Stock, "variant_id")

    def differences(row: Product, payload: dict[str, Any]) -> list[str]:
        customer, mine = row.customer_id, variants[row.customer_id, row.id]
        costs = {(price.variant_id, price.kind): price for one in mine for price in prices[customer, one.id]}
        left = {one.id: stock[customer, one.id][0] for one in mine if stock[customer, one.id]}
        found = Parts(*(table[customer, row.id] for table in parts), mine, costs, left)
        now, then = asdict(product_state_of(row, found)), asdict(product_state_in(payload))
        # Which sites show a product has no order; the rows come by id, a version has them as they were chosen.
        now["sites"], then["sites"] = set(now["sites"]), set(then["sites"])
        return [name for name in now if now[name] != then[name]]

    return differences


def keys_that_differ(session: Session) -> Iterator[str]:
    """Whether exactly the keys that were not revoked can be used."""
    usable = {(row.customer_id, row.key_id) for row in session.scalars(select(KeyHash))}
    for row in session.scalars(select(ApiKey)):
        if (row.revoked_at is None) != ((row.customer_id, row.id) in usable):
            yield f"key {row.id} was {'' if row.revoked_at else 'not '}revoked, and {'can' if row.revoked_at else 'cannot'} be used"


OF_PARTS: dict[type[Any], Callable[[Session], Differences]] = {Post: of_posts, Product: of_products}
