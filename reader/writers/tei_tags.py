"""TEI tags as lxml serialises them, the names they carry, and what is said once and pointed at."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import cast

from reader.errors import WriteError
from reader.markup import SLOT, XML, XML_FORBIDDEN, Tag, escape, etree
from reader.model import Correction, Note
from reader.writers.marks import source_id

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


def syllables(found: Sequence[str], breaks: Collection[int] = ()) -> str:
    """Syllables in one line: `*` for a character that is not read, `_` between those of one.

    `|` stands at `breaks`, where the pinyin has a space.

    >>> syllables(("", "er4 shi2", "nian2"))
    '* er4_shi2 nian2'
    >>> syllables(("gai4", "zhang1", "jing1", "ji4"), (2,))
    'gai4 zhang1 | jing1 ji4'
    """
    written = [each.translate(_ESCAPES) if each else _UNREAD for each in found]
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


class Terms:
    """The glossary: each distinct note once, whatever its occurrences."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self._notes: list[Note] = []

    def pointer(self, note: Note) -> str:
        forms = (note.term, note.simplified, note.traditional, note.syllables)
        key = (*forms, note.gloss, note.text, note.tags, note.breaks)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        if number > len(self._notes):
            self._notes.append(note)
        return f"#g{number}"

    def entries(self) -> Iterator[str]:
        """A label and an item for each term."""
        for number, note in enumerate(self._notes, 1):
            forms = [
                element("term", note.term),
                element("seg", note.simplified, type="simplified", lang="zh-Hans"),
                element("seg", note.traditional, type="traditional", lang="zh-Hant"),
                element("seg", syllables(note.syllables, note.breaks), type="syllables"),
            ]
            target = f"#g{number}"
            said = [element("gloss", note.gloss, target=target, lang="en")]
            if note.text:
                said.append(element("note", note.text, type="gloss", target=target, lang="en"))
            said += [element("term", each, type="tag") for each in note.tags]
            yield tag("label", id=f"g{number}").around(*forms) + tag("item").around(*said)


class Reasons:
    """Why corrections are made: each distinct reason once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def corr(self, correction: Correction) -> str:
        """The `corr` of a correction."""
        return element("corr", correction.corrected, **self.attributes(correction))

    def attributes(self, correction: Correction) -> dict[str, str]:
        number = self._numbers.setdefault(correction.reason, len(self._numbers) + 1)
        return {"cert": repr(float(correction.probability)), "ana": f"#r{number}"}

    def entries(self) -> Iterator[str]:
        for reason, number in self._numbers.items():
            yield element("interp", reason, id=f"r{number}", lang="en")
