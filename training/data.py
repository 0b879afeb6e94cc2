"""The examples that readings are learnt from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from reader.lexicon.lexicon import data_files
from reader.lexicon.packages import numbered, read_cedict, read_phrases

MARK = "▁"
LISTS = ("large_pinyin", "zdic_cibs", "pinyin")
"""The lists of words in the package `pypinyin-dict` that are read."""


EVEN = 0.2
"""How far pieces of a rare reading weigh less: 1 makes all pieces of a reading together weigh what
running text has of it, 0 each the same."""
LEAST = 0.02
"""What one counts at least, of what a piece of the commonest reading does."""


Readings: TypeAlias = dict[str, set[tuple[str, ...]]]
"""Words with their readings."""


@dataclass(frozen=True, slots=True)
class Example:
    """A character in its sentence, with its right reading."""

    text: str
    """Simplified."""
    index: int
    syllable: str
    """Numbered pinyin."""
    weight: float = 1.0
    whole: bool = True
    """A sentence; False for a word of a list, whose neighbours are not known."""
    drawn: str = ""
    """How the set was drawn that it is of, a letter, where not as texts come: `b` so that rare
    readings are as frequent as common ones, `c` by what a program was not sure of, `p` written for
    each reading. Each has a bias of its own (`model.BIAS`)."""
    piece: bool = False
    """Cut out of a sentence: what stands beyond its ends is not known."""


def read_sentences(folder: Path, name: str, *, drawn: str = "") -> list[Example]:
    """The sentences of `NAME.sent`, where marks stand around one character, and `NAME.lb`.

    Raises `ValueError` where the two files do not fit.
    """
    sentences = (folder / f"{name}.sent").read_text(encoding="utf-8").splitlines()
    labels = (folder / f"{name}.lb").read_text(encoding="utf-8").splitlines()
    examples = []
    for sentence, label in zip(sentences, labels, strict=True):
        index = sentence.index(MARK)
        syllable = label.strip().replace("u:", "ü")
        text = sentence.replace(MARK, "")
        examples.append(Example(text, index, syllable, drawn=drawn))
    return examples


def read_examples(path: Path) -> Iterator[Example]:
    """Our own sentences: tab-separated `sentence` and `syllable`, marks around the character."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sentence, syllable = line.split("\t")
            text = sentence.replace(MARK, "")
            yield Example(text, sentence.index(MARK), syllable, drawn="b")


def read_pieces(path: Path, weight: float) -> Iterator[Example]:
    """Pieces of sentences of our own, each for one reading of one character.

    Tab-separated: the character, its syllable, how often running text has that reading (once in
    a thousand at least), and the pieces, spaces between. There are as many pieces for rare readings
    as for common ones, so those of rare readings weigh less: `EVEN` says how far.
    """
    rows: dict[str, list[tuple[str, float, list[str]]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            character, syllable, often, written = line.split("\t")
            rows[character].append((syllable, float(often), written.split(" ")))
    for character, readings in rows.items():
        most = max(share / len(pieces) for _, share, pieces in readings)
        for syllable, share, pieces in readings:
            counts = weight * max(LEAST, (share / len(pieces) / most) ** EVEN)
            for piece in pieces:
                for index, each in enumerate(piece):
                    if each == character:
                        yield Example(piece, index, syllable, counts, drawn="p", piece=True)


def read_words(ambiguous: Iterable[str], weight: float) -> Iterator[Example]:
    """Every ambiguous character of every dictionary word or phrase that has one reading."""
    yield from _characters(_dictionary(), frozenset(ambiguous), weight)


def read_more_words(ambiguous: Iterable[str], weight: float) -> Iterator[Example]:
    """The same of the words that only the larger lists of `pypinyin-dict` have, which agree.

    一 and 不 are left out: there the lists have their tones in context.
    """
    known = _dictionary()
    readings: Readings = defaultdict(set)
    for name in LISTS:
        listed = import_module(f"pypinyin_dict.phrase_pinyin_data.{name}").phrases_dict
        for word, options in listed.items():
            if word not in known and len(word) == len(options):
                readings[word].add(tuple(numbered(each[0]) for each in options))
    yield from _characters(readings, frozenset(ambiguous) - {"一", "不"}, weight)


def _dictionary() -> Readings:
    """The words of CC-CEDICT, and the phrases that it lacks."""
    files = data_files()
    readings: Readings = {}
    for listed in read_cedict(files["cedict"]):
        readings.setdefault(listed.simplified, set()).add(listed.whole().syllables)
    for phrase, syllables in read_phrases(files["phrases"]):
        readings.setdefault(phrase, {syllables})
    return readings


def _characters(readings: Readings, wanted: frozenset[str], weight: float) -> Iterator[Example]:
    for word in sorted(readings):
        if 2 <= len(word) <= 4 and len(readings[word]) == 1 and wanted.intersection(word):
            (syllables,) = readings[word]
            for index, (character, syllable) in enumerate(zip(word, syllables, strict=True)):
                if character in wanted and syllable:
                    yield Example(word, index, syllable, weight, whole=False)
