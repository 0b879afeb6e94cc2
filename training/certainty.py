"""How often words and names are right, by how near another way through the lattice is.

`python training/certainty.py DATA` annotates the labelled lines that train, asks of them what
`reader.annotation.certainty` asks, and writes `reader/data/certainty.tsv`. What the lattice costs
is learnt from these very lines, of which it is surer than of others: so for each third of them it
is learnt anew from the rest. To be run again whenever the costs of the lattice, its candidates or
the dictionary change; it takes some minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from reader.annotation import annotate
from reader.annotation.certainty import Certainty, Question
from reader.annotation.preparation import SURVEYED
from reader.annotation.readings import shared_resolver
from reader.lexicon import Lexicon
from reader.model import Block, Document, Metadata
from reader.scripts import simplify
from reader.sources.registry import read_text
from training.chosen import ChosenLine
from training.running_text import LabelledLine, read_labelled
from training.segmentation import (
    counted_lexicon,
    lattices_of,
    learn,
    lexicon_of,
    training_lines,
)

TABLE = Path(__file__).parent.parent / "reader" / "data" / "certainty.tsv"
TEXTS = ("novel", "stories")
"""The sources whose lines are parts of texts."""
FOLDS = 3
MARGINS = (-1000, 25, 50, 100, 150, 200, 250, 300, 400, 500, 600, 800)
"""Where the steps of the table may be."""
HEAD = """\
# How often words and names are right whose next best cut costs so much more, or more than that.
# Written by training/certainty.py from the lines of training/labels that train; the last column
# says of how many (of the same in one source, one).
# evidence	margin	right	of
"""


class Answer(NamedTuple):
    """A question about a labelled line, and whether what was done there is right."""

    question: Question
    source: str
    words: str
    right: bool
    weight: float = 1.0
    """What is asked of the same words of a source again and again counts once."""


def answers(folder: Path, lines: Sequence[LabelledLine], lexicon: Lexicon) -> Iterator[Answer]:
    """All that can be asked of labelled lines of the texts in `folder`, each a text of its own; and
    of texts that hang together what is asked of words that recur in them."""
    certainty = Certainty(lexicon, shared_resolver(lexicon))
    for line, block, language in chain(_alone(lines, lexicon), _in_texts(folder, lines, lexicon)):
        for question in questions(certainty, block, language):
            words = line.text[question.start : question.end]
            yield Answer(question, line.source, words, is_right(question, block, line))


def weighed(found: Iterable[Answer]) -> Iterator[Answer]:
    """The answers, those to one question sharing its weight."""
    same: dict[tuple[str, str, str], list[Answer]] = defaultdict(list)
    for answer in found:
        same[answer.source, answer.words, answer.question.evidence].append(answer)
    for group in same.values():
        yield from (answer._replace(weight=1 / len(group)) for answer in group)


def held_out(natural: Path) -> Iterator[Answer]:
    """The answers of lines that train, each under costs that were learnt without it."""
    counted = counted_lexicon()
    lattices = [*lattices_of(training_lines(natural.parent, counted), counted)]
    labelled = [line for line in read_labelled(natural) if not line.kept]
    with TemporaryDirectory() as folder:
        for fold in range(FOLDS):
            path = Path(folder) / f"{fold}.tsv"
            others = [
                (edges, weight)
                for line, edges, weight in lattices
                if isinstance(line, ChosenLine) or line.number % FOLDS != fold
            ]
            learn(others, path)
            lexicon = lexicon_of(path)
            asked = [line for line in labelled if line.number % FOLDS == fold]
            yield from answers(natural, asked, lexicon)


def _alone(
    lines: Iterable[LabelledLine], lexicon: Lexicon
) -> Iterator[tuple[LabelledLine, Block, str]]:
    """Each line annotated by itself, and the language detected."""
    for line in lines:
        document = annotate(read_text(line.text), lexicon=lexicon)
        if [block.text for block in document.blocks] == [line.text]:
            yield line, document.blocks[0], document.metadata.language


def _in_texts(
    folder: Path, lines: Iterable[LabelledLine], lexicon: Lexicon
) -> Iterator[tuple[LabelledLine, Block, str]]:
    """The lines annotated as parts of a text, where that makes other words of them."""
    labelled = {(line.source, line.number): line for line in lines}
    for source in TEXTS:
        texts = (folder / f"{source}.txt").read_text(encoding="utf-8").split("\n")
        for first in range(0, len(texts), SURVEYED):
            blocks = [Block(text.strip()) for text in texts[first : first + SURVEYED]]
            document = annotate(Document(Metadata(), tuple(blocks)), lexicon=lexicon)
            for number, block in enumerate(document.blocks, first + 1):
                if line := labelled.get((source, number)):
                    yield line, block, document.metadata.language


def questions(certainty: Certainty, block: Block, language: str) -> Iterator[Question]:
    """What is asked of an annotated block."""
    shadow = simplify(block.text, language)
    if len(shadow) == len(block.text) and not block.corrections:
        yield from certainty.questions([*block.token_spans()], block.text, shadow)


def is_right(question: Question, block: Block, line: LabelledLine) -> bool:
    """Whether the name is one, with its words, or the words are words."""
    start, end = question.start, question.end
    if question.kind == "name":
        ends = accumulate((len(token.text) for token in question.rival), initial=question.first)
        spans = [
            (a, a + len(t.text)) for a, t in zip(ends, question.rival, strict=False) if t.proper
        ]
        if not any(token.proper for a, b, token in block.token_spans() if start <= a < end):
            # What may be a name is right as it is where there is none.
            return not any(n.start < b and a < n.end for n in line.names for a, b in spans)
        # In the labels the kind of a place is a name of its own beside it (台北, 市), or is not.
        named = {at for name in line.names for at in range(name.start, name.end)}
        return named.issuperset(range(start, end)) and {start, end} <= {0, *line.ends}
    right = {at for at in line.ends if start < at <= end}
    own = {b for _, b, _ in block.token_spans() if start < b <= end}
    rival = set(accumulate((len(token.text) for token in question.rival), initial=question.first))
    # Words that are cut further than in the labels are cut otherwise, not wrongly.
    return right <= own and (right == own or right != rival - {start})


class Step(NamedTuple):
    """A row of the table."""

    margin: int
    right: float
    """The weight of the answers that are right."""
    of: float

    @property
    def share(self) -> float:
        """Of those asked; never wholly sure, the less so the fewer there are."""
        return (self.right + 0.5) / (self.of + 1)


def steps(found: Iterable[Answer]) -> list[Step]:
    """Shares that never fall as the margin grows, by pooling the steps where they would."""
    pooled: list[Step] = []
    inside: dict[int, list[Answer]] = defaultdict(list)
    for answer in found:
        inside[max(m for m in MARGINS if m <= answer.question.margin or m == MARGINS[0])].append(
            answer
        )
    for margin in sorted(inside):
        right = sum(a.weight for a in inside[margin] if a.right)
        pooled.append(Step(margin, right, sum(a.weight for a in inside[margin])))
        while len(pooled) > 1 and pooled[-2].share >= pooled[-1].share:
            last = pooled.pop()
            first = pooled.pop()
            pooled.append(Step(first.margin, first.right + last.right, first.of + last.of))
    return pooled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="the folder with natural/")
    given = parser.parse_args()
    by_evidence: dict[str, list[Answer]] = defaultdict(list)
    for answer in weighed(held_out(given.data / "natural")):
        by_evidence[answer.question.evidence].append(answer)
    rows = [
        f"{evidence}\t{step.margin}\t{step.share:.3f}\t{step.of:.0f}\n"
        for evidence in sorted(by_evidence)
        for step in steps(by_evidence[evidence])
    ]
    TABLE.write_text(HEAD + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
