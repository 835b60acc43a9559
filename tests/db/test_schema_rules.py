"""`check_schema` finds nothing in a migrated database, and each rule finds what is planted against it, whoever asks."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from app.db.migrate import connected
from app.db.roles import roles_of
from app.db.schema_catalogue import Policy
from app.db.schema_rules import RULES, check_schema, schema_findings
from app.db.selfcheck import require_sound
from app.errors import Conflict
from tests.cli.running import Agoat
from tests.db.planting import Ground

# What is done to a sound database by hand, and a word of what is then said under the rule; {p} begins the names of the roles.
LETTERS = "CREATE TABLE content.letters (customer_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (customer_id, id))"
PLANTED = [
    ("schemas", "CREATE TABLE public.bad (id bigint)", "public.bad lies outside"),
    ("schemas", "CREATE SCHEMA more; CREATE TABLE more.bad (customer_id uuid)", "more.bad lies outside"),
    ("schemas", "CREATE VIEW public.bad AS SELECT title FROM content.posts", "public.bad lies outside"),
    ("kinds of things", "CREATE VIEW content.bad AS SELECT title FROM content.posts", "content.bad is a view"),
    ("kinds of things", "CREATE MATERIALIZED VIEW content.bad AS SELECT title FROM content.posts", "is a materialised view"),
    ("kinds of things", "CREATE SEQUENCE ops.bad", "ops.bad is a sequence"),
    ("kinds of things", "CREATE TYPE content.bad AS ENUM ('x')", "content.bad is a type of its own"),
    ("kinds of things", "CREATE DOMAIN content.bad AS text", "content.bad is a type of its own"),
    (
        "kinds of things",
        "CREATE TRIGGER bad BEFORE UPDATE ON content.posts EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "content.posts.bad is a trigger",
    ),
    ("kinds of things", "ALTER TABLE content.tags ADD CONSTRAINT bad UNIQUE (customer_id, label)", "content.bad is a unique constraint"),
    ("kinds of things", "CREATE RULE bad AS ON UPDATE TO content.posts DO INSTEAD NOTHING", "content.posts.bad is a rule"),
    ("kinds of things", "CREATE EXTENSION dblink", "dblink is a extension"),
    ("owners", "ALTER TABLE content.posts OWNER TO {p}_worker", "content.posts belongs to {p}_worker, not to {p}_owner"),
    (
        "customers in keys",
        "CREATE TABLE content.letters (customer_id uuid)",
        "content.letters.customer_id is no UUID",
    ),
    ("customers in keys", "CREATE TABLE content.letters (customer_id bigint NOT NULL)", "content.letters.customer_id is no UUID"),
    ("tables of customers", "CREATE TABLE content.letters (id uuid PRIMARY KEY)", "content.letters has no customer_id"),
    ("row-level security of tables", LETTERS, "not enabled and forced on content.letters"),
    ("row-level security of tables", "ALTER TABLE content.posts NO FORCE ROW LEVEL SECURITY", "not enabled and forced on content.posts"),
    ("row-level security of tables", "ALTER TABLE identity.users DISABLE ROW LEVEL SECURITY", "not enabled and forced on identity.users"),
    ("policies", "DROP POLICY tenant ON content.posts", "content.posts lacks the policy tenant"),
    ("policies", "DROP POLICY directory ON tenancy.domains", "tenancy.domains lacks the policy directory"),
    ("policies", f"{LETTERS}; GRANT SELECT ON content.letters TO {{p}}_app", "content.letters lacks the policy tenant"),
    ("policies", "ALTER POLICY tenant ON content.posts TO PUBLIC", "the policy tenant of content.posts is for public"),
    ("policies", "CREATE POLICY more ON content.posts TO {p}_app USING (true)", "the policy more of content.posts is for {p}_app"),
    ("policies", "ALTER POLICY tenant ON content.posts USING (true)", "does not compare customer_id with the customer"),
    ("policies", "ALTER POLICY tenant ON content.posts WITH CHECK (true)", "does not compare customer_id with the customer"),
    ("policies", "ALTER POLICY tenant ON content.posts USING (customer_id = customer_id OR title = 'x')", "does not compare customer_id"),
    ("grants", LETTERS, "content.letters is granted to no role"),
    ("grants", "GRANT SELECT ON content.posts TO PUBLIC", "content.posts is granted to everybody"),
    ("indexes", "CREATE INDEX bad ON content.posts (site_id)", "bad of content.posts begins with site_id"),
    ("indexes", "CREATE UNIQUE INDEX bad ON content.posts (id) WHERE slug = 'x'", "bad of content.posts begins with id"),
    ("indexes", "CREATE INDEX bad ON content.posts (lower(title))", "bad of content.posts begins with an expression"),
    ("indexes on what changes", "CREATE INDEX bad ON content.posts (customer_id, updated_at)", "bad of content.posts has updated_at"),
    ("indexes on what changes", "CREATE INDEX bad ON catalog.products (customer_id, id, version)", "bad of catalog.products has version"),
    (
        "valid indexes",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'content.ix_posts_author'::regclass",
        "ix_posts_author is not valid",
    ),
    (
        "newest keys",
        "CREATE INDEX bad ON content.posts (customer_id, kind)",
        "pk_posts of content.posts is older than bad and passed over",
    ),
    (
        "foreign keys",
        "ALTER TABLE content.tags ADD CONSTRAINT bad FOREIGN KEY (site_id, customer_id) REFERENCES tenancy.sites (id, customer_id)",
        "bad of content.tags does not carry the customer",
    ),
    (
        "foreign keys",
        "ALTER TABLE content.tags ADD CONSTRAINT bad FOREIGN KEY (customer_id, site_id) REFERENCES tenancy.sites DEFERRABLE",
        "bad of content.tags empties columns or waits",
    ),
    (
        "foreign keys",
        "ALTER TABLE content.tags ADD CONSTRAINT bad FOREIGN KEY (customer_id, site_id) REFERENCES tenancy.sites ON DELETE SET NULL",
        "bad of content.tags empties columns or waits",
    ),
    *(
        ("column types", f"ALTER TABLE content.tags ADD bad {kind}", f"content.tags.bad is {said}")
        for kind, said in {
            "integer": "of type integer", "double precision": "of type double precision", "numeric(9,2)": "of type numeric",
            "json": "of type json",
            "timestamp": "of type timestamp without time zone", "varchar": "of type character varying", "bigserial": "made by the database",
            "text[]": "of type text", "bigint GENERATED ALWAYS AS IDENTITY": "made by the database", "inet": "of type inet",
        }.items()
    ),
    ("functions", "CREATE FUNCTION content.bad() RETURNS bigint LANGUAGE sql AS 'SELECT 1'", "content.bad is not one of the product"),
    ("functions", "CREATE FUNCTION public.bad() RETURNS bigint LANGUAGE sql AS 'SELECT 1'", "public.bad is not one of the product"),
    ("functions", "ALTER FUNCTION content.posts_page SECURITY INVOKER", "content.posts_page must belong to {p}_reader"),
    ("functions", "GRANT EXECUTE ON FUNCTION content.posts_page TO PUBLIC", "content.posts_page must belong to {p}_reader"),
    ("functions", "ALTER FUNCTION content.posts_page OWNER TO {p}_owner", "content.posts_page must belong to {p}_reader"),
    ("functions", "DROP FUNCTION content.posts_page", "the function content.posts_page is missing"),
]  # fmt: skip


@pytest.fixture(scope="module")
def live(ground: Ground) -> Iterator[Connection]:
    engine = create_engine(ground.admin)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def problems(connection: Connection) -> dict[str, str]:
    """What is wrong, by the name of the rule."""
    return {finding.check.removeprefix("schema: "): finding.problem for finding in check_schema(connection) if finding.problem}


@pytest.mark.parametrize("role", ["app", "directory", "worker", "backoffice", "migrator"])
def test_a_migrated_database_keeps_every_rule_whoever_looks(ground: Ground, role: str) -> None:
    found = schema_findings(ground.addresses[role])
    assert [finding.problem for finding in found] == [None] * len(RULES)
    assert [finding.check for finding in found] == [f"schema: {rule}" for rule in RULES]


@pytest.mark.parametrize(("rule", "done", "told"), PLANTED)
def test_a_rule_finds_what_was_planted_against_it(live: Connection, ground: Ground, rule: str, done: str, told: str) -> None:
    with live.begin_nested() as planted:
        for statement in done.format(p=ground.prefix).split("; "):
            live.execute(text(statement))
        found = problems(live)
        planted.rollback()
    assert told.format(p=ground.prefix) in found[rule]
    assert found[rule].endswith(("then run: agoat doctor", "Run: agoat migrate"))
    assert problems(live) == {}


def test_every_rule_has_something_planted_against_it() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(RULES)


def test_an_unmigrated_database_is_told_apart_from_a_sound_one(ground: Ground) -> None:
    engine = create_engine(ground.admin)
    with engine.connect() as connection:
        connection.execute(text("DROP SCHEMA content, catalog, audit, identity, ops, tenancy CASCADE"))
        assert problems(connection) == {"schemas": "The schemas of the product are not there. Run: agoat init"}
    engine.dispose()


def test_migrate_says_what_was_changed_by_hand(ground: Ground) -> None:
    agoat = Agoat(ground.addresses)
    assert agoat("migrate").exit_code == 0
    with connected(ground.addresses["migrator"]) as connection:
        roles = roles_of(ground.addresses["migrator"])
        try:
            connection.execute(text(f"SET ROLE {roles['owner']}"))
            connection.execute(text("CREATE INDEX bad ON content.posts (slug)"))
            connection.execute(text("RESET ROLE"))
            code, said = agoat.refused("migrate", "--check")
            with pytest.raises(Conflict, match="bad of content"):
                require_sound(check_schema(connection))
        finally:
            connection.execute(text("DROP INDEX IF EXISTS content.bad"))
    assert (code, "bad of content.posts begins with slug, not with customer_id" in said) == (1, True)


def test_migrate_makes_keys_anew_that_are_older_than_other_indexes(ground: Ground) -> None:
    with connected(ground.addresses["migrator"]) as connection:
        roles = roles_of(ground.addresses["migrator"])
        connection.execute(text(f"SET ROLE {roles['owner']}"))
        try:
            for table in ("posts", "tags"):
                connection.execute(text(f"CREATE INDEX more_{table} ON content.{table} (customer_id, id)"))
            assert "pk_tags of content.tags is older than more_tags" in problems(connection)["newest keys"]
            result = Agoat(ground.addresses)("migrate")
            assert result.exit_code == 0, result.stderr
            assert "2 of 2: primary key of content.tags made anew" in result.stderr
            assert problems(connection) == {}
        finally:
            for table in ("posts", "tags"):
                connection.execute(text(f"DROP INDEX IF EXISTS content.more_{table}"))


COCKROACH = "customer_id = NULLIF(current_setting('app.customer_id':::STRING, true), '':::STRING)::UUID"


@pytest.mark.parametrize(
    ("condition", "is_pinned"),
    [
        (COCKROACH, True),
        ("(customer_id = (NULLIF(current_setting('app.customer_id'::text, true), ''::text))::uuid)", True),
        (f"{COCKROACH} OR true", False),
        (COCKROACH.replace("customer_id =", "site_id ="), False),
        (COCKROACH.replace("'app.customer_id'", "'app.other'"), False),
        ("true", False),
    ],
)
def test_the_pin_is_known_as_either_server_writes_it(condition: str, is_pinned: bool) -> None:
    assert Policy("tenant", ["agoat_app"], condition, condition).is_pinned_to("customer_id") is is_pinned
    assert not Policy("tenant", ["agoat_app"], condition, "true").is_pinned_to("customer_id")
