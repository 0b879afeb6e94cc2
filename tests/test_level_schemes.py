"""Levels by word and reading: the lists of HSK with their holes mended, and lists from files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader import Learner, ReaderError, Scheme
from reader.learner.decisions import homographs
from reader.learner.schemes import BUILT_IN


def level(word: str, reading: str = "", scheme: str = "hsk2025") -> str:
    found = Scheme.load(scheme).level(word, tuple(reading.split()), homographs())
    return f"{found.label} {found.mended}".strip() if found else ""


@pytest.mark.parametrize(
    ("word", "reading", "expected"),
    [
        ("没", "mei2", "1 rule"),
        ("妳", "ni3", "1 rule"),
        ("多少", "duo1 shao3", "1"),
        ("姐", "jie3", "1 rule"),
        ("爸", "ba4", "1 rule"),
        ("一点", "yi1 dian3", "1 rule"),
        ("女孩", "nü3 hai2", "2 rule"),
        ("花儿", "hua1 r5", "2 rule"),
        ("蓝色", "lan2 se4", "2 hsk2021"),
        ("话", "hua4", "1 hsk2021"),
        ("还", "hai2", "1"),
        ("还", "huan2", "3"),
        ("长", "chang2", "2"),
        ("长", "zhang3", "3"),
        ("地", "de5", "2"),
        ("地", "di4", "3"),
        ("东西", "dong1 xi5", "1"),
        ("东西", "dong1 xi1", ""),
        ("和", "han4", "1"),
        ("研究", "yan2 jiu4", "4"),
        ("喝", "he4", ""),
        ("婴", "ying1", ""),
    ],
)
def test_a_level_is_of_a_word_in_a_reading(word: str, reading: str, expected: str) -> None:
    assert level(word, reading) == expected


def test_nothing_that_the_older_list_teaches_first_is_without_level() -> None:
    older = Scheme.load("hsk2021")
    first = [w for w, at in older.words.items() if len(w) == 1 and at.rank < 2]
    assert len(first) > 300
    assert [word for word in first if not level(word)] == []


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_word_of_a_list_has_its_level_in_a_reading(name: str) -> None:
    scheme = Scheme.load(name)
    assert {at.label for at in scheme.words.values()} == set(scheme.labels)
    assert {at.label for at in scheme.characters.values()} == set(scheme.labels)
    for word, at in scheme.words.items():
        readings = homographs().readings(word) or ((),)
        taught = [scheme.level(word, reading, homographs()) for reading in readings]
        ranks = [found.rank for found in taught if found]
        assert ranks, f"{word} is taught in no reading"
        assert min(ranks) == at.rank, word
        assert scheme.level(word, (), homographs()) == at


WORDS = ("银行", "長", "便當", "捷運", "打印", "書")


@given(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.integers(1, 12)),
        min_size=1,
        unique_by=lambda row: row[0],
    ),
    st.sampled_from("\t,;"),
)
def test_levels_from_a_file_are_ordered_by_their_numbers(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]], sign: str
) -> None:
    path = tmp_path_factory.mktemp("levels") / "lessons.txt"
    path.write_text(
        "word" + sign + "level\n" + "".join(f"{w}{sign}Lesson {n}\n" for w, n in rows),
        encoding="utf-8",
    )
    scheme = Scheme.load(path)
    numbers = sorted({number for _, number in rows})
    assert scheme.labels == tuple(f"Lesson {number}" for number in numbers)
    assert len(scheme.words) == len(rows)


def test_a_file_may_declare_its_order_and_give_readings(tmp_path: Path) -> None:
    path = tmp_path / "tocfl.tsv"
    path.write_text(
        "# title: TOCFL\n# levels: Novice, A1\n長\tcháng\tNovice\n長\tzhǎng\tA1\n捷運\t\tA1\n",
        encoding="utf-8",
    )
    scheme = Scheme.load(path)
    assert (scheme.title, scheme.labels) == ("TOCFL", ("Novice", "A1"))
    found = [scheme.level("长", (reading,), homographs()) for reading in ("chang2", "zhang3")]
    assert [at.label for at in found if at] == ["Novice", "A1"]
    assert Learner(level="Novice", scheme=str(path)).levels.level("捷运", (), homographs())


def test_a_file_with_bad_rows_names_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    rows = f"银行,4\nbank,4\n书,\n长,xyz,3\n长,chángjiāng,3\n书,{'9' * 5000}\n"
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(ReaderError) as caught:
        Scheme.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: 5 rows cannot be used")
    for line in ("2: no Chinese word", "3: level is empty", "4: 'xyz'", "5: 2 syllables for 1"):
        assert f"\n    {line}" in message
    assert "\n    6: level is longer than 40 characters" in message


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ("Word,Reading,Level", ""),
        ("生词,拼音,课", ""),
        ("拼音,级别,汉字", ""),
        ("级,jí,1", ""),
        ("bank,yínháng,1", "no Chinese word"),
        ("Pinyin,Level", "no column is called word"),
        ("hanzi,pinyin", "no column is called level"),
    ],
)
def test_a_first_line_names_columns_where_it_is_no_word(
    head: str, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "lessons.csv"
    row = "yínháng,1,银行" if head.startswith("拼音") else "银行,yínháng,1"
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    if problem:
        with pytest.raises(ReaderError, match=f":1: {problem}\n    {head}"):
            Scheme.load(path)
    else:
        listed = {"银行", "级"} if head.startswith("级,") else {"银行"}
        assert Scheme.load(path).words.keys() == listed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": "8"}, "level is '8', which hsk2025 does not have: 1, 2, 3, 4, 5, 6, 7-9"),
        ({"scheme": "nowhere.tsv"}, "which is no file and not one of hsk2025, hsk2021, hsk2"),
        ({"level": "7-9", "scheme": "hsk2"}, "which hsk2 does not have: 1, 2, 3, 4, 5, 6"),
    ],
)
def test_a_level_or_scheme_that_there_is_not(options: dict[str, str], message: str) -> None:
    with pytest.raises(ReaderError, match=message):
        Learner(**options)  # type: ignore[arg-type]


def test_a_file_may_be_in_another_encoding_but_not_in_none(tmp_path: Path) -> None:
    path = tmp_path / "gb.txt"
    path.write_bytes("银行,1\n学生,2\n".encode("gb18030"))
    assert Scheme.load(path).words.keys() == {"银行", "学生"}
    path.write_bytes("银行,1\n".encode() + b"caf\xe9,2\n")
    with pytest.raises(ReaderError, match=r"gb\.txt:2: is not UTF-8; save the file as UTF-8"):
        Scheme.load(path)
