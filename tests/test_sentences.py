"""Sentence splitting: the law that nothing is lost, and what people expect of it."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from reader.model import Block, Mark, MarkKind
from reader.sentences import sentences_of, split_sentences
from tests.laws import examples


def pieces(text: str, language: str = "zh") -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text, language)]


ALPHABET = st.sampled_from(list("我你A b1.。！？!?…\"'”」』》）(（「\n \u3000,，的Mrn~[]"))


@examples(100)
@given(st.text() | st.text(ALPHABET, max_size=60), st.sampled_from(["zh", "en", "de", ""]))
def test_spans_are_ordered_trimmed_and_cover_all_but_space(text: str, language: str) -> None:
    spans = split_sentences(text, language)
    covered = "".join(text[span.start : span.end] for span in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(spans))
    for span in spans:
        sentence = text[span.start : span.end]
        assert sentence
        assert sentence == sentence.strip()


@pytest.mark.parametrize(
    "sentences",
    [
        ["「走吧。」", "他說。", "「好！」"],
        ["他說：「你來了。", "坐吧。」", "我坐下了。"],
        ["“真的吗？”", "他问。"],
        ["他引用了一句話：「不進則退。」（見第三章）。", "後來呢？"],
        ["我……我不知道。", "算了……"],
        ["「我不知道……」", "他低下頭。"],
        ["《你好，李煥英！》上映了。", "很多人哭了。"],
        ["他（真的嗎？）走了。", "我沒有。"],
        ["什麼？！", "不會吧！！！", "唉。"],
        ["他常常問「為什麼？」的問題。", "沒人答。"],
        ["圓周率是3.14。", "版本是v2.0.1。", "好。"],
        ["1.研發投入高。", "2.人才多。"],
        ["訪問https://example.com/?q=1看看。", "謝謝。"],
        ['他说:"好。"', '我说:"行。"'],
        ["他来了。", '"你好"这句话没说完。'],
        ["我来了.", "你走吧."],
        ["據統計，增長了3%。[1]", "此後下降。"],
        ["他是Yahoo!奇摩的員工。", "真的!", "不騙你?", "對。"],
        ["唐納德.特朗普來了。", "他走了。"],
        ["一行\n".strip(), "二行"],
    ],
)
def test_chinese(sentences: list[str]) -> None:
    joiner = "\n" if sentences[0] == "一行" else ""
    assert pieces(joiner.join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Liang met Dr. Chen at 3.30 p.m. on Monday.", "They talked."],
        ["The U.S. economy grew.", "It slowed later."],
        ["He lives in the U.S.", "He likes it."],
        ["Prices rose by 3.5%, e.g. for pork.", "Why?"],
        ["J. K. Rowling and Samuel L. Jackson came.", "So did we."],
        ['"Go!" he said.', "She went."],
        ['"Why?" Anna asked.', '"Because."'],
        ["\u201cI don\u2019t know.\u201d", "\u201cNeither do I.\u201d"],
        ["Well... I am not sure.", "Wait..."],
        ["He waited.", "Then it came…", "She sat down."],
        ["1. First point.", "2. Second point.", "3. Third."],
        ["a. Alpha is first.", "b. Beta is next."],
        ["See Fig. 3 and pp. 4–6.", "No. 5 is best.", "The answer is no.", "Ask again."],
        ["Acme Inc. bought Foo Ltd. and Bar Co. in 2019.", "The price was low."],
        ["Really?!", "No way!!!", "OK."],
        ["It costs $3.14.", "Visit example.com now.", "(It is good.)", "Bye."],
        [["In 2019.", " people came."][0], "3 people came."],
        ["Use Node.js, Inc. or etc. in it.", "iPhone sales fell.", "The end."],
    ],
)
def test_english(sentences: list[str]) -> None:
    assert pieces(" ".join(sentences), "en") == sentences


def test_german_ordinals() -> None:
    text = "Am 3. Oktober war es kalt. Am 4. auch."
    assert pieces(text, "de") == ["Am 3. Oktober war es kalt.", "Am 4. auch."]


@pytest.mark.parametrize("size", [200_000, pytest.param(1_000_000, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "unit", ["。", "Mr. ", "a.", '."', "我", "… ", "?!」", " ", "\n", '好。"', "[1]."]
)
def test_so_many_characters_are_linear(unit: str, size: int) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        split_sentences(text, "zh")
        return time.process_time() - begin

    seconds(1_000)
    assert seconds(size) < 12 * size / 1_000_000


@pytest.mark.parametrize("number", ["1", "12", "[3]", "①", "*", "（1）", "注"])
@pytest.mark.parametrize(
    ("sentences", "language"),
    [
        (["他说好。", "他走了。"], "zh"),
        (["“好。”", "他走了。"], "zh"),
        (["他走了！", "“好？”", "是。"], "zh"),
        (["He said good. ", "He went."], "en"),
        (["“Go!” she said. ", "(He went.)"], "en"),
    ],
)
def test_the_number_of_a_note_stays_with_its_sentence(
    sentences: list[str], language: str, number: str
) -> None:
    text, marks, expected = "", [], []
    for sentence in sentences:
        words = sentence.rstrip()
        start = len(text) + len(words)
        marks.append(Mark(start, start + len(number), MarkKind.NOTE_REFERENCE, (("target", "n"),)))
        text += words + number + " " * (len(sentence) - len(words))
        expected.append(words + number)
    found = sentences_of(Block(text, marks=tuple(marks)), language)
    assert [text[span.start : span.end] for span in found] == expected
