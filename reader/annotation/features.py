"""What a reading is told from: the characters and words around it, and what dictionaries say.

The same code makes the features that the classifier is trained on and those it is asked with, so
the two cannot drift apart. Everything is seen in Simplified characters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from reader.annotation.word_candidates import PUNCTUATION, SPACE, Word
from reader.caching import BoundedCache
from reader.lexicon import Lexicon
from reader.lexicon.records import INDEXED_LENGTHS, WordReadings, find_readings

LONGEST = max(INDEXED_LENGTHS)
"""The longest dictionary word, in characters, that is looked for around a character."""
_SHORTEST = INDEXED_LENGTHS[:1]


class OverlappingWords:
    """Dictionary words that lie across a place of a text, whether or not it was cut so.

    Words are looked up by their first two characters; what begins with a pair is remembered.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._after: dict[str, str] = {}
        self._pairs = BoundedCache[str, str](20_000)

    def word(self, word: str) -> WordReadings | None:
        """What the dictionaries say of a whole word; None for one that is in none."""
        if len(word) > LONGEST:
            return self._long(word)
        record = self._starting(word[:2])
        return find_readings(record, word[1:]) if record else None

    def across(self, shadow: str, index: int) -> list[tuple[int, int, WordReadings]]:
        """The words that lie across `shadow[index]`: how long, where in them, what is said.

        Longer ones first, and of equals those that begin first.
        """
        across: list[tuple[int, int, WordReadings]] = []
        follows = self._after.get
        for start in range(max(0, index - LONGEST + 1), min(index + 1, len(shadow) - 1)):
            first = shadow[start]
            after = follows(first)
            if after is None:
                after = self._after[first] = self._lexicon.reading_index_seconds(first)
            if shadow[start + 1] in after:
                record = self._starting(shadow[start : start + 2])
                # Most pairs begin no word that goes on as the text does: its third character
                # is nowhere in their record.
                longer = shadow[start + 2 : start + 3] in record
                for length in INDEXED_LENGTHS if longer else _SHORTEST:
                    end = start + length
                    if index < end <= len(shadow):
                        spoken = find_readings(record, shadow[start + 1 : end])
                        if spoken is not None:
                            across.append((length, index - start, spoken))
        if len(across) > 1:
            across.sort(key=_by_length, reverse=True)
        return across

    def _starting(self, pair: str) -> str:
        record = self._pairs.get(pair)
        if record is None:
            record = self._pairs.remember(pair, self._lexicon.reading_index(pair))
        return record

    def _long(self, word: str) -> WordReadings | None:
        entries = self._lexicon.entries(word)
        readings = frozenset(e.syllables for e in entries if len(e.syllables) == len(word))
        kind = "p" if entries and entries[0].phrase else "c"
        return WordReadings(kind, readings, plain=False) if readings else None


def _by_length(word: tuple[int, int, WordReadings]) -> tuple[int, int]:
    return word[:2]


NEARBY = 6
"""How many characters to either side count as the topic."""
INSIDE = "wlWR"
"""Kinds of features of which a place has one each, that the word itself has: the word, its
length, its part of speech, what dictionary words across the place say."""
AROUND = "1234678pnPNabxyefkmgh"
"""Those that its surroundings have: the characters two and one before, one and two after, those
before, those after, those beside; the words before and after, their parts of speech; the wide
classes of the characters one before and one after, their narrow ones; the parts of speech of
the two words before, of the two after, and of the two beside; that of the word before with the
first character of the word after; how far behind the first verb of its clause is, and the
clause's end."""
DOUBLED = "~"
"""The part of speech of doubled words (看看, 慢慢, 高高兴兴), but for short ones that are nouns or
pronouns."""
PRESENT = "B"
"""The kind of characters nearby, of which a place has several."""
CLAUSAL = "为"
"""Of this character alone the clause is looked at: it is for somebody if a verb follows. Others are
told no better by that."""
CROSSING = "d"
"""The kind of dictionary words across the place, of which it may have several."""
CLAUSE = 8
"""How many words behind are looked at for it."""
_VERB_NEAR = 5
_ENDS_CLAUSE = frozenset({PUNCTUATION, SPACE})
_NO_DOUBLED = frozenset("nrm")
_DULL = frozenset("，。、 的一是了在")

Evidence: TypeAlias = tuple[str, frozenset[str]]
"""A kind of dictionary evidence, and the syllables that it speaks for."""

EVIDENCE = (
    *("Sc", "Sp"),
    *(
        f"C{length}{kind}{differ}{longest}"
        for length in INDEXED_LENGTHS
        for kind in "cp"
        for differ in "01"
        for longest in ("", "!")
    ),
)
"""The kinds of evidence: what a dictionary of words, or of phrases, says of the word itself, and of
words across the place, by their length, whether they differ, and whether none is longer."""

Classes: TypeAlias = tuple[str, str]
"""The names of a character's wide class and of its narrow one."""


class Context(NamedTuple):
    """What is known of one character in its place, by kinds of features: the text of each."""

    single: tuple[str, ...]
    """For each kind of `INSIDE`, then, of a character in a text, for each of `AROUND`; but the last
    two only of `CLAUSAL`."""
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


class Features:
    """Makes contexts; remembers the words that it has looked up."""

    def __init__(
        self,
        lexicon: Lexicon,
        classes: Mapping[str, Classes],
        overlapping: OverlappingWords | None = None,
    ) -> None:
        """`classes` names those of a character: see `Classifier.classes`."""
        self._lexicon = lexicon
        self._classes = classes
        self._overlapping = overlapping or OverlappingWords(lexicon)
        self._tags = BoundedCache[str, str](50_000)

    def context(self, shadow: str, index: int, words: Sequence[Word], at: int) -> Context:
        """The context of `shadow[index]`, which stands in `words[at]`."""
        start, end, _ = words[at]
        single, crossing, evidence = self._inside(shadow, index, start, end)
        before, after = (
            self._neighbour(shadow, words, at - 1),
            self._neighbour(shadow, words, at + 1),
        )
        tags = [
            self._tag(word)
            for word in (
                self._neighbour(shadow, words, at - 2),
                before,
                after,
                self._neighbour(shadow, words, at + 2),
            )
        ]
        present = shadow[max(0, index - NEARBY) : index] + shadow[index + 1 : index + 1 + NEARBY]
        beside = _beside(shadow, index)
        left, right, of = beside[1], beside[2], self._classes.get
        (a, x), (b, y) = of(left) or (left, left), of(right) or (right, right)
        pairs = "|".join(tags[:2]), "|".join(tags[2:]), "|".join(tags[1:3]), f"{tags[1]}|{after[0]}"
        clause = self._clause(shadow, words, at) if shadow[index] == CLAUSAL else ()
        around = *beside, before, after, tags[1], tags[2], a, b, x, y, *pairs, *clause
        return Context((*single, *around), present, crossing, evidence)

    def _clause(self, shadow: str, words: Sequence[Word], at: int) -> tuple[str, str]:
        """How many words stand before the first verb behind, `-` where there is none; and how many
        behind in all."""
        verb, count = "-", 0
        for behind in range(at + 1, min(at + 1 + CLAUSE, len(words))):
            start, end, kind = words[behind]
            if kind in _ENDS_CLAUSE:
                break
            if verb == "-" and self._tag(shadow[start:end])[0] == "v":
                verb = str(min(count, _VERB_NEAR))
            count += 1
        return verb, str(count)

    @staticmethod
    def _neighbour(shadow: str, words: Sequence[Word], at: int) -> str:
        """A word beside the place, or what stands for the edge beyond the first or the last."""
        if at < 0 or at >= len(words):
            return "^" if at < 0 else "$"
        start, end, _ = words[at]
        return shadow[start:end]

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
            known = self._overlapping.word(word)
            if known is not None:
                evidence.append(("S" + known.kind, _at(known, offset)))
        crossing: list[str] = []
        spoken = "-"
        overlapping = self._overlapping.across(shadow, index)
        if overlapping:
            crossing = [
                f"{at}{shadow[index - at : index - at + long]}" for long, at, _ in overlapping
            ]
            spoken = _spoken(overlapping, evidence)
        size = f"{offset}/{end - start}" if end - start > 1 else "0/1"
        return (f"{offset}{word}", size, self._tag(word), spoken), crossing, evidence

    def _tag(self, word: str) -> str:
        """The part of speech of a Simplified word; itself or `?` for what is none."""
        tag = self._tags.get(word)
        if tag is None:
            tag = self._lexicon.tag(word)
            if _is_doubled(word) and (len(word) > 2 or tag[:1] not in _NO_DOUBLED):
                tag = DOUBLED
            tag = tag or ("?" if word[0] >= "一" else word[0])
            self._tags.remember(word, tag)
        return tag


def _is_doubled(word: str) -> bool:
    """Whether it is of the kind AA, ABB, AABB or ABAB."""
    if word[0] < "一" or not 2 <= len(word) <= 4:
        return False
    if len(word) == 3:
        return word[1] == word[2]
    return word[: len(word) // 2] == word[len(word) // 2 :] or (
        len(word) == 4 and word[0] == word[1] and word[2] == word[3]
    )


def _beside(shadow: str, index: int) -> tuple[str, ...]:
    """The characters around by their place."""
    left = shadow[index - 2 : index] if index > 1 else ("^^" + shadow[:index])[-2:]
    right = shadow[index + 1 : index + 3]
    if len(right) < 2:
        right = (right + "$$")[:2]
    return left[0], left[1], right[0], right[1], left, right, left[1] + right[0]


def _spoken(overlapping: Sequence[tuple[int, int, WordReadings]], evidence: list[Evidence]) -> str:
    """What the longest dictionary words across a place read there. Adds all that these words
    say to `evidence`: by length, and apart for dictionaries and phrases."""
    best: frozenset[str] = frozenset()
    by_length: dict[tuple[int, str], frozenset[str]] = {}
    for length, offset, spoken in overlapping:
        syllables = _at(spoken, offset)
        key = length, spoken.kind
        by_length[key] = by_length[key] | syllables if key in by_length else syllables
        if length == overlapping[0][0]:
            best |= syllables
    for (length, kind), syllables in by_length.items():
        first = "!" if length == overlapping[0][0] else ""
        evidence.append((f"C{length}{kind}{int(len(syllables) > 1)}{first}", syllables))
    return "|".join(sorted(best))


def _at(known: WordReadings, offset: int) -> frozenset[str]:
    return frozenset([reading[offset] for reading in known.readings])
