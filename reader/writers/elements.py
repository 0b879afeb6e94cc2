"""Blocks and marks as elements: a row of a table for each kind, and overlaps made to nest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from reader.markup import ADDED, Dialect, Tag, escape
from reader.model import Block, BlockKind, Mark, MarkKind

if TYPE_CHECKING:
    from reader.writers.xhtml import Renderer

__all__ = [
    "CELL_END",
    "BlockWriter",
    "Headings",
    "Holders",
    "Links",
    "direction",
    "image",
    "is_link",
    "is_numbered",
    "shown_marks",
    "source_id",
    "weave",
]


class Shape(NamedTuple):
    """The element of a kind of block, and the one that holds it and what stands below it."""

    name: str
    class_: str = ""
    around: str = ""
    role: str = ""
    type_: str = ""


_PARAGRAPH = Shape("p")
_SHAPES = {
    BlockKind.TITLE: Shape("h1", "title"),
    BlockKind.SUBTITLE: Shape("p", "subtitle", role="doc-subtitle"),
    BlockKind.BYLINE: Shape("p", "byline"),
    BlockKind.EDITORS_NOTE: Shape("p", "editors-note"),
    BlockKind.CAPTION: Shape("p", "caption"),
    # The text of a picture that cannot be shown only describes it.
    BlockKind.IMAGE: Shape("p", "caption"),
    BlockKind.LIST_ITEM: Shape("p", "", around="li"),
    BlockKind.QUOTATION: Shape("p", "", around="blockquote"),
    BlockKind.VERSE: Shape("p", "verse"),
    BlockKind.CODE: Shape("pre"),
    BlockKind.FOOTNOTE: Shape(
        "p", "footnote", around="aside", role="doc-footnote", type_="footnote"
    ),
    BlockKind.SEPARATOR: Shape("p", "separator"),
    BlockKind.ROW: Shape("tr"),
}
CELL_END = "\0"
"""Between the markups of a row's cells: nothing that a text can hold."""
_STANZA = Shape("p", "verse stanza")
_BULLETS = frozenset("-*+–•")
"""Markers that mean no more than a bullet does."""
_LOWEST = 6
_RIGHT_TO_LEFT = frozenset(("ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"))


class Headings:
    """Ranks of the headings of one content document: from `h1`, and never one skipped."""

    def __init__(self) -> None:
        self._last = 0
        self._offset: int | None = None

    def rank(self, block: Block) -> int:
        """The number of the `h` element of a title or heading."""
        wanted = 1
        if block.kind is BlockKind.HEADING:
            # The source's first level becomes the highest free rank: its own may start at 2 or 3.
            if self._offset is None:
                self._offset = 1 if self._last else 1 - block.level
            wanted = block.level + self._offset
        # Checkers of accessibility complain of a skipped rank, so a jump downwards is one step.
        self._last = max(1, min(wanted, self._last + 1, _LOWEST))
        return self._last


class BlockWriter:
    """Turns blocks into elements, `below` being what stands under each in the same container."""

    def __init__(self, renderer: Renderer, ids: set[str]) -> None:
        """`ids` are those of the source that the book has already; they grow."""
        self.renderer = renderer
        self.dialect: Dialect = renderer.dialect
        self.headings = Headings()
        self.last_id = ""
        """The id of the element made last, or ""."""
        self._ids = ids
        self._paragraph = self.dialect.tag(_PARAGRAPH.name)

    def element(self, block: Block, inner: str, *, below: str = "", id_: str = "") -> str:
        """The block's element around its `inner` markup, then `below`.

        `id_` is used where the block has no id of its own from the source.
        """
        own = self.last_id = self._own_id(block) or id_
        if block.kind is BlockKind.PARAGRAPH and not (own or block.language or block.resource):
            # What most blocks are.
            return self._paragraph.around(inner) + below
        # What has a picture is a figure, whatever its kind: its text is the caption, or the
        # description.
        picture = self.picture(block)
        if picture:
            return self._figure(block, picture, inner, own) + below
        # A separator with a text of its own (asterisks) keeps it: the base text must survive.
        if block.kind is BlockKind.SEPARATOR and not block.text:
            return self.dialect.void("hr", id=own) + below
        shape = self._shape(block)
        if block.kind is BlockKind.ROW:
            return self._tag(shape, block, own).around(self._cells(block, inner)) + self._row_below(
                inner, below
            )
        if not shape.around:
            return self._tag(shape, block, own).around(inner) + below
        container = self.dialect.tag(shape.around, id=own, type_=shape.type_, role=shape.role)
        paragraph = self._tag(Shape(shape.name, shape.class_), block, "")
        # An item stays open: a list inside it may follow (`Holders`).
        closing = "" if block.kind is BlockKind.LIST_ITEM else container.close
        content = paragraph.around(self._ordinal(block), inner)
        return container.open + content + below + closing

    def _cells(self, block: Block, inner: str) -> str:
        cell = self.dialect.tag("th" if block.level > 2 else "td")
        return "".join(map(cell.around, inner.split(CELL_END)))

    def _row_below(self, inner: str, below: str) -> str:
        """What stands under a row, across all of its cells."""
        if not below:
            return ""
        cell = self.dialect.tag("td", colspan=str(inner.count(CELL_END) + 1))
        return self.dialect.tag("tr", class_=f"below {ADDED}").around(cell.around(below))

    def _shape(self, block: Block) -> Shape:
        shape = _SHAPES.get(block.kind, _PARAGRAPH)
        if block.kind in (BlockKind.TITLE, BlockKind.HEADING):
            return Shape(f"h{self.headings.rank(block)}", shape.class_)
        if block.kind is BlockKind.VERSE and block.level > 1:
            return _STANZA
        return shape

    def with_new_anchors(self, block: Block) -> Block:
        """The block without anchors whose ids the book has already."""
        if not block.marks or all(mark.kind is not MarkKind.ANCHOR for mark in block.marks):
            return block
        marks = []
        for mark in block.marks:
            name = mark.get("id") if mark.kind is MarkKind.ANCHOR else ""
            # An id twice in one book is an error of EPUBCheck, and links would lead to the first
            # anyway.
            if name in self._ids:
                continue
            if name:
                self._ids.add(name)
            marks.append(mark)
        return replace(block, marks=tuple(marks))

    def _own_id(self, block: Block) -> str:
        """The id the block brings along, the first time."""
        if not block.id or block.id in self._ids:
            return ""
        self._ids.add(block.id)
        return source_id(block.id)

    def _tag(self, shape: Shape, block: Block, id_: str) -> Tag:
        return self.dialect.tag(
            shape.name,
            class_=shape.class_,
            id=id_,
            role=shape.role,
            lang=block.language,
            dir=direction(block.language),
        )

    def _ordinal(self, block: Block) -> str:
        if not is_numbered(block):
            return ""
        ordinal = self.dialect.tag("span", class_=f"ordinal {ADDED}")
        return ordinal.around(escape(block.ordinal), " ")

    def picture(self, block: Block) -> str:
        """The image a block shows, described by the text of an image block, or ""."""
        source = self.renderer.links.images.get(block.resource) if block.resource else None
        if not source:
            return ""
        alt = block.text if block.kind is BlockKind.IMAGE else ""
        return image(self.dialect, source, alt)

    def _figure(self, block: Block, picture: str, inner: str, id_: str) -> str:
        figure = self.dialect.tag("figure", id=id_)
        if block.kind is BlockKind.IMAGE:
            return figure.around(inner, picture)
        caption = self.dialect.tag("figcaption", class_="caption", lang=block.language)
        return figure.around(picture, caption.around(inner))


def is_numbered(block: Block) -> bool:
    """Whether an item shows a number or mark of its own, in the place of a bullet."""
    return bool(block.ordinal) and block.ordinal not in _BULLETS


def _is_marked(block: Block) -> bool:
    """Whether a bullet before an item would be a second mark: its text may begin with its own."""
    return is_numbered(block) or _OWN_MARK.match(block.text) is not None


_OWN_MARK = re.compile(
    r"\s*(?:[（(\[〔【]?(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3}|[A-Ha-h])[)）\]〕】.．、]"
    r"|[（(][\s\u3000]?[)）]|[①-⑳❶-❿•●○◦▪■□◆◇‣☐☑]|[-*–]\s)"
)


class Holders:
    """The lists and the table that are open: each opens before its first item or row.

    A list in a list opens inside the item it belongs to.
    """

    def __init__(self, dialect: Dialect) -> None:
        # An item's own number is words of its text; what numbers items anew would say it twice.
        self._numbered = dialect.tag("ol", class_="written")
        self._plain = dialect.tag("ul")
        self._item = dialect.tag("li")
        self._open: list[Tag] = []
        self._table = dialect.tag("table")
        self._in_table = False

    def before(self, block: Block) -> str:
        """What stands before a block: the end of what it is no part of, and the beginning of a
        list or table."""
        if block.kind is BlockKind.ROW:
            if self._in_table and block.level == 1:
                return ""
            ended = self.end()
            self._in_table = True
            return ended + self._table.open
        if block.kind is not BlockKind.LIST_ITEM:
            return self.end()
        return self._before_item(block)

    def _before_item(self, block: Block) -> str:
        ended = self.end() if self._in_table else ""
        kind = self._numbered if _is_marked(block) else self._plain
        # A list inside none, or two levels down at once, begins where it can.
        depth = max(1, min(block.level, len(self._open) + 1))
        closing = ended + self._close(depth)
        if len(self._open) == depth:
            closing += self._item.close
            if self._open[-1] is kind:
                return closing
            closing += self._open.pop().close
        self._open.append(kind)
        return closing + kind.open

    def end(self) -> str:
        """What closes all of them."""
        closing = self._table.close if self._in_table else ""
        self._in_table = False
        return closing + self._close(0)

    def _close(self, depth: int) -> str:
        closing = ""
        while len(self._open) > depth:
            closing += self._item.close + self._open.pop().close
        return closing


def direction(language: str) -> str:
    """`rtl` for languages written from right to left, else "".

    >>> direction("ar-EG"), direction("en")
    ('rtl', '')
    """
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else ""


_SCHEMES = ("http://", "https://", "mailto:")
_NOT_URL = re.compile(r"[\s<>\"{}|\\^`\x00-\x20]")
_NOT_ID = re.compile(r"[^A-Za-z0-9-]")
_SIMPLE = {
    MarkKind.EMPHASIS: "em",
    MarkKind.STRONG: "strong",
    MarkKind.CODE: "code",
    MarkKind.UNDERLINE: "u",
    MarkKind.STRIKE: "s",
    MarkKind.SUPERSCRIPT: "sup",
    MarkKind.SUBSCRIPT: "sub",
}
_POINTS = frozenset((MarkKind.LINE_BREAK, MarkKind.IMAGE, MarkKind.ANCHOR))
"""Marks that are an element at their start, whatever text they cover."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a document's own links and images lead."""

    places: Mapping[str, str] = field(default_factory=dict)
    """Href of each block `id` and anchor `id` of the source."""
    images: Mapping[str, str] = field(default_factory=dict)
    """URL of each resource that can be shown."""

    def href(self, target: str) -> str:
        """`target` if it is safe to follow, else "": outward by http, https or mailto, or inward.

        >>> Links().href("javascript:alert(1)")
        ''
        """
        if target.startswith("#"):
            return self.places.get(target[1:], "")
        safe = target.lower().startswith(_SCHEMES)
        return _NOT_URL.sub(_percent, target) if safe else ""


def _percent(match: re.Match[str]) -> str:
    from urllib.parse import quote

    return quote(match[0])


def source_id(name: str) -> str:
    """The XML id that stands for an id of the source: always valid, distinct for distinct ids.

    >>> source_id("fn 1")
    's-fn_20_1'
    """
    # The prefix keeps ids of the source apart from ours, and makes one that begins with a digit
    # valid.
    return "s-" + _NOT_ID.sub(lambda match: f"_{ord(match[0]):x}_", name)


def is_link(mark: Mark) -> bool:
    return mark.kind in (MarkKind.LINK, MarkKind.NOTE_REFERENCE)


def shown_marks(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The marks that are elements: not the source's ruby, in whose place readings stand."""
    if all(mark.kind is not MarkKind.READING for mark in marks):
        return marks
    return tuple([mark for mark in marks if mark.kind is not MarkKind.READING])


def weave(
    marks: Sequence[Mark],
    bounds: Sequence[int],
    pieces: Sequence[str],
    breaks: Sequence[int],
    dialect: Dialect,
    links: Links,
) -> list[str]:
    """The pieces of markup between `bounds` inside the elements of `marks`, cut at `breaks`.

    Where marks overlap, the one that began later is closed and begun again, so elements nest. A
    link inside a link is dropped, its text kept. Each string that comes back is well-formed.
    """
    starting: dict[int, list[Mark]] = {}
    for mark in _without_nested_links(marks):
        starting.setdefault(mark.start, []).append(mark)
    # At an inner break every element is closed and opened anew, so that each part stands alone.
    between = frozenset(breaks[1:-1])
    woven: list[str] = []
    out: list[str] = []
    opened: list[tuple[Mark, Tag]] = []
    for number, bound in enumerate(bounds):
        opened, crossed = _close(opened, bound, out, everything=bound in between)
        if bound in between:
            woven.append("".join(out))
            out = []
        # What was cut off by an outer end comes first: it began before, and so stands outside.
        out += [tag.open for _, tag in crossed]
        opened += crossed
        for mark in starting.get(bound, ()):
            if mark.kind in _POINTS or mark.start == mark.end:
                out.append(_point(mark, dialect, links))
                continue
            tag = _tag(mark, dialect, links)
            out.append(tag.open)
            opened.append((mark, tag))
        if number < len(pieces):
            out.append(pieces[number])
    return [*woven, "".join(out)]


def _without_nested_links(marks: Sequence[Mark]) -> list[Mark]:
    """Marks in the order they open, wider ones first, less links that touch an earlier link."""
    kept: list[Mark] = []
    end = -1
    # Of two marks that begin together the wider is the outer: then neither has to be cut.
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if is_link(mark) and mark.end > mark.start:
            if mark.start < end:
                continue
            end = mark.end
        kept.append(mark)
    return kept


def _close(
    opened: list[tuple[Mark, Tag]], bound: int, out: list[str], *, everything: bool
) -> tuple[list[tuple[Mark, Tag]], list[tuple[Mark, Tag]]]:
    """Close what ends at `bound` and what was opened inside it; what stays, what to reopen."""
    ending = (i for i, (mark, _) in enumerate(opened) if everything or mark.end <= bound)
    first = next(ending, len(opened))
    out.extend(tag.close for _, tag in reversed(opened[first:]))
    return opened[:first], [pair for pair in opened[first:] if pair[0].end > bound]


def _tag(mark: Mark, dialect: Dialect, links: Links) -> Tag:
    if mark.kind is MarkKind.LINK:
        href = links.href(mark.get("href"))
        return dialect.tag("a", href=href) if href else Tag("", "")
    if mark.kind is MarkKind.NOTE_REFERENCE:
        return _note_reference(mark, dialect, links)
    if mark.kind is MarkKind.LANGUAGE:
        return dialect.tag("span", lang=mark.get("lang"))
    return dialect.tag(_SIMPLE[mark.kind])


def _note_reference(mark: Mark, dialect: Dialect, links: Links) -> Tag:
    href = links.href("#" + mark.get("target"))
    if not href:
        return Tag("", "")
    return dialect.tag("a", class_="fn", type_="noteref", role="doc-noteref", href=href)


def _point(mark: Mark, dialect: Dialect, links: Links) -> str:
    """The element of a mark that has a place but no text of its own."""
    if mark.kind is MarkKind.LINE_BREAK:
        return dialect.void("br")
    if mark.kind is MarkKind.ANCHOR and mark.get("id"):
        return dialect.tag("span", id=source_id(mark.get("id"))).around()
    if mark.kind is MarkKind.IMAGE:
        source = links.images.get(mark.get("resource"))
        return image(dialect, source, mark.get("alt")) if source else ""
    if mark.kind is MarkKind.NOTE_REFERENCE:
        tag = _note_reference(mark, dialect, links)
        return dialect.tag("sup", class_=ADDED).around(tag.around(escape("※"))) if tag.open else ""
    return ""


def image(dialect: Dialect, source: str, alt: str) -> str:
    """An `img`. One without a description is decoration: its `alt` is there, and empty."""
    # An empty attribute is left out of tags, but `alt=""` must be there: screen readers read the
    # file name of an image without it.
    described = dialect.void("img", src=source, alt=alt or "\ue000")
    return described if alt else described.replace("\ue000", "")
