"""DOOR: the operator's command line, `agoat`. One file per noun (customer, site, domain, person, key, import, and so on).

Owns words, exit codes and progress; acts by calling rooms. May use everything below it and never imports sqlalchemy.
"""

import click

from app import __version__
from app.cli import (
    audit,
    backup,
    customer,
    demo,
    doctor,
    domain,
    imports,
    init,
    jobs,
    key,
    migrate,
    person,
    pool,
    serve,
    site,
    undo,
    worker,
)

# In the order in which an operator meets them; every noun has a file of its own.
COMMANDS: tuple[click.Command, ...] = (
    init.init,
    migrate.migrate,
    serve.serve,
    worker.worker,
    demo.demo,
    doctor.doctor,
    customer.customer,
    site.site,
    domain.domain,
    person.person,
    key.key,
    imports.import_,
    audit.audit,
    jobs.jobs,
    pool.pool,
    backup.backup,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog="Example: agoat demo")
@click.version_option(__version__, prog_name="agoat")
def main() -> None:
    """AGoat Publisher: sites, posts and products of many customers in one installation."""


audit.audit.add_command(undo.show)
audit.audit.add_command(undo.undo)
for each in COMMANDS:
    main.add_command(each)
