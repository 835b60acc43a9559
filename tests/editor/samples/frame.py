"""The frames around the sample screens, and what several of them show."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct

from app.editor.views.parts import FieldChange, Live, Piece
from app.editor.views.shell import Person, Place, Screen, Shell, Undo, Who

NOW = datetime(2026, 11, 19, 10, 46, tzinfo=UTC)

ID = UUID("7c1e5a52-0d0b-4a6e-9f0e-3f3b7f6d2a11")

ALL: frozenset[Screen] = frozenset({"overview", "posts", "pages", "products", "team", "keys", "audit"})

ALICE, BOB, ERP = Who(name="Alice Moreno", is_you=True), Who(name="Bob Lindqvist"), Who(name="ERP key", kind="key")


class Sample(NamedTuple):
    """One screen as it is asked for: the template, the frame, and what stands in it."""

    template: str
    shell: Shell
    view: Struct


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def shell(title: str, here: Screen | None = None, **more: Any) -> Shell:
    """The frame of Alice, who owns Acme and edits for Globex."""
    usual = {
        "now": NOW,
        "zone": "Europe/London",
        "address": "/c/acme/s/journal/posts?view=drafts",
        "person": Person(name="Alice Moreno", role="owner"),
        "customer": Place(name="Acme Roasters", slug="acme"),
        "site": Place(name="Roastery Journal", slug="journal"),
        "sites": (Place(name="Roastery Journal", slug="journal"), Place(name="Shop", slug="shop")),
        "customers": (Place(name="Globex Outfitters", slug="globex"),),
        "screens": ALL,
        "here": here,
        "csrf": "a-token-of-the-session",
    }
    return Shell(**{**usual, "title": title, **more})


def bare(title: str) -> Shell:
    """The frame before anybody is known."""
    return Shell(title=title, now=NOW)


def small(title: str, here: Screen | None = None, **more: Any) -> Shell:
    """The frame of Rita, who may only read one site."""
    rita = Person(name="Rita", role="reader")
    only = (Place(name="Roastery Journal", slug="journal"),)
    screens: frozenset[Screen] = frozenset({"overview", "posts", "pages"})
    return shell(title, here, **{"person": rita, "sites": only, "customers": (), "screens": screens, **more})


def at_customer(title: str, here: Screen | None = None, **more: Any) -> Shell:
    """The frame of the customer's own screens, which belong to no site."""
    return shell(title, here, site=None, **more)


TITLE = "Kenya Nyeri AA is back, and it is brighter than last year"

LIVE = Live(url="https://journal.acme.example/posts/kenya-nyeri-aa/", version=11, at=ago(days=16), by=ALICE)

CHANGES = (
    FieldChange(label="Title", pieces=(Piece(text="Kenya Nyeri AA is back"), Piece(text=", and it is brighter than last year", op="ins"))),
    FieldChange(
        label="Address", pieces=(Piece(text="/kenya-nyeri-aa", op="del"), Piece(text=" "), Piece(text="/kenya-nyeri-aa-2026", op="ins"))
    ),
    FieldChange(label="Text", note="84 words added, 31 removed"),
)

UNDO = Undo(action=f"/c/acme/s/journal/posts/{ID}/bring-back", fields=(("version", "15"),))
