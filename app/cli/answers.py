"""How every command answers: words for people, JSON for programs, errors in one line, and an exit code.

0 is done, 1 failed, 2 wrong usage or input, 3 may have been done: the database did not answer, and it could not be found out.
"""

import asyncio
import inspect
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

import click
import msgspec
from msgspec import Struct

from app.db.embedded import ProgramUnusable
from app.errors import AGoatError, Conflict, Invalid, OutcomeUnknown
from app.logs import Redactor
from app.settings import SettingsError

FAILED, WRONG_INPUT, UNKNOWN, INTERRUPTED = 1, 2, 3, 130


class Reply(Struct, frozen=True):
    """What a command has to say: `data` for `--json`, `lines` for people. `code` is 1 for a finding that is bad news."""

    data: Any = None
    lines: Sequence[str] = ()
    code: int = 0


class Refused(Exception):
    """The command was used in a way that cannot be meant; the text says the remedy. The exit code is 2."""


def command(group: click.Group | None, name: str, *, example: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a function, plain or asynchronous, a command that knows `--json` and ends with the right code."""

    def decorate(act: Callable[..., Any]) -> click.Command:
        @wraps(act)
        def run(as_json: bool, **options: Any) -> None:
            reply = answer(act, as_json, options)
            say(reply, as_json)
            sys.exit(reply.code)

        with_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(run)
        made = click.command(name, epilog=f"Example: {example}")(with_json)
        if group is not None:
            group.add_command(made)
        return made

    return decorate


def answer(act: Callable[..., Any], as_json: bool, options: dict[str, Any]) -> Reply:
    """Run a command. Ends the process with one line about what went wrong."""
    try:
        found = act(**options)
        reply = asyncio.run(interruptible(found)) if inspect.iscoroutine(found) else found
    except SettingsError as error:
        fail(WRONG_INPUT, as_json, error.problems)
    except Invalid as error:
        fail(WRONG_INPUT, as_json, [f"{name}: {text}" for name, text in error.fields.items()])
    except Refused as error:
        fail(WRONG_INPUT, as_json, [str(error)])
    except ProgramUnusable as error:
        fail(WRONG_INPUT, as_json, [error.detail])
    except OutcomeUnknown as error:
        fail(UNKNOWN, as_json, [error.detail])
    except AGoatError as error:
        fail(FAILED, as_json, [error.detail])
    except (KeyboardInterrupt, asyncio.CancelledError):
        fail(INTERRUPTED, as_json, ["Interrupted."])
    except (click.exceptions.Exit, click.ClickException, click.Abort):
        raise
    except Exception as error:
        # What nobody foresaw is still one line; the text of a library may hold a password, so it is cleaned first.
        text = Redactor().text(str(error).split("\n")[0])
        fail(FAILED, as_json, [f"Something unexpected happened: {type(error).__name__}: {text}"])
    assert isinstance(reply, Reply), "a command answers with a Reply"
    return reply


async def interruptible(act: Coroutine[Any, Any, Any]) -> Any:
    """Run a command so that SIGTERM and SIGHUP cancel it, as Ctrl-C does: then everything that it has opened is closed.

    An exception raised by a signal handler may be lost wherever it strikes; a cancellation comes at the next wait.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None, "a coroutine runs in a task"
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    return await act


def fail(code: int, as_json: bool, problems: Sequence[str]) -> None:
    """Say what went wrong on standard error, one line a problem, and end with the code."""
    if as_json:
        click.echo(json_text({"errors": list(problems)}), err=True)
    else:
        for problem in problems:
            click.echo(f"agoat: {problem}", err=True)
    sys.exit(code)


def say(reply: Reply, as_json: bool) -> None:
    """Say the answer on standard output."""
    if as_json:
        click.echo(json_text(reply.data))
    else:
        for line in reply.lines:
            click.echo(line)


def json_text(data: Any) -> str:
    """Readable JSON."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()


def columns(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """A table for the terminal, or the one line that says that there is nothing."""
    if not rows:
        return ["Nothing yet."]
    cells = [[str(heading) for heading in headings], *([shown(value) for value in row] for row in rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(headings))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def shown(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(str(item) for item in value)
    return str(value)


def confirm(thing: str, *, yes: bool) -> None:
    """Have the name of a thing typed before something is done that cannot be undone. Raises Refused, Conflict."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused("This cannot be undone. Add --yes to do it without being asked.")
    if click.prompt(f"Type {thing} to go on", default="", show_default=False).strip() != thing:
        raise Conflict("Nothing was changed.")


def identifier(value: str, what: str) -> UUID:
    """An id from the command line. Raises Refused."""
    try:
        return UUID(value)
    except ValueError:
        raise Refused(f"{value!r} is no id of {what}. The list shows them.") from None
