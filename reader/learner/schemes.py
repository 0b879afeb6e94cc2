"""Schemes of levels: which words a syllabus teaches when, by word and reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from reader.errors import ReaderError
from reader.lexicon.homographs import Homographs, Syllables
from reader.lexicon.lexicon import data_files

__all__ = ["BUILT_IN", "Scheme", "SchemeError", "WordLevel"]


class SchemeError(ReaderError):
    """A file of levels with rows that cannot be used; the message lists them."""


class WordLevel(NamedTuple):
    """Where a scheme teaches a word."""

    label: str
    """As the scheme has it: `"7-9"`."""
    rank: int
    """Its place in the order of labels, 0 for the easiest."""
    mended: str = ""
    """How it was found where the list itself does not have the word: `"rule"`, or the name of the
    older list; `""` for what the list has."""


class BuiltIn(NamedTuple):
    file: str
    title: str
    labels: tuple[str, ...]


_HSK3 = ("1", "2", "3", "4", "5", "6", "7-9")
BUILT_IN = {
    "hsk2025": BuiltIn("hsk2025", "HSK 3.0, syllabus of 2025 (in force from July 2026)", _HSK3),
    "hsk2021": BuiltIn("hsk30", "HSK 3.0, standard of 2021 (GF 0025-2021)", _HSK3),
    "hsk2": BuiltIn("hsk20", "HSK 2.0, of 2012", _HSK3[:6]),
}
"""The schemes that come with the library: the package `hsk30` has their words."""


@dataclass(frozen=True, eq=False)
class Scheme:
    """A list of words by level. `level` asks it; equal where name and words are."""

    name: str
    """As tokens and options name it: `hsk2025`, or a file's name."""
    title: str
    """For people: which document the levels come from."""
    labels: tuple[str, ...]
    """Easiest first."""
    words: Mapping[str, WordLevel] = field(repr=False)
    """By Simplified word, in its usual reading."""
    readings: Mapping[tuple[str, Syllables], WordLevel | None] = field(repr=False)
    """Of words with several readings what differs: None says that it does not teach this one."""
    characters: Mapping[str, WordLevel] = field(repr=False, default_factory=dict)
    """By Simplified character, where the scheme lists characters; else by the words they are in."""
    mainland: bool = False
    """Whether it is a list of the mainland, which has not the words of Taiwan."""

    @classmethod
    def load(cls, name: str) -> Scheme:
        """A scheme that comes with the library, by name, or one of a file.

        Raises `OptionError` for a name that is neither, `SchemeError` for a file with bad rows.
        """
        return _load(name)

    def level(self, word: str, syllables: Syllables, homographs: Homographs) -> WordLevel | None:
        """The level of a Simplified word so read; None for what the scheme does not teach."""
        listed = self.words.get(word)
        if listed is None and not self.readings:
            return None
        own = homographs.which(word, syllables)
        if (word, own) in self.readings:
            return self.readings[word, own]
        if not own or len(word) > 1 or own == homographs.readings(word)[0]:
            return listed
        return None

    def rank(self, label: str) -> int:
        """The place of a label in the order.

        Raises `OptionError` that names those there are.
        """
        from reader.errors import OptionError

        if label not in self.labels:
            allowed = ", ".join(self.labels)
            raise OptionError(f"level is {label!r}, which {self.name} does not have: {allowed}")
        return self.labels.index(label)


@lru_cache(maxsize=8)
def _load(name: str) -> Scheme:
    from reader.errors import OptionError

    if name not in BUILT_IN:
        raise OptionError(f"scheme is {name!r}, which is not one of {', '.join(BUILT_IN)}")
    file, title, labels = BUILT_IN[name]
    levels = tuple(WordLevel(label, rank) for rank, label in enumerate(labels))
    words = {word: levels[number - 1] for word, number in _rows(f"{file}_words.tsv")}
    characters = {word: levels[number - 1] for word, number in _rows(f"{file}_chars.tsv")}
    return Scheme(name, title, labels, words, {}, characters, mainland=True)


def _rows(name: str) -> Iterable[tuple[str, int]]:
    path = data_files()["levels"].with_name(name)
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        word, number = line.split("\t")[:2]
        yield word, int(number)
