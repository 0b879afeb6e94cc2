"""Words made into tokens: senses, levels; equal tokens are one object."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from operator import attrgetter
from threading import get_ident
from typing import Any, NamedTuple, TypeAlias

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
from reader.caching import BoundedCache
from reader.core import choose
from reader.files import read_data
from reader.lexicon import LexEntry, Lexicon
from reader.lexicon.dictionaries import Dictionary
from reader.lexicon.levels import levels_of
from reader.model import Reading, ReadingSource, Token, TokenKind
from reader.scripts import simplify

TOKEN_LAYERS = frozenset({"senses", "levels"})
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


class TokenFactory:
    """Makes tokens, each distinct one once."""

    def __init__(
        self,
        lexicon: Lexicon,
        layers: Collection[str] = TOKEN_LAYERS,
        finish: Callable[[Token], Token] | None = None,
    ) -> None:
        """`layers` are those of `TOKEN_LAYERS` that are wanted; `finish` changes a token that is
        met for the first time, but not its text nor its reading."""
        self._lexicon = lexicon
        self._finish = finish
        self._senses = "senses" in layers
        self._levels = "levels" in layers
        # By identity of the reading, which the token keeps alive; then by value.
        self._known: dict[tuple[str, str, str, int, int], Token] = {}
        self._interned: dict[Token, Token] = {}
        self._unread = False
        self._core: Any = choose(self._compiled, lambda: None)

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
        if self._core is None:
            return self._interpreted(words, readings, text, simplified, traditional)
        made: tuple[Token, ...] = self._core.make(
            words, readings, text, simplified, traditional, self
        )
        return made

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
        wanted = levels_of if self._levels else None, self._senses, self._finish
        return core.TokenFactory(self._lexicon.table, Token, Reading, kinds, *wanted)

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
        if self._finish is not None:
            token = self._finish(token)
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
            simplified,
            traditional,
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


def _senses(entries: Iterable[LexEntry], proper: bool) -> tuple[str, ...]:
    """The glosses of all entries; a name's own first."""
    ordered = sorted(entries, key=lambda entry: entry.proper != proper)
    return tuple(dict.fromkeys(sense for entry in ordered for sense in entry.senses))


class DictionarySenses:
    """Tokens with the senses of another dictionary. Equal tokens are one object."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        # By identity, with the token, which thereby keeps it.
        self._known: BoundedCache[int, tuple[Token, Token]] = BoundedCache(REMEMBERED)

    def of(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """The tokens of a block with these senses."""
        return tuple([self._token(token) for token in tokens])

    def _token(self, token: Token) -> Token:
        known = self._known.get(id(token))
        if known is None or known[0] is not token:
            senses = self._dictionary.senses(token)
            own = token if senses == token.senses else replace(token, senses=senses)
            known = self._known.remember(id(token), (token, own))
        return known[1]


# ---- Taiwan ----

_Syllables: TypeAlias = tuple[str, ...]
_Rows: TypeAlias = dict[tuple[str, _Syllables], _Syllables]


class TaiwanRow(NamedTuple):
    """A row of `data/taiwan_readings.tsv`, whose head says what its columns mean."""

    word: str
    """In Traditional characters."""
    mainland: _Syllables
    taiwan: _Syllables
    scope: str
    source: str


@cache
def taiwan_rows() -> tuple[TaiwanRow, ...]:
    """All of them, in the order of the file."""
    lines = read_data("taiwan_readings.tsv").decode().splitlines()
    cells = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    return tuple(
        TaiwanRow(word, tuple(mainland.split()), tuple(taiwan.split()), scope, source)
        for word, mainland, taiwan, scope, source in cells
    )


_GIVEN = (ReadingSource.GLOSSARY, ReadingSource.TEXT)
"""Whose readings are no standard's, but someone's own."""
_READ_KINDS = (TokenKind.WORD, TokenKind.NUMBER, TokenKind.LATIN)
_OPENING = frozenset("「『“‘《〈（(【")
_NOT_JOINED = frozenset("的之")
"""After these 和 is the sum, or peace."""
_COUNTS = frozenset("〇零一二三四五六七八九十百千萬万億亿兩两幾几數数這这那每半整")
"""What a word ends with that a measure word stands behind."""


class TaiwanTokens:
    """Tokens as Taiwan reads them: made, with their senses, as the mainland does, and then read
    otherwise where a row or a mark of the dictionary says so. Equal tokens are one object."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words, self._characters = self._rows("word"), self._rows("character")
        self._joining, self._measures = self._rows("joining"), self._rows("measure")
        self._placed = {word for word, _ in (*self._joining, *self._measures)}
        self._longest = max(len(word) for word, _ in self._words)
        # By identity, with the token, which thereby keeps it; then by value.
        self._known: BoundedCache[int, tuple[Token, Token]] = BoundedCache(REMEMBERED)
        self._interned: BoundedCache[Token, Token] = BoundedCache(REMEMBERED)

    def _rows(self, scope: str) -> _Rows:
        """Rows of a scope by the word, in either script, and its reading in the mainland."""
        own: _Rows = {}
        simplified: _Rows = {}
        for row in taiwan_rows():
            if row.scope == scope:
                own[row.word, row.mainland] = row.taiwan
                form = simplify(row.word)
                # 曲 is 麴 in Simplified, and in Traditional a word of its own.
                entries = self._lexicon.brief_entries(form)
                if all(e.traditional != form or e.syllables != row.mainland for e in entries):
                    simplified[form, row.mainland] = row.taiwan
        return simplified | own

    def of(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """The tokens of a block, those that Taiwan reads otherwise in its readings."""
        found = []
        for at, token in enumerate(tokens):
            if token.text in self._placed and (taiwan := self._in_place(tokens, at)):
                found.append(self._with(token, taiwan, ()))
                continue
            known = self._known.get(id(token))
            if known is None:
                known = self._known.remember(id(token), (token, self._token(token)))
            found.append(known[1])
        return tuple(found)

    def _token(self, token: Token) -> Token:
        """The token wherever it stands."""
        reading = token.reading
        if reading is None or reading.source in _GIVEN:
            return token
        spoken = self._read(token, reading.syllables)
        others = dict.fromkeys(self._read(token, other) for other in reading.alternatives)
        if spoken == reading.syllables and tuple(others) == reading.alternatives:
            return self._one(token)
        others.pop(spoken, None)
        return self._with(token, spoken, tuple(others))

    def _with(self, token: Token, spoken: _Syllables, others: tuple[_Syllables, ...]) -> Token:
        assert token.reading is not None
        reading = replace(token.reading, syllables=spoken, alternatives=others)
        return self._one(replace(token, reading=reading))

    def _one(self, token: Token) -> Token:
        """The token that stands for all that are equal."""
        return self._interned.get(token) or self._interned.remember(token, token)

    def _in_place(self, tokens: Sequence[Token], at: int) -> _Syllables:
        """How a word is read only between the words beside it; `()` where it is not there."""
        reading = tokens[at].reading
        if reading is None or reading.source in _GIVEN:
            return ()
        key = tokens[at].text, reading.syllables
        before = tokens[at - 1] if at else None
        if key in self._measures:
            return self._measures[key] if _is_count(before) else ()
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        return self._joining.get(key, ()) if _are_joined(before, after) else ()

    def _read(self, token: Token, syllables: _Syllables) -> _Syllables:
        """How Taiwan says what the mainland reads so: by rows of words, then by the dictionary's
        marks, then character by character."""
        text, size = token.text, len(token.text)
        spoken: list[str | None] = [None] * size
        for length in range(min(size, self._longest), 1, -1):
            for start in range(size - length + 1):
                key = text[start : start + length], syllables[start : start + length]
                row = self._words.get(key)
                if row and not any(spoken[start : start + length]):
                    spoken[start : start + length] = row
        if not any(spoken):
            for start, end in _parts(size):
                part = text[start:end], token.simplified[start:end], syllables[start:end]
                mark = () if any(spoken[start:end]) else self._mark(*part)
                if mark:
                    spoken[start:end] = mark
        return tuple(
            [said or self._character(text, syllables, at) for at, said in enumerate(spoken)]
        )

    def _mark(self, word: str, simplified: str, syllables: _Syllables) -> _Syllables:
        """The dictionary's mark on the word in this reading, or `()`."""
        for entry in self._lexicon.brief_entries(word, simplified):
            if entry.syllables == syllables and entry.taiwan_syllables:
                return entry.taiwan_syllables
        return ()

    def _character(self, text: str, syllables: _Syllables, at: int) -> str:
        syllable = syllables[at]
        # What doubles a character may do without its tone in Taiwan too: 謝謝, 看看.
        if syllable[-1:] == "5" and at and text[at - 1] == text[at]:
            return syllable
        row = self._characters.get((text[at], (syllable,)))
        return row[0] if row else syllable


def _is_count(before: Token | None) -> bool:
    """Whether what follows is counted."""
    return before is not None and (before.kind is TokenKind.NUMBER or before.text[-1] in _COUNTS)


def _are_joined(before: Token | None, after: Token | None) -> bool:
    """Whether what stands between joins a word to what is before, or to no more than itself."""
    if after is None or (before is not None and before.text in _NOT_JOINED):
        return False
    return after.kind in _READ_KINDS or after.text[0] in _OPENING


def shared_taiwan(lexicon: Lexicon) -> TaiwanTokens:
    """One for all texts of a thread, which share what it remembers."""
    return _shared_taiwan(lexicon, get_ident())


# One a thread: a memory is emptied when it is full, whoever reads it.
@lru_cache(maxsize=4)
def _shared_taiwan(lexicon: Lexicon, _thread: int) -> TaiwanTokens:
    return TaiwanTokens(lexicon)


_LONGEST_PART = 4


def _parts(size: int) -> Iterator[tuple[int, int]]:
    """A whole word of several characters, then the words that it may begin or end with, the
    longest first."""
    if size > 1:
        yield 0, size
    for length in range(min(size - 1, _LONGEST_PART), 1, -1):
        yield 0, length
        yield size - length, size
