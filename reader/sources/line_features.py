"""What is looked at to tell the kind of a line: its shape, where it stands, what is around it.

A feature is a short code, such as `len=3` or `<same`; a line has some ninety in groups that come
again and again. The rules' answer for the line is what they are weighed against, in
`line_decision.py`; `training/line_kinds.py` learns the weights.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeAlias
from unicodedata import category

import reader.sources.line_patterns as patterns
import reader.sources.line_shapes as shapes
from reader.scripts import is_han
from reader.sources.line_context import (
    WIDTHS,
    Line,
    Look,
    TextFacts,
    TextShape,
    cells_alike,
    clauses,
    comes_again,
    pairs_again,
    recurrence,
    runs_alike,
    window,
)
from reader.sources.line_patterns import columns, is_closed, is_sentence, is_speech

__all__ = ["AHEAD", "BEHIND", "Group", "Past", "Place", "Shape", "features_of", "text_shape"]

Group: TypeAlias = tuple[str, ...]
"""Features that are looked up together."""

AHEAD, BEHIND = 3, 3
"""Lines after and before a line that are looked at."""
_NEAR = 2
"""Lines before it that are looked at more closely."""
SAMPLE = 60
"""Lines that show how long those of a text are."""

_COARSE = "0001122334566"
_SHARES = (0.1, 0.3, 0.5, 0.7, 0.9, 0.99)
_SHORT, _VERY_SHORT = 44, 24
_HAN = 0.2
"""Of the characters, at least, in a text whose kinds are weighed."""
_LONG = 120  # characters; a longer line is prose, whatever is in it
_BEGIN = 60  # characters of a line that are counted
_HEADING, _WORDED = 60, 120  # columns of lines that may be headings, and of which words are read
_TAB = "\t"
_SIGNATURE, _CLASSES = 40, 6  # characters, and classes of them
_COUNTED = tuple(
    re.compile(f"[{signs}]").findall
    for signs in (
        "，,、；;",
        "。！？!?",
        r"\s",
        "\u3400-\u9fff〇",
        "a-zA-Z",
        "0-9０-９",
        "的了着著是在不我你他她它们們这這那就都也很有没沒和",
    )
)
"""Commas, stops, spaces, Chinese characters, letters, digits, and words of the modern language."""
_SAME_END = {
    **dict.fromkeys("！!", "!"),
    **dict.fromkeys("？?", "?"),
    **dict.fromkeys("。.．｡", "."),
    **dict.fromkeys("，,、；;", ","),
    **dict.fromkeys("：:", ":"),
    **dict.fromkeys("—-－–", "-"),
}
_NUMERALS = "一二三四五六七八九十百零〇"
_DIGITS = "0123456789０１２３４５６７８９"
_KEPT = frozenset("…】〕》)）」』”]\"'’·《【〔（([「『“‘<>|｜~～_＿●★◆■▲※*#①②③④/／")


class Shape:
    """What is looked at of a line by itself."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.gap = line.gap
        self.text = line.text.strip()

    @cached_property
    def width(self) -> int:
        return columns(self.text)

    @cached_property
    def length(self) -> int:
        """Its class of lengths."""
        return bisect_left(WIDTHS, self.width)

    @cached_property
    def end(self) -> str:
        """What it ends with."""
        return _end(self.text)

    @cached_property
    def style(self) -> str:
        """How it is numbered."""
        return patterns.list_style(self.text) or "-"

    @cached_property
    def look(self) -> Look:
        """What it is compared by."""
        return Look(
            self.text,
            self.width,
            self.length,
            _COARSE[self.length],
            self.end,
            self.style,
            is_sentence(self.text),
            is_closed(self.text),
            _signature(self.text),
            min(len(self.text.split()), 7) if len(self.text) <= _LONG else 0,
        )

    @cached_property
    def own(self) -> Group:
        """Its features."""
        return tuple(self._features())

    @cached_property
    def signs(self) -> Group:
        """Those of its features at which lines beside it look."""
        return tuple(_signs(self.text, _BESIDE)) if len(self.text) <= _LONG else ()

    def _features(self) -> Iterator[str]:
        text, length, end = self.text, self.length, self.end
        yield from (f"len={length}", f"end={end}", f"len,end={length},{end}", f"style={self.style}")
        yield from self.signs
        if len(text) <= _LONG:
            yield from _signs(text, _ALONE)
            yield f"entry={shapes.entry_shape(text)}"
            yield f"label={_label(text)},{min(len(patterns.labels(text)), 2)}"
            yield f"colon at={_colon(text)}"
            yield f"tabs={min(text.count(_TAB), 4)}"
        yield from _counts(text, end)
        yield from clauses(self.look)
        if self.width <= _WORDED:
            yield from map("w={}".format, sorted(shapes.word_kinds(text)))
        indent = columns(self.line.text[: len(self.line.text) - len(self.line.text.lstrip())])
        yield f"indent={bisect_left((0, 1, 3, 4, 8), indent)}"


def _class(character: str) -> str:
    if character in _DIGITS:
        return "d"
    if character in _NUMERALS:
        return "n"
    if is_han(character):
        return "h"
    if character.isascii() and character.isalpha():
        return "l"
    if character in _KEPT:
        return character
    return _SAME_END.get(character) or ("e" if _is_picture(character) else "o")


@lru_cache(1024)
def _is_picture(character: str) -> bool:
    """Whether it is a symbol such as ✔ or 📍."""
    return category(character) == "So"


def _signature(text: str) -> str:
    """The classes of its first signs, each once where it comes again and again."""
    found = ""
    for character in text[:_SIGNATURE]:
        sign = _class(character)
        if found[-1:] != sign:
            found += sign
        if len(found) >= _CLASSES:
            break
    return found


def _end(text: str) -> str:
    bare = text.rstrip(patterns.CLOSING_QUOTES + "'")
    if not bare:
        return "q"
    sign = _SAME_END.get(bare[-1]) or _class(bare[-1])
    return sign if bare == text else "q" + sign


Sign: TypeAlias = tuple[str, Callable[[str], object]]

_BESIDE: tuple[Sign, ...] = (
    ("part", lambda text: shapes.is_part_name(text.rstrip(":："))),
    ("date", lambda text: patterns.DATE.fullmatch(text)),
    ("dated", lambda text: patterns.DATE.search(text)),
    ("name", lambda text: len(text) <= 12 and patterns.is_name(text)),
    ("diary", shapes.is_dated_entry),
    ("chat", shapes.is_chat_head),
    ("chapter", patterns.CHAPTER.match),
    ("counted", shapes.counted),
    ("cells", shapes.cells),
    ("bracketed", shapes.is_bracketed),
    ("work", shapes.is_work),
    ("enclosed", patterns.IN_BRACKETS.fullmatch),
    ("word", shapes.is_word),
    ("bare", shapes.is_bare),
    ("old", shapes.is_old_verse),
    ("verse", patterns.verse_shape),
    ("speaker", shapes.speaker),
    ("greeting", shapes.is_greeting),
    ("number", patterns.NUMBER_ALONE.fullmatch),
    ("dash", patterns.DASHES.match),
    ("form", shapes.is_form_line),
    ("colon", lambda text: ":" in text[:12] or "：" in text[:12]),
    ("tab", lambda text: "\t" in text),
)
"""Signs of a line that those beside it look at too."""
_ALONE: tuple[Sign, ...] = (
    ("label in brackets", patterns.BRACKETED_LABEL.match),
    ("filled in", patterns.FILLED_IN.search),
    ("no little word", shapes.is_old),
    ("clauses", lambda text: len(patterns.verse_shape(text) or ()) > 1),
    ("salutation", shapes.is_salutation),
    ("formula", shapes.is_letter_formula),
    ("posted", patterns.POSTED.fullmatch),
    ("header", patterns.HEADER.fullmatch),
    ("ends dated", patterns.ENDS_DATED.fullmatch),
    ("where", patterns.WHERE.fullmatch),
    ("attribution", patterns.ATTRIBUTION.fullmatch),
    ("reading", shapes.has_reading),
    ("explanation", shapes.is_explanation),
    ("things", shapes.lists_things),
    ("division", shapes.is_division),
    ("caption", patterns.CAPTION.match),
    ("names work", lambda text: "《" in text),
    ("site", lambda text: "www" in text or "http" in text or ".com" in text),
    ("year", lambda text: "年" in text and ("19" in text or "20" in text)),
    ("time", lambda text: ":" in text and any(map(str.isdigit, text))),
    ("made", patterns.MADE.fullmatch),
    ("brought", patterns.BROUGHT.fullmatch),
    ("dynasty", patterns.has_dynasty),
    ("question", lambda text: text[-1] in "？?"),
)


def _signs(text: str, signs: Iterable[Sign]) -> Iterator[str]:
    return (name for name, has in signs if has(text))


def _colon(text: str) -> int:
    """Where the first colon stands, in a few classes."""
    found = patterns.COLON.search(text)
    return bisect_left((0, 2, 4, 8, 12), found.start()) if found else -1


def _label(text: str) -> str:
    label = patterns.label(text)
    kinds = (("A", patterns.AUTHOR), ("D", patterns.DATED), ("S", patterns.SONG))
    return next((kind for kind, names in kinds if label in names), "o" if label else "-")


def _counts(text: str, end: str) -> Iterator[str]:
    begin = text[:_BEGIN]
    size = len(begin)
    first = _class(text[0])
    yield f"first={first}"
    yield f"first,end={first},{end}"
    commas, stops, spaces, han, latin, digits, little = (len(found(begin)) for found in _COUNTED)
    yield f"commas={bisect_left((0, 1, 3), commas - (end == ','))}"
    yield f"stops={bisect_left((0, 1), stops - (end in '.!?'))}"
    yield f"spaces={bisect_left((0, 1, 2, 4), spaces)}"
    yield f"han={bisect_left((0, 0.3, 0.6, 0.8, 0.95, 0.999), han / size)}"
    yield f"latin={bisect_left((0, 0.2, 0.5), latin / size)}"
    yield f"digits={bisect_left((0, 0.1, 0.3, 0.6), digits / size)}"
    yield f"little={min(2, little)}"


# What a text is like as a whole.


def opening(text: str) -> str:
    """What a line begins with, so that others like it are found: its first two characters, or
    the classes of its first signs.

    >>> opening("Q1：几点开门？"), opening("Q12：在哪里？"), opening("亮点推荐")
    ('ld:', 'ld:', '亮点')
    """
    first = _class(text[0])
    if first == "h":
        return text[:2]
    signs = ""
    for character in text[:6]:
        sign = _class(character)
        if sign == "h":
            break
        signs += "" if signs[-1:] == sign else sign
    return signs[:3]


def text_shape(lines: Sequence[Line], facts: TextFacts) -> TextShape | None:
    """What a text is like that begins with these lines; None for one that is hardly Chinese."""
    texts = [line.text.strip() for line in lines[:SAMPLE]]
    whole = "".join(texts)
    if sum(map(is_han, whole)) < _HAN * len(whole):
        return None
    widths = list(map(columns, texts))
    short = Counter(text for text, width in zip(texts, widths, strict=True) if width <= _VERY_SHORT)
    widths.sort()
    middle = bisect_left(WIDTHS, widths[len(widths) // 2])
    features = _shares(lines[:SAMPLE], texts, facts, widths, middle)
    again = frozenset(text for text, times in short.items() if times > 1)
    return TextShape(
        tuple(features),
        _openings(texts),
        again,
        Counter(map(_signature, texts)),
        pairs_again(texts),
        middle,
    )


def _shares(
    lines: Sequence[Line],
    texts: Sequence[str],
    facts: TextFacts,
    widths: Sequence[int],
    middle: int,
) -> list[str]:
    """How many lines are short, whole sentences, items, and what the beginning shows."""
    size = len(texts)
    features = [
        f"spaced={facts.spaced:d}",
        f"gapped={_share(sum(line.gap for line in lines), size)}",
        f"lines={bisect_left((4, 8, 12, 20, 40), size)}",
        f"short={_share(bisect_left(widths, _SHORT + 1), size)}",
        f"very short={_share(bisect_left(widths, _VERY_SHORT + 1), size)}",
        f"closed={_share(sum(map(is_closed, texts)), size)}",
        f"sentences={_share(sum(map(is_sentence, texts)), size)}",
        f"spoken={_share(sum(map(is_speech, texts)), size)}",
        f"middle={middle}",
        f"listed={_share(sum(patterns.list_style(text) is not None for text in texts), size)}",
        f"tabbed={_share(sum(_TAB in text for text in texts), size)}",
        f"repeated={_share(size - len(set(texts)), size)}",
    ]
    features += [f"form={name}" for name, value in facts.forms._asdict().items() if value]
    return features


def _share(part: int, whole: int) -> int:
    return bisect_left(_SHARES, part / whole)


def _openings(texts: Sequence[str]) -> dict[str, str]:
    """Of each beginning that comes again: whether such lines stand together or over others."""
    counts: Counter[str] = Counter()
    lone: Counter[str] = Counter()
    longer: Counter[str] = Counter()
    for text, after in pairwise([*texts, " "]):
        sign = opening(text)
        counts[sign] += 1
        lone[sign] += opening(after) != sign
        longer[sign] += columns(after) > 1.5 * columns(text)
    return {
        sign: f"{min(count, 4)}{'lone' if lone[sign] > 0.7 * count else 'run'}"
        f"{'-over' if longer[sign] > 0.7 * count else ''}"
        for sign, count in counts.items()
        if count > 1
    }


# A line with what is around it.


class Place(NamedTuple):
    """A line, and the rules' answer for it."""

    shape: Shape
    kind: str
    """With its level, if it is a heading."""
    rule: str


_MANY = 9


class Past(NamedTuple):
    """What of all the lines before is remembered."""

    number: int = 0
    run: int = 0
    """Short lines right before."""
    since: int = _MANY
    """Lines since the last heading."""
    headings: int = 0
    titled: bool = False
    styles: tuple[str, ...] = ()
    """How headings were numbered, in the order in which they came."""
    plain: bool = False
    """Whether a heading had no number."""
    under: bool = False
    """Whether the last one had."""
    joined: int = 0
    """Lines since the last blank one."""

    def after(self, place: Place) -> Past:
        heading = place.kind.startswith("heading")
        short = place.shape.width <= _SHORT
        joined = 1 if place.shape.gap else min(self.joined + 1, _MANY)
        if not (short or heading or self.run) and self.number == self.since == _MANY:
            return self if joined == self.joined else self._replace(joined=joined)
        return Past(
            min(self.number + 1, _MANY),
            min(self.run + 1, _MANY) if short else 0,
            0 if heading else min(self.since + 1, _MANY),
            min(self.headings + heading, _MANY),
            self.titled or place.kind == "title",
            *(self._numbered(place.shape.style) if heading else self[5:8]),
            joined,
        )

    def _numbered(self, style: str) -> tuple[tuple[str, ...], bool, bool]:
        """How headings are numbered if there is one more."""
        if style == "-":
            return self.styles, True, False
        return (self.styles if style in self.styles else (*self.styles, style)), self.plain, True

    def level(self, shape: Shape, text: TextShape) -> str:
        """Where it would stand among the headings before it, if it were one."""
        style = shape.style
        many = shapes.counted(shape.text)
        if many and len(many) > 1:
            return "decimal-under" if self.styles else "decimal"
        if style in self.styles:
            return f"old{min(self.styles.index(style), 2)}"
        if style != "-":
            return f"new{min(len(self.styles), 2)}"
        if patterns.CHAPTER.match(shape.text):
            return "chapter"
        again = "again" if shape.text in text.again else "plain"
        return again + "-num" * bool(self.styles) + "-plain" * self.plain + "-under" * self.under


def features_of(
    before: Sequence[Place], place: Place, after: Sequence[Place], past: Past, text: TextShape
) -> list[Group]:
    """The features of a line, in groups. `before` and `after` are the lines next to it, nearest
    first; there are fewer only where the text begins or ends."""
    shape = place.shape
    coarse = _COARSE[shape.length]
    gaps = f"{shape.gap:d}{after[0].shape.gap:d}" if after else f"{shape.gap:d}$"
    around = f"{before[0].kind if before else '^'}|{after[0].kind if after else '$'}"
    groups = [
        shape.own,
        _where(shape.length, shape.end, gaps, min(past.number, 4), min(len(after), 2)),
        _with_text(text.features, coarse),
        (f"rule={place.rule}", f"around={around}"),
        _signed(shape.signs, gaps),
        _past(past, shape, coarse, after),
    ]
    opened = text.openings.get(opening(shape.text), "-")
    again = shape.text in text.again
    groups.append((f"opened={opened}", f"opened,len={opened},{coarse}", f"again={again:d}"))
    groups.append(_likeness(before, shape, after, past, text))
    for distance, beside in (
        *enumerate(before[:_NEAR], 1),
        *((-n, one) for n, one in enumerate(after, 1)),
    ):
        other = beside.shape
        signs = other.signs if abs(distance) == 1 else ()
        groups.append(
            _beside(
                distance,
                (beside.kind, other.length, other.end, other.style),
                signs,
                (coarse, shape.end, shape.style),
            )
        )
    if len(before) < _NEAR:
        groups.append((f"^{len(before)}",))
    if len(after) < AHEAD:
        groups.append((f"${len(after)}",))
    if before:
        groups.append(_relation("<", *_compared(before[0].shape, shape)))
    if after:
        groups.append(_relation(">", *_compared(shape, after[0].shape)))
    return groups


def _likeness(
    before: Sequence[Place], shape: Shape, after: Sequence[Place], past: Past, text: TextShape
) -> Group:
    """How it is like the lines around it and the text, and where it stands among those that no
    blank line parts."""
    above = [place.shape.look for place in before]
    below = [place.shape.look for place in after]
    ahead = next((n for n, place in enumerate(after) if place.shape.gap), len(after))
    joined = 0 if shape.gap else min(past.joined, 3)
    look = shape.look
    level = (f"level={past.level(shape, text)}",) if look.width <= _HEADING else ()
    return (
        *window(above, look, below, text.middle),
        *runs_alike(above, look, below, text),
        *cells_alike(above, look, below),
        *comes_again(above, look, below, text),
        *recurrence(look, text, min(past.number, 4)),
        f"group={joined},{ahead}",
        f"group,len={joined},{ahead},{look.coarse}",
        f"group,end={joined},{ahead},{look.end}",
        *level,
    )


@lru_cache(4096)
def _where(length: int, end: str, gaps: str, position: int, left: int) -> Group:
    return (
        f"gaps={gaps}",
        f"len,end,gaps={length},{end},{gaps}",
        f"at={position}",
        f"at,len={position},{length}",
        f"at,end={position},{end}",
        f"at,gaps={position},{gaps}",
        f"left={left}",
        f"left,len={left},{length}",
    )


@lru_cache(512)
def _with_text(features: Group, coarse: str) -> Group:
    return (*features, *(f"{feature},len={coarse}" for feature in features))


@lru_cache(2048)
def _signed(signs: Group, gaps: str) -> Group:
    return tuple(f"{sign},{gaps}" for sign in signs)


def _past(past: Past, shape: Shape, coarse: str, after: Sequence[Place]) -> Group:
    ahead = 0
    for beside in after:
        if beside.shape.width > _SHORT:
            break
        ahead += 1
    run = min(past.run, 4)
    style = shape.style != "-" and ("old" if shape.style in past.styles else "new")
    return (
        f"run={run},{ahead}",
        f"run,short={run + ahead},{shape.width <= _SHORT:d}",
        f"since={min(past.since, 3)}",
        f"since,len={min(past.since, 3)},{coarse}",
        f"headings={min(past.headings, 2)}",
        f"titled={past.titled:d},{min(past.number, 3)}",
        f"numbered={style}",
    )


@lru_cache(8192)
def _beside(
    distance: int, other: tuple[str, int, str, str], signs: Group, own: tuple[str, str, str]
) -> Group:
    kind, length, end, style = other
    return (
        f"{distance}kind={kind}",
        f"{distance}len={length}",
        f"{distance}len,len={length},{own[0]}",
        f"{distance}end={end}",
        f"{distance}end,end={end},{own[1]}",
        f"{distance}style={style}",
        f"{distance}style,style={style},{own[2]}",
        *(f"{distance}{sign}" for sign in signs),
    )


def _compared(one: Shape, other: Shape) -> tuple[str, int, str, bool, bool, bool]:
    """How a line and the one after it are alike."""
    if one.style == "-" or other.style == "-":
        style = "0"
    else:
        style = "=" if one.style == other.style else "!"
    longer = max(-3, min(3, one.length - other.length))
    near = abs(one.width - other.width)
    width = "same" if near == 0 else "near" if near <= 4 else "far"
    verse = near == 0 and "verse" in one.signs and "verse" in other.signs
    begin = one.text[:2] == other.text[:2]
    return style, longer, width, one.end == other.end, begin, verse


@lru_cache(2048)
def _relation(
    side: str, style: str, longer: int, width: str, end: bool, begin: bool, verse: bool
) -> Group:
    return (
        f"{side}style{style}",
        f"{side}longer={longer}",
        f"{side}{width}",
        f"{side}end={end:d}",
        f"{side}begin={begin:d}",
        f"{side}verse={verse:d}",
    )
