"""Scorers from outside: judges of meaning, such as sentence embeddings, chosen by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from reader.alignment.arrays import ArrayLike, Floats, np
from reader.alignment.units import Unit
from reader.errors import OptionError
from reader.plugins import Group, load

BUILT_IN = ("lexical", "length")
_WEIGHT = 2.0
_CLIP = 5.0
_CERTAIN = 2.0
"""Standard deviations above chance from which a similarity speaks for a link."""
_SEED = 0


class Scorer(Protocol):
    """A judge of sentences: an entry point of `annotated_reader.scorers` gives one when called."""

    def embed(self, texts: Sequence[str], language: str) -> ArrayLike:
        """One vector a text, (texts, dimensions); similar meanings, similar directions."""
        ...


def load_scorer(name: str) -> Scorer | None:
    """The scorer installed under `name`; None for the built-in ones. Raises `OptionError`."""
    if name in BUILT_IN:
        return None
    scorer: Scorer = load(Group.SCORER, name, built_in=BUILT_IN)()
    return scorer


class Similarity:
    """How much more similar the vectors of two runs of units are than those of random runs."""

    def __init__(
        self,
        scorer: Scorer,
        sources: Sequence[Unit],
        targets: Sequence[Unit],
        languages: tuple[str, str],
    ) -> None:
        self._source = _sums(scorer, sources, languages[0])
        self._target = _sums(scorer, targets, languages[1])
        self._mean, self._deviation = self._chance()

    def row(self, m: int, n: int, i: int, low: int, high: int) -> Floats:
        """For links of `m` sources up to `i` and of `n` targets up to each of `low` to `high`."""
        ends = np.arange(low, high + 1)
        there = self._target[ends] - self._target[np.maximum(ends - n, 0)]
        cosines = _cosines(self._source[i] - self._source[i - m], there)
        surplus = (cosines - self._mean) / self._deviation - _CERTAIN
        return _WEIGHT * (m + n) / 2 * np.clip(surplus, -_CLIP, _CLIP)

    def _chance(self) -> tuple[float, float]:
        random = np.random.default_rng(_SEED)
        here, there = np.diff(self._source, axis=0), np.diff(self._target, axis=0)
        pairs = random.integers(len(here), size=500), random.integers(len(there), size=500)
        cosines = np.array(
            [_cosines(here[a], there[b : b + 1])[0] for a, b in zip(*pairs, strict=True)]
        )
        return float(cosines.mean()), float(cosines.std()) + 1e-3


def _sums(scorer: Scorer, units: Sequence[Unit], language: str) -> Floats:
    vectors = np.asarray(scorer.embed([unit.text for unit in units], language), np.float64)
    if vectors.ndim != 2 or len(vectors) != len(units):
        raise OptionError(
            f"the scorer gave vectors of shape {vectors.shape} for {len(units)} sentences"
        )
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    sums = np.zeros((len(units) + 1, vectors.shape[1]))
    np.cumsum(vectors / np.maximum(norms, 1e-12), axis=0, out=sums[1:])
    return sums


def _cosines(vector: Floats, others: Floats) -> Floats:
    norms = np.linalg.norm(others, axis=1) * np.linalg.norm(vector)
    cosines: Floats = others @ vector / np.maximum(norms, 1e-12)
    return cosines
