"""The work on content documents, one at a time, here or in other processes."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reader.annotation import Annotator
from reader.annotation.preparation import Survey
from reader.epub.archive import Packed, packed
from reader.epub.passages import Piece, Scan
from reader.epub.repair import read_xhtml
from reader.epub.xhtml import NO_INLINE, foreign_warning
from reader.errors import ContainerError, SourceError
from reader.inplace.aligned import PassageTranslation
from reader.inplace.dialect import strip_document
from reader.inplace.document import DocumentAnnotator
from reader.lexicon import Lexicon
from reader.model import DocumentWarning
from reader.options import AnnotateOptions, RenderOptions, Script
from reader.writers.formats import find_format
from reader.writers.notes import Term

if TYPE_CHECKING:
    from concurrent.futures import Future

    from reader.glossary import Glossary
    from reader.inplace.conversion import Converter

__all__ = ["BookSettings", "DocumentResult", "DocumentTask", "annotate_documents"]

_HAN = re.compile("[\u4e00-\u9fff]")
_FOREIGN = 100
"""Chinese characters in elements of another language from which on a warning is due."""


@dataclass(frozen=True, slots=True)
class BookSettings:
    """What is the same for all content documents of a book; each process gets it once."""

    glossary: Glossary | None
    lexicon: Lexicon | None
    annotate: AnnotateOptions
    render: RenderOptions
    survey: Survey
    """Of the book, so that every process knows the same words of its own."""
    quotes: bool = False
    translation_language: str = ""
    """That of the translation, if there is one."""

    @property
    def language(self) -> str:
        return self.survey.language

    def annotator(self) -> Annotator:
        """What annotates text of the book."""
        return Annotator(
            self.lexicon or Lexicon.default(),
            self.glossary,
            self.annotate,
            survey=self.survey,
            layers=find_format("epub").needs(self.render) | {"corrections"},
        )

    def converter(self, annotator: Annotator | None = None) -> Converter | None:
        """To the script that is shown, if one is asked for."""
        if self.render.script not in (Script.SIMPLIFIED, Script.TRADITIONAL):
            return None
        from reader.inplace.conversion import Converter

        annotator = annotator or self.annotator()
        simplified = self.render.script is Script.SIMPLIFIED
        language = "zh-Hans" if simplified else annotator.traditional
        return Converter(annotator, self.render.script, language, quotes=self.quotes)


@dataclass(frozen=True, slots=True)
class DocumentTask:
    """One content document to annotate."""

    name: str
    data: bytes
    css: str
    """How it refers to our stylesheet."""
    from_glossary: str
    """How the glossary refers to it."""
    epub2: bool
    language: str
    """Of elements that do not say theirs."""
    linked: bool = True
    """Whether it is in the spine, so that links may lead to it."""
    translations: Mapping[int, PassageTranslation] = field(default_factory=dict)
    """By the numbers of its passages."""
    drop_caps: Sequence[str] = ()
    """Selectors of what has a floating first letter."""


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """What became of a content document; `content` is None where it is as it was."""

    name: str
    content: Packed | None
    changed: bool
    words: int
    terms: dict[str, Term]
    warnings: tuple[DocumentWarning, ...]


def annotate_documents(
    tasks: Iterable[DocumentTask], settings: BookSettings, jobs: int
) -> Generator[DocumentResult, None, None]:
    """Each document's result, in order; with several `jobs`, in that many processes.

    At most twice as many documents as processes are held at a time.
    """
    if jobs <= 1:
        yield from map(_Worker(settings).run, tasks)
    else:
        yield from _in_processes(tasks, settings, jobs)


class _Worker:
    """Annotates content documents, each held only while it is worked on."""

    def __init__(self, settings: BookSettings) -> None:
        self._settings = settings
        self._annotator = settings.annotator()
        self._annotators: dict[bool, DocumentAnnotator] = {}

    def run(self, task: DocumentTask) -> DocumentResult:
        """The document annotated; one that cannot be read stays as it is, with a warning.

        Raises `ContainerError` for a document that is an attack.
        """
        data = task.data
        force = bool(self._settings.annotate.language)
        try:
            data = strip_document(task.data, task.name)
            source, scan, problem = read_xhtml(
                data, name=task.name, language=task.language, force=force
            )
        except ContainerError:
            raise
        except SourceError as error:
            warning = DocumentWarning(f"{error}; left as it is", "unreadable-document")
            content = packed(data) if data != task.data else None
            return DocumentResult(task.name, content, False, 0, {}, (warning,))
        annotated = self._document_annotator(task.epub2).annotate(
            scan,
            css=task.css,
            name=task.from_glossary,
            linked=task.linked,
            translations=task.translations,
            drop_caps=task.drop_caps,
        )
        result = source.encode(annotated.data) if annotated.changed else data
        return DocumentResult(
            task.name,
            packed(result) if result != task.data else None,
            annotated.changed,
            annotated.words,
            annotated.terms.by_name,
            (*_warnings(task.name, scan, problem), *_of_annotation(task.name, annotated.warnings)),
        )

    def _document_annotator(self, epub2: bool) -> DocumentAnnotator:
        if epub2 not in self._annotators:
            self._annotators[epub2] = DocumentAnnotator(
                self._annotator,
                self._settings.render,
                epub2=epub2,
                language=self._settings.language,
                converter=self._settings.converter(self._annotator),
                translation_language=self._settings.translation_language,
            )
        return self._annotators[epub2]


def _warnings(name: str, scan: Scan, problem: SourceError | None) -> Iterator[DocumentWarning]:
    if problem is not None:
        yield DocumentWarning(f"{problem}; repaired", "repaired-document")
    if not scan.is_xhtml:
        message = f"{name}: its root element is not XHTML; left as it is"
        yield DocumentWarning(message, "unreadable-document")
    for language, characters in scan.misdeclared.items():
        yield foreign_warning(language, characters, f"{name}: ")
    pieces = [piece for passage in scan.passages for piece in passage.pieces]
    yield from _misplaced(name, pieces)
    foreign = sum(len(_HAN.findall(piece.text)) for piece in pieces if piece.foreign)
    if foreign >= _FOREIGN:
        message = (
            f"{name}: {foreign} Chinese characters stand where the language is said to be "
            f"{scan.language or 'another'}; they are not annotated unless the language is given"
        )
        yield DocumentWarning(message, "foreign-language")


def _misplaced(name: str, pieces: Iterable[Piece]) -> Iterator[DocumentWarning]:
    """A warning of text that no element of ours may stand beside."""
    bare = next((p for p in pieces if p.parent in NO_INLINE and _HAN.search(p.text)), None)
    if bare is not None:
        message = (
            f"{name}: text stands in <{bare.parent}> by itself ({bare.text[:20]}), where no "
            "reading may stand; it is left as it is"
        )
        yield DocumentWarning(message, "misplaced-text")


def _of_annotation(name: str, warnings: Iterable[DocumentWarning]) -> Iterator[DocumentWarning]:
    """What annotation warns of, once a document: a rare character may stand in it often."""
    for message, code in dict.fromkeys((warning.message, warning.code) for warning in warnings):
        yield DocumentWarning(f"{name}: {message}", code)


# Other processes


def _in_processes(
    tasks: Iterable[DocumentTask], settings: BookSettings, jobs: int
) -> Generator[DocumentResult, None, None]:
    # Importing what processes need takes longer than a chapter.
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(jobs, initializer=_begin, initargs=(settings,))
    waiting: deque[Future[DocumentResult]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(_run, task))
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


_worker: list[_Worker] = []
"""A worker process has one."""


def _begin(settings: BookSettings) -> None:
    # The user's interrupt ends the parent, which ends its workers; what else ends a process is
    # handled by the parent, and ends a worker at once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker[:] = [_Worker(settings)]


def _end_with_parent() -> None:
    """A parent that was killed cannot end its workers, which would wait for tasks for ever."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(task: DocumentTask) -> DocumentResult:
    return _worker[0].run(task)
