"""A whole book annotated in place, or stripped of its annotation."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from importlib.resources import files
from os import PathLike
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipInfo

from reader.books.archive import Archive, packed
from reader.books.convert import convert_xml
from reader.books.glossary import glossary_document
from reader.books.package import Addition, add_to_package, strip_package
from reader.books.report import BookReport, Progress
from reader.books.strip import strip_document
from reader.books.work import Done, Job, Setup, results
from reader.errors import SourceError
from reader.files import replacing
from reader.glossary import Glossary
from reader.lexicon import Lexicon
from reader.model import DocumentWarning
from reader.options import AnnotateOptions, Notes, Pinyin, RenderOptions, Script
from reader.scripts import SAMPLE, detect
from reader.sources.container import Container, Limits
from reader.sources.package import NCX_TYPE, Package, read_package, read_packages, resolve
from reader.sources.repair import read_xhtml
from reader.writers.notes import OCCURRENCES, Term, Terms

__all__ = ["annotate_book", "strip_book"]

CSS = "reader-annotation.css"
GLOSSARY = "reader-glossary.xhtml"
SIGNATURES = "META-INF/signatures.xml"


def annotate_book(
    path: str | PathLike[str],
    out: str | PathLike[str],
    *,
    glossary: Glossary | None = None,
    lexicon: Lexicon | None = None,
    annotate: AnnotateOptions | None = None,
    render: RenderOptions | None = None,
    jobs: int = 1,
    limits: Limits | None = None,
    progress: Progress | None = None,
    new_identifier: bool = False,
    quotes: bool = False,
) -> BookReport:
    """Annotate the EPUB at `path` in place and write it to `out`; nothing else in it changes.

    With `render.script` simplified or traditional, the book's text, titles, navigation and metadata
    are converted, and with `quotes` its quotation marks; `strip_book` cannot undo that.
    Annotation of ours that it holds already is taken out first. Documents are worked on in
    `jobs` processes, one document in memory at a time in each. `out` appears whole or not at
    all, whatever happens. Raises `ContainerError` for a file that is damaged, hostile or locked,
    `SourceError` for a book without Chinese text, `WriteError` when `out` cannot be written.
    """
    annotate, render = annotate or AnnotateOptions(), render or RenderOptions()
    with Container(path, limits) as container:
        container.verify()
        book = _Book(container)
        setup = Setup(glossary, lexicon, annotate, render, _language(book, annotate), quotes)
        with replacing(out) as file:
            archive = Archive(file)
            tally = _Tally(progress, book.bytes)
            _copy(book, archive, setup, results(book.jobs(), setup, jobs), tally)
            if not tally.annotated:
                raise _nothing_to_do(container.path, tally)
            _add(book, archive, setup, tally, new_identifier=new_identifier)
            archive.finish(info.filename for info in container.members)
        return tally.report(book, setup)


def strip_book(
    path: str | PathLike[str], out: str | PathLike[str], *, limits: Limits | None = None
) -> int:
    """Write the EPUB at `path` to `out` without our annotation; how many documents changed."""
    with Container(path, limits) as container:
        container.verify()
        book = _Book(container)
        changed = 0
        with replacing(out) as file:
            archive = Archive(file)
            for info in container.members:
                if info.filename in book.ours:
                    continue
                data = book.stripped(info)
                if data is None:
                    archive.copy(info, container.raw(info))
                else:
                    archive.replace(info, packed(data))
                    changed += 1
            archive.finish()
        return changed


class _Book:
    """An EPUB and its parts; annotation of ours that it holds already is looked through."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.package_data: dict[str, bytes] = {}
        self.packages: list[Package] = []
        self.ours: set[str] = set()
        """Members that an earlier annotation added."""
        for package in read_packages(container):
            data, hrefs = strip_package(container.read(package.name))
            self.package_data[package.name] = data
            self.packages.append(read_package(data, package.name, container.path))
            self.ours |= {resolve(package.name, href) for href in hrefs}
        self.documents: dict[str, Package] = {}
        for package in self.packages:
            for item in package.documents:
                if item.name in container and not item.nav:
                    self.documents.setdefault(item.name, package)
        self.navigation = {
            item.name
            for package in self.packages
            for item in package.items
            if item.nav or item.media_type == NCX_TYPE
        }
        self.bytes = sum(container.info(name).file_size for name in self.documents)
        self.css = self._free(CSS)
        self.glossary = self._free(GLOSSARY)

    def _free(self, name: str) -> str:
        """A name for a new member beside the first package document."""
        stem, _, suffix = name.rpartition(".")
        found = posixpath.join(self.packages[0].folder, name)
        number = 1
        while found in self.container and found not in self.ours:
            number += 1
            found = posixpath.join(self.packages[0].folder, f"{stem}-{number}.{suffix}")
        return found

    def jobs(self) -> Iterator[Job]:
        """The content documents in the order of the container."""
        for info in self.container.members:
            if info.filename in self.documents:
                yield self._job(info.filename)

    def _job(self, name: str) -> Job:
        package = self.documents[name]
        return Job(
            name,
            self.container.read(name),
            _reference(name, self.css),
            _reference(self.glossary, name),
            package.epub2,
            _default_language(package),
        )

    def stripped(self, info: ZipInfo) -> bytes | None:
        """A member without our annotation; None if it has none."""
        name = info.filename
        if name in self.package_data:
            data = self.package_data[name]
        elif name in self.documents:
            data = strip_document(self.container.read(name))
        else:
            return None
        return None if data == self.container.read(name) else data


class _Tally:
    """What has been done so far."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._bytes = 0
        self.documents = 0
        self.annotated = 0
        self.words = 0
        self.terms: dict[str, dict[str, Term]] = {}
        self.warnings: dict[DocumentWarning, None] = {}

    def add(self, done: Done, size: int) -> None:
        self.documents += 1
        self.annotated += done.changed
        self.words += done.words
        if done.terms:
            self.terms[done.name] = done.terms
        self.warnings |= dict.fromkeys(done.warnings)
        self._bytes += size
        if self._progress is not None:
            self._progress(self._bytes, self._total)

    def merged(self, order: list[str]) -> Terms:
        """The terms of all documents, in the order of the book."""
        merged = Terms()
        for name in order:
            for term in self.terms.get(name, {}).values():
                known = merged.by_name.setdefault(term.note.term, Term(term.note))
                known.count += term.count
                known.places += term.places[: OCCURRENCES - len(known.places)]
        return merged

    def report(self, book: _Book, setup: Setup) -> BookReport:
        distinct = {term for terms in self.terms.values() for term in terms}
        warnings = list(self.warnings)
        if SIGNATURES in book.container:
            message = f"{SIGNATURES} signs the book as it was, and no longer holds"
            warnings.append(DocumentWarning(message, "signature"))
        return BookReport(
            self.documents,
            self.annotated,
            self.words,
            len(distinct),
            setup.language,
            tuple(warnings),
        )


def _copy(book: _Book, archive: Archive, setup: Setup, done: Iterator[Done], tally: _Tally) -> None:
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
        elif converter is not None and name in book.navigation:
            archive.replace(info, packed(convert_xml(book.container.read(name), converter)))
        else:
            archive.copy(info, book.container.raw(info))


def _add(
    book: _Book, archive: Archive, setup: Setup, tally: _Tally, *, new_identifier: bool
) -> None:
    """Write the package documents, the stylesheet and the glossary."""
    terms = tally.merged(list(book.documents))
    converter = setup.converter()
    first = book.packages[0]
    listed = bool(terms.by_name) and setup.render.notes is not Notes.NONE
    for package in book.packages:
        own = [("style", book.css, "text/css", False)]
        if listed and package is first:
            own.append(("glossary", book.glossary, "application/xhtml+xml", True))
        converted = book.package_data[package.name]
        if converter is not None:
            converted = convert_xml(converted, converter, package=True)
        additions = [
            Addition(kind, _reference(package.name, name), media_type, in_spine)
            for kind, name, media_type, in_spine in own
        ]
        data = add_to_package(
            converted,
            additions,
            ruby=setup.render.pinyin is not Pinyin.NONE and not package.epub2,
            done=_said(setup.render),
            new_identifier=new_identifier,
        )
        archive.replace(book.container.info(package.name), packed(data))
    css = files("reader").joinpath("data/in-place.css").read_bytes()
    archive.add(book.css, packed(css))
    if listed:
        page = glossary_document(
            terms,
            setup.render,
            language=converter.language if converter else setup.language,
            css=_reference(book.glossary, book.css),
            epub2=first.epub2,
        )
        archive.add(book.glossary, packed(page))


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


def _language(book: _Book, annotate: AnnotateOptions) -> str:
    """The language of the book: told, or detected from the first documents that have text.

    Where the text does not show its region, the package may: zh-TW, zh-HK.
    """
    found = annotate.language or detect(_sample(book, SAMPLE))
    if found == "zh-Hant" and not annotate.language:
        said = {tag.upper() for package in book.packages for tag in package.languages}
        regions = [r for r in ("TW", "HK") if any(tag.endswith(f"-{r}") for tag in said)]
        return f"{found}-{regions[0]}" if len(regions) == 1 else found
    return found


def _sample(book: _Book, length: int) -> Iterator[str]:
    for name, package in book.documents.items():
        try:
            _, scan, _ = read_xhtml(
                strip_document(book.container.read(name)),
                name=name,
                language=_default_language(package),
            )
        except SourceError:
            continue
        for passage in scan.passages:
            text = "".join(piece.text for piece in passage.pieces if piece.open)
            yield text
            length -= len(text)
            if length <= 0:
                return


def _default_language(package: Package) -> str:
    """What text without a declared language is in: Chinese, unless the book is Japanese or so.

    Other languages are not believed: many Chinese books say `en` there, and text in Latin
    letters is not annotated anyway.
    """
    languages = {language.split("-")[0].lower() for language in package.languages}
    return package.languages[0] if languages and languages <= {"ja", "ko", "vi"} else ""


def _nothing_to_do(path: Path | None, tally: _Tally) -> SourceError:
    said = next((w.message for w in tally.warnings), "")
    return SourceError("holds no Chinese text to annotate", path=path, excerpt=said or None)


def _reference(base: str, name: str) -> str:
    """How the document `base` refers to the member `name`."""
    return quote(posixpath.relpath(name, posixpath.dirname(base) or "."))
