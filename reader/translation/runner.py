"""A document translated: cached answers first, then requests, checked and asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace

from reader.errors import TranslationError
from reader.model import Document, Link, Segment, Translation
from reader.translation.cache import Cache, key
from reader.translation.checks import missing_terms, problem
from reader.translation.options import TranslateOptions
from reader.translation.protocol import AnswerError, Request, Translator
from reader.translation.segments import Terms, batches, requests

Progress = Callable[[int, int], None]
Doubt = Callable[[str, str], None]
Item = tuple[int, Request]


def translate(
    document: Document,
    translator: Translator,
    *,
    glossary: Terms | None = None,
    cache: Cache | None = None,
    options: TranslateOptions | None = None,
    progress: Progress | None = None,
    doubt: Doubt | None = None,
) -> Translation:
    """The document's translation by `translator`, a block for every block that says something.

    Blocks are linked one to one, and the translation says that a machine made it. `progress` is
    called with the segments done and their number; `doubt` with a segment and what is doubtful
    about its answer, which was kept: a glossary term that does not show. Every good answer is in
    `cache` before the next is awaited, so what is asked for again after a failure is only what is
    missing. Raises `TranslationError` when the server cannot be used, or some segments have no
    right answer.
    """
    options = options or TranslateOptions()
    cache = Cache() if cache is None else cache
    wanted = requests(document, glossary, options)
    if not wanted:
        raise TranslationError("there is nothing to translate")
    run = _Run(translator, cache, options, wanted, progress, doubt)
    return _translation(document, run.answers(), translator, options)


def _translation(
    document: Document, answers: dict[int, str], translator: Translator, options: TranslateOptions
) -> Translation:
    blocks = tuple(
        replace(
            document.blocks[number],
            text=answer,
            tokens=(), marks=(), notes=(), sentences=(), corrections=(),
            language="", id="",
        )
        for number, answer in answers.items()
    )  # fmt: skip
    links = tuple(
        Link((Segment(source),), (Segment(target),)) for target, source in enumerate(answers)
    )
    return Translation(options.language, blocks, links, translator.name, machine=True)


class _Run:
    """One translation under way. Threads only ask; answers are checked and kept in this one."""

    def __init__(
        self,
        translator: Translator,
        cache: Cache,
        options: TranslateOptions,
        wanted: dict[int, Request],
        progress: Progress | None,
        doubt: Doubt | None,
    ) -> None:
        self._translator, self._cache, self._options = translator, cache, options
        self._wanted = wanted
        self._progress = progress or (lambda done, total: None)
        self._doubt = doubt or (lambda text, wrong: None)
        self._found: dict[int, str] = {}
        self._usable: dict[int, str] = {}
        """Right but for a glossary term."""
        self._failed: dict[int, str] = {}
        self._tried: dict[int, int] = {}

    def answers(self) -> dict[int, str]:
        """The translations by number, in text order."""
        for number, request in self._wanted.items():
            answer = self._cache.get(self._key(request))
            if answer is not None:
                self._found[number] = answer
        self._progress(len(self._found), len(self._wanted))
        waiting = [item for item in self._wanted.items() if item[0] not in self._found]
        if waiting:
            self._ask(waiting)
        if self._failed:
            raise self._failure()
        self._report()
        return {number: self._found[number] for number in self._wanted}

    def _key(self, request: Request) -> str:
        return key(request, self._translator, self._options.language)

    def _ask(self, waiting: Sequence[Item]) -> None:
        """Asks until every segment has an answer or has been asked for often enough."""
        queue = list(batches(waiting, self._options))[::-1]
        running: dict[Future[Sequence[str]], list[Item]] = {}
        pool = ThreadPoolExecutor(self._options.concurrency)
        try:
            while queue or running:
                while queue and len(running) < self._options.concurrency:
                    batch = queue.pop()
                    running[pool.submit(self._one, batch)] = batch
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    queue += self._take(running.pop(future), future)
        except BaseException as error:
            self._rescue(running)
            if not isinstance(error, Exception):
                # Interrupted: threads that wait for a server would keep the process alive.
                getattr(self._translator, "close", lambda: None)()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _rescue(self, running: dict[Future[Sequence[str]], list[Item]]) -> None:
        """Keeps what has come in beside the answer that ended the run."""
        for future, batch in running.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                self._take(batch, future)

    def _one(self, batch: list[Item]) -> Sequence[str]:
        return self._translator.translate([request for _, request in batch], self._options.language)

    def _take(self, batch: list[Item], future: Future[Sequence[str]]) -> list[list[Item]]:
        """Keeps the right answers of a batch; returns what is to be asked again, one by one."""
        try:
            answers = future.result()
        except AnswerError as error:
            return [again for item in batch for again in self._again(item, error.message)]
        queue: list[list[Item]] = []
        if len(answers) != len(batch):
            wrong = f"{len(answers)} translations came back for {len(batch)} segments"
            return [again for item in batch for again in self._again(item, wrong)]
        for item, answer in zip(batch, answers, strict=True):
            wrong = self._wrong(item, answer)
            if wrong:
                queue += self._again(item, wrong)
            else:
                self._keep(item, answer)
        self._progress(len(self._found), len(self._wanted))
        return queue

    def _wrong(self, item: Item, answer: str) -> str:
        """What is wrong enough with an answer to ask again; "" to keep it."""
        number, request = item
        wrong = problem(request, answer, self._options.language)
        missing = "" if wrong else missing_terms(request, answer, self._options.language)
        if missing:
            # Paid for and good enough to fall back on, even if this run should end here.
            self._cache.put(self._key(request), answer)
            self._usable[number] = answer
        enough = self._tried.get(number, 0) + 1 >= self._options.term_attempts
        return wrong or ("" if enough else missing)

    def _keep(self, item: Item, answer: str) -> None:
        self._cache.put(self._key(item[1]), answer)
        self._found[item[0]] = answer

    def _again(self, item: Item, wrong: str) -> list[list[Item]]:
        number = item[0]
        tried = self._tried[number] = self._tried.get(number, 0) + 1
        usable = self._usable.get(number)
        if usable is not None and tried >= self._options.term_attempts:
            self._keep(item, usable)
        elif tried < self._options.attempts:
            return [[item]]
        else:
            self._failed[number] = wrong
        return []

    def _report(self) -> None:
        """Says which answers, new or kept from before, lack a term."""
        for number, request in self._wanted.items():
            missing = missing_terms(request, self._found[number], self._options.language)
            if missing:
                self._doubt(request.text, missing)

    def _failure(self) -> TranslationError:
        number, wrong = next(iter(sorted(self._failed.items())))
        return TranslationError(
            f"{len(self._failed)} of {len(self._wanted)} segments have no right answer after "
            f"{self._options.attempts} attempts ({wrong}); the others are kept: run again to ask "
            "only for these",
            excerpt=self._wanted[number].text,
        )
