"""What a rehearsal is given: an installation, its roles with all barriers up, the rooms, and the sample customer."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from sqlalchemy import MetaData

from app.actor import Actor
from app.db.base import Base
from app.db.database import Shared, Tenancy, TenantDatabase, open_engine
from app.db.record.housekeeping import Sweep
from app.db.rehearsal.recorder import Recorder
from app.db.rehearsal.sample import CUSTOMER, Sample, make_sample
from app.db.repository import Repository
from app.db.rules import shared_rules, tenant_rules
from app.db.work import Work

ROLES = ("app", "backoffice", "directory", "worker")
# A person, because more is asked of his acts than of the operator's.
ACTOR = Actor(kind="person", door="console", name="rehearsal", customer_id=CUSTOMER, role="owner")


@dataclass(frozen=True)
class Room:
    """A module of named reads and writes.

    `roles` names who asks where that is neither `app` nor, before the tenant is known, `directory`; `asked_by` says it for all others.
    `inner` are functions that others of the same module call, and nobody else.
    """

    module: ModuleType
    roles: Mapping[str, str] = field(default_factory=dict)
    asked_by: str | None = None
    inner: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """How the register names it: `content.repository`."""
        return self.module.__name__.removeprefix("app.")


@dataclass(frozen=True)
class Script:
    """What the doors hand down: rooms, how a customer is founded, sweeps, and samples of what cannot be made up.

    `paged` are the repositories whose things a door lists by id.
    `samples` are values by `function.parameter` or `parameter`; `documents` the contents of JSON columns by `schema.table.column`.
    """

    rooms: tuple[Room, ...]
    found_customer: Callable[[Work, Any], Awaitable[Any]]
    sweeps: Mapping[str, Sweep]
    paged: tuple[Repository[Any], ...]
    samples: Mapping[str, Any]
    documents: Mapping[str, Any]


@dataclass(frozen=True)
class Stage:
    """A rehearsal that has been set up. `kept` stays in the database, `passing` is written, changed and removed again."""

    script: Script
    app: Tenancy
    backoffice: Tenancy
    directory: Shared
    worker: Shared
    recorder: Recorder
    kept: Sample
    passing: Sample

    @property
    def metadata(self) -> MetaData:
        """The tables."""
        return Base.metadata

    def customer(self, role: str = "app") -> TenantDatabase:
        """The sample customer's database, through a role that is bound to a tenant."""
        return {"app": self.app, "backoffice": self.backoffice}[role].of(CUSTOMER)

    async def act(self, fn: Callable[[Work], Awaitable[Any]], role: str = "app") -> Any:
        """One unit of work of the sample customer; all of them are one act, the sample of change sets."""
        act_id = self.kept.rows["audit.change_sets"]["id"]
        return await self.customer(role).run(ACTOR, "rehearse", fn, change_set_id=act_id)

    def shared(self, role: str) -> Shared:
        """A role that is bound to no tenant."""
        return {"directory": self.directory, "worker": self.worker}[role]


@asynccontextmanager
async def open_stage(addresses: Mapping[str, str], script: Script) -> AsyncIterator[Stage]:
    """Open every role of an installation that is fully migrated and has no customer yet."""
    recorder, engines = Recorder(), {}
    for role in ROLES:
        rules = tenant_rules(Base.metadata) if role in ("app", "backoffice") else shared_rules(Base.metadata, role)
        engines[role] = open_engine(addresses[role], rules=rules, pool_size=1)
        recorder.watch(engines[role], role)
    try:
        yield Stage(
            script=script,
            app=Tenancy(engines["app"]),
            backoffice=Tenancy(engines["backoffice"]),
            directory=Shared(engines["directory"]),
            worker=Shared(engines["worker"], mode="worker"),
            recorder=recorder,
            kept=make_sample(Base.metadata, script.documents),
            passing=make_sample(Base.metadata, script.documents, salt="p"),
        )
    finally:
        for engine in engines.values():
            await engine.dispose()
