"""`agoat key`: API keys of a customer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from app.cli.answers import Reply, columns, command, identifier
from app.cli.office import customer_option, open_office, reason_option
from app.identity.access import SCOPES
from app.identity.actions import CreateKey, create_key, revoke_key
from app.identity.models import ApiKey
from app.identity.repository import keys_of_customer


@click.group(epilog="Example: agoat key list --customer acme")
def key() -> None:
    """API keys: create, list, revoke."""


@command(key, "create", example='agoat key create "Shop system" --customer acme --scopes products:read,stock:write')
@click.argument("name")
@customer_option
@click.option("--scopes", required=True, help=f"Separated by commas, of: {', '.join(SCOPES)}.")
@click.option("--days", type=click.IntRange(1, 3650), help="The key ends after so many days; else it works until it is revoked.")
@reason_option
async def create(name: str, customer: str, scopes: str, days: int | None, reason: str | None) -> Reply:
    """Make a key for a program. Its secret is shown once and stored nowhere."""
    ends = datetime.now(UTC) + timedelta(days=days) if days else None
    request = CreateKey(name=name, scopes=tuple(scope.strip() for scope in scopes.split(",") if scope.strip()), expires_at=ends)
    async with open_office(reason) as office:
        owner = await office.customer(customer)
        made = await office.run(owner, "create key", lambda work: create_key(work, office.actor, request))
    data = {"id": made.id, "name": made.name, "secret": made.secret, "expires_at": ends}
    return Reply(data, ["This key is shown only here. Whoever has it may use it:", made.secret])


@command(key, "list", example="agoat key list --customer acme")
@customer_option
async def list_all(customer: str) -> Reply:
    """All keys of a customer, newest first; revoked ones stay in the list."""
    async with open_office() as office:
        found = await office.read(await office.customer(customer), keys_of_customer)
    rows = [(row.id, row.name, f"{row.prefix}…{row.last_four}", row.scopes, state_of(row)) for row in found]
    return Reply([described(row) for row in found], columns(("ID", "NAME", "KEY", "SCOPES", "STATE"), rows))


@command(key, "revoke", example="agoat key revoke 0b7c… --customer acme")
@click.argument("key_id", metavar="ID")
@customer_option
@reason_option
async def revoke(key_id: str, customer: str, reason: str | None) -> Reply:
    """Refuse a key from now on. ID is the one that the list shows."""
    wanted = identifier(key_id, "a key")
    async with open_office(reason) as office:
        owner = await office.customer(customer)
        row = await office.run(owner, "revoke key", lambda work: revoke_key(work, office.actor, wanted))
    return Reply(described(row), [f"The key {row.name} is refused from now on."])


def state_of(row: ApiKey) -> str:
    """Whether a key works."""
    if row.revoked_at is not None:
        return "revoked"
    return "ended" if row.expires_at is not None and row.expires_at <= datetime.now(UTC) else "active"


def described(row: ApiKey) -> dict[str, Any]:
    """A key in JSON, without its secret, which nobody has."""
    return {
        "id": row.id, "name": row.name, "prefix": row.prefix, "last_four": row.last_four, "scopes": row.scopes, "state": state_of(row),
        "created_at": row.created_at, "expires_at": row.expires_at, "revoked_at": row.revoked_at,
    }  # fmt: skip
