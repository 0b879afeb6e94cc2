"""A glossary file read into entries, or one error that shows all that is wrong with it.

A file is lines; the first that is not blank is the header; each other line is one row of cells.
(`csv` of the standard library would read a cell over many lines from one stray quote on, and tell
where it noticed, not where the quote is.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from os import PathLike

from reader.errors import GlossaryError, ReaderError
from reader.glossary.entry import Entry
from reader.pinyin import capitals, parse

LONGEST = 100
"""Characters of a term, at most, so that looking for it stays linear in the text."""

_LATIN = re.compile(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]+")
_NUMBERED = re.compile("[a-zü:][0-5](?![0-9])", re.I)
_TONES = re.compile("[1-5\u0300\u0301\u0304\u0306\u030c]")


class Row:
    """One line of the file under its header, and what is wrong with it."""

    __slots__ = ("capitals", "cells", "line", "problems", "syllables", "text", "words")

    def __init__(self, line: int, text: str) -> None:
        self.line = line
        self.text = text
        self.cells: Mapping[str, str] = {}
        self.problems: list[str] = []
        self.syllables: tuple[str, ...] = ()
        """Of the term's Chinese characters, once the pinyin was checked."""
        self.words: tuple[int, ...] = ()
        """How many of the syllables each word has, as the pinyin is spaced."""
        self.capitals: tuple[int, ...] = ()
        """Which of the syllables are written with a capital."""

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
        written = _without_latin(pinyin, term).split()
        words = [parse(word) for word in written]
    except ValueError as error:
        return str(error)
    # Kept for the entry: parsing is most of the work of a row.
    syllables = row.syllables = tuple(chain.from_iterable(words))
    row.words = _spaced(words, pinyin)
    row.capitals = () if pinyin.islower() else tuple(_capitals(written, words))
    characters = sum(map(takes_syllable, term))
    if len(syllables) != characters:
        return f"pinyin has {len(syllables)} syllables for {characters} characters"
    # One character may well be neutral (吗 ma); a longer term without any tone was typed without.
    if characters > 1 and not _TONES.search(unicodedata.normalize("NFD", pinyin)):
        return "pinyin has no tones"
    return ""


def _capitals(written: Sequence[str], words: Sequence[tuple[str, ...]]) -> Iterator[int]:
    """Which of all the syllables are written with a capital."""
    before = 0
    for text, syllables in zip(written, words, strict=True):
        yield from (before + at for at in capitals(text, syllables))
        before += len(syllables)


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


COLUMNS = ("term", "simplified", "pinyin", "gloss", "note", "tags", "words", "traditional")
REQUIRED = ("term", "gloss")
DELIMITERS = (",", ";", "\t")
STRAY_QUOTE = "stray quote: a cell that holds one needs quotes around it, and two for each inside"

FilePath = str | PathLike[str] | None
_TAGS = re.compile(r"[\s,;|、，；]+")
"""What may stand between tags."""


def read_rows(data: bytes | str, path: FilePath = None) -> list[Entry]:
    """The entries of a glossary file; `GlossaryError` names every row that cannot be used.

    Each line is a row: a cell in quotes ends on its own line.
    """
    lines = list(_read_lines(data))
    header = next((row for row in lines if row.text.strip()), None)
    if header is None:
        raise GlossaryError("is empty: the first line must name the columns", path=path)
    delimiter, columns = _read_header(header, path)
    rows = [row for row in lines if row.line > header.line and row.text.strip(delimiter + " \t")]
    for row in rows:
        _fill_cells(row, columns, delimiter)
        check(row)
    check_duplicates(rows)
    entries = _entries(rows)
    problems = [row for row in (header, *rows) if row.problems]
    if problems:
        raise _error(problems, path)
    return entries


# ---- lines and cells ----


def _read_lines(data: bytes | str) -> Iterator[Row]:
    if isinstance(data, bytes) and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", errors="replace")
    if isinstance(data, bytes):
        # Line by line, so that the error can name the line whose bytes are wrong.
        raw = data.removeprefix(b"\xef\xbb\xbf")
        pieces = re.split(rb"\r\n|\n|\r", raw)
        for number, piece in enumerate(pieces, 1):
            try:
                yield Row(number, piece.decode("utf-8"))
            except UnicodeDecodeError as error:
                row = Row(number, piece.decode("utf-8", errors="replace"))
                byte = f"0x{piece[error.start]:02X} at byte {error.start + 1}"
                row.problems.append(f"not UTF-8 ({byte} of the line); save the file as UTF-8")
                yield row
        return
    for number, text in enumerate(re.split("\r\n|\n|\r", data.removeprefix("\ufeff")), 1):
        yield Row(number, text)


def _read_header(row: Row, path: FilePath) -> tuple[str, list[str]]:
    """The delimiter and the columns' names, or an error that says what the header lacks."""
    for delimiter in DELIMITERS:
        cells = _cells(row.text, delimiter) or []
        columns = [cell.strip().lower() for cell in cells]
        if set(REQUIRED) <= set(columns):
            break
    else:
        message = f"no header: the first line must name the columns ({','.join(COLUMNS[:7])})"
        raise GlossaryError(message, path=path, line=row.line, excerpt=row.text)
    # Spreadsheets write delimiters for the empty columns at the end.
    while columns[-1] == "":
        columns.pop()
    for index, column in enumerate(columns):
        if column not in COLUMNS:
            row.problems.append(f"unknown column {column!r}; there are {', '.join(COLUMNS)}")
        if column in columns[:index]:
            row.problems.append(f"column {column!r} stands there twice")
    return delimiter, columns


def _fill_cells(row: Row, columns: Sequence[str], delimiter: str) -> None:
    cells = _cells(row.text, delimiter)
    if cells is None:
        row.problems.append(STRAY_QUOTE)
        return
    extra = len(cells) - len(columns)
    if extra > 0 and any(cell.strip() for cell in cells[len(columns) :]):
        hint = f"put quotes around a cell that holds {delimiter!r}"
        if "words" not in columns:
            hint += "; rows of `reader check` have a seventh column, words"
        row.problems.append(f"{len(cells)} cells under {len(columns)} columns: {hint}")
        return
    row.cells = dict(zip(columns, map(str.strip, cells), strict=False))


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of a line, or None where a quote stands astray.

    >>> _cells('a,"b, c",', ","), _cells('a "b" c', ",")
    (['a', 'b, c', ''], None)
    """
    if '"' not in text:
        return text.split(delimiter)
    cells: list[str] = []
    at = 0
    while True:
        match = _PATTERNS[delimiter].match(text, at)
        if match is None:
            return None
        quoted, plain, end = match.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        if not end:
            return cells
        at = match.end()


_PATTERNS = {
    delimiter: re.compile(rf'(?:\s*"((?:[^"]|"")*)"\s*|([^"{delimiter}]*))({delimiter}|$)')
    for delimiter in DELIMITERS
}


# ---- entries ----


def _entries(rows: Sequence[Row]) -> list[Entry]:
    """The entries of the rows that can be used, in order."""
    usable = [row for row in rows if not row.problems]
    forms = _forms(usable)
    _check_forms(usable, forms)
    return [
        Entry(
            term=row.cell("term"),
            simplified=simplified,
            traditional=traditional,
            syllables=_syllables(row),
            gloss=row.cell("gloss"),
            note=row.cell("note"),
            tags=tuple(filter(None, _TAGS.split(row.cell("tags")))),
            words=split_words(row.cell("words")),
            breaks=_breaks(row),
            capitals=_places(row, row.capitals),
        )
        for row, (simplified, traditional) in zip(usable, forms, strict=True)
        if not row.problems
    ]


def _forms(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Simplified and Traditional of each row, derived all at once where the row does not say."""
    derived = iter(_derived([row.cell("term") for row in rows if not row.cell("simplified")]))
    forms = []
    for row in rows:
        simplified, traditional = row.cell("simplified"), row.cell("term")
        if not simplified:
            simplified, traditional = next(derived)
        forms.append((simplified, row.cell("traditional") or traditional))
    return forms


def _derived(terms: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not terms:
        return
    # Imported here: OpenCC takes longer to load than a glossary that needs none of it.
    from reader.scripts import simplify, to_traditional

    simplified = simplify("\n".join(terms)).split("\n")
    same = [term for term, simple in zip(terms, simplified, strict=True) if term == simple]
    traditional = dict(zip(same, to_traditional("\n".join(same)).split("\n"), strict=bool(same)))
    for term, simple in zip(terms, simplified, strict=True):
        yield simple, traditional.get(term, term)


def _check_forms(rows: Sequence[Row], forms: Sequence[tuple[str, str]]) -> None:
    """Rows that are one term in two scripts (內卷 and 内卷) are duplicates too.

    Two terms may share a Simplified form (復合, 複合), unless one of them is written in it.
    """
    first: dict[str, tuple[int, bool]] = {}
    for row, (simplified, traditional) in zip(rows, forms, strict=True):
        in_simplified = row.cell("term") == simplified != traditional
        line, other = first.setdefault(simplified, (row.line, in_simplified))
        if line != row.line and (in_simplified or other):
            row.problems.append(f"duplicate of line {line}, in the other script")


def _syllables(row: Row) -> tuple[str, ...]:
    read = iter(row.syllables)
    return (
        tuple(next(read) if takes_syllable(c) else "" for c in row.cell("term"))
        if row.syllables
        else ()
    )


def _breaks(row: Row) -> tuple[int, ...]:
    """Where in the term the words of its pinyin begin, but for the first."""
    if len(row.words) < 2:
        return ()
    return _places(row, tuple(accumulate(row.words[:-1])))


def _places(row: Row, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Where in the term the characters of these syllables stand."""
    term = row.cell("term")
    if not numbers or len(term) == len(row.syllables):
        return numbers
    places = [at for at, character in enumerate(term) if takes_syllable(character)]
    return tuple([places[number] for number in numbers])


def _error(rows: Sequence[Row], path: FilePath) -> GlossaryError:
    """One error that shows every row, its line and what is wrong with it."""
    if len(rows) == 1:
        row = rows[0]
        return GlossaryError("; ".join(row.problems), path=path, line=row.line, excerpt=row.text)
    name = path or "line"
    shown = [
        str(ReaderError("; ".join(row.problems), path=name, line=row.line, excerpt=row.text))
        for row in rows
    ]
    return GlossaryError("\n".join((f"{len(rows)} rows cannot be used", *shown)), path=path)
