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
    SHORT_VERSE,
    Line,
    LineContext,
    is_prose,
)
from reader.sources.line_patterns import columns, is_closed, is_sentence, is_speech
from reader.sources.line_shapes import ENTRY_WIDTH

__all__ = [
    "entry",
    "explanation",
    "is_name",
    "is_poem_in_a_line",
    "is_poet",
    "is_verse",
    "list_follows",
    "list_item",
    "list_opener",
    "names_author",
    "poem_title",
    "row",
    "same_list",
    "verse",
]

_PEN_NAME, _POEM = 8, 48  # columns
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


def _is_sung(context: LineContext) -> bool:
    """A short line under 歌词, in a text where each line stands alone."""
    sung = context.facts.spaced and context.seen.section.rstrip(":：") in ("歌词", "歌詞")
    return sung and not _is_marked(context.text) and not is_sentence(context.text)


def _is_spaced(context: LineContext) -> bool:
    """One of five short lines or more, each alone, of which hardly one is a sentence.

    No paragraph ends with a comma.
    """
    if not context.facts.spaced or not context.line.gap or not _may_be_spaced(context.text):
        return False
    if context.previous is BlockKind.VERSE:
        return _goes_on_spaced(context)
    lines = [context.text, *context.texts()]
    alone = bool(context.before) and all(line.gap for line in context.following)
    if not alone or len(lines) <= _STANZA or not all(map(_may_be_spaced, lines)):
        return False
    return sum(map(is_sentence, lines)) < 2 and any("，" in text for text in lines)


def _goes_on_spaced(context: LineContext) -> bool:
    """Whether it is of the verse before it: not a sentence over longer text or after a couplet."""
    if patterns.verse_shape(context.previous_text) and is_sentence(context.previous_text):
        return False
    return context.text[-1] != "。" or (bool(context.next) and _may_be_spaced(context.next))


def _may_be_spaced(text: str) -> bool:
    other = _is_marked(text) or shapes.is_part_name(text) or patterns.CHAPTER.match(text)
    return columns(text) <= SHORT_VERSE and not other


def _ends_verse(context: LineContext) -> bool:
    """A line without a mark behind at least two of verse, with prose at once under it."""
    verse = len(context.before) > 1 and all(b.kind is BlockKind.VERSE for b in context.before)
    behind = verse and not context.line.gap and bool(context.following)
    bare = behind and not (is_closed(context.text) or is_closed(context.previous_text))
    part = shapes.is_part_name(context.text) or _is_marked(context.text)
    return bare and not context.following[0].gap and is_sentence(context.next) and not part


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


# Poems of a collection.


def poem_title(context: LineContext) -> BlockKind | None:
    """The title of a poem among other texts: its author stands under it, or regular verse."""
    inside = context.before and len(context.following) > 1
    words = has_han(context.text) and not is_closed(context.text)
    if not inside or context.width > _POEM or not words:
        return None
    return BlockKind.HEADING if _is_over_poem(context) else None


def _is_over_poem(context: LineContext) -> bool:
    if context.forms.several and context.forms.verse and _is_over_stanza(context):
        return True
    after_verse = context.previous is BlockKind.VERSE and context.line.gap
    signed = _is_over_poet(context) or (after_verse and _is_over_author(context))
    return signed or ((after_verse or context.is_alone) and _is_over_regular(context))


def _is_over_stanza(context: LineContext) -> bool:
    """Whether a short line stands alone, and two together under it."""
    return context.is_alone and context.width <= _POEM // 2 and not context.following[1].gap


def _is_over_poet(context: LineContext) -> bool:
    """Whether a poet with a dynasty stands under it, and verse under that."""
    named = patterns.has_dynasty(context.next) and not patterns.has_dynasty(context.text)
    return named and _verse_follows(context.following[1:])


def _is_over_author(context: LineContext) -> bool:
    return names_author(context, context.next) and _verse_follows(context.following[1:2])


def _is_over_regular(context: LineContext) -> bool:
    regular = patterns.is_regular(context.next, context.after_next)
    return regular and context.following[0].gap and context.width <= _POEM // 3


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
    _is_sung,
    _is_spaced,
    _ends_verse,
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


def explanation(context: LineContext) -> BlockKind | None:
    """Under 注释, a word and what it means."""
    spoken = bool(context.forms.speakers)
    if not context.seen.explains or spoken or len(context.text) > _EXPLAINED:
        return None
    marked = patterns.list_style(context.text) or patterns.label(context.text)
    explains = shapes.is_explanation(context.text) and not marked
    return BlockKind.LIST_ITEM if explains else None


def entry(context: LineContext) -> BlockKind | None:
    """An entry of a list without marks, with another of its shape beside it."""
    if _is_counted(context):
        return BlockKind.LIST_ITEM
    if context.width > ENTRY_WIDTH or (context.width > LONGEST_VERSE and is_closed(context.text)):
        return None
    if _is_thing(context) or _is_step(context) or _is_word(context) or _is_like_one_beside(context):
        return BlockKind.LIST_ITEM
    return _bare_entry(context) if shapes.entry_shape(context.text) is None else None


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


def _is_thing(context: LineContext) -> bool:
    """Whether a line is of a list of what a recipe needs: two short lines and more."""
    if not shapes.lists_things(context.seen.section) or is_closed(context.text):
        return False
    if context.previous is BlockKind.LIST_ITEM:
        return not context.line.gap and patterns.list_style(context.previous_text) is None
    below = bool(context.following) and not context.following[0].gap
    marked = below and (patterns.list_style(context.next) or shapes.is_part_name(context.next))
    unmarked = below and not marked and not is_closed(context.next)
    return context.previous is BlockKind.HEADING and unmarked and not is_prose(context.next)


def _is_step(context: LineContext) -> bool:
    """Whether a line is of those that stand together in a recipe with blank lines: steps, tools."""
    if not (context.forms.recipe and context.facts.spaced):
        return False
    if context.previous is BlockKind.LIST_ITEM:
        return not context.line.gap and patterns.list_style(context.previous_text) is None
    below = bool(context.following) and not context.following[0].gap
    return context.previous is BlockKind.HEADING and context.line.gap and below


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


def list_opener(context: LineContext) -> BlockKind | None:
    """A line with a colon at its end, over bare words."""
    opens = context.text[-1] in ":：" and context.previous is not BlockKind.VERSE
    return BlockKind.PARAGRAPH if opens and _are_bare(context, context.following[:3]) else None


def _bare_entry(context: LineContext) -> BlockKind | None:
    """One of the bare words under a line that ends with a colon."""
    if not context.before or context.line.gap or not shapes.is_bare(context.text):
        return None
    text = context.previous_text
    if context.previous is BlockKind.LIST_ITEM:
        listed = patterns.list_style(text) or shapes.entry_shape(text)
        return None if listed else BlockKind.LIST_ITEM
    opens = context.previous is BlockKind.PARAGRAPH and text[-1] in ":："
    bare = opens and _are_bare(context, (context.line, *context.following[:2]))
    return BlockKind.LIST_ITEM if bare else None


def _are_bare(context: LineContext, lines: Sequence[Line]) -> bool:
    """Whether three lines are bare words, in a short text: in a novel they are verse or names."""
    texts = [line.text.strip() for line in lines if not line.gap]
    several = len(texts) == _FEW and len(set(map(len, texts))) > 1
    return several and context.facts.lines <= _SHORT_TEXT and all(map(shapes.is_bare, texts))
