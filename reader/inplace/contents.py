"""An EPUB opened to be worked on: its packages, its documents, and what is ours in it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from zipfile import ZipInfo

from reader.annotation.preparation import SURVEYED, Survey, survey
from reader.epub.container import Container
from reader.epub.navigation import strip_entry
from reader.epub.package import (
    NCX_TYPE,
    Package,
    package_in,
    read_packages,
    reference,
    strip_package,
)
from reader.epub.passages import Passage
from reader.epub.repair import read_xhtml
from reader.errors import SourceError
from reader.inplace.aligned import BookTranslation
from reader.inplace.dialect import strip_document
from reader.inplace.document import block_of
from reader.inplace.drop_caps import floated_letters
from reader.inplace.workers import DocumentTask
from reader.markup import escape
from reader.scripts import SAMPLE, detect

if TYPE_CHECKING:
    from reader.lexicon import Lexicon

__all__ = ["Book", "survey_book"]

CSS = "reader-annotation.css"
CSS_TYPE = "text/css"
GLOSSARY = "reader-glossary.xhtml"


class Book:
    """An EPUB and its parts; annotation of ours that it holds already is looked through."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.packages: list[Package] = []
        self.package_data: dict[str, bytes] = {}
        """Each package document without our additions, by its name."""
        self.ours: set[str] = set()
        """Members that an earlier annotation added."""
        self._renamed: tuple[bytes, bytes] | None = None
        for package in read_packages(container):
            self._add_package(package.name)
        self.documents: dict[str, Package] = {}
        """Content documents to work on, those of the spine first, with the package of each."""
        self.missing: dict[str, None] = {}
        """Content documents that a manifest names and the container lacks."""
        self.navigation: dict[str, Package] = {}
        """Nav documents and NCXs, with the package of each."""
        for package in self.packages:
            self._add_items(package)
        self.bytes = sum(container.info(name).file_size for name in self.documents)
        self._spines = {package.name: frozenset(package.spine) for package in self.packages}
        self.glossaries: dict[str, str] = {}
        """For each package document its glossary: no link may leave a rendition."""
        for package in self.packages:
            self.glossaries[package.name] = self._free_name(GLOSSARY, package.folder)
        self.css = self._free_name(CSS, self.packages[0].folder)

    def _add_package(self, name: str) -> None:
        stripped = strip_package(self.container.read(name), name)
        self.package_data[name] = stripped.data
        self.packages.append(package_in(self.container, stripped.data, name))
        self.ours.update(stripped.names)
        self._renamed = stripped.renamed or self._renamed

    def _add_items(self, package: Package) -> None:
        tables = [i.name for i in package.items if i.nav or i.media_type == NCX_TYPE]
        self.navigation |= dict.fromkeys(tables, package)
        for item in package.documents:
            if item.name and item.name not in self.container:
                self.missing[item.name] = None
            # Navigation is converted at most: reading systems show its labels in lists of their
            # own, with ruby run into the line.
            elif item.name and not item.nav:
                self.documents.setdefault(item.name, package)

    def _free_name(self, name: str, folder: str) -> str:
        """A name for a new member in `folder`."""
        stem, _, suffix = name.rpartition(".")
        # What an earlier annotation added is replaced, so its names are free.
        candidate = posixpath.join(folder, name)
        taken = set(self.glossaries.values())
        number = 1
        while candidate in taken or (candidate in self.container and candidate not in self.ours):
            number += 1
            candidate = posixpath.join(folder, f"{stem}-{number}.{suffix}")
        return candidate

    def documents_of(self, package: Package) -> list[str]:
        """The content documents that are worked on for a package, in its order."""
        return [name for name, owner in self.documents.items() if owner is package]

    def passages(self, name: str, *, force: bool = False) -> list[Passage]:
        """The passages of a content document, as annotation will find them."""
        try:
            data = strip_document(self.container.read(name), name)
            language = _default_language(self.documents[name])
            return read_xhtml(data, name=name, language=language, force=force)[1].passages
        except SourceError:
            return []

    def tasks(self, translation: BookTranslation) -> Iterator[DocumentTask]:
        """The content documents in the order of the container, each with its translation."""
        drop_caps = {package.name: self._drop_caps(package) for package in self.packages}
        for info in self.container.members:
            name = info.filename
            if name in self.documents:
                package = self.documents[name]
                yield DocumentTask(
                    name,
                    self.container.read(name),
                    reference(name, self.css),
                    reference(self.glossaries[package.name], name),
                    package.epub2,
                    _default_language(package),
                    name in self._spines[package.name],
                    translation.by_document.get(name, {}),
                    drop_caps[package.name],
                )

    def _drop_caps(self, package: Package) -> tuple[str, ...]:
        """Selectors of what has a floating first letter, from all style sheets of a package."""
        selectors: dict[str, None] = {}
        for item in package.items:
            if item.media_type == CSS_TYPE and item.name in self.container:
                css = self.container.read(item.name).decode("utf-8", "replace")
                selectors |= dict.fromkeys(floated_letters(css))
        return tuple(selectors)

    def stripped(self, info: ZipInfo) -> bytes | None:
        """A member without our annotation; None if it has none."""
        name = info.filename
        if name in self.package_data:
            stripped = self.package_data[name]
        elif name in self.documents:
            try:
                stripped = strip_document(self.container.read(name), name)
            except SourceError:  # what cannot be read has none
                return None
        elif name in self.navigation:
            stripped = self.table(name)
        else:
            return None
        return None if stripped == self.container.read(name) else stripped

    def table(self, name: str, identifier: str = "") -> bytes:
        """A nav document or NCX without our entry; an NCX repeats the identifier of the package."""
        data = self.container.read(name)
        if self.ours:
            with suppress(SourceError):  # what cannot be read has none
                data = strip_entry(data, name, self.ours)
        if self._renamed is not None:
            data = data.replace(*self._renamed)
        # In an NCX the identifier is an attribute's whole value, so it is replaced with its quotes.
        if identifier and self.packages[0].identifier:
            old = escape(self.packages[0].identifier).encode()
            data = data.replace(b'"' + old + b'"', b'"' + escape(identifier).encode() + b'"')
        return data


def survey_book(book: Book, asked: str, lexicon: Lexicon | None) -> Survey:
    """The language of the book, and words that it has and no dictionary does.

    Both are told from the first passages of its spine, as of any text from its first blocks. The
    language is the one `asked` for or detected; where the text does not show its region, the
    package may: zh-TW, zh-HK.
    """
    passages = _opening(book, force=bool(asked))
    language = asked or detect(map(_annotatable_text, passages))
    if language == "zh-Hant" and not asked:
        declared = {tag.upper() for package in book.packages for tag in package.languages}
        regions = [r for r in ("TW", "HK") if any(tag.endswith(f"-{r}") for tag in declared)]
        language = f"{language}-{regions[0]}" if len(regions) == 1 else language
    blocks = (block_of(passage) for passage in passages if passage.is_annotatable)
    return survey(blocks, language=language, lexicon=lexicon)


def _opening(book: Book, *, force: bool) -> list[Passage]:
    """The first passages, as many as show the language and are surveyed."""
    opening: list[Passage] = []
    length = count = 0
    for name in book.documents:
        for passage in book.passages(name, force=force):
            opening.append(passage)
            length += len(_annotatable_text(passage))
            count += passage.is_annotatable
            if length >= SAMPLE and count >= SURVEYED:
                return opening
    return opening


def _annotatable_text(passage: Passage) -> str:
    return "".join(piece.text for piece in passage.pieces if piece.annotatable)


def _default_language(package: Package) -> str:
    """What text without a declared language is in: Chinese, unless the book is Japanese or so.

    Other languages are not believed: many Chinese books say `en` there, and text in Latin
    letters is not annotated anyway.
    """
    languages = {language.split("-")[0].lower() for language in package.languages}
    return package.languages[0] if languages and languages <= {"ja", "ko", "vi"} else ""
