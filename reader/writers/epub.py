"""EPUB 3.3: content documents written as the text passes, then the pages that need all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from reader.epub.archive import Archive
from reader.epub.container import container_document
from reader.epub.navigation import Entry, Landmark, navigation, ncx
from reader.epub.package import NCX_TYPE, Item, Package, accessibility, package_document
from reader.files import read_data
from reader.markup import ADDED, Dialect, content_document_frame, encoded
from reader.model import Flow, is_date
from reader.options import Notes, RenderOptions
from reader.writers.content_documents import ContentDocuments
from reader.writers.cover import cover_svg, designed
from reader.writers.cover_image import cover_png
from reader.writers.pages import (
    colophon_page,
    glossary_page,
    pictures_of,
    title_page,
)
from reader.writers.policy import policy_of, shows_glosses, shows_readings

if TYPE_CHECKING:
    from datetime import datetime

_FOLDER = "OEBPS/"
_PACKAGE = _FOLDER + "package.opf"
_CSS = "style.css"
_STYLES = ("book.css", "zhuyin.css")
_UNDATED = "2000-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class EpubOptions(RenderOptions):
    """What only an EPUB can be asked."""

    cover: bool = True
    """Draw a cover from title and authors."""
    modified: datetime | None = None
    """`dcterms:modified`; by default the date of the text, so that the clock changes nothing."""


def write_epub(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    """Write `flow` as an EPUB 3.3 publication to a binary file, which need not be seekable.

    One content document's compressed markup is held at a time. The same flow and options give the
    same bytes. `options` may be `EpubOptions`. Raises `WriteError` for text that XML cannot carry.
    """
    with Archive(file) as archive:
        archive.begin()
        _Book(archive, flow, options).write()


def _name(number: int) -> str:
    return f"c{number:05}.xhtml"


class _Book:
    """One run over a flow; members are added in the order of their names."""

    def __init__(self, archive: Archive, flow: Flow, options: RenderOptions) -> None:
        self._archive = archive
        self._options = options
        self._with_cover = options.cover if isinstance(options, EpubOptions) else True
        self._modified = options.modified if isinstance(options, EpubOptions) else None
        self._pictures = pictures_of(flow.resources)
        images = {picture.resource: f"images/{picture.name}" for picture in self._pictures}
        self._dialect = Dialect(epub=True)
        self._documents = ContentDocuments(flow, options, self._dialect, href=_name, images=images)
        self._labels = self._documents.labels
        self._items: dict[str, Item] = {}

    def write(self) -> None:
        """Every member: what streams first, then what tells of the whole."""
        documents = self._documents
        # Members must come in the order of their names, by which the archive is written: what
        # streams first is called c00001 and so on, what needs the whole later in the alphabet.
        self._archive.add("META-INF/container.xml", [container_document(_PACKAGE)])
        for number, title, markup in documents:
            self._add_document(_name(number), title, documents.body_class(), markup)
        self._add_page("colophon", colophon_page(documents))
        if self._with_cover:
            self._add_cover()
        if self._has_glossary():
            listed = glossary_page(self._dialect, documents.terms, self._options)
            self._add_page("glossary", listed)
        for picture in self._pictures:
            id_ = picture.name.partition(".")[0]
            item = Item(id_, f"{_FOLDER}images/{picture.name}", picture.media_type)
            # Images are compressed already.
            self._add(item, [picture.data], compress=False)
        self._add_navigation()
        self._add_package()
        styles = [*_STYLES, "gloss.css"] if shows_glosses(self._options) else _STYLES
        self._archive.add(_FOLDER + _CSS, [read_data(name) for name in styles])
        titles = title_page(documents)
        frame = content_document_frame(
            documents.title, documents.language, f"titlepage {ADDED}", _CSS
        )
        self._archive.add(_FOLDER + "title.xhtml", encoded([frame.around(titles)]))
        entries = self._entries()
        # For reading systems of EPUB 2, which know no navigation document.
        table = ncx(self._identifier(), documents.title, documents.language, entries)
        self._archive.add(_FOLDER + "toc.ncx", [table])

    def _add_cover(self) -> None:
        """An image of title and authors: a PNG where one can be drawn, for what shows no SVG."""
        documents = self._documents
        words = documents.title_words
        cover = designed(documents.title, documents.authors, documents.language, words)
        drawn = cover_png(cover)
        suffix, media_type = ("svg", "image/svg+xml") if drawn is None else ("png", "image/png")
        name = f"{_FOLDER}cover.{suffix}"
        item = Item("cover", name, media_type, frozenset(["cover-image"]))
        self._add(item, [drawn or cover_svg(cover)], compress=drawn is None)

    def _add(self, item: Item, chunks: Iterable[bytes], *, compress: bool = True) -> None:
        self._items[item.id] = item
        self._archive.add(item.name, chunks, compress=compress)

    def _add_document(self, name: str, title: str, class_: str, markup: Iterable[str]) -> None:
        frame = content_document_frame(title, self._documents.language, class_, _CSS)
        item = Item(name.partition(".")[0], _FOLDER + name)
        self._add(item, encoded(_framed(frame.open, markup, frame.close)))

    def _add_page(self, name: str, markup: str) -> None:
        self._add_document(f"{name}.xhtml", self._labels[name], f"{name} {ADDED}", [markup])

    def _add_navigation(self) -> None:
        labels = self._labels
        first = self._documents.entries()[0].href
        marks = [
            Landmark("titlepage", labels["title-page"], "title.xhtml"),
            Landmark("toc", labels["contents"], "nav.xhtml#toc"),
            Landmark("bodymatter", labels["text"], first.partition("#")[0]),
        ]
        if self._has_glossary():
            marks.append(Landmark("glossary", labels["glossary"], "glossary.xhtml"))
        headings = (labels["contents"], labels["landmarks"])
        markup = navigation(self._dialect, self._entries(), marks, headings, labels.language)
        frame = content_document_frame(
            headings[0], self._documents.language, f"contents {ADDED}", _CSS
        )
        item = Item("nav", _FOLDER + "nav.xhtml", properties=frozenset(["nav"]))
        self._add(item, encoded([frame.around(markup)]))

    def _entries(self) -> list[Entry]:
        last = (["glossary"] if self._has_glossary() else []) + ["colophon"]
        return self._documents.entries() + [
            Entry(self._labels[name], f"{name}.xhtml", 1, self._labels.language) for name in last
        ]

    def _add_package(self) -> None:
        documents = self._documents
        metadata = documents.metadata
        translation = documents.flow.translation
        read = self._reading_order()
        names = {item.name for item in read}
        package = Package(
            name=_PACKAGE,
            version="3.0",
            items=(
                *read,
                *(item for item in self._items.values() if item.name not in names),
                Item("css", _FOLDER + _CSS, "text/css"),
                Item("ncx", _FOLDER + "toc.ncx", NCX_TYPE),
            ),
            spine=tuple(item.name for item in read),
            nonlinear=frozenset([self._items["nav"].name]),
            languages=(documents.language, *([translation.language] if translation else [])),
            title=documents.title,
            authors=tuple(documents.authors),
            identifier=self._identifier(),
            fields={
                # What is no date is told on the title page only: reading systems sort by this one.
                "date": metadata.date if is_date(metadata.date) else "",
                "publisher": metadata.publisher,
                "description": metadata.description,
                "rights": metadata.rights,
                "source": metadata.identifier or metadata.source,
            },
            properties=(
                ("dcterms:modified", self._modified_at()),
                *self._accessibility(),
            ),
        )
        self._archive.add(_PACKAGE, [package_document(package)])

    def _reading_order(self) -> list[Item]:
        chapters = [name for name in self._items if name.startswith("c0")]
        after = [name for name in ("glossary", "colophon") if name in self._items]
        listed = [self._items[name] for name in ("nav", *chapters, *after)]
        return [Item("title", _FOLDER + "title.xhtml"), *listed]

    def _accessibility(self) -> tuple[tuple[str, str], ...]:
        ruby, images = shows_readings(policy_of(self._options)), bool(self._pictures)
        translation = self._documents.flow.translation
        true = {
            "access": True,
            "access-ruby": ruby,
            "access-images": images,
            "translated-by-machine": bool(translation and translation.machine),
        }
        space = "" if self._labels.language.startswith("zh") else " "
        summary = space.join(self._labels[key] for key, is_so in true.items() if is_so)
        return accessibility(summary, ruby=ruby, images=images)

    def _has_glossary(self) -> bool:
        return bool(self._documents.terms.by_name) and self._options.notes is not Notes.NONE

    def _identifier(self) -> str:
        return f"urn:uuid:{self._documents.identity}"

    def _modified_at(self) -> str:
        """The moment asked for, or the beginning of the text's own date."""
        moment = self._modified
        if moment is None:
            date = self._documents.metadata.date
            return "-".join([date, "01", "01"])[:10] + "T00:00:00Z" if is_date(date) else _UNDATED
        if moment.tzinfo is not None:
            # `dcterms:modified` is in UTC, to the second.
            moment = (moment - (moment.utcoffset() or moment - moment)).replace(tzinfo=None)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _framed(head: str, markup: Iterable[str], tail: str) -> Iterator[str]:
    yield head
    yield from markup
    yield tail
