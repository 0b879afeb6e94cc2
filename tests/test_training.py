"""What labels say can be read without the texts they are about."""

import itertools
import re
from pathlib import Path

import pytest

from training.chosen import CUTS, READINGS, _stretch
from training.data import LEAST, read_pieces

PIECES = Path(__file__).parents[1] / "training" / "pieces.tsv"


@pytest.mark.parametrize("path", sorted(CUTS.glob("*.tsv")), ids=lambda path: path.stem)
def test_stretches_that_were_chosen_are_in_order_and_apart(path: Path) -> None:
    rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines()[1:]]
    assert rows
    numbers = [int(number) for number, _, _ in rows]
    assert numbers == sorted(set(numbers))
    for _, digest, written in rows:
        assert len(digest) == 12
        words = [word for stretch in written.split() for word in _stretch(stretch)]
        assert all(word.start < word.end for word in words)
        assert all(one.end <= other.start for one, other in itertools.pairwise(words))


def test_readings_that_were_chosen_are_syllables() -> None:
    paths = [*READINGS.glob("*.tsv")]
    assert paths
    for path in paths:
        for row in path.read_text(encoding="utf-8").splitlines()[1:]:
            number, digest, written = row.split("\t")
            assert int(number) > 0
            assert len(digest) == 12
            for reading in written.split():
                assert re.fullmatch(r"\d+:[a-zü]+[1-5]", reading)


def test_pieces_weigh_what_running_text_has_of_their_readings() -> None:
    weights: dict[str, dict[str, float]] = {}
    for example in read_pieces(PIECES, 1.0):
        assert re.fullmatch(r"[a-zü]+[1-5]", example.syllable)
        assert LEAST <= example.weight <= 1
        assert example.piece
        weights.setdefault(example.text[example.index], {})[example.syllable] = example.weight
    assert all(max(of.values()) == 1 for of in weights.values())
    assert weights["汗"]["han2"] < weights["汗"]["han4"]
