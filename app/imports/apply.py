"""Pass 2 of an import: what pass 1 found good is made here, by the actions that a person would use, as one act.

The act spans many transactions under one change set. Each is small enough to end well within the limit of a write, and writes down in
`ops.import_items` what every item became, so that it may be run again and a second import makes nothing twice.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID, uuid4

from msgspec import Struct

from app.actor import Actor, system
from app.db.database import TenantDatabase
from app.db.record.writer import mark
from app.db.work import Work
from app.errors import AGoatError, Invalid, OutcomeUnknown, Taken
from app.identity.access import Act, require
from app.imports.applying_posts import make_author, make_post, make_tag
from app.imports.applying_products import make_product
from app.imports.models import Import
from app.imports.ordering import VERSIONS_EACH, in_order, next_batch
from app.imports.plan import (
    Checked,
    Imported,
    ImportedAttachment,
    ImportedAuthor,
    ImportedPost,
    ImportedProduct,
    ImportedTag,
    Progress,
    Refused,
    Warned,
)
from app.imports.repository import IMPORTS, Key, known_items
from app.imports.target import target_of
from app.imports.unit import Goal, Outcome, Unit, counts_of, key_of

T = TypeVar("T")

# No unit begins another thing after this many seconds. On two cores a published post took 20 ms, one of a megabyte or a product with
# 500 variants up to a second. The clock therefore ends a unit long before the limit of a write does, on slow machines too.
SECONDS_EACH = 1.5

MAKERS: dict[type, Callable[[Unit, Any], Awaitable[tuple[UUID, bool]]]] = {
    ImportedAuthor: make_author,
    ImportedTag: make_tag,
    ImportedPost: make_post,
    ImportedProduct: make_product,
}
# What the acts of an import need, asked before the first of them, so that none is refused half-way.
ACTS = {
    "author": (Act.WRITE_AUTHOR,),
    "tag": (Act.WRITE_TAG,),
    "post": (Act.WRITE_POST, Act.PUBLISH_POST),
    "page": (Act.WRITE_PAGE, Act.PUBLISH_PAGE),
    "product": (Act.WRITE_PRODUCT, Act.PUBLISH_PRODUCT),
}


class Applied(Struct, frozen=True, kw_only=True):
    """What pass 2 did. `made` and `here` (known from earlier) count by kind; `import_id` is None where nothing was to be made."""

    made: dict[str, int]
    here: dict[str, int]
    refused: tuple[Refused, ...] = ()
    warnings: tuple[Warned, ...] = ()
    import_id: UUID | None = None
    change_set_id: UUID | None = None


async def apply_import(
    database: TenantDatabase,
    actor: Actor,
    checked: Checked,
    *,
    file_name: str,
    site_id: UUID | None,
    progress: Progress,
    reason: str | None = None,
) -> Applied:
    """Make everything that pass 1 has found and that is not here yet. `progress` counts things.

    `site_id` None is for products that all sites show; `reason` is for the audit log, else the name of the file stands there.
    What cannot be made is refused by itself; the rest is made.
    Raises NotFound, Forbidden, Invalid, Conflict before anything is written, and Unavailable or OutcomeUnknown on the way; what was made
    until then stays, and running the import again makes the rest.
    """
    goal = await _goal(database, actor, checked, file_name, site_id)
    importing = _Importing(database, goal, checked, progress, reason or file_name)
    try:
        await importing.run()
    except BaseException:
        # What stopped it may be the database itself; the first reason is the one to be told.
        with suppress(AGoatError):
            await importing.close("failed")
        raise
    await importing.close("done")
    return importing.applied()


async def preview_import(database: TenantDatabase, actor: Actor, checked: Checked, *, site_id: UUID | None) -> Applied:
    """What `apply_import` would make and what is here already. Writes nothing. Raises as it does."""
    goal = await _goal(database, actor, checked, "", site_id)
    made, here = Counter[str](), Counter[str]()
    things = _made_here(checked.read())
    while some := list(islice(things, VERSIONS_EACH)):
        keys = {key_of(goal, thing): thing for thing in some}
        known = await _known(database, keys)
        for key, thing in keys.items():
            (here if key in known else made).update(counts_of(thing))
    return Applied(made=dict(made), here=dict(here))


async def _known(database: TenantDatabase, keys: Collection[Key]) -> Collection[Key]:
    return await database.read(lambda reading: known_items(reading, keys))


async def _goal(database: TenantDatabase, actor: Actor, checked: Checked, file_name: str, site_id: UUID | None) -> Goal:
    require(actor, Act.IMPORT, site_id=site_id)
    for act in dict.fromkeys(act for kind in checked.counts for act in ACTS.get(kind, ())):
        require(actor, act, own=True, site_id=site_id)
    if site_id is None and "product" not in checked.counts:
        raise Invalid({"site": "Say which site it is for."})
    target = await database.read(lambda reading: target_of(reading, site_id))
    return Goal(
        import_id=uuid4(),
        change_set_id=uuid4(),
        actor=actor,
        source=checked.source,
        file_name=file_name,
        site_id=site_id,
        sites=target.sites,
        lang=target.language_for(checked.lang),
        languages=target.languages,
    )


def _made_here(things: Iterator[Imported]) -> Iterator[Imported]:
    """The things that pass 2 makes; files of the media library are not among them."""
    return (thing for thing in things if not isinstance(thing, ImportedAttachment))


class _Importing:
    """One run over one file: which things wait, and what its units have done."""

    def __init__(self, database: TenantDatabase, goal: Goal, checked: Checked, progress: Progress, reason: str) -> None:
        self.database = database
        self.goal = goal
        self.checked = checked
        self.progress = progress
        self.reason = reason
        self.total = sum(checked.counts.get(kind, 0) for kind in ACTS)
        self.sum = Outcome()

    async def run(self) -> None:
        """Unit after unit, until every thing was made, found or refused."""
        things = _made_here(in_order(self.checked))
        waiting: list[Imported] = []
        # Converting texts takes time, which other work of this process should not have to wait for.
        while batch := await asyncio.to_thread(next_batch, waiting, things):
            outcome = await self.make(batch)
            del waiting[: outcome.done]
            self.take_over(outcome)

    async def make(self, things: list[Imported]) -> Outcome:
        """One transaction over the first of the things, as many as it gets through."""
        return await self.act(lambda work: self.unit(work, things))

    async def act(self, fn: Callable[[Work], Awaitable[T]], actor: Actor | None = None) -> T:
        """One transaction under the change set of the import. Where nobody knows whether it was committed, it is run again and sees."""
        goal = self.goal
        for is_last in (False, False, True):
            try:
                return await self.database.run(actor or goal.actor, "import file", fn, reason=self.reason, change_set_id=goal.change_set_id)
            except OutcomeUnknown:
                if is_last:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def unit(self, work: Work, things: list[Imported]) -> Outcome:
        """Make what is not here yet, as far as the time of a unit goes."""
        clock = asyncio.get_running_loop().time
        late = clock() + SECONDS_EACH
        unit = Unit(work, self.goal, self.sum.things)
        await unit.look_up(things)
        for thing in things:
            await _settle(unit, thing)
            unit.outcome.done += 1
            if clock() > late:
                break
        if unit.outcome.has_written:
            await self.note_progress(work, unit.outcome)
        return unit.outcome

    async def note_progress(self, work: Work, outcome: Outcome) -> None:
        """Write down how far the import has come, together with what this unit made."""
        counts = {"made": dict(self.sum.made + outcome.made), "here": dict(self.sum.here + outcome.here)}
        row = await IMPORTS.find(work, self.goal.import_id)
        if row is not None:
            await IMPORTS.change(work, row, {"counts": row.counts | counts}, expect=None)
            return
        start = Import(
            id=self.goal.import_id,
            site_id=self.goal.site_id,
            source=self.goal.source,
            file_name=self.goal.file_name,
            state="running",
            counts={"found": self.checked.found, "left_out": self.checked.left_out, "images": len(self.checked.images)} | counts,
            change_set_id=self.goal.change_set_id,
            created_at=work.now,
        )
        await IMPORTS.add(work, start)

    def take_over(self, outcome: Outcome) -> None:
        """Keep what a unit did, now that it is committed."""
        total = self.sum
        total.done += outcome.done
        total.has_written |= outcome.has_written
        total.things |= outcome.things
        total.made += outcome.made
        total.here += outcome.here
        total.refused += outcome.refused
        total.warnings += outcome.warnings
        self.progress(total.done, self.total)

    async def close(self, state: str) -> None:
        """Mark the end of the import, unless it has made nothing at all."""
        # Whoever began it may no longer change anything; that it was broken off is then the product's own to say.
        actor = self.goal.actor if state == "done" else system("import")
        await self.act(lambda work: self.end(work, state), actor)

    async def end(self, work: Work, state: str) -> None:
        """Write the state and the mark of the change set, once."""
        row = await IMPORTS.find(work, self.goal.import_id)
        if row is None or row.state != "running":
            return
        refused, warnings = (*self.checked.refused, *self.sum.refused), (*self.checked.warnings, *self.sum.warnings)
        said = {"refused": len(refused), "warnings": len(warnings)}
        await IMPORTS.change(work, row, {"state": state, "counts": row.counts | said, "finished_at": work.now}, expect=None)
        await mark(work, "completed" if state == "done" else "interrupted")

    def applied(self) -> Applied:
        """What was done, for the report."""
        return Applied(
            made=dict(self.sum.made),
            here=dict(self.sum.here),
            refused=tuple(self.sum.refused),
            warnings=tuple(self.sum.warnings),
            import_id=self.goal.import_id if self.sum.has_written else None,
            change_set_id=self.goal.change_set_id if self.sum.has_written else None,
        )


async def _settle(unit: Unit, thing: Imported) -> None:
    """Make one thing, unless it is here; refuse it where its action does. An action refuses before it writes."""
    key = key_of(unit.goal, thing)
    if key in unit.known:
        # An attempt of which nobody knew whether it was committed may have made it; then it is this import's.
        item = unit.known[key]
        unit.settle(thing, item.thing_id, is_new=item.import_id == unit.goal.import_id)
        return
    try:
        thing_id, is_new = await MAKERS[type(thing)](unit, thing)
    except Invalid as invalid:
        unit.refuse(thing, " ".join(invalid.fields.values()) or invalid.detail)
    except Taken as taken:
        unit.refuse(thing, taken.detail)
    else:
        unit.remember(key, thing_id)
        unit.settle(thing, thing_id, is_new=is_new)
