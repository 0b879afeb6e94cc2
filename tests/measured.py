"""What a piece of work costs, measured in a process of its own that is ended where it goes on."""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import traceback
from typing import NamedTuple, cast

from reader.errors import ReaderError
from tests.surfaces import Work

PATIENCE = 30
"""Seconds of one core after which a process is ended."""
WALL = 20
"""So many times as long it may take by the clock, on a machine that does other things."""


class Cost(NamedTuple):
    """Seconds of one core, MiB of memory, and what was raised that is no `ReaderError`."""

    seconds: float
    memory: float
    fault: str = ""


def cost(work: Work, data: bytes, *, patience: int = PATIENCE) -> Cost:
    """What the work on the data costs, in a fork of this process."""
    gc.freeze()  # or a search for cycles would copy, page by page, all that the fork shares
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        # A Java machine of other tests is asked at each collection, and answers in no fork.
        gc.callbacks.clear()
        signal.alarm(WALL * patience)  # its own default: it ends what waits for ever, too
        try:
            os.close(here)
            with os.fdopen(there, "wb") as answer:
                answer.write(pickle.dumps(_measured(work, data, patience)))
        finally:
            os._exit(0)  # whatever happens, no second run of the tests goes on from here
    os.close(there)
    with os.fdopen(here, "rb") as answer:
        told = answer.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not told:
        limit = status == -signal.SIGXCPU
        return Cost(patience, 0, "" if limit else f"the process ended with {status}")
    return cast(Cost, pickle.loads(told))


def _measured(work: Work, data: bytes, patience: int) -> Cost:
    resource.setrlimit(resource.RLIMIT_CPU, (patience, patience + 1))
    before = resource.getrusage(resource.RUSAGE_SELF)
    fault = ""
    try:
        work(data)
    except ReaderError:
        pass
    except BaseException as error:
        fault = "".join(traceback.format_exception(error)[-3:])
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, (after.ru_maxrss - before.ru_maxrss) / 1024, fault)
