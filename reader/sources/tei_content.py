"""What the blocks of a TEI text hold, and the tables behind it that they point at."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace

from reader.lexicon.levels import hsk_level
from reader.markup import etree
from reader.model import (
    Correction,
    Levels,
    Mark,
    MarkKind,
    Note,
    Reading,
    ReadingSource,
    Resource,
    Span,
    Token,
    TokenKind,
)
from reader.pinyin.syllables import check_syllables

__all__ = [
    "ID",
    "LANG",
    "BackMatter",
    "Content",
    "child",
    "children",
    "id_of",
    "line_of",
    "local",
    "source_id",
    "text_of",
]


XML = "{http://www.w3.org/XML/1998/namespace}"
ID, LANG = f"{XML}id", f"{XML}lang"

_CODED = re.compile(r"_([0-9a-f]{1,6})_")
_PREFIX = re.compile("[suf]-")
_ESCAPES = re.compile("%(5F|2A|7C|25)")


def local(element: etree._Element) -> str:
    """The element's name without its namespace; "" for comments and processing instructions."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def line_of(element: etree._Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) else None


def source_id(name: str) -> str:
    """The id of the source that an `xml:id` stands for; "" if it is the writer's own.

    >>> source_id("s-fn_20_1"), source_id("b12")
    ('fn 1', '')
    """
    if not _PREFIX.match(name):
        return ""
    return _CODED.sub(lambda match: chr(int(match[1], 16)), name[2:])


def href_of(target: str) -> str:
    """The href that a pointer stands for.

    >>> href_of("#s-fn_20_1"), href_of("https://example.org/#s-1")
    ('#fn 1', 'https://example.org/#s-1')
    """
    return f"#{source_id(target[1:])}" if target.startswith("#") else target


def _syllables(text: str) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]:
    """Syllables as the writer puts them in one line, one for each character, their breaks, and
    which of them have capitals.

    >>> _syllables("* er4_shi2 | Nian2")
    (('', 'er4 shi2', 'nian2'), (2,), (2,))
    """
    syllables: list[str] = []
    breaks: list[int] = []
    for part in text.split(" ") if text else ():
        if part == "|":
            breaks.append(len(syllables))
        elif part == "*":
            syllables.append("")
        else:
            # A character's several syllables are joined by `_`, which is why `_` is escaped.
            spelled = part.replace("_", " ")
            syllables.append(_ESCAPES.sub(lambda match: chr(int(match[1], 16)), spelled))
    lower = tuple([syllable[:1].lower() + syllable[1:] for syllable in syllables])
    pairs = enumerate(zip(lower, syllables, strict=True))
    capitals = tuple([at for at, (small, written) in pairs if small != written])
    return check_syllables(lower), tuple(breaks), capitals


_TOKEN_KINDS = {"pc": TokenKind.PUNCTUATION, "c": TokenKind.SPACE}


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    if element is not None:
        yield from (each for each in element if local(each) == name)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at `path` below `element`."""
    for name in path:
        element = next(children(element, name), None)
    return element


def text_of(element: etree._Element | None) -> str:
    """The element's text."""
    return "" if element is None else element.text or ""


class BackMatter:
    """What is pointed at from the text: lexicon, glossary, reasons of corrections, resources.

    A token that is asked for twice is one object, which halves the memory of a long text.
    """

    def __init__(self, root: etree._Element) -> None:
        self._entries: dict[str, etree._Element] = {}
        self._terms: dict[str, Note] = {}
        self._reasons: dict[str, str] = {}
        self.resources: list[Resource] = []
        self._tokens: dict[tuple[str, TokenKind, str], Token] = {}
        for division in children(child(root, "text", "back"), "div"):
            self._read(division)
        for interp in children(child(root, "standOff", "interpGrp"), "interp"):
            self._reasons[f"#{interp.get(ID)}"] = text_of(interp)

    def token(self, element: etree._Element, text: str) -> Token:
        """The token that a `w`, `pc` or `c` with `text` stands for."""
        kind = _TOKEN_KINDS.get(local(element)) or TokenKind(element.get("type", "word"))
        key = (text, kind, element.get("lemmaRef", ""))
        token = self._tokens.get(key)
        if token is None:
            token = self._tokens[key] = self._token(*key)
        return token

    def note(self, pointer: str, start: int, end: int) -> Note:
        """The note that `pointer` points at, on a span."""
        note = self._terms.get(pointer)
        if note is None:
            raise ValueError(f"{pointer} is not in the glossary")
        return replace(note, start=start, end=end)

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
        forms = {orth.get("type", ""): text_of(orth) for orth in children(form, "orth")}
        return Token(
            text,
            kind,
            forms.get("simplified", ""),
            forms.get("traditional", ""),
            _reading(entry),
            entry.get("type") == "name",
            tuple(text_of(child(sense, "def")) for sense in children(entry, "sense")),
            _levels(entry),
        )


def _levels(entry: etree._Element) -> Levels:
    """Each `usg` with its scheme; files of before schemes say `hsk`, and 7 for 7-9."""
    pairs = ((usg.get("type", ""), text_of(usg)) for usg in children(entry, "usg"))
    levels = (hsk_level(int(text))[0] if type == "hsk" else (type, text) for type, text in pairs)
    return tuple(sorted(levels))


def _reading(entry: etree._Element) -> Reading | None:
    main, *others = [child(form, "pron") for form in children(entry, "form")] or [None]
    if main is None:
        return None
    source = ReadingSource(main.get("resp", "").removeprefix("#reading."))
    probability = float(main.get("cert", "1"))
    alternatives = tuple(_syllables(text_of(other))[0] for other in others)
    syllables, breaks, capitals = _syllables(text_of(main))
    return Reading(syllables, source, probability, alternatives, breaks, capitals)


def _term(label: etree._Element, item: etree._Element) -> Note:
    forms = {seg.get("type"): text_of(seg) for seg in children(label, "seg")}
    syllables, breaks, capitals = _syllables(forms.get("syllables", ""))
    return Note(
        0,
        0,
        text_of(child(label, "term")),
        forms.get("simplified", ""),
        forms.get("traditional", ""),
        syllables,
        text_of(child(item, "gloss")),
        text_of(child(item, "note")),
        tuple(text_of(term) for term in children(item, "term")),
        breaks,
        capitals,
    )


def _resource(figure: etree._Element) -> Resource:
    data = child(figure, "binaryObject")
    if data is None:
        raise ValueError("a resource has no binaryObject")
    try:
        content = b64decode(text_of(data))
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"a resource is not base64: {error}") from error
    return Resource(source_id(figure.get(ID, "")), data.get("mimeType", ""), content)


_NOT_TEXT = frozenset(("rt", "corr", "fs", "list", "graphic", "figDesc"))

Attributes = tuple[tuple[str, str], ...]


def id_of(element: etree._Element) -> str:
    """The source's id of an element; "" if it has none.

    An id that stands twice in the source is `sameAs` at all but its first place.
    """
    return source_id(element.get(ID, "")) or source_id(element.get("sameAs", "")[1:])


_MARKS = frozenset(("emph", "hi", "lb", "ref", "foreign", "anchor", "figure"))


def _mark_of(element: etree._Element) -> tuple[MarkKind, Attributes]:
    """Kind and attributes of the mark that an element of `_MARKS` is."""
    name = local(element)
    if name == "hi":
        return MarkKind(element.get("rend", "")), ()
    if name == "ref":
        href = href_of(element.get("target", ""))
        if element.get("type"):
            return MarkKind.NOTE_REFERENCE, (("target", href[1:]),)
        return MarkKind.LINK, (("href", href),)
    if name == "foreign":
        return MarkKind.LANGUAGE, (("lang", element.get(LANG, "")),)
    if name == "anchor":
        return MarkKind.ANCHOR, (("id", id_of(element)),)
    if name == "figure":
        graphic = child(element, "graphic")
        url = "" if graphic is None else graphic.get("url", "")
        alt = text_of(child(element, "figDesc"))
        return MarkKind.IMAGE, (("resource", source_id(url[1:])), ("alt", alt))
    return (MarkKind.EMPHASIS if name == "emph" else MarkKind.LINE_BREAK), ()


class Content:
    """What is in a block's element: its text, its tokens and what spans them.

    Raises `ValueError` for what the writer never writes.
    """

    def __init__(self, back: BackMatter, element: etree._Element) -> None:
        self._back = back
        self._texts: list[str] = []
        self._length = 0
        self._anchors: dict[str, int] = {}
        self._numbered: list[tuple[int, Mark]] = []
        self.tokens: list[Token] = []
        self.notes: list[Note] = []
        self.sentences: list[Span] = []
        self.corrections: list[Correction] = []
        self._features = {
            f"#{fs.get(ID)}": tuple(text_of(string) for string in fs.iter("{*}string"))
            for fs in children(element, "fs")
        }
        self._children(element)
        # Those that stand off come at the end of the block, whatever they are about.
        for spans in (self.notes, self.sentences, self.corrections):
            spans.sort(key=lambda span: (span.start, span.end))

    @property
    def text(self) -> str:
        return "".join(self._texts)

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for _, mark in sorted(self._numbered, key=lambda pair: pair[0]))

    def _add(self, text: str | None) -> None:
        if text:
            self._texts.append(text)
            self._length += len(text)

    def _children(self, element: etree._Element) -> None:
        self._add(element.text)
        for child_ in element:
            self._element(child_)
            self._add(child_.tail)

    def _element(self, element: etree._Element) -> None:
        name = local(element)
        if name in ("w", "pc", "c"):
            self._token(element)
        elif name in _MARKS:
            self._mark(element)
        elif name == "s":
            start = self._length
            self._children(element)
            self.sentences.append(Span(start, self._length))
        elif name == "term":
            start = self._length
            self._children(element)
            self.notes.append(self._back.note(element.get("ref", ""), start, self._length))
        elif name == "choice":
            self._choice(element)
        elif name == "spanGrp":
            for span in children(element, "span"):
                self._standing_off(span)
        elif name in ("ruby", "rb"):
            self._children(element)
        elif name and name not in _NOT_TEXT:
            raise ValueError(f"<{name}> does not belong here")

    def _token(self, element: etree._Element) -> None:
        first = len(self._texts)
        self._children(element)
        text = "".join(self._texts[first:])
        self.tokens.append(self._back.token(element, text))

    def _choice(self, element: etree._Element) -> None:
        """A correction, or a word in two scripts, of which the first is the text's own."""
        sic = child(element, "sic")
        if sic is None:
            seg = child(element, "seg")
            if seg is not None:
                self._children(seg)
            return
        start = self._length
        self._children(sic)
        corr = child(element, "corr")
        if corr is not None:
            self._correction(corr, start, self._length)

    def _correction(self, element: etree._Element, start: int, end: int) -> None:
        reason = self._back.reason(element.get("ana", ""))
        probability = float(element.get("cert", "1"))
        self.corrections.append(Correction(start, end, text_of(element), reason, probability))

    def _mark(self, element: etree._Element) -> None:
        name = local(element)
        # The writer's own anchors, the ends of what stands off, have a dot in their ids.
        if name == "anchor" and "." in element.get(ID, ""):
            self._anchors[f"#{element.get(ID)}"] = self._length
            return
        start, number = self._length, len(self._numbered)
        # Marks are numbered as they open, so a place is held before what is inside takes its own.
        self._numbered.append((number, Mark(0, 0, MarkKind.CODE)))
        if name != "figure":
            self._children(element)
        mark = Mark(start, self._length, *_mark_of(element))
        self._numbered[number] = (int(element.get("n", number)), mark)

    def _standing_off(self, span: etree._Element) -> None:
        start, end = (self._anchor(span.get(name, "")) for name in ("from", "to"))
        kind = span.get("type")
        if kind == "sentence":
            self.sentences.append(Span(start, end))
        elif kind == "term":
            self.notes.append(self._back.note(span.get("ana", ""), start, end))
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
