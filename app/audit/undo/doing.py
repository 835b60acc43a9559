"""Doing an undo: small acts in one transaction, large ones in several under one change set, which a second run continues."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence, Set
from contextlib import suppress
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4

from msgspec import Struct

from app.actor import Actor
from app.audit.undo.planning import Plan, examined, plan_undo
from app.audit.undo.repository import Ask, Doer, Happened, payloads, undoers
from app.audit.undo.restorers import RESTORERS
from app.audit.undo.steps import Draft, Item, chunks
from app.db.database import Shared, TenantDatabase
from app.db.record.writer import mark, mark_undone
from app.db.returning import Back
from app.db.work import Reading, Work
from app.errors import AGoatError, Conflict, OutcomeUnknown
from app.identity.access import Act, require

T = TypeVar("T")
Progress = Callable[[int, int], None]
# Up to so many things an undo is one transaction: it happens whole or not at all.
WHOLE = 20
# No transaction of a larger one begins another thing after so many seconds; the limit of a write is five.
SECONDS_EACH = 1.5
# So many things are looked at once more, within the transaction that changes them, before the first of them is changed.
LOOKED_AT = 10


class UndoRefused(Conflict):
    """Things of the act cannot be undone; `plan` names each with its reason. Nothing was changed, or no more than `undone`."""

    def __init__(self, plan: Plan, detail: str, undone: Sequence[Item] = ()) -> None:
        super().__init__(detail)
        self.plan = plan
        self.undone = tuple(undone)


class Undone(Struct, frozen=True, kw_only=True):
    """What an undo did: the new act, the things that are what they were, and those that were left alone, each with its reason."""

    act: Doer
    change_set_id: UUID
    undone: tuple[Item, ...]
    left: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()


def unseen(done: int, total: int) -> None:
    """Nobody watches."""


async def undo_act(
    database: TenantDatabase,
    actor: Actor,
    act_id: UUID,
    *,
    skip_conflicts: bool = False,
    reason: str | None = None,
    directory: Shared | None = None,
    progress: Progress = unseen,
) -> Undone:
    """Undo an act as a new one. What was changed since is left alone: with `skip_conflicts` the rest is undone, else nothing is.

    An undo that was interrupted goes on where it was. Raises Forbidden, NotFound, UndoRefused, Conflict for an act that has been undone
    or has changed nothing, Unavailable and OutcomeUnknown; what a large undo has done until then stays, and a second run continues it.
    """
    require(actor, Act.UNDO)
    plan = await plan_undo(database.read, act_id, directory=directory)
    check(plan, skip_conflicts=skip_conflicts)
    undoing = _Undoing(database, actor, plan, skips=skip_conflicts, reason=reason, directory=directory, progress=progress)
    return await (undoing.whole() if len(plan.steps) <= WHOLE and undoing.unfinished is None else undoing.by_parts())


def check(plan: Plan, *, skip_conflicts: bool) -> None:
    """Raise UndoRefused or Conflict when there is nothing to do, or something that must not be done."""
    count = len(plan.conflicts)
    if count and not skip_conflicts:
        things = "One thing of this act" if count == 1 else f"{count:,} things of this act"
        raise UndoRefused(plan, f"{things} cannot be undone, so nothing was. Undo the rest, or mend what is in the way.")
    if plan.steps or plan.unfinished:
        return
    if count:
        raise UndoRefused(plan, "Nothing of this act can be undone.")
    raise Conflict("This act has been undone already." if plan.done else "This act has changed nothing that could be undone.")


class _Undoing:
    """One undo on its way."""

    def __init__(
        self,
        database: TenantDatabase,
        actor: Actor,
        plan: Plan,
        *,
        skips: bool,
        reason: str | None,
        directory: Shared | None,
        progress: Progress,
    ) -> None:
        self.database, self.actor, self.plan, self.skips = database, actor, plan, skips
        self.directory, self.progress = directory, progress
        self.unfinished = plan.unfinished
        self.change_set_id = plan.unfinished or uuid4()
        act = plan.act
        # Nobody is named here: the names of people stand in columns from which they can be erased.
        told = f"Undoes act {act.id}: “{act.verb}”, {act.at:%d %B %Y, %H:%M} UTC"
        self.reason = f"{reason} ({told})" if reason else told

    async def act(self, fn: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction under the change set of the undo. Where nobody knows whether it was committed, it is run again and sees."""
        verb = f"undo {self.plan.act.verb}"
        for is_last in (False, False, True):
            try:
                return await self.database.run(self.actor, verb, fn, reason=self.reason, change_set_id=self.change_set_id)
            except OutcomeUnknown:
                if is_last:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def whole(self) -> Undone:
        """Everything in one transaction, on what is true in that transaction."""

        async def unit(work: Work) -> Plan:
            plan = await plan_undo(within(work), self.plan.act.id, directory=self.directory)
            if self.change_set_id in plan.undoers:
                return self.plan
            check(plan, skip_conflicts=self.skips)
            for item in plan.steps:
                await put_back(work, item)
            await mark(work, "completed")
            mark_undone(work, plan.act.id)
            return plan

        plan = await self.act(unit)
        return self.told(plan.steps, plan.conflicts)

    async def by_parts(self) -> Undone:
        """Transaction after transaction. Raises UndoRefused when somebody was faster with one of the things, and may not be skipped."""
        waiting, undone, left = list(self.plan.steps), list[Item](), list(self.plan.conflicts)
        total, together = len(waiting), {item.thing_id for item in waiting}
        try:
            while waiting:
                some, refused = await self.act(partial(self.part, waiting=list(waiting), together=together))
                del waiting[: len(some) + len(refused)]
                undone += some
                left += refused
                together -= {item.thing_id for item in refused}
                self.progress(len(undone), total)
                if refused and not self.skips:
                    raise UndoRefused(self.plan, f"{refused[0].label}: {refused[0].conflict} The undo stopped there.", undone)
            await self.act(lambda work: mark(work, "completed"))
        except BaseException:
            # What stopped it may be the database itself; the first reason is the one to be told.
            with suppress(AGoatError):
                await self.interrupted(has_written=bool(undone))
            raise
        return self.told(undone, left)

    async def interrupted(self, *, has_written: bool) -> None:
        """Mark the undo as one that a second run continues, once, and only where there is anything to continue."""
        if (has_written or self.unfinished) and "interrupted" not in self.plan.undoers.get(self.change_set_id, ()):
            await self.act(lambda work: mark(work, "interrupted"))

    async def part(self, work: Work, *, waiting: list[Item], together: Set[UUID]) -> tuple[list[Item], list[Item]]:
        """The first of the things that wait, as many as the time of a unit allows: those that were undone, and those that could not be."""
        clock = asyncio.get_running_loop().time
        late = clock() + SECONDS_EACH
        if self.change_set_id not in await undoers(work, self.plan.act.id):
            mark_undone(work, self.plan.act.id)
        undone: list[Item] = []
        for some in chunks(waiting, LOOKED_AT):
            drafts = [draft_of(item, self.plan.act.id) for item in some]
            found = await examined(within(work), drafts, together=together, directory=self.directory)
            by_id = {item.thing_id: item for item in found.items}
            for item in (by_id[item.thing_id] for item in some):
                if item.conflict:
                    return undone, [item]
                if not item.is_done:
                    await put_back(work, item)
                undone.append(item)
                if clock() > late:
                    return undone, []
        return undone, []

    def told(self, undone: Sequence[Item], left: Sequence[Item]) -> Undone:
        """What was done."""
        return Undone(act=self.plan.act, change_set_id=self.change_set_id, undone=tuple(undone), left=tuple(left), notes=self.plan.notes)


def within(work: Work) -> Ask:
    """Have reads see what a unit of work sees."""

    async def ask(fn: Callable[[Reading], Awaitable[T]]) -> T:
        return await fn(work)

    return ask


def draft_of(item: Item, act_id: UUID) -> Draft:
    """What the act did to the thing of a step, to be looked at once more."""
    kind = "deleted" if item.what == "return" else "saved"
    event = Happened(item.thing_id, item.thing_type, item.label, item.before, item.after, kind, act_id)
    return Draft(event, event)


async def put_back(work: Work, item: Item) -> None:
    """Have the room of a thing bring it back, and its history say to which version."""
    restorer = RESTORERS[item.thing_type]
    payload = None
    if item.what != "remove":
        payload = (await payloads(work, restorer.repository, {item.thing_id: item.before}))[item.thing_id]
    work.returning[item.thing_id] = item.before
    await restorer.put_back(work, Back(thing_id=item.thing_id, payload=payload, before=item.before, present=item.present))
    await work.session.flush()
