"""Alignment: its laws over generated disturbances, its evidence, and what it refuses."""

from __future__ import annotations

import re
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from reader.alignment import Pair, align, find_translation, pairs_of
from reader.alignment.cognates import NameFinder, chinese_numbers, english_numbers, spellings
from reader.alignment.keys import stem
from reader.errors import AlignmentError, OptionError
from reader.lexicon import Lexicon
from reader.model import Block, BlockKind, Document, Metadata, Segment
from reader.options import AlignOptions
from tests.aligned import PAIRS, check_laws, document, sentence_links, translation_of
from tests.command_line import said_by
from tests.growth import grows_in_proportion
from tests.laws import examples

TEXTS = Path(__file__).parent.parent / "texts"


def aligned(source: Document, target: Document, **options: Any) -> Document:
    anchors = options.pop("anchors", ())
    result = align(
        source, target, lexicon=Lexicon.default(), anchors=anchors, options=AlignOptions(**options)
    )
    check_laws(result)
    return result


def numbers(result: Document) -> list[tuple[list[int], list[int]]]:
    """Sentence links of texts of one paragraph, by the sentences' numbers."""
    return [
        ([s.sentence or 0 for s in link.sources], [s.sentence or 0 for s in link.targets])
        for link in sentence_links(result)
    ]


SOURCE = document([[zh for zh, _ in PAIRS]])
TARGET = document([[en for _, en in PAIRS]], "en")


def test_a_plain_translation_is_linked_one_to_one() -> None:
    result = aligned(SOURCE, TARGET)
    assert numbers(result) == [([n], [n]) for n in range(len(PAIRS))]
    assert all(0.8 <= link.score <= 1.0 for link in sentence_links(result))


@examples(15)
@given(st.lists(st.sampled_from(PAIRS), min_size=4, max_size=16, unique=True), st.data())
def test_a_text_is_its_own_translation(some: list[tuple[str, str]], data: Any) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(some) - 1), max_size=3)))
    texts = [zh for zh, _ in some]
    paragraphs = [texts[a:b] for a, b in zip([0, *cuts], [*cuts, len(texts)], strict=True)]
    source = document(paragraphs)
    links = translation_of(aligned(source, source)).links
    assert all(link.sources == link.targets for link in links)
    assert len(links) == len(texts) + len(paragraphs)


@examples(20)
@given(
    st.lists(st.sampled_from(PAIRS), min_size=1, max_size=8),
    st.lists(st.sampled_from(PAIRS), min_size=1, max_size=8),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_links_are_monotone_and_exclusive_whatever_comes(
    left: list[tuple[str, str]], right: list[tuple[str, str]], width: int, other: int
) -> None:
    chinese, english = [zh for zh, _ in left], [en for _, en in right]
    source = document([chinese[i : i + width] for i in range(0, len(chinese), width)])
    target = document([english[i : i + other] for i in range(0, len(english), other)], "en")
    try:
        result = aligned(source, target, cut_off=0.0)
    except AlignmentError as error:
        assert re.search("could be aligned|as long|answered", error.message)  # noqa: PT017
        return
    bare = [
        replace(b, sentences=a.sentences) for a, b in zip(source.blocks, result.blocks, strict=True)
    ]
    assert tuple(bare) == source.blocks


@examples(20)
@given(st.integers(1, len(PAIRS) - 2), st.sampled_from(["merge", "drop", "insert"]))
def test_one_disturbance_is_found_where_it_is(at: int, what: str) -> None:
    english = [en for _, en in PAIRS]
    expected = [([n], [n]) for n in range(at)]
    rest = range(at + 1, len(PAIRS))
    if what == "merge":
        joined = english[at - 1].rstrip(".?") + ", and " + english[at]
        english[at - 1 : at + 1] = [joined]
        expected[-1:] = [([at - 1, at], [at - 1])]
        expected += [([n], [n - 1]) for n in rest]
    elif what == "drop":
        del english[at]
        expected += [([n], [n - 1]) for n in rest]
    else:
        english.insert(at, "Nobody had mowed the parrot's gloomy lawn since the wedding.")
        expected += [([n], [n + 1]) for n in range(at, len(PAIRS))]
    found = numbers(aligned(SOURCE, document([english], "en")))
    assert set(map(str, found)) <= set(map(str, expected))
    assert len(found) >= len(expected) - 2


def test_what_is_not_sure_is_left_out_and_a_lower_cut_off_keeps_more() -> None:
    few = [len(sentence_links(aligned(SOURCE, TARGET, cut_off=c))) for c in (0.0, 0.8, 1.0)]
    assert few == sorted(few, reverse=True)
    for link in sentence_links(aligned(SOURCE, TARGET, cut_off=0.9)):
        assert link.score >= 0.9


def test_scripts_do_not_matter() -> None:
    from reader.scripts import simplify

    simple = document([[simplify(zh) for zh, _ in PAIRS]], "zh-Hans")
    assert numbers(aligned(simple, TARGET)) == numbers(aligned(SOURCE, TARGET))


def test_a_moved_paragraph_end_ties_no_four_paragraphs_together() -> None:
    chinese, english = [zh for zh, _ in PAIRS], [en for _, en in PAIRS]
    source = document([chinese[:8], chinese[8:]])
    target = document([english[:9], english[9:]], "en")
    result = aligned(source, target)
    assert numbers(result)[7:10] == [([7], [7]), ([0], [8]), ([1], [0])]
    blocks = [link for link in translation_of(result).links if link.sources[0].sentence is None]
    assert [(link.sources, link.targets) for link in blocks] == [
        ((Segment(n),), (Segment(n),)) for n in (0, 1)
    ]


def test_a_missing_chapter_is_stepped_over() -> None:
    paragraphs = [PAIRS[n : n + 2] for n in range(0, len(PAIRS), 2)]
    source = document([[zh for zh, _ in p] for p in paragraphs])
    target = document([[en for _, en in p] for p in (*paragraphs[:2], *paragraphs[6:])], "en")
    blocks = [
        (link.sources[0].block, link.targets[0].block)
        for link in translation_of(aligned(source, target)).links
        if link.sources[0].sentence is None
    ]
    assert blocks == [(0, 0), (1, 1), (6, 2), (7, 3)]


def test_kinds_of_blocks_are_evidence() -> None:
    source = Document(
        Metadata(language="zh-Hant"),
        (
            Block("海邊", BlockKind.HEADING),
            Block(PAIRS[7][0]),
            Block("前路", BlockKind.HEADING),
            Block(PAIRS[9][0]),
        ),
    )
    target = Document(
        Metadata(language="en"),
        (
            Block("Strange", BlockKind.HEADING),
            Block(PAIRS[7][1]),
            Block("Elsewhere", BlockKind.HEADING),
            Block(PAIRS[9][1]),
        ),
    )
    links = translation_of(aligned(source, target, cut_off=0.5)).links
    blocks = [link for link in links if link.sources[0].sentence is None]
    assert [link.sources == link.targets for link in blocks] == [True] * 4


def test_images_and_code_take_no_part_and_move_nothing() -> None:
    source = replace(SOURCE, blocks=(Block("", BlockKind.SEPARATOR), *SOURCE.blocks))
    links = sentence_links(aligned(source, TARGET))
    assert [(link.sources[0].block, link.targets[0].block) for link in links] == [(1, 0)] * 16


@pytest.mark.parametrize("name", ["market", "two-parks", "umbrella"])
def test_the_samples_are_linked_throughout(name: str) -> None:
    from reader.sources import read

    text = TEXTS / f"{name}.txt"
    found = find_translation(text)
    assert found == (TEXTS / f"{name}.en.txt", "en")
    result = aligned(read(text), read(found[0], language=found[1]))
    blocks = [link for link in translation_of(result).links if link.sources[0].sentence is None]
    assert [(link.sources, link.targets) for link in blocks] == [
        ((Segment(n),), (Segment(n),)) for n in range(len(result.blocks))
    ]
    linked = sum(len(link.sources) for link in sentence_links(result))
    assert linked >= 0.9 * sum(len(block.sentences) for block in result.blocks)
    assert all(  # In a faithful translation no link leaves its paragraph.
        {s.block for s in link.sources} == {s.block for s in link.targets}
        for link in sentence_links(result)
    )


STRANGER = document(
    [
        "Nobody had mowed the gloomy lawn since the wedding of the parrot's uncle in Vermont.",
        "My cello needs varnish, and the umbrella stand is full of onions again, said the bishop.",
        "Seventeen dwarfs were juggling saucepans. The tortoise snored on a velvet cushion.",
        "A recipe for trout: butter, almonds, and a pinch of salt; then wait until it sizzles.",
    ],
    "en",
)


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        (SOURCE, document([], "en"), "translation is empty"),
        (SOURCE, document(["", ""], "en"), "translation is empty"),
        (document([]), TARGET, "text is empty"),
        (TARGET, SOURCE, "swapped"),
        (SOURCE, replace(SOURCE, metadata=Metadata(language="en")), "should be in English"),
        (SOURCE, document([" ".join(f"wort{n}er" for n in "abcdefgh" * 10)], "en"), "English"),
        (document([zh for zh, _ in PAIRS[:4]]), STRANGER, "no more than 0% of the text's words"),
        (document([[PAIRS[0][0]]]), document([[en for _, en in PAIRS]] * 3, "en"), "as long"),
    ],
)
def test_what_cannot_be_a_translation_is_refused(
    source: Document, target: Document, message: str
) -> None:
    with pytest.raises(AlignmentError, match=message):
        aligned(source, target)


def test_an_english_text_read_as_chinese_is_still_english() -> None:
    target = replace(TARGET, metadata=Metadata())
    assert translation_of(aligned(SOURCE, target)).language == "en"


def test_a_machine_translation_says_so() -> None:
    note = Block("<!-- machine translation: some-model -->")
    target = replace(TARGET, blocks=(note, *TARGET.blocks))
    made = translation_of(aligned(SOURCE, target))
    assert (made.translator, made.machine, len(made.blocks)) == ("some-model", True, 1)


def test_anchors_are_respected_and_the_rest_lines_up_around_them() -> None:
    wrong = Pair((PAIRS[4][0], PAIRS[5][0]), (PAIRS[4][1],))
    silent = Pair((PAIRS[9][0],), (), 1.0)
    result = aligned(SOURCE, TARGET, anchors=[wrong, silent])
    found = numbers(result)
    assert ([4, 5], [4]) in found
    assert ([9], []) in found
    assert [link for link in found if not {*link[0]} & {4, 5, 9}] == [
        ([n], [n]) for n in range(16) if n not in (4, 5, 9)
    ]
    by_hand = [link for link in sentence_links(result) if link.by_hand]
    assert [link.score for link in by_hand] == [1.0, 1.0]


@examples(20)
@given(st.sets(st.integers(0, len(PAIRS) - 1), max_size=6))
def test_true_anchors_change_nothing(chosen: set[int]) -> None:
    anchors = [Pair((PAIRS[n][0],), (PAIRS[n][1],)) for n in sorted(chosen)]
    assert numbers(aligned(SOURCE, TARGET, anchors=anchors)) == [([n], [n]) for n in range(16)]


@pytest.mark.parametrize(
    ("anchors", "message"),
    [
        ([Pair(("沒有這句話。",), (PAIRS[0][1],), 1.0, "p.tsv", 7)], r"p\.tsv:7: .*not in"),
        ([Pair((PAIRS[0][0],), ("No such.",), 1.0, "p.tsv", 3)], r"p\.tsv:3: .*translation"),
        ([Pair((PAIRS[0][0][:5],), (PAIRS[0][1],), 1.0, "p.tsv", 2)], "whole sentences"),
        ([Pair((PAIRS[n][0],), (PAIRS[n][1],), 1.0, "p.tsv", 9) for n in (5, 2)], "earlier row"),
    ],
)  # fmt: skip
def test_anchors_that_do_not_fit_are_refused(anchors: list[Pair], message: str) -> None:
    with pytest.raises(AlignmentError, match=message):
        aligned(SOURCE, TARGET, anchors=anchors)


def test_pairs_of_an_aligned_text_bring_it_about_again() -> None:
    target = document([[en for _, en in PAIRS[:6]], [en for _, en in PAIRS[7:]]], "en")
    first = aligned(SOURCE, target)
    again = aligned(SOURCE, target, anchors=pairs_of(first))
    assert numbers(again) == numbers(first)
    assert [link.score for link in sentence_links(again)] == pytest.approx(
        [link.score for link in sentence_links(first)], abs=1e-3
    )


def test_scorers_are_chosen_by_name() -> None:
    assert numbers(aligned(SOURCE, TARGET, scorer="length", cut_off=0.0))
    with pytest.raises(OptionError, match="there are lexical, length"):
        aligned(SOURCE, TARGET, scorer="nobody")


def test_a_scorer_from_outside_is_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    from reader.alignment import aligner

    table = {text: n for n, pair in enumerate(PAIRS) for text in pair}

    class Oracle:
        def embed(self, texts: list[str], language: str) -> list[list[float]]:
            return [[float(table[text] == n) for n in range(len(PAIRS))] for text in texts]

    monkeypatch.setattr(aligner, "load_scorer", lambda name: Oracle())
    result = aligned(SOURCE, TARGET, scorer="oracle", cut_off=0.99)
    assert numbers(result) == [([n], [n]) for n in range(16)]


def test_other_languages_align_by_names_numbers_and_length() -> None:
    german = [
        "1992 kam Deng Xiaoping nach Shenzhen.",
        "Er wohnte 3 Monate in der Stadt.",
        "Die Fabrik hatte schon geschlossen.",
    ]
    source = document([[zh for zh, _ in PAIRS[:3]]])
    found = numbers(aligned(source, document([german], "de"), cut_off=0.0))
    assert found == [([n], [n]) for n in range(3)]


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("三個月", "three months"),
        ("1992年", "in 1992"),
        ("一九九二年", "in 1992"),
        ("幾千億", "hundreds of billions"),
        ("1.5億", "150 million"),
        ("３２５萬", "3.25 million"),
        ("三百二十五", "three hundred and twenty-five"),
        ("兩成", "20 per cent"),
        ("百分之三十", "30%"),
        ("三月", "March"),
        ("九十年代", "the 1990s"),
        ("第二次", "the second time"),
        ("數百", "hundreds"),
    ],
)
def test_numbers_meet_across_languages(chinese: str, english: str) -> None:
    assert set(chinese_numbers(chinese)) & set(english_numbers(english)[0])


@given(st.text())
def test_numbers_of_any_text_are_keys(text: str) -> None:
    for key in (*chinese_numbers(text), *english_numbers(text)[0]):
        assert key == "" or key.startswith("#")


def test_names_are_found_in_any_spelling() -> None:
    readings = Lexicon.default().readings
    finder = NameFinder({"wenfeng", "liangwenfeng", "tsetung", "chiehshih", "leung"}, readings)
    assert set(finder.find("梁文锋")) == {"wenfeng", "liangwenfeng", "leung"}
    assert finder.find("毛泽东") == ["tsetung"]
    assert "chiehshih" in finder.find("蒋介石")
    assert spellings("lü4") >= {"lu", "lyu"}


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_stems_never_vanish(word: str) -> None:
    assert stem(word)


def test_translations_are_found_beside_their_texts(tmp_path: Path) -> None:
    text = tmp_path / "a[1].txt"
    for name in ("a[1].txt", "a[1].fr.txt", "a[1].bak.txt", "a[1].zh.txt", "a1.en.txt"):
        (tmp_path / name).touch()
    assert find_translation(text) == (tmp_path / "a[1].fr.txt", "fr")
    (tmp_path / "a[1].en.md").touch()
    assert find_translation(text) == (tmp_path / "a[1].en.md", "en")
    assert find_translation(text, "fr") == (tmp_path / "a[1].fr.txt", "fr")
    assert find_translation(tmp_path / "b.txt") is None


def test_import_is_light() -> None:
    code = "import sys, reader.alignment, reader.translation; print('numpy' in sys.modules)"
    loaded = said_by(code)
    assert loaded.strip() == "False"


def test_time_grows_with_the_length_and_not_with_its_square() -> None:
    def texts(copies: int) -> tuple[list[str], list[str]]:
        pairs = [(f"第{n}段：{zh}", f"Part {n}: {en}") for n in range(copies) for zh, en in PAIRS]
        return [zh for zh, _ in pairs], [en for _, en in pairs]

    grows_in_proportion(lambda both: aligned(document(both[0]), document(both[1], "en")), texts, 12)


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("1,234 " * 5000, "1,234 " * 5000),
        *[(" ".join(map(str, range(10_000, 15_000))),) * 2],
        ("你好世界。" * 500, "A" + "a" * 40_000 + " in the world of it."),
    ],
    ids=["one key", "many keys", "a long name"],
)
def test_one_long_sentence_takes_no_more_memory_than_it_needs(chinese: str, english: str) -> None:
    aligned(document([["热身。"]]), document([["Warm."]], "en"), cut_off=0.0)
    tracemalloc.start()
    try:
        with suppress(AlignmentError):
            aligned(document([[chinese]]), document([[english]], "en"))
        assert tracemalloc.get_traced_memory()[1] < 150 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("unit", ["12:30", "1-", "U.S. "])
def test_a_text_without_stops_takes_time_in_proportion(unit: str) -> None:
    grows_in_proportion(
        lambda text: aligned(document([[text]]), document([[text + " in the world."]], "en")),
        lambda n: unit * n,
        8_000,
    )


@pytest.mark.parametrize("text", ["one hundred " * 155, "one hundred " * 8000, "9" * 400])
def test_english_numbers_of_any_size_are_read(text: str) -> None:
    assert english_numbers(text)[0] == [""]


@pytest.mark.parametrize("text", ["一" + "万" * 80, "一" + "万" * 30_000, "9" * 400 + "年代"])
def test_chinese_numbers_of_any_size_are_read(text: str) -> None:
    assert chinese_numbers(text) == []


def test_a_chinese_number_takes_time_in_proportion() -> None:
    grows_in_proportion(chinese_numbers, lambda n: "一" + "万" * n, 30_000)


def test_chapters_that_are_missing_are_told() -> None:
    chinese = [[zh] for zh, _ in PAIRS]
    english = [[en] for _, en in PAIRS[: len(PAIRS) // 2]]
    aligned = align(document(chinese), document(english, "en"))
    codes = [warning.code for warning in aligned.warnings]
    assert codes == ["untranslated"]
    assert not align(document(chinese), document([[en] for _, en in PAIRS], "en")).warnings


def test_blocks_that_answer_crosswise_are_one_link() -> None:
    chinese = [[zh] for zh, _ in PAIRS[:3]]
    english = [[PAIRS[i][1]] for i in (0, 2, 1)]
    aligned(document(chinese), document(english, "en"), cut_off=0.0)  # holds the laws
