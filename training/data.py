"""The examples that readings are learnt from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reader.lexicon.packages import data_files, read_cedict, read_phrases

MARK = "▁"


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
    """A sentence; False for a dictionary word, which has no neighbours."""


def read_sentences(folder: Path, name: str) -> list[Example]:
    """The sentences of `NAME.sent`, where marks stand around one character, and `NAME.lb`.

    Raises `ValueError` where the two files do not fit.
    """
    sentences = (folder / f"{name}.sent").read_text(encoding="utf-8").splitlines()
    labels = (folder / f"{name}.lb").read_text(encoding="utf-8").splitlines()
    examples = []
    for sentence, label in zip(sentences, labels, strict=True):
        index = sentence.index(MARK)
        syllable = label.strip().replace("u:", "ü")
        examples.append(Example(sentence.replace(MARK, ""), index, syllable))
    return examples


def read_examples(path: Path) -> Iterator[Example]:
    """Our own sentences: tab-separated `sentence` and `syllable`, marks around the character."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sentence, syllable = line.split("\t")
            yield Example(sentence.replace(MARK, ""), sentence.index(MARK), syllable)


def read_words(ambiguous: Iterable[str], weight: float) -> Iterator[Example]:
    """Every ambiguous character of every dictionary word or phrase that has one reading."""
    wanted = frozenset(ambiguous)
    files = data_files()
    readings: dict[str, set[tuple[str, ...]]] = {}
    for entry in read_cedict(files["cedict"]):
        readings.setdefault(entry.simplified, set()).add(entry.syllables)
    for phrase, syllables in read_phrases(files["phrases"]):
        readings.setdefault(phrase, {syllables})
    for word in sorted(readings):
        if 2 <= len(word) <= 4 and len(readings[word]) == 1 and wanted.intersection(word):
            (syllables,) = readings[word]
            for index, (character, syllable) in enumerate(zip(word, syllables, strict=True)):
                if character in wanted and syllable:
                    yield Example(word, index, syllable, weight, whole=False)
