"""Short glosses: whole, short, of the reading, and the sense meant."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import reader
from reader.lexicon import Lexicon
from reader.lexicon.glosses import (
    LISTED,
    LONGEST,
    MEASURE,
    NONE,
    Glosses,
    _kind,
    _patterns,
    short_gloss,
    shown_senses,
)
from reader.model import Reading, ReadingSource, Token, TokenKind


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.default()


ROWS = [
    line.split("\t")
    for line in Path(__file__, "../data/glosses.tsv").resolve().read_text("utf-8").splitlines()
    if not line.startswith("#")
][1:]


def token_of(word: str, reading: str, lexicon: Lexicon) -> Token:
    """A token of the word so read, with the dictionary's senses."""
    spoken = tuple(reading.split(" "))
    entries = [entry for entry in lexicon.entries(word) if entry.syllables == spoken]
    entries = sorted(entries or lexicon.entries(word), key=lambda entry: entry.proper)
    senses = dict.fromkeys(sense for entry in entries for sense in entry.senses)
    simplified = entries[0].simplified if entries else word
    return Token(
        word,
        TokenKind.WORD,
        simplified,
        word,
        Reading(spoken, ReadingSource.DICTIONARY, 1.0),
        senses=tuple(senses),
    )


@pytest.mark.parametrize(("words", "least"), [("all", 0.92), ("hard", 0.91)])
def test_glosses_of_running_text_are_the_sense_meant(
    words: str, least: float, lexicon: Lexicon
) -> None:
    glosses = Glosses(lexicon)
    judged = [row for row in ROWS if row[4:] == [words, "decides"]]
    shown = [row for row in judged if glosses.short(token_of(row[0], row[1], lexicon))]
    # A gloss that is not the one judged counts as wrong until it has been judged.
    right = [
        row
        for row in shown
        if row[3] == "right" and glosses.short(token_of(row[0], row[1], lexicon)) == row[2]
    ]
    assert len(shown) > 0.8 * len(judged)
    assert len(right) >= least * len(shown)


pieces = st.sampled_from(
    [
        "to go",
        "a",
        "very",
        "house",
        "(old)",
        "(of a road)",
        "; ",
        ", ",
        "[xing2]",
        "行",
        "etc",
        "x" * 19,
    ]
)
senses = st.lists(st.lists(pieces, min_size=1, max_size=6).map(" ".join), max_size=4)


@given(senses, st.sampled_from(["", "v", "n", "d"]))
def test_a_gloss_is_a_whole_piece_of_a_sense(given_senses: list[str], tag: str) -> None:
    gloss = short_gloss(given_senses, tag)
    assert len(gloss) <= LONGEST
    if gloss:
        assert not re.search(r"[()\[\]行]|^to ", gloss)
        flat = [
            " ".join(re.sub(r"\([^)]*\)|\[[^]]*\]", " ", each).split()) for each in given_senses
        ]
        # Not cut: where it stands in the sense, no letter is before or behind it.
        assert any(re.search(rf"(?<!\w){re.escape(gloss)}(?!\w)", each) for each in flat)


def test_rows_name_words_of_the_dictionary_and_fit(lexicon: Lexicon) -> None:
    from reader.lexicon.glosses import _data

    for word, reading, gloss in _data("glosses.tsv"):
        assert len(word) == len(reading.split()), word
        assert 0 < len(gloss) <= LONGEST, word
        assert "(" not in gloss, word
        read = {entry.syllables for entry in lexicon.entries(word)}
        assert tuple(reading.split()) in read, (word, reading)
        assert gloss == NONE or any(map(str.isalpha, gloss))


def short_in(text: str, word: str) -> str:
    document = reader.annotate(text)
    glosses = Glosses(Lexicon.default())
    return next(
        glosses.short(t) for block in document.blocks for t in block.tokens if t.text == word
    )


def test_the_gloss_is_that_of_the_reading() -> None:
    assert short_in("他还了书。", "还") == "give back"
    assert short_in("他还没来。", "还") == "still; also"
    assert short_in("我吃了一个便当。", "便当") == "boxed lunch"


def test_names_and_what_is_no_word_have_none() -> None:
    document = reader.annotate("王小明在北京买了3本书。")
    glosses = Glosses(Lexicon.default())
    for block in document.blocks:
        for token in block.tokens:
            if token.proper or token.kind is not TokenKind.WORD:
                assert glosses.short(token) == ""


def test_a_word_that_is_another_form_has_that_ones_gloss(lexicon: Lexicon) -> None:
    assert Glosses(lexicon).short(token_of("女孩儿", "nü3 hai2 r5", lexicon)) == "girl"


def test_a_measure_word_is_said_to_be_one() -> None:
    assert short_gloss(["classifier for ships"]) == MEASURE
    assert short_gloss(["classifier for rooms", "room"]) == "room"


def test_senses_for_people_leave_out_family_names(lexicon: Lexicon) -> None:
    shown = shown_senses(token_of("还", "huan2", lexicon))
    assert shown
    assert not any("surname" in sense for sense in shown)


@pytest.mark.parametrize(
    ("word", "gloss"),
    [("合伙人", "partner"), ("电商", "e-commerce"), ("数量", "amount; quantity")],
)
def test_a_list_says_what_a_word_means_and_not_what_others_are_called(
    lexicon: Lexicon, word: str, gloss: str
) -> None:
    glosses = Glosses(lexicon)
    for entry in lexicon.entries(word):
        reading = Reading(entry.syllables, ReadingSource.DICTIONARY)
        token = Token(entry.traditional, simplified=word, reading=reading, senses=entry.senses)
        assert glosses.listed(token).startswith(gloss)
        assert "[" not in glosses.listed(token)


def test_what_tells_kinds_quickly_tells_them_as_the_patterns_do(lexicon: Lexicon) -> None:
    _, anywhere = _patterns()
    words = list("大小人心东西老师一下打开中国车子水果上海")
    pairs = [first + second for first in words for second in lexicon.reading_index_seconds(first)]
    words += [word for pair in pairs for word, _, _ in lexicon.lattice_words(pair)]
    senses = {sense for word in words for entry in lexicon.entries(word) for sense in entry.senses}
    found = {sense: match.lastgroup for sense in senses if (match := anywhere.match(sense))}
    assert {sense: kind for sense in senses if (kind := _kind(sense))} == found
    assert len(senses) > 3000
    assert len(set(found.values())) == 5


PIECES = (
    "to ", "open", "quickly", "(old) ", "(a door)", "variant of ", "see ", "Hu", "; ", "…", "(",
    "to", "[hu2]", "used in ", "{x}", "fig. ", "surname ", "classifier for ", "3", ". ",
)  # fmt: skip
SENSE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)


@given(st.lists(SENSE, min_size=1, max_size=4, unique=True))
def test_what_is_no_gloss_comes_last_and_a_list_has_what_comes_first(senses: list[str]) -> None:
    glosses, token = Glosses(Lexicon.default()), Token("打开", senses=tuple(senses))
    ordered = glosses.senses(token)
    assert sorted(ordered) == sorted(shown_senses(token))
    assert glosses.senses(replace(token, senses=ordered)) == ordered
    are_glosses = [_kind(sense) in ("", "late") for sense in ordered]
    assert are_glosses == sorted(are_glosses, reverse=True)
    if "[" not in "".join(senses):
        listed = glosses.listed(token)
        fitting = ["; ".join(ordered[:count]) for count in range(1, len(ordered) + 1)]
        assert listed in fitting
        longer = fitting[fitting.index(listed) + 1 :]
        assert not longer or len(longer[0]) > LISTED
