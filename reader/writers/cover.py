"""A cover drawn from title and authors, as SVG: text on a plain ground, nothing fetched."""

from __future__ import annotations

import unicodedata

from reader.markup import etree, namespaces

SVG = "http://www.w3.org/2000/svg"
WIDTH, HEIGHT = 1600, 2400
_MARGIN = 160
_GROUND, _INK, _SEAL = "#f4efe4", "#1d1d1f", "#a8322a"
_FONTS = "Noto Serif CJK SC, Source Han Serif, Songti SC, SimSun, serif"
_SIZES = (220, 180, 150, 120, 96, 80)
"""Sizes of the title's characters: the largest that fits in four lines is taken."""
_MOST_LINES = 4
_NOT_FIRST = frozenset("，。、；：？！」』）》〉】…—,.;:?!)]}”’")


def cover(title: str, authors: tuple[str, ...], language: str) -> bytes:
    """The cover as an SVG document of 1600 × 2400 user units."""
    svg = etree.Element(f"{{{SVG}}}svg", nsmap=namespaces(SVG))
    svg.set("viewBox", f"0 0 {WIDTH} {HEIGHT}")
    svg.set("width", str(WIDTH))
    svg.set("height", str(HEIGHT))
    svg.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    etree.SubElement(svg, f"{{{SVG}}}title").text = title
    _rect(svg, 0, 0, WIDTH, HEIGHT, _GROUND)
    _rect(svg, _MARGIN, 260, 24, 400, _SEAL)
    size, lines = fitted(title)
    for number, line in enumerate(lines):
        _text(svg, _MARGIN, 900 + number * size * 1.3, size, line)
    for number, author in enumerate(_author_lines(authors)):
        _text(svg, _MARGIN, 2000 + number * 110, 80, author)
    return bytes(etree.tostring(svg, encoding="utf-8", xml_declaration=True))


def fitted(title: str) -> tuple[int, list[str]]:
    """The size of the title's characters and its lines; what does not fit ends in an ellipsis.

    >>> fitted("蓋章經濟")
    (220, ['蓋章經濟'])
    """
    for size in _SIZES:
        lines = wrapped(title, (WIDTH - 2 * _MARGIN) / size)
        if len(lines) <= _MOST_LINES:
            return size, lines
    lines = lines[:_MOST_LINES]
    lines[-1] = lines[-1][:-1] + "…"
    return size, lines


def wrapped(text: str, width: float) -> list[str]:
    """`text` in lines of at most `width` ems: between Han characters, or between Latin words.

    >>> wrapped("DeepSeek為何未誕生在張江？", 6)
    ['DeepSeek為', '何未誕生在張', '江？']
    """
    lines: list[str] = []
    line = ""
    for unit in _units(text):
        if line and _width(line + unit.rstrip()) > width:
            lines.append(line.strip())
            line = ""
        line += unit
        while _width(line.rstrip()) > width:
            fits = next(n for n in range(len(line), 0, -1) if n == 1 or _width(line[:n]) <= width)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.strip()] if line.strip() else lines


def _units(text: str) -> list[str]:
    """What a line break may not divide: Latin words, a character and the stops behind it."""
    units: list[str] = []
    for character in text:
        joins = units and (
            character in _NOT_FIRST
            or unicodedata.category(character)[0] == "M"
            or (_is_narrow(character) and _is_narrow(units[-1][-1]) and units[-1][-1] != " ")
        )
        if joins:
            units[-1] += character
        else:
            units.append(character)
    return units


def _is_narrow(character: str) -> bool:
    return unicodedata.east_asian_width(character) not in "WF"


def _width(text: str) -> float:
    return sum(0.58 if _is_narrow(character) else 1.0 for character in text)


def _author_lines(authors: tuple[str, ...]) -> list[str]:
    lines = wrapped("、".join(authors), (WIDTH - 2 * _MARGIN) / 80)
    return lines if len(lines) <= 3 else [*lines[:2], lines[2][:-1] + "…"]


def _rect(
    parent: etree._Element, x: float, y: float, width: float, height: float, fill: str
) -> None:
    values = {"x": x, "y": y, "width": width, "height": height}
    attributes = {name: f"{value:g}" for name, value in values.items()} | {"fill": fill}
    etree.SubElement(parent, f"{{{SVG}}}rect", attributes)


def _text(parent: etree._Element, x: float, y: float, size: float, text: str) -> None:
    attributes = {
        "x": f"{x:g}",
        "y": f"{y:g}",
        "font-size": f"{size:g}",
        "font-family": _FONTS,
        "fill": _INK,
    }
    etree.SubElement(parent, f"{{{SVG}}}text", attributes).text = text
