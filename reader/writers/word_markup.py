"""The markup of words, each distinct one made once: `ruby` with the reading above, or text.

A book says the same few ten thousand words over and over. `MarkupCache` keeps what was made of a
token; there is one for each way of showing words (`WordDisplay`), which is its other key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import NamedTuple, TypeAlias

from reader.caching import BoundedCache
from reader.core import choose
from reader.markup import ADDED, SLOT, Dialect, Tag, escape
from reader.model import Reading, Span, Token
from reader.options import Gloss, Notation, Ruby, Script
from reader.pinyin import render, runs, ways_to_write
from reader.writers.policy import NOT_WORDS, READ, WordDisplay
from reader.writers.pronunciation import NOTATION_LANGUAGES

__all__ = [
    "GLOSSED",
    "GLOSS_LANGUAGE",
    "TONE",
    "WAYS",
    "Asked",
    "Asking",
    "AtFirst",
    "Form",
    "MarkupCache",
    "ShownWords",
    "Take",
    "UsualRuby",
    "WordMarkup",
    "WordMarkups",
    "ends",
    "take_nothing",
    "text_in",
    "whole_tokens",
]

GLOSS_LANGUAGE = "en"
"""The language of glosses and notes: that of the dictionaries."""

TONE = "tone"
"""Class of a tone mark of zhuyin that stands to the right of the last of its letters."""
GLOSSED = "glossed"
"""Class of the ruby around a word, its reading included, that has a gloss above it."""
_TONES = "ˊˇˋ"
"""Those marks: the dot of the neutral tone stands on top, and the first tone has none."""

_TOKENS = 60_000
"""Distinct tokens remembered; a million characters of one author use about 50,000."""
_SYLLABLES = 4096
"""Syllables remembered."""
_DISPLAYS = 10_000
"""Ways to show a word that are remembered: with a gloss each, as many as words that have one."""

Around = tuple[int, int, str, str]
"""Which tokens, `first` to `after`, and what to put before and behind them."""


class _Ways(dict[str, "tuple[str, str, str] | None"]):
    """What `ways_to_write` gives, by syllables; there are some 1,500 in pinyin."""

    def __missing__(self, syllable: str) -> tuple[str, str, str] | None:
        if len(self) >= _SYLLABLES:
            self.clear()
        return self.setdefault(syllable, ways_to_write(syllable))


WAYS: dict[str, tuple[str, str, str] | None] = _Ways()


class UsualRuby(NamedTuple):
    """The markup of most words, for the core: the text, and above it the syllables, joined, with
    tags before, between and behind.

    `write` has three ways to write a syllable, as it begins a word, stands inside one, and begins a
    name; or None for one that its neighbours change too.
    """

    token: type[Token]
    reading: type[Reading]
    face: str
    """The field of a token that holds the text."""
    before: str
    between: str
    behind: str
    write: dict[str, tuple[str, str, str] | None]


Asked: TypeAlias = "str | tuple[str | None, object] | None"
"""How a token is shown: its markup, or None for what is usually made of it; with a thing, if that
is to be asked of at its first use in each chapter, or a tuple of what is to be taken there."""
AtFirst: TypeAlias = "str | tuple[str, str] | None"
"""What stands there in its stead, or what comes before and behind it, or None for nothing."""
Take: TypeAlias = "Callable[..., object]"
"""Called with what stands in such a tuple. A tuple that it gives is what comes before and behind,
all else is nothing: lists take tens of thousands of words by a method of a dictionary."""


class Asking(NamedTuple):
    """For what is not shown as is usual, or not the same at its first use in a chapter."""

    ask: Callable[[Token], Asked]
    """Asked once of a token."""
    first: Callable[[object], AtFirst]
    """Asked of what `ask` gave, once in a chapter at least."""


def take_nothing(*parts: object) -> None:
    """Where nothing is taken."""


class MarkupCache:
    """A function of tokens to strings that remembers what it made.

    Tokens are found by identity, which costs one dictionary look-up where hashing a token would
    cost ten; the annotator makes equal tokens one object. What was made long ago is forgotten, so
    that memory stays within bounds whatever is written.
    """

    def __init__(
        self,
        make: Callable[[Token], str],
        opening: str = "",
        closing: str = "",
        gap: str = "",
        ruby: UsualRuby | None = None,
        asking: Asking | None = None,
    ) -> None:
        """`gap` is put between what ends with `closing` and what begins with `opening`.

        `ruby` says what `make` makes of most tokens, if that is known. `asking` is only of what is
        joined.
        """
        self._make = make
        self._tags, self._gap = (opening, closing), gap
        self._asking = asking
        self._chapter = 1
        self._own: _Interpreted = choose(
            lambda core: core.MarkupCache(opening, closing, gap, ruby),
            lambda: _Interpreted(opening, closing, gap),
        )

    def start_chapter(self) -> None:
        """From here on every use is the first again."""
        self._chapter += 1

    def each(self, tokens: Sequence[Token]) -> list[str]:
        """What is made of each of the tokens, in order."""
        return self._own.each(tokens, self._make)

    def join(
        self,
        tokens: Sequence[Token],
        around: Sequence[Around] = (),
        take: Take = take_nothing,
    ) -> str:
        """All of it, with the gaps, and what is to be around some of the tokens: in order and not
        overlapping, or there is a `ValueError`. `take` as `Take` says."""
        if not around:
            if self._asking is None:
                return self._own.join(tokens, self._make)
            return self._own.join(tokens, self._make, (*self._asking, take, self._chapter))
        pieces: list[_Piece] = []
        reach = 0
        for first, after, before, behind in around:
            if not reach <= first < after <= len(tokens):
                raise ValueError("spans of tokens are out of order")
            pieces.append(("", self.join(tokens[reach:first], (), take), ""))
            pieces.append((before, self.join(tokens[first:after], (), take), behind))
            reach = after
        pieces.append(("", self.join(tokens[reach:], (), take), ""))
        return _strung([piece for piece in pieces if any(piece)], *self._tags, self._gap)


class _Interpreted:
    """What the core's `MarkupCache` does."""

    def __init__(self, opening: str, closing: str, gap: str) -> None:
        # The token is held beside what is known of it: while it lives, no other can have its id.
        self._known: BoundedCache[int, _Known] = BoundedCache(_TOKENS)
        self._tags, self._gap = (opening, closing), gap

    def each(self, tokens: Sequence[Token], make: Callable[[Token], str]) -> list[str]:
        return [self._of(token, make, None).markup for token in tokens]

    def join(
        self,
        tokens: Sequence[Token],
        make: Callable[[Token], str],
        asking: tuple[Callable[[Token], Asked], Callable[[object], AtFirst], Take, int]
        | None = None,
    ) -> str:
        ask, first, take, chapter = asking or (None, take_nothing, take_nothing, 0)
        pieces: list[_Piece] = []
        for token in tokens:
            known, here = self._of(token, make, ask), None
            if known.first is not None and known.chapter != chapter:
                known.chapter = chapter
                if not isinstance(known.first, tuple):
                    here = first(known.first)
                elif isinstance(taken := take(*known.first), tuple):
                    here = taken
            before, behind = here if isinstance(here, tuple) else ("", "")
            pieces.append((before, here if isinstance(here, str) else known.markup, behind))
        return _strung(pieces, *self._tags, self._gap)

    def _of(
        self, token: Token, make: Callable[[Token], str], ask: Callable[[Token], Asked] | None
    ) -> _Known:
        known = self._known.get(id(token))
        if known is None:
            answer = ask(token) if ask is not None else None
            markup, first = answer if isinstance(answer, tuple) else (answer, None)
            made = make(token) if markup is None else markup
            known = self._known.remember(id(token), _Known(token, made, first))
        return known


@dataclass(slots=True)
class _Known:
    """What is known of a token."""

    token: Token
    markup: str
    first: object
    """What is asked of or taken at its first use in a chapter, or None."""
    chapter: int = 0
    """In which that was asked last."""


_Piece: TypeAlias = tuple[str, str, str]
"""Markup, and what comes before and behind it."""


def _strung(pieces: Sequence[_Piece], opening: str, closing: str, gap: str) -> str:
    """Pieces of markup with gaps between them."""
    parts: list[str] = []
    for (before, markup, behind), following in zip_longest(pieces, pieces[1:], fillvalue=("",) * 3):
        # The gap stands with the word before it, inside what ends there.
        are_words = opening and markup.endswith(closing) and following[1].startswith(opening)
        parts.append(f"{before}{markup}{gap if are_words else ''}{behind}")
    return "".join(parts)


def ends(tokens: Sequence[Token]) -> list[int]:
    """Where each of some tokens ends in their text."""
    return list(accumulate([len(token.text) for token in tokens]))


def whole_tokens(tokens: Sequence[Token], spans: Iterable[Span]) -> list[tuple[int, int]] | None:
    """Which tokens each of the spans covers, `first` to `after`; None where one covers none, or
    a part of one."""
    places = {end: number for number, end in enumerate([0, *ends(tokens)])}
    found = [(places.get(span.start), places.get(span.end)) for span in spans]
    covered = [(a, b) for a, b in found if a is not None and b is not None and a < b]
    return covered if len(covered) == len(found) else None


class Form(NamedTuple):
    """Which script of a token is shown, and how its reading stands above it."""

    script: Script = Script.AS_IS
    notation: Notation = Notation.PINYIN
    ruby: Ruby = Ruby.WORD

    @property
    def face(self) -> str:
        """The field of a token that holds the text shown."""
        return "text" if self.script in (Script.AS_IS, Script.BOTH) else self.script.value

    @property
    def stands_beside(self) -> bool:
        """Whether readings stand to the right of their characters, as zhuyin in schoolbooks."""
        return self.notation is Notation.ZHUYIN and self.ruby is Ruby.CHARACTER

    def ruby_tag(self, dialect: Dialect, classes: str = "", number: str = "") -> Tag:
        """The element of a base and its reading; the style sheet sets zhuyin by its class."""
        beside = "zhuyin" if self.stands_beside else ""
        return dialect.tag("ruby", class_=f"{beside} {classes}".strip(), data_w=number)


def _rt(dialect: Dialect, language: str) -> Tag:
    """The element of a reading.

    On a web page it is inert: so browsers find a phrase that goes over several words, a copy is the
    text alone, and a screen reader reads each word once.
    """
    if dialect.reads_readings:
        return dialect.tag("rt", lang=language)
    # An empty attribute is left out of tags: what stands for it is taken out of the finished one.
    return dialect.tag("rt", lang=language, inert=SLOT).named("")


def text_in(form: Form, tokens: Sequence[Token]) -> str:
    """The text of tokens in a form's script."""
    face = form.face
    return "".join([getattr(token, face) for token in tokens])


class WordMarkup:
    """The markup of tokens shown in one way, with a place to break the line between two words.

    The display's link and gloss are not looked at: see `WordMarkups`. Tokens that are equal but
    not one object share their markup through a table of their own.
    """

    def __init__(
        self,
        dialect: Dialect,
        form: Form,
        display: WordDisplay = READ,
        number: Callable[[Token], int] | None = None,
    ) -> None:
        """`number` numbers the words of a page that answers: each has its number on its element."""
        self._form = form
        self._face = form.face
        self._number = number
        self._readings = display.reading
        # `rb` and `rtc` are never used: HTML has dropped them.
        classes = " ".join(display.classes)
        # A word that is not one ruby gets an element of its own for its classes.
        self._around = dialect.tag("span", class_=f"word {classes}") if classes else None
        self._plain_ruby = form.ruby_tag(dialect)
        self._ruby = form.ruby_tag(dialect, classes)
        place = "" if number is None else SLOT
        self._numbered = form.ruby_tag(dialect, classes, place)
        self._numbered_around = dialect.tag("span", class_=f"word {classes}".strip(), data_w=place)
        self._tone = dialect.tag("span", class_=TONE) if form.stands_beside else None
        # What stands beside its character, or is set by a table, has one base.
        self._one_each = form.stands_beside or not dialect.ruby_has_pairs
        gap = dialect.void("wbr")
        self._gap = gap if form.stands_beside and dialect.breaks_between_rubies else ""
        # Inert readings are read by nobody; the page's script says their language where they are.
        language = NOTATION_LANGUAGES[form.notation] if number is None else ""
        rp, rt = dialect.tag("rp"), _rt(dialect, language)
        # The brackets show where ruby is flattened into the line.
        self._rt = Tag(rp.around("(") + rt.open, rt.close + rp.around(")"))
        self._by_value: BoundedCache[object, str] = BoundedCache(_TOKENS)
        opening = self._numbered.open.partition(SLOT)[0]
        self.usual = self._usual_ruby()
        """What most of it is, if the core can make that."""
        self._cache = MarkupCache(self._make, opening, self._ruby.close, gap, self.usual)
        self.each = self._cache.each
        """As that of `MarkupCache`."""

    def join(self, tokens: Sequence[Token], around: Sequence[Around] = ()) -> str:
        """The markup of `tokens`, one after the other, with what is to be around some of them."""
        return self._cache.join(tokens, around)

    def part(self, token: Token, start: int, end: int) -> str:
        """The markup of the code points `start` to `end` of a token, with their readings."""
        if start == 0 and end == len(token.text):
            return self.each((token,))[0]
        text = text_in(self._form, (token,))[start:end]
        if token.reading is None or not self._readings:
            return self._unread(token, text)
        breaks = tuple([at - start for at in token.reading.breaks if start < at < end])
        capital = tuple([at - start for at in token.capitals if start <= at < end])
        number = self._number(token) if self._number else None
        return self._annotated(text, token.reading.syllables[start:end], breaks, capital, number)

    def _usual_ruby(self) -> UsualRuby | None:
        """What `_make` makes of a token all of whose characters are read, in pinyin by words."""
        form = self._form
        by_word = form.notation is Notation.PINYIN and form.ruby is Ruby.WORD
        # The core joins syllables as pinyin does; other notations, and classes, are made here.
        if not self._readings or not by_word or self._around is not None or self._number:
            return None
        before, behind = self._ruby
        between, end = self._rt
        return UsualRuby(Token, Reading, self._face, before, between, end + behind, WAYS)

    def _make(self, token: Token) -> str:
        """A token's markup, made, or found under an equal token."""
        text: str = getattr(token, self._face)
        if token.reading is None or not self._readings:
            return self._unread(token, text)
        reading = token.reading
        number = self._number(token) if self._number else None
        value = text, reading.syllables, reading.breaks, token.capitals
        # Not the token: tokens that differ in senses or levels have the same markup. A number
        # stands for all of that.
        key = value if number is None else number
        known = self._by_value.get(key)
        return known or self._by_value.remember(key, self._annotated(*value, number))

    def _unread(self, token: Token, text: str) -> str:
        if self._around is None or token.kind in NOT_WORDS:
            return escape(text)
        return self._around.around(escape(text))

    def _annotated(
        self,
        text: str,
        syllables: tuple[str, ...],
        breaks: tuple[int, ...],
        capital: tuple[int, ...],
        number: int | None,
    ) -> str:
        # One `rt` for the whole word, or a pair of base and `rt` for each character: other ways to
        # mix them are not laid out alike everywhere.
        per_character = self._form.ruby is Ruby.CHARACTER
        notation = self._form.notation
        if not per_character and "" not in syllables:
            shown = escape(render(syllables, notation, breaks, capital))
            ruby, end = self._ruby_of(number)
            return f"{ruby}{escape(text)}{self._rt.open}{shown}{self._rt.close}{end}"
        parts: list[tuple[bool, str]] = []
        """Markup that belongs into a `ruby`, or not; neighbours of a kind are one."""
        for base, reading in runs(
            text, syllables, breaks, capital, notation, per_character=per_character
        ):
            above = self._rt.around(self._reading(reading)) if reading else ""
            joined = (
                bool(parts) and parts[-1][0] == bool(reading) and not (self._one_each and above)
            )
            before = parts.pop()[1] if joined else ""
            parts.append((bool(reading), before + escape(base) + above))
        if len(parts) == 1 and parts[0][0]:
            return self._ruby_of(number).around(parts[0][1])
        whole = "".join(self._parts(parts))
        around = self._around_of(number)
        return whole if around is None else around.around(whole)

    def _around_of(self, number: int | None) -> Tag | None:
        """The element of a word that is more than one ruby, if it has any."""
        return self._around if number is None else self._numbered_around.named(str(number))

    def _ruby_of(self, number: int | None) -> Tag:
        """The element of a word that is one ruby."""
        return self._ruby if number is None else self._numbered.named(str(number))

    def _parts(self, parts: Sequence[tuple[bool, str]]) -> Iterator[str]:
        """The parts of a word, those that have a reading each in its `ruby`."""
        after_ruby = False
        for read, part in parts:
            if read and after_ruby:
                yield self._gap
            yield self._plain_ruby.around(part) if read else part
            after_ruby = read

    def _reading(self, reading: str) -> str:
        """A reading as markup; the tone mark that stands beside zhuyin has an element."""
        if self._tone is None or reading[-1] not in _TONES:
            return escape(reading)
        return escape(reading[:-1]) + self._tone.around(reading[-1])


class _Surrounded:
    """The markup of words inside a link, with a gloss, or both; used as `WordMarkup` is."""

    def __init__(self, words: WordMarkup, link: Tag, gloss: Tag) -> None:
        """`gloss` are the tags around a word, or what stands behind it."""
        self._words, self._link, self._gloss = words, link, gloss

    def each(self, tokens: Sequence[Token]) -> list[str]:
        return [
            self._gloss.around(self._link.around(markup)) for markup in self._words.each(tokens)
        ]

    def join(self, tokens: Sequence[Token]) -> str:
        return "".join(self.each(tokens))

    def part(self, token: Token, start: int, end: int) -> str:
        """As that of `WordMarkup`; the gloss stands with the last part."""
        markup = self._link.around(self._words.part(token, start, end))
        return self._gloss.around(markup) if end == len(token.text) else markup


ShownWords = WordMarkup | _Surrounded


class WordMarkups:
    """The markup of tokens in one form, by what they show."""

    def __init__(
        self,
        dialect: Dialect,
        form: Form,
        number: Callable[[Token], int] | None = None,
        gloss: Gloss = Gloss.INLINE,
        language: str = GLOSS_LANGUAGE,
    ) -> None:
        """`number` as that of `WordMarkup`; `gloss` says where glosses stand, above or behind the
        word, and `language` is theirs."""
        self.form = form
        self._number = number
        self._dialect = dialect
        self._language = language
        # Nested ruby is set by what sets ruby, and XHTML 1.1 has none.
        self._above = gloss is Gloss.RUBY and dialect.ruby_nests
        self._simple: BoundedCache[WordDisplay, WordMarkup] = BoundedCache(_DISPLAYS)
        self._surrounded: BoundedCache[WordDisplay, _Surrounded] = BoundedCache(_DISPLAYS)

    def simple(self, display: WordDisplay) -> WordMarkup:
        """Of words without link and gloss."""
        known = self._simple.get(display)
        return known or self._simple.remember(
            display, WordMarkup(self._dialect, self.form, display, self._number)
        )

    def shown(self, display: WordDisplay) -> ShownWords:
        """Of words that may have a link or a gloss: those share the memory of words that do not."""
        if not display.link and not display.gloss:
            return self.simple(display)
        known = self._surrounded.get(display)
        if known is None:
            words = self.simple(display._replace(link="", gloss=""))
            link = gloss = Tag("", "")
            if display.link:
                link = self._dialect.tag("a", class_="word", href=display.link)
            if display.gloss:
                gloss = self._gloss(display.gloss)
            known = self._surrounded.remember(display, _Surrounded(words, link, gloss))
        return known

    def _gloss(self, text: str) -> Tag:
        """The tags that put a gloss to the word between them."""
        tag = self._dialect.tag
        if not self._above:
            small = tag("small", class_=f"gloss {ADDED}", lang=self._language)
            # A stop behind a space that breaks lines would begin the next one.
            return Tag("", small.around(f" {escape(text)}\xa0"))
        ruby, rp = tag("ruby", class_=GLOSSED), tag("rp")
        rt = _rt(self._dialect, self._language).around(escape(text))
        return Tag(ruby.open, rp.around("(") + rt + rp.around(")") + ruby.close)
