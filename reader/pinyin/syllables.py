"""What a Mandarin syllable is: initials, finals and their spelling (Hanyu Pinyin, GB/T 16159)."""

from __future__ import annotations

import re

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
    found = {spelling: ("", final) for spelling, final in ALONE.items()}
    for initial, finals in FINALS.items():
        for final in finals.split():
            # After j, q and x a written u is ü.
            sound = final.replace("u", "ü", 1) if initial in "jqx" and final[0] == "u" else final
            found[initial + final] = initial, sound
    return found


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


def stands_off(letters: str) -> bool:
    """Whether a syllable (without tone) has an apostrophe before it inside a word: Xī'ān."""
    return letters[0] in "aeoê" or letters in CONSONANTS
