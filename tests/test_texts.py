"""The sample texts: their English stands beside them, part by part."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.annotation import annotate
from reader.glossary import Glossary
from reader.glossary.rows import takes_syllable
from reader.model import BlockKind
from reader.options import SourceOptions
from reader.scripts import detect, simplify
from reader.sources import read

TEXTS = Path(__file__).parents[1] / "texts"
PROOFREAD = Path(__file__).parent / "golden" / "readings"
"""Every syllable of the samples as a person read them: a line a block."""
RIGHT = 1.0
# name -> script, Han characters at least
SAMPLES = {
    "two-parks": ("zh-Hant-HK", 2500),
    "market": ("zh-Hans", 900),
    "umbrella": ("zh-Hant-TW", 800),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_english_has_the_same_blocks(name: str) -> None:
    text = read(TEXTS / f"{name}.txt")
    english = read(TEXTS / f"{name}.en.txt", options=SourceOptions(language="en"))
    assert [block.kind for block in english.blocks] == [block.kind for block in text.blocks]
    assert text.warnings == english.warnings == ()


@pytest.mark.parametrize("name", SAMPLES)
def test_script_and_length(name: str) -> None:
    language, least = SAMPLES[name]
    text = read(TEXTS / f"{name}.txt")
    assert detect(block.text for block in text.blocks) == language
    assert sum(map(takes_syllable, text.text)) >= least


def test_the_commentary_has_every_part_and_many_terms() -> None:
    text = read(TEXTS / "two-parks.txt")
    kinds = {block.kind for block in text.blocks}
    assert kinds >= {
        BlockKind.TITLE,
        BlockKind.BYLINE,
        BlockKind.EDITORS_NOTE,
        BlockKind.HEADING,
        BlockKind.CAPTION,
        BlockKind.PARAGRAPH,
    }
    glossary = Glossary.default()
    found = {
        match.entry.term
        for block in text.blocks
        for match in glossary.find(block.text, simplify(block.text))
    }
    assert len(found) >= 30


@pytest.mark.parametrize("name", SAMPLES)
def test_the_readings_are_those_of_a_reader(name: str) -> None:
    text = annotate(read(TEXTS / f"{name}.txt"), glossary=Glossary.default())
    lines = (PROOFREAD / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    wrong: list[str] = []
    count = 0
    for block, line in zip(text.blocks, lines, strict=True):
        found = [
            (character, syllable)
            for token in block.tokens
            if token.reading
            for character, syllable in zip(token.text, token.reading.syllables, strict=True)
            if syllable
        ]
        for (character, syllable), right in zip(found, line.split(), strict=True):
            count += 1
            if syllable != right:
                wrong.append(f"{character} {syllable}, not {right}, in {block.text}")
    assert len(wrong) <= (1 - RIGHT) * count, "\n".join(wrong)
