"""The doctor at work that is to be done: who lives, what waits, what was given up, and who holds leases too long."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.cli.doctor.verdicts import Verdict, fail, ok, some, warn
from app.db.database import Shared
from app.db.inspection.backlog import Backlog, Leased, backlog, heard_of, leases
from app.db.record.processes import ALIVE
from app.db.record.tables import Process

START = "Start the installation: agoat serve"
# A process that ends in good order says so; a silent one is forgotten after an hour.
REMEMBERED = timedelta(hours=1)
SLOW_CHANGE, LOST_CHANGE = timedelta(seconds=5), timedelta(minutes=1)
SLOW_JOB, LOST_JOB = timedelta(minutes=1), timedelta(minutes=10)
# The longest lease, that of migrations, lasts a minute and is renewed while work goes on.
LONGEST_LEASE = timedelta(minutes=2)
WORK = ("processes", "worker", "changes without a number", "jobs waiting", "jobs given up", "leases")


async def at_work(worker: Shared) -> list[Verdict]:
    """Everything about processes and waiting work. Raises Unavailable."""
    now, known = datetime.now(UTC), await heard_of(worker, REMEMBERED)
    waiting, held = await backlog(worker), await leases(worker)
    return [about_web(known, now), about_worker(known, now), *about_backlog(waiting, now), about_leases(held, now)]


def living(known: Sequence[Process], kind: str, now: datetime) -> list[Process]:
    """The processes of a kind that have been heard of just now."""
    return [process for process in known if process.kind == kind and now - process.seen_at <= ALIVE]


def about_web(known: Sequence[Process], now: datetime) -> Verdict:
    """Whether pages are served."""
    alive = living(known, "web", now)
    if alive:
        return ok("processes", f"{len(alive)} web processes on {len({process.host for process in alive})} machines")
    return warn("processes", "No web process of this installation lives.", START)


def about_worker(known: Sequence[Process], now: datetime) -> Verdict:
    """Whether changes are numbered and jobs done: without a worker pages are served, and nothing else happens."""
    alive = living(known, "worker", now)
    if alive:
        return ok("worker", f"{len(alive)} living")
    silent = max((process for process in known if process.kind == "worker"), key=lambda process: process.seen_at, default=None)
    if silent is not None:
        ago = f"{(now - silent.seen_at).total_seconds():.0f} s ago"
        return fail("worker", f"The worker on {silent.host} (process {silent.pid}) was last heard of {ago}.", "Start one: agoat worker")
    if living(known, "web", now):
        return fail("worker", "Web processes live, but no worker does, so jobs and changes wait.", "Start one: agoat worker")
    return warn("worker", "No worker lives.", START)


def about_backlog(waiting: Backlog, now: datetime) -> list[Verdict]:
    """How long things have waited."""
    numbers = lag("changes without a number", waiting.changes, waiting.oldest_change, now, SLOW_CHANGE, LOST_CHANGE)
    jobs = lag("jobs waiting", waiting.due, waiting.oldest_due, now, SLOW_JOB, LOST_JOB)
    if waiting.dead:
        given_up = warn(
            "jobs given up", f"{waiting.dead} jobs failed ten times.", "See agoat jobs list --dead, then agoat jobs retry --all"
        )
    else:
        given_up = ok("jobs given up", "none")
    return [numbers, jobs, given_up]


def lag(check: str, count: int, oldest: datetime | None, now: datetime, slow: timedelta, lost: timedelta) -> Verdict:
    """Whether the oldest of what waits has waited too long."""
    age = now - oldest if oldest is not None else timedelta()
    said = f"{count} wait, the oldest for {max(age.total_seconds(), 0):.0f} s" if count else "none"
    remedy = "See that a worker lives (agoat worker) and what its log says."
    if age > lost:
        return fail(check, f"{said}.", remedy)
    return warn(check, f"{said}.", remedy) if age > slow else ok(check, said)


def about_leases(held: Sequence[Leased], now: datetime) -> Verdict:
    """Whether somebody holds a lease for longer than any lease lasts: then its work stands still until that moment."""
    stuck = [f"{lease.name} until {lease.until:%Y-%m-%d %H:%M:%S} UTC" for lease in held if lease.until - now > LONGEST_LEASE]
    if stuck:
        remedy = (
            "Set right the clock of the machine that took it, then set lease_until of that row of ops.leases or ops.outbox_shards to now."
        )
        return fail("leases", f"Held longer than any lease lasts: {some(stuck)}.", remedy)
    if any(lease.name == "migrations" for lease in held):
        return warn("leases", "Another process is migrating the database.", "Wait for it, then look again.")
    return ok("leases", f"{len(held)} held, none too long")
