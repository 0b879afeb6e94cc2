"""Lists of words as files: for Anki, for Pleco, for tables. A table of their own, by suffix."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from os import PathLike, fspath
from pathlib import PurePath
from typing import BinaryIO, NamedTuple, TypeAlias

from reader.errors import OptionError
from reader.files import inert_cell, replacing
from reader.learner.anki_notes import ANKI_FIELDS, NOTE_TYPE, anki_fields, deck_name, tags_of
from reader.learner.word_lists import LICENCE, WordList

__all__ = ["WORD_LISTS", "WordListFormat", "write_words"]

Write: TypeAlias = Callable[[WordList, BinaryIO, float], None]
"""Writes a list to a file; the number is when it was made, for what has a date."""


class WordListFormat(NamedTuple):
    suffix: str
    title: str
    """What it is for."""
    write: Write


def write_words(
    listed: WordList, target: str | PathLike[str], *, made: float = 0.0, to: str = ""
) -> None:
    """Write a list of words as its suffix says, or `to`: `.tsv`, `.csv`, `.txt` or `.apkg`.

    `made` is the time of what it was made of, in seconds: Anki takes the newer of two notes. The
    same list and time give the same bytes. A file appears whole or not at all.

    Raises `OptionError` for another suffix, and for `.apkg` without the extra `anki`.
    """
    suffix = to or PurePath(fspath(target)).suffix.lower()
    if suffix not in WORD_LISTS:
        known = ", ".join(WORD_LISTS)
        raise OptionError(f"{fspath(target)!r} has no suffix of a list of words: {known}")
    with replacing(target) as file:
        WORD_LISTS[suffix].write(listed, file, made)


# ---- for Anki, as text ----


def _write_anki_text(listed: WordList, file: BinaryIO, made: float) -> None:
    head = (
        "#separator:tab",
        "#html:true",
        f"#notetype:{NOTE_TYPE}",
        f"#deck:{deck_name(listed)}",
        "#guid column:1",
        f"#tags column:{len(ANKI_FIELDS) + 2}",
        "#columns:" + "\t".join(("GUID", *ANKI_FIELDS, "Tags")),
    )
    rows = ([word.guid, *anki_fields(word, listed), tags_of(word)] for word in listed.words)
    _write_lines(file, head, rows, "\t")


# ---- tables ----

COLUMNS = (
    "word",
    "simplified",
    "traditional",
    "reading",
    "meaning",
    "senses",
    "level",
    "count",
    "sentence",
    "translation",
    "source",
)


def _write_csv(listed: WordList, file: BinaryIO, made: float) -> None:
    # Excel takes a file without this mark for one of the system's own encoding.
    file.write(b"\xef\xbb\xbf")
    rows = (
        [
            word.word,
            word.simplified,
            word.traditional,
            word.reading,
            word.gloss,
            "; ".join(word.senses),
            word.level,
            str(word.count),
            word.sentence,
            word.translation,
            LICENCE,
        ]
        for word in listed.words
    )
    _write_lines(file, (), _with_head(list(map(inert_cell, row)) for row in rows), ",")


def _with_head(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    yield list(COLUMNS)
    yield from rows


def _write_lines(file: BinaryIO, head: Sequence[str], rows: Iterator[list[str]], sign: str) -> None:
    text = io.StringIO()
    text.write("".join(f"{line}\n" for line in head))
    writer = csv.writer(text, delimiter=sign, lineterminator="\n")
    writer.writerows(rows)
    file.write(text.getvalue().encode("utf-8", "replace"))


# ---- for Pleco ----


def _write_pleco(listed: WordList, file: BinaryIO, made: float) -> None:
    """Pleco's own: `简体[繁體]`, numbered pinyin and definition at tabs, below a category."""
    title = deck_name(listed).replace("/", " ")
    lines = [f"//{title} ({LICENCE})".replace("/", "∕").replace("∕∕", "//", 1)]
    for word in listed.words:
        headword = word.simplified
        if word.traditional and word.traditional != word.simplified:
            headword += f"[{word.traditional}]"
        own = [word.gloss] if not any(word.gloss in sense for sense in word.senses) else []
        definition = " ".join("; ".join((*own, *word.senses)).split())
        lines.append(f"{headword}\t{''.join(word.syllables)}\t{definition}")
    file.write("".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))


# ---- for Anki, as a deck ----


def _write_deck(listed: WordList, file: BinaryIO, made: float) -> None:
    from reader.learner.anki_packages import write_deck

    write_deck(listed, file, made)


WORD_LISTS = {
    row.suffix: row
    for row in (
        WordListFormat(".tsv", "text that Anki imports", _write_anki_text),
        WordListFormat(".csv", "a table", _write_csv),
        WordListFormat(".txt", "Pleco's flashcards", _write_pleco),
        WordListFormat(".apkg", "an Anki deck", _write_deck),
    )
}
"""Not `FORMATS`: these hold a list, not the text."""
