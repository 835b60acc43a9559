"""The ops listener: alive, ready by heartbeats, figures that name nobody, and which hosts may have a certificate."""

from typing import Any
from uuid import uuid4

import pytest

from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.record.processes import heartbeat, leave
from app.db.rules import shared_rules
from app.ops import Ops
from app.tenancy.actions import set_customer_state
from tests.cast import OPERATOR, Cast, make_customer


async def nothing() -> None:
    """There is nothing to close."""


@pytest.fixture
def ops(directory: Shared, worker: Shared) -> Ops:
    return Ops(directory, worker, nothing)


async def get(ops: Ops, path: str, query: str = "", method: str = "GET") -> tuple[int, str]:
    """Status and body of an answer."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await ops({"type": "http", "method": method, "path": path, "query_string": query.encode()}, None, send)
    return sent[0]["status"], sent[1]["body"].decode()


async def test_it_is_alive_and_knows_only_its_own_addresses(ops: Ops) -> None:
    assert await get(ops, "/livez") == (200, "alive\n")
    assert (await get(ops, "/"))[0] == 404
    assert (await get(ops, "/livez", method="POST"))[0] == 405
    assert await get(ops, "/livez", method="HEAD") == (200, "")


async def test_it_is_ready_while_web_and_worker_are_heard_of(ops: Ops, directory: Shared) -> None:
    web, work = uuid4(), uuid4()
    await heartbeat(directory, web, "web", "here", 1, {})
    status, said = await get(ops, "/readyz")
    assert (status, said) in [(503, "no living process of kind: worker\n"), (200, "ready\n")]
    await heartbeat(directory, work, "worker", "here", 2, {})
    assert await get(ops, "/readyz") == (200, "ready\n")
    for process_id in (web, work):
        await leave(directory, process_id)


async def test_figures_name_no_customer(ops: Ops, cast: Cast) -> None:
    status, said = await get(ops, "/metrics")
    assert status == 200
    assert {"agoat_outbox_waiting", "agoat_outbox_dead", "agoat_changes_waiting"} <= {line.split()[0] for line in said.splitlines()}
    assert str(cast.acme) not in said
    assert "acme" not in said


async def test_only_a_live_host_may_have_a_certificate(ops: Ops, backoffice: Tenancy, unique: str) -> None:
    customer_id, _ = await make_customer(backoffice, unique)
    host = f"{unique}.localhost"
    assert (await get(ops, "/tls/ask", f"domain={host}"))[0] == 200
    assert (await get(ops, "/tls/ask", f"domain={host.upper()}."))[0] == 200
    for stranger in (f"x{host}", "127.0.0.1", "", "console.localhost", "a b"):
        assert (await get(ops, "/tls/ask", f"domain={stranger}"))[0] == 404
    await backoffice.of(customer_id).run(OPERATOR, "suspend", lambda work: set_customer_state(work, OPERATOR, "suspended"))
    assert (await get(ops, "/tls/ask", f"domain={host}"))[0] == 404


async def test_without_a_database_it_says_so(worker: Shared) -> None:
    engine = open_engine("postgresql+psycopg://x_directory@127.0.0.1:1/x", rules=shared_rules(Base.metadata, "directory"))
    away = Ops(Shared(engine), worker, nothing)
    assert (await get(away, "/readyz"))[0] == 503
    assert (await get(away, "/livez"))[0] == 200
    await engine.dispose()
