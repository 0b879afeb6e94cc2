"""A line of an unmarked text with what is around it: all that the rules for its kind look at.

What the first lines show of how the text is written (chat, poem, letter, recipe, exercises) is part
of it: a rule sees but a few lines, and that 一、 numbers headings, or that short lines are verse,
is seen by all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import reader.sources.line_patterns as patterns
import reader.sources.line_shapes as shapes
from reader.model import Block, BlockKind
from reader.sources.line_patterns import columns, is_closed, is_sentence, is_speech

__all__ = [
    "HEAD",
    "HEADING",
    "LONGEST_VERSE",
    "NAME",
    "SHORT_VERSE",
    "Line",
    "LineContext",
    "Seen",
    "TextFacts",
    "TextForms",
    "TextShape",
    "forms_of",
    "is_prose",
]

# Columns, a Chinese character being two.
HEADING, NAME = 60, 24
LONGEST_VERSE = 44
SHORT_VERSE = 36
"""Of a line between blank ones."""
HEAD = frozenset({BlockKind.TITLE, BlockKind.SUBTITLE, BlockKind.BYLINE})
"""Kinds of the blocks over a text."""
_MOST_NAMES = 1_000
_PART_WIDTH = 40


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
    labelled: bool = False
    """Whether paragraphs begin with what they are about in 【】."""
    works: bool = False
    """Whether lines are the name of a work, 《》, again and again: each over its text."""
    divided: bool = False
    """Whether it has several lessons or units (第一单元)."""
    verse: bool = False
    """Whether it is a poem, or several, as a whole."""
    several: bool = False
    """Whether it says that it is several poems (诗三首)."""
    letter: bool = False
    recipe: bool = False
    questions: bool = False
    """Whether headings are questions."""
    labels: frozenset[str] = frozenset()
    """Short lines that come again and again, each over something else: 地址, 开放时间."""
    over_labels: frozenset[str] = frozenset()
    """Lines over the first of these, each time."""
    tune: bool = False
    """Whether a ci poem is named, whose lines are of many lengths."""


class TextShape(NamedTuple):
    """What is weighed of a text as a whole, where kinds are weighed: see `line_features.py`."""

    features: tuple[str, ...]
    openings: dict[str, str]
    """Of beginnings of lines that come again, how."""


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
    section: str = ""
    """The last heading, if it is short."""
    explains: bool = False
    """Whether that is over explanations of words."""
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
            self.section = text if columns(text) <= _PART_WIDTH else ""
            self.explains = shapes.explains_words(self.section)
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
    forms = _forms(lines, texts, chat, speakers, letter=letter, listed=listed)
    if forms.verse or chat is not None or speakers:
        return forms
    labels = frozenset(_labels(texts))
    return forms._replace(labels=labels, over_labels=frozenset(_over(texts, labels)))


def _labels(texts: Sequence[str]) -> Iterator[str]:
    """Short lines that come again, never with another such before them."""
    counts = Counter(text for text in texts if _may_be_label(text))
    again = {text for text, times in counts.items() if times > 1}
    values = {after for text, after in pairwise(texts) if text in again}
    found = again - values
    prose = any(
        text in found and is_sentence(after) and columns(after) > LONGEST_VERSE
        for text, after in pairwise(texts)
    )
    if prose and len(found) > 1:
        yield from found


def _may_be_label(text: str) -> bool:
    short = columns(text) <= NAME and not is_closed(text) and not shapes.is_marked_out(text)
    other = patterns.is_name(text) or shapes.is_bracketed(text)
    return short and not other and patterns.TWO_LETTERS.search(text) is not None


def _over(texts: Sequence[str], labels: frozenset[str]) -> Iterator[str]:
    """Lines that stand over the label which comes first."""
    first = next((text for text in texts if text in labels), None)
    for text, after in pairwise(texts):
        if after == first and _may_be_name(text) and text not in labels:
            yield text


def _may_be_name(text: str) -> bool:
    if columns(text) > HEADING or is_closed(text):
        return False
    return patterns.list_style(text) in _ANY_LENGTH or not shapes.is_marked_out(text)


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
        labelled=sum(patterns.BRACKETED_LABEL.match(text) is not None for text in texts) > 1,
        works=sum(map(shapes.is_work, texts)) > 1,
        divided=sum(map(shapes.is_division, texts)) > 1,
        verse=chat is None and not (speakers or letter or listed) and _is_poem(lines),
        several=any(map(shapes.is_over_poems, texts[:_HEAD_LINES])),
        letter=letter,
        recipe=listed,
        questions=not (speakers or letter) and _has_questions(texts),
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


def _has_questions(texts: Sequence[str]) -> bool:
    """Whether headings are questions: several, or the only one there is."""
    over = sum(_questions(texts))
    asked = sum(text[-1] in "？?" for text in texts)
    return over > 1 or (over == 1 and asked == 1)


def _questions(texts: Sequence[str]) -> Iterator[bool]:
    """Of each line, whether it is a question over a paragraph that answers it."""
    for text, after in pairwise(texts):
        one = text[-1] in "？?" and not any(mark in text[:-1] for mark in "？?。！")
        question = one and columns(text) <= LONGEST_VERSE and not is_speech(text)
        answer = columns(after) > _LONG and after[-1] not in "？?" and not is_speech(after)
        yield question and answer and patterns.list_style(text) is None
