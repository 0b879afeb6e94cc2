"""An EPUB opened to be worked on: its packages, its documents, and what is ours in it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from zipfile import ZipInfo

from reader.epub.container import Container
from reader.epub.package import (
    NCX_TYPE,
    Package,
    read_package,
    read_packages,
    reference,
    strip_package,
)
from reader.epub.passages import Passage
from reader.epub.repair import read_xhtml
from reader.errors import SourceError
from reader.inplace.aligned import Answer
from reader.inplace.dialect import strip_document
from reader.inplace.tasks import Job
from reader.markup import escape
from reader.scripts import SAMPLE, detect

__all__ = ["Book", "language_of"]

CSS = "reader-annotation.css"
GLOSSARY = "reader-glossary.xhtml"


class Book:
    """An EPUB and its parts; annotation of ours that it holds already is looked through."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.package_data: dict[str, bytes] = {}
        self.packages: list[Package] = []
        self._renamed: tuple[bytes, bytes] | None = None
        self.ours: set[str] = set()
        """Members that an earlier annotation added."""
        for package in read_packages(container):
            stripped = strip_package(container.read(package.name), package.name)
            self.package_data[package.name] = stripped.data
            self.packages.append(read_package(stripped.data, package.name, container.path))
            self.ours |= set(stripped.names)
            self._renamed = stripped.renamed or self._renamed
        self.documents: dict[str, Package] = {}
        self.missing: dict[str, None] = {}
        """Content documents that the manifest names and the container lacks."""
        for package in self.packages:
            for item in package.documents:
                if item.name and item.name not in container:
                    self.missing[item.name] = None
                elif item.name and not item.nav:
                    self.documents.setdefault(item.name, package)
        self.navigation = {
            item.name
            for package in self.packages
            for item in package.items
            if item.nav or item.media_type == NCX_TYPE
        }
        self.bytes = sum(container.info(name).file_size for name in self.documents)
        self.glossaries: dict[str, str] = {}
        """For each package document its glossary: no link may leave a rendition."""
        for package in self.packages:
            self.glossaries[package.name] = self._free(GLOSSARY, package.folder)
        self.css = self._free(CSS, self.packages[0].folder)

    def documents_of(self, package: Package) -> list[str]:
        """The content documents that are worked on for a package, in its order."""
        return [name for name, of in self.documents.items() if of is package]

    def _free(self, name: str, folder: str) -> str:
        """A name for a new member in `folder`."""
        stem, _, suffix = name.rpartition(".")
        found = posixpath.join(folder, name)
        taken = set(self.glossaries.values())
        number = 1
        while found in taken or (found in self.container and found not in self.ours):
            number += 1
            found = posixpath.join(folder, f"{stem}-{number}.{suffix}")
        return found

    def jobs(self, answers: Mapping[str, Mapping[int, Answer]] | None = None) -> Iterator[Job]:
        """The content documents in the order of the container, each with its translation."""
        for info in self.container.members:
            if info.filename in self.documents:
                yield self._job(info.filename, (answers or {}).get(info.filename, {}))

    def passages(self, name: str, *, force: bool = False) -> list[Passage]:
        """The passages of a content document, as annotation will find them."""
        try:
            data = strip_document(self.container.read(name))
            language = default_language(self.documents[name])
            return read_xhtml(data, name=name, language=language, force=force)[1].passages
        except SourceError:
            return []

    def _job(self, name: str, answers: Mapping[int, Answer]) -> Job:
        package = self.documents[name]
        return Job(
            name,
            self.container.read(name),
            reference(name, self.css),
            reference(self.glossaries[package.name], name),
            package.epub2,
            default_language(package),
            name in package.spine,
            answers,
        )

    def stripped(self, info: ZipInfo) -> bytes | None:
        """A member without our annotation; None if it has none."""
        name = info.filename
        if name in self.package_data:
            data = self.package_data[name]
        elif name in self.documents:
            data = _stripped(self.container.read(name))
        elif name in self.navigation:
            data = self.table(name)
        else:
            return None
        return None if data == self.container.read(name) else data

    def table(self, name: str, identifier: str = "") -> bytes:
        """A nav document or NCX; an NCX repeats the identifier of the package."""
        data = self.container.read(name)
        if self._renamed is not None:
            data = data.replace(*self._renamed)
        if identifier and self.packages[0].identifier:
            old = escape(self.packages[0].identifier).encode()
            data = data.replace(b'"' + old + b'"', b'"' + escape(identifier).encode() + b'"')
        return data


def language_of(book: Book, told: str) -> str:
    """The language of the book: told, or detected from the first documents that have text.

    Where the text does not show its region, the package may: zh-TW, zh-HK.
    """
    found = told or detect(_sample(book, SAMPLE))
    if found == "zh-Hant" and not told:
        said = {tag.upper() for package in book.packages for tag in package.languages}
        regions = [r for r in ("TW", "HK") if any(tag.endswith(f"-{r}") for tag in said)]
        return f"{found}-{regions[0]}" if len(regions) == 1 else found
    return found


def _sample(book: Book, length: int) -> Iterator[str]:
    for name in book.documents:
        for passage in book.passages(name):
            text = "".join(piece.text for piece in passage.pieces if piece.annotatable)
            yield text
            length -= len(text)
            if length <= 0:
                return


def default_language(package: Package) -> str:
    """What text without a declared language is in: Chinese, unless the book is Japanese or so.

    Other languages are not believed: many Chinese books say `en` there, and text in Latin
    letters is not annotated anyway.
    """
    languages = {language.split("-")[0].lower() for language in package.languages}
    return package.languages[0] if languages and languages <= {"ja", "ko", "vi"} else ""


def _stripped(data: bytes) -> bytes:
    """A document without our annotation; what cannot be read has none."""
    try:
        return strip_document(data)
    except SourceError:
        return data
