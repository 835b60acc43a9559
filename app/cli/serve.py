"""`agoat serve`: the installation on this machine, until it is told to stop."""

import click

from app.cli.answers import Reply, command
from app.cli.office import database_option, installed
from app.db.embedded import Kind
from app.logs import configure
from app.serve import children, prove, supervise
from app.settings import load


@command(None, "serve", example="agoat serve --no-worker")
@click.option("--no-worker", is_flag=True, help="Only web processes and the ops listener; the worker runs elsewhere.")
@database_option
async def serve(no_worker: bool, database: Kind | None) -> Reply:
    """Run web processes, the ops listener and one worker until SIGTERM or Ctrl-C; refuses a schema of another release."""
    with installed(load(), database=database) as settings:
        configure(settings)
        await prove(settings)
        await supervise(children(settings, with_worker=not no_worker))
    return Reply({"ended": True})
