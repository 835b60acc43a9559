"""`agoat audit`: who did what for a customer."""

import click

from app.audit.repository import Act, recent_acts
from app.cli.answers import Reply, columns, command
from app.cli.office import customer_option, open_office


@click.group(epilog="Example: agoat audit log --customer acme")
def audit() -> None:
    """The audit log: log."""


@command(audit, "log", example="agoat audit log --customer acme --limit 50")
@customer_option
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many acts.")
async def log(customer: str, limit: int) -> Reply:
    """The newest acts with everything they touched, newest first."""
    async with open_office() as office:
        acts = await office.read(await office.customer(customer), lambda reading: recent_acts(reading, limit=limit))
    rows = [(act.at, act.door, act.actor_name, act.verb, touched(act)) for act in acts]
    return Reply(acts, columns(("AT", "DOOR", "WHO", "WHAT", "TOUCHED"), rows))


def touched(act: Act) -> str:
    """The things of an act in a few words."""
    named = [f"{thing.thing_type} {thing.label}".strip() for thing in act.touched[:2]]
    more = len(act.touched) - len(named)
    return ", ".join([*named, *([f"and {more} more"] if more else [])])
