"""Time grows no faster than what is worked on, on a slow or a busy machine too."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import pytest

from reader.errors import ReaderError

T = TypeVar("T")

NOISE = 0.02
"""Seconds below which a measurement says nothing."""
TRIES = 4
"""A busy machine may be slow more than once."""


def seconds(work: Callable[[T], object], of: T) -> float:
    """Seconds of one core; a refusal of the input is an answer."""
    # A search for cycles would look through all that other tests have left in this process.
    gc.disable()
    start = time.process_time()
    try:
        with suppress(ReaderError):
            work(of)
        return time.process_time() - start
    finally:
        gc.enable()


def grows_in_proportion(work: Callable[[T], object], make: Callable[[int], T], size: int) -> None:
    """Four times as much takes four times as long; what grows with the square takes sixteen.

    What to work on, `make(size)` and a quarter of that, is made before the clock runs.
    """
    small, large = make(size // 4), make(size)
    first, last = NOISE, seconds(work, large)
    for _ in range(TRIES):
        if last < 9 * first:
            return
        first = max(first, seconds(work, small))
        last = min(last, seconds(work, large))
    if last >= 9 * first:
        pytest.fail(f"{first:.3f} s for a quarter of it, {last:.3f} s for all")
