"""Sentences of a block, in any language and best in Chinese and English.

One regular expression finds every place where a sentence might end, and a few tests on the
characters around it decide. Each place is looked at once and through a window of fixed width, so
a block of a million characters costs a thousand times one of a thousand.

The rules, where people differ:

- Closing quotes and brackets stay with the sentence they close; a quoted sentence ends one:
  `「走吧。」` and `他說。` are two. A stop inside a book title (《誰？》) ends none.
- An ellipsis ends a sentence at the end of a line, before a closing quote, and before a capital;
  in running Chinese it is a pause.
- In English what follows in lower case belongs to the sentence: `"Go!" he said.` is one.
- A line feed always ends one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from reader.model import Block, MarkKind, Span

__all__ = ["sentences_of", "split_sentences"]


def split_sentences(text: str, language: str = "") -> tuple[Span, ...]:
    """The sentences of `text`, in order, without the white space around them.

    Every character that is not white space is in exactly one. `language` is BCP 47 and only
    matters for what languages disagree on (German `3. Oktober`). Linear in the text's length.

    >>> text = "「走吧。」他說。真的？"
    >>> [text[span.start:span.end] for span in split_sentences(text, "zh")]
    ['「走吧。」', '他說。', '真的？']
    """
    return _Splitter(text, language).sentences()


def sentences_of(block: Block, language: str) -> tuple[Span, ...]:
    """The sentences of a block; the number of a note stays with the sentence that it stands behind.

    `language` is that of blocks that do not say theirs.
    """
    references = [mark for mark in block.marks if mark.kind is MarkKind.NOTE_REFERENCE]
    text = block.text
    if references:
        characters = list(text)
        for mark in references:
            # Whatever the number looks like (1, [1], ①), it is told as what closes a sentence.
            for at in range(mark.start, mark.end):
                characters[at] = characters[at] if characters[at].isspace() else "]"
        text = "".join(characters)
    return split_sentences(text, block.language or language)


# ---- what the rules know ----

_FULL = "。！？｡‼⁇⁈⁉।॥؟۔።။"
"""Stops that need no white space after them."""
_HALF = ".!?…．"
"""Stops that mean other things too: decimal points, abbreviations, pauses."""
_CLOSERS = "」』”’）】〕］｝》〉〗｣»›)\\]}\"'～~"
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_LINE_END = frozenset(_LINE_ENDS)
_GOES_ON = frozenset("，、；：,;:·的—–」』”’）】〕］｝》〉〗｣")
"""What can only go on with a sentence (as the next character)."""
_TITLE_CLOSERS = "》〉"
_QUOTE_CLOSERS = "」』”’"
_OPENERS = "「『“‘（【〔［｛《〈〖｢«‹([{\"'¿¡—–-•*#>"
_WINDOW = 24
"""Characters looked at on either side: longer than any abbreviation."""

_TITLES = frozenset(
    (
        "mr mrs ms mx dr prof rev hon gen col maj capt cmdr lt sgt cpl pvt adm gov sen rep pres st "
        "mt ft fr sr sra messrs mmes mme mlle supt insp asst vs v cf viz ca approx e.g i.e eg ie "
        "fig figs vol vols no nos nr pp p ch chap sec art eq ed eds trans al par ref bd str z.b "
        "d.h jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun dept est"
    ).split()
)
"""Abbreviations after which a sentence goes on whatever follows (`no` and some others: below)."""
_BEFORE_NUMBER = frozenset(
    "no nos nr p pp fig figs vol vols ch chap sec art eq ref par mar sat sun".split()
)
"""Words of their own: abbreviations only before a number."""
_EITHER = frozenset(
    (
        "etc inc ltd co corp llc plc bros jr sr esq ph.d m.d b.a m.a a.m p.m am pm u.s u.k u.n e.u "
        "u.s.a u.a.e d.c l.a n.y b.c a.d"
    ).split()
)
"""Abbreviations that may well end a sentence: what follows decides."""
_STARTERS = frozenset(
    (
        "the a an this that these those he she it we they i you his her its our their my your "
        "there here but and or so yet if when while as at by for from in on to with after before "
        "since although though however because what who why how where which no not now then still "
        "even some many most all one"
    ).split()
)
"""Words that, capitalised after a doubtful full stop, begin a sentence."""
_ORDINAL_LANGUAGES = frozenset("de da nb nn no cs sk sl hr sr bs et fi hu lv is lb".split())
"""Languages that write `3.` for *third*."""


class _Patterns(NamedTuple):
    candidate: re.Pattern[str]
    """A place where a sentence may end: stops and what closes after them, or the end of a line."""
    aside: re.Pattern[str]
    """A parenthesis before the stop of the sentence that quotes: 「……。」（見第三章）。"""
    opening: re.Pattern[str]
    """White space and opening marks before the next sentence's first word."""
    last_word: re.Pattern[str]
    list_item: re.Pattern[str]
    """An item of a list run into one line: `a. First. b. Second.`"""
    says: re.Pattern[str]
    """Who said what was quoted: `Mr Wang said`."""


@cache
def _patterns() -> _Patterns:
    # On first use: they take longer to compile than most texts' sentences to find.
    return _Patterns(
        # What it may begin with comes first, so that all else is passed over by one test a
        # character.
        candidate=re.compile(
            rf"(?=[{_FULL}{_HALF}{_LINE_ENDS}])"
            rf"(?:(?:[{_FULL}{_HALF}]+[{_CLOSERS}]*(?:\[\d{{1,3}}\])*)+|[{_LINE_ENDS}])"
        ),
        aside=re.compile(rf"[（(][^（()）{_FULL}\n]*[）)][{_FULL}]"),
        opening=re.compile(rf"\s*[{re.escape(_OPENERS)}\s]{{0,8}}"),
        last_word=re.compile(r"[^\W_](?:[\w.’'&-]*)$"),
        list_item=re.compile(r"[a-z][.)]\s+[A-Z]"),
        says=re.compile(
            r"(?:[A-Z][\w’'-]*\s+){1,3}(?:said|says|asked|asks|replied|answered|cried|shouted|"
            r"whispered|exclaimed|added|told|called|murmured|muttered|laughed|sighed|yelled)\b"
            r"|(?:said|asked|replied|answered|cried|shouted|whispered|exclaimed)\b"
        ),
    )


# ---- the rules ----


class _Splitter:
    """The sentences of one text, found from left to right.

    In its methods a sentence began at `start`, the stops that may end it begin at `stop`, and they
    and what closes after them reach to `end`.
    """

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._ordinals = language.split("-")[0].lower() in _ORDINAL_LANGUAGES
        # Chinese typed with half-width stops throughout has no 。 anywhere.
        self._half_width = "。" not in text
        self._quotes = self._counted = 0
        self._patterns = _patterns()

    def sentences(self) -> tuple[Span, ...]:
        """What `split_sentences` gives."""
        text, size = self._text, len(self._text)
        spans: list[Span] = []
        start = _after_space(text, 0)
        for match in self._patterns.candidate.finditer(text):
            stop, end = match.span()
            mark = text[stop]
            if end == stop + 1 and mark in _FULL:
                # Most of them in Chinese: a stop by itself.
                if end < size and text[end] in _GOES_ON:
                    continue
                last = end
            elif mark in _LINE_END:
                end, last = stop, _before_space(text, start, stop)
            else:
                end = last = self._end(start, stop, end)
            if end > start:
                spans.append(Span(start, last))
                start = _after_space(text, end)
        if start < size:
            spans.append(Span(start, _before_space(text, start, size)))
        return tuple(spans)

    def _end(self, start: int, stop: int, end: int) -> int:
        """Where the sentence ends if it does here, or -1."""
        text, size = self._text, len(self._text)
        if end < size and not text[end].isspace():
            quote = text.find('"', stop, end)
            if quote >= 0 and not self._is_quoting(quote):
                end = quote
        return end if self._ends(start, stop, end) else -1

    def _is_quoting(self, quote: int) -> bool:
        """Whether a quotation is open before the straight quote at `quote`, which then closes it.

        Of a quote with something on both sides nothing else tells which one it is. The quotes are
        counted from where the last count ended, so that all counts together pass the text once.
        """
        self._quotes += self._text.count('"', self._counted, quote)
        self._counted = quote
        return self._quotes % 2 == 1

    def _ends(self, start: int, stop: int, end: int) -> bool:
        text = self._text
        if end >= len(text) or text[end] in _LINE_END:
            return True
        following = text[end]
        if following in _GOES_ON or self._is_within(start, stop, end):
            return False
        if text[stop] in _FULL:
            return True
        if text[stop] == "…" and not following.isspace():
            return text[end - 1] != "…" or following in "「『“"
        return self._half_width_ends(start, stop, end)

    def _is_within(self, start: int, stop: int, end: int) -> bool:
        """Whether what the stop ends is a part of the sentence: a title, a quotation, an aside."""
        text = self._text
        last = text[end - 1]
        if last in _TITLE_CLOSERS:
            return True
        if last in _QUOTE_CLOSERS:
            return self._patterns.aside.match(text, end, end + 60) is not None
        return last in "）)" and text[stop] in "！？!?…" and text[start] not in "（("

    def _half_width_ends(self, start: int, stop: int, end: int) -> bool:
        text = self._text
        if not text[end].isspace():
            return self._ends_unspaced(stop, end)
        opening = self._patterns.opening.match(text, end)
        at = opening.end() if opening else end
        following = text[at : at + _WINDOW]
        if following[:1].islower() and not following[1:2].isupper():
            is_item = self._patterns.list_item.match
            return bool(is_item(following) and is_item(text, start))
        if self._is_attributed(stop, end, at):
            return False
        if text[stop : stop + 2] == ".." or text[stop] == "…":
            return not re.match(r"I\b", following)
        if text[stop] == "." and end == stop + 1:
            return self._full_stop_ends(start, stop, following)
        return True

    def _is_attributed(self, stop: int, end: int, at: int) -> bool:
        """Whether a quotation ends here and at `at` the sentence says whose: `"Go!" Wang said.`"""
        text = self._text
        quoted = text[end - 1] in "\"'”’»" and text[stop] != "."
        return quoted and self._patterns.says.match(text, at, at + 60) is not None

    def _ends_unspaced(self, stop: int, end: int) -> bool:
        """A half-width stop with no space after it: an end only in Chinese typed with such."""
        text = self._text
        before, following = text[stop - 1] if stop else "", text[end]
        if not (_is_wide(following) or following in "「『“（"):
            return False
        if text[stop] in "!?":
            return text[max(0, stop - 5) : stop].lower() != "yahoo"
        return _is_wide(before) and (self._half_width or end > stop + 1)

    def _full_stop_ends(self, start: int, stop: int, following: str) -> bool:
        """Whether a full stop before white space and `following` is not an abbreviation's."""
        match = self._patterns.last_word.search(self._text, max(start, stop - _WINDOW), stop)
        if match is None:
            return True
        word = match[0]
        lower = word.lower()
        if match.start() == start and _is_enumerator(word):
            return False
        if word.isdigit():
            return not (self._ordinals and len(word) < 3)
        if lower in _BEFORE_NUMBER:
            return not following[:1].isdigit()
        if lower in _TITLES:
            return False
        if lower in _EITHER or _is_initial(word):
            first = re.match(r"[^\W\d_]+", following)
            return not first or (first[0].lower() in _STARTERS and first[0] != "A")
        return True


def _after_space(text: str, start: int) -> int:
    """The next place from `start` on that is not white space."""
    size = len(text)
    while start < size and text[start].isspace():
        start += 1
    return start


def _before_space(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _is_wide(character: str) -> bool:
    return (
        "\u2e80" <= character <= "\u9fff"
        or "\uac00" <= character <= "\ufaff"
        or (character >= "\U00020000")
    )


def _is_enumerator(word: str) -> bool:
    """Whether it opens a sentence of its own: `1. First`, `b. Second`."""
    return len(word) == 1 or (word.isdigit() and len(word) < 4)


def _is_initial(word: str) -> bool:
    """`J`, `J.K`, `U.S`: single capitals with full stops between them."""
    return len(word) % 2 == 1 and word[::2].isupper() and set(word[1::2]) <= {"."}
