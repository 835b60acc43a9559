"""Arguments made up from types and names: a parameter called like a column gets what the sample customer has in that column."""

import types
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from inspect import Parameter, signature
from types import ModuleType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from msgspec import Struct
from msgspec.structs import fields as fields_of
from sqlalchemy import Table

from app.db.base import Base
from app.db.rehearsal.sample import Row, identity

CONTAINERS: dict[Any, Any] = {list: list, set: set, frozenset: frozenset, Sequence: list, Collection: list, Iterable: list}
NAMED_BY_COLUMNS = (UUID, str, int, bytes)


class CannotMakeUp(LookupError):
    """No argument can be made up for a parameter: a sample of it is to be given beside the list of rooms."""


class Lookup(Struct, frozen=True):
    """A row that is looked up in the session of the call, because no row outlives the session that found it."""

    model: type[Base]
    key: tuple[Any, ...]


class Of(Struct, frozen=True):
    """A sample that is what the sample customer has in a column, for parameters that are called otherwise."""

    table: str
    column: str
    is_text: bool = False


class Arguments:
    """Makes arguments for the functions of one module. Raises CannotMakeUp."""

    def __init__(self, module: ModuleType, rows: Mapping[str, Row], samples: Mapping[str, Any]) -> None:
        mine = [table_of(value) for value in vars(module).values() if is_mapped(value)]
        self.tables: list[Table] = [*mine, *Base.metadata.sorted_tables]
        self.rows = rows
        self.samples = samples

    def variants(self, function: Any, *, skip: int) -> Iterator[dict[str, Any]]:
        """Arguments by name: the required ones alone, then with each optional one in all its kinds. `skip` parameters are the caller's."""
        hints = get_type_hints(function)
        wanted = list(signature(function).parameters.values())[skip:]
        wanted = [each for each in wanted if each.kind not in (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)]
        call = function.__name__
        required = {each.name: self.value(call, each.name, hints[each.name]) for each in wanted if each.default is Parameter.empty}
        yield required
        for each in wanted:
            values = self.kinds(call, each.name, hints[each.name])
            if each.name in required:
                values = [value for value in values[1:] if value != required[each.name]]
            for value in values:
                yield {**required, each.name: value}

    def kinds(self, call: str, name: str, hint: Any) -> list[Any]:
        """The values that may lead to different statements: all of a closed list, else one."""
        if f"{call}.{name}" in self.samples or name in self.samples:
            return [self.value(call, name, hint)]
        if hint is bool:
            return [False, True]
        if get_origin(hint) in CONTAINERS:
            return [self.value(call, name, hint), CONTAINERS[get_origin(hint)]()]
        return list(get_args(hint)) if get_origin(hint) is Literal else [self.value(call, name, hint)]

    def value(self, call: str, name: str, hint: Any) -> Any:
        """One value of a type for a parameter."""
        for key in (f"{call}.{name}", name):
            if key in self.samples:
                given = self.samples[key]
                return self.looked_up(given) if isinstance(given, Of) else given
        origin, parts = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            return self.value(call, name, next(part for part in parts if part is not type(None)))
        if origin is Literal:
            return parts[0]
        if origin is tuple:
            return tuple(self.value(call, name, part) for part in parts if part is not Ellipsis)
        if origin in CONTAINERS:
            return CONTAINERS[origin]([self.value(call, singular(name), parts[0])])
        return self.plain(call, name, hint)

    def looked_up(self, sample: Of) -> Any:
        """What the sample customer has in the named column."""
        value = self.rows[sample.table][sample.column]
        return str(value) if sample.is_text else value

    def plain(self, call: str, name: str, hint: Any) -> Any:
        """One value of a type without parts."""
        if hint is bool:
            return True
        if hint is datetime:
            return datetime.now(UTC)
        if hint in NAMED_BY_COLUMNS:
            return self.of_column(call, name, hint)
        if is_mapped(hint):
            return Lookup(hint, identity(table_of(hint), self.rows[table_of(hint).fullname]))
        if isinstance(hint, type) and issubclass(hint, Struct):
            return hint(**{each.name: self.value(call, each.name, each.type) for each in fields_of(hint) if each.required})
        if isinstance(hint, type) and hasattr(hint, "_fields"):
            hints = get_type_hints(hint)
            return hint(**{each: self.value(call, each, hints[each]) for each in hint._fields})
        raise CannotMakeUp(f"{call}: no sample of {name}: {hint}. Add one to SAMPLES beside the list of rooms.")

    def of_column(self, call: str, name: str, kind: type) -> Any:
        """What the sample customer has in the column of this name, of the module's own tables first."""
        for table in self.tables:
            if name in table.c and table.c[name].type.python_type is kind:
                return self.rows[table.fullname][name]
        raise CannotMakeUp(f"{call}: no column is named like {name}: {kind.__name__}. Add a sample to SAMPLES beside the list of rooms.")


def singular(name: str) -> str:
    """`slugs` as `slug`."""
    return name.removesuffix("s")


def is_mapped(value: Any) -> bool:
    """Whether a value is the class of a table's rows."""
    return isinstance(value, type) and issubclass(value, Base) and hasattr(value, "__table__")


def table_of(model: type[Base]) -> Table:
    """The table of a mapped class."""
    return cast(Table, model.__table__)
