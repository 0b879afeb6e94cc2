"""The same work on a Dask cluster: the only door to `distributed`."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from importlib import import_module
from itertools import chain, islice
from logging import CRITICAL, getLogger
from queue import Empty, SimpleQueue
from typing import Any

from reader.batch.tasks import Outcome, Status, Text, build_or_report
from reader.building import Recipe
from reader.errors import OptionError

__all__ = ["run"]

_WAIT = 10.0
"""Seconds in which a scheduler must answer."""
_AHEAD = 3
"""Tasks under way for each thread of the cluster: no worker waits, no scheduler drowns."""
_TOGETHER = 8
"""Texts in one task, at most: a task costs the scheduler about as much as a fifth of an article."""
_RETRIES = 2
_LOOK = 0.5
"""Seconds between two looks at whether the scheduler is still there."""


def run(
    texts: Iterable[Text], recipe: Recipe, address: str, *, timeout: float | None = None
) -> Generator[Outcome, None, None]:
    """Outcomes of the texts as they come in, built by the cluster of the scheduler at `address`.

    The texts of a worker that is lost are built again by another. Where the scheduler is lost and
    does not come back, what was not built has failed, and says so. Raises `OptionError` when no
    scheduler answers or it has no workers.
    """
    client = _connect(address)
    try:
        yield from _Window(client, list(texts), recipe, address, timeout).outcomes()
    finally:
        client.close()


def _connect(address: str) -> Any:
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise OptionError("--dask needs Dask: install annotated-reader[dask]") from error
    # What it has to say of a scheduler that goes away is in the outcomes.
    getLogger("distributed.client").setLevel(CRITICAL)
    try:
        client = distributed.Client(address, timeout=_WAIT, set_as_default=False)
        client.wait_for_workers(1, timeout=_WAIT)
    except (OSError, ValueError, TimeoutError) as error:
        raise OptionError(f"no Dask cluster answers at {address}: {error}") from error
    return client


class _Window:
    """The tasks under way, kept at a number; a finished one lets the next in."""

    def __init__(
        self,
        client: Any,
        texts: Sequence[Text],
        recipe: Recipe,
        address: str,
        timeout: float | None,
    ) -> None:
        self._client, self._recipe, self._address, self._timeout = client, recipe, address, timeout
        threads = max(1, sum(client.nthreads().values()))
        self._size = _AHEAD * threads
        self._waiting = _portions(texts, threads)
        # The future is kept: one that nobody holds is no longer wanted.
        self._under_way: dict[Any, tuple[Any, tuple[Text, ...], int]] = {}
        self._ended: SimpleQueue[Any] = SimpleQueue()
        self._share()

    def outcomes(self) -> Iterator[Outcome]:
        for portion in islice(self._waiting, self._size):
            self._submit(portion)
        while self._under_way:
            future = self._next()
            if future is None:
                yield from self._missing()
                return
            yield from self._outcomes_of(future)
            for portion in islice(self._waiting, 1):
                self._submit(portion)

    def _share(self) -> None:
        self._shared = self._client.scatter(self._recipe, broadcast=True, hash=False)

    def _submit(self, portion: tuple[Text, ...], lost: int = 0) -> None:
        future = self._client.submit(
            _build, portion, self._shared, self._timeout, retries=_RETRIES, pure=False
        )
        self._under_way[future.key] = future, portion, lost
        future.add_done_callback(self._ended.put)

    def _next(self) -> Any:
        """The next task that has ended; None when the scheduler has gone for good."""
        while True:
            with suppress(Empty):
                future = self._ended.get(timeout=_LOOK)
                if not future.cancelled() or self._is_there():
                    return future
            if not self._is_there():
                return None

    def _is_there(self) -> bool:
        """Whether there is a scheduler; one that went away is waited for, as the client does."""
        while self._client.status == "connecting":
            time.sleep(_LOOK)
        if self._client.status != "running":
            return False
        if self._shared.cancelled():  # it came back without what it held
            try:
                self._share()
            except (OSError, TimeoutError):
                return False
        return True

    def _outcomes_of(self, future: Any) -> Iterator[Outcome]:
        _, portion, lost = self._under_way.pop(future.key)
        outcomes, error = _result(future)
        if error is None:
            yield from outcomes
        elif isinstance(error, CancelledError) and lost < _RETRIES:
            # It was done, and its worker or the scheduler went before it could say so.
            self._submit(portion, lost + 1)
        elif len(portion) == 1:
            # The cluster's own, after its retries; what is wrong with a text is in its outcome.
            text = portion[0]
            yield Outcome(text, Status.FAILED, f"{text.source}: {type(error).__name__}: {error}")
        else:
            # One text that kills its worker must not take the others with it.
            for text in portion:
                self._submit((text,))

    def _missing(self) -> Iterator[Outcome]:
        """What was under way and what was to come, when there is nobody left to ask."""
        message = f"not built: the Dask scheduler at {self._address} went away; run again"
        under_way = [portion for _, portion, _ in self._under_way.values()]
        for text in chain.from_iterable(chain(under_way, self._waiting)):
            yield Outcome(text, Status.FAILED, f"{text.source}: {message}")


def _result(future: Any) -> tuple[list[Outcome], Exception | None]:
    """The outcomes of a task that has ended, or what ended it."""
    try:
        return future.result(), None
    except Exception as error:
        return [], error


def _portions(texts: Sequence[Text], threads: int) -> Iterator[tuple[Text, ...]]:
    """The texts in tasks: several together where there are many, so that no thread is idle."""
    size = max(1, min(_TOGETHER, len(texts) // (4 * threads)))
    return (tuple(texts[at : at + size]) for at in range(0, len(texts), size))


def _build(texts: tuple[Text, ...], recipe: Recipe, timeout: float | None) -> list[Outcome]:
    return [build_or_report(text, recipe, timeout) for text in texts]
