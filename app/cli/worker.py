"""`agoat worker`: one worker process."""

import asyncio
import signal

from app.cli.answers import Reply, command
from app.cli.office import installed
from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.rules import shared_rules, tenant_rules
from app.jobs import HANDLERS, Worker
from app.logs import configure
from app.settings import Settings, load


@command(None, "worker", example="agoat worker")
async def worker() -> Reply:
    """Number changes, keep promises and sweep until SIGTERM or SIGINT; several may run at once."""
    with installed(load()) as settings:
        settings.require("database_url", "worker_database_url")
        configure(settings)
        await work(settings)
    return Reply({"ended": True})


async def work(settings: Settings) -> None:
    """One worker's life, from its engines to their end."""
    shared = open_engine(settings.needed("worker_database_url").reveal(), rules=shared_rules(Base.metadata, "worker"))
    tenants = open_engine(settings.needed("database_url").reveal(), rules=tenant_rules(Base.metadata))
    redis_url = settings.redis_url.reveal() if settings.redis_url else None
    one = Worker(Shared(shared, mode="worker"), Tenancy(tenants), redis_url, HANDLERS)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, one.stopping.set)
    try:
        await one.live()
    finally:
        await shared.dispose()
        await tenants.dispose()
