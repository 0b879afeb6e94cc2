"""EPUB as a source: the whole book as one document, in the order of its spine."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from reader.epub.container import Container
from reader.epub.package import Package, read_packages, resolve
from reader.epub.passages import Inline, Passage
from reader.epub.repair import read_xhtml
from reader.epub.xhtml import LANG, OBJECT, TYPE, is_chinese
from reader.errors import SourceError
from reader.files import readable_name
from reader.model import (
    Block,
    BlockKind,
    Document,
    DocumentWarning,
    Mark,
    MarkKind,
    Metadata,
    Resource,
    is_language,
)
from reader.options import SourceOptions

__all__ = ["read_epub"]

_HEADING = re.compile("h([1-6])")
_KINDS = {
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "li": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
    "blockquote": BlockKind.QUOTATION,
    "pre": BlockKind.CODE,
}
_FOOTNOTES = {"footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"}
_NOTE_REFERENCES = {"noteref", "doc-noteref"}
_MARKS = {
    "em": MarkKind.EMPHASIS,
    "i": MarkKind.EMPHASIS,
    "cite": MarkKind.EMPHASIS,
    "b": MarkKind.STRONG,
    "strong": MarkKind.STRONG,
    "code": MarkKind.CODE,
    "kbd": MarkKind.CODE,
    "samp": MarkKind.CODE,
    "u": MarkKind.UNDERLINE,
    "s": MarkKind.STRIKE,
    "del": MarkKind.STRIKE,
    "sup": MarkKind.SUPERSCRIPT,
    "sub": MarkKind.SUBSCRIPT,
    "br": MarkKind.LINE_BREAK,
}


def read_epub(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The book's text block by block: headings, paragraphs, notes, pictures.

    Navigation, readings that stand above words, scripts and formulas are no text. Raises
    `ContainerError` for a container that is damaged, hostile or locked.
    """
    with Container(data, path=path) as container:
        package = read_packages(container)[0]
        reader = _Reader(container, package, options)
        blocks = tuple(reader.blocks())
        if not blocks:
            raise SourceError("the book holds no text", path=path)
        return Document(
            options.override(_metadata(package, path)),
            blocks,
            warnings=tuple(reader.warnings),
            resources=tuple(reader.resources.values()),
        )


def _metadata(package: Package, path: Path | None) -> Metadata:
    own = next((tag for tag in package.languages if is_chinese(tag)), "")
    return Metadata(
        title=package.title,
        authors=package.authors,
        language=(own and "zh") or next(iter(package.languages), "zh"),
        date=package.fields["date"][:10],
        publisher=package.fields["publisher"],
        description=package.fields["description"],
        identifier=package.identifier,
        rights=package.fields["rights"],
        source=readable_name(path.name) if path else "",
    )


class _Reader:
    def __init__(self, container: Container, package: Package, options: SourceOptions) -> None:
        self._container = container
        self._package = package
        self._options = options
        self.warnings: list[DocumentWarning] = []
        self.resources: dict[str, Resource] = {}
        """By their names in the container."""

    def blocks(self) -> Iterator[Block]:
        listed = {item.name: item for item in self._package.documents if not item.nav}
        for number, name in enumerate(self._package.spine):
            if name in listed and name in self._container:
                yield from self._document(name, number)

    def _document(self, name: str, number: int) -> Iterator[Block]:
        data = self._container.read(name)
        try:
            _, scan, problem = read_xhtml(data, name=name)
        except SourceError as error:
            self.warnings.append(DocumentWarning(str(error), "unreadable-document"))
            return
        if problem is not None:
            self.warnings.append(DocumentWarning(f"{problem}; repaired", "repaired-document"))
        main = self._options.language or next(iter(self._package.languages), "")
        for passage in scan.passages:
            yield from self._passage(passage, name, f"d{number}-", main)

    def _passage(self, passage: Passage, name: str, prefix: str, main: str) -> Iterator[Block]:
        text, places = _without_objects(passage.text)
        found = [*self._marks(passage.inlines, places, name, prefix), *_readings(passage, places)]
        marks = tuple(found)
        kind, level = _kind(passage)
        if not text.strip():
            yield from _pictures(marks)
            return
        foreign = passage.language and passage.language.split("-")[0] != main.split("-")[0]
        yield Block(
            text,
            kind,
            marks=marks if kind is not BlockKind.CODE else (),
            level=level,
            language=passage.language if foreign and is_language(passage.language) else "",
            id=_id(passage, prefix, kind),
        )

    def _marks(
        self, inlines: Iterable[Inline], places: list[int], name: str, prefix: str
    ) -> Iterator[Mark]:
        for inline in inlines:
            start, end = places[inline.start], places[inline.end]
            found = self._mark(inline, name, prefix)
            if found is not None:
                kind, attributes = found
                zero = kind in (MarkKind.IMAGE, MarkKind.LINE_BREAK)
                if zero or end > start or kind is MarkKind.NOTE_REFERENCE:
                    yield Mark(start, end, kind, tuple(sorted(attributes.items())))

    def _mark(
        self, inline: Inline, name: str, prefix: str
    ) -> tuple[MarkKind, dict[str, str]] | None:
        attributes = inline.attributes
        if inline.name == "img":
            resource = self._resource(resolve(name, attributes.get("src", "")))
            alt = attributes.get("alt", "")
            return (MarkKind.IMAGE, {"resource": resource, "alt": alt}) if resource else None
        if inline.name == "a":
            return _link(attributes, prefix)
        if inline.name in _MARKS:
            return _MARKS[inline.name], {}
        language = attributes.get("lang") or attributes.get(LANG) or ""
        return (MarkKind.LANGUAGE, {"lang": language}) if is_language(language) else None

    def _resource(self, member: str) -> str:
        """The plain name of a picture of the book, which is kept; "" if there is none."""
        if member in self.resources:
            return self.resources[member].name
        types = {item.name: item.media_type for item in self._package.items}
        if member not in self._container or not types.get(member, "").startswith("image/"):
            return ""
        name = posixpath.basename(member).lstrip(".").replace("\\", "_")
        taken = {resource.name for resource in self.resources.values()}
        while name in taken:
            name = f"_{name}"
        self.resources[member] = Resource(name, types[member], self._container.read(member))
        return name


def _readings(passage: Passage, places: list[int]) -> Iterator[Mark]:
    """What the book's own ruby says of its text."""
    for start, end, above in passage.rubies:
        # White space before the first character was still waiting when the ruby began.
        start = end - len(passage.text[start:end].lstrip())
        yield Mark(places[start], places[end], MarkKind.READING, (("text", above),))


def _link(attributes: dict[str, str], prefix: str) -> tuple[MarkKind, dict[str, str]] | None:
    href = attributes.get("href", "")
    kinds = f"{attributes.get(TYPE, '')} {attributes.get('role', '')}".split()
    if href.startswith("#") and not _NOTE_REFERENCES.isdisjoint(kinds):
        return MarkKind.NOTE_REFERENCE, {"target": prefix + href[1:]}
    return (MarkKind.LINK, {"href": href}) if re.match(r"(?:https?|mailto):", href) else None


def _kind(passage: Passage) -> tuple[BlockKind, int]:
    heading = _HEADING.fullmatch(passage.element)
    if heading:
        return BlockKind.HEADING, int(heading[1])
    names = [element.name for element in passage.around]
    if _footnote(passage) is not None:
        return BlockKind.FOOTNOTE, 1
    depth = names.count("ol") + names.count("ul") + names.count("dl")
    kinds = (_KINDS[name] for name in reversed(names) if name in _KINDS)
    return next(kinds, BlockKind.PARAGRAPH), max(depth, 1)


def _footnote(passage: Passage) -> dict[str, str] | None:
    for element in passage.around:
        kinds = f"{element.attributes.get(TYPE, '')} {element.attributes.get('role', '')}"
        if not _FOOTNOTES.isdisjoint(kinds.split()):
            return element.attributes
    return None


def _id(passage: Passage, prefix: str, kind: BlockKind) -> str:
    holder = _footnote(passage) if kind is BlockKind.FOOTNOTE else passage.attributes
    own = (holder or {}).get("id", "")
    return prefix + own if own else ""


def _pictures(marks: Iterable[Mark]) -> Iterator[Block]:
    for mark in marks:
        if mark.kind is MarkKind.IMAGE:
            yield Block(mark.get("alt"), BlockKind.IMAGE, resource=mark.get("resource"))


def _without_objects(text: str) -> tuple[str, list[int]]:
    """The text without what stands for pictures, and where each offset of the old one is now."""
    places: list[int] = []
    kept = 0
    for character in text:
        places.append(kept)
        kept += character != OBJECT
    places.append(kept)
    return text.replace(OBJECT, ""), places
