"""Tone sandhi: the tones of connected speech, of 一, 不 and third tones in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_ARABIC = "0123456789.,:/-"
_NUMERALS = frozenset("〇零一二三四五六七八九十百千" + _ARABIC)
_DIGITS = frozenset("〇零一二三四五六七八九" + _ARABIC)
_ORDINAL_BEFORE = frozenset("第初期週周拜")
_ORDINAL_AFTER = frozenset("月號号")
_NOT_COUNTED = ("一五一十",)
"""Idioms whose 一 changes as in any phrase though numerals stand beside it."""


def apply_sandhi(
    syllables: Sequence[str], text: str, words: Iterable[int] | None = None
) -> tuple[str, ...]:
    """The syllables of `text` with the tones of connected speech; never stored, only shown.

    `syllables` has one item for each code point of `text`. `words` are the lengths of its
    words, in order; without them each stretch that is read counts as one word.

    - 不 is bú before a fourth tone, neutral in 好不好.
    - 一 is yí before a fourth tone, yì before the others, neutral in 看一看, and keeps its tone
      at a word's or phrase's end, in ordinals, dates and digits (第一, 一月一日, 二十一, 統一).
    - Of third tones in a row inside a word all but the last are second tones; a word of one
      syllable does the same before a word that begins with a third tone (很好, 我很好).

    >>> apply_sandhi(("yi1", "ding4", "bu4", "shi4"), "一定不是")
    ('yi2', 'ding4', 'bu2', 'shi4')
    """
    bounds = _bounds(syllables, words)
    ends = {end - 1 for start, end in bounds if end - start > 1}
    changed = list(syllables)
    _third_tones(changed, bounds)
    for index, character in enumerate(text):
        if character in "一1" and syllables[index] == "yi1":
            changed[index] = "yi" + _tone_of_yi(syllables, text, index, index in ends)
        elif character == "不" and syllables[index] == "bu4":
            changed[index] = "bu" + _tone_of_bu(syllables, text, index)
    return tuple(changed)


def _bounds(syllables: Sequence[str], words: Iterable[int] | None) -> list[tuple[int, int]]:
    bounds: list[tuple[int, int]] = []
    if words is not None:
        start = 0
        for length in words:
            bounds.append((start, start + length))
            start += length
        return bounds
    for index, syllable in enumerate(syllables):
        if syllable and bounds and bounds[-1][1] == index:
            bounds[-1] = bounds[-1][0], index + 1
        elif syllable:
            bounds.append((index, index + 1))
    return bounds


def _third_tones(changed: list[str], bounds: Sequence[tuple[int, int]]) -> None:
    """Change third tones before third tones, in place.

    From the right, so that a word of one syllable is changed by its follower as that is spoken:
    of 我|很|好 only 很 changes, as 好 keeps its tone and 很 no longer has a third one.
    """
    following = ""
    following_start = -1
    for start, end in reversed(bounds):
        if end - start == 1 and end == following_start:
            if _is_third(changed[start]) and _is_third(following):
                changed[start] = changed[start][:-1] + "2"
        else:
            third = [_is_third(syllable) for syllable in changed[start:end]]
            for index in range(len(third) - 1):
                if third[index] and third[index + 1]:
                    changed[start + index] = changed[start + index][:-1] + "2"
        following, following_start = changed[start], start


def _is_third(syllable: str) -> bool:
    return syllable.endswith("3") and " " not in syllable


def _neighbours(text: str, index: int) -> tuple[str, str]:
    return text[index - 1 : index] if index else "", text[index + 1 : index + 2]


def _tone_of_bu(syllables: Sequence[str], text: str, index: int) -> str:
    before, after = _neighbours(text, index)
    if before and before == after:
        return "5"  # 好不好
    return "2" if _next_tone(syllables, index) == "4" else "4"


def _tone_of_yi(syllables: Sequence[str], text: str, index: int, last_in_word: bool) -> str:
    before, after = _neighbours(text, index)
    tone = _next_tone(syllables, index)
    if before and before == after and before not in _NUMERALS and tone:
        return "5"  # 看一看
    if not tone or last_in_word or before in _ORDINAL_BEFORE or after in _ORDINAL_AFTER:
        return "1"
    if _is_counted(text, index, before, after):
        return "1"
    return "2" if tone in "45" else "4"


def _is_counted(text: str, index: int, before: str, after: str) -> bool:
    """Whether this 一 is a digit of a longer number or date (二十一, 一九九二, 一月一日)."""
    if any(idiom in text[max(0, index - 3) : index + 4] for idiom in _NOT_COUNTED):
        return False
    if before == "月" and after == "日":
        return True
    return (before != "" and before in _NUMERALS) or (after != "" and after in _DIGITS)


def _next_tone(syllables: Sequence[str], index: int) -> str:
    """The citation tone of what is read next, or "" at the end or before what is not read."""
    following = syllables[index + 1] if index + 1 < len(syllables) else ""
    return following.split()[0][-1] if following else ""
