"""The compiled lexicon's records: what each holds, how it is written and how it is read.

A record's key is a letter and UTF-8:

- `w` + Simplified word: how often it occurs, its part of speech and its levels on the first line,
  then its entries, a line each;
- `t` + Traditional word, where it differs: the Simplified words it may stand for;
- `c` + character: its readings, the default first;
- `b` + character: the cost of that character alone, then every word of the lattice that begins
  with it, a line each (`by_first`), with its cost and where it falls into two;
- `d` + character: every word of two to four that begins with it, a line each, with its readings
  (the *reading index*);
- `n`: the *name model*, what people's names are made of;
- `s`: characters that may have been written for others, and those, a line each, and `p`: the pairs
  of characters that hold such a one where a word would have the other;
- `m`: the words that hold both Han and Latin characters, or digits.

The letters and the shapes are the compiled core's too (`native/`): what is changed here is changed
there, and `lexicon.FORMAT` is raised.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeAlias

HAN_WORD = "[\u3400-\u9fff\U00020000-\U0003ffff〇]+"
"""A pattern: nothing but ideographs of the blocks that dictionaries use."""

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
        return any(map(SURNAME.match, self.senses))

    @property
    def person(self) -> bool:
        """Whether this is the entry of a person, whose years follow the name."""
        return len(self.breaks) == 1 and bool(self.senses) and bool(LIFE.match(self.senses[0]))

    @property
    def variant(self) -> bool:
        """Whether the entry only says that this is another way to write a word."""
        return bool(self.senses) and self.senses[0].startswith(VARIANT)


# In a sense, or in several with slashes between.
SURNAME = re.compile("(?:^|/)(?:two-character |compound )?surname ")
LIFE = re.compile(r"[^/(]*+\((?>(?:[^/\d]|\d(?!\d))*)\d\d")
VARIANT = (
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


def entry_line(
    traditional: str,
    simplified: str,
    reading: str,
    taiwan: str = "",
    flags: str = "",
    breaks: str = "",
    senses: str = "",
) -> str:
    """An entry as a line of its word's record: syllables and breaks have commas between them,
    senses slashes; flags are `p` for a proper name, `r` for phrase readings."""
    return f"{traditional}\t{simplified}\t{reading}\t{taiwan}\t{flags}\t{breaks}\t{senses}"


def parse_entry(line: str, most: int | None = None) -> LexEntry:
    """What `entry_line` wrote, with so many senses at most.

    >>> entry = parse_entry(entry_line("長城", "长城", "chang2,cheng2", "", "p", "", "the Wall"))
    >>> entry.syllables, entry.senses, entry.proper, entry.breaks
    (('chang2', 'cheng2'), ('the Wall',), True, ())
    """
    traditional, simplified, syllables, taiwan, flags, breaks, senses = line.split("\t")
    return LexEntry(
        traditional,
        simplified,
        tuple(syllables.split(",")),
        tuple(senses.split("/")[:most]) if senses else (),
        tuple(taiwan.split(",")) if taiwan else (),
        "p" in flags,
        tuple(map(int, breaks.split(","))) if breaks else (),
        "r" in flags,
    )


# ---- words by their first characters ----


def by_first(rows: Iterable[str]) -> Iterator[tuple[str, str]]:
    r"""The first character of sorted rows, and the rest of all that begin so, a line feed before
    each.

    >>> list(by_first(["高兴\t7", "高手\t5", "黄金\t6"]))
    [('高', '\n兴\t7\n手\t5'), ('黄', '\n金\t6')]
    """
    for first, group in groupby(rows, key=itemgetter(0)):
        yield first, "\n" + "\n".join([row[1:] for row in group])


def going_on(record: bytes, second: str) -> str:
    r"""The lines of a record of `by_first` that begin with a second character.

    >>> going_on("\n兴\t7\n兴起\t9\n手\t5".encode(), "兴"), going_on(b"", "兴")
    ('\n兴\t7\n兴起\t9', '')
    """
    # Searched as it is stored: most of a record is not needed.
    begun = f"\n{second}".encode("utf-8", "replace")
    start = record.find(begun)
    if start < 0:
        return ""
    # They stand one behind the other.
    end = record.find(b"\n", record.rfind(begun) + 1)
    return record[start : end if end > 0 else None].decode()


# ---- the reading index ----
#
# A reader asks of every place in a text which words lie across it. Nearly always the answer is
# none, so it must be cheap: one record a first character holds all its words with their readings
# and nothing else.

INDEXED_LENGTHS = (2, 3, 4)
"""The lengths of words, in characters, that are in the reading index."""


class WordReadings(NamedTuple):
    """How the dictionaries read a word."""

    kind: str
    """`c` for the dictionary of words, `p` for phrase readings alone."""
    readings: frozenset[tuple[str, ...]]
    plain: bool
    """One reading, and no name of several words."""


def readings_fields(reading: str, breaks: Collection[int] = (), phrase: bool = False) -> str:
    """The one reading of a word as fields of its line."""
    return f"{'p' if phrase else 'c-' if breaks else 'c'}\t{reading}"


def merge_readings(fields: str, others: str) -> str:
    """The fields of a word that has both of these.

    >>> merge_readings("c\\tzhang3", "c\\tchang2"), merge_readings("c\\tle5", "p\\tle5")
    ('c-\\tzhang3\\tchang2', 'c\\tle5')
    """
    kind, *readings = fields.split("\t")
    other, *more = others.split("\t")
    every = dict.fromkeys(readings + more)
    plain = len(every) == 1 and "-" not in kind + other
    return "\t".join([kind[0] if plain else kind[0] + "-", *every])


def readings_row(word: str, fields: str) -> str:
    """The row of a word, for `by_first`."""
    return f"{word}\t{fields}"


def find_readings(record: str, rest: str) -> WordReadings | None:
    """The word of a record that has `rest` after the first character; None where there is none.

    >>> ((_, record),) = by_first([readings_row("长大", readings_fields("zhang3,da4"))])
    >>> find_readings(record, "大"), find_readings(record, "大的")
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
