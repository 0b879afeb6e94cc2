"""What each line of an unmarked text is: title, heading, caption, verse … or a paragraph.

Rules are tried in the order of `RULES`; the first that answers wins. A rule sees the line, the
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

__all__ = [
    "DEEP_INDENT",
    "HEAD",
    "LONGEST_VERSE",
    "RULES",
    "Facts",
    "Line",
    "Place",
    "columns",
    "is_closed",
    "is_sentence",
    "is_speech",
    "recognise_blocks",
    "unmarked",
]


class Line(NamedTuple):
    """A line that is not blank."""

    text: str
    gap: bool
    """Whether a blank line, or the beginning, stands before it."""


class Facts(NamedTuple):
    """What is known of the whole text before its blocks are recognised."""

    lines: int = 0
    gaps: int = 0
    chapters: int = 0
    """Headings such as 第一章."""
    marked_chapters: int = 0
    """Lines of light markup that begin with a single `#`."""

    def with_portion(self, portion: str) -> Facts:
        gaps = _count(patterns.WHITE_LINE, f"\n{portion}\n", "\n")
        return Facts(
            self.lines + portion.count("\n") + 1 - gaps,
            self.gaps + gaps,
            self.chapters + _count(patterns.CHAPTER_LINE, portion, "第", "hapter", "HAPTER"),
            self.marked_chapters + _count(patterns.MARKED_CHAPTER, portion, "# "),
        )

    @property
    def spaced(self) -> bool:
        """Whether blank lines, not line ends, part the paragraphs."""
        return self.gaps > 0.4 * self.lines


def _count(sign: patterns.Sign, text: str, *needed: str) -> int:
    """How often the sign stands in the text; it is not tried where nothing needed is there."""
    if not any(string in text for string in needed):
        return 0
    return sum(1 for _ in sign.pattern.finditer(text))


@dataclass(slots=True)
class Place:
    """A line with what is around it."""

    line: Line
    text: str
    """The line without the white space around it."""
    following: tuple[Line, ...]
    facts: Facts
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


def is_closed(text: str) -> bool:
    """Whether the text ends as a sentence or clause does, brackets and quotes apart."""
    bare = text.rstrip(patterns.CLOSERS)
    return not bare or bare[-1] in patterns.CLOSED


def is_sentence(text: str) -> bool:
    bare = text.rstrip(patterns.CLOSERS)
    return bool(bare) and bare[-1] in patterns.FULL_STOPS


def is_speech(text: str) -> bool:
    """Words that someone says: quoted from the beginning, or after a colon."""
    if patterns.SPEECH.search(text):
        return True
    return text[0] in patterns.OPENING_QUOTES and (
        text[-1] in patterns.CLOSING_QUOTES
        or not any(quote in text for quote in patterns.CLOSING_QUOTES)
    )


def columns(text: str) -> int:
    """Columns on a screen, near enough: in UTF-8 a letter has one byte and a character three."""
    return (len(text) + len(text.encode())) // 2


# Columns, a Chinese character being two.
_TITLE, _HEADING, _HEADING_LATIN, _CHAPTER, _NAME = 120, 60, 90, 70, 24
LONGEST_VERSE = 44
DEEP_INDENT = 8
HEAD = frozenset({BlockKind.TITLE, BlockKind.SUBTITLE, BlockKind.BYLINE})


Rule = Callable[[Place], BlockKind | None]


def _title(place: Place) -> BlockKind | None:
    """The first line, when more follows and it does not read as a sentence of the text."""
    if place.before or not place.following or place.width > _TITLE:
        return None
    text = place.text
    sentence = text[-1] in patterns.STOPS or is_speech(text) or _is_verse(place)
    other = patterns.CHAPTER.match(text) or patterns.label(text) or _list_item(place)
    return None if sentence or other else BlockKind.TITLE


def _subtitle(place: Place) -> BlockKind | None:
    subtitle = place.previous is BlockKind.TITLE and patterns.DASHES.match(place.text)
    return BlockKind.SUBTITLE if subtitle and not is_closed(place.text) else None


def _byline(place: Place) -> BlockKind | None:
    """Who wrote it and when: in the head, or under the text."""
    text = place.text
    if place.width > _HEADING:
        return None
    if patterns.REPORTED.fullmatch(text):
        return BlockKind.BYLINE
    label = patterns.label(text)
    if place.in_head:
        alone = place.previous in HEAD and (_is_name(place) or patterns.DATE.fullmatch(text))
        asks = text[-1] in patterns.FULL_STOPS  # 記者：您怎麼看？ is the first question
        return BlockKind.BYLINE if alone or (label and not asks) else None
    tail = [label, *map(patterns.label, _following(place))]
    return BlockKind.BYLINE if all(name in patterns.CREDITS for name in tail) else None


def _is_name(place: Place) -> bool:
    return place.width <= _NAME and patterns.is_name(place.text)


def _editors_note(place: Place) -> BlockKind | None:
    """The line that says so, and what follows it without a blank line or fills a bare label."""
    if patterns.EDITORS_NOTE.match(place.text):
        return BlockKind.EDITORS_NOTE
    if place.previous is not BlockKind.EDITORS_NOTE:
        return None
    bare = patterns.EDITORS_NOTE.fullmatch(place.before[0].text.strip())
    goes_on = place.facts.spaced and not place.line.gap
    return BlockKind.EDITORS_NOTE if bare or goes_on else None


def _separator(place: Place) -> BlockKind | None:
    return BlockKind.SEPARATOR if patterns.SEPARATOR.fullmatch(place.text) else None


def _caption(place: Place) -> BlockKind | None:
    """A line that names itself one, or ends with the credit of a picture in brackets."""
    text = place.text
    if patterns.CAPTION.match(text):
        return BlockKind.CAPTION
    found = patterns.CREDIT_IN_BRACKETS.search(text) if text[-1] in ")）]】" else None
    if found is None:
        return None
    known = patterns.AGENCY.search(found["credit"])
    after_sentence = text[: found.start()].endswith(tuple(patterns.FULL_STOPS))
    plausible = after_sentence and not patterns.NOT_A_CREDIT.search(found["credit"])
    return BlockKind.CAPTION if known or plausible else None


def _chapter(place: Place) -> BlockKind | None:
    text = place.text
    if place.width > _CHAPTER or text[-1] in patterns.STOPS or not patterns.CHAPTER.match(text):
        return None
    return BlockKind.HEADING if place.following else None


def _section_number(place: Place) -> BlockKind | None:
    """A number alone on its line, with the section it numbers under it."""
    if not place.following or not patterns.NUMBER_ALONE.fullmatch(place.text):
        return None
    counted = patterns.NUMBER_ALONE.fullmatch(place.next) or place.in_head
    return BlockKind.HEADING if _stands_alone(place) and not counted else None


def _heading(place: Place) -> BlockKind | None:
    """A short line without final punctuation that stands before a paragraph."""
    text = place.text
    limit = _HEADING if patterns.has_han(text) else _HEADING_LATIN
    if place.width > limit or not _opens_paragraph(place) or not _stands_alone(place):
        return None
    unfit = (
        is_closed(text)
        or is_speech(text)
        or _speaker_before(place)
        or patterns.DATE.fullmatch(text)
        or not patterns.TWO_LETTERS.search(text)
        or _same_list(place)
    )
    return None if unfit else BlockKind.HEADING


def _stands_alone(place: Place) -> bool:
    """Parted from what is before: by a blank line, or by a sentence that ended."""
    if place.facts.spaced and (place.line.gap or place.previous is BlockKind.HEADING):
        return True
    previous = place.before[0] if place.before else None
    if place.facts.spaced or previous is None:
        return False
    return previous.kind is not BlockKind.PARAGRAPH or is_closed(previous.text.rstrip())


def _opens_paragraph(place: Place) -> bool:
    """A paragraph follows, at once or after one more heading."""
    if not place.following or patterns.SEPARATOR.fullmatch(place.next):
        return False
    if place.previous is BlockKind.VERSE:
        return columns(place.next) > LONGEST_VERSE
    if _is_prose(place.next):
        return True
    after = place.following[1].text.strip() if len(place.following) > 1 else ""
    return bool(after) and _is_prose(after) and columns(after) > _HEADING


def _is_prose(text: str) -> bool:
    return is_closed(text) or columns(text) > 2 * _HEADING or is_speech(text)


def _list_item(place: Place) -> BlockKind | None:
    return BlockKind.LIST_ITEM if patterns.list_style(place.text) else None


def _same_list(place: Place) -> bool:
    """Whether the line is an item of a list that has another item beside it."""
    style = patterns.list_style(place.text)
    beside = [line.text.strip() for line in place.following[:1]]
    beside += [block.text.strip() for block in place.before[:1]]
    return style is not None and any(patterns.list_style(text) == style for text in beside)


def _verse(place: Place) -> BlockKind | None:
    return BlockKind.VERSE if _is_verse(place) else None


def _is_verse(place: Place) -> bool:
    """Regular lines (clauses of 4 to 7 characters, again and again), or a run of short ones."""
    if place.width > LONGEST_VERSE or is_speech(place.text):
        return False
    return _is_regular(place) or _is_free(place)


def _is_regular(place: Place) -> bool:
    shape = patterns.verse_shape(place.text)
    if shape is None:
        return False
    if place.previous is BlockKind.VERSE:
        return patterns.verse_shape(place.before[0].text.strip()) == shape
    same = takewhile(lambda text: patterns.verse_shape(text) == shape, _following(place))
    return len(shape) * (1 + sum(1 for _ in same)) >= 4


def _is_free(place: Place) -> bool:
    """Four short lines without blank ones between, at most half of them whole sentences."""
    if place.previous is BlockKind.VERSE and (not place.line.gap or not is_closed(place.text)):
        return not place.following or place.following[0].gap or columns(place.next) <= LONGEST_VERSE
    run = [place.text]
    for line in place.following:
        if line.gap or columns(line.text.strip()) > LONGEST_VERSE:
            break
        run.append(line.text.strip())
    whole = sum(map(is_sentence, run))
    return len(run) >= 4 and 2 * whole <= len(run) and not any(map(_is_marked_out, run))


def _is_marked_out(text: str) -> bool:
    """Whether a short line has a reason of its own to be short."""
    labelled = patterns.label(text) or patterns.CHAPTER.match(text)
    listed = patterns.list_style(text) or patterns.SPEAKER.match(text)
    return bool(labelled or listed) or is_speech(text)


def _following(place: Place) -> Iterator[str]:
    return (line.text.strip() for line in place.following)


def _quotation(place: Place) -> BlockKind | None:
    """A line with its source under it (——魯迅), that source, or a line indented deeper."""
    text = place.text
    if patterns.ATTRIBUTION.fullmatch(text):
        return BlockKind.QUOTATION if place.previous is BlockKind.QUOTATION else None
    sourced = patterns.ATTRIBUTION.fullmatch(place.next) and not is_speech(text)
    indent = place.line.text[: len(place.line.text) - len(place.line.text.lstrip())]
    deep = columns(indent) >= DEEP_INDENT and place.width > _HEADING
    return BlockKind.QUOTATION if sourced or deep else None


def _speaker_before(place: Place) -> bool:
    """Whether the line is one of a dialogue written as in a play (王芳：你好)."""
    neighbours = [place.next, *(block.text.strip() for block in place.before[:1])]
    speaks = patterns.SPEAKER.match
    return speaks(place.text) is not None and any(speaks(text) for text in neighbours)


RULES: tuple[Rule, ...] = (
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


_AHEAD = 4
_LONGEST_RULED = 90
"""Past this a line outside the head is a paragraph, unless its first or last character tells."""


def recognise_blocks(lines: Iterable[Line], facts: Facts) -> Iterator[Block]:
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
            place = Place(line, line.text.strip(), tuple(following), facts, before, in_head)
            block = _marked(place) or _unmarked_block(place)
        in_head = in_head and block.kind in HEAD
        before = (block, *before[:1])
        yield block


def unmarked(line: str) -> str:
    """The line without its light markup, if it has any."""
    found = patterns.MARKUP.match(line)
    if found is None:
        return line
    return found["caption"] or found["rest"]


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
    start = text[: DEEP_INDENT // 2].lstrip()[:1]
    return (
        start not in patterns.NOTABLE
        and text[-1] not in patterns.BRACKETS
        and before[0].kind is not BlockKind.EDITORS_NOTE
        and not (following and following[0].text.lstrip()[:1] in patterns.DASH)
        and (columns(text) > _LONGEST_RULED + 2 * DEEP_INDENT or _is_closed_prose(text.strip()))
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


_NOT_PROSE = frozenset(patterns.DASH + patterns.CHAPTER.first)
"""What the source of a quotation and the name of a chapter begin with."""


def _marked(place: Place) -> Block | None:
    """The block that light markup says it is, if there is any."""
    found = patterns.MARKUP.match(place.line.text)
    if found is None:
        return None
    if found["caption"]:
        return Block(found["caption"], BlockKind.CAPTION)
    mark, rest = found["mark"], found["rest"]
    if mark[0] != "#":
        return Block(rest, _MARKS[mark])
    if not place.before and mark == "#" and not patterns.CHAPTER.match(rest):
        return Block(rest, BlockKind.TITLE)
    has_chapters = place.facts.marked_chapters > 1 or place.facts.chapters
    return Block(rest, BlockKind.HEADING, level=max(1, len(mark) - (not has_chapters)))


_MARKS = {">": BlockKind.QUOTATION, "|": BlockKind.VERSE, "\\": BlockKind.PARAGRAPH}


def _unmarked_block(place: Place) -> Block:
    for rule in RULES:
        kind = rule(place)
        if kind is not None:
            return Block(place.line.text, kind, level=_level(place, kind))
    return Block(place.line.text)


def _level(place: Place, kind: BlockKind) -> int:
    """1 for a chapter and for a heading of a text without chapters; 2 for one within a chapter."""
    if kind is not BlockKind.HEADING:
        return 1
    if patterns.SECTION.match(place.text):
        return 2
    return 1 if patterns.CHAPTER.match(place.text) or not place.facts.chapters else 2
