"""What each line of an unmarked text is: title, heading, caption, verse … or a paragraph.

Rules are tried in the order of `_RULES`; the first that answers wins. A rule sees the line, the
kind of the block before it and the few lines that follow, so a text is recognised as it streams.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

import reader.sources.line_patterns as patterns
from reader.model import Block, BlockKind
from reader.scripts import has_han
from reader.sources.line_patterns import columns, is_closed, is_sentence, is_speech

__all__ = ["Line", "TextFacts", "recognise_blocks", "unmarked"]


class Line(NamedTuple):
    """A line that is not blank."""

    text: str
    gap: bool
    """Whether a blank line, or the beginning, stands before it."""


class TextFacts(NamedTuple):
    """What is known of the whole text before its blocks are recognised."""

    lines: int = 0
    gaps: int = 0
    chapters: int = 0
    """Headings such as 第一章."""
    marked_chapters: int = 0
    """Lines of light markup that begin with a single `#`."""

    @property
    def spaced(self) -> bool:
        """Whether blank lines, not line ends, part the paragraphs."""
        return self.gaps > 0.4 * self.lines


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
    width: int = field(init=False)

    def __post_init__(self) -> None:
        self.width = columns(self.text)

    @property
    def previous(self) -> BlockKind | None:
        return self.before[0].kind if self.before else None

    @property
    def next(self) -> str:
        return self.following[0].text.strip() if self.following else ""


# Columns, a Chinese character being two.
_TITLE, _HEADING, _HEADING_LATIN, _CHAPTER, _NAME = 120, 60, 90, 70, 24
_LONGEST_VERSE = 44
_DEEP_INDENT = 8
_LONGEST_CREDIT = 64  # in characters
_HEAD = frozenset({BlockKind.TITLE, BlockKind.SUBTITLE, BlockKind.BYLINE})


def _title(context: LineContext) -> BlockKind | None:
    """The first line, when more follows and it does not read as a sentence of the text."""
    if context.before or not context.following or context.width > _TITLE:
        return None
    text = context.text
    sentence = text[-1] in patterns.STOPS or is_speech(text) or _is_verse(context)
    other = patterns.CHAPTER.match(text) or patterns.label(text) or _list_item(context)
    return None if sentence or other else BlockKind.TITLE


def _subtitle(context: LineContext) -> BlockKind | None:
    subtitle = context.previous is BlockKind.TITLE and patterns.DASHES.match(context.text)
    return BlockKind.SUBTITLE if subtitle and not is_closed(context.text) else None


def _byline(context: LineContext) -> BlockKind | None:
    """Who wrote it and when: in the head, or under the text."""
    text = context.text
    if context.width > _HEADING:
        return None
    if patterns.REPORTED.fullmatch(text):
        return BlockKind.BYLINE
    label = patterns.label(text)
    if context.in_head:
        name = context.width <= _NAME and patterns.is_name(text)
        alone = context.previous in _HEAD and (name or patterns.DATE.fullmatch(text))
        asks = text[-1] in patterns.FULL_STOPS  # 記者：您怎麼看？ is the first question
        return BlockKind.BYLINE if alone or (label and not asks) else None
    tail = [label, *map(patterns.label, _following(context))]
    return BlockKind.BYLINE if all(name in patterns.CREDITS for name in tail) else None


def _editors_note(context: LineContext) -> BlockKind | None:
    """The line that says so, and what follows it without a blank line or fills a bare label."""
    if patterns.EDITORS_NOTE.match(context.text):
        return BlockKind.EDITORS_NOTE
    if context.previous is not BlockKind.EDITORS_NOTE:
        return None
    bare = patterns.EDITORS_NOTE.fullmatch(context.before[0].text.strip())
    goes_on = context.facts.spaced and not context.line.gap
    return BlockKind.EDITORS_NOTE if bare or goes_on else None


def _separator(context: LineContext) -> BlockKind | None:
    return BlockKind.SEPARATOR if patterns.SEPARATOR.fullmatch(context.text) else None


def _caption(context: LineContext) -> BlockKind | None:
    """A line that names itself one, or ends with the credit of a picture in brackets."""
    text = context.text
    if patterns.CAPTION.match(text):
        return BlockKind.CAPTION
    # A credit is short; to look for one from the beginning takes the square of the line's length.
    tail = text[-_LONGEST_CREDIT:] if text[-1] in patterns.BRACKETS else ""
    match = patterns.CREDIT_IN_BRACKETS.search(tail)
    if match is None:
        return None
    known = patterns.AGENCY.search(match["credit"])
    after_sentence = text.removesuffix(match[0]).endswith(tuple(patterns.FULL_STOPS))
    plausible = after_sentence and not patterns.NOT_A_CREDIT.search(match["credit"])
    return BlockKind.CAPTION if known or plausible else None


def _chapter(context: LineContext) -> BlockKind | None:
    text = context.text
    if context.width > _CHAPTER or text[-1] in patterns.STOPS or not patterns.CHAPTER.match(text):
        return None
    return BlockKind.HEADING if context.following else None


def _section_number(context: LineContext) -> BlockKind | None:
    """A number alone on its line, with the section it numbers under it."""
    if not context.following or not patterns.NUMBER_ALONE.fullmatch(context.text):
        return None
    counted = patterns.NUMBER_ALONE.fullmatch(context.next) or context.in_head
    return BlockKind.HEADING if _stands_alone(context) and not counted else None


def _heading(context: LineContext) -> BlockKind | None:
    """A short line without final punctuation that stands before a paragraph."""
    text = context.text
    limit = _HEADING if has_han(text) else _HEADING_LATIN
    if context.width > limit or not _opens_paragraph(context) or not _stands_alone(context):
        return None
    unfit = (
        is_closed(text)
        or is_speech(text)
        or _speaker_before(context)
        or patterns.DATE.fullmatch(text)
        or not patterns.TWO_LETTERS.search(text)
        or _same_list(context)
    )
    return None if unfit else BlockKind.HEADING


def _stands_alone(context: LineContext) -> bool:
    """Parted from what is before: by a blank line, or by a sentence that ended."""
    if context.facts.spaced and (context.line.gap or context.previous is BlockKind.HEADING):
        return True
    previous = context.before[0] if context.before else None
    if context.facts.spaced or previous is None:
        return False
    return previous.kind is not BlockKind.PARAGRAPH or is_closed(previous.text.rstrip())


def _opens_paragraph(context: LineContext) -> bool:
    """A paragraph follows, at once or after one more heading."""
    if not context.following or patterns.SEPARATOR.fullmatch(context.next):
        return False
    if context.previous is BlockKind.VERSE:
        return columns(context.next) > _LONGEST_VERSE
    if _is_prose(context.next):
        return True
    after = context.following[1].text.strip() if len(context.following) > 1 else ""
    return bool(after) and _is_prose(after) and columns(after) > _HEADING


def _is_prose(text: str) -> bool:
    return is_closed(text) or columns(text) > 2 * _HEADING or is_speech(text)


def _list_item(context: LineContext) -> BlockKind | None:
    return BlockKind.LIST_ITEM if patterns.list_style(context.text) else None


def _same_list(context: LineContext) -> bool:
    """Whether the line is an item of a list that has another item beside it."""
    style = patterns.list_style(context.text)
    neighbours = [line.text.strip() for line in context.following[:1]]
    neighbours += [block.text.strip() for block in context.before[:1]]
    return style is not None and any(patterns.list_style(text) == style for text in neighbours)


def _verse(context: LineContext) -> BlockKind | None:
    return BlockKind.VERSE if _is_verse(context) else None


def _is_verse(context: LineContext) -> bool:
    """Regular lines (clauses of 4 to 7 characters, again and again), or a run of short ones."""
    if context.width > _LONGEST_VERSE or is_speech(context.text):
        return False
    return _is_regular(context) or _is_free(context)


def _is_regular(context: LineContext) -> bool:
    shape = patterns.verse_shape(context.text)
    if shape is None:
        return False
    if context.previous is BlockKind.VERSE:
        return patterns.verse_shape(context.before[0].text.strip()) == shape
    same = takewhile(lambda text: patterns.verse_shape(text) == shape, _following(context))
    return len(shape) * (1 + sum(1 for _ in same)) >= 4


def _is_free(context: LineContext) -> bool:
    """Four short lines without blank ones between, at most half of them whole sentences."""
    if context.previous is BlockKind.VERSE and (
        not context.line.gap or not is_closed(context.text)
    ):
        return (
            not context.following
            or context.following[0].gap
            or columns(context.next) <= _LONGEST_VERSE
        )
    run = [context.text]
    for line in context.following:
        if line.gap or columns(line.text.strip()) > _LONGEST_VERSE:
            break
        run.append(line.text.strip())
    whole = sum(map(is_sentence, run))
    return len(run) >= 4 and 2 * whole <= len(run) and not any(map(_is_marked_out, run))


def _is_marked_out(text: str) -> bool:
    """Whether a short line has a reason of its own to be short."""
    labelled = patterns.label(text) or patterns.CHAPTER.match(text)
    listed = patterns.list_style(text) or patterns.SPEAKER.match(text)
    return bool(labelled or listed) or is_speech(text)


def _following(context: LineContext) -> Iterator[str]:
    return (line.text.strip() for line in context.following)


def _quotation(context: LineContext) -> BlockKind | None:
    """A line with its source under it (——魯迅), that source, or a line indented deeper."""
    text = context.text
    if patterns.ATTRIBUTION.fullmatch(text):
        return BlockKind.QUOTATION if context.previous is BlockKind.QUOTATION else None
    sourced = patterns.ATTRIBUTION.fullmatch(context.next) and not is_speech(text)
    indent = context.line.text[: len(context.line.text) - len(context.line.text.lstrip())]
    deep = columns(indent) >= _DEEP_INDENT and context.width > _HEADING
    return BlockKind.QUOTATION if sourced or deep else None


def _speaker_before(context: LineContext) -> bool:
    """Whether the line is one of a dialogue written as in a play (王芳：你好)."""
    neighbours = [context.next, *(block.text.strip() for block in context.before[:1])]
    speaks = patterns.SPEAKER.match
    return speaks(context.text) is not None and any(speaks(text) for text in neighbours)


_RULES: tuple[Callable[[LineContext], BlockKind | None], ...] = (
    _separator,
    _editors_note,
    _title,
    _subtitle,
    _byline,
    _caption,
    _chapter,
    _section_number,
    _verse,
    _heading,
    _list_item,
    _quotation,
)

_AHEAD = 4  # lines
_LONGEST_RULED = 90
"""Past this a line outside the head is a paragraph, unless its first or last character tells."""


def recognise_blocks(lines: Iterable[Line], facts: TextFacts) -> Iterator[Block]:
    """A block for each line. Its text is the line as written, less its light markup."""
    before: tuple[Block, ...] = ()
    in_head = True
    for line, following in _with_following(lines):
        if not before and patterns.COMMENT.match(line.text):
            yield Block(line.text)
            continue
        if not in_head and _is_plain(line, following, before):
            block = Block(line.text)
        else:
            context = LineContext(line, line.text.strip(), tuple(following), facts, before, in_head)
            block = _marked(context) or _unmarked_block(context)
        in_head = in_head and block.kind in _HEAD
        before = (block, *before[:1])
        yield block


def unmarked(line: str) -> str:
    """The line without its light markup, if it has any."""
    match = patterns.MARKUP.match(line)
    if match is None:
        return line
    return match["caption"] or match["rest"]


def _with_following(lines: Iterable[Line]) -> Iterator[tuple[Line, Sequence[Line]]]:
    """Each line and the few after it, which change as the next is taken."""
    window: deque[Line] = deque()
    for line in lines:
        window.append(line)
        if len(window) > _AHEAD:
            yield window.popleft(), window
    while window:
        yield window.popleft(), window


def _is_plain(line: Line, following: Sequence[Line], before: tuple[Block, ...]) -> bool:
    """Whether no rule can have anything to say of the line: what most lines of a novel are."""
    text = line.text
    start = text[: _DEEP_INDENT // 2].lstrip()[:1]
    return (
        start not in patterns.NOTABLE
        and text[-1] not in patterns.BRACKETS
        and before[0].kind is not BlockKind.EDITORS_NOTE
        and not (following and following[0].text.lstrip()[:1] in patterns.DASH)
        and (columns(text) > _LONGEST_RULED + 2 * _DEEP_INDENT or _is_closed_prose(text.strip()))
    )


def _is_closed_prose(text: str) -> bool:
    """Whether a line too long for verse ends as no heading, byline or caption does."""
    return (
        text[0] not in _NOT_PROSE
        and text[-1] not in patterns.BRACKETS
        and is_closed(text)
        and columns(text) > _LONGEST_VERSE
        and patterns.label(text) is None
    )


# What the source of a quotation and the name of a chapter begin with.
_NOT_PROSE = frozenset(patterns.DASH + patterns.CHAPTER.first)


def _marked(context: LineContext) -> Block | None:
    """The block that light markup says it is, if there is any."""
    match = patterns.MARKUP.match(context.line.text)
    if match is None:
        return None
    if match["caption"]:
        return Block(match["caption"], BlockKind.CAPTION)
    mark, rest = match["mark"], match["rest"]
    if mark[0] != "#":
        kind = _MARKS[mark]
        return Block(rest, kind, level=_level(context, kind))
    if not context.before and mark == "#" and not patterns.CHAPTER.match(rest):
        return Block(rest, BlockKind.TITLE)
    has_chapters = context.facts.marked_chapters > 1 or context.facts.chapters
    return Block(rest, BlockKind.HEADING, level=max(1, len(mark) - (not has_chapters)))


_MARKS = {">": BlockKind.QUOTATION, "|": BlockKind.VERSE, "\\": BlockKind.PARAGRAPH}


def _unmarked_block(context: LineContext) -> Block:
    for rule in _RULES:
        kind = rule(context)
        if kind is not None:
            return Block(context.line.text, kind, level=_level(context, kind))
    return Block(context.line.text)


def _level(context: LineContext, kind: BlockKind) -> int:
    """1 for a chapter and for a heading of a text without chapters; 2 for one within a chapter.

    Of a line of verse 2 where a stanza begins behind another.
    """
    if kind is BlockKind.VERSE and context.previous is BlockKind.VERSE:
        return 2 if context.line.gap and not context.facts.spaced else 1
    if kind is not BlockKind.HEADING:
        return 1
    if patterns.SECTION.match(context.text):
        return 2
    return 1 if patterns.CHAPTER.match(context.text) or not context.facts.chapters else 2
