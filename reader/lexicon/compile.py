"""The lexicon's table, compiled from the packages' data.

Keys are UTF-8 with a letter before them:

- `w` + Simplified word: how often it occurs, its part of speech and levels on the first line,
  then its articles, a line each;
- `t` + Traditional word, where it differs: the Simplified words it may stand for;
- `c` + character: its readings, the default first;
- `b` + the first two characters: every word of the lattice that begins so, with its cost and
  where it falls into two (`b` + one character: the cost of that character alone);
- `f` + character: the characters that follow it at the beginning of words of the lattice;
- `d` + the first two characters: every word of two to four that begins so, with its readings
  (`spoken.py`), and `h` + character: the characters that follow it in such words;
- `n`: what people's names are made of;
- `s`: characters that may have been written for others, and those, a line each;
- `m`: the words that hold both Han and Latin characters, or digits.

A cost is -100 ln p, so a sum of costs is a probability of words that know nothing of each other.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from math import log
from pathlib import Path

from reader.lexicon.entry import LexEntry
from reader.lexicon.levels import level_record
from reader.lexicon.packages import (
    read_cedict,
    read_characters,
    read_frequencies,
    read_levels,
    read_phrases,
)
from reader.lexicon.people import count_names, keep_foreign, packed
from reader.lexicon.siblings import siblings
from reader.lexicon.spoken import spoken_records
from reader.lexicon.table import build
from reader.scripts import simplify, to_traditional

RARE = 4
"""How often a dictionary word is taken to occur that the frequency list lacks."""
NAME_FLOORS = {"nr": 10, "ns": 3, "nt": 3, "nz": 20, "nrt": 5, "nrfg": 3}
"""Names of the frequency list that occur less often are no words of the lattice: by kind
(person, place, organisation, other, transliterated person, person)."""
PLACES = frozenset("省市县区州乡镇村路街湖山河江海岛湾寺宫站门")
"""What names of places end in, as a word of its own."""
WITHIN = frozenset("上下里外中内前后")
"""What makes of a noun where something is, not a name: 河里."""
ORDINARY = 10
"""So many times as often as the name that it ends must a dictionary word occur for the name to be
none: 多|维度."""
EVERYDAY = 8000
"""So often, for what looks like a person's name, as given names are words too: 高|水平."""
SHARED = 100
"""Words of the frequency list that are none of ours are shared out from this count on."""


def compile_table(files: Mapping[str, Path]) -> bytes:
    """The bytes of the table made of the files that `packages.data_files` names."""
    entries = _entries(read_cedict(files["cedict"]))
    counts, tags = _frequencies(read_frequencies(files["frequencies"]))
    levels = {word: level_record(found) for word, found in read_levels(files["levels"])}
    surnames = {word for word, found in entries.items() if any(e.surname for e in found)}
    surnames -= {word for word in surnames if len(word) > 2}
    names = count_names(tags, _known_people(entries, surnames), surnames)
    words = _lattice_words(entries, counts, tags, levels)
    keep_foreign(names, words)
    lattice = _lattice(words, _Splits(entries, tags, surnames))
    _add_phrases(entries, read_phrases(files["phrases"]))
    records: dict[bytes, bytes] = {}
    for word in sorted(entries.keys() | words.keys()):
        head = f"{counts.get(word, 0)}\t{tags.get(word, '')}\t{levels.get(word, '')}"
        lines = [head, *map(_line, entries.get(word, ()))]
        records[b"w" + word.encode()] = "\n".join(lines).encode()
    simplified = _simplified_forms(entries)
    records |= {b"t" + k.encode(): "\t".join(forms).encode() for k, forms in simplified.items()}
    records |= spoken_records(entries, simplified)
    records |= _characters(entries, read_characters(files["characters"]))
    records |= lattice
    records[b"n"] = packed(names)
    records[b"s"] = "\n".join(f"{a}\t{b}" for a, b in siblings(entries).items()).encode()
    records[b"m"] = "\n".join(filter(None, map(_mixed, entries))).encode()
    return build(records)


def _entries(articles: Iterable[LexEntry]) -> dict[str, list[LexEntry]]:
    """Articles by Simplified word: ordinary ones first, then names, then mere variants.

    Where OpenCC simplifies a word otherwise than the dictionary does (論著 as 论着), the article
    is found under both.
    """
    listed = list(articles)
    entries: dict[str, list[LexEntry]] = defaultdict(list)
    for article in listed:
        entries[article.simplified].append(article)
    shadows = simplify("\n".join(article.traditional for article in listed)).split("\n")
    for article, shadow in zip(listed, shadows, strict=True):
        if shadow != article.simplified and len(shadow) > 1:
            entries[shadow].append(article)
    for found in entries.values():
        found.sort(key=lambda entry: (entry.variant, entry.surname, entry.proper))
    return entries


def _known_people(
    entries: Mapping[str, Iterable[LexEntry]], surnames: Container[str]
) -> Iterator[tuple[str, str]]:
    """The surname and given name of everybody whom the dictionary has."""
    for word, found in entries.items():
        for entry in found:
            if entry.person and word[: entry.breaks[0]] in surnames:
                yield word[: entry.breaks[0]], word[entry.breaks[0] :]


def _line(entry: LexEntry) -> str:
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


def _simplified_forms(entries: Mapping[str, Iterable[LexEntry]]) -> Mapping[str, Iterable[str]]:
    """The Simplified words that each Traditional one, where it differs, may stand for."""
    simplified: dict[str, dict[str, None]] = defaultdict(dict)
    for word, found in entries.items():
        for entry in found:
            if entry.traditional != word:
                simplified[entry.traditional][word] = None
    return simplified


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
    levels: Iterable[str],
) -> dict[str, int]:
    """The words that a text is cut into, with how often each occurs."""
    words = {word: counts.get(word) or RARE for word in entries if _is_han(word)}
    for word in levels:
        if _is_han(word):
            words.setdefault(word, counts.get(word) or RARE)
    for word, tag in tags.items():
        floor = NAME_FLOORS.get(tag, sys.maxsize)
        if len(word) < 2 or counts[word] < floor or word in words:
            continue
        # The list calls many a common noun a person (银杏树, 老先生): a person has a surname.
        if tag == "nr" and not _has_surname(word, entries):
            continue
        if not _is_phrase(word, entries) and not _ends_in_word(word, tag, entries, counts):
            words[word] = counts[word]
    for word, count in counts.items():
        if len(word) == 1:
            words.setdefault(word, count or RARE)
    _share_out(words, counts)
    return words


def _has_surname(word: str, entries: Mapping[str, Iterable[LexEntry]]) -> bool:
    return any(entry.surname for end in (1, 2) for entry in entries.get(word[:end], ()))


def _is_phrase(word: str, entries: Container[str]) -> bool:
    """Whether a name of the frequency list is but a string of dictionary words: 北京|音乐|学院."""
    start = 0
    while len(word) - start > 1:
        end = len(word)
        while end > start + 1 and word[start:end] not in entries:
            end -= 1
        if end == start + 1:
            return False
        start = end
    return start == len(word)


def _ends_in_word(
    word: str, tag: str, entries: Mapping[str, Iterable[LexEntry]], counts: Mapping[str, int]
) -> bool:
    """Whether a name of the frequency list is but a character and a word or place beside it."""
    if len(word) == 2:
        return word[1] in WITHIN
    last = word[1:]
    ordinary = any(not entry.proper for entry in entries.get(last, ()))
    least = EVERYDAY if tag.startswith("nr") else ORDINARY * counts[word]
    return len(word) == 3 and ordinary and counts.get(last, 0) >= least


def _share_out(words: dict[str, int], counts: Mapping[str, int]) -> None:
    """Count the parts of frequent words that are none of ours: 一个 makes 一 and 个 likelier."""
    for word, count in counts.items():
        if count < SHARED or word in words:
            continue
        start = 0
        while start < len(word):
            end = len(word)
            while end > start + 1 and word[start:end] not in words:
                end -= 1
            words[word[start:end]] = words.get(word[start:end], 0) + count
            start = end


class _Splits:
    """Where a name falls into two words: after the surname, before the kind of place."""

    def __init__(
        self,
        entries: Mapping[str, list[LexEntry]],
        tags: Mapping[str, str],
        surnames: Container[str],
    ) -> None:
        self._entries = entries
        self._tags = tags
        self._surnames = surnames

    def of(self, word: str) -> str:
        """`2p`: a surname of two characters before a given name; `2n`: a place; `0n`: a name
        that is one word; or nothing."""
        entries = self._entries.get(word, [])
        if entries and not all(entry.proper for entry in entries):
            return ""
        size = 2 if len(word) > 2 and word[:2] in self._surnames else 1
        if word[:size] in self._surnames and self._is_person(word, size, entries):
            return f"{size}p"
        if len(word) > 2 and self._is_place(word, entries):
            return f"{len(word) - 1}n"
        return "0n" if entries or self._tags.get(word, "")[:1] == "n" else ""

    def _is_person(self, word: str, size: int, entries: list[LexEntry]) -> bool:
        if entries:
            return entries[0].person and entries[0].breaks == (size,)
        return self._tags.get(word) in ("nr", "nrfg") and 1 <= len(word) - size <= 2

    def _is_place(self, word: str, entries: list[LexEntry]) -> bool:
        if entries and entries[0].breaks == (len(word) - 1,):
            return True
        named = any(entry.proper for entry in self._entries.get(word[:-1], ()))
        return named and word[-1] in PLACES and (bool(entries) or self._tags.get(word) == "ns")


def _lattice(words: Mapping[str, int], splits: _Splits) -> dict[bytes, bytes]:
    total = log(sum(words.values()))
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        cost = round(100 * (total - log(words[word])))
        row = str(cost) if len(word) == 1 else f"{word}\t{cost}\t{splits.of(word)}"
        groups[word[:2]].append(row)
    seconds: dict[str, list[str]] = defaultdict(list)
    for pair in groups:
        seconds[pair[0]].append(pair[1:])
    records = {b"b" + key.encode(): "\t".join(rows).encode() for key, rows in groups.items()}
    return records | {b"f" + key.encode(): "".join(s).encode() for key, s in seconds.items()}


_CORE = re.compile(r"([^\x00-\x7f]*)([A-Za-z0-9]+)([^\x00-\x7f]*)")


def _mixed(word: str) -> str:
    """A word that has one run of Latin letters or digits, cut in three there; `""` for others."""
    match = _CORE.fullmatch(word)
    return "\t".join(match.groups()) if match and (match[1] or match[3]) else ""


_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff〇]+")


def _is_han(word: str) -> bool:
    return _HAN.fullmatch(word) is not None
