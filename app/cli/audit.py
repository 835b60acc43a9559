"""`agoat audit`: who did what for a customer, and the proof that the record of it is whole."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import click
from rich.console import Console
from rich.progress import Progress as Bars

from app.audit.repository import Act, recent_acts
from app.audit.sealing import seal_customer, seal_everything
from app.audit.verification import Broken, Progress, Verified, verify
from app.cli.answers import FAILED, Refused, Reply, columns, command, shown
from app.cli.office import Office, customer_option, open_office
from app.db.record import leases
from app.errors import Conflict
from app.keys import SEALER_LEASE
from app.tenancy.models import Customer


@click.group(epilog="Example: agoat audit log --customer acme")
def audit() -> None:
    """The audit log: log, show, undo, seal, verify."""


@command(audit, "log", example="agoat audit log --customer acme --limit 50")
@customer_option
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many acts.")
async def log(customer: str, limit: int) -> Reply:
    """The newest acts with everything they touched, newest first."""
    async with open_office() as office:
        acts = await office.read(await office.customer(customer), lambda reading: recent_acts(reading, limit=limit))
    rows = [(act.at, act.door, act.actor_name, act.verb, act.id, touched(act)) for act in acts]
    return Reply(acts, columns(("AT", "DOOR", "WHO", "WHAT", "ACT", "TOUCHED"), rows))


def touched(act: Act) -> str:
    """The things of an act in a few words."""
    named = [f"{thing.thing_type} {thing.label}".strip() for thing in act.touched[:2]]
    more = len(act.touched) - len(named)
    return ", ".join([*named, *([f"and {more} more"] if more else [])])


one_customer = click.option("--customer", "customer", metavar="SLUG", help="One customer; else all of them, one after the other.")


@command(audit, "seal", example="agoat audit seal --customer acme")
@one_customer
async def seal(customer: str | None) -> Reply:
    """Seal at once what has been done, rather than when the worker's next round comes."""
    async with open_office() as office:
        found = await office.customer(customer) if customer else None
        held = await leases.take(office.worker, SEALER_LEASE, uuid4())
        if held is None:
            raise Conflict("The worker is sealing at this moment. Try again in a few seconds.")
        if found is None:
            made = await seal_everything(office.worker, held, settled=timedelta())
        else:
            made = await seal_customer(office.worker, held, found.id, settled=timedelta())
        await leases.give_up(office.worker, held)
    return Reply({"seals": made}, [f"{made} new seals."])


@command(audit, "verify", example="agoat audit verify --customer acme")
@one_customer
@click.option("--expect", metavar="HASH", help="The hash of a seal that was printed earlier and kept elsewhere; needs --customer.")
async def verify_all(customer: str | None, expect: str | None) -> Reply:
    """Prove that nothing was altered, removed or inserted since it was sealed.

    The printed HEAD, kept outside of this installation, proves later with --expect that not even the whole chain was written anew.
    """
    expected = seal_hash(expect, customer)
    results: list[tuple[Customer, Verified]] = []
    async with open_office() as office:
        for found in await wanted(office, customer):
            with bar(found.slug) as progress:
                results.append((found, await verify(office.backoffice.of(found.id), expect=expected, progress=progress)))
    rows = [
        (one.slug, said.seals, said.changes, said.sealed_until, said.unsealed, verdict(said.broken), said.head) for one, said in results
    ]
    bad = [place(one, said.broken) for one, said in results if said.broken is not None]
    table = columns(("CUSTOMER", "SEALS", "CHANGES", "SEALED UP TO", "NOT SEALED", "RESULT", "HEAD"), rows)
    return Reply([{"customer": one.slug, "result": said} for one, said in results], [*table, *bad], FAILED if bad else 0)


async def wanted(office: Office, customer: str | None) -> list[Customer]:
    """The customer of a slug, or all."""
    return [await office.customer(customer)] if customer else await office.customers()


def seal_hash(expect: str | None, customer: str | None) -> bytes | None:
    """The hash that the operator expects. Raises Refused."""
    if expect is None:
        return None
    if customer is None:
        raise Refused("--expect needs --customer, because every customer has a chain of his own.")
    try:
        value = bytes.fromhex(expect)
    except ValueError:
        value = b""
    if len(value) != 32:
        raise Refused("--expect takes the 64 hexadecimal digits that an earlier verification printed as HEAD.")
    return value


def verdict(broken: Broken | None) -> str:
    """A result in one word."""
    return "good" if broken is None else "BROKEN"


def place(customer: Customer, broken: Broken) -> str:
    """What is wrong and where, in one line."""
    where = [f"{customer.slug}: {broken.problem}"]
    where += [f"thing {broken.thing_type or ''} {broken.thing_id} version {broken.version}".replace("  ", " ")] if broken.thing_id else []
    where += [f"act {broken.act_id}"] if broken.act_id else []
    where += [f"seal {broken.seal}"] if broken.seal else []
    where += [f"after {shown(broken.since)}"] if broken.since else []
    where += [f"until {shown(broken.until)}"] if broken.until else []
    return ", ".join(where)


@contextmanager
def bar(slug: str) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with Bars(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(slug, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
