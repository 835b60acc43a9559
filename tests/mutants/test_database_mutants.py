"""Barriers 0, 2 and 3: each of their parts is taken down alone, and a probe of that part notices.

The mutants are made from the models and the catalogue: a new table, key, policy or function is tried by itself.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Table, make_url

from app.db.base import Base
from app.db.functions import FUNCTIONS
from tests.db.conftest import ground as ground
from tests.db.planting import Ground, is_tenant
from tests.mutants import functions, grants, keys, policies
from tests.mutants.stage import Stage

TABLES = [pytest.param(table, id=table.fullname) for table in Base.metadata.sorted_tables]
PROTECTED = [pytest.param(table, id=table.fullname) for table in Base.metadata.sorted_tables if table.info["tenant"]]
PINNED = [
    pytest.param(table, id=table.fullname) for table in Base.metadata.sorted_tables if is_tenant(table) and "app" in table.info["grants"]
]


@pytest.fixture(scope="module")
def stage(ground: Ground) -> Iterator[Stage]:
    """An installation with rows of two customers, on a server whose DDL can be rolled back."""
    if make_url(ground.admin).get_backend_name() != "postgresql":
        pytest.skip("only PostgreSQL takes back every change of a schema with its transaction")
    made = Stage(ground)
    yield made
    made.close()


@pytest.mark.parametrize("table", grants.TABLES)
def test_every_right_on_a_table_is_noticed_when_given_or_taken(stage: Stage, table: str) -> None:
    assert stage.survivors(grants.grants_of(table)) == []


def test_every_right_on_schemas_and_the_database_is_noticed(stage: Stage) -> None:
    assert stage.survivors(grants.rights_on_schemas()) == []
    assert stage.survivors(grants.rights_on_the_database(stage.database)) == []


def test_every_attribute_and_membership_of_a_role_is_noticed(stage: Stage) -> None:
    assert stage.survivors(grants.attributes_of_roles()) == []


@pytest.mark.parametrize("table", PROTECTED)
def test_every_hole_in_row_level_security_is_noticed(stage: Stage, table: Table) -> None:
    assert stage.survivors(policies.policies_of(stage, table)) == []


@pytest.mark.parametrize("table", PINNED)
def test_a_policy_without_with_check_is_the_same_policy(stage: Stage, table: Table) -> None:
    """The one equivalent mutant of a policy: where WITH CHECK is missing, the server checks by USING."""
    assert policies.without_check(stage, table).refusal == "42501"


@pytest.mark.parametrize("table", TABLES)
def test_every_key_without_the_customer_is_noticed(stage: Stage, table: Table) -> None:
    assert stage.survivors(keys.keys_of(stage, table)) == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_part_of_an_owned_function_is_noticed(stage: Stage, name: str) -> None:
    assert stage.survivors(functions.functions_of(stage, name)) == []
