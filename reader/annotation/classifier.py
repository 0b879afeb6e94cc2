"""The trained classifier of readings: one small table of weights for each ambiguous character.

The file `reader/data/readings.bin` is made by `training/readings.py`. A character's table is
unpacked when the character is first met, so opening costs next to nothing.

Layout, little-endian: magic, the length of the head, the head (JSON, zlib), then a zlib block for
each character: its features, sorted, a line each, a zero byte, then for every feature one signed
byte for each reading but the first. A weight is the byte times the character's scale, and is
relative to the first reading.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from math import exp
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from zlib import decompress

from reader.annotation.features import (
    AROUND,
    CROSSING,
    EVIDENCE,
    INSIDE,
    PRESENT,
    Classes,
    Context,
    Evidence,
)
from reader.errors import LexiconError

MAGIC = b"RDRCLS02"
DATA = Path(__file__).parent.parent / "data" / "readings.bin"


Row: TypeAlias = int | tuple[int, ...]
"""The weights of one feature for each reading but the first; a number where there are two."""


Weights: TypeAlias = tuple[Row, tuple[Evidence, ...]]
"""The sum of the rows that bear on a place, and what dictionaries say there."""


Packed: TypeAlias = tuple[tuple[str, ...], tuple[float, ...], float, bytes, bytes]
"""Syllables, bias and scale as in `Table`; features, a line each; a signed byte for each feature
and reading but the first."""


class Table(NamedTuple):
    """What is known of one character."""

    syllables: tuple[str, ...]
    bias: tuple[float, ...]
    scale: float
    rows: dict[str, dict[str, Row]]
    """For each kind of feature the rows of those that matter, by their text."""
    single: tuple[tuple[int, Callable[[str], Row | None]], ...]
    """The look-ups of those kinds that have rows, with their places in `INSIDE + AROUND`."""


class Classifier:
    """Probabilities of the readings of ambiguous characters."""

    def __init__(self, data: bytes) -> None:
        if data[:8] != MAGIC:
            raise ValueError("not a table of readings")
        size = int.from_bytes(data[8:12], "little")
        head: dict[str, Any] = json.loads(decompress(data[12 : 12 + size]))
        self._data = memoryview(data)[12 + size :]
        self.shared: dict[str, tuple[float, float]] = {k: (p, m) for k, p, m in head["shared"]}
        """For each kind of evidence what it adds to a reading it speaks for, and to others."""
        self._index: dict[str, list[Any]] = head["characters"]
        self.knots: list[float] = head["calibration"][0]
        self.values: list[float] = head["calibration"][1]
        """What a share of so much, at each of the `knots`, is worth as a probability."""
        self.words: dict[str, list[tuple[str, float]]] = head["words"]
        """Simplified words whose reading the dictionary leaves open or has otherwise: readings,
        syllables with spaces between, and their shares. They may add up to less than 1."""
        self.alone: dict[str, tuple[str, float]] = head.get("alone", {})
        """Characters that have one reading as a word by themselves, with its share."""
        self.open: frozenset[str] = frozenset(head.get("open", ""))
        """Characters that are known to have several readings as a word by themselves."""
        wide, narrow = head["classes"]
        self.groups: tuple[list[str], list[str]] = wide, narrow
        """The wide classes and the narrow ones of characters that stand in like company, each
        given as its characters."""
        self._tables: dict[str, Table] = {}

    @classmethod
    def load(cls, path: str | Path | None = None) -> Classifier:
        """The classifier shipped with the package, or one trained elsewhere: read once a process.

        Raises `LexiconError` for a file that is missing or is none.
        """
        return _loaded(DATA if path is None else Path(path))

    def __contains__(self, character: str) -> bool:
        return character in self._index

    @cached_property
    def classes(self) -> dict[str, Classes]:
        """The names of each character's classes; not all have any."""
        return named(*self.groups)

    @property
    def class_names(self) -> tuple[str, str, str, str]:
        """The characters of the narrow classes and, for each, its class; then of the wide ones."""
        wide, narrow = self.groups
        strings = [
            "".join(part) for groups in (narrow, wide) for part in (groups, map(_names, groups))
        ]
        return strings[0], strings[1], strings[2], strings[3]

    @property
    def evidence(self) -> list[float]:
        """For each of `EVIDENCE` what it adds to a reading it speaks for, and to others."""
        return [weight for kind in EVIDENCE for weight in self.shared.get(kind, (0.0, 0.0))]

    @property
    def characters(self) -> str:
        """The characters that are known, in order: those that have several readings."""
        return "".join(sorted(self._index))

    def unambiguous(self, word: str) -> bool:
        """Whether none of a Simplified word's characters has several readings."""
        return self._index.keys().isdisjoint(word)

    def syllables(self, character: str) -> tuple[str, ...]:
        """The readings of a Simplified character that are told apart, the usual one first."""
        entry = self._index.get(character)
        return tuple(entry[2].split(" ")) if entry else ()

    def predict(
        self,
        character: str,
        features: Iterable[str],
        evidence: Iterable[Evidence],
        among: Sequence[str] = (),
    ) -> list[tuple[str, float]]:
        """The readings of a Simplified character with their probabilities, best first.

        `among` leaves only some readings on offer. Calibrated: of those said to be 0.9, nine in
        ten are right. Raises `KeyError` for a character that is not `in` the classifier.
        """
        table = self._tables.get(character) or self._unpack(character)
        rows = [table.rows[name[0]].get(name[1:]) for name in features]
        return self._answers(table, _summed(rows), evidence, among)

    def weigh(self, character: str, context: Context) -> Weights:
        """What speaks for the readings of a Simplified character in its context: for `judge`."""
        table = self._tables.get(character) or self._unpack(character)
        single = context.single
        rows = [find(single[place]) for place, find in table.single]
        present = table.rows[PRESENT]
        rows += [present[character] for character in present.keys() & context.present]
        if context.crossing:
            rows += map(table.rows[CROSSING].get, context.crossing)
        return _summed(rows), tuple(context.evidence)

    def judge(
        self, character: str, weights: Weights, among: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """What `predict` says of a character that has been weighed."""
        return self._answers(self._tables[character], *weights, among)

    def _answers(
        self,
        table: Table,
        sums: Row,
        evidence: Iterable[Evidence],
        among: Sequence[str],
    ) -> list[tuple[str, float]]:
        pairs = list(zip(self._scores(table, sums, evidence), table.syllables, strict=True))
        if among and among != table.syllables:
            pairs = [pair for pair in pairs if pair[1] in among] or pairs
        if len(pairs) == 1:
            return [(pairs[0][1], 1.0)]
        pairs.sort(reverse=True)
        highest = pairs[0][0]
        powers = [exp(score - highest) for score, _ in pairs]
        raw = 1.0 / sum(powers)
        if raw >= 1.0:
            return [(pairs[0][1], 1.0)]
        sure = _interpolated(raw, self.knots, self.values)
        left = raw * (1.0 - sure) / (1.0 - raw)
        shares = zip(pairs, powers, strict=True)
        found = [(syllable, power * left) for (_, syllable), power in shares]
        found[0] = pairs[0][1], sure
        return found

    def _scores(self, table: Table, sums: Row, evidence: Iterable[Evidence]) -> list[float]:
        """The readings' scores, by what bears on the character: most features do not."""
        scores = list(table.bias)
        for other, total in enumerate((sums,) if isinstance(sums, int) else sums, 1):
            scores[other] += total * table.scale
        for kind, spoken in evidence:
            weight = self.shared.get(kind)
            if weight is not None:
                for place, syllable in enumerate(table.syllables):
                    scores[place] += weight[0] if syllable in spoken else weight[1]
        return scores

    def packed(self, character: str) -> Packed | None:
        """What is known of a character, as it is kept; None for one that is not known."""
        entry = self._index.get(character)
        if entry is None:
            return None
        start, size, syllables, bias, scale = entry
        names, _, weights = decompress(self._data[start : start + size]).partition(b"\0")
        return tuple(syllables.split(" ")), tuple(bias), scale, names, weights

    def _unpack(self, character: str) -> Table:
        packed = self.packed(character)
        if packed is None:
            raise KeyError(character)
        syllables, bias, scale, names, weights = packed
        features = names.decode().split("\n") if names else []
        rows = _by_kind(features, memoryview(weights).cast("b").tolist(), len(bias) - 1)
        single = tuple(
            [(n, rows[kind].get) for n, kind in enumerate(INSIDE + AROUND) if rows[kind]]
        )
        table = Table(syllables, bias, scale, rows, single)
        self._tables[character] = table
        return table


def _names(group: str) -> str:
    """The name of a class, for each of its characters."""
    return group[0] * len(group)


def named(wide: Iterable[str], narrow: Iterable[str]) -> dict[str, Classes]:
    """Each character with its two classes, which are given as their characters, and named by
    the first of them."""
    names = {character: each[0] for each in wide for character in each}
    return {character: (names[character], each[0]) for each in narrow for character in each}


@lru_cache(maxsize=4)
def _loaded(path: Path) -> Classifier:
    try:
        return Classifier(path.read_bytes())
    except (OSError, ValueError) as error:
        raise LexiconError(f"cannot load the classifier: {error}", path=path) from error


def _summed(rows: Iterable[Row | None]) -> Row:
    """The sum of the rows that there are; 0 for none."""
    found: list[Any] = [row for row in rows if row]
    if not found or isinstance(found[0], int):
        return int(sum(found))
    return tuple(map(sum, zip(*found, strict=True)))


def _by_kind(
    features: Sequence[str], weights: Sequence[int], others: int
) -> dict[str, dict[str, Row]]:
    """The rows of sorted features, by kind and text."""
    values: Sequence[Row] = weights
    if others > 1:
        values = list(zip(*[iter(weights)] * others, strict=True))
    rows: dict[str, dict[str, Row]] = {}
    for kind in INSIDE + AROUND + PRESENT + CROSSING:
        start, end = bisect_left(features, kind), bisect_left(features, chr(ord(kind) + 1))
        # Faster than to take the letter from each name.
        texts = "\n".join(features[start:end])[1:].replace("\n" + kind, "\n").split("\n")
        rows[kind] = dict(zip(texts, values[start:end], strict=False))
    return rows


def _interpolated(value: float, knots: Sequence[float], values: Sequence[float]) -> float:
    """The value of a piecewise linear function given at ascending `knots`."""
    place = bisect_right(knots, value)
    if place == 0:
        return values[0]
    if place == len(knots):
        return values[-1]
    left, right = knots[place - 1], knots[place]
    part = (value - left) / (right - left)
    return values[place - 1] + part * (values[place] - values[place - 1])
