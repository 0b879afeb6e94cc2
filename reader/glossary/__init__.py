"""The glossary: terms a reader would stumble over, what they mean, where they stand in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from os import PathLike
from pathlib import Path

from reader.errors import GlossaryError, OptionError
from reader.glossary.checks import LONGEST, is_han
from reader.glossary.entry import Entry, Match
from reader.glossary.matching import Matcher
from reader.glossary.rows import read_rows

__all__ = ["Entry", "Glossary", "Match"]

_REASONS: dict[type[OSError], str] = {
    FileNotFoundError: "no such file",
    NotADirectoryError: "no such file",
    IsADirectoryError: "is a folder, not a glossary",
    PermissionError: "may not be read: permission denied",
}


class Glossary:
    """Entries, found in a text by leftmost and longest match in either script.

    >>> glossary = Glossary([Entry("內卷", "内卷", gloss="the rat race")])
    >>> [(match.start, match.end) for match in glossary.find("又內卷了", "又内卷了")]
    [(1, 3)]
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = tuple(entries)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Glossary:
        """The glossary in a CSV file: UTF-8 (or UTF-16 with its mark), with `,` `;` or tabs.

        Raises `GlossaryError`, which names every row that cannot be used, with line and reason.
        """
        return cls(read_rows(_contents(path), path))

    @classmethod
    def of(cls, source: Glossary | str | PathLike[str] | None) -> Glossary | None:
        """What stands for a glossary wherever one is taken: itself, or the path of a CSV file."""
        if isinstance(source, str | PathLike):
            return cls.load(source)
        if source is None or isinstance(source, Glossary):
            return source
        raise OptionError(f"glossary is a Glossary or a path, not {source!r:.60}")

    @classmethod
    def loads(cls, text: str, path: str | PathLike[str] | None = None) -> Glossary:
        """The glossary in the text of a CSV file; `path` is named in errors.

        >>> len(Glossary.loads("term,gloss\\n內卷,the rat race"))
        1
        """
        return cls(read_rows(text, path))

    @classmethod
    def load_words(cls, path: str | PathLike[str]) -> Glossary:
        """Words cut by hand, one term a line: 張江|高科技|園區. Such entries have no gloss.

        White space around words and lines that begin with `#` do not count.
        """
        text = _contents(path).decode("utf-8-sig", errors="replace")
        entries: dict[str, Entry] = {}
        for number, line in enumerate(text.splitlines(), 1):
            words = tuple(filter(None, map(str.strip, line.replace("｜", "|").split("|"))))
            term = "".join(words)
            if not words or line.lstrip().startswith("#"):
                continue
            if not any(map(is_han, term)) or len(term) > LONGEST or not term.isprintable():
                message = "not a term cut into words by |"
                raise GlossaryError(message, path=path, line=number, excerpt=line)
            entries[term] = Entry(term, *_forms(term), cut=words)
        return cls(entries.values())

    @classmethod
    def default(cls) -> Glossary:
        """The glossary that comes with the package: economy, technology, the internet."""
        return _default()

    def __reduce__(self) -> tuple[type[Glossary], tuple[tuple[Entry, ...]]]:
        # What finds the terms is made anew in another process: it may be compiled.
        return Glossary, (self.entries,)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __or__(self, other: Glossary) -> Glossary:
        """Both glossaries' entries; where they have the same term, the other's.

        An entry without a gloss, which only cuts and reads words, leaves the rest as it was.
        """
        if not self.entries or not other.entries:
            return self if self.entries else other
        same = _Same(other)
        kept: list[Entry] = []
        told: set[Entry] = set()
        for entry in self:
            answer = same.as_(entry)
            if answer is None:
                kept.append(entry)
            elif not answer.gloss:
                kept.append(_settled(entry, answer))
                told.add(answer)
        return Glossary((*kept, *(entry for entry in other if entry not in told)))

    def find(self, text: str, shadow: str) -> list[Match]:
        """The terms in `text`, in order: leftmost, then longest, never overlapping.

        `shadow` is the text in Simplified, position by position. A term matches where the text
        has it as the row does, or where the shadow has its Simplified form (so 台/臺 or 裡/裏 do
        not matter); of rows that share a Simplified form the one written in the text wins. Latin
        letters and digits match in either width, in the row's case, and only as whole words.
        """
        return self._matcher.find(text, shadow)

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self.entries)


class _Same:
    """Finds the entry that is the same term as another, in its script or the other one."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._written: dict[str, Entry] = {}
        self._simplified: dict[str, Entry] = {}
        for entry in entries:
            self._written[entry.term] = self._written[entry.traditional] = entry
            self._simplified[entry.simplified] = entry

    def as_(self, entry: Entry) -> Entry | None:
        found = self._written.get(entry.term) or self._written.get(entry.traditional)
        if found is not None:
            return found
        # Two terms may share a Simplified form; one that is written in it means either.
        other = self._simplified.get(entry.simplified)
        simple = entry.simplified
        return other if other is not None and simple in (entry.term, other.term) else None


def _settled(entry: Entry, other: Entry) -> Entry:
    """The entry cut and read as `other`, which is the same term in either script, says."""
    ends = list(accumulate(map(len, other.cut), initial=0))
    cut = tuple(entry.term[start:end] for start, end in pairwise(ends))
    read = other if other.syllables else entry
    return replace(entry, cut=cut, syllables=read.syllables, breaks=read.breaks)


def _contents(path: str | PathLike[str]) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = next((r for kind, r in _REASONS.items() if isinstance(error, kind)), "")
        raise GlossaryError(reason or f"cannot be read: {error}", path=path) from error


def _forms(term: str) -> tuple[str, str]:
    from reader.scripts import simplify, to_traditional

    simplified = simplify(term)
    return simplified, to_traditional(term) if simplified == term else term


@lru_cache(maxsize=1)
def _default() -> Glossary:
    package = Path(__file__).parents[1]
    shipped = package / "data" / "glossary.csv"
    # In a checkout the file stands beside the package; building a wheel puts it inside.
    return Glossary.load(shipped if shipped.exists() else package.parent / "glossary.csv")
