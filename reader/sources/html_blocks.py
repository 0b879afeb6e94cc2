"""The walk over elements that all sources of HTML share: pages, Markdown, Word, books."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from reader.epub.xhtml import (
    BLOCK_KINDS,
    BLOCKS,
    HEADINGS,
    MARK_KINDS,
    OBJECT,
    foreign_warning,
    html_entity,
)
from reader.markup import OPS, etree
from reader.model import Block, BlockKind, DocumentWarning, Mark, MarkKind
from reader.scripts import has_han, is_han, is_misdeclared
from reader.sources.footnotes import Addresses, Footnotes
from reader.sources.formulas import Steps, add_formula, steps_run
from reader.sources.html_inline import (
    BlockText,
    Images,
    is_hidden,
    language_of,
    line_of,
    name_of,
    split_at_breaks,
    types_of,
    visible_text,
)
from reader.sources.losses import BACKLINKS, Losses

__all__ = ["SKIPPED", "Page", "Pictures", "Walker", "read_page"]


SKIPPED = (
    dict.fromkeys(("script", "style", "template"), "scripts and styles")
    | {"noscript": "text for browsers without scripts"}
    | dict.fromkeys("button select textarea input datalist progress meter".split(), "form controls")
    | dict.fromkeys(
        "object embed iframe canvas audio video applet".split(), "text in place of media"
    )
    | dict.fromkeys(("title", "map", "area", "colgroup", "col", "rt", "rtc"), "text out of place")
    | dict.fromkeys(("head", "rp"), "")
)
"""Elements whose content is no text of a page, and as what it is counted; "" if it is not."""

_PAGE_BREAKS = frozenset(("pagebreak", "doc-pagebreak"))
_CASE = f"{{{OPS}}}case"
_COMPLEX = frozenset("ul ol dl table blockquote pre hr form section article".split())
"""Elements that a row of a table with text cells does not hold."""
_CELLS = frozenset(("td", "th"))
_WIDE_CELL = 100
_MOST_ACROSS = 8
"""Inline elements around a block, the innermost, whose marks go on in it."""
_SOURCES = ("src", "data-src", "{http://www.w3.org/1999/xlink}href", "xlink:href", "href")
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")


class Pictures(Protocol):
    """Where the pictures that a text shows come from."""

    def name(self, source: str, alt: str = "") -> str:
        """The name of the resource that `source` stands for; "" if there is none."""


@dataclass(frozen=True, slots=True)
class Page:
    """A tree of elements to be read, and what is known of it."""

    root: etree._Element
    addresses: Addresses = field(default_factory=Addresses)
    language: str = ""
    """That of the text, so that only what differs from it is said to be in one."""
    own_language: str = ""
    """That of the page, where it differs."""
    left_out: Mapping[etree._Element, str] = field(default_factory=dict)
    """Elements that are not read, and as what they are counted."""
    name: str = ""
    """Its file's, where a text is of several."""
    lined: bool = True
    """Whether the lines of its elements are those of the source."""
    entities: Mapping[str, str] = field(default_factory=dict)
    """What entities stand for that the parser left as they are."""


def read_page(
    page: Page, images: Images, losses: Losses, *, dropped: int = 0
) -> tuple[tuple[Block, ...], tuple[DocumentWarning, ...]]:
    """The blocks of a page that is a text, with its title, and what was lost.

    What `losses` has already is said too; `dropped` control characters were left out before.
    """
    walker = Walker(Footnotes([(page.root, page.addresses)]), images, losses)
    walker.read(page)
    warnings = [*images.warnings, *walker.warnings(), *losses.warnings()]
    if dropped:
        message = f"{dropped} control characters left out"
        warnings.append(DocumentWarning(message, "control-character"))
    return _with_title(walker.blocks), tuple(warnings)


class _Place(NamedTuple):
    """What the elements around a text make of it."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 1
    ordinal: str = ""
    language: str = ""
    depth: int = 0
    """Of lists."""
    in_row: bool = False
    """In a table's row, which blocks do not divide."""


class Walker:
    """Reads pages one after another; their blocks are one text."""

    def __init__(self, footnotes: Footnotes, images: Pictures, losses: Losses) -> None:
        self._footnotes = footnotes
        self._pictures = images
        self._losses = losses
        self._note_ids = frozenset(footnotes.notes.values())
        self._page = Page(etree.Element("x"))
        self._text = BlockText()
        self._open: list[_Open] = []
        """Marks of the elements around."""
        self._going_on: list[_Open] = []
        """Those of them that have begun in this block, and may have ended."""
        self._ids: list[str] = []
        self._cell = 0
        self._table: etree._Element | None = None
        """That of the row read last."""
        self._complex: set[etree._Element] = set()
        self._misdeclared: Counter[str] = Counter()
        self.blocks: list[Block] = []

    def read(self, page: Page, *, start: str = "") -> None:
        """Read all of a page; `start` is an id for its beginning."""
        self._page = page
        self._complex = _complex_rows(page.root)
        self._ids = [start] if start else []
        place = _Place(language=page.own_language)
        steps_run(self._element(page.root, place))
        self._flush(place)

    def disbelieve(self, language: str, text: str) -> None:
        """Note that a text is read, though it is said to be in a language that it is not in."""
        self._misdeclared[language] += sum(map(is_han, text))

    def warnings(self) -> Iterator[DocumentWarning]:
        """What there is to say of the pages that were read, besides what they left out."""
        for language, characters in self._misdeclared.items():
            yield foreign_warning(language, characters)

    # What is no text

    def _why_skipped(self, element: etree._Element, name: str) -> str | None:
        """As what an element is counted, none of which is read; None if it is read."""
        if element in self._page.left_out:
            return self._page.left_out[element]
        if name in SKIPPED:
            return SKIPPED[name]
        if element in self._footnotes.backlinks:
            return BACKLINKS
        if element.attrib:
            shown = element in self._footnotes.notes or element in self._footnotes.around
            if not shown and is_hidden(element):
                return "hidden text"
            if not types_of(element).isdisjoint(_PAGE_BREAKS):
                return "page numbers"
            if element.tag == _CASE:
                return "alternatives"
        return None

    def _lose(self, kind: str, text: str, element: etree._Element) -> None:
        """Count a text that stands in an element, or is all of it."""
        page = self._page
        line = line_of(element) if page.lined else None
        self._losses.add(kind, text, line=line, place=page.name)

    def _no_element(self, node: etree._Element) -> None:
        """A comment, which is counted if it may be text; an entity, which is text."""
        if isinstance(node, etree._Entity):
            name = (node.text or "")[1:-1]
            value = self._page.entities.get(name) or html_entity(name)
            self._text.add(node.text if value == OBJECT else value)
        elif isinstance(node, etree._Comment) and has_han(node.text or ""):
            self._lose("comments in the markup", node.text or "", node)

    # Blocks

    def _element(self, element: etree._Element, place: _Place) -> Steps:
        """Read an element, not what follows it."""
        name = name_of(element)
        kind = self._why_skipped(element, name) if name else None
        if not name:
            self._no_element(element)
        elif kind is not None:
            self._lose(kind, visible_text(element) if kind else "", element)
        elif name in BLOCKS:
            yield self._block(element, name, place)
        else:
            yield self._inline(element, name, place)

    def _flush(self, place: _Place) -> None:
        """End the block whose text has been gathered."""
        for each in self._going_on:
            each.end(self._text)
        line = self._text
        self._begin()
        if not line:
            return
        text, marks = line.finished()
        language = self._language(place, text)
        marks = self._spoken(text, marks)
        for mark in marks if not text.strip() else ():
            if mark.kind is MarkKind.IMAGE:
                alt, name = mark.get("alt"), mark.get("resource")
                id = self._ids.pop() if self._ids else ""
                block = Block(alt, BlockKind.IMAGE, id=id, resource=name, language=language)
                self.blocks.append(block)
        divided = place.kind is BlockKind.PARAGRAPH
        for part, own in split_at_breaks(text, marks) if divided else [(text, marks)]:
            if part.strip():
                id, anchors = self._own_ids(place, own)
                self.blocks.append(
                    Block(
                        part,
                        place.kind,
                        marks=(*anchors, *own),
                        level=place.level,
                        language=language,
                        id=id,
                        ordinal=place.ordinal if place.kind is BlockKind.LIST_ITEM else "",
                    )
                )

    def _begin(self, *, verbatim: bool = False) -> None:
        """A new block, under the marks of the elements that go on through it."""
        self._text = BlockText(verbatim=verbatim)
        self._going_on = self._open[-_MOST_ACROSS:]
        for each in self._going_on:
            each.start(self._text)

    def _own_ids(self, place: _Place, marks: Sequence[Mark]) -> tuple[str, tuple[Mark, ...]]:
        """The id of the block that ends, and anchors for others that its elements had."""
        ids, self._ids = self._ids, []
        if not ids:
            return "", ()
        own = ids[-1]
        if place.kind is BlockKind.FOOTNOTE:
            own = next((id for id in ids if id in self._note_ids), own)
        known = {mark.get("id") for mark in marks if mark.kind is MarkKind.ANCHOR}
        targets = filter(self._page.addresses.is_target, ids)
        others = dict.fromkeys(id for id in targets if id != own and id not in known)
        return own, tuple(Mark(0, 0, MarkKind.ANCHOR, (("id", id),)) for id in others)

    def _language(self, place: _Place, text: str) -> str:
        """The language to be said of a block: "" where it is the text's, or not what is said."""
        language = place.language
        # A language without a script or region is the same with one.
        if not language or f"{self._page.language}-".startswith(f"{language}-"):
            return ""
        if is_misdeclared(language, text):
            self.disbelieve(language, text)
            return ""
        return language

    def _spoken(self, text: str, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
        """The marks without those of languages that their text is not in."""
        kept = []
        for mark in marks:
            if mark.kind is MarkKind.LANGUAGE:
                language, run = mark.get("lang"), text[mark.start : mark.end]
                if is_misdeclared(language, run):
                    self.disbelieve(language, run)
                    continue
            kept.append(mark)
        return tuple(kept)

    def _children(self, element: etree._Element, place: _Place) -> Steps:
        self._text.add(element.text)
        for child in element:
            yield self._element(child, place)
            self._text.add(child.tail)

    def _block(self, element: etree._Element, name: str, around: _Place) -> Steps:
        if around.in_row:
            yield self._in_row(element, name, around)
            return
        self._flush(around)
        place = self._place(element, name, around)
        self._identify(element)
        if name == "hr":
            if "footnotes-sep" not in element.get("class", "").split():
                self.blocks.append(Block("", BlockKind.SEPARATOR))
        elif name in ("ol", "ul"):
            yield self._list(element, name, place)
        elif name == "tr" and element not in self._complex:
            yield self._row(element, place)
        else:
            if place.kind is BlockKind.CODE:
                self._begin(verbatim=True)
            yield self._paragraphs(element, place)

    def _identify(self, element: etree._Element) -> None:
        """The ids of an element are those of the next block."""
        if id := element.get("id"):
            self._ids.append(self._page.addresses.id(id))
        if id := self._footnotes.notes.get(element):
            self._ids.append(id)

    def _paragraphs(self, element: etree._Element, place: _Place) -> Steps:
        """What is in a block element; in a list item, only its first block is the item."""
        before = len(self.blocks)
        self._text.add(element.text)
        for child in element:
            yield self._element(child, self._now(place, before))
            self._text.add(child.tail)
        self._flush(self._now(place, before))

    def _now(self, place: _Place, before: int) -> _Place:
        if place.kind is BlockKind.LIST_ITEM and len(self.blocks) > before:
            return place._replace(kind=BlockKind.PARAGRAPH, level=1, ordinal="")
        return place

    def _place(self, element: etree._Element, name: str, around: _Place) -> _Place:
        # Pages say of themselves that they are English when they are not: only what is within
        # the page is believed.
        own = "" if name in ("html", "body") else language_of(element)
        place = around._replace(language=own) if own else around
        if element in self._footnotes.notes:
            return place._replace(kind=BlockKind.FOOTNOTE, level=1)
        if place.kind is BlockKind.FOOTNOTE:
            return place
        if name in HEADINGS:
            return place._replace(kind=BlockKind.HEADING, level=HEADINGS[name])
        if name == "dl":
            return place._replace(depth=place.depth + 1)
        kind = BLOCK_KINDS.get(name, place.kind)
        if kind is BlockKind.LIST_ITEM and place.kind is not kind:
            return place._replace(kind=kind, level=max(1, place.depth), ordinal="")
        return place if kind is place.kind else place._replace(kind=kind)

    def _list(self, element: etree._Element, name: str, place: _Place) -> Steps:
        depth = place.depth + 1
        number = _number(element.get("start"), 1)
        self._text.add(element.text)
        for child in element:
            if name_of(child) == "li":
                number = _number(child.get("value"), number)
                ordinal = _ordinal(element, number) if name == "ol" else ""
                number += 1
                kind = place.kind
                kind = BlockKind.FOOTNOTE if kind is BlockKind.FOOTNOTE else BlockKind.LIST_ITEM
                item = place._replace(kind=kind, level=depth, ordinal=ordinal, depth=depth)
                yield self._element(child, item)
            else:
                yield self._element(child, place._replace(depth=depth))
            self._text.add(child.tail)
        self._flush(place)

    # A table's row is one paragraph, its cells apart

    def _row(self, element: etree._Element, place: _Place) -> Steps:
        self._text.in_row = True
        self._text.add(element.text)
        inside = place._replace(in_row=True)
        cells = 0
        for child in element:
            if name_of(child) in _CELLS:
                if cells:
                    self._text.end_cell()
                cells += 1
            yield self._element(child, inside)
            self._text.add(child.tail)
        if place.kind is not BlockKind.FOOTNOTE:
            place = place._replace(kind=BlockKind.ROW, level=self._row_level(element), ordinal="")
        self._flush(place)

    def _row_level(self, row: etree._Element) -> int:
        """1 of a row behind another of its table, 2 of the first, 3 if that is the head."""
        table = row.getparent()
        if table is not None and name_of(table) in ("thead", "tbody", "tfoot"):
            table = table.getparent()
        if table is self._table and table is not None:
            return 1
        self._table = table
        return 3 if all(name_of(child) == "th" for child in row.iterchildren("{*}*")) else 2

    def _in_row(self, element: etree._Element, name: str, place: _Place) -> Steps:
        """A cell, or a block in one: a new line, where there is text before it."""
        text = self._text
        if name in _CELLS:
            self._cell = text.length
        elif text.length > self._cell:
            text.point(MarkKind.LINE_BREAK)
            self._cell = text.length
        if id := element.get("id"):
            self._anchor(id)
        yield self._children(element, place)

    # In a line

    def _anchor(self, name: str) -> None:
        id = self._page.addresses.id(name)
        if self._page.addresses.is_target(id):
            self._text.point(MarkKind.ANCHOR, ("id", id))

    def _inline(self, element: etree._Element, name: str, place: _Place) -> Steps:
        if name == "br":
            self._text.point(MarkKind.LINE_BREAK)
            return
        if name in ("img", "image"):
            self._picture(element)
            return
        if id := element.get("id") or (element.get("name") if name == "a" else ""):
            self._anchor(id)
        if name == "math":
            add_formula(element, self._text, self._lose)
        elif name == "svg":
            self._drawing(element)
        else:
            marks = [_Open(*mark) for mark in self._marks(element, name, place)]
            for mark in marks:
                mark.start(self._text)
            self._open += marks
            self._going_on += marks
            yield self._ruby(element, place) if name == "ruby" else self._children(element, place)
            del self._open[len(self._open) - len(marks) :]
            for mark in reversed(marks):
                mark.end(self._text)

    def _ruby(self, element: etree._Element, place: _Place) -> Steps:
        """The text of a `ruby`; what stands above it is kept as marks on it."""
        self._text.settle_space()
        bases = _RubyBases()
        before = self._text, self._text.length
        self._text.add(element.text)
        self._base(bases, *before)
        for child in element:
            name = name_of(child)
            if name in ("rt", "rtc"):
                self._above(child, bases)
            else:
                before = self._text, self._text.length
                yield self._element(child, place)
                self._base(bases, *before, whole=name == "rb")
            before = self._text, self._text.length
            self._text.add(child.tail)
            self._base(bases, *before)

    def _base(self, bases: _RubyBases, text: BlockText, start: int, *, whole: bool = False) -> None:
        """Some text of a ruby has been added, unless it turned out to be blocks of their own."""
        if self._text is text:
            bases.add(start, text.length, whole=whole)
        else:
            bases.clear()

    def _above(self, element: etree._Element, bases: _RubyBases) -> None:
        readings = list(element.iter("{*}rt")) or [element]
        for each in readings:
            base, above = bases.take(), " ".join("".join(map(str, each.itertext())).split())
            if base is None:
                self._lose("text above none", above, each)
            elif above:
                self._text.mark(*base, MarkKind.READING, ("text", above))

    def _marks(
        self, element: etree._Element, name: str, place: _Place
    ) -> Iterator[tuple[MarkKind, tuple[tuple[str, str], ...]]]:
        """The marks that an inline element puts on its text."""
        href = element.get("href", "").strip()
        if element in self._footnotes.references:
            yield MarkKind.NOTE_REFERENCE, (("target", self._footnotes.references[element]),)
        elif name == "a" and href and (href := self._page.addresses.href(href)):
            yield MarkKind.LINK, (("href", href),)
        elif name in MARK_KINDS and not (name == "code" and place.kind is BlockKind.CODE):
            yield MARK_KINDS[name], ()
        language = language_of(element)
        around = place.language or self._page.language
        if language and not f"{around}-".startswith(f"{language}-"):
            yield MarkKind.LANGUAGE, (("lang", language),)

    def _picture(self, element: etree._Element) -> None:
        found = (element.get(name) for name in _SOURCES)
        source = next((source.strip() for source in found if source and source.strip()), "")
        alt = " ".join(element.get("alt", "").split())
        name = self._pictures.name(source, alt) if source else ""
        if name:
            self._text.point(MarkKind.IMAGE, ("resource", name), ("alt", alt))
        elif alt and not source:
            self._lose("descriptions of no picture", alt, element)

    def _drawing(self, element: etree._Element) -> None:
        """An `svg`: the pictures in it are shown, its text is counted."""
        for image in element.iter("{*}image"):
            self._picture(image)
        self._lose("text in drawings", visible_text(element), element)


class _RubyBases:
    """Tells of one `ruby` which of its text each `rt` stands above: what comes before it, or the
    `rb` that is first of those without one."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, int, bool]] = deque()

    def add(self, start: int, end: int, *, whole: bool) -> None:
        """Text in the ruby, from `start` to `end` of the block; `whole` if it is an `rb`."""
        if start == end:
            return
        if self._waiting and not whole and not self._waiting[-1][2]:
            start = self._waiting.pop()[0]
        self._waiting.append((start, end, whole))

    def take(self) -> tuple[int, int] | None:
        """What the `rt` that comes now stands above; None if there is nothing."""
        return self._waiting.popleft()[:2] if self._waiting else None

    def clear(self) -> None:
        """Forget all that was added."""
        self._waiting.clear()


@dataclass(slots=True)
class _Open:
    """The mark of an element that has not ended, in the block that has not."""

    kind: MarkKind
    attributes: tuple[tuple[str, str], ...]
    _text: BlockText | None = None
    _number: int = 0

    def start(self, text: BlockText) -> None:
        self._text, self._number = text, text.open(self.kind, *self.attributes)

    def end(self, text: BlockText) -> None:
        if self._text is text:
            text.close(self._number)
            self._text = None


def _complex_rows(root: etree._Element) -> set[etree._Element]:
    """Rows whose cells are not read as a line: tables that lay out a page, lists in a cell."""
    found: set[etree._Element] = set()
    if next(root.iter("{*}tr"), None) is None:
        return found
    rows: list[_Row] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = name_of(element)
        if event == "end":
            if name == "tr":
                row = rows.pop()
                if row.complex or row.cells == 1:
                    found.add(row.element)
        elif name == "tr":
            rows.append(_Row(element))
        elif rows:
            rows[-1].add(element, name)
    return found


@dataclass(slots=True)
class _Row:
    element: etree._Element
    complex: bool = False
    cells: int = 0
    _paragraphs: int = 0
    """In its last cell."""
    _length: int = 0
    """Of their text."""

    def add(self, element: etree._Element, name: str) -> None:
        """An element in the row begins."""
        if name in _CELLS:
            self.cells += 1
            self._paragraphs = self._length = 0
        elif name in _COMPLEX or name in HEADINGS:
            self.complex = True
        elif name in ("p", "div") and not self.complex:
            self._paragraphs += 1
            self._length += len(element.text or "")
            self.complex = self._paragraphs > 1 and self._length > _WIDE_CELL


def _number(text: str | None, otherwise: int) -> int:
    # A number is a few digits long; a longer one Python may refuse to read, or to write again.
    try:
        return int(text[:9]) if text else otherwise
    except ValueError:
        return otherwise


def _ordinal(element: etree._Element, number: int) -> str:
    """The number of a list's item as it shows: 3., c., iii.; "" where it does not."""
    style = element.get("style", "").replace(" ", "").lower()
    if "list-style:none" in style or "list-style-type:none" in style:
        return ""
    kind = element.get("type", "1")
    if kind in ("a", "A") and 1 <= number <= 26:
        return f"{chr(ord(kind) + number - 1)}."
    if kind in ("i", "I") and 1 <= number < 40:
        roman = "x" * (number // 10) + _ROMAN[number % 10]
        return f"{roman if kind == 'i' else roman.upper()}."
    return f"{number}."


def _with_title(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The only heading of level 1 as the title, the others from level 1; none else is a title."""
    levels = Counter(block.level for block in blocks if block.kind is BlockKind.HEADING)
    if not levels:
        return tuple(blocks)
    titled = levels[1] == 1
    highest = min((level for level in levels if level > 1 or not titled), default=1)
    return tuple(_leveled(block, highest - 1, titled=titled) for block in blocks)


def _leveled(block: Block, shift: int, *, titled: bool) -> Block:
    if block.kind is not BlockKind.HEADING:
        return block
    if titled and block.level == 1:
        return replace(block, kind=BlockKind.TITLE)
    return replace(block, level=max(1, block.level - shift))
