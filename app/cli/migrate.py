"""`agoat migrate`: bring the database to the schema of this release."""

import click

from app.cli.answers import Reply, command
from app.cli.office import installed
from app.db.migrate import newest_revision, pending, renew_keys, upgrade
from app.db.schema_rules import schema_findings
from app.db.selfcheck import require_sound
from app.errors import Conflict
from app.settings import load


@command(None, "migrate", example="agoat migrate --check")
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 when something is to be applied.")
def migrate(check: bool) -> Reply:
    """Apply what is pending, one process at a time, then check the schema. It may be run again at any moment."""
    with installed(load()) as settings:
        url = settings.needed("migrator_database_url").reveal()
        steps = pending(url)
        if check and steps:
            raise Conflict(f"{len(steps)} migrations are to be applied, the next is {steps[0]} Run: agoat migrate")
        applied = 0 if check else upgrade(url, told)
        if not check:
            renew_keys(url, told)
        require_sound(schema_findings(url))
    newest = newest_revision()
    done = f"{applied} migrations applied." if applied else "Nothing to apply."
    return Reply({"applied": steps[:applied], "schema": newest}, [f"{done} The schema is {newest}."])


def told(line: str) -> None:
    """Progress, a line a step."""
    click.echo(line, err=True)
