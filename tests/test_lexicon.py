"""The lexicon: its table, its cache, and what it knows."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, strategies as st
from platformdirs import user_cache_path

from reader.annotation import annotate
from reader.errors import LexiconError
from reader.files import cache_folder
from reader.lexicon import Lexicon, compile, lexicon as opening
from reader.lexicon.compile import compile_table
from reader.lexicon.levels import HSK2025, SCHEMES, hsk_level
from reader.lexicon.lexicon import data_files
from reader.lexicon.packages import numbered, read_cedict, read_levels
from reader.lexicon.records import find_readings
from reader.lexicon.table import Table, build
from reader.pinyin import is_syllable
from reader.sources import read_text
from tests.laws import examples
from tests.lexicons import NAMES, SMALL, packages_in


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.open()


@given(st.dictionaries(st.binary(max_size=20), st.binary(max_size=40)), st.binary(max_size=20))
def test_a_table_is_a_mapping(records: dict[bytes, bytes], other: bytes) -> None:
    table = Table(build(records.items()))
    assert len(table) == len(records)
    assert {key: table.get(key) for key in records} == records
    assert table.get(other) == records.get(other)


def test_a_damaged_table_is_refused() -> None:
    whole = build([(b"a", b"b")])
    for broken in (b"", whole[:-1], b"x" + whole[1:], whole + b"x"):
        with pytest.raises(ValueError, match="not a table"):
            Table(broken)


def test_doubtful_pairs_hold_a_form_that_a_word_has_otherwise(lexicon: Lexicon) -> None:
    pairs, shared = lexicon.doubtful_pairs(), lexicon.shared_forms()
    assert {"覆雜", "流程"} & pairs == {"覆雜"}
    assert all(not shared.keys().isdisjoint(pair) for pair in pairs)


def test_both_scripts_find_the_same_entries(lexicon: Lexicon) -> None:
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
        assert lexicon.levels(word) == ()
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
    assert lexicon.levels("学生") == (("hsk2025", "1"),)
    assert lexicon.levels("一丝不苟") == (("hsk2025", "7-9"),)
    assert lexicon.levels("学生") is lexicon.levels("老师")


def test_the_list_has_every_level(lexicon: Lexicon) -> None:
    words = dict(read_levels(data_files()["levels"]))
    counted = Counter(label for pairs in words.values() for _, label in pairs)
    assert tuple(sorted(counted)) == SCHEMES[HSK2025]
    assert all(lexicon.levels(word) == pairs for word, pairs in words.items())


@pytest.mark.parametrize("number", [0, 8, -1])
def test_a_number_that_is_no_level(number: int) -> None:
    with pytest.raises(ValueError, match="no level of HSK"):
        hsk_level(number)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder, and packages that hold next to nothing."""
    files = packages_in(tmp_path)
    monkeypatch.setattr(opening, "data_files", lambda cedict=None: files)
    monkeypatch.setattr(opening, "_version", lambda path, package: "1")
    return tmp_path / "cache"


def test_what_is_compiled_is_found(small: Path) -> None:
    lexicon = Lexicon.open(small)
    assert lexicon.entries("讀者")[0].senses == ("reader",)
    assert lexicon.entries("沙发")[0].phrase
    assert lexicon.readings("读") == ("du2", "dou4")
    assert (lexicon.frequency("读者"), lexicon.tag("读者")) == (50, "n")
    assert lexicon.levels("读者") == (("hsk2025", "3"),)
    assert [word for word, _, _ in lexicon.lattice_words("张三")] == ["张三"]


# Simplified, Traditional, read so: some are a Traditional form of another, and Simplified too.
CHARACTERS = st.sampled_from(["干乾gan1", "乾乾qian2", "后後hou4", "后后hou4", "发發fa1"])
ROWS = st.lists(
    st.tuples(
        st.lists(CHARACTERS, min_size=1, max_size=3),
        st.sampled_from(["wind", "surname Li", "variant of 風|风[feng1]", "CL:個|个[ge4]/wind"]),
    ),
    min_size=1,
    max_size=12,
)


@examples(25)
@given(ROWS)
def test_every_word_is_found_and_read_as_its_entries_are(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[list[str], str]]
) -> None:
    folder = tmp_path_factory.mktemp("packages")
    lines = []
    for characters, gloss in rows:
        simplified, traditional = ("".join(c[at] for c in characters) for at in (0, 1))
        lines.append(
            f"{traditional} {simplified} [{' '.join(c[2:] for c in characters)}] /{gloss}/"
        )
    files = packages_in(folder, "\n".join(lines))
    files["phrases"].write_text("{}")
    files["words"].write_text("")
    table = BytesIO()
    compile_table(files, table)
    lexicon = Lexicon(Table(table.getvalue()))
    for line in lines:
        traditional, simplified = line.split()[:2]
        syllables = tuple(line[line.index("[") + 1 : line.index("] /")].split())
        for word in (traditional, simplified):
            entries = lexicon.entries(word)
            assert (traditional, syllables) in {(e.traditional, e.syllables) for e in entries}
            if len(word) > 1:
                found = find_readings(lexicon.reading_index(word[:2]), word[1:])
                assert found is not None
                assert found.readings == {entry.syllables for entry in entries}
                assert found.plain == (len(found.readings) == 1)


def test_it_is_compiled_once(small: Path) -> None:
    Lexicon.open(small)
    (cached,) = small.iterdir()
    before = cached.stat().st_mtime_ns
    Lexicon.open(small)
    assert cached.stat().st_mtime_ns == before


def test_a_damaged_cache_is_made_again(small: Path) -> None:
    Lexicon.open(small)
    (cached,) = small.iterdir()
    cached.write_bytes(cached.read_bytes()[:1000])
    assert Lexicon.open(small).entries("读者")


def test_without_a_cache_it_is_held_in_memory(small: Path) -> None:
    small.write_text("a file, not a folder")
    assert Lexicon.open(small).entries("读者")


def test_two_processes_may_compile_at_once(small: Path, tmp_path: Path) -> None:
    code = """
import pathlib, sys
from reader.lexicon import Lexicon, compile, lexicon as opening
from reader.lexicon.compile import compile_table
folder, names, files = pathlib.Path(sys.argv[1]), sys.argv[2].split(), sys.argv[3].split()
opening.data_files = lambda cedict=None: {n: folder / f for n, f in zip(names, files)}
opening._version = lambda path, package: "1"
assert Lexicon.open(folder / "cache").entries("读者")
"""
    command = [sys.executable, "-c", code, str(tmp_path), " ".join(NAMES), " ".join(SMALL)]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert [path.suffix for path in small.iterdir()] == [".table"]


def test_an_interrupt_leaves_nothing_behind(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(files: dict[str, Path], file: BinaryIO) -> None:
        compile_table(files, file)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(compile, "compile_table", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Lexicon.open(small)
    assert list(small.iterdir()) == []
    assert Lexicon.open(small).entries("读者")


def test_the_same_data_give_the_same_bytes(small: Path) -> None:
    tables = BytesIO(), BytesIO()
    for table in tables:
        compile_table(opening.data_files(), table)
    Lexicon.open(small)
    (cached,) = small.iterdir()
    assert tables[0].getvalue() == tables[1].getvalue() == cached.read_bytes()


def test_another_dictionary_file_has_its_own_cache(small: Path, tmp_path: Path) -> None:
    Lexicon.open(small)
    Lexicon.open(small, cedict=tmp_path / "cedict.u8")
    assert len(list(small.iterdir())) == 2


@pytest.mark.parametrize("home", ["/home/someone", "", "here"])
@pytest.mark.parametrize("caches", [None, "", "/var/caches", "caches"])
def test_the_cache_is_where_others_have_theirs(
    monkeypatch: pytest.MonkeyPatch, home: str, caches: str | None
) -> None:
    monkeypatch.delenv("READER_CACHE", raising=False)
    monkeypatch.setenv("HOME", home)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if caches is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", caches)
    assert cache_folder() == user_cache_path("annotated-reader")


def test_a_tab_in_a_gloss_is_a_space(tmp_path: Path) -> None:
    own = tmp_path / "own.u8"
    own.write_text("讀者 读者 [du2 zhe3] /who\treads/\n", encoding="utf-8")
    assert [entry.whole().senses for entry in read_cedict(own)] == [("who reads",)]


def test_files_that_are_no_dictionary(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="missing"):
        Lexicon.open(tmp_path, cedict=tmp_path / "nowhere")
    not_one = tmp_path / "text.u8"
    not_one.write_text("just text\n", encoding="utf-8")
    with pytest.raises(LexiconError, match="no CC-CEDICT"):
        list(read_cedict(not_one))


def test_a_word_too_long_for_the_table_is_left_out(tmp_path: Path) -> None:
    own = tmp_path / "own.u8"
    words = ["字" * length for length in (64, 65, 30_000)]
    rows = [f"{word} {word} [{'zi4 ' * len(word)}] /word/\n" for word in words]
    own.write_text("".join(rows), encoding="utf-8")
    assert [entry.simplified for entry in read_cedict(own)] == words[:1]


@pytest.mark.parametrize("name", ["own.u8.gz", "own.u8"])
def test_a_damaged_dictionary_is_one_message(tmp_path: Path, name: str) -> None:
    own = tmp_path / name
    lines = SMALL["cedict.u8"].encode() * 900
    whole = gzip.compress(lines) if name.endswith(".gz") else lines
    for at in range(20, len(whole) - 20, len(whole) // 40):
        own.write_bytes(whole[:at] + b"\xff\x00\xff" + whole[at + 3 :])
        with pytest.raises(LexiconError, match="cannot read the dictionary"):
            list(read_cedict(own))


@pytest.mark.parametrize("text", ["{", "[]", '{"1": '])
def test_damaged_data_of_a_package_are_one_message(tmp_path: Path, text: str) -> None:
    files = packages_in(tmp_path)
    for name in ("phrases", "characters"):
        files[name].write_text(text)
        with pytest.raises(LexiconError, match="cannot read the dictionary"):
            compile_table(files, BytesIO())
        files = packages_in(tmp_path)


def test_our_own_names_are_names_and_phrases_only_say_how_they_are_read(lexicon: Lexicon) -> None:
    (person,) = lexicon.entries("种世衡")
    assert person.proper
    assert person.breaks == (1,)
    assert person.syllables == ("chong2", "shi4", "heng2")
    (phrase,) = lexicon.entries("扇耳光")
    assert phrase.phrase
    assert phrase.syllables == ("shan1", "er3", "guang1")
    words = [t.text for b in annotate(read_text("他扇耳光")).blocks for t in b.tokens]
    assert "扇耳光" not in words


@pytest.mark.parametrize(
    ("word", "form"), [("抓斗", "抓斗"), ("发卡行", "發卡行"), ("发束", "髮束")]
)
def test_our_own_words_have_the_forms_that_are_read_as_they_are(
    lexicon: Lexicon, word: str, form: str
) -> None:
    assert [entry.traditional for entry in lexicon.entries(word)] == [form]
