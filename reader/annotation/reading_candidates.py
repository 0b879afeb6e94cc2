"""What a word may be read as, before its context is looked at: its candidate pronunciations.

They depend on the word alone, so they are worked out once and remembered; only words that stay
open are looked at again in each place (`readings`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Sequence, Sized
from typing import NamedTuple, TypeAlias

from reader.annotation.classifier import Classifier
from reader.annotation.features import LONGEST, OverlappingWords
from reader.caching import BoundedCache
from reader.lexicon import LexEntry, Lexicon
from reader.model import ReadingSource

Syllables: TypeAlias = tuple[str, ...]

SURE = 0.999
"""A word whose characters all have one reading only."""
IN_DICTIONARY = 0.99
"""A word with one reading in the dictionary, of characters that have several."""
SETTLED = 0.97
"""A word of several readings one of which is so usual that its context is not asked."""
UNDECIDED = 0.6
"""A word whose several readings nothing tells apart but the order of the dictionary."""
BY_DEFAULT = 0.9
"""A character with several readings in a word that no dictionary has, and no classifier knows."""

_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_AGAIN = "々"
ERHUA = "儿"
"""What makes of a word a diminutive, and of its last syllable one that ends in r."""


class ReadingCandidates(NamedTuple):
    """The readings of a word: settled, open as a whole, or open character by character."""

    readings: tuple[tuple[Syllables, float], ...]
    """Whole readings with their shares beforehand, the likeliest first. At least one."""
    source: ReadingSource
    probability: float = 1.0
    """Of the first reading, where nothing is open."""
    open: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """Offsets that the classifier is asked about, with the syllables on offer there."""
    breaks: tuple[int, ...] = ()
    """Where in a name of several words the next one begins."""


class ReadingLookup:
    """Looks words up in the lexicon and in what the classifier knows of words."""

    def __init__(
        self,
        lexicon: Lexicon,
        classifier: Classifier,
        overlapping: OverlappingWords,
    ) -> None:
        self._lexicon = lexicon
        self._overlapping = overlapping
        self._characters = BoundedCache[tuple[str, str], ReadingCandidates | None](20_000)
        self._classifier = classifier

    def candidates(self, word: str, simplified: str) -> ReadingCandidates | None:
        """Those of `word` as written, whose Simplified form is given; None: it has no reading."""
        if syllables := self.plain(word, simplified):
            return ReadingCandidates(
                ((syllables, 1.0),), ReadingSource.DICTIONARY, self._sure(simplified)
            )
        return self.not_plain(word, simplified)

    def not_plain(self, word: str, simplified: str) -> ReadingCandidates | None:
        """Those of a word that is not `plain`."""
        if _SELECTOR.search(word):
            return self._selected(word, simplified)
        if len(word) == 1:
            key = word, simplified
            if key not in self._characters:
                self._characters.remember(key, self._character(word, simplified))
            return self._characters[key]
        entries = self._entries(word, simplified)
        shares = self._shares(simplified, entries)
        if not shares:
            return self._spelled(word, simplified)
        breaks = _breaks(entries, len(word))
        if len(shares) > 1:
            return self._several(simplified, shares)._replace(breaks=breaks)
        certainty = self._sure(simplified)
        return ReadingCandidates(shares, ReadingSource.DICTIONARY, certainty, breaks=breaks)

    def _sure(self, simplified: str) -> float:
        return sure(self._classifier.unambiguous(simplified))

    def plain(self, word: str, simplified: str) -> Syllables:
        """The reading of a dictionary word that has one and no other; `()` for any other word."""
        if not 1 < len(word) <= LONGEST or simplified in self._classifier.words:
            return ()
        spoken = self._overlapping.word(word)
        return next(iter(spoken.readings)) if spoken is not None and spoken.plain else ()

    def _entries(self, word: str, simplified: str) -> list[LexEntry]:
        """The entries of the word as written, without those in which it stays what it is if it is
        changed here (祇 zhǐ is 只, qí 祇); mere variants only if alone."""
        entries = self._lexicon.brief_entries(word, simplified)
        own = [e for e in entries if word in (e.traditional, e.simplified)] or list(entries)
        changed = own if word == simplified else [e for e in own if e.simplified != word]
        return [e for e in changed if not e.variant] or changed or own

    def _shares(
        self, simplified: str, entries: Iterable[LexEntry]
    ) -> tuple[tuple[Syllables, float], ...]:
        """Distinct readings with their shares: the settled one, then ordinary words, then names."""
        shares: dict[Syllables, float] = {}
        for entry in entries:
            spoken = entry.syllables
            if len(spoken) == len(simplified):
                weight = 0.1 if entry.proper else 1.0
                shares[spoken] = max(shares.get(spoken, 0.0), weight)
        settled = self._settled(simplified, shares)
        rest = sum(weight for spoken, weight in shares.items() if spoken not in settled)
        left = 1.0 - sum(settled.values()) if rest else 0.0
        shares = {k: v / rest * left for k, v in shares.items() if k not in settled} | settled
        total = sum(shares.values())
        shares = {k: v / total for k, v in shares.items() if v > 0.0}
        return tuple(sorted(shares.items(), key=lambda item: -item[1]))

    def _settled(self, simplified: str, written: Container[Syllables]) -> dict[Syllables, float]:
        """The readings known for the word beside the dictionary's, with their shares.

        Where several Traditional words are one Simplified word (發卡, 髮卡), only those that the
        word as `written` has.
        """
        known = {
            tuple(spoken.split(" ")): share
            for spoken, share in self._classifier.words.get(simplified, ())
        }
        entries = self._lexicon.brief_entries(simplified) if known else ()
        forms = {entry.traditional for entry in entries if not entry.variant}
        return known if len(forms) < 2 else {k: v for k, v in known.items() if k in written}

    def _several(
        self, simplified: str, shares: tuple[tuple[Syllables, float], ...]
    ) -> ReadingCandidates:
        """A word of several readings, open where they differ and the classifier may help."""
        known = simplified in self._classifier.words
        if known and shares[0][1] >= SETTLED:
            return ReadingCandidates(shares, ReadingSource.DICTIONARY, shares[0][1])
        differing = [
            at for at in range(len(simplified)) if len({spoken[at] for spoken, _ in shares}) > 1
        ]
        asked = tuple(
            (at, tuple(dict.fromkeys(spoken[at] for spoken, _ in shares)))
            for at in differing
            if simplified[at] in self._classifier
        )
        sure = shares[0][1] if known else min(UNDECIDED, shares[0][1])
        return ReadingCandidates(shares, ReadingSource.DICTIONARY, sure, asked)

    def _character(self, character: str, simplified: str) -> ReadingCandidates | None:
        ordinary = self._ordinary(character, simplified)
        if simplified in self._classifier and not self._is_apart(character, simplified, ordinary):
            offered = self._offered(character, simplified, ordinary)
            if found := self._judged(simplified, offered, ordinary):
                return found
            known = tuple(
                dict.fromkeys([*(s for s in offered if s in ordinary), *ordinary]) or offered
            )
        else:
            known = self._lexicon.readings(character) or self._lexicon.readings(simplified)
        if not known:
            return None
        source = ReadingSource.DICTIONARY if known[0] in ordinary else ReadingSource.DEFAULT
        sure = SURE if len(known) == 1 and len(ordinary) < 2 else IN_DICTIONARY
        return ReadingCandidates((((known[0],), 1.0),), source, sure)

    def _judged(
        self, simplified: str, offered: tuple[str, ...], ordinary: Sized
    ) -> ReadingCandidates | None:
        """Where the character is read in several ways: what is to be asked of the classifier, or
        how it is usually read as a word by itself. None where the dictionary has the last word."""
        if len(offered) < 2:
            return None
        if not self._settled_alone(simplified, ordinary):
            return ReadingCandidates(
                (((offered[0],), 1.0),), ReadingSource.MODEL, BY_DEFAULT, ((0, offered),)
            )
        usual, share = self._classifier.alone.get(simplified, ("", 0.0))
        if usual not in offered or not share:
            return None
        others = [(syllable,) for syllable in offered if syllable != usual]
        readings = ((usual,), share), *((other, 0.0) for other in others)
        return ReadingCandidates(readings, ReadingSource.MODEL, share)

    def _ordinary(self, character: str, simplified: str) -> dict[str, None]:
        """How the dictionary reads the character as an ordinary word, in its order."""
        entries = self._entries(character, simplified)
        named = all(entry.proper for entry in entries)
        return {e.syllables[0]: None for e in entries if named or not e.proper}

    def _is_apart(self, character: str, simplified: str, ordinary: Collection[str]) -> bool:
        """Whether a Traditional character is read as its Simplified one never is: 閤 gé, 合."""
        syllables = self._classifier.syllables(simplified)
        return character != simplified and bool(ordinary) and set(ordinary).isdisjoint(syllables)

    def _settled_alone(self, simplified: str, ordinary: Sized) -> bool:
        """Whether the character, as a word by itself, needs no look at its context."""
        if simplified in self._classifier.alone:
            return True
        return len(ordinary) == 1 and simplified not in self._classifier.open

    def _offered(
        self, character: str, simplified: str, ordinary: Collection[str]
    ) -> tuple[str, ...]:
        """What the classifier knows of the character as a word, less a neutral tone that the
        dictionary gives in longer words only (頭髮)."""
        syllables = self._of_form(character, simplified)
        return tuple(s for s in syllables if s[-1] != "5" or s in ordinary) or syllables

    def _of_form(self, character: str, simplified: str) -> tuple[str, ...]:
        """What the classifier knows of the character, less what only other Traditional forms
        of it are read as: 髮 is fà, though 发 is fā or fà."""
        syllables = self._classifier.syllables(simplified)
        if character == simplified:
            return syllables
        entries = self._lexicon.brief_entries(simplified)
        own = {e.syllables[0] for e in entries if e.traditional == character}
        others = {e.syllables[0] for e in entries if e.traditional != character}
        return tuple(s for s in syllables if s in own or s not in others) or syllables

    def _spelled(self, word: str, simplified: str) -> ReadingCandidates | None:
        """A word that no dictionary has: dictionary words within it, else its characters."""
        syllables: list[str] = []
        asked: list[tuple[int, tuple[str, ...]]] = []
        at = 0
        while at < len(word):
            if suffix := self._suffix(simplified, at, syllables):
                syllables.append(suffix)
                at += 1
                continue
            length = self._piece(word, simplified, at)
            piece = self.candidates(word[at : at + length], simplified[at : at + length])
            if word[at] == _AGAIN and syllables:
                syllables.append(syllables[-1])
            elif piece is None:
                syllables += [""] * length
            else:
                syllables += piece.readings[0][0]
                asked += [(at + offset, offered) for offset, offered in piece.open]
            at += length
        if not any(syllables):
            return None
        if self._is_verb_twice(simplified) and not asked:
            syllables[1] = syllables[0][:-1] + "5"
        readings = ((tuple(syllables), 1.0),)
        return ReadingCandidates(readings, ReadingSource.DEFAULT, BY_DEFAULT, tuple(asked))

    def _is_verb_twice(self, word: str) -> bool:
        """Whether it is a verb of one character said twice, the second time without its tone:
        握握手; 亮亮 is none, as 亮 is bright before all else."""
        if word != 2 * word[0] or not self._lexicon.tag(word[0]).startswith("v"):
            return False
        senses = (entry.senses for entry in self._lexicon.entries(word[0]) if not entry.proper)
        return any(first[:3] == "to " for first, *_ in filter(None, senses))

    def _suffix(self, word: str, at: int, before: Sequence[str]) -> str:
        """The syllable of the 儿 that is added to a word at its end; `""` for anything else."""
        added = at > 0 and before[-1] and word[at] == ERHUA and at == len(word) - 1
        return "r5" if added else ""

    def _piece(self, word: str, simplified: str, at: int) -> int:
        """The length of the longest dictionary word that begins at `at`, not the whole; else 1.

        Each character of 溜溜滑滑 stands alone: 溜溜 by itself has a neutral tone.
        """
        if len(word) == 4 and word[0] == word[1] and word[2] == word[3]:
            return 1
        for length in range(min(4, len(word) - at), 1, -1):
            end = at + length
            if length < len(word) and self._entries(word[at:end], simplified[at:end]):
                return 1 if self._yields(simplified[at:], length) else length
        return 1

    def _yields(self, rest: str, length: int) -> bool:
        """Whether of two words that share the middle of three characters the second is the more
        frequent one: 小|姑娘, not 小姑|娘."""
        if (length, len(rest)) != (2, 3) or not self._lexicon.brief_entries(rest[1:]):
            return False
        return self._lexicon.frequency(rest[1:]) > self._lexicon.frequency(rest[:2])

    def _selected(self, word: str, simplified: str) -> ReadingCandidates | None:
        """A word with variation selectors: read without them, and they are silent."""
        base = self.candidates(_SELECTOR.sub("", word), _SELECTOR.sub("", simplified))
        if base is None:
            return None
        given = iter(base.readings[0][0])
        syllables = tuple("" if _SELECTOR.match(c) else next(given) for c in word)
        return ReadingCandidates(((syllables, 1.0),), base.source, base.probability)


def sure(unambiguous: bool) -> float:
    """How sure a word's only reading is, by whether any of its characters has several."""
    return SURE if unambiguous else IN_DICTIONARY


def _breaks(entries: Iterable[LexEntry], length: int) -> tuple[int, ...]:
    """The breaks of a word that is nothing but a name, where its articles agree on them."""
    found = {entry.breaks if entry.proper else () for entry in entries}
    breaks = found.pop() if len(found) == 1 else ()
    return breaks if not breaks or breaks[-1] < length else ()
