"""The replay on a server: what it finds, what it says on the way, and that nothing of it is left, whatever happens."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, make_url, text

from app.cli.replay import SCRIPT, WHOLE, replay
from app.db.rehearsal import Room
from app.db.rehearsal.cluster import Replay, is_insecure


def left_behind(admin_url: str) -> list[str]:
    """Databases and roles of replays that are still on the server."""
    engine = create_engine(admin_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = connection.scalars(
            text(
                "SELECT datname FROM pg_database WHERE datname LIKE 'agoat\\_replay\\_%' "
                "UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'agoat\\_replay\\_%'"
            )
        ).all()
    engine.dispose()
    return list(found)


async def test_every_step_is_tried_and_a_statement_that_reads_a_whole_table_is_named(admin_url: str, undisturbed: None) -> None:
    lines: list[str] = []
    excused = {name: why for name, why in WHOLE.items() if name != "tenancy.repository.all_customers"}
    findings = await Replay(admin_url, SCRIPT, excused, lines.append).run()
    assert [(finding.check, finding.problem) for finding in findings] == [
        ("replay: installation", None),
        ("replay: migrations", None),
        ("replay: reads and writes", None),
        ("replay: plans", "tenancy.repository.all_customers#1 as directory reads customers from end to end."),
    ]
    assert any(line.startswith("calling content.repository") for line in lines)
    assert lines[-1].startswith("removing agoat_replay_")
    assert left_behind(admin_url) == []


async def test_a_step_that_fails_is_a_finding_and_the_rest_is_left_out(admin_url: str, undisturbed: None) -> None:
    room = Room(SCRIPT.rooms[0].module, {"change_customer": "app"})
    findings = await Replay(admin_url, replace(SCRIPT, rooms=(room,)), WHOLE, lambda line: None).run()
    assert [finding.check for finding in findings] == ["replay: installation", "replay: migrations", "replay: reads and writes"]
    assert "tenancy.repository" in (findings[-1].problem or "")
    assert left_behind(admin_url) == []


@pytest.mark.parametrize("beginning", ["20 of", "writing the sample"])
async def test_ctrl_c_leaves_nothing(admin_url: str, beginning: str) -> None:
    def interrupt(line: str) -> None:
        if line.startswith(beginning):
            task.cancel()

    task = asyncio.ensure_future(replay(admin_url, interrupt))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left_behind(admin_url) == []


async def test_a_server_that_is_away_is_one_finding() -> None:
    findings = await replay("postgresql+psycopg://nobody:hidden-word@127.0.0.1:1/postgres")
    assert findings[0].check == "replay: installation"
    said = " ".join(finding.problem or "" for finding in findings)
    assert ("cannot be reached" in said, "hidden-word" in said) == (True, False)


@pytest.mark.parametrize(
    ("address", "insecure"),
    [
        ("cockroachdb+psycopg://root@127.0.0.1:26257/defaultdb?sslmode=disable", True),
        ("cockroachdb+psycopg://root@127.0.0.1:26257/defaultdb", True),
        ("cockroachdb+psycopg://root@db:26257/defaultdb?sslmode=verify-full&sslcert=c&sslkey=k", False),
        ("cockroachdb+psycopg://admin:word@db:26257/defaultdb?sslmode=verify-full", False),
        ("postgresql+psycopg://postgres@127.0.0.1/postgres", False),
    ],
)
def test_only_a_cockroachdb_without_certificates_makes_roles_without_passwords(address: str, insecure: bool) -> None:
    assert is_insecure(make_url(address).render_as_string(hide_password=False)) is insecure
