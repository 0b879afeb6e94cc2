"""Learn what words, names and boundaries cost: `python training/segmentation.py DATA [OUT]`.

DATA is the folder with `natural/`. Each labelled line that trains gives a lattice of candidates, as
texts are segmented by, in which some paths are right: those that keep to the labelled words and
names. The weights make right paths likely (a conditional random field over the lattice), beside
the costs that were counted, which stay as they are; an L2 penalty holds them near zero. What was
learnt before is not looked at, and nothing is random: the same inputs give the same file,
`reader/data/segmentation.tsv`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import accumulate
from math import exp
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeAlias

import numpy as np
from scipy.optimize import minimize

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from reader.annotation.lattice import DOT, Lattice, han_runs
from reader.annotation.word_candidates import BITS, HAN, LENGTH, NAME, PERSON, Step
from reader.lexicon import Lexicon
from reader.lexicon.compile import compile_table
from reader.lexicon.costs import word_shape
from reader.lexicon.lexicon import data_files
from reader.lexicon.packages import read_frequencies
from reader.lexicon.table import Table
from reader.scripts import simplify
from training.chosen import ChosenLine, own_cuts, read_chosen
from training.running_text import (
    FAMILIAR,
    LabelledLine,
    Name,
    read_labelled,
    read_names,
    read_partly,
    read_quiet,
    read_sentences,
)

Feature: TypeAlias = tuple[str, str]
"""A kind of `segmentation.tsv` and what was seen."""

PENALTY = {"word": 1.0, "shape": 0.2, "name": 0.5, "boundary": 1.0}
"""L2 by kind of feature."""
SEEN = {"word": 3, "shape": 10, "name": 2, "boundary": 3}
"""Features seen in fewer lattices are left out."""
LEAST = 8
"""Costs nearer to zero (in hundredths of a nat) do not ship."""
FAR = 1500
"""Candidates are left out whose best path is so much dearer than the best of all."""
STEPS = 300
"""Enough to get to the end: the loss stops falling after some 200."""
PRIORS = {
    ("name", "o3"): 2.0,
    ("name", "o2"): 0.5,
    ("name", "ev"): 2.0,
    ("name", "a了"): 1.0,
    ("name", "a着"): 1.0,
    ("name", "dv了"): 2.0,
    ("name", "dv着"): 2.0,
    ("name", "dv过"): 2.0,
    ("name", "dv到"): 1.0,
    ("name", "dv得"): 1.0,
    ("shape", "nr1"): 2.0,
    ("name", "Tq"): -1.0,
    ("name", "D"): -1.5,
    ("name", "Tg"): 4.0,
    ("name", "Ta"): 4.0,
}
"""What is taken to be so before any label, for what labels have seldom."""
CAUTION = 2.0
"""How much dearer names are made than the labels say, in nats: a false one teaches a mistake, and a
missed one is read as it would be."""
HERE = Path(__file__).parent
CHOSEN = 0.4
"""What a line counts of which a stretch was chosen: such stretches are all hard ones."""
OWN = 2.0
"""And one of our own sentences."""
HARD = 0.5
"""And one of those that were written to be hard, each of them."""
NAMED = 0.4
"""And a sentence of which the names are labelled: it was taken because programs saw other names."""
SEED = 20261130
COPIES = 4
"""How often a line with people is said again of others."""
FOREIGNERS, DOTTED = 0.3, 0.3
"""How many of them have a transliterated name, and how many of those a dot in it."""
SINGLE = 0.3
"""How many of them have a given name of one character."""
LONGEST_RUN = 80
"""Longer runs of Han characters, without any punctuation, do not train."""
IMPOSSIBLE = 1e9
"""The cost of what is no way."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A candidate in a run: from where to where, what it cost before, its features."""

    start: int
    end: int
    base: float
    features: tuple[Feature, ...]
    right: bool


class LatticeMaker:
    """Makes lattices of lines, with the very code that segments texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        """`lexicon` has the costs that were counted, and none that was learnt."""
        self._lexicon = lexicon
        self._lattice = Lattice(lexicon)

    def lattices(self, line: LabelledLine | ChosenLine) -> Iterator[list[Edge]]:
        """Those of the runs of a line of whose right paths something is known."""
        text = simplify(line.text)
        for start, end in han_runs(text):
            if isinstance(line, ChosenLine) and not line.says_of(start, end):
                continue
            found = [
                (at, step, tuple(features))
                for at in range(start, end)
                for step, features in self._steps(text, at, start, end)
            ]
            is_right = (
                Agreement(line, found) if isinstance(line, ChosenLine) else Rightness(line, found)
            )
            edges = [
                Edge(
                    at,
                    at + step.length,
                    step.cost / 100,
                    features,
                    is_right(at, step, features),
                )
                for at, step, features in found
            ]
            edges = _near(edges, start, end)
            if any(not edge.right for edge in edges) and _passes(edges, start, end):
                yield edges

    def _steps(
        self, text: str, at: int, start: int, end: int
    ) -> Iterator[tuple[Step, list[Feature]]]:
        lattice = self._lattice
        before: list[Feature] = []
        if at > start:
            before = [("boundary", seen) for seen in lattice.around(text, at)]
        yield self._word(text[at], lattice.words.alone(text[at]), before)
        for step in lattice.words.steps(text, at, end):
            beside = [("name", seen) for seen in lattice.word_features(text, at, step)]
            yield self._word(text[at : at + step.length], step, [*before, *beside])
        for step, groups in lattice.candidates(text, at, end):
            yield step, [*before, *(("name", name) for names in groups for name in names)]

    def _word(self, word: str, step: Step, before: list[Feature]) -> tuple[Step, list[Feature]]:
        split = "" if all(piece >> BITS == HAN for piece in step.pieces) else "n"
        shape = word_shape(word, self._lexicon.tag(word), split, self._lexicon.frequency(word))
        return step, [*before, ("word", word), ("shape", shape)]


class Rightness:
    """Whether steps are right: what the labels say, as far as candidates can."""

    def __init__(
        self, line: LabelledLine, found: Iterable[tuple[int, Step, tuple[Feature, ...]]]
    ) -> None:
        self._line = line
        self._names = {(name.start, name.end) for name in line.names}
        starts = (0, *line.ends)
        self._words = list(zip(starts, line.ends))  # noqa: B905 - the text's end is the last one
        self._word_at = [0] * (line.ends[-1] if line.ends else 0)
        for number, (start, end) in enumerate(self._words):
            self._word_at[start:end] = [number] * (end - start)
        self._spans = {span for at, step, _ in found for span in _spans(at, step)}
        self._people = {
            (at, at + step.length) for at, step, _ in found if step.pieces[0] >> BITS == PERSON
        }
        self._others = {
            (at, at + step.length)
            for at, step, _ in found
            if all(piece >> BITS == NAME for piece in step.pieces)
        }

    def __call__(self, at: int, step: Step, features: Iterable[Feature]) -> bool:
        return self._keeps_names(at, step, _is_made(features)) and (
            not self._words or all(map(self._is_word, _spans(at, step)))
        )

    def _is_word(self, span: tuple[int, int]) -> bool:
        """Whether a span is a word of the line, or within one that no candidate is."""
        word = self._words[self._word_at[span[0]]]
        if span == word:
            return True
        return span[1] <= word[1] and (word not in self._spans or span in self._names)

    def _keeps_names(self, at: int, step: Step, made: bool) -> bool:
        """Whether the names of a step are names of the line, and it cuts none of those.

        What dictionaries have for a name is judged only where the words are labelled: elsewhere
        languages and festivals were not written down.
        """
        end = at + step.length
        kinds = {piece >> BITS for piece in step.pieces}
        touching = [n for n in self._line.names if n.start < end and n.end > at]
        if PERSON in kinds:
            return any(_is_person(name, at, step) for name in touching)
        if any(self._wants_person(name) for name in touching):
            return False
        if NAME not in kinds and any((n.start, n.end) in self._others for n in touching):
            return False
        within = all(n.start <= at and end <= n.end for n in touching)
        if NAME in kinds and (self._words or made):
            return bool(touching) and within
        whole = [n for n in touching if (n.start, n.end) in self._spans]
        return all((n.start, n.end) == (at, end) for n in whole) or (within and not whole)

    def _wants_person(self, name: Name) -> bool:
        """Whether a person's name is among the candidates as such."""
        return name.kind == "person" and (name.start, name.end) in self._people


class Agreement:
    """Whether steps agree with the stretches of a line that were chosen."""

    def __init__(
        self, line: ChosenLine, found: Iterable[tuple[int, Step, tuple[Feature, ...]]]
    ) -> None:
        steps = [(span, _is_made(f)) for at, step, f in found for span in _spans(at, step)]
        self._spans = {span for span, _ in steps}
        self._made = {span for span, made in steps if made}
        self._word_at = {
            at: word
            for stretch in line.stretches
            for word in stretch
            for at in range(word.start, word.end)
        }

    def __call__(self, at: int, step: Step, features: Iterable[Feature]) -> bool:
        made = _is_made(features)
        return all(self._is_word(span, made) for span in _spans(at, step))

    def _is_word(self, span: tuple[int, int], made: bool) -> bool:
        """Whether a span is a word of the stretch it touches, or within one that no step is."""
        touched = {self._word_at.get(at) for at in range(*span)}
        if touched == {None}:
            return True
        word = touched.pop()
        if touched or word is None:
            return False
        if span == (word.start, word.end):
            return word.named if made else not (word.named and span in self._made)
        return (word.start, word.end) not in self._spans and not made


def _is_made(features: Iterable[Feature]) -> bool:
    """Whether a step was made as a name: no word of the lexicon, nor a number with its measure."""
    return any(kind == "name" and seen[0] not in "qTD" for kind, seen in features)


def _spans(at: int, step: Step) -> Iterator[tuple[int, int]]:
    for piece in step.pieces:
        yield at, at + (piece & LENGTH)
        at += piece & LENGTH


def _is_person(name: Name, at: int, step: Step) -> bool:
    size = step.pieces[0] & LENGTH
    return (
        name.kind in ("person", "name")
        and (name.start, name.end) == (at, at + step.length)
        and (name.surname in (0, size) or len(step.pieces) == 1)
    )


def _near(edges: Sequence[Edge], start: int, end: int) -> list[Edge]:
    """The edges that lie on a path not much dearer than the cheapest."""
    before = {start: 0.0}
    for edge in edges:
        if edge.start in before:
            cost = before[edge.start] + edge.base
            before[edge.end] = min(before.get(edge.end, cost), cost)
    after = {end: 0.0}
    for edge in reversed(edges):
        if edge.end in after:
            cost = after[edge.end] + edge.base
            after[edge.start] = min(after.get(edge.start, cost), cost)
    most = after[start] + FAR / 100
    return [
        edge
        for edge in edges
        if edge.right or before[edge.start] + edge.base + after[edge.end] <= most
    ]


def _passes(edges: Iterable[Edge], start: int, end: int) -> bool:
    """Whether a right path goes through."""
    reached = {start}
    for edge in edges:
        if edge.right and edge.start in reached:
            reached.add(edge.end)
    return end in reached


class Lattices:
    """All lattices as arrays: edges in the order of where they end in their run, so that those of
    all lattices are done at once, place by place."""

    def __init__(self, lattices: Iterable[tuple[list[Edge], float]]) -> None:
        """`lattices` with what each counts."""
        short = [(e, w) for e, w in lattices if e[-1].end - e[0].start <= LONGEST_RUN]
        kept = [edges for edges, _ in short]
        self._weights = np.array([weight for _, weight in short])
        sizes = [edges[-1].end - edges[0].start + 1 for edges in kept]
        firsts = [0, *accumulate(sizes)]
        self._starts, self._ends = np.array(firsts[:-1]), np.array(firsts[1:]) - 1
        self._lattice = np.repeat(np.arange(len(kept)), sizes)
        rows = [
            (edge, first + edge.start - edges[0].start, first + edge.end - edges[0].start)
            for edges, first in zip(kept, firsts, strict=False)
            for edge in edges
        ]
        level = [to - int(self._starts[self._lattice[to]]) for _, _, to in rows]
        order = sorted(range(len(rows)), key=lambda number: (level[number], rows[number][2]))
        self._level = np.array([level[number] for number in order])
        self._from = np.array([rows[number][1] for number in order])
        self._to = np.array([rows[number][2] for number in order])
        edges = [rows[number][0] for number in order]
        self._base = np.array([edge.base for edge in edges])
        self._right = np.array([edge.right for edge in edges])
        seen = Counter(feature for edge in edges for feature in set(edge.features))
        self.features = [f for f, count in sorted(seen.items()) if count >= SEEN[f[0]]]
        numbers = {feature: number for number, feature in enumerate(self.features)}
        known = [[numbers[f] for f in edge.features if f in numbers] for edge in edges]
        self._rows = np.repeat(np.arange(len(edges)), [len(k) for k in known])
        self._columns = np.array([number for k in known for number in k], int)
        self._penalties = np.array([PENALTY[kind] for kind, _ in self.features])
        self._priors = np.array([PRIORS.get(feature, 0.0) for feature in self.features])
        self.count = len(kept)

    def fit(self) -> dict[Feature, float]:
        """The weights: what each feature adds to a cost, in nats."""
        size = len(self.features)

        def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
            costs = self._base + np.bincount(self._rows, theta[self._columns], len(self._base))
            whole, among_all = self._sum(costs)
            right, among_right = self._sum(np.where(self._right, costs, IMPOSSIBLE))
            share = (among_right - among_all) * self._weights[self._lattice[self._to]]
            gradient = np.bincount(self._columns, share[self._rows], size)
            far = theta - self._priors
            value = self._weights @ (whole - right) + 0.5 * (self._penalties @ far**2)
            return float(value), gradient + self._penalties * far

        options = {"maxiter": STEPS, "maxcor": 10}
        solution = minimize(loss, self._priors, jac=True, method="L-BFGS-B", options=options)
        print(f"{solution.nit} steps, loss {solution.fun:.1f}", file=sys.stderr)
        return dict(zip(self.features, map(float, solution.x), strict=True))

    def _sum(self, costs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of each lattice the logarithm of the sum over all paths; of each edge its share."""
        before = np.full(len(self._lattice), -IMPOSSIBLE)
        before[self._starts] = 0.0
        after = np.full(len(self._lattice), -IMPOSSIBLE)
        after[self._ends] = 0.0
        spans = [_span(self._level, level) for level in range(1, int(self._level.max()) + 1)]
        for edge in spans:
            _add(before, self._to[edge], before[self._from[edge]] - costs[edge])
        for edge in reversed(spans):
            order = np.argsort(self._from[edge], kind="stable")
            values = after[self._to[edge]] - costs[edge]
            _add(after, self._from[edge][order], values[order])
        whole = before[self._ends]
        of = whole[self._lattice[self._to]]
        return whole, np.exp(before[self._from] - costs + after[self._to] - of)


def _span(levels: np.ndarray, level: int) -> slice:
    start, end = np.searchsorted(levels, [level, level + 1])
    return slice(int(start), int(end))


def _add(totals: np.ndarray, groups: np.ndarray, values: np.ndarray) -> None:
    """Add to the logarithms at `groups`, which are in order, those of `values`."""
    if len(groups):
        starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
        which = groups[starts]
        highest = np.maximum(np.maximum.reduceat(values, starts), totals[which])
        lengths = np.diff(np.r_[starts, len(groups)])
        powers = np.exp(values - np.repeat(highest, lengths))
        summed = np.add.reduceat(powers, starts) + np.exp(totals[which] - highest)
        totals[which] = highest + np.log(summed)


def lexicon_of(learnt: Path) -> Lexicon:
    """The lexicon compiled now, with these costs as those that were learnt."""
    table = BytesIO()
    compile_table(data_files() | {"segmentation": learnt}, table)
    return Lexicon(Table(table.getvalue()))


def counted_lexicon() -> Lexicon:
    """The lexicon with the costs that were counted: nothing in it was learnt."""
    with TemporaryDirectory() as folder:
        nothing = Path(folder) / "segmentation.tsv"
        nothing.write_text("", encoding="utf-8")
        return lexicon_of(nothing)


def training_lines(
    data: Path, lexicon: Lexicon
) -> Iterator[tuple[LabelledLine | ChosenLine, float]]:
    """All lines that train and what they count; those with people again with others."""
    natural = data / "natural"
    whole = [*read_labelled(natural), *read_sentences(data)]
    known = {(line.source, line.number) for line in whole}
    quiet = (line for line in read_quiet(natural) if (line.source, line.number) not in known)
    lines = [*whole, *read_partly(natural), *quiet]
    people = People(lexicon)
    for line in lines:
        if not line.kept:
            line = verbs_joined(line, lexicon)
            yield line, 1.0
            for other in people.instead(line):
                yield other, 1 / COPIES
    yield from ((line, NAMED) for line in read_names(data))
    yield from ((line, CHOSEN) for line in read_chosen(data))
    yield from ((line, OWN) for line in own_cuts(HERE / "cuts.tsv"))
    yield from ((line, HARD) for line in own_cuts(HERE / "hard_cuts.tsv"))


def verbs_joined(line: LabelledLine, lexicon: Lexicon) -> LabelledLine:
    """The line with a verb that is said twice as one word, 去|问问|他, as most labels have it; but
    一|笑|笑|醒."""
    text, ends = simplify(line.text), {0, *line.ends}
    inside = {
        at
        for at in ends & {at + 1 for at in ends} & {at - 1 for at in ends}
        if text[at] == text[at - 1] and text[at - 2 : at - 1] != "一"
        if lexicon.lattice_words(text[at] * 2)[:1] and lexicon.tag(text[at])[:1] in ("v", "n")
    }
    return replace(line, ends=tuple(at for at in line.ends if at not in inside))


class People:
    """Makes people up, to stand in sentences in place of others: these have the few names that
    their authors like (汤姆), and learners meet any."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._random = Random(SEED)
        listed = read_frequencies(data_files()["frequencies"])
        self._transliterated = [w for w, _, tag in listed if tag == "nrt" and 2 < len(w) < 6]
        model = lexicon.name_model()
        self._parts = {
            letter: [
                (part[1:], exp(-cost / 100)) for part, cost in model.items() if part[0] == letter
            ]
            for letter in "s12g"
        }

    def instead(self, line: LabelledLine) -> Iterator[LabelledLine]:
        """The line with each person that is one word replaced."""
        people = [
            n
            for n in line.names
            if n.kind == "person" or FAMILIAR.fullmatch(line.text, n.start, n.end)
        ]
        for _ in range(COPIES if people else 0):
            yield self._replaced(line, people)

    def _replaced(self, line: LabelledLine, people: Sequence[Name]) -> LabelledLine:
        text, at = "", 0
        moved = list(range(len(line.text) + 1))  # where each place of the old text is in the new
        made: list[Name] = []
        ends: set[int] = set()
        for name in sorted(people, key=lambda name: name.start):
            text += line.text[at : name.start]
            for words in self._name():
                start = len(text)
                text += "".join(words)
                made.append(Name(start, len(text), "person", len(words[0]) if words[1:] else 0))
                ends |= {start, start + len(words[0]), len(text)}
                text += DOT
            text = text.removesuffix(DOT)
            at = name.end
            for place in range(name.start + 1, len(moved)):
                moved[place] = len(text) + max(0, place - name.end)
        text += line.text[at:]
        inside = {end for n in people for end in range(n.start + 1, n.end)}
        ends |= {moved[end] for end in line.ends if end not in inside}
        others = [n for n in line.names if n not in people]
        return replace(
            line,
            text=text,
            syllables=("",) * len(text),
            ends=tuple(sorted(ends - {0})) if line.ends else (),
            names=(*made, *(replace(n, start=moved[n.start], end=moved[n.end]) for n in others)),
        )

    def _name(self) -> list[tuple[str, ...]]:
        """A person as one, or as two with a dot between: surname and given name, or one word."""
        if self._random.random() < FOREIGNERS:
            return [(self._foreign(),) for _ in range(1 + (self._random.random() < DOTTED))]
        given = self._part("g") if self._random.random() < SINGLE else ""
        return [(self._part("s"), given or self._part("1") + self._part("2"))]

    def _foreign(self) -> str:
        """A transliteration put together from the parts of two."""
        first, last = self._random.choices(self._transliterated, k=2)
        return first[: max(1, len(first) // 2)] + last[len(last) // 2 :]

    def _part(self, letter: str) -> str:
        parts, weights = zip(*self._parts[letter], strict=True)
        return str(self._random.choices(parts, weights)[0])


def lattices_of(
    lines: Iterable[tuple[LabelledLine | ChosenLine, float]], lexicon: Lexicon
) -> Iterator[tuple[LabelledLine | ChosenLine, list[Edge], float]]:
    """The lattices of lines, each with its line and what it counts."""
    maker = LatticeMaker(lexicon)
    for line, weight in lines:
        yield from ((line, edges, weight) for edges in maker.lattices(line))


def learn(lattices: Iterable[tuple[list[Edge], float]], path: Path) -> None:
    """Train on these lattices, each with what it counts, and write the file."""
    made = Lattices(lattices)
    print(f"{made.count} lattices, {len(made.features)} features", file=sys.stderr)
    weights = made.fit()
    for kind, seen in weights:
        if kind == "name" and seen[0] == "T" and seen not in ("T0", "Tq"):
            weights[kind, seen] += CAUTION
    rows = sorted((*feature, round(100 * weight)) for feature, weight in weights.items())
    lines_out = [f"{kind}\t{what}\t{cost}" for kind, what, cost in rows if abs(cost) >= LEAST]
    head = "# Learnt by training/segmentation.py from training/labels: kind, what, cost (-100 ln p)"
    path.write_text("\n".join([head, *lines_out]) + "\n", encoding="utf-8")
    print(f"{len(lines_out)} rows", file=sys.stderr)


def main(folder: str, out: str = "") -> None:
    """Train on all labelled lines that train."""
    path = Path(out) if out else data_files()["segmentation"]
    lexicon = counted_lexicon()
    found = lattices_of(training_lines(Path(folder), lexicon), lexicon)
    learn(((edges, weight) for _, edges, weight in found), path)


if __name__ == "__main__":
    main(*sys.argv[1:])
