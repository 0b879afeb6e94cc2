"""Syllables in a file: what is none, no writer could render."""

from __future__ import annotations

from reader.pinyin import is_syllable

__all__ = ["checked"]


def checked(syllables: tuple[str, ...]) -> tuple[str, ...]:
    """The syllables themselves, if each is numbered pinyin or `""`; else `ValueError`.

    One character may have several, with a space between them.

    >>> checked(("gai4", "", "yi1 qian1"))
    ('gai4', '', 'yi1 qian1')
    """
    for found in syllables:
        if found and not all(map(is_syllable, found.split(" "))):
            raise ValueError(f"{found!r} is not a syllable of numbered pinyin")
    return syllables
