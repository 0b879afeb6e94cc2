"""Subtitles written back: each cue with its times, and the readings on a line of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import BinaryIO, TypeAlias

from reader.errors import WriteError
from reader.model import (
    Block,
    Cue,
    Flow,
    Mark,
    MarkKind,
    Token,
    TokenKind,
    Translation,
    reading_line,
)
from reader.options import Gloss, Layout, PinyinLine, RenderOptions, Script
from reader.subtitles import PINYIN, STYLES, Event, written
from reader.writers.policy import WordDisplay, policy_of
from reader.writers.pronunciation import SentenceReadings

__all__ = ["write_ass", "write_srt", "write_vtt"]


def write_srt(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    """Write `flow`, whose blocks are all subtitles, as SubRip in UTF-8.

    Above each line of text, or below it, stands how it is read; a reading that the text gives
    itself stands there once. Raises `WriteError` for a block that has no times.
    """
    _write(flow, file, options, _Srt())


def write_vtt(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    """The same as WebVTT."""
    _write(flow, file, options, _Vtt())


def write_ass(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    """The same as Advanced SubStation Alpha, the readings in a style of their own (`Pinyin`).

    The other styles are those of the source, if it was ASS too.
    """
    _write(flow, file, options, _Ass())


def _write(flow: Flow, file: BinaryIO, options: RenderOptions, dialect: _Dialect) -> None:
    lines = _Lines(options, dialect)
    translations = _translations(flow.translation, options)
    events = []
    for index, block in enumerate(flow.blocks):
        if block.cue is None:
            message = "has no times: only subtitles can be written as subtitles"
            raise WriteError(f"block {index + 1} {message}", excerpt=block.text)
        texts = [*lines.of(block), *map(dialect.text, translations.get(index, ()))]
        events.append(dialect.event(block.cue, "\n".join(texts)))
    styles = next((each.data for each in flow.resources if each.media_type == STYLES), b"")
    file.write(written(events, dialect.format, styles.decode()).encode())


def _translations(
    translation: Translation | None, options: RenderOptions
) -> dict[int, tuple[str, ...]]:
    """What stands under each block: of a link, under its first."""
    found: dict[int, tuple[str, ...]] = {}
    if translation is None or options.layout is Layout.HIDDEN:
        return found
    for link in translation.links:
        whole = link.sources and link.sources[0].sentence is None
        texts = [translation.blocks[end.block].text for end in link.targets] if whole else []
        if texts:
            found[link.sources[0].block] = (" ".join(texts),)
    return found


_ELEMENTS = {
    MarkKind.EMPHASIS: "i",
    MarkKind.STRONG: "b",
    MarkKind.UNDERLINE: "u",
    MarkKind.STRIKE: "s",
}
"""What subtitles have of the marks of a text; ASS has tags of the same names."""


class _Dialect:
    """How a format writes what a cue has."""

    format = ""

    def text(self, text: str) -> str:
        return text

    def reading(self, text: str, style: str) -> str:
        """How a line is read; `style` is that of the cue."""
        return self.text(text)

    def marked(self, text: str, kind: MarkKind) -> str:
        """Text of the format, in italics or such."""
        name = _ELEMENTS[kind]
        return f"<{name}>{text}</{name}>"

    def event(self, cue: Cue, text: str) -> Event:
        raise NotImplementedError


_ALIGNED = re.compile(r"\\an([1-9])")
_AT_TOP = re.compile(r"line:(?:[0-2]|[0-2]?\d(?:\.\d+)?%)(?![\d%])")


def _alignment(position: str) -> int | None:
    """Where a cue stands, by the keys of a number pad: 2 is at the bottom, 8 at the top."""
    aligned = _ALIGNED.search(position)
    if aligned:
        return int(aligned[1])
    return 8 if _AT_TOP.search(position) else None


class _Srt(_Dialect):
    format = "srt"

    def event(self, cue: Cue, text: str) -> Event:
        place = _alignment(cue.position)
        return Event(cue.start, cue.end, (rf"{{\an{place}}}" if place else "") + text)


class _Vtt(_Dialect):
    format = "vtt"

    def text(self, text: str) -> str:
        return escape(text, quote=False)

    def event(self, cue: Cue, text: str) -> Event:
        speaker = " ".join(re.sub("[<>&]", " ", cue.speaker).split())
        text = f"<v {speaker}>{text}" if speaker else text
        return Event(cue.start, cue.end, text, settings=self._settings(cue.position))

    def _settings(self, position: str) -> str:
        if position and "\\" not in position:
            return position
        place = _alignment(position)
        if place is None or place == 2:
            return ""
        row = {0: "", 1: "line:50%", 2: "line:0"}[(place - 1) // 3]
        side = {1: "align:start", 0: "align:end"}.get(place % 3, "")
        return f"{row} {side}".strip()


class _Ass(_Dialect):
    format = "ass"

    def text(self, text: str) -> str:
        # What would be a tag of ASS: no escape of a backslash is known to all players.
        return re.sub(r"\\(?=[Nnh{}])", "＼", text).replace("{", "｛").replace("}", "｝")

    def reading(self, text: str, style: str) -> str:
        return rf"{{\r{PINYIN}}}{self.text(text)}{{\r{style}}}"

    def marked(self, text: str, kind: MarkKind) -> str:
        name = _ELEMENTS[kind]
        return rf"{{\{name}1}}{text}{{\{name}0}}"

    def event(self, cue: Cue, text: str) -> Event:
        place = _alignment(cue.position)
        tags = cue.position if "\\" in cue.position else rf"\an{place}" if place else ""
        text = f"{{{tags}}}{text}" if tags else text
        return Event(cue.start, cue.end, text, speaker=cue.speaker, style=cue.style)


_Span: TypeAlias = tuple[int, int, MarkKind]


class _Lines:
    """The lines of a cue: its text, and the readings beside it."""

    def __init__(self, options: RenderOptions, dialect: _Dialect) -> None:
        self._options = options
        self._dialect = dialect
        self._policy = policy_of(options)
        self._ask = self._policy.start_chapter()
        # Subtitles have no notes and no list at the end.
        self._glossed = options.gloss in (Gloss.INLINE, Gloss.RUBY)
        self._readings = SentenceReadings(options)

    def of(self, block: Block) -> Iterator[str]:
        """Lines as they are to be written; a block that was not annotated has but its text."""
        breaks = sorted({m.start for m in block.marks if m.kind is MarkKind.LINE_BREAK})
        tokens = self._readings.tokens(block)
        marks = [mark for mark in block.marks if mark.kind in _ELEMENTS]
        if not tokens:
            ends = (0, *breaks, len(block.text))
            yield from (self._marked(block.text[a:b], a, marks) for a, b in pairwise(ends))
            return
        style = block.cue.style if block.cue else ""
        start = 0
        for own in _lines(tokens, breaks):
            yield from self._with_helps(own, start, marks, style)
            start += sum(len(token.text) for token in own)

    def _with_helps(
        self, tokens: Sequence[Token], start: int, marks: Sequence[Mark], style: str
    ) -> Iterator[str]:
        """A line that begins at `start` of its block, and the helps above it or below."""
        texts = [self._marked(text, start, marks) for text in self._texts(tokens)]
        shown = [self._dialect.reading(text, style) for text in self._helps(tokens)]
        above = self._options.pinyin_line is PinyinLine.ABOVE
        yield from (*shown, *texts) if above else (*texts, *shown)

    def _texts(self, tokens: Sequence[Token]) -> list[str]:
        """The text in the script asked for, or in both where they differ."""
        own, *others = {
            Script.AS_IS: [_own],
            Script.SIMPLIFIED: [_simplified],
            Script.TRADITIONAL: [_traditional],
            Script.BOTH: [_own, _simplified, _traditional],
        }[self._options.script]
        texts = ["".join(map(form, tokens)) for form in (own, *others)]
        return list(dict.fromkeys(texts))

    def _marked(self, text: str, start: int, marks: Iterable[Mark]) -> str:
        """A line as the format has it; it begins at `start` of its block."""
        whole = range(len(text) - len(text.lstrip()), len(text.rstrip()))
        spans = {
            (max(mark.start - start, whole.start), min(mark.end - start, whole.stop), mark.kind)
            for mark in marks
        }
        spans = {(a, b, kind) for a, b, kind in spans if a < b}
        ends = sorted({whole.start, whole.stop, *(end for span in spans for end in span[:2])})
        return "".join(self._piece(text, a, b, spans) for a, b in pairwise(ends))

    def _piece(self, text: str, start: int, end: int, spans: Iterable[_Span]) -> str:
        kinds = {kind for a, b, kind in spans if a <= start and end <= b}
        piece = self._dialect.text(text[start:end])
        for kind in sorted(kinds):
            piece = self._dialect.marked(piece, kind)
        return piece

    def _helps(self, tokens: Sequence[Token]) -> list[str]:
        """The readings of all words, and the glosses of some; or both of the words that get any."""
        shown = self._shown(tokens)
        read = [token for token in shown if token.reading]
        if all(shown[token].reading for token in read):
            lines = [
                reading_line(tokens, self._options.notation).strip() if read else "",
                "  ".join(self._glosses(shown)),
            ]
        else:
            helped = (self._helped(token, display) for token, display in shown.items())
            lines = ["  ".join(filter(None, helped))]
        return list(filter(None, lines))

    def _shown(self, tokens: Sequence[Token]) -> dict[Token, WordDisplay]:
        """What each word shows."""
        constant = self._policy.constant
        if constant is not None and not constant.gloss:
            return dict.fromkeys(tokens, constant)
        return {token: self._ask(token) for token in tokens if token.kind is TokenKind.WORD}

    def _glosses(self, shown: Mapping[Token, WordDisplay]) -> Iterator[str]:
        if self._glossed:
            yield from (f"{word.text} {each.gloss}" for word, each in shown.items() if each.gloss)

    def _helped(self, token: Token, shown: WordDisplay) -> str:
        """A word that gets help, with what it gets."""
        spelled = token.spelled(self._options.notation) if shown.reading else ""
        helps = [each for each in (spelled, shown.gloss if self._glossed else "") if each]
        return " ".join([token.text, *helps]) if helps else ""


def _lines(tokens: Sequence[Token], breaks: Sequence[int]) -> Iterator[list[Token]]:
    """The tokens of each line; one that a line ends in stands in it as a whole."""
    ends = iter(breaks)
    end = next(ends, None)
    own: list[Token] = []
    start = 0
    for token in tokens:
        if end is not None and start >= end:
            yield own
            own = []
            while end is not None and start >= end:
                end = next(ends, None)
        own.append(token)
        start += len(token.text)
    yield own


def _own(token: Token) -> str:
    return token.text


def _simplified(token: Token) -> str:
    return token.simplified


def _traditional(token: Token) -> str:
    return token.traditional
