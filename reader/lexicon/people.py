"""What people's names are made of, counted over the names of the frequency list.

The table holds it in one record, read whole: surnames, first and last characters of given names
of two, given names of one, and the characters of transliterations, each with its cost
(-100 ln p within its group).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from math import log

GROUPS = ("surname", "first", "last", "single", "foreign")
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
) -> dict[str, dict[str, int]]:
    """The costs of each group, from the words tagged as persons' names.

    `known` people, surname and given name, are real ones. The tagged words begin with surnames
    only mostly: how often a surname occurs is therefore held to a multiple of its real bearers.
    """
    listed = frozenset(surnames)
    people = [*known, *_people(tags, ["nrfg"], listed)]
    bearers = Counter(surname for surname, _ in people)
    tagged = list(_people(tags, ["nr"], listed))
    seen = Counter(surname for surname, _ in tagged)
    groups = {group: Counter[str]() for group in GROUPS}
    for surname in listed:
        most = BEARERS * bearers[surname] + UNBORNE
        groups["surname"][surname] = min(seen[surname] + bearers[surname], most)
    for _, given in people * KNOWN:
        _count_given(groups, given)
    for surname, given in tagged:
        if bearers[surname] > 1:
            _count_given(groups, given)
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


def _count_given(groups: Mapping[str, Counter[str]], given: str) -> None:
    if not NOT_GIVEN.isdisjoint(given):
        return
    if len(given) == 1:
        groups["single"][given] += 1
    else:
        groups["first"][given[0]] += 1
        groups["last"][given[1]] += 1


def _costs(counter: Counter[str]) -> dict[str, int]:
    total = log(counter.total() or 1)
    return {
        part: round(100 * (total - log(count)))
        for part, count in sorted(counter.items())
        if count >= FLOOR
    }


def keep_foreign(groups: dict[str, dict[str, int]], words: Mapping[str, int]) -> None:
    """Keep, of the characters of transliterations, those that are rarer outside of them."""
    total = log(sum(words.values()))
    groups["foreign"] = {
        character: cost
        for character, cost in groups["foreign"].items()
        if cost + GAIN < 100 * (total - log(words.get(character, 1)))
    }


def packed(groups: Mapping[str, Mapping[str, int]]) -> bytes:
    """The groups as one record: a line each, parts and costs in turn."""
    lines = ("\t".join(f"{part}\t{cost}" for part, cost in groups[g].items()) for g in GROUPS)
    return "\n".join(lines).encode()


def unpacked(record: bytes) -> dict[str, dict[str, int]]:
    """What `packed` packed.

    >>> groups = {group: {"王": 7} for group in GROUPS}
    >>> unpacked(packed(groups)) == groups
    True
    """
    found = {}
    for group, line in zip(GROUPS, record.decode().split("\n"), strict=True):
        fields = line.split("\t") if line else []
        found[group] = dict(zip(fields[::2], map(int, fields[1::2]), strict=True))
    return found
