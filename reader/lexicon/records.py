"""The compiled lexicon's records: what each holds, how it is written and how it is read.

A record's key is a letter and UTF-8:

- `w` + Simplified word: how often it occurs, its part of speech and its levels on the first line,
  then its entries, a line each;
- `t` + Traditional word, where it differs: the Simplified words it may stand for;
- `c` + character: its readings, the default first;
- `b` + the first two characters: every word of the lattice that begins so, with its cost and
  where it falls into two (`b` + one character: the cost of that character alone);
- `f` + character: the characters that follow it at the beginning of words of the lattice;
- `d` + the first two characters: every word of two to four that begins so, with its readings,
  and `h` + character: the characters that follow it in such words (the *reading index*);
- `n`: the *name model*, what people's names are made of;
- `s`: characters that may have been written for others, and those, a line each, and `p`: the pairs
  of characters that hold such a one where a word would have the other;
- `m`: the words that hold both Han and Latin characters, or digits.

The letters and the shapes are the compiled core's too (`native/`): what is changed here is changed
there, and `lexicon.FORMAT` is raised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

# ---- entries ----


class LexEntry(NamedTuple):
    """One dictionary entry: a word in one reading.

    `traditional`, `simplified` and `syllables` have one character, or syllable, for each code
    point of the word; syllables are numbered pinyin in lower case, `""` for a Latin letter.
    """

    traditional: str
    simplified: str
    syllables: tuple[str, ...]
    senses: tuple[str, ...] = ()
    """English glosses, most usual first; empty where only the reading is known."""
    taiwan_syllables: tuple[str, ...] = ()
    """The reading in Taiwan, where the dictionary says that it differs."""
    proper: bool = False
    """A proper name: the dictionary writes its pinyin with a capital."""
    breaks: tuple[int, ...] = ()
    """Where, inside a name, the dictionary's capitals begin another word: 孙|中山, 北京|市."""
    phrase: bool = False
    """From the phrase readings, not from the dictionary of words."""

    @property
    def surname(self) -> bool:
        """Whether this is the entry of a family name."""
        return any(sense.startswith(_SURNAME) for sense in self.senses)

    @property
    def person(self) -> bool:
        """Whether this is the entry of a person, whose years follow the name."""
        return len(self.breaks) == 1 and bool(_LIFE.search(self.senses[0]))

    @property
    def variant(self) -> bool:
        """Whether the entry only says that this is another way to write a word."""
        return bool(self.senses) and self.senses[0].startswith(_VARIANT)


_LIFE = re.compile(r"\(.*\d{2,4}")
_SURNAME = ("surname ", "two-character surname ", "compound surname ")
_VARIANT = (
    "variant of ",
    "old variant of ",
    "archaic variant of ",
    "erroneous variant of ",
    "Japanese variant of ",
    "nonstandard ",
    "unofficial variant ",
    "used in ",
    "see ",
    "erhua variant of ",
)


def entry_line(entry: LexEntry) -> str:
    """An entry as a line of its word's record."""
    flags = ("p" if entry.proper else "") + ("r" if entry.phrase else "")
    fields = (
        entry.traditional,
        entry.simplified,
        ",".join(entry.syllables),
        ",".join(entry.taiwan_syllables),
        flags,
        ",".join(map(str, entry.breaks)),
        "/".join(entry.senses),
    )
    return "\t".join(fields)


def parse_entry(line: str) -> LexEntry:
    """What `entry_line` wrote.

    >>> entry = LexEntry("孫中山", "孙中山", ("sun1", "zhong1", "shan1"), proper=True, breaks=(1,))
    >>> parse_entry(entry_line(entry)) == entry
    True
    """
    traditional, simplified, syllables, taiwan, flags, breaks, senses = line.split("\t")
    return LexEntry(
        traditional,
        simplified,
        tuple(syllables.split(",")),
        tuple(senses.split("/")) if senses else (),
        tuple(taiwan.split(",")) if taiwan else (),
        "p" in flags,
        tuple(map(int, breaks.split(","))) if breaks else (),
        "r" in flags,
    )


# ---- the reading index ----
#
# A reader asks of every place in a text which words lie across it. Nearly always the answer is
# none, so it must be cheap: one record a first character says which characters may follow, and one
# record a pair holds all its words with their readings and nothing else.

INDEXED_LENGTHS = (2, 3, 4)
"""The lengths of words, in characters, that are in the reading index."""


class WordReadings(NamedTuple):
    """How the dictionaries read a word."""

    kind: str
    """`c` for the dictionary of words, `p` for phrase readings alone."""
    readings: frozenset[tuple[str, ...]]
    plain: bool
    """One reading, and no name of several words."""


def readings_line(word: str, entries: list[LexEntry]) -> str:
    """The readings of a word as a line of its pair's record, `""` where none has its length.

    The line feed comes first, so that a search for it and the rest of the word finds the line.
    """
    readings = {entry.syllables: None for entry in entries if len(entry.syllables) == len(word)}
    if not readings:
        return ""
    whole = all(len(entry.syllables) == len(word) and not entry.breaks for entry in entries)
    flags = ("p" if entries[0].phrase else "c") + ("" if whole and len(readings) == 1 else "-")
    return "\t".join(["\n" + word[2:], flags, *map(",".join, readings)])


def find_readings(record: str, rest: str) -> WordReadings | None:
    """The word of a pair's record that has `rest` after the pair; None where there is none.

    >>> line = readings_line("长大", [LexEntry("長大", "长大", ("zhang3", "da4"))])
    >>> find_readings(line, ""), find_readings(line, "的")
    (WordReadings(kind='c', readings=frozenset({('zhang3', 'da4')}), plain=True), None)
    """
    start = record.find(f"\n{rest}\t")
    if start < 0:
        return None
    end = record.find("\n", start + 1)
    _, flags, *readings = record[start : end if end > 0 else None].split("\t")
    split = frozenset([tuple(reading.split(",")) for reading in readings])
    return WordReadings(flags[0], split, len(flags) == 1)


# ---- what is learnt of names and of boundaries ----

NameModel: TypeAlias = dict[str, int]
"""Features (a letter and what was seen: see `reader.annotation.person_names`) and their costs,
-100 ln p."""


def pack_costs(costs: Mapping[str, int]) -> bytes:
    """Features and their costs as one record, a line each."""
    return "\n".join(f"{feature}\t{cost}" for feature, cost in sorted(costs.items())).encode()


def unpack_costs(record: bytes) -> dict[str, int]:
    """What `pack_costs` packed.

    >>> unpack_costs(pack_costs({"s王": 7, "我|们": -3}))
    {'s王': 7, '我|们': -3}
    """
    rows = (line.split("\t") for line in record.decode().split("\n") if line)
    return {feature: int(cost) for feature, cost in rows}
