"""`agoat audit show` and `agoat audit undo`: one act with everything it touched, and taking it back as a whole."""

import sys
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import click

from app.audit.repository import Touched, act_by_id
from app.audit.undo import Item, Plan, Undone, UndoRefused, plan_undo, undo_act
from app.cli.answers import FAILED, Refused, Reply, columns, command, identifier
from app.cli.imports import barriers_up
from app.cli.office import customer_option, open_office, reason_option
from app.cli.progress import steps
from app.errors import Conflict

SHOWN = 200
WOULD = {"remove": "remove", "change": "change back", "return": "bring back"}
DID = {"remove": "removed", "change": "changed back", "return": "brought back"}


@command(None, "show", example="agoat audit show 3f1c0a52-77d4-4d0e-9d4e-0a8f4c1f2b7a --customer acme")
@click.argument("change_set")
@customer_option
async def show(change_set: str, customer: str) -> Reply:
    """One act: who, when, why, and everything it touched. CHANGE_SET is its id, which `agoat audit log` shows."""
    act_id = identifier(change_set, "an act")
    async with open_office() as office:
        act = await office.read(await office.customer(customer), lambda reading: act_by_id(reading, act_id))
    said = [
        f"{act.verb}, by {act.actor_name} ({act.door}), {act.at:%Y-%m-%d %H:%M:%S} UTC",
        *([f"Why: {act.reason}"] if act.reason else []),
    ]
    return Reply(act, [*said, "", *columns(("KIND", "THING", "HOW", "VERSION", "ID"), [touched(thing) for thing in act.touched])])


def touched(thing: Touched) -> tuple[Any, ...]:
    """A row about one thing of an act."""
    return thing.thing_type, thing.label, "new" if thing.from_version == 0 else thing.kind, thing.version, thing.thing_id


@command(None, "undo", example="agoat audit undo 3f1c0a52-77d4-4d0e-9d4e-0a8f4c1f2b7a --customer acme --dry-run")
@click.argument("change_set")
@customer_option
@click.option("--dry-run", is_flag=True, help="Say thing by thing what would happen; write nothing.")
@click.option("--skip-conflicts", is_flag=True, help="Leave alone what was changed since, and undo the rest.")
@click.option("--yes", is_flag=True, help="Do it without being asked.")
@reason_option
async def undo(change_set: str, customer: str, dry_run: bool, skip_conflicts: bool, yes: bool, reason: str | None) -> Reply:
    """Undo an act as a whole, as a new act that can itself be undone.

    CHANGE_SET is the id that `agoat audit log` shows. What was changed since is a conflict and is never overwritten: then nothing is
    undone, or with --skip-conflicts the rest. An undo that was interrupted goes on when it is started again.
    """
    act_id = identifier(change_set, "an act")
    async with open_office(reason) as office:
        owner = await office.customer(customer)
        async with barriers_up(office) as tenancy:
            database = tenancy.of(owner.id)
            plan = await plan_undo(database.read, act_id, directory=office.directory)
            if dry_run:
                return rehearsed(plan)
            if plan.steps and (skip_conflicts or not plan.conflicts):
                asked(plan, yes=yes)
            with steps() as step:
                progress = step(f"Undoing “{plan.act.verb}”")
                try:
                    done = await undo_act(
                        database, office.actor, act_id, skip_conflicts=skip_conflicts, reason=office.reason, directory=office.directory,
                        progress=progress,
                    )  # fmt: skip
                except UndoRefused as refused:
                    return refusal(refused)
    return told(done)


def asked(plan: Plan, *, yes: bool) -> None:
    """Have somebody at a terminal agree. Raises Refused where nobody can be asked, Conflict when he does not."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused("Add --yes to undo it without being asked, or --dry-run to see what would happen.")
    if not click.confirm(f"Undo “{plan.act.verb}” by {plan.act.actor_name}: {counted(plan.steps)}?"):
        raise Conflict("Nothing was changed.")


def rehearsed(plan: Plan) -> Reply:
    """What would happen, thing by thing."""
    table = columns(("WOULD", "KIND", "THING", "ID"), [row(item, WOULD) for item in plan.steps[:SHOWN]]) if plan.steps else []
    rest = [f"  and {len(plan.steps) - SHOWN} more; --json shows them all"] if len(plan.steps) > SHOWN else []
    done = [f"{len(plan.done):,} are already what they were before."] if plan.done else []
    said = ["Nothing would change."] if not plan.steps else []
    end = "This was a rehearsal: nothing was written."
    return Reply(plan, [*table, *rest, *said, *done, *conflicts(plan.conflicts), *plan.notes, end], FAILED if plan.conflicts else 0)


def refusal(refused: UndoRefused) -> Reply:
    """That nothing was undone, or not all, and what is in the way."""
    data = {"error": refused.detail, "conflicts": refused.plan.conflicts, "undone": refused.undone}
    hint = ["Add --skip-conflicts to undo the rest."] if refused.plan.steps and not refused.undone else []
    return Reply(data, [refused.detail, *conflicts(refused.plan.conflicts), *hint], FAILED)


def told(done: Undone) -> Reply:
    """What was undone, what was left alone, and how to take the undo back."""
    again = f"Undone as act {done.change_set_id}, which can itself be undone."
    return Reply(done, [f"{counted(done.undone, DID)}.", *conflicts(done.left), *done.notes, again])


def conflicts(items: Sequence[Item]) -> list[str]:
    """What cannot be undone, each with its reason."""
    lines = [f"  {item.thing_type} “{item.label}” ({item.thing_id}): {item.conflict}" for item in items[:SHOWN]]
    rest = [f"  and {len(items) - SHOWN} more; --json shows them all"] if len(items) > SHOWN else []
    return [f"Conflicts: {len(items)}", *lines, *rest] if items else []


def counted(items: Sequence[Item], words: dict[str, str] = WOULD) -> str:
    """How many things go, change and come back."""
    counts = {what: sum(item.what == what for item in items) for what in words}
    return ", ".join(f"{words[what]} {count:,}" for what, count in counts.items() if count) or "nothing"


def row(item: Item, words: dict[str, str]) -> tuple[str, str, str, UUID]:
    """A row about one thing."""
    return words[item.what], item.thing_type, item.label, item.thing_id
