"""The trained classifier of readings: one small table of weights for each ambiguous character.

The file `reader/data/readings.bin` is made by `training/readings.py`. A character's table is
unpacked when the character is first met, so opening costs next to nothing.

Layout, little-endian: magic, the length of the head, the head (JSON, zlib), then a zlib block for
each character: its features, a line each, a zero byte, then for every feature one signed byte for
each reading but the first. A weight is the byte times the character's scale, and is relative to
the first reading.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import exp
from pathlib import Path
from typing import Any, NamedTuple
from zlib import decompress

from reader.annotate.features import Evidence
from reader.errors import LexiconError

MAGIC = b"RDRCLS01"
DATA = Path(__file__).parent.parent / "data" / "readings.bin"


class Table(NamedTuple):
    """What is known of one character."""

    syllables: tuple[str, ...]
    bias: tuple[float, ...]
    scale: float
    rows: dict[str, int]
    """The row of each feature."""
    weights: memoryview
    """Signed bytes, `len(syllables) - 1` a row."""


class Classifier:
    """Probabilities of the readings of ambiguous characters."""

    def __init__(self, data: bytes) -> None:
        if data[:8] != MAGIC:
            raise ValueError("not a table of readings")
        size = int.from_bytes(data[8:12], "little")
        head: dict[str, Any] = json.loads(decompress(data[12 : 12 + size]))
        self._data = memoryview(data)[12 + size :]
        self._shared: dict[str, tuple[float, float]] = {k: (p, m) for k, p, m in head["shared"]}
        self._index: dict[str, list[Any]] = head["characters"]
        self._knots: list[float] = head["calibration"][0]
        self._values: list[float] = head["calibration"][1]
        self.words: dict[str, list[tuple[str, float]]] = head["words"]
        """Simplified words whose reading the dictionary leaves open or has otherwise: readings,
        syllables with spaces between, and their shares. They may add up to less than 1."""
        self.alone: dict[str, tuple[str, float]] = head.get("alone", {})
        """Characters that have one reading as a word by themselves, with its share."""
        self.open: frozenset[str] = frozenset(head.get("open", ""))
        """Characters that are known to have several readings as a word by themselves."""
        self._tables: dict[str, Table] = {}

    @classmethod
    def load(cls, path: str | Path | None = None) -> Classifier:
        """The classifier shipped with the package, or one trained elsewhere.

        Raises `LexiconError` for a file that is missing or is none.
        """
        source = DATA if path is None else Path(path)
        try:
            return cls(source.read_bytes())
        except (OSError, ValueError) as error:
            raise LexiconError(f"cannot load the classifier: {error}", path=source) from error

    def __contains__(self, character: str) -> bool:
        return character in self._index

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
        scores = self._scores(table, features, evidence)
        pairs = list(zip(scores, table.syllables, strict=True))
        if among and among != table.syllables:
            pairs = [pair for pair in pairs if pair[1] in among] or pairs
        pairs.sort(reverse=True)
        highest = pairs[0][0]
        powers = [exp(score - highest) for score, _ in pairs]
        raw = 1.0 / sum(powers)
        if len(pairs) == 1 or raw >= 1.0:
            return [(pairs[0][1], 1.0)]
        sure = _interpolated(raw, self._knots, self._values)
        left = raw * (1.0 - sure) / (1.0 - raw)
        shares = zip(pairs, powers, strict=True)
        found = [(syllable, power * left) for (_, syllable), power in shares]
        found[0] = pairs[0][1], sure
        return found

    def _scores(
        self, table: Table, features: Iterable[str], evidence: Iterable[Evidence]
    ) -> list[float]:
        """The readings' scores, by what bears on the character: most features do not."""
        rows = [row for row in map(table.rows.get, features) if row is not None]
        weights, others = table.weights, len(table.syllables) - 1
        scores = list(table.bias)
        if others == 1:
            scores[1] += sum([weights[row] for row in rows]) * table.scale
        else:
            for other in range(others):
                sums = sum([weights[row * others + other] for row in rows])
                scores[other + 1] += sums * table.scale
        for kind, spoken in evidence:
            weight = self._shared.get(kind)
            if weight is not None:
                for place, syllable in enumerate(table.syllables):
                    scores[place] += weight[0] if syllable in spoken else weight[1]
        return scores

    def _unpack(self, character: str) -> Table:
        start, size, syllables, bias, scale = self._index[character]
        block = decompress(self._data[start : start + size])
        names, _, weights = block.partition(b"\0")
        features = names.decode().split("\n") if names else []
        table = self._tables[character] = Table(
            tuple(syllables.split(" ")),
            tuple(bias),
            scale,
            dict(zip(features, range(len(features)), strict=True)),
            memoryview(weights).cast("b"),
        )
        return table


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
