"""The markup of single tokens, each distinct one made once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from reader.model import Token
from reader.options import Notation, Ruby, Script
from reader.pinyin import render_word
from reader.writers.tags import Dialect, Tag, escape

Group = tuple[str, tuple[str, ...]]

_LIMIT = 60_000
"""Distinct tokens remembered; a million characters of one author use about 50,000."""

LANGUAGES = {
    Notation.PINYIN: "zh-Latn-pinyin",
    Notation.NUMBERS: "zh-Latn-pinyin",
    Notation.ZHUYIN: "zh-Bopo",
    Notation.WADE_GILES: "zh-Latn-wadegile",
}
"""BCP 47 of each notation: registered variants, and ISO 15924 Bopo."""


class Form(NamedTuple):
    """Which face of a token is shown."""

    script: Script = Script.AS_IS
    readings: bool = True
    notation: Notation = Notation.PINYIN
    ruby: Ruby = Ruby.WORD


class Fragments:
    """The markup of tokens in one form.

    A token asked for again is found by its identity, which costs one dictionary look-up; the
    annotator makes equal tokens one object. Tokens that are equal but not one share their markup
    through a second table. Both are emptied when they reach their limit.
    """

    def __init__(self, dialect: Dialect, form: Form) -> None:
        self.form = form
        language = LANGUAGES[form.notation]
        self._ruby = dialect.tag("ruby")
        self._rt = _between(dialect.tag("rp"), dialect.tag("rt", lang=language))
        self._by_id: dict[int, str] = {}
        self._alive: list[Token] = []
        self._by_value: dict[tuple[object, ...], str] = {}

    def join(self, tokens: Sequence[Token]) -> str:
        """The markup of `tokens`, one after the other."""
        known, make = self._by_id.get, self._remember
        return "".join([known(id(token)) or make(token) for token in tokens])

    def part(self, token: Token, start: int, end: int) -> str:
        """The markup of the code points `start` to `end` of a token, with their readings."""
        if start == 0 and end == len(token.text):
            return self._by_id.get(id(token)) or self._remember(token)
        text = self.text(token)[start:end]
        if token.reading is None or not self.form.readings:
            return escape(text)
        proper = token.proper and start == 0
        return self._annotated(text, token.reading.syllables[start:end], proper)

    def text(self, token: Token) -> str:
        """The token in this form's script."""
        if self.form.script is Script.SIMPLIFIED:
            return token.simplified
        if self.form.script is Script.TRADITIONAL:
            return token.traditional
        return token.text

    def _remember(self, token: Token) -> str:
        """Make a token's markup, or find it under an equal token, and keep both."""
        text = self.text(token)
        if token.reading is None or not self.form.readings:
            markup = escape(text)
        else:
            syllables = token.reading.syllables
            key = (text, syllables, token.proper)
            markup = self._by_value.get(key, "")
            if not markup:
                markup = self._annotated(text, syllables, token.proper)
                self._by_value[key] = markup
        if len(self._alive) >= _LIMIT:
            self._by_id.clear()
            self._by_value.clear()
            self._alive.clear()
        # While the token is held here, no other can have its id.
        self._alive.append(token)
        self._by_id[id(token)] = markup
        return markup

    def _annotated(self, text: str, syllables: tuple[str, ...], proper: bool) -> str:
        per_character = self.form.ruby is Ruby.CHARACTER
        if not per_character and "" not in syllables:
            shown = render(syllables, self.form.notation, capital=proper)
            return self._ruby.around(escape(text), self._rt.around(escape(shown)))
        parts: list[str] = []
        run: list[str] = []
        capital = proper
        for base, read in groups(text, syllables, per_character=per_character):
            if not read:
                if run:
                    parts.append(self._ruby.around(*run))
                    run = []
                parts.append(escape(base))
                continue
            shown = render(read, self.form.notation, capital=capital)
            capital = False
            run.append(escape(base) + self._rt.around(escape(shown)))
        if run:
            parts.append(self._ruby.around(*run))
        return "".join(parts)


def _between(rp: Tag, rt: Tag) -> Tag:
    """`rt` with the brackets that show where ruby is flattened into the line."""
    return Tag(rp.around("(") + rt.open, rt.close + rp.around(")"))


def render(syllables: tuple[str, ...], notation: Notation, *, capital: bool = False) -> str:
    """Syllables as a person reads them; what is no syllable is shown as it stands.

    >>> render(("xi1", "an1"), Notation.PINYIN, capital=True), render(("?",), Notation.PINYIN)
    ("Xī'ān", '?')
    """
    try:
        return render_word(syllables, notation, capital=capital)
    except ValueError:
        return " ".join(syllables)


def groups(text: str, syllables: Sequence[str], *, per_character: bool) -> list[Group]:
    """Runs of code points that are read and of those that are not, in order.

    A variation selector or combining mark stays with its base, whatever its own syllable.

    >>> groups("P2P金融", ("", "", "", "jin1", "rong2"), per_character=False)
    [('P2P', ()), ('金融', ('jin1', 'rong2'))]
    """
    found: list[Group] = []
    for character, syllable in zip(text, syllables, strict=True):
        own = (syllable,) if syllable else ()
        if found and (not own and unicodedata.category(character)[0] == "M"):
            found[-1] = (found[-1][0] + character, found[-1][1])
        elif found and bool(found[-1][1]) == bool(own) and not (per_character and own):
            found[-1] = (found[-1][0] + character, found[-1][1] + own)
        else:
            found.append((character, own))
    return found
