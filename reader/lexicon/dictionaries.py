"""Another dictionary's senses: any file in CC-CEDICT's format, for glosses in another language.

    銀行 银行 [yin2 hang2] /Bank (S, Wirtsch)/Geldinstitut (S)/

Words and readings stay those of the lexicon; a word that the file does not have has no senses.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from functools import lru_cache
from os import PathLike, fspath
from pathlib import Path

from reader.errors import LexiconError
from reader.files import readable_name
from reader.lexicon.packages import ListedEntry, read_cedict
from reader.lexicon.records import LexEntry
from reader.model import Token, TokenKind
from reader.options import Credit

__all__ = ["Dictionary"]

_HEAD = 40
"""Lines at the beginning of a file that may say what it is."""
_LICENCE_LINE = re.compile(r"licen[sc]e|Lizenz|\bCC[ -]BY|Creative Commons", re.I)
_SHORT_LICENCE = re.compile(r"CC[ -]BY(?:-\w\w)*(?:[ -]\d\.\d)?", re.I)
_LONGEST = 80


class Dictionary:
    """The senses of words in a file of CC-CEDICT's format."""

    def __init__(self, entries: dict[str, tuple[ListedEntry, ...]], credit: Credit) -> None:
        """`entries` are by Simplified word."""
        self._entries = entries
        self.credit = credit

    @classmethod
    def load(cls, path: str | PathLike[str], language: str) -> Dictionary:
        """The dictionary in a file, plain or `.gz`; `language` is BCP 47 of its glosses.

        Read once as long as it does not change. Raises `LexiconError` for a file that cannot be
        read, or has no entry.
        """
        name = fspath(path)
        try:
            status = os.stat(name)
        except OSError as error:
            raise LexiconError(f"cannot be read: {error.strerror}", path=name) from error
        return _loaded(name, language, status.st_mtime_ns, status.st_size)

    def senses(self, token: Token) -> tuple[str, ...]:
        """The senses of a word as it is read here; `()` for one that the file does not have."""
        if token.kind is not TokenKind.WORD:
            return ()
        entries = [entry.whole() for entry in self._entries.get(token.simplified, ())]
        if token.text != token.simplified:
            own = [entry for entry in entries if entry.traditional == token.text]
            entries = own or entries
        return tuple(dict.fromkeys(s for entry in _read_so(entries, token) for s in entry.senses))


def _read_so(entries: list[LexEntry], token: Token) -> list[LexEntry]:
    """The entries in the token's reading, or all where none has it."""
    if token.reading is None:
        return entries
    spoken = token.reading.syllables
    exact = [e for e in entries if spoken in (e.syllables, e.taiwan_syllables)]
    # Neutral tones are a matter of taste of dictionaries.
    plain = [e for e in entries if _toneless(e.syllables) == _toneless(spoken)]
    return exact or plain or entries


def _toneless(syllables: tuple[str, ...]) -> list[str]:
    return [syllable[:-1] for syllable in syllables]


@lru_cache(maxsize=2)
def _loaded(path: str, language: str, _changed: int, _size: int) -> Dictionary:
    entries: dict[str, list[ListedEntry]] = defaultdict(list)
    for entry in read_cedict(Path(path)):
        entries[entry.simplified].append(entry)
    credit = _credit(path, language)
    return Dictionary({word: tuple(found) for word, found in entries.items()}, credit)


def _credit(path: str, language: str) -> Credit:
    """What the comments at the beginning of a file say of it."""
    import gzip

    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rb") as file:
        lines = [file.readline(1000).decode("utf-8", "replace") for _ in range(_HEAD)]
    comments = [line.lstrip("#! ").strip() for line in lines if line.startswith("#")]
    comments = [comment for comment in comments if any(map(str.isalnum, comment))]
    said = next(filter(_LICENCE_LINE.search, comments), "")
    short = _SHORT_LICENCE.search(said)
    licence = short[0] if short else said.partition("=")[2] or said
    title = comments[0] if comments else readable_name(Path(path).name)
    return Credit(title[:_LONGEST], licence[:_LONGEST], language)
