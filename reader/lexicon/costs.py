"""What a text is segmented into, and what it costs: words, and the parts of people's names.

A cost is -100 ln p, so a sum of costs is a probability of words that know nothing of each other.
The words make the *lattice*: the dictionary's, those of the syllabus, and of the frequency list the
names and the single characters. Persons that no list has are put together from the *name model*.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from math import log

from reader.lexicon.records import NAME_GROUPS, LexEntry, NameModel

# ---- the words of the lattice ----

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
"""Words of the frequency list that the lattice lacks are shared out from this count on."""


def lattice_words(
    entries: Mapping[str, list[LexEntry]],
    counts: Mapping[str, int],
    tags: Mapping[str, str],
    levels: Iterable[str],
) -> dict[str, int]:
    """The words that a text is segmented into, with how often each occurs.

    `entries` are the dictionary's by Simplified word, `counts` and `tags` are the frequency
    list's, `levels` the words of the syllabus.
    """
    words = {word: counts.get(word) or RARE for word in (*entries, *levels) if is_han_word(word)}
    words |= {
        word: counts[word]
        for word, tag in tags.items()
        if word not in words and _is_listed_name(word, tag, entries, counts)
    }
    # Every character that occurs, so that any run of them can be segmented.
    for word, count in counts.items():
        if len(word) == 1:
            words.setdefault(word, count or RARE)
    _share_out(words, counts)
    return words


def _is_listed_name(
    word: str, tag: str, entries: Mapping[str, Iterable[LexEntry]], counts: Mapping[str, int]
) -> bool:
    """Whether a word of the frequency list is a name that the lattice is to have."""
    if len(word) < 2 or counts[word] < NAME_FLOORS.get(tag, sys.maxsize):
        return False
    # The list calls many a common noun a person (银杏树, 老先生): a person has a surname.
    if tag == "nr" and not _has_surname(word, entries):
        return False
    return not _is_phrase(word, entries) and not _ends_in_word(word, tag, entries, counts)


def _has_surname(word: str, entries: Mapping[str, Iterable[LexEntry]]) -> bool:
    return any(entry.surname for end in (1, 2) for entry in entries.get(word[:end], ()))


def _is_phrase(word: str, entries: Container[str]) -> bool:
    """Whether a name of the frequency list is but a string of dictionary words: 北京|音乐|学院."""
    start = 0
    # Longest words from the left; a single character anywhere means that it is more than them.
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
    """Whether a name of the list is but a character before a word, or a noun before 里 or 上."""
    if len(word) == 2:
        return word[1] in WITHIN
    last = word[1:]
    ordinary = any(not entry.proper for entry in entries.get(last, ()))
    least = EVERYDAY if tag.startswith("nr") else ORDINARY * counts[word]
    return len(word) == 3 and ordinary and counts.get(last, 0) >= least


def _share_out(words: dict[str, int], counts: Mapping[str, int]) -> None:
    """Count the parts of frequent words that are not in the lattice: 一个 makes 一 and 个 likelier.

    The frequency list has one count a word and none for its parts, so without this 个 would be
    rarer than it is wherever the list joins it to a number.
    """
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


class NameDivision:
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
        """`2p`: a surname of two characters before a given name; `2n`: a place, before its kind;
        `0n`: a name that is one word; or nothing."""
        entries = self._entries.get(word, [])
        if any(not entry.proper for entry in entries):
            return ""
        size = 2 if len(word) > 2 and word[:2] in self._surnames else 1
        if self._is_person(word, size, entries):
            return f"{size}p"
        if len(word) > 2 and self._is_place(word, entries):
            return f"{len(word) - 1}n"
        return "0n" if entries or self._tags.get(word, "")[:1] == "n" else ""

    def _is_person(self, word: str, size: int, entries: list[LexEntry]) -> bool:
        if word[:size] not in self._surnames:
            return False
        if entries:
            return entries[0].person and entries[0].breaks == (size,)
        return self._tags.get(word) in ("nr", "nrfg") and 1 <= len(word) - size <= 2

    def _is_place(self, word: str, entries: list[LexEntry]) -> bool:
        if entries and entries[0].breaks == (len(word) - 1,):
            return True
        named = any(entry.proper for entry in self._entries.get(word[:-1], ()))
        return named and word[-1] in PLACES and (bool(entries) or self._tags.get(word) == "ns")


def lattice_records(words: Mapping[str, int], division: NameDivision) -> dict[bytes, bytes]:
    """The records of the lattice: `b` + a pair or a character, `f` + a first character."""
    total = log(sum(words.values()))
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        # Integers, so that sums are exact and the core finds the very path that Python finds.
        cost = round(100 * (total - log(words[word])))
        row = str(cost) if len(word) == 1 else f"{word}\t{cost}\t{division.of(word)}"
        groups[word[:2]].append(row)
    seconds: dict[str, list[str]] = defaultdict(list)
    for pair in groups:
        seconds[pair[0]].append(pair[1:])
    records = {b"b" + key.encode(): "\t".join(rows).encode() for key, rows in groups.items()}
    return records | {b"f" + key.encode(): "".join(s).encode() for key, s in seconds.items()}


_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff〇]+")


def is_han_word(word: str) -> bool:
    """Whether a word has nothing but ideographs of the blocks that dictionaries use."""
    return _HAN.fullmatch(word) is not None


# ---- the name model ----

FLOOR = 3
"""Characters seen less often in their place are left out."""
BEARERS = 30
"""How many tagged names one real bearer of a surname vouches for."""
UNBORNE = 12
"""How many are believed of a surname without a bearer that the data names."""
GAIN = 250
"""By how much a transliteration's character must be likelier in one than as a word."""
NOT_GIVEN = frozenset(
    "则却仍均将已也都就又还才并被把说称的了是在和与及等家姓氏某县镇区市村乡王爷公哥师帝宫殿站"
)
"""What follows surnames in the tagged words and is no part of a given name."""
KNOWN = 3
"""How much more a real person's given name counts than a tagged one."""


def count_names(
    tags: Mapping[str, str], known: Iterable[tuple[str, str]], surnames: Iterable[str]
) -> NameModel:
    """The name model, from the words tagged as persons' names.

    `known` people, surname and given name, are real ones. The tagged words begin with surnames
    only mostly: how often a surname occurs is therefore held to a multiple of its real bearers.
    """
    listed = frozenset(surnames)
    people = [*known, *_people(tags, ["nrfg"], listed)]
    bearers = Counter(surname for surname, _ in people)
    tagged = list(_people(tags, ["nr"], listed))
    seen = Counter(surname for surname, _ in tagged)
    groups = {group: Counter[str]() for group in NAME_GROUPS}
    for surname in listed:
        most = BEARERS * bearers[surname] + UNBORNE
        groups["surname"][surname] = min(seen[surname] + bearers[surname], most)
    for _, given_name in people * KNOWN:
        _count_given(groups, given_name)
    for surname, given_name in tagged:
        # What the list tags after a rare surname is as often a common word: 卫星, 雷达, 封锁.
        if bearers[surname] > 1:
            _count_given(groups, given_name)
    for word, tag in tags.items():
        if tag == "nrt":
            groups["foreign"].update(word)
    return {group: _costs(counter) for group, counter in groups.items()}


def _people(
    tags: Mapping[str, str], kinds: Collection[str], surnames: Container[str]
) -> Iterator[tuple[str, str]]:
    """Surname and given name of the words so tagged that can be taken for a name."""
    for word, tag in tags.items():
        if tag in kinds and 2 <= len(word) <= 4:
            size = 2 if len(word) > 2 and word[:2] in surnames else 1
            if word[:size] in surnames and len(word) <= size + 2:
                yield word[:size], word[size:]


def _count_given(groups: Mapping[str, Counter[str]], name: str) -> None:
    if not NOT_GIVEN.isdisjoint(name):
        return
    if len(name) == 1:
        groups["single"][name] += 1
    else:
        groups["first"][name[0]] += 1
        groups["last"][name[1]] += 1


def _costs(counter: Counter[str]) -> dict[str, int]:
    total = log(counter.total() or 1)
    return {
        part: round(100 * (total - log(count)))
        for part, count in sorted(counter.items())
        if count >= FLOOR
    }


def keep_foreign(groups: NameModel, words: Mapping[str, int]) -> None:
    """Keep, of the characters of transliterations, those that are rarer outside of them."""
    total = log(sum(words.values()))
    groups["foreign"] = {
        character: cost
        for character, cost in groups["foreign"].items()
        if cost + GAIN < 100 * (total - log(words.get(character, 1)))
    }
