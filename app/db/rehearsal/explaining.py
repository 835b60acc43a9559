"""Asks a live server for the plan of a registered statement, as the role that sends it and with its customer set.

Parameters are put into the text by the driver. EXPLAIN is a statement of its own kind, of which CockroachDB does not promise
that placeholders are filled in, and a plan with placeholders may be a generic one that no execution with these values would use.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncClientCursor
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.db.database import send_begin
from app.db.functions import EARLIEST, LATEST, NO_ID
from app.db.rehearsal.arguments import CannotMakeUp
from app.db.rehearsal.definitions import Body, bodies
from app.db.rehearsal.plans import Plan, asking, plan_of
from app.db.rehearsal.recorder import Statement
from app.db.rehearsal.sample import CUSTOMER, Row
from app.db.rehearsal.stage import ROLES

# An owned function reads below row-level security; of the roles that sign in, this one sees its tables as the owner does.
AS_READER = "backoffice"
# What PostgreSQL prefers to an index while tables are small; without them a table is read whole only where no index leads to its rows.
SWITCHES = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")


class Explainer:
    """Plans of one installation. `is_small` says that its tables hold a few rows, so that PostgreSQL would rather read them whole."""

    def __init__(self, engines: Mapping[str, AsyncEngine], *, is_small: bool) -> None:
        self.engines = engines
        self.is_small = is_small

    async def plan(self, statement: Statement, *, execute: bool = False) -> Plan:
        """The plan of a statement; with `execute` also what it really read. Nothing is kept."""
        engine = self.engines[statement.role]
        options = {"customer_id": statement.customer_id} if statement.customer_id is not None else {}
        async with engine.execution_options(**options).connect() as connection:
            dialect = engine.dialect.name
            for switch in SWITCHES if dialect == "postgresql" and self.is_small else ():
                await connection.execute(text(f"SET LOCAL {switch} = off"))
            answer = await connection.exec_driver_sql(asking(dialect, statement.sql, execute=execute), statement.parameters)
            plan = plan_of(dialect, [row[0] for row in answer.all()])
            await connection.rollback()
            return plan


@asynccontextmanager
async def explainer(addresses: Mapping[str, str], *, is_small: bool = False) -> AsyncIterator[Explainer]:
    """Open every role of an installation for asking plans, without the guard: what is asked has passed it already."""
    engines = {role: client_engine(addresses[role]) for role in ROLES}
    try:
        yield Explainer(engines, is_small=is_small)
    finally:
        for engine in engines.values():
            await engine.dispose()


def client_engine(url: str) -> AsyncEngine:
    """An engine whose driver puts parameters into the text."""
    arguments = {"connect_timeout": 10, "cursor_factory": AsyncClientCursor}
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", pool_size=1, connect_args=arguments)
    event.listen(engine.sync_engine, "begin", send_begin)
    return engine


def owned_statements(dialect: str, rows: Mapping[str, Row]) -> list[Statement]:
    """The statements inside the owned functions. A plan of a call shows only the call. Raises CannotMakeUp."""
    return [owned_statement(body, rows) for body in bodies(dialect)]


def owned_statement(body: Body, rows: Mapping[str, Row]) -> Statement:
    """The statement inside one owned function, with arguments that lead to the sample customer's rows."""
    at, row_id = EARLIEST if re.search(r"> \(edge_at", body.sql) else LATEST
    site = rows["tenancy.sites"]["id"]
    values: dict[str, Any] = {"edge_at": at, "edge_id": row_id, "how_many": 25, "wanted_site": site, "wanted_kind": "post"}
    values |= {"wanted_lang": rows["content.posts"]["lang"], "wanted_tag": rows["content.tags"]["id"], "wanted_view": "all"}
    values |= {"wanted_words": "", "wanted_author": NO_ID, "wanted_state": ""}
    given: dict[str, Any] = {}
    sql = body.sql.replace("%", "%%")
    for name, kind in body.arguments:
        if name not in values:
            raise CannotMakeUp(f"{body.name}: no sample of its argument {name}.")
        given[name] = NO_ID if name == "edge_id" and "edge_at" not in body.sql else values[name]
        sql = re.sub(rf"\b{name}\b", f"CAST(%({name})s AS {kind})", sql)
    if body.name == "content.recent_posts":
        given |= {"wanted_tag": NO_ID}
    return Statement(f"owned {body.name}#1", AS_READER, sql, given, CUSTOMER)
