"""Word segmentation: a block's text in words, numbers, Latin runs, punctuation, spaces, the rest.

The core segments, or the reference in `lattice` where there is none. Before it, words of the
dictionary that mix scripts (卡拉OK) are fixed; after it, the words that recur in this text alone,
which a survey of it found (`preparation`), are joined.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import cache, lru_cache
from threading import get_ident
from typing import Any, TypeAlias

from reader.annotation import numbers, person_names, word_candidates
from reader.annotation.word_candidates import (
    HAN,
    LATIN,
    LATIN_RUN,
    NAME,
    NUMBER,
    NUMBER_RUN,
    PERSON,
    Word,
)
from reader.core import choose
from reader.lexicon import Lexicon

Join: TypeAlias = Callable[[Sequence[Word], str, Sequence[Word]], Sequence[Word]]
Segment: TypeAlias = Callable[[str, str, Sequence[Word]], Sequence[Word]]


class WordSegmenter:
    """Segments texts into words; remembers what it has met, in whichever text."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._segment: Segment = choose(
            lambda core: _compiled(core, lexicon), lambda: _reference(lexicon)
        )
        self._mixed = MixedWords(lexicon)
        self._join: Join | None = None

    def with_words(self, words: Mapping[str, int]) -> WordSegmenter:
        """A segmenter for one text, given the pairs of characters that are words in that alone, in
        Simplified, and their kinds: it shares what this one remembers."""
        own = copy(self)
        own._join = _joiner(words) if words else None
        return own

    def segment(self, text: str, shadow: str, fixed: Sequence[Word] = ()) -> Sequence[Word]:
        """The words of `text`, in order, tiling it. `shadow` is its Simplified form.

        `fixed` words, in order and not overlapping, stand as they are.
        """
        if mixed := self._mixed.find(shadow):
            fixed = _merged(fixed, mixed)
        words = self._segment(text, shadow, fixed)
        return self._join(words, shadow, fixed) if self._join else words


def shared_segmenter(lexicon: Lexicon) -> WordSegmenter:
    """One for all texts of a thread, which share what it remembers."""
    return _shared(lexicon, get_ident())


# One a thread: a memory is emptied when it is full, whoever reads it.
@lru_cache(maxsize=4)
def _shared(lexicon: Lexicon, _thread: int) -> WordSegmenter:
    return WordSegmenter(lexicon)


def _reference(lexicon: Lexicon) -> Segment:
    # Imported here: its patterns take milliseconds to compile, and the core needs none of them.
    from reader.annotation.lattice import ReferenceSegmenter

    return ReferenceSegmenter(lexicon).segment


def _compiled(core: Any, lexicon: Lexicon) -> Segment:
    """What `ReferenceSegmenter` does, compiled."""
    costs = (
        word_candidates.UNKNOWN,
        numbers.NUMBER_COST,
        numbers.COUNTED_COST,
        word_candidates.TWICE,
        person_names.RARE,
    )
    segmenter = core.WordSegmenter(
        lexicon.table, numbers.character_flags, _latin_end, word_candidates.ERHUA, costs
    )
    compiled: Callable[[str, str, Sequence[Word]], Sequence[Word] | None] = segmenter.segment
    twin = cache(lambda: _reference(lexicon))

    def segment(text: str, shadow: str, fixed: Sequence[Word]) -> Sequence[Word]:
        words = compiled(text, shadow, fixed)
        # A text with variation selectors, of which there are next to none.
        return twin()(text, shadow, fixed) if words is None else words

    return segment


def _latin_end(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the Latin run or number ends that begins at `start`, before `end`, and its kind."""
    match = _latin().match(text, start, end)
    assert match is not None
    return match.end(), LATIN if match[1] else NUMBER


@cache
def _latin() -> re.Pattern[str]:
    # On first use: many texts have none.
    return re.compile(f"({LATIN_RUN})|{NUMBER_RUN}")


_CORE = re.compile(r"[A-Za-z0-9]+")


class MixedWords:
    """Dictionary words that hold Han characters and Latin letters or digits (T恤, 卡拉OK), found by
    what is not Han in them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._around: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for before, core, after in lexicon.mixed_words():
            self._around[core].append((before, after))

    def find(self, shadow: str) -> list[Word]:
        """The words of this kind in a text, longest where several fit, never overlapping."""
        found: list[Word] = []
        for match in _CORE.finditer(shadow):
            around = self._around.get(match[0])
            if around is None:
                continue
            start, end = match.span()
            fitting = [
                (start - len(before), end + len(after), HAN)
                for before, after in around
                if shadow.endswith(before, 0, start) and shadow.startswith(after, end)
            ]
            word = max(fitting, key=lambda word: word[1] - word[0], default=None)
            if word is not None and (not found or found[-1][1] <= word[0]):
                found.append(word)
        return found


def _merged(fixed: Iterable[Word], more: Iterable[Word]) -> list[Word]:
    """Words in order: all of `fixed`, and those of `more` that overlap none of them."""
    words = list(fixed)
    taken = {at for start, end, _ in words for at in range(start, end)}
    words += (word for word in more if taken.isdisjoint(range(word[0], word[1])))
    return sorted(words)


def _joiner(kinds: Mapping[str, int]) -> Join:
    """Makes one word of each pair that is two words in a text, given those, it in Simplified and
    the words that are fixed, which stay as they are.

    What was taken for more of a given name stands by itself.
    """
    pattern = re.compile("|".join(map(re.escape, sorted(kinds))))

    def join(words: Sequence[Word], shadow: str, fixed: Sequence[Word]) -> Sequence[Word]:
        matches = [*pattern.finditer(shadow)]
        # A text has few such pairs, and most of its blocks none of them.
        if not matches:
            return words
        joined = list(words)
        settled = {at for start, end, _ in fixed for at in range(start, end)}
        for match in matches:
            if settled.isdisjoint(range(*match.span())):
                _join_at(joined, match.start(), kinds[match[0]])
        return joined

    return join


def _join_at(words: list[Word], start: int, kind: int) -> None:
    at, end = bisect_left(words, (start,)), start + 2
    if words[at : at + 2] == [(start, start + 1, HAN), (start + 1, end, HAN)]:
        words[at : at + 2] = [(start, end, kind)]
    elif words[at : at + 1] == [(start, start + 1, PERSON)] and at + 1 < len(words):
        last = words[at + 1][1]
        rest = [(end, last, HAN)] if last > end else []
        words[at : at + 2] = [(start, end, NAME), *rest]
