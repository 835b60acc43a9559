"""The acts that are tried on a bench: executions, rows entering a session, and units writing around the repository."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, create_engine, delete, event, func, insert, literal, select, text, tuple_, update
from sqlalchemy.orm import Session, make_transient_to_detached, sessionmaker
from sqlalchemy.schema import CreateTable
from sqlalchemy.util import IdentitySet

from app.db.base import Base as Product
from app.db.guard import install, prove, refuse_foreign
from app.db.rules import shared_rules, tenant_rules
from app.db.work import RECORDED, RecordedSession
from tests.db.guard_schema import ACME, DIALECTS, GLOBEX, RULES, Comment, Country, Customer, Post, Site
from tests.db.planting import tenant_tables
from tests.db.test_guard_execution import BYPASS, RAW, WRONG_VALUES
from tests.db.test_guard_session import OBJECT_ACTS
from tests.mutants.probes.executions import Bench, Probe, passes, raises

POSTS, SITES = Post.__table__, Site.__table__
OURS = Post.customer_id == ACME
KEYS = tuple_(POSTS.c.customer_id, POSTS.c.id)
FIRST = UUID(int=200)


def execution_probes(bench: Bench) -> dict[str, Probe]:
    """Every probe that needs a database, by its name."""
    return {**executions(bench), **connections(bench), **proofs(), **sessions(bench), **units(bench)}


def executions(bench: Bench) -> dict[str, Probe]:
    """Statements with values, and what was not compiled by us."""
    found = {f"executing {name} is stopped": bench.stopped(act) for name, act in WRONG_VALUES.items()}
    found |= {f"executing {name} is stopped": bench.stopped(act) for name, (_, act) in RAW.items()}
    one, many = {"whose": ACME}, [{"whose": ACME}, {"whose": ACME}]
    late = update(POSTS).where(POSTS.c.customer_id == bindparam("whose")).values(title="x")
    rows = [{"customer_id": ACME, "name": "x"} for _ in range(1100)]
    listed = select(POSTS.c.id).where(KEYS.in_([(ACME, FIRST), (ACME, UUID(int=201))]))
    good: dict[str, Callable[[Any], Any]] = {
        "a right value": lambda c: len(c.execute(select(POSTS).where(POSTS.c.customer_id == ACME)).all()) == 6,
        "a late value": lambda c: c.execute(late, one).rowcount == 6,
        "many sets of values": lambda c: c.execute(late, many).rowcount == 12,
        "a list": lambda c: len(c.execute(select(POSTS).where(POSTS.c.customer_id.in_([ACME]))).all()) == 6,
        "a list of tuples": lambda c: len(c.execute(listed).all()) == 2,
        "one insert": lambda c: c.execute(insert(SITES).values(rows[0])) is not None,
        "many inserts": lambda c: c.execute(insert(SITES), [dict(row) for row in rows]) is not None,
        "many inserts, returning": lambda c: len(c.execute(insert(SITES).returning(SITES.c.id), [dict(row) for row in rows]).all()) == 1100,
        "values of several rows": lambda c: c.execute(insert(SITES).values([row | {"id": uuid4()} for row in rows[:3]])) is not None,
        "the floor's own text": lambda c: c.execute(text("SELECT 1"), execution_options=BYPASS).scalar() == 1,
    }
    return found | {f"executing {name} passes": bench.done(act) for name, act in good.items()}


def connections(bench: Bench) -> dict[str, Probe]:
    """Who a connection is for."""
    plain, shared = select(Country), bench.shared
    found = {
        f"a connection for {customer!r} does nothing": bench.stopped(
            lambda c: c.execute(plain), bench.engine.execution_options(customer_id=customer) if customer else bench.engine
        )
        for customer in (None, str(ACME), 5)
    }
    found |= {
        "a connection gets no customer afterwards": bench.stopped(lambda c: c.execution_options(customer_id=ACME), bench.engine),
        "a connection may hear its customer again": bench.done(lambda c: c.execution_options(customer_id=ACME).scalar(select(1)) == 1),
        "a connection hears other options": bench.done(lambda c: c.execution_options(mode="x").scalar(select(1)) == 1),
        "a role without tenants needs no customer": bench.done(lambda c: len(c.execute(plain).all()) == 1, shared),
        "a role without tenants takes no strange customer": bench.stopped(
            lambda c: c.execute(plain), shared.execution_options(customer_id="acme")
        ),
        "a role without tenants reads no others": bench.stopped(lambda c: c.execute(select(SITES)), shared),
        "an engine is guarded once": lambda: raises(lambda: install(bench.engine, RULES)),
        "what was changed after it was verified is stopped": lambda: raises(lambda: changed_on_the_way(bench)),
        "what was compiled before the guard came is verified": lambda: passes(lambda: compiled_before(bench)),
        "a new engine refuses what is not pinned": lambda: raises(lambda: on_a_new_engine(bench, lambda c: c.execute(select(POSTS)))),
        "a new engine keeps its customer": lambda: raises(
            lambda: on_a_new_engine(bench, lambda c: c.execution_options(customer_id=GLOBEX))
        ),
        "a new engine answers": lambda: passes(lambda: on_a_new_engine(bench, lambda c: c.scalar(select(1)))),
        "a guarded dialect can prove": lambda: passes(lambda: prove(select(Post).where(OURS), bench.engine.dialect, RULES).ok),
    }
    return found


def changed_on_the_way(bench: Bench) -> None:
    """Another listener, asked before the guard, puts another statement in the place of the compiled one."""

    def swap(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> tuple[str, Any]:
        return statement.replace("WHERE", "WHERE true OR"), parameters

    engine = create_engine(bench.engine.url)
    event.listen(engine, "before_cursor_execute", swap, retval=True)
    install(engine, RULES)
    try:
        with engine.execution_options(customer_id=ACME).connect() as connection:
            connection.execute(select(POSTS).where(POSTS.c.customer_id == ACME))
    finally:
        engine.dispose()


def on_a_new_engine(bench: Bench, act: Callable[[Any], Any]) -> Any:
    """The act on a connection of Acme of an engine that is guarded now."""
    engine = create_engine(bench.engine.url)
    install(engine, RULES)
    try:
        with engine.execution_options(customer_id=ACME).connect() as connection:
            return act(connection)
    finally:
        engine.dispose()


def compiled_before(bench: Bench) -> bool:
    """The cache of an engine holds an unverified statement when the guard is put on it; it is compiled again."""
    engine, statement = create_engine(bench.engine.url), select(POSTS).where(POSTS.c.customer_id == ACME)
    try:
        with engine.execution_options(customer_id=ACME).connect() as connection:
            connection.execute(statement)
        install(engine, RULES)
        with engine.execution_options(customer_id=ACME).connect() as connection:
            return len(connection.execute(statement).all()) == 6
    finally:
        engine.dispose()


def proofs() -> dict[str, Probe]:
    """The comparison of a hot read, which goes around the engine."""
    dialect = DIALECTS["postgresql"]
    one, keys = select(Post).where(Post.customer_id == bindparam("whose")), select(Post).where(KEYS.in_(bindparam("keys")))
    customers = select(Post).where(Post.customer_id.in_(bindparam("customers")))

    def compared(statement: Any, values: dict[str, Any]) -> bool:
        prove(statement, dialect, RULES).compare(values, ACME)
        return True

    bad = {
        "no value": (one, {}),
        "another value": (one, {"whose": GLOBEX}),
        "text": (one, {"whose": str(ACME)}),
        "nothing": (one, {"whose": None}),
        "another in a tuple": (keys, {"keys": [(ACME, ACME), (GLOBEX, ACME)]}),
        "another in a list": (customers, {"customers": [ACME, GLOBEX]}),
        "what is not proven": (select(Post), {}),
    }
    good = {
        "the value": (one, {"whose": UUID(int=ACME.int)}),
        "tuples": (keys, {"keys": [(ACME, GLOBEX)]}),
        "a list of it": (customers, {"customers": [ACME]}),
    }
    found = {f"comparing {name} is stopped": (lambda case=case: raises(lambda: compared(*case))) for name, case in bad.items()}
    found |= {f"comparing {name} passes": (lambda case=case: passes(lambda: compared(*case))) for name, case in good.items()}
    tables, metadata = {table.fullname for table in tenant_tables()}, Product.metadata
    worker = {table.fullname for table in metadata.sorted_tables if "worker" in table.info["grants"]}
    return found | {
        "text has no proof": lambda: not prove(text("SELECT 1").columns(), dialect, RULES).ok,
        "DDL has no proof": lambda: not prove(CreateTable(POSTS), dialect, RULES).ok,
        "the guard knows the customers' tables": lambda: tenant_rules(metadata).tenant_tables == tables,
        "a shared role has the tables that it is granted": lambda: shared_rules(metadata, "worker").open_tables == worker,
    }


def foreign(customer: UUID = GLOBEX) -> Post:
    """A post as if it came from a cache."""
    post = Post(customer_id=customer, id=FIRST, title="post 0", extra={}, version=1, number=0)
    make_transient_to_detached(post)
    return post


def known_by_its_key(customer: UUID = GLOBEX) -> Post:
    """A post with nothing loaded."""
    post = foreign(customer)
    with Session() as session:
        session.add(post)
        session.expire(post)
        session.expunge(post)
    return post


def disguised() -> Post:
    """A post of Globex whose column was set to Acme while it was detached."""
    post = foreign()
    post.customer_id = ACME
    return post


def sessions(bench: Bench) -> dict[str, Probe]:
    """Rows of others on their way into a session."""

    def watching(engine: Any = None, rules: Any = RULES) -> Any:
        factory = sessionmaker(engine or bench.acme)
        refuse_foreign(factory, rules)
        return lambda bind: factory()

    def entering(row: Callable[[], Any], engine: Any = None, rules: Any = RULES) -> Probe:
        return lambda: raises(lambda: bench.in_session(lambda s: s.add(row()), watching(engine, rules)))

    def entered(row: Callable[[], Any], check: Callable[[Any], Any], rules: Any = RULES) -> Probe:
        def act(session: Session) -> bool:
            made = row()
            session.add(made)
            return bool(check(made))

        return lambda: passes(lambda: bench.in_session(lambda s: act(s), watching(None, rules)))

    found = {f"a session stops: {name}": stops(bench, act) for name, act in OBJECT_ACTS.items()}
    return found | {
        "a foreign new row does not enter": entering(lambda: Site(customer_id=GLOBEX, name="x")),
        "a foreign new row does not enter by the column": entering(lambda: Site(customer_id=GLOBEX, name="x"), None, None),
        "a foreign customer does not enter": entering(lambda: Customer(id=GLOBEX, name="x")),
        "a foreign row does not enter": entering(foreign),
        "a foreign row that says it is ours does not enter": entering(disguised),
        "a foreign row known by its key does not enter": entering(known_by_its_key),
        "a foreign row does not enter by a relationship": entering(
            lambda: Post(title="x", comments=[Comment(customer_id=GLOBEX, text="y")])
        ),
        "no row enters a session without a customer": entering(lambda: Site(name="x"), bench.engine),
        "no row enters a session whose customer is text": entering(
            lambda: Site(name="x"), bench.engine.execution_options(customer_id=str(ACME))
        ),
        "a new row gets the customer": entered(lambda: Site(name="x"), lambda row: row.customer_id == ACME),
        "a new row gets the customer by the column": entered(lambda: Site(name="x"), lambda row: row.customer_id == ACME, None),
        "an own row enters": entered(lambda: Site(customer_id=ACME, name="x"), lambda row: row.customer_id == ACME),
        "an own row known by its key enters": entered(lambda: known_by_its_key(ACME), lambda row: "title" not in vars(row)),
        "a row without a tenant enters": entered(lambda: Country(code="fr", name="France"), lambda row: True),
        "a row without a tenant enters by the column": entered(lambda: Country(code="fr", name="France"), lambda row: True, None),
    }


def stops(bench: Bench, act: Callable[[Session, Post], Any]) -> Probe:
    """One act on an object of another customer."""
    return lambda: raises(lambda: bench.in_session(lambda session: act(session, foreign())))


def units(bench: Bench) -> dict[str, Probe]:
    """Writes around the repository."""
    site = {"customer_id": ACME, "id": UUID(int=9), "name": "x"}
    below = insert(Site).values(site).returning(Site.id).cte()

    def sanctioned(session: Any, *rows: Any) -> None:
        session.info["sanctioned"] = IdentitySet(rows)

    def first(session: Any) -> Post:
        return session.scalars(select(Post).where(OURS).order_by(Post.number).limit(1)).one()

    def new(session: Any, *, known: bool) -> Any:
        row = Site(name="x")
        session.add(row)
        sanctioned(session, *([row] if known else []))
        session.flush()
        return row.customer_id == ACME

    def changed(session: Any, *, known: bool, touch: bool = True) -> Any:
        row = first(session)
        row.title = "y" if touch else row.title
        sanctioned(session, *([row] if known else []))
        session.flush()
        return True

    def removed(session: Any, *, known: bool) -> Any:
        row = session.scalars(select(Comment).where(Comment.customer_id == ACME).limit(1)).one()
        session.delete(row)
        sanctioned(session, *([row] if known else []))
        session.flush()
        return True

    bad: dict[str, Callable[[Any], Any]] = {
        "a new row": lambda s: new(s, known=False),
        "a changed row": lambda s: changed(s, known=False),
        "a removed row": lambda s: removed(s, known=False),
        "a row when nothing was ever sanctioned": lambda s: (s.add(Site(name="x")), s.flush()),
        "a foreign row": lambda s: s.add(Site(customer_id=GLOBEX, name="x")),
        "saving in bulk": lambda s: s.bulk_save_objects([Site(**site)]),
        "inserting in bulk": lambda s: s.bulk_insert_mappings(Site, [site]),
        "updating in bulk": lambda s: s.bulk_update_mappings(Site, [{"customer_id": ACME, "id": UUID(int=100), "name": "x"}]),
        "the bare connection": lambda s: s.connection(),
        "an insert": lambda s: s.execute(insert(Site).values(site)),
        "an update": lambda s: s.execute(update(Post).where(OURS).values(title="x")),
        "a delete": lambda s: s.execute(delete(Comment).where(Comment.customer_id == ACME)),
        "an insert below a select": lambda s: s.execute(select(below.c.id)),
        "a forged sanction": lambda s: s.execute(insert(Site).values(site), execution_options={"recorded": True}),
    }
    good: dict[str, Callable[[Any], Any]] = {
        "a new row": lambda s: new(s, known=True),
        "a changed row": lambda s: changed(s, known=True),
        "a row that was touched and not changed": lambda s: changed(s, known=False, touch=False),
        "a removed row": lambda s: removed(s, known=True),
        "a reading": lambda s: s.scalar(select(func.count(literal(1))).select_from(Post).where(OURS)) == 6,
        "the record's own insert": lambda s: s.execute(insert(Site).values(site), execution_options={"recorded": RECORDED}) is not None,
    }
    found = {f"a unit stops {name}": (lambda act=act: raises(lambda: bench.in_session(act, RecordedSession))) for name, act in bad.items()}
    return found | {
        f"a unit lets through {name}": (lambda act=act: passes(lambda: bench.in_session(lambda s: act(s), RecordedSession)))
        for name, act in good.items()
    }
