"""Mandarin syllables: what is one, how they are read from text and written down.

A syllable is numbered pinyin: `gai4`, `lü4`, neutral tone `5`, the suffix of 儿化 `r5`. `""` stands
for a character that is not read. Citation tones are stored; `sandhi` gives them as spoken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from reader.options import Notation

ERHUA = "r5"

# Which finals each initial takes, as spelled. Rare and colloquial syllables of the dictionaries
# are here too (biang, biu, fiao, cei, rua, yai, wong), so that nothing a dictionary has is refused.
_FINALS = {
    "b": "a ai an ang ao ei en eng i ia ian iang iao ie in ing iu o ong u",
    "p": "a ai an ang ao ei en eng i ia ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a ai an ang ei en eng iao o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie in ing iu ong ou u uan uang ui un uo",
    "t": "a ai an ang ao e ei en eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu ong ou u uan un uo ü üe",
    "l": "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu o ong ou u uan un uo ü üan üe ün",
    "g": "a ai an ang ao e ei en eng ing ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
}
# Syllables without an initial: spelling -> the final it stands for.
_ALONE = {
    **{final: final for final in "a ai an ang ao e ê ei en eng er o ou".split()},
    **{"yi": "i", "ya": "ia", "yo": "io", "yai": "iai", "ye": "ie", "yao": "iao", "you": "iu"},
    **{"yan": "ian", "yin": "in", "yang": "iang", "ying": "ing", "yong": "iong"},
    **{"wu": "u", "wa": "ua", "wo": "uo", "wai": "uai", "wei": "ui", "wan": "uan", "wen": "un"},
    **{
        "wang": "uang",
        "weng": "ueng",
        "wong": "uong",
        "yu": "ü",
        "yue": "üe",
        "yuan": "üan",
        "yun": "ün",
    },
}
_CONSONANTS = ("m", "n", "ng", "hm", "hng")
"""Interjections without a vowel (呣 嗯 哼)."""


def _spellings() -> dict[str, tuple[str, str]]:
    """Every syllable, without tone, with its initial and its final (ü written as what it is)."""
    found = {spelling: ("", final) for spelling, final in _ALONE.items()}
    for initial, finals in _FINALS.items():
        for final in finals.split():
            # After j, q and x a written u is ü.
            sound = final.replace("u", "ü", 1) if initial in "jqx" and final[0] == "u" else final
            found[initial + final] = initial, sound
    return found


_SOUNDS = _spellings()
SYLLABLES = frozenset((*_SOUNDS, *_CONSONANTS))
"""Every syllable without its tone; `r`, which is only a suffix, is not among them."""

_SPELLED = re.compile("([a-zêü]+)([1-5])")


def is_syllable(syllable: str) -> bool:
    """Whether this is one syllable of numbered pinyin, in lower case, or the suffix `r5`.

    >>> is_syllable("lü4"), is_syllable("r5"), is_syllable("lv4"), is_syllable("gai")
    (True, True, False, False)
    """
    match = _SPELLED.fullmatch(syllable)
    return syllable == ERHUA or (match is not None and match[1] in SYLLABLES)


# ---- From text ----

_MARKS = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0306": "3", "\u0300": "4"}
_OTHER_SPELLINGS = (("u:", "ü"), ("v", "ü"), ("ɡ", "g"), ("ɑ", "a"))
_PIECE = re.compile(r"[^\s'’ʼ‘·・\-–‐,，0-9]+[0-9]?|[0-9]")


def parse(text: str) -> tuple[str, ...]:
    """The syllables of pinyin with tone marks or numbers, apart or joined, in any case.

    Accepts ü, v and u: alike. A syllable without a tone is neutral. Raises `ValueError` naming
    the piece that is no pinyin.

    >>> parse("gàizhāng jīngjì"), parse("Xī'ān"), parse("lv4 hua1r5"), parse("huār")
    (('gai4', 'zhang1', 'jing1', 'ji4'), ('xi1', 'an1'), ('lü4', 'hua1', 'r5'), ('hua1', 'r5'))
    """
    found: list[str] = []
    for piece in _PIECE.findall(text):
        syllables = _parse_piece(piece)
        if not syllables:
            raise ValueError(f"{piece!r} is not pinyin")
        found += syllables
    return tuple(found)


@lru_cache(maxsize=4096)
def _parse_piece(piece: str) -> tuple[str, ...]:
    """The syllables of letters that stand together, with a digit at most at their end."""
    digit = piece[-1] if piece[-1].isascii() and piece[-1].isdigit() else ""
    letters, tones = _bare(piece.removesuffix(digit))
    if (digit and digit not in "012345") or (digit and any(tones)) or not letters:
        return ()
    bounds = _best_cut(letters, tones)
    syllables = [
        letters[start:end] + (next(filter(None, tones[start:end]), "") or "5")
        for start, end in bounds
    ]
    if digit and syllables:
        # In huar1 the tone is that of the syllable that r was merged into.
        last = -2 if syllables[-1] == ERHUA and len(syllables) > 1 else -1
        syllables[last] = syllables[last][:-1] + (digit if digit != "0" else "5")
    return tuple(syllables)


def _bare(marked: str) -> tuple[str, list[str]]:
    """Letters without tone marks, and for each letter the tone it carries, or ""."""
    text = marked.lower()
    for other, usual in _OTHER_SPELLINGS:
        text = text.replace(other, usual)
    letters: list[str] = []
    tones: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        if character in _MARKS and letters:
            tones[-1] += _MARKS[character]
        elif unicodedata.combining(character) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + character)
        else:
            letters.append(character)
            tones.append("")
    return "".join(letters), tones


_LONGEST = max(map(len, SYLLABLES))
_Cut = tuple[int, int, tuple[tuple[int, int], ...]]


def _best_cut(letters: str, tones: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The bounds of the syllables of `letters`; empty when they are none.

    Inside a word a syllable that begins with a vowel has an apostrophe before it, so cuts with
    such a syllable come last (fangan is fan-gan), then those with more syllables.
    """
    best: list[_Cut | None] = [(0, 0, ())]
    for end in range(1, len(letters) + 1):
        choices: list[_Cut] = []
        for start in range(max(0, end - _LONGEST), end):
            before = best[start]
            if before is None or not _may_be_one(letters[start:end], tones[start:end], start):
                continue
            penalty = start > 0 and _needs_apostrophe(letters[start:end])
            choices.append((before[0] + penalty, before[1] + 1, (*before[2], (start, end))))
        best.append(min(choices, default=None))
    last = best[-1]
    return last[2] if last is not None else ()


def _may_be_one(letters: str, tones: Sequence[str], start: int) -> bool:
    marked = "".join(tones)
    if letters == "r":
        return not marked
    return letters in SYLLABLES and len(marked) <= 1


def _needs_apostrophe(letters: str) -> bool:
    return letters[0] in "aeoê" or letters in _CONSONANTS


# ---- To text ----


def render_syllable(syllable: str, notation: Notation) -> str:
    """One syllable in a notation; `r5` alone is r, ㄦ or rh. Not a syllable: `ValueError`.

    >>> [render_syllable("lü4", notation) for notation in Notation]
    ['lǜ', 'lü4', 'ㄌㄩˋ', 'lü⁴']
    """
    return _render(syllable, notation) if syllable else ""


@lru_cache(maxsize=16384)
def _render(syllable: str, notation: Notation) -> str:
    if not is_syllable(syllable):
        raise ValueError(f"{syllable!r} is not a syllable")
    return _NOTATIONS[notation](syllable[:-1], syllable[-1])


def render_word(syllables: Sequence[str], notation: Notation, *, capital: bool = False) -> str:
    """A word's reading: joined, with apostrophes and 儿化 merged, as its notation has it.

    Characters that are not read (`""`) add nothing. A string of several syllables with spaces
    between them counts as those syllables. `capital` marks a proper name.

    >>> render_word(("xi1", "an1"), Notation.PINYIN, capital=True)
    "Xī'ān"
    >>> [render_word(("yi1", "hui4", "r5"), notation) for notation in Notation]
    ['yīhuìr', 'yi1huir4', 'ㄧ ㄏㄨㄟˋㄦ', 'i¹-huirh⁴']
    """
    read = [part for syllable in syllables if syllable for part in syllable.split()]
    word = _JOINERS[notation](read)
    return word[:1].upper() + word[1:] if capital and notation is not Notation.ZHUYIN else word


_COMBINING = {tone: mark for mark, tone in reversed(_MARKS.items())}


def _marked(letters: str, tone: str) -> str:
    """With its mark on a or e, on the o of ou, or else on the last vowel (GB/T 16159)."""
    if tone == "5":
        return letters
    at = next((letters.index(v) for v in ("a", "e", "ê", "ou") if v in letters), -1)
    if at < 0:
        at = max((i for i, letter in enumerate(letters) if letter in "iouü"), default=-1)
    if at < 0:  # m, n, ng, hm, hng
        at = next(i for i, letter in enumerate(letters) if letter in "mn")
    marked = unicodedata.normalize("NFC", letters[at] + _COMBINING[tone])
    return letters[:at] + marked + letters[at + 1 :]


def _join_pinyin(syllables: Sequence[str]) -> str:
    parts: list[str] = []
    for index, syllable in enumerate(syllables):
        if index and _stands_off(syllables[index - 1], syllable):
            parts.append("'")
        parts.append(_render(syllable, Notation.PINYIN))
    return "".join(parts)


def _stands_off(before: str, syllable: str) -> bool:
    """Whether an apostrophe parts it from the one before; é'r is not 二, nor hǹ'g 哼."""
    if syllable == ERHUA:
        return before[:-1] == "e"
    return _needs_apostrophe(syllable[:-1])


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


_ZHUYIN_INITIALS = dict(zip(_FINALS, "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ", strict=True))
_ZHUYIN_FINALS = {
    **{"a": "ㄚ", "o": "ㄛ", "e": "ㄜ", "ê": "ㄝ", "ai": "ㄞ", "ei": "ㄟ", "ao": "ㄠ", "ou": "ㄡ"},
    **{"an": "ㄢ", "en": "ㄣ", "ang": "ㄤ", "eng": "ㄥ", "er": "ㄦ", "i": "ㄧ", "ia": "ㄧㄚ"},
    **{"io": "ㄧㄛ", "iai": "ㄧㄞ", "ie": "ㄧㄝ", "iao": "ㄧㄠ", "iu": "ㄧㄡ", "ian": "ㄧㄢ"},
    **{"in": "ㄧㄣ", "iang": "ㄧㄤ", "ing": "ㄧㄥ", "iong": "ㄩㄥ", "u": "ㄨ", "ua": "ㄨㄚ"},
    **{"uo": "ㄨㄛ", "uai": "ㄨㄞ", "ui": "ㄨㄟ", "uan": "ㄨㄢ", "un": "ㄨㄣ", "uang": "ㄨㄤ"},
    **{
        "ueng": "ㄨㄥ",
        "uong": "ㄨㆲ",
        "ong": "ㄨㄥ",
        "ü": "ㄩ",
        "üe": "ㄩㄝ",
        "üan": "ㄩㄢ",
        "ün": "ㄩㄣ",
    },
}
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
        initial, final = _SOUNDS[letters]
        base = _ZHUYIN_INITIALS.get(initial, "")
        if not (final == "i" and initial in _WHISTLING):
            base += _ZHUYIN_FINALS[final]
    return "˙" + base if tone == "5" else base + _ZHUYIN_TONES[tone]


def _join_zhuyin(syllables: Sequence[str]) -> str:
    """With spaces between; the ㄦ of 儿化 follows its syllable at once."""
    words = "".join(
        ("" if syllable == ERHUA else " ") + _render(syllable, Notation.ZHUYIN)
        for syllable in syllables
    )
    return words.strip()


_ASPIRATE = "\u02bb"
_WADE_INITIALS = {
    **{"b": "p", "p": "p" + _ASPIRATE, "d": "t", "t": "t" + _ASPIRATE, "g": "k", "x": "hs"},
    **{"k": "k" + _ASPIRATE, "j": "ch", "q": "ch" + _ASPIRATE, "zh": "ch", "ch": "ch" + _ASPIRATE},
    **{"z": "ts", "c": "ts" + _ASPIRATE, "r": "j"},
}
_WADE_FINALS = {
    **{"e": "ê", "en": "ên", "eng": "êng", "er": "êrh", "ê": "eh", "ie": "ieh", "ian": "ien"},
    **{"iong": "iung", "ong": "ung", "üe": "üeh", "uo": "o"},
}
_WADE_ALONE = {
    **{"yi": "i", "ye": "yeh", "you": "yu", "yan": "yen", "yong": "yung", "wen": "wên"},
    **{"weng": "wêng", "wong": "wung", "yu": "yü", "yue": "yüeh", "yuan": "yüan", "yun": "yün"},
}
_WADE_WHOLE = {
    **{"zi": "tzu", "ci": f"tz{_ASPIRATE}u", "si": "ssu", "ge": "ko", "ke": f"k{_ASPIRATE}o"},
    **{"he": "ho", "guo": "kuo", "kuo": f"k{_ASPIRATE}uo", "huo": "huo", "shuo": "shuo"},
    **{"gui": "kuei", "kui": f"k{_ASPIRATE}uei", "r": "rh"},
    **_WADE_ALONE,
}
_SUPERSCRIPTS = {"1": "¹", "2": "²", "3": "³", "4": "⁴", "5": ""}


def _wade_giles(letters: str, tone: str) -> str:
    return _wade_base(letters) + _SUPERSCRIPTS[tone]


def _wade_base(letters: str) -> str:
    if letters in _WADE_WHOLE:
        return _WADE_WHOLE[letters]
    if letters in _CONSONANTS:
        return letters
    initial, final = _SOUNDS[letters]
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


# ---- Tones as spoken ----

_NUMERALS = frozenset("〇零一二三四五六七八九十百千")
_DIGITS = frozenset("〇零一二三四五六七八九")
_ORDINAL_BEFORE = frozenset("第初期週周拜")
_ORDINAL_AFTER = frozenset("月號号")
_NOT_COUNTED = ("一五一十",)
"""Idioms whose 一 is spoken as in any phrase though numerals stand beside it."""


def sandhi(
    syllables: Sequence[str], text: str, words: Iterable[int] | None = None
) -> tuple[str, ...]:
    """The syllables of `text` with the tones of connected speech; never stored, only shown.

    `syllables` has one item for each code point of `text`. `words` are the lengths of its
    words, in order; without them each stretch that is read counts as one word.

    - 不 is bú before a fourth tone, neutral in 好不好.
    - 一 is yí before a fourth tone, yì before the others, neutral in 看一看, and keeps its tone
      at a word's or phrase's end, in ordinals, dates and digits (第一, 一月, 二十一, 統一).
    - Of third tones in a row inside a word all but the last are second tones; a word of one
      syllable does the same before a word that begins with a third tone (很好, 我很好).

    >>> sandhi(("yi1", "ding4", "bu4", "shi4"), "一定不是")
    ('yi2', 'ding4', 'bu2', 'shi4')
    """
    bounds = _bounds(syllables, words)
    ends = {end - 1 for start, end in bounds if end - start > 1}
    spoken = list(syllables)
    _third_tones(spoken, bounds)
    for index, character in enumerate(text):
        if character == "一" and syllables[index] == "yi1":
            spoken[index] = "yi" + _tone_of_yi(syllables, text, index, index in ends)
        elif character == "不" and syllables[index] == "bu4":
            spoken[index] = "bu" + _tone_of_bu(syllables, text, index)
    return tuple(spoken)


def _bounds(syllables: Sequence[str], words: Iterable[int] | None) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    if words is not None:
        start = 0
        for length in words:
            found.append((start, start + length))
            start += length
        return found
    for index, syllable in enumerate(syllables):
        if syllable and found and found[-1][1] == index:
            found[-1] = found[-1][0], index + 1
        elif syllable:
            found.append((index, index + 1))
    return found


def _third_tones(spoken: list[str], bounds: Sequence[tuple[int, int]]) -> None:
    """From the right, so that a word is changed by its follower as that is spoken."""
    following = ""
    following_start = -1
    for start, end in reversed(bounds):
        if end - start == 1 and end == following_start:
            if _is_third(spoken[start]) and _is_third(following):
                spoken[start] = spoken[start][:-1] + "2"
        else:
            third = [_is_third(syllable) for syllable in spoken[start:end]]
            for index in range(len(third) - 1):
                if third[index] and third[index + 1]:
                    spoken[start + index] = spoken[start + index][:-1] + "2"
        following, following_start = spoken[start], start


def _is_third(syllable: str) -> bool:
    return syllable.endswith("3") and " " not in syllable


def _neighbours(text: str, index: int) -> tuple[str, str]:
    return text[index - 1 : index] if index else "", text[index + 1 : index + 2]


def _tone_of_bu(syllables: Sequence[str], text: str, index: int) -> str:
    before, after = _neighbours(text, index)
    if before and before == after:
        return "5"
    return "2" if _next_tone(syllables, index) == "4" else "4"


def _tone_of_yi(syllables: Sequence[str], text: str, index: int, last_in_word: bool) -> str:
    before, after = _neighbours(text, index)
    tone = _next_tone(syllables, index)
    if before and before == after and before not in _NUMERALS and tone:
        return "5"
    if not tone or last_in_word or before in _ORDINAL_BEFORE or after in _ORDINAL_AFTER:
        return "1"
    if _is_counted(text, index, before, after):
        return "1"
    return "2" if tone in "45" else "4"


def _is_counted(text: str, index: int, before: str, after: str) -> bool:
    """Whether this 一 is a digit of a longer number (二十一, 一九九二, 一百一十)."""
    if any(idiom in text[max(0, index - 3) : index + 4] for idiom in _NOT_COUNTED):
        return False
    return (before != "" and before in _NUMERALS) or (after != "" and after in _DIGITS)


def _next_tone(syllables: Sequence[str], index: int) -> str:
    """The citation tone of what is read next, or "" at the end or before what is not read."""
    following = syllables[index + 1] if index + 1 < len(syllables) else ""
    return following.split()[0][-1] if following else ""
