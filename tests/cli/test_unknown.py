"""A command of which nobody knows whether it was done says so, and ends neither as done nor as failed."""

import pytest

from app.cli.answers import Reply, answer
from app.errors import OutcomeUnknown
from app.web.problems import problem


async def unsure() -> Reply:
    raise OutcomeUnknown()


@pytest.mark.parametrize("as_json", [True, False])
def test_an_unknown_outcome_has_words_and_a_code_of_its_own(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    with pytest.raises(SystemExit) as ended:
        answer(unsure, as_json, {})
    assert ended.value.code == 3
    assert "This may have been saved: the database did not answer in time. Look before you try again." in capsys.readouterr().err


def test_a_program_can_tell_an_unknown_outcome_from_a_service_that_is_away() -> None:
    assert (problem(OutcomeUnknown())["status"], problem(OutcomeUnknown())["outcome"]) == (503, "unknown")
