"""Lists of words to learn: what is in them, their order, and each format read back."""

from __future__ import annotations

import csv
import html
import json
import re
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import reader
from reader import Knowledge, KnownWords, Learner, ListOrder, WordList
from reader.learner.anki_notes import ANKI_FIELDS
from reader.learner.word_list_formats import WORD_LISTS, write_words
from reader.options import Notation
from tests.books import unpacked
from tests.command_line import run
from tests.laws import examples

TEXTS = Path(__file__).parent.parent / "texts"
UMBRELLA = TEXTS / "umbrella.txt"
DOCUMENT = reader.annotate(UMBRELLA)
WORDS = sorted({token.simplified for block in DOCUMENT.blocks for token in block.tokens})

learners = st.builds(
    lambda level, known: Learner(level, KnownWords.of(known)),
    st.sampled_from(["", "1", "3", "5"]),
    st.sets(st.sampled_from(WORDS), max_size=60),
)


@examples(5)
@given(learners, st.sampled_from(ListOrder), st.integers(1, 60))
def test_a_list_has_what_is_unknown_and_a_shorter_one_begins_it(
    learner: Learner, by: ListOrder, limit: int
) -> None:
    listed = WordList.of(DOCUMENT, learner, by=by)
    unknown = [
        word for word in reader.vocabulary(DOCUMENT, learner) if word.knowledge is Knowledge.UNKNOWN
    ]
    own = [word for word in unknown if not word.by_parts]
    assert len(unknown) - len(own) == listed.left_out
    assert sorted(word.simplified for word in listed.words) == sorted(w.simplified for w in own)
    if by is ListOrder.TEXT:
        assert [word.simplified for word in listed.words] == [word.simplified for word in own]
    if by is ListOrder.COVERAGE:
        counts = [word.count for word in listed.words]
        assert counts == sorted(counts, reverse=True)
    assert WordList.of(DOCUMENT, learner, by=by, limit=limit).words == listed.words[:limit]


def test_a_rare_reading_of_a_frequent_spelling_is_rare() -> None:
    listed = WordList.of(reader.annotate("他还没还书。"), Learner(), by="frequency")
    order = [word.reading for word in listed.words]
    assert order.index("hái") < order.index("huán")


@examples(5)
@given(learners)
def test_a_word_stands_in_its_sentence(learner: Learner) -> None:
    for word in WordList.of(DOCUMENT, learner).words:
        start, end = word.at
        assert word.sentence[start:end] == word.word
        assert "\n" not in word.sentence


def test_who_learns_the_words_of_a_list_knows_them() -> None:
    learner = Learner(level="3")
    listed = WordList.of(DOCUMENT, learner)
    rows = [(w.simplified, w.reading, reader.State.KNOWN) for w in listed.words]
    taught = replace(learner, known=KnownWords(rows))
    assert WordList.of(DOCUMENT, taught).words == ()
    assert reader.coverage(DOCUMENT, taught).with_parts == 1.0


@pytest.mark.parametrize("suffix", [".tsv", ".csv", ".txt"])
@pytest.mark.parametrize("notation", ["pinyin", "numbers"])
def test_every_text_format_is_read_back_as_known_words(
    suffix: str, notation: str, tmp_path: Path
) -> None:
    path = tmp_path / f"words{suffix}"
    learner = Learner(level="3")
    write_words(WordList.of(DOCUMENT, learner, notation=notation), path)
    taught = replace(learner, known=KnownWords.load(path))
    assert WordList.of(DOCUMENT, taught).words == ()


@given(st.sampled_from(Notation), st.sampled_from(ListOrder))
@examples(3)
def test_a_card_is_known_again_by_its_word_and_reading(notation: Notation, by: ListOrder) -> None:
    plain = {w.guid: (w.simplified, w.syllables) for w in WordList.of(DOCUMENT, Learner()).words}
    assert len(set(plain.values())) == len(plain)
    other = WordList.of(DOCUMENT, Learner(), by=by, notation=notation)
    assert {word.guid: (word.simplified, word.syllables) for word in other.words} == plain


def test_a_guid_stays_what_it_was() -> None:
    document = reader.annotate("他长大了。")
    (word,) = (w for w in WordList.of(document, Learner()).words if w.simplified == "长大")
    assert word.guid == "M8Agt8s9wQoW"


STRANGE = [("他用<b>芯片</b>\t“&”。", "芯片"), ('"芯片", =1+1', "芯片")]


@pytest.mark.parametrize(("text", "word"), STRANGE)
def test_what_marks_up_is_escaped(text: str, word: str, tmp_path: Path) -> None:
    document = reader.annotate(text, glossary=[reader.Entry("芯片", gloss='<i>chip</i>\t& "co"')])
    listed = WordList.of(document, Learner(level="3"))
    for suffix in (".tsv", ".csv", ".txt"):
        write_words(listed, tmp_path / f"words{suffix}")
    rows = (tmp_path / "words.tsv").read_text(encoding="utf-8").splitlines()
    cells = next(csv.reader([row for row in rows if not row.startswith("#")], delimiter="\t"))
    assert len(cells) == len(ANKI_FIELDS) + 2
    sentence = html.unescape(re.sub("</?b>", "", cells[8]))
    assert sentence == "".join(" " if c.isspace() else c for c in text)
    assert "<i>" not in "".join(cells)
    (row,) = csv.DictReader((tmp_path / "words.csv").read_text(encoding="utf-8-sig").splitlines())
    assert row["word"] == word
    assert len((tmp_path / "words.txt").read_text().splitlines()[1].split("\t")) == 3


def test_a_deck_has_a_note_and_a_card_for_each_word(tmp_path: Path) -> None:
    listed = WordList.of(DOCUMENT, Learner(level="4"), limit=20)
    one, other = tmp_path / "one.apkg", tmp_path / "other.apkg"
    for path in (one, other):
        write_words(listed, path, made=1_764_500_000.0)
    assert one.read_bytes() == other.read_bytes()
    (tmp_path / "collection.anki2").write_bytes(unpacked(one)["collection.anki2"])
    with closing(sqlite3.connect(tmp_path / "collection.anki2")) as database:
        notes = dict(database.execute("select guid, flds from notes"))
        (cards,) = database.execute("select count(*) from cards").fetchone()
        (models,) = database.execute("select models from col").fetchone()
        assert database.execute("select distinct mod from notes").fetchall() == [(1_764_500_000,)]
    assert list(notes) == [word.guid for word in listed.words]
    assert cards == 20
    names = {field["name"] for model in json.loads(models).values() for field in model["flds"]}
    assert names == set(ANKI_FIELDS)
    assert all("CC BY-SA 4.0" in fields for fields in notes.values())


@pytest.mark.parametrize("suffix", list(WORD_LISTS))
def test_the_command_writes_each_format_and_the_same_bytes_again(
    suffix: str, tmp_path: Path
) -> None:
    outs = [tmp_path / f"{name}{suffix}" for name in "ab"]
    choice = ("--level", "4", "--limit", "10", "--no-translation")
    for out in outs:
        done = run("words", str(UMBRELLA), "-o", str(out), *choice)
        assert done.exit_code == 0, done.output
        assert f"{out}: 10 words" in done.stderr
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_a_sentence_has_its_translation(tmp_path: Path) -> None:
    out = tmp_path / "words.csv"
    assert run("words", str(UMBRELLA), "-o", str(out), "--level", "4").exit_code == 0
    rows = {r["word"]: r for r in csv.DictReader(out.read_text("utf-8-sig").splitlines())}
    assert "metro station" in rows["捷運"]["translation"]
    assert rows["捷運"]["sentence"].startswith("小安站在捷運站")
    assert rows["捷運"]["simplified"] == "捷运"


def test_without_genanki_a_deck_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "genanki", None)
    out = tmp_path / "words.apkg"
    found = run("words", str(UMBRELLA), "-o", str(out))
    assert found.exit_code == 1
    assert "pip install 'annotated-reader[anki]'" in found.stderr
    assert not out.exists()


@pytest.mark.parametrize("out", ["words.docx", "words", "-"])
def test_another_suffix_is_wrong_usage(out: str) -> None:
    found = run("words", str(UMBRELLA), "-o", out)
    assert found.exit_code == 2
    for suffix in WORD_LISTS:
        assert suffix in found.stderr


def test_a_text_below_every_level_has_an_empty_list(tmp_path: Path) -> None:
    text, out = tmp_path / "text.txt", tmp_path / "words.tsv"
    text.write_text("我是学生。", encoding="utf-8")
    found = run("words", str(text), "-o", str(out), "--level", "6")
    assert (found.exit_code, found.stderr) == (0, f"{out}: 0 words\n")
    assert out.read_text(encoding="utf-8").count("\n") == 7


def test_words_cut_by_hand_are_named_segmentation_and_the_old_name_works(tmp_path: Path) -> None:
    cuts, text = tmp_path / "cuts.txt", tmp_path / "text.txt"
    cuts.write_text("張江|高科技|園區\n", encoding="utf-8")
    text.write_text("張江高科技園區。", encoding="utf-8")
    for name in ("--segmentation", "--words"):
        out = tmp_path / "text.json"
        assert run("build", str(text), "-o", str(out), name, str(cuts)).exit_code == 0
        assert '"高科技"' in out.read_text(encoding="utf-8")
    shown = run("build", "--help").stdout
    assert "--segmentation FILE" in shown
    assert "--words" not in shown


@pytest.mark.parametrize("start", ["=", "+", "@", "-", '"=', "'="])
def test_a_spreadsheet_runs_no_cell(tmp_path: Path, start: str) -> None:
    out = tmp_path / "words.csv"
    write_words(WordList.of(reader.annotate(f"{start}SUM(1)我们在银行。"), Learner()), out)
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert {row["sentence"] for row in rows} == {f"'{start}SUM(1)我们在银行。"}
    assert all(cell[0] not in "=+@-" for row in rows for cell in row.values() if cell)
