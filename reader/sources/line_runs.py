"""Lines that are what they are by those beside them: verse, entries of lists, rows of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

import reader.sources.line_patterns as patterns
import reader.sources.line_shapes as shapes
from reader.model import BlockKind
from reader.scripts import has_han
from reader.sources.line_context import (
    LONGEST_VERSE,
    NAME,
    Line,
    LineContext,
)
from reader.sources.line_patterns import columns, is_closed, is_sentence, is_speech
from reader.sources.line_shapes import ENTRY_WIDTH

__all__ = [
    "entry",
    "is_name",
    "is_poem_in_a_line",
    "is_poet",
    "is_verse",
    "list_follows",
    "list_item",
    "names_author",
    "row",
    "same_list",
    "verse",
]

_PEN_NAME = 8  # columns
_WHOLE_POEM = 4
"""Clauses of one length that are verse in one line."""
_STANZA = 4  # lines
_WISHES = 4  # characters of a clause


def verse(context: LineContext) -> BlockKind | None:
    return BlockKind.VERSE if is_verse(context) else None


def is_verse(context: LineContext) -> bool:
    """Regular lines (clauses of 4 to 7 characters, again and again), or a run of short ones."""
    if _is_all_of_a_poem(context):
        return True
    if context.width > LONGEST_VERSE:
        return False
    if patterns.IN_BRACKETS.fullmatch(context.text):
        return False
    if context.forms.verse and context.before and not shapes.is_marked_out(context.text):
        return True
    if is_speech(context.text):
        return False
    return any(rule(context) for rule in _VERSE)


def _is_all_of_a_poem(context: LineContext) -> bool:
    """Whether a line has a poem in it, half of one, or what was a line of one before."""
    tuned = context.forms.tune and shapes.is_tuned(context.text)
    return tuned or is_poem_in_a_line(context.text) or context.text in context.seen.lines


def is_poem_in_a_line(text: str) -> bool:
    """Four clauses of 5 or 7 characters, in the old language."""
    shape = patterns.verse_shape(text) or ()
    return len(shape) >= _WHOLE_POEM and shape[0] in (5, 7) and shapes.is_old(text)


def _is_regular(context: LineContext) -> bool:
    shape = patterns.verse_shape(context.text)
    # 一帆风顺，万事如意 is what letters wish.
    if shape is None or (context.forms.letter and shape[0] == _WISHES):
        return False
    if context.previous is BlockKind.VERSE:
        return patterns.verse_shape(context.previous_text) == shape
    same = takewhile(lambda text: patterns.verse_shape(text) == shape, context.texts())
    return len(shape) * (1 + sum(1 for _ in same)) >= 4


def _is_old(context: LineContext) -> bool:
    """Three lines and more of short clauses in the old language, of whatever lengths."""
    if not shapes.is_old_verse(context.text):
        return False
    run = takewhile(lambda line: not line.gap, context.following)
    count = 1 + sum(1 for _ in takewhile(lambda line: shapes.is_old_verse(line.text.strip()), run))
    before = context.previous is BlockKind.VERSE and shapes.is_old_verse(context.previous_text)
    return count >= 3 or before


def _is_free(context: LineContext) -> bool:
    """Four short lines without blank ones between, at most half of them whole sentences."""
    if context.forms.letter or context.forms.recipe:
        return False
    if context.text[-1] in ":：":
        return False
    if context.previous is BlockKind.VERSE and _goes_on(context):
        ends = not context.following or context.following[0].gap
        return not _is_marked(context.text) and (ends or columns(context.next) <= LONGEST_VERSE)
    return _begins(context)


def _begins(context: LineContext) -> bool:
    """Whether a run of short lines begins."""
    run = [context.text, *_run(context)]
    whole = sum(map(is_sentence, run))
    # A poem of a collection may begin with a shorter stanza.
    again = context.seen.verse and context.previous is BlockKind.BYLINE
    enough = len(run) >= (2 if again else 4) and 2 * whole <= len(run)
    return enough and not any(map(_is_marked, run))


def _goes_on(context: LineContext) -> bool:
    """Whether a line may be of the verse before it: of its stanza, or the first of another."""
    return not context.line.gap or not is_sentence(context.text) or _is_stanza(context)


def _is_marked(text: str) -> bool:
    return shapes.is_marked_out(text) or shapes.cells(text) is not None or is_speech(text)


def _run(context: LineContext) -> Iterator[str]:
    """The short lines that follow without a blank one."""
    for line in context.following:
        text = line.text.strip()
        if line.gap or columns(text) > LONGEST_VERSE:
            return
        yield text


def _is_stanza(context: LineContext) -> bool:
    """After verse and a blank line, two lines and more that are hardly longer than it."""
    if not context.following or context.following[0].gap or _is_marked(context.next):
        return False
    longest = 1.5 * columns(context.previous_text)
    whole = is_sentence(context.text) and is_sentence(context.next)
    return not whole and max(context.width, columns(context.next)) <= longest


# Who wrote a poem.


def names_author(context: LineContext, text: str) -> bool:
    known = text in context.seen.bylines or patterns.label(text) in patterns.AUTHOR
    return known or is_name(text)


def is_name(text: str) -> bool:
    return columns(text) <= NAME and patterns.is_name(text)


def is_poet(context: LineContext) -> bool:
    """Under the title of a poem, who wrote it; under that of the whole text with any name."""
    if context.previous is BlockKind.HEADING:
        return is_name(context.text) and _verse_follows(context.following)
    return context.previous is BlockKind.TITLE and _is_pen_name(context)


def _is_pen_name(context: LineContext) -> bool:
    """A word by itself, between blank lines, over verse."""
    text = context.text
    word = context.width <= _PEN_NAME and has_han(text) and not is_closed(text)
    alone = bool(context.following) and context.following[0].gap
    part = shapes.is_part_name(text) or patterns.CHAPTER.match(text)
    return word and alone and not part and _verse_follows(context.following)


def _verse_follows(lines: Sequence[Line]) -> bool:
    """Whether the next lines look like verse: short, and no speech."""
    texts = [line.text.strip() for line in lines[:2]]
    return bool(texts) and all(
        columns(text) <= LONGEST_VERSE and not is_speech(text) for text in texts
    )


_VERSE: tuple[Callable[[LineContext], bool], ...] = (
    _is_regular,
    _is_old,
    _is_free,
)


# Entries of lists, and rows of tables.

_SHORT_TEXT = 200  # lines
_EXPLAINED = 400  # characters
_FEW = 3


def row(context: LineContext) -> BlockKind | None:
    """A line with cells, beside another that is parted by the same sign."""
    found = shapes.cells(context.text)
    if found is None or _is_no_row(context):
        return None
    beside = filter(None, (context.next, context.previous_text))
    like = [other for other in map(shapes.cells, beside) if other and other[0] == found[0]]
    barred = found[0] not in "\t "
    again = like if barred else [other for other in like if other[1] == found[1]]
    return BlockKind.ROW if again else None


def _is_no_row(context: LineContext) -> bool:
    """Whether a line with cells is something else: two bylines, an item, a word, verse."""
    text = context.text
    if patterns.AROUND.match(text):
        return True
    goes_on = context.previous is BlockKind.ROW and not context.line.gap
    labelled = not goes_on and bool(patterns.labels(text) or _is_label(text))
    listed = patterns.list_style(text) is not None
    return labelled or listed or _is_glossed(text) or patterns.verse_shape(text) is not None


def _is_label(text: str) -> bool:
    """Whether a line is a byline with a single sign: 词｜林一."""
    return patterns.label(text) is not None and (shapes.cells(text) or ("", 0))[1] < _FEW


def _is_glossed(text: str) -> bool:
    return columns(text) <= ENTRY_WIDTH and shapes.entry_shape(text) == "word"


def list_item(context: LineContext) -> BlockKind | None:
    return BlockKind.LIST_ITEM if patterns.list_style(context.text) else None


def same_list(context: LineContext) -> bool:
    """Whether the line is an item of a list that has another item beside it."""
    style = patterns.list_style(context.text)
    beside = (context.next, context.previous_text)
    return style is not None and any(patterns.list_style(text) == style for text in beside if text)


def list_follows(context: LineContext) -> bool:
    """Whether two entries of one list come next, and the line is none itself."""
    if len(context.following) < 2 or context.width > LONGEST_VERSE + 4:
        return False
    if patterns.list_style(context.text) or shapes.entry_shape(context.text):
        return False
    one, other = context.next, context.after_next
    style = patterns.list_style(one) or shapes.entry_shape(one)
    return style is not None and style == (patterns.list_style(other) or shapes.entry_shape(other))


def entry(context: LineContext) -> BlockKind | None:
    """An entry of a list without marks, with another of its shape beside it."""
    if _is_counted(context):
        return BlockKind.LIST_ITEM
    if context.width > ENTRY_WIDTH or (context.width > LONGEST_VERSE and is_closed(context.text)):
        return None
    found = _is_word(context) or _is_like_one_beside(context)
    return BlockKind.LIST_ITEM if found else None


def _is_like_one_beside(context: LineContext) -> bool:
    """Whether a line is an entry of the shape of the one before it or after it."""
    shape = shapes.entry_shape(context.text)
    if shape is None:
        return False
    beside = [text for text in (context.next, context.previous_text) if text]
    return any(
        columns(text) <= ENTRY_WIDTH and shapes.entry_shape(text) == shape for text in beside
    )


def _is_counted(context: LineContext) -> bool:
    """Whether a line begins with a number, and one beside it with that before or after."""
    number = shapes.counted(context.text)
    if number is None:
        return False
    beside = [shapes.counted(text) for text in (context.next, context.previous_text) if text]
    return any(
        other is not None
        and len(other) == len(number)
        and (abs(other[-1] - number[-1]) == 1 or (len(number) > 1 and other != number))
        for other in beside
    )


def _is_word(context: LineContext) -> bool:
    """Whether a line is one of several words without anything else."""
    long = context.facts.lines > _SHORT_TEXT
    if long or context.forms.verse or not shapes.is_word(context.text):
        return False
    if context.previous is BlockKind.LIST_ITEM and shapes.is_word(context.previous_text):
        return True
    words = [context.text, context.next, context.after_next]
    same = {len(word) for word in words} == {4}
    return all(word and shapes.is_word(word) for word in words) and not same
