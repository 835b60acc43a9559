"""The doctor at the database: reachable, the right server, the right schema, and roles that may do what they must and no more."""

from collections.abc import Mapping
from datetime import UTC, datetime

from app.cli.doctor.clocks import skew
from app.cli.doctor.verdicts import Verdict, fail, ok, some, unchecked, warn
from app.db.base import Base
from app.db.inspection.roles import (
    ask_role,
    low_locks,
    role_problem,
    settings_that_differ,
    wrong_policies,
    wrong_rights,
    wrong_without_login,
)
from app.db.inspection.server import NAMES, OLDEST, Server, ask_server, corrected, dialect_of
from app.db.migrate import require_current
from app.db.roles import WITHOUT_LOGIN, roles_of
from app.db.selfcheck import check_guard, check_tables
from app.errors import AGoatError
from app.settings import Settings

SETTING = {"app": "database_url"} | {role: f"{role}_database_url" for role in ("directory", "worker", "backoffice", "migrator")}
NEEDED = ("app", "directory", "worker")
# The migrator owns what it makes, so its rights are not those of a table.
WITH_RIGHTS = ("app", "directory", "worker", "backoffice")
INIT = "Run: agoat init --force with the administrator's address. It may be run again and leaves all data alone"


def variable(role: str) -> str:
    """The setting that names the address of a role."""
    return f"AGOAT_{SETTING[role].upper()}"


def addresses_of(settings: Settings) -> dict[str, str]:
    """The address of every role that the settings name."""
    found = {role: getattr(settings, name) for role, name in SETTING.items()}
    return {role: secret.reveal() for role, secret in found.items() if secret is not None}


def about_addresses(addresses: Mapping[str, str]) -> Verdict:
    """Whether every process would find its address."""
    missing = [variable(role) for role in NEEDED if role not in addresses]
    if missing:
        return fail("addresses", f"{' and '.join(missing)} is not set.", "Run agoat init, and name its file with AGOAT_CONFIG.")
    return ok("addresses", f"those of {len(addresses)} roles: {', '.join(addresses)}")


async def about_servers(addresses: Mapping[str, str]) -> tuple[dict[str, Server], list[Verdict]]:
    """Which servers answer, and whether they are what the addresses say."""
    servers, unreachable = {}, []
    for role, url in addresses.items():
        try:
            servers[role] = await ask_server(url)
        except AGoatError as error:
            unreachable.append(f"{variable(role)}: {error.detail}")
    if unreachable:
        return {}, [fail("database", some(unreachable), "Start the server, or correct the address or its password.")]
    wrong = [role for role, server in servers.items() if server.product != dialect_of(addresses[role])]
    return servers, [
        ok("database", f"reachable for {', '.join(servers)}"),
        about_dialect(addresses, servers, wrong),
        about_version(servers),
    ]


def about_dialect(addresses: Mapping[str, str], servers: Mapping[str, Server], wrong: list[str]) -> Verdict:
    """Whether the addresses name the dialect of the server that answers."""
    if not wrong:
        return ok("dialect", f"{NAMES[dialect_of(addresses[next(iter(servers))])]}, as the addresses say")
    role = wrong[0]
    product = servers[role].product
    if product is None:
        return fail("dialect", f"{variable(role)} leads to neither PostgreSQL nor CockroachDB.", "Correct the address.")
    said = f"{', '.join(variable(each) for each in wrong)} says {dialect_of(addresses[role])}, but {NAMES[product]} answers."
    return fail("dialect", said, f"Write {corrected(addresses[role], product)}")


def about_version(servers: Mapping[str, Server]) -> Verdict:
    """Whether the server is new enough."""
    old = [server for server in servers.values() if not server.is_new_enough]
    if not old:
        return ok("server version", next(iter(servers.values())).name)
    wanted = " or ".join(f"{NAMES[product]} {major}{f'.{minor}' if minor else ''}" for product, (major, minor) in OLDEST.items())
    return fail("server version", f"{old[0].name} answers.", f"Upgrade the server: {wanted} or later is needed.")


def about_schema(url: str) -> Verdict:
    """Whether the schema is this release's."""
    try:
        require_current(url)
    except AGoatError as error:
        said, _, remedy = error.detail.partition(" Run: ")
        return fail("schema", said, f"Run: {remedy or 'agoat migrate'}")
    return ok("schema", "that of this release")


async def about_roles(addresses: Mapping[str, str]) -> list[Verdict]:
    """Each role, the isolation and time-outs of its transactions, and the server's clock."""
    verdicts = []
    for role, url in addresses.items():
        began = datetime.now(UTC)
        facts = await ask_role(url, role)
        if facts is None:
            verdicts.append(fail(f"role {role}", f"The server does not list the role of {variable(role)}.", INIT))
            continue
        if role == "app":
            verdicts.append(skew("clock of the database", facts.now, began, datetime.now(UTC), "NTP on both machines"))
        problem = role_problem(facts, role)
        verdicts.append(fail(f"role {role}", f"{problem}.", INIT) if problem else ok(f"role {role}", facts.user))
        verdicts.append(about_isolation(role, facts.write, settings_that_differ(role, dialect_of(url), facts.settings)))
    return verdicts


def about_isolation(role: str, write: str, differing: list[str]) -> Verdict:
    """What a transaction of a role begins with."""
    check = f"transactions of {role}"
    if write.replace("_", " ").lower() != "serializable":
        return fail(check, f"The server gives {write} where SERIALIZABLE was asked for.", "Allow SERIALIZABLE on the server.")
    if differing:
        return warn(check, f"Settings of the role are not as they should be: {', '.join(differing)}.", INIT)
    return ok(check, "SERIALIZABLE, with the time-outs and plans of this role")


async def about_barriers(addresses: Mapping[str, str]) -> list[Verdict]:
    """What keeps customers apart: guard, row-level security, policies and grants."""
    app, migrate = addresses["app"], "Run: agoat migrate. Where that finds nothing to do, somebody has changed the database by hand"
    findings = [check_guard(app, Base.metadata), *await check_tables(app)]
    verdicts = [fail(finding.check, *parted(finding.problem)) if finding.problem else ok(finding.check, "sound") for finding in findings]
    policies = await wrong_policies(app, Base.metadata, roles_of(app).prefix)
    verdicts.append(fail("policies", some(policies), migrate) if policies else ok("policies", "those of the models and no others"))
    rights = {role: await wrong_rights(addresses[role], role, Base.metadata) for role in WITH_RIGHTS if role in addresses}
    rights |= {role: await wrong_without_login(app, role, Base.metadata) for role in WITHOUT_LOGIN}
    return verdicts + [about_rights(f"rights of {role}", wrong, migrate) for role, wrong in rights.items()]


def about_rights(check: str, wrong: list[str], remedy: str) -> Verdict:
    """Whether a role may do what it must and no more."""
    return fail(check, f"The role {some(wrong)}.", remedy) if wrong else ok(check, "those of the models and no others")


def parted(problem: str) -> tuple[str, str]:
    """What is wrong, and the remedy that stands in its last sentence."""
    said, _, remedy = problem.rstrip(".").rpartition(". ")
    return (f"{said}.", remedy) if said else (problem, INIT)


async def about_planner(url: str) -> Verdict:
    """Settings of a PostgreSQL server without which units of work of strangers make each other start over."""
    low = await low_locks(url)
    if not low:
        return ok("predicate locks", "enough of them")
    said = ", ".join(f"{name} is {value}" for name, value in low.items())
    remedy = "Set max_pred_locks_per_transaction = 1024 and max_pred_locks_per_page = 64 in postgresql.conf and restart the server."
    return warn("predicate locks", f"{said}, so writers lose races that they need not lose.", remedy)


async def at_the_database(addresses: Mapping[str, str]) -> tuple[bool, list[Verdict]]:
    """Everything about the database itself; the first says whether what waits in it can be looked at too."""
    first = about_addresses(addresses)
    later = ("schema", "roles", "barriers between customers", "predicate locks")
    if first.state == "fail":
        return False, [first, *(unchecked(check, "an address is missing") for check in ("database", *later))]
    servers, verdicts = await about_servers(addresses)
    stopped = next((verdict.check for verdict in verdicts if verdict.state == "fail"), None)
    if stopped:
        return False, [first, *verdicts, *(unchecked(check, f"the check '{stopped}' failed") for check in later)]
    schema, roles = about_schema(addresses["app"]), await about_roles(addresses)
    is_postgresql = servers["app"].product == "postgresql"
    planner = await about_planner(addresses["app"]) if is_postgresql else ok("predicate locks", "CockroachDB has none")
    if schema.state == "fail":
        return False, [first, *verdicts, schema, *roles, unchecked("barriers between customers", "the schema is another one"), planner]
    return True, [first, *verdicts, schema, *roles, *await about_barriers(addresses), planner]
