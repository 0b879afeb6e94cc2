"""The work on content documents, one at a time, here or in other processes."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reader.annotation import Annotator
from reader.epub.archive import Packed, packed
from reader.epub.passages import Scan
from reader.epub.repair import read_xhtml
from reader.errors import ContainerError, SourceError
from reader.inplace.aligned import Answer
from reader.inplace.dialect import strip_document
from reader.inplace.document import Inserter
from reader.lexicon import Lexicon
from reader.model import DocumentWarning
from reader.options import AnnotateOptions, RenderOptions, Script
from reader.writers.formats import find_format
from reader.writers.notes import Term

if TYPE_CHECKING:
    from reader.glossary import Glossary
    from reader.inplace.conversion import Converter

__all__ = ["Done", "Job", "Setup", "Worker", "results"]

_FOREIGN = 100
"""Chinese characters in elements of another language from which on a warning is due."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What every worker needs."""

    glossary: Glossary | None
    lexicon: Lexicon | None
    annotate: AnnotateOptions
    render: RenderOptions
    language: str
    quotes: bool = False
    translated: str = ""
    """Language of the translation, if there is one."""

    def converter(self) -> Converter | None:
        """To the script that is shown, if one is asked for."""
        if self.render.script not in (Script.SIMPLIFIED, Script.TRADITIONAL):
            return None
        from reader.inplace.conversion import Converter

        return Converter(self.render.script, self.language, quotes=self.quotes)


@dataclass(frozen=True, slots=True)
class Job:
    """One content document to annotate; `css` and `file` are references, as they are written."""

    name: str
    data: bytes
    css: str
    file: str
    epub2: bool
    language: str
    linked: bool = True
    """Whether it is in the spine, so that links may lead to it."""
    answers: Mapping[int, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """A content document after work; `content` is None where it is as it was."""

    name: str
    content: Packed | None
    changed: bool
    words: int
    terms: dict[str, Term]
    warnings: tuple[DocumentWarning, ...]


class Worker:
    """Annotates content documents, each held only while it is worked on."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        lexicon = setup.lexicon or Lexicon.default()
        self._annotator = Annotator(
            lexicon,
            setup.glossary,
            setup.annotate,
            setup.language,
            layers=find_format("epub").needs(setup.render) | {"corrections"},
        )
        self._inserters: dict[bool, Inserter] = {}

    def run(self, job: Job) -> Done:
        """The document annotated; one that cannot be read stays as it is, with a warning.

        Raises `ContainerError` for a document that is an attack.
        """
        data = job.data
        force = bool(self._setup.annotate.language)
        try:
            data = strip_document(job.data, job.name)
            source, scan, problem = read_xhtml(
                data, name=job.name, language=job.language, force=force
            )
        except ContainerError:
            raise
        except SourceError as error:
            return _untouched(job, data, error)
        inserted = self._inserter(job.epub2).insert(
            scan, css=job.css, file=job.file, linked=job.linked, answers=job.answers
        )
        new = source.encode(inserted.data) if inserted.changed else data
        warnings = [*_repaired(problem, job.name), *_unknown(scan, job.name)]
        warnings += _mislabelled(scan, job.name)
        return Done(
            job.name,
            packed(new) if new != job.data else None,
            inserted.changed,
            inserted.words,
            inserted.terms.by_name,
            tuple(warnings),
        )

    def _inserter(self, epub2: bool) -> Inserter:
        if epub2 not in self._inserters:
            self._inserters[epub2] = Inserter(
                self._annotator,
                self._setup.render,
                epub2=epub2,
                language=self._setup.language,
                converter=self._setup.converter(),
                translated=self._setup.translated,
            )
        return self._inserters[epub2]


def results(work: Iterable[Job], setup: Setup, jobs: int) -> Generator[Done, None, None]:
    """Each job's result, in order; with several `jobs`, in that many processes.

    At most twice as many documents as processes are held at a time.
    """
    if jobs <= 1:
        yield from map(Worker(setup).run, work)
    else:
        # Importing what processes need takes longer than a chapter.
        from reader.inplace.processes import results_of_processes

        yield from results_of_processes(work, setup, jobs)


def _untouched(job: Job, data: bytes, error: SourceError) -> Done:
    warning = DocumentWarning(f"{error}; left as it is", "unreadable-document")
    content = packed(data) if data != job.data else None
    return Done(job.name, content, False, 0, {}, (warning,))


def _repaired(problem: SourceError | None, name: str) -> Iterator[DocumentWarning]:
    if problem is not None:
        yield DocumentWarning(f"{problem}; repaired", "repaired-document")


def _unknown(scan: Scan, name: str) -> Iterator[DocumentWarning]:
    if not scan.is_xhtml:
        message = f"{name}: its root element is not XHTML; left as it is"
        yield DocumentWarning(message, "unreadable-document")


def _mislabelled(scan: Scan, name: str) -> Iterator[DocumentWarning]:
    foreign = sum(
        "\u4e00" <= character <= "\u9fff"
        for passage in scan.passages
        for piece in passage.pieces
        if piece.foreign
        for character in piece.text
    )
    if foreign >= _FOREIGN:
        message = (
            f"{name}: {foreign} Chinese characters stand where the language is said to be "
            f"{scan.language or 'another'}; they are not annotated unless the language is given"
        )
        yield DocumentWarning(message, "foreign-language")
