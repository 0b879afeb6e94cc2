"""Boosted trees over the features of lines: what speaks for each kind, by several features at once.

Each tree is grown on the texts' lines as far as the trees before it fall short (the gradient of
the logarithm of what is likely, for all kinds at once). A feature such as `len=3` is a name and a
value; the values of a name stand in an order, so that a tree can part them at a place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeRegressor

from reader.sources.line_decision import name_and_value

Floats = NDArray[np.float64]
Codes = NDArray[np.float32]

ROUNDS, RATE = 300, 0.06
LEAVES, FEWEST = 32, 10
"""Leaves of a tree, and lines in a leaf."""
TRIED, TAKEN = 0.1, 0.7
"""Shares of the names that are tried at a place, and of the texts that a tree is grown on."""
PENALTY, MOST = 2.0, 4.0
RARE = 20
"""Names of fewer lines are left out, and values of fewer than `FEWEST`."""


@dataclass(frozen=True, slots=True)
class Order:
    """The place of each name in a row, and of each value among those of its name."""

    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]

    def rows(self, lines: Sequence[Iterable[str]]) -> Codes:
        """A row of codes for each line; 0 for what it has not."""
        codes = {
            (name, value): (place, code)
            for place, (name, values) in enumerate(zip(self.names, self.values, strict=True))
            for code, value in enumerate(values, 1)
        }
        found = np.zeros((len(lines), len(self.names)), np.float32)
        for row, line in zip(found, lines, strict=True):
            for feature in line:
                parts = name_and_value(feature)
                if parts in codes:
                    place, code = codes[parts]
                    row[place] = code
        return found


def ordered(lines: Sequence[Iterable[str]], kinds: Sequence[int], many: int) -> Order:
    """Numbers in their order, other values by the kinds of their lines."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    of_kinds: dict[tuple[str, str], Floats] = defaultdict(lambda: np.full(many, 0.5))
    for line, kind in zip(lines, kinds, strict=True):
        for name, value in filter(None, map(name_and_value, line)):
            counts[name][value] += 1
            of_kinds[name, value][kind] += 1
    names = sorted(name for name, values in counts.items() if values.total() >= RARE)
    kept = {name: sorted(v for v, n in counts[name].items() if n >= FEWEST) for name in names}
    values = (_in_order(name, kept[name], of_kinds) for name in names)
    return Order(tuple(names), tuple(map(tuple, values)))


def _in_order(
    name: str, values: list[str], of_kinds: dict[tuple[str, str], Floats]
) -> Sequence[str]:
    try:
        return sorted(values, key=float)
    except ValueError:
        pass
    # Along the line on which the shares of the kinds differ most.
    rows = np.array([of_kinds[name, value] for value in values])
    sizes = rows.sum(1)
    shares = rows / sizes[:, None]
    shares -= (shares * sizes[:, None]).sum(0) / sizes.sum()
    axis = np.linalg.svd(shares * np.sqrt(sizes)[:, None], full_matrices=False)[2][0]
    axis *= np.sign(axis[np.abs(axis).argmax()])
    along = np.round(shares @ axis, 9).tolist()
    return [value for _, value in sorted(zip(along, values, strict=True))]


@dataclass(frozen=True, slots=True)
class Forest:
    order: Order
    begin: Floats
    """What speaks for each kind before any tree."""
    trees: tuple[tuple[Any, Floats], ...]
    """Each tree, and what its nodes say."""

    def scores(self, lines: Sequence[Iterable[str]]) -> Floats:
        rows = self.order.rows(lines)
        found = np.tile(self.begin, (len(rows), 1))
        for tree, values in self.trees:
            found += values[tree.apply(rows)]
        return found


def grow(
    lines: Sequence[Iterable[str]],
    kinds: Sequence[int],
    weights: Sequence[float],
    texts: Sequence[int],
    many: int,
) -> Forest:
    """Trees by which the kinds of the lines, each of one of `texts`, are likely."""
    order = ordered(lines, kinds, many)
    rows = order.rows(lines)
    true = np.eye(many)[np.array(kinds)]
    weight, group = np.array(weights)[:, None], np.array(texts)
    begin = (true * weight).sum(0) + 1
    begin = np.log(begin / begin.sum())
    scores = np.tile(begin, (len(rows), 1))
    chance = np.random.RandomState(0)
    groups = np.unique(group)
    trees = []
    for _ in range(ROUNDS):
        likely = np.exp(scores - scores.max(1, keepdims=True))
        likely /= likely.sum(1, keepdims=True)
        taken = np.flatnonzero(np.isin(group, groups[chance.rand(len(groups)) < TAKEN]))
        short = (true - likely)[taken]
        tree = DecisionTreeRegressor(
            max_leaf_nodes=LEAVES,
            min_samples_leaf=FEWEST,
            max_features=TRIED,
            random_state=chance.randint(1 << 30),
        ).fit(rows[taken], short, sample_weight=weight[taken, 0])
        leaves = tree.apply(rows)
        above = np.zeros((tree.tree_.node_count, many))
        below = np.zeros_like(above)
        np.add.at(above, leaves[taken], short * weight[taken])
        np.add.at(below, leaves[taken], (likely * (1 - likely))[taken] * weight[taken])
        values = RATE * np.clip(above / (below + PENALTY), -MOST, MOST)
        scores += values[leaves]
        trees.append((tree, values))
    return Forest(order, begin, tuple(trees))


def parts_of(forest: Forest) -> tuple[dict[str, Any], Floats]:
    """The trees as `reader/sources/line_decision.py` reads them, and what each leaf says."""
    asks: list[int] = []
    limits: list[int] = []
    other: list[int] = []
    leaves: list[Floats] = []
    roots = []
    for tree, values in forest.trees:
        roots.append(len(asks))
        _write(tree.tree_, values, 0, (asks, limits, other), leaves)
    used = sorted({name for name in asks if name >= 0})
    places = {name: place for place, name in enumerate(used)} | {-1: -1}
    parts = {
        "names": [forest.order.names[name] for name in used],
        "values": [forest.order.values[name] for name in used],
        "roots": roots,
        "asks": [places[name] for name in asks],
        "limits": limits,
        "other": other,
    }
    return parts, np.array(leaves)


def _write(
    tree: Any,
    values: Floats,
    node: int,
    lists: tuple[list[int], list[int], list[int]],
    leaves: list[Floats],
) -> None:
    """A node and all under it."""
    asks, _, other = lists
    place = len(asks)
    below, above = int(tree.children_left[node]), int(tree.children_right[node])
    if below < 0:
        for each, value in zip(lists, (-1, 0, len(leaves)), strict=True):
            each.append(value)
        leaves.append(values[node])
        return
    for each, value in zip(
        lists, (int(tree.feature[node]), int(tree.threshold[node]), -1), strict=True
    ):
        each.append(value)
    _write(tree, values, below, lists, leaves)
    other[place] = len(asks)
    _write(tree, values, above, lists, leaves)
