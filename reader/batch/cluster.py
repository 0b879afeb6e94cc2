"""The same work on a Dask cluster: the only door to `distributed`."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from reader.batch.recipe import Recipe
from reader.batch.texts import Text
from reader.batch.work import Outcome, Status, build
from reader.errors import OptionError

__all__ = ["run"]

_WAIT = 10.0
"""Seconds in which a scheduler must answer."""
_AHEAD = 8
"""Texts under way for each thread of the cluster: no worker waits, no scheduler drowns."""
_RETRIES = 2


def run(
    texts: Iterable[Text], recipe: Recipe, address: str, *, timeout: float | None = None
) -> Generator[Outcome, None, None]:
    """Outcomes of the texts as they come in, built by the cluster of the scheduler at `address`.

    The texts of a worker that is lost are built again by another. Raises `OptionError` when no
    scheduler answers or it has no workers.
    """
    client = _connected(address)
    try:
        shared = client.scatter(recipe, broadcast=True, hash=False)
        yield from _flowing(client, iter(texts), shared, timeout)
    finally:
        client.close()


def _connected(address: str) -> Any:
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


def _flowing(
    client: Any, texts: Iterator[Text], recipe: Any, timeout: float | None
) -> Iterator[Outcome]:
    """Keep a window of texts under way; a finished one lets the next in."""

    def submitted(text: Text) -> Any:
        future = client.submit(build, text, recipe, timeout, retries=_RETRIES, pure=False)
        under_way[future.key] = text
        return future

    under_way: dict[Any, Text] = {}
    window = _AHEAD * max(1, sum(client.nthreads().values()))
    distributed: Any = import_module("distributed")
    completed = distributed.as_completed(
        [submitted(text) for text in islice(texts, window)], loop=client.loop
    )
    for future in completed:
        yield _outcome(future, under_way.pop(future.key))
        for text in islice(texts, 1):
            completed.add(submitted(text))


def _outcome(future: Any, text: Text) -> Outcome:
    """What the text came to; an exception here is the cluster's, after its retries."""
    error = future.exception()
    if error is None:
        outcome = future.result()
        assert isinstance(outcome, Outcome)
        return outcome
    return Outcome(text, Status.FAILED, f"{text.source}: {type(error).__name__}: {error}")
