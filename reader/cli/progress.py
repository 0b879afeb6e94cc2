"""Progress on standard error: a bar on a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

PATIENCE = 1.0
"""Seconds before anything is shown: what is soon done needs no bar."""
INTERVAL = 10.0
"""Seconds between plain lines."""


class Bar:
    """How far the work has come and how long the rest will take."""

    def __init__(self, name: str, unit: str = "") -> None:
        self._name, self._unit = name, unit
        self._begun = self._said = time.monotonic()
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
        """Say that `done` of `total` is done."""
        now = time.monotonic()
        if now - self._begun < PATIENCE and self._rich is None:
            return
        if sys.stderr.isatty():
            self._draw(done, total)
        elif now - self._said >= INTERVAL:
            self._said = now
            left = (now - self._begun) * (total - done) / max(done, 1)
            share = 100 * done // max(total, 1)
            click.echo(f"{self._name}: {share}%, about {left:.0f} s left", err=True)

    def _draw(self, done: int, total: int) -> None:
        if self._rich is None:
            self._rich, self._task = _started(self._name, self._unit, total)
        self._rich.update(self._task, completed=done, total=total)


def _started(name: str, unit: str, total: int) -> tuple[Any, Any]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TimeRemainingColumn,
    )

    columns: list[str | ProgressColumn] = ["{task.description}", BarColumn()]
    if unit:
        columns += [MofNCompleteColumn(), unit]
    else:
        columns += ["{task.percentage:>3.0f}%"]
    bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    bar.start()
    return bar, bar.add_task(name, total=total)
