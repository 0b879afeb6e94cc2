"""Lists of known words in the formats in which people have them."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path

from reader.files import read_file
from reader.learner.states import KnownRow, KnownWordsError, State
from reader.scripts import has_han

__all__ = ["read_known"]


def read_known(path: str | PathLike[str]) -> Iterator[KnownRow]:
    """The rows of a file: word, reading or `""`, state."""
    data = read_file(Path(path), kind="a list of words", error=KnownWordsError)
    for line in data.decode("utf-8-sig").splitlines():
        word, _, reading = line.partition("\t")
        if has_han(word):
            yield word.strip(), reading.strip(), State.KNOWN
