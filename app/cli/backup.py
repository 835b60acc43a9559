"""`agoat backup`: the installation on this machine in one file, and a new installation from it."""

from pathlib import Path

import click
import msgspec

from app.cli.answers import FAILED, Refused, Reply, command
from app.cli.progress import steps
from app.db.backup import Made, Manifest, Verified, create, restore, verify
from app.db.backup.making import Library
from app.db.embedded.choice import chosen
from app.media.repository import stored_files
from app.settings import Settings, load

SECRETS = "The file holds every customer's rows and files: keep it where only you can read it. The signing key is not in it (see --help)."
SHOWN = 20


@click.group("backup", epilog="Example: agoat backup create monday.agoat")
def backup() -> None:
    """Backups of an installation on embedded engines: database and media library in one file.

    On a database server of your own, use that server's tools: pg_dump for PostgreSQL, BACKUP for CockroachDB.
    """


@command(backup, "create", example="agoat backup create /backups/monday.agoat")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace the file when it exists.")
def create_backup(path: Path, yes: bool) -> Reply:
    """Write a backup to PATH, also while the product runs. PATH appears only when the backup is whole.

    It holds every customer's rows and files, and the passwords of people as hashes: keep it where only you can read it. It does
    not hold what signs or lets in: the signing key, the passwords of database roles, the demonstration's passwords.
    """
    settings = embedded_settings()
    if path.exists() and not yes:
        raise Refused(f"{path} exists. Add --yes to replace it, or name another file.")
    if not path.absolute().parent.is_dir():
        raise Refused(f"The folder {path.absolute().parent} does not exist. Make it, or name another file.")
    with steps() as step:
        made = create(settings.data_dir, path, Library(settings.media_folder, settings.media_url, stored_files), step)
    wrong = bool(made.manifest.missing or made.manifest.spoilt)
    return Reply(shown(path, made.bytes, made.manifest), told_of_making(made), FAILED if wrong else 0)


@command(backup, "verify", example="agoat backup verify /backups/monday.agoat")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_backup(path: Path) -> Reply:
    """Read all of a backup, check every part of it and say what it holds. Exit code 1 names the first damaged part."""
    with steps() as step:
        verified: Verified = verify(path, step)
    lines = [f"{path} is whole.", *contents(verified.bytes, verified.manifest)]
    return Reply(shown(path, verified.bytes, verified.manifest), lines)


@command(backup, "restore", example="agoat backup restore /backups/monday.agoat")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_backup(path: Path) -> Reply:
    """Make a new installation from a backup, in an empty data folder, with new engines, roles and passwords of roles.

    The backup may be of an older release: migrations are applied. The signing key is new unless AGOAT_SECRET_KEY is set: people
    keep their passwords and sessions and programs their keys, but links to previews, further pages of lists and forms that are
    open in a browser have to be opened anew. The people of a demonstration get new passwords with the next `agoat demo`.
    """
    settings = embedded_settings()
    with steps() as step:
        restored = restore(path, settings.data_dir, settings.media_folder, step)
    found = restored.manifest
    lines = [
        f"The installation of {found.created_at:%Y-%m-%d %H:%M} UTC is in {settings.data_dir}, with schema {restored.schema}.",
        f"{sum(found.rows.values()):,} rows and {found.files:,} files were restored; {restored.migrations} migrations were applied.",
        *missing(found),
        "",
        "Now run:",
        "  agoat doctor",
        "  agoat serve",
    ]
    return Reply({"data_dir": str(settings.data_dir), "schema": restored.schema, "migrations": restored.migrations}, lines)


def embedded_settings() -> Settings:
    """The settings of an installation on embedded engines. Raises Refused with the command for a server of one's own."""
    settings = load()
    if settings.database_url is None and chosen(settings.data_dir) != "cockroach":
        return settings
    if settings.database_url is None:
        raise Refused(
            f"{settings.data_dir} holds CockroachDB, which is copied whole: end the product, then copy the folder. "
            "A cluster of your own is backed up by its administrator: cockroach/backups.sql."
        )
    if settings.database_url.reveal().startswith("cockroachdb"):
        raise Refused(
            "This installation uses a CockroachDB cluster of its own. Back it up there, as an administrator: "
            "BACKUP DATABASE agoat INTO 's3://bucket/path?AUTH=implicit'; and keep a copy of the media library."
        )
    raise Refused(
        "This installation uses a PostgreSQL server of its own. Back it up there, as an administrator: "
        "pg_dump --format=custom --file=agoat.dump agoat (restore: pg_restore), and keep a copy of the media library."
    )


def told_of_making(made: Made) -> list[str]:
    """What to say of a finished backup."""
    return [f"{made.path} is written.", *contents(made.bytes, made.manifest), "", SECRETS]


def contents(size: int, manifest: Manifest) -> list[str]:
    """What a backup holds."""
    media = f"{manifest.files:,} files" if manifest.media == "here" else f"none; the library lives at {manifest.media}"
    return [
        f"  made      {manifest.created_at:%Y-%m-%d %H:%M:%S} UTC by release {manifest.product}, schema {manifest.schema}",
        f"  server    PostgreSQL {manifest.server}",
        f"  rows      {sum(manifest.rows.values()):,} in {len(manifest.rows)} tables",
        f"  media     {media}",
        f"  size      {size:,} bytes",
        *missing(manifest),
    ]


def missing(manifest: Manifest) -> list[str]:
    """The files that could not be copied as they should have been."""
    lines = []
    for names, said in ((manifest.missing, "are named by the database and were not there"), (manifest.spoilt, "were damaged already")):
        rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        lines += [f"{len(names)} files of the media library {said}: {', '.join(names[:SHOWN])}{rest}"] if names else []
    return lines


def shown(path: Path, size: int, manifest: Manifest) -> dict[str, object]:
    """A backup for programs, without the long list of its parts."""
    told = msgspec.to_builtins(manifest)
    del told["members"]
    return {"path": str(path.absolute()), "bytes": size, "files": manifest.files, **told}
