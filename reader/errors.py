"""What can go wrong, as one family of exceptions that point at where it did."""

from __future__ import annotations

from os import PathLike, fspath


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
        position = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        if self.path is None and self.line is not None:
            position = f"line {position}"
        head = f"{position}: {self.message}" if position else self.message
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
    """`text` safe for a terminal: no control characters, no surrogates, not too long."""
    printable = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: width + 1])
    return printable if len(printable) <= width else printable[: width - 1] + "…"


class SourceError(ReaderError):
    """A text that cannot be read: missing, empty, binary, undecodable, malformed."""


class ContainerError(SourceError):
    """A zip container that is damaged, hostile or encrypted."""


class GlossaryError(ReaderError):
    """A glossary with rows that cannot be used; the message lists every one of them."""


class OptionError(ReaderError):
    """An option whose value cannot be honoured (an OpenCC config that does not exist …)."""


class LayerError(ReaderError):
    """A layer from outside that cannot be loaded, fails, or changes what it must not."""


class LexiconError(ReaderError):
    """The dictionary data is missing or damaged and could not be rebuilt."""


class AlignmentError(ReaderError):
    """A translation that cannot be lined up with the text, or a pairs file that fits neither."""


class TranslationError(ReaderError):
    """A translation server that is down, refuses, or answers nonsense."""


class WriteError(ReaderError):
    """An output that cannot be written."""
