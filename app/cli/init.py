"""`agoat init`: an installation on a database server, and the file of settings that names it."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import click

from app.cli.answers import Refused, Reply, command
from app.db.inspection.server import NAMES
from app.db.install import install, script
from app.errors import Conflict
from app.settings import config_file

HEAD = "# Settings of an AGoat Publisher installation, written by `agoat init`. It holds passwords: keep it to yourself."

HOW_TO_GO_ON = (
    "-- Run it as an administrator. It may be run again. Then give each role that signs in a password or a client certificate:",
    "--   ALTER ROLE {prefix}_app WITH PASSWORD '...';   and the same for directory, worker, backoffice and migrator",
    "-- and write their addresses into the settings (docs/settings.md).",
)


@command(None, "init", example="agoat init --admin-url postgresql+psycopg://postgres:secret@db.example:5432/postgres")
@click.option("--admin-url", metavar="URL", help="Address of an administrator of the database server.")
@click.option("--sql", type=click.Choice(list(NAMES)), help="Only print what would be sent to such a server, roles without passwords.")
@click.option("--insecure", is_flag=True, help="Roles without passwords, for a CockroachDB node that refuses them.")
@click.option("--prefix", default="agoat", show_default=True, help="How the names of the roles begin.")
@click.option("--database", default="agoat", show_default=True, help="The name of the database.")
@click.option("--force", is_flag=True, help="Give the roles new passwords when the file exists; its other lines stay.")
def init(admin_url: str | None, sql: str | None, insecure: bool, prefix: str, database: str, force: bool) -> Reply:
    """Create database, schemas and roles, and write the settings to the file that AGOAT_CONFIG names, or ./agoat.toml."""
    check_words(prefix, database)
    if (admin_url is None) == (sql is None):
        raise Refused("Say --admin-url with the address of an administrator, or --sql to have the statements printed.")
    if sql is not None:
        return printed(sql, prefix, database)
    assert admin_url is not None, "one of the two is said"
    path = config_file() or Path("agoat.toml")
    if path.exists() and not force:
        raise Conflict(f"{path} exists. Add --force to give the roles new passwords; its other lines stay.")
    addresses = install(admin_url, prefix=prefix, database=database, insecure=insecure)
    write_settings(path, addresses)
    data = {"config": str(path.absolute()), "database": database, "roles": sorted(addresses)}
    lines = [f"The database {database} is there, and {path} holds its addresses.", "", "Now run:"]
    named = [] if config_file() else [f"  export AGOAT_CONFIG={path.absolute()}"]
    return Reply(data, [*lines, *named, "  agoat migrate", "  agoat serve"])


def printed(dialect: str, prefix: str, database: str) -> Reply:
    """The statements for an administrator who runs them himself."""
    statements = script(prefix, database, dialect)
    head = [
        f"-- The database {database} and its roles for {NAMES[dialect]}, written by: agoat init --sql {dialect}",
        *(line.format(prefix=prefix) for line in HOW_TO_GO_ON),
    ]
    return Reply({"dialect": dialect, "statements": statements}, [*head, *statements])


def check_words(prefix: str, database: str) -> None:
    """Raise Refused for names that a database would have to quote."""
    for option, word in (("--prefix", prefix), ("--database", database)):
        if not (word.isascii() and word.isidentifier() and word == word.lower() and len(word) <= 40):
            raise Refused(f"{option} {word!r} must be at most 40 small letters, digits and underscores, beginning with a letter.")


def write_settings(path: Path, addresses: Mapping[str, str]) -> None:
    """Write the file whole or not at all, for its owner only. What else an earlier file says stays, its secret too."""
    entries = {"database_url" if role == "app" else f"{role}_database_url": address for role, address in sorted(addresses.items())}
    kept = [line for line in earlier_lines(path) if line.partition("=")[0].strip() not in entries]
    if not any(line.partition("=")[0].strip() == "secret_key" for line in kept):
        entries["secret_key"] = secrets.token_urlsafe(48)
    text = "\n".join([*(kept or [HEAD]), *(f"{name} = {quoted(value)}" for name, value in entries.items())]) + "\n"
    draft = path.with_name(path.name + ".new")
    try:
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        raise Conflict(f"{path} cannot be written ({error.strerror}). Name another file with AGOAT_CONFIG.") from None


def earlier_lines(path: Path) -> list[str]:
    """The lines of a file that may not be there."""
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def quoted(value: str) -> str:
    """A basic string of TOML."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
