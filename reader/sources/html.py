"""HTML: saved web pages, and the walk over elements that Markdown and Word share with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from logging import NullHandler, getLogger
from pathlib import Path

from reader.epub.xhtml import BLOCK_KINDS, BLOCKS, HEADINGS, MARK_KINDS, RubyBases
from reader.errors import SourceError
from reader.files import readable_name
from reader.markup import etree
from reader.model import Block, BlockKind, Document, DocumentWarning, MarkKind, Metadata
from reader.options import SourceOptions
from reader.sources.encoding import decoded
from reader.sources.html_inline import (
    BlockText,
    Footnotes,
    Images,
    is_hidden,
    language_of,
    name_of,
    parsed,
    split_at_breaks,
    without_long_tags,
)
from reader.sources.line_patterns import label
from reader.sources.text import FRONT, front_matter

__all__ = ["read_html", "read_page", "with_front"]


_CELL_GAP = "\u3000"


@dataclass(frozen=True, slots=True)
class _Place:
    """What the elements around a text make of it."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 1
    ordinal: str = ""
    language: str = ""
    depth: int = 0
    """Of lists."""


def read_page(
    root: etree._Element,
    images: Images,
    *,
    language: str = "",
    whole: bool = False,
    dropped: int = 0,
    path: Path | None = None,
) -> tuple[tuple[Block, ...], tuple[DocumentWarning, ...]]:
    """The blocks of a tree of HTML elements, and what was lost.

    `language` is that of the whole text, so that only what differs from it is said to be in one.
    `dropped` characters were left out already, which is a loss too.
    Raises `SourceError`, naming `path`, for elements nested beyond all measure.
    """
    walker = _Walker(Footnotes(root), images, language, whole)
    try:
        walker.element(root, _Place())
    except RecursionError as error:
        raise SourceError("its elements are nested too deeply", path=path) from error
    walker.flush(_Place())
    warnings = list(images.warnings)
    if dropped:
        message = f"{dropped} control characters left out"
        warnings.append(DocumentWarning(message, "control-character"))
    return _with_title(walker.blocks), tuple(warnings)


class _Walker:
    def __init__(self, footnotes: Footnotes, images: Images, language: str, whole: bool) -> None:
        self._footnotes = footnotes
        self._pictures = images
        self._language = language
        self._whole = whole
        self._text = BlockText()
        self._id = ""
        self.blocks: list[Block] = []

    def element(self, element: etree._Element, place: _Place) -> None:
        """Read an element, not what follows it."""
        if is_hidden(element, whole=self._whole):
            return
        name = name_of(element)
        if name in BLOCKS:
            self._block(element, name, place)
        elif element not in self._footnotes.backlinks:
            self._inline(element, name, place)

    def flush(self, place: _Place) -> None:
        """End the block whose text has been gathered."""
        line, self._text = self._text, BlockText()
        if not line:
            return
        text, marks = line.finished()
        images = [mark for mark in marks if mark.kind is MarkKind.IMAGE]
        id, self._id = self._id, ""
        language = place.language if place.language != self._language else ""
        for mark in images if not text.strip() else ():
            alt, name = mark.get("alt"), mark.get("resource")
            self._add(Block(alt, BlockKind.IMAGE, id=id, resource=name, language=language))
            id = ""
        ordinal = place.ordinal if place.kind is BlockKind.LIST_ITEM else ""
        parts = (
            split_at_breaks(text, marks) if place.kind is BlockKind.PARAGRAPH else [(text, marks)]
        )
        for part, own in parts:
            if part.strip():
                self._add(
                    Block(
                        part,
                        place.kind,
                        marks=own,
                        level=place.level,
                        language=language,
                        id=id,
                        ordinal=ordinal,
                    )
                )
                id = ""

    def _add(self, block: Block) -> None:
        self.blocks.append(block)

    def _children(self, element: etree._Element, place: _Place) -> None:
        self._text.add(element.text)
        for child in element:
            self.element(child, place)
            self._text.add(child.tail)

    def _block(self, element: etree._Element, name: str, around: _Place) -> None:
        self.flush(around)
        place = self._place(element, name, around)
        self._id = element.get("id", "") or self._id
        if name == "hr":
            if "footnotes-sep" not in element.get("class", "").split():
                self._add(Block("", BlockKind.SEPARATOR))
        elif name in ("ol", "ul"):
            self._list(element, name, place)
        elif name == "tr":
            self._row(element, place)
        else:
            if place.kind is BlockKind.CODE:
                self._text = BlockText(verbatim=True)
            self._paragraphs(element, place)

    def _paragraphs(self, element: etree._Element, place: _Place) -> None:
        """What is in a block element; in a list item, only its first block is the item."""
        before = len(self.blocks)
        self._text.add(element.text)
        for child in element:
            self.element(child, self._now(place, before))
            self._text.add(child.tail)
        self.flush(self._now(place, before))

    def _now(self, place: _Place, before: int) -> _Place:
        if place.kind is BlockKind.LIST_ITEM and len(self.blocks) > before:
            return replace(place, kind=BlockKind.PARAGRAPH, level=1)
        return place

    def _place(self, element: etree._Element, name: str, around: _Place) -> _Place:
        # Pages say of themselves that they are English when they are not: only what is within
        # the page is believed.
        own = "" if name in ("html", "body") else language_of(element)
        language = own or around.language
        place = replace(around, language=language)
        if element in self._footnotes.notes:
            return replace(place, kind=BlockKind.FOOTNOTE, level=1)
        if place.kind is BlockKind.FOOTNOTE:
            return place
        if name in HEADINGS:
            return replace(place, kind=BlockKind.HEADING, level=HEADINGS[name])
        return replace(place, kind=BLOCK_KINDS[name]) if name in BLOCK_KINDS else place

    def _list(self, element: etree._Element, name: str, place: _Place) -> None:
        depth = place.depth + 1
        number = _number(element.get("start"), 1)
        self._text.add(element.text)
        for child in element:
            if name_of(child) != "li":
                self.element(child, replace(place, depth=depth))
                continue
            number = _number(child.get("value"), number)
            ordinal = f"{number}." if name == "ol" else ""
            number += 1
            kind = BlockKind.FOOTNOTE if place.kind is BlockKind.FOOTNOTE else BlockKind.LIST_ITEM
            item = replace(place, kind=kind, level=depth, ordinal=ordinal, depth=depth)
            self.element(child, item)

    def _row(self, element: etree._Element, place: _Place) -> None:
        """A table's row is one paragraph, its cells apart."""
        cells = [child for child in element if name_of(child) in ("td", "th")]
        for number, cell in enumerate(cells):
            if number:
                self._text.add(_CELL_GAP)
            for part in cell.iter("{*}*"):
                # Paragraphs in a cell do not divide the row.
                if name_of(part) in BLOCKS and not is_hidden(part, whole=self._whole):
                    part.tag = "span"
            self._children(cell, place)
        self.flush(place)

    def _inline(self, element: etree._Element, name: str, place: _Place) -> None:
        if name == "br":
            self._text.point(MarkKind.LINE_BREAK)
            return
        if name in ("img", "image"):
            self._picture(element)
            return
        if element.get("id") or (name == "a" and element.get("name")):
            id = element.get("id") or element.get("name") or ""
            self._text.point(MarkKind.ANCHOR, ("id", id))
        with ExitStack() as stack:
            for kind, attributes in self._marks(element, name, place):
                stack.enter_context(self._text.marked(kind, *attributes))
            if name == "ruby":
                self._ruby(element, place)
            else:
                self._children(element, place)

    def _ruby(self, element: etree._Element, place: _Place) -> None:
        """The text of a `ruby`; what stands above it is kept as marks on it."""
        self._text.settle_space()
        bases = RubyBases()
        self._base(partial(self._text.add, element.text), bases)
        for child in element:
            name = name_of(child)
            if name in ("rt", "rtc"):
                self._above(child.iter("{*}rt"), bases)
            else:
                self._base(partial(self.element, child, place), bases, whole=name == "rb")
            self._base(partial(self._text.add, child.tail), bases)

    def _base(self, add: Callable[[], None], bases: RubyBases, *, whole: bool = False) -> None:
        """Add some text of a ruby, unless it turns out to be blocks of their own."""
        text, before = self._text, self._text.length
        add()
        if self._text is text:
            bases.add(before, text.length, whole=whole)
        else:
            bases.clear()

    def _above(self, readings: Iterable[etree._Element], bases: RubyBases) -> None:
        for each in readings:
            base, above = bases.take(), " ".join("".join(map(str, each.itertext())).split())
            if base is not None and above:
                self._text.mark(*base, MarkKind.READING, ("text", above))

    def _marks(
        self, element: etree._Element, name: str, place: _Place
    ) -> Iterator[tuple[MarkKind, tuple[tuple[str, str], ...]]]:
        """The marks that an inline element puts on its text."""
        href = element.get("href", "").strip()
        if element in self._footnotes.references:
            yield MarkKind.NOTE_REFERENCE, (("target", self._footnotes.references[element]),)
        elif name == "a" and href and not href.lower().startswith("javascript:"):
            yield MarkKind.LINK, (("href", href),)
        elif name in MARK_KINDS and not (name == "code" and place.kind is BlockKind.CODE):
            yield MARK_KINDS[name], ()
        language = language_of(element)
        if language and language != (place.language or self._language):
            yield MarkKind.LANGUAGE, (("lang", language),)

    def _picture(self, element: etree._Element) -> None:
        source = (element.get("src") or element.get("data-src") or "").strip()
        name = self._pictures.name(source) if source else ""
        if name:
            alt = " ".join(element.get("alt", "").split())
            self._text.point(MarkKind.IMAGE, ("resource", name), ("alt", alt))


def _number(text: str | None, otherwise: int) -> int:
    try:
        return int(text) if text else otherwise
    except ValueError:
        return otherwise


def _with_title(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The one highest heading as the title if no heading goes before it, the rest from level 1."""
    levels = Counter(block.level for block in blocks if block.kind is BlockKind.HEADING)
    if not levels:
        return tuple(blocks)
    highest = min(levels)
    first = next(block for block in blocks if block.kind is BlockKind.HEADING)
    titled = levels[highest] == 1 and first.level == highest
    below = min((level for level in levels if level > highest), default=highest)
    shift = (below if titled else highest) - 1
    return tuple(_shifted(block, first if titled else None, shift) for block in blocks)


def _shifted(block: Block, title: Block | None, shift: int) -> Block:
    if block is title:
        return replace(block, kind=BlockKind.TITLE, level=1)
    if block.kind is BlockKind.HEADING:
        return replace(block, level=max(1, block.level - shift))
    return block


_LONGEST = 60


def with_front(
    metadata: Metadata, blocks: Sequence[Block], options: SourceOptions, path: Path | None
) -> tuple[Metadata, tuple[Block, ...]]:
    """Bylines told from paragraphs, and metadata filled from them and from the title.

    What `options` say wins over what the page says of itself, and that over the name of the file.
    """
    blocks = tuple(
        replace(block, kind=BlockKind.BYLINE) if index < FRONT and _is_byline(block) else block
        for index, block in enumerate(blocks)
    )
    head = front_matter(blocks[:FRONT])
    metadata = replace(
        metadata,
        title=metadata.title or " ".join(head.title.split()),
        authors=metadata.authors or head.authors,
        date=metadata.date or head.date,
        source=readable_name(path.name) if path else "",
    )
    return options.override(metadata), blocks


def _is_byline(block: Block) -> bool:
    text = block.text.strip()
    short = 0 < len(text) <= _LONGEST
    return block.kind is BlockKind.PARAGRAPH and short and label(text) is not None


_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author")
_DATES = ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "citation_date")
_ABOUT = ("og:description", "description", "dc.description")
_SITES = ("og:site_name", "dc.publisher")


def read_html(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in a page: its main text, or with `options.whole` everything that shows.

    Raises `SourceError` for what cannot be decoded or holds no text.
    """
    page = without_long_tags(decoded(data, path, options, declared=True))
    root, dropped = parsed(page)
    if root is None:
        raise SourceError("holds no HTML", path=path)
    metadata = _metadata(root)
    if dropped:
        page = str(etree.tostring(root, encoding="unicode", method="html"))
    main = root if options.whole else _main(page, root)
    images = Images(path)
    language = options.language or metadata.language
    blocks, warnings = read_page(
        main, images, language=language, whole=options.whole, dropped=dropped, path=path
    )
    if not any(block.text.strip() for block in blocks):
        raise SourceError("holds no text", path=path)
    metadata, blocks = with_front(metadata, blocks, options, path)
    return Document(metadata, blocks, None, warnings, images.resources)


def _main(page: str, root: etree._Element) -> etree._Element:
    """The part of the page that is its text; all of it where none stands out."""
    marked = _marked(root)
    if marked is not None:
        return marked
    from readability import Document as Extractor
    from readability.readability import Unparseable

    # It logs the failures that it raises too; without a handler, Python would print them.
    getLogger("readability").addHandler(NullHandler())
    try:
        found, _ = parsed(Extractor(page).summary(html_partial=True))
    except (Unparseable, ValueError):
        return root
    if found is None or len(_text(found)) * 20 < len(_text(root)):
        return root
    for element in found.iter("{*}*"):
        if element.get("id") == "readabilityBody":
            del element.attrib["id"]
    return found


def _marked(root: etree._Element) -> etree._Element | None:
    """The one `article` or `main` that the page itself says is its text."""
    for name in ("article", "main"):
        found = list(root.iter(name))
        if len(found) == 1 and len(_text(found[0])) * 4 > len(_text(root)):
            return found[0]
    return None


def _text(element: etree._Element) -> str:
    texts = element.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    return "".join("".join(map(str, texts)).split()) if isinstance(texts, list) else ""


def _meta_fields(root: etree._Element) -> dict[str, list[str]]:
    """What the page's `meta` elements say, by their names in lower case."""
    fields: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = " ".join(meta.get("content", "").split())
        if name and content:
            fields.setdefault(name, []).append(content)
    return fields


def _metadata(root: etree._Element) -> Metadata:
    fields = _meta_fields(root)
    authors = next((fields[name] for name in _AUTHORS if name in fields), [])
    language = language_of(root)
    date = _DATE.match(_first(fields, _DATES))
    return Metadata(
        _first(fields, _TITLES) or _heading(root) or _title(root),
        tuple(author for author in authors if "://" not in author),
        language if language.startswith("zh") else "zh",
        date[0] if date else "",
        _first(fields, _SITES),
        _first(fields, _ABOUT),
    )


def _first(fields: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((fields[name][0] for name in names if name in fields), "")


def _heading(root: etree._Element) -> str:
    """The page's only first-level heading."""
    found = list(root.iter("h1"))
    return " ".join("".join(map(str, found[0].itertext())).split()) if len(found) == 1 else ""


def _title(root: etree._Element) -> str:
    found = root.find(".//title")
    return " ".join((found.text or "").split()) if found is not None else ""
