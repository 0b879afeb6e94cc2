"""Which lines are entries of lists, though nothing marks them, and which are rows of tables."""

from __future__ import annotations

from collections.abc import Sequence

import reader.sources.line_patterns as patterns
import reader.sources.line_shapes as shapes
from reader.model import BlockKind
from reader.sources.line_context import LONGEST_VERSE, Line, LineContext, is_prose
from reader.sources.line_patterns import columns, is_closed
from reader.sources.line_shapes import ENTRY_WIDTH

__all__ = ["entry", "explanation", "list_follows", "list_item", "list_opener", "row", "same_list"]

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
