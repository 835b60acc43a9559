"""Every form of writing: things and parts through their repository, slips, and what the role `directory` keeps."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.functions import NO_ID
from app.db.rehearsal.sample import CUSTOMERS, Row, Sample, changed, identity, instance, mapper_of
from app.db.rehearsal.stage import Stage
from app.db.repository import EPHEMERA, REPOSITORIES, Repository, Slips
from app.db.work import Reading, Work

TAG = "rehearsal"


async def found(stage: Stage) -> None:
    """The sample customer himself, as the operator makes him."""
    table = stage.metadata.tables[CUSTOMERS]
    row = instance(table, stage.kept.of(table))
    founder: Any = stage.script.found_customer
    with stage.recorder.asking(f"{founder.__module__.removeprefix('app.')}.{founder.__name__}"):
        await stage.act(lambda work: founder(work, row), "backoffice")


async def write_sample(stage: Stage, sample: Sample) -> None:
    """Insert the rows of a sample, parents first, each by who owns the table."""
    for table in stage.metadata.sorted_tables:
        if (owner := owner_of(table)) is not None:
            await add(stage, owner, table, sample.of(table))
        elif is_directorys(table):
            await add_to_directory(stage, table, sample.of(table))


async def pass_through(stage: Stage) -> None:
    """Insert, find, change and remove the rows of the passing sample."""
    await write_sample(stage, stage.passing)
    for table in reversed(stage.metadata.sorted_tables):
        row = stage.passing.of(table)
        if (owner := owner_of(table)) is not None:
            if isinstance(owner, Repository) and mapper_of(table).class_ is owner.model:
                await find(stage, owner, table, row)
            if not isinstance(owner, Slips) and "UPDATE" in table.info["grants"]["app"]:
                await change(stage, owner, table, row)
            if "DELETE" in table.info["grants"]["app"]:
                await remove(stage, owner, table, row)
        elif is_directorys(table):
            await look_up_in_directory(stage, table, row)


def owner_of(table: Table) -> Repository[Any] | Slips[Any] | None:
    """The repository of a table, as its thing, part or slip; None for what the floor and the directory keep."""
    model = next((mapper.class_ for mapper in [mapper_of(table)]), None)
    for repository in REPOSITORIES:
        if model is repository.model or model in repository.parts:
            return repository
    return next((slips for slips in EPHEMERA if slips.model is model), None)


def is_directorys(table: Table) -> bool:
    """Whether the role `directory` writes the table by the session alone."""
    return table.schema == "identity" and "INSERT" in table.info["grants"].get("directory", "")


async def add(stage: Stage, owner: Repository[Any] | Slips[Any], table: Table, values: Row) -> None:
    """Insert a row."""

    async def unit(work: Work) -> None:
        row = instance(table, values)
        if isinstance(owner, Slips):
            owner.add(work, row)
        elif type(row) is owner.model:
            await owner.add(work, row, tags=(TAG,))
        else:
            owner.add_part(work, row)

    with stage.recorder.asking(f"{table.fullname}.add"):
        await stage.act(unit)


async def find(stage: Stage, owner: Repository[Any], table: Table, values: Row) -> None:
    """Find a thing by its id and ask whether it is there."""

    async def look(reading: Reading) -> None:
        await owner.get(reading, values["id"])
        await owner.exists(reading, owner.model.id == values["id"])

    with stage.recorder.asking(f"{table.fullname}.find"):
        await stage.customer().read(look)


async def page(stage: Stage, owner: Repository[Any]) -> None:
    """Page through the things of a kind by their ids, of one site where they belong to one, and of all."""
    table = next(each for each in stage.metadata.sorted_tables if mapper_of(each).class_ is owner.model)
    model, row = owner.model, stage.kept.of(table)
    after = [model.id > NO_ID]
    sites = [model.site_id == row["site_id"]] if "site_id" in table.c else []

    async def look(reading: Reading) -> None:
        for conditions in ([], after, sites, [*after, *sites]):
            await owner.page(reading, *conditions, order=(model.id,), limit=25)

    with stage.recorder.asking(f"{table.fullname}.page"):
        await stage.customer().read(look)


async def change(stage: Stage, owner: Repository[Any], table: Table, values: Row) -> None:
    """Change a row that is there."""
    new = changed(table, values)

    async def unit(work: Work) -> None:
        row = await work.session.get(mapper_of(table).class_, identity(table, values))
        if isinstance(row, owner.model):
            await owner.change(work, row, new, expect=None, tags=(TAG,))
        elif row is not None:
            owner.change_part(work, row, new)

    with stage.recorder.asking(f"{table.fullname}.change"):
        await stage.act(unit)


async def remove(stage: Stage, owner: Repository[Any] | Slips[Any], table: Table, values: Row) -> None:
    """Remove a row that is there."""

    async def unit(work: Work) -> None:
        row = await work.session.get(mapper_of(table).class_, identity(table, values))
        if isinstance(owner, Slips):
            await owner.remove(work, row)
        elif isinstance(row, owner.model):
            await owner.delete(work, row, expect=None, tags=(TAG,))
        elif row is not None:
            await owner.remove_part(work, row)

    with stage.recorder.asking(f"{table.fullname}.remove"):
        await stage.act(unit)


async def add_to_directory(stage: Stage, table: Table, values: Row) -> None:
    """Insert a row of the tables that are asked before the tenant is known."""

    async def unit(session: AsyncSession) -> None:
        session.add(instance(table, values))

    with stage.recorder.asking(f"{table.fullname}.add"):
        await stage.directory.run(unit)


async def look_up_in_directory(stage: Stage, table: Table, values: Row) -> None:
    """Find such a row by its key and change it where the role may."""
    new = changed(table, values) if "UPDATE" in table.info["grants"]["directory"] else {}

    async def unit(session: AsyncSession) -> None:
        row = await session.get(mapper_of(table).class_, identity(table, values))
        for name, value in new.items():
            setattr(row, name, value)

    with stage.recorder.asking(f"{table.fullname}.change"):
        await stage.directory.run(unit)
