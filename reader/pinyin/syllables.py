"""What a Mandarin syllable is (Hanyu Pinyin, GB/T 16159), and syllables parsed from pinyin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

ERHUA = "r5"
"""The suffix 兒, merged with the syllable before it."""

TONE_MARKS = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0306": "3", "\u0300": "4"}
"""Combining marks of tones; a breve is often written for the caron."""


def table(pairs: str) -> dict[str, str]:
    """A mapping written as `key:value` pairs with white space between.

    >>> table("zi:tzu si:ssu")
    {'zi': 'tzu', 'si': 'ssu'}
    """
    return dict(pair.split(":") for pair in pairs.split())


# Which finals each initial takes, as spelled. Rare and colloquial syllables of the dictionaries
# are here too (biang, biu, fiao, cei, rua, yai, wong), so that nothing a dictionary has is refused.
FINALS = {
    "b": "a ai an ang ao ei en eng i ia ian iang iao ie in ing iu o ong u",
    "p": "a ai an ang ao ei en eng i ia ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a ai an ang ei en eng iao o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie in ing iu ong ou u uan uang ui un uo",
    "t": "a ai an ang ao e ei en eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu ong ou u uan un uo ü üe",
    "l": "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu o ong ou u uan un uo ü üan üe",
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
ALONE = table(
    "a:a ai:ai an:an ang:ang ao:ao e:e ê:ê ei:ei en:en eng:eng er:er o:o ou:ou "
    "yi:i ya:ia yo:io yai:iai ye:ie yao:iao you:iu yan:ian yin:in yang:iang "
    "ying:ing yong:iong wu:u wa:ua wo:uo wai:uai wei:ui wan:uan wen:un wang:uang "
    "weng:ueng wong:uong yu:ü yue:üe yuan:üan yun:ün"
)
CONSONANTS = ("m", "n", "ng", "hm", "hng")
"""Interjections without a vowel (呣 嗯 哼)."""


def _spellings() -> dict[str, tuple[str, str]]:
    """Every syllable, without tone, with its initial and its final (ü written as what it is)."""
    spellings = {spelling: ("", final) for spelling, final in ALONE.items()}
    for initial, finals in FINALS.items():
        for final in finals.split():
            # After j, q and x a written u is ü.
            sound = final.replace("u", "ü", 1) if initial in "jqx" and final[0] == "u" else final
            spellings[initial + final] = initial, sound
    return spellings


SOUNDS = _spellings()
SYLLABLES = frozenset((*SOUNDS, *CONSONANTS))
"""Every syllable without its tone; `r`, which is only a suffix, is not among them."""

_SPELLED = re.compile("([a-zêü]+)([1-5])")


def is_syllable(syllable: str) -> bool:
    """Whether this is one syllable of numbered pinyin, in lower case, or the suffix `r5`.

    >>> is_syllable("lü4"), is_syllable("r5"), is_syllable("lv4"), is_syllable("gai")
    (True, True, False, False)
    """
    match = _SPELLED.fullmatch(syllable)
    return syllable == ERHUA or (match is not None and match[1] in SYLLABLES)


def check_syllables(syllables: tuple[str, ...]) -> tuple[str, ...]:
    """The syllables of a word in a file, if each is numbered pinyin or `""`; else `ValueError`.

    One character may have several, with a space between them.

    >>> check_syllables(("gai4", "", "yi1 qian1"))
    ('gai4', '', 'yi1 qian1')
    """
    for syllable in syllables:
        if syllable and not all(map(is_syllable, syllable.split(" "))):
            raise ValueError(f"{syllable!r} is not a syllable of numbered pinyin")
    return syllables


def takes_apostrophe(letters: str) -> bool:
    """Whether a syllable (without tone) has an apostrophe before it inside a word: Xī'ān."""
    return letters[0] in "aeoê" or letters in CONSONANTS


# ---- pinyin as people write it ----

_OTHER_SPELLINGS = (("u:", "ü"), ("v", "ü"), ("ɡ", "g"), ("ɑ", "a"))
_PIECE = re.compile(r"[^\s'’ʼ‘·・\-–‐,，0-9]+[0-9]?|[0-9]")
_USUAL = {letter: (letter, "") for letter in "abcdefghijklmnopqrstuvwxyzüê"} | {
    unicodedata.normalize("NFC", letter + mark): (letter, tone)
    for letter in "aeiouü"
    for mark, tone in TONE_MARKS.items()
}
"""Letters with and without a tone mark, as most people write them: a character each."""
_SPELLINGS = SYLLABLES | {"r"}
_LONGEST = max(map(len, _SPELLINGS))
_VOWELS = frozenset("aeoêiuü")
_SHOWN = 60
"""Characters of what is no pinyin that a message shows."""
_Bounds = tuple[tuple[int, int], ...]
"""Where syllables stand in the letters of a piece."""


def parse(text: str) -> tuple[str, ...]:
    """The syllables of pinyin with tone marks or numbers, apart or joined, in any case.

    Accepts ü, v and u: alike. A syllable without a tone is neutral. Raises `ValueError` naming
    the piece that is no pinyin.

    >>> parse("gàizhāng jīngjì"), parse("Xī'ān"), parse("lv4 hua1r5"), parse("huār")
    (('gai4', 'zhang1', 'jing1', 'ji4'), ('xi1', 'an1'), ('lü4', 'hua1', 'r5'), ('hua1', 'r5'))
    """
    parsed: list[str] = []
    for piece in _PIECE.findall(text):
        syllables = _parse_piece(piece)
        if not syllables:
            shown = piece if len(piece) <= _SHOWN else f"{piece[: _SHOWN - 1]}…"
            raise ValueError(f"{shown!r} is not pinyin")
        parsed += syllables
    return tuple(parsed)


def capitals(text: str, syllables: Sequence[str]) -> tuple[int, ...]:
    """Which syllables begin with a capital in `text`, one word that was parsed into them.

    A word all in capitals counts as one that begins with one.

    >>> capitals("ZhāngJiāng", parse("ZhāngJiāng")), capitals("XĪ'ĀN", parse("XĪ'ĀN"))
    ((0, 1), (0,))
    """
    if text == text.lower():
        return ()
    # Marks, numbers and apostrophes aside, there is a letter for each of the syllables' own.
    letters = [c for c in unicodedata.normalize("NFD", text) if c.isalpha()]
    if len(letters) > 1 and all(map(str.isupper, letters)):
        return (0,)
    lengths = [len(syllable) - 1 for syllable in syllables]
    starts = list(accumulate(lengths, initial=0))[:-1]
    return tuple([number for number, start in enumerate(starts) if letters[start].isupper()])


@lru_cache(maxsize=4096)
def _parse_piece(piece: str) -> tuple[str, ...]:
    """The syllables of letters that stand together, with a digit at most at their end."""
    digit = piece[-1] if piece[-1] in "0123456789" else ""
    letters, tones = _without_tones(piece.removesuffix(digit))
    if digit and (any(tones) or digit not in ("05" if letters == "r" else "012345")):
        return ()
    # A letter that keeps a mark of another kind has two code points, and is none of pinyin's.
    bounds = _bounds(letters, tones) if len(letters) == len(tones) else ()
    syllables = [letters[start:end] + ("".join(tones[start:end]) or "5") for start, end in bounds]
    return tuple(_with_digit(syllables, digit) if digit and syllables else syllables)


def _with_digit(syllables: list[str], digit: str) -> list[str]:
    """With the tone of the last one, or in huar1 of that which r was merged into."""
    last = -2 if syllables[-1] == ERHUA and len(syllables) > 1 else -1
    syllables[last] = syllables[last][:-1] + (digit if digit != "0" else "5")
    return syllables


def _without_tones(marked: str) -> tuple[str, list[str]]:
    """Letters without tone marks, and for each letter the tone it carries, or ""."""
    text = marked.lower()
    for other, usual in _OTHER_SPELLINGS:
        text = text.replace(other, usual)
    try:
        pairs = [_USUAL[character] for character in text]
    except KeyError:
        return _decomposed(text)
    return "".join([letter for letter, _ in pairs]), [tone for _, tone in pairs]


def _decomposed(text: str) -> tuple[str, list[str]]:
    """What `_without_tones` gives, for any letters and marks."""
    letters: list[str] = []
    tones: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        if character in TONE_MARKS and letters:
            tones[-1] += TONE_MARKS[character]
        elif unicodedata.combining(character) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + character)
        else:
            letters.append(character)
            tones.append("")
    return "".join(letters), tones


def _bounds(letters: str, tones: Sequence[str]) -> _Bounds:
    """The bounds of the syllables of `letters`; empty when they are none.

    Inside a word a syllable that begins with a vowel has an apostrophe before it, so divisions
    with such a syllable come last (fangan is fan-gan), then those with more syllables.
    """
    marks = list(accumulate(map(len, tones), initial=0))
    return _usual_bounds(letters, marks) or _best_bounds(letters, marks)


def _usual_bounds(letters: str, marks: Sequence[int]) -> _Bounds:
    """Longest syllables from the left, each before a consonant; empty when that fails."""
    bounds: list[tuple[int, int]] = []
    start = 0
    while start < len(letters):
        for end in range(min(len(letters), start + _LONGEST), start, -1):
            syllable = letters[start:end]
            if syllable in _SPELLINGS and letters[end : end + 1] not in _VOWELS:
                break
        else:
            return ()
        if not _may_carry(syllable, marks[end] - marks[start]):
            return ()
        if start and takes_apostrophe(syllable):
            return ()
        bounds.append((start, end))
        start = end
    return tuple(bounds)


def _best_bounds(letters: str, marks: Sequence[int]) -> _Bounds:
    """The division with the fewest vowels at the start of a syllable, then the fewest syllables.

    Of several the one whose first syllables are shorter.
    """
    whole = len(letters)
    best: dict[int, tuple[int, int, int]] = {whole: (0, 0, whole)}
    for start in range(whole - 1, -1, -1):
        choices: list[tuple[int, int, int]] = []
        for end in range(start + 1, min(whole, start + _LONGEST) + 1):
            syllable = letters[start:end]
            fits = syllable in _SPELLINGS and _may_carry(syllable, marks[end] - marks[start])
            if fits and end in best:
                penalties, count, _ = best[end]
                penalty = start > 0 and takes_apostrophe(syllable)
                choices.append((penalties + penalty, count + 1, end))
        if choices:
            best[start] = min(choices)
    bounds: list[tuple[int, int]] = []
    at = 0
    while at in best and at < whole:
        bounds.append((at, best[at][2]))
        at = best[at][2]
    return tuple(bounds)


def _may_carry(syllable: str, marks: int) -> bool:
    """Whether a syllable may have so many tone marks: one at most, the suffix r none."""
    return marks <= (syllable != "r")
