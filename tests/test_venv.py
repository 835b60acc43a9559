"""`.ci/venv` installs once, says in one line what a machine lacks, and starts no Python when there is nothing to do."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "venv"
TOOLS = ("sh", "cat", "cksum", "mkdir", "touch", "dirname", "basename", "id", "chmod", "cp")
# It notes each call and plays the parts of `python -m venv`, pip and the questions that the script asks.
PRELUDE = """import platform
platform.system = lambda: {system!r}
platform.machine = lambda: {machine!r}
platform.libc_ver = lambda *given: {libc!r}"""
PYTHON = """#!/bin/sh
PRELUDE=$(cat <<'END'
{prelude}
END
)
echo "$@" >>"$CALLS"
case "$*" in
    *version_info*) exit {version_refused} ;;
    *platform.python_version*) echo 3.9.2 ;;
    -) {{ echo "$PRELUDE"; cat; }} | "$REAL_PYTHON" - ;;
    *ensurepip*) exit {ensurepip_missing} ;;
    "-m venv"*) mkdir -p .venv/bin .venv/site && cp "$0" .venv/bin/python ;;
    *purelib*) echo .venv/site ;;
    *"pip install"*) echo "no route to host"; exit {pip_fails} ;;
esac
"""
GOOD = {"version_refused": 0, "system": "Linux", "machine": "x86_64", "libc": ("glibc", "2.36"), "ensurepip_missing": 0, "pip_fails": 0}


class Machine:
    """A made-up machine: one folder with the project's locks, one with the only commands it has."""

    def __init__(self, folder: Path) -> None:
        self.project, self.bin, self.calls = folder / "the project", folder / "bin", folder / "calls"
        (self.project / ".ci").mkdir(parents=True)
        shutil.copy(SCRIPT, self.project / ".ci" / "venv")
        for lock in ("requirements.txt", "requirements-dev.txt"):
            (self.project / lock).write_text(f"# {lock}\n")
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or tool)

    def has(self, command: str, text: str = "#!/bin/sh\n") -> None:
        (self.bin / command).write_text(text)
        (self.bin / command).chmod(stat.S_IRWXU)

    def has_python(self, name: str = "python3", **traits: object) -> None:
        self.has(name, PYTHON.format(prelude=PRELUDE.format(**GOOD | traits), **GOOD | traits))

    def run(self, want: str = "dev", **environ: str) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        environ = {
            "PATH": str(self.bin),
            "CALLS": str(self.calls),
            "REAL_PYTHON": os.path.realpath(sys.executable),
            **environ,
        }
        return subprocess.run([self.project / ".ci" / "venv", want], env=environ, capture_output=True, text=True, timeout=30, check=False)

    def refusal(self, **environ: str) -> str:
        answer = self.run(**environ)
        assert answer.returncode == 1
        assert answer.stdout == ""
        return answer.stderr


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_locks_are_installed_with_their_hashes(machine: Machine) -> None:
    machine.has_python()
    assert machine.run().returncode == 0
    installs = [line for line in machine.calls.read_text().splitlines() if "pip install" in line]
    assert [line.split()[-1] for line in installs] == ["requirements.txt", "requirements-dev.txt"]
    assert all("--require-hashes" in line for line in installs)


def test_a_second_run_starts_nothing(machine: Machine) -> None:
    machine.has_python()
    machine.run()
    again = machine.run()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert machine.calls.read_text() == ""


def test_the_demonstration_needs_no_tools_for_tests(machine: Machine) -> None:
    machine.has_python()
    machine.run("runtime")
    assert "requirements-dev.txt" not in machine.calls.read_text()
    machine.run("dev")
    assert machine.calls.read_text().count("pip install") == 1


def test_a_changed_lock_is_installed_again(machine: Machine) -> None:
    machine.has_python()
    machine.run()
    (machine.project / "requirements-dev.txt").write_text("# another\n")
    machine.run()
    assert machine.calls.read_text().count("pip install") == 1
    (machine.project / "requirements.txt").write_text("# another\n")
    machine.run()
    assert machine.calls.read_text().count("pip install") == 2


def test_a_project_that_was_moved_is_installed_again(machine: Machine) -> None:
    machine.has_python()
    machine.run()
    machine.project = machine.project.rename(machine.project.with_name("elsewhere"))
    machine.run()
    assert "-m venv --clear" in machine.calls.read_text()


def test_the_command_is_found_in_the_environment(machine: Machine) -> None:
    machine.has_python()
    machine.run("runtime")
    script = (machine.project / ".venv" / "bin" / "agoat").read_text()
    assert str(machine.project / ".venv" / "bin" / "python") in script
    assert "from app.cli import main" in script
    assert (machine.project / ".venv" / "site" / "agoat.pth").read_text() == f"{machine.project}\n"


@pytest.mark.parametrize(
    ("traits", "said"),
    [
        (
            {"version_refused": 1},
            "agoat: Python 3.11 or newer is needed; python3 is 3.9.2. Install a newer one (apt-get install python3.12",
        ),
        ({"ensurepip_missing": 1}, "agoat: python3-venv is missing. Install it: apt-get install python3-venv\n"),
        ({"system": "Windows", "machine": "AMD64"}, "agoat: Windows on AMD64 is not supported. AGoat runs on Linux"),
        ({"system": "Darwin", "machine": "x86_64"}, "agoat: Darwin on x86_64 is not supported. AGoat runs on Linux"),
        ({"libc": ("", "")}, "agoat: this Linux does not use glibc. AGoat runs on Linux"),
        ({"libc": ("glibc", "2.17")}, "agoat: this Linux has glibc 2.17. AGoat runs on Linux"),
    ],
)
def test_what_a_machine_lacks_is_said_in_one_line_with_the_remedy(machine: Machine, traits: dict[str, object], said: str) -> None:
    machine.has("apt-get")
    machine.has_python(**traits)
    refusal = machine.refusal()
    assert refusal.startswith(said)
    assert refusal.count("\n") == 1
    assert not (machine.project / ".venv").exists()


def test_a_machine_without_python_is_told_how_to_get_it(machine: Machine) -> None:
    assert machine.refusal() == "agoat: Python is missing. Install it: use the packages of your system, or python.org\n"
    machine.has("apt-get")
    assert machine.refusal() == "agoat: Python is missing. Install it: apt-get install python3 python3-venv\n"


def test_a_newer_python_beside_an_old_one_is_used(machine: Machine) -> None:
    machine.has_python(version_refused=1)
    machine.has_python("python3.12")
    assert machine.run().returncode == 0


def test_a_python_named_by_hand_is_checked(machine: Machine) -> None:
    machine.has_python("old", version_refused=1)
    assert machine.refusal(PYTHON="old").startswith("agoat: PYTHON=old is not a Python 3.11 or newer.")
    machine.has_python("new")
    assert machine.run(PYTHON="new").returncode == 0


def test_a_folder_that_cannot_be_written_is_named(machine: Machine) -> None:
    machine.has_python()
    (machine.project / ".venv").write_text("a file where a folder should be")
    refusal = machine.refusal()
    assert refusal.startswith(f"agoat: the folder {machine.project} cannot be written")
    assert refusal.count("\n") == 1


def test_an_installation_that_failed_is_tried_again(machine: Machine) -> None:
    machine.has_python(pip_fails=1)
    answer = machine.run()
    assert answer.returncode == 1
    assert "no route to host" in answer.stderr
    assert answer.stderr.splitlines()[-1].startswith("agoat: the packages in requirements.txt could not be installed")
    machine.has_python()
    assert machine.run().returncode == 0
    assert machine.calls.read_text().count("pip install") == 2
