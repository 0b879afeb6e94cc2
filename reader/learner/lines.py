"""Lines and cells of the lists that people keep."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from os import PathLike
from typing import NamedTuple

from reader.errors import ReaderError

__all__ = ["Line", "cells_of", "decoded_list", "lines_of"]


class Line(NamedTuple):
    number: int
    text: str


def decoded_list(data: bytes, path: str | PathLike[str], error: type[ReaderError]) -> str:
    """The text of a list in UTF-8, or in UTF-16 with its mark; an `error` names the first line
    that is neither."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text, wrong = data.decode("utf-16", errors="replace"), "UTF-16"
        at = text.find("\ufffd")
    else:
        wrong = "UTF-8"
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as cause:
            at = cause.start
            text = data[:at].decode("utf-8", errors="replace")
    if at < 0:
        return text.removeprefix("\ufeff")
    line = len(re.findall("\r\n|\n|\r", text[:at])) + 1
    raise error(f"is not {wrong}; save the file as UTF-8", path=path, line=line)


def lines_of(data: bytes, path: str | PathLike[str], error: type[ReaderError]) -> Iterator[Line]:
    """The lines of a list, numbered from 1."""
    text = decoded_list(data, path, error)
    for number, line in enumerate(re.split("\r\n|\n|\r", text), 1):
        yield Line(number, line)


def cells_of(text: str) -> list[str]:
    """The cells of one line, at tabs, or else commas or semicolons; white space around is off.

    >>> cells_of('銀行,"bank, money",4')
    ['銀行', 'bank, money', '4']
    """
    delimiter = next((sign for sign in "\t,;" if sign in text), "\t")
    # A cell may have 128 KiB to Python's reader.
    if '"' not in text or len(text) > 1 << 17:
        return [cell.strip() for cell in text.split(delimiter)]
    rows = list(csv.reader([text], delimiter=delimiter))
    return [cell.strip() for cell in rows[0]] if rows else []
