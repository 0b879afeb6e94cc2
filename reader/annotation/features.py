"""What a reading is told from: the characters and words around it, and what dictionaries say.

The same code makes the features that the classifier is trained on and those it is asked with, so
the two cannot drift apart. Everything is seen in Simplified characters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from reader.annotation.covers import Covers
from reader.annotation.kinds import Word
from reader.lexicon import Lexicon
from reader.lexicon.records import WordReadings

NEARBY = 6
"""How many characters to either side count as the topic."""
REMEMBERED = 50_000
"""Parts of speech that are held before the memory starts afresh."""
INSIDE = "wlWR"
"""Kinds of features of which a place has one each, that the word itself has: the word, its
length, its part of speech, what dictionary words across the place say."""
AROUND = "1234678pnPNabxy"
"""Those that its surroundings have: the characters two and one before, one and two after, those
before, those after, those beside; the words before and after, their parts of speech; the wide
classes of the characters one before and one after, their narrow ones."""
PRESENT = "B"
"""The kind of characters nearby, of which a place has several."""
CROSSING = "d"
"""The kind of dictionary words across the place, of which it may have several."""
_DULL = frozenset("，。、 的一是了在")

Evidence: TypeAlias = tuple[str, frozenset[str]]
"""A kind of dictionary evidence, and the syllables that it speaks for."""

Classes: TypeAlias = tuple[str, str]
"""The names of a character's wide class and of its narrow one."""


class Context(NamedTuple):
    """What is known of one character in its place, by kinds of features: the text of each."""

    single: tuple[str, ...]
    """For each kind of `INSIDE`, then, of a character in a text, for each of `AROUND`."""
    present: str
    """The characters nearby, some twice."""
    crossing: Sequence[str]
    evidence: Sequence[Evidence]

    @property
    def features(self) -> list[str]:
        """Names of features, each a letter for its kind and the text seen."""
        single = [kind + text for kind, text in zip(INSIDE + AROUND, self.single, strict=False)]
        present = [PRESENT + character for character in {*self.present} - _DULL]
        return [*single, *present, *(CROSSING + word for word in self.crossing)]


def said_of_long(covers: Covers, word: str, offset: int) -> tuple[str, tuple[str, ...]] | None:
    """Of a word longer than `covers.LONGEST`: the kind of dictionary that has it, and its
    syllables at `offset`."""
    known = covers.word(word)
    return None if known is None else (known.kind, tuple(_at(known, offset)))


class Features:
    """Makes contexts; remembers the words that it has looked up."""

    def __init__(
        self, lexicon: Lexicon, classes: Mapping[str, Classes], covers: Covers | None = None
    ) -> None:
        """`classes` names those of a character: see `Classifier.classes`."""
        self._lexicon = lexicon
        self._classes = classes
        self._covers = covers or Covers(lexicon)
        self._tags: dict[str, str] = {}

    def context(self, shadow: str, index: int, words: Sequence[Word], at: int) -> Context:
        """The context of `shadow[index]`, which stands in `words[at]`."""
        start, end, _ = words[at]
        single, crossing, evidence = self._inside(shadow, index, start, end)
        before = after = ""
        if at:
            first, last, _ = words[at - 1]
            before = shadow[first:last]
        if at + 1 < len(words):
            first, last, _ = words[at + 1]
            after = shadow[first:last]
        before, after = before or "^", after or "$"
        tag = self._tags.get
        tags = tag(before) or self._tag(before), tag(after) or self._tag(after)
        present = shadow[max(0, index - NEARBY) : index] + shadow[index + 1 : index + 1 + NEARBY]
        beside = _beside(shadow, index)
        left, right, of = beside[1], beside[2], self._classes.get
        (a, x), (b, y) = of(left) or (left, left), of(right) or (right, right)
        around = *beside, before, after, *tags, a, b, x, y
        return Context((*single, *around), present, crossing, evidence)

    def word(self, shadow: str, index: int, start: int, end: int) -> Context:
        """What the word `shadow[start:end]` and dictionary words across `index` say of it."""
        single, crossing, evidence = self._inside(shadow, index, start, end)
        return Context(single, "", crossing, evidence)

    def _inside(
        self, shadow: str, index: int, start: int, end: int
    ) -> tuple[tuple[str, ...], list[str], list[Evidence]]:
        word = shadow[start:end]
        offset = index - start
        evidence: list[Evidence] = []
        if end - start > 1:
            known = self._covers.word(word)
            if known is not None:
                evidence.append(("S" + known.kind, _at(known, offset)))
        crossing: list[str] = []
        said = "-"
        covers = self._covers.across(shadow, index)
        if covers:
            crossing = [f"{at}{shadow[index - at : index - at + long]}" for long, at, _ in covers]
            said = _said(covers, evidence)
        size = f"{offset}/{end - start}" if end - start > 1 else "0/1"
        return (f"{offset}{word}", size, self._tag(word), said), crossing, evidence

    def _tag(self, word: str) -> str:
        """The part of speech of a Simplified word; itself or `?` for what is none."""
        tag = self._tags.get(word)
        if tag is None:
            if len(self._tags) > REMEMBERED:
                self._tags.clear()
            tag = self._lexicon.tag(word) or ("?" if word[0] >= "一" else word[0])
            self._tags[word] = tag
        return tag


def _beside(shadow: str, index: int) -> tuple[str, ...]:
    """The characters around by their place."""
    left = shadow[index - 2 : index] if index > 1 else ("^^" + shadow[:index])[-2:]
    right = shadow[index + 1 : index + 3]
    if len(right) < 2:
        right = (right + "$$")[:2]
    return left[0], left[1], right[0], right[1], left, right, left[1] + right[0]


def _said(covers: Sequence[tuple[int, int, WordReadings]], evidence: list[Evidence]) -> str:
    """What the longest dictionary words across a place read there. Adds all that these words
    say to `evidence`: by length, and apart for dictionaries and phrases."""
    best: frozenset[str] = frozenset()
    found: dict[tuple[int, str], frozenset[str]] = {}
    for length, offset, spoken in covers:
        syllables = _at(spoken, offset)
        key = length, spoken.kind
        found[key] = found[key] | syllables if key in found else syllables
        if length == covers[0][0]:
            best |= syllables
    for (length, kind), syllables in found.items():
        first = "!" if length == covers[0][0] else ""
        evidence.append((f"C{length}{kind}{int(len(syllables) > 1)}{first}", syllables))
    return "|".join(sorted(best))


def _at(known: WordReadings, offset: int) -> frozenset[str]:
    return frozenset([reading[offset] for reading in known.readings])
