"""Where terms stand in a text: their forms by the pair of characters they begin with.

A look-up costs one hash a character, and at a pair that begins a term one for each length such
terms have, so the work is linear in the text however many terms there are. (An Aho-Corasick
automaton in C was slower from some thousand terms on: its root has a child for every character
that begins one, and looks through them in a row.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from reader.glossary.entry import Entry, Match

_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＋．＆－]")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


class Matcher:
    """Finds entries, leftmost and longest. Of equal forms the later entry wins."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._written: dict[str, Entry] = {}
        self._simplified: dict[str, Entry] = {}
        for entry in entries:
            self._written[_narrow(entry.term)] = entry
            self._written[_narrow(entry.traditional)] = entry
            self._simplified[_narrow(entry.simplified)] = entry
        forms = self._written.keys() | self._simplified.keys()
        self._pairs = _lengths(forms, 2)
        self._singles = frozenset(form for form in forms if len(form) == 1)
        # A class of characters passes over what begins no term faster than any loop.
        first = "".join(sorted({form[0] for form in forms}))
        self._first = re.compile(f"[{re.escape(first)}]" if first else "(?!)")

    def find(self, text: str, shadow: str) -> list[Match]:
        """The entries in `text`, in order, never overlapping; `shadow` is it in Simplified."""
        text = _narrow(text)
        shadow = _narrow(shadow)
        found: list[Match] = []
        after = 0
        for start in self._starts(text, shadow):
            if start >= after:
                match = self._longest(text, shadow, start)
                if match is not None:
                    found.append(match)
                    after = match.end
        return found

    def _starts(self, text: str, shadow: str) -> Sequence[int]:
        """Where an entry may begin, in order."""
        starts = self._begins(shadow)
        return starts if text == shadow else sorted({*starts, *self._begins(text)})

    def _begins(self, text: str) -> list[int]:
        pairs, singles = self._pairs, self._singles
        places = [match.start() for match in self._first.finditer(text)]
        return [at for at in places if text[at : at + 2] in pairs or text[at] in singles]

    def _longest(self, text: str, shadow: str, start: int) -> Match | None:
        for length in self._lengths(text[start : start + 2], shadow[start : start + 2]):
            end = start + length
            if end > len(text):
                continue
            entry = self._entry(text, shadow, start, end)
            if entry is not None and not _inside_latin(text, start, end):
                return Match(start, end, entry)
        return None

    def _lengths(self, written: str, simplified: str) -> Iterator[int]:
        """Lengths of entries that begin with these two characters, longest first."""
        lengths = self._pairs.get(written, ())
        if simplified != written:
            lengths = tuple(sorted({*lengths, *self._pairs.get(simplified, ())}, reverse=True))
        yield from lengths
        if self._singles:
            yield 1

    def _entry(self, text: str, shadow: str, start: int, end: int) -> Entry | None:
        entry = self._written.get(text[start:end])
        # One character alone must be the one written: 后 in a row is not every 後.
        if entry is None and (end - start > 1 or text == shadow):
            entry = self._simplified.get(shadow[start:end])
        return entry


def _lengths(forms: Iterable[str], prefix: int) -> dict[str, tuple[int, ...]]:
    """For each beginning of a form the lengths of forms with it, longest first."""
    found: dict[str, set[int]] = {}
    for form in forms:
        if len(form) >= prefix:
            found.setdefault(form[:prefix], set()).add(len(form))
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
