"""The markup of single tokens, each distinct one made once."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from reader.markup import Dialect, Tag, escape
from reader.model import Reading, Token
from reader.options import Notation, Ruby, Script
from reader.pinyin import render_word, ways_to_write
from reader.writers.remembered import Around, Remembered, UsualRuby

Group = tuple[str, tuple[str, ...]]

_LIMIT = 60_000
"""Distinct markup remembered; a million characters of one author use about 50,000."""

LANGUAGES = {
    Notation.PINYIN: "zh-Latn-pinyin",
    Notation.NUMBERS: "zh-Latn-pinyin",
    Notation.ZHUYIN: "zh-Bopo",
    Notation.WADE_GILES: "zh-Latn-wadegile",
}
"""BCP 47 of each notation: registered variants, and ISO 15924 Bopo."""


class Opening(Token):
    """The first word of a sentence: its pinyin takes a capital, its further words none."""

    __slots__ = ()


class Form(NamedTuple):
    """Which face of a token is shown."""

    script: Script = Script.AS_IS
    readings: bool = True
    notation: Notation = Notation.PINYIN
    ruby: Ruby = Ruby.WORD


class Fragments:
    """The markup of tokens in one form, with a place to break the line between two words.

    Tokens that are equal but not one object share their markup through a table of their own.
    """

    def __init__(self, dialect: Dialect, form: Form) -> None:
        self.form = form
        own = form.script in (Script.AS_IS, Script.BOTH)
        self._face = "text" if own else form.script.value
        language = LANGUAGES[form.notation]
        self._ruby = dialect.tag("ruby")
        self._rt = _between(dialect.tag("rp"), dialect.tag("rt", lang=language))
        self._by_value: dict[tuple[object, ...], str] = {}
        gap = dialect.void("wbr")
        self._whole = Remembered(
            self._make, self._ruby.open, self._ruby.close, gap, self._usual_ruby()
        )
        self.each, self.covers = self._whole.each, self._whole.covers
        """As those of `Remembered`."""

    def join(self, tokens: Sequence[Token], around: Sequence[Around] = ()) -> str:
        """The markup of `tokens`, one after the other, with what is to be around some of them."""
        return self._whole.join(tokens, around)

    def part(self, token: Token, start: int, end: int) -> str:
        """The markup of the code points `start` to `end` of a token, with their readings."""
        if start == 0 and end == len(token.text):
            return self.each((token,))[0]
        text = self.text(token)[start:end]
        if token.reading is None or not self.form.readings:
            return escape(text)
        breaks = tuple([at - start for at in token.reading.breaks if start < at < end])
        capital = frozenset([at - start for at in capitals(token) if at >= start])
        return self._annotated(text, token.reading.syllables[start:end], breaks, capital)

    def text(self, token: Token) -> str:
        """The token in this form's script."""
        text: str = getattr(token, self._face)
        return text

    def _usual_ruby(self) -> UsualRuby | None:
        """What `_make` makes of a token all of whose characters are read, in pinyin by words."""
        form = self.form
        if not form.readings or form.notation is not Notation.PINYIN or form.ruby is not Ruby.WORD:
            return None
        return UsualRuby(Token, Reading, self._face, self._ruby, self._rt, ways_to_write)

    def _make(self, token: Token) -> str:
        """A token's markup, made, or found under an equal token."""
        text = self.text(token)
        if token.reading is None or not self.form.readings:
            return escape(text)
        key = (text, token.reading.syllables, token.reading.breaks, capitals(token))
        markup = self._by_value.get(key, "")
        if not markup:
            if len(self._by_value) >= _LIMIT:
                self._by_value.clear()
            markup = self._by_value[key] = self._annotated(*key)
        return markup

    def _annotated(
        self,
        text: str,
        syllables: tuple[str, ...],
        breaks: tuple[int, ...],
        capital: frozenset[int],
    ) -> str:
        per_character = self.form.ruby is Ruby.CHARACTER
        if not per_character and "" not in syllables:
            shown = render(syllables, self.form.notation, breaks, capital)
            return self._ruby.around(escape(text), self._rt.around(escape(shown)))
        parts: list[str] = []
        run: list[str] = []
        for base, reading in runs(
            text, syllables, breaks, capital, self.form.notation, per_character=per_character
        ):
            if reading:
                run.append(escape(base) + self._rt.around(escape(reading)))
                continue
            if run:
                parts.append(self._ruby.around(*run))
                run = []
            parts.append(escape(base))
        if run:
            parts.append(self._ruby.around(*run))
        return "".join(parts)


def _between(rp: Tag, rt: Tag) -> Tag:
    """`rt` with the brackets that show where ruby is flattened into the line."""
    return Tag(rp.around("(") + rt.open, rt.close + rp.around(")"))


def capitals(token: Token) -> frozenset[int]:
    """The offsets in a token at which its pinyin takes a capital, if a word begins there.

    In a name that is every word; at the start of a sentence the first.
    """
    if not token.proper or token.reading is None:
        return _FIRST if isinstance(token, Opening) else _NOWHERE
    syllables = token.reading.syllables
    first = next(at for at, syllable in enumerate(syllables) if syllable)
    return frozenset((first, *token.reading.breaks))


_FIRST, _NOWHERE = frozenset([0]), frozenset[int]()


def render(
    syllables: Sequence[str],
    notation: Notation,
    breaks: Sequence[int] = (),
    capital: Collection[int] = (),
) -> str:
    """Syllables as a person reads them; what is no syllable is shown as it stands.

    `breaks` are the indices of those before which there is a space, `capital` of those that take
    a capital.

    >>> render(("xi1", "an1"), Notation.PINYIN, capital=(0,)), render(("?",), Notation.PINYIN)
    ("Xī'ān", '?')
    """
    try:
        if not breaks:
            return render_word(syllables, notation, capital=0 in capital)
        words = [
            render_word(syllables[start:end], notation, capital=start in capital)
            for start, end in pairwise((0, *breaks, len(syllables)))
        ]
    except ValueError:
        words = list(syllables)
    return " ".join(filter(None, words))


def spelled(
    text: str,
    syllables: Sequence[str],
    notation: Notation,
    breaks: Sequence[int] = (),
    capital: Collection[int] = (),
    *,
    per_character: bool = False,
) -> str:
    """The reading of `text` in the line, with what Latin letters and digits it has.

    >>> spelled("P2P金融", ("", "", "", "jin1", "rong2"), Notation.PINYIN)
    'P2P jīnróng'
    """
    shown = runs(text, syllables, breaks, capital, notation, per_character=per_character)
    words = [reading or (base if any(map(_is_letter, base)) else "") for base, reading in shown]
    return " ".join(filter(None, words))


def _is_letter(character: str) -> bool:
    return character.isalnum() and unicodedata.category(character) != "Lo"


def runs(
    text: str,
    syllables: Sequence[str],
    breaks: Sequence[int],
    capital: Collection[int],
    notation: Notation,
    *,
    per_character: bool,
) -> Iterator[tuple[str, str]]:
    """The runs of `groups` with their readings as a person reads them; "" where not read."""
    start = 0
    for base, read in groups(text, syllables, per_character=per_character):
        end = start + len(base)
        inner = [at - start for at in breaks if start < at < end]
        above = [at - start for at in capital if start <= at < end]
        yield base, render(syllables[start:end], notation, inner, above) if read else ""
        start = end


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
