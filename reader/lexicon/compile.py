"""The lexicon's table, compiled from the packages' data.

Keys are UTF-8 with a letter before them:

- `w` + Simplified word: how often it occurs, its part of speech and level on the first line,
  then its articles, a line each;
- `t` + Traditional word, where it differs: the Simplified words it may stand for;
- `c` + character: its readings, the default first;
- `b` + the first two characters: every word of the lattice that begins so, with its cost
  (`b` + one character: the cost of that character alone).

A cost is -100 ln p, so a sum of costs is a probability of words that know nothing of each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import log
from pathlib import Path

from reader.lexicon.entry import LexEntry
from reader.lexicon.packages import (
    read_cedict,
    read_characters,
    read_frequencies,
    read_levels,
    read_phrases,
)
from reader.lexicon.table import build
from reader.scripts import to_traditional

NAME_TAGS = frozenset(["nr", "ns", "nt", "nz", "nrt", "nrfg"])
"""Parts of speech of names: person, place, organisation, other, transliterated."""
RARE = 2
"""How often a dictionary word is taken to occur that the frequency list lacks."""
NAME_FLOOR = 3
"""Names of the frequency list that occur less often are no words of the lattice."""


def compile_table(files: Mapping[str, Path]) -> bytes:
    """The bytes of the table made of the files that `packages.data_files` names."""
    entries = _entries(read_cedict(files["cedict"]))
    counts, tags = _frequencies(read_frequencies(files["frequencies"]))
    levels = dict(read_levels(files["levels"]))
    _add_phrases(entries, read_phrases(files["phrases"]))
    words = _lattice_words(entries, counts, tags, levels)
    records: dict[bytes, bytes] = {}
    for word in sorted(entries.keys() | words.keys()):
        head = f"{counts.get(word, 0)}\t{tags.get(word, '')}\t{levels.get(word, '')}"
        lines = [head, *map(_line, entries.get(word, ()))]
        records[b"w" + word.encode()] = "\n".join(lines).encode()
    records |= _traditional(entries)
    records |= _characters(entries, read_characters(files["characters"]))
    records |= _lattice(words)
    return build(records)


def _entries(articles: Iterable[LexEntry]) -> dict[str, list[LexEntry]]:
    """Articles by Simplified word: ordinary ones first, then names, then mere variants."""
    entries: dict[str, list[LexEntry]] = defaultdict(list)
    for article in articles:
        entries[article.simplified].append(article)
    for found in entries.values():
        found.sort(key=lambda entry: (entry.variant, entry.surname, entry.proper))
    return entries


def _line(entry: LexEntry) -> str:
    flags = ("p" if entry.proper else "") + ("r" if entry.phrase else "")
    fields = (
        entry.traditional,
        ",".join(entry.syllables),
        ",".join(entry.taiwan_syllables),
        flags,
        "/".join(entry.senses),
    )
    return "\t".join(fields)


def _frequencies(
    rows: Iterable[tuple[str, int, str]],
) -> tuple[dict[str, int], dict[str, str]]:
    counts: dict[str, int] = {}
    tags: dict[str, str] = {}
    for word, count, tag in rows:
        if _is_han(word):
            counts[word] = count
            tags[word] = tag
    return counts, tags


def _add_phrases(
    entries: dict[str, list[LexEntry]], phrases: Iterable[tuple[str, tuple[str, ...]]]
) -> None:
    known = {entry.traditional for found in entries.values() for entry in found}
    new = [(p, s) for p, s in phrases if p not in entries and p not in known and _is_han(p)]
    converted = to_traditional("\n".join(phrase for phrase, _ in new)).split("\n")
    for (phrase, syllables), traditional in zip(new, converted, strict=True):
        entries[phrase] = [LexEntry(traditional, phrase, syllables, phrase=True)]


def _traditional(entries: Mapping[str, Iterable[LexEntry]]) -> dict[bytes, bytes]:
    simplified: dict[str, dict[str, None]] = defaultdict(dict)
    for word, found in entries.items():
        for entry in found:
            if entry.traditional != word:
                simplified[entry.traditional][word] = None
    return {b"t" + key.encode(): "\t".join(words).encode() for key, words in simplified.items()}


def _characters(
    entries: Mapping[str, Iterable[LexEntry]],
    listed: Iterable[tuple[str, tuple[str, ...]]],
) -> dict[bytes, bytes]:
    """Readings by character: the dictionary's first, in the order of the longer list."""
    known: dict[str, dict[str, None]] = defaultdict(dict)
    for word, found in entries.items():
        if len(word) == 1:
            for entry in found:
                known[entry.traditional][entry.syllables[0]] = None
                known[word][entry.syllables[0]] = None
    records = {}
    for character, readings in listed:
        ours = known.pop(character, {})
        order = [r for r in readings if r in ours] + [r for r in ours if r not in readings]
        merged = dict.fromkeys([*order, *readings])
        records[b"c" + character.encode()] = ",".join(merged).encode()
    for character, ours in known.items():
        records[b"c" + character.encode()] = ",".join(ours).encode()
    return records


def _lattice_words(
    entries: Mapping[str, list[LexEntry]],
    counts: Mapping[str, int],
    tags: Mapping[str, str],
    levels: Mapping[str, int],
) -> dict[str, int]:
    """The words that a text is cut into, with how often each occurs."""
    words = {
        word: counts.get(word) or RARE
        for word, found in entries.items()
        if _is_han(word) and not found[0].phrase
    }
    for word in levels:
        if _is_han(word):
            words.setdefault(word, counts.get(word) or RARE)
    for word, tag in tags.items():
        if tag in NAME_TAGS and counts[word] >= NAME_FLOOR and len(word) > 1:
            words.setdefault(word, counts[word])
    for word, count in counts.items():
        if len(word) == 1:
            words.setdefault(word, count or RARE)
    return words


def _lattice(words: Mapping[str, int]) -> dict[bytes, bytes]:
    total = log(sum(words.values()))
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        cost = round(100 * (total - log(words[word])))
        groups[word[:2]].append(str(cost) if len(word) == 1 else f"{word}\t{cost}")
    return {b"b" + key.encode(): "\t".join(rows).encode() for key, rows in groups.items()}


def _is_han(word: str) -> bool:
    return all("\u3400" <= c <= "\u9fff" or c >= "\U00020000" or c == "〇" for c in word)
