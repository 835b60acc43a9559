"""What the tests of the chain share."""

import pytest

from app.db.database import Shared, Tenancy
from tests.audit.chains import Chain, a_chain
from tests.installations import administrator_of


@pytest.fixture
async def chain(tenancy: Tenancy, backoffice: Tenancy, worker: Shared, admin_url: str, addresses: dict[str, str], unique: str) -> Chain:
    """A customer of this test alone."""
    return await a_chain(tenancy, backoffice, worker, administrator_of(admin_url, addresses), unique)
