"""Rooms: the catalogue, sites, keys and pictures, under faults. tests/db/test_dialects.py has posts and people."""

from tests.catalog import test_products
from tests.faults.again import again
from tests.media import test_actions

globals().update(again(test_products, test_actions))
