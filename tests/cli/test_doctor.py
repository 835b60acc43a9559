"""The doctor at the database: silent while all is well, and it names each thing that was really broken, with a remedy."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import make_url, text

from app.cli.doctor.databases import about_isolation
from app.db.base import Base
from app.db.inspection.roles import PRED_LOCKS, normal, wanted_policies, wrong_policies
from app.db.inspection.server import OLDEST, Server, read_version
from app.db.install import administrator
from app.db.roles import roles_of
from tests.cli.running import Agoat
from tests.installations import administrator_of, installation


@pytest.fixture(scope="module")
def patient(admin_url: str) -> Iterator[dict[str, str]]:
    """An installation of its own that may be made ill."""
    with installation(admin_url) as made:
        yield made


def change(admin_url: str, addresses: dict[str, str], *statements: str) -> None:
    """What somebody with too many rights does to a database."""
    with administrator(administrator_of(admin_url, addresses)) as connection:
        for statement in statements:
            connection.execute(text(statement))


def examined(addresses: dict[str, str], **settings: str | None) -> tuple[int, dict[str, Any]]:
    """Exit code, and what the doctor says by check."""
    result = Agoat(addresses)("doctor", "--json", **settings)
    assert "Traceback" not in result.output
    passwords = {make_url(url).password for url in addresses.values()} - {None}
    assert not [password for password in passwords if password in result.output]
    checks = {check["check"]: check for check in json.loads(result.stdout)["checks"]}
    assert all(check["remedy"] for check in checks.values() if check["state"] in ("warn", "fail"))
    return result.exit_code, checks


def failed(checks: dict[str, Any]) -> set[str]:
    return {name for name, check in checks.items() if check["state"] == "fail"}


def test_a_sound_installation_is_sound_and_every_check_is_made(patient: dict[str, str]) -> None:
    code, checks = examined(patient)
    assert (code, failed(checks)) == (0, set())
    assert {name for name, check in checks.items() if check["state"] == "not checked"} == {"clock of Redis"}
    wanted = "addresses database dialect schema guard tables policies processes worker leases redis console mail"
    assert set(wanted.split()) <= checks.keys()
    assert checks["server version"]["said"].startswith("PostgreSQL 18.")
    assert checks["policies"]["state"] == checks["rights of app"]["state"] == checks["transactions of app"]["state"] == "ok"


def test_people_read_one_line_a_check_and_a_sum(patient: dict[str, str]) -> None:
    said = Agoat(patient)("doctor").stdout.splitlines()
    assert said[0].split() == ["CHECK", "STATE"]
    assert any(line.startswith("schema ") and " ok " in line for line in said)
    assert said[-1].endswith("1 not checked.")


def test_an_address_with_the_role_of_another_is_found(patient: dict[str, str]) -> None:
    code, checks = examined(patient | {"app": patient["backoffice"], "backoffice": patient["app"]})
    assert code == 1
    assert {"role app", "role backoffice"} <= failed(checks)
    assert "signs in as" in checks["role app"]["said"]


@pytest.mark.parametrize(
    ("ill", "well", "check", "said"),
    [
        ("DROP POLICY tenant ON content.posts", "", "policies", "content.posts has no policy tenant"),
        (
            "CREATE POLICY wide ON content.posts FOR SELECT TO {app} USING (true)",
            "DROP POLICY wide ON content.posts",
            "policies",
            "content.posts has a policy wide for {app}, which is not ours",
        ),
        (
            "GRANT DELETE ON audit.events TO {app}",
            "REVOKE DELETE ON audit.events FROM {app}",
            "rights of app",
            "has DELETE on audit.events",
        ),
        ("REVOKE SELECT ON ops.leases FROM {worker}", "GRANT SELECT ON ops.leases TO {worker}", "rights of worker", "lacks SELECT"),
        ("GRANT CREATE ON SCHEMA content TO {app}", "REVOKE CREATE ON SCHEMA content FROM {app}", "rights of app", "may create things"),
        (
            "ALTER TABLE content.posts NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE content.posts FORCE ROW LEVEL SECURITY",
            "row-level security",
            "content.posts",
        ),
        ("ALTER ROLE {reader} LOGIN", "ALTER ROLE {reader} NOLOGIN", "rights of reader", "may sign in"),
        (
            "GRANT SELECT ON identity.sessions TO {reader}",
            "REVOKE SELECT ON identity.sessions FROM {reader}",
            "rights of reader",
            "has SELECT",
        ),
        ("ALTER ROLE {owner} SUPERUSER", "ALTER ROLE {owner} NOSUPERUSER", "rights of owner", "is a superuser"),
        ("ALTER ROLE {app} BYPASSRLS", "ALTER ROLE {app} NOBYPASSRLS", "role app", "bypasses row-level security"),
        ("ALTER ROLE {worker} NOBYPASSRLS", "ALTER ROLE {worker} BYPASSRLS", "role worker", "would see no rows"),
        ("ALTER ROLE {directory} SUPERUSER", "ALTER ROLE {directory} NOSUPERUSER", "role directory", "is a superuser"),
    ],
)
def test_what_was_taken_down_is_named(admin_url: str, patient: dict[str, str], ill: str, well: str, check: str, said: str) -> None:
    roles = {role: roles_of(patient["app"])[role] for role in ("app", "worker", "directory", "reader", "owner")}
    tenant = "(customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid)"
    mended = well.format(**roles) or f"CREATE POLICY tenant ON content.posts FOR ALL TO {roles['app']} USING {tenant} WITH CHECK {tenant}"
    change(admin_url, patient, ill.format(**roles))
    try:
        code, checks = examined(patient)
    finally:
        change(admin_url, patient, mended)
    assert code == 1
    assert check in failed(checks)
    assert said.format(**roles) in checks[check]["said"]


def test_what_was_put_right_is_sound_again(patient: dict[str, str]) -> None:
    assert examined(patient)[0] == 0


def test_settings_of_a_role_that_were_lost_are_a_warning(admin_url: str, patient: dict[str, str]) -> None:
    role = roles_of(patient["app"])["app"]
    kept = {"default_transaction_isolation": "'serializable'", "statement_timeout": "'5s'", "enable_seqscan": "off"}
    change(admin_url, patient, *(f"ALTER ROLE {role} RESET {setting}" for setting in kept))
    try:
        code, checks = examined(patient)
    finally:
        change(admin_url, patient, *(f"ALTER ROLE {role} SET {setting} = {value}" for setting, value in kept.items()))
    assert (code, checks["transactions of app"]["state"]) == (0, "warn")
    assert all(setting in checks["transactions of app"]["said"] for setting in kept)


def test_a_server_that_is_too_old_or_has_too_few_locks_is_named(patient: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRED_LOCKS, "max_pred_locks_per_page", 65)
    code, checks = examined(patient)
    assert (code, checks["predicate locks"]["state"]) == (0, "warn")
    assert "max_pred_locks_per_page is 64" in checks["predicate locks"]["said"]
    monkeypatch.setitem(OLDEST, "postgresql", (99, 0))
    code, checks = examined(patient)
    assert (code, failed(checks)) == (1, {"server version"})
    assert checks["schema"]["said"] == "the check 'server version' failed"


def test_a_transaction_that_is_not_serializable_is_wrong() -> None:
    assert about_isolation("app", "read committed", []).state == "fail"
    assert about_isolation("app", "serializable", []).state == about_isolation("app", "SERIALIZABLE", []).state == "ok"


def test_an_old_schema_is_named_and_what_rests_on_it_is_not_judged(admin_url: str, patient: dict[str, str]) -> None:
    with administrator(administrator_of(admin_url, patient)) as connection:
        newest = connection.execute(text("SELECT version_num FROM ops.alembic_version")).scalar_one()
    change(admin_url, patient, "UPDATE ops.alembic_version SET version_num = '0003'")
    try:
        code, checks = examined(patient)
    finally:
        change(admin_url, patient, f"UPDATE ops.alembic_version SET version_num = '{newest}'")
    assert (code, failed(checks)) == (1, {"schema"})
    assert (checks["schema"]["remedy"], "schema 0003" in checks["schema"]["said"]) == ("Run: agoat migrate", True)
    assert checks["barriers between customers"]["state"] == checks["worker"]["state"] == "not checked"
    assert checks["role app"]["state"] == "ok"


def test_the_dialect_of_another_server_is_answered_with_the_address_to_write(patient: dict[str, str]) -> None:
    spoken = {role: url.replace("postgresql+", "cockroachdb+") for role, url in patient.items()}
    code, checks = examined(spoken)
    assert (code, failed(checks)) == (1, {"dialect"})
    assert "says cockroachdb, but PostgreSQL answers" in checks["dialect"]["said"]
    assert checks["dialect"]["remedy"].startswith(f"Write postgresql+psycopg://{roles_of(patient['app'])['app']}:***@")
    assert checks["schema"]["said"] == "the check 'dialect' failed"


def test_a_server_that_is_away_leaves_the_rest_to_be_checked(patient: dict[str, str]) -> None:
    away = {role: f"postgresql+psycopg://agoat_{role}:hidden-word@127.0.0.1:1/agoat" for role in patient}
    code, checks = examined(away)
    assert (code, failed(checks)) == (1, {"database"})
    assert "cannot be reached" in checks["database"]["said"]
    assert checks["schema"]["state"] == checks["jobs waiting"]["state"] == "not checked"
    assert checks["media library"]["state"] == "ok"


def test_a_wrong_password_is_told_without_the_password(patient: dict[str, str]) -> None:
    wrong = make_url(patient["worker"]).set(password="hidden-word").render_as_string(hide_password=False)
    code, checks = examined(patient | {"worker": wrong})
    assert (code, failed(checks)) == (1, {"database"})
    assert "AGOAT_WORKER_DATABASE_URL" in checks["database"]["said"]
    assert "hidden-word" not in json.dumps(checks)


def test_a_missing_address_is_a_finding_not_an_error(patient: dict[str, str]) -> None:
    code, checks = examined({role: url for role, url in patient.items() if role != "worker"})
    assert (code, failed(checks)) == (1, {"addresses"})
    assert "AGOAT_WORKER_DATABASE_URL" in checks["addresses"]["said"]


async def test_the_policies_of_a_fresh_database_are_exactly_the_wanted_ones(addresses: dict[str, str]) -> None:
    assert await wrong_policies(addresses["app"], Base.metadata, roles_of(addresses["app"]).prefix) == []
    assert len(wanted_policies(Base.metadata, "x")) > 40


@pytest.mark.parametrize(
    ("said", "server"),
    [
        ("PostgreSQL 18.1 on x86_64-pc-linux-gnu, compiled by gcc", Server("postgresql", (18, 1))),
        ("PostgreSQL 17beta1 on x86_64", Server("postgresql", (17, 0))),
        ("CockroachDB CCL v25.4.2 (x86_64-pc-linux-gnu, built 2026/01/01)", Server("cockroachdb", (25, 4))),
        ("CockroachDB CCL v26.1.0-alpha.1 (x86_64)", Server("cockroachdb", (26, 1))),
        ("MySQL 8", Server(None, (0, 0))),
    ],
)
def test_servers_are_told_by_their_own_words(said: str, server: Server) -> None:
    assert read_version(said) == server


@pytest.mark.parametrize(
    ("product", "version", "is_new_enough"),
    [
        ("postgresql", (18, 0), True),
        ("postgresql", (17, 9), False),
        ("cockroachdb", (25, 4), True),
        ("cockroachdb", (26, 2), True),
        ("cockroachdb", (25, 3), False),
        (None, (99, 0), False),
    ],
)
def test_old_servers_are_refused(product: str | None, version: tuple[int, int], is_new_enough: bool) -> None:
    assert Server(product, version).is_new_enough is is_new_enough


def test_the_two_servers_spellings_of_a_time_are_the_same_time() -> None:
    assert {normal(spelling) for spelling in ("5s", "5000", "5000ms", "00:00:05")} == {"5000"}
    assert normal("1min") == normal("60s") == normal("00:01:00")
    assert normal("off") != normal("on")


def test_the_replay_runs_on_the_server_that_was_named_and_nowhere_else(addresses: dict[str, str]) -> None:
    # Who may not create roles gets no further than the first step; tests/cli/test_replay.py goes all the way.
    result = Agoat({})("doctor", "--replay", addresses["migrator"], "--json")
    checks = {check["check"]: check for check in json.loads(result.stdout)["checks"]}
    assert (result.exit_code, checks["server version"]["state"], checks["replay: installation"]["state"]) == (1, "ok", "fail")
    assert "permission denied" in checks["replay: installation"]["said"]
    assert "addresses" not in checks


def test_a_replay_on_a_server_that_is_away_is_one_line_without_the_password() -> None:
    code, said = Agoat({}).refused("doctor", "--replay", "cockroachdb+psycopg://root:hidden-word@127.0.0.1:1/defaultdb")
    assert (code, len(said.splitlines())) == (1, 1)
    assert "cannot be reached" in said
    assert "hidden-word" not in said
