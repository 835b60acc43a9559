"""For everything that an address can name: what another customer has, and something of the same shape that nobody ever had."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from app.catalog.actions import save_category
from app.catalog.requests import SaveCategory
from app.content.actions import save_author
from app.content.repository import tags_of_site
from app.content.requests import SaveAuthor
from app.db.database import Shared
from app.db.record.leases import give_up, take
from app.db.record.sequencer import number_everything
from app.identity.actions import hold_form
from app.identity.credentials import new_token
from app.web.tokens import sign
from tests.cast import OPERATOR
from tests.routes.askers import Asker
from tests.routes.asking import filled
from tests.routes.houses import House
from tests.routes.table import Row


@dataclass(frozen=True)
class Pair:
    """What is theirs, and what never was."""

    theirs: str
    never: str


async def pairs_of(row: Row, askers: dict[str, Asker], theirs: House) -> dict[str, Pair]:
    """For each parameter of a row's address: the value with which a neighbour would ask at home, and one that fits nobody."""
    at_home = replace(askers["k-mallory" if row.door == "api" else "mallory"], house=theirs)
    parts = (await filled(row, at_home)).parts
    return {name: Pair(parts[name], never(row, name, parts[name])) for name in row.parameters if name not in ("n", "name")}


def never(row: Row, name: str, value: str) -> str:
    """A value of the same shape that nothing has."""
    if name == "path":
        _, slash, rest = value.partition("/")
        shapes = {
            "/media/{path}": f"{'0' * 64}/never.webp",
            "/-/preview/{path}": f"{new_token() * 2}{slash}{rest}",
            "/-/{path}": "theme-0000000000.css",
        }
        return shapes.get(row.path, "posts/never-was/")
    if name == "token":
        return new_token()
    return f"never-{uuid4().hex[:6]}" if name in ("customer", "site") else str(uuid4())


async def belongings_of(theirs: House, mallory: Asker) -> dict[str, str]:
    """Ids of theirs that no address names, but queries and bodies do."""
    _, sku = await theirs.product("live")
    product_id, _ = await theirs.product()
    post_id = await theirs.post("twice")
    picture, _ = await theirs.picture(f"their-{uuid4().hex[:6]}", b"theirs")
    author = await theirs.database.run(OPERATOR, "save", lambda work: save_author(work, OPERATOR, SaveAuthor(name="Their author")))
    shelf = SaveCategory(slug=f"their-{uuid4().hex[:6]}", label="Their shelf")
    category = await theirs.database.run(OPERATOR, "save", lambda work: save_category(work, OPERATOR, shelf))
    tags = await theirs.database.read(lambda reading: tags_of_site(reading, theirs.site_id))
    assert mallory.user is not None
    user_id, address = mallory.user.id, f"/c/{theirs.slug}/s/{theirs.slug}/posts/new"
    held = await theirs.database.run(OPERATOR, "hold", lambda work: hold_form(work, OPERATOR, user_id, address, {"title": ["Theirs"]}))
    return {
        "site_id": str(theirs.site_id),
        "post_id": str(post_id),
        "product_id": str(product_id),
        "sku": sku,
        "cover_id": str(picture),
        "author_id": str(author.id),
        "category_id": str(category.id),
        "tag_id": str(tags[0].id),
        "key_id": str((await theirs.key("content:read")).id),
        "held": str(held),
        # Their text is at version 2; nothing of ours that is asked for is.
        "etag": '"v2.0123456789ab"',
    }


def their_cursor(theirs: House, bound_to: str, *, is_known: bool, is_list: bool = False) -> str:
    """A cursor that the neighbours were given for a list of theirs, or one that nobody was given."""
    keys = theirs.services.keys("cursor") if is_known else (b"no key of this installation",)
    edge = (datetime.now(UTC), UUID(int=7))
    return sign(keys, bound_to, (edge,) if is_list else edge)


async def number_all(worker: Shared) -> None:
    """Number every change that waits, as the worker does."""
    held = await take(worker, f"sequencer-{uuid4().hex[:8]}", uuid4())
    assert held is not None
    await number_everything(worker, held)
    await give_up(worker, held)
