"""What each line of an unmarked text is: title, heading, caption, verse … or a paragraph.

Rules are tried in the order of `_RULES`; the first that answers wins. A rule sees the line, the
kind of the block before it, the few lines that follow, and what the beginning of the text showed,
so a text is recognised as it streams.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import reader.sources.line_patterns as patterns
import reader.sources.line_shapes as shapes
from reader.model import Block, BlockKind
from reader.scripts import has_han
from reader.sources.line_context import (
    HEAD,
    HEADING,
    LONGEST_VERSE,
    NAME,
    Line,
    LineContext,
    Seen,
    TextFacts,
    is_prose,
    with_following,
)
from reader.sources.line_decision import Answer, decided
from reader.sources.line_head import byline, subtitle, title
from reader.sources.line_patterns import columns, is_closed, is_sentence, is_speech
from reader.sources.line_runs import (
    entry,
    is_poem_in_a_line,
    list_follows,
    list_item,
    row,
    same_list,
    verse,
)

__all__ = ["Line", "TextFacts", "recognise_blocks", "rule_answers", "unmarked"]

# Columns, a Chinese character being two.
_HEADING_LATIN, _CHAPTER = 90, 70
_DEEP_INDENT = 8
_LONG = 40
_SOURCE = 30  # characters in which a quotation names its source
_LONGEST_CREDIT = 64  # in characters


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
    if style is None or context.width > HEADING:
        return None
    known = style in context.forms.heading_styles and style in _NUMERALS
    if not context.following:
        ends = known and style in context.seen.headings and not is_closed(context.text)
        return BlockKind.HEADING if ends else None
    if same_list(context) and not known and not _ends_section(context, style):
        return None
    return BlockKind.HEADING if _numbers_heading(context, style) else None


def _ends_section(context: LineContext, style: str) -> bool:
    """Whether a blank line or a heading parts it from what is numbered so before it."""
    below = patterns.list_style(context.next) == style
    return not below and (context.line.gap or context.previous is BlockKind.HEADING)


def _numbers_heading(context: LineContext, style: str) -> bool:
    closed = is_closed(context.text) and context.text[-1] not in ":："
    if style in context.forms.heading_styles and (style in _NUMERALS or not closed):
        return True
    if style not in _NUMERALS:
        return False
    again = style in context.seen.headings and not is_sentence(context.text)
    below = patterns.list_style(context.next) is not None
    below = below and style not in context.seen.items
    return below or again or (not is_closed(context.text) and is_prose(context.next))


_NUMERALS = ("stems", "numerals", "bracketed numerals")


def _part(context: LineContext) -> BlockKind | None:
    """生词, 【注释】, 第二场, [副歌], 译文：; the date over a part of a diary."""
    first = context.in_head and not context.before
    divides = context.text[0] != "第" or context.forms.divided
    if not context.following or (first and not divides):
        return None
    bracketed = shapes.is_bracketed(context.text) and not context.forms.speakers and not first
    part = bracketed or _names_part(context) or _is_over_its_text(context)
    return BlockKind.HEADING if part else None


def _names_part(context: LineContext) -> bool:
    text = context.text
    if shapes.is_dated_entry(text) or shapes.is_part_name(text):
        return True
    if text[-1] not in ":：" or not shapes.is_part_name(text[:-1]):
        return False
    # 材料： opens a list, as a paragraph does; what is numbered stands under a heading.
    listed = _lists(context.next)
    numbered = patterns.list_style(context.next) not in (None, "bullet")
    return not listed or (numbered and not shapes.is_recipe_part(text[:-1]))


def _lists(text: str) -> bool:
    return patterns.list_style(text) is not None or shapes.entry_shape(text) is not None


def _is_over_its_text(context: LineContext) -> bool:
    """One of several lines in 【】, or that name a work."""
    if shapes.is_bracketed(context.text):
        return context.forms.bracketed
    return context.forms.works and shapes.is_work(context.text) and bool(context.before)


def _of_dialogue(context: LineContext) -> BlockKind | None:
    """Words of someone who speaks again and again."""
    speaker = shapes.speaker(context.text) if context.forms.speakers else None
    if speaker not in context.forms.speakers:
        return None
    # Over the text 记者：王芳 says who wrote it.
    value = context.text[len(speaker or "") + 1 :].strip()
    signed = context.in_head and patterns.label(context.text) and patterns.is_name(value)
    return None if signed else BlockKind.PARAGRAPH


def _of_chat(context: LineContext) -> BlockKind | None:
    """Every line of a chat: who writes and when, the date over a day, or what is written."""
    text, names = context.text, context.forms.chat
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


def _section_number(context: LineContext) -> BlockKind | None:
    """A number alone on its line, with the section it numbers under it."""
    if not context.following or not patterns.NUMBER_ALONE.fullmatch(context.text):
        return None
    counted = patterns.NUMBER_ALONE.fullmatch(context.next) or context.in_head
    return BlockKind.HEADING if _stands_alone(context) and not counted else None


def _heading(context: LineContext) -> BlockKind | None:
    """A short line without final punctuation that stands before a paragraph."""
    text = context.text
    limit = HEADING if has_han(text) else _HEADING_LATIN
    if context.width > limit or not _opens_section(context) or not _stands_alone(context):
        return None
    return None if _is_no_heading(context) else BlockKind.HEADING


def _is_no_heading(context: LineContext) -> bool:
    text = context.text
    if is_closed(text) or is_speech(text) or same_list(context) or _speaker_before(context):
        return True
    within = patterns.IN_BRACKETS.fullmatch(text) or patterns.list_style(text) == "bullet"
    said = patterns.DATE.fullmatch(text) or patterns.FILLED_IN.search(text)
    staged = bool(context.forms.speakers) and shapes.is_bracketed(text)
    words = patterns.TWO_LETTERS.search(text)
    return bool(within or said or staged or not words)


def _stands_alone(context: LineContext) -> bool:
    """Parted from what is before: by a blank line, or by a sentence that ended."""
    if context.facts.spaced and (context.line.gap or context.previous is BlockKind.HEADING):
        return True
    previous = context.before[0] if context.before else None
    if context.facts.spaced or previous is None:
        return False
    text = context.previous_text
    ended = is_closed(text) or (text[0] in "（(" and text[-1] in ")）")
    return previous.kind is not BlockKind.PARAGRAPH or ended


def _opens_section(context: LineContext) -> bool:
    """A paragraph or a list follows, at once or after one more heading."""
    if not context.following or patterns.SEPARATOR.fullmatch(context.next):
        return False
    if context.previous is BlockKind.VERSE:
        return columns(context.next) > LONGEST_VERSE
    if is_prose(context.next) or list_follows(context) or _opens_list(context):
        return True
    if context.is_alone and context.width <= NAME and columns(context.next) > _LONG:
        return True
    after = context.after_next
    return bool(after) and is_prose(after) and columns(after) > HEADING


def _opens_list(context: LineContext) -> bool:
    """Whether a list comes next, perhaps under one more heading; or things that a recipe does."""
    below, after = context.next, context.after_next
    style = patterns.list_style(below)
    numbered = patterns.list_style(context.text)
    if numbered:
        parted = context.is_alone and not is_closed(context.text)
        return parted and style not in (None, numbered)
    if _lists(context.text) or context.width > NAME or not after:
        return False
    steps = context.forms.recipe and context.is_alone and not is_closed(context.text)
    return steps or _is_list_or_over_one(below, after)


def _is_list_or_over_one(below: str, after: str) -> bool:
    style = patterns.list_style(after)
    if patterns.list_style(below) is not None:
        return patterns.list_style(below) in ("bullet", style)
    return style is not None and not _lists(below) and columns(below) <= NAME


def _quotation(context: LineContext) -> BlockKind | None:
    """A line with its source under it (——魯迅), that source, or a line indented deeper."""
    text = context.text
    if patterns.ATTRIBUTION.fullmatch(text):
        return BlockKind.QUOTATION if context.previous is BlockKind.QUOTATION else None
    source = patterns.ATTRIBUTION.fullmatch(context.next) and len(context.following) > 1
    sourced = source and not is_speech(text)
    indent = context.line.text[: len(context.line.text) - len(context.line.text.lstrip())]
    deep = columns(indent) >= _DEEP_INDENT and context.width > HEADING
    named = "—" in text[-_SOURCE:] and context.width <= _LONGEST_RULED and not is_closed(text)
    from_work = patterns.QUOTED_FROM.fullmatch(text) if named else None
    return BlockKind.QUOTATION if sourced or deep or from_work else None


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
    title,
    subtitle,
    row,
    byline,
    _caption,
    _chapter,
    _numbered_heading,
    _part,
    _section_number,
    entry,
    verse,
    _heading,
    list_item,
    _quotation,
)

_AHEAD = 4  # lines
_HEAD_LINES = 2
_DECIMAL = 2  # numbers, as in 1.2
_SHORT_TEXT = 200
"""Lines, after which one that ends as a paragraph is one if no rule says otherwise."""
_LONGEST_RULED = 90
"""Past this a line outside the head is a paragraph, unless its first or last character tells."""
_LONGEST_ASKED, _PROSE = 90, 160
"""Columns past which a line of which no rule can say anything is a paragraph without a doubt, and
one of which none does: of marked lines 98 % and all."""


def recognise_blocks(lines: Iterable[Line], facts: TextFacts) -> Iterator[Block]:
    """A block for each line. Its text is the line as written, less its light markup."""
    return decided(rule_answers(lines, facts), facts)


def rule_answers(lines: Iterable[Line], facts: TextFacts) -> Iterator[Answer]:
    """What the rules say of each line, which light markup and those before it decide too."""
    before: tuple[Block, ...] = ()
    in_head = True
    seen = Seen()
    may_be_plain = not facts.forms.tune
    for number, (line, following) in enumerate(with_following(lines, _AHEAD)):
        if not before and (_is_breadcrumb(line) or _is_over_head(line, following)):
            ends = _ends(following)
            yield Answer.of(line, Block(line.text), "over", sure=False, ends=ends)
            continue
        if may_be_plain and not in_head and _is_plain(line, following, before):
            sure = number >= _SHORT_TEXT or columns(line.text.strip()) > _LONGEST_ASKED
            answer = Answer(line, Block(line.text), _PARAGRAPH, "plain", sure, _ends(following))
        else:
            text, after = line.text.strip(), tuple(following)
            context = LineContext(line, text, after, facts, before, in_head, seen)
            answer = _answer(context, is_long=number >= _SHORT_TEXT)
            block = answer.block
            if _is_inner(context, block):
                seen.inner.add(patterns.list_style(text) or "")
            seen.add(block)
        in_head = in_head and answer.block.kind in HEAD
        before = (answer.block, *before[:1])
        yield answer


_PARAGRAPH = str(BlockKind.PARAGRAPH)


def _ends(following: Sequence[Line]) -> bool:
    """Whether nothing comes after a line, or a blank line does."""
    return not following or following[0].gap


def _answer(context: LineContext, *, is_long: bool) -> Answer:
    """What markup or the rules say; late in a text a line without a rule may be sure, and so is a
    very long one."""
    ends = _ends(context.following)
    marked = _marked(context)
    if marked is not None:
        return Answer.of(context.line, marked, "marked", sure=True, ends=ends)
    block, rule = _unmarked_block(context)
    late = is_long and is_closed(context.text)
    sure = rule == "none" and (late or context.width > _PROSE)
    sure = sure or (block.kind is BlockKind.VERSE and is_poem_in_a_line(context.text))
    return Answer.of(context.line, block, rule, sure=sure, ends=ends)


def _is_breadcrumb(line: Line) -> bool:
    text = line.text.strip()
    where = len(text) <= 120 and patterns.WHERE.fullmatch(text) is not None
    where = where and not is_poem_in_a_line(text)
    return where or patterns.COMMENT.match(line.text) is not None


def _is_over_head(line: Line, following: Sequence[Line]) -> bool:
    """Whether a sentence stands over the title, which has its byline under it."""
    if following and _is_breadcrumb(following[0]) and is_sentence(line.text.strip()):
        return True
    texts = [below.text.strip() for below in list(following)[:2] if below.gap]
    if len(texts) < _HEAD_LINES or not is_sentence(line.text.strip()):
        return False
    return not is_sentence(texts[0]) and len(patterns.labels(texts[1])) > 1


def unmarked(line: str) -> str:
    """The line without its light markup, if it has any."""
    match = patterns.MARKUP.match(line)
    if match is None:
        return line
    return match["caption"] or match["rest"]


def _is_plain(line: Line, following: Sequence[Line], before: tuple[Block, ...]) -> bool:
    """Whether no rule can have anything to say of the line: what most lines of a novel are."""
    text = line.text
    start = text[: _DEEP_INDENT // 2].lstrip()[:1]
    return (
        start not in patterns.NOTABLE
        and text[-1] not in patterns.BRACKETS
        and before[0].kind is not BlockKind.EDITORS_NOTE
        and not is_poem_in_a_line(text.strip())
        and not (following and following[0].text.lstrip()[:1] in patterns.DASH)
        and (columns(text) > _LONGEST_RULED + 2 * _DEEP_INDENT or _is_closed_prose(text.strip()))
    )


def _is_closed_prose(text: str) -> bool:
    """Whether a line too long for verse ends as no heading, byline or caption does."""
    return (
        text[0] not in _NOT_PROSE
        and text[-1] not in patterns.BRACKETS
        and is_closed(text)
        and columns(text) > LONGEST_VERSE
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


def _unmarked_block(context: LineContext) -> tuple[Block, str]:
    """The block, and the name of the rule that says so."""
    for rule in _RULES:
        kind = rule(context)
        if kind is not None:
            block = Block(context.line.text, kind, level=_level(context, kind))
            return block, rule.__name__.strip("_")
    return Block(context.line.text), "none"


def _level(context: LineContext, kind: BlockKind) -> int:
    """1 for a chapter and for a heading of a text without chapters; 2 for one within a chapter."""
    if kind is not BlockKind.HEADING:
        return 1
    if patterns.SECTION.match(context.text):
        return 2
    within = context.facts.chapters and context.seen.chapter
    level = 1 if patterns.CHAPTER.match(context.text) or not within else 2
    return level + _outer_styles(context)


def _is_inner(context: LineContext, block: Block) -> bool:
    numbered = block.kind is BlockKind.HEADING and patterns.list_style(context.text) in _RANKS
    return numbered and _is_under_bare_heading(context)


def _is_under_bare_heading(context: LineContext) -> bool:
    """Whether a heading without a number stands right over the first of its numbered ones."""
    text = context.previous_text
    over = context.previous is BlockKind.HEADING and patterns.list_style(text) is None
    style = patterns.list_style(context.text)
    first = style not in (*_NUMERALS, *context.seen.headings)
    chapter = patterns.CHAPTER.match(text) or not over
    return over and first and not chapter and context.before[0].level == 1


def _outer_styles(context: LineContext) -> int:
    """How many styles number the headings that a numbered one is under: 1. is within 一、."""
    style = patterns.list_style(context.text)
    if style not in _RANKS:
        return 0
    if style in context.seen.inner or _is_under_bare_heading(context):
        return 1
    return sum(outer in context.seen.headings for outer in _RANKS[: _RANKS.index(style)])


_RANKS = (*_NUMERALS, "digits", "bracketed digits", "circled digits")
"""Styles of numbered headings, from the outermost on."""
