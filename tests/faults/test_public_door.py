"""Visitors' pages under faults, which happen while the pages are published."""

from tests.faults.again import again
from tests.public import conftest, test_previews

globals().update(again(conftest, test_previews))
