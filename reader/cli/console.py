"""What commands share of standard input, output and error: a text read, whatever is printed.

`echo` is the only thing that prints, and prints nothing that a terminal would obey.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from reader.errors import SourceError, printable
from reader.files import MOST

if TYPE_CHECKING:
    from reader.building import Recipe
    from reader.lexicon import Lexicon
    from reader.model import Document, DocumentWarning

STANDARD = "-"
"""As a source: standard input; as an output: standard output."""
SHOWN = 5
"""Warnings printed without `--verbose`."""
PATIENCE = 1.0
"""Seconds before anything is shown: what is soon done needs no bar."""
INTERVAL = 10.0
"""Seconds between plain lines."""


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print `text`, made `printable`, on standard output or error."""
    click.echo(printable(text), err=err, nl=nl)


def refuse_same_file(output: str | Path, *sources: str | Path) -> None:
    """Refuse an output that would take the place of what it is made of."""
    out = Path(output)
    if out.exists() and any(Path(each).exists() and out.samefile(each) for each in sources):
        raise click.UsageError("SOURCE and OUT are the same file.")


def source_from(path: Path, recipe: Recipe) -> Path | Document:
    """The file at `path`, or the text on standard input for `-`."""
    from reader import sources

    if str(path) != STANDARD:
        return path
    try:
        return sources.read_bytes(standard_input(), options=recipe.source)
    except SourceError as error:
        raise SourceError(
            error.message, path="standard input", line=error.line, excerpt=error.excerpt
        ) from error


def standard_input() -> bytes:
    """All that comes in; `SourceError` where it is closed or does not end."""
    if sys.stdin is None:
        raise SourceError("is closed", path="standard input")
    data = sys.stdin.buffer.read(MOST + 1)
    if len(data) > MOST:
        message = f"gives more than {MOST >> 20} MiB; a file may hold more"
        raise SourceError(message, path="standard input")
    return data


def spare_the_collector() -> None:
    """Seldom look for cycles: annotation makes millions of small values and none that is one, and
    so does a long list of words."""
    gc.freeze()
    gc.set_threshold(1_000_000, 20, 100)


def open_lexicon() -> Lexicon:
    """The lexicon; the first run of an installation says why it takes its time."""
    from reader.lexicon import Lexicon

    return Lexicon.default(say_compiling)


def say_compiling(reason: str) -> None:
    """Say what the first run of an installation does first, or why it is done again."""
    once = "Compiling the dictionaries, once: this takes some seconds …"
    again = f"{reason}. Compiling the dictionaries takes some seconds …"
    echo(again if reason else once, err=True)


def echo_warnings(
    warnings: Iterable[DocumentWarning], source: str | Path, *, verbose: bool = False
) -> None:
    """Print warnings to stderr: the first few, or all with `verbose`."""
    name = "standard input" if str(source) == STANDARD else str(source)
    every = list(warnings)
    for warning in every if verbose else every[:SHOWN]:
        position = name if warning.line is None else f"{name}:{warning.line}"
        echo(f"{position}: warning: {warning.message}", err=True)
    if not verbose and len(every) > SHOWN:
        echo(f"{name}: {len(every) - SHOWN} more warnings; -v shows them all", err=True)


class Bar:
    """How far the work has come and how long the rest will take.

    A bar on a terminal; elsewhere, in a log, a plain line now and then.
    """

    def __init__(self, name: str, unit: str = "") -> None:
        self._name, self._unit = name, unit
        self._begun = self._printed = time.monotonic()
        self._rich: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._rich is not None:
            self._rich.stop()

    def progress(self, done: int, total: int) -> None:
        """Show that `done` of `total` is done; nothing while the total is not known (0)."""
        now = time.monotonic()
        if not total or (now - self._begun < PATIENCE and self._rich is None):
            return
        if sys.stderr.isatty():
            if self._rich is None:
                self._rich, self._task = _start_bar(self._name, self._unit, total)
            self._rich.update(self._task, completed=done, total=total)
        elif now - self._printed >= INTERVAL:
            self._printed = now
            left = (now - self._begun) * (total - done) / max(done, 1)
            echo(f"{self._name}: {100 * done // total}%, about {left:.0f} s left", err=True)


def _start_bar(name: str, unit: str, total: int) -> tuple[Any, Any]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    # A file may be named `[red]書.txt`: what is in brackets is no markup.
    columns: list[str | ProgressColumn] = [
        TextColumn("{task.description}", markup=False),
        BarColumn(),
    ]
    if unit:
        columns += [MofNCompleteColumn(), unit]
    else:
        columns += ["{task.percentage:>3.0f}%"]
    bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    bar.start()
    return bar, bar.add_task(printable(name), total=total)
