"""`agoat jobs`: what was promised and is not done yet."""

from typing import Any
from uuid import UUID

import click

from app.cli.answers import Refused, Reply, columns, command, identifier
from app.cli.office import open_office
from app.db.record.outbox import open_promises, retry
from app.errors import NotFound


@click.group(epilog="Example: agoat jobs list --dead")
def jobs() -> None:
    """Background jobs: list, retry."""


@command(jobs, "list", example="agoat jobs list --dead --json")
@click.option("--dead", is_flag=True, help="Only jobs that were given up after ten attempts.")
async def list_all(dead: bool) -> Reply:
    """Jobs that wait or were given up, oldest first, at most 200."""
    async with open_office() as office:
        found = await open_promises(office.worker, dead_only=dead)
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


@command(jobs, "retry", example="agoat jobs retry --all")
@click.argument("job_id", metavar="[ID]", required=False)
@click.option("--all", "every", is_flag=True, help="All jobs that were given up.")
async def retry_jobs(job_id: str | None, every: bool) -> Reply:
    """Have a job that was given up tried again, from the start."""
    if (job_id is None) == (not every):
        raise Refused("Name the ID of a job, or say --all.")
    wanted: UUID | None = identifier(job_id, "a job") if job_id else None
    async with open_office() as office:
        count = await retry(office.worker, wanted)
    if wanted is not None and not count:
        raise NotFound("No job with this ID was given up. The list shows them: agoat jobs list --dead")
    return Reply({"retried": count}, [f"{count} jobs will be tried again." if count != 1 else "The job will be tried again."])
