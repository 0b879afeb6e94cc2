"""The scores of beads: a prior from shapes, lengths and places, evidence from words and meanings.

All are logarithms of odds against chance, so they add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from reader.alignment.band import Band
from reader.alignment.evidence import LONGEST, Evidence, EvidenceRow
from reader.alignment.search import shifted
from reader.alignment.units import ArrayLike, Floats, Ints, Unit, np
from reader.errors import OptionError
from reader.plugins import Group, load

Shape: TypeAlias = tuple[int, int]
Shapes: TypeAlias = Mapping[Shape, float]

# Sources and targets of a bead, and how often that shape occurs.
SHAPES: dict[Shape, float] = {
    (1, 1): 0.82,
    (1, 2): 0.05, (2, 1): 0.05, (2, 2): 0.008,
    (1, 3): 0.006, (3, 1): 0.006, (2, 3): 0.002, (3, 2): 0.002,
    (1, 4): 0.0015, (4, 1): 0.0015,
    (1, 0): 0.025, (0, 1): 0.025,
}  # fmt: skip
_FIRM = 60
"""Beads that it takes to bring the frequencies of shapes half-way to those that were seen."""
_SPREAD, _JITTER = 0.035, 4.0
"""Variance of the log ratio of lengths: a constant part, and one that falls with length."""
_LENGTH_CLIP = 6.0
_BOTH_START, _ONE_STARTS, _CROSSES = 0.6, -0.6, -0.8
"""Evidence from paragraph ends: both sides begin one here, only one does, the bead spans one."""
_PARAGRAPHS = 0.7
"""Paragraphs for a sentence, at most, for their ends to be evidence."""
_SAME_KIND, _OTHER_KIND = 2.0, -2.0
"""Evidence from kinds: a heading is translated by a heading."""

_TEMPER = 0.5
"""Words of one sentence are not independent witnesses: their evidence counts for this much."""
_UNSEEN = -20.0
"""Evidence of targets outside the window that was looked at."""

BUILT_IN = ("lexical", "length")
"""Scorers that need no plugin."""
_WEIGHT = 2.0
_SIMILARITY_CLIP = 5.0
_CERTAIN = 2.0
"""Standard deviations above chance from which a similarity speaks for a bead."""
_SEED = 0


@dataclass(frozen=True, slots=True)
class _Structure:
    """One text's lengths and blocks as running sums, so that any run is a difference of two."""

    lengths: Floats
    """(units + 1): the length of the first 0, 1, 2 … units."""
    blocks: Floats
    """(units + 1): the blocks that begin in them."""
    first: Floats
    """(units + 1): 1.0 where a unit begins a block, and at the end."""
    kinds: Ints
    mean: float
    variance: float
    """Of the logarithm of the units' lengths."""


def _structure(units: Sequence[Unit]) -> _Structure:
    lengths = np.array([unit.length for unit in units], np.float64)
    logs = np.log(lengths) if len(lengths) else np.zeros(1)
    first = np.array([unit.first for unit in units], np.float64)
    return _Structure(
        np.concatenate([[0.0], np.cumsum(lengths)]),
        np.concatenate([[0.0], np.cumsum(first)]),
        np.append(first, 1.0),
        np.array([unit.kind for unit in units] or [0], np.int64),
        float(logs.mean()),
        float(logs.var()) + 0.05,
    )


def _has_paragraphs(structure: _Structure) -> bool:
    """Whether paragraph ends say something: not where every sentence is a paragraph, or all are."""
    blocks = structure.blocks[-1]
    return bool(2 <= blocks <= _PARAGRAPHS * (len(structure.blocks) - 1))


def shapes_seen(shapes: Iterable[Shape]) -> Shapes:
    """How often shapes occur, after those of the beads of a first pass: translators differ."""
    counts = Counter(shapes)
    total = sum(counts.values()) + _FIRM
    return {shape: (usual * _FIRM + counts[shape]) / total for shape, usual in SHAPES.items()}


class Prior:
    """The logarithms of shape, length and structure for beads that end after `i` sources.

    `ratio` is the logarithm of how much longer a translation is than its text, `shapes` how often
    every shape occurs.
    """

    def __init__(
        self, sources: Sequence[Unit], targets: Sequence[Unit], ratio: float, shapes: Shapes
    ) -> None:
        self._shapes = shapes
        self._source, self._target = _structure(sources), _structure(targets)
        self._ratio = ratio
        self._structured = all(map(_has_paragraphs, (self._source, self._target)))
        both = {*self._source.kinds} & {*self._target.kinds} - {0}
        most = max(self._source.kinds.max(), self._target.kinds.max())
        self._known = np.isin(np.arange(most + 1), [*both])

    def rows(self, first: int, low: Ints, high: Ints) -> list[Floats]:
        """Of some rows of a band, from row `first` on: arrays (shapes, cells), for the beads that
        end after so many sources and after `low` to `high` targets.

        Places where fewer units than the shape needs lie behind hold no sense.
        """
        widths = high - low + 1
        borders = np.cumsum(widths)
        behind = np.repeat(np.arange(first, first + len(low)), widths)
        ends = np.arange(borders[-1]) + np.repeat(low + widths - borders, widths)
        scores = np.empty((len(SHAPES), len(ends)))
        for k, (m, n) in enumerate(SHAPES):
            scores[k] = np.log(self._shapes[m, n])
            if m and n:
                sources = np.maximum(behind - m, 0), behind
                targets = np.maximum(ends - n, 0), ends
                scores[k] += self._places(*sources, *targets) + self._length(*sources, *targets)
        return np.split(scores, borders[:-1], axis=1)

    def _length(self, start: Ints, end: Ints, starts: Ints, ends: Ints) -> Floats:
        """How much likelier the targets' length is beside these sources than by itself."""
        source, target = self._source, self._target
        length = np.maximum(source.lengths[end] - source.lengths[start], 1.0)
        lengths = np.log(np.maximum(target.lengths[ends] - target.lengths[starts], 1.0))
        counts = np.maximum(ends - starts, 1)
        variance = _SPREAD + _JITTER / length
        together = _normal(lengths - np.log(length) - self._ratio, variance)
        alone = _normal(lengths - target.mean - np.log(counts), target.variance)
        # Clipped, so that one odd length (a note in brackets, a verse) does not outweigh all words.
        surplus: Floats = np.clip(together - alone, -_LENGTH_CLIP, _LENGTH_CLIP)
        return surplus

    def _places(self, start: Ints, end: Ints, starts: Ints, ends: Ints) -> Floats:
        """Whether kinds agree, and whether blocks begin and end together."""
        source, target = self._source, self._target
        kind = source.kinds[np.minimum(start, len(source.kinds) - 1)]
        kinds = target.kinds[np.minimum(starts, len(target.kinds) - 1)]
        # A kind that one of the texts never has (headings in a plain text) says nothing.
        known = self._known[kinds] | self._known[kind]
        score: Floats = np.where(known, np.where(kinds == kind, _SAME_KIND, _OTHER_KIND), 0.0)
        # Running text beside running text is what one expects, and says nothing; beside a heading
        # it speaks against the bead.
        score[(kind == 0) & (score > 0.0)] = 0.0
        if not self._structured:
            return score
        begins, begin = source.first[start], target.first[starts]
        score += np.where(begins == begin, begins * _BOTH_START, _ONE_STARTS)
        source_inside = source.blocks[end] - source.blocks[np.minimum(start + 1, end)]
        target_inside = target.blocks[ends] - target.blocks[np.minimum(starts + 1, ends)]
        score += _CROSSES * np.abs(source_inside - target_inside)
        return score


def _normal(deviation: Floats, variance: Floats | float) -> Floats:
    density: Floats = -0.5 * (deviation**2 / variance + np.log(variance))
    return density


class Scorer(Protocol):
    """A judge of meaning, such as sentence embeddings.

    An entry point of `annotated_reader.scorers` gives one when called.
    """

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
        self._source = _running_sums(scorer, sources, languages[0])
        self._target = _running_sums(scorer, targets, languages[1])
        self._mean, self._deviation = self._chance()

    def row(self, m: int, n: int, i: int, low: int, high: int) -> Floats:
        """For beads of `m` sources up to `i` and of `n` targets up to each of `low` to `high`."""
        ends = np.arange(low, high + 1)
        targets = self._target[ends] - self._target[np.maximum(ends - n, 0)]
        cosines = _cosines(self._source[i] - self._source[i - m], targets)
        surplus = (cosines - self._mean) / self._deviation - _CERTAIN
        # In proportion to the units that the bead joins, as the evidence of words is.
        return _WEIGHT * (m + n) / 2 * np.clip(surplus, -_SIMILARITY_CLIP, _SIMILARITY_CLIP)

    def _chance(self) -> tuple[float, float]:
        """The mean and the standard deviation of the cosines of random pairs of units."""
        random = np.random.default_rng(_SEED)
        sources, targets = np.diff(self._source, axis=0), np.diff(self._target, axis=0)
        pairs = random.integers(len(sources), size=500), random.integers(len(targets), size=500)
        cosines = np.array(
            [_cosines(sources[a], targets[b : b + 1])[0] for a, b in zip(*pairs, strict=True)]
        )
        return float(cosines.mean()), float(cosines.std()) + 1e-3


def _running_sums(scorer: Scorer, units: Sequence[Unit], language: str) -> Floats:
    """(units + 1, dimensions): the sum of the unit vectors of the first 0, 1, 2 … units."""
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


_CELLS = 1 << 13
"""Cells of the band whose prior is worked out at once: few enough to stay in the cache."""


class BeadScores:
    """The scores of one row of the lattice after another: prior, words and similarity."""

    def __init__(
        self, evidence: Evidence, prior: Prior, similarity: Similarity | None, band: Band
    ) -> None:
        self._evidence, self._prior, self._similarity = evidence, prior, similarity
        self._band = band
        self._priors: list[Floats] = []
        """Of the next rows, the last first."""
        self._recent: list[EvidenceRow] = []

    def row(self, i: int, low: int, high: int) -> Floats:
        """Scores (shapes, high - low + 1) of the beads that end after `i` sources."""
        if i:
            row = self._evidence.row(i - 1, max(0, low - LONGEST), high)
            # The rows of the last sources, the latest first: a bead of m sources needs m of them.
            self._recent = [row, *self._recent[: LONGEST - 1]]
        scores = self._of_prior(i)
        forward, backward = self._words(low, high) if i else ([], [])
        for k, (m, n) in enumerate(SHAPES):
            if m and n and m <= i:
                words = 0.5 * (forward[n - 1][m - 1] + backward[m - 1][n - 1])
                scores[k] += _TEMPER * words
                if self._similarity is not None:
                    scores[k] += self._similarity.row(m, n, i, low, high)
        return scores

    def _of_prior(self, i: int) -> Floats:
        if not self._priors:
            low, high = self._band.low[i:], self._band.high[i:]
            count = int(np.searchsorted(np.cumsum(high - low + 1), _CELLS)) or 1
            self._priors = self._prior.rows(i, low[:count], high[:count])[::-1]
        return self._priors.pop()

    def _words(self, low: int, high: int) -> tuple[list[Floats], list[Floats]]:
        """Both directions' evidence for the latest sources: forward by targets, then sources,
        backward by sources, then targets."""
        latest = self._recent[0]
        sums = np.zeros((LONGEST, latest.forward.shape[1] + 1))
        np.cumsum(latest.forward, axis=1, out=sums[:, 1:])
        ends = np.arange(low, high + 1) - latest.low
        reached = sums[:, ends]
        forward = [reached - sums[:, np.maximum(ends - n, 0)] for n in range(1, LONGEST + 1)]
        backward = [np.zeros((LONGEST, len(ends)))]
        for row in self._recent:
            more = shifted(row.backward, row.low, low - 1, high - 1, _UNSEEN)
            backward.append(backward[-1] + more)
        return forward, backward[1:]
