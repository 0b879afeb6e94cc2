"""Words made into tokens: forms in both scripts, senses, levels; equal tokens are one object."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

from reader.annotation.word_candidates import (
    COMMON,
    HAN,
    LATIN,
    NAME,
    NUMBER,
    OTHER,
    PERSON,
    PUNCTUATION,
    SPACE,
    TERM,
    Word,
)
from reader.core import choose
from reader.lexicon import LexEntry, Lexicon
from reader.lexicon.levels import levels_of
from reader.model import Reading, Token, TokenKind

TOKEN_LAYERS = frozenset({"senses", "levels", "scripts"})
"""The layers whose work is done as a token is made."""
_SENSES, _PROPER = attrgetter("senses"), attrgetter("proper")
REMEMBERED = 30_000
"""Tokens that are kept before the memory starts afresh."""
_KINDS = {
    HAN: TokenKind.WORD,
    PERSON: TokenKind.WORD,
    NAME: TokenKind.WORD,
    TERM: TokenKind.WORD,
    COMMON: TokenKind.WORD,
    NUMBER: TokenKind.NUMBER,
    LATIN: TokenKind.LATIN,
    PUNCTUATION: TokenKind.PUNCTUATION,
    SPACE: TokenKind.SPACE,
    OTHER: TokenKind.OTHER,
}


Make: TypeAlias = Callable[[Sequence[Word], list[Reading | None], str, str, str], tuple[Token, ...]]


class TokenFactory:
    """Makes tokens, each distinct one once."""

    def __init__(self, lexicon: Lexicon, layers: Collection[str] = TOKEN_LAYERS) -> None:
        """`layers` are those of `TOKEN_LAYERS` that are wanted."""
        self._lexicon = lexicon
        self._senses = "senses" in layers
        self._levels = "levels" in layers
        self._scripts = "scripts" in layers
        # By identity of the reading, which the token keeps alive; then by value.
        self._known: dict[tuple[str, str, str, int, int], Token] = {}
        self._interned: dict[Token, Token] = {}
        self._unread = False
        self._core: Any = choose(self._compiled, lambda: None)
        self._make: Make = self._core.make if self._core else self._interpreted

    def make(
        self,
        words: Sequence[Word],
        readings: list[Reading | None],
        text: str,
        simplified: str,
        traditional: str,
    ) -> tuple[Token, ...]:
        """The tokens of a block's words, in order, given them, their readings, and its text in
        three forms: as written, Simplified, Traditional."""
        return self._make(words, readings, text, simplified, traditional)

    @property
    def unread(self) -> bool:
        """Whether any word so far has had no reading."""
        return bool(self._core.unread) if self._core else self._unread

    def _interpreted(
        self,
        words: Sequence[Word],
        readings: list[Reading | None],
        text: str,
        simplified: str,
        traditional: str,
    ) -> tuple[Token, ...]:
        known = self._known
        tokens: list[Token] = []
        add = tokens.append
        for (start, end, kind), reading in zip(words, readings, strict=True):
            word = text[start:end]
            key = word, simplified[start:end], traditional[start:end], kind, id(reading)
            token = known.get(key)
            if token is None:
                token = self._learn(*key[:4], reading)
                if token.reading is reading:
                    # Else an equal token was there, which keeps another reading alive: this one
                    # may go, and its identity with it.
                    known[key] = token
            add(token)
        return tuple(tokens)

    def _compiled(self, core: Any) -> Any:
        """What `_interpreted` does, compiled."""
        kinds = tuple(_KINDS[kind] for kind in range(len(_KINDS)))
        kept = "".join(_KEPT)
        table = self._lexicon.table
        wanted = levels_of if self._levels else None, self._senses, self._scripts
        return core.TokenFactory(table, Token, Reading, kinds, kept, *wanted)

    def _learn(
        self, text: str, simplified: str, traditional: str, kind: int, reading: Reading | None
    ) -> Token:
        """A token that was not met before, or the equal one that was."""
        if len(self._interned) > REMEMBERED:
            self._known.clear()
            self._interned.clear()
        if reading is None and kind < NUMBER:
            self._unread = True
        token = self._token(text, simplified, traditional, kind, reading)
        return self._interned.setdefault(token, token)

    def _token(
        self, text: str, simplified: str, traditional: str, kind: int, reading: Reading | None
    ) -> Token:
        if kind >= NUMBER:
            return Token(text, _KINDS[kind], reading=reading)
        # What was meant has its entry: in a Traditional text `text` may be a slip for it.
        written = text if text == simplified else traditional
        entries = self._entries(written, simplified, kind, reading)
        proper = kind in (PERSON, NAME) or (kind != COMMON and self._is_name(simplified, entries))
        return Token(
            text,
            TokenKind.WORD,
            _simplified(simplified, entries),
            _traditional(traditional, entries, text) if self._scripts else traditional,
            reading,
            proper,
            _senses(entries, proper) if self._senses else (),
            self._lexicon.levels(simplified) if self._levels and kind != PERSON else (),
        )

    def _entries(
        self, written: str, simplified: str, kind: int, reading: Reading | None
    ) -> tuple[LexEntry, ...]:
        """The entries of the word so read; of a person's name those on surnames alone."""
        entries = _read_so(self._lexicon.entries(written, simplified), reading)
        if kind == PERSON:
            return tuple(entry for entry in entries if entry.surname)
        return entries

    def _is_name(self, simplified: str, entries: tuple[LexEntry, ...]) -> bool:
        """Whether the dictionary knows the word, so read, as a name before all else."""
        if any(map(_SENSES, entries)):
            return all(map(_PROPER, entries))
        # In no dictionary, but tagged in running text as a person, a place or an organisation.
        return len(simplified) > 1 and self._lexicon.tag(simplified).startswith(("nr", "ns", "nt"))


def _read_so(entries: tuple[LexEntry, ...], reading: Reading | None) -> tuple[LexEntry, ...]:
    """The entries in this reading, or in Taiwan's; all of them where none has it."""
    if reading is None or len(entries) < 2:
        return entries
    # 长 that is read zhǎng has the senses of zhǎng alone.
    spoken = reading.syllables
    exact = tuple(entry for entry in entries if spoken in (entry.syllables, entry.taiwan_syllables))
    return exact or entries


_KEPT = frozenset("著乾徵藉夥瞭么")
"""Characters that Simplified keeps in some words, of which OpenCC does not know all."""


def _simplified(simplified: str, entries: tuple[LexEntry, ...]) -> str:
    """The Simplified form, the dictionary's where that keeps a character: 论著, not 论着."""
    if len(simplified) < 2 or not entries or entries[0].simplified == simplified:
        return simplified
    forms = {entry.simplified for entry in entries}
    form = forms.pop()
    return form if not forms and form != simplified and not _KEPT.isdisjoint(form) else simplified


def _traditional(traditional: str, entries: tuple[LexEntry, ...], text: str) -> str:
    """The Traditional form, put right by the reading: 发 that is read fà is 髮."""
    if len(text) > 1:
        return traditional
    forms = [entry.traditional for entry in entries if entry.simplified == text]
    return forms[0] if forms and traditional not in forms else traditional


def _senses(entries: Iterable[LexEntry], proper: bool) -> tuple[str, ...]:
    """The glosses of all entries; a name's own first."""
    ordered = sorted(entries, key=lambda entry: entry.proper != proper)
    return tuple(dict.fromkeys(sense for entry in ordered for sense in entry.senses))
