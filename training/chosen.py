"""Hard places, in which a person chose: how a stretch is cut, or how a character is read.

What was chosen stands in `training/labels/cuts/NAME.tsv` and `readings/NAME.tsv`, a row for each
line: its number, the start of its SHA-256, and stretches (`start:lengths of words`, `*` behind the
length of a name) or readings (`offset:syllable`). NAME is a text in `DATA/natural` or a set of
sentences in `DATA/polyphones`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reader.scripts import simplify
from training.data import Example
from training.running_text import LABELS, checked_rows, sentence_of, set_lines

CUTS = LABELS / "cuts"
READINGS = LABELS / "readings"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a stretch."""

    start: int
    end: int
    named: bool
    """Whether it is a proper name, or a part of one."""


@dataclass(frozen=True, slots=True)
class ChosenLine:
    """A sentence, and how stretches of it are cut."""

    text: str
    """Simplified."""
    stretches: tuple[tuple[Word, ...], ...]

    def says_of(self, start: int, end: int) -> bool:
        """Whether a stretch lies in `text[start:end]`, at least in part."""
        return any(words[0].start < end and words[-1].end > start for words in self.stretches)


def read_chosen(data: Path) -> Iterator[ChosenLine]:
    """The sentences of which stretches are labelled. Raises as `_labelled` does."""
    for text, written in _labelled(CUTS, data):
        yield ChosenLine(text, tuple(map(_stretch, written.split())))


def own_cuts(path: Path) -> Iterator[ChosenLine]:
    """Our own sentences (`cuts.tsv`), cut whole: words with `|` between, `*` behind a name."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sizes = [(len(word.rstrip("*")), word.endswith("*")) for word in line.split("|")]
            yield ChosenLine(line.replace("|", "").replace("*", ""), (_in_a_row(0, sizes),))


def chosen_readings(data: Path, weight: float) -> Iterator[Example]:
    """The characters whose reading was chosen. Raises as `_labelled` does."""
    for text, written in _labelled(READINGS, data):
        for reading in written.split():
            offset, _, syllable = reading.partition(":")
            yield Example(text, int(offset), syllable, weight, drawn="c")


def _labelled(labels: Path, data: Path) -> Iterator[tuple[str, str]]:
    """The sentences of a folder of labels, Simplified, with what was chosen.

    Raises `ValueError` where a line is not the one that was labelled.
    """
    for path in sorted(labels.glob("*.tsv")):
        for _, line, _, (written,) in checked_rows(path, set_lines(data, path.stem)):
            yield simplify(sentence_of(line)), written


def _stretch(written: str) -> tuple[Word, ...]:
    """A stretch as it is written in the labels.

    >>> [(word.start, word.end, word.named) for word in _stretch("4:1,2*")]
    [(4, 5, False), (5, 7, True)]
    """
    first, _, sizes_written = written.partition(":")
    sizes = [(int(size), bool(star)) for size, star in re.findall(r"(\d+)(\*?)", sizes_written)]
    return _in_a_row(int(first), sizes)


def _in_a_row(at: int, sizes: Iterable[tuple[int, bool]]) -> tuple[Word, ...]:
    """Words one behind the other from `at`: the length of each, and whether it is a name."""
    words = []
    for size, named in sizes:
        words.append(Word(at, at + size, named))
        at += size
    return tuple(words)
