"""The words that may begin with two given characters: the lexicon's, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterator

from reader.annotate.kinds import BITS, HAN, NAME, PERSON, Piece, Step
from reader.lexicon import Lexicon

UNKNOWN = 2500
"""The cost of a character that is no word: dearer than any that is."""
MADE = 250
"""What doubling a word costs more than the word."""
REMEMBERED = 100_000
"""Pairs of characters that are remembered before the memory starts afresh."""

_AGAIN = frozenset("一了不没")
"""What may stand between a verb and itself: 看一看, 想了想, 是不是."""
_DOUBLED = ("v", "a", "q", "z")
"""Parts of speech of what may be doubled: verbs, adjectives, measures, descriptions."""
_NEVER_DOUBLED = frozenset("是有在到来去会能要得没为让被把给对向从与和跟同于以着过了说")
_KINDS_OF_PLACES = "省市县区州乡镇村"


class Vocabulary:
    """Words by the two characters they begin with."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[str, tuple[tuple[str, Step], ...]] = {}
        self._costs: dict[str, int] = {}

    def words(self, pair: str) -> tuple[tuple[str, Step], ...]:
        """The words that begin with `pair`, longest first, then its first character alone."""
        known = self._known.get(pair)
        if known is None:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            known = self._known[pair] = self._learn(pair)
        return known

    def _learn(self, pair: str) -> tuple[tuple[str, Step], ...]:
        words: dict[str, Step] = {pair[0]: (1, self._cost(pair[0]), (1,))}
        for word, step in self._made(pair):
            words[word] = step
        for word, cost, split in self._lexicon.starting(pair):
            words[word] = len(word), cost, _pieces(len(word), split)
            if split == "0n":
                words |= self._places(word, cost)
        return tuple(sorted(words.items(), key=lambda item: -item[1][0]))

    def _cost(self, character: str) -> int:
        cost = self._costs.get(character)
        if cost is None:
            found = self._lexicon.character_cost(character)
            cost = self._costs[character] = UNKNOWN if found is None else found
        return cost

    def _made(self, pair: str) -> Iterator[tuple[str, Step]]:
        """A word doubled: 走走, 看一看, 好不好."""
        first, second = pair[0], pair[1:]
        if second != first and second not in _AGAIN:
            return
        if not self._lexicon.tag(first).startswith(_DOUBLED):
            return
        if second in _AGAIN and (second in "不没" or first not in _NEVER_DOUBLED):
            yield pair + first, (3, self._cost(first) + MADE, (3,))
        elif second == first and first not in _NEVER_DOUBLED:
            yield pair, (2, self._cost(first) + MADE, (2,))

    def _places(self, name: str, cost: int) -> Iterator[tuple[str, Step]]:
        """A place's name and what kind of place it is, each a word: 余杭|区."""
        size = len(name)
        pieces = (size | NAME << BITS, 1 | NAME << BITS)
        for kind in _KINDS_OF_PLACES:
            yield name + kind, (size + 1, cost + self._cost(kind), pieces)


def _pieces(length: int, split: str) -> tuple[Piece, ...]:
    """The words that a word of the lexicon falls into (see `Lexicon.starting`)."""
    if not split or split[0] == "0":
        return (length | (NAME if split else HAN) << BITS,)
    size, kind = int(split[0]), (PERSON if split[1] == "p" else NAME) << BITS
    return size | kind, (length - size) | kind
