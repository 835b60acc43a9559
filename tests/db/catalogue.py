"""What a database really contains, read from its catalogue as sets of sentences that two databases can be compared by.

The names of roles are given without the prefix of their installation.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, create_engine, text

OURS = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
RIGHTS = (
    "coalesce((SELECT string_agg(g.privilege_type || ' to ' || CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END, ', '"
)
RIGHTS += " ORDER BY g.grantee::regrole::text, g.privilege_type) FROM aclexplode({}) g), 'default')"
QUERIES = {
    "tables": f"""
        SELECT format('%s.%s kind=%s owner=%s rls=%s forced=%s options=%s rights=%s', n.nspname, c.relname, c.relkind,
          c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, {RIGHTS.format("c.relacl")})
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind NOT IN ('i', 't', 'c') AND {OURS}""",
    "columns": f"""
        SELECT format('%s.%s.%s %s not null=%s default=%s generated=%s identity=%s', n.nspname, c.relname, a.attname,
          format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND {OURS}""",
    "indexes": f"""
        SELECT format('%s valid=%s', pg_get_indexdef(i.indexrelid), i.indisvalid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}""",
    "newest indexes": f"""
        SELECT format('%s.%s %s', n.nspname, c.relname, (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
          WHERE i.indrelid = c.oid ORDER BY i.indexrelid DESC LIMIT 1))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND {OURS}""",
    "constraints": f"""
        SELECT format('%s.%s %s %s deferrable=%s valid=%s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid),
          k.condeferrable, k.convalidated)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}""",
    "policies": f"""
        SELECT format('%s.%s %s permissive=%s for %s to %s using (%s) check (%s)', n.nspname, c.relname, p.polname, p.polpermissive,
          p.polcmd, (SELECT string_agg(r::regrole::text, ',' ORDER BY 1) FROM unnest(p.polroles) r),
          pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}""",
    "functions": f"""
        SELECT format('%s.%s(%s) %s owner=%s definer=%s volatility=%s settings=%s rights=%s body=%s', n.nspname, p.proname,
          pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.proowner::regrole, p.prosecdef, p.provolatile,
          p.proconfig, {RIGHTS.format("p.proacl")}, p.prosrc)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {OURS}""",
    "schemas": f"""
        SELECT format('%s owner=%s rights=%s', n.nspname, n.nspowner::regrole, {RIGHTS.format("n.nspacl")})
        FROM pg_namespace n WHERE {OURS}""",
    "types": f"""
        SELECT format('%s.%s %s', n.nspname, t.typname, t.typtype) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE t.typtype NOT IN ('b', 'c') AND {OURS}""",
    "triggers": f"""
        SELECT format('%s.%s %s', n.nspname, c.relname, g.tgname) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT g.tgisinternal AND {OURS}""",
}
Catalogue = dict[str, set[str]]


def read(connection: Connection, prefix: str) -> Catalogue:
    """Everything of our schemas; `prefix` is what the installation's roles begin with."""
    found: Catalogue = defaultdict(set)
    for name, query in QUERIES.items():
        found[name] = {line.replace(f"{prefix}_", "") for line in connection.scalars(text(query))}
    return found


def read_from(admin: str, prefix: str) -> Catalogue:
    """The same of the database at an administrator's address."""
    engine = create_engine(admin)
    with engine.connect() as connection:
        found = read(connection, prefix)
    engine.dispose()
    return found


def differences(one: Catalogue, other: Catalogue) -> dict[str, Any]:
    """What only one of two databases has, by kind; empty when they are the same."""
    pairs = {kind: (sorted(one[kind] - other[kind]), sorted(other[kind] - one[kind])) for kind in QUERIES}
    return {kind: pair for kind, pair in pairs.items() if pair != ([], [])}
