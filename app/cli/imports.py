"""`agoat import`: content and products from the files of other systems."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from app.cli.answers import Reply, columns, command
from app.cli.office import Office, customer_option, open_office, reason_option, site_option
from app.cli.progress import Step, steps
from app.db.base import Base
from app.db.database import Tenancy, open_engine
from app.db.rules import tenant_rules
from app.imports.apply import apply_import, preview_import
from app.imports.plan import Checked, Refused, Warned
from app.imports.report import Report, report_of
from app.imports.shopify import check_shopify
from app.imports.target import currency_of
from app.imports.wxr import check_wxr
from app.tenancy.models import Customer

SHOWN_REFUSED, SHOWN_WARNINGS = 200, 20


@click.group("import", epilog="Example: agoat import wxr export.xml --customer acme --site acme")
def import_() -> None:
    """Import: wxr (WordPress), shopify (product list). Running one again makes nothing twice."""


def import_options(act: Callable[..., Any]) -> Callable[..., Any]:
    """What every import is told."""
    act = reason_option(act)
    act = click.option("--dry-run", is_flag=True, help="Check everything and say what would be made; write nothing.")(act)
    act = site_option(customer_option(act))
    return click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))(act)


@command(import_, "wxr", example="agoat import wxr export.xml --customer acme --site acme --dry-run")
@import_options
async def wxr(file: Path, customer: str, site: str | None, dry_run: bool, reason: str | None) -> Reply:
    """Posts, pages, tags and bylines of a WordPress export (WXR). FILE is checked whole before anything is written."""
    async with open_office(reason) as office:
        owner = await office.customer(customer)
        site_id = (await office.site(owner, site)).id
        with steps() as step:
            checked = check_wxr(file, step(f"Checking {file.name}"))
            return told(await bring(office, owner, checked, file, site_id, dry_run, step))


@command(import_, "shopify", example="agoat import shopify products.csv --customer acme --currency EUR")
@import_options
@click.option("--currency", metavar="CODE", help="Of the prices, three letters of ISO 4217; else that of the site.")
async def shopify(file: Path, customer: str, site: str | None, currency: str | None, dry_run: bool, reason: str | None) -> Reply:
    """Products of a Shopify product list (CSV), for one site or, without --site, for all. FILE is checked whole before."""
    async with open_office(reason) as office:
        owner = await office.customer(customer)
        site_id = (await office.site(owner, site)).id if site else None
        if currency is None:
            currency = await office.read(owner, lambda reading: currency_of(reading, site_id))
        with steps() as step:
            checked = check_shopify(file, currency, step(f"Checking {file.name}"))
            return told(await bring(office, owner, checked, file, site_id, dry_run, step))


async def bring(office: Office, owner: Customer, checked: Checked, file: Path, site_id: UUID | None, dry_run: bool, step: Step) -> Report:
    """Make what the file brings, or say what would be made."""
    async with barriers_up(office) as tenancy:
        database = tenancy.of(owner.id)
        if dry_run:
            return report_of(checked, await preview_import(database, office.actor, checked, site_id=site_id), is_rehearsal=True)
        progress = step(f"Importing {file.name}")
        applied = await apply_import(
            database, office.actor, checked, file_name=file.name, site_id=site_id, progress=progress, reason=office.reason
        )
        return report_of(checked, applied)


@asynccontextmanager
async def barriers_up(office: Office) -> AsyncIterator[Tenancy]:
    """The role that may see one customer only, rather than the operator's own: what a file of strangers brings needs no more."""
    engine = open_engine(office.settings.needed("database_url").reveal(), rules=tenant_rules(Base.metadata), pool_size=2)
    try:
        yield Tenancy(engine)
    finally:
        await engine.dispose()


def told(report: Report) -> Reply:
    """The report as a table with what there is to say about it."""
    made = "WOULD MAKE" if report.is_rehearsal else "MADE"
    table = columns(
        ("KIND", "FOUND", made, "ALREADY HERE", "REFUSED", "LEFT OUT"),
        [(line.kind, line.found, line.made, line.here, line.refused, line.left_out) for line in report.lines],
    )
    said = [f"The file has {report.rows} rows."] if report.rows else []
    said += [f"{report.images} pictures are referenced; they stay at their old addresses."] if report.images else []
    said += [f"{report.comments} comments were not imported; there is no place for them here."] if report.comments else []
    said += ["This was a rehearsal: nothing was written."] if report.is_rehearsal else []
    refused = first("Refused", [about(item, item.reason) for item in report.refused], SHOWN_REFUSED)
    warned = first("Warnings", [about(item, item.message) for item in report.warnings], SHOWN_WARNINGS)
    return Reply(report, [*table, "", *said, *refused, *warned])


def about(item: Refused | Warned, text: str) -> str:
    """One line about one thing of the file."""
    return f"  line {item.line}, {item.kind} {item.source_id}: {text}" if item.source_id else f"  line {item.line}, {item.kind}: {text}"


def first(heading: str, lines: list[str], most: int) -> list[str]:
    """The first lines under a heading that counts them all."""
    if not lines:
        return []
    rest = [f"  and {len(lines) - most} more; --json shows them all"] if len(lines) > most else []
    return ["", f"{heading}: {len(lines)}", *lines[:most], *rest]
