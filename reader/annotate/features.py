"""What a reading is told from: the characters and words around it, and what dictionaries say.

The same code makes the features that the classifier is trained on and those it is asked with, so
the two cannot drift apart. Everything is seen in Simplified characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from reader.annotate.kinds import Word
from reader.lexicon import Lexicon

LONGEST = 4
"""The longest dictionary word, in characters, that is looked for around a character."""
NEARBY = 6
"""How many characters to either side count as the topic."""
REMEMBERED = 100_000
"""Entries that each memory holds before it starts afresh."""
_DULL = frozenset("，。、 的一是了在")

Evidence: TypeAlias = tuple[str, frozenset[str]]
"""A kind of dictionary evidence, and the syllables that it speaks for."""


class Context(NamedTuple):
    """What is known of one character in its place."""

    features: list[str]
    """Names of features, each a letter for its kind and the text seen."""
    evidence: list[Evidence]


class Known(NamedTuple):
    """What the dictionaries say of a stretch of text."""

    kind: str
    """`c` for the dictionary of words, `p` for phrase readings alone."""
    readings: frozenset[tuple[str, ...]]


class Features:
    """Makes contexts; remembers the words that it has looked up."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[str, Known | None] = {}
        self._tags: dict[str, str] = {}

    def context(self, shadow: str, index: int, words: Sequence[Word], at: int) -> Context:
        """The context of `shadow[index]`, which stands in `words[at]`."""
        features = _characters(shadow, index)
        features += self._words(shadow, words, at)
        start, end = words[at][:2]
        inside, evidence = self.word(shadow, index, start, end)
        return Context(features + inside, evidence)

    def word(self, shadow: str, index: int, start: int, end: int) -> Context:
        """What the word `shadow[start:end]` and dictionary words across `index` say of it."""
        word = shadow[start:end]
        features = [
            f"w{index - start}{word}",
            f"l{index - start}/{end - start}",
            "W" + self._tag(word),
        ]
        evidence: list[Evidence] = []
        known = self._look_up(word) if end - start > 1 else None
        if known is not None:
            evidence.append(("S" + known.kind, _at(known, index - start)))
        self._add_covers(shadow, index, features, evidence)
        return Context(features, evidence)

    def _words(self, shadow: str, words: Sequence[Word], at: int) -> list[str]:
        before = shadow[words[at - 1][0] : words[at - 1][1]] if at else "^"
        after = shadow[words[at + 1][0] : words[at + 1][1]] if at + 1 < len(words) else "$"
        return [
            "p" + before,
            "n" + after,
            "P" + self._tag(before),
            "N" + self._tag(after),
        ]

    def _add_covers(
        self, shadow: str, index: int, features: list[str], evidence: list[Evidence]
    ) -> None:
        """Dictionary words across `index`, whether or not the text was cut so."""
        size = len(shadow)
        best: frozenset[str] | None = None
        for length in range(LONGEST, 1, -1):
            found: dict[str, frozenset[str]] = {}
            for start in range(max(0, index - length + 1), min(index, size - length) + 1):
                word = shadow[start : start + length]
                known = self._known[word] if word in self._known else self._look_up(word)
                if known is not None:
                    features.append(f"d{index - start}{word}")
                    syllables = _at(known, index - start)
                    found[known.kind] = found.get(known.kind, frozenset()) | syllables
            for kind, syllables in found.items():
                first = "!" if best is None else ""
                evidence.append((f"C{length}{kind}{int(len(syllables) > 1)}{first}", syllables))
            if found and best is None:
                best = frozenset().union(*found.values())
        features.append("R" + "|".join(sorted(best)) if best else "R-")

    def _look_up(self, word: str) -> Known | None:
        if len(self._known) > REMEMBERED:
            self._known.clear()
        entries = self._lexicon.entries(word)
        readings = frozenset(e.syllables for e in entries if len(e.syllables) == len(word))
        kind = "p" if entries and entries[0].phrase else "c"
        known = self._known[word] = Known(kind, readings) if readings else None
        return known

    def _tag(self, word: str) -> str:
        """The part of speech of a Simplified word; itself or `?` for what is none."""
        tag = self._tags.get(word)
        if tag is None:
            if len(self._tags) > REMEMBERED:
                self._tags.clear()
            tag = self._lexicon.tag(word) or ("?" if word[0] >= "一" else word[0])
            self._tags[word] = tag
        return tag


def _characters(shadow: str, index: int) -> list[str]:
    """The characters around, by their place and by their mere presence."""
    left = ("^^" + shadow[max(0, index - 2) : index])[-2:]
    right = (shadow[index + 1 : index + 3] + "$$")[:2]
    features = [
        "1" + left[0],
        "2" + left[1],
        "3" + right[0],
        "4" + right[1],
        "6" + left,
        "7" + right,
        "8" + left[1] + right[0],
    ]
    nearby = shadow[max(0, index - NEARBY) : index] + shadow[index + 1 : index + 1 + NEARBY]
    features += ["B" + character for character in set(nearby) - _DULL]
    return features


def _at(known: Known, offset: int) -> frozenset[str]:
    return frozenset(reading[offset] for reading in known.readings)
