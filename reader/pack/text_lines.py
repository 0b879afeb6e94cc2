"""A text in numbered lines of one width, so that a sheet and its key break alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from reader.model import Block, BlockKind, Token, TokenKind

__all__ = ["WIDTH", "Line", "numbered_lines"]

WIDTH = 20
"""Ems of a line: with readings above it is half as long again, and still fits the paper."""
_OPENING = frozenset("「『（《〈【〔“‘([")
_LEFT_OUT = frozenset((BlockKind.IMAGE, BlockKind.SEPARATOR, BlockKind.CODE, BlockKind.TITLE))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text."""

    number: int
    """From 1; headings have numbers too."""
    tokens: tuple[Token, ...]
    starts: bool
    """Whether a paragraph begins with it."""
    heading: bool


def numbered_lines(blocks: Sequence[Block]) -> tuple[Line, ...]:
    """The lines of the blocks of a text, but for its title and what is no text.

    Words are not divided, and what closes stands with what it closes.
    """
    lines: list[Line] = []
    for block in blocks:
        if block.kind in _LEFT_OUT:
            continue
        heading = block.kind is BlockKind.HEADING
        for at, tokens in enumerate(_broken(block)):
            lines.append(Line(len(lines) + 1, tokens, at == 0, heading))
    return tuple(lines)


def _broken(block: Block) -> Iterator[tuple[Token, ...]]:
    line: list[Token] = []
    width = 0.0
    for unit in _units(block.tokens):
        wide = sum(map(_width, unit))
        if line and (width + wide > WIDTH or unit[0].text == "\n"):
            yield tuple(line)
            line, width = [], 0.0
        if line or any(not token.text.isspace() for token in unit):
            line += unit
            width += wide
    if line:
        yield tuple(line)


def _units(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Tokens that stand together: a word with what opens before it and closes behind it."""
    unit: list[Token] = []
    opens = False
    for token in _whole(tokens):
        closes = token.kind is TokenKind.PUNCTUATION and token.text[0] not in _OPENING
        if unit and not opens and not closes:
            yield unit
            unit = []
        unit.append(token)
        opens = token.text[-1:] in _OPENING
    if unit:
        yield unit


def _whole(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens; what is longer than a line, such as an address, in pieces of one."""
    for token in tokens:
        if _width(token) <= WIDTH:
            yield token
            continue
        for start in range(0, len(token.text), WIDTH):
            part = token.text[start : start + WIDTH]
            yield Token(part, TokenKind.LATIN if part.isascii() else TokenKind.OTHER)


def _width(token: Token) -> float:
    return sum(1.0 if east_asian_width(each) in "WF" else 0.55 for each in token.text)
