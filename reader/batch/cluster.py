"""The same work on a Dask cluster: the only door to `distributed`."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from importlib import import_module
from itertools import islice
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


def run(
    texts: Iterable[Text], recipe: Recipe, address: str, *, timeout: float | None = None
) -> Generator[Outcome, None, None]:
    """Outcomes of the texts as they come in, built by the cluster of the scheduler at `address`.

    The texts of a worker that is lost are built again by another. Raises `OptionError` when no
    scheduler answers or it has no workers.
    """
    client = _connect(address)
    try:
        shared = client.scatter(recipe, broadcast=True, hash=False)
        yield from _outcomes(client, list(texts), shared, timeout)
    finally:
        client.close()


def _connect(address: str) -> Any:
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise OptionError("--dask needs Dask: install annotated-reader[dask]") from error
    try:
        client = distributed.Client(address, timeout=_WAIT, set_as_default=False)
        client.wait_for_workers(1, timeout=_WAIT)
    except (OSError, ValueError, TimeoutError) as error:
        raise OptionError(f"no Dask cluster answers at {address}: {error}") from error
    return client


def _outcomes(
    client: Any, texts: Sequence[Text], recipe: Any, timeout: float | None
) -> Iterator[Outcome]:
    """Keep a window of tasks under way; a finished one lets the next in."""

    def submit(portion: tuple[Text, ...], lost: int = 0) -> Any:
        future = client.submit(_build, portion, recipe, timeout, retries=_RETRIES, pure=False)
        under_way[future.key] = portion, lost
        return future

    under_way: dict[Any, tuple[tuple[Text, ...], int]] = {}
    threads = max(1, sum(client.nthreads().values()))
    portions = _portions(texts, threads)
    distributed: Any = import_module("distributed")
    completed = distributed.as_completed(
        [submit(portion) for portion in islice(portions, _AHEAD * threads)], loop=client.loop
    )
    for future in completed:
        portion, lost = under_way.pop(future.key)
        outcomes, error = _result(future)
        if error is None:
            yield from outcomes
        elif isinstance(error, CancelledError) and lost < _RETRIES:
            # It was done, and its worker went before it could say so.
            completed.add(submit(portion, lost + 1))
        elif len(portion) == 1:
            # The cluster's own, after its retries; what is wrong with a text is in its outcome.
            text = portion[0]
            yield Outcome(text, Status.FAILED, f"{text.source}: {type(error).__name__}: {error}")
        else:
            # One text that kills its worker must not take the others with it.
            completed.update([submit((text,)) for text in portion])
        for following in islice(portions, 1):
            completed.add(submit(following))


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
