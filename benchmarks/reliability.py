"""How sure the program is, and how often it is right: `python benchmarks/reliability.py DATA`.

DATA is the folder with `natural/`; what is right stands in `training/labels/`, of which the kept
third is measured (`--trained` measures the others). Three tables: readings, character by
character; names; cuts. Each has, of what was said to be so sure, how many, what was said and how
many were right. Of the same name or cut in one source, one is counted.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from accuracy_running import may_vary

from reader.annotation import annotate
from reader.annotation.certainty import Table
from reader.lexicon import Lexicon
from reader.sources.registry import read_text
from training.certainty import answers, weighed
from training.running_text import LabelledLine, read_labelled

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)


class Said(NamedTuple):
    """How sure something was said to be, and whether it is right."""

    probability: float
    right: bool
    weight: float = 1.0


def readings(lines: Iterable[LabelledLine]) -> Iterator[Said]:
    """The readings of characters that the labels read."""
    for line in lines:
        tokens = [t for block in annotate(read_text(line.text)).blocks for t in block.tokens]
        if "".join(token.text for token in tokens) != line.text:
            continue
        right = iter(line.syllables)
        for token in tokens:
            expected = [next(right) for _ in token.text]
            if token.reading is not None:
                pairs = zip(token.reading.syllables, expected, strict=True)
                for offset, (spoken, syllable) in enumerate(pairs):
                    if syllable:
                        same = spoken == syllable or may_vary(token, offset, spoken, syllable)
                        yield Said(token.reading.probability, same)


def table(name: str, said: Sequence[Said]) -> None:
    """The rows of one kind, as Markdown."""
    print(f"\n| {name}: said | how many | mean | right |\n|---|---|---|---|")
    for low, high in pairwise(BINS):
        inside = [s for s in said if low <= s.probability < high]
        count = sum(s.weight for s in inside)
        if count:
            mean = sum(s.probability * s.weight for s in inside) / count
            right = sum(s.weight for s in inside if s.right) / count
            print(f"| {_bin(low, high)} | {count:,.0f} | {100 * mean:.1f} | {100 * right:.1f} |")


def _bin(low: float, high: float) -> str:
    if low == 0:
        return f"under {high:.0%}"
    return f"{low:.0%} and more" if high > 1 else f"{100 * low:.0f}–{high:.0%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--trained", action="store_true", help="the lines that train, instead")
    given = parser.parse_args()
    folder = given.data / "natural"
    lines = [line for line in read_labelled(folder) if line.kept is not given.trained]
    table("readings", [*readings(lines)])
    shares = Table.load()
    by_kind: dict[str, list[Said]] = defaultdict(list)
    for answer in weighed(answers(folder, lines, Lexicon.default())):
        question = answer.question
        probability = shares.share(question.evidence, question.margin)
        by_kind[question.kind].append(Said(probability, answer.right, answer.weight))
    table("names", by_kind["name"])
    table("cuts", by_kind["cut"])


if __name__ == "__main__":
    main()
