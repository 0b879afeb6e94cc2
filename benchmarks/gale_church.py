"""Gale and Church (1993): alignment by sentence lengths alone, as the paper gives it."""

from __future__ import annotations

import math

import numpy as np

# The paper's table 5; the shapes with two sentences on a side share its 0.089.
PRIORS = {
    (1, 1): 0.89, (1, 0): 0.0099 / 2, (0, 1): 0.0099 / 2,
    (2, 1): 0.089 / 2, (1, 2): 0.089 / 2, (2, 2): 0.011,
}  # fmt: skip
VARIANCE = 6.8
Bead = tuple[tuple[int, ...], tuple[int, ...]]


def gale_church(source: list[int], target: list[int], band: int = 300) -> list[Bead]:
    """The beads of two texts given as lengths in characters; `c` is the ratio of their totals."""
    ratio = sum(target) / sum(source)
    here, there = np.append(0, np.cumsum(source)), np.append(0, np.cumsum(target))
    size = (len(source), len(target))
    costs = np.full((size[0] + 1, size[1] + 1), np.inf, np.float32)
    moves = np.zeros(costs.shape, np.int8)
    costs[0, 0] = 0.0
    shapes = list(PRIORS)
    for i in range(size[0] + 1):
        middle = round(i * size[1] / size[0])
        for j in range(max(0, middle - band), min(size[1], middle + band) + 1):
            for k, (m, n) in enumerate(shapes):
                if m <= i and n <= j and (m or n):
                    lengths = here[i] - here[i - m], there[j] - there[j - n]
                    cost = costs[i - m, j - n] + _cost(*lengths, ratio) - math.log(PRIORS[m, n])
                    if cost < costs[i, j]:
                        costs[i, j], moves[i, j] = cost, k
    return _trace(moves, size, shapes)


def _cost(source: int, target: int, ratio: float) -> float:
    """-log of the two-sided tail of the normal distribution at the deviation of the lengths."""
    mean = (source + target / ratio) / 2
    if not mean:
        return 0.0
    deviation = abs(source * ratio - target) / math.sqrt(VARIANCE * mean)
    return -math.log(max(math.erfc(deviation / math.sqrt(2)), 1e-30))


def _trace(moves: np.ndarray, size: tuple[int, int], shapes: list[tuple[int, int]]) -> list[Bead]:
    beads: list[Bead] = []
    i, j = size
    while i or j:
        m, n = shapes[moves[i, j]]
        beads.append((tuple(range(i - m, i)), tuple(range(j - n, j))))
        i, j = i - m, j - n
    return beads[::-1]
