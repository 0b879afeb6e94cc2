"""One text, from its file to its output: what every worker does, here or on a cluster."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from reader.batch.storage import local_input, local_output
from reader.building import Recipe, build
from reader.errors import ReaderError
from reader.model import DocumentWarning

__all__ = ["Outcome", "Status", "Text", "build_or_report", "build_text"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text to build: its file, its translation, and where its output goes."""

    source: str
    output: str
    translation: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.source, self.translation) if self.translation else (self.source,)


class Status(StrEnum):
    BUILT = "built"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one text."""

    text: Text
    status: Status
    message: str = ""
    """Why it failed: one message for a person, which names the file."""
    seconds: float = 0.0
    characters: int = 0
    warnings: tuple[DocumentWarning, ...] = ()
    detail: str = ""
    """The traceback, when the failure is the program's own."""


class _TooLong(Exception):
    pass


def build_or_report(text: Text, recipe: Recipe, timeout: float | None = None) -> Outcome:
    """Build one text; what goes wrong with it is in the outcome, not raised."""
    start = time.perf_counter()
    try:
        return replace(build_text(text, recipe, timeout), seconds=time.perf_counter() - start)
    except ReaderError as error:
        return Outcome(text, Status.FAILED, str(error))
    except _TooLong:
        message = f"{text.source}: took longer than {timeout:g} seconds"
        return Outcome(text, Status.FAILED, message)
    except MemoryError:
        return Outcome(text, Status.FAILED, f"{text.source}: not enough memory for it")
    except Exception as error:  # one text must not stop the others
        from traceback import format_exc

        message = f"{text.source}: {type(error).__name__}: {error}"
        return Outcome(text, Status.FAILED, message, detail=format_exc())


def build_text(text: Text, recipe: Recipe, timeout: float | None = None) -> Outcome:
    """Build one text; raises `ReaderError` for what is wrong with it."""
    with local_input(text.inputs) as inputs, local_output(text.output) as output:
        # Which translation goes with a text was decided for all texts together.
        own = replace(
            recipe, find_translation=False, translation=inputs[1] if text.translation else None
        )
        report = build(inputs[0], output, own, progress=_deadline(timeout))
        return Outcome(text, Status.BUILT, characters=report.characters, warnings=report.warnings)


def _deadline(timeout: float | None) -> Callable[[int, int], None] | None:
    """Called as the work goes on: raises when it has taken too long."""
    if timeout is None:
        return None
    end = time.monotonic() + timeout

    def check(done: int, total: int) -> None:
        if time.monotonic() > end:
            raise _TooLong

    return check
