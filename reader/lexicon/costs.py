"""What a text is segmented into, and what it costs: words, and the parts of people's names.

A cost is -100 ln p, so a sum of costs is a probability of words that know nothing of each other.
The words make the *lattice*: the dictionary's, those of the syllabus, and of the frequency list the
names and the single characters. Persons that no list has are put together from the *name model*.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from functools import partial
from math import log
from operator import attrgetter
from typing import TypeAlias

from reader.lexicon.packages import PLAIN, ListedEntry
from reader.lexicon.records import HAN_WORD, NameModel, by_first

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


class Word:
    """What is known of a Simplified word while the lexicon is compiled.

    All of it in one place: with a mapping for each list, most of the time would go into look-ups.
    """

    __slots__ = (
        *("text", "entries", "phrases", "count", "tag", "level", "readings"),
        *("weight", "cost", "split"),
    )

    def __init__(self, text: str, entries: tuple[ListedEntry, ...] = ()) -> None:
        self.text = text
        self.entries = entries
        """The dictionary's: ordinary ones first, then names, then mere variants."""
        self.phrases: tuple[ListedEntry, ...] = ()
        """The entry of the phrase readings, where the dictionary has none."""
        self.count = 0
        """How often the frequency list has it."""
        self.tag = ""
        """Its part of speech there, `""` for a word that is not there."""
        self.level = ""
        self.readings = ""
        """The fields of its line in the reading index."""
        self.weight = 0
        """How often it occurs as a word of the lattice; 0 for a word that is none."""
        self.cost = 0
        self.split = ""
        """What it costs in the lattice, and the words it falls into."""

    @property
    def proper(self) -> bool:
        """Whether the dictionary has nothing but proper names, or nothing."""
        return all(map(PROPER, self.entries))


PROPER = attrgetter("kind.proper")
Words: TypeAlias = dict[str, Word]


def weigh_words(words: Words, everyday: Mapping[str, str]) -> None:
    """Give their weights to the words that a text is segmented into.

    `everyday`, of which all are among `words`, says which names are rather one ordinary word
    (`word`) or a string of several (`words`).
    """
    dictionary = {text for text, word in words.items() if word.entries}
    for word in words.values():
        word.weight = _own_weight(word, words, dictionary)
    for text, kind in everyday.items():
        words[text].weight = 0 if kind == "words" else max(words[text].weight, EVERYDAY_COUNT)
    _share_out(words)


def _own_weight(word: Word, words: Words, dictionary: Container[str]) -> int:
    if word.entries or word.level:
        # The frequency list has nothing but such words.
        return word.count or (RARE if is_han_word(word.text) else 0)
    if len(word.text) == 1:
        # Every character that occurs, so that any run of them can be segmented.
        return (word.count or RARE) if word.tag else 0
    listed = word.tag in NAME_FLOORS and _is_listed_name(word, words, dictionary)
    return word.count if listed else 0


def _is_listed_name(word: Word, words: Words, dictionary: Container[str]) -> bool:
    """Whether a word of the frequency list is a name that the lattice is to have."""
    if word.count < NAME_FLOORS[word.tag]:
        return False
    return not _is_phrase(word.text, dictionary) and not _ends_in_word(word, words)


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


def _ends_in_word(word: Word, words: Words) -> bool:
    """Whether a name of the list is but a character before a word, or a noun before 里 or 上."""
    if len(word.text) == 2:
        return word.text[1] in WITHIN
    last = words.get(word.text[1:])
    if last is None or len(word.text) != 3:
        return False
    least = EVERYDAY if word.tag.startswith("nr") else ORDINARY * word.count
    return not last.proper and last.count >= least


def _share_out(words: Words) -> None:
    """Count the parts of frequent words that are not in the lattice: 一个 makes 一 and 个 likelier.

    The frequency list has one count a word and none for its parts, so without this 个 would be
    rarer than it is wherever the list joins it to a number.
    """
    for word in [word for word in words.values() if word.count >= SHARED and not word.weight]:
        text, start = word.text, 0
        while start < len(text):
            end = len(text)
            while end > start + 1 and not _weight(words, text[start:end]):
                end -= 1
            part = text[start:end]
            words.setdefault(part, Word(part)).weight += word.count
            start = end


def _weight(words: Words, text: str) -> int:
    word = words.get(text)
    return word.weight if word is not None else 0


class NameDivision:
    """Where a name falls into two words: after the surname, before the kind of place."""

    def __init__(self, words: Words, everyday: Container[str]) -> None:
        self._words = words
        self._everyday = everyday
        self.surnames = {
            text
            for text, word in words.items()
            if len(text) <= 2 and any(entry.kind.surname for entry in word.entries)
        }
        """The family names of one or two characters that the dictionary has."""

    def of(self, word: Word) -> str:
        """The words it falls into (see `Lexicon.lattice_words`)."""
        text = word.text
        if word.entries and word.entries[0].kind is PLAIN:
            return ""  # As nearly all are.
        if not word.proper or text in self._everyday:
            return ""
        size = 2 if len(text) > 2 and text[:2] in self.surnames else 1
        if self._is_person(word, size):
            return f"{size}p{len(text) - size}p"
        if 2 < len(text) < 11 and self._is_place(word):
            return f"{len(text) - 1}n1n"
        return "n" if word.entries or word.tag[:1] == "n" else ""

    def _is_person(self, word: Word, size: int) -> bool:
        if word.text[:size] not in self.surnames:
            return False
        if word.entries:
            kind = word.entries[0].kind
            return kind.person and kind.breaks == (size,)
        return word.tag == "nrfg" and 1 <= len(word.text) - size <= 2

    def _is_place(self, word: Word) -> bool:
        text = word.text
        if word.entries and word.entries[0].kind.breaks == (len(text) - 1,):
            return True
        name = self._words.get(text[:-1])
        named = name is not None and any(entry.kind.proper for entry in name.entries)
        return named and text[-1] in PLACES and (bool(word.entries) or word.tag == "ns")


def word_shape(word: str, tag: str, split: str, count: int) -> str:
    """What words are learnt to be likelier or rarer by than they are counted: part of speech,
    length, and of names how frequent they are.

    >>> word_shape("山上", "ns", "n", 35), word_shape("走路", "v", "", 5000)
    ('ns2n2', 'v2')
    """
    name = f"n{len(str(count))}" if split else ""
    return f"{tag or '-'}{len(word)}{name}"


def lattice_records(
    words: Words,
    division: NameDivision,
    learnt: Mapping[str, Mapping[str, int]],
    parts: Mapping[str, str],
    ours: Iterable[str],
) -> Iterator[tuple[bytes, bytes]]:
    """The records of the lattice: `b` + the first character of words.

    `learnt` has what words (`word`) and kinds of words (`shape`) cost more than their count says;
    `ours` are words that are not to be cut, however rare they are.
    """
    _set_costs(words, division, learnt)
    for text in ours:
        word = words[text]
        word.cost = min(word.cost, max(1, _cheapest_parts(text, words) - WHOLE))
    made: dict[str, tuple[int, str]] = {}
    for text, cost, split in made_words(words, made, parts):
        if not _weight(words, text):
            made.setdefault(text, (cost, split))
    yield from _by_first(words, made)


def _by_first(words: Words, made: Made) -> Iterator[tuple[bytes, bytes]]:
    weighed = [word for word in words.values() if word.weight]
    alone = {word.text: str(word.cost) for word in weighed if len(word.text) == 1}
    rows = [f"{w.text}\t{w.cost}\t{w.split}" for w in weighed if len(w.text) > 1]
    rows += [f"{text}\t{cost}\t{split}" for text, (cost, split) in made.items()]
    # The tab comes before every character of words: rows are in the order of their words.
    rows.sort()
    for first, lines in by_first(rows):
        yield b"b" + first.encode(), (alone.pop(first, "") + lines).encode()
    for character, own in alone.items():
        yield b"b" + character.encode(), own.encode()


def _set_costs(
    words: Words, division: NameDivision, learnt: Mapping[str, Mapping[str, int]]
) -> None:
    weighed = [word for word in words.values() if word.weight]
    total = log(sum([word.weight for word in weighed]))
    # Integers, so that sums are exact and the core finds the very path that Python finds.
    weights = {word.weight for word in weighed}
    counted = {weight: round(100 * (total - log(weight))) for weight in weights}
    for word in weighed:
        word.split = division.of(word) if len(word.text) > 1 else ""
        shape = word_shape(word.text, word.tag, word.split, word.weight)
        more = learnt["word"].get(word.text, 0) + learnt["shape"].get(shape, 0)
        word.cost = max(1, counted[word.weight] + more)


WHOLE = 50
"""How much cheaper a word of ours is at least than what it could be cut into."""
MADE = 250
"""What saying a word twice costs more than the word."""
ADVERBIAL = 50
"""The cost of 地 behind a doubled adverb, where hardly anything else stands: 轻轻|地|点头."""
ASKED = 20
"""Verbs and adjectives of two characters are said twice (高高兴兴) or asked with (喜|不|喜欢) that
occur so often."""


def _cheapest_parts(text: str, words: Words) -> int:
    """The cost of the cheapest words that a word can be cut into."""
    best = [0]
    for end in range(1, len(text) + 1):
        starts = range(end == len(text), end)
        ways = [
            best[at] + words[text[at:end]].cost for at in starts if _weight(words, text[at:end])
        ]
        best.append(min(ways, default=sys.maxsize))
    return best[-1]


Made: TypeAlias = Mapping[str, tuple[int, str]]
"""What is made of words: the cost of each, and the words it falls into."""


def made_words(
    words: Words, made: Made, parts: Mapping[str, str]
) -> Iterator[tuple[str, int, str]]:
    """What is made of words by saying them twice, with its cost and the words it falls into.

    Of 看: 看看, 看一看, 看了看, 看不看, 看没看; of 喜欢: 喜|不|喜欢; of 高兴: 高高兴兴; of 轻:
    轻轻|地; of 写字: 写写|字; of 看 again: 看|得|到, where 得到 is no word. `made` is what was made
    so far.
    """
    alone = frozenset(parts["alone"].split())
    for word in words.values():
        text = word.text
        if not word.weight or len(text) > 2:
            continue
        if len(text) == 1:
            yield from _doubled(word, text in alone)
            yield from _adverbs(word, words, made) if text not in alone else ()
        elif word.tag[:1] in ("v", "a") and word.weight >= ASKED:
            cost = word.cost + MADE
            yield text[0] + "不" + text, cost, "1h1h2h"
            yield text[0] + "没" + text, cost, "1h1h2h"
            yield 2 * text[0] + 2 * text[1], cost, ""
    for text in filter(partial(_weight, words), parts["object"].split()):
        yield text[0] + text, words[text].cost + MADE, f"2h{len(text) - 1}h"
    for text in filter(partial(_weight, words), parts["perceived"].split()):
        if _weight(words, "到"):
            yield text + "得到", words[text].cost + words["到"].cost, "1h1h1h"


def _doubled(word: Word, alone: bool) -> Iterator[tuple[str, int, str]]:
    if word.tag[:1] not in ("v", "a", "q", "z"):
        return
    text, cost = word.text, word.cost + MADE
    for between in "不没" if alone else "不没一了":
        yield text + between + text, cost, ""
    if not alone:
        yield 2 * text, cost, ""


def _adverbs(word: Word, words: Words, made: Made) -> Iterator[tuple[str, int, str]]:
    twice = 2 * word.text
    known = words.get(twice)
    tag = ((known.tag if known else "") or word.tag)[:1]
    if tag not in ("d", "z", "a", "v"):
        return
    if known and known.weight:
        yield twice + "地", known.cost + ADVERBIAL, "2h1h"
    elif twice in made:
        yield twice + "地", made[twice][0] + ADVERBIAL, "2h1h"
    elif tag != "d":
        yield twice + "地", word.cost + MADE + ADVERBIAL, "2h1h"


_HAN = re.compile(HAN_WORD)


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
"""How much more often than it was seen a character is taken to be that is usual in given names, or
in transliterations."""
SELDOM = "?"
"""A part of a name that was never seen in its place: it costs as if it had been once."""
NEVER = 3000
"""What a character costs in a name that stands in none: 佢, 嘅."""
TITLED, UNTITLED = -100, 400
"""What a surname before a title costs more than the word that it may be; and one of those that are
more likely that word."""
KNOWN = 3
"""How much more a real person's given name counts than a tagged one."""


def name_model(
    words: Words, people: Iterable[str], surnames: Collection[str], parts: Mapping[str, str]
) -> NameModel:
    """What names are made of, counted: features of `person_names` and their costs.

    `people` are words that the frequency list has for people's names and that are nothing else.
    `parts` lists, with spaces between, what cannot be counted: titles, prefixes, kinds of places,
    and characters that are usual in given names.
    """
    groups = _count_parts(words, people, surnames)
    for letter in "12g":
        groups[letter].update(dict.fromkeys(parts["given"].split(), USUAL))
    groups["f"].update(dict.fromkeys(parts["transliteration"].split(), USUAL))
    listed = (("t", "title"), ("p", "prefix"), ("k", "place"), ("q", "measure"))
    model = {letter + part: 0 for letter, kind in listed for part in parts[kind].split()}
    model |= {"l" + surname: UNTITLED for surname in parts["titled"].split()}
    model["T0"] = TITLED
    model |= {"n" + place: 0 for place in parts["abbreviated"].split()}
    for letter, counts in groups.items():
        model |= {letter + part: cost for part, cost in _costs(counts)}
    model = _without_usual_characters(model, words)
    model |= {letter + part: NEVER for letter in "12gfc" for part in parts["never"].split()}
    return model | {
        letter + SELDOM: round(100 * log(groups[letter].total() or 1)) for letter in "12gfc"
    }


def _without_usual_characters(model: NameModel, words: Words) -> NameModel:
    """The model, of the characters of transliterations and places with those alone that are rarer
    elsewhere."""
    total = log(sum([word.weight for word in words.values()]))
    return {
        feature: cost
        for feature, cost in model.items()
        if feature[0] not in "fc" or cost < 100 * (total - log(_weight(words, feature[1]) or 1))
    }


def _count_parts(
    words: Words, people: Iterable[str], surnames: Collection[str]
) -> dict[str, Counter[str]]:
    """The parts of names, of those whom the dictionary has and of words tagged as names."""
    # Of a word's entries those of names come last.
    names = [
        word
        for word in words.values()
        if word.tag[:2] == "nr" or (word.entries and word.entries[-1].kind is not PLAIN)
    ]
    texts = {tag: [name.text for name in names if name.tag == tag] for tag in ("nr", "nrfg", "nrt")}
    known = [person for name in names for person in _known_people(name, surnames)]
    groups = _count_people(
        [*known, *_divided(texts["nrfg"], surnames)],
        [*_divided(people, surnames), *_divided(texts["nr"], surnames)],
        surnames,
    )
    groups["f"] = Counter("".join(texts["nrt"]))
    groups["c"] = Counter("".join([name.text[:-1] for name in names if _is_place_name(name)]))
    return groups


def _is_place_name(word: Word) -> bool:
    """Whether this is a place's name by the dictionary."""
    if not word.entries or not 2 < len(word.text) < 5:
        return False
    return word.text[-1] in PLACES and word.proper


def _count_people(
    people: list[tuple[str, str]], tagged: list[tuple[str, str]], surnames: Iterable[str]
) -> dict[str, Counter[str]]:
    """The parts of people's names, of real people and of words tagged as such.

    The tagged words begin with surnames only mostly: how often a surname occurs is therefore held
    to a multiple of its real bearers.
    """
    bearers = Counter(surname for surname, _ in people)
    seen = Counter(surname for surname, _ in tagged)
    groups = {letter: Counter[str]() for letter in "s12g"}
    for surname in surnames:
        most = BEARERS * bearers[surname] + UNBORNE
        groups["s"][surname] = min(seen[surname] + bearers[surname], most)
    for _, given_name in people * KNOWN:
        _count_given(groups, given_name)
    for surname, given_name in tagged:
        # What the list tags after a rare surname is as often a common word: 卫星, 雷达, 封锁.
        if bearers[surname] > 1:
            _count_given(groups, given_name)
    return groups


def _known_people(name: Word, surnames: Container[str]) -> Iterator[tuple[str, str]]:
    """The surname and given name of everybody whom the dictionary has of that name."""
    for entry in name.entries:
        if entry.kind.person:
            (size,) = entry.kind.breaks
            if name.text[:size] in surnames:
                yield name.text[:size], name.text[size:]


def _divided(names: Iterable[str], surnames: Container[str]) -> Iterator[tuple[str, str]]:
    """Surname and given name of what can be taken for a name."""
    for name in names:
        if 2 <= len(name) <= 4:
            size = 2 if len(name) > 2 and name[:2] in surnames else 1
            if name[:size] in surnames and len(name) <= size + 2:
                yield name[:size], name[size:]


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
