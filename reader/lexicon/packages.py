"""What stands in the data files of the installed packages (`lexicon.DATA_FILES`)."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from reader.errors import LexiconError
from reader.lexicon.levels import hsk_level
from reader.lexicon.records import LexEntry
from reader.model import Levels
from reader.pinyin import is_syllable

# ---- our own lists ----


def read_list(path: Path) -> dict[str, str]:
    """A list of words, each with its kind: tab-separated rows, comments after `#`."""
    rows = (line.split("\t") for line in _lines(path) if not line.startswith("#"))
    return {row[0].strip(): row[1].strip() for row in rows}


def read_words(path: Path) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Words with their syllables and part of speech: tab-separated rows, comments after `#`."""
    for line in _lines(path):
        if not line.startswith("#"):
            word, syllables, tag = line.rstrip("\n").split("\t")
            yield word, tuple(syllables.split(" ")), tag


def read_learnt(path: Path) -> dict[str, dict[str, int]]:
    """What words, kinds of words, names, boundaries and neighbours cost, as learnt."""
    kinds = ("word", "shape", "name", "boundary")
    learnt: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
    for line in _lines(path):
        if not line.startswith("#"):
            kind, what, cost = line.rstrip("\n").split("\t")
            learnt[kind][what] = int(cost)
    return learnt


# ---- CC-CEDICT ----

_ENTRY = re.compile(r"(\S+) (\S+) \[([^\]]*)\] /(.*)/\s*$")
_DAY = re.compile(
    r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(January|February|March|April|May|June|July"
    r"|August|September|October|November|December)\b"
)
"""Months and weekdays, which are no names in pinyin (GB/T 16159 writes `sānyuè`)."""
_ASIDES = ("CL:", "Taiwan pr. [", "also pr. [", "Beijing pr. [", "old pr. [")
"""What stands among the glosses and is none: measure words, other readings."""
_TAIWAN = re.compile(r"Taiwan pr\. \[([^\]]+)\]")


def read_cedict(path: Path) -> Iterator[LexEntry]:
    """The entries of a CC-CEDICT file, plain or gzipped, in its order.

    Those whose two forms differ in length, and lines that are no entry, are left out.
    Raises `LexiconError` when there is none at all.
    """
    count = 0
    for line in _lines(path):
        match = _ENTRY.match(line)
        if match is None:
            continue
        entry = _entry(*match.groups())
        if entry is not None:
            count += 1
            yield entry
    if not count:
        raise LexiconError("no CC-CEDICT entries in this file", path=path)


def _lines(path: Path) -> Iterator[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            yield from file
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise LexiconError(f"cannot read the dictionary: {error}", path=path) from error


def _entry(traditional: str, simplified: str, pinyin: str, glosses: str) -> LexEntry | None:
    syllables = _fitted(traditional, pinyin)
    # Positions must answer one another: everything here works character by character.
    if len(traditional) != len(simplified) or not any(syllables):
        return None  # Of two lengths, or of Latin letters alone: no use to us.
    taiwan = _TAIWAN.search(glosses)
    senses = tuple(s for s in glosses.split("/") if s and not s.startswith(_ASIDES))
    return LexEntry(
        traditional,
        simplified,
        syllables,
        senses,
        _fitted(traditional, taiwan[1]) if taiwan else (),
        proper=pinyin[:1].isupper() and not traditional[0].isascii() and not _DAY.match(glosses),
        breaks=_breaks(pinyin),
    )


def _breaks(pinyin: str) -> tuple[int, ...]:
    parts = pinyin.split()
    if not pinyin[:1].isupper():
        return ()
    return tuple(index for index, part in enumerate(parts) if index and part[0].isupper())


_SILENT = frozenset("，·-,")
"""Punctuation inside words, of which the dictionary's pinyin has some."""


def _fitted(word: str, pinyin: str) -> tuple[str, ...]:
    """One syllable for each code point of `word`, or nothing when the counts differ.

    A character such as 瓩 that is read as two syllables keeps both, with a space between them.
    """
    syllables = [_syllable(part) for part in pinyin.split() if part not in _SILENT]
    if len(word) == len(syllables):
        return tuple(syllables)
    if len(word) == 1 and all(syllables):
        return (" ".join(syllables),)
    remaining = iter(syllables)
    fitted = tuple("" if c in _SILENT else next(remaining, None) for c in word)
    whole = None not in fitted and next(remaining, None) is None
    return tuple(syllable or "" for syllable in fitted) if whole else ()


@lru_cache(maxsize=8192)
def _syllable(part: str) -> str:
    """A syllable as the dictionary writes it in ours; `""` for a letter, or an unknown reading."""
    syllable = part.replace("u:", "ü").lower()
    return syllable if is_syllable(syllable) else ""


# ---- the other lists ----


def read_frequencies(path: Path) -> Iterator[tuple[str, int, str]]:
    """Word, count and part of speech (ICTCLAS tags: nr a person, ns a place …)."""
    for line in _lines(path):
        word, count, tag = line.rsplit(" ", 2)
        yield word, int(count), tag.strip()


def read_phrases(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Phrases with their readings, 一 and 不 in their citation tones."""
    for phrase, readings in json.loads(path.read_bytes()).items():
        syllables = tuple(numbered(options[0]) for options in readings)
        if len(syllables) == len(phrase) and all(syllables):
            yield phrase, tuple(_citation(phrase, syllables))


_CITED = {"一": ("yi", "yi1"), "不": ("bu", "bu4")}


def _citation(phrase: str, syllables: Iterable[str]) -> Iterator[str]:
    for character, syllable in zip(phrase, syllables, strict=True):
        base, cited = _CITED.get(character, ("", ""))
        yield cited if base and syllable[:-1] == base and syllable[-1] != "5" else syllable


def read_characters(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Characters with all their readings, most usual first."""
    for code, readings in json.loads(path.read_bytes()).items():
        syllables = tuple(dict.fromkeys(filter(None, map(numbered, readings.split(",")))))
        if syllables:
            yield chr(int(code)), syllables


def read_levels(path: Path) -> Iterator[tuple[str, Levels]]:
    """Words with their level in HSK 2025."""
    lines = iter(_lines(path))
    next(lines)
    for line in lines:
        word, level = line.split("\t")[:2]
        yield word, hsk_level(int(level))


_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}


@lru_cache(maxsize=8192)
def numbered(syllable: str) -> str:
    """Numbered pinyin of one syllable with a tone mark, `""` for what is none.

    >>> numbered("lǜ"), numbered("de")
    ('lü4', 'de5')
    """
    parts = unicodedata.normalize("NFD", syllable.lower())
    tone = next((_TONES[part] for part in parts if part in _TONES), "5")
    plain = "".join(part for part in parts if part not in _TONES)
    spelled = unicodedata.normalize("NFC", plain) + tone
    return spelled if is_syllable(spelled) else ""
