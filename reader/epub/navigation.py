"""The navigation document (EPUB 3.3, section 7) and the NCX that EPUB 2 reading systems use."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from reader.epub.edits import Editor, decode, free_prefix
from reader.epub.package import resolve
from reader.epub.xhtml import TYPE, Element, elements
from reader.markup import XHTML, XML, Dialect, escape, etree, namespaces

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


# Of a book in place: an entry added to its own table of contents, and taken out again.

_ADDED = re.compile("readerx*-entry")


def add_entry(data: bytes, name: str, entry: Entry) -> bytes:
    """The nav document or NCX `name` with one more entry, the last of the top level.

    As it is where it has no entries. Raises `SourceError` for one that is not well-formed.
    """
    source = decode(data, name)
    root = elements(source.data, name=name)
    last = _last_entry(root)
    if last is None:
        return data
    own = free_prefix(source.data) + "entry"
    added = _nav_point(root, entry, own) if root.name == "ncx" else _list_item(entry, own)
    editor = Editor(source.data)
    # The namespace is declared anew: the source's own names may have any prefix.
    editor.add_markup_after(last, etree.tostring(added, encoding="unicode").encode())
    return source.encode(editor.result())


def strip_entry(data: bytes, name: str, targets: Collection[str]) -> bytes:
    """The nav document or NCX `name` without an entry of ours, which leads to one of `targets`."""
    if b"-entry" not in data and b"\0" not in data[:4]:
        return data
    source = decode(data, name)
    root = elements(source.data, name=name)
    last = _last_entry(root)
    if last is None:
        return data
    attributes = last.attributes
    own = attributes.get("id" if root.name == "ncx" else "class", "")
    if not _ADDED.fullmatch(own) or resolve(name, _target(last)) not in targets:
        return data
    editor = Editor(source.data)
    editor.remove(last)
    return source.encode(editor.result())


def _last_entry(root: Element) -> Element | None:
    """The last entry of the top level of a table of contents."""
    if root.name == "ncx":
        table, entry = root.find("navMap"), "navPoint"
    else:
        lists = (e for nav in _tables(root) for e in nav.walk() if e.name == "ol")
        table, entry = next(lists, None), "li"
    found = [e for e in table.children if e.name == entry] if table is not None else []
    return found[-1] if found else None


def _tables(root: Element) -> Iterator[Element]:
    for element in root.walk():
        if element.name == "nav" and "toc" in element.attributes.get(TYPE, "").split():
            yield element


def _target(entry: Element) -> str:
    """Where an entry leads to."""
    links = (e.attributes.get("href") or e.attributes.get("src") for e in entry.walk())
    return next(filter(None, links), "")


def _list_item(entry: Entry, own: str) -> etree._Element:
    item = etree.Element(f"{{{XHTML}}}li", {"class": own}, nsmap=namespaces(XHTML))
    link = etree.SubElement(item, f"{{{XHTML}}}a", {"href": entry.href})
    link.set("lang", entry.language)
    link.set(f"{{{XML}}}lang", entry.language)
    link.text = entry.label
    return item


def _nav_point(root: Element, entry: Entry, own: str) -> etree._Element:
    point = etree.Element(_n("navPoint"), {"id": own}, nsmap=namespaces(NCX))
    orders = [e.attributes["playOrder"] for e in root.walk() if "playOrder" in e.attributes]
    if orders:
        last = max(int(order) if order.isdecimal() else 0 for order in orders)
        point.set("playOrder", str(last + 1))
    label = etree.SubElement(point, _n("navLabel"))
    label.set(f"{{{XML}}}lang", entry.language)
    etree.SubElement(label, _n("text")).text = entry.label
    etree.SubElement(point, _n("content"), {"src": entry.href})
    return point
