"""Syllables, and their four notations, read and written."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from reader.options import Notation
from reader.pinyin import (
    ERHUA,
    SYLLABLES,
    apply_sandhi,
    is_syllable,
    parse,
    render_syllable,
    render_word,
)

ALL = sorted(base + tone for base in SYLLABLES for tone in "12345")
PARSED = (Notation.PINYIN, Notation.NUMBERS)

syllables = st.sampled_from(ALL)
with_erhua = st.one_of(
    syllables.map(lambda syllable: (syllable,)),
    syllables.map(lambda syllable: (syllable, ERHUA)),
)
words = st.lists(with_erhua, min_size=1, max_size=5).map(lambda parts: sum(parts, ()))


@pytest.mark.parametrize("notation", PARSED)
def test_every_syllable_comes_back(notation: Notation) -> None:
    assert all(parse(render_syllable(syllable, notation)) == (syllable,) for syllable in ALL)


def test_zhuyin_is_one_for_each_syllable() -> None:
    assert len({render_syllable(syllable, Notation.ZHUYIN) for syllable in ALL}) == len(ALL)


@pytest.mark.parametrize("notation", PARSED)
@given(words)
def test_every_word_comes_back(notation: Notation, word: tuple[str, ...]) -> None:
    assert parse(render_word(word, notation)) == word
    assert parse(render_word(word, notation, capital=True)) == word


@given(words)
def test_every_notation_has_every_syllable(word: tuple[str, ...]) -> None:
    for notation in Notation:
        for syllable in word:
            if syllable != ERHUA:
                bare = render_syllable(syllable[:-1] + "5", notation).strip("5˙")
                assert bare[:1] in render_word(word, notation) or notation is Notation.PINYIN


@given(st.text(max_size=12))
def test_any_text_is_pinyin_or_an_error(text: str) -> None:
    try:
        parsed = parse(text)
    except ValueError:
        return
    assert all(is_syllable(syllable) for syllable in parsed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nǚ'ér", "nü3 er2"),
        ("lu:e4", "lüe4"),
        ("LVE4", "lüe4"),
        ("fangan", "fan5 gan5"),
        ("fāng'àn", "fang1 an4"),
        ("xīān", "xi1 an1"),
        ("Běijīng Dàxué", "bei3 jing1 da4 xue2"),
        ("bei3jing1", "bei3 jing1"),
        ("yīdiǎnr", "yi1 dian3 r5"),
        ("dian3r", "dian3 r5"),
        ("dianr3", "dian3 r5"),
        ("ńg", "ng2"),
        ("ế", "ê2"),
        ("ma5ma0", "ma5 ma5"),
        ("", ""),
    ],
)
def test_pinyin_as_people_write_it(text: str, expected: str) -> None:
    assert parse(text) == tuple(expected.split())


@pytest.mark.parametrize("text", ["gaix", "zhō1", "6", "ㄍㄞˋ", "a6", "r2"])
def test_what_is_no_pinyin(text: str) -> None:
    with pytest.raises(ValueError, match="is not pinyin"):
        parse(text)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("gai4 zhang1", ("gàizhāng", "gai4zhang1", "ㄍㄞˋ ㄓㄤ", "kai⁴-chang¹")),
        ("xi1 an1", ("xī'ān", "xi1an1", "ㄒㄧ ㄢ", "hsi¹-an¹")),
        ("lü4 se4", ("lǜsè", "lü4se4", "ㄌㄩˋ ㄙㄜˋ", "lü⁴-sê⁴")),
        ("jue2 qi3", ("juéqǐ", "jue2qi3", "ㄐㄩㄝˊ ㄑㄧˇ", "chüeh²-chʻi³")),
        ("zi4 si1", ("zìsī", "zi4si1", "ㄗˋ ㄙ", "tzu⁴-ssu¹")),
        ("ci2 zhi2", ("cízhí", "ci2zhi2", "ㄘˊ ㄓˊ", "tzʻu²-chih²")),
        ("ri4 yong4", ("rìyòng", "ri4yong4", "ㄖˋ ㄩㄥˋ", "jih⁴-yung⁴")),
        (
            "ge1 ke4 he2 guo2",
            ("gēkèhéguó", "ge1ke4he2guo2", "ㄍㄜ ㄎㄜˋ ㄏㄜˊ ㄍㄨㄛˊ", "ko¹-kʻo⁴-ho²-kuo²"),
        ),
        (
            "gui4 dui4 shui3",
            ("guìduìshuǐ", "gui4dui4shui3", "ㄍㄨㄟˋ ㄉㄨㄟˋ ㄕㄨㄟˇ", "kuei⁴-tui⁴-shui³"),
        ),
        ("ma1 ma5", ("māma", "ma1ma5", "ㄇㄚ ˙ㄇㄚ", "ma¹-ma")),
        ("hua1 r5", ("huār", "huar1", "ㄏㄨㄚㄦ", "huarh¹")),
        ("er4 shi2", ("èrshí", "er4shi2", "ㄦˋ ㄕˊ", "êrh⁴-shih²")),
        ("weng1 you3", ("wēngyǒu", "weng1you3", "ㄨㄥ ㄧㄡˇ", "wêng¹-yu³")),
        ("xian1 xie4", ("xiānxiè", "xian1xie4", "ㄒㄧㄢ ㄒㄧㄝˋ", "hsien¹-hsieh⁴")),
        ("xiong2 zhong1", ("xióngzhōng", "xiong2zhong1", "ㄒㄩㄥˊ ㄓㄨㄥ", "hsiung²-chung¹")),
        ("jiu3 liu2", ("jiǔliú", "jiu3liu2", "ㄐㄧㄡˇ ㄌㄧㄡˊ", "chiu³-liu²")),
    ],
)
def test_notations(word: str, expected: tuple[str, ...]) -> None:
    assert tuple(render_word(word.split(), notation) for notation in Notation) == expected


def test_what_is_not_read_adds_nothing() -> None:
    assert render_word(("", "", "", "jin1", "rong2"), Notation.PINYIN) == "jīnróng"
    assert render_word(("", ""), Notation.PINYIN, capital=True) == ""
    assert render_syllable("", Notation.ZHUYIN) == ""


@pytest.mark.parametrize("wrong", ["gaix4", "gai", "gai6", "xx5", "Gai4", "lv4"])
def test_what_is_no_syllable_is_not_written(wrong: str) -> None:
    assert not is_syllable(wrong)
    with pytest.raises(ValueError, match="is not a syllable"):
        render_syllable(wrong, Notation.PINYIN)


@given(words, st.integers(0, 9))
def test_sandhi_changes_tones_only(word: tuple[str, ...], seed: int) -> None:
    text = "".join("一不好第是二"[(seed + i) % 6] for i in range(len(word)))
    changed = apply_sandhi(word, text)
    assert [s[:-1] for s in changed] == [s[:-1] for s in word]
    assert apply_sandhi(word, text, [1] * len(word))[-1] == word[-1]


@pytest.mark.parametrize(
    ("text", "cited", "lengths", "changed"),
    [
        ("一個人", "yi1 ge4 ren2", (2, 1), "yi2 ge4 ren2"),
        ("一天", "yi1 tian1", (2,), "yi4 tian1"),
        ("第一天", "di4 yi1 tian1", (2, 1), "di4 yi1 tian1"),
        ("看一看", "kan4 yi1 kan4", (3,), "kan4 yi5 kan4"),
        ("統一", "tong3 yi1", (2,), "tong3 yi1"),
        ("統一戰線", "tong3 yi1 zhan4 xian4", (2, 2), "tong3 yi1 zhan4 xian4"),
        ("二十一世紀", "er4 shi2 yi1 shi4 ji4", (3, 2), "er4 shi2 yi1 shi4 ji4"),
        ("一五一十", "yi1 wu3 yi1 shi2", (4,), "yi4 wu3 yi4 shi2"),
        ("一百", "yi1 bai3", (2,), "yi4 bai3"),
        ("一月", "yi1 yue4", (2,), "yi1 yue4"),
        ("一月一日", "yi1 yue4 yi1 ri4", (2, 2), "yi1 yue4 yi1 ri4"),
        ("一日一夜", "yi1 ri4 yi1 ye4", (2, 2), "yi2 ri4 yi2 ye4"),
        ("不是", "bu4 shi4", (2,), "bu2 shi4"),
        ("不好", "bu4 hao3", (2,), "bu4 hao3"),
        ("好不好", "hao3 bu4 hao3", (3,), "hao3 bu5 hao3"),
        ("你好", "ni3 hao3", (2,), "ni2 hao3"),
        ("我很好", "wo3 hen3 hao3", (1, 1, 1), "wo3 hen2 hao3"),
        ("展覽館", "zhan3 lan3 guan3", (3,), "zhan2 lan2 guan3"),
        ("小雨傘", "xiao3 yu3 san3", (1, 2), "xiao3 yu2 san3"),
    ],
)
def test_sandhi(text: str, cited: str, lengths: tuple[int, ...], changed: str) -> None:
    assert apply_sandhi(cited.split(), text, lengths) == tuple(changed.split())
