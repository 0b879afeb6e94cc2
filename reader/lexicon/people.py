"""What people's names are made of, counted over the names of the frequency list.

The table holds it in one record, read whole: surnames, first and last characters of given names
of two, given names of one, and the characters of transliterations, each with its cost
(-100 ln p within its group).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log

GROUPS = ("surname", "first", "last", "single", "foreign")
FLOOR = 3
"""Characters seen less often in their place are left out."""


def count_names(
    tags: Mapping[str, str], surnames: Iterable[str]
) -> dict[str, dict[str, int]]:
    """The costs of each group, from the words tagged as persons' names."""
    known = frozenset(surnames)
    groups = {group: Counter[str]() for group in GROUPS}
    for word, tag in tags.items():
        if tag == "nrt":
            groups["foreign"].update(word)
        if tag not in ("nr", "nrfg") or not 2 <= len(word) <= 4:
            continue
        surname = word[:2] if word[:2] in known and len(word) > 2 else word[:1]
        given = word[len(surname) :]
        if surname in known and 1 <= len(given) <= 2:
            groups["surname"][surname] += 1
            _count_given(groups, given)
    return {group: _costs(counter) for group, counter in groups.items()}


def _count_given(groups: Mapping[str, Counter[str]], given: str) -> None:
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
