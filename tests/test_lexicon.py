"""The lexicon: its table, its cache, and what it knows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.errors import LexiconError
from reader.lexicon import Lexicon
from reader.lexicon.cache import open_table
from reader.lexicon.packages import numbered
from reader.lexicon.table import Table, build
from reader.pinyin import is_syllable

CEDICT = "# comment\n張三 张三 [Zhang1 San1] /John Doe/\n讀者 读者 [du2 zhe3] /reader/CL:個|个[ge4]/\n"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.open()


@given(st.dictionaries(st.binary(max_size=20), st.binary(max_size=40)), st.binary(max_size=20))
def test_a_table_is_a_mapping(records: dict[bytes, bytes], other: bytes) -> None:
    table = Table(build(records))
    assert len(table) == len(records)
    assert {key: table.get(key) for key in records} == records
    assert table.get(other) == records.get(other)


def test_a_damaged_table_is_refused() -> None:
    whole = build({b"a": b"b"})
    for broken in (b"", whole[:-1], b"x" + whole[1:], whole + b"x"):
        with pytest.raises(ValueError, match="not a table"):
            Table(broken)


def test_both_scripts_find_the_same_articles(lexicon: Lexicon) -> None:
    assert lexicon.entries("複雜") == lexicon.entries("复杂")
    assert [entry.syllables for entry in lexicon.entries("髮")] == [("fa4",)]
    assert {entry.syllables[0] for entry in lexicon.entries("发")} == {"fa1", "fa4"}


def test_a_regional_variant_is_found_by_its_shadow(lexicon: Lexicon) -> None:
    assert lexicon.entries("衞生") == ()
    assert lexicon.entries("衞生", "卫生")[0].traditional == "衛生"


def test_unknown_words_have_nothing(lexicon: Lexicon) -> None:
    for word in ("", "zzz", "\ud800", "\U0010ffff", "張張張張張"):
        assert lexicon.entries(word) == ()
        assert lexicon.frequency(word) == 0
        assert lexicon.level(word) is None
        assert lexicon.readings(word) == ()


def test_names_and_days(lexicon: Lexicon) -> None:
    assert lexicon.entries("杭州")[0].proper
    assert lexicon.entries("孙中山")[0].person
    assert lexicon.entries("欧阳")[0].surname
    assert not lexicon.entries("三月")[0].proper


def test_every_syllable_is_one(lexicon: Lexicon) -> None:
    for word in ("行", "长", "了", "地", "都", "乐", "率", "吕", "儿", "嗯", "哟"):
        assert all(map(is_syllable, lexicon.readings(word)))
        assert all(is_syllable(s) for e in lexicon.entries(word) for s in e.syllables if s)
    assert numbered("nǚ") == "nü3"


def test_levels(lexicon: Lexicon) -> None:
    assert lexicon.level("学生") == 1
    assert lexicon.level("一丝不苟") == 7


def small_dictionary(folder: Path, text: str = CEDICT) -> Path:
    path = folder / "cedict.u8"
    path.write_text(text, encoding="utf-8")
    return path


def test_another_dictionary_file(tmp_path: Path) -> None:
    lexicon = Lexicon.open(tmp_path / "cache", cedict=small_dictionary(tmp_path))
    assert lexicon.entries("讀者")[0].senses[0] == "reader"
    assert lexicon.entries("沙发") == () or lexicon.entries("沙发")[0].phrase
    (cached,) = (tmp_path / "cache").iterdir()
    before = cached.stat().st_mtime_ns
    Lexicon.open(tmp_path / "cache", cedict=tmp_path / "cedict.u8")
    assert cached.stat().st_mtime_ns == before


def test_a_damaged_cache_is_made_again(tmp_path: Path) -> None:
    cedict = small_dictionary(tmp_path)
    open_table(tmp_path / "cache", cedict)
    (cached,) = (tmp_path / "cache").iterdir()
    cached.write_bytes(cached.read_bytes()[:1000])
    assert Lexicon(open_table(tmp_path / "cache", cedict)).entries("读者")


def test_without_a_cache_it_is_held_in_memory(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    lexicon = Lexicon.open(tmp_path / "cache", cedict=small_dictionary(tmp_path))
    assert lexicon.entries("读者")


def test_two_processes_may_compile_at_once(tmp_path: Path) -> None:
    cedict = small_dictionary(tmp_path)
    code = (
        "import sys; from reader.lexicon import Lexicon; "
        "assert Lexicon.open(sys.argv[1], cedict=sys.argv[2]).entries('读者')"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "cache"), str(cedict)]
    processes = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".table"]


def test_files_that_are_no_dictionary(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="missing"):
        Lexicon.open(tmp_path, cedict=tmp_path / "nowhere")
    with pytest.raises(LexiconError, match="no CC-CEDICT"):
        Lexicon.open(tmp_path, cedict=small_dictionary(tmp_path, "just text\n"))
