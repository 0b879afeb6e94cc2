"""What each line of an unmarked text is: title, heading, caption, verse … or a paragraph.

Rules are tried in the order of `RULES`; the first that answers wins. A rule sees the line, the
kind of the block before it and the few lines that follow, so a text is recognised as it streams.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from reader.model import Block, BlockKind
from reader.sources import patterns
from reader.sources.place import Facts, Line, Place, columns, is_closed
from reader.sources.rules import DEEP_INDENT, HEAD, LONGEST_VERSE, RULES

__all__ = ["Facts", "Line", "recognise_blocks", "unmarked"]

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
