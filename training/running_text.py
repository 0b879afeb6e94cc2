"""Running text with its readings, words and names, labelled by reading it.

The sentences stand in `DATA/natural/NAME.txt`, which is not part of this project; what is right of
them stands in `training/labels/NAME.tsv`, a row for each line that was read whole: its number, the
start of the SHA-256 of the line, a syllable for each character, the lengths of its words, its
names. A third of the lines, by that hash, is kept to measure and never trains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

from reader.scripts import simplify
from training.data import MARK, Example

LABELS = Path(__file__).parent / "labels"
KEPT = 3
"""One line in so many is kept."""
DIGITS = 12
"""How much of a line's hash stands in the labels."""
UNREAD = "-"
OLD_NOVELS = "old-novels"
"""The labels of lines of `texts/novel.txt` beside DATA, but for its first book, which is in
`DATA/natural`: 兒女英雄傳, 紅樓夢 and 九尾龜, in the public domain."""
FAMILIAR = re.compile("汤姆|玛丽|湯姆|瑪麗")
"""The people of Tatoeba's sentences."""


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name, `text[start:end]`."""

    start: int
    end: int
    kind: str
    """`person`, `place`, `org`, `other`, or `name` where the kind was not written down."""
    surname: int = 0
    """Of a person: how many of its characters are the surname."""


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A line of running text, and what is right of it."""

    source: str
    number: int
    text: str
    syllables: tuple[str, ...]
    """One for each character: numbered pinyin, or "" where nothing is read."""
    ends: tuple[int, ...]
    """Where its words end."""
    names: tuple[Name, ...]
    kept: bool
    """Whether it only measures."""


def read_labelled(folder: Path) -> Iterator[LabelledLine]:
    """The labelled lines of the texts in `folder` (`DATA/natural`).

    Raises `ValueError` where a line is not the one that was read.
    """
    for source, number, text, kept, cells in _labels(LABELS, folder):
        yield _whole(source, number, text, cells, kept=kept)


def _whole(
    source: str, number: int, text: str, cells: Sequence[str], *, kept: bool
) -> LabelledLine:
    syllables, lengths, names = cells
    return LabelledLine(
        source,
        number,
        text,
        tuple("" if syllable == UNREAD else syllable for syllable in syllables.split(" ")),
        tuple(accumulate(map(int, lengths.split(" ")))),
        tuple(map(_name, names.split())),
        kept,
    )


def read_sentences(data: Path) -> Iterator[LabelledLine]:
    """The lines and sentences that were read later, none of which is kept.

    Their readings train nothing: with them more were wrong. Raises as `read_labelled` does.
    """
    for source, number, text, cells in _set_labels("sentences", data):
        yield _whole(source, number, text, cells, kept=False)


def read_names(data: Path) -> Iterator[LabelledLine]:
    """Those of which all names are labelled, and nothing else; they have no `ends`.

    Raises as `read_labelled`.
    """
    for source, number, text, (names,) in _set_labels("names", data):
        read = tuple(map(_name, names.split()))
        yield LabelledLine(source, number, text, ("",) * len(text), (), read, kept=False)


def reading_examples(data: Path, weight: float) -> Iterator[Example]:
    """Each character of the labelled lines that train, with its reading."""
    natural = data / "natural"
    for line in (*read_labelled(natural), *read_partly(natural)):
        if not line.kept:
            text = simplify(line.text)
            for index, syllable in enumerate(line.syllables):
                if syllable:
                    yield Example(text, index, syllable, weight)


def read_partly(folder: Path) -> Iterator[LabelledLine]:
    """The lines of which only the names, and the readings of some characters, are labelled.

    They have no `ends`, and "" for each character whose reading was not asked.
    """
    for source, number, text, kept, cells in _labels(LABELS / "partly", folder):
        readings, names = cells
        syllables = [""] * len(text)
        for reading in readings.split():
            offset, _, syllable = reading.partition(":")
            syllables[int(offset)] = syllable
        read = tuple(map(_name, names.split()))
        yield LabelledLine(source, number, text, tuple(syllables), (), read, kept)


def read_quiet(folder: Path) -> Iterator[LabelledLine]:
    """The lines in which nobody looked for names but two programs, and these found none but
    `FAMILIAR` ones."""
    for source, digest, numbers in _rows(LABELS / "quiet" / "lines.tsv"):
        data = (folder / f"{source}.txt").read_bytes()
        if sha256(data).hexdigest() != digest:
            raise ValueError(f"{source}.txt is not the file whose lines are listed")
        lines = data.decode().split("\n")
        for span in numbers.split():
            first, _, last = span.partition("-")
            for number in range(int(first), int(last or first) + 1):
                line = lines[number - 1]
                kept = _is_kept(sha256(line.encode()).hexdigest()[:DIGITS])
                text = line.strip()
                names = tuple(Name(*m.span(), "person") for m in FAMILIAR.finditer(text))
                yield LabelledLine(source, number, text, ("",) * len(text), (), names, kept)


def _labels(labels: Path, folder: Path) -> Iterator[tuple[str, int, str, bool, list[str]]]:
    """Of each row of the files in `labels`: the text and the line it is about, that line, whether
    it is kept, and the cells that say what is right of it."""
    for path in sorted(labels.glob("*.tsv")):
        lines = (folder / f"{path.stem}.txt").read_text(encoding="utf-8").split("\n")
        for number, line, digest, cells in checked_rows(path, lines):
            yield path.stem, number, line.strip(), _is_kept(digest), cells


def _set_labels(folder: str, data: Path) -> Iterator[tuple[str, int, str, list[str]]]:
    """As `_labels`, of `labels/FOLDER`, whose files are about sets of sentences."""
    for path in sorted((LABELS / folder).glob("*.tsv")):
        for number, line, _, cells in checked_rows(path, set_lines(data, path.stem)):
            yield path.stem, number, sentence_of(line), cells


def set_lines(data: Path, name: str) -> list[str]:
    """The lines of a text in `DATA/natural`, of a set of sentences in `DATA/polyphones`, or of
    `OLD_NOVELS`."""
    files = [
        data / "natural" / f"{name}.txt",
        data / "polyphones" / f"{name}.sent",
        data / "polyphones" / f"{name}.tsv",
    ]
    if name == OLD_NOVELS:
        files = [data.parent / "texts" / "novel.txt"]
    path = next(file for file in files if file.exists())
    return path.read_text(encoding="utf-8").split("\n")


def sentence_of(line: str) -> str:
    r"""The sentence of a line of such a file: marks and what stands behind a tab are no part of it.

    >>> sentence_of("他▁得▁走了"), sentence_of("他得走了\tta1 dei3 zou3 le5")
    ('他得走了', '他得走了')
    """
    return line.partition("\t")[0].strip().replace(MARK, "")


def checked_rows(path: Path, lines: Sequence[str]) -> Iterator[tuple[int, str, str, list[str]]]:
    """Of each row of a file of labels: its line's number, that line, the hash and the other cells.

    `lines` are those of the text. Raises `ValueError` where a line is not the one that was
    labelled.
    """
    for number, digest, *cells in _rows(path):
        line = lines[int(number) - 1]
        if not sha256(line.encode()).hexdigest().startswith(digest):
            raise ValueError(f"{path.stem}:{number} is not the line that was labelled")
        yield int(number), line, digest, cells


def _rows(path: Path) -> Iterator[list[str]]:
    for row in path.read_text(encoding="utf-8").splitlines():
        if not row.startswith("#"):
            yield row.split("\t")


def _is_kept(digest: str) -> bool:
    """Whether a line only measures, by the start of its hash."""
    return int(digest, 16) % KEPT == 0


def _name(written: str) -> Name:
    """A name as it is written in the labels.

    >>> _name("0-3:person/1")
    Name(start=0, end=3, kind='person', surname=1)
    """
    span, _, kind = written.partition(":")
    kind, _, surname = kind.partition("/")
    start, _, end = span.partition("-")
    return Name(int(start), int(end), kind, int(surname or 0))
