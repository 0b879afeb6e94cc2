"""A whole book annotated in place, or stripped of its annotation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZipInfo

from reader.epub.archive import Archive, packed
from reader.epub.container import ENCRYPTION, Container, Limits
from reader.epub.package import (
    Additions,
    Item,
    Package,
    add_to_package,
    derived_identifier,
    reference,
)
from reader.errors import OptionError, SourceError
from reader.files import read_data, replacing
from reader.inplace.aligned import Answer
from reader.inplace.contents import Book, language_of
from reader.inplace.report import BookReport, Progress
from reader.inplace.tally import Tally
from reader.inplace.tasks import Done, Setup, results
from reader.model import Document, DocumentWarning, Translation
from reader.options import AnnotateOptions, Notes, Pinyin, RenderOptions, Script
from reader.writers.notes import Terms

if TYPE_CHECKING:
    from reader.alignment import Pair
    from reader.glossary import Glossary
    from reader.inplace.conversion import Converter
    from reader.lexicon import Lexicon

__all__ = ["annotate_book", "strip_book"]

_UNIX = 3
"""What members of ours say they were made on, as those of zip tools do (APPNOTE 4.4.2)."""


def annotate_book(
    path: str | PathLike[str],
    out: str | PathLike[str],
    *,
    glossary: Glossary | None = None,
    lexicon: Lexicon | None = None,
    annotate: AnnotateOptions | None = None,
    render: RenderOptions | None = None,
    translation: Document | Translation | str | PathLike[str] | None = None,
    pairs: Sequence[Pair] = (),
    jobs: int = 1,
    limits: Limits | None = None,
    progress: Progress | None = None,
    new_identifier: bool = False,
    quotes: bool = False,
) -> BookReport:
    """Annotate the EPUB at `path` in place and write it to `out`; nothing else in it changes.

    With `render.script` simplified or traditional, text, titles, navigation and metadata are
    converted, and with `quotes` its quotation marks; `strip_book` cannot undo that.
    `translation`, a document or a file, is lined up with the whole book and stands in it as
    `render.layout` says; `pairs` are made by hand and hold. Annotation of ours that the book
    holds already is taken out first.

    Documents are worked on in `jobs` processes, one document in memory at a time in each. `out`
    appears whole or not at all, whatever happens. Raises `ContainerError` for a file that is
    damaged, hostile or locked, `SourceError` for a book without Chinese text, `WriteError` when
    `out` cannot be written, `AlignmentError` for a translation of something else.
    """
    render = render or RenderOptions()
    annotate = annotate or AnnotateOptions()
    with Container(path, limits) as container:
        container.verify()
        book = Book(container)
        language = language_of(book, annotate.language)
        setup = Setup(glossary, lexicon, annotate, render, language, quotes)
        answers: Mapping[str, Mapping[int, Answer]] = {}
        warnings: tuple[DocumentWarning, ...] = ()
        if translation is not None:
            setup, answers, warnings = _with_translation(book, setup, translation, pairs)
        identifier = _new_identifier(book, render) if new_identifier else ""
        with replacing(out) as file, _archive(file, container) as archive:
            tally = Tally(progress, book.bytes, warnings)
            with closing(results(book.jobs(answers), setup, jobs)) as done:
                _copy(book, archive, setup, done, tally, identifier)
            if not tally.annotated:
                raise _nothing_to_do(container.path, tally)
            _add(book, archive, setup, tally, identifier)
        return tally.report(book, language)


def strip_book(
    path: str | PathLike[str], out: str | PathLike[str], *, limits: Limits | None = None
) -> int:
    """Write the EPUB at `path` to `out` without our annotation; how many documents changed."""
    with Container(path, limits) as container:
        container.verify()
        book = Book(container)
        changed = 0
        with replacing(out) as file, _archive(file, container) as archive:
            for info in container.members:
                if info.filename in book.ours:
                    continue
                data = book.stripped(info)
                if data is None:
                    archive.copy(info, container.raw(info))
                else:
                    archive.replace(info, packed(data))
                    changed += 1
        return changed


def _archive(file: BinaryIO, container: Container) -> Archive:
    """The book that is written, its members in the order of the one that is read."""
    order = [info.filename for info in container.members]
    return Archive(file, order=order, system=_UNIX)


def _copy_table(
    book: Book,
    archive: Archive,
    info: ZipInfo,
    converter: Converter | None,
    identifier: str,
    tally: Tally,
) -> None:
    data = book.table(info.filename, identifier)
    if converter is not None:
        try:
            data, problem = converter.table(data, info.filename)
        except SourceError as error:
            tally.warn(f"{error}; not converted", "unreadable-document")
        else:
            if problem is not None:
                tally.warn(f"{problem}; repaired", "repaired-document")
    if data == book.container.read(info.filename):
        archive.copy(info, book.container.raw(info))
    else:
        archive.replace(info, packed(data))


def _copy(
    book: Book,
    archive: Archive,
    setup: Setup,
    done: Iterator[Done],
    tally: Tally,
    identifier: str,
) -> None:
    """Write every member but the package documents, which say what was added."""
    converter = setup.converter()
    for info in book.container.members:
        name = info.filename
        if name in book.ours or name in book.package_data:
            continue
        result = next(done) if name in book.documents else None
        if result is not None:
            tally.add(result, info.file_size)
        if result is not None and result.content is not None:
            archive.replace(info, result.content)
        elif name in book.navigation:
            _copy_table(book, archive, info, converter, identifier, tally)
        else:
            archive.copy(info, book.container.raw(info))


def _add(book: Book, archive: Archive, setup: Setup, tally: Tally, identifier: str) -> None:
    """Write the package documents, the stylesheet and each package's glossary."""
    css = read_data("in-place.css")
    for package in book.packages:
        terms = tally.merged(book.documents_of(package))
        listed = bool(terms.by_name) and setup.render.notes is not Notes.NONE
        data = _package(book, package, setup, listed=listed, identifier=identifier)
        archive.replace(book.container.info(package.name), packed(data))
        if listed:
            _add_glossary(book, package, archive, setup, terms)
    archive.add(book.css, packed(css))


def _package(book: Book, package: Package, setup: Setup, *, listed: bool, identifier: str) -> bytes:
    """A package document that says what was done, and lists what was added."""
    items = {"style": Item("", book.css, "text/css")}
    if listed:
        items["glossary"] = Item("", book.glossaries[package.name])
    additions = Additions(
        _said(setup.render) + (", translation" if setup.translated else ""),
        items,
        in_spine=frozenset(["glossary"]) & items.keys(),
        ruby=setup.render.pinyin is not Pinyin.NONE and not package.epub2,
        identifier=identifier,
    )
    converter = setup.converter()
    data = book.package_data[package.name]
    if converter is not None:
        data = converter.package(data)
    return add_to_package(data, package.name, additions)


def _add_glossary(
    book: Book, package: Package, archive: Archive, setup: Setup, terms: Terms
) -> None:
    from reader.inplace.glossary import glossary_document

    converter = setup.converter()
    name = book.glossaries[package.name]
    page = glossary_document(
        terms,
        setup.render,
        language=converter.language if converter else setup.language,
        css=reference(name, book.css),
        epub2=package.epub2,
    )
    archive.add(name, packed(page))


def _said(render: RenderOptions) -> str:
    """What was done, in words for the metadata."""
    parts = []
    if render.pinyin is not Pinyin.NONE:
        parts.append(f"readings ({render.notation.value})")
    if render.notes is not Notes.NONE:
        parts.append("notes")
    if render.script is Script.BOTH:
        parts.append("both scripts")
    elif render.script is not Script.AS_IS:
        parts.append(f"{render.script.value} characters")
    return ", ".join(parts) or "nothing"


def _with_translation(
    book: Book,
    setup: Setup,
    translation: Document | Translation | str | PathLike[str],
    pairs: Sequence[Pair],
) -> tuple[Setup, Mapping[str, Mapping[int, Answer]], tuple[DocumentWarning, ...]]:
    from reader.inplace.translation import answers_for

    answers = answers_for(
        book,
        translation,
        setup.render.layout,
        pairs=pairs,
        language=setup.language,
        force=bool(setup.annotate.language),
        glossary=setup.glossary,
        lexicon=setup.lexicon,
    )
    setup = replace(setup, translated=answers.language)
    return setup, answers.by_document, answers.warnings


def _new_identifier(book: Book, render: RenderOptions) -> str:
    if ENCRYPTION in book.container:
        # The key of obfuscated fonts is made from the identifier.
        message = "the book's fonts are tied to its identifier, so it cannot get a new one"
        raise OptionError(message, path=book.container.path)
    return derived_identifier(book.packages[0].identifier, _said(render))


def _nothing_to_do(path: Path | None, tally: Tally) -> SourceError:
    said = next((w.message for w in tally.warnings), "")
    return SourceError("holds no Chinese text to annotate", path=path, excerpt=said or None)
