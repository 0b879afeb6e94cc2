"""The text of one block as it grows, white space collapsed as browsers do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

from reader.markup import XML_FORBIDDEN
from reader.model import Mark, MarkKind

__all__ = ["Line", "paragraphs"]

_SPACE = re.compile("[ \t\n\r\f]+")
_INDENT = "\u3000\u3000"
_POINTS = frozenset((MarkKind.IMAGE, MarkKind.ANCHOR))


def _is_wide(character: str) -> bool:
    """Whether no space is written beside it: Han, kana, full-width punctuation."""
    return (
        "\u2e80" <= character <= "\ua4cf"
        or "\uf900" <= character <= "\uffee"
        or ("\U00020000" <= character <= "\U0003ffff")
    )


class Line:
    """Text and marks of a block that is being read."""

    def __init__(self, *, verbatim: bool = False) -> None:
        self._verbatim = verbatim
        self._parts: list[str] = []
        self._last = ""
        self._length = 0
        self._space = ""
        self._marks: list[Mark] = []
        self.dropped = 0
        """Characters left out because no document can hold them."""

    def __bool__(self) -> bool:
        return self._length > 0 or any(mark.kind in _POINTS for mark in self._marks)

    def add(self, text: str | None) -> None:
        """Text as it stands in the source."""
        if not text:
            return
        clean = re.sub(XML_FORBIDDEN, "", text)
        self.dropped += len(text) - len(clean)
        if self._verbatim:
            self._append(clean if self._length else clean.lstrip("\n"))
            return
        at = 0
        for space in _SPACE.finditer(clean):
            self._word(clean[at : space.start()])
            self._space += space[0]
            at = space.end()
        self._word(clean[at:])

    def _word(self, text: str) -> None:
        if not text:
            return
        if self._space and self._last and not self._is_soft_break(text[0]):
            self._append(" ")
        self._space = ""
        self._append(text)

    def _is_soft_break(self, following: str) -> bool:
        """A line end between Chinese characters is where the source was wrapped, not a space."""
        return "\n" in self._space and _is_wide(self._last) and _is_wide(following)

    def _append(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)
            self._last = text[-1]

    @contextmanager
    def marked(self, kind: MarkKind, *attributes: tuple[str, str]) -> Iterator[None]:
        """What is added inside is covered by a mark."""
        number = len(self._marks)
        # The space before an element is outside it, once it is known that text follows.
        self._marks.append(Mark(self._length, self._length, kind, attributes))
        pending = bool(self._space) and bool(self._last)
        start = self._length
        yield
        if pending and self._length > start and "".join(self._parts)[start : start + 1] == " ":
            start += 1
        self._marks[number] = Mark(start, max(start, self._length), kind, attributes)

    def point(self, kind: MarkKind, *attributes: tuple[str, str]) -> None:
        """A mark without width, here."""
        if kind is MarkKind.LINE_BREAK:
            self._space = ""
            self._last = ""
        elif kind is MarkKind.IMAGE:
            self._word_space()
        self._marks.append(Mark(self._length, self._length, kind, attributes))

    def _word_space(self) -> None:
        if self._space and self._last and not ("\n" in self._space and _is_wide(self._last)):
            self._append(" ")
        self._space = ""

    def finished(self) -> tuple[str, tuple[Mark, ...]]:
        """The text and its marks; empty marks that would show nothing are left out."""
        text = "".join(self._parts)
        if self._verbatim:
            text = text.rstrip("\n")
        kept = []
        for mark in self._marks:
            end = min(mark.end, len(text))
            shown = replace(mark, start=min(mark.start, end), end=end)
            if shown.end > shown.start or mark.kind in _POINTS or mark.kind is MarkKind.LINE_BREAK:
                kept.append(shown)
        return text, tuple(kept)


def paragraphs(text: str, marks: tuple[Mark, ...]) -> list[tuple[str, tuple[Mark, ...]]]:
    """A block's text where old pages part paragraphs with `<br>`: two of them, or an indent after.

    Marks that go across are cut; the breaks that part paragraphs are gone.
    """
    breaks = [mark.start for mark in marks if mark.kind is MarkKind.LINE_BREAK]
    cuts = {
        at
        for at in breaks
        if 0 < at < len(text) and (breaks.count(at) > 1 or text.startswith(_INDENT, at))
    }
    if not cuts:
        return [(text, marks)]
    bounds = [0, *sorted(cuts), len(text)]
    kept = [m for m in marks if m.kind is not MarkKind.LINE_BREAK or m.start not in cuts]
    return [
        (text[start:end], tuple(_cut(kept, start, end, last=end == len(text))))
        for start, end in pairwise(bounds)
    ]


def _cut(marks: list[Mark], start: int, end: int, *, last: bool) -> Iterator[Mark]:
    """The marks of a stretch, from its own start."""
    for mark in marks:
        if mark.start == mark.end:
            inside = start <= mark.start < end or (last and mark.start == end)
        else:
            inside = mark.start < end and mark.end > start
        if inside:
            yield replace(
                mark, start=max(mark.start, start) - start, end=min(mark.end, end) - start
            )
