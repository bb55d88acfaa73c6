"""How far a step is: a bar on a terminal, a line for each recording elsewhere. Written to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[str], None]
"""Told of each item that is done, with a word about it."""


@contextmanager
def progress(title: str, total: int) -> Iterator[Advance]:
    """`title` is a word or two; `total` the number of items."""
    if not sys.stderr.isatty():
        yield _lines(title, total)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(escape(title), total=total)
        yield lambda about: bar.update(task, advance=1, description=escape(f"{title}  {about[:48]}"))


def _lines(title: str, total: int) -> Advance:
    done = 0

    def advance(about: str) -> None:
        nonlocal done
        done += 1
        sys.stderr.write(f"{title} {done} of {total}: {about}\n")
        sys.stderr.flush()

    return advance
