"""Words that a person knows, is learning, or wants left alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import TypeAlias

from reader.learner.states import KnownRow, State
from reader.lexicon.homographs import Homographs, Syllables
from reader.scripts import simplify, simplify_each

__all__ = ["NONE", "KnownWords"]


_ORDER = {state: at for at, state in enumerate(State)}
States: TypeAlias = "KnownRow | dict[str, State]"
"""Of a word: its row; or, of several, states by reading as the list spells it, `""` for any."""


class KnownWords:
    """Words with their states, by Simplified form and, where the list gives it, reading.

    A list may be in either script. It is a value: `|` makes another, in which of two states of a
    word the better known one stands.

    >>> known = KnownWords([("銀行", "", State.KNOWN), ("长", "zhang3", State.LEARNING)])
    >>> known | KnownWords.of(["长"])
    <KnownWords: 2 words, 01806f27>
    """

    __slots__ = ("_digest", "_words")

    def __init__(self, rows: Iterable[KnownRow] = ()) -> None:
        """Of rows of a word, its reading as pinyin of any kind or `""`, and its state."""
        listed = rows if isinstance(rows, list) else list(rows)
        simplified = _simplified(listed)
        # Lists have a hundred thousand words, nearly all of them once: a row stands as it is.
        words: dict[str, States] = {}
        for word, row in zip(simplified, listed, strict=True):
            if words.setdefault(word, row) is not row:
                _add(words, word, row[1], row[2])
        self._words: Mapping[str, States] = words
        self._digest = 0

    @classmethod
    def of(cls, words: Iterable[str], state: State = State.KNOWN) -> KnownWords:
        """All of these words in one state, in whatever reading."""
        return cls((word, "", state) for word in words)

    @classmethod
    def load(cls, *paths: str | PathLike[str]) -> KnownWords:
        """The words of one file or several.

        Raises `KnownWordsError` for a file that cannot be read or has no Chinese word in it.
        """
        from reader.learner.known_formats import read_known

        known = cls()
        for path in paths:
            known |= cls(read_known(path))
        return known

    def __or__(self, other: KnownWords) -> KnownWords:
        if not self._words or not other._words:
            return self if self._words else other
        merged = KnownWords()
        words = dict(self._words)
        for word, reading, state in other:
            _add(words, word, reading, state)
        merged._words = words
        return merged

    def __iter__(self) -> Iterator[KnownRow]:
        """The rows: Simplified word, reading or `""`, state."""
        for word, states in self._words.items():
            for reading, state in _items(states):
                yield word, reading, state

    def __len__(self) -> int:
        return len(self._words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KnownWords) and sorted(self) == sorted(other)

    def __hash__(self) -> int:
        return hash(self._sum())

    def __repr__(self) -> str:
        # Goes into identifiers of books: two lists that differ must not look alike.
        return f"<KnownWords: {len(self)} words, {self._sum():08x}>"

    def _sum(self) -> int:
        if not self._digest and self._words:
            rows = sorted(self)
            self._digest = zlib.crc32("\n".join(map("\t".join, rows)).encode("utf-8", "replace"))
        return self._digest

    def state(self, word: str, syllables: Syllables, homographs: Homographs) -> State | None:
        """The state of a Simplified word so read; None where the list does not have it.

        A reading tells words apart only where the dictionary does (长 cháng, 长 zhǎng): a list may
        spell the readings of all others as it likes.
        """
        states = self._words.get(word)
        if states is None:
            return None
        if isinstance(states, tuple) and not states[1]:
            return states[2]
        own = homographs.which(word, syllables)
        found = [
            state
            for reading, state in _items(states)
            if not reading or _agree(own, homographs.which(word, _syllables(reading)))
        ]
        return max(found, key=_ORDER.__getitem__, default=None)


def _agree(one: Syllables, other: Syllables) -> bool:
    return not one or not other or one == other


def _syllables(reading: str) -> Syllables:
    from reader.pinyin import parse

    try:
        return parse(reading)
    except ValueError:
        return ()


def _items(states: States) -> Iterable[tuple[str, State]]:
    return ((states[1], states[2]),) if isinstance(states, tuple) else states.items()


def _add(words: dict[str, States], word: str, reading: str, state: State) -> None:
    old = dict(_items(words[word])) if word in words else {}
    if reading not in old or _ORDER[old[reading]] < _ORDER[state]:
        old[reading] = state
    words[word] = old if len(old) > 1 else (word, reading, old[reading])


def _simplified(rows: Sequence[KnownRow]) -> list[str]:
    """The words in Simplified characters; no time is lost on words that have no others.

    What is Simplified too (乾, 著) tells nothing by itself: in a list that is mostly Traditional it
    is taken for Traditional.
    """
    words = [word for word, _, _ in rows]
    characters = "".join(sorted(set("\n".join(words))))
    pairs = zip(characters, simplify(characters, "zh-Hans"), strict=True)
    traditional = frozenset(old for old, new in pairs if old != new)
    if not traditional:
        return words
    is_simplified = list(map(traditional.isdisjoint, words))
    if all(is_simplified):
        return words
    places = [at for at, is_plain in enumerate(is_simplified) if not is_plain]
    if len(places) > len(words) // MOSTLY:
        places = list(range(len(words)))
    changed = [words[at] for at in places]
    whole = simplify("\n".join(changed)).split("\n")
    if len(whole) != len(changed):
        whole = simplify_each(changed)
    for at, word in zip(places, whole, strict=True):
        words[at] = word
    return words


MOSTLY = 5
"""A list is Traditional if one word in so many has characters that Simplified does not have."""

NONE = KnownWords()
