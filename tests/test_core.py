"""The compiled core and the Python beside it are one and the same to their callers."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from reader.annotation.classifier import Classifier
from reader.annotation.lattice import ReferenceSegmenter
from reader.annotation.readings import ReadingResolver
from reader.annotation.segmentation import WordSegmenter
from reader.annotation.tokens import TOKEN_LAYERS, TokenFactory
from reader.annotation.word_candidates import HAN, Word
from reader.core import COMPILED, choose
from reader.errors import WriteError
from reader.lexicon import Lexicon
from reader.lexicon.table import Table, build
from reader.markup import Dialect
from reader.model import Reading, ReadingSource, Token
from reader.options import Script
from reader.scripts import simplify, to_traditional
from reader.writers import word_markup
from reader.writers.word_markup import Asked, Asking, AtFirst, Form, MarkupCache, WordMarkup
from tests.lexicons import all_records, modest_table

TEXTS = sorted(Path(__file__).parents[1].glob("texts/*.txt"))
pytestmark = pytest.mark.skipif(
    not COMPILED and not os.environ.get("CI"), reason="installed without a C compiler"
)

CLAUSES = [c for text in TEXTS for c in text.read_text("utf-8").replace("\n", "，").split("，")]
PIECES = (
    *"的了著着得地不一為为行重長还都和看中儿兒第几幾数數十百千万兩零〇々",
    *"王李張歐陽區单單解查任先生教授", *"阿里巴巴克斯特爾爾瓦", *"省市区縣",
    "看一看", "走走", "轻轻地", "看得到", "好不好", "三個人", "第几", "十几", "几十萬", "数百萬人",
    "花兒", "一会儿", "小孩儿", "覆雜", "一只眼", "卡拉OK", "T恤", "P2P", "3.5%", "Ａ１",
    "１２，３", "don't", "ㄅㄆ", "カナ", "한글", "。。", "……", "\u3000", "\t", "\ud800", "A", "7",
    "葛\U000e0100", "\ufe00", "\U00020000", "\ue000", "年", "月", "「", "」",
)  # fmt: skip
TEXT = st.lists(st.sampled_from([*PIECES, *CLAUSES]) | st.characters(), max_size=12).map("".join)


def test_it_is_there_where_everything_is_checked() -> None:
    assert COMPILED


@cache
def reference() -> ReferenceSegmenter:
    return ReferenceSegmenter(Lexicon.default())


@cache
def segmenter() -> WordSegmenter:
    return WordSegmenter(Lexicon.default())


@cache
def resolver(*, read_numbers: bool = False) -> ReadingResolver:
    return ReadingResolver(Lexicon.default(), Classifier.load(), read_numbers=read_numbers)


@given(TEXT, st.sampled_from(["zh-Hans", "zh-Hant-HK"]), st.sets(st.integers(0, 60)))
def test_words_are_the_same(text: str, language: str, starts: set[int]) -> None:
    shadow = simplify(text, language)
    fixed = [(at, at + 2, 3) for at in sorted({*starts} - {at + 1 for at in starts})]
    fixed = [word for word in fixed if word[1] <= len(text)]
    assert list(segmenter()._segment(text, shadow, fixed)) == reference().segment(
        text, shadow, fixed
    )


@given(st.text("第几数一千万亿零个人王的", min_size=20, max_size=90))
def test_long_numbers_are_the_same(text: str) -> None:
    assert list(segmenter()._segment(text, text, [])) == reference().segment(text, text, [])


@given(TEXT)
def test_words_are_a_sequence(text: str) -> None:
    words = segmenter().segment(text, text)
    listed = list(words)
    assert len(words) == len(listed)
    assert all(words[-at] == listed[-at] for at in range(1, len(listed) + 1))
    with pytest.raises(IndexError):
        words[len(listed)]


@given(TEXT, st.booleans())
def test_readings_are_the_same(text: str, numbers: bool) -> None:
    shadow = simplify(text)
    words = segmenter().segment(text, shadow)
    ours = resolver(read_numbers=numbers)
    assert ours.read(words, text, shadow) == ours._interpreted(words, text, shadow)


@given(TEXT, st.sets(st.sampled_from(sorted(TOKEN_LAYERS))))
def test_tokens_are_the_same(text: str, layers: set[str]) -> None:
    shadow = simplify(text)
    words = segmenter().segment(text, shadow)
    readings = resolver().read(words, text, shadow)
    ours = TokenFactory(Lexicon.default(), layers)
    forms = text, shadow, to_traditional(shadow)
    compare_tokens(ours, words, readings, forms)
    compare_tokens(TokenFactory(Lexicon.default(), layers, shout), words, readings, forms)


def shout(token: Token) -> Token:
    """Tokens that another form finishes."""
    return replace(token, traditional="！" * len(token.text))


def compare_tokens(
    ours: TokenFactory,
    words: Sequence[Word],
    readings: list[Reading | None],
    forms: tuple[str, str, str],
) -> None:
    found = ours.make(words, readings, *forms)
    assert found == ours._interpreted(words, readings, *forms)
    again = ours.make(words, readings, *forms)
    assert all(one is other for one, other in zip(found, again, strict=True))


TOKENS = st.lists(st.sampled_from([Token(text) for text in ("好", "蓋章", "。", "A", "x")]))


@given(TOKENS, st.lists(st.integers(0, 9), max_size=8), st.sampled_from(["<", "。", ""]))
def test_markup_is_the_same(tokens: list[Token], ends: list[int], opening: str) -> None:
    def make(token: Token) -> str:
        return token.text if token.text in "。A" else f"<{token.text}>"

    ours = MarkupCache(make, opening, ">", "|")
    plain = word_markup._Interpreted(opening, ">", "|")
    parts = plain.each(tokens, make)
    assert ours.each(tokens) == parts
    assert ours.join(tokens) == plain.join(tokens, make)
    around = tuple((*pair, "(", ")") for pair in zip(ends[::2], ends[1::2], strict=False))
    reach = [0, *(at for first, after, *_ in around for at in (first, after))]
    if reach == sorted(reach) and all(a < b for a, b, *_ in around) and reach[-1] <= len(tokens):
        for at, (one, other) in enumerate(pairwise(parts[:])):
            if opening and one.endswith(">") and other.startswith(opening):
                parts[at] += "|"
        for first, after, before, behind in around:
            parts[first] = before + parts[first]
            parts[after - 1] += behind
        assert ours.join(tokens, around) == "".join(parts)
    else:
        with pytest.raises(ValueError, match="out of order"):
            ours.join(tokens, around)


@given(st.lists(TOKENS, min_size=1), st.data())
def test_what_is_asked_in_chapters_is_the_same(
    blocks: list[list[Token]], data: st.DataObject
) -> None:
    """A token is asked for once, and what it gives for each chapter."""
    markup = st.sampled_from(["", "<x>", "x", None])
    here = st.sampled_from([None, "", "<y>", ("(", ")"), ("", "!")])
    answers = data.draw(st.fixed_dictionaries(dict.fromkeys("好蓋。Ax", markup)))
    firsts = data.draw(st.dictionaries(st.sampled_from("好蓋。Ax"), here))
    taken = data.draw(st.sets(st.sampled_from("好蓋。Ax")))
    pages = []
    for own in (None, word_markup._Interpreted("<", ">", "|")):
        asked: list[str] = []

        def ask(token: Token, asked: list[str] = asked) -> Asked:
            asked.append(token.text)
            text = token.text[0]
            if text not in firsts:
                return answers[text]
            return answers[text], (text, "taken") if text in taken else text

        def first(thing: object, asked: list[str] = asked) -> AtFirst:
            asked.append(f"first {thing}")
            return firsts[str(thing)]

        def take(*parts: str, asked: list[str] = asked) -> object:
            asked.append(f"first {parts}")
            return firsts[parts[0]]

        cache = MarkupCache(
            lambda token: f"<{token.text}>", "<", ">", "|", asking=Asking(ask, first)
        )
        cache._own = own or cache._own
        joined = []
        for number, tokens in enumerate(blocks):
            if number % 2:
                cache.start_chapter()
            joined.append(cache.join(tokens, take=take))
        once = [text for text in asked if not text.startswith("first")]
        assert len(once) == len(set(once))
        pages.append((joined, asked))
    assert pages[0] == pages[1]


SYLLABLE = st.sampled_from(
    ["gai4", "zhang1", "an1", "e2", "r5", "lü4", "hng5", "ng2", "ê4", "qian1 wa3", "?", ""]
)


@given(st.lists(st.tuples(st.sampled_from("蓋章A&\t\x01"), SYLLABLE), min_size=1), st.data())
def test_ruby_is_the_same(characters: list[tuple[str, str]], data: st.DataObject) -> None:
    text = "".join(character for character, _ in characters)
    syllables = tuple(syllable for _, syllable in characters)
    breaks = data.draw(st.sets(st.integers(1, 4)).map(sorted)) if len(text) > 4 else ()
    reading = None
    if any(syllables):
        reading = Reading(syllables, ReadingSource.MODEL, breaks=tuple(breaks))
    token = Token(text, simplified=text[::-1], reading=reading, proper=data.draw(st.booleans()))
    for script in Script:
        ours = WordMarkup(Dialect(epub=True), Form(script))
        if "\x01" in text:
            with pytest.raises(WriteError, match=r"U\+0001"):
                ours.each((token,))
        else:
            assert ours.each((token,)) == [ours._make(token)]


def test_every_character_is_of_the_same_kind() -> None:
    """Those of the first plane, and some of every block behind it."""
    of_one_kind([*range(0x10000), *range(0x10000, sys.maxunicode + 1, 61)])


@pytest.mark.long
def test_every_character_of_all_planes_is_of_the_same_kind() -> None:
    of_one_kind(range(sys.maxunicode + 1))


def of_one_kind(codes: Sequence[int]) -> None:
    for start in range(0, len(codes), 4096):
        text = "".join(map(chr, codes[start : start + 4096]))
        assert list(segmenter()._segment(text, text, [])) == reference().segment(text, text, [])


@pytest.mark.skipif(
    not choose(lambda core: core.CHECKED, lambda: 1), reason="compiled without READER_CHECK"
)
def test_what_the_core_makes_is_checked() -> None:
    """A reading that does not fit its word makes a token that cannot be, in Python and in the core
    alike."""
    ours = TokenFactory(Lexicon.default())
    short = Reading(("lun4",), ReadingSource.DICTIONARY, 1.0)
    for make in (ours.make, ours._interpreted):
        with pytest.raises(ValueError, match="does not have"):
            make([(0, 2, HAN)], [short], "论着", "论着", "論着")


@pytest.mark.parametrize("kind", [1, 7], ids=["person", "space"])
def test_words_outside_their_text_are_refused(kind: int) -> None:
    words: list[Word] = [(0, 3, kind)]
    with pytest.raises(ValueError, match="not in its text"):
        resolver().read(words, "好", "好")
    with pytest.raises(ValueError, match="not in its text"):
        TokenFactory(Lexicon.default()).make(words, [None], "好", "好", "好")
    with pytest.raises(ValueError, match="out of order"):
        segmenter()._segment("好", "好", words)


@pytest.mark.parametrize(("made", "error"), [("好", TypeError), (None, TypeError)])
def test_what_is_finished_is_a_token(made: Any, error: type[Exception]) -> None:
    ours = TokenFactory(Lexicon.default(), finish=lambda token: made)
    if ours.make != ours._interpreted:
        with pytest.raises(error):
            ours.make([(0, 1, 0)], [None], "好", "好", "好")


def test_errors_of_what_finishes_are_raised() -> None:
    ours = TokenFactory(Lexicon.default(), finish=lambda token: replace(token, traditional="太長"))
    for make in (ours.make, ours._interpreted):
        with pytest.raises(ValueError, match="differs in length"):
            make([(0, 1, 0)], [None], "好", "好", "好")


def test_forms_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        segmenter()._segment("好", "好的", [])
    with pytest.raises(ValueError, match="differ in length"):
        resolver().read([(0, 1, 0)], "好", "好的")
    with pytest.raises(ValueError, match="differ in"):
        TokenFactory(Lexicon.default()).make([(0, 1, 0)], [], "好", "好", "好")


def test_memories_that_are_full_start_afresh() -> None:
    """More distinct words, places and tokens than are remembered, and the same at the end."""
    ours = resolver()
    first = "他為人正直，還了錢。"
    words = segmenter().segment(first, simplify(first))
    before = ours.read(words, first, simplify(first))
    for start in range(0x4E00, 0x9FF0, 16):
        text = "".join(
            chr(code) + chr(0x4E00 + (7 * code + start) % 0x51A0)
            for code in range(start, start + 16)
        )
        shadow = simplify(text)
        cut = segmenter().segment(text, shadow)
        assert cut[-1][1] == len(text)
        assert len(ours.read(cut, text, shadow)) == len(cut)
    assert ours.read(words, first, simplify(first)) == before


# ---- a lexicon that is not what was compiled ----


SPOILS = [b"", b"\t", b"\n", b",", b"9", b"-9", b"9h9p9n", b"\xff", b"\xf7\xbf\xbf\xbf", b"\xe7"]


def spoilt(value: bytes, dice: random.Random) -> bytes:
    """A record with some bytes changed, left out, said again or put in."""
    data = bytearray(value)
    for _ in range(dice.choice([0, 0, 1, 1, 4])):
        start = dice.randrange(len(data) + 1)
        end = start + dice.choice([0, 1, 1, 2, 9, 40])
        data[start:end] = dice.choice(SPOILS) * dice.choice([1, 1, 70]) + dice.randbytes(start % 3)
    return bytes(data)


def test_no_record_leads_the_core_astray(tmp_path: Path) -> None:
    texts = [text.read_text("utf-8")[:400] for text in TEXTS if ".en" not in text.name]
    whole = Table(modest_table(tmp_path, "".join(texts)))
    records = list(all_records(whole))
    classifier = Classifier.load()
    for seed in range(25):
        dice = random.Random(seed)
        table = Table(build((key, spoilt(value, dice)) for key, value in records))
        lexicon = Lexicon(table)
        # Whatever it makes of that, or says, it comes back.
        for text in texts:
            words: Sequence[Word] = [(at, at + 2, HAN) for at in range(0, len(text) - 1, 2)]
            with suppress(ValueError, ArithmeticError, LookupError, TypeError):
                words = WordSegmenter(lexicon).segment(text, text)
            readings: list[Reading | None] = [None] * len(list(words))
            with suppress(ValueError, ArithmeticError, LookupError, TypeError):
                readings = ReadingResolver(lexicon, classifier).read(words, text, text)
            with suppress(ValueError, ArithmeticError, LookupError, TypeError):
                TokenFactory(lexicon, TOKEN_LAYERS).make(words, readings, text, text, text)


def test_no_byte_leads_the_core_astray(tmp_path: Path) -> None:
    text = TEXTS[0].read_text("utf-8")[:300]
    whole = modest_table(tmp_path, text, 200)
    for seed in range(25):
        dice, data = random.Random(seed), bytearray(whole)
        for _ in range(20):
            data[dice.randrange(24, len(data) - 4)] = dice.randrange(256)
        with suppress(ValueError, ArithmeticError, LookupError, TypeError):
            list(WordSegmenter(Lexicon(Table(bytes(data)))).segment(text, text))
