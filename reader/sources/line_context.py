"""A line of an unmarked text with what is around it: all that the rules for its kind look at.

What the first lines show of how the text is written (chat, poem, letter, recipe, exercises) is part
of it: a rule sees but a few lines, and that 一、 numbers headings, or that short lines are verse,
is seen by all of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, TypeVar

import reader.sources.line_patterns as patterns
import reader.sources.line_shapes as shapes
from reader.model import Block, BlockKind
from reader.scripts import is_han
from reader.sources.line_patterns import columns, is_closed, is_sentence, is_speech

__all__ = [
    "HEAD",
    "HEADING",
    "LONGEST_VERSE",
    "NAME",
    "SHORT_VERSE",
    "Line",
    "LineContext",
    "Look",
    "Seen",
    "TextFacts",
    "TextForms",
    "TextShape",
    "cells_alike",
    "clauses",
    "comes_again",
    "forms_of",
    "is_prose",
    "pairs_again",
    "recurrence",
    "runs_alike",
    "window",
    "with_following",
]

# Columns, a Chinese character being two.
HEADING, NAME = 60, 24
LONGEST_VERSE = 44
SHORT_VERSE = 36
"""Of a line between blank ones."""
HEAD = frozenset({BlockKind.TITLE, BlockKind.SUBTITLE, BlockKind.BYLINE})
"""Kinds of the blocks over a text."""
_MOST_NAMES = 1_000


class Line(NamedTuple):
    """A line that is not blank."""

    text: str
    gap: bool
    """Whether a blank line, or the beginning, stands before it."""


class TextForms(NamedTuple):
    """How a text is written, as its first lines show it."""

    chat: frozenset[str] | None = None
    """Of a chat: the lines that are a name alone. None for what is no chat."""
    speakers: frozenset[str] = frozenset()
    """Who speaks again and again in lines of dialogue."""
    heading_styles: frozenset[str] = frozenset()
    """The styles of lists in which headings are numbered, since each has text under it."""
    bracketed: bool = False
    """Whether headings stand in 【】."""
    works: bool = False
    """Whether lines are the name of a work, 《》, again and again: each over its text."""
    divided: bool = False
    """Whether it has several lessons or units (第一单元)."""
    verse: bool = False
    """Whether it is a poem, or several, as a whole."""
    letter: bool = False
    recipe: bool = False
    tune: bool = False
    """Whether a ci poem is named, whose lines are of many lengths."""


class TextShape(NamedTuple):
    """What is weighed of a text as a whole, where kinds are weighed: see `line_features.py`."""

    features: tuple[str, ...]
    openings: dict[str, str]
    """Of beginnings of lines that come again, how."""
    again: frozenset[str]
    """Short lines that come again."""
    signatures: dict[str, int]
    """How many lines begin with these classes of signs."""
    pairs: dict[str, int]
    """Two characters that come again together, and how often."""
    middle: int
    """The class of lengths of most lines."""


class TextFacts(NamedTuple):
    """What is known of the whole text before its blocks are recognised."""

    lines: int = 0
    gaps: int = 0
    chapters: int = 0
    """Headings such as 第一章."""
    marked_chapters: int = 0
    """Lines of light markup that begin with a single `#`."""
    forms: TextForms = TextForms()
    shape: TextShape | None = None
    """None where the rules' answers are final, as for a text that is hardly Chinese."""

    @property
    def spaced(self) -> bool:
        """Whether blank lines, not line ends, part the paragraphs."""
        return self.gaps > 0.4 * self.lines


@dataclass(slots=True)
class Seen:
    """What of all the blocks before a line is remembered."""

    headings: set[str] = field(default_factory=set)
    """The styles of lists in which headings are numbered."""
    inner: set[str] = field(default_factory=set)
    """Those of them that number headings under headings without a number."""
    bylines: set[str] = field(default_factory=set)
    """Names that stand alone, such as a poet's."""
    items: set[str] = field(default_factory=set)
    """The styles of lists of which an item was a sentence."""
    verse: bool = False
    lines: set[str] = field(default_factory=set)
    """Lines of verse, which an explanation may take one by one."""
    chapter: bool = False
    """Whether a heading was one of a chapter."""

    def add(self, block: Block) -> None:
        text = block.text.strip()
        self.verse = self.verse or block.kind is BlockKind.VERSE
        kept = {BlockKind.VERSE: self.lines, BlockKind.BYLINE: self.bylines}.get(block.kind)
        if kept is not None and len(kept) < _MOST_NAMES:
            kept.add(text)
        if block.kind is BlockKind.HEADING:
            style = patterns.list_style(text)
            self.headings |= {style} if style else set()
            self.chapter = self.chapter or patterns.CHAPTER.match(text) is not None
        elif block.kind is BlockKind.LIST_ITEM and is_sentence(text):
            style = patterns.list_style(text)
            self.items |= {style} if style else set()


@dataclass(slots=True)
class LineContext:
    """A line with what is around it: all that a rule may look at."""

    line: Line
    text: str
    """The line without the white space around it."""
    following: tuple[Line, ...]
    facts: TextFacts
    before: tuple[Block, ...]
    """The last blocks, the latest first; empty at the beginning."""
    in_head: bool
    """Nothing but title and bylines stand before it."""
    seen: Seen
    width: int = field(init=False)

    def __post_init__(self) -> None:
        self.width = columns(self.text)

    @property
    def forms(self) -> TextForms:
        return self.facts.forms

    @property
    def previous(self) -> BlockKind | None:
        return self.before[0].kind if self.before else None

    @property
    def previous_text(self) -> str:
        return self.before[0].text.strip() if self.before else ""

    @property
    def next(self) -> str:
        return self.following[0].text.strip() if self.following else ""

    @property
    def after_next(self) -> str:
        return self.following[1].text.strip() if len(self.following) > 1 else ""

    @property
    def is_alone(self) -> bool:
        """Whether it stands between blank lines, with something after it."""
        return self.line.gap and bool(self.following) and self.following[0].gap

    def texts(self) -> Iterator[str]:
        """The lines after it."""
        return (line.text.strip() for line in self.following)


Item = TypeVar("Item")


def with_following(items: Iterable[Item], many: int) -> Iterator[tuple[Item, Sequence[Item]]]:
    """Each item and the `many` after it, which change as the next is taken."""
    window: deque[Item] = deque()
    for item in items:
        window.append(item)
        if len(window) > many:
            yield window.popleft(), window
    while window:
        yield window.popleft(), window


def is_prose(text: str) -> bool:
    """Whether a line reads as a paragraph does: it ends as one, is long, or someone speaks."""
    filled = text[-1] not in "_＿"  # a blank of a form
    return is_closed(text) or not filled or columns(text) > 2 * HEADING or is_speech(text)


# How a text is written.

_ANY_LENGTH = ("numerals", "bracketed numerals", "stems")
_NEVER = ("bullet", "letters", "boxed digits", "square digits")
"""Styles that number no headings."""
_LONE = 0.7
_HEAD_LINES = 3
_ALONE = 6
"""Lines of a poem between blank ones, at least."""
_LONG = 40  # columns
_LETTER = 20  # lines in which it says whom it is for


def forms_of(lines: Sequence[Line]) -> TextForms:
    """How a text is written that begins with these lines."""
    texts = [line.text.strip() for line in lines]
    chat, speakers = shapes.chat_names(texts), shapes.speakers(texts)
    letter = any(map(shapes.is_salutation, texts[:_LETTER]))
    listed = _is_recipe(texts)
    return _forms(lines, texts, chat, speakers, letter=letter, listed=listed)


def _forms(
    lines: Sequence[Line],
    texts: Sequence[str],
    chat: frozenset[str] | None,
    speakers: frozenset[str],
    *,
    letter: bool,
    listed: bool,
) -> TextForms:
    return TextForms(
        chat,
        speakers,
        frozenset(_heading_styles(texts)),
        bracketed=sum(map(shapes.is_bracketed, texts)) > 1 and not speakers,
        works=sum(map(shapes.is_work, texts)) > 1,
        divided=sum(map(shapes.is_division, texts)) > 1,
        verse=chat is None and not (speakers or letter or listed) and _is_poem(lines),
        letter=letter,
        recipe=listed,
        tune=any(map(shapes.names_tune, texts)),
    )


def _is_recipe(texts: Sequence[str]) -> bool:
    """Whether lines have amounts, or one names the part that lists what one needs."""
    amounts = sum(shapes.entry_shape(text) == "amount" for text in texts if len(text) < _LONG)
    return amounts > 1 or any(map(shapes.lists_things, texts))


def _heading_styles(texts: Sequence[str]) -> Iterator[str]:
    """Styles whose items are short and have something else under each."""
    items: Counter[str] = Counter()
    lone: Counter[str] = Counter()
    for text, after in pairwise(texts):
        style = patterns.list_style(text)
        if style is None or style in _NEVER:
            continue
        items[style] += 1
        lone[style] += patterns.list_style(after) != style and _may_be_heading(text, style)
    for style, count in items.items():
        if count > 1 and lone[style] >= _LONE * count:
            yield style


def _may_be_heading(text: str, style: str) -> bool:
    if columns(text) > HEADING or shapes.has_reading(text):
        return False
    closed = is_closed(text) and text[-1] not in ":："
    return style in _ANY_LENGTH or not (closed or is_speech(text))


def _is_poem(lines: Sequence[Line]) -> bool:
    """Whether nearly all lines are short and few are whole sentences, in stanzas."""
    body = lines[_HEAD_LINES:] if len(lines) > 2 * _HEAD_LINES else lines
    texts = [line.text.strip() for line in body]
    stanzas = sum(not line.gap for line in body) >= 0.4 * len(body)
    if len(texts) < (4 if stanzas else _ALONE):
        return False
    # Where each line stands alone, paragraphs of a line are as likely: the lines are shorter.
    longest = LONGEST_VERSE if stanzas else SHORT_VERSE
    return _are_verse(texts, longest)


def _are_verse(texts: Sequence[str], longest: int) -> bool:
    short = sum(columns(text) <= longest for text in texts)
    whole = sum(map(is_sentence, texts))
    marked = sum(map(shapes.is_marked_out, texts))
    said = sum(map(is_speech, texts))
    words = sum(map(shapes.is_word, texts))
    return (
        2 * words < len(texts)
        and short >= 0.9 * len(texts)
        and whole <= 0.35 * len(texts)
        and marked <= 0.05 * len(texts)
        and said <= 0.2 * len(texts)
    )


# How a line is like those around it, and those of its text that look the same: features, codes as
# in `line_features.py`.

WIDTHS = (4, 8, 12, 16, 20, 24, 30, 36, 44, 60, 90, 160)
"""Columns of a line, where one class of lengths ends."""
_DEVIATIONS = (2, 4, 8, 16, 40)
_TIMES = (2, 3, 5, 9)
_SHARES = (0.01, 0.2, 0.4, 0.6, 0.8, 0.99)
_READ = 200
"""Characters of a line in which its pairs of characters are counted."""
_LONGEST = 120
_MODERN = frozenset("的了着著們们這这那吗嗎呢吧就")
_CLAUSES = re.compile(r"[，。！？；、,!?;\s：:]+")


class Look(NamedTuple):
    """What is compared of a line."""

    text: str
    width: int
    length: int
    """Its class of lengths."""
    coarse: str
    end: str
    style: str
    sentence: bool
    closed: bool
    signature: str
    """Classes of its first signs."""
    parts: int
    """How many parts spaces make of it."""


def window(before: Sequence[Look], line: Look, after: Sequence[Look], middle: int) -> list[str]:
    """How long the lines around it are, and how many are whole sentences; `middle` is the class of
    lengths of most lines of the text."""
    beside = [*before, *after]
    relative = max(-4, min(4, line.length - middle))
    features = [f"than middle={relative}", f"than middle,end={relative},{line.end}"]
    if not beside:
        return features
    widths = [one.width for one in beside]
    mean = sum(widths) / len(widths)
    deviation = bisect_left(_DEVIATIONS, _deviation(widths, mean))
    sentences = line.sentence + sum(one.sentence for one in beside)
    closed = sum(one.closed for one in beside)
    return [
        *features,
        f"mean={bisect_left(WIDTHS, mean)}",
        f"widest={bisect_left(WIDTHS, max(widths))},{line.length}",
        f"narrowest={bisect_left(WIDTHS, min(widths))},{line.length}",
        f"even={deviation}",
        f"even,len={deviation},{line.coarse}",
        f"around sentences={sentences},{len(beside)}",
        f"around closed={closed},{line.end}",
    ]


def _deviation(widths: Sequence[int], mean: float) -> float:
    return float((sum((width - mean) ** 2 for width in widths) / len(widths)) ** 0.5)


def clauses(line: Look) -> list[str]:
    """How many clauses it has and how long they are, and whether its words are modern."""
    text = line.text[:_LONGEST]
    lengths = [len(clause) for clause in _CLAUSES.split(text) if clause]
    if not lengths:
        return []
    most, many = max(lengths), min(len(lengths), 5)
    modern = sum(map(_MODERN.__contains__, text))
    shape = f"{many},{bisect_left((4, 5, 7, 9, 12, 20), most)}"
    span = bisect_left((1, 2, 3), most - min(lengths))
    share = bisect_left((0.001, 0.03, 0.06, 0.1), modern / len(text))
    return [
        f"clauses={shape}",
        f"clauses,old={shape},{min(modern, 2)}",
        f"clauses,span={span},{many}",
        f"modern={share},{line.coarse}",
    ]


def _pairs(text: str) -> Iterator[str]:
    """Two Chinese characters each that stand together."""
    han = list(map(is_han, text))
    return (text[n : n + 2] for n in range(len(text) - 1) if han[n] and han[n + 1])


def pairs_again(texts: Iterable[str]) -> dict[str, int]:
    """The pairs of characters that lines of a text have more than once, and how often."""
    counts = Counter(pair for text in texts for pair in _pairs(text[:_READ]))
    return {pair: times for pair, times in counts.items() if times > 1}


def recurrence(line: Look, text: TextShape, place: int) -> list[str]:
    """How many of its pairs of characters the text has elsewhere: of a title most, of a poem's line
    few."""
    if line.width > _LONGEST:
        return []
    pairs = set(_pairs(line.text))
    if not pairs:
        return ["recurs=-"]
    times = [text.pairs.get(pair, 1) for pair in pairs]
    share = bisect_left(_SHARES, sum(time > 1 for time in times) / len(times))
    most = bisect_left(_TIMES, max(times))
    return [
        f"recurs={share}",
        f"recurs,len={share},{line.coarse}",
        f"recurs,at={share},{place}",
        f"most={most}",
        f"most,at={most},{place}",
    ]


def runs_alike(
    before: Sequence[Look], line: Look, after: Sequence[Look], text: TextShape
) -> list[str]:
    """How many lines of the text begin with the same classes of signs, and how many right here."""
    alike = _beginning(line.signature.__eq__, before), _beginning(line.signature.__eq__, after)
    many = bisect_left(_TIMES, text.signatures.get(line.signature, 1))
    numbered = line.style != "-"
    both = sum(alike)
    return [
        f"alike={many}",
        f"alike,len={many},{line.coarse}",
        f"alike,numbered={many},{numbered:d}",
        f"alike run={alike[1]},{alike[0]}",
        f"alike run,style={both},{line.style}",
        f"alike run,len={both},{line.coarse}",
        *(f"alike{n}" for n, one in enumerate(before, 1) if one.signature == line.signature),
        *(f"alike-{n}" for n, one in enumerate(after, 1) if one.signature == line.signature),
    ]


def cells_alike(before: Sequence[Look], line: Look, after: Sequence[Look]) -> list[str]:
    """How many parts a line has, and whether those beside it have as many, as rows of tables do."""
    beside = [one.parts == line.parts for one in (*before[:2], *after[:2])]
    alike = sum(beside) if line.parts > 1 else 0
    first = bool(before) and before[0].parts == line.parts
    return [
        f"parts={line.parts}",
        f"parts,alike={line.parts},{alike}",
        f"parts,first={line.parts},{first:d}",
    ]


def comes_again(
    before: Sequence[Look], line: Look, after: Sequence[Look], text: TextShape
) -> list[str]:
    """Whether the lines beside it come again in the text, as the names in a chat do."""
    own = line.text in text.again
    above = "".join(f"{one.text in text.again:d}" for one in before[:2])
    below = "".join(f"{one.text in text.again:d}" for one in after[:2])
    return [
        f"agains={above},{own:d},{below}",
        f"again above={above[:1]}",
        f"again below={below[:1]}",
    ]


def _beginning(alike: Callable[[str], bool], lines: Iterable[Look]) -> int:
    """How many of the lines, from the first on, are alike."""
    found = 0
    for line in lines:
        if not alike(line.signature):
            break
        found += 1
    return found
