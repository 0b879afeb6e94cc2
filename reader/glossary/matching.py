"""The glossary: entries loaded, merged, and found in a text.

Terms are looked up by the pair of characters they begin with. A look-up costs one hash a
character, and at a pair that begins a term one for each length such terms have, so the work is
linear in the text however many terms there are. (An Aho-Corasick automaton in C was slower from
some thousand terms on: its root has a child for every character that begins one, and looks through
them in a row.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from reader.errors import GlossaryError, OptionError
from reader.files import read_file
from reader.glossary.entry import Entry, Match
from reader.glossary.rows import LONGEST, read_rows, split_words, takes_syllable

GlossarySource: TypeAlias = "Glossary | str | PathLike[str] | Iterable[Entry]"
"""What may stand for a glossary: itself, the path of a CSV file, or its rows."""

_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＋．＆－]")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


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
    def of(cls, source: GlossarySource | None) -> Glossary | None:
        """What stands for a glossary wherever one is taken: itself, a CSV file, or its rows.

        Raises `OptionError` for what is none of them, `GlossaryError` as `load` does.
        """
        if source is None or isinstance(source, Glossary):
            return source
        if isinstance(source, str) and "\n" in source:
            raise OptionError("glossary is a text, not a path: Glossary.loads reads it")
        if isinstance(source, str | PathLike):
            return cls.load(source)
        rows = tuple(source) if isinstance(source, Iterable) else (source,)
        wrong = next((row for row in rows if not isinstance(row, Entry)), None)
        if wrong is not None:
            raise OptionError(
                "glossary is a Glossary, the path of a CSV file, or rows (Entry objects),"
                f" not {wrong!r:.60}"
            )
        return cls(rows)

    @classmethod
    def loads(cls, text: str, path: str | PathLike[str] | None = None) -> Glossary:
        """The glossary in the text of a CSV file; `path` is named in errors.

        >>> len(Glossary.loads("term,gloss\\n內卷,the rat race"))
        1
        """
        return cls(read_rows(text, path))

    @classmethod
    def load_words(cls, path: str | PathLike[str]) -> Glossary:
        """Terms divided into words by hand, one a line: 張江|高科技|園區. They have no gloss.

        White space around words and lines that begin with `#` do not count.
        """
        text = read_file(Path(path), kind="a glossary", error=GlossaryError).decode(
            "utf-8-sig", errors="replace"
        )
        entries: dict[str, Entry] = {}
        for number, line in enumerate(text.splitlines(), 1):
            words = tuple(filter(None, map(str.strip, split_words(line))))
            term = "".join(words)
            if not words or line.lstrip().startswith("#"):
                continue
            if not any(map(takes_syllable, term)) or len(term) > LONGEST or not term.isprintable():
                message = "not a term cut into words by |"
                raise GlossaryError(message, path=path, line=number, excerpt=line)
            entries[term] = Entry(term, *_forms(term), words=words)
        return cls(entries.values())

    @classmethod
    def default(cls) -> Glossary:
        """The glossary that comes with the package: economy, technology, the internet."""
        return _default()

    def __reduce__(self) -> tuple[type[Glossary], tuple[tuple[Entry, ...]]]:
        # What finds the terms is built anew in another process: it may be compiled.
        return Glossary, (self.entries,)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __or__(self, other: Glossary) -> Glossary:
        """Both glossaries' entries; where they have the same term, the other's.

        An entry without a gloss, which only divides and reads words, leaves the rest as it was.
        """
        if not self.entries or not other.entries:
            return self if self.entries else other
        index = _TermIndex(other)
        kept: list[Entry] = []
        merged: set[Entry] = set()
        for entry in self:
            override = index.same_term(entry)
            if override is None:
                kept.append(entry)
            elif not override.gloss:
                kept.append(_merged(entry, override))
                merged.add(override)
        return Glossary((*kept, *(entry for entry in other if entry not in merged)))

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


class _TermIndex:
    """Entries by their term, in its script or the other one."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._written: dict[str, Entry] = {}
        self._simplified: dict[str, Entry] = {}
        for entry in entries:
            self._written[entry.term] = self._written[entry.traditional] = entry
            self._simplified[entry.simplified] = entry

    def same_term(self, entry: Entry) -> Entry | None:
        """The indexed entry on the same term, if there is one."""
        written = self._written.get(entry.term) or self._written.get(entry.traditional)
        if written is not None:
            return written
        # Two terms may share a Simplified form; one that is written in it means either.
        other = self._simplified.get(entry.simplified)
        simple = entry.simplified
        return other if other is not None and simple in (entry.term, other.term) else None


def _merged(entry: Entry, override: Entry) -> Entry:
    """The entry with the words and the reading of `override`: the same term in either script."""
    ends = list(accumulate(map(len, override.words), initial=0))
    words = tuple(entry.term[start:end] for start, end in pairwise(ends))
    read = override if override.syllables else entry
    return replace(entry, words=words, syllables=read.syllables, breaks=read.breaks)


def _contents(path: str | PathLike[str]) -> bytes:
    return read_file(Path(path), kind="a glossary", error=GlossaryError)


def _forms(term: str) -> tuple[str, str]:
    from reader.scripts import simplify, to_traditional

    simplified = simplify(term)
    return simplified, to_traditional(term) if simplified == term else term


@lru_cache(maxsize=1)
def _default() -> Glossary:
    package = Path(__file__).parents[1]
    shipped = package / "data" / "glossary.csv"
    # In a checkout the file is next to the package; building a wheel puts it inside.
    return Glossary.load(shipped if shipped.exists() else package.parent / "glossary.csv")


# ---- finding terms ----


class Matcher:
    """Finds entries, leftmost and longest. Of equal forms the later entry wins."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        written: dict[str, Entry] = {}
        simplified: dict[str, Entry] = {}
        for entry in entries:
            written[_narrow(entry.term)] = entry
            written[_narrow(entry.traditional)] = entry
            simplified[_narrow(entry.simplified)] = entry
        self._written = written
        self._simplified = simplified
        self._in_text = _Beginnings(written)
        self._in_shadow = _Beginnings(simplified)
        self._has_single = self._in_text.has_single or self._in_shadow.has_single

    def find(self, text: str, shadow: str) -> list[Match]:
        """The entries in a text, in order, never overlapping, given it and it in Simplified."""
        if _WIDE.search(text):
            text, shadow = _narrow(text), _narrow(shadow)
        written, simplified = self._in_text.places(text), self._in_shadow.places(shadow)
        starts = written if written == simplified else sorted({*written, *simplified})
        matches: list[Match] = []
        after = 0
        for start in starts:
            if start >= after:
                match = self._longest(text, shadow, start)
                if match is not None:
                    matches.append(match)
                    after = match.end
        return matches

    def _longest(self, text: str, shadow: str, start: int) -> Match | None:
        for length in self._lengths(text[start : start + 2], shadow[start : start + 2]):
            end = start + length
            if end > len(text):
                continue
            entry = self._entry(text, shadow, start, end)
            if entry is not None and not _inside_latin(text, start, end):
                return Match(start, end, entry)
        return None

    def _lengths(self, written: str, simplified: str) -> Sequence[int]:
        """Lengths of entries that begin with these two characters, longest first."""
        lengths = self._in_text.lengths.get(written, ())
        others = self._in_shadow.lengths.get(simplified, ())
        if others != lengths:
            lengths = tuple(sorted({*lengths, *others}, reverse=True))
        return (*lengths, 1) if self._has_single else lengths

    def _entry(self, text: str, shadow: str, start: int, end: int) -> Entry | None:
        entry = self._written.get(text[start:end])
        # One character alone must be the one written: 后 in a row is not every 後.
        if entry is None and (end - start > 1 or text == shadow):
            entry = self._simplified.get(shadow[start:end])
        return entry


class _Beginnings:
    """Where in a text any of some forms may begin."""

    def __init__(self, forms: Iterable[str]) -> None:
        self.lengths = _lengths(forms)
        """Of the forms of two characters and more, longest first, by their first two."""
        self._singles = frozenset(form for form in forms if len(form) == 1)
        self.has_single = bool(self._singles)
        # Classes of characters pass over what begins no form faster than any loop.
        self._may = re.compile(
            f"{_class(begin[0] for begin in self.lengths)}"
            f"(?={_class(begin[1] for begin in self.lengths)})"
            + (f"|{_class(self._singles)}" if self._singles else "")
        )

    def places(self, text: str) -> list[int]:
        """The offsets at which two characters are a form's first, or one is a form."""
        lengths, singles = self.lengths, self._singles
        places = [match.start() for match in self._may.finditer(text)]
        return [at for at in places if text[at : at + 2] in lengths or text[at] in singles]


def _class(characters: Iterable[str]) -> str:
    """A pattern for any of the characters."""
    distinct = "".join(sorted({*characters}))
    return f"[{re.escape(distinct)}]" if distinct else "(?!)"


def _lengths(forms: Iterable[str]) -> dict[str, tuple[int, ...]]:
    by_pair: dict[str, set[int]] = {}
    for form in forms:
        if len(form) > 1:
            by_pair.setdefault(form[:2], set()).add(len(form))
    return {pair: tuple(sorted(lengths, reverse=True)) for pair, lengths in by_pair.items()}


def _narrow(text: str) -> str:
    """Full-width Latin letters and digits as the usual ones; the length stays."""
    return text.translate(_NARROW) if _WIDE.search(text) else text


def _inside_latin(text: str, start: int, end: int) -> bool:
    """Whether a Latin word or number goes on beyond the match (AI大模型 in OpenAI大模型)."""
    return (start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])) or (
        end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])
    )


def _is_latin(character: str) -> bool:
    # Below the combining marks stand Latin letters with and without accents.
    return character < "\u0300" and character.isalnum()
