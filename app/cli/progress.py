"""How long commands tell their progress on standard error: a bar for each step on a terminal, one line a step otherwise."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import Progress as Bars

# How much is done, and of how much where that is known.
Progress = Callable[[int, int | None], None]
# Begins a step, named in words, and gives what the step reports to.
Step = Callable[[str], Progress]


@contextmanager
def steps() -> Iterator[Step]:
    """What begins a step, for as long as the block runs."""
    if not sys.stderr.isatty():
        yield one_line
        return
    with Bars(console=Console(stderr=True), transient=True) as bars:

        def begin(name: str) -> Progress:
            task = bars.add_task(name, total=None)
            return lambda done, total: bars.update(task, completed=done, total=total)

        yield begin


def one_line(name: str) -> Progress:
    """A step without a bar."""
    click.echo(name, err=True)
    return lambda done, total: None
