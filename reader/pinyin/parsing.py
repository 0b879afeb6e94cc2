"""Syllables read from pinyin as people write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from reader.pinyin.syllables import ERHUA, SYLLABLES, TONE_MARKS, stands_off

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
    if digit and (digit not in ("05" if letters == "r" else "012345") or any(tones)):
        return ()
    bounds = _cut(letters, tones) if len(letters) == len(tones) else ()
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
    try:
        pairs = [_USUAL[character] for character in text]
    except KeyError:
        return _taken_apart(text)
    return "".join([letter for letter, _ in pairs]), [tone for _, tone in pairs]


_USUAL = {letter: (letter, "") for letter in "abcdefghijklmnopqrstuvwxyzüê"} | {
    unicodedata.normalize("NFC", letter + mark): (letter, tone)
    for letter in "aeiouü"
    for mark, tone in TONE_MARKS.items()
}
"""Letters with and without a tone mark, as most people write them: a character each."""


def _taken_apart(text: str) -> tuple[str, list[str]]:
    """What `_bare` gives, for any letters and marks."""
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


_PIECES = SYLLABLES | {"r"}
_LONGEST = max(map(len, _PIECES))
_VOWELS = frozenset("aeoêiuü")
_Bounds = tuple[tuple[int, int], ...]
_Cut = tuple[int, int, _Bounds]


def _cut(letters: str, tones: Sequence[str]) -> _Bounds:
    """The bounds of the syllables of `letters`; empty when they are none.

    Inside a word a syllable that begins with a vowel has an apostrophe before it, so cuts with
    such a syllable come last (fangan is fan-gan), then those with more syllables.
    """
    marks = list(accumulate(map(len, tones), initial=0))
    return _usual_cut(letters, marks) or _best_cut(letters, marks)


def _usual_cut(letters: str, marks: Sequence[int]) -> _Bounds:
    """Longest syllables from the left, each before a consonant; empty when that fails."""
    bounds: list[tuple[int, int]] = []
    start = 0
    while start < len(letters):
        for end in range(min(len(letters), start + _LONGEST), start, -1):
            piece = letters[start:end]
            if piece in _PIECES and letters[end : end + 1] not in _VOWELS:
                break
        else:
            return ()
        if marks[end] - marks[start] > (piece != "r") or (start and stands_off(piece)):
            return ()
        bounds.append((start, end))
        start = end
    return tuple(bounds)


def _best_cut(letters: str, marks: Sequence[int]) -> _Bounds:
    """The cut with the fewest vowels at the start of a syllable, then the fewest syllables."""
    best: dict[int, _Cut] = {0: (0, 0, ())}
    for end in range(1, len(letters) + 1):
        choices: list[_Cut] = []
        for start, (penalties, count, bounds) in best.items():
            piece = letters[start:end]
            if piece in _PIECES and marks[end] - marks[start] <= (piece != "r"):
                penalty = start > 0 and stands_off(piece)
                choices.append((penalties + penalty, count + 1, (*bounds, (start, end))))
        if choices:
            best[end] = min(choices)
        best.pop(end - _LONGEST, None)
    return best[len(letters)][2] if len(letters) in best else ()
