"""`agoat doctor`: everything that a start proves, and what else an operator wants to know, line by line."""

from typing import Any

from app.cli.answers import FAILED, Reply, columns, command
from app.cli.office import installed
from app.db.base import Base
from app.db.database import Shared, open_engine
from app.db.migrate import require_current
from app.db.record.outbox import counts
from app.db.record.processes import living
from app.db.rules import shared_rules
from app.db.selfcheck import Finding, self_check
from app.errors import AGoatError
from app.settings import Settings, load


@command(None, "doctor", example="agoat doctor --json")
async def doctor() -> Reply:
    """Check settings, schema and the barriers between customers. Exit code 1 when something is wrong."""
    with installed(load()) as settings:
        findings = await findings_of(settings)
        is_sound = not any(finding.problem for finding in findings)
        facts = await facts_of(settings) if is_sound else {}
    rows = [(finding.check, finding.problem or "good") for finding in findings] + list(facts.items())
    data: dict[str, Any] = {"is_sound": is_sound, "checks": findings, "facts": facts}
    return Reply(data, columns(("CHECK", ""), rows), 0 if is_sound else FAILED)


async def findings_of(settings: Settings) -> list[Finding]:
    """The schema and the start-up self-check."""
    settings.require("database_url", "directory_database_url", "worker_database_url", "secret_key")
    url = settings.needed("database_url").reveal()
    try:
        require_current(url)
    except AGoatError as error:
        return [Finding("settings"), Finding("schema", error.detail)]
    directory = settings.needed("directory_database_url").reveal()
    return [Finding("settings"), Finding("schema"), *await self_check(url, directory, Base.metadata)]


async def facts_of(settings: Settings) -> dict[str, int]:
    """Living processes and waiting work."""
    engine = open_engine(settings.needed("worker_database_url").reveal(), rules=shared_rules(Base.metadata, "worker"), pool_size=1)
    worker = Shared(engine, mode="worker")
    try:
        processes = await living(worker)
        waiting, dead, changes = await counts(worker)
    finally:
        await engine.dispose()
    kinds = [process.kind for process in processes]
    return {
        "web processes": kinds.count("web"), "workers": kinds.count("worker"), "jobs waiting": waiting, "jobs given up": dead,
        "changes without a number": changes,
    }  # fmt: skip
