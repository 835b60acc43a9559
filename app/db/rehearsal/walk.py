"""Goes through rooms and floor, calls everything that speaks to the database, and refuses a register with a hole."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from inspect import get_annotations, iscoroutinefunction, signature
from types import ModuleType
from typing import Any, get_origin, get_type_hints

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Shared
from app.db.rehearsal import machinery, writes
from app.db.rehearsal.arguments import Arguments, Lookup
from app.db.rehearsal.recorder import Statement
from app.db.rehearsal.stage import Room, Stage
from app.db.work import Reading, Work

# What the first parameter of a function that speaks to the database is.
SPEAKING = (Reading, Work, AsyncSession, Shared)


class NotRehearsed(LookupError):
    """Something that speaks to the database was not called, or sent nothing."""


async def rehearse(stage: Stage, report: Callable[[str], None] = lambda line: None) -> list[Statement]:
    """The register of statements. Writes one sample customer, whose rows are mostly gone afterwards.

    Raises CannotMakeUp, NotRehearsed, and whatever a call raises.
    """
    report("writing the sample customer")
    await writes.found(stage)
    await writes.write_sample(stage, stage.kept)
    await writes.pass_through(stage)
    for repository in stage.script.paged:
        await writes.page(stage, repository)
    for room in stage.script.rooms:
        report(f"calling {room.name}")
        await call_all(stage, room, stage.script.samples)
    report("working through the outbox, the inbox and the sweeps")
    await machinery.work(stage)
    for room in machinery.READING:
        await call_all(stage, room, machinery.SAMPLES)
    await machinery.clean_up(stage)
    register = stage.recorder.register()
    require_whole(stage, register)
    return register


async def call_all(stage: Stage, room: Room, samples: Mapping[str, Any]) -> None:
    """Call every named read and write of a room, in all variants of its optional arguments."""
    arguments = Arguments(room.module, stage.kept.rows, samples)
    for name, function in speaking(room.module):
        if function is stage.script.found_customer or name in room.inner:
            continue
        role = room.roles.get(name, room.asked_by)
        for given in arguments.variants(function, skip=1):
            with stage.recorder.asking(f"{room.name}.{name}"):
                await call(stage, function, given, role)
    for name, maker, kind in makers(room.module):
        await call_methods(stage, room, name, arguments, maker, kind)


async def call(stage: Stage, function: Any, given: dict[str, Any], role: str | None) -> None:
    """Call one function through the role that its first parameter means."""
    first = first_parameter(function)
    act: Callable[[Any], Awaitable[Any]] = partial(speak, function, given)
    if first is Reading:
        await stage.customer(role or "app").read(act)
    elif first is Work:
        await stage.act(act, role or "app")
    elif first is Shared:
        await act(stage.shared(role or "worker"))
    elif iscoroutinefunction(function):
        await stage.shared(role or "directory").read(act)
    else:
        await stage.shared(role or "directory").run(act)


async def speak(function: Any, given: dict[str, Any], way: Any) -> None:
    """One call, of a coroutine or of a function that only adds rows."""
    values = {name: await way.session.get(value.model, value.key) if isinstance(value, Lookup) else value for name, value in given.items()}
    answer = function(way, **values)
    if iscoroutinefunction(function):
        await answer


async def call_methods(stage: Stage, room: Room, name: str, arguments: Arguments, maker: Any, kind: type) -> None:
    """Some functions give an object whose own methods read, such as a list that grows; those are called instead."""
    for given in arguments.variants(maker, skip=0):
        made = maker(**given)
        for method_name in reading_methods(kind):
            method = getattr(made, method_name)
            for words in arguments.variants(method, skip=1):
                with stage.recorder.asking(f"{room.name}.{name}.{method_name}"):
                    await stage.customer().read(partial(speak, method, words))


def speaking(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The public functions of a module that speak to the database, by name."""
    for name, value in sorted(vars(module).items()):
        is_own = callable(value) and getattr(value, "__module__", None) == module.__name__ and not isinstance(value, type)
        if is_own and hasattr(value, "__code__") and not name.startswith("_") and first_parameter(value) in SPEAKING:
            yield name, value


def makers(module: ModuleType) -> Iterator[tuple[str, Any, type]]:
    """The public functions of a module that give an object whose methods read."""
    for name, value in sorted(vars(module).items()):
        if name.startswith("_") or not hasattr(value, "__code__") or value.__module__ != module.__name__:
            continue
        given = get_type_hints(value).get("return")
        kind = get_origin(given) or given
        if isinstance(kind, type) and kind.__module__ == module.__name__ and reading_methods(kind):
            yield name, value, kind


def reading_methods(kind: type) -> list[str]:
    """The public coroutines of a class that are given a snapshot to read from."""
    return [
        name
        for name, method in vars(kind).items()
        if not name.startswith("_") and iscoroutinefunction(method) and Reading in get_annotations(method).values()
    ]


def first_parameter(function: Any) -> Any:
    """The type of the first parameter, None where there is none."""
    names = list(signature(function).parameters)
    return get_type_hints(function).get(names[0]) if names else None


def require_whole(stage: Stage, register: list[Statement]) -> None:
    """Raise NotRehearsed when something that speaks to the database has sent nothing."""
    said = {statement.said_by for statement in register}
    rooms = (*stage.script.rooms, *machinery.WORKING, *machinery.READING)
    names = [f"{room.name}.{name}" for room in rooms for name, _ in speaking(room.module) if name not in room.inner]
    missing = [name for name in names if not any(each == name or each.startswith((f"{name}.", f"{name}(")) for each in said)]
    if missing:
        raise NotRehearsed(f"These send nothing in the rehearsal, so their statements are not registered: {', '.join(missing)}.")
