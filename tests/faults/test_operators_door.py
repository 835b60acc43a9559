"""The command line and the worker under faults."""

from tests import test_jobs, test_jobs_handlers
from tests.cli import conftest, test_nouns
from tests.faults.again import again

globals().update(again(conftest, test_nouns, test_jobs, test_jobs_handlers))
