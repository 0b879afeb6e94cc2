"""A worker process: takes texts on standard input, answers with outcomes, until the input ends.

Not `multiprocessing`: a program that uses the library needs no `__main__` guard, nothing of it
is imported again, and a worker that is killed is one text lost and not a broken pool.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from typing import BinaryIO

from reader.batch.work import build
from reader.building import Recipe

__all__ = ["main"]


def main() -> None:
    """Serve until standard input ends: first the recipe, then one text after another."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt ends
    answers = _answers()
    recipe, timeout = pickle.load(sys.stdin.buffer)
    _warm(recipe)
    _spare_the_collector()
    pickle.dump("ready", answers)
    answers.flush()
    while True:
        try:
            text = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(build(text, recipe, timeout), answers)
        answers.flush()


def _answers() -> BinaryIO:
    """Standard output for answers alone; what else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _spare_the_collector() -> None:
    """Seldom look for cycles: annotation makes millions of small values and none that is one.

    Measured: 4 to 10 per cent of the time, for no memory.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _warm(recipe: Recipe) -> None:
    """Import what a text needs before the first one comes."""
    from io import BytesIO

    import reader.annotation.annotator
    import reader.sources.text  # noqa: F401
    from reader.model import Document, Metadata
    from reader.writers.formats import find_format

    # To write nothing loads what the format needs.
    find_format(recipe.to).write(Document(Metadata(), ()), BytesIO(), recipe.render)
