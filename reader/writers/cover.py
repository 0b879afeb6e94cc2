"""The cover: a cloth-coloured binding with a label that has title and authors; and as SVG."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice, pairwise
from typing import NamedTuple
from zlib import crc32

from reader.markup import XML, etree, namespaces

__all__ = ["Cover", "Rectangle", "Writing", "cover_svg", "designed", "fitted", "wrapped"]

SVG = "http://www.w3.org/2000/svg"
WIDTH, HEIGHT = 1600, 2400
_CLOTHS = ("#2f4858", "#7a2e2a", "#3d5a45", "#6b4a2b", "#40385c", "#1f5560", "#5c2f45", "#4a4f2f")
"""Of bindings: dark enough for pale letters, told apart on a shelf."""
_PAPER, _INK = "#f5f0e3", "#22201d"
_LABEL = 180
"""Where the label begins, from the left and from the top."""
_PADDING = 90
_FONTS = "Noto Serif CJK SC, Source Han Serif SC, Songti SC, SimSun, serif"
_TRADITIONAL = "Noto Serif CJK TC, Source Han Serif TC, Songti TC, PMingLiU, serif"
_SIZES = (280, 240, 200, 170, 145, 120, 100)
"""Sizes of the title's characters: the largest that fits is taken."""
_LARGE = 145
"""A size from which on letters may grow smaller for the sense's sake."""
_SHORT = 5
"""Ems of a title that stands in one line."""
_LINES = 5
_LONGEST = 200
"""Code points of a title or of authors that are looked at: more has no room."""
_SPLITS = ("：", ": ", "——", " - ", " – ")
"""What stands between a title and its subtitle."""
_NOT_FIRST = frozenset("，。、；：？！」』）》〉】…—,.;:?!)]}”’")


class Rectangle(NamedTuple):
    """A filled rectangle, or with a `line` its outline alone."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    line: float = 0
    opacity: float = 1


class Writing(NamedTuple):
    """One line of letters, centred: where its baseline is, and what they look like."""

    text: str
    baseline: float
    size: float
    colour: str
    bold: bool = False


class Cover(NamedTuple):
    """What is on a cover of 1600 × 2400 units, from back to front."""

    title: str
    language: str
    shapes: tuple[Rectangle | Writing, ...]

    @property
    def is_traditional(self) -> bool:
        return self.language.startswith("zh-Hant")


class _Lines(NamedTuple):
    """Some lines of one size, centred."""

    size: float
    lines: Sequence[str]
    bold: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * 1.3

    def set(self, top: float, colour: str) -> Iterator[Writing]:
        """The lines, one below the other."""
        for number, line in enumerate(self.lines, 1):
            # The letters stand in the middle of their line's height.
            baseline = top + (number * 1.3 - 0.29) * self.size
            yield Writing(line, baseline, self.size, colour, self.bold)


def designed(
    title: str, authors: tuple[str, ...], language: str, words: Sequence[str] = ()
) -> Cover:
    """The cover of a book.

    `words` are those of the title, joined the title itself: lines break between them if they can.
    """
    cloth = _CLOTHS[crc32(title.encode("utf-8", "replace")) % len(_CLOTHS)]
    parts = [part for part in _titles(title, words) if part.lines]
    written = sum(part.height for part in parts) + 60 * (len(parts) - 1)
    height = max(written + 2 * _PADDING, 760.0)
    across = WIDTH - 2 * _LABEL
    shapes: list[Rectangle | Writing] = [
        Rectangle(0, 0, WIDTH, HEIGHT, cloth),
        # The joint, where a bound book opens.
        Rectangle(64, 0, 10, HEIGHT, _INK, opacity=0.25),
        Rectangle(_LABEL, _LABEL, across, height, _PAPER),
        Rectangle(_LABEL + 24, _LABEL + 24, across - 48, height - 48, cloth, line=6),
    ]
    top = _LABEL + (height - written) / 2
    for part in parts:
        shapes += part.set(top, _INK)
        top += part.height + 60
    written_by = "、".join(authors)[:_LONGEST]
    size = 140 if _width(written_by) * 140 <= across else 110
    names = _Lines(size, list(islice(wrapped(written_by, across / size), 3)))
    shapes += names.set(HEIGHT - 260 - names.height, _PAPER)
    shapes.append(Rectangle(WIDTH / 2 - 60, HEIGHT - 200, 120, 8, _PAPER))
    return Cover(title, language, tuple(shapes))


def cover_svg(cover: Cover) -> bytes:
    """The cover as an SVG document, in the reading system's own letters."""
    svg = etree.Element(f"{{{SVG}}}svg", nsmap=namespaces(SVG))
    svg.set("viewBox", f"0 0 {WIDTH} {HEIGHT}")
    svg.set("width", str(WIDTH))
    svg.set("height", str(HEIGHT))
    svg.set(f"{{{XML}}}lang", cover.language)
    etree.SubElement(svg, f"{{{SVG}}}title").text = cover.title
    fonts = _TRADITIONAL if cover.is_traditional else _FONTS
    for shape in cover.shapes:
        if isinstance(shape, Writing):
            _write(svg, shape, fonts)
        else:
            _draw(svg, shape)
    return bytes(etree.tostring(svg, encoding="utf-8", xml_declaration=True))


def _titles(title: str, words: Sequence[str]) -> Iterator[_Lines]:
    """The title, and its subtitle in smaller letters, in lines."""
    main, subtitle = _divided(title[:_LONGEST])
    pieces = _pieces(main, words)
    size, lines = fitted(main, pieces)
    yield _Lines(size, lines, bold=True)
    if subtitle:
        rest = _pieces(subtitle, _behind(words, title.index(subtitle, len(main))))
        smaller, lines = fitted(subtitle, rest, most=size * 0.6)
        yield _Lines(smaller, lines)


def _divided(title: str) -> tuple[str, str]:
    """A title and its subtitle, if it has one.

    >>> _divided("一河之隔：為何"), _divided("：為何")
    (('一河之隔', '為何'), ('：為何', ''))
    """
    for split in _SPLITS:
        main, found, rest = title.partition(split)
        if found and main.strip() and rest.strip():
            return main.strip(), rest.strip()
    return title, ""


def _behind(words: Sequence[str], start: int) -> Sequence[str]:
    """The words from an offset on."""
    starts = accumulate(map(len, words), initial=0)
    return [word for word, at in zip(words, starts, strict=False) if at >= start]


def _pieces(text: str, words: Sequence[str]) -> list[str]:
    """The words that `text` begins with, if they are its words; else what may not be divided."""
    taken: list[str] = []
    length = 0
    for word in words:
        if length >= len(text):
            break
        joins = taken and (word[0] in _NOT_FIRST or unicodedata.category(word[0])[0] == "M")
        if joins:
            taken[-1] += word
        else:
            taken.append(word)
        length += len(word)
    if "".join(taken) == text:
        return taken
    return list(_units(text))


def fitted(
    title: str, pieces: Sequence[str] = (), *, most: float = _SIZES[0]
) -> tuple[float, list[str]]:
    """The size of the title's characters, at most `most`, and its lines, of even length.

    `pieces` are not divided if they fit. What does not fit ends in an ellipsis.

    >>> fitted("蓋章經濟")
    (240, ['蓋章經濟'])
    >>> fitted("清晨的菜市场", ["清晨", "的", "菜市场"])
    (280, ['清晨的', '菜市场'])
    """
    room = WIDTH - 2 * (_LABEL + _PADDING)
    pieces = pieces or list(_units(title))
    sizes = [size for size in _SIZES if size <= most] or [_SIZES[-1]]
    # Where the title has stops itself, lines end there unless that makes the letters small.
    clauses = _clauses(title)
    ways = [(size, clauses) for size in sizes if size >= _LARGE and len(clauses) > 1]
    for size, parts in [*ways, *((size, pieces) for size in sizes)]:
        lines = _fitting(title, parts, size, room)
        if lines:
            return size, lines
    lines = list(islice(wrapped(title, room / sizes[-1], pieces), _LINES + 1))
    if len(lines) > _LINES:
        lines = lines[:_LINES]
        lines[-1] = lines[-1][:-1] + "…"
    return sizes[-1], lines


def _fitting(title: str, parts: Sequence[str], size: float, room: float) -> list[str]:
    """The lines of a title that fits in letters of this size; none if it does not."""
    # A word is not cut, and a short title not divided, for the sake of larger letters.
    if any(_width(part.strip()) * size > room for part in parts):
        return []
    lines = list(islice(wrapped(title, room / size, parts), _LINES + 1))
    most = 1 if _width(title) <= _SHORT else 3 if size > _LARGE else _LINES
    return _even(title, len(lines), room / size, parts) if len(lines) <= most else []


def _clauses(title: str) -> list[str]:
    """A title cut behind its stops, as those of a book's cover are."""
    return re.findall("[^，、；。！？]+[，、；。！？」』》）”]*|[，、；。！？]+", title)


def _even(title: str, count: int, width: float, pieces: Sequence[str]) -> list[str]:
    """The title in `count` lines, the longest as short as can be."""
    narrow = max(_width(title) / max(count, 1), 1.0)
    while narrow < width:
        lines = list(islice(wrapped(title, narrow, pieces), count + 1))
        if len(lines) <= count and all(_width(line) <= narrow for line in lines):
            return lines
        narrow += 0.25
    return list(wrapped(title, width, pieces))


def wrapped(text: str, width: float, pieces: Sequence[str] = ()) -> Iterator[str]:
    """`text` in lines of at most `width` ems: between its pieces, or Han characters and words.

    >>> list(wrapped("DeepSeek為何未誕生在張江？", 6))
    ['DeepSeek為', '何未誕生在張', '江？']
    """
    line, taken = "", 0.0
    for unit in pieces or _units(text):
        if line and _width(unit.rstrip(), taken) > width:
            if line.strip():
                yield line.strip()
            line, taken = "", 0.0
        if not line:
            # One unit wider than the cover (a URL): it is cut wherever it must be.
            *cut, unit = _cut(unit, width)
            yield from cut
        line, taken = line + unit, _width(unit, taken)
    if line.strip():
        yield line.strip()


def _units(text: str) -> Iterator[str]:
    """What a line break may not divide: Latin words, a character and the stops behind it."""
    start = 0
    for at, (before, character) in enumerate(pairwise(text), 1):
        joins = (
            character in _NOT_FIRST
            or unicodedata.category(character)[0] == "M"
            or (_is_narrow(character) and _is_narrow(before) and before != " ")
        )
        if not joins:
            yield text[start:at]
            start = at
    yield text[start:]


def _cut(unit: str, width: float) -> Iterator[str]:
    """`unit` in pieces of at most `width` ems, one character at least; a space at its end is free.

    >>> list(_cut("https://example.org ", 6))
    ['https://ex', 'ample.org ']
    """
    start, taken = 0, 0.0
    for at, character in enumerate(unit.rstrip()):
        taken = _width(character, taken)
        if taken > width and at > start:
            yield unit[start:at]
            start, taken = at, _width(character)
    yield unit[start:]


def _is_narrow(character: str) -> bool:
    return unicodedata.east_asian_width(character) not in "WF"


def _width(text: str, before: float = 0.0) -> float:
    """The width of `text` in ems, behind what takes `before` of them."""
    return sum((0.58 if _is_narrow(character) else 1.0 for character in text), before)


def _write(svg: etree._Element, writing: Writing, fonts: str) -> None:
    attributes = {
        "x": f"{WIDTH / 2:g}",
        "y": f"{writing.baseline:g}",
        "text-anchor": "middle",
        "font-size": f"{writing.size:g}",
        "font-family": fonts,
        "font-weight": "bold" if writing.bold else "normal",
        "fill": writing.colour,
    }
    etree.SubElement(svg, f"{{{SVG}}}text", attributes).text = writing.text


def _draw(svg: etree._Element, shape: Rectangle) -> None:
    numbers = {"x": shape.x, "y": shape.y, "width": shape.width, "height": shape.height}
    attributes = {name: f"{number:g}" for name, number in numbers.items()}
    attributes["fill"] = "none" if shape.line else shape.colour
    if shape.line:
        attributes |= {"stroke": shape.colour, "stroke-width": f"{shape.line:g}"}
    if shape.opacity < 1:
        attributes["opacity"] = f"{shape.opacity:g}"
    etree.SubElement(svg, f"{{{SVG}}}rect", attributes)
