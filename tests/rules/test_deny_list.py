"""What one of the two databases lacks, does otherwise or does badly is written nowhere: not in migrations, not in models, not in queries.

Every exception stands in EXCEPTIONS with its reason. Texts that begin like a statement are read without regard to case; in all
other texts only capitals count, so that sentences for people stay free.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.house import HOUSE, House, Module, planted

STATEMENT = re.compile(
    r"\s*(\(?SELECT\b|INSERT\s+INTO|UPDATE\s+[\w.{}]+\s|DELETE\s+FROM|CREATE\s|ALTER\s|DROP\s|GRANT\s|REVOKE\s|WITH\s+\w+\s+AS|SET\s+\w|TRUNCATE\s|MERGE\s|UPSERT\s)",
    re.I,
)
RESERVED = (
    "family|none|concurrently|collation|authorization|cross|full|inner|ilike|is|isnull|join|left|like|natural"
    "|notnull|outer|overlaps|right|similar"
)
TYPES = "UUID|TEXT|BIGINT|SMALLINT|BOOLEAN|TIMESTAMP|TIMESTAMPTZ|JSONB|BYTEA|VARCHAR"
DENIED = {
    "advisory locks": r"pg_(try_)?advisory",
    "LISTEN, NOTIFY": r"\b(LISTEN|NOTIFY|UNLISTEN)\s+\w|pg_notify",
    "DEFERRABLE": r"\bDEFERRABLE\b|\bSET\s+CONSTRAINTS\b|\bINITIALLY\s+DEFERRED\b",
    "NULLS NOT DISTINCT": r"\bNULLS\s+NOT\s+DISTINCT\b",
    "NULLS FIRST or LAST in an index": r"\bCREATE\s+(UNIQUE\s+)?INDEX\b[^;]*\bNULLS\s+(FIRST|LAST)\b",
    "a key column in INCLUDE": r"\bINCLUDE\s*\([^)]*\b(customer_id|id)\b",
    "numbers made by the database": r"\b(BIG|SMALL)?SERIAL\b|\bAS\s+IDENTITY\b|\bnextval\b|\bCREATE\s+SEQUENCE\b",
    "uuidv7": r"\buuidv7\b|\buuid_generate",
    "UPSERT": r"\bUPSERT\s+INTO\b",
    "STORING": r"\bSTORING\s*\(",
    "USING HASH": r"\bUSING\s+HASH\b",
    "jsonb_path_ops": r"\bjsonb_path_ops\b",
    "AS OF SYSTEM TIME": r"\bAS\s+OF\s+SYSTEM\s+TIME\b",
    "SET for a whole session": r"^\s*SET\s+(SESSION\s+)?(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)\w+\s*(=|\bTO\b)",
    "SELECT *": r"\bSELECT\s+(DISTINCT\s+)?(\w+\.)?\*",
    "OFFSET": r"\bOFFSET\b",
    "REGCONFIG": r"\bregconfig\b",
    "websearch_to_tsquery": r"\bwebsearch_to_tsquery\b",
    "setweight": r"\bsetweight\b",
    "ESCAPE": r"\bESCAPE\s+'",
    "CREATE EXTENSION": r"\bCREATE\s+EXTENSION\b",
    "CREATE TYPE, DOMAIN, TRIGGER, FUNCTION": r"\bCREATE\s+(OR\s+REPLACE\s+)?(TYPE|DOMAIN|TRIGGER|FUNCTION|PROCEDURE|RULE)\b",
    "MERGE": r"\bMERGE\s+INTO\b",
    "RETURNING old or new": r"\bRETURNING\b[^;]*\b(old|new)\.",
    "ON CONSTRAINT": r"\bON\s+CONSTRAINT\b",
    "TRUNCATE": r"\bTRUNCATE\b",
    "SET NULL": r"\bSET\s+(NULL|DEFAULT)\b",
    "crdb_internal": r"\bcrdb_internal\b",
    "float and native enum columns": r"^\s+\w+\s+(REAL|FLOAT\d?|DOUBLE\s+PRECISION)\b",
    "a column named like a reserved word": rf"^\s+({RESERVED})\s+({TYPES})\b",
    "a name over 63 characters": r"\b[a-z_][a-z0-9_]{63,}\b",
}
# What division does to whole numbers differs, so it is looked for in statements only: elsewhere a slash is just a slash.
DIVISION = re.compile(r"(?<=[\w)])\s*//?\s*(?=[\w(])")
QUOTED = re.compile(r"'(?:[^']|'')*'")
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.S)
FORBIDDEN_NAMES = {"JSON", "Float", "Integer", "Enum", "UniqueConstraint", "Identity", "Sequence", "Double", "REAL", "ENUM"}
FORBIDDEN_FUNCTIONS = {"uuidv7", "setweight", "websearch_to_tsquery", "nextval", "pg_notify", "pg_advisory_lock", "pg_advisory_xact_lock"}
# (file or folder, what is found there) and why that is right.
EXCEPTIONS = {
    ("app/db/guard/", "SELECT *"): "a canary: a statement that the guard must refuse at the start",
    ("app/db/guard/", "numbers made by the database"): "the guard's own list of refused functions",
    ("app/db/schema_catalogue.py", "numbers made by the database"): "the search for them in the catalogue of a live database",
    ("app/db/schema.py", "CREATE TYPE, DOMAIN, TRIGGER, FUNCTION"): "the owned functions, a closed list that the guard knows by name",
    ("app/db/schema.py", "SET for a whole session"): "the clause that pins the search path of an owned function",
}


def findings(house: House) -> Iterator[tuple[str, str, int]]:
    """Every denied thing as file, name of the rule, and line."""
    for module in house.modules("app", "migrations"):
        if is_about_the_database(module):
            for line, text in module.strings():
                yield from ((module.path, rule, line) for rule in denied_in(text))
            yield from ((module.path, rule, line) for rule, line in denied_nodes(module))


def is_about_the_database(module: Module) -> bool:
    return module.parts[0] == "migrations" or module.parts[1:2] == ("db",) or bool(module.imported("sqlalchemy"))


def denied_in(text: str) -> list[str]:
    is_statement = bool(STATEMENT.match(text))
    plain = COMMENT.sub(" ", text) if is_statement else text
    flags = re.M | (re.I if is_statement else 0)
    found = [name for name, pattern in DENIED.items() if re.search(pattern, plain, flags)]
    return found + (["division"] if is_statement and DIVISION.search(QUOTED.sub("''", plain)) else [])


def denied_nodes(module: Module) -> Iterator[tuple[str, int]]:
    imported = {full.split(".")[-1] for full in module.imported("sqlalchemy").values()}
    yield from ((f"sqlalchemy.{name}", 1) for name in sorted(imported & FORBIDDEN_NAMES))
    for call, name in module.calls():
        words = {word.arg: word.value for word in call.keywords}
        last = name.split(".")[-1]
        if last in FORBIDDEN_FUNCTIONS and ".func." in f".{name}":
            yield f"func.{last}", call.lineno
        if last == "offset" and "." in name:
            yield "OFFSET", call.lineno
        if last in {"like", "ilike", "contains", "startswith", "endswith"} and words.keys() & {"escape", "autoescape"}:
            yield "ESCAPE", call.lineno
        if last == "Computed" and not (isinstance(words.get("persisted"), ast.Constant) and words["persisted"].value is True):
            yield "Computed that is not persisted", call.lineno


def is_excepted(path: str, rule: str) -> bool:
    return any(path.startswith(place) and rule == name for place, name in EXCEPTIONS)


def test_nothing_denied_is_written_anywhere() -> None:
    assert [f"{path}:{line}  {rule}" for path, rule, line in findings(HOUSE) if not is_excepted(path, rule)] == []


def test_no_exception_has_outlived_its_cause() -> None:
    found = {(path, rule) for path, rule, _ in findings(HOUSE)}
    stale = [
        exception for exception in EXCEPTIONS if not any(path.startswith(exception[0]) and rule == exception[1] for path, rule in found)
    ]
    assert stale == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_advisory_xact_lock(1)",
        "LISTEN changes",
        "ALTER TABLE a ADD CONSTRAINT b FOREIGN KEY (c) REFERENCES d (e) DEFERRABLE",
        "create unique index on a (b) nulls not distinct",
        "CREATE INDEX ON a (customer_id, b DESC NULLS LAST)",
        "CREATE INDEX ON a (b) INCLUDE (title, id)",
        "CREATE TABLE a (\n    id BIGSERIAL)",
        "CREATE TABLE a (\n    id BIGINT GENERATED ALWAYS AS IDENTITY)",
        "SELECT nextval('s')",
        "SELECT uuidv7()",
        "UPSERT INTO a VALUES (1)",
        "CREATE INDEX ON a (b) STORING (c)",
        "CREATE INDEX ON a (b) USING HASH",
        "CREATE INDEX ON a USING gin (b jsonb_path_ops)",
        "SELECT a FROM b AS OF SYSTEM TIME follower_read_timestamp()",
        "SET search_path TO x",
        "SET SESSION statement_timeout = 5",
        "select * from a",
        "SELECT a FROM b LIMIT 5 OFFSET 10",
        "SELECT a / 2 FROM b",
        "SELECT a // 2 FROM b",
        "SELECT to_tsvector('simple'::regconfig, a) FROM b",
        "SELECT websearch_to_tsquery('a')",
        "SELECT setweight(a, 'A') FROM b",
        "SELECT a FROM b WHERE c LIKE 'x' ESCAPE '/'",
        "CREATE EXTENSION pg_trgm",
        "CREATE TYPE a AS ENUM ('b')",
        "CREATE OR REPLACE FUNCTION a() RETURNS b LANGUAGE SQL AS ''",
        "MERGE INTO a USING b ON c",
        "UPDATE a SET b = 1 RETURNING old.b",
        "INSERT INTO a VALUES (1) ON CONFLICT ON CONSTRAINT b DO NOTHING",
        "TRUNCATE a",
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c ON DELETE SET NULL",
        "SELECT a FROM crdb_internal.tables",
        "CREATE TABLE a (\n    family TEXT NOT NULL)",
        "CREATE TABLE a (\n    price REAL NOT NULL)",
        f"CREATE INDEX {'x' * 64} ON a (b)",
    ],
)
def test_the_rule_finds_each_denied_form(tmp_path: Path, statement: str) -> None:
    house = planted(
        tmp_path,
        {
            "migrations/versions/0001_x.py": f"SQL = {statement!r}\n",
            "app/content/repository.py": f"import sqlalchemy\nSQL = {statement!r}\n",
        },
    )
    assert {path for path, _, _ in findings(house)} == {"migrations/versions/0001_x.py", "app/content/repository.py"}


@pytest.mark.parametrize(
    "code",
    [
        "from sqlalchemy import Enum",
        "import sqlalchemy as sa\nx = sa.func.setweight(a)",
        "import sqlalchemy\nx = statement.limit(5).offset(5)",
        "import sqlalchemy\nx = Post.title.contains('a', autoescape=True)",
        "import sqlalchemy\nx = Computed('a')",
        "import sqlalchemy\nx = ForeignKey('a.b', ondelete='SET NULL')",
    ],
)
def test_the_rule_finds_each_denied_call(tmp_path: Path, code: str) -> None:
    assert len(list(findings(planted(tmp_path, {"app/content/models.py": code + "\n"})))) == 1


@pytest.mark.parametrize(
    "harmless",
    [
        "Pictures/offset by a margin; see what the set default is.",
        "SELECT a, b FROM identity.users WHERE c = 'SET / NULL' -- a / b",
        "SET LOCAL lock_timeout = 2000",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "UPDATE a SET b = NULL WHERE c",
        "CREATE INDEX ON a (customer_id, b DESC)",
    ],
)
def test_the_rule_leaves_harmless_text_alone(harmless: str) -> None:
    assert denied_in(harmless) == []
