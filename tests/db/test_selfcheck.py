"""The start-up self-check: silent while all barriers stand, and it names each one that was taken down."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.db.base import Base
from app.db.install import administrator
from app.db.roles import roles_of
from app.db.selfcheck import Finding, check_guard, check_role, check_tables, require_sound, self_check
from app.errors import Conflict, Unavailable
from tests.installations import administrator_of, installation


@pytest.fixture(scope="module")
def weakened(admin_url: str) -> Iterator[dict[str, str]]:
    """An installation of its own, whose barriers may be taken down."""
    with installation(admin_url) as made:
        yield made


def change(admin_url: str, addresses: dict[str, str], *statements: str) -> None:
    """What somebody with too many rights does to a database."""
    with administrator(administrator_of(admin_url, addresses)) as connection:
        for statement in statements:
            connection.execute(text(statement))


def problems(findings: list[Finding]) -> list[str]:
    return [finding.problem for finding in findings if finding.problem]


async def test_a_sound_installation_has_nothing_to_report(addresses: dict[str, str]) -> None:
    findings = await self_check(addresses["app"], addresses["directory"], Base.metadata)
    assert problems(findings) == []
    assert len(findings) == 6
    require_sound(findings)


@pytest.mark.parametrize("role", ["backoffice", "worker", "migrator"])
async def test_a_role_that_sees_everybody_may_not_serve(addresses: dict[str, str], role: str) -> None:
    finding = await check_role(addresses[role], "database_url")
    assert "bypasses row-level security" in (finding.problem or "")
    with pytest.raises(Conflict, match="bypasses"):
        require_sound([finding])


@pytest.mark.parametrize("word", ["DISABLE", "NO FORCE"])
async def test_a_table_without_its_policy_in_force_is_named(admin_url: str, weakened: dict[str, str], word: str) -> None:
    change(admin_url, weakened, f"ALTER TABLE content.posts {word} ROW LEVEL SECURITY")
    try:
        assert problems(await check_tables(weakened["app"])) == [
            "Row-level security is not enabled and forced on content.posts. Run: agoat migrate"
        ]
    finally:
        change(
            admin_url, weakened, "ALTER TABLE content.posts ENABLE ROW LEVEL SECURITY", "ALTER TABLE content.posts FORCE ROW LEVEL SECURITY"
        )


async def test_a_new_table_of_customers_is_found_without_being_known(admin_url: str, weakened: dict[str, str]) -> None:
    change(admin_url, weakened, "CREATE TABLE content.forgotten (customer_id uuid, id uuid)")
    try:
        assert problems(await check_tables(weakened["app"])) == [
            "Row-level security is not enabled and forced on content.forgotten. Run: agoat migrate"
        ]
    finally:
        change(admin_url, weakened, "DROP TABLE content.forgotten")


async def test_rows_that_are_shown_without_a_customer_are_named(admin_url: str, weakened: dict[str, str]) -> None:
    role = roles_of(weakened["app"])["app"]
    change(
        admin_url,
        weakened,
        "INSERT INTO tenancy.customers (id, version, slug, name, state, created_at) "
        "VALUES (gen_random_uuid(), 1, 'seen', 'Seen', 'active', now())",
        f"CREATE POLICY too_wide ON tenancy.customers FOR SELECT TO {role} USING (true)",
    )
    try:
        assert problems(await check_tables(weakened["app"])) == [
            "Without a customer, rows are shown of tenancy.customers. A policy is too wide. Run: agoat migrate"
        ]
    finally:
        change(admin_url, weakened, "DROP POLICY too_wide ON tenancy.customers")
    assert problems(await check_tables(weakened["app"])) == []


async def test_an_empty_database_is_not_sound(admin_url: str) -> None:
    with installation(admin_url, migrated=False) as empty:
        assert problems(await check_tables(empty["app"])) == ["The database has no tables of customers. Run: agoat migrate"]


async def test_a_database_that_is_away_cannot_be_proven() -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        await self_check("postgresql+psycopg://x_app@127.0.0.1:1/x", "postgresql+psycopg://x_directory@127.0.0.1:1/x", Base.metadata)


@pytest.mark.parametrize("dialect", ["postgresql", "cockroachdb"])
def test_the_guard_is_proven_on_both_dialects_without_a_server(dialect: str) -> None:
    assert check_guard(f"{dialect}+psycopg://x_app@127.0.0.1:1/x", Base.metadata) == Finding("guard")
