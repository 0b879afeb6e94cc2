"""What each line of an unmarked text is: title, heading, caption, verse … or a paragraph.

Rules are tried in the order of `RULES`; the first that answers wins. A rule sees the line, the
kind of the block before it and the few lines that follow, so a text is recognised as it streams.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from reader.model import Block, BlockKind
from reader.sources import patterns

__all__ = ["Facts", "Line", "recognise_blocks", "unmarked"]

_AHEAD = 4
# Columns, a Chinese character being two.
_TITLE, _HEADING, _HEADING_LATIN, _CHAPTER, _VERSE, _NAME = 120, 60, 90, 70, 44, 24
_DEEP_INDENT = 8
_LONGEST_RULED = 90
"""Past this a line outside the head is a paragraph, unless its first or last character tells."""

HEAD = frozenset({BlockKind.TITLE, BlockKind.SUBTITLE, BlockKind.BYLINE})


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank."""

    text: str
    gap: bool
    """Whether a blank line, or the beginning, stands before it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the whole text before its blocks are recognised."""

    lines: int = 0
    gaps: int = 0
    chapters: int = 0
    """Headings such as 第一章."""
    marked_chapters: int = 0
    """Lines of light markup that begin with a single `#`."""

    def with_portion(self, portion: str) -> Facts:
        gaps = portion.count("\n\n") + _count(patterns.WHITE_LINE, portion, *_WHITE)
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


_WHITE = ("\n ", "\n\t", "\n\u3000", "\n\xa0")


def _count(sign: patterns.Sign, text: str, *needed: str) -> int:
    """How often the sign stands in the text; it is not tried where nothing needed is there."""
    if not any(string in text for string in needed):
        return 0
    return sum(1 for _ in sign.pattern.finditer(text))


@dataclass(slots=True)
class _Place:
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
        self.width = _columns(self.text)

    @property
    def previous(self) -> BlockKind | None:
        return self.before[0].kind if self.before else None

    @property
    def next(self) -> str:
        return self.following[0].text.strip() if self.following else ""


Rule = Callable[[_Place], BlockKind | None]


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
            place = _Place(line, line.text.strip(), following, facts, before, in_head)
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


def _with_following(lines: Iterable[Line]) -> Iterator[tuple[Line, tuple[Line, ...]]]:
    window: deque[Line] = deque()
    for line in lines:
        window.append(line)
        if len(window) > _AHEAD:
            yield window.popleft(), tuple(window)
    while window:
        yield window.popleft(), tuple(window)


def _is_plain(line: Line, following: tuple[Line, ...], before: tuple[Block, ...]) -> bool:
    """Whether no rule can have anything to say of the line: what most lines of a novel are."""
    text = line.text
    start = text[: _DEEP_INDENT // 2].lstrip()[:1]
    return (
        start not in patterns.NOTABLE
        and text[-1] not in patterns.BRACKETS
        and _columns(text) > _LONGEST_RULED + 2 * _DEEP_INDENT
        and before[0].kind is not BlockKind.EDITORS_NOTE
        and not (following and following[0].text.lstrip()[:1] in patterns.DASH)
    )


def _marked(place: _Place) -> Block | None:
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


def _unmarked_block(place: _Place) -> Block:
    for rule in _RULES:
        kind = rule(place)
        if kind is not None:
            return Block(place.line.text, kind, level=_level(place, kind))
    return Block(place.line.text)


def _level(place: _Place, kind: BlockKind) -> int:
    """1 for a chapter and for a heading of a text without chapters; 2 for one within a chapter."""
    if kind is not BlockKind.HEADING:
        return 1
    if patterns.SECTION.match(place.text):
        return 2
    return 1 if patterns.CHAPTER.match(place.text) or not place.facts.chapters else 2


def _title(place: _Place) -> BlockKind | None:
    """The first line, when more follows and it does not read as a sentence of the text."""
    if place.before or not place.following or place.width > _TITLE:
        return None
    text = place.text
    sentence = text[-1] in patterns.STOPS or _is_speech(text) or _is_verse(place)
    other = patterns.CHAPTER.match(text) or patterns.label(text) or _list_item(place)
    return None if sentence or other else BlockKind.TITLE


def _subtitle(place: _Place) -> BlockKind | None:
    subtitle = place.previous is BlockKind.TITLE and patterns.DASHES.match(place.text)
    return BlockKind.SUBTITLE if subtitle and not _is_closed(place.text) else None


def _byline(place: _Place) -> BlockKind | None:
    """Who wrote it and when: in the head, or under the text."""
    text = place.text
    if place.width > _HEADING:
        return None
    label = patterns.label(text)
    if place.in_head:
        alone = place.previous in HEAD and (_is_name(place) or patterns.DATE.fullmatch(text))
        return BlockKind.BYLINE if alone or label else None
    tail = [label, *map(patterns.label, _following(place))]
    return BlockKind.BYLINE if all(name in patterns.CREDITS for name in tail) else None


def _is_name(place: _Place) -> bool:
    return place.width <= _NAME and patterns.is_name(place.text)


def _editors_note(place: _Place) -> BlockKind | None:
    """The line that says so, and what follows it without a blank line or fills a bare label."""
    if patterns.EDITORS_NOTE.match(place.text):
        return BlockKind.EDITORS_NOTE
    if place.previous is not BlockKind.EDITORS_NOTE:
        return None
    bare = patterns.EDITORS_NOTE.fullmatch(place.before[0].text.strip())
    goes_on = place.facts.spaced and not place.line.gap
    return BlockKind.EDITORS_NOTE if bare or goes_on else None


def _separator(place: _Place) -> BlockKind | None:
    return BlockKind.SEPARATOR if patterns.SEPARATOR.fullmatch(place.text) else None


def _caption(place: _Place) -> BlockKind | None:
    """A line that names itself one, or ends with the credit of a picture in brackets."""
    text = place.text
    if patterns.CAPTION.match(text):
        return BlockKind.CAPTION
    found = patterns.CREDIT_IN_BRACKETS.search(text) if text[-1] in ")）]】" else None
    if found is None:
        return None
    known = patterns.AGENCY.search(found["credit"])
    after_sentence = text[found.start() - 1 : found.start()] in patterns.FULL_STOPS
    plausible = after_sentence and not patterns.NOT_A_CREDIT.search(found["credit"])
    return BlockKind.CAPTION if known or plausible else None


def _chapter(place: _Place) -> BlockKind | None:
    text = place.text
    if place.width > _CHAPTER or text[-1] in patterns.STOPS or not patterns.CHAPTER.match(text):
        return None
    return BlockKind.HEADING if place.following else None


def _heading(place: _Place) -> BlockKind | None:
    """A short line without final punctuation that stands before a paragraph."""
    text = place.text
    limit = _HEADING if patterns.has_han(text) else _HEADING_LATIN
    if place.width > limit or not _opens_paragraph(place) or not _stands_alone(place):
        return None
    unfit = (
        _is_closed(text)
        or _is_speech(text)
        or _speaker_before(place)
        or patterns.DATE.fullmatch(text)
        or not patterns.TWO_LETTERS.search(text)
        or _same_list(place)
    )
    return None if unfit else BlockKind.HEADING


def _stands_alone(place: _Place) -> bool:
    """Parted from what is before: by a blank line, or by a sentence that ended."""
    if place.facts.spaced and (place.line.gap or place.previous is BlockKind.HEADING):
        return True
    previous = place.before[0] if place.before else None
    if place.facts.spaced or previous is None:
        return False
    return previous.kind is not BlockKind.PARAGRAPH or _is_closed(previous.text.rstrip())


def _opens_paragraph(place: _Place) -> bool:
    """A paragraph follows, at once or after one more heading."""
    if not place.following or patterns.SEPARATOR.fullmatch(place.next):
        return False
    if place.previous is BlockKind.VERSE:
        return _columns(place.next) > _VERSE
    if _is_prose(place.next):
        return True
    after = place.following[1].text.strip() if len(place.following) > 1 else ""
    return bool(after) and _is_prose(after) and _columns(after) > _HEADING


def _is_prose(text: str) -> bool:
    return _is_closed(text) or _columns(text) > 2 * _HEADING or _is_speech(text)


def _list_item(place: _Place) -> BlockKind | None:
    return BlockKind.LIST_ITEM if patterns.list_style(place.text) else None


def _same_list(place: _Place) -> bool:
    """Whether the line is an item of a list that has another item beside it."""
    style = patterns.list_style(place.text)
    beside = [line.text.strip() for line in place.following[:1]]
    beside += [block.text.strip() for block in place.before[:1]]
    return style is not None and any(patterns.list_style(text) == style for text in beside)


def _verse(place: _Place) -> BlockKind | None:
    return BlockKind.VERSE if _is_verse(place) else None


def _is_verse(place: _Place) -> bool:
    """Regular lines (clauses of 4 to 7 characters, again and again), or a run of short ones."""
    if place.width > _VERSE or _is_speech(place.text):
        return False
    return _is_regular(place) or _is_free(place)


def _is_regular(place: _Place) -> bool:
    shape = patterns.verse_shape(place.text)
    if shape is None:
        return False
    if place.previous is BlockKind.VERSE:
        return patterns.verse_shape(place.before[0].text.strip()) == shape
    same = takewhile(lambda text: patterns.verse_shape(text) == shape, _following(place))
    return len(shape) * (1 + sum(1 for _ in same)) >= 4


def _is_free(place: _Place) -> bool:
    """Four short lines without blank ones between, at most half of them whole sentences."""
    if place.previous is BlockKind.VERSE and (not place.line.gap or not _is_closed(place.text)):
        return not place.following or place.following[0].gap or _columns(place.next) <= _VERSE
    run = [place.text]
    for line in place.following:
        if line.gap or _columns(line.text.strip()) > _VERSE:
            break
        run.append(line.text.strip())
    whole = sum(map(_is_sentence, run))
    return len(run) >= 4 and 2 * whole <= len(run) and not any(map(_is_marked_out, run))


def _is_marked_out(text: str) -> bool:
    """Whether a short line has a reason of its own to be short."""
    labelled = patterns.label(text) or patterns.CHAPTER.match(text)
    listed = patterns.list_style(text) or patterns.SPEAKER.match(text)
    return bool(labelled or listed) or _is_speech(text)


def _following(place: _Place) -> Iterator[str]:
    return (line.text.strip() for line in place.following)


def _quotation(place: _Place) -> BlockKind | None:
    """A line with its source under it (——魯迅), that source, or a line indented deeper."""
    text = place.text
    if patterns.ATTRIBUTION.fullmatch(text):
        return BlockKind.QUOTATION if place.previous is BlockKind.QUOTATION else None
    sourced = patterns.ATTRIBUTION.fullmatch(place.next) and not _is_speech(text)
    indent = place.line.text[: len(place.line.text) - len(place.line.text.lstrip())]
    deep = _columns(indent) >= _DEEP_INDENT and place.width > _HEADING
    return BlockKind.QUOTATION if sourced or deep else None


def _is_closed(text: str) -> bool:
    """Whether the text ends as a sentence or clause does, brackets and quotes apart."""
    bare = text.rstrip(patterns.CLOSERS)
    return not bare or bare[-1] in patterns.CLOSED


def _is_sentence(text: str) -> bool:
    bare = text.rstrip(patterns.CLOSERS)
    return bool(bare) and bare[-1] in patterns.FULL_STOPS


def _is_speech(text: str) -> bool:
    """Words that someone says: quoted from the beginning, or after a colon."""
    if patterns.SPEECH.search(text):
        return True
    return text[0] in patterns.OPENING_QUOTES and (
        text[-1] in patterns.CLOSING_QUOTES
        or not any(quote in text for quote in patterns.CLOSING_QUOTES)
    )


def _speaker_before(place: _Place) -> bool:
    """Whether the line is one of a dialogue written as in a play (王芳：你好)."""
    neighbours = [place.next, *(block.text.strip() for block in place.before[:1])]
    speaks = patterns.SPEAKER.match
    return speaks(place.text) is not None and any(speaks(text) for text in neighbours)


def _columns(text: str) -> int:
    """Columns on a screen, near enough: in UTF-8 a letter has one byte and a character three."""
    return (len(text) + len(text.encode())) // 2


_RULES: tuple[Rule, ...] = (
    _separator,
    _editors_note,
    _title,
    _subtitle,
    _byline,
    _caption,
    _chapter,
    _verse,
    _heading,
    _list_item,
    _quotation,
)
