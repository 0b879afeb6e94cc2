"""What stands behind the text and is pointed at from it: lexicon, glossary, reasons, resources."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator

from reader.lexicon.levels import hsk_level
from reader.markup import etree
from reader.model import Levels, Note, Reading, ReadingSource, Resource, Token, TokenKind
from reader.sources.syllables import checked
from reader.sources.tei.names import ID, local, source_id, syllables

__all__ = ["Tables", "child", "children", "told"]

_KINDS = {"pc": TokenKind.PUNCTUATION, "c": TokenKind.SPACE}


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    if element is not None:
        yield from (each for each in element if local(each) == name)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at `path` below `element`."""
    for name in path:
        element = next(children(element, name), None)
    return element


def told(element: etree._Element | None) -> str:
    """The element's text."""
    return "" if element is None else element.text or ""


class Tables:
    """The tables of a document; a token that is asked for twice is one object."""

    def __init__(self, root: etree._Element) -> None:
        self._entries: dict[str, etree._Element] = {}
        self._terms: dict[str, Note] = {}
        self._reasons: dict[str, str] = {}
        self.resources: list[Resource] = []
        self._tokens: dict[tuple[str, TokenKind, str], Token] = {}
        for division in children(child(root, "text", "back"), "div"):
            self._read(division)
        for interp in children(child(root, "standOff", "interpGrp"), "interp"):
            self._reasons[f"#{interp.get(ID)}"] = told(interp)

    def token(self, element: etree._Element, text: str) -> Token:
        """The token that a `w`, `pc` or `c` with `text` stands for."""
        kind = _KINDS.get(local(element)) or TokenKind(element.get("type", "word"))
        key = (text, kind, element.get("lemmaRef", ""))
        found = self._tokens.get(key)
        if found is None:
            found = self._tokens[key] = self._token(*key)
        return found

    def note(self, pointer: str, start: int, end: int) -> Note:
        """The note that `pointer` points at, on a span."""
        found = self._terms.get(pointer)
        if found is None:
            raise ValueError(f"{pointer} is not in the glossary")
        forms = (found.term, found.simplified, found.traditional, found.syllables)
        return Note(start, end, *forms, found.gloss, found.text, found.tags, found.breaks)

    def reason(self, pointer: str) -> str:
        return self._reasons.get(pointer, "")

    def _read(self, division: etree._Element) -> None:
        for entry in children(division, "entry"):
            self._entries[f"#{entry.get(ID)}"] = entry
        for figure in children(division, "figure"):
            self.resources.append(_resource(figure))
        terms = child(division, "list")
        for label, item in zip(children(terms, "label"), children(terms, "item"), strict=False):
            self._terms[f"#{label.get(ID)}"] = _term(label, item)

    def _token(self, text: str, kind: TokenKind, pointer: str) -> Token:
        if not pointer:
            return Token(text, kind)
        entry = self._entries.get(pointer)
        if entry is None:
            raise ValueError(f"{pointer} is not in the lexicon")
        form = child(entry, "form")
        forms = {orth.get("type", ""): told(orth) for orth in children(form, "orth")}
        return Token(
            text,
            kind,
            forms.get("simplified", ""),
            forms.get("traditional", ""),
            _reading(entry),
            entry.get("type") == "name",
            tuple(told(child(sense, "def")) for sense in children(entry, "sense")),
            _levels(entry),
        )


def _levels(entry: etree._Element) -> Levels:
    """Each `usg` with its scheme; files of before schemes say `hsk`, and 7 for 7-9."""
    pairs = ((usg.get("type", ""), told(usg)) for usg in children(entry, "usg"))
    found = (hsk_level(int(text))[0] if type == "hsk" else (type, text) for type, text in pairs)
    return tuple(sorted(found))


def _reading(entry: etree._Element) -> Reading | None:
    main, *others = [child(form, "pron") for form in children(entry, "form")] or [None]
    if main is None:
        return None
    source = ReadingSource(main.get("resp", "").removeprefix("#reading."))
    probability = float(main.get("cert", "1"))
    alternatives = tuple(_syllables(told(other))[0] for other in others)
    read, breaks = _syllables(told(main))
    return Reading(read, source, probability, alternatives, breaks)


def _syllables(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    found, breaks = syllables(text)
    return checked(found), breaks


def _term(label: etree._Element, item: etree._Element) -> Note:
    forms = {seg.get("type"): told(seg) for seg in children(label, "seg")}
    read, breaks = _syllables(forms.get("syllables", ""))
    return Note(
        0,
        0,
        told(child(label, "term")),
        forms.get("simplified", ""),
        forms.get("traditional", ""),
        read,
        told(child(item, "gloss")),
        told(child(item, "note")),
        tuple(told(term) for term in children(item, "term")),
        breaks,
    )


def _resource(figure: etree._Element) -> Resource:
    data = child(figure, "binaryObject")
    if data is None:
        raise ValueError("a resource has no binaryObject")
    try:
        held = b64decode(told(data))
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"a resource is not base64: {error}") from error
    return Resource(source_id(figure.get(ID, "")), data.get("mimeType", ""), held)
