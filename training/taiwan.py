"""The dictionary's marks "Taiwan pr." on characters that no row of Taiwan's readings decides yet.

`python training/taiwan.py` prints a row for each, to be looked at: a mark is of a whole entry or of
one sense, which is told, and the ministry's table may say otherwise. Nothing printed: all are
decided, in `reader/data/taiwan_readings.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterator

from reader.annotation.tokens import taiwan_rows
from reader.lexicon import LexEntry
from reader.lexicon.lexicon import data_files
from reader.lexicon.packages import read_cedict


def marked() -> Iterator[LexEntry]:
    """The entries on one character that the dictionary marks."""
    for listed in read_cedict(data_files()["cedict"]):
        entry = listed.whole()
        if len(entry.traditional) == 1 and entry.taiwan_syllables:
            yield entry


def undecided() -> Iterator[LexEntry]:
    """Those that stand in no row with the mainland's reading."""
    decided = {
        (character, syllable)
        for row in taiwan_rows()
        for character, syllable in zip(row.word, row.mainland, strict=True)
    }
    for entry in marked():
        if (entry.traditional, entry.syllables[0]) not in decided:
            yield entry


if __name__ == "__main__":
    for entry in undecided():
        mainland, taiwan = " ".join(entry.syllables), " ".join(entry.taiwan_syllables)
        sense = any("Taiwan pr." in sense for sense in entry.senses)
        scope = "? (of one sense)" if sense else "character"
        print(entry.traditional, mainland, taiwan, scope, "CC-CEDICT", sep="\t")
