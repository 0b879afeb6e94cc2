"""From a glossary file to its entries, or to one error that shows all that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from reader.errors import GlossaryError, ReaderError
from reader.glossary.cells import Path, Row, fill, read_header, read_lines
from reader.glossary.checks import check, check_duplicates, cut_words, is_han
from reader.glossary.entry import Entry

_TAGS = re.compile(r"[\s,;|、，；]+")


def read_rows(data: bytes | str, path: Path = None) -> list[Entry]:
    """The entries of a glossary file; `GlossaryError` names every row that cannot be used.

    Each line is a row: a cell in quotes ends on its own line.
    """
    lines = list(read_lines(data))
    header = next((row for row in lines if row.text.strip()), None)
    if header is None:
        raise GlossaryError("is empty: the first line must name the columns", path=path)
    delimiter, columns = read_header(header, path)
    rows = [row for row in lines if row.line > header.line and row.text.strip(delimiter + " \t")]
    for row in rows:
        fill(row, columns, delimiter)
        check(row)
    check_duplicates(rows)
    entries = _entries(rows)
    problems = [row for row in (header, *rows) if row.problems]
    if problems:
        raise _error(problems, path)
    return entries


def _error(rows: Sequence[Row], path: Path) -> GlossaryError:
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
            cut=cut_words(row.cell("words")),
            breaks=_breaks(row),
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
    return tuple(next(read) if is_han(c) else "" for c in row.cell("term")) if row.syllables else ()


def _breaks(row: Row) -> tuple[int, ...]:
    """Where in the term the words of its pinyin begin, but for the first."""
    if len(row.words) < 2:
        return ()
    counts = accumulate(row.words[:-1])
    term = row.cell("term")
    if len(term) == len(row.syllables):
        return tuple(counts)
    places = [at for at, character in enumerate(term) if is_han(character)]
    return tuple([places[count] for count in counts])
