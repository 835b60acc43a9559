"""The order of the checks, and what becomes of those that rest on one that failed."""

from typing import Any

import click

from app.cli.answers import FAILED, Reply, columns, command
from app.cli.doctor.databases import about_version, addresses_of, at_the_database
from app.cli.doctor.surroundings import about_console, about_mail, about_redis, about_secret, about_storage
from app.cli.doctor.verdicts import Verdict, fail, ok, unchecked
from app.cli.doctor.working import WORK, at_work
from app.cli.office import installed
from app.cli.replay import replay
from app.db.base import Base
from app.db.database import Shared, open_engine
from app.db.inspection.server import ask_server
from app.db.rules import shared_rules
from app.errors import AGoatError
from app.settings import Settings, load


@command(None, "doctor", example="agoat doctor --json")
@click.option("--replay", "server", metavar="ADMIN_URL", help="Instead, try everything that the product says to a database on this server.")
async def doctor(server: str | None) -> Reply:
    """Check database, roles, barriers, processes, jobs, Redis, files, addresses, secret and mail. Exit code 1 when something is wrong.

    --replay makes an installation of its own on a server, such as the CockroachDB that you are about to use, and removes it again.
    """
    if server is not None:
        return reply_with(await replayed(server))
    loaded = load()
    with installed(loaded) as settings:
        verdicts = await examine(settings, is_local=loaded.database_url is None)
    return reply_with(verdicts)


async def replayed(server: str) -> list[Verdict]:
    """What the server at an administrator's address made of everything. Raises Unavailable, Conflict."""
    found = await ask_server(server)
    if not found.is_new_enough:
        return [about_version({"administrator": found})]
    remedy = "Do not use this server for production before it is understood; report it with the server's version."
    findings = await replay(server, lambda line: click.echo(line, err=True))
    verdicts = [fail(each.check, each.problem, remedy) if each.problem else ok(each.check, "as it should be") for each in findings]
    return [ok("server version", found.name), *verdicts]


def reply_with(verdicts: list[Verdict]) -> Reply:
    """The verdicts for people and programs."""
    is_sound = not any(verdict.state == "fail" for verdict in verdicts)
    counts = {state: sum(verdict.state == state for verdict in verdicts) for state in ("ok", "warn", "fail", "not checked")}
    rows = [(verdict.check, verdict.state, " ".join(part for part in (verdict.said, verdict.remedy) if part)) for verdict in verdicts]
    summary = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    data: dict[str, Any] = {"is_sound": is_sound, "counts": counts, "checks": verdicts}
    return Reply(data, [*columns(("CHECK", "STATE", ""), rows), "", f"{summary}."], 0 if is_sound else FAILED)


async def examine(settings: Settings, *, is_local: bool) -> list[Verdict]:
    """Everything, in the order in which one thing rests on another."""
    addresses = addresses_of(settings)
    try:
        may_go_on, verdicts = await at_the_database(addresses)
    except AGoatError as error:
        may_go_on, verdicts = False, [fail("database", error.detail, "Look again; when it stays, see the server's log.")]
    return [
        *verdicts,
        *await about_work(settings, may_go_on=may_go_on),
        *about_redis(settings.redis_url),
        *await about_storage(settings),
        about_console(settings),
        about_secret(settings, is_local=is_local),
        await about_mail(settings.smtp_url),
    ]


async def about_work(settings: Settings, *, may_go_on: bool) -> list[Verdict]:
    """Processes and waiting work, where the database can be asked for them."""
    if not may_go_on:
        return [unchecked(check, "the database could not be looked at") for check in WORK]
    engine = open_engine(settings.needed("worker_database_url").reveal(), rules=shared_rules(Base.metadata, "worker"), pool_size=1)
    try:
        return await at_work(Shared(engine, mode="worker"))
    except AGoatError as error:
        said = fail(WORK[0], f"What waits could not be read: {error.detail}", "See what is said of the role worker above.")
        return [said, *(unchecked(check, "what waits could not be read") for check in WORK[1:])]
    finally:
        await engine.dispose()
