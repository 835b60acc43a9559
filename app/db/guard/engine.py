"""Putting the guard on an engine, and proving single statements without one."""

import copy
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql import ClauseElement

from app.db.guard.compiler import GuardCompiler, guarded
from app.db.guard.errors import TenantMismatch, TenantMissing, TenantUnscoped
from app.db.guard.facts import Finding, Proof, TenantBind, same_customer
from app.db.guard.rules import RULES, GuardRules, rule

# Lets one of the floor's own, reviewed statements pass: execution_options={"guard_bypass": INTERNAL}. It cannot be forged from data.
INTERNAL: Final = object()
TENANT: Final = "customer_id"
BYPASS: Final = "guard_bypass"


def install(engine: Engine, rules: GuardRules) -> None:
    """Guard every statement of an engine (of an AsyncEngine, its `sync_engine`) and of all engines made from it by `execution_options`."""
    if issubclass(engine.dialect.statement_compiler, GuardCompiler):
        raise ValueError("This engine is guarded already.")
    engine.dialect.statement_compiler = guarded(engine.dialect.statement_compiler, rules)
    engine.clear_compiled_cache()
    event.listen(engine, "before_cursor_execute", inspect)
    event.listen(engine, "set_connection_execution_options", keep_tenant)


def compile_guarded(statement: ClauseElement, dialect: Dialect, rules: GuardRules) -> Any:
    """The compiled form of a statement, with its verdict as `proof`."""
    watched = copy.copy(dialect)
    watched.statement_compiler = guarded(dialect.statement_compiler, rules)
    return statement.compile(dialect=watched)


def prove(statement: ClauseElement, dialect: Dialect, rules: GuardRules) -> Proof:
    """The verdict on one statement; `Proof.require()` refuses, `Proof.compare()` checks the values of one execution."""
    proof = getattr(compile_guarded(statement, dialect, rules), "proof", None)
    return proof if isinstance(proof, Proof) else Proof((Finding("raw", "this is no statement that can be verified"),), ())


def inspect(conn: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
    """Let a statement reach the driver only when it is proven and its values are the connection's customer."""
    if context.execution_options.get(BYPASS) is INTERNAL:
        return
    customer_id = conn.get_execution_options().get(TENANT)
    for name in EXECUTION_RULES:
        check = RULES.get(name)
        for _ in check(context, statement, customer_id) if check else ():
            pass


def proof_of(context: Any) -> Proof | None:
    """The verdict on what is executed, None when it was not compiled by us."""
    proof: Proof | None = getattr(context.compiled, "proof", None)
    return proof


@rule("tenant", "execution")
def tenant_present(context: Any, statement: str, customer_id: Any) -> list[str]:
    """A connection without a customer may do nothing, unless its role has no tenant tables at all."""
    rules = context.dialect.statement_compiler.rules
    if type(customer_id) is not UUID and (rules.tenant_tables or customer_id is not None):
        raise TenantMissing("The connection carries no customer. Use the engine of Tenancy.of(customer_id).")
    return []


@rule("raw", "execution")
def verified(context: Any, statement: str, customer_id: Any) -> list[str]:
    """Driver SQL, DDL, and what another compiler made, is refused; so is what was found broken while compiling."""
    proof = proof_of(context)
    if proof is None:
        raise TenantUnscoped("The statement was not verified: driver SQL, text and DDL are refused here.")
    proof.require()
    return []


@rule("translated", "execution")
def as_compiled(context: Any, statement: str, customer_id: Any) -> list[str]:
    """What is sent must be what was verified: no renamed schemas, no other statement under the same context."""
    if context.execution_options.get("schema_translate_map"):
        raise TenantUnscoped("schema_translate_map is refused, because it renames the tables after they were verified.")
    if context.execute_style.name != "INSERTMANYVALUES" and statement != context.statement:
        raise TenantUnscoped("The statement differs from the one that was verified.")
    return []


@rule("value", "execution")
def values_compared(context: Any, statement: str, customer_id: Any) -> list[str]:
    """Every bound value that a proof rests on is compared, once for each execution."""
    proof = proof_of(context)
    if proof is None or getattr(context, "guard_compared", False):
        return []
    for bind in proof.binds:
        same_customer(bind, bound_values(context, bind), customer_id)
    context.guard_compared = True
    return []


EXECUTION_RULES: Final = ("tenant", "raw", "translated", "value")


def bound_values(context: Any, bind: TenantBind) -> list[Any]:
    """The values that one bind has in all sets of parameters; the list of an IN has been spread over names of its own."""
    if not bind.expanding:
        return [parameters.get(bind.name) for parameters in context.compiled_parameters]
    names = context._expanded_parameters.get(bind.name)
    if names is None or len(context.compiled_parameters) != 1:
        return [None]
    return [context.compiled_parameters[0][name] for name in names][bind.position :: bind.width]


def keep_tenant(conn: Connection, options: dict[str, Any]) -> None:
    """A connection keeps the customer with which its engine made it."""
    if TENANT in options and options[TENANT] != conn.get_execution_options().get(TENANT):
        raise TenantMismatch("The customer of a connection cannot be changed; it comes from the engine.")
