"""The register of statements: complete by itself, and refused with a word about what is missing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.cli.replay import ROOMS, SCRIPT
from app.content.models import Post
from app.content.repository import POSTS
from app.db.base import Base
from app.db.rehearsal import CannotMakeUp, Room, machinery, open_stage, rehearse
from app.db.rehearsal.arguments import Arguments
from app.db.rehearsal.sample import make_sample
from app.db.rehearsal.walk import NotRehearsed, speaking
from app.db.repository import EPHEMERA, REPOSITORIES
from app.db.work import Reading
from tests.installations import installation
from tests.rehearsing import Rehearsed, rehearsed

APP = Path(__file__).resolve().parents[2] / "app"


@pytest.fixture(scope="module")
async def done(admin_url: str) -> AsyncIterator[Rehearsed]:
    """A rehearsal of the product as it is."""
    async with rehearsed(admin_url) as found:
        yield found


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(APP.parent).with_suffix("").parts).removesuffix(".__init__")


def test_every_repository_of_a_room_is_handed_in() -> None:
    files = [*APP.glob("*/repository.py"), *APP.glob("*/repository/*.py")]
    there = {module_of(path) for path in files} - {"app.db.repository"}
    assert there - {room.module.__name__ for room in ROOMS} == set()


def test_every_module_of_the_record_that_speaks_is_called() -> None:
    known = {room.module.__name__ for room in (*machinery.WORKING, *machinery.READING)}
    texts = {module_of(path): path.read_text(encoding="utf-8") for path in (APP / "db" / "record").glob("*.py")}
    assert {name for name, text in texts.items() if ".execute(" in text} - known == set()


def test_every_named_read_and_every_form_of_writing_is_registered(done: Rehearsed) -> None:
    said = {statement.said_by for statement in done.register}
    assert {"content.repository.posts_of_site", "publishing.repository.posts_shelf.after", "db.record.sequencer.number_waiting"} <= said
    for repository in REPOSITORIES:
        assert {f"{repository.model.__table__.fullname}.{verb}" for verb in ("add", "change", "find", "remove")} <= said
    for slips in EPHEMERA:
        assert {f"{slips.model.__table__.fullname}.{verb}" for verb in ("add", "remove")} <= said
    assert {statement.role for statement in done.register} == {"app", "backoffice", "directory", "worker"}


def test_names_are_told_apart_and_every_tenant_statement_has_its_customer(done: Rehearsed) -> None:
    names = [statement.name for statement in done.register]
    assert len(names) == len(set(names)) > 400
    assert [each.name for each in done.register if (each.customer_id is None) == (each.role in ("app", "backoffice"))] == []


def new_module(**functions: Any) -> ModuleType:
    """A module of a room, as if somebody had just written it."""
    module = ModuleType("app.content.unheard")
    for name, function in functions.items():
        function.__module__ = module.__name__
        setattr(module, name, function)
    return module


async def drafts(reading: Reading, site_id: UUID, *, is_featured: bool = False) -> list[UUID]:
    """A new named read."""
    statement = select(Post.id).where(Post.customer_id == reading.customer_id, Post.site_id == site_id)
    return list((await reading.session.execute(statement.limit(3 if is_featured else 2))).scalars())


async def silent(reading: Reading) -> None:
    """A named read that asks nothing."""


async def puzzling(reading: Reading, riddle: str) -> None:
    """A named read whose argument nobody can guess."""


async def test_a_new_named_read_is_registered_by_itself_and_a_silent_one_is_refused(admin_url: str) -> None:
    script = replace(SCRIPT, rooms=(Room(new_module(drafts=drafts, silent=silent)),))
    with installation(admin_url) as addresses:
        async with open_stage(addresses, script) as stage:
            with pytest.raises(NotRehearsed, match=r": content\.unheard\.silent\.$"):
                await rehearse(stage)
    found = [statement for statement in stage.recorder.register() if statement.said_by == "content.unheard.drafts"]
    assert [(each.role, "content.posts" in each.sql) for each in found] == [("app", True)]
    assert found[0].parameters["site_id_1"] == make_sample(Base.metadata, {}).rows["tenancy.sites"]["id"]


def test_an_argument_that_nobody_can_guess_needs_a_sample() -> None:
    rows = make_sample(Base.metadata, {}).rows
    with pytest.raises(CannotMakeUp, match=r"puzzling.*riddle.*SAMPLES"):
        list(Arguments(new_module(puzzling=puzzling), rows, {}).variants(puzzling, skip=1))
    assert list(Arguments(new_module(puzzling=puzzling), rows, {"riddle": "why"}).variants(puzzling, skip=1)) == [{"riddle": "why"}]


def test_a_flag_is_tried_both_ways_and_private_functions_are_left_alone() -> None:
    rows = make_sample(Base.metadata, {}).rows
    module = new_module(drafts=drafts, _hidden=silent)
    assert [name for name, _ in speaking(module)] == ["drafts"]
    given = [each.get("is_featured") for each in Arguments(module, rows, {}).variants(drafts, skip=1)]
    assert given == [None, False, True]


def test_two_samples_share_nothing_but_their_customer() -> None:
    kept, passing = make_sample(Base.metadata, {}), make_sample(Base.metadata, {}, salt="p")
    table = POSTS.model.__table__.fullname
    assert kept.rows[table]["customer_id"] == passing.rows[table]["customer_id"]
    assert not {kept.rows[table][name] for name in ("id", "slug", "site_id")} & {
        passing.rows[table][name] for name in ("id", "slug", "site_id")
    }
