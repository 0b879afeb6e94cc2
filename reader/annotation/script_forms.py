"""The forms of finished tokens in the other script, or in the characters of another region.

A Traditional form is the dictionary's: of the word as it was cut, in the reading that was decided,
in the characters of a region. Rows of `data/traditional.tsv` say where the dictionary is not
followed, and which of its forms a word has in which context; OpenCC converts what neither has.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from threading import get_ident
from typing import NamedTuple, TypeAlias

from reader.annotation.word_candidates import Word
from reader.caching import BoundedCache
from reader.files import read_data
from reader.lexicon import LexEntry, Lexicon
from reader.model import Reading, ReadingSource, Token, TokenKind
from reader.options import Region
from reader.scripts import HONG_KONG, TAIWAN, to_region, to_traditional

__all__ = ["FormRow", "ScriptForms", "form_rows", "forms_of", "region_of"]

REMEMBERED = 30_000
"""Tokens that are kept before the memory starts afresh."""
CONTEXT = 8
"""Characters before and after a word that rows may look at."""
NEAR = 4
"""Characters before and after one that OpenCC is shown with it."""
_LANGUAGES = {Region.TAIWAN: TAIWAN, Region.HONG_KONG: HONG_KONG}


class FormRow(NamedTuple):
    """A row of `data/traditional.tsv`, whose head says what its columns mean."""

    scope: str
    simplified: str
    reading: tuple[str, ...]
    traditional: str
    region: str
    before: str
    after: str
    source: str

    @property
    def in_context(self) -> bool:
        """Whether it depends on what stands around the word."""
        return bool(self.before or self.after)

    def stands(self, before: str, after: str) -> bool:
        """Whether a word between these is one that the row is about."""
        return not (
            (self.before and not _ending(self.before).search(before))
            or (self.after and not _beginning(self.after).match(after))
        )


@cache
def _ending(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern})$")


_beginning = cache(re.compile)


@cache
def form_rows() -> tuple[FormRow, ...]:
    """All of them, in the order of the file."""
    lines = read_data("traditional.tsv").decode().splitlines()
    cells = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    return tuple(
        FormRow(scope, simplified, tuple(reading.split()), *rest)
        for scope, simplified, reading, *rest in cells
    )


def region_of(language: str, region: Region) -> str:
    """BCP 47 of the Traditional forms of a text in `language`, where a region is asked for.

    >>> region_of("zh-Hans", Region.OWN), region_of("zh-Hant-HK", Region.OWN)
    ('zh-Hant-TW', 'zh-Hant-HK')
    """
    own = language if language.startswith("zh-Hant") else TAIWAN
    return _LANGUAGES.get(region, own)


class ScriptForms:
    """Puts the forms of tokens right: each distinct one once, and in a block those that depend on
    what stands around them."""

    def finish(self, token: Token) -> Token:
        """A token that was just made, wherever it stands."""
        raise NotImplementedError

    def in_place(
        self, tokens: tuple[Token, ...], words: Sequence[Word], text: str
    ) -> tuple[Token, ...]:
        """The tokens of a block, given its words and its text."""
        return tokens


def forms_of(lexicon: Lexicon, language: str, region: Region) -> ScriptForms:
    """What has to be done to the tokens of a text in `language`."""
    return _forms_of(lexicon, language, region_of(language, region), get_ident())


# One a thread: a memory is emptied when it is full, whoever reads it.
@lru_cache(maxsize=8)
def _forms_of(lexicon: Lexicon, language: str, region: str, _thread: int) -> ScriptForms:
    if language.startswith("zh-Hans"):
        return TraditionalForms(lexicon, region)
    return SimplifiedForms(lexicon, language, region)


def _with(token: Token, *, simplified: str = "", traditional: str = "") -> Token:
    simplified = simplified or token.simplified
    traditional = traditional or token.traditional
    if (simplified, traditional) == (token.simplified, token.traditional):
        return token
    return replace(token, simplified=simplified, traditional=traditional)


class _Rows:
    """The rows that concern a region, by the word."""

    def __init__(self, region: str) -> None:
        self.words: dict[str, list[FormRow]] = defaultdict(list)
        self.parts: dict[str, str] = {}
        self.names: dict[str, FormRow] = {}
        self.spellings: dict[tuple[str, str], str] = {}
        self.characters: dict[str, str] = {}
        for row in form_rows():
            if row.region in ("", region[-2:].lower()):
                self._take(row._replace(traditional=to_region(row.traditional, region)))
        self.longest = max(map(len, self.parts))

    def _take(self, row: FormRow) -> None:
        if row.scope == "word":
            self.words[row.simplified].append(row)
        elif row.scope == "part":
            self.parts[row.simplified] = row.traditional
        elif row.scope == "name":
            self.names[row.simplified] = row
        elif row.scope == "spelling":
            self.spellings[row.simplified, row.traditional] = row.traditional
        elif row.scope == "character":
            self.characters[row.simplified] = row.traditional

    def on(self, word: str, syllables: tuple[str, ...]) -> list[FormRow]:
        """Those on a word in its reading, in order."""
        rows = self.words.get(word)
        return [row for row in rows if row.reading in ((), syllables)] if rows else []


class TraditionalForms(ScriptForms):
    """Traditional forms, in the characters of a region, for the tokens of a Simplified text."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        """`language` says the region: `zh-Hant-TW` or `zh-Hant-HK`."""
        self._lexicon = lexicon
        self._language = language
        self._rows = _Rows(language)
        self._characters = self._rows.characters.copy()
        self._placed: set[_Key] = set()
        """What tells tokens whose form depends on what stands around them."""
        self._beginnings = {word[0] for word, rows in self._rows.words.items() if _vary(rows)}
        """The characters that such tokens begin with."""
        self._pattern: re.Pattern[str] | None = None
        """One of them; None when there are new ones."""
        # By identity, which the token keeps: the tokens made of it by their forms, if it is such.
        self._met: BoundedCache[int, tuple[Token, dict[str, Token] | None]]
        self._met = BoundedCache(REMEMBERED)

    def finish(self, token: Token) -> Token:
        text = token.text
        if token.kind in _UNCHANGED or text.isascii():
            return token
        if text != token.simplified:
            # It has Traditional characters already.
            return _with(token, traditional=to_traditional(text, self._language))
        if _is_name(token):
            # A surname or what is given with it; the dictionary may know who that is.
            token = _with(token, traditional=self._name(token))
            if self._is_doubtful(text):
                self._place(token)
            return token
        rows = self._rows.on(text, _spoken(token))
        if rows and not _vary(rows):
            return _with(token, traditional=rows[0].traditional)
        if rows or (len(text) == 1 and self._has_choice(token)):
            self._place(token)
            return token
        return _with(token, traditional=self._form(token))

    def _has_choice(self, token: Token) -> bool:
        text = token.text
        return len(self._listed(text, self._entries(text), _spoken(token))) > 1

    def _place(self, token: Token) -> None:
        self._placed.add(_key(token))
        if token.text[0] not in self._beginnings:
            self._beginnings.add(token.text[0])
            self._pattern = None

    def in_place(
        self, tokens: tuple[Token, ...], words: Sequence[Word], text: str
    ) -> tuple[Token, ...]:
        found: list[Token] | None = None
        if self._pattern is None:
            self._pattern = re.compile(f"[{re.escape(''.join(sorted(self._beginnings)))}]")
        for match in self._pattern.finditer(text):
            start = match.start()
            at = bisect_left(words, (start,))
            if at == len(tokens) or words[at][0] != start:
                continue
            token, made = self._met.get(id(tokens[at])) or self._meet(tokens[at])
            if made is not None:
                form = self._form_in_place(tokens, at, text, start)
                found = found or list(tokens)
                found[at] = made.get(form) or made.setdefault(form, _with(token, traditional=form))
        return tokens if found is None else tuple(found)

    def _meet(self, token: Token) -> tuple[Token, dict[str, Token] | None]:
        made: dict[str, Token] | None = {} if _key(token) in self._placed else None
        return self._met.remember(id(token), (token, made))

    def _form_in_place(self, tokens: Sequence[Token], at: int, text: str, start: int) -> str:
        """The Traditional form of a token at a place of a block."""
        token = tokens[at]
        end = start + len(token.text)
        before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        if _is_name(token):
            return self._known_name(tokens, at)
        for row in self._rows.on(token.text, _spoken(token)):
            if row.stands(before, after):
                return row.traditional
        in_word = len(token.text) > 1
        return self._form(token) if in_word else self._character_in(token, before, after)

    def _is_doubtful(self, name: str) -> bool:
        """Whether a name has a character that has several forms."""
        return any(len({e.traditional for e in self._entries(c)}) > 1 for c in name)

    def _known_name(self, tokens: Sequence[Token], at: int) -> str:
        """The form of what is given with a surname, the dictionary's if it has the whole name."""
        token = tokens[at]
        if at and _is_name(tokens[at - 1]):
            surname = tokens[at - 1].text
            listed = self._listed(surname + token.text, self._entries(surname + token.text), ())
            if len(listed) == 1:
                return listed[0][len(surname) :]
        return token.traditional

    def _character_in(self, token: Token, before: str, after: str) -> str:
        """The form of a word of one character that OpenCC gives it there, if it is read so."""
        text = token.text
        before = before[-NEAR:]
        converted = to_traditional(before + text + after[:NEAR], self._language)[len(before)]
        listed = self._listed(text, self._entries(text), _spoken(token))
        return converted if converted in listed or not listed else self._chosen(text, listed)

    def _form(self, token: Token) -> str:
        """The form of a word that no row has."""
        text = token.text
        entries = self._entries(text)
        words = [entry for entry in entries if not entry.phrase]
        listed = self._listed(text, words, _spoken(token))
        if listed:
            form = self._chosen(text, listed)
        else:
            # What neither dictionary nor phrases have may be a name.
            form = self._name(token) if token.proper and not entries else self._composed(token)
        return self._patched(text, form)

    def _chosen(self, text: str, listed: Sequence[str]) -> str:
        """Of the dictionary's forms that which OpenCC gives, or else the first, spelt as OpenCC
        does."""
        converted = to_traditional(text, self._language)
        if converted in listed:
            return converted
        pairs = zip(listed[0], converted, strict=True)
        return "".join([self._rows.spellings.get(pair, pair[0]) for pair in pairs])

    def _composed(self, token: Token) -> str:
        """The form of a word that the dictionary does not have: OpenCC's, but for characters that
        are not read so."""
        text = token.text
        converted = to_traditional(text, self._language)
        parts = zip(text, _spoken(token), converted, strict=True) if token.reading else ()
        return "".join([self._so_read(*part) for part in parts]) or converted

    def _so_read(self, character: str, syllable: str, converted: str) -> str:
        """The form of a character in a word, so read."""
        for row in self._rows.on(character, (syllable,)):
            if row.reading and not row.in_context:
                return row.traditional
        listed = self._listed(character, self._entries(character), (syllable,))
        return converted if converted in listed or not listed else listed[0]

    def _name(self, token: Token) -> str:
        text, form = token.text, self._composed(token)
        for at, character in enumerate(text):
            row = self._rows.names.get(character)
            if row is not None and row.stands(text[:at], text[at + 1 :]):
                form = form[:at] + row.traditional + form[at + 1 :]
        return form

    def _patched(self, text: str, form: str) -> str:
        """The form of a word with those of its parts that have a row."""
        for size in range(2, min(len(text), self._rows.longest) + 1):
            for start in range(len(text) - size + 1):
                part = self._rows.parts.get(text[start : start + size])
                if part:
                    form = form[:start] + part + form[start + size :]
        return form

    def _listed(
        self, word: str, entries: Sequence[LexEntry], syllables: tuple[str, ...]
    ) -> list[str]:
        """The dictionary's forms of a word in its reading, in the region's characters."""
        entries = [entry for entry in entries if not entry.variant] or entries
        so_read = [e for e in entries if syllables in (e.syllables, e.taiwan_syllables)]
        forms = [self._regional(word, entry.traditional) for entry in so_read or entries]
        return list(dict.fromkeys(forms))

    def _entries(self, word: str) -> list[LexEntry]:
        """Those on a Simplified word, which may also be another one in Traditional (后, 乾)."""
        entries = self._lexicon.brief_entries(word)
        return [e for e in entries if e.simplified == word or e.traditional != word]

    def _regional(self, simplified: str, form: str) -> str:
        if "著" in form:
            pairs = zip(simplified, form, strict=True)
            return "".join([self._character(*pair) for pair in pairs])
        try:
            return "".join([self._characters[character] for character in form])
        except KeyError:
            return "".join([self._character(character, character) for character in form])

    def _character(self, simplified: str, character: str) -> str:
        if character == "著":
            # The dictionary writes so, as Taiwan does, for 着 too.
            return "著" if simplified == "著" or self._language == TAIWAN else "着"
        known = self._characters.get(character)
        if known is None:
            known = self._characters[character] = to_region(character, self._language)
        return known


class SimplifiedForms(ScriptForms):
    """Simplified forms for the tokens of a Traditional text, which have OpenCC's: those that the
    dictionary has where it keeps a character, and where the reading tells (乾, qián). Traditional
    ones in the characters of another region, if that is asked for."""

    def __init__(self, lexicon: Lexicon, language: str, region: str) -> None:
        """`language` is the text's, `region` that of the Traditional forms."""
        self._lexicon = lexicon
        self._language, self._region = language, region
        self._rows: dict[str, list[FormRow]] = defaultdict(list)
        for row in form_rows():
            if row.scope == "simplified":
                self._rows[row.traditional].append(row)
        self._kept = frozenset(row.traditional for row in form_rows() if row.scope == "kept")

    def finish(self, token: Token) -> Token:
        if token.kind in _UNCHANGED or token.text.isascii():
            return token
        simplified = self._simplified(token)
        return _with(token, simplified=simplified, traditional=self._regional(token, simplified))

    def _regional(self, token: Token, simplified: str) -> str:
        """The Traditional form in the region's characters."""
        if self._region == self._language:
            return token.traditional
        form = to_region(token.traditional, self._region, self._language)
        if self._region == HONG_KONG and "著" in token.traditional:
            # Taiwan writes 著 for 着 too.
            pairs = zip(form, simplified, strict=True)
            form = "".join(["著" if new == "著" else old for old, new in pairs])
        return form

    def _simplified(self, token: Token) -> str:
        for row in self._rows.get(token.text, ()):
            if row.reading in ((), _spoken(token)):
                return row.simplified
        return self._form(token)

    def _form(self, token: Token) -> str:
        """The Simplified form, the dictionary's where that keeps a character."""
        simplified = token.simplified
        if len(token.text) < 2 or self._kept.isdisjoint(token.text):
            return simplified
        entries = self._lexicon.brief_entries(token.text, simplified)
        if not entries or entries[0].simplified == simplified:
            return simplified
        forms = {entry.simplified for entry in entries}
        return forms.pop() if len(forms) == 1 else simplified


def _is_name(token: Token) -> bool:
    return token.reading is not None and token.reading.source is ReadingSource.NAME


def _vary(rows: Sequence[FormRow]) -> bool:
    """Whether the context has a say in what they are about."""
    return any(row.in_context for row in rows)


_UNCHANGED = frozenset((TokenKind.PUNCTUATION, TokenKind.SPACE, TokenKind.LATIN))


_Key: TypeAlias = "tuple[str, Reading | None]"


def _key(token: Token) -> _Key:
    return token.text, token.reading


def _spoken(token: Token) -> tuple[str, ...]:
    return token.reading.syllables if token.reading is not None else ()
