"""Weights for the kinds of lines of plain text: `reader/data/line_kinds.bin`.

    python training/line_kinds.py                  learn from the rows that are kept
    python training/line_kinds.py --folds 10       say how many lines of texts left out are right
    python training/line_kinds.py --rows FOLDER... [--first ANSWERS.json] [--prose FILE]

The last makes the rows anew, `labels/lines/rows.tsv.xz`, of texts that are marked as those of
`tests/data/structure/pasted`. The rules were mended with some of them in view, and what they say of
these now is no measure of how far they may be trusted: `--first` names files of what they said at
first, by the path of a text a list of [text of a block, kind, level, name of the rule]. `--prose`
are long texts without marks.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
sys.path.insert(0, str(Path(__file__).parent.parent))

from structure import golden

from reader.model import Block, BlockKind
from reader.sources.line_decision import DATA, MAGIC, Answer, features_by_line
from reader.sources.line_patterns import verse_shape
from reader.sources.line_structure import rule_answers
from reader.sources.text import lines_and_facts
from training.chain import Chain, Learnt, learn
from training.trees import Forest, grow, parts_of

ROWS = Path(__file__).parent / "labels" / "lines" / "rows.tsv.xz"
KINDS = (
    "paragraph",
    "heading1",
    "heading2",
    "title",
    "byline",
    "verse",
    "list-item",
    "row",
    "caption",
)
"""Kinds that are weighed; others are only told by rules. The first stands for them."""
OWN = 1.5
"""What a text counts that we wrote ourselves, and by which the rules were made: with less, what
the tests ask for does not survive new texts."""


PART, PROSE = 24, 5
"""Lines of a part of long prose, and of how many such parts one trains."""
MARGIN = 0.3
"""What the rules' answer is worth beside."""
SHARES = 0.5, 0.6
"""What the chain and the trees count."""


UNSEEN = ("own", "pasted", "structure", "samples", "prose")
"""Sources whose texts say nothing of how often the rules are right."""


class Row(NamedTuple):
    """A line that trains."""

    digest: str
    kind: str
    """As it was marked; empty where the line was cut otherwise."""
    said: str
    """By the rules."""
    asked: bool
    features: tuple[str, ...]


class Text(NamedTuple):
    name: str
    source: str
    rows: tuple[Row, ...]


# The rows.


def rows_of(path: Path, first: dict[str, list[tuple[str, str, int, str]]]) -> Text:
    """The rows of a marked text."""
    marked, gold = golden(path)
    lines, facts = lines_and_facts(marked)
    answers = list(rule_answers(lines, facts))
    if str(path) in first:
        answers = list(_as_first(answers, first[str(path)]))
    kinds = _aligned([_bare(answer.line.text) for answer in answers], gold)
    found = []
    for answer, kind, (asked, groups) in zip(
        answers, kinds, features_by_line(answers, facts), strict=True
    ):
        digest = sha256(answer.line.text.strip().encode()).hexdigest()[:12]
        features = tuple(feature for group in groups for feature in group)
        found.append(Row(digest, kind, answer.kind, asked, features))
    return Text(path.stem, path.parent.name, tuple(found))


def prose_of(path: Path) -> Iterator[Text]:
    """Parts of a long text without marks: what the rules call a paragraph there is one."""
    lines, facts = lines_and_facts(path.read_text(encoding="utf-8"))
    answers = list(rule_answers(lines, facts))
    found: list[Row] = []
    for answer, (asked, groups) in zip(answers, features_by_line(answers, facts), strict=True):
        kind = answer.kind if _is_certain(answer) else ""
        features = tuple(feature for group in groups for feature in group)
        digest = sha256(answer.line.text.strip().encode()).hexdigest()[:12]
        found.append(Row(digest, kind, answer.kind, asked, features))
    for number, begin in enumerate(range(0, len(found), PROSE * PART)):
        yield Text(f"{path.stem}-{number}", "prose", tuple(found[begin : begin + PART]))


def _is_certain(answer: Answer) -> bool:
    """Whether the rules are right about a line of long prose."""
    verse = answer.kind == "verse" and verse_shape(answer.line.text.strip()) is not None
    return answer.kind == KINDS[0] or verse


def _bare(text: str) -> str:
    return "".join(text.split())


def _aligned(texts: Sequence[str], gold: Sequence[tuple[str, str]]) -> list[str]:
    """The kind of each line, or nothing for one that is not there."""
    kinds = [""] * len(texts)
    matcher = SequenceMatcher(None, texts, [_bare(text) for _, text in gold], autojunk=False)
    for one, other, size in matcher.get_matching_blocks():
        kinds[one : one + size] = [kind for kind, _ in gold[other : other + size]]
    return kinds


def _as_first(
    answers: Sequence[Answer], said: Sequence[tuple[str, str, int, str]]
) -> Iterator[Answer]:
    """The answers that the rules had at first, where they saw the same lines."""
    places = _aligned(
        [_bare(answer.line.text) for answer in answers],
        [(str(place), text) for place, (text, _, _, _) in enumerate(said)],
    )
    for answer, place in zip(answers, places, strict=True):
        if not place:
            yield answer
            continue
        _, kind, level, rule = said[int(place)]
        block = Block(answer.block.text, BlockKind(kind), level=level)
        yield Answer.of(answer.line, block, rule, sure=answer.sure, ends=answer.ends)


def write_rows(texts: Iterable[Text]) -> None:
    with lzma.open(ROWS, "wt", encoding="utf-8", preset=9) as file:
        for text in texts:
            file.write(f"{text.source}/{text.name}\n")
            for row in text.rows:
                file.write(
                    "\t".join((row.digest, row.kind, row.said, "?"[: row.asked], *row.features))
                    + "\n"
                )
            file.write("\n")


def read_rows() -> Iterator[Text]:
    with lzma.open(ROWS, "rt", encoding="utf-8") as file:
        for part in file.read().strip("\n").split("\n\n"):
            head, *lines = part.split("\n")
            source, _, name = head.partition("/")
            rows = (line.split("\t") for line in lines)
            yield Text(
                name,
                source,
                tuple(Row(d, k, s, bool(a), tuple(features)) for d, k, s, a, *features in rows),
            )


# Learning.


def chain_of(text: Text) -> Chain:
    """The text as it is learnt from: each feature by itself, and for a line the rules call so."""
    lines = tuple(
        ("|" + row.said, *row.features, *(f"{name}|{row.said}" for name in row.features))
        for row in text.rows
    )
    fixed = tuple(None if row.asked else _place(row.said) or 0 for row in text.rows)
    kinds = tuple(_place(row.kind) if row.asked else None for row in text.rows)
    return Chain(lines, kinds, fixed, OWN if text.source in UNSEEN[1:] else 1.0)


def _place(kind: str) -> int | None:
    return KINDS.index(kind) if kind in KINDS else None


def data_of(learnt: Learnt, forest: Forest) -> bytes:
    """The file of the weights; what leaves say is written in parts of `finer` of a whole."""
    scale = 127 / np.abs(learnt.weights).max()
    rows = np.rint(learnt.weights * scale).astype(np.int8)
    kept = np.flatnonzero(np.abs(rows).max(1) > 1)
    names = list(learnt.features)
    steps = np.rint(learnt.steps.T * scale).astype(int).tolist()
    parts, leaves = parts_of(forest)
    share = SHARES[1] / SHARES[0] * scale
    finer = int(127 / (np.abs(leaves).max() * share))
    begin = np.rint(forest.begin * share * finer).astype(int).tolist()
    head = {"kinds": KINDS, "steps": steps, "names": len(kept), "finer": finer, "begin": begin}
    body = "\n".join([json.dumps(head), json.dumps(parts), *(names[place] for place in kept)])
    numbers = rows[kept].tobytes() + np.rint(leaves * share * finer).astype(np.int8).tobytes()
    return MAGIC + zlib.compress(f"{body}\n\n".encode() + numbers, 9)


# How good it is.


def fold_of(text: Text, folds: int) -> int:
    return int(sha256(text.name.encode()).hexdigest(), 16) % folds


def with_margin(learnt: Learnt, margin: float) -> Learnt:
    """The same, but that the rules' answer has some more weight."""
    weights = learnt.weights.copy()
    for place, kind in enumerate(KINDS):
        if f"|{kind}" in learnt.features:
            weights[learnt.features[f"|{kind}"], place] += margin
    return replace(learnt, weights=weights)


def forest_of(texts: Sequence[Text]) -> Forest:
    rows = [
        (row, OWN if text.source in UNSEEN[1:] else 1.0, number)
        for number, text in enumerate(texts)
        for row in text.rows
        if row.asked and row.kind in KINDS
    ]
    return grow(
        [_with_said(row) for row, _, _ in rows],
        [KINDS.index(row.kind) for row, _, _ in rows],
        [weight for _, weight, _ in rows],
        [number for _, _, number in rows],
        len(KINDS),
    )


def _with_said(row: Row) -> tuple[str, ...]:
    return (f"said={row.said}", *row.features)


def decided(learnt: Learnt, forest: Forest, text: Text) -> list[str]:
    mixed = replace(learnt, steps=SHARES[0] * learnt.steps)
    chain = chain_of(text)
    scores = SHARES[0] * learnt.scores(chain.lines)
    scores += SHARES[1] * forest.scores(list(map(_with_said, text.rows)))
    found = mixed.likeliest(scores, chain.fixed)
    return [
        KINDS[kind] if row.asked else row.said for kind, row in zip(found, text.rows, strict=True)
    ]


def cross_validate(texts: Sequence[Text], folds: int, margin: float) -> None:
    counts: dict[str, list[int]] = {}
    faults: Counter[tuple[str, str]] = Counter()
    for fold in range(folds):
        learning = [text for text in texts if fold_of(text, folds) != fold]
        learnt = with_margin(learn(list(map(chain_of, learning)), len(KINDS)), margin)
        forest = forest_of(learning)
        for text in texts:
            if fold_of(text, folds) != fold:
                continue
            count = counts.setdefault(text.source, [0, 0, 0])
            for kind, row in zip(decided(learnt, forest, text), text.rows, strict=True):
                if row.kind:
                    count[0] += 1
                    count[1] += row.said == row.kind
                    count[2] += kind == row.kind
                    if kind != row.kind and text.source not in UNSEEN:
                        faults[row.kind, kind] += 1
    for source, (many, rules, right) in sorted(counts.items()):
        print(f"{source}: {many} lines, rules {rules / many:.1%}, learnt {right / many:.1%}")
    web = np.array([count for source, count in counts.items() if source not in UNSEEN]).sum(0)
    print(f"the web: {web[0]} lines, rules {web[1] / web[0]:.2%}, learnt {web[2] / web[0]:.2%}")
    for (kind, found), many in faults.most_common(20):
        print(f"{many:5} {kind} is {found}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--first", type=Path, action="append", default=[])
    parser.add_argument("--prose", type=Path, action="append", default=[])
    parser.add_argument("--folds", type=int)
    parser.add_argument("--margin", type=float, default=MARGIN)
    options = parser.parse_args()
    if options.rows:
        first = {
            key: rows
            for path in options.first
            for key, rows in json.loads(path.read_text()).items()
        }
        paths = [path for folder in options.rows for path in sorted(folder.glob("*.txt"))]
        marked = (rows_of(path, first) for path in paths)
        prose = (text for path in options.prose for text in prose_of(path))
        write_rows(chain(marked, prose))
        return
    texts = list(read_rows())
    if options.folds:
        cross_validate(texts, options.folds, options.margin)
        return
    learnt = learn([chain_of(text) for text in texts], len(KINDS))
    DATA.write_bytes(data_of(with_margin(learnt, options.margin), forest_of(texts)))


if __name__ == "__main__":
    main()
