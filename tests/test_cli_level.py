"""`reader level`: what it prints, and its JSON beside what the formats show."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.books import unpacked
from tests.command_line import run

TEXTS = Path(__file__).parent.parent / "texts"
UMBRELLA = str(TEXTS / "umbrella.txt")


def level_json(*args: str) -> Any:
    found = run("level", "--json", *args)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


@pytest.fixture
def known(tmp_path: Path) -> str:
    path = tmp_path / "known.txt"
    path.write_text("捷運\n阿嬤\n雨傘\n", encoding="utf-8")
    return str(path)


def test_a_table_says_all_three_figures_and_where_the_levels_come_from(known: str) -> None:
    shown = run("level", UMBRELLA, "--level", "4", "--known", known).stdout
    assert "Levels: HSK 3.0, syllabus of 2025" in shown
    assert "HSK is a mainland list" in shown
    for label in ("1", "2", "3", "4", "5", "6", "7-9", "no level"):
        assert re.search(rf"^{label} +\d+ +\d+ +\d+", shown, re.M), label
    whose = r"Level 4 and 3 known words: [\d.]+ % of the words, [\d.]+ % with parts, [\d.]+ % of"
    assert re.search(whose, shown)
    assert re.search(r"Alone \(98 % of the words known\): strictly .*; with parts ", shown)
    assert re.search(r"With help \(95 % of the words known\): strictly .*; with parts ", shown)
    assert "阿嬤" not in shown
    assert re.search(r"× +小貓 +xiǎomāo +no level +kitten", shown)


def test_a_mainland_text_is_not_told_of_taiwan() -> None:
    assert "mainland list" not in run("level", str(TEXTS / "market.txt")).stdout


@pytest.mark.parametrize("suffix", [".epub", ".xml"])
@pytest.mark.parametrize("choice", [["--level", "3"], ["--level", "6"], []])
def test_what_is_shown_is_what_the_json_has_as_unknown(
    choice: list[str], suffix: str, known: str, tmp_path: Path
) -> None:
    choice = [*choice, "--known", known]
    # With slips, which are read as what was meant.
    source = tmp_path / "slips.txt"
    slips = "這個流程覆雜耗時，他在覆旦大學讀書。\n"
    source.write_text(Path(UMBRELLA).read_text(encoding="utf-8") + slips, encoding="utf-8")
    (text,) = level_json(str(source), *choice)["texts"]
    book = tmp_path / f"book{suffix}"
    built = run("build", str(source), "-o", str(book), "--no-default-glossary", *choice)
    assert built.exit_code == 0, built.output
    shown = _words_with_readings(book)
    count = sum(word["count"] for kind in ("unknown", "doubtful") for word in text[kind])
    assert count > 0
    # The text is one chapter, so that a name is shown once.
    assert len(shown) == count + len(text["names"])
    expected = {word["word"] for kind in ("unknown", "doubtful", "names") for word in text[kind]}
    assert set(shown) == expected


def _words_with_readings(book: Path) -> list[str]:
    """The words over which a reading stands, in the text itself."""
    if book.suffix == ".xml":
        text = book.read_text(encoding="utf-8").partition("<body")[2].partition("</body")[0]
        as_written = re.sub(r"<corr.+?</corr>|</?(?:choice|sic)>", "", text)
        return re.findall(r"<ruby><rb><w[^>]*>(.+?)</w></rb><rt", as_written)
    pages = [data for name, data in unpacked(book).items() if re.search(r"/c\d+\.xhtml$", name)]
    bodies = [page.decode().partition("<body")[2] for page in pages]
    # The list of words behind a chapter has readings of its own.
    texts = [body.partition('class="words')[0] for body in bodies]
    return [word for text in texts for word in re.findall(r"<ruby>(.+?)<rp", text)]


def test_several_texts_are_sorted_and_one_that_cannot_be_read_stops_none(tmp_path: Path) -> None:
    easy, hard, none = (tmp_path / name for name in ("easy.txt", "hard.txt", "none.txt"))
    easy.write_text("我是学生。你好！他们喝茶。\n", encoding="utf-8")
    hard.write_text("晶圆代工厂商竞相扩产，封装测试亦随之水涨船高。\n", encoding="utf-8")
    none.write_text("Hello, world.\n", encoding="utf-8")
    found = run("level", str(hard), str(none), str(easy))
    assert found.exit_code == 1
    assert found.stderr.count("Error: ") == 1
    assert f"{none}: has no Chinese text" in found.stderr
    assert found.stdout.index(str(easy)) < found.stdout.index(str(hard))
    assert [text["source"] for text in level_json(str(hard), str(easy))["texts"]] == [
        str(easy),
        str(hard),
    ]


@pytest.mark.parametrize(
    ("text", "message"), [("", "is empty"), ("Only English.\n", "has no Chinese text")]
)
def test_a_text_without_chinese_is_one_clear_error(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    found = run("level", str(path))
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith(f"Error: {path}: {message}")


def test_a_text_of_nothing_but_names_and_numbers_has_an_honest_result(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("沈阳，二十三。\n", encoding="utf-8")
    assert "There are no words to count." in run("level", str(path)).stdout
    assert level_json(str(path))["texts"][0]["tokens"] == 0


@pytest.mark.parametrize("scheme", ["hsk2021", "hsk2"])
def test_other_schemes_are_named(scheme: str) -> None:
    found = level_json(UMBRELLA, "--scheme", scheme)
    assert found["scheme"]["name"] == scheme
    assert found["texts"][0]["levels"][0]["tokens"] > 100


def test_a_list_of_ones_own_gives_its_levels(tmp_path: Path) -> None:
    scheme = tmp_path / "lessons.tsv"
    scheme.write_text("# title: Book 1\n雨傘\tLesson 1\n小貓\tLesson 2\n", encoding="utf-8")
    shown = run("level", UMBRELLA, "--scheme", str(scheme), "--level", "Lesson 1").stdout
    assert "Levels: Book 1" in shown
    assert re.search(r"^Lesson 2 +\d+ +1 ", shown, re.M)
    assert "mainland" not in shown


def test_a_level_that_there_is_not_is_wrong_usage() -> None:
    found = run("level", UMBRELLA, "--level", "9")
    assert found.exit_code == 1
    assert "level is '9', which hsk2025 does not have: 1, 2, 3" in found.stderr
