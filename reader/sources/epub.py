"""EPUB as a source: the whole book as one document, in the order of its spine."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from reader.epub.container import Container, missing_packages
from reader.epub.package import Item, Package, read_packages, resolve
from reader.epub.repair import Tree, read_tree
from reader.epub.xhtml import foreign_warning
from reader.errors import SourceError
from reader.files import readable_name
from reader.markup import etree
from reader.model import Document, DocumentWarning, Metadata, Resource
from reader.options import SourceOptions
from reader.scripts import is_chinese, is_han, is_misdeclared, tag_of
from reader.sources.footnotes import Addresses, Footnotes
from reader.sources.html_blocks import Page, Walker
from reader.sources.html_inline import (
    Images,
    language_of,
    name_of,
    picture_warning,
    visible_text,
)
from reader.sources.losses import Losses

__all__ = ["read_epub"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FOLLOWED = ("http:", "https:", "mailto:")
_SHOWN_BY_ITSELF = re.compile(r"\.(?:x?html?|xml)$", re.IGNORECASE)


def read_epub(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The book's text block by block: headings, paragraphs, lists, notes, pictures.

    Documents outside the spine, navigation, scripts and what is hidden are no text; what is left
    out is counted in warnings. Raises `ContainerError` for a container that is damaged, hostile or
    locked, `SourceError` for a book without text.
    """
    with Container(data, path=path) as container:
        package = read_packages(container)[0]
        book = _Book(container, package, options)
        walker = book.read()
        if not walker.blocks:
            raise SourceError("the book holds no text", path=path)
        return Document(
            options.override(_metadata(package, book.language, path)),
            tuple(walker.blocks),
            warnings=tuple(book.warnings(walker)),
            resources=book.pictures.resources,
        )


def _metadata(package: Package, language: str, path: Path | None) -> Metadata:
    return Metadata(
        title=package.title,
        authors=package.authors,
        language="zh" if is_chinese(language) else language,
        date=package.fields["date"][:10],
        publisher=package.fields["publisher"],
        description=package.fields["description"],
        identifier=package.identifier,
        rights=package.fields["rights"],
        source=readable_name(path.name) if path else "",
    )


@dataclass(slots=True)
class _Chapter:
    """A content document of the spine."""

    name: str
    tree: Tree
    addresses: _BookAddresses
    text: str
    """That of its body, to know its language by."""


class _Book:
    def __init__(self, container: Container, package: Package, options: SourceOptions) -> None:
        self._container = container
        self._package = package
        self._losses = Losses()
        self._warnings: list[DocumentWarning] = []
        self.pictures = _Pictures(container, package)
        targets: set[str] = set()
        self._numbers = {name: number for number, name in enumerate(package.spine)}
        self._chapters = list(self._read_chapters(targets))
        for chapter in self._chapters:
            targets.update(_targets(chapter))
        self.language = options.language or self._language()

    def read(self) -> Walker:
        pages = [(chapter.tree.root, chapter.addresses) for chapter in self._chapters]
        walker = Walker(Footnotes(pages), self.pictures, self._losses)
        for chapter in self._chapters:
            self.pictures.document = chapter.name
            start = chapter.addresses.start
            page = self._page(chapter, walker)
            walker.read(page, start=start if chapter.addresses.is_target(start) else "")
        return walker

    def warnings(self, walker: Walker) -> Iterator[DocumentWarning]:
        yield from missing_packages(self._container)
        yield from self._warnings
        yield from self.pictures.warnings
        yield from walker.warnings()
        yield from self._losses.warnings()

    # Which documents

    def _read_chapters(self, targets: Collection[str]) -> Iterator[_Chapter]:
        items = {item.name: item for item in self._package.items}
        for name, number in self._numbers.items():
            if (tree := self._tree(items[name])) is None:
                continue
            if items[name].nav:
                text = visible_text(_body(tree.root))
                self._losses.add("the table of contents", text, place=name)
                continue
            named = self._container.named
            addresses = _BookAddresses(name, number, self._numbers, targets, named)
            yield _Chapter(name, tree, addresses, visible_text(_body(tree.root)))
        for item in self._package.documents:
            if not (item.name in self._numbers or item.nav) and item.name in self._container:
                tree = self._tree(item)
                text = "" if tree is None else visible_text(_body(tree.root))
                self._losses.add("documents outside the reading order", text, place=item.name)

    def _tree(self, item: Item) -> Tree | None:
        """A document of the book; None, with a warning, for what cannot be read."""
        if item.name not in self._container:
            # An address that leads out of the book names nothing in it.
            name = item.name or f"item {item.id}"
            self._warn(f"{name}: in the spine, but not in the book", "missing-document")
            return None
        if item not in self._package.documents and not _SHOWN_BY_ITSELF.search(item.name):
            self._warn(f"{item.name}: {item.media_type} is not read", "unreadable-document")
            return None
        try:
            tree, problem = read_tree(self._container.read(item.name), name=item.name)
        except SourceError as error:
            self._warn(f"{error}; left out", "unreadable-document")
            return None
        if problem is not None:
            self._warn(f"{problem}; repaired", "repaired-document")
        return tree

    def _warn(self, message: str, code: str) -> None:
        self._warnings.append(DocumentWarning(message, code))

    # In which language

    def _language(self) -> str:
        """The book's, as its package says, if its text does not say otherwise."""
        languages = self._package.languages
        declared = next(filter(is_chinese, languages), "") or next(iter(languages), "")
        sample = "".join(chapter.text for chapter in self._chapters)
        if is_misdeclared(declared, sample):
            self._warnings.append(foreign_warning(declared, sum(map(is_han, sample))))
            return ""
        return declared

    def _page(self, chapter: _Chapter, walker: Walker) -> Page:
        root, language, own = chapter.tree.root, tag_of(self.language), ""
        said = language_of(root) or language_of(_body(root))
        if not said or (said.split("-")[0] == language.split("-")[0]):
            language = said or language
        elif is_misdeclared(said, chapter.text):
            walker.disbelieve(said, chapter.text)
        elif not language and is_chinese(said):
            language = said
        else:
            own = said
        entities = chapter.tree.entities
        return Page(root, chapter.addresses, language, own, name=chapter.name, entities=entities)


class _BookAddresses(Addresses):
    """Ids and links of a content document, told apart from those of all others."""

    def __init__(
        self,
        name: str,
        number: int,
        numbers: Mapping[str, int],
        targets: Collection[str],
        named: Callable[[str], str],
    ) -> None:
        self._name = name
        self._named = named
        self._numbers = numbers
        self._targets = targets
        self.start = f"d{number}"
        """Id of its beginning."""
        self._starts = {"": self.start}
        """Those of the documents that its links lead to, by what the links say."""

    def id(self, name: str) -> str:
        return f"{self.start}-{name}"

    def is_target(self, id: str) -> bool:
        return id in self._targets

    def href(self, href: str) -> str:
        if scheme := _SCHEME.match(href):
            return href if scheme[0].lower() in _FOLLOWED else ""
        path, _, fragment = href.partition("#")
        if path not in self._starts:
            self._starts[path] = self._start_of(path)
        start = self._starts[path]
        if not start:
            return ""
        return f"#{start}-{unquote(fragment)}" if fragment else f"#{start}"

    def _start_of(self, path: str) -> str:
        """The id of the beginning of another document; "" if it is none of the spine."""
        try:
            number = self._numbers.get(self._named(resolve(self._name, path)))
        except ValueError:  # no URL
            number = None
        return "" if number is None else f"d{number}"


class _Pictures:
    """The pictures of a book that its text shows; each is one resource."""

    def __init__(self, container: Container, package: Package) -> None:
        self._container = container
        self._types = {item.name: item.media_type for item in package.items}
        self._by_member: dict[str, Resource] = {}
        self._names: set[str] = set()
        self._in_text = Images(None)
        self._missing: dict[str, DocumentWarning] = {}
        self.document = ""
        """The member whose text is being read."""

    @property
    def resources(self) -> tuple[Resource, ...]:
        return (*self._by_member.values(), *self._in_text.resources)

    @property
    def warnings(self) -> tuple[DocumentWarning, ...]:
        return (*self._missing.values(), *self._in_text.warnings)

    def name(self, source: str, alt: str = "") -> str:
        if _SCHEME.match(source):
            return self._in_text.name(source, alt)
        member = self._member(source)
        if member in self._by_member:
            return self._by_member[member].name
        if member not in self._container or not self._types.get(member, "").startswith("image/"):
            missing = picture_warning("no such picture in the book", source, alt)
            self._missing.setdefault(member or source, missing)
            return ""
        name = posixpath.basename(member).lstrip(".").replace("\\", "_")
        while name in self._names:
            name = f"_{name}"
        self._names.add(name)
        data = self._container.read(member)
        self._by_member[member] = Resource(name, self._types[member], data)
        return name

    def _member(self, source: str) -> str:
        try:
            return self._container.named(resolve(self.document, source))
        except ValueError:  # no URL
            return ""


def _body(root: etree._Element) -> etree._Element:
    return next((child for child in islice(root, 8) if name_of(child) == "body"), root)


def _targets(chapter: _Chapter) -> Iterator[str]:
    """The ids that the links of a document lead to."""
    for link in chapter.tree.root.iter("{*}a"):
        href = chapter.addresses.href(link.get("href", "").strip())
        if href.startswith("#"):
            yield href[1:]
