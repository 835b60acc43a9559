"""`.ci/run` checks, tests, says in its last line how the tests went, and fails when either fails."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "run"
TOOLS = ("bash", "mktemp", "rm", "dirname", "id", "tee", "grep", "tail")
MAKE = """#!/bin/sh
echo "make $1 $CI"
case $1 in
    check) exit {check} ;;
    test) echo "collecting"; echo "=== {closing} in 4.56s ==="; echo "a late warning"; exit {test} ;;
esac
"""


def run(
    folder: Path, *, check: int = 0, test: int = 0, closing: str = "12 passed, 1 skipped", browser: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a copy of the script on a machine that has only what it needs, with a `make` that plays its part."""
    commands = folder / "bin"
    (folder / ".ci").mkdir()
    commands.mkdir()
    shutil.copy(SCRIPT, folder / ".ci" / "run")
    for tool in TOOLS:
        (commands / tool).symlink_to(shutil.which(tool) or tool)
    made = {"make": MAKE.format(check=check, test=test, closing=closing), "python3": "#!/bin/sh\n", "git": "#!/bin/sh\n"}
    for name, text in (made | ({"chromium": "#!/bin/sh\n"} if browser else {})).items():
        (commands / name).write_text(text)
        (commands / name).chmod(stat.S_IRWXU)
    command = [commands / "bash", folder / ".ci" / "run"]
    return subprocess.run(command, env={"PATH": str(commands)}, capture_output=True, text=True, timeout=30, check=False)


def test_the_last_line_is_the_closing_line_of_the_tests(tmp_path: Path) -> None:
    answer = run(tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[0] == "make check true"
    assert answer.stdout.splitlines()[-1] == "=== 12 passed, 1 skipped in 4.56s ==="


def test_failing_tests_fail_the_run_and_are_still_summed_up(tmp_path: Path) -> None:
    answer = run(tmp_path, test=2, closing="2 failed, 10 passed")
    assert answer.returncode == 2
    assert answer.stdout.splitlines()[-1] == "=== 2 failed, 10 passed in 4.56s ==="


def test_a_failing_check_ends_the_run_before_the_tests(tmp_path: Path) -> None:
    answer = run(tmp_path, check=2)
    assert answer.returncode == 2
    assert "make test" not in answer.stdout


def test_tests_that_never_ended_are_not_summed_up(tmp_path: Path) -> None:
    answer = run(tmp_path, test=2, closing="crashed")
    assert answer.stdout.splitlines()[-1] == "agoat: pytest did not come to its end"
    assert answer.returncode == 2


@pytest.mark.parametrize("browser", [True, False])
def test_a_missing_browser_is_said_and_does_not_end_the_run(tmp_path: Path, browser: bool) -> None:
    answer = run(tmp_path, browser=browser)
    assert answer.returncode == 0
    assert ("no Chromium here" in answer.stdout) is not browser
