"""One pair of engines a run, one migrated database a test process, and the cast that lives in it."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

import app.catalog.models
import app.content.models
import app.identity.models
import app.imports.models
import app.media.models
import app.tenancy.models  # noqa: F401
from app.db import database
from app.db.base import Base
from app.db.database import Shared, Tenancy, TenantDatabase, open_engine
from app.db.embedded import running
from app.db.rules import shared_rules, tenant_rules
from tests.cast import Cast, make_cast
from tests.installations import Faults, installation, spoken_in

ENGINES = ("AGOAT_TEST_DATABASE_URL", "AGOAT_TEST_REDIS_URL")
_stack = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the engines before the test processes are, so that all of them find the same ones in their environment."""
    if not hasattr(config, "workerinput") and not os.environ.get(ENGINES[0]):
        folder = _stack.enter_context(tempfile.TemporaryDirectory(prefix="agoat-tests-"))
        Path(folder).chmod(0o755)
        engines = _stack.enter_context(running(Path(folder) / "data", durable=False))
        os.environ[ENGINES[0]], os.environ[ENGINES[1]] = engines.database_url, engines.redis_url


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    _stack.close()


@pytest.fixture(scope="session")
def admin_url() -> str:
    """The address of an administrator of the database server."""
    return os.environ[ENGINES[0]]


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of the Redis server of this run."""
    if not os.environ.get(ENGINES[1]):
        pytest.skip("AGOAT_TEST_DATABASE_URL is set without AGOAT_TEST_REDIS_URL")
    return os.environ[ENGINES[1]]


@pytest.fixture(scope="session")
def addresses(admin_url: str) -> Iterator[dict[str, str]]:
    """The addresses of every role in a fresh, migrated database of this test process; gone afterwards, roles and all.

    AGOAT_TEST_DIALECT=cockroachdb has all units of work speak that dialect, also to a PostgreSQL server.
    """
    with installation(admin_url) as made:
        yield spoken_in(made, os.environ["AGOAT_TEST_DIALECT"]) if os.environ.get("AGOAT_TEST_DIALECT") else made


@pytest.fixture(scope="session", autouse=True)
def faults() -> Iterator[Faults | None]:
    """AGOAT_TEST_FAULTS=1 has the first attempt of every unit of work lose its race or its connection, or leave everybody in doubt."""
    with pytest.MonkeyPatch.context() as patch:
        made = Faults() if os.environ.get("AGOAT_TEST_FAULTS") == "1" else None
        if made is not None:
            patch.setattr(database, "commit", made)
        yield made


@pytest.fixture
def undisturbed() -> None:
    """For tests that count statements or rounds of a unit of work, which injected faults double."""
    if isinstance(database.commit, Faults):
        pytest.skip("injected faults have units of work run twice")


@pytest.fixture(scope="session")
async def tenancy(addresses: dict[str, str]) -> AsyncIterator[Tenancy]:
    """The role `app` with all barriers up."""
    engine = open_engine(addresses["app"], rules=tenant_rules(Base.metadata))
    yield Tenancy(engine)
    await engine.dispose()


@pytest.fixture(scope="session")
async def backoffice(addresses: dict[str, str]) -> AsyncIterator[Tenancy]:
    """The operator's role, which row-level security does not bind."""
    engine = open_engine(addresses["backoffice"], rules=tenant_rules(Base.metadata))
    yield Tenancy(engine)
    await engine.dispose()


@pytest.fixture(scope="session")
async def directory(addresses: dict[str, str]) -> AsyncIterator[Shared]:
    """What is asked before the tenant is known."""
    engine = open_engine(addresses["directory"], rules=shared_rules(Base.metadata, "directory"))
    yield Shared(engine)
    await engine.dispose()


@pytest.fixture(scope="session")
async def worker(addresses: dict[str, str]) -> AsyncIterator[Shared]:
    """The worker's role."""
    engine = open_engine(addresses["worker"], rules=shared_rules(Base.metadata, "worker"))
    yield Shared(engine, mode="worker")
    await engine.dispose()


@pytest.fixture(scope="session")
async def cast(directory: Shared, backoffice: Tenancy) -> Cast:
    """Alice, Bob and Rita of Acme; Mallory of Globex."""
    return await make_cast(directory, backoffice)


@pytest.fixture
def acme(tenancy: Tenancy, cast: Cast) -> TenantDatabase:
    """Acme's database."""
    return tenancy.of(cast.acme)


@pytest.fixture
def globex(tenancy: Tenancy, cast: Cast) -> TenantDatabase:
    """Globex's database."""
    return tenancy.of(cast.globex)


@pytest.fixture
def unique() -> str:
    """A short word that no other test uses, for slugs and titles."""
    return f"t{uuid4().hex[:10]}"
