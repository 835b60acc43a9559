"""What doors are asked with, and what Allow says."""

import pytest

from app.web.methods import allowed, method_for_doors


@pytest.mark.parametrize(("asked", "given"), [("HEAD", "GET"), ("GET", "GET"), ("POST", "POST"), ("PROPFIND", "TRACE"), ("get", "TRACE")])
def test_doors_never_meet_head_or_what_nobody_knows(asked: str, given: str) -> None:
    assert method_for_doors(asked) == given


@pytest.mark.parametrize(("said", "sent"), [("POST, GET", "GET, HEAD, POST"), ("POST", "POST"), ("HEAD,GET", "GET, HEAD")])
def test_allow_names_head_wherever_get_is(said: str, sent: str) -> None:
    assert allowed(said) == sent
