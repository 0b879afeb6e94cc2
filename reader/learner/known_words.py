"""Words that a person knows, is learning, or wants left alone."""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, count, islice
from operator import is_not, itemgetter
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from reader.files import read_file
from reader.learner.lines import are_words, decoded_list
from reader.learner.states import KnownRow, KnownWordsError, State
from reader.lexicon.homographs import Homographs, Syllables
from reader.scripts import TRADITIONAL, simplify, simplify_each

__all__ = ["NONE", "KnownWords", "read_known"]


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
        words: dict[str, States] = {}
        # Lists have a hundred thousand words, nearly all of them once: a row stands as it is.
        are_again = map(is_not, listed, map(words.setdefault, simplified, listed))
        for at in compress(count(), are_again):
            _add(words, simplified[at], *listed[at][1:])
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
        known = cls()
        for path in paths:
            known |= cls(read_known(path))
        return known

    def __or__(self, other: KnownWords) -> KnownWords:
        if not self._words or not other._words:
            return self if self._words else other
        merged = KnownWords()
        # Neither list changes: states by reading are added to in their place.
        own = self._words.items()
        words = {word: row if isinstance(row, tuple) else dict(row) for word, row in own}
        for word, reading, state in other:
            _add(words, word, reading, state)
        merged._words = words
        return merged

    def __iter__(self) -> Iterator[KnownRow]:
        """The rows: Simplified word, reading or `""`, state."""
        for word, states in self._words.items():
            for reading, state in _items(states):
                yield word, reading, state

    def __contains__(self, word: str) -> bool:
        """Whether the list has a Simplified word, in whatever reading and state."""
        return word in self._words

    def __len__(self) -> int:
        return len(self._words)

    @property
    def words(self) -> Collection[str]:
        """Its Simplified words."""
        return self._words.keys()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KnownWords) and sorted(self) == sorted(other)

    def __hash__(self) -> int:
        return hash(self._sum())

    def __repr__(self) -> str:
        # Goes into identifiers of books: two lists that differ must not look alike.
        return f"<KnownWords: {len(self)} words, {self._sum():08x}>"

    def _sum(self) -> int:
        if not self._digest and self._words:
            rows = sorted(map("\t".join, self))
            self._digest = zlib.crc32("\n".join(rows).encode("utf-8", "replace"))
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
    old = words.get(word, {})
    states = {old[1]: old[2]} if isinstance(old, tuple) else old
    states[reading] = max(states.get(reading, state), state, key=_ORDER.__getitem__)
    words[word] = states if len(states) > 1 else (word, reading, states[reading])


def _simplified(rows: Sequence[KnownRow]) -> list[str]:
    """The words in Simplified characters; no time is lost on words that have no others.

    What is Simplified too (乾, 著) tells nothing by itself: in a list that is mostly Traditional it
    is taken for Traditional.
    """
    words = list(map(itemgetter(0), rows))
    joined, most = "\n".join(words), len(words) // MOSTLY
    # The most frequent ones tell most Traditional lists.
    places = _places(joined, TRADITIONAL, most)
    if len(places) <= most:
        characters = "\n".join(set(joined))
        pairs = zip(characters, simplify(characters, "zh-Hans"), strict=True)
        places = _places(joined, [old for old, new in pairs if old != new], most)
    if len(places) > most:
        return _each_simplified(words, joined)
    if not places:
        return words
    changed = [words[at] for at in places]
    for at, word in zip(places, _each_simplified(changed, "\n".join(changed)), strict=True):
        words[at] = word
    return words


def _each_simplified(words: Sequence[str], joined: str) -> list[str]:
    whole = simplify(joined).split("\n")
    return whole if len(whole) == len(words) else simplify_each(words)


def _places(joined: str, characters: Collection[str], most: int) -> list[int]:
    """Which of the lines have any of the characters: all of them, or the first `most` and one."""
    if not joined or not characters:
        return []
    places: list[int] = []
    line = reach = 0
    for match in re.finditer(f"[{re.escape(''.join(characters))}][^\n]*+", joined):
        line += joined.count("\n", reach, match.start())
        reach = match.end()
        places.append(line)
        if len(places) > most:
            break
    return places


MOSTLY = 5
"""A list is Traditional if one word in so many has characters that Simplified does not have."""

NONE = KnownWords()


# ---- from files ----

_DECKS = (".apkg", ".colpkg")
_HEAD = 50
"""Lines by which it is told what kind of list one is."""
_PORTION = 1 << 14
"""Code points whose lines, and what is made of them, stay in a processor's cache."""


def read_known(path: str | PathLike[str]) -> list[KnownRow]:
    """The rows of a file: word, reading or `""`, state; a word may come more than once.

    Raises `KnownWordsError` for a file that cannot be read, or has no Chinese word in it.
    """
    data = read_file(Path(path), kind="a list of words", error=KnownWordsError)
    if data[:4] == b"PK\x03\x04":
        # Databases, and what packs them, are loaded by those alone who have a deck.
        from reader.learner.anki_decks import read_deck

        return read_deck(data, path)
    if Path(path).suffix.lower() in _DECKS:
        raise KnownWordsError("is a damaged Anki deck: it is no zip container", path=path)
    text = decoded_list(data, path, KnownWordsError)
    lines = chain.from_iterable(map(_lines, _portions(text)))
    head = list(islice(lines, _HEAD))
    try:
        rows = list(_reader_of(head)(chain(head, lines)))
    except csv.Error as error:  # a cell of more than 128 KiB: its quotation mark is not closed
        message = "has a cell without end: a quotation mark is not closed"
        raise KnownWordsError(message, path=path) from error
    if not rows:
        why = "is empty" if not text.strip() else "has no Chinese word in it"
        raise KnownWordsError(why, path=path)
    return rows


def _portions(text: str) -> Iterator[str]:
    """Whole lines: those of a long list, all at once, would take more memory than the list."""
    reach = 0
    while reach < len(text):
        end = text.find("\n", reach + _PORTION) + 1 or len(text)
        yield text[reach:end]
        reach = end


def _lines(text: str) -> list[str]:
    lines = text.splitlines()
    if len(lines) == text.count("\n") + lines[-1].endswith(text[-1]):
        return lines
    # There are ends that are none for a list.
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


def _reader_of(head: Sequence[str]) -> Callable[[Iterable[str]], Iterable[KnownRow]]:
    # What knows of all formats takes longer to load than most plain lists to read.
    if are_words(head):
        return _plain
    from reader.learner.known_formats import reader_of

    return reader_of(head) or _plain


def _plain(lines: Iterable[str]) -> Iterable[KnownRow]:
    """The rows of a plain list: words, a line each or with white space between them."""
    # Nearly all are this, and lists are long.
    lines = list(lines)
    if are_words(lines):
        return [(word, "", State.KNOWN) for word in lines if word]
    return _of_any_lines(lines)


def _of_any_lines(lines: Iterable[str]) -> Iterator[KnownRow]:
    from reader.learner.known_tables import guessed, words_in

    for line in lines:
        if line.isalpha() and "一" <= line[0] <= "\u9fff":
            yield line, "", State.KNOWN
        elif sign := next((sign for sign in "\t," if sign in line), ""):
            if not line.startswith("#"):
                yield from guessed([line.split(sign)]).rows([line.split(sign)])
        elif not line.startswith("#"):
            for part in line.split():
                for word in words_in(part):
                    yield word, "", State.KNOWN
