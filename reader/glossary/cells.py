"""The lines of a glossary file and their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike

from reader.errors import GlossaryError

COLUMNS = ("term", "simplified", "pinyin", "gloss", "note", "tags", "words", "traditional")
REQUIRED = ("term", "gloss")
DELIMITERS = (",", ";", "\t")
STRAY_QUOTE = "stray quote: a cell that holds one needs quotes around it, and two for each inside"

Path = str | PathLike[str] | None


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


def read_lines(data: bytes | str) -> Iterator[Row]:
    if isinstance(data, bytes) and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", errors="replace")
    if isinstance(data, bytes):
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


def read_header(row: Row, path: Path) -> tuple[str, list[str]]:
    """The delimiter and the columns' names, or an error that says what the header lacks."""
    for delimiter in DELIMITERS:
        cells = _cells(row.text, delimiter) or []
        columns = [cell.strip().lower() for cell in cells]
        if set(REQUIRED) <= set(columns):
            break
    else:
        message = f"no header: the first line must name the columns ({','.join(COLUMNS[:6])})"
        raise GlossaryError(message, path=path, line=row.line, excerpt=row.text)
    while columns[-1] == "":
        columns.pop()
    for index, column in enumerate(columns):
        if column not in COLUMNS:
            row.problems.append(f"unknown column {column!r}; there are {', '.join(COLUMNS)}")
        if column in columns[:index]:
            row.problems.append(f"column {column!r} stands there twice")
    return delimiter, columns


def fill(row: Row, columns: Sequence[str], delimiter: str) -> None:
    cells = _cells(row.text, delimiter)
    if cells is None:
        row.problems.append(STRAY_QUOTE)
        return
    extra = len(cells) - len(columns)
    if extra > 0 and any(cell.strip() for cell in cells[len(columns) :]):
        hint = f"put quotes around a cell that holds {delimiter!r}"
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
