"""The console under faults."""

from tests.editor import conftest, test_conflict, test_publishing, test_sign_in, test_writing
from tests.faults.again import again

globals().update(again(conftest, test_writing, test_publishing, test_conflict, test_sign_in))
