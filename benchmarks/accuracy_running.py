"""Words, readings and names of running text: `python benchmarks/accuracy_running.py DATA`.

DATA is the folder with `natural/`; what is right stands in `training/labels/`. A third of the
labelled lines is kept: it trains nothing, and is what this measures (`--trained` measures the
others). For each source: wrong readings in a thousand characters; sentences with every reading
right; names that are none, in a thousand sentences; names missed or cut wrongly; words that lie
across a boundary; words cut apart; readings in a thousand said to be unsure, and how many of the
wrong ones were: by what stands beside the reading alone, then by all that `reader doubts` asks:
also whether other words are there, with other readings.
`--errors FILE` writes each error with its sentence.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from reader.annotation import annotate
from reader.annotation.certainty import Certainty
from reader.annotation.readings import shared_resolver
from reader.lexicon import Lexicon
from reader.lexicon.lexicon import data_files
from reader.lexicon.packages import read_list
from reader.model import Document, Token
from reader.scripts import simplify
from reader.sources.registry import read_text
from training.running_text import LabelledLine, read_labelled

SURE = 0.95
NEUTRAL = frozenset(read_list(data_files()["neutral"]))
"""So are the last ones of these: the labels have what the program had."""
DOTS = frozenset("·•‧・-")
VARIES = frozenset("里裡面边邊上下来來去出进進回起开開个個儿兒")
"""After a noun or a verb these are read with a full or a neutral tone, as people like."""


class Counts(Counter[str]):
    """What was counted over some lines."""

    def row(self, name: str) -> str:
        per_thousand = 1000 / max(1, self["characters"])
        per_line = 1000 / max(1, self["lines"])
        return (
            f"{name:14} {self['characters']:7} {self['wrong'] * per_thousand:6.2f}"
            f" {100 * (1 - self['bad lines'] / max(1, self['lines'])):6.1f}"
            f" {self['false names'] * per_line:6.1f}"
            f" {100 * self['missed'] / max(1, self['names']):5.1f} of {self['names']:<5}"
            f" {self['across']:5} {self['apart']:5} {self['unsure'] * per_thousand:6.1f}"
            f" {100 * self['wrong unsure'] / max(1, self['wrong']):5.0f}"
            f" {self['doubted'] * per_thousand:7.1f}"
            f" {100 * self['wrong doubted'] / max(1, self['wrong']):5.0f}"
        )


HEAD = (
    f"{'source':14} {'chars':>7} {'wrong':>6} {'right':>6} {'false':>6} {'missed %':>14}"
    f" {'cuts':>5} {'apart':>5} {'unsure':>6} {'told':>5} {'doubted':>7} {'told':>5}"
)


def measure(line: LabelledLine) -> tuple[Counts, list[str]]:
    """What is counted in a line, and its errors in words."""
    document = annotate(read_text(line.text))
    tokens = [t for block in document.blocks for t in block.tokens]
    found = Counts(lines=1)
    errors: list[str] = []
    if "".join(token.text for token in tokens) != line.text:
        return found, ["its text was not kept"]
    ends = set(line.ends)
    asked = _read_otherwise(document)
    proper: list[tuple[int, int]] = []
    at = 0
    for token in tokens:
        end = at + len(token.text)
        _count_readings(line, token, at, asked, found, errors)
        if any(at < e < end for e in ends) and token.reading is not None:
            found["across"] += 1
            errors.append(f"cut {token.text}")
        if token.proper:
            proper.append((at, end))
        at = end
    found["apart"] = _cut_apart(line, tokens)
    _count_names(line, proper, found, errors)
    found["bad lines"] = int(found["wrong"] > 0)
    return found, errors


def _read_otherwise(document: Document) -> set[int]:
    """The places that other words would read otherwise whose cut or name is said to be unsure."""
    lexicon = Lexicon.default()
    certainty = Certainty(lexicon, shared_resolver(lexicon))
    (block,) = document.blocks
    tokens = [*block.token_spans()]
    now = _syllables(0, [token for _, _, token in tokens])
    places = set[int]()
    for question in certainty.questions(tokens, block.text, simplify(block.text), below=SURE):
        other = _syllables(question.first, question.rival)
        places |= {at for at, syllable in other.items() if now.get(at, syllable) != syllable}
    return places


def _syllables(at: int, tokens: Iterable[Token]) -> dict[int, str]:
    """The syllable at each place, from `at` on."""
    found: dict[int, str] = {}
    for token in tokens:
        if token.reading is not None:
            found |= dict(enumerate(token.reading.syllables, at))
        at += len(token.text)
    return found


def _count_readings(
    line: LabelledLine,
    token: Token,
    at: int,
    asked: Collection[int],
    found: Counts,
    errors: list[str],
) -> None:
    if token.reading is None:
        return
    sure = token.reading.probability >= SURE
    for offset, syllable in enumerate(token.reading.syllables):
        right = line.syllables[at + offset]
        if not right:
            continue
        found["characters"] += 1
        found["unsure"] += not sure
        found["doubted"] += not sure or at + offset in asked
        if syllable != right and not may_vary(token, offset, syllable, right):
            found["wrong"] += 1
            found["wrong unsure"] += not sure
            found["wrong doubted"] += not sure or at + offset in asked
            errors.append(f"read {token.text[offset]} in {token.text} {syllable}, not {right}")


def _cut_apart(line: LabelledLine, tokens: list[Token]) -> int:
    """How many of the line's words were cut in two or more."""
    ends = set(accumulate(len(token.text) for token in tokens))
    starts = (0, *line.ends)
    words = zip(starts, line.ends, strict=False)
    return sum(any(at in ends for at in range(start + 1, end)) for start, end in words)


def may_vary(token: Token, offset: int, one: str, other: str) -> bool:
    """Whether two syllables are the full and the neutral tone of a character that has either."""
    if one[:-1] != other[:-1] or "5" not in (one[-1], other[-1]):
        return False
    last = offset == len(token.text) - 1
    return token.text[offset] in VARIES or (last and token.simplified in NEUTRAL)


def _count_names(
    line: LabelledLine, proper: list[tuple[int, int]], found: Counts, errors: list[str]
) -> None:
    for start, end in proper:
        if not any(name.start < end and name.end > start for name in line.names):
            found["false names"] += 1
            errors.append(f"false name {line.text[start:end]}")
    edges = {edge for span in proper for edge in span}
    for name in line.names:
        found["names"] += 1
        covered = sum(min(end, name.end) - max(start, name.start) for start, end in proper
                      if start < name.end and end > name.start)  # fmt: skip
        # The dots of a foreign name are punctuation between its words.
        size = sum(c not in DOTS for c in line.text[name.start : name.end])
        if covered < size or not {name.start, name.end} <= edges:
            found["missed"] += 1
            errors.append(f"missed name {line.text[name.start : name.end]} ({name.kind})")


class Peer(NamedTuple):
    """What another system makes of the lines."""

    wrong: int
    right_lines: int
    characters: int
    lines: int


def measure_peer(
    system: Callable[[list[str]], list[list[str]]], lines: Sequence[LabelledLine]
) -> Peer:
    """Another system's readings, a syllable for each character of each line. 一 and 不 are left
    out, which others write as they sound; a line whose length it does not keep is wrong in all."""
    wrong = right = characters = 0
    for line, row in zip(lines, system([line.text for line in lines]), strict=True):
        pairs = [
            (line.text[at], syllable, row[at] if len(row) == len(line.text) else "")
            for at, syllable in enumerate(line.syllables)
            if syllable and line.text[at] not in "一不"
        ]
        missed = sum(
            not (spoken == syllable or (c in VARIES and spoken[:-1] == syllable[:-1]))
            for c, syllable, spoken in pairs
        )
        wrong, right, characters = wrong + missed, right + (not missed), characters + len(pairs)
    return Peer(wrong, right, characters, len(lines))


def kept_lines(folder: Path) -> list[LabelledLine]:
    """The lines that only measure."""
    return [line for line in read_labelled(folder) if line.kept]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--trained", action="store_true", help="the lines that train, instead")
    parser.add_argument("--errors", type=Path, help="write every error to this file")
    given = parser.parse_args()
    by_source: dict[str, Counts] = defaultdict(Counts)
    written: list[str] = []
    for line in read_labelled(given.data / "natural"):
        if line.kept is not given.trained:
            found, errors = measure(line)
            by_source[line.source].update(found)
            written += [f"{line.source}:{line.number}\t{e}\t{line.text}" for e in errors]
    print(HEAD)
    whole = Counts()
    for source, found in by_source.items():
        print(found.row(source))
        whole.update(found)
    print(whole.row("all"))
    if given.errors:
        given.errors.write_text("".join(f"{row}\n" for row in written), encoding="utf-8")


if __name__ == "__main__":
    main()
