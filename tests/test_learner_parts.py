"""Compounds known by their parts: measured on words marked by hand, and never without proof."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

import reader
from reader import Knowledge, KnownWords, Learner
from reader.learner.parts import Compound, known_by_parts
from reader.lexicon import Lexicon

MARKED = Path(__file__).parent / "data" / "parts_marked.tsv"
LEXICON = Lexicon.default()


class Row(NamedTuple):
    word: str
    reading: str
    clear: str
    use: str
    drawn: str


def rows(use: str) -> list[Row]:
    lines = MARKED.read_text(encoding="utf-8").splitlines()
    listed = [Row(*line.split("\t")) for line in lines if not line.startswith("#")]
    return [row for row in listed if row.use == use]


def passes(row: Row, learner: Learner) -> bool:
    compound = Compound(row.word, tuple(row.reading.split()))
    return known_by_parts(compound, learner.knows_word, LEXICON)


@pytest.mark.parametrize(
    ("use", "count", "least", "most_of"),
    [("worked", 300, 0.93, 0.82), ("decides", 300, 0.95, 0.82), ("checks", 100, 0.88, 0.25)],
)
def test_what_passes_is_clear_to_who_knows_the_parts(
    use: str, count: int, least: float, most_of: float
) -> None:
    learner, marked = Learner(level="7-9"), rows(use)
    assert len(marked) >= count
    passed = [row for row in marked if passes(row, learner)]
    clear = [row for row in passed if row.clear == "yes"]
    assert len(clear) / len(passed) >= least
    assert len(clear) / sum(row.clear == "yes" for row in marked) >= most_of, "hardly any passes"


def test_nothing_passes_whose_parts_are_not_known() -> None:
    nobody = Learner(known=KnownWords.of(["龘"]))
    passed = [row.word for row in rows("decides") if passes(row, nobody)]
    assert passed == []


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("小安", "xiao3 an1"),
        ("便当", "bian4 dang1"),
        ("车斗", "che1 dou3"),
        ("万岁", "wan4 sui4"),
        ("板儿", "ban3 r5"),
        ("看了看", "kan1 le5 kan1"),
        ("四下", "si4 xia4"),
        ("八方", "ba1 fang1"),
        ("想开", "xiang3 kai1"),
        ("正切", "zheng4 qie1"),
    ],
)
def test_what_is_more_than_its_parts_does_not_pass(word: str, reading: str) -> None:
    row = Row(word, reading, "", "", "")
    assert not passes(row, Learner(level="7-9"))


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("伸出", "shen1 chu1"),
        ("扔掉", "reng1 diao4"),
        ("这位", "zhe4 wei4"),
        ("每日", "mei3 ri4"),
        ("一对", "yi1 dui4"),
        ("雨伞", "yu3 san3"),
        ("看看", "kan4 kan5"),
        ("稳定性", "wen3 ding4 xing4"),
        ("女孩子", "nü3 hai2 zi5"),
    ],
)
def test_what_everybody_understands_passes(word: str, reading: str) -> None:
    assert passes(Row(word, reading, "", "", ""), Learner(level="7-9"))


def test_the_second_figure_has_the_compounds_and_not_the_names() -> None:
    document = reader.annotate("小安看了看树根，吃便当。")
    learner = Learner(level="6", sure=0.0)
    words = {word.simplified: word for word in reader.vocabulary(document, learner)}
    assert [w.simplified for w in words.values() if w.by_parts] == ["看了看", "树根"]
    assert words["小安"].knowledge is Knowledge.NAME
    counted = reader.coverage(document, learner)
    assert counted.by_parts == 2
    assert counted.with_parts > counted.strict


def test_a_word_that_the_list_has_as_unknown_is_unknown_in_both_figures() -> None:
    document = reader.annotate("树根")
    unknown = KnownWords.of(["树根"], reader.State.LEARNING)
    assert reader.coverage(document, Learner(level="6")).by_parts == 1
    assert reader.coverage(document, Learner(level="6", known=unknown)).by_parts == 0
