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
import reader.sources.line_shapes as shapes
from reader.model import Block, BlockKind
from reader.scripts import has_han
from reader.sources.line_patterns import columns, is_closed, is_sentence, is_speech
from reader.sources.line_shapes import ENTRY_WIDTH

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
    chat: frozenset[str] | None = None
    """Of a chat: the lines that are a name alone. None for what is no chat."""
    speakers: frozenset[str] = frozenset()
    """Who speaks again and again in lines of dialogue."""

    @property
    def spaced(self) -> bool:
        """Whether blank lines, not line ends, part the paragraphs."""
        return self.gaps > 0.4 * self.lines


@dataclass(slots=True)
class Seen:
    """What of all the blocks before a line is remembered."""

    headings: set[str] = field(default_factory=set)
    """The styles of lists in which headings are numbered."""
    bylines: set[str] = field(default_factory=set)
    """Names that stand alone, such as a poet's."""
    verse: bool = False

    def add(self, block: Block) -> None:
        text = block.text.strip()
        self.verse = self.verse or block.kind is BlockKind.VERSE
        if block.kind is BlockKind.HEADING:
            style = patterns.list_style(text)
            self.headings |= {style} if style else set()
        elif block.kind is BlockKind.BYLINE and len(self.bylines) < _MOST_NAMES:
            self.bylines.add(text)


_MOST_NAMES = 1_000


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
    def previous(self) -> BlockKind | None:
        return self.before[0].kind if self.before else None

    @property
    def next(self) -> str:
        return self.following[0].text.strip() if self.following else ""


# Columns, a Chinese character being two.
_TITLE, _HEADING, _HEADING_LATIN, _CHAPTER, _NAME = 120, 60, 90, 70, 24
_LONGEST_VERSE = 44
_PEN_NAME, _POEM = 8, 48
_SHORT_TEXT = 200  # lines
_DEEP_INDENT = 8
_LONGEST_CREDIT = 64  # in characters
_HEAD = frozenset({BlockKind.TITLE, BlockKind.SUBTITLE, BlockKind.BYLINE})


def _title(context: LineContext) -> BlockKind | None:
    """The first line, when more follows and it does not read as a sentence of the text."""
    if context.before or not context.following or context.width > _TITLE:
        return None
    text = context.text
    other = patterns.label(text) or _list_item(context) or _entry(context)
    if other or _names_a_part(text) or _is_said(text):
        return None
    over = _names_author(context, context.next) or _is_over_verse(context)
    return None if _is_verse(context) and not over else BlockKind.TITLE


def _is_over_verse(context: LineContext) -> bool:
    """A line without a mark over lines that all have one."""
    below = list(_following(context))[:3]
    return len(below) == 3 and not is_closed(context.text) and all(map(is_closed, below))


def _is_said(text: str) -> bool:
    return text[-1] in patterns.STOPS or is_speech(text) or shapes.is_greeting(text)


def _names_a_part(text: str) -> bool:
    """Whether a line is over a part of a text: a lesson (第五课, 练习三) may be all of it."""
    numbered = text[0] == "第" or text[-1] in "0123456789一二三四五六七八九十"
    part = shapes.is_part_name(text) and not numbered
    return bool(part or shapes.is_dated_entry(text) or patterns.CHAPTER.match(text))


def _subtitle(context: LineContext) -> BlockKind | None:
    subtitle = context.previous is BlockKind.TITLE and patterns.DASHES.match(context.text)
    return BlockKind.SUBTITLE if subtitle and not is_closed(context.text) else None


def _byline(context: LineContext) -> BlockKind | None:
    """Who wrote it and when: in the head, or under the text."""
    text = context.text
    if context.width > _HEADING:
        return None
    if patterns.REPORTED.fullmatch(text) or text in context.seen.bylines or _is_poet(context):
        return BlockKind.BYLINE
    label = _byline_label(text)
    if context.in_head:
        return BlockKind.BYLINE if _is_of_head(context, label) else None
    tail = [label, *map(patterns.label, _following(context))]
    return BlockKind.BYLINE if all(name in patterns.CREDITS for name in tail) else None


def _is_name(text: str) -> bool:
    return columns(text) <= _NAME and patterns.is_name(text)


def _is_poet(context: LineContext) -> bool:
    """Under the title of a poem, who wrote it; under that of the whole text with any name."""
    if context.previous is BlockKind.HEADING:
        return _is_name(context.text) and _verse_follows(context.following)
    return context.previous is BlockKind.TITLE and _is_pen_name(context)


def _is_of_head(context: LineContext, label: str | None) -> bool:
    text = context.text
    alone = _is_name(text) or patterns.DATE.fullmatch(text) or patterns.WORK.fullmatch(text)
    if context.previous in _HEAD and alone:
        return True
    # 記者：您怎麼看？ is the first question.
    return label is not None and text[-1] not in patterns.FULL_STOPS


def _byline_label(text: str) -> str | None:
    """The label of a byline; 时间：一天晚上 says when a play or meeting is, not who wrote it."""
    label = patterns.label(text)
    when = label in ("時間", "时间")
    value = text[len(label or "") :].lstrip(patterns.LABEL_SIGNS + " \u3000")
    return None if when and not patterns.DATE.match(value) else label


def _is_pen_name(context: LineContext) -> bool:
    """A word by itself, between blank lines, over verse."""
    text = context.text
    word = context.width <= _PEN_NAME and has_han(text) and not is_closed(text)
    alone = bool(context.following) and context.following[0].gap
    return word and alone and not _names_a_part(text) and _verse_follows(context.following)


def _poem_title(context: LineContext) -> BlockKind | None:
    """After a poem, the title of the next: its author stands under it, or regular verse."""
    parted = context.previous is BlockKind.VERSE and context.line.gap
    if not parted or is_closed(context.text) or len(context.following) < 2:
        return None
    below, after = context.following[:2]
    if _names_author(context, below.text.strip()):
        titled = context.width <= _POEM and _verse_follows([after])
    else:
        regular = patterns.is_regular(below.text.strip(), after.text.strip())
        titled = regular and below.gap and context.width <= _POEM // 3
    return BlockKind.HEADING if titled else None


def _names_author(context: LineContext, text: str) -> bool:
    known = text in context.seen.bylines or patterns.label(text) in patterns.AUTHOR
    return known or _is_name(text)


def _verse_follows(lines: Sequence[Line]) -> bool:
    """Whether the next lines look like verse: short, and no speech."""
    texts = [line.text.strip() for line in lines[:2]]
    return bool(texts) and all(
        columns(text) <= _LONGEST_VERSE and not is_speech(text) for text in texts
    )


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
    if match is None or (patterns.list_style(text) and not patterns.AGENCY.search(match["credit"])):
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


def _numbered_heading(context: LineContext) -> BlockKind | None:
    """一、填空 over items that are numbered otherwise, and what is numbered as it is after that."""
    style = patterns.list_style(context.text)
    if style not in _NUMERALS or context.width > _HEADING or not context.following:
        return None
    below = patterns.list_style(context.next)
    if below is not None and below != style:
        return BlockKind.HEADING
    again = style in context.seen.headings and below != style
    return BlockKind.HEADING if again and not is_sentence(context.text) else None


_NUMERALS = ("numerals", "bracketed numerals")


def _part(context: LineContext) -> BlockKind | None:
    """生词, 【注释】, 第二场, [副歌]; the date over a part of a diary."""
    if not context.following or (
        context.in_head and not context.before and context.text[0] == "第"
    ):
        return None
    dated = shapes.is_dated_entry(context.text)
    return BlockKind.HEADING if dated or shapes.is_part_name(context.text) else None


def _of_dialogue(context: LineContext) -> BlockKind | None:
    """Words of someone who speaks again and again."""
    speaker = shapes.speaker(context.text) if context.facts.speakers else None
    if speaker not in context.facts.speakers:
        return None
    # Over the text 记者：王芳 says who wrote it.
    value = context.text[len(speaker or "") + 1 :].strip()
    signed = context.in_head and patterns.label(context.text) and patterns.is_name(value)
    return None if signed else BlockKind.PARAGRAPH


def _of_chat(context: LineContext) -> BlockKind | None:
    """Every line of a chat: who writes and when, the date over a day, or what is written."""
    text, names = context.text, context.facts.chat
    if names is None:
        return None
    if text in names or shapes.is_chat_head(text):
        return BlockKind.BYLINE
    if shapes.is_dated_entry(text) or (context.line.gap and patterns.DATE.fullmatch(text)):
        return BlockKind.HEADING
    if context.in_head and patterns.label(text) in patterns.DATED:
        return BlockKind.BYLINE
    titled = not context.before and not shapes.is_chat_line(text)
    return None if titled else BlockKind.PARAGRAPH


def _letter_formula(context: LineContext) -> BlockKind | None:
    return BlockKind.PARAGRAPH if shapes.is_letter_formula(context.text) else None


def _entry(context: LineContext) -> BlockKind | None:
    """An entry of a list without marks, with another of its shape beside it."""
    if context.width > ENTRY_WIDTH or (context.width > _LONGEST_VERSE and is_closed(context.text)):
        return None
    shape = shapes.entry_shape(context.text)
    if shape is None:
        return _bare_entry(context)
    beside = [context.next] if context.next else []
    beside += [block.text.strip() for block in context.before[:1]]
    again = any(
        columns(text) <= ENTRY_WIDTH and shapes.entry_shape(text) == shape for text in beside
    )
    return BlockKind.LIST_ITEM if again else None


def _list_opener(context: LineContext) -> BlockKind | None:
    """A line with a colon at its end, over bare words."""
    opens = context.text[-1] in ":：" and context.previous is not BlockKind.VERSE
    return BlockKind.PARAGRAPH if opens and _are_bare(context, context.following[:3]) else None


def _bare_entry(context: LineContext) -> BlockKind | None:
    """One of the bare words under a line that ends with a colon."""
    if not context.before or context.line.gap or not shapes.is_bare(context.text):
        return None
    previous = context.before[0]
    text = previous.text.strip()
    if previous.kind is BlockKind.LIST_ITEM:
        listed = patterns.list_style(text) or shapes.entry_shape(text)
        return None if listed else BlockKind.LIST_ITEM
    opens = previous.kind is BlockKind.PARAGRAPH and text[-1] in ":："
    bare = opens and _are_bare(context, (context.line, *context.following[:2]))
    return BlockKind.LIST_ITEM if bare else None


def _are_bare(context: LineContext, lines: Sequence[Line]) -> bool:
    """Whether three lines are bare words, in a short text: in a novel they are verse or names."""
    texts = [line.text.strip() for line in lines if not line.gap]
    several = len(texts) == 3 and len(set(map(len, texts))) > 1
    return several and context.facts.lines <= _SHORT_TEXT and all(map(shapes.is_bare, texts))


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
    if context.line.gap and patterns.list_style(context.text) in _NUMERALS:
        return True
    return previous.kind is not BlockKind.PARAGRAPH or is_closed(previous.text.rstrip())


def _opens_paragraph(context: LineContext) -> bool:
    """A paragraph follows, at once or after one more heading."""
    if not context.following or patterns.SEPARATOR.fullmatch(context.next):
        return False
    if context.previous is BlockKind.VERSE:
        return columns(context.next) > _LONGEST_VERSE
    if _is_prose(context.next) or _list_follows(context):
        return True
    after = context.following[1].text.strip() if len(context.following) > 1 else ""
    return bool(after) and _is_prose(after) and columns(after) > _HEADING


def _list_follows(context: LineContext) -> bool:
    """Whether two entries of one list come next, and the line is none itself."""
    if len(context.following) < 2 or context.width > _NAME * 2:
        return False
    if patterns.list_style(context.text) or shapes.entry_shape(context.text):
        return False
    one, other = (line.text.strip() for line in context.following[:2])
    style = patterns.list_style(one) or shapes.entry_shape(one)
    return style is not None and style == (patterns.list_style(other) or shapes.entry_shape(other))


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
    return _is_regular(context) or _is_old(context) or _is_free(context)


def _is_regular(context: LineContext) -> bool:
    shape = patterns.verse_shape(context.text)
    if shape is None:
        return False
    if context.previous is BlockKind.VERSE:
        return patterns.verse_shape(context.before[0].text.strip()) == shape
    same = takewhile(lambda text: patterns.verse_shape(text) == shape, _following(context))
    return len(shape) * (1 + sum(1 for _ in same)) >= 4


def _is_old(context: LineContext) -> bool:
    """Three lines and more of short clauses in the old language, of whatever lengths."""
    if not shapes.is_old_verse(context.text):
        return False
    run = takewhile(lambda line: not line.gap, context.following)
    count = 1 + sum(1 for _ in takewhile(lambda line: shapes.is_old_verse(line.text.strip()), run))
    before = context.previous is BlockKind.VERSE and shapes.is_old_verse(
        context.before[0].text.strip()
    )
    return count >= 3 or before


def _is_free(context: LineContext) -> bool:
    """Four short lines without blank ones between, at most half of them whole sentences."""
    if context.previous is BlockKind.VERSE and (
        not context.line.gap or not is_sentence(context.text) or _is_stanza(context)
    ):
        return (
            not context.following
            or context.following[0].gap
            or columns(context.next) <= _LONGEST_VERSE
        )
    run = [context.text, *_run(context)]
    whole = sum(map(is_sentence, run))
    # A poem of a collection may begin with a shorter stanza.
    again = context.seen.verse and context.previous is BlockKind.BYLINE
    enough = len(run) >= (2 if again else 4) and 2 * whole <= len(run)
    return enough and not any(map(_is_marked_out, run))


def _run(context: LineContext) -> Iterator[str]:
    """The short lines that follow without a blank one."""
    for line in context.following:
        text = line.text.strip()
        if line.gap or columns(text) > _LONGEST_VERSE:
            return
        yield text


def _is_stanza(context: LineContext) -> bool:
    """After verse and a blank line, two lines and more that are hardly longer than it."""
    if not context.following or context.following[0].gap or _is_marked_out(context.next):
        return False
    longest = 1.5 * columns(context.before[0].text.strip())
    whole = is_sentence(context.text) and is_sentence(context.next)
    return not whole and max(context.width, columns(context.next)) <= longest


def _is_marked_out(text: str) -> bool:
    """Whether a short line has a reason of its own to be short."""
    labelled = patterns.label(text) or patterns.CHAPTER.match(text)
    listed = patterns.list_style(text) or patterns.SPEAKER.match(text) or "\t" in text
    return bool(labelled or listed or shapes.entry_shape(text)) or is_speech(text)


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
    _of_chat,
    _of_dialogue,
    _title,
    _subtitle,
    _byline,
    _caption,
    _chapter,
    _numbered_heading,
    _part,
    _section_number,
    _letter_formula,
    _list_opener,
    _entry,
    _poem_title,
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
    seen = Seen()
    for line, following in _with_following(lines):
        if not before and patterns.COMMENT.match(line.text):
            yield Block(line.text)
            continue
        if not in_head and _is_plain(line, following, before):
            block = Block(line.text)
        else:
            text, after = line.text.strip(), tuple(following)
            context = LineContext(line, text, after, facts, before, in_head, seen)
            block = _marked(context) or _unmarked_block(context)
            seen.add(block)
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
        # Where each line stands alone, blank lines part no stanzas; those of couplets they do.
        alone = not context.following or context.following[0].gap
        return 2 if context.line.gap and not (context.facts.spaced and alone) else 1
    if kind is not BlockKind.HEADING:
        return 1
    if patterns.SECTION.match(context.text):
        return 2
    return 1 if patterns.CHAPTER.match(context.text) or not context.facts.chapters else 2
