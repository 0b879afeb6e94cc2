"""Where the sentences of a text end, in any language.

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

from reader.model import Span

_FULL = "。！？｡‼⁇⁈⁉।॥؟۔።။"
"""Stops that need no white space after them."""
_HALF = ".!?…．"
"""Stops that mean other things too: decimal points, abbreviations, pauses."""
_CLOSERS = "」』”’）】〕］｝》〉〗｣»›)\\]}\"'～~"
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_LINE_END = frozenset(_LINE_ENDS)
# What it may begin with comes first, so that all else is passed over by one test a character.
_CANDIDATE = re.compile(
    rf"(?=[{_FULL}{_HALF}{_LINE_ENDS}])"
    rf"(?:(?:[{_FULL}{_HALF}]+[{_CLOSERS}]*(?:\[\d{{1,3}}\])*)+|[{_LINE_ENDS}])"
)
_GOES_ON = frozenset("，、；：,;:·的—–」』”’）】〕］｝》〉〗｣")
"""What can only go on with a sentence (as the next character)."""
_TITLE_CLOSERS = "》〉"
_QUOTE_CLOSERS = "」』”’"
_ASIDE = re.compile(rf"[（(][^（()）{_FULL}\n]*[）)][{_FULL}]")
"""A parenthesis before the stop of the sentence that quotes: 「……。」（見第三章）。"""
_OPENERS = "「『“‘（【〔［｛《〈〖｢«‹([{\"'¿¡—–-•*#>"
_NOT_SPACE = re.compile(r"\S")
_START = re.compile(rf"\s*[{re.escape(_OPENERS)}\s]{{0,8}}")
_LAST_WORD = re.compile(r"[^\W_](?:[\w.’'&-]*)$")
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
_LETTERED = re.compile(r"[a-z][.)]\s+[A-Z]")
"""An item of a list run into one line: `a. First. b. Second.`"""
_SAYS = re.compile(
    r"(?:[A-Z][\w’'-]*\s+){1,3}(?:said|says|asked|asks|replied|answered|cried|shouted|whispered|"
    r"exclaimed|added|told|called|murmured|muttered|laughed|sighed|yelled)\b"
    r"|(?:said|asked|replied|answered|cried|shouted|whispered|exclaimed)\b"
)


def split(text: str, language: str) -> tuple[Span, ...]:
    """What `split_sentences` gives."""
    ordinals = language.split("-")[0].lower() in _ORDINAL_LANGUAGES
    dotted = "。" not in text
    spans: list[Span] = []
    size = len(text)
    start = _after_space(text, 0)
    quotes = counted = 0
    for match in _CANDIDATE.finditer(text):
        stop, end = match.span()
        first = text[stop]
        if first in _LINE_END:
            end = stop
            before = _before_space(text, start, end)
        elif end == stop + 1 and first in _FULL:
            # Most of them in Chinese: a stop by itself.
            if end < size and text[end] in _GOES_ON:
                continue
            before = end
        else:
            if '"' in match[0] and end < size and not text[end].isspace():
                # Attached on both sides, a straight quote closes only where one is open.
                quote = text.index('"', stop)
                quotes += text.count('"', counted, quote)
                counted = quote
                if quotes % 2 == 0:
                    end = quote
            if not _ends(text, start, stop, end, ordinals, dotted):
                continue
            before = end
        if end > start:
            spans.append(Span(start, before))
            start = _after_space(text, end) if end < size and text[end].isspace() else end
    if start < size:
        spans.append(Span(start, _before_space(text, start, size)))
    return tuple(spans)


def _after_space(text: str, start: int) -> int:
    if start < len(text) and not text[start].isspace():
        return start
    match = _NOT_SPACE.search(text, start)
    return match.start() if match else len(text)


def _before_space(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _ends(text: str, start: int, stop: int, end: int, ordinals: bool, dotted: bool) -> bool:
    """Whether the sentence begun at `start` ends with the stops at `stop` and closers to `end`."""
    if end >= len(text):
        return True
    following = text[end]
    if following in _LINE_END:
        return True
    if following in _GOES_ON:
        return False
    last = text[end - 1]
    if last in _TITLE_CLOSERS or (last in _QUOTE_CLOSERS and _ASIDE.match(text, end, end + 60)):
        return False
    if last in "）)" and text[stop] in "！？!?…" and text[start] not in "（(":
        return False
    if text[stop] in _FULL:
        return True
    if text[stop] == "…" and not following.isspace():
        return last != "…" or following in "「『“"
    return _half_ends(text, start, stop, end, ordinals, dotted)


def _half_ends(text: str, start: int, stop: int, end: int, ordinals: bool, dotted: bool) -> bool:
    following = text[end]
    if not following.isspace():
        return _ends_unspaced(text, stop, end, dotted)
    opening = _START.match(text, end)
    at = opening.end() if opening else end
    word = text[at : at + _WINDOW]
    if word[:1].islower() and not word[1:2].isupper():
        return bool(_LETTERED.match(word) and _LETTERED.match(text, start))
    if text[end - 1] in "\"'”’»" and text[stop] != "." and _SAYS.match(text, at, at + 60):
        return False
    if text[stop : stop + 2] == ".." or text[stop] == "…":
        return not re.match(r"I\b", word)
    if text[stop] == "." and end == stop + 1:
        return _full_stop_ends(text, start, stop, word, ordinals)
    return True


def _ends_unspaced(text: str, stop: int, end: int, dotted: bool) -> bool:
    """A half-width stop with no space after it: an end only in Chinese typed with such stops."""
    before, following = text[stop - 1] if stop else "", text[end]
    if not (_is_wide(following) or following in "「『“（"):
        return False
    if text[stop] in "!?":
        return text[max(0, stop - 5) : stop].lower() != "yahoo"
    return _is_wide(before) and (dotted or end > stop + 1)


def _is_wide(character: str) -> bool:
    return (
        "\u2e80" <= character <= "\u9fff"
        or "\uac00" <= character <= "\ufaff"
        or (character >= "\U00020000")
    )


def _full_stop_ends(text: str, start: int, stop: int, following: str, ordinals: bool) -> bool:
    """Whether one full stop before white space and `following` is more than an abbreviation's."""
    match = _LAST_WORD.search(text, max(start, stop - _WINDOW), stop)
    if match is None:
        return True
    word = match[0]
    lower = word.lower()
    # An enumerator opens its own sentence: "1. First", "b. Second".
    if match.start() == start and ((word.isdigit() and len(word) < 4) or len(word) == 1):
        return False
    if word.isdigit():
        return not (ordinals and len(word) < 3)
    if lower in _BEFORE_NUMBER:
        return not following[:1].isdigit()
    if lower in _TITLES:
        return False
    if lower in _EITHER or _is_initial(word):
        first = re.match(r"[^\W\d_]+", following)
        return not first or (first[0].lower() in _STARTERS and first[0] != "A")
    return True


def _is_initial(word: str) -> bool:
    """`J`, `J.K`, `U.S`: single capitals with full stops between them."""
    return len(word) % 2 == 1 and word[::2].isupper() and set(word[1::2]) <= {"."}
