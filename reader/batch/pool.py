"""Worker processes, and a thread of this process for each that supervises it.

Not `multiprocessing`: a program that uses the library needs no `__main__` guard, nothing of it
is imported again, and a worker that is killed is one text lost and not a broken pool.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import Lock, Thread, Timer

from reader.batch.tasks import Outcome, Status, Text, build_or_report
from reader.building import Recipe
from reader.errors import ReaderError
from reader.files import remove_leftovers
from reader.lexicon import Lexicon
from reader.model import Document, Metadata
from reader.writers.formats import find_format

__all__ = ["run", "serve"]

_PACKAGES = str(Path(__file__).parents[2])
# -P: the current folder may hold a `reader.py` of its own.
_COMMAND = (
    sys.executable,
    "-P",
    "-c",
    "import sys; sys.path.insert(0, sys.argv[1]); from reader.batch.pool import serve; serve()",
    _PACKAGES,
)
# Past its soft end a text has this long to stop by itself before its worker is killed.
_GRACE = 1.0


def run(
    texts: Iterable[Text],
    recipe: Recipe,
    *,
    jobs: int,
    timeout: float | None = None,
    compiling: Callable[[str], None] | None = None,
) -> Generator[Outcome, None, None]:
    """Outcomes of the texts as they come in, built by `jobs` processes.

    Closing the iterator kills the workers; what they had finished stands. `compiling` is called
    before the dictionaries are compiled, which happens once.
    """
    # Each worker that found none would compile a lexicon of its own.
    Lexicon.open(compiling=compiling)
    tasks = _Tasks(texts)
    outcomes: SimpleQueue[Outcome | BaseException | None] = SimpleQueue()
    setup = pickle.dumps((recipe, timeout))
    # What workers put into temporary folders goes with this one, even of those that are killed.
    with TemporaryDirectory(prefix="reader-", ignore_cleanup_errors=True) as scratch:
        supervisors = [_Supervisor(tasks, outcomes, setup, timeout, scratch) for _ in range(jobs)]
        for supervisor in supervisors:
            supervisor.start()
        try:
            yield from _collect(outcomes, len(supervisors))
        finally:
            tasks.stop()
            for supervisor in supervisors:
                supervisor.stop()


def _collect(
    outcomes: SimpleQueue[Outcome | BaseException | None], running: int
) -> Iterator[Outcome]:
    while running:
        outcome = outcomes.get()
        if outcome is None:
            running -= 1
        elif isinstance(outcome, BaseException):
            raise outcome
        else:
            yield outcome


class _Tasks:
    """The texts still to be built, handed out one at a time to whichever thread asks."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self._texts = iter(texts)
        self._lock = Lock()
        self._stopped = False

    def next(self) -> Text | None:
        with self._lock:
            return None if self._stopped else next(self._texts, None)

    def stop(self) -> None:
        self._stopped = True


class _Supervisor(Thread):
    """Keeps one worker at work; a worker that dies costs the text it had and is replaced."""

    def __init__(
        self,
        tasks: _Tasks,
        outcomes: SimpleQueue[Outcome | BaseException | None],
        setup: bytes,
        timeout: float | None,
        scratch: str,
    ) -> None:
        super().__init__(daemon=True)
        self._tasks, self._outcomes, self._setup = tasks, outcomes, setup
        self._timeout, self._scratch = timeout, scratch
        self._worker: _Worker | None = None
        self._stopped = False

    def run(self) -> None:
        try:
            while (text := self._tasks.next()) is not None:
                if self._worker is None:
                    self._worker = _Worker(self._setup, self._scratch)
                self._outcomes.put(self._build(self._worker, text))
        except BaseException as error:  # raised again where the outcomes are taken
            if not self._stopped:
                self._outcomes.put(error)
        finally:
            if self._worker is not None:
                self._worker.dismiss()
            self._outcomes.put(None)

    def stop(self) -> None:
        self._stopped = True
        if self._worker is not None:
            self._worker.kill()
        self.join()

    def _build(self, worker: _Worker, text: Text) -> Outcome:
        limit = None if self._timeout is None else self._timeout + _GRACE
        try:
            return worker.build(text, limit)
        except (OSError, EOFError, pickle.UnpicklingError):
            message = worker.end_reason(self._timeout)
            self._worker = None
            remove_leftovers(text.output)
            return Outcome(text, Status.FAILED, f"{text.source}: {message}")


class _Worker:
    """A process that builds one text at a time."""

    def __init__(self, setup: bytes, scratch: str) -> None:
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), scratch)
        self._process = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=-1,
            env={**os.environ, **places},
        )
        self._late = False
        try:
            self._send(setup)
            self._receive()
        except (OSError, EOFError) as error:
            raise ReaderError("a worker process did not start") from error

    def build(self, text: Text, limit: float | None) -> Outcome:
        """The outcome of one text; `EOFError` if the process ends before it has one."""
        timer = None if limit is None else Timer(limit, self._end_late)
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            self._send(pickle.dumps(text))
            answer = self._receive()
        finally:
            if timer is not None:
                timer.cancel()
        assert isinstance(answer, Outcome)
        return answer

    def _send(self, message: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(message)
        self._process.stdin.flush()

    def _receive(self) -> object:
        assert self._process.stdout is not None
        return pickle.load(self._process.stdout)

    def _end_late(self) -> None:
        self._late = True
        self.kill()

    def kill(self) -> None:
        self._process.kill()

    def dismiss(self) -> None:
        """Let the process end by itself, which it does when its input ends."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()

    def end_reason(self, timeout: float | None) -> str:
        """Why the process ended, for a person."""
        self.dismiss()
        if self._late and timeout is not None:
            return f"took longer than {timeout:g} seconds"
        code = self._process.returncode
        if code == -signal.SIGKILL:
            return "its process was killed, as a system does that runs out of memory"
        return f"its process ended with {_signal_name(code) or f'exit code {code}'}"


def _signal_name(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return ""


def serve() -> None:
    """Serve until standard input ends: first the recipe, then one text after another."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt ends
    # Standard output is for answers alone; what else is printed goes to standard error.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        recipe, timeout = pickle.load(sys.stdin.buffer)
    except EOFError:
        return
    _warm(recipe)
    _spare_the_collector()
    try:
        pickle.dump("ready", answers)
        answers.flush()
        while True:
            text = pickle.load(sys.stdin.buffer)
            pickle.dump(build_or_report(text, recipe, timeout), answers)
            answers.flush()
    except (EOFError, pickle.UnpicklingError):
        return
    except BrokenPipeError:
        # The parent was killed. What could not be sent must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), answers.fileno())


def _spare_the_collector() -> None:
    """Seldom look for cycles: annotation makes millions of small values and none that is one.

    Measured: 4 to 10 per cent of the time, for no memory.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _warm(recipe: Recipe) -> None:
    """Import what a text needs before the first one comes."""
    import reader.sources.text  # noqa: F401

    # To write nothing loads what the format needs.
    find_format(recipe.to).write(Document(Metadata(), ()), BytesIO(), recipe.render)
