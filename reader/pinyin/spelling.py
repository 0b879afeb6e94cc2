"""Readings in the line: what is read of a text, what stands between, a whole line of words."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

from reader.pinyin.notations import Notation, render_word

__all__ = ["groups", "line", "render", "runs", "spelled"]


def render(
    syllables: Sequence[str],
    notation: Notation | str,
    breaks: Sequence[int] = (),
    capital: Collection[int] = (),
) -> str:
    """Syllables as a person reads them; what is no syllable is shown as it stands.

    `breaks` are the indices of those before which there is a space, `capital` of those that take
    a capital.

    >>> render(("xi1", "an1"), Notation.PINYIN, capital=(0,)), render(("?",), Notation.PINYIN)
    ("Xī'ān", '?')
    """
    # What a glossary or a book gives for a reading may be no syllables (`?`, zhuyin).
    try:
        return render_word(syllables, notation, breaks=breaks, capital=capital)
    except ValueError:
        return " ".join(filter(None, syllables))


def spelled(
    text: str,
    syllables: Sequence[str],
    notation: Notation | str,
    breaks: Sequence[int] = (),
    capital: Collection[int] = (),
    *,
    per_character: bool = False,
) -> str:
    """The reading of `text` in the line, with what Latin letters and digits it has.

    >>> spelled("P2P金融", ("", "", "", "jin1", "rong2"), Notation.PINYIN)
    'P2P jīnróng'
    """
    if not per_character and text and len(text) == len(syllables) and "" not in syllables:
        # As most words are: no more is to be shown than what is read.
        return render(syllables, notation, breaks, capital)
    shown = runs(text, syllables, breaks, capital, notation, per_character=per_character)
    # Where digits are said, the zeros of 2,000 are in what stands over its 2.
    silent = _SILENT if any(map(_is_read, text, syllables)) else ""
    words = [
        reading or (base.strip(silent or " ") if any(map(_is_letter, base)) else "")
        for base, reading in shown
    ]
    return " ".join(filter(None, words))


_SILENT = " 0123456789０１２３４５６７８９.,:/%-–—~．，：／％－～"


def _is_read(character: str, syllable: str) -> bool:
    """Whether a digit is said."""
    return bool(syllable) and character.isdecimal()


def _is_letter(character: str) -> bool:
    return character.isalnum() and unicodedata.category(character) != "Lo"


def runs(
    text: str,
    syllables: Sequence[str],
    breaks: Sequence[int],
    capital: Collection[int],
    notation: Notation | str,
    *,
    per_character: bool,
) -> Iterator[tuple[str, str]]:
    """The runs of `groups` with their readings as a person reads them; "" where not read."""
    start = 0
    for base, read in groups(text, syllables, per_character=per_character):
        end = start + len(base)
        inner = [at - start for at in breaks if start < at < end]
        above = [at - start for at in capital if start <= at < end]
        yield base, render(syllables[start:end], notation, inner, above) if read else ""
        start = end


def groups(
    text: str, syllables: Sequence[str], *, per_character: bool
) -> list[tuple[str, tuple[str, ...]]]:
    """Runs of code points that are read and of those that are not, in order, with the syllables.

    A variation selector or combining mark stays with its base, whatever its own syllable.

    >>> groups("P2P金融", ("", "", "", "jin1", "rong2"), per_character=False)
    [('P2P', ()), ('金融', ('jin1', 'rong2'))]
    """
    if text and not per_character and len(text) == len(syllables) and all(syllables):
        # As most words are.
        return [(text, tuple(syllables))]
    return _divided(text, syllables, per_character)


def _divided(
    text: str, syllables: Sequence[str], per_character: bool
) -> list[tuple[str, tuple[str, ...]]]:
    """What `groups` gives."""
    grouped: list[tuple[str, tuple[str, ...]]] = []
    for character, syllable in zip(text, syllables, strict=True):
        own = (syllable,) if syllable else ()
        base, read = grouped[-1] if grouped else ("", ())
        # A variation selector has an empty syllable of its own, and means nothing without its base.
        is_mark = not own and unicodedata.category(character)[0] == "M"
        if grouped and is_mark:
            grouped[-1] = (base + character, read)
        elif grouped and bool(read) == bool(own) and not (per_character and own):
            grouped[-1] = (base + character, read + own)
        else:
            grouped.append((character, own))
    return grouped


# Chinese marks as Latin text has them (GB/T 16159).
_LATIN_MARKS = str.maketrans("。、「」『』", ".,“”‘’") | {
    wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)
}
_DOUBLED = (("……", "…"), ("⋯⋯", "…"), ("——", "—"), ("──", "—"))
_BETWEEN = frozenset("·‧・-–/~")
"""Marks without a space on either side."""


def line(parts: Iterable[tuple[str, bool]], *, latin: bool = True) -> str:
    """Words and marks as a line of text; each part comes with whether it is a word.

    Words stand apart, a mark at the word that it opens or closes. In `latin` letters, Chinese
    marks become those of Latin text.

    >>> line([("yínháng", True), ("，「", False), ("hǎo", True), ("」。", False)])
    'yínháng, “hǎo”.'
    """
    shown: list[str] = []
    tight, quoted = True, False
    for text, is_word in parts:
        for piece in (text,) if is_word else _marks(text, latin=latin):
            quoted ^= piece == '"'
            opens = not is_word and _opens(piece, quoted=quoted)
            if piece.isspace():
                tight = not shown
            elif is_word or opens or (piece == "—" and latin):
                shown.append(piece if tight else f" {piece}")
                tight = opens
            else:
                shown.append(piece)
                tight = not latin or piece in _BETWEEN
    return "".join(shown)


def _opens(mark: str, *, quoted: bool) -> bool:
    return unicodedata.category(mark) in ("Ps", "Pi") or (mark == '"' and quoted)


def _marks(text: str, *, latin: bool) -> str:
    if not latin:
        return text
    for double, single in _DOUBLED:
        text = text.replace(double, single)
    return text.translate(_LATIN_MARKS)
