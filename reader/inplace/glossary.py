"""The document that lists every term explained in a book, with the places where it stands."""

from __future__ import annotations

from typing import Any

from reader.inplace.dialect import BookDialect
from reader.markup import OPS, XHTML, XML, etree
from reader.options import RenderOptions
from reader.writers.labels import Labels, labels_in
from reader.writers.notes import Terms
from reader.writers.pages import glossary

__all__ = ["glossary_document"]

_EPUB2 = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
    '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
)
_EPUB3 = "<!DOCTYPE html>"
_SLOT = "\ue000"


def glossary_document(
    terms: Terms, options: RenderOptions, *, language: str, css: str, epub2: bool
) -> bytes:
    """A content document for the end of a book written in `language`."""
    dialect = BookDialect(epub2=epub2)
    page = _page(language, css, labels_in(options.labels), epub2=epub2)
    prolog = f'<?xml version="1.0" encoding="utf-8"?>\n{_EPUB2 if epub2 else _EPUB3}\n'
    return (prolog + page.replace(_SLOT, glossary(dialect, terms, options)) + "\n").encode()


def _page(language: str, css: str, labels: Labels, *, epub2: bool) -> str:
    spaces: dict[Any, str] = {None: XHTML} if epub2 else {None: XHTML, "epub": OPS}
    html = etree.Element(_x("html"), nsmap=spaces)
    html.set(f"{{{XML}}}lang", language)
    if not epub2:
        html.set("lang", language)
    head = etree.SubElement(html, _x("head"))
    title = etree.SubElement(head, _x("title"))
    title.text = labels["glossary"]
    title.set(f"{{{XML}}}lang", labels.language)
    etree.SubElement(head, _x("link"), {"rel": "stylesheet", "type": "text/css", "href": css})
    body = etree.SubElement(html, _x("body"))
    if not epub2:
        title.set("lang", labels.language)
        body.set(f"{{{OPS}}}type", "glossary")
    body.text = _SLOT
    return str(etree.tostring(html, encoding="unicode"))


def _x(name: str) -> str:
    return f"{{{XHTML}}}{name}"
