"""What stands beside a passage and is not annotation of it: its translation, its other script."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from reader.epub.edits import Edit
from reader.epub.passages import Passage
from reader.inplace.dialect import BookDialect
from reader.markup import Dialect, Tag, escape
from reader.options import Layout
from reader.writers.labels import Labels
from reader.writers.notes import ChapterNotes

__all__ = ["Answer", "Companion", "below", "translation_after"]

CLASS = "translation"
MARK = "*"

_PARAGRAPH = re.compile("p|h[1-6]")
_LINES_ONLY = {"hgroup", "summary", "legend", "dt", "a", "button", "label"}
"""Elements that may not hold a paragraph of ours."""


@dataclass(slots=True)
class Answer:
    """What of a translation stands beside one passage."""

    below: list[str] = field(default_factory=list)
    """Paragraphs behind it."""
    inside: list[tuple[int, str]] = field(default_factory=list)
    """Sentences, each behind the code point where the one it answers ends."""


class Companion:
    """The translation of one passage, as markup and places for it."""

    def __init__(
        self, passage: Passage, source: bytes, dialect: BookDialect, language: str, answer: Answer
    ) -> None:
        self._passage = passage
        self._source = source
        self._dialect = dialect
        self._language = language
        self._answer = answer
        self._between: list[Edit] = []

    def cuts(self) -> dict[int, str]:
        """Markup to stand inside pieces that can be cut, by offset; the rest goes between them."""
        found: dict[int, str] = {}
        pieces = self._passage.pieces
        ends = [piece.start + len(piece.text) for piece in pieces]
        for offset, text in self._answer.inside:
            markup = self._tag("span").around(" ", escape(text), " ")
            piece = pieces[bisect_left(ends, offset)]
            whole = piece.verbatim or piece.cdata or not piece.annotatable
            if whole or offset in (piece.start, piece.start + len(piece.text)):
                self._between.append((piece.end, piece.end, markup.encode()))
            else:
                found[offset] = found.get(offset, "") + markup
        return found

    def edits(self, layout: Layout, notes: ChapterNotes, later: list[str]) -> list[Edit]:
        """What stands between pieces and behind the passage; what stands `later` is added there."""
        texts = self._answer.below
        if not texts:
            return self._between
        if layout is Layout.NOTES:
            return [*self._between, self._noted(texts, notes)]
        if layout is Layout.AFTER:
            later += [self._tag("p").around(escape(text)) for text in texts]
            return self._between
        if layout is Layout.HIDDEN and not self._dialect.epub2 and self._apart():
            return [*self._between, self._hidden(texts, notes.labels)]
        lines = (
            below(self._passage, self._source, self._dialect, CLASS, self._language, escape(text))
            for text in texts
        )
        return [*self._between, *lines]

    def _noted(self, texts: Sequence[str], notes: ChapterNotes) -> Edit:
        place = notes.new_place()
        text = self._tag("span").around(escape(" ".join(texts)))
        target = notes.add_aside(text, place, class_="note")
        mark = notes.reference(target, "tr-ref", place, label=notes.labels["translation"]).around(
            MARK
        )
        return self._passage.stop, self._passage.stop, mark.encode()

    def _hidden(self, texts: Sequence[str], labels: Labels) -> Edit:
        summary = _titled(self._dialect, "summary", labels)
        lines = [self._tag("p").around(escape(text)) for text in texts]
        details = self._dialect.tag("details").around(summary, *lines)
        at = behind(self._passage, self._source)
        return at, at, details.encode()

    def _apart(self) -> bool:
        return behind(self._passage, self._source) != self._passage.stop

    def _tag(self, name: str) -> Tag:
        return self._dialect.tag(name, class_=CLASS, lang=self._language)


def translation_after(dialect: BookDialect, later: Sequence[str], labels: Labels) -> str:
    """The section at the end of a document that holds the translation, if any."""
    if not later:
        return ""
    heading = _titled(dialect, "h2", labels)
    return dialect.tag("section", class_="after").around(heading, *later)


def _titled(dialect: BookDialect, name: str, labels: Labels) -> str:
    return dialect.tag(name, lang=labels.language).around(escape(labels["translation"]))


def below(
    passage: Passage, source: bytes, dialect: Dialect, kind: str, language: str, markup: str
) -> Edit:
    """Markup below a passage: a paragraph behind its element, or a line inside it."""
    at = behind(passage, source)
    name = "span" if at == passage.stop else "p"
    return at, at, dialect.tag(name, class_=kind, lang=language).around(markup).encode()


def behind(passage: Passage, source: bytes) -> int:
    """The byte behind a passage's element, if a paragraph may stand there; else its end."""
    holder = passage.around[-2].name if len(passage.around) > 1 else ""
    if passage.last and _PARAGRAPH.fullmatch(passage.element) and holder not in _LINES_ONLY:
        return source.index(b">", passage.stop) + 1
    return passage.stop
