"""The content of a block: text, tokens, and the spans whose elements are around them."""

from __future__ import annotations

from collections.abc import Callable

from reader.markup import etree
from reader.model import Correction, Mark, MarkKind, Note, Span, Token
from reader.sources.tei.names import ID, LANG, local, pointed, source_id
from reader.sources.tei.tables import Tables, child, children, told

__all__ = ["Content"]

_NOT_TEXT = frozenset(("rt", "corr", "fs", "list", "graphic", "figDesc"))

Attributes = tuple[tuple[str, str], ...]


def _own_id(element: etree._Element) -> str:
    """The source's id of an element that has one."""
    return source_id(element.get(ID, "")) or source_id(element.get("sameAs", "")[1:])


def _image(element: etree._Element) -> Attributes:
    graphic = child(element, "graphic")
    url = "" if graphic is None else graphic.get("url", "")
    return ("resource", source_id(url[1:])), ("alt", told(child(element, "figDesc")))


def _ref(element: etree._Element) -> Attributes:
    target = pointed(element.get("target", ""))
    return (("target", target[1:]),) if element.get("type") else (("href", target),)


_ATTRIBUTES: dict[str, Callable[[etree._Element], Attributes]] = {
    "emph": lambda element: (),
    "hi": lambda element: (),
    "lb": lambda element: (),
    "ref": _ref,
    "foreign": lambda element: (("lang", element.get(LANG, "")),),
    "anchor": lambda element: (("id", _own_id(element)),),
    "figure": _image,
}

_KINDS = {
    "emph": MarkKind.EMPHASIS,
    "lb": MarkKind.LINE_BREAK,
    "foreign": MarkKind.LANGUAGE,
    "anchor": MarkKind.ANCHOR,
    "figure": MarkKind.IMAGE,
}


def _kind(element: etree._Element) -> MarkKind:
    name = local(element)
    if name == "hi":
        return MarkKind(element.get("rend", ""))
    if name == "ref":
        return MarkKind.NOTE_REFERENCE if element.get("type") else MarkKind.LINK
    return _KINDS[name]


class Content:
    """Reads what is in a block's element. Raises `ValueError` for what the writer never writes."""

    def __init__(self, tables: Tables, element: etree._Element) -> None:
        self._tables = tables
        self._texts: list[str] = []
        self._at = 0
        self._anchors: dict[str, int] = {}
        self._numbered: list[tuple[int, Mark]] = []
        self.tokens: list[Token] = []
        self.notes: list[Note] = []
        self.sentences: list[Span] = []
        self.corrections: list[Correction] = []
        self._features = {
            f"#{fs.get(ID)}": tuple(told(string) for string in fs.iter("{*}string"))
            for fs in children(element, "fs")
        }
        self._inside(element)
        for each in (self.notes, self.sentences, self.corrections):
            each.sort(key=lambda span: (span.start, span.end))

    @property
    def text(self) -> str:
        return "".join(self._texts)

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for _, mark in sorted(self._numbered, key=lambda pair: pair[0]))

    def _add(self, text: str | None) -> None:
        if text:
            self._texts.append(text)
            self._at += len(text)

    def _inside(self, element: etree._Element) -> None:
        self._add(element.text)
        for inner in element:
            self._element(inner)
            self._add(inner.tail)

    def _element(self, element: etree._Element) -> None:
        name = local(element)
        if name in ("w", "pc", "c"):
            self._token(element)
        elif name in _ATTRIBUTES:
            self._mark(element)
        elif name == "s":
            start = self._at
            self._inside(element)
            self.sentences.append(Span(start, self._at))
        elif name == "term":
            start = self._at
            self._inside(element)
            self.notes.append(self._tables.note(element.get("ref", ""), start, self._at))
        elif name == "choice":
            self._choice(element)
        elif name == "spanGrp":
            for span in children(element, "span"):
                self._standing_off(span)
        elif name in ("ruby", "rb"):
            self._inside(element)
        elif name and name not in _NOT_TEXT:
            raise ValueError(f"<{name}> does not belong here")

    def _token(self, element: etree._Element) -> None:
        first = len(self._texts)
        self._inside(element)
        text = "".join(self._texts[first:])
        self.tokens.append(self._tables.token(element, text))

    def _choice(self, element: etree._Element) -> None:
        """What was meant beside what is written, or a word in two scripts."""
        sic = child(element, "sic")
        if sic is None:
            seg = child(element, "seg")
            if seg is not None:
                self._inside(seg)
            return
        start = self._at
        self._inside(sic)
        corr = child(element, "corr")
        if corr is not None:
            self._correction(corr, start, self._at)

    def _correction(self, element: etree._Element, start: int, end: int) -> None:
        reason = self._tables.reason(element.get("ana", ""))
        probability = float(element.get("cert", "1"))
        self.corrections.append(Correction(start, end, told(element), reason, probability))

    def _mark(self, element: etree._Element) -> None:
        name = local(element)
        if name == "anchor" and "." in element.get(ID, ""):
            self._anchors[f"#{element.get(ID)}"] = self._at
            return
        start, number = self._at, len(self._numbered)
        self._numbered.append((number, Mark(0, 0, MarkKind.CODE)))
        if name != "figure":
            self._inside(element)
        mark = Mark(start, self._at, _kind(element), _ATTRIBUTES[name](element))
        self._numbered[number] = (int(element.get("n", number)), mark)

    def _standing_off(self, span: etree._Element) -> None:
        start, end = (self._anchor(span.get(name, "")) for name in ("from", "to"))
        kind = span.get("type")
        if kind == "sentence":
            self.sentences.append(Span(start, end))
        elif kind == "term":
            self.notes.append(self._tables.note(span.get("ana", ""), start, end))
        elif kind == "correction":
            self._correction(span, start, end)
        else:
            flat = self._features.get(span.get("ana", ""), ())
            attributes = tuple(zip(flat[::2], flat[1::2], strict=True))
            mark = Mark(start, end, MarkKind(span.get("subtype", "")), attributes)
            self._numbered.append((int(span.get("n", len(self._numbered))), mark))

    def _anchor(self, pointer: str) -> int:
        if pointer not in self._anchors:
            raise ValueError(f"there is no anchor {pointer}")
        return self._anchors[pointer]
