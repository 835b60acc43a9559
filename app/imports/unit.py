"""One transaction of an import: what it makes, what it finds already here, and what it cannot make.

A unit may be run again, after a lost race or when nobody knows whether it was committed. Everything that it learns is therefore kept
in its own outcome, which the import takes over after the commit, and what an earlier attempt has made is looked up, not remembered.
"""

from collections import ChainMap, Counter
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct, field

from app.actor import Actor
from app.db.work import Work
from app.document.input import storable
from app.imports.plan import Imported, ImportedAuthor, ImportedPost, ImportedProduct, ImportedTag, Refused, Warned
from app.imports.repository import Item, Key, look_up, remember_item

SOURCE_CHARACTERS, SOURCE_ID_CHARACTERS = 200, 500
# By what posts name their authors, tags and parents: the kind of thing and its name in the file.
Things = dict[tuple[str, str], UUID]


class Goal(Struct, frozen=True, kw_only=True):
    """What all units of one import share. `site_id` is None for products that every site shows."""

    import_id: UUID
    change_set_id: UUID
    actor: Actor
    source: str
    file_name: str
    site_id: UUID | None
    sites: tuple[UUID, ...]
    lang: str
    languages: tuple[str, ...]


class Outcome(Struct):
    """What one unit did: how many things it got through, what they are here, and what is to be said of them."""

    done: int = 0
    has_written: bool = False
    things: Things = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)
    here: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)


class Unit:
    """What the makers of single things work with."""

    def __init__(self, work: Work, goal: Goal, things: Things) -> None:
        self.work = work
        self.goal = goal
        self.actor = goal.actor
        self.outcome = Outcome()
        self.things = ChainMap(self.outcome.things, things)
        self.known: dict[Key, Item] = {}
        self.again: dict[Key, Key] = {}

    async def look_up(self, things: Sequence[Imported]) -> None:
        """Learn which of the things some import has made already."""
        await self.look_up_keys([key_of(self.goal, thing) for thing in things])

    async def look_up_keys(self, keys: Sequence[Key]) -> None:
        """Learn which of the items some import has made already, and which were undone since."""
        looked = await look_up(self.work, keys)
        self.known |= looked.known
        self.again |= looked.again

    def settle(self, thing: Imported, thing_id: UUID, *, is_new: bool) -> None:
        """Count a thing and let later ones find it."""
        (self.outcome.made if is_new else self.outcome.here).update(counts_of(thing))
        self.outcome.things[name_of(thing)] = thing_id

    def remember(self, key: Key, thing_id: UUID) -> None:
        """Write down what an item of the source has become."""
        self.known[key] = Item(thing_id, self.goal.import_id)
        self.outcome.has_written = True
        remember_item(self.work, self.again.get(key, key), self.known[key])

    def warn(self, thing: Imported, message: str) -> None:
        """Say that a thing was made, but not quite as it was."""
        self.outcome.warnings.append(Warned(thing.line, thing.source_id, kind_of(thing), message))

    def warn_dropped(self, thing: Imported, dropped: Sequence[str]) -> None:
        """Say what of a text visitors will not get. Every export is full of classes and styles, which nobody reads and nobody misses."""
        lost = [what for what in dropped if not what.startswith("the attribute ")]
        if lost:
            self.warn(thing, f"Visitors will not get: {', '.join(lost)}.")

    def refuse(self, thing: Imported, reason: str) -> None:
        """Say that a thing was left out, and why."""
        self.outcome.refused.append(Refused(thing.line, thing.source_id, kind_of(thing), reason))


def kind_of(thing: Imported) -> str:
    """What reports call a thing."""
    if isinstance(thing, ImportedPost):
        return thing.kind
    return {ImportedAuthor: "author", ImportedTag: "tag", ImportedProduct: "product"}.get(type(thing), "attachment")


def counts_of(thing: Imported) -> dict[str, int]:
    """How a thing is counted in reports; a product counts with its variants."""
    variants = {"variant": len(thing.variants)} if isinstance(thing, ImportedProduct) else {}
    return {kind_of(thing): 1} | variants


def name_of(thing: Imported) -> tuple[str, str]:
    """By what other things of the file name this one."""
    return "post" if isinstance(thing, ImportedPost) else kind_of(thing), thing.source_id


def key_of(goal: Goal, thing: Imported) -> Key:
    """What tells an item from all others that this customer may ever import.

    The number of a WordPress post alone does not: a site that was set up anew, or restored, gives the numbers out again, and its second
    export would lose every post whose number was in the first. So the post's guid stands beside the number, `163 /?p=163`, which
    WordPress never changes, neither when a draft is published nor when its address is edited; an export without guids has only the
    address. Host and scheme of the guid are left out, because they change when a site moves to https.
    Tags and posts belong to one site, so that the same file may be brought to two of them.
    """
    kind, source_id = name_of(thing)
    if isinstance(thing, ImportedPost):
        source_id = " ".join(filter(None, (source_id, _place_in(thing.guid or thing.source_url))))
    source = goal.source if kind in ("author", "product") else f"{goal.source} to {goal.site_id}"
    return Key(_fitting(source, SOURCE_CHARACTERS), kind, _fitting(storable(source_id), SOURCE_ID_CHARACTERS))


def _place_in(url: str) -> str:
    """Path and query of an address; what is no address stays whole."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _fitting(name: str, limit: int) -> str:
    """The name, or its beginning with a fingerprint of the whole, so that two long names stay two."""
    if len(name) <= limit:
        return name
    return f"{name[: limit - 65]}#{sha256(name.encode()).hexdigest()}"
