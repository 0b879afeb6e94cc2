"""XML and XHTML: the one door to lxml; tags, text and frames of documents as it serialises them.

A tree of a novel's half million ruby elements costs five times the novel (docs/performance.md), so
writers join strings. No tag is formatted by hand: each distinct start tag is built as an element,
serialised by lxml, made once and cut at its text. Text passes through `escape`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, cast

from lxml import etree

from reader.errors import WriteError

__all__ = [
    "ADDED",
    "OPS",
    "SLOT",
    "XHTML",
    "XML",
    "XML_FORBIDDEN",
    "Dialect",
    "Tag",
    "content_document_frame",
    "encoded",
    "escape",
    "etree",
    "forbidden",
    "namespaces",
    "safe_parser",
    "script_text",
    "serialised",
    "web_page_frame",
]

XHTML = "http://www.w3.org/1999/xhtml"
OPS = "http://www.idpf.org/2007/ops"
XML = "http://www.w3.org/XML/1998/namespace"

ADDED = "added"
"""Class of every element that holds words of ours and not of the text: the text of a document,
without these and without `rt` and `rp`, is the source's."""

SLOT = "\ue000"
"""Stands in a tag for what is put there later: content, or an id (`Tag.named`)."""
_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CHUNK = 1 << 16
"""Characters of markup gathered before they are encoded."""
_LANG = f"{{{XML}}}lang"
_TYPE = f"{{{OPS}}}type"

# XML 1.0, production 2 (Char): what lies outside it cannot stand in a document, even escaped.
# Written as what is forbidden: the class of what is allowed takes thirty times longer to compile.
# A pattern, not compiled: most of what is written has none of these, and asks otherwise.
XML_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"


def safe_parser(*, huge: bool = False) -> etree.XMLParser:
    """A parser that resolves no entity, loads no DTD and reaches no network."""
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=huge,
        remove_blank_text=False,
    )


def namespaces(default: str, **prefixes: str) -> dict[str, str]:
    """The namespaces that an element declares; lxml's stubs know no default one."""
    return cast("dict[str, str]", {None: default, **prefixes})


class Tag(NamedTuple):
    """An element's start and end tag; joined around escaped text they are well-formed."""

    open: str
    close: str

    def around(self, *markup: str) -> str:
        """Markup with this element around it.

        >>> Dialect(epub=True).tag("p", lang="zh").around("好")
        '<p lang="zh" xml:lang="zh">好</p>'
        """
        return "".join((self.open, *markup, self.close))

    def named(self, *ids: str) -> Tag:
        """The tags with each `SLOT` filled, in order, by an id, which needs no escape.

        >>> Dialect(epub=False).tag("a", href=f"#{SLOT}", id=SLOT).named("n1", "r1").open
        '<a href="#n1" id="r1">'
        """
        start = self.open
        for name in ids:
            start = start.replace(SLOT, name, 1)
        return Tag(start, self.close)


def escape(text: str) -> str:
    """`text` as XML character data, as lxml writes it.

    Raises `WriteError` for characters that XML cannot carry even escaped.

    >>> escape("R&D <投>")
    'R&amp;D &lt;投&gt;'
    """
    if not _SPECIAL.search(text):
        return text
    return serialised(_element(False, "x", ()), text).partition(">")[2].rpartition("<")[0]


class Dialect:
    """How elements are written: for EPUB (`epub:type`, `xml:lang` beside `lang`) or a web page."""

    ruby_has_pairs = True
    """Whether a `ruby` may hold several bases, each with its reading."""
    ruby_nests = True
    """Whether a `ruby` may be the base of another."""
    breaks_between_rubies = True
    """Whether a `wbr` may stand between two characters with a reading each."""

    def __init__(self, *, epub: bool) -> None:
        self.epub = epub
        self.reads_readings = epub
        """Whether what reads a page aloud, or searches it, takes readings for text. Reading systems
        and braille displays may want them; a web page has a switch for it."""

    def tag(self, name: str, /, **attributes: str | None) -> Tag:
        """The tags of an element. Attributes left empty or None are left out.

        `type_` is `epub:type`; `class_` and `for_` lose their underscore, and others turn `_`
        into `-` (`aria_label`). Raises `WriteError` as `escape` does.
        """
        return _tag(self.epub, name, tuple(attributes.items()))

    def void(self, name: str, /, **attributes: str | None) -> str:
        """An element without content: `<br/>`, `<img …/>`."""
        return _void(self.epub, name, tuple(attributes.items()))


Attributes = tuple[tuple[str, str | None], ...]


@lru_cache(maxsize=4096)
def _tag(epub: bool, name: str, attributes: Attributes) -> Tag:
    head, _, tail = serialised(_element(epub, name, attributes), SLOT).rpartition(SLOT)
    return Tag(head, tail)


@lru_cache(maxsize=1024)
def _void(epub: bool, name: str, attributes: Attributes) -> str:
    return serialised(_element(epub, name, attributes), None)


def _element(epub: bool, name: str, attributes: Attributes) -> etree._Element:
    # Serialised inside a parent that declares the namespaces, so that it declares none itself.
    parent = etree.Element(f"{{{XHTML}}}x", nsmap=namespaces(XHTML, epub=OPS))
    element = etree.SubElement(parent, f"{{{XHTML}}}{name}")
    for key, value in attributes:
        if value:
            _set(element, name, epub, key, value)
    return element


def _set(element: etree._Element, name: str, epub: bool, key: str, value: str) -> None:
    try:
        if key == "lang":
            element.set("lang", value)
            # What knows no HTML knows no ruby: there it would be a fifth of a book, for nobody.
            if epub and name != "rt":
                element.set(_LANG, value)
        elif key != "type_":
            element.set(key.rstrip("_").replace("_", "-"), value)
        elif epub:
            element.set(_TYPE, value)
    except ValueError as error:
        raise forbidden(value) from error


def serialised(element: etree._Element, text: str | None) -> str:
    """`element` with `text`, as lxml writes it within its parent, which declares the namespaces.

    Raises `WriteError` for text that XML cannot carry.
    """
    parent = element.getparent()
    assert parent is not None
    try:
        element.text = text
        whole = str(etree.tostring(parent, encoding="unicode"))
    except ValueError as error:
        raise forbidden(text or "") from error
    return whole[whole.index(">") + 1 : whole.rindex("</")]


def forbidden(text: str) -> WriteError:
    """The error that names the first character of `text` that XML cannot carry."""
    bad = _SPECIAL.sub(lambda match: "" if match[0] in "&<>\r" else match[0], text)
    first = next((c for c in bad if _SPECIAL.match(c)), "")
    name = f"character U+{ord(first):04X}" if first else "a character"
    return WriteError(f"{name} cannot stand in XML", excerpt=text[:60])


# Whole documents, cut where the content of the body goes: a book's is never held at once.


def content_document_frame(title: str, language: str, class_: str, css: str) -> Tag:
    """What stands before and after the body's content in an EPUB content document."""
    html = _html(title, language, namespaces(XHTML, epub=OPS))
    head, body = html[0], html[1]
    link = {"rel": "stylesheet", "type": "text/css", "href": css}
    etree.SubElement(head, _x("link"), link)
    body.set("class", class_)
    return _framed(html, '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n')


def web_page_frame(
    title: str,
    language: str,
    class_: str,
    meta: Mapping[str, str],
    style: str,
    *,
    root_class: str = "",
    script: str = "",
) -> Tag:
    """What stands before and after the body's content in a page that needs nothing beside it.

    `meta` are `http-equiv` (if they start with a capital) and `name` entries. The markup is
    valid as HTML and as XML; `script` is put in as `script_text` has it.
    """
    html = _html(title, language, namespaces(XHTML))
    head, body = html[0], html[1]
    if root_class:
        html.set("class", root_class)
    for name, content in meta.items():
        kind = "http-equiv" if name[0].isupper() else "name"
        head.insert(1, etree.Element(_x("meta"), {kind: name, "content": content}))
    etree.SubElement(head, _x("style")).text = style
    if script:
        etree.SubElement(head, _x("script")).text = _SCRIPT_SLOT
    body.set("class", class_)
    frame = _framed(html, "<!DOCTYPE html>\n")
    return frame._replace(open=frame.open.replace(_SCRIPT_SLOT, script_text(script)[0], 1))


_SCRIPT_SLOT = "\ue001"


def script_text(script: str) -> tuple[str, str]:
    """A script as the content of its element in a page that is HTML and XML at once.

    Also what an XML parser takes that for: a policy that names scripts by their digest names both.

    >>> script_text("a < b;")
    ('//<![CDATA[\\na < b;\\n//]]>', '//\\na < b;\\n//')
    """
    assert "]]>" not in script
    assert "</" not in script
    return f"//<![CDATA[\n{script}\n//]]>", f"//\n{script}\n//"


def _html(title: str, language: str, nsmap: dict[str, str]) -> etree._Element:
    try:
        html = etree.Element(_x("html"), nsmap=nsmap)
        html.set("lang", language)
        html.set(_LANG, language)
        head = etree.SubElement(html, _x("head"))
        etree.SubElement(head, _x("meta"), {"charset": "utf-8"})
        etree.SubElement(head, _x("title")).text = title
        etree.SubElement(html, _x("body")).text = SLOT
    except ValueError as error:
        raise WriteError("the title holds a character that cannot stand in XML") from error
    return html


def _framed(html: etree._Element, prolog: str) -> Tag:
    head, _, tail = str(etree.tostring(html, encoding="unicode")).rpartition(SLOT)
    return Tag(prolog + head, tail + "\n")


def _x(name: str) -> str:
    return f"{{{XHTML}}}{name}"


def encoded(markup: Iterable[str]) -> Iterator[bytes]:
    """Markup as UTF-8, in chunks worth compressing."""
    gathered: list[str] = []
    size = 0
    for part in markup:
        gathered.append(part)
        size += len(part)
        if size > _CHUNK:
            yield "".join(gathered).encode()
            gathered, size = [], 0
    yield "".join(gathered).encode()
