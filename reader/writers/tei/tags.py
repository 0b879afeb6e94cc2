"""TEI tags as lxml serialises them, made once and joined many times; text goes through `escape`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast

from reader.errors import WriteError
from reader.markup import SLOT, XML, XML_FORBIDDEN, Tag, escape, etree

__all__ = ["NAMESPACE", "SLOT", "Tag", "element", "empty", "escape", "tag"]

NAMESPACE = "http://www.tei-c.org/ns/1.0"

_XML_NAMES = {"id": f"{{{XML}}}id", "lang": f"{{{XML}}}lang"}

Attributes = tuple[tuple[str, str | None], ...]


def tag(name: str, /, **attributes: str | None) -> Tag:
    """The tags of an element; attributes that are None are left out.

    `id` and `lang` are those of XML, `from_` loses its underscore. Raises `WriteError` for values
    that XML cannot carry.

    >>> tag("s", id="b1.s1").around("好")
    '<s xml:id="b1.s1">好</s>'
    """
    # Ids hardly ever come twice: they are put into a tag that is remembered.
    found = attributes.get("id")
    if (
        found is None
        or not found.isascii()
        or not found.replace(".", "").replace("_", "").isalnum()
    ):
        return _tag(name, tuple(attributes.items()))
    attributes["id"] = SLOT
    return _tag(name, tuple(attributes.items())).named(found)


def element(name: str, text: str, /, **attributes: str | None) -> str:
    """An element with text."""
    return tag(name, **attributes).around(escape(text))


def empty(name: str, /, **attributes: str | None) -> str:
    """An element without content.

    >>> empty("lb")
    '<lb/>'
    """
    start, _ = tag(name, **attributes)
    return f"{start[:-1]}/>"


@lru_cache(maxsize=4096)
def _tag(name: str, attributes: Attributes) -> Tag:
    # Serialised inside a parent that declares the namespace, so that it declares none itself.
    parent = etree.Element(f"{{{NAMESPACE}}}x", nsmap=cast("dict[str, str]", {None: NAMESPACE}))
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    made.text = "\ue001"
    for key, value in attributes:
        if value is not None:
            _set(made, _XML_NAMES.get(key, key.rstrip("_")), value)
    whole = str(etree.tostring(parent, encoding="unicode"))
    head, _, tail = whole.rpartition("\ue001")
    return Tag(head[head.index(">") + 1 :], tail.removesuffix("</x>"))


def _set(made: etree._Element, key: str, value: str) -> None:
    try:
        made.set(key, value)
    except ValueError as error:
        bad = re.search(XML_FORBIDDEN, value)
        name = f"character U+{ord(bad[0]):04X}" if bad else "a character"
        raise WriteError(f"{name} cannot stand in XML", excerpt=value[:60]) from error
