"""TEI elements as lxml serialises them, the names they carry, and the element of each mark.

Each distinct tag is made once and joined many times; text goes through `escape`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reader.markup import SLOT, XML, Tag, escape, etree, forbidden, namespaces, serialised
from reader.model import Mark, MarkKind
from reader.writers.elements import source_id

__all__ = [
    "Ids",
    "MarkElement",
    "element",
    "empty",
    "features",
    "is_language",
    "mark_element",
    "named",
    "pointer",
    "root",
    "syllables",
    "tag",
]

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
_XML_NAMES = {"id": f"{{{XML}}}id", "lang": f"{{{XML}}}lang"}

Attributes = tuple[tuple[str, str | None], ...]


def tag(name: str, /, **attributes: str | None) -> Tag:
    """The tags of an element; attributes that are None are left out.

    `id` and `lang` are those of XML, `from_` loses its underscore. Raises `WriteError` for values
    that XML cannot carry.

    >>> tag("s", id="b1.s1").around("好")
    '<s xml:id="b1.s1">好</s>'
    """
    id = attributes.get("id")
    if id is None or not _needs_no_escape(id):
        return _tag(name, tuple(attributes.items()))
    # Ids hardly ever come twice: they are put into a tag that is remembered.
    attributes["id"] = SLOT
    return _tag(name, tuple(attributes.items())).named(id)


def element(name: str, text: str, /, **attributes: str | None) -> str:
    """An element with text."""
    return tag(name, **attributes).around(escape(text))


def empty(name: str, /, **attributes: str | None) -> str:
    """An element without content.

    >>> empty("lb")
    '<lb/>'
    """
    id = attributes.get("id")
    if id is None or not _needs_no_escape(id):
        return _empty(name, tuple(attributes.items()))
    attributes["id"] = SLOT
    return _empty(name, tuple(attributes.items())).replace(SLOT, id, 1)


def root(name: str, /, **attributes: str | None) -> Tag:
    """The tags of a document's root element, which declares the namespace."""
    xml = etree.Element(f"{{{_NAMESPACE}}}{name}", nsmap=namespaces(_NAMESPACE))
    xml.text = SLOT
    _set(xml, tuple(attributes.items()))
    start, _, end = str(etree.tostring(xml, encoding="unicode")).rpartition(SLOT)
    return Tag(start, end)


def _needs_no_escape(id: str) -> bool:
    return id.isascii() and id.replace(".", "").replace("_", "").isalnum()


@lru_cache(maxsize=4096)
def _tag(name: str, attributes: Attributes) -> Tag:
    start, _, end = serialised(_element(name, attributes), SLOT).rpartition(SLOT)
    return Tag(start, end)


@lru_cache(maxsize=1024)
def _empty(name: str, attributes: Attributes) -> str:
    return serialised(_element(name, attributes), None)


def _element(name: str, attributes: Attributes) -> etree._Element:
    # Serialised inside a parent that declares the namespace, so that it declares none itself.
    parent = etree.Element(f"{{{_NAMESPACE}}}x", nsmap=namespaces(_NAMESPACE))
    xml = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    _set(xml, attributes)
    return xml


def _set(xml: etree._Element, attributes: Attributes) -> None:
    for key, value in attributes:
        if value is None:
            continue
        try:
            xml.set(_XML_NAMES.get(key, key.rstrip("_")), value)
        except ValueError as error:
            raise forbidden(value) from error


# Names: what XML names cannot hold, written so that it can be had back.

_URL = re.compile(r"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=\u00a0-\ud7ff]|%[0-9A-Fa-f]{2})+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_UNREAD = "*"
_BREAK = "|"
_ESCAPES = str.maketrans({" ": "_", "_": "%5F", "*": "%2A", "|": "%7C", "%": "%25"})


def is_language(value: str) -> bool:
    return _LANGUAGE.fullmatch(value) is not None


def pointer(href: str, ids: str) -> str | None:
    """`href` as a TEI pointer; None where it cannot be one. `ids` begins the ids of its text.

    >>> pointer("#fn 1", "s"), pointer("https://example.org/", "s"), pointer("a b", "s")
    ('#s-fn_20_1', 'https://example.org/', None)
    """
    if href.startswith("#"):
        return f"#{named(href[1:], ids)}" if len(href) > 1 else None
    address, hash_, fragment = href.partition("#")
    whole = _URL.fullmatch(address) and (not hash_ or _URL.fullmatch(fragment))
    return href if whole else None


def named(id: str, ids: str) -> str:
    """The `xml:id` that stands for an id of the source, which can be had back from it."""
    return ids + source_id(id)[1:]


def syllables(
    read: Sequence[str], breaks: Collection[int] = (), capitals: Collection[int] = ()
) -> str:
    """Syllables in one line: `*` for a character that is not read, `_` between those of one.

    `|` stands at `breaks`, where the pinyin has a space; `capitals` are of whoever wrote it so.

    >>> syllables(("", "er4 shi2", "nian2"))
    '* er4_shi2 nian2'
    >>> syllables(("gai4", "zhang1", "jing1", "ji4"), (2,))
    'gai4 zhang1 | jing1 ji4'
    >>> syllables(("xi1", "an1"), capitals=(0,))
    'Xi1 an1'
    """
    written = [each.translate(_ESCAPES) if each else _UNREAD for each in read]
    for at in capitals:
        written[at] = written[at][:1].upper() + written[at][1:]
    for at in breaks:
        written[at] = f"{_BREAK} {written[at]}"
    return " ".join(written)


class Ids:
    """The ids of a text's source; each names one element, though a source may have it twice."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._used: set[str] = set()

    def claim(self, id: str) -> dict[str, str]:
        """The attribute that gives an element `id`: `xml:id`, or `sameAs` if that is taken."""
        name = named(id, self.prefix)
        if name in self._used:
            return {"sameAs": f"#{name}"}
        self._used.add(name)
        return {"id": name}


# Marks, where their attributes and width allow an element.

_HI = {
    MarkKind.STRONG: "strong",
    MarkKind.CODE: "code",
    MarkKind.UNDERLINE: "underline",
    MarkKind.STRIKE: "strike",
    MarkKind.SUPERSCRIPT: "superscript",
    MarkKind.SUBSCRIPT: "subscript",
}
_EMPTY = frozenset((MarkKind.LINE_BREAK, MarkKind.ANCHOR, MarkKind.IMAGE))


@dataclass(frozen=True, slots=True)
class MarkElement:
    """The element of a mark, before it is known whether it needs a number."""

    name: str
    attributes: dict[str, str | None]
    content: str = ""

    def tag(self, n: str | None) -> Tag:
        start, end = tag(self.name, **self.attributes, n=n)
        return Tag(start + self.content, end)

    def point(self, n: str | None) -> str:
        """The element with nothing in it."""
        if self.content:
            return self.tag(n).around()
        return empty(self.name, **self.attributes, n=n)


Maker = Callable[[Mark, Ids], MarkElement | None]


def mark_element(mark: Mark, ids: Ids) -> MarkElement | None:
    """The element that says all a mark says; None if there is none, and it must stand off."""
    expected, make = _MARKS[mark.kind]
    names = tuple(name for name, _ in mark.attributes)
    if names != expected or (mark.kind in _EMPTY and mark.start != mark.end):
        return None
    return make(mark, ids)


def features(mark: Mark, id: str) -> str:
    """A mark's attributes as a feature structure, which can hold any."""
    strings = (element("string", each) for pair in mark.attributes for each in pair)
    listed = tag("vColl", org="list").around(*strings) if mark.attributes else ""
    feature = tag("f", name="attributes").around(listed)
    return tag("fs", type="mark", id=id).around(feature) if listed else ""


def _emphasis(mark: Mark, ids: Ids) -> MarkElement:
    return MarkElement("emph", {})


def _hi(mark: Mark, ids: Ids) -> MarkElement:
    return MarkElement("hi", {"rend": _HI[mark.kind]})


def _link(mark: Mark, ids: Ids) -> MarkElement | None:
    target = pointer(mark.get("href"), ids.prefix)
    return MarkElement("ref", {"target": target}) if target else None


def _note_reference(mark: Mark, ids: Ids) -> MarkElement | None:
    target = mark.get("target")
    if not target:
        return None
    return MarkElement("ref", {"type": "note", "target": f"#{named(target, ids.prefix)}"})


def _language(mark: Mark, ids: Ids) -> MarkElement | None:
    language = mark.get("lang")
    return MarkElement("foreign", {"lang": language}) if is_language(language) else None


def _line_break(mark: Mark, ids: Ids) -> MarkElement:
    return MarkElement("lb", {})


def _anchor(mark: Mark, ids: Ids) -> MarkElement | None:
    return MarkElement("anchor", {**ids.claim(mark.get("id"))}) if mark.get("id") else None


def _image(mark: Mark, ids: Ids) -> MarkElement | None:
    resource = mark.get("resource")
    if not resource:
        return None
    graphic = empty("graphic", url=f"#{named(resource, 'f')}")
    return MarkElement("figure", {"type": "inline"}, graphic + element("figDesc", mark.get("alt")))


def _standing_off(mark: Mark, ids: Ids) -> None:
    """Nothing: an element would divide the words."""


_MARKS: dict[MarkKind, tuple[tuple[str, ...], Maker]] = {
    **dict.fromkeys(_HI, ((), _hi)),
    MarkKind.EMPHASIS: ((), _emphasis),
    MarkKind.LINK: (("href",), _link),
    MarkKind.LANGUAGE: (("lang",), _language),
    MarkKind.LINE_BREAK: ((), _line_break),
    MarkKind.IMAGE: (("resource", "alt"), _image),
    MarkKind.ANCHOR: (("id",), _anchor),
    MarkKind.NOTE_REFERENCE: (("target",), _note_reference),
    MarkKind.READING: (("text",), _standing_off),
}
