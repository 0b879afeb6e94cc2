"""Where terms stand in a text: one automaton over all their forms (the one door to it)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from reader.glossary.entry import Entry, Match

if TYPE_CHECKING:
    from ahocorasick import Automaton

_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＋．＆－]")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_WRITTEN, _SHADOW = 2, 1
"""How well a form fits: the text itself has it, or only its Simplified shadow."""

_Forms = tuple[tuple[int, int], ...]
_Found = dict[int, tuple[int, int, int]]
"""For each start the best end, how well it fits and the entry's index."""


class Matcher:
    """Finds entries, leftmost and longest, in time linear in the text."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._automaton = _automaton(entries) if entries else None

    def find(self, text: str, shadow: str) -> list[Match]:
        """The entries in `text`, in order, never overlapping; `shadow` is it in Simplified."""
        if self._automaton is None or not text:
            return []
        text = _narrow(text)
        shadow = _narrow(shadow)
        found: _Found = {}
        if shadow == text:
            self._collect(text, _WRITTEN | _SHADOW, found)
        else:
            self._collect(text, _WRITTEN, found)
            self._collect(shadow, _SHADOW, found)
        return list(self._chosen(found))

    def _collect(self, text: str, kind: int, found: _Found) -> None:
        assert self._automaton is not None
        for last, (length, forms) in self._automaton.iter(text):
            end = last + 1
            start = end - length
            if _inside_latin(text, start, end):
                continue
            for fits, index in forms:
                # One character alone must be written as the row has it: 后 is not every 後.
                if fits & kind and not (fits == _SHADOW == kind and length == 1):
                    candidate = (end, fits, index)
                    if candidate > found.get(start, (0, 0, 0)):
                        found[start] = candidate

    def _chosen(self, found: _Found) -> Iterator[Match]:
        after = 0
        for start in sorted(found):
            if start >= after:
                after, _, index = found[start]
                yield Match(start, after, self._entries[index])


def _automaton(entries: Sequence[Entry]) -> Automaton:
    from ahocorasick import Automaton

    forms: dict[str, _Forms] = {}
    for index, entry in enumerate(entries):
        for form, fits in _forms(entry):
            forms[form] = (*forms.get(form, ()), (fits, index))
    automaton = Automaton()
    for form, told in forms.items():
        automaton.add_word(form, (len(form), told))
    automaton.make_automaton()
    return automaton


def _forms(entry: Entry) -> Iterable[tuple[str, int]]:
    """The entry's distinct forms, each with the texts it is looked for in."""
    forms = dict.fromkeys((_narrow(entry.term), _narrow(entry.traditional)), _WRITTEN)
    simplified = _narrow(entry.simplified)
    forms[simplified] = forms.get(simplified, 0) | _SHADOW
    return forms.items()


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
    return character.isalnum() and character < "\u0300"
