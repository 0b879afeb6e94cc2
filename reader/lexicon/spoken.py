"""How the dictionaries read short words, by the two characters that they begin with.

A reader asks of every place in a text which words lie across it. Nearly always the answer is
none, so it must be cheap: one record a first character says which characters may follow, and one
record a pair holds all its words with their readings and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from reader.lexicon.entry import LexEntry

LENGTHS = (2, 3, 4)
"""The lengths of words, in characters, that are kept."""


class Spoken(NamedTuple):
    """What the dictionaries say of a word's reading."""

    kind: str
    """`c` for the dictionary of words, `p` for phrase readings alone."""
    readings: frozenset[tuple[str, ...]]
    plain: bool
    """One reading, and no name of several words."""


def spoken_records(
    entries: Mapping[str, Iterable[LexEntry]], simplified: Mapping[str, Iterable[str]]
) -> dict[bytes, bytes]:
    """The records of all short words: `h` + a first character, `d` + a pair.

    `entries` are articles by Simplified word, `simplified` the Simplified words that each
    Traditional one may stand for.
    """
    pairs: dict[str, list[str]] = defaultdict(list)
    seconds: dict[str, dict[str, None]] = defaultdict(dict)
    for word in sorted(entries.keys() | simplified.keys()):
        if len(word) not in LENGTHS:
            continue
        found = list(entries.get(word, ()))
        for form in simplified.get(word, ()):
            found += [entry for entry in entries[form] if entry.traditional == word]
        if line := _line(word, found):
            pairs[word[:2]].append(line)
            seconds[word[0]][word[1]] = None
    records = {b"d" + pair.encode(): "".join(lines).encode() for pair, lines in pairs.items()}
    return records | {b"h" + c.encode(): "".join(found).encode() for c, found in seconds.items()}


def _line(word: str, found: list[LexEntry]) -> str:
    readings = {entry.syllables: None for entry in found if len(entry.syllables) == len(word)}
    if not readings:
        return ""
    whole = all(len(entry.syllables) == len(word) and not entry.breaks for entry in found)
    flags = ("p" if found[0].phrase else "c") + ("" if whole and len(readings) == 1 else "-")
    return "\t".join(["\n" + word[2:], flags, *map(",".join, readings)])


def find(record: str, rest: str) -> Spoken | None:
    """The word of a pair's record that has `rest` after the pair."""
    start = record.find(f"\n{rest}\t")
    if start < 0:
        return None
    end = record.find("\n", start + 1)
    _, flags, *readings = record[start : end if end > 0 else None].split("\t")
    split = frozenset([tuple(reading.split(",")) for reading in readings])
    return Spoken(flags[0], split, len(flags) == 1)
