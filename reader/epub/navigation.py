"""The navigation document (EPUB 3.3, section 7) and the NCX that EPUB 2 reading systems use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reader.markup import Dialect, escape, etree, namespaces

NCX = "http://www.daisy.org/z3986/2005/ncx/"
_LONGEST = 120


class Entry(NamedTuple):
    """A line of the table of contents."""

    label: str
    href: str
    level: int = 1
    language: str = ""


class Landmark(NamedTuple):
    type_: str
    label: str
    href: str


def navigation(
    dialect: Dialect,
    entries: Sequence[Entry],
    landmarks: Sequence[Landmark],
    headings: tuple[str, str],
    language: str,
) -> str:
    """The content of the navigation document's body.

    `headings` of the contents and of the landmarks, and the landmarks' labels, are in `language`.
    """
    heading = dialect.tag("h1", lang=language).around(escape(headings[0]))
    contents = dialect.tag("nav", type_="toc", role="doc-toc", id="toc")
    marks = dialect.tag("nav", type_="landmarks", id="landmarks", hidden="hidden")
    rows = [
        dialect.tag("li").around(
            dialect.tag("a", type_=mark.type_, href=mark.href, lang=language).around(
                escape(mark.label)
            )
        )
        for mark in landmarks
    ]
    title = dialect.tag("h2", lang=language).around(escape(headings[1]))
    return contents.around(heading, _nested(dialect, entries)) + marks.around(
        title, dialect.tag("ol").around(*rows)
    )


def _nested(dialect: Dialect, entries: Sequence[Entry]) -> str:
    """Entries as lists within lists, a level entered one at a time."""
    ol, li = dialect.tag("ol"), dialect.tag("li")
    out: list[str] = []
    depth = 0
    for entry in entries:
        level = max(1, min(entry.level, depth + 1))
        if level > depth:
            out.append(ol.open)
        else:
            out.append(li.close + (ol.close + li.close) * (depth - level))
        link = dialect.tag("a", href=entry.href, lang=entry.language)
        out.append(li.open + link.around(escape(shortened(entry.label))))
        depth = level
    out.append((li.close + ol.close) * depth)
    return "".join(out)


def shortened(label: str) -> str:
    """A label on one line, of a length that lists can show."""
    flat = " ".join(label.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"


def ncx(identifier: str, title: str, language: str, entries: Sequence[Entry]) -> bytes:
    """The NCX document: the same table of contents, flat."""
    root = etree.Element(_n("ncx"), {"version": "2005-1"}, nsmap=namespaces(NCX))
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    head = etree.SubElement(root, _n("head"))
    etree.SubElement(head, _n("meta"), {"name": "dtb:uid", "content": identifier})
    _label(etree.SubElement(root, _n("docTitle")), title)
    points = etree.SubElement(root, _n("navMap"))
    for number, entry in enumerate(entries, 1):
        order = {"id": f"p{number}", "playOrder": str(number)}
        point = etree.SubElement(points, _n("navPoint"), order)
        _label(etree.SubElement(point, _n("navLabel")), shortened(entry.label))
        etree.SubElement(point, _n("content"), {"src": entry.href})
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _label(parent: etree._Element, text: str) -> None:
    etree.SubElement(parent, _n("text")).text = text


def _n(name: str) -> str:
    return f"{{{NCX}}}{name}"
