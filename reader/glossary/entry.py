"""An entry of a glossary, and its match in a text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from reader.pinyin import is_syllable


@dataclass(frozen=True, slots=True)
class Entry:
    """A term with what a reader wants to know of it.

    `simplified` and `traditional` have the length of `term`, which is in either script; left
    empty they are the term itself.

    >>> entry = Entry("P2P金融", syllables=("", "", "", "jin1", "rong2"), gloss="P2P lending")
    >>> entry.traditional
    'P2P金融'

    Raises `ValueError` for forms, syllables, breaks, capitals or words that do not fit the term.
    """

    term: str
    simplified: str = ""
    traditional: str = ""
    syllables: tuple[str, ...] = ()
    """One for each code point, `""` for those that are not read; empty: to be derived."""
    gloss: str = ""
    """Empty where the entry only divides the term into words: it makes no note."""
    note: str = ""
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """The words the term is made of (張江, 高科技, 園區); empty: it is one word."""
    breaks: tuple[int, ...] = ()
    """Offsets, ascending, before which the pinyin has a space: 2 in gàizhāng jīngjì."""
    capitals: tuple[int, ...] = ()
    """Offsets, ascending, whose syllables take a capital: a term that has any is a name."""

    def __post_init__(self) -> None:
        if not self.term:
            raise ValueError("an entry needs a term")
        self._complete_forms()
        if self.syllables or self.breaks or self.capitals:
            self._check_syllables()
        if self.words and "".join(self.words) != self.term:
            raise ValueError(f"{'|'.join(self.words)} is not {self.term!r}")

    def _complete_forms(self) -> None:
        for name in ("simplified", "traditional"):
            form = getattr(self, name)
            if not form:
                object.__setattr__(self, name, self.term)
            elif len(form) != len(self.term):
                raise ValueError(f"{name} form {form!r} differs in length from {self.term!r}")

    def _check_syllables(self) -> None:
        if self.syllables and len(self.syllables) != len(self.term):
            raise ValueError(f"{self.term!r} does not have {len(self.syllables)} characters")
        if not all(is_syllable(syllable) for syllable in self.syllables if syllable):
            raise ValueError(f"{self.syllables!r} are not all syllables")
        if self.breaks and any(a >= b for a, b in pairwise((0, *self.breaks, len(self.syllables)))):
            raise ValueError(f"breaks {self.breaks} are not inside {self.term!r}, in order")
        if any(a >= b for a, b in pairwise((-1, *self.capitals, len(self.syllables)))):
            raise ValueError(f"capitals {self.capitals} are not in {self.term!r}, in order")


class Match(NamedTuple):
    """`text[start:end]` is the entry's term, in one script or the other."""

    start: int
    end: int
    entry: Entry
