"""Syllables written down: pinyin, numbers, zhuyin and Wade-Giles."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from reader.errors import one_of
from reader.pinyin.syllables import (
    CONSONANTS,
    ERHUA,
    FINALS,
    SOUNDS,
    SYLLABLES,
    TONE_MARKS,
    is_syllable,
    table,
    takes_apostrophe,
)


class Notation(StrEnum):
    """How a reading is written."""

    PINYIN = "pinyin"
    NUMBERS = "numbers"
    ZHUYIN = "zhuyin"
    WADE_GILES = "wade-giles"


def render_syllable(syllable: str, notation: Notation | str) -> str:
    """One syllable in a notation; `r5` alone is r, ㄦ or rh. Not a syllable: `ValueError`.

    >>> [render_syllable("lü4", notation) for notation in Notation]
    ['lǜ', 'lü4', 'ㄌㄩˋ', 'lü⁴']
    """
    return _render(syllable, notation) if syllable else ""


@lru_cache(maxsize=16384)
def _render(syllable: str, notation: Notation | str) -> str:
    notation = one_of(Notation, "notation", notation)
    if not is_syllable(syllable):
        raise ValueError(f"{syllable!r} is not a syllable")
    return _NOTATIONS[notation](syllable[:-1], syllable[-1])


def render_word(
    syllables: Sequence[str],
    notation: Notation | str,
    *,
    breaks: Sequence[int] = (),
    capital: bool | Collection[int] = False,
) -> str:
    """A word's reading: joined, with apostrophes and 儿化 merged, as its notation has it.

    Characters that are not read (`""`) add nothing. A string of several syllables with spaces
    between them counts as those syllables. `breaks` are the indices, ascending, at which another
    word begins, after a space (zhuyin has spaces everywhere, and no capitals). `capital` marks a
    proper name, each of whose words has one; or it has the indices of those that take one.

    >>> render_word(("xi1", "an1"), Notation.PINYIN, capital=True)
    "Xī'ān"
    >>> render_word("bei3 jing1 da4 xue2".split(), Notation.PINYIN, breaks=(2,), capital=True)
    'Běijīng Dàxué'
    >>> render_word(("xiao3", "an1", "na4"), Notation.WADE_GILES, capital=(1, 2))
    'hsiao³-An¹-Na⁴'
    >>> [render_word(("yi1", "hui4", "r5"), notation) for notation in Notation]
    ['yīhuìr', 'yi1huir4', 'ㄧ ㄏㄨㄟˋㄦ', 'i¹-huirh⁴']
    """
    if type(notation) is not Notation:
        notation = one_of(Notation, "notation", notation)
    if notation is Notation.ZHUYIN:
        return _join_zhuyin(_read(syllables))
    join = _JOINERS[notation]
    if not breaks and not capital:
        return join(_read(syllables))
    words = []
    for start, end in pairwise((0, *breaks, len(syllables))):
        word = join(_read(syllables[start:end]))
        if capital is True:
            word = _capital(word)
        elif capital:
            inside = [at - start for at in sorted(capital) if start <= at < end]
            word = _with_capitals(word, syllables[start:end], inside, join)
        words.append(word)
    return " ".join(filter(None, words))


def _read(syllables: Sequence[str]) -> list[str]:
    return " ".join(syllables).split()


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _with_capitals(
    word: str, syllables: Sequence[str], capitals: Sequence[int], join: Callable[[list[str]], str]
) -> str:
    """The word made by `join` with capitals at these indices; 儿化 merged into it has none."""
    for at in capitals:
        if syllables[at] not in ("", ERHUA) or not at:
            # What stands before is as long by itself, but for an apostrophe or hyphen behind it.
            place = len(join(_read(syllables[:at])))
            while place < len(word) and word[place] in _BETWEEN:
                place += 1
            word = word[:place] + _capital(word[place:])
    return word


_BETWEEN = "'-"
"""What stands before a syllable inside a word."""

_MARKED = {
    (vowel, tone): unicodedata.normalize("NFC", vowel + mark)
    # Reversed, so that of the two marks of the third tone the caron is written, not the breve.
    for mark, tone in reversed(TONE_MARKS.items())
    for vowel in ("a", "e", "ê", "o", "i", "u", "ü", "m", "n")
}


def _marked(letters: str, tone: str) -> str:
    """With its mark on a or e, on the o of ou, or else on the last vowel (GB/T 16159)."""
    if tone == "5":
        return letters
    at = _place_of_mark(letters)
    return letters[:at] + _MARKED[letters[at], tone] + letters[at + 1 :]


def _place_of_mark(letters: str) -> int:
    for vowels in ("a", "e", "ê", "ou"):
        if (at := letters.find(vowels)) >= 0:
            return at
    # Of interjections without a vowel (m, n, ng, hm, hng) the first m or n.
    last = max(map(letters.rfind, "iouü"))
    return last if last >= 0 else min(at for at in map(letters.find, "mn") if at >= 0)


def _join_pinyin(syllables: Sequence[str]) -> str:
    """With apostrophes, one before the r of é'r too: joined it would be 二, and hǹ'g 哼."""
    parts = [_pinyin(syllables[0]), *map(_pinyin_inside, syllables[1:])] if syllables else []
    if ERHUA in syllables:
        for at in range(1, len(parts)):
            if syllables[at] == ERHUA and syllables[at - 1][:-1] == "e":
                parts[at] = f"'{parts[at]}"
    return "".join(parts)


@lru_cache(maxsize=4096)
def _pinyin(syllable: str) -> str:
    return _render(syllable, Notation.PINYIN)


@lru_cache(maxsize=4096)
def _pinyin_inside(syllable: str) -> str:
    """A syllable that is not the first of its word; 儿化 is part of the one before."""
    return _with_apostrophe(syllable, _pinyin(syllable))


def _with_apostrophe(syllable: str, written: str) -> str:
    """A syllable as written, behind an apostrophe if it must have one inside a word."""
    return f"'{written}" if syllable != ERHUA and takes_apostrophe(syllable[:-1]) else written


def ways_to_write(syllable: str) -> tuple[str, str, str] | None:
    """In pinyin: as it begins a word, stands inside one, and begins a name.

    None for 儿化, which depends on what is before it, and for what is not one syllable.

    >>> ways_to_write("an1"), ways_to_write("lü4")
    (('ān', "'ān", 'Ān'), ('lǜ', 'lǜ', 'Lǜ'))
    """
    if syllable == ERHUA or not is_syllable(syllable):
        return None
    first = _marked(syllable[:-1], syllable[-1])
    return first, _with_apostrophe(syllable, first), _capital(first)


def _numbered(letters: str, tone: str) -> str:
    return letters + tone


def _join_numbers(syllables: Sequence[str]) -> str:
    """hua1 r5 as huar1; é and its r stay apart, er2 being another syllable."""
    parts: list[str] = []
    for before, syllable in zip(("", *syllables), syllables, strict=False):
        if syllable == ERHUA and before not in ("", ERHUA) and before[:-1] != "e":
            parts[-1] = f"{before[:-1]}r{before[-1]}"
        else:
            parts.append(_render(syllable, Notation.NUMBERS))
    return "".join(parts)


_ZHUYIN_INITIALS = dict(zip(FINALS, "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ", strict=True))
_ZHUYIN_FINALS = table(
    "a:ㄚ o:ㄛ e:ㄜ ê:ㄝ ai:ㄞ ei:ㄟ ao:ㄠ ou:ㄡ an:ㄢ en:ㄣ ang:ㄤ eng:ㄥ er:ㄦ i:ㄧ ia:ㄧㄚ "
    "io:ㄧㄛ iai:ㄧㄞ ie:ㄧㄝ iao:ㄧㄠ iu:ㄧㄡ ian:ㄧㄢ in:ㄧㄣ iang:ㄧㄤ ing:ㄧㄥ iong:ㄩㄥ u:ㄨ "
    "ua:ㄨㄚ uo:ㄨㄛ uai:ㄨㄞ ui:ㄨㄟ uan:ㄨㄢ un:ㄨㄣ uang:ㄨㄤ ueng:ㄨㄥ uong:ㄨㆲ ong:ㄨㄥ "
    "ü:ㄩ üe:ㄩㄝ üan:ㄩㄢ ün:ㄩㄣ"
)
_ZHUYIN_CONSONANTS = {"m": "ㄇ", "n": "ㄋ", "ng": "ㄫ", "hm": "ㄏㄇ", "hng": "ㄏㄫ", "r": "ㄦ"}
_ZHUYIN_TONES = {"1": "", "2": "ˊ", "3": "ˇ", "4": "ˋ"}
_WHISTLING = frozenset("zh ch sh r z c s".split())
"""Initials whose written i is no i: zhuyin writes nothing, Wade-Giles ih or u."""


def _zhuyin(letters: str, tone: str) -> str:
    """The dot of the neutral tone stands before, the other tones after; 1 is not written."""
    if letters in _ZHUYIN_CONSONANTS:
        base = _ZHUYIN_CONSONANTS[letters]
        if letters == "r":
            return base
    else:
        initial, final = SOUNDS[letters]
        base = _ZHUYIN_INITIALS.get(initial, "")
        if not (final == "i" and initial in _WHISTLING):
            base += _ZHUYIN_FINALS[final]
    return "˙" + base if tone == "5" else base + _ZHUYIN_TONES[tone]


@lru_cache(maxsize=1)
def _zhuyin_letters() -> dict[str, str]:
    """The letters in pinyin of each syllable as zhuyin writes it without a tone."""
    return {_zhuyin(letters, "1"): letters for letters in SYLLABLES}


def parse_zhuyin(text: str) -> tuple[str, ...]:
    """The syllables of zhuyin, apart or joined; the dot of the neutral tone on either side.

    Raises `ValueError` where something else stands in it.

    >>> parse_zhuyin("ㄧㄣˊ ㄏㄤˊ"), parse_zhuyin("ㄏㄨㄚㄦ"), parse_zhuyin("ㄇㄚ˙")
    (('yin2', 'hang2'), ('hua1', 'r5'), ('ma5',))
    """
    known = _zhuyin_letters()
    parsed: list[str] = []
    at = 0
    text = text.replace("一", "ㄧ")
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        dot = text[at] == "˙"
        start = at + dot
        end = min(len(text), start + _LONGEST_ZHUYIN)
        while end > start and text[start:end] not in known:
            end -= 1
        if end == start:
            raise ValueError(f"{text!r} is not zhuyin")
        mark = text[end : end + 1]
        at = end + (mark != "" and mark in _TONES_OF_ZHUYIN)
        letters = known[text[start:end]]
        tone = "5" if dot else _TONES_OF_ZHUYIN.get(mark, "1")
        is_suffix = letters == "er" and tone == "1" and parsed
        parsed.append(ERHUA if is_suffix else letters + tone)
    return tuple(parsed)


_LONGEST_ZHUYIN = 3
_TONES_OF_ZHUYIN = {"ˊ": "2", "ˇ": "3", "ˋ": "4", "˙": "5", "ˉ": "1"}


def _join_zhuyin(syllables: Sequence[str]) -> str:
    """With spaces between; the ㄦ of 儿化 follows its syllable at once."""
    words = "".join(
        ("" if syllable == ERHUA else " ") + _render(syllable, Notation.ZHUYIN)
        for syllable in syllables
    )
    return words.strip()


_WADE_INITIALS = table("b:p p:pʻ d:t t:tʻ g:k x:hs k:kʻ j:ch q:chʻ zh:ch ch:chʻ z:ts c:tsʻ r:j")
_WADE_FINALS = table("e:ê en:ên eng:êng er:êrh ê:eh ie:ieh ian:ien iong:iung ong:ung üe:üeh uo:o")
_WADE_WHOLE = table(
    "zi:tzu ci:tzʻu si:ssu ge:ko ke:kʻo he:ho guo:kuo kuo:kʻuo huo:huo shuo:shuo "
    "gui:kuei kui:kʻuei r:rh yi:i ye:yeh you:yu yan:yen yong:yung wen:wên "
    "weng:wêng wong:wung yu:yü yue:yüeh yuan:yüan yun:yün"
)
_SUPERSCRIPTS = {"1": "¹", "2": "²", "3": "³", "4": "⁴", "5": ""}


def _wade_giles(letters: str, tone: str) -> str:
    return _wade_base(letters) + _SUPERSCRIPTS[tone]


def _wade_base(letters: str) -> str:
    if letters in _WADE_WHOLE:
        return _WADE_WHOLE[letters]
    if letters in CONSONANTS:
        return letters
    initial, final = SOUNDS[letters]
    if not initial:
        return _WADE_FINALS.get(letters, letters)
    if final == "i" and initial in _WHISTLING:
        return _WADE_INITIALS.get(initial, initial) + "ih"
    return _WADE_INITIALS.get(initial, initial) + _WADE_FINALS.get(final, final)


def _join_wade_giles(syllables: Sequence[str]) -> str:
    parts: list[str] = []
    for syllable in syllables:
        if syllable == ERHUA and parts:
            base = parts[-1].rstrip("¹²³⁴")
            parts[-1] = f"{base}rh{parts[-1][len(base) :]}"
        else:
            parts.append(_render(syllable, Notation.WADE_GILES))
    return "-".join(parts)


_NOTATIONS = {
    Notation.PINYIN: _marked,
    Notation.NUMBERS: _numbered,
    Notation.ZHUYIN: _zhuyin,
    Notation.WADE_GILES: _wade_giles,
}
_JOINERS = {
    Notation.PINYIN: _join_pinyin,
    Notation.NUMBERS: _join_numbers,
    Notation.ZHUYIN: _join_zhuyin,
    Notation.WADE_GILES: _join_wade_giles,
}
