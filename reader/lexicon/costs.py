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
from typing import TypeAlias

from reader.lexicon.records import LexEntry, NameModel

# ---- the words of the lattice ----

RARE = 4
"""How often a dictionary word is taken to occur that the frequency list lacks."""
NAME_FLOORS = {"ns": 10, "nt": 10, "nz": 20, "nrt": 5, "nrfg": 3}
"""Names of the frequency list that occur less often are no words of the lattice: by kind (place,
organisation, other, transliterated person, known person). What else the list has for a person's
name is too often none."""
PLACES = frozenset("省市县区州乡镇村路街湖山河江海岛湾寺宫站门")
"""What names of places end in, as a word of its own."""
WITHIN = frozenset("上下里外中内前后")
"""What makes of a noun where something is, not a name: 河里."""
ORDINARY = 10
"""So many times as often as the name that it ends must a dictionary word occur for the name to be
none: 多|维度."""
EVERYDAY = 8000
"""So often, for what looks like a person's name, as given names are words too: 高|水平."""
EVERYDAY_COUNT = 100
"""How often an ordinary word is taken to occur that the lists have for a name alone."""
SHARED = 100
"""Words of the frequency list that the lattice lacks are shared out from this count on."""


def lattice_words(
    entries: Mapping[str, list[LexEntry]],
    counts: Mapping[str, int],
    tags: Mapping[str, str],
    levels: Iterable[str],
    everyday: Mapping[str, str],
) -> dict[str, int]:
    """The words that a text is segmented into, with how often each occurs.

    `entries` are the dictionary's by Simplified word, `counts` and `tags` are the frequency
    list's, `levels` the words of the syllabus; `everyday` says which names are rather one
    ordinary word (`word`) or a string of several (`words`).
    """
    words = {word: counts.get(word) or RARE for word in (*entries, *levels) if is_han_word(word)}
    words |= {
        word: counts[word]
        for word, tag in tags.items()
        if word not in words and _is_listed_name(word, tag, entries, counts)
    }
    for word, kind in everyday.items():
        if kind == "words":
            words.pop(word, None)
        else:
            words[word] = max(words.get(word, 0), EVERYDAY_COUNT)
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
    return not _is_phrase(word, entries) and not _ends_in_word(word, tag, entries, counts)


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
        everyday: Container[str],
    ) -> None:
        self._entries = entries
        self._tags = tags
        self._surnames = surnames
        self._everyday = everyday

    def of(self, word: str) -> str:
        """The words it falls into (see `Lexicon.lattice_words`)."""
        entries = self._entries.get(word, [])
        if word in self._everyday or any(not entry.proper for entry in entries):
            return ""
        size = 2 if len(word) > 2 and word[:2] in self._surnames else 1
        if self._is_person(word, size, entries):
            return f"{size}p{len(word) - size}p"
        if 2 < len(word) < 11 and self._is_place(word, entries):
            return f"{len(word) - 1}n1n"
        return "n" if entries or self._tags.get(word, "")[:1] == "n" else ""

    def _is_person(self, word: str, size: int, entries: list[LexEntry]) -> bool:
        if word[:size] not in self._surnames:
            return False
        if entries:
            return entries[0].person and entries[0].breaks == (size,)
        return self._tags.get(word) == "nrfg" and 1 <= len(word) - size <= 2

    def _is_place(self, word: str, entries: list[LexEntry]) -> bool:
        if entries and entries[0].breaks == (len(word) - 1,):
            return True
        named = any(entry.proper for entry in self._entries.get(word[:-1], ()))
        return named and word[-1] in PLACES and (bool(entries) or self._tags.get(word) == "ns")


def word_shape(word: str, tag: str, split: str, count: int) -> str:
    """What words are learnt to be likelier or rarer by than they are counted: part of speech,
    length, and of names how frequent they are.

    >>> word_shape("山上", "ns", "0n", 35), word_shape("走路", "v", "", 5000)
    ('ns2n2', 'v2')
    """
    name = f"n{len(str(count))}" if split else ""
    return f"{tag or '-'}{len(word)}{name}"


Rows: TypeAlias = Mapping[str, tuple[int, str]]
"""Words of the lattice: the cost of each, and the words it falls into."""


def lattice_records(
    words: Mapping[str, int],
    division: NameDivision,
    tags: Mapping[str, str],
    learnt: Mapping[str, Mapping[str, int]],
    parts: Mapping[str, str],
    ours: Iterable[str],
) -> dict[bytes, bytes]:
    """The records of the lattice: `b` + a pair or a character, `f` + a first character.

    `learnt` has what words (`word`) and kinds of words (`shape`) cost more than their count says;
    `ours` are words that are not to be cut, however rare they are.
    """
    total = log(sum(words.values()))
    rows: dict[str, tuple[int, str]] = {}
    for word, count in words.items():
        split = division.of(word) if len(word) > 1 else ""
        shape = word_shape(word, tags.get(word, ""), split, count)
        # Integers, so that sums are exact and the core finds the very path that Python finds.
        cost = round(100 * (total - log(count)))
        cost += learnt["word"].get(word, 0) + learnt["shape"].get(shape, 0)
        rows[word] = max(1, cost), split
    for word in ours:
        rows[word] = min(rows[word][0], max(1, _cheapest_parts(word, rows) - WHOLE)), rows[word][1]
    for word, cost, split in made_words(rows, words, tags, parts):
        rows.setdefault(word, (cost, split))
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(rows):
        cost, split = rows[word]
        row = str(cost) if len(word) == 1 else f"{word}\t{cost}\t{split}"
        groups[word[:2]].append(row)
    seconds: dict[str, list[str]] = defaultdict(list)
    for pair in groups:
        seconds[pair[0]].append(pair[1:])
    records = {b"b" + key.encode(): "\t".join(rows).encode() for key, rows in groups.items()}
    return records | {b"f" + key.encode(): "".join(s).encode() for key, s in seconds.items()}


WHOLE = 50
"""How much cheaper a word of ours is at least than what it could be cut into."""
MADE = 250
"""What saying a word twice costs more than the word."""
ADVERBIAL = 100
"""The cost of 地 behind a doubled adverb, where hardly anything else stands: 轻轻|地|点头."""
ASKED = 20
"""Verbs and adjectives of two characters are said twice (高高兴兴) or asked with (喜|不|喜欢) that
occur so often."""


def _cheapest_parts(word: str, rows: Rows) -> int:
    """The cost of the cheapest words that a word can be cut into."""
    best = [0]
    for end in range(1, len(word) + 1):
        starts = range(end == len(word), end)
        ways = [best[at] + rows[word[at:end]][0] for at in starts if word[at:end] in rows]
        best.append(min(ways, default=sys.maxsize))
    return best[-1]


def made_words(
    rows: Rows, words: Mapping[str, int], tags: Mapping[str, str], parts: Mapping[str, str]
) -> Iterator[tuple[str, int, str]]:
    """What is made of words by saying them twice, with its cost and the words it falls into.

    Of 看: 看看, 看一看, 看了看, 看不看, 看没看; of 喜欢: 喜|不|喜欢; of 高兴: 高高兴兴; of 轻:
    轻轻|地; of 看 again: 看|得|到, where 得到 is no word.
    """
    alone = frozenset(parts["alone"].split())
    for word, count in words.items():
        tag = tags.get(word, "")[:1]
        cost = rows[word][0] + MADE
        if len(word) == 1:
            yield from _doubled(word, cost, tag, word in alone)
            yield from _adverbs(word, rows, tags) if word not in alone else ()
        elif len(word) == 2 and tag in ("v", "a") and count >= ASKED:
            yield word[0] + "不" + word, cost, "1h1h2h"
            yield word[0] + "没" + word, cost, "1h1h2h"
            yield 2 * word[0] + 2 * word[1], cost, ""
    for word in parts["perceived"].split():
        if word in rows and "到" in rows:
            yield word + "得到", rows[word][0] + rows["到"][0], "1h1h1h"


def _doubled(word: str, cost: int, tag: str, alone: bool) -> Iterator[tuple[str, int, str]]:
    if tag not in ("v", "a", "q", "z"):
        return
    for between in "不没" if alone else "不没一了":
        yield word + between + word, cost, ""
    if not alone:
        yield 2 * word, cost, ""


def _adverbs(word: str, rows: Rows, tags: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    tag = (tags.get(2 * word, "") or tags.get(word, ""))[:1]
    if tag not in ("d", "z", "a", "v"):
        return
    if 2 * word in rows:
        yield 2 * word + "地", rows[2 * word][0] + ADVERBIAL, "2h1h"
    elif tag != "d":
        yield 2 * word + "地", rows[word][0] + MADE + ADVERBIAL, "2h1h"


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
NOT_GIVEN = frozenset(
    "则却仍均将已也都就又还才并被把说称的了是在和与及等家姓氏某县镇区市村乡王爷公哥师帝宫殿站"
)
"""What follows surnames in the tagged words and is no part of a given name."""
USUAL = 20
"""How much more often than it was seen a character is taken to be that is usual in given names."""
TITLED, UNTITLED = -100, 400
"""What a surname before a title costs more than the word that it may be; and one of those that are
more likely that word."""
KNOWN = 3
"""How much more a real person's given name counts than a tagged one."""


def name_model(
    tags: Mapping[str, str],
    known: Iterable[tuple[str, str]],
    surnames: Iterable[str],
    words: Mapping[str, int],
    entries: Mapping[str, Iterable[LexEntry]],
    parts: Mapping[str, str],
) -> NameModel:
    """What names are made of, counted: features of `person_names` and their costs.

    `parts` lists, with spaces between, what cannot be counted: titles, prefixes, kinds of places,
    and characters that are usual in given names.
    """
    groups = _count_people(tags, known, surnames)
    for letter in "12g":
        groups[letter].update(dict.fromkeys(parts["given"].split(), USUAL))
    groups["f"] = Counter(c for word, tag in tags.items() if tag == "nrt" for c in word)
    groups["c"] = Counter(c for place in _places(entries) for c in place)
    listed = (("t", "title"), ("p", "prefix"), ("k", "place"), ("q", "measure"))
    model = {letter + part: 0 for letter, kind in listed for part in parts[kind].split()}
    model |= {"l" + surname: UNTITLED for surname in parts["titled"].split()}
    model["T0"] = TITLED
    for letter, counts in groups.items():
        model |= {letter + part: cost for part, cost in _costs(counts)}
    return _without_usual_characters(model, words)


def _without_usual_characters(model: NameModel, words: Mapping[str, int]) -> NameModel:
    """The model, of the characters of transliterations and places with those alone that are rarer
    elsewhere."""
    total = log(sum(words.values()))
    return {
        feature: cost
        for feature, cost in model.items()
        if feature[0] not in "fc" or cost < 100 * (total - log(words.get(feature[1], 1)))
    }


def _places(entries: Mapping[str, Iterable[LexEntry]]) -> Iterator[str]:
    """The names of places, of two or three characters, that the dictionary has with their kind."""
    for word, listed in entries.items():
        if 2 < len(word) < 5 and word[-1] in PLACES and all(entry.proper for entry in listed):
            yield word[:-1]


def _count_people(
    tags: Mapping[str, str], known: Iterable[tuple[str, str]], surnames: Iterable[str]
) -> dict[str, Counter[str]]:
    """The parts of people's names, from the words tagged as such.

    `known` people, surname and given name, are real ones. The tagged words begin with surnames
    only mostly: how often a surname occurs is therefore held to a multiple of its real bearers.
    """
    listed = frozenset(surnames)
    people = [*known, *_people(tags, ["nrfg"], listed)]
    bearers = Counter(surname for surname, _ in people)
    tagged = list(_people(tags, ["nr"], listed))
    seen = Counter(surname for surname, _ in tagged)
    groups = {letter: Counter[str]() for letter in "s12g"}
    for surname in listed:
        most = BEARERS * bearers[surname] + UNBORNE
        groups["s"][surname] = min(seen[surname] + bearers[surname], most)
    for _, given_name in people * KNOWN:
        _count_given(groups, given_name)
    for surname, given_name in tagged:
        # What the list tags after a rare surname is as often a common word: 卫星, 雷达, 封锁.
        if bearers[surname] > 1:
            _count_given(groups, given_name)
    return groups


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
        groups["g"][name] += 1
    else:
        groups["1"][name[0]] += 1
        groups["2"][name[1]] += 1


def _costs(counter: Counter[str]) -> Iterator[tuple[str, int]]:
    total = log(counter.total() or 1)
    for part, count in sorted(counter.items()):
        if count >= FLOOR:
            yield part, round(100 * (total - log(count)))
