"""Real files that nobody here wrote; a test that needs one is skipped, visibly, where they are absent."""

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]


def corpus_file(name: str) -> Path:
    """A file of the folder that AGOAT_CORPUS names."""
    path = _ROOT / os.environ.get("AGOAT_CORPUS", "../shared/corpus") / name
    if not path.is_file():
        pytest.skip(f"AGOAT_CORPUS holds no {name}")
    return path


def no_progress(done: int, total: int) -> None:
    """For tests that do not look at the progress."""
