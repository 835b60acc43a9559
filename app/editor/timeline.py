"""Versions and acts as a timeline: by days in the zone of the screen, newest first. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Protocol, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from app.actor import ActorKind
from app.editor.views.parts import Door
from app.editor.views.shell import Who
from app.editor.views.writing import VersionDay, VersionRow
from app.editor.wording import VERSION_KINDS

T = TypeVar("T")
SHOWN = 25


class Recorded(Protocol):
    """A stored version, whatever it is of."""

    @property
    def version(self) -> int:
        """Its number."""

    @property
    def kind(self) -> str:
        """What made it."""

    @property
    def at(self) -> datetime:
        """When (UTC)."""

    @property
    def actor_kind(self) -> str:
        """What kind of actor."""

    @property
    def actor_id(self) -> UUID | None:
        """Who."""

    @property
    def actor_name(self) -> str:
        """Who, by name."""

    @property
    def door(self) -> str:
        """Through which door."""


def who_did(recorded: Recorded, user_id: UUID) -> Who:
    """The actor of a version, as one who looks at it calls him."""
    return Who(name=recorded.actor_name, kind=cast(ActorKind, recorded.actor_kind), is_you=recorded.actor_id == user_id)


def by_day(rows: Sequence[T], at: Callable[[T], datetime], zone: str) -> list[tuple[datetime, list[T]]]:
    """The rows of each day of a zone, with the moment of the first one."""
    place = ZoneInfo(zone)
    groups = [list(group) for _, group in groupby(rows, lambda row: at(row).astimezone(place).date())]
    return [(at(group[0]), group) for group in groups]


def days_of(rows: Sequence[Recorded], zone: str, user_id: UUID, *, newest: int, live: int | None) -> tuple[VersionDay, ...]:
    """The timeline of a thing's versions."""

    def row_of(row: Recorded) -> VersionRow:
        return VersionRow(
            number=row.version,
            at=row.at,
            by=who_did(row, user_id),
            note=VERSION_KINDS.get(row.kind, row.kind),
            door=cast(Door, row.door),
            is_newest=row.version == newest,
            is_live=row.version == live,
        )

    return tuple(VersionDay(at=at, versions=tuple(map(row_of, group))) for at, group in by_day(rows, lambda row: row.at, zone))


def number_in(text: str) -> int | None:
    """The number of a version in an address, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) > 0 else None
