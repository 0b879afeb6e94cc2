"""What stands in the data files of the installed packages (`lexicon.DATA_FILES`)."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
import zlib
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from reader.errors import LexiconError
from reader.lexicon.levels import hsk_level
from reader.lexicon.records import (
    HAN_WORD,
    LIFE,
    SURNAME,
    VARIANT,
    LexEntry,
    entry_line,
    parse_entry,
)
from reader.model import Levels
from reader.pinyin import SYLLABLES, is_syllable

# ---- our own lists ----


_NEUTRAL = re.compile(r"^([^#\t\n]+)\t([^\t\n]+)\t?([^\t\n]*)", re.MULTILINE)
_OWN = re.compile(r"^([^#\t\n][^\t\n]*)\t([^\t\n]+)(?:\t([^\t\n]+))?", re.MULTILINE)


def read_list(path: Path) -> dict[str, str]:
    """A list of words, each with its kind: tab-separated rows, comments after `#`."""
    return {word.strip(): kind.strip() for word, kind, _ in _rows(_OWN, path)}


def read_neutral(path: Path) -> dict[str, str]:
    """Words with a neutral tone, each with its reading as it stands in a record; `""` where only
    the last syllable has it."""
    return {word: reading.replace(" ", ",") for word, _, reading in _rows(_NEUTRAL, path)}


class OwnWord(NamedTuple):
    """A word of our own list."""

    text: str
    reading: str
    """Its syllables as they stand in a record."""
    tag: str
    kind: Kind


def read_words(path: Path) -> Iterator[OwnWord]:
    """Words with pinyin and part of speech: tab-separated rows, comments after `#`.

    Names have capitals where a word of theirs begins, as in CC-CEDICT: `Zeng1 Shen1`. A `phrase`
    only says how it is read.
    """
    for text, pinyin, tag in _rows(_OWN, path):
        kind = PHRASE if tag == "phrase" else PLAIN
        if pinyin[0].isupper():
            breaks = _breaks(pinyin)
            kind = Kind(proper=True, breaks=breaks, person=tag == "nr" and len(breaks) == 1)
        yield OwnWord(text, pinyin.lower().replace(" ", ","), tag, kind)


def read_learnt(path: Path) -> dict[str, dict[str, int]]:
    """What words, kinds of words, names, and boundaries cost, as learnt."""
    kinds = ("word", "shape", "name", "boundary")
    learnt: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
    for kind, what, cost in _rows(_OWN, path):
        learnt[kind][what] = int(cost)
    return learnt


# ---- CC-CEDICT ----


class Kind(NamedTuple):
    """What an entry says of the kind of its word, as `LexEntry` has it."""

    proper: bool = False
    breaks: tuple[int, ...] = ()
    surname: bool = False
    person: bool = False
    variant: bool = False
    phrase: bool = False


PLAIN = Kind()
"""The kind of nearly all entries."""
PHRASE = Kind(phrase=True)
_NAME = Kind(proper=True)


class ListedEntry:
    """An entry while the lexicon is compiled: what is counted over all of them, and its line."""

    __slots__ = ("kind", "line", "reading", "simplified", "traditional")

    def __init__(
        self, traditional: str, simplified: str, reading: str, kind: Kind, line: bytes
    ) -> None:
        self.traditional = traditional
        self.simplified = simplified
        self.reading = reading
        """Its syllables as they stand in a record."""
        self.kind = kind
        self.line = line
        """Its line of the word's record, a line feed before it; the senses are only here."""

    def whole(self) -> LexEntry:
        """All that the dictionary has."""
        return parse_entry(self.line.decode().removeprefix("\n"))


LONGEST = 64
"""Characters of a word, at most: the compiled core looks for no longer one."""
_ENTRY = re.compile(r"^(\S+) (\S+) \[([^\]\n]*)\] /(.*)/\s*$", re.MULTILINE)
_DAY = re.compile(
    r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(January|February|March|April|May|June|July"
    r"|August|September|October|November|December)\b"
)
"""Months and weekdays, which are no names in pinyin (GB/T 16159 writes `sānyuè`)."""
_ASIDES = ("CL:", "Taiwan pr. [", "also pr. [", "Beijing pr. [", "old pr. [")
"""What stands among the glosses and is none: measure words, other readings."""
_TAIWAN = re.compile(r"Taiwan pr\. \[([^\[\]]+)\]")


def read_cedict(path: Path) -> Iterator[ListedEntry]:
    """The entries of a CC-CEDICT file, plain or gzipped, in its order.

    Those whose two forms differ in length, or have more than 64 characters, and lines that are no
    entry, are left out.
    Raises `LexiconError` when there is none at all.
    """
    count = 0
    for traditional, simplified, pinyin, glosses in _rows(_ENTRY, path):
        entry = _entry(traditional, simplified, pinyin, glosses)
        if entry is not None:
            count += 1
            yield entry
    if not count:
        raise LexiconError("no CC-CEDICT entries in this file", path=path)


def _rows(pattern: re.Pattern[str], path: Path) -> Iterator[tuple[str, ...]]:
    """The groups of the pattern wherever it matches in the file; no match may cross lines."""
    for text in _portions(path):
        yield from map(re.Match.groups, pattern.finditer(text))


def _portions(path: Path) -> Iterator[str]:
    """The lines of a file, a million bytes of them at a time: faster than line by line, and far
    smaller than the whole."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rb") as file:
            rest = b""
            while portion := file.read(1 << 20):
                lines, _, rest = (rest + portion).rpartition(b"\n")
                yield lines.decode().replace("\r\n", "\n")
            yield rest.decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not isinstance(found, dict):
        raise LexiconError("cannot read the dictionary: no object of JSON", path=path)
    return found


def _unreadable(path: Path, error: Exception) -> LexiconError:
    return LexiconError(f"cannot read the dictionary: {error}", path=path)


def _entry(traditional: str, simplified: str, pinyin: str, glosses: str) -> ListedEntry | None:
    if simplified == traditional:
        simplified = traditional  # One string, not two that are equal.
    reading = _reading(traditional, pinyin)
    # Positions must answer one another: everything here works character by character.
    if len(traditional) != len(simplified) or len(traditional) > LONGEST or not reading:
        return None  # Of two lengths, or of Latin letters alone: no use to us.
    senses = _without_asides(glosses.replace("\t", " "))
    kind, in_taiwan = PLAIN, ""
    # What few entries have is looked for in a cheap way first, here and below.
    if pinyin[:1].isupper() or "surname " in senses or senses.startswith(VARIANT):
        kind = _kind(traditional, pinyin, senses)
    if "Taiwan pr." in glosses and (taiwan := _TAIWAN.search(glosses)):
        in_taiwan = _reading(traditional, taiwan[1])
    return list_entry(traditional, simplified, reading, kind, in_taiwan, senses)


def list_entry(
    traditional: str,
    simplified: str,
    reading: str,
    kind: Kind = PLAIN,
    in_taiwan: str = "",
    senses: str = "",
) -> ListedEntry:
    """An entry with its line; `senses` have slashes between them."""
    flags = breaks = ""
    if kind is not PLAIN:
        flags = "r" if kind is PHRASE else "p" if kind.proper else ""
        breaks = ",".join(map(str, kind.breaks))
    line = entry_line(traditional, simplified, reading, in_taiwan, flags, breaks, senses)
    return ListedEntry(traditional, simplified, reading, kind, f"\n{line}".encode())


def list_again(
    entry: ListedEntry, *, reading: str | None = None, kind: Kind | None = None
) -> ListedEntry:
    """The entry with another reading or kind."""
    was = entry.whole()
    return list_entry(
        entry.traditional,
        entry.simplified,
        entry.reading if reading is None else reading,
        entry.kind if kind is None else kind,
        ",".join(was.taiwan_syllables),
        "/".join(was.senses),
    )


def _without_asides(glosses: str) -> str:
    if "CL:" in glosses or "pr. [" in glosses or "//" in f"/{glosses}/":
        return "/".join([s for s in glosses.split("/") if s and not s.startswith(_ASIDES)])
    return glosses


def _kind(traditional: str, pinyin: str, senses: str) -> Kind:
    name, breaks = pinyin[:1].isupper(), tuple[int, ...]()
    if name and not pinyin[1:].islower():
        breaks = _breaks(pinyin)
    kind = Kind(
        proper=name and not traditional[0].isascii() and not _DAY.match(senses),
        breaks=breaks,
        surname="surname " in senses and bool(SURNAME.search(senses)),
        person=len(breaks) == 1 and bool(LIFE.match(senses)),
        variant=senses.startswith(VARIANT),
    )
    return _NAME if kind == _NAME else kind


def _breaks(pinyin: str) -> tuple[int, ...]:
    """Before which syllables of a name another word of it begins."""
    return tuple([at for at, part in enumerate(pinyin.split()) if at and part[0].isupper()])


_USUAL = frozenset(syllable + tone for syllable in SYLLABLES for tone in "12345")
_SILENT = frozenset("，·-,")
"""Punctuation inside words, of which the dictionary's pinyin has some."""


def _reading(word: str, pinyin: str) -> str:
    """One syllable for each code point of `word`, commas between; `""` where there are none."""
    parts = pinyin.split()
    if len(parts) == len(word) and _USUAL.issuperset(parts):
        return ",".join(parts)
    syllables = _fitted(word, parts)
    return ",".join(syllables) if any(syllables) else ""


def _fitted(word: str, parts: Iterable[str]) -> Sequence[str]:
    """One syllable for each code point of `word`, or nothing when the counts differ.

    A character such as 瓩 that is read as two syllables keeps both, with a space between them.
    """
    syllables = [_syllable(part) for part in parts if part not in _SILENT]
    if len(word) == len(syllables):
        return syllables
    if len(word) == 1 and all(syllables):
        return (" ".join(syllables),)
    remaining = iter(syllables)
    fitted = [("" if c in _SILENT else next(remaining, None)) for c in word]
    whole = None not in fitted and next(remaining, None) is None
    return [syllable or "" for syllable in fitted] if whole else ()


@lru_cache(maxsize=8192)
def _syllable(part: str) -> str:
    """A syllable as the dictionary writes it in ours; `""` for a letter, or an unknown reading."""
    syllable = part.replace("u:", "ü").lower()
    return syllable if is_syllable(syllable) else ""


# ---- the other lists ----


_FREQUENCY = re.compile(rf"^({HAN_WORD}) ([0-9]+) (.*)$", re.MULTILINE)


def read_frequencies(path: Path) -> Iterator[tuple[str, ...]]:
    """Han words, each with its count and its part of speech (ICTCLAS tags: nr a person …)."""
    return _rows(_FREQUENCY, path)


def read_phrases(
    path: Path, known: Container[str] = frozenset()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Phrases that are not known with their readings, 一 and 不 in their citation tones."""
    for phrase, readings in _json(path).items():
        if phrase in known:
            continue
        syllables = tuple([numbered(options[0]) for options in readings])
        if len(syllables) == len(phrase) and all(syllables):
            cited = "一" in phrase or "不" in phrase
            yield phrase, tuple(_citation(phrase, syllables)) if cited else syllables


_CITED = {"一": ("yi", "yi1"), "不": ("bu", "bu4")}


def _citation(phrase: str, syllables: Iterable[str]) -> Iterator[str]:
    for character, syllable in zip(phrase, syllables, strict=True):
        base, cited = _CITED.get(character, ("", ""))
        yield cited if base and syllable[:-1] == base and syllable[-1] != "5" else syllable


def read_characters(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Characters with all their readings, most usual first."""
    for code, readings in _json(path).items():
        syllables = tuple(dict.fromkeys(filter(None, map(numbered, readings.split(",")))))
        if syllables:
            yield chr(int(code)), syllables


_LEVEL = re.compile(r"^([^\t\n]+)\t([0-9]+)", re.MULTILINE)


def read_levels(path: Path) -> Iterator[tuple[str, Levels]]:
    """Words with their level in HSK 2025."""
    for word, level in _rows(_LEVEL, path):
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
