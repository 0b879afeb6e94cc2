"""What stands over a text: its title, and who wrote it and when; and who stands under it."""

from __future__ import annotations

from collections.abc import Callable

import reader.sources.line_patterns as patterns
import reader.sources.line_shapes as shapes
from reader.model import BlockKind
from reader.sources.line_context import HEAD, HEADING, LineContext
from reader.sources.line_patterns import is_closed, is_speech
from reader.sources.line_runs import entry, is_name, is_poet, is_verse, list_item, names_author

__all__ = ["byline", "names_a_part", "subtitle", "title"]

_TITLE = 120  # columns


def title(context: LineContext) -> BlockKind | None:
    """The first line, when more follows and it does not read as a sentence of the text."""
    if not _is_first(context) or not context.following or context.width > _TITLE:
        return None
    if _is_other(context) or names_a_part(context) or _is_said(context.text):
        return None
    over = names_author(context, context.next) or _is_over_verse(context)
    return None if is_verse(context) and not over else BlockKind.TITLE


def _is_first(context: LineContext) -> bool:
    """Whether nothing stands before it, or the date; it is none itself."""
    if not context.before:
        return not _is_dated(context.text)
    return len(context.before) == 1 and _is_dated(context.previous_text)


def _is_dated(text: str) -> bool:
    """Whether a line is a date, perhaps with a word behind it; the date of a diary is none."""
    if patterns.DATE.fullmatch(text):
        return True
    return bool(patterns.BEGINS_DATED.fullmatch(text)) and not shapes.is_dated_entry(text)


def _is_other(context: LineContext) -> bool:
    """Whether the first line is a byline, an item, a field of a form, a heading in brackets."""
    text = context.text
    if patterns.label(text) or list_item(context) or entry(context):
        return True
    form = shapes.is_form_line(text) and shapes.is_form_line(context.next)
    form = form or text[0] == "※" or patterns.BROUGHT.fullmatch(text) is not None
    form = form or patterns.IN_BRACKETS.fullmatch(text) is not None
    return form or (context.forms.bracketed and shapes.is_bracketed(text))


def _is_over_verse(context: LineContext) -> bool:
    """A line without a mark over lines that all have one."""
    below = list(context.texts())[:3]
    return len(below) == 3 and not is_closed(context.text) and all(map(is_closed, below))


def _is_said(text: str) -> bool:
    several = "。" in text[:-1]
    return several or text[-1] in patterns.STOPS or is_speech(text) or shapes.is_greeting(text)


def names_a_part(context: LineContext) -> bool:
    """Whether a line is over a part of a text: a lesson (第五课, 练习三) may be all of it."""
    text = context.text
    division = text[0] == "第" and not context.forms.divided
    numbered = division or text[-1] in "0123456789一二三四五六七八九十"
    part = shapes.is_part_name(text) and not numbered
    return bool(part or shapes.is_dated_entry(text) or patterns.CHAPTER.match(text))


def subtitle(context: LineContext) -> BlockKind | None:
    dashed = context.previous is BlockKind.TITLE and patterns.DASHES.match(context.text)
    if not dashed or is_closed(context.text):
        return None
    signed = is_name(context.text.lstrip(patterns.DASH + " "))
    return BlockKind.BYLINE if signed else BlockKind.SUBTITLE


def byline(context: LineContext) -> BlockKind | None:
    """Who wrote it and when: in the head, or under the text."""
    text = context.text
    if patterns.POSTED.fullmatch(text) or len(patterns.labels(text)) > 1:
        return BlockKind.BYLINE
    if context.width > HEADING:
        return None
    known = patterns.REPORTED.fullmatch(text) or text in context.seen.bylines
    if known or any(rule(context) for rule in _BYLINES):
        return BlockKind.BYLINE
    return None


def _is_dated_head(context: LineContext) -> bool:
    """Under a title or heading, a few words and a date."""
    under = context.previous in (*HEAD, BlockKind.HEADING)
    if under and patterns.ENDS_DATED.fullmatch(context.text):
        return True
    first = under or not context.before
    # Under 大事记 every line begins with a date.
    return first and _is_dated(context.text) and not patterns.DATE.match(context.next or "-")


def _is_labelled(context: LineContext) -> bool:
    """Whether a line says by its label that it is one, where it stands."""
    text = context.text
    label = _byline_label(text)
    if label in patterns.AUTHOR and not context.forms.speakers and patterns.COLON.search(text):
        return text[-1] not in patterns.FULL_STOPS
    if not context.before and patterns.DATE.fullmatch(text):
        return True
    if context.in_head:
        return _is_of_head(context, label)
    tail = [label or _tail_label(text), *map(patterns.label, context.texts())]
    return all(name in patterns.CREDITS for name in tail)


def _tail_label(text: str) -> str | None:
    """编辑 张伟明: a label with a space behind it."""
    found = patterns.SPACED_LABEL.fullmatch(text)
    return found["label"] if found and patterns.is_name(found["name"]) else None


def _is_of_head(context: LineContext, label: str | None) -> bool:
    text = context.text
    alone = is_name(text) or patterns.DATE.fullmatch(text) or patterns.WORK.fullmatch(text)
    made = patterns.MADE.fullmatch(text) or patterns.PASSED.fullmatch(text)
    if context.previous in HEAD and (alone or made) and not _is_work_over_text(context):
        return True
    within = context.previous in HEAD and set(patterns.labels(text)) - {"時間", "时间"}
    # 記者：您怎麼看？ is the first question.
    open_ended = text[-1] not in patterns.FULL_STOPS + "_＿"
    return (label is not None or bool(within)) and open_ended


def _is_work_over_text(context: LineContext) -> bool:
    return context.forms.works and shapes.is_work(context.text)


_BYLINES: tuple[Callable[[LineContext], bool], ...] = (
    is_poet,
    _is_dated_head,
    _is_labelled,
)


def _byline_label(text: str) -> str | None:
    """The label of a byline; 时间：一天晚上 says when a play or meeting is, not who wrote it."""
    label = patterns.label(text)
    when = label in ("時間", "时间")
    value = text[len(label or "") :].lstrip(patterns.LABEL_SIGNS + " \u3000")
    return None if when and not patterns.DATE.match(value) else label
