"""Where terms stand in a text: their forms by the pair of characters they begin with.

A look-up costs one hash a character, and at a pair that begins a term one for each length such
terms have, so the work is linear in the text however many terms there are. (An Aho-Corasick
automaton in C was slower from some thousand terms on: its root has a child for every character
that begins one, and looks through them in a row.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from reader.core import choose
from reader.glossary.entry import Entry, Match

_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＋．＆－]")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


class Matcher:
    """Finds entries, leftmost and longest. Of equal forms the later entry wins."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        written: dict[str, Entry] = {}
        simplified: dict[str, Entry] = {}
        for entry in entries:
            written[_narrow(entry.term)] = entry
            written[_narrow(entry.traditional)] = entry
            simplified[_narrow(entry.simplified)] = entry
        self.find = _finder(written, simplified)
        """The entries in a text, in order, never overlapping, given it and it in Simplified."""


def _finder(
    written: Mapping[str, Entry], simplified: Mapping[str, Entry]
) -> Callable[[str, str], list[Match]]:
    find: Callable[[str, str], list[Match]] = choose(
        lambda core: core.Matcher(written, simplified, Match).find,
        lambda: _Interpreted(written, simplified).find,
    )
    return find


class _Interpreted:
    """What the core's `Matcher` does."""

    def __init__(self, written: Mapping[str, Entry], simplified: Mapping[str, Entry]) -> None:
        self._written = written
        self._simplified = simplified
        self._in_text = _Beginnings(written)
        self._in_shadow = _Beginnings(simplified)
        self._has_single = self._in_text.has_single or self._in_shadow.has_single

    def find(self, text: str, shadow: str) -> list[Match]:
        if _WIDE.search(text):
            text, shadow = _narrow(text), _narrow(shadow)
        written, simplified = self._in_text.places(text), self._in_shadow.places(shadow)
        starts = written if written == simplified else sorted({*written, *simplified})
        found: list[Match] = []
        after = 0
        for start in starts:
            if start >= after:
                match = self._longest(text, shadow, start)
                if match is not None:
                    found.append(match)
                    after = match.end
        return found

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
    found = "".join(sorted({*characters}))
    return f"[{re.escape(found)}]" if found else "(?!)"


def _lengths(forms: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for form in forms:
        if len(form) > 1:
            found.setdefault(form[:2], set()).add(len(form))
    return {begin: tuple(sorted(lengths, reverse=True)) for begin, lengths in found.items()}


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
