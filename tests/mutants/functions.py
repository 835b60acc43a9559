"""Mutants of the owned functions: every pin of every body taken out, and all that makes them owned turned round."""

import re
from collections.abc import Callable, Iterator

from app.db.functions import EARLIEST, FUNCTIONS, LATEST, NO_ID
from app.db.schema import PIN
from tests.db.planting import ACME, GLOBEX
from tests.mutants.grants import EVERYONE, TABLES, given
from tests.mutants.keys import CHECKED, UNCHECKED
from tests.mutants.stage import Mutant, Outcome, Probe, Stage, denied, gives, not_denied

# A function of the same name that stands in front of the search path.
HIJACK = (
    "CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC; CREATE FUNCTION evil.current_setting(text, boolean) RETURNS text "
    f"LANGUAGE sql AS $f$ SELECT '{GLOBEX}' $f$; SET LOCAL search_path = evil, pg_catalog"
)

# Versions point to nothing by a key, so the planted ones are made those of the planted things.
LINKED = (
    "UPDATE content.post_versions v SET thing_id = t.id, version = t.version, site_id = t.site_id FROM content.posts t "
    "WHERE t.customer_id = v.customer_id; UPDATE catalog.product_versions v SET thing_id = t.id, version = t.version "
    "FROM catalog.products t WHERE t.customer_id = v.customer_id"
)


class Owned:
    """One owned function as the server has it, and a call of it that lists Acme's one row."""

    def __init__(self, stage: Stage, name: str) -> None:
        asked = "SELECT prosrc, proargnames, pg_get_function_identity_arguments(oid) FROM pg_proc WHERE oid = %s::regproc"
        self.name, self.schema = name, name.split(".")[0]
        self.body, names, typed = stage.connection.execute(asked, [name]).fetchone() or ("", [], "")
        types = [part.split(" ", 1)[1] for part in typed.split(", ")]
        values = self.arguments(stage)
        self.signature = f"{name}({', '.join(types)})"
        arguments = [f"'{values[name]}'::{kind}" for name, kind in zip(names[: FUNCTIONS[name]], types, strict=True)]
        self.call = f"SELECT count(*) FROM {name}({', '.join(arguments)})"

    def arguments(self, stage: Stage) -> dict[str, object]:
        """The value of each argument by its name; a new name stands here before a new function can be tried."""
        rows = stage.ground.rows[ACME]
        edge_at, edge_id = EARLIEST if "newer" in self.name else LATEST
        return {
            "wanted_site": rows["tenancy.sites"]["id"], "wanted_kind": "post", "wanted_lang": rows["content.publications"]["lang"],
            "wanted_view": "live", "wanted_words": "", "wanted_author": NO_ID, "wanted_tag": rows["content.tags"]["id"], "wanted_state": "",
            "edge_at": edge_at, "edge_id": edge_id if "edge_at" in self.header(stage) else NO_ID, "how_many": 1000,
        }  # fmt: skip

    def header(self, stage: Stage) -> str:
        """The arguments as they are declared."""
        row = stage.connection.execute("SELECT pg_get_function_arguments(%s::regproc)", [self.name]).fetchone()
        return str(row[0] if row else "")

    def with_body(self, body: str) -> str:
        """The change to another body."""
        return f"UPDATE pg_proc SET prosrc = $b${body}$b$ WHERE oid = '{self.signature}'::regprocedure"

    def called(self, said: str, passes: Callable[[Outcome], bool], setup: str = "", role: str = "app") -> Probe:
        """A call as Acme."""
        before = "; ".join(part for part in (LINKED, setup) if part)
        return Probe(f"{self.name}: {said}", self.call, passes, role, before, ACME)


def functions_of(stage: Stage, name: str) -> Iterator[Mutant]:
    """Every mutant of one owned function."""
    owned = Owned(stage, name)
    yield from pins(owned)
    yield from rights(owned)
    alone = owned.called("it gives the row below row-level security", gives(1), setup=below(owned))
    yield Mutant(f"{name} SECURITY INVOKER", f"ALTER FUNCTION {owned.signature} SECURITY INVOKER", alone)
    hijacked = owned.called("nothing in front of the search path is believed", gives(1), setup=f"{HIJACK}; {lone(owned, ACME)}")
    yield Mutant(f"{name} without search path", f"ALTER FUNCTION {owned.signature} RESET ALL", hijacked)
    yield from owners(owned)


def pins(owned: Owned) -> Iterator[Mutant]:
    """Each table of the body without its pin; the row of Acme that it would give is gone, so that only another's could come."""
    tables = {alias: table for table, alias in re.findall(r"(?:FROM|JOIN) (\w+\.\w+) (\w+)", owned.body)}
    for alias, table in tables.items():
        pin = f"{alias}.customer_id = {PIN}"
        assert owned.body.count(pin) == 1, f"{owned.name}: {alias} is pinned {owned.body.count(pin)} times"
        gone = f"{UNCHECKED}; DELETE FROM {table} WHERE customer_id = '{ACME}'; {CHECKED}"
        probe = owned.called(f"{table} gives no other customer's row", gives(0), setup=gone)
        yield Mutant(f"{owned.name} without the pin of {alias}", owned.with_body(owned.body.replace(pin, "true")), probe)
        open_pin = pin.replace(PIN, f"coalesce({PIN}, {alias}.customer_id)")
        nobody = Probe(f"{owned.name}: without a tenant {table} gives nothing", owned.call, gives(0), "app", LINKED, "")
        if len(tables) == 1:
            yield Mutant(f"{owned.name} open where no tenant is set", owned.with_body(owned.body.replace(pin, open_pin)), nobody)


def rights(owned: Owned) -> Iterator[Mutant]:
    """EXECUTE given to each other role and to everybody, and taken from the doors."""
    execute = f"EXECUTE ON FUNCTION {owned.signature}"
    doors = owned.called("the doors may call it", not_denied)
    yield Mutant(f"{owned.name} not for the doors", f"REVOKE {execute} FROM {{app}}", doors)
    for role in ("directory", "worker", "backoffice", "owner"):
        usage = f"GRANT USAGE ON SCHEMA {owned.schema} TO {{{role}}}; REVOKE {{reader}} FROM {{owner}}"
        probe = owned.called(f"{role} may not call it", denied, setup=usage, role=role)
        yield Mutant(f"{owned.name} for {role}", f"GRANT {execute} TO {{{role}}}", probe)
        if role == "worker":
            yield Mutant(f"{owned.name} for everybody", f"GRANT {execute} TO PUBLIC", probe)


def owners(owned: Owned) -> Iterator[Mutant]:
    """The function given to each other role: its body could then reach more than it names."""
    beyond = [table for table in TABLES if not given(table, "reader")]
    looks = "; ".join(
        f"BEGIN EXECUTE 'SELECT 1 FROM {table} WHERE false'; RETURN true; EXCEPTION WHEN insufficient_privilege THEN NULL; END"
        for table in beyond
    )
    probe = Probe(
        f"{owned.name}: its owner reads nothing but what bodies name", "SELECT pg_temp.reach()", gives(False), setup=reach(owned, looks)
    )
    for role in EVERYONE:
        if role != "reader":
            yield Mutant(f"{owned.name} owned by {role}", f"ALTER FUNCTION {owned.signature} OWNER TO {{{role}}}", probe)


def reach(owned: Owned, looks: str) -> str:
    """A function of the same owner that tries to read every table beside those of the bodies."""
    owner = f"(SELECT proowner::regrole::text FROM pg_proc WHERE oid = '{owned.signature}'::regprocedure)"
    made = f"CREATE FUNCTION pg_temp.reach() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $r$ BEGIN {looks}; RETURN false; END $r$"
    return f"{made}; DO $d$ BEGIN EXECUTE 'ALTER FUNCTION pg_temp.reach() OWNER TO ' || {owner}; END $d$"


def below(owned: Owned) -> str:
    """No policy lets the doors see a row of the tables in the body."""
    tables = sorted(set(re.findall(r"(?:FROM|JOIN) (\w+\.\w+)", owned.body)))
    return "; ".join(f"DROP POLICY tenant ON {table}" for table in tables)


def lone(owned: Owned, customer: object) -> str:
    """Only one customer has rows in the tables of the body."""
    tables = sorted(set(re.findall(r"(?:FROM|JOIN) (\w+\.\w+)", owned.body)))
    deletes = "; ".join(f"DELETE FROM {table} WHERE customer_id <> '{customer}'" for table in tables)
    return f"{UNCHECKED}; {deletes}; {CHECKED}"
