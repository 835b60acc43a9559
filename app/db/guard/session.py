"""Keeping rows of other customers out of a session."""

from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper

from app.db.guard.errors import TenantMismatch, TenantMissing
from app.db.guard.rules import TENANT_COLUMN, GuardRules


def refuse_foreign(target: Any, rules: GuardRules | None = None) -> None:
    """Watch a Session class or a synchronous sessionmaker: new rows get the session's customer, rows of others are refused.

    Without `rules` every mapped class with a column `customer_id` counts; with them, the tables that they name.
    """

    def before_attach(session: Any, instance: Any) -> None:
        attribute = tenant_attribute(inspect(type(instance)), rules)
        if attribute is not None:
            claim(session, instance, attribute)

    event.listen(target, "before_attach", before_attach)


def tenant_attribute(mapper: Mapper[Any], rules: GuardRules | None) -> str | None:
    """The attribute that carries the tenant of a mapped class."""
    table: Any = mapper.local_table
    key = TENANT_COLUMN if rules is None else rules.tenant_key(getattr(table, "schema", None), getattr(table, "name", ""))
    column = next((column for column in table.c if column.name == key), None)
    return None if column is None else str(mapper.get_property_by_column(column).key)


def claim(session: Any, instance: Any, attribute: str) -> None:
    """Give a new row the session's customer; raise TenantMismatch when it has another."""
    customer_id = session.get_bind(mapper=inspect(type(instance))).get_execution_options().get("customer_id")
    if type(customer_id) is not UUID:
        raise TenantMissing("The session carries no customer.")
    state = inspect(instance)
    if state.dict.get(attribute) is None and state.key is None:
        setattr(instance, attribute, customer_id)
    if any(value != customer_id for value in known_tenants(state, attribute)):
        raise TenantMismatch("A row of another customer cannot enter this session.")


def known_tenants(state: Any, attribute: str) -> list[Any]:
    """The customer as it stands on the row and in its identity, as far as known without asking the database."""
    known = [state.dict[attribute]] if attribute in state.dict else []
    if state.key is not None:
        keys = [state.mapper.get_property_by_column(column).key for column in state.mapper.primary_key]
        known += [value for key, value in zip(keys, state.key[1], strict=True) if key == attribute]
    return known
