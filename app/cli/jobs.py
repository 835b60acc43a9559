"""`agoat jobs`: what was promised and is not done yet."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import click

from app.cli.answers import Refused, Reply, columns, command, identifier
from app.cli.office import Office, open_office
from app.db.record.outbox import open_promises, retry
from app.errors import NotFound


@click.group(epilog="Example: agoat jobs list --dead")
def jobs() -> None:
    """Background jobs: list, retry."""


def narrowing(act: Callable[..., Any]) -> Callable[..., Any]:
    """The options that narrow a command to some jobs."""
    of_customer = click.option("--customer", metavar="SLUG", help="Only jobs of this customer.")
    return of_customer(click.option("--name", metavar="JOB", help="Only jobs of this name, as the list shows it.")(act))


@command(jobs, "list", example="agoat jobs list --dead --json")
@click.option("--dead", is_flag=True, help="Only jobs that were given up after ten attempts.")
@narrowing
async def list_all(dead: bool, customer: str | None, name: str | None) -> Reply:
    """Jobs that wait or were given up, oldest first, at most 200."""
    async with open_office() as office:
        found = await open_promises(office.worker, dead_only=dead, customer_id=await customer_of(office, customer), name=name)
        slugs = {row.id: row.slug for row in await office.customers()}
    data: list[dict[str, Any]] = [
        {
            "id": row.id, "name": row.name, "customer": slugs.get(row.customer_id), "payload": row.payload, "attempts": row.attempts,
            "state": "given up" if row.dead_at else "waiting", "next_at": row.available_at, "error": row.error,
        }
        for row in found
    ]  # fmt: skip
    rows = [(item["id"], item["name"], item["customer"], item["state"], item["attempts"], item["error"]) for item in data]
    return Reply(data, columns(("ID", "JOB", "CUSTOMER", "STATE", "TRIED", "LAST ERROR"), rows))


@command(jobs, "retry", example="agoat jobs retry --customer acme --name refresh")
@click.argument("job_id", metavar="[ID]", required=False)
@click.option("--all", "every", is_flag=True, help="All jobs that were given up.")
@narrowing
async def retry_jobs(job_id: str | None, every: bool, customer: str | None, name: str | None) -> Reply:
    """Have jobs that were given up tried again, from the start: one, all, or those of a customer or a name."""
    if [job_id is not None, every, bool(customer or name)].count(True) != 1:
        raise Refused("Name the ID of a job, or say --all, or narrow it down with --customer and --name.")
    wanted: UUID | None = identifier(job_id, "a job") if job_id else None
    async with open_office() as office:
        count = await retry(office.worker, wanted, customer_id=await customer_of(office, customer), name=name)
    if wanted is not None and not count:
        raise NotFound("No job with this ID was given up. The list shows them: agoat jobs list --dead")
    said = "The job will be tried again." if count == 1 else f"{count} jobs will be tried again."
    return Reply({"retried": count}, [said])


async def customer_of(office: Office, slug: str | None) -> UUID | None:
    """The id of a customer, None where none was named. Raises NotFound."""
    return (await office.customer(slug)).id if slug else None
