"""What a translator is, and its answers: checked, and kept so that none is paid for twice."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from os import PathLike, fspath
from types import TracebackType
from typing import Protocol
from zlib import crc32

from reader.errors import TranslationError


@dataclass(frozen=True, slots=True)
class Request:
    """A segment to translate, with what stands around it and the terms that occur in it."""

    text: str
    before: str = ""
    after: str = ""
    terms: tuple[tuple[str, str], ...] = ()
    """Glossary terms as the text has them, each with the gloss to use."""


class Translator(Protocol):
    """Found by name through the entry point group `annotated_reader.translators`."""

    @property
    def name(self) -> str:
        """Who translates, as the colophon is to say it, such as a model's name."""
        ...

    @property
    def version(self) -> str:
        """What else decides the answers (prompt, settings): part of the key of cached ones."""
        ...

    def translate(self, batch: Sequence[Request], language: str) -> Sequence[str]:
        """The translations of the batch into `language` (BCP 47), one a request, in order.

        Called from several threads at once. Raises `AnswerError` for an answer that cannot be
        used, which may come out better when asked again, and `TranslationError` for what cannot.
        """
        ...


class AnswerError(TranslationError):
    """An answer that cannot be used: asking again may help."""


_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS checked
    (key TEXT PRIMARY KEY, answer TEXT NOT NULL, sum INTEGER NOT NULL)
"""
"""Answers, with a checksum of each; the first table, without, is an older version's."""
_FIND = """
SELECT answer, sum FROM checked WHERE key = :key
UNION ALL SELECT answer, NULL FROM answers WHERE key = :key
"""
_DAMAGE = (sqlite3.Error, UnicodeDecodeError)
"""What `sqlite3` raises where a file is damaged: the latter where its own words repeat what is."""
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")
_LETTER = re.compile(r"[^\W\d_]")
_MARKUP = re.compile(r"<(?:!doctype|html|body|div|head)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z]{3,}")
_HAN_LANGUAGES = frozenset({"zh", "ja", "ko", "yue", "lzh"})
_STOP = frozenset("the of and to a in is that it for was on with as he she by at his from".split())
_PROSE = 25
"""Words from which English prose must show function words."""
_SHORTEST, _LONGEST = 0.5, 12.0
"""Letters of a translation for a character of Chinese, in segments long enough to judge."""
_ENOUGH = 12
_SURROGATE = re.compile("[\ud800-\udfff]")
_SMALL = frozenset("a an the of to in on for and or be is are as by at with from one s".split())


def problem(request: Request, answer: str, language: str) -> str:
    """What is wrong with `answer`; "" if nothing is."""
    return next((wrong for check in CHECKS if (wrong := check(request, answer, language))), "")


def _nothing(request: Request, answer: str, language: str) -> str:
    return "" if answer.strip() else "the answer is empty"


def _surrogates(request: Request, answer: str, language: str) -> str:
    # JSON can spell half of a pair, which no encoding can write.
    return "the answer holds half a character" if _SURROGATE.search(answer) else ""


def _echo(request: Request, answer: str, language: str) -> str:
    same = _bare(answer) == _bare(request.text)
    return "the text came back untranslated" if same and _HAN.search(request.text) else ""


def _markup(request: Request, answer: str, language: str) -> str:
    is_page = _MARKUP.search(answer) and not _MARKUP.search(request.text)
    return "the answer is a web page" if is_page else ""


def _language(request: Request, answer: str, language: str) -> str:
    letters = _LETTER.findall(answer)
    if not letters or language.split("-")[0] in _HAN_LANGUAGES:
        return ""
    if len(_HAN.findall(answer)) > 0.3 * len(letters):
        return "much of the answer is still Chinese"
    words = re.findall(r"[^\W\d_]+", answer.lower())
    if language.split("-")[0] == "en" and len(words) > _PROSE and not _STOP & set(words):
        return "the answer is not in English"
    return ""


def _length(request: Request, answer: str, language: str) -> str:
    size = len(_HAN.findall(request.text))
    # Headings and labels may come out at nearly any length.
    if size < _ENOUGH:
        return "the answer is far too long" if len(answer) > 200 + 20 * len(request.text) else ""
    ratio = len(answer) / len(request.text)
    if ratio < _SHORTEST:
        return "the answer is far too short"
    return "the answer is far too long" if ratio > _LONGEST else ""


def missing_terms(request: Request, answer: str, language: str) -> str:
    """Which glossary terms do not show, as a reason; "" if all do.

    Of each term, some content word of its gloss must be there, in any form of it. Worth asking
    again for, but no proof that the answer is wrong: a good sentence may say it in other words.
    """
    if language.split("-")[0] != "en":
        return ""
    words = set(_WORD.findall(answer.lower()))
    missing = [term for term, gloss in request.terms if not _shows(gloss, words)]
    return f"glossary terms are missing: {', '.join(missing)}" if missing else ""


def _shows(gloss: str, words: set[str]) -> bool:
    wanted = {word for word in _WORD.findall(gloss.lower()) if word not in _SMALL}
    return not wanted or any(_same_word(a, b) for a in wanted for b in words)


def _same_word(one: str, other: str) -> bool:
    """The same word but for its ending."""
    # *competition*, *competing* and *competes* agree but for the last three letters.
    size = max(3, min(len(one), len(other)) - 3)
    return one[:size] == other[:size] and abs(len(one) - len(other)) < 4


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


CHECKS: tuple[Callable[[Request, str, str], str], ...] = (
    _nothing,
    _surrogates,
    _echo,
    _markup,
    _language,
    _length,
)


def key(request: Request, translator: Translator, language: str) -> str:
    """What an answer depends on, as one number: the model, the prompt and all that is sent."""
    parts = (
        translator.name,
        translator.version,
        language,
        request.text,
        request.before,
        request.after,
        request.terms,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class Cache:
    """A SQLite file of answers; each is committed when it is put, and survives a killed process.

    Used from one thread. Several processes may share the file. An answer that was damaged is none.
    Raises `TranslationError` when the file cannot be opened, is no such file, or is damaged.
    """

    def __init__(self, path: str | PathLike[str] = ":memory:") -> None:
        self._path = fspath(path)
        with ExitStack() as opened:
            try:
                # No transactions of Python's: each statement is on disk when it returns. Where
                # another process writes, it is waited for.
                self._file = sqlite3.connect(self._path, timeout=60.0, isolation_level=None)
                opened.callback(self._file.close)
                self._file.executescript(_SCHEMA)
            except _DAMAGE as error:
                raise self._broken(error) from error
            opened.pop_all()

    def get(self, key: str) -> str | None:
        try:
            rows = self._file.execute(_FIND, {"key": key}).fetchall()
        except _DAMAGE as error:
            raise self._broken(error) from error
        sound = (str(answer) for answer, sum in rows if sum in (None, _sum(key, answer)))
        return next(sound, None)

    def put(self, key: str, answer: str) -> None:
        try:
            row = key, answer, _sum(key, answer)
            self._file.execute("INSERT OR REPLACE INTO checked VALUES (?, ?, ?)", row)
        except _DAMAGE as error:
            raise self._broken(error) from error

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Cache:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _broken(self, error: Exception) -> TranslationError:
        what = "it is damaged" if isinstance(error, UnicodeDecodeError) else str(error)
        advice = "delete this file, or name another by --cache"
        message = f"the cache of answers cannot be used: {what}: {advice}"
        return TranslationError(message, path=self._path)


def _sum(key: str, answer: object) -> int:
    return crc32(f"{key}\n{answer}".encode("utf-8", "surrogatepass"))
