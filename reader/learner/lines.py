"""Lines and cells of the lists that people keep."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from os import PathLike
from typing import NamedTuple

from reader.errors import ReaderError
from reader.scripts import has_han

__all__ = [
    "READING_NAMES",
    "WORD_NAMES",
    "Line",
    "are_words",
    "cells_of",
    "decoded_list",
    "lines_of",
]

WORD_NAMES = (
    "word term simplified hanzi headword traditional chinese vocabulary vocab character characters"
    " 简体 簡體 简体字 簡體字 词语 詞語 单词 單詞 生词 生詞 词汇 詞彙"
    " 词 詞 字词 字詞 汉字 漢字 中文 繁体 繁體 繁体字 繁體字"
).split()
READING_NAMES = (
    "reading pinyin pronunciation romanization romanisation 拼音 读音 讀音 发音 發音"
).split()
"""What people call the columns of words and of readings, in small letters."""


class Line(NamedTuple):
    number: int
    text: str


def decoded_list(data: bytes, path: str | PathLike[str], error: type[ReaderError]) -> str:
    """The text of a list in UTF-8, or in what its bytes tell that it is: UTF-16, GB18030, Big5.

    An `error` names the first line that is not UTF-8 where they tell nothing.
    """
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as cause:
            at, wrong = cause.start, "UTF-8"
        else:
            # Spreadsheets save UTF-16 without a mark, whose letters of Latin are UTF-8, too.
            if b"\0" not in data:
                return text
            at, wrong = text.index("\0"), "a text in UTF-8"
        other = _in_other_encoding(data)
        if other:
            return other
        text = data[:at].decode("utf-8", errors="replace")
    else:
        text, wrong = data.decode("utf-16", errors="replace"), "UTF-16"
        at = text.find("\ufffd")
        if at < 0:
            return text.removeprefix("\ufeff")
    line = len(re.findall("\r\n|\n|\r", text[:at])) + 1
    raise error(f"is not {wrong}; save the file as UTF-8", path=path, line=line)


def _in_other_encoding(data: bytes) -> str:
    """A list as Excel saves it in China or Taiwan; `""` for what is no Chinese text at all."""
    from reader.encoding import recognise

    try:
        text = data.decode(recognise(io.BytesIO(data)))
    except (ReaderError, UnicodeError):
        return ""
    return text if has_han(text) and "\0" not in text else ""


def are_words(cells: Iterable[str]) -> bool:
    """Whether all of some lines or cells are a Chinese word and nothing else, or empty."""
    words = list(filter(None, cells))
    if not "".join(words).isalpha():
        return not words
    return min(words)[0] >= "一" and max(words)[0] <= "\u9fff"


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
