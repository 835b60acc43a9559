"""Mutants of barrier 2: every policy dropped, opened, given to others, and row-level security taken down, table by table."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table

from app.db.schema import PIN
from tests.db.planting import ACME, CUSTOMERS, GLOBEX, a_row, tenant_column
from tests.mutants.stage import DENIED, Mutant, Outcome, Probe, Stage, gives

BARE_PIN = "current_setting('app.customer_id', true)"
# Under row-level security without a column that says whose a row is: the role of the doors sees none of them.
PEOPLE = "identity.users"


def column_of(table: Table) -> str | None:
    """The column to which the policy of the doors is pinned; None where they have no policy."""
    return tenant_column(table) if "app" in table.info["grants"] else None


class Acts:
    """The deeds that are tried on one table. The role may do everything with it, so that only its policies stand in the way."""

    def __init__(self, stage: Stage, table: Table) -> None:
        self.name, self.column = table.fullname, column_of(table)
        self.count = f"SELECT count(*) FROM {self.name}"
        row = a_row(table, GLOBEX, stage.ground.rows[GLOBEX], salt="new")
        # A customer is its own tenant, so a row of his for another is one with another id.
        self.foreign = stage.insertion(table, row | {"id": "00000000-0000-0000-0000-000000000007"} if self.column == "id" else row)
        self.own = stage.insertion(table, a_row(table, ACME, stage.ground.rows[ACME], salt="new"))

    def by(self, role: str, said: str, deed: str, passes: Any, tenant: Any = ACME) -> Probe:
        """A deed of a role that has every right on the table."""
        setup = f"GRANT USAGE ON SCHEMA {self.name.split('.')[0]} TO {{{role}}}; GRANT ALL ON {self.name} TO {{{role}}}"
        return Probe(f"{self.name}: {said}", deed, passes, role, setup, tenant)

    def own_row(self) -> Probe:
        return self.by("app", "the customer's own row is seen", self.count, gives(1))

    def nothing_without(self) -> Probe:
        return self.by("app", "without a tenant nothing is seen", self.count, gives(0), None)

    def nothing_when_empty(self) -> Probe:
        return self.by("app", "with an empty tenant nothing is seen and nothing fails", self.count, gives(0), "")

    def foreign_refused(self) -> Probe:
        return self.by("app", "a row for another customer is refused", self.foreign, lambda outcome: outcome.refusal == DENIED)

    def own_accepted(self) -> Probe:
        return self.by("app", "a row of the customer's own is accepted", self.own, lambda outcome: outcome.refusal != DENIED)

    def owner_sees_nothing(self) -> Probe:
        return self.by("owner", "the owner of the table sees nothing", self.count, gives(0))


def policies_of(stage: Stage, table: Table) -> Iterator[Mutant]:
    """Every mutant of one table's row-level security."""
    acts, name = Acts(stage, table), table.fullname
    owner = acts.owner_sees_nothing()
    yield Mutant(f"{name} without row-level security", f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY", owner)
    yield Mutant(f"{name} without FORCE", f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY", owner)
    yield Mutant(f"{name} open to everybody", f"CREATE POLICY more ON {name} USING (true)", owner)
    if acts.column is not None:
        yield from policy_of_the_tenant(acts)
    if "directory" in table.info["grants"]:
        yield from policy_of_the_directory(acts)
    if name == PEOPLE:
        nobody = acts.by("app", "the doors see nobody", acts.count, gives(0))
        yield Mutant(f"{name} open to the doors", f"CREATE POLICY more ON {name} TO {{app}} USING (true)", nobody)


def policy_of_the_tenant(acts: Acts) -> Iterator[Mutant]:
    """The policy that pins the doors to their customer."""
    name, pin = acts.name, f"{acts.column} = {PIN}"
    own, alter = acts.own_row(), f"ALTER POLICY tenant ON {name}"
    again = f"DROP POLICY tenant ON {name}; CREATE POLICY tenant ON {name}"
    yield Mutant(f"{name} without its policy", f"DROP POLICY tenant ON {name}", own)
    yield Mutant(f"{name} USING true", f"{alter} USING (true)", own)
    yield Mutant(f"{name} USING another column", f"{alter} USING ({acts.column} IS NOT NULL)", own)
    yield Mutant(f"{name} open where no tenant is set", f"{alter} USING (NULLIF({BARE_PIN}, '') IS NULL OR {pin})", acts.nothing_without())
    yield Mutant(f"{name} without NULLIF", f"{alter} USING ({acts.column} = {BARE_PIN}::uuid)", acts.nothing_when_empty())
    yield Mutant(f"{name} WITH CHECK true", f"{alter} WITH CHECK (true)", acts.foreign_refused())
    yield Mutant(f"{name} WITH CHECK false", f"{alter} WITH CHECK (false)", acts.own_accepted())
    yield Mutant(f"{name} for reading only", f"{again} FOR SELECT TO {{app}} USING ({pin})", acts.own_accepted())
    yield Mutant(f"{name} to the owner", f"{alter} TO {{owner}}", acts.own_row())
    yield Mutant(f"{name} to everybody", f"{alter} TO PUBLIC", acts.owner_sees_nothing())
    yield Mutant(f"{name} restrictive", f"{again} AS RESTRICTIVE TO {{app}} USING ({pin}) WITH CHECK ({pin})", own)
    yield Mutant(f"{name} with one more policy", f"CREATE POLICY more ON {name} TO {{app}} USING (true)", own)


def policy_of_the_directory(acts: Acts) -> Iterator[Mutant]:
    """The policy by which a person, a host or a key is found before the tenant is known."""
    name, alter = acts.name, f"ALTER POLICY directory ON {acts.name}"
    everybody = acts.by("directory", "the directory sees every row", acts.count, gives(len(CUSTOMERS)), None)
    yield Mutant(f"{name} without the directory's policy", f"DROP POLICY directory ON {name}", everybody)
    yield Mutant(f"{name} hidden from the directory", f"{alter} USING (false)", everybody)
    doors = acts.own_row() if acts.column else acts.by("app", "the doors see nobody", acts.count, gives(0))
    yield Mutant(f"{name} with the directory's policy for the doors", f"{alter} TO {{app}}", doors)
    yield Mutant(f"{name} with the directory's policy for everybody", f"{alter} TO PUBLIC", acts.owner_sees_nothing())


def without_check(stage: Stage, table: Table) -> Outcome:
    """What comes of a foreign row where the policy has no WITH CHECK: PostgreSQL then checks by USING, so nothing is opened."""
    acts = Acts(stage, table)
    bare = f"DROP POLICY tenant ON {acts.name}; CREATE POLICY tenant ON {acts.name} TO {{app}} USING ({acts.column} = {PIN})"
    return stage.outcome(acts.foreign_refused(), bare)
