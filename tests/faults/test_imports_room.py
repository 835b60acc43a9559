"""Imports under faults: acts that span many transactions of one change set."""

from tests.faults.again import again
from tests.imports import test_apply_products

# Thousands of versions take long; tests/proof/test_faults.py has them too.
LONG = frozenset({"test_one_act_in_transactions_of_at_most_two_hundred_versions"})
globals().update(again(test_apply_products, but=LONG))
