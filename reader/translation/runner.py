"""A document translated, and the draft as a plain text to edit.

Cached answers come first, then requests, whose answers are checked and asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from os import PathLike
from typing import Any, TypeAlias

from reader.errors import TranslationError
from reader.files import replacing
from reader.glossary import Glossary, GlossarySource
from reader.model import Block, BlockKind, Document, Link, Segment, Translation
from reader.options import TranslateOptions
from reader.plugins import Group, load
from reader.translation.segments import batches, requests
from reader.translation.translator import (
    AnswerError,
    Cache,
    Request,
    Translator,
    key,
    missing_terms,
    problem,
)

BUILT_IN = "chat"
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What no translation has: a terminal that shows the draft would obey it."""

Progress: TypeAlias = Callable[[int, int], None]
Doubt: TypeAlias = Callable[[str, str], None]
Item: TypeAlias = tuple[int, Request]
"""The number of a block, and the request for it."""


def translate(
    document: Document,
    translator: Translator,
    *,
    glossary: GlossarySource | None = None,
    cache: Cache | None = None,
    options: TranslateOptions | None = None,
    progress: Progress | None = None,
    doubt: Doubt | None = None,
) -> Translation:
    """The document's translation by `translator`, a block for every block that says something.

    Blocks are linked one to one, and the translation says that a machine made it. `progress` is
    called with the segments done and their number; `doubt` with a segment and what is doubtful
    about its answer, which was kept: a glossary term that does not show.
    Every good answer is in `cache` before the next is awaited, so what is asked for again after a
    failure is only what is missing. Raises `TranslationError` when the server cannot be used, or
    some segments have no right answer.
    """
    options = options or TranslateOptions()
    cache = Cache() if cache is None else cache
    wanted = requests(document, Glossary.of(glossary), options)
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
            text=_OBEYED.sub("", answer),
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
        self._requests = wanted
        self._progress = progress or (lambda done, total: None)
        self._doubt = doubt or (lambda text, wrong: None)
        self._translations: dict[int, str] = {}
        self._fallbacks: dict[int, str] = {}
        """Right but for a glossary term."""
        self._failed: dict[int, str] = {}
        self._attempts: dict[int, int] = {}

    def answers(self) -> dict[int, str]:
        """The translations by number, in text order."""
        for number, request in self._requests.items():
            answer = self._cache.get(self._key(request))
            if answer is not None:
                self._translations[number] = answer
        self._progress(len(self._translations), len(self._requests))
        waiting = [item for item in self._requests.items() if item[0] not in self._translations]
        if waiting:
            self._request_all(waiting)
        if self._failed:
            raise self._failure()
        self._report()
        return {number: self._translations[number] for number in self._requests}

    def _key(self, request: Request) -> str:
        return key(request, self._translator, self._options.language)

    def _request_all(self, waiting: Sequence[Item]) -> None:
        """Asks until every segment has an answer or has been asked for often enough."""
        # Taken from its end, so that what is asked for again comes before what is new.
        queue = list(batches(waiting, self._options))[::-1]
        running: dict[Future[Sequence[str]], list[Item]] = {}
        pool = ThreadPoolExecutor(self._options.concurrency)
        try:
            while queue or running:
                while queue and len(running) < self._options.concurrency:
                    batch = queue.pop()
                    running[pool.submit(self._request, batch)] = batch
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    queue += self._accept(running.pop(future), future)
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
                self._accept(batch, future)

    def _request(self, batch: list[Item]) -> Sequence[str]:
        return self._translator.translate([request for _, request in batch], self._options.language)

    def _accept(self, batch: list[Item], future: Future[Sequence[str]]) -> list[list[Item]]:
        """Keeps the right answers of a batch; returns what is to be asked again, one by one."""
        try:
            answers = future.result()
        except AnswerError as error:
            return [again for item in batch for again in self._retry(item, error.message)]
        queue: list[list[Item]] = []
        if len(answers) != len(batch):
            wrong = f"{len(answers)} translations came back for {len(batch)} segments"
            return [again for item in batch for again in self._retry(item, wrong)]
        for item, answer in zip(batch, answers, strict=True):
            wrong = self._reason_to_retry(item, answer)
            if wrong:
                queue += self._retry(item, wrong)
            else:
                self._keep(item, answer)
        self._progress(len(self._translations), len(self._requests))
        return queue

    def _reason_to_retry(self, item: Item, answer: str) -> str:
        """What is wrong enough with an answer to ask again; "" to keep it."""
        number, request = item
        wrong = problem(request, answer, self._options.language)
        missing = "" if wrong else missing_terms(request, answer, self._options.language)
        if missing:
            # Paid for and good enough to fall back on, even if this run should end here.
            self._cache.put(self._key(request), answer)
            self._fallbacks[number] = answer
        enough = self._attempts.get(number, 0) + 1 >= self._options.term_attempts
        return wrong or ("" if enough else missing)

    def _keep(self, item: Item, answer: str) -> None:
        self._cache.put(self._key(item[1]), answer)
        self._translations[item[0]] = answer

    def _retry(self, item: Item, wrong: str) -> list[list[Item]]:
        number = item[0]
        tried = self._attempts[number] = self._attempts.get(number, 0) + 1
        usable = self._fallbacks.get(number)
        if usable is not None and tried >= self._options.term_attempts:
            self._keep(item, usable)
        elif tried < self._options.attempts:
            return [[item]]
        else:
            self._failed[number] = wrong
        return []

    def _report(self) -> None:
        """Says which answers, new or kept from before, lack a term."""
        for number, request in self._requests.items():
            missing = missing_terms(request, self._translations[number], self._options.language)
            if missing:
                self._doubt(request.text, missing)

    def _failure(self) -> TranslationError:
        number, wrong = next(iter(sorted(self._failed.items())))
        return TranslationError(
            f"{len(self._failed)} of {len(self._requests)} segments have no right answer after "
            f"{self._options.attempts} attempts ({wrong}); the others are kept: run again to ask "
            "only for these",
            excerpt=self._requests[number].text,
        )


def translation_text(translation: Translation) -> str:
    """The text of a `NAME.en.txt`: the provenance, then the blocks, blank lines between them.

    Reading it back and aligning gives a translation marked as machine-made again.
    """
    head = [provenance_line(translation.translator)] if translation.machine else []
    return "\n\n".join([*head, *(_paragraph(block) for block in translation.blocks)]) + "\n"


def provenance_line(translator: str) -> str:
    """The first line of a text that a machine made: a comment of HTML and Markdown.

    >>> provenance_line("qwen3 -->")
    '<!-- machine translation: qwen3 -->'
    """
    plain = re.sub(r"-{2,}>?|[<>\s]+", " ", translator).strip()
    return f"<!-- machine translation: {plain} -->"


def write_translation(translation: Translation, path: str | PathLike[str]) -> None:
    """Writes `translation_text` to a file, in UTF-8. Raises `WriteError`."""
    with replacing(path) as file:
        file.write(translation_text(translation).encode("utf-8", "replace"))


def _paragraph(block: Block) -> str:
    """The block on lines that hold no blank one, with the marker of a list item as written."""
    lines = (line.strip() for line in block.text.split("\n"))
    text = "\n".join(line for line in lines if line)
    listed = block.kind is BlockKind.LIST_ITEM and block.ordinal
    return f"{block.ordinal} {text}" if listed else text


def load_translator(name: str = BUILT_IN, **settings: Any) -> Translator:
    """The translator installed under `name`, made with `settings`; `chat` is built in.

    Of `chat`, settings are `base_url`, `model` and `options` (`ServerOptions`). Raises
    `OptionError` for a name that nobody installed.
    """
    if name == BUILT_IN:
        # Imported here: httpx takes a tenth of a second, and not every translator is a server.
        from reader.translation.chat import ChatTranslator

        return ChatTranslator(**settings)
    translator: Translator = load(Group.TRANSLATOR, name, built_in=[BUILT_IN])(**settings)
    return translator
