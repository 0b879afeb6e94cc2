"""The work on content documents in several processes."""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

from reader.inplace.tasks import Done, Job, Setup, Worker

__all__ = ["results_of_processes"]


def results_of_processes(
    work: Iterable[Job], setup: Setup, jobs: int
) -> Generator[Done, None, None]:
    """Each job's result, in order; at most twice as many documents as processes are held."""
    pool = ProcessPoolExecutor(jobs, initializer=_begin, initargs=(setup,))
    waiting: deque[Future[Done]] = deque()
    try:
        for job in work:
            waiting.append(pool.submit(_run, job))
            if len(waiting) >= 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        with _uninterrupted():
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A second interrupt, of an impatient person, must not leave workers waiting for ever."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_worker: list[Worker] = []
"""A worker process has one."""


def _begin(setup: Setup) -> None:
    # The user's interrupt ends the parent, which ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker[:] = [Worker(setup)]


def _run(job: Job) -> Done:
    return _worker[0].run(job)
