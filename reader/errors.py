"""What can go wrong, as one family of exceptions that point at where it did."""

from __future__ import annotations

import re
from enum import StrEnum
from os import PathLike, fspath
from typing import TypeVar

E = TypeVar("E", bound=StrEnum)

# Controls of C0 and C1 but tab and line feed; of direction; line ends of Unicode alone; halves of
# characters. All within four hexadecimal digits, so that what spells them is an escape of JSON too.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)


def printable(text: str) -> str:
    r"""`text` as it may be printed; what a terminal would obey, or no encoding has, is spelled out.

    File names, names inside books and the words of servers are strangers' words: an escape in one
    sets a terminal's title, a control of direction shows a name backwards. Nothing else changes.

    >>> printable("書\x1b]0;甲\x07.txt"), printable("甲\t乙\u3000丙\n")
    ('書\\u001b]0;甲\\u0007.txt', '甲\t乙\u3000丙\n')
    """
    return text if text.isprintable() else _UNPRINTABLE.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


class ReaderError(Exception):
    """Bad input or an impossible request.

    `str(error)` is the one message a person sees: `path:line: message`, then the offending
    text on a line of its own where there is one.

    >>> print(ReaderError("gloss is empty", path="glossary.csv", line=14, excerpt="蓋章經濟,,"))
    glossary.csv:14: gloss is empty
        蓋章經濟,,
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | PathLike[str] | None = None,
        line: int | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = None if path is None else fspath(path)
        self.line = line
        self.excerpt = excerpt

    def __str__(self) -> str:
        path = None if self.path is None else _on_one_line(self.path)
        position = ":".join(str(part) for part in (path, self.line) if part is not None)
        if self.path is None and self.line is not None:
            position = f"line {position}"
        message = printable(self.message)
        head = f"{position}: {message}" if position else message
        return f"{head}\n    {_shown(self.excerpt)}" if self.excerpt else head

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process borders in batch work; keyword-only fields need this.
        return _rebuild, (type(self), self.message, self.path, self.line, self.excerpt)


def _rebuild(
    kind: type[ReaderError],
    message: str,
    path: str | None,
    line: int | None,
    excerpt: str | None,
) -> ReaderError:
    return kind(message, path=path, line=line, excerpt=excerpt)


def _shown(text: str, width: int = 100) -> str:
    """`text` on one line, printable and not too long."""
    line = _on_one_line(text[: width + 1])
    return line if len(line) <= width else line[: width - 1] + "…"


def _on_one_line(text: str) -> str:
    return printable(text).replace("\n", "\\u000a").replace("\t", "\\u0009")


class SourceError(ReaderError):
    """A text that cannot be read: missing, empty, binary, undecodable, malformed."""


class ContainerError(SourceError):
    """A zip container that is damaged, hostile or encrypted."""


class GlossaryError(ReaderError):
    """A glossary with rows that cannot be used; the message lists every one of them."""


class OptionError(ReaderError):
    """An option whose value cannot be honoured (an OpenCC config that does not exist …)."""


class LayerError(ReaderError):
    """A layer that is missing, or one from outside that cannot be loaded, fails, or changes what
    it must not."""


class LexiconError(ReaderError):
    """The dictionary data is missing or damaged and could not be rebuilt."""


class AlignmentError(ReaderError):
    """A translation that cannot be lined up with the text, or a pairs file that fits neither."""


class TranslationError(ReaderError):
    """A translation server that is down, refuses, or answers nonsense."""


class WriteError(ReaderError):
    """An output that cannot be written."""


def require(kind: type | tuple[type, ...], name: str, value: object) -> None:
    """Raise `OptionError`, which says what `name` may be, for a value of another type.

    >>> require(int, "jobs", "two")
    Traceback (most recent call last):
    reader.errors.OptionError: jobs is 'two', and not int
    """
    if not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        allowed = " or ".join(each.__name__ for each in kinds)
        raise OptionError(f"{name} is {value!r:.60}, and not {allowed}")


def one_of(kind: type[E], name: str, value: object) -> E:
    """The member of an enumeration that `value` is, or is the name of.

    Raises `OptionError`, which says what `name` may be, for what is neither.

    >>> from reader.options import Notation
    >>> one_of(Notation, "notation", "zhuyin")
    <Notation.ZHUYIN: 'zhuyin'>
    """
    if isinstance(value, str) and value in list(kind):
        return kind(value)
    raise OptionError(f"{name} is {value!r:.60}, which is not one of {', '.join(kind)}")
