"""Names that no dictionary lists: people, transliterations and places, by what they are made of.

Where they may stand in a text and what speaks for each: features, whose weights are learnt from
running text (`training/segmentation.py`); and what people's names may be read as.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reader.annotation.reading_candidates import ReadingCandidates, ReadingLookup, Syllables
from reader.annotation.word_candidates import (
    BITS,
    NAME,
    PERSON,
    UNKNOWN,
    Candidate,
    Piece,
    Step,
    WordCandidates,
)
from reader.caching import BoundedCache
from reader.lexicon import Lexicon
from reader.lexicon.costs import SELDOM
from reader.model import ReadingSource

# Features of names:
#    s12g    a surname; the first and the last character of a given name; one by itself
#    pf      what stands before a surname or given name (老, 小, 阿); a transliteration's character
#    ck      a character of a place's name, and the kind of place that ends it
#    n       a character that stands for a country or region
#    ?       for the character of a name: one that is seldom seen and that no list of names has
#    lt      a surname before a title, and the title
#    T       the pattern, and how long the name is
#    bBaA    the character before, the two before, the one after, the two after
#    xy      the characters before and after a place
#    whvu    how frequent the whole is as a word, the first two characters of three, the given
#            name, the character before with the first one: how many digits the number has
#    D       a name of the lexicon beside a dot
#    ed      the part of speech of the last character as a word; that and the character after
#    o       how long a word begins with the last character and goes on after it, at most 3

FOREIGN = range(2, 9)
"""How long transliterations are."""
PLACE = range(1, 4)
"""How long names of places are, without their kind."""
RARE = 1000
"""What a character costs as a word, at least, that may be a part of a name though no list of names
has it; it must be one that dictionaries know."""
TITLES = (3, 2, 1)
"""How long titles are: the longest that fits is taken."""
_PEOPLE = {
    (size, given): (size | PERSON << BITS, given | PERSON << BITS)
    for size in (1, 2)
    for given in (1, 2)
}
_PAIRS = (("p", "s", "Tp"), ("p", "g", "Tp"), ("1", "2", "Tg"))
"""What a name of two characters is made of, and its pattern."""
_FOREIGN = {length: (f"Tf{length}", (length | NAME << BITS,)) for length in FOREIGN}
"""The pattern of a transliteration and its pieces, by its length."""


class Features(NamedTuple):
    """Features, and what they cost together."""

    names: tuple[str, ...]
    cost: int


class NameCandidates:
    """Names that may stand in a text."""

    def __init__(self, lexicon: Lexicon, words: WordCandidates) -> None:
        self._lexicon = lexicon
        self._words = words
        self.weights = lexicon.name_model()
        """The cost of each feature. Letters of parts list what names may be made of."""
        self._heads = BoundedCache[str, tuple[int, str]](20_000)
        self._known_people = BoundedCache[tuple[str, int], Features](20_000)
        # Names of one text share what stands before and after them: by where they begin and end.
        self._text = ""
        self._left: dict[int, Features] = {}
        self._right: dict[int, Features] = {}

    def candidates(self, text: str, at: int, end: int) -> Iterator[Candidate]:
        """The names that may begin at `at` and end by `end`."""
        for size in (1, 2):
            if "s" + text[at : at + size] in self.weights and at + size <= end:
                yield from self._people(text, at, end, size)
        if "n" + text[at] in self.weights:
            features = self._priced("n" + text[at], "Ta")
            yield self._name(text, at, 1, (1 | NAME << BITS,), features)
        if at + 1 < end:
            yield from self._pairs(text, at)
        yield from self._transliterations(text, at, end)
        yield from self._places(text, at, end)

    def _people(self, text: str, at: int, end: int, size: int) -> Iterator[Candidate]:
        """A surname of `size` characters before a title, or with a given name of one or two."""
        known, given = self.weights, at + size
        for length in TITLES:
            title = "t" + text[given : given + length]
            if len(title) > length and title in known:
                features = self._priced("l" + text[at:given], "T0", title, *_before(text, at))
                cost = self._alone(text[at:given]) + features.cost
                yield Step(size, cost, (size | PERSON << BITS,)), (features.names,)
                break
        if given < end and self._part("g", text[given]):
            yield self._person(text, at, size, 1)
        if given + 1 < end and self._part("1", text[given]) and self._part("2", text[given + 1]):
            yield self._person(text, at, size, 2)

    def _person(self, text: str, at: int, size: int, given: int) -> Candidate:
        """A surname of `size` characters and a given name of so many, one or two."""
        name = text[at : at + size + given]
        own = self._known_people.get((name, size))
        if own is None:
            own = self._known_people.remember((name, size), self._own(name, size))
        return self._name(text, at, len(name), _PEOPLE[size, given], own)

    def _own(self, name: str, size: int) -> Features:
        """The features of a person's name by itself."""
        surname, first = "s" + name[:size], name[size]
        if len(name) == size + 1:
            given = self._part("g", first)
            return self._priced(surname, given, "T1", *self._digits("w", name))
        return self._priced(
            surname,
            self._part("1", first),
            self._part("2", name[-1]),
            "T2",
            *self._digits("h", name[:-1]),
            *self._digits("v", name[-2:]),
        )

    def _alone(self, surname: str) -> int:
        """The cost of a surname before a title, but for features: that of the word it may be."""
        return self._words.alone(surname).cost if len(surname) == 1 else self.weights["s" + surname]

    def _pairs(self, text: str, at: int) -> Iterator[Candidate]:
        """Names of two characters in one word: 老王, 小明, 阿强; 燕秋."""
        for first, last, pattern in _PAIRS:
            parts = first + text[at], last + text[at + 1]
            if all(part in self.weights for part in parts):
                whole = self._digits("w", text[at : at + 2])
                features = self._priced(*parts, pattern, *whole)
                yield self._name(text, at, 2, (2 | PERSON << BITS,), features)

    def _part(self, letter: str, character: str) -> str:
        """The feature of a character in its place in a name; "" where it can be none."""
        own = letter + character
        if own in self.weights:
            return own
        return letter + SELDOM if RARE <= self._words.alone(character).cost < UNKNOWN else ""

    def _transliterations(self, text: str, at: int, end: int) -> Iterator[Candidate]:
        weights = self.weights
        names: tuple[str, ...] = ()
        cost = 0
        for length in range(1, min(FOREIGN[-1], end - at) + 1):
            name = self._part("f", text[at + length - 1])
            if not name:
                return
            names, cost = (*names, name), cost + weights[name]
            if length in _FOREIGN:
                pattern, pieces = _FOREIGN[length]
                whole = Features((*names, pattern), cost + weights.get(pattern, 0))
                yield self._name(text, at, length, pieces, whole)
                step = Step(length, whole.cost, pieces)
                for placed in self._words.with_kind(step, text, at, end):
                    priced = Features(whole.names, placed.cost)
                    yield self._name(text, at, placed.length, placed.pieces, priced)

    def _places(self, text: str, at: int, end: int) -> Iterator[Candidate]:
        features: tuple[str, ...] = ()
        for length in PLACE:
            features = (*features, self._part("c", text[at + length - 1]))
            if at + length >= end or not features[-1]:
                return
            kind = "k" + text[at + length]
            if kind in self.weights:
                last = at + length + 1
                around = "x" + (text[at - 1] if at else "^"), "y" + text[last : last + 1]
                whole = self._priced(*features, kind, f"Tk{length}", *around)
                step = Step(length + 1, whole.cost, (length + 1 | NAME << BITS,))
                yield step, (whole.names,)

    def _name(
        self, text: str, at: int, length: int, pieces: tuple[Piece, ...], own: Features
    ) -> Candidate:
        """A name, what stands around it, and the words across its edges."""
        if self._text is not text:
            self._text, self._left, self._right = text, {}, {}
        before = self._left.get(at)
        if before is None:
            before = self._left[at] = self._before(text, at)
        after = self._right.get(at + length)
        if after is None:
            after = self._right[at + length] = self._after(text, at + length)
        cost = own.cost + before.cost + after.cost
        return Step(length, cost, pieces), (own.names, before.names, after.names)

    def _before(self, text: str, start: int) -> Features:
        word = self._digits("u", text[start - 1 : start + 1]) if start else ()
        return self._priced(*_before(text, start), *word)

    def _after(self, text: str, end: int) -> Features:
        after = text[end : end + 2]
        following = after[:1] or "$"
        tag = self._head(text[end - 1])[1][:1]
        features = ("a" + following, "A" + after, "e" + tag, "d" + tag + following)
        reach = self._words.longest(text, end - 1)
        return self._priced(*features, *((f"o{min(reach, 3)}",) if reach > 1 else ()))

    def _priced(self, *names: str) -> Features:
        return Features(names, sum(filter(None, map(self.weights.get, names))))

    def _digits(self, letter: str, word: str) -> tuple[str, ...]:
        frequency, _ = self._head(word)
        return (f"{letter}{len(str(frequency))}",) if frequency else ()

    def _head(self, word: str) -> tuple[int, str]:
        """The frequency and part of speech of a word, which every name beside it asks for."""
        known = self._heads.get(word)
        if known is None:
            head = self._lexicon.frequency(word), self._lexicon.tag(word)
            known = self._heads.remember(word, head)
        return known


def _before(text: str, start: int) -> tuple[str, str]:
    return "b" + (text[start - 1] if start else "^"), "B" + text[max(0, start - 2) : start]


IN_NAME = 0.97
UNSURE = 0.8
"""A character of a given name that has several readings."""
# Surnames for which the dictionary has two readings, or none: the usual one.
_USUAL = {
    "乐": ("yue4",),
    "翟": ("zhai2",),
    "覃": ("qin2",),
    "那": ("na1",),
    "隗": ("wei3",),
    "盖": ("ge3",),
    "仇": ("qiu2",),
    "区": ("ou1",),
    "朴": ("piao2",),
    "尉迟": ("yu4", "chi2"),
    "万俟": ("mo4", "qi2"),
}


class NameReadings:
    """What the names of people may be read as: a surname has a reading of its own, the given name
    that of its characters."""

    def __init__(self, lexicon: Lexicon, lookup: ReadingLookup) -> None:
        self._lexicon = lexicon
        self._lookup = lookup

    def candidates(self, word: str, simplified: str, *, given: bool) -> ReadingCandidates | None:
        """The readings of a name: a surname, a given name (`given`), or both in one word."""
        # No usual given name is so long: it is a nickname, and a word.
        if len(word) > 2:
            whole = self._lookup.candidates(word, simplified)
            if whole is not None and whole.source is ReadingSource.DICTIONARY and not whole.open:
                return whole
        surname = () if given else self._surname(word, simplified)
        size = len(surname)
        rest = self._given(word[size:], simplified[size:])
        spoken = (*surname, *(syllables[0] for syllables in rest))
        if not any(spoken):
            return None
        asked = tuple(
            (size + offset, offered) for offset, offered in enumerate(rest) if len(offered) > 1
        )
        sure = UNSURE if asked else IN_NAME
        return ReadingCandidates(((spoken, 1.0),), ReadingSource.NAME, sure, asked)

    def _surname(self, word: str, simplified: str) -> Syllables:
        """The reading of the longest surname that the name begins with; () for none."""
        for length in (2, 1):
            usual = _USUAL.get(simplified[:length])
            if usual is not None:
                return usual
            if len(word) >= length:
                entries = self._lexicon.entries(word[:length], simplified[:length])
                named = [e.syllables for e in entries if e.surname and len(e.syllables) == length]
                if named:
                    return named[0]
        return ()

    def _given(self, word: str, simplified: str) -> list[tuple[str, ...]]:
        """A given name: for each character what it may be read as, the usual reading first."""
        offers = []
        for character, plain in zip(word, simplified, strict=True):
            known = self._lookup.candidates(character, plain)
            if known is not None and known.open:
                # No given name has a neutral tone.
                full = tuple(s for s in known.open[0][1] if not s.endswith("5"))
                offers.append(full or known.open[0][1])
            else:
                offers.append(known.readings[0][0] if known is not None else ("",))
        return offers
