"""The pages of our own: title page, glossary, colophon, cover; and the images that can be shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from reader._version import __version__
from reader.markup import Dialect, escape, etree, namespaces
from reader.model import Resource, Translation
from reader.options import RenderOptions
from reader.writers.labels import Labels, labels_in
from reader.writers.notes import OCCURRENCES, Term, Terms, describe

if TYPE_CHECKING:
    from reader.writers.content_documents import ContentDocuments

__all__ = [
    "Picture",
    "colophon_page",
    "cover_image",
    "fitted",
    "glossary_page",
    "pictures_of",
    "title_page",
    "wrapped",
]

_CEDICT = "https://www.mdbg.net/chinese/dictionary?page=cc-cedict"
_LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"


def title_page(documents: ContentDocuments) -> str:
    """Title, authors, publisher and date."""
    tag, metadata = documents.dialect.tag, documents.metadata
    parts = [tag("h1", class_="title").around(escape(documents.title))]
    for author in documents.authors:
        parts.append(tag("p", class_="author").around(escape(author)))
    published = " · ".join(filter(None, (metadata.publisher, metadata.date)))
    if published:
        parts.append(tag("p", class_="published").around(escape(published)))
    return "".join(parts)


def glossary_page(dialect: Dialect, terms: Terms, options: RenderOptions) -> str:
    """Every term used, in the order of its reading, with links back to where it is used."""
    labels = labels_in(options.labels)
    heading = dialect.tag("h1", lang=labels.language).around(escape(labels["glossary"]))
    # By reading, as dictionaries are.
    ordered = sorted(terms.by_name.values(), key=_by_reading)
    entries = [
        dialect.tag("li", id=f"g{number}").around(_entry(dialect, term, options, terms.traditional))
        for number, term in enumerate(ordered, 1)
    ]
    return heading + dialect.tag("ul", class_="glossary").around(*entries)


def _by_reading(term: Term) -> tuple[tuple[str, ...], str]:
    return term.note.syllables, term.note.term


def _entry(dialect: Dialect, term: Term, options: RenderOptions, traditional: str) -> str:
    links = [
        dialect.tag("a", href=f"{file}#{place}", aria_label=f"{term.note.term}, {number}").around(
            str(number)
        )
        for number, (file, place) in enumerate(term.places, 1)
    ]
    if term.count > OCCURRENCES:
        links.append(escape(f"… ({term.count})"))
    language = labels_in(options.labels).language
    places = dialect.tag("span", class_="places", lang=language).around(" ".join(links))
    return describe(dialect, term.note, options, traditional) + " " + places


def colophon_page(documents: ContentDocuments) -> str:
    """How the book was made, by what, and whose data it carries."""
    tag, labels = documents.dialect.tag, documents.labels
    title = tag("cite", lang=documents.language).around(escape(documents.title))
    source, rights = escape(documents.metadata.source), escape(documents.metadata.rights)
    dictionary = tag("a", href=_CEDICT).around("CC-CEDICT")
    licence = tag("a", href=_LICENCE).around("CC BY-SA 4.0")
    statements = [
        labels.markup(
            "annotated-from" if source else "annotated",
            title=title,
            source=source,
            version=escape(__version__),
        ),
        *([rights] if rights else []),
        labels.markup("by-program", dictionary=dictionary, licence=licence),
    ]
    if documents.flow.translation is not None:
        statements.append(_about_translation(documents.flow.translation, labels))
    heading = tag("h1").around(escape(labels["colophon"]))
    paragraphs = map(tag("p").around, statements)
    return tag("div", lang=labels.language).around(heading, *paragraphs)


def _about_translation(translation: Translation, labels: Labels) -> str:
    translator = escape(translation.translator)
    if translation.machine:
        key = "translated-by-this-machine" if translator else "translated-by-machine"
    else:
        key = "translated-by" if translator else "translated"
    return labels.markup(key, translator=translator)


SVG = "http://www.w3.org/2000/svg"
WIDTH, HEIGHT = 1600, 2400
_MARGIN = 160
_GROUND, _INK, _SEAL = "#f4efe4", "#1d1d1f", "#a8322a"
_FONTS = "Noto Serif CJK SC, Source Han Serif, Songti SC, SimSun, serif"
_SIZES = (220, 180, 150, 120, 96, 80)
"""Sizes of the title's characters: the largest that fits in four lines is taken."""
_MOST_LINES = 4
_NOT_FIRST = frozenset("，。、；：？！」』）》〉】…—,.;:?!)]}”’")


def cover_image(title: str, authors: tuple[str, ...], language: str) -> bytes:
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
        lines = list(islice(wrapped(title, (WIDTH - 2 * _MARGIN) / size), _MOST_LINES + 1))
        if len(lines) <= _MOST_LINES:
            return size, lines
    lines = lines[:_MOST_LINES]
    lines[-1] = lines[-1][:-1] + "…"
    return size, lines


def wrapped(text: str, width: float) -> Iterator[str]:
    """`text` in lines of at most `width` ems: between Han characters, or between Latin words.

    >>> list(wrapped("DeepSeek為何未誕生在張江？", 6))
    ['DeepSeek為', '何未誕生在張', '江？']
    """
    line, taken = "", 0.0
    for unit in _units(text):
        if line and _width(unit.rstrip(), taken) > width:
            yield line.strip()
            line, taken = "", 0.0
        if not line:
            # One unit wider than the cover (a URL): it is cut wherever it must be.
            *pieces, unit = _cut(unit, width)
            yield from pieces
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


def _author_lines(authors: tuple[str, ...]) -> list[str]:
    lines = list(islice(wrapped("、".join(authors), (WIDTH - 2 * _MARGIN) / 80), 4))
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


_KINDS = (
    (b"\x89PNG\r\n\x1a\n", b"IHDR", b"IEND\xaeB`\x82", "image/png", "png"),
    (b"\xff\xd8\xff", b"", b"\xff\xd9", "image/jpeg", "jpg"),
    (b"GIF87a", b"", b"\x3b", "image/gif", "gif"),
    (b"GIF89a", b"", b"\x3b", "image/gif", "gif"),
    (b"RIFF", b"WEBPVP8", b"", "image/webp", "webp"),
)
"""EPUB 3.3 core media types (section 3.2): how their files begin, what stands soon after, what ends
them, and their suffix. What a source calls a file may lie, and a piece of one is no picture."""
_SOON = 16
_LEAST = 26
"""Bytes of the smallest picture: a GIF of one pixel."""


class Picture(NamedTuple):
    """An image of the source under a name that is safe in a container and in a URL."""

    resource: str
    name: str
    media_type: str
    data: bytes


def pictures_of(resources: Iterable[Resource]) -> list[Picture]:
    """The images that can be shown, named by their order; others are left out.

    SVG is left out too: it may carry scripts and reach for the network.
    """
    shown: list[Picture] = []
    for resource in resources:
        for media_type, suffix in filter(None, [_kind(resource.data)]):
            name = f"i{len(shown) + 1:04}.{suffix}"
            shown.append(Picture(resource.name, name, media_type, resource.data))
    return shown


def _kind(data: bytes) -> tuple[str, str] | None:
    """Media type and suffix of a whole picture."""
    # By the bytes and not by the name: EPUBCheck opens the files, and so do reading systems.
    for start, soon, end, media_type, suffix in _KINDS:
        begun = data.startswith(start) and soon in data[: _SOON + len(start)]
        if begun and end in data and len(data) >= _LEAST:
            return media_type, suffix
    return None
