"""`agoat pool`: connections to the database, as the processes report them and as the server sees them."""

from collections.abc import Sequence
from typing import Any

import click

from app.cli.answers import Reply, columns, command
from app.cli.doctor.databases import addresses_of
from app.cli.office import installed
from app.db.base import Base
from app.db.database import Shared, open_engine
from app.db.inspection.sessions import Sessions, most_connections, sessions_of
from app.db.pools import Pool
from app.db.record.processes import living, pools_in
from app.db.record.tables import Process
from app.db.rules import shared_rules
from app.settings import Settings, load

# Active connections of all processes; beyond it they only wait for each other inside the server.
CONNECTIONS_PER_CPU = 4
PROCESS = ("HOST", "PROCESS", "KIND", "ROLE", "OPEN", "IN USE", "MOST", "WAITED")
SERVER = ("ROLE", "CONNECTED", "ACTIVE", "IDLE IN TRANSACTION")


@command(None, "pool", example="agoat pool --cpus 12")
@click.option("--cpus", type=click.IntRange(1, 100_000), help="All CPUs of the database's machines together, to compare with.")
async def pool(cpus: int | None) -> Reply:
    """Show connections by process and role, and the server's own view; warn when the pools may ask for more than it has."""
    with installed(load()) as settings:
        settings.require("database_url", "worker_database_url")
        processes = await living_processes(settings)
        seen = [await sessions_of(url) for url in addresses_of(settings).values()]
        limit = await most_connections(settings.needed("database_url").reveal())
    reported = [(process, one) for process in processes for one in pools_in(process)]
    warnings = warnings_of([one for _, one in reported], limit, cpus)
    return shown(reported, seen, limit, warnings)


async def living_processes(settings: Settings) -> list[Process]:
    """The processes that have been heard of just now."""
    engine = open_engine(settings.needed("worker_database_url").reveal(), rules=shared_rules(Base.metadata, "worker"), pool_size=1)
    try:
        return await living(Shared(engine, mode="worker"))
    finally:
        await engine.dispose()


def warnings_of(pools: Sequence[Pool], limit: int | None, cpus: int | None) -> list[str]:
    """What may run out: the server's connections, or the sense of having so many."""
    most, waits, found = sum(one.most for one in pools), sum(one.waits for one in pools), []
    if limit is not None and most > limit:
        found.append(f"The pools may ask for {most} connections, the server has {limit}. Run fewer processes, or raise max_connections.")
    if cpus is not None and most > CONNECTIONS_PER_CPU * cpus:
        advised = CONNECTIONS_PER_CPU * cpus
        found.append(f"The pools may ask for {most} connections; for {cpus} CPUs at most {advised} are advised. Run fewer processes.")
    if waits:
        found.append(f"{waits} times every connection of a pool was in use. Run more web processes, or see what holds them so long.")
    return found


def shown(reported: list[tuple[Process, Pool]], seen: list[Sessions], limit: int | None, warnings: list[str]) -> Reply:
    """The figures for people and programs."""
    most = sum(one.most for _, one in reported)
    data: dict[str, Any] = {
        "processes": [
            {"host": process.host, "pid": process.pid, "kind": process.kind, "role": one.user, "open": one.open, "in_use": one.in_use}
            | {"most": one.most, "waits": one.waits}
            for process, one in reported
        ],
        "server": seen,
        "most": most,
        "limit": limit,
        "warnings": warnings,
    }
    rows = [(process.host, process.pid, process.kind, one.user, one.open, one.in_use, one.most, one.waits) for process, one in reported]
    server = [(one.user, one.open, one.active, one.idle_in_transaction) for one in seen]
    total = f"The pools may ask for {most} connections" + (f"; the server has {limit}." if limit is not None else ".")
    return Reply(data, [*columns(PROCESS, rows), "", *columns(SERVER, server), "", total, *(f"Warning: {each}" for each in warnings)])
