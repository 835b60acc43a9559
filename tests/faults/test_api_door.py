"""The API under faults."""

from tests.api import conftest, test_idempotency, test_posts
from tests.faults.again import again

globals().update(again(conftest, test_posts, test_idempotency))
