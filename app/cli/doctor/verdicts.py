"""What the doctor says of one thing: it is well, it may become a problem, it is wrong, or it could not be looked at."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

State = Literal["ok", "warn", "fail", "not checked"]
SHOWN = 3


class Verdict(Struct, frozen=True):
    """One line of the doctor. `remedy` is what to do about it, None where nothing needs to be done."""

    check: str
    state: State
    said: str
    remedy: str | None = None


def ok(check: str, said: str) -> Verdict:
    """All is well."""
    return Verdict(check, "ok", said)


def warn(check: str, said: str, remedy: str) -> Verdict:
    """It works, and an operator should know."""
    return Verdict(check, "warn", said, remedy)


def fail(check: str, said: str, remedy: str) -> Verdict:
    """It is wrong."""
    return Verdict(check, "fail", said, remedy)


def unchecked(check: str, reason: str) -> Verdict:
    """It could not be looked at, because something else is wrong."""
    return Verdict(check, "not checked", reason)


def some(names: Sequence[str]) -> str:
    """The first few of many, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return "; ".join(names[:SHOWN]) + more
