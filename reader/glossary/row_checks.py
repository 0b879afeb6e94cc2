"""Everything that can be wrong with a row of a glossary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from reader.pinyin import parse

LONGEST = 100
"""Characters of a term, at most, so that looking for it stays linear in the text."""

_LATIN = re.compile(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]+")
_NUMBERED = re.compile("[a-zü:][0-5](?![0-9])", re.I)
_TONES = re.compile("[1-5\u0300\u0301\u0304\u0306\u030c]")


class Row:
    """One line of the file under its header, and what is wrong with it."""

    __slots__ = ("cells", "line", "problems", "syllables", "text", "words")

    def __init__(self, line: int, text: str) -> None:
        self.line = line
        self.text = text
        self.cells: Mapping[str, str] = {}
        self.problems: list[str] = []
        self.syllables: tuple[str, ...] = ()
        """Of the term's Chinese characters, once the pinyin was checked."""
        self.words: tuple[int, ...] = ()
        """How many of the syllables each word has, as the pinyin is spaced."""

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")


def takes_syllable(character: str) -> bool:
    """Whether it is a Chinese character, one that a syllable stands for.

    >>> [takes_syllable(character) for character in "力〇A，か"]
    [True, True, False, False, False]
    """
    return (
        "㐀" <= character <= "䶿"
        or "一" <= character <= "鿿"
        or "豈" <= character <= "\ufaff"
        or character >= "\U00020000"
        or character in "〇々"
    )


def check(row: Row) -> None:
    """Add to the row's problems what its cells have; nothing where the cells are not known."""
    if row.cells:
        row.problems += [problem for find in _CHECKS if (problem := find(row))]


def _bad_term(row: Row) -> str:
    term = row.cell("term")
    if not term:
        return "term is empty"
    if not any(map(takes_syllable, term)):
        return "term has no Han character"
    return f"term is longer than {LONGEST} characters" if len(term) > LONGEST else ""


def _no_gloss(row: Row) -> str:
    """A row that divides its term into words needs no gloss: it makes no note."""
    return "" if row.cell("gloss") or row.cell("words") else "gloss is empty"


def _control_characters(row: Row) -> str:
    if row.text.isprintable() and "\ufffd" not in row.text:
        return ""
    for position, character in enumerate(row.text, 1):
        if "\ufffd" <= character <= "\uffff":  # what decoders put for bytes they cannot read
            return f"character U+{ord(character):04X} at character {position}: damaged text"
        if character != "\t" and unicodedata.category(character) in ("Cc", "Cs"):
            return f"control character U+{ord(character):04X} at character {position}"
    return ""


def _bad_length(row: Row) -> str:
    length = len(row.cell("term"))
    for column in ("simplified", "traditional"):
        form = row.cell(column)
        if form and length and len(form) != length:
            return f"{column} has {len(form)} characters, term {length}"
    return ""


def _bad_pinyin(row: Row) -> str:
    pinyin, term = row.cell("pinyin"), row.cell("term")
    if not pinyin or not term:
        return ""
    try:
        words = [parse(word) for word in _without_latin(pinyin, term).split()]
    except ValueError as error:
        return str(error)
    # Kept for the entry: parsing is most of the work of a row.
    syllables = row.syllables = tuple(chain.from_iterable(words))
    row.words = _spaced(words, pinyin)
    characters = sum(map(takes_syllable, term))
    if len(syllables) != characters:
        return f"pinyin has {len(syllables)} syllables for {characters} characters"
    # One character may well be neutral (吗 ma); a longer term without any tone was typed without.
    if characters > 1 and not _TONES.search(unicodedata.normalize("NFD", pinyin)):
        return "pinyin has no tones"
    return ""


def _spaced(words: Sequence[tuple[str, ...]], pinyin: str) -> tuple[int, ...]:
    """The lengths of the words; none where numbered syllables stand apart, as lists have them."""
    if len(words) < 2 or (all(len(word) < 2 for word in words) and _NUMBERED.search(pinyin)):
        return ()
    return tuple(filter(None, map(len, words)))


def _bad_words(row: Row) -> str:
    words, term = row.cell("words"), row.cell("term")
    if words and "".join(split_words(words)) != term:
        return f"words {words!r} do not join to the term"
    return ""


_CHECKS: tuple[Callable[[Row], str], ...] = (
    _bad_term,
    _no_gloss,
    _control_characters,
    _bad_length,
    _bad_pinyin,
    _bad_words,
)


def check_duplicates(rows: Sequence[Row]) -> None:
    """Add to the problems of every row whose term an earlier row has."""
    first: dict[str, int] = {}
    for row in rows:
        term = row.cell("term")
        if term and term in first:
            row.problems.append(f"duplicate of line {first[term]}")
        first.setdefault(term, row.line)


def _without_latin(pinyin: str, term: str) -> str:
    """The pinyin without the Latin runs of the term (P2P jīnróng), which are not read."""
    if term.isascii() or not _LATIN.search(term):
        return pinyin
    for run in _LATIN.findall(term):
        pinyin = re.sub(rf"(?<!\w){re.escape(run)}(?!\w)", " ", pinyin, count=1, flags=re.I)
    return pinyin


def split_words(cell: str) -> tuple[str, ...]:
    """The words of a term divided by hand.

    >>> split_words("張江|高科技|園區")
    ('張江', '高科技', '園區')
    """
    return tuple(word for word in re.split(r"[|｜]", cell) if word)
