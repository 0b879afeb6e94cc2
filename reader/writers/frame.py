"""The frame of a whole XHTML document, cut where its body's content goes."""

from __future__ import annotations

from collections.abc import Mapping

from reader.errors import WriteError
from reader.markup import OPS, XHTML, XML, Tag, etree, namespaces

_SLOT = "\ue000"
_PROLOG = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'


def content_document(title: str, language: str, class_: str, css: str, type_: str = "") -> Tag:
    """What stands before and after the body's content in an EPUB content document."""
    html = _html(title, language, namespaces(XHTML, epub=OPS))
    head, body = html[0], html[1]
    link = {"rel": "stylesheet", "type": "text/css", "href": css}
    etree.SubElement(head, _x("link"), link)
    body.set("class", class_)
    if type_:
        body.set(f"{{{OPS}}}type", type_)
    return _cut(html, _PROLOG)


def web_page(title: str, language: str, class_: str, meta: Mapping[str, str], style: str) -> Tag:
    """What stands before and after the body's content in a page that needs nothing beside it.

    `meta` are `http-equiv` (if they start with a capital) and `name` entries. The markup is
    valid as HTML and as XML.
    """
    html = _html(title, language, namespaces(XHTML))
    head, body = html[0], html[1]
    for name, content in meta.items():
        kind = "http-equiv" if name[0].isupper() else "name"
        head.insert(1, etree.Element(_x("meta"), {kind: name, "content": content}))
    etree.SubElement(head, _x("style")).text = style
    body.set("class", class_)
    return _cut(html, "<!DOCTYPE html>\n")


def _html(title: str, language: str, nsmap: dict[str, str]) -> etree._Element:
    try:
        html = etree.Element(_x("html"), nsmap=nsmap)
        html.set("lang", language)
        html.set(f"{{{XML}}}lang", language)
        head = etree.SubElement(html, _x("head"))
        etree.SubElement(head, _x("meta"), {"charset": "utf-8"})
        etree.SubElement(head, _x("title")).text = title
        etree.SubElement(html, _x("body")).text = _SLOT
    except ValueError as error:
        raise WriteError("the title holds a character that cannot stand in XML") from error
    return html


def _cut(html: etree._Element, prolog: str) -> Tag:
    whole = str(etree.tostring(html, encoding="unicode"))
    head, _, tail = whole.rpartition(_SLOT)
    return Tag(prolog + head, tail + "\n")


def _x(name: str) -> str:
    return f"{{{XHTML}}}{name}"
