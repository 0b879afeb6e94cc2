"""A whole book annotated in place, or stripped of its annotation."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, BinaryIO, TypeAlias
from zipfile import ZipInfo

from reader.epub.archive import Archive, packed
from reader.epub.container import ENCRYPTION, Container, missing_packages
from reader.epub.navigation import Entry, add_entry
from reader.epub.package import (
    Additions,
    Item,
    Package,
    add_to_package,
    derived_identifier,
    reference,
)
from reader.errors import ContainerError, OptionError, SourceError
from reader.files import read_data, replacing
from reader.glossary import Glossary, GlossarySource
from reader.inplace.aligned import BookTranslation, align_book
from reader.inplace.contents import Book, survey_book
from reader.inplace.dialect import BookDialect, style_sheet
from reader.inplace.workers import BookSettings, DocumentResult, annotate_documents
from reader.markup import OPS, SLOT, XHTML, XML, etree, namespaces
from reader.model import Document, DocumentWarning, Translation
from reader.options import (
    AnnotateOptions,
    BookOptions,
    Limits,
    Notes,
    Pinyin,
    RenderOptions,
    Script,
)
from reader.writers.labels import Labels, labels_in
from reader.writers.notes import OCCURRENCES, Term, Terms
from reader.writers.pages import glossary_page
from reader.writers.policy import shows_glosses

if TYPE_CHECKING:
    from reader.alignment import Pair
    from reader.lexicon import Lexicon

__all__ = ["BookReport", "Progress", "annotate_book", "strip_book"]

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes of content documents done and in all, as the work goes on."""

SIGNATURES = "META-INF/signatures.xml"

_UNIX = 3
"""What members of ours say they were made on, as those of zip tools do (APPNOTE 4.4.2)."""
_EPUB2 = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
    '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
)
_EPUB3 = "<!DOCTYPE html>"


@dataclass(frozen=True, slots=True)
class BookReport:
    """What annotation did to a book."""

    documents: int
    """Content documents in the manifest, nav documents left out."""
    annotated: int
    """Of these, how many were changed."""
    words: int
    """Words that were given a reading."""
    terms: int
    """Distinct glossary terms."""
    language: str
    """BCP 47, as asked or detected."""
    warnings: tuple[DocumentWarning, ...] = ()


def annotate_book(
    path: str | PathLike[str],
    out: str | PathLike[str],
    *,
    glossary: GlossarySource | None = None,
    lexicon: Lexicon | None = None,
    annotate: AnnotateOptions | None = None,
    render: RenderOptions | None = None,
    book: BookOptions | None = None,
    translation: Document | Translation | str | PathLike[str] | None = None,
    pairs: Sequence[Pair] = (),
    jobs: int = 1,
    progress: Progress | None = None,
) -> BookReport:
    """Annotate the EPUB at `path` in place and write it to `out`; nothing else in it changes.

    With `render.script` simplified or traditional, text, titles, navigation and metadata are
    converted, and with `book.quotes` its quotation marks; `strip_book` cannot undo that.
    `translation`, a document or a file, is lined up with the whole book and stands in it as
    `render.layout` says; `pairs` are made by hand and hold. Annotation of ours that the book
    holds already is taken out first.

    Documents are worked on in `jobs` processes, one document in memory at a time in each. `out`
    appears whole or not at all, whatever happens. Raises `ContainerError` for a file that is
    damaged, hostile or locked, `SourceError` for a book without Chinese text, `WriteError` when
    `out` cannot be written, `AlignmentError` for a translation of something else.
    """
    glossary = Glossary.of(glossary)
    render = render or RenderOptions()
    annotate = annotate or AnnotateOptions()
    options = book or BookOptions()
    with Container(path, options.limits) as container:
        # Members are copied as they are compressed: what is damaged would go unseen into the copy.
        container.verify()
        source = Book(container)
        survey = survey_book(source, annotate.language, lexicon)
        aligned = BookTranslation()
        if translation is not None:
            aligned = align_book(
                source,
                translation,
                render.layout,
                pairs=pairs,
                language=survey.language,
                force=bool(annotate.language),
                glossary=glossary,
                lexicon=lexicon,
            )
        settings = BookSettings(
            glossary, lexicon, annotate, render, survey, options.quotes, aligned.language
        )
        identifier = _new_identifier(source, render) if options.new_identifier else ""
        counts = _Counts(
            progress, source.bytes, dict.fromkeys((*survey.warnings, *aligned.warnings))
        )
        with replacing(out) as file, _archive(file, container) as archive:
            writer = _BookWriter(source, archive, settings, counts, identifier)
            results = _annotated(source, aligned, settings, jobs)
            with closing(results):
                writer.copy_members(results)
            if not counts.annotated:
                excerpt = next((warning.message for warning in counts.warnings), None)
                message = "holds no Chinese text to annotate"
                raise SourceError(message, path=container.path, excerpt=excerpt)
            writer.add_members()
        return counts.report(source, survey.language)


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


def _annotated(
    book: Book, aligned: BookTranslation, settings: BookSettings, jobs: int
) -> Generator[DocumentResult, None, None]:
    try:
        yield from annotate_documents(book.tasks(aligned), settings, jobs)
    except ContainerError as error:
        # It names the document; who reads it wants to know in which book.
        message = f"{error.path}: {error.message}" if error.path else error.message
        raise ContainerError(message, path=book.container.path) from error


def _archive(file: BinaryIO, container: Container) -> Archive:
    """The book that is written, its members in the order of the one that is read."""
    order = [info.filename for info in container.members]
    return Archive(file, order=order, system=_UNIX)


def _new_identifier(book: Book, render: RenderOptions) -> str:
    if ENCRYPTION in book.container:
        # The key of obfuscated fonts is made from the identifier.
        message = "the book's fonts are tied to its identifier, so it cannot get a new one"
        raise OptionError(message, path=book.container.path)
    return derived_identifier(book.packages[0].identifier, _work(render))


def _work(render: RenderOptions) -> str:
    """What is done to a book, in words for its metadata."""
    parts = []
    if render.pinyin is not Pinyin.NONE:
        parts.append(f"readings ({render.notation.value})")
    if render.notes is not Notes.NONE:
        parts.append("notes")
    if shows_glosses(render):
        parts.append("glosses")
    if render.script is Script.BOTH:
        parts.append("both scripts")
    elif render.script is not Script.AS_IS:
        parts.append(f"{render.script.value} characters")
    return ", ".join(parts) or "nothing"


@dataclass(slots=True)
class _Counts:
    """What has been done so far."""

    progress: Progress | None
    total: int
    """Bytes of all content documents."""
    warnings: dict[DocumentWarning, None]
    """Each once, in order."""
    bytes: int = 0
    documents: int = 0
    annotated: int = 0
    words: int = 0
    terms: dict[str, dict[str, Term]] = field(default_factory=dict)
    """By content document."""

    def add(self, result: DocumentResult, size: int) -> None:
        self.documents += 1
        self.annotated += result.changed
        self.words += result.words
        if result.terms:
            self.terms[result.name] = result.terms
        self.warnings |= dict.fromkeys(result.warnings)
        self.bytes += size
        if self.progress is not None:
            self.progress(self.bytes, self.total)

    def warn(self, message: str, code: str) -> None:
        self.warnings[DocumentWarning(message, code)] = None

    def terms_of(self, documents: Iterable[str]) -> Terms:
        """The terms of these documents together, in their order."""
        joined = Terms()
        # In reading order, whatever the order in which the container holds them.
        for name in documents:
            for term in self.terms.get(name, {}).values():
                known = joined.by_name.setdefault(term.note.term, Term(term.note))
                known.count += term.count
                known.places += term.places[: OCCURRENCES - len(known.places)]
        return joined

    def report(self, book: Book, language: str) -> BookReport:
        self.warnings |= dict.fromkeys(missing_packages(book.container))
        for name in book.missing:
            self.warn(f"{name} is in the manifest, but not in the book", "missing-document")
        if SIGNATURES in book.container:
            self.warn(f"{SIGNATURES} signs the book as it was, and no longer holds", "signature")
        distinct = {term for terms in self.terms.values() for term in terms}
        return BookReport(
            self.documents,
            self.annotated,
            self.words,
            len(distinct),
            language,
            tuple(self.warnings),
        )


class _BookWriter:
    """Writes the members of an annotated book."""

    def __init__(
        self,
        book: Book,
        archive: Archive,
        settings: BookSettings,
        counts: _Counts,
        identifier: str,
    ) -> None:
        self._book = book
        self._archive = archive
        self._settings = settings
        self._counts = counts
        self._identifier = identifier
        self._converter = settings.converter()

    def copy_members(self, results: Iterable[DocumentResult]) -> None:
        """Write every member but the package documents, which say what was added."""
        book = self._book
        waiting = iter(results)
        for info in book.container.members:
            name = info.filename
            if name in book.ours or name in book.package_data or name in book.navigation:
                continue  # what says what was added is written last
            content = None
            if name in book.documents:
                result = next(waiting)
                self._counts.add(result, info.file_size)
                content = result.content
            if content is not None:
                self._archive.replace(info, content)
            else:
                self._archive.copy(info, book.container.raw(info))

    def _write_table(self, info: ZipInfo, glossary: str) -> None:
        """Write a nav document or NCX, with an entry of the glossary if there is one."""
        name = info.filename
        data = self._book.table(name, self._identifier)
        if self._converter is not None:
            try:
                data, problem = self._converter.table(data, name)
            except SourceError as error:
                self._counts.warn(f"{error}; not converted", "unreadable-document")
            else:
                if problem is not None:
                    self._counts.warn(f"{problem}; repaired", "repaired-document")
        if glossary:
            labels = labels_in(self._settings.render.labels)
            entry = Entry(labels["glossary"], reference(name, glossary), 1, labels.language)
            try:
                data = add_entry(data, name, entry)
            except SourceError as error:
                self._counts.warn(f"{error}; the glossary is not in it", "unreadable-document")
        if data == self._book.container.read(name):
            self._archive.copy(info, self._book.container.raw(info))
        else:
            self._archive.replace(info, packed(data))

    def add_members(self) -> None:
        """Write tables of contents, package documents, each one's glossary and the stylesheet."""
        for package in self._book.packages:
            terms = self._counts.terms_of(self._book.documents_of(package))
            listed = bool(terms.by_name) and self._settings.render.notes is not Notes.NONE
            glossary = self._book.glossaries[package.name] if listed else ""
            for name, owner in self._book.navigation.items():
                if owner is package and name in self._book.container:
                    self._write_table(self._book.container.info(name), glossary)
            self._write_package(package, listed=listed)
            if listed:
                self._add_glossary(package, terms)
        sheet = style_sheet()
        if shows_glosses(self._settings.render):
            sheet += read_data("gloss-in-place.css")
        self._archive.add(self._book.css, packed(sheet))

    def _write_package(self, package: Package, *, listed: bool) -> None:
        """A package document that says what was done, and lists what was added."""
        render = self._settings.render
        items = {"style": Item("", self._book.css, "text/css")}
        if listed:
            items["glossary"] = Item("", self._book.glossaries[package.name])
        additions = Additions(
            _work(render) + (", translation" if self._settings.translation_language else ""),
            items,
            in_spine=frozenset(["glossary"]) & items.keys(),
            ruby=render.pinyin is not Pinyin.NONE and not package.epub2,
            identifier=self._identifier,
        )
        data = self._book.package_data[package.name]
        if self._converter is not None:
            data = self._converter.package(data)
        data = add_to_package(data, package.name, additions)
        self._archive.replace(self._book.container.info(package.name), packed(data))

    def _add_glossary(self, package: Package, terms: Terms) -> None:
        """A document for the end of the book: every term explained, with its places."""
        name = self._book.glossaries[package.name]
        language = self._converter.language if self._converter else self._settings.language
        if self._converter is not None and language.startswith("zh-Hant"):
            terms.traditional = language
        body = glossary_page(BookDialect(epub2=package.epub2), terms, self._settings.render)
        labels = labels_in(self._settings.render.labels)
        frame = _frame(language, reference(name, self._book.css), labels, epub2=package.epub2)
        self._archive.add(name, packed(frame.replace(SLOT, body).encode()))


def _frame(language: str, css: str, labels: Labels, *, epub2: bool) -> str:
    """A whole content document, with a slot in the place of the body's content."""
    spaces = namespaces(XHTML) if epub2 else namespaces(XHTML, epub=OPS)
    html = etree.Element(f"{{{XHTML}}}html", nsmap=spaces)
    html.set(f"{{{XML}}}lang", language)
    if not epub2:
        html.set("lang", language)
    head = etree.SubElement(html, f"{{{XHTML}}}head")
    title = etree.SubElement(head, f"{{{XHTML}}}title")
    title.text = labels["glossary"]
    title.set(f"{{{XML}}}lang", labels.language)
    link = {"rel": "stylesheet", "type": "text/css", "href": css}
    etree.SubElement(head, f"{{{XHTML}}}link", link)
    body = etree.SubElement(html, f"{{{XHTML}}}body")
    if not epub2:
        title.set("lang", labels.language)
        body.set(f"{{{OPS}}}type", "glossary")
    body.text = SLOT
    prolog = f'<?xml version="1.0" encoding="utf-8"?>\n{_EPUB2 if epub2 else _EPUB3}\n'
    return prolog + str(etree.tostring(html, encoding="unicode")) + "\n"
