"""Words by the cheapest path through a lattice of candidates: the reference of the segmenter.

A text is cut where its characters change kind. In each run of Han characters every dictionary
word, and every number or name that may stand somewhere, has a cost (`word_candidates`, `numbers`,
`person_names`), and the cheapest path wins: a unigram lattice. Where nothing reaches across a place
the run falls apart into stretches that know nothing of each other, so each distinct stretch is
solved once and remembered, which gives the same words as solving the whole. Time is linear in the
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from reader.annotation.numbers import NUMBER_SECONDS, NUMBER_STARTS, number_reach, number_steps
from reader.annotation.person_names import NameCandidates
from reader.annotation.word_candidates import (
    BITS,
    ERHUA,
    HAN,
    KINDS_OF_PLACES,
    LATIN,
    LENGTH,
    NUMBER,
    OTHER,
    SPACE,
    Candidates,
    Piece,
    Step,
    Word,
    WordCandidates,
    is_name,
    symbol,
)
from reader.caching import BoundedCache
from reader.lexicon import Lexicon

REMEMBERED = 30_000
"""Entries that each memory holds before it starts afresh; more would cost memory, not time."""
LONGEST_STRETCH = 64
"""Longer stretches (nonsense, all numerals or surnames) are solved but not remembered."""

Reach: TypeAlias = int | Candidates
"""How far what begins with a pair reaches: so many characters, or as far as one of the words."""
_ALONE: Step = (1, 0, (1,))


class Lattice:
    """Segments runs of Han characters; remembers pairs and stretches it has met."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._candidates = WordCandidates(lexicon)
        self._names = NameCandidates(lexicon)
        self._reach: dict[str, Reach] = {}
        self._following: dict[str, str] = {}
        self._base: dict[str, int] = {}
        self._words: dict[str, Candidates] = {}
        # Clauses come back in some texts, and it costs little to ask.
        self._runs = BoundedCache[str, list[Piece]](10_000)
        self._stretches = BoundedCache[str, tuple[Piece, ...]](REMEMBERED)

    def segment(self, run: str, after: str = "") -> list[Piece]:
        """The words of `run`, in order; their lengths add up to its own.

        `after` are the first Han characters of a word, already known, that follows: no name ends
        where a longer word goes on into them.
        """
        key = f"{run}|{after}" if after else run
        pieces = self._runs.get(key)
        if pieces is None:
            if len(self._reach) > REMEMBERED:
                # Never within a run: what is known of its pairs must be known to its end.
                for memory in (self._reach, self._base, self._words):
                    memory.clear()
            pieces = self._segment(run, after)
            if len(run) <= LONGEST_STRETCH:
                self._runs.remember(key, pieces)
        return pieces

    def steps(self, text: str, at: int, end: int) -> Iterator[Step]:
        """What may begin at `at` and end by `end`, with its cost: a character alone first."""
        yield 1, self._candidates.cost(text[at]), (1,)
        yield from self._ways(text[at:end], 0, text[end : end + SEEN_AFTER])

    def boundary(self, text: str, at: int) -> int:
        """What it costs, beside the words, that one ends and another begins at `at`: nothing."""
        return 0

    def _segment(self, run: str, after: str) -> list[Piece]:
        pieces: list[Piece] = []
        follows, solved = self._following.get, self._stretches.get
        starts, seconds = self._names.starts, self._names.seconds
        size = len(run)
        start = 0
        while start < size:
            end, at = start + 1, start
            while at < end and at + 1 < size:
                first, second = run[at], run[at + 1]
                following = follows(first)
                if following is None:
                    following = self._follow(first)
                if second in following or (first in starts and second in seconds):
                    last = at + self._far(run, at)
                    if last > end:
                        end = last if last < size else size
                at += 1
            if end == start + 1:
                pieces.append(1)
            else:
                stretch = run[start:end]
                if end == size and after:
                    pieces += self._solve(stretch, after)
                else:
                    pieces += solved(stretch) or self._remember(stretch)
            start = end
        return pieces

    def _follow(self, first: str) -> str:
        """The characters that may stand after `first` in a word or number."""
        following = self._candidates.following(first)
        if first in NUMBER_STARTS:
            following += "".join(sorted(NUMBER_SECONDS))
        self._following[first] = following
        return following

    def _far(self, run: str, at: int) -> int:
        """How far what begins at `at` reaches; 0 where nothing does."""
        pair = run[at : at + 2]
        reach = self._reach.get(pair)
        if reach is None:
            reach = self._learn(pair)
        return reach if isinstance(reach, int) else self._longest(reach, run, at)

    def _learn(self, pair: str) -> Reach:
        base = self._names.reach(pair) if pair[0] in self._names.starts else 0
        if pair[0] in NUMBER_STARTS:
            base = max(base, number_reach(pair))
        words = self._candidates.words(pair)
        reach: Reach = base
        if words is not None:
            self._words[pair] = words
            self._base[pair] = base
            plain = words.lengths == (2,) and not is_name(words.steps[pair])
            reach = max(base, 2) if plain else words
        self._reach[pair] = reach
        return reach

    def _longest(self, words: Candidates, run: str, at: int) -> int:
        """How far the longest of these words that stands at `at` reaches, or a name may."""
        base = self._base[run[at : at + 2]]
        for length in words.lengths:
            step = words.steps.get(run[at : at + length])
            if step is not None:
                if run[at + length : at + length + 1] in KINDS_OF_PLACES and is_name(step):
                    length += 1
                return max(base, length)
        return base

    def _remember(self, stretch: str) -> tuple[Piece, ...]:
        solved = self._solve(stretch)
        if len(stretch) <= LONGEST_STRETCH:
            self._stretches.remember(stretch, solved)
        return solved

    def _solve(self, stretch: str, after: str = "") -> tuple[Piece, ...]:
        """The cheapest words that tile `stretch`; on a tie the longer first word."""
        size = len(stretch)
        best = [0] * (size + 1)
        chosen: list[Step] = [_ALONE] * size
        for at in range(size - 1, -1, -1):
            step = _ALONE
            least = self._candidates.cost(stretch[at]) + best[at + 1]
            for way in self._ways(stretch, at, after):
                total = way[1] + best[at + way[0]]
                if total <= least:
                    least, step = total, way
            best[at], chosen[at] = least, step
        path: list[Piece] = []
        at = 0
        while at < size:
            path += chosen[at][2]
            at += chosen[at][0]
        return tuple(path)

    def _ways(self, stretch: str, at: int, after: str) -> list[Step]:
        """What may begin at `at`, but for a character alone."""
        ways: list[Step] = []
        if words := self._beginning(stretch[at : at + 2]):
            for length in reversed(words.lengths):
                step = words.steps.get(stretch[at : at + length])
                if step is not None:
                    ways.append(step)
                    kind = stretch[at + length : at + length + 1]
                    if kind in KINDS_OF_PLACES and is_name(step):
                        ways.append(self._candidates.place(step, kind))
        if stretch[at] in NUMBER_STARTS:
            ways += number_steps(stretch, at)
        if stretch[at] in self._names.starts:
            text = stretch + after
            ways += [way for way in self._names.steps(stretch, at) if self._may_end(text, at, way)]
        return ways

    def _beginning(self, pair: str) -> Candidates | None:
        """The words that begin with a pair."""
        if len(pair) > 1 and pair not in self._reach:
            following = self._following.get(pair[0])
            if pair[1] in (self._follow(pair[0]) if following is None else following):
                self._learn(pair)
        return self._words.get(pair)

    def _may_end(self, text: str, at: int, name: Step) -> bool:
        """Whether no long word begins with a given name's last character: not 张江高|科技."""
        last = at + name[0] - 1
        words = self._beginning(text[last : last + 2])
        return (
            not words
            or len(name[2]) < 2
            or not any(
                length > 2 and text[last : last + length] in words.steps
                for length in words.lengths
                if last + length <= len(text)
            )
        )


SEEN_AFTER = 3
"""Characters of a known word that a name before it is held against."""
_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
_SELECTOR = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Letters of alphabets, by block: a class made with `\w` would take 10 ms to compile.
_LETTER = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0300-\u037d\u0386-\u10ff"
    "\u1200-\u1fff\uff21-\uff3a\uff41-\uff5a"
)
_RUN = re.compile(
    rf"(?P<han>[{_IDEOGRAPH}][{_IDEOGRAPH}{_SELECTOR}]*)"
    rf"|(?P<latin>[0-9０-９]*[{_LETTER}](?:['’.&_-]?[0-9０-９{_LETTER}])*)"
    r"|(?P<number>[0-9０-９]+(?:[.,:．，][0-9０-９]+)*[%％‰]?)"
    r"|(?P<space>\s+)"
    r"|(?P<kana>[ぁ-ヿ]+|[ㄅ-ㄯㆠ-ㆿ]+|[가-힣]+)"
    r"|(?P<same>(?P<one>.)(?P=one)*)",
    re.DOTALL,
)
_SELECTORS = re.compile(f"[{_SELECTOR}]")
_AFTER = re.compile(f"[{_IDEOGRAPH}]{{1,{SEEN_AFTER}}}")
"""What follows a run of Han characters, where a known word cuts it short."""


class ReferenceSegmenter:
    """Segments texts, their runs of Han characters by the lattice.

    `native/segmentation.c` does the same; a test holds the two together over all characters.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._lattice = Lattice(lexicon)

    def segment(self, text: str, shadow: str, fixed: Iterable[Word]) -> list[Word]:
        """The words of `text`, in order, tiling it; `fixed` ones stand as they are."""
        words: list[Word] = []
        start = 0
        for word in fixed:
            self._add_between(text, shadow, start, word[0], words)
            words.append(word)
            start = word[1]
        self._add_between(text, shadow, start, len(text), words)
        return words

    def _add_between(self, text: str, shadow: str, start: int, end: int, words: list[Word]) -> None:
        add = words.append
        for match in _RUN.finditer(text, start, end):
            kind = match.lastgroup
            first, last = match.span()
            if kind == "han":
                after = _AFTER.match(shadow, last)
                for piece in self._pieces(shadow[first:last], after[0] if after else ""):
                    last = first + (piece & LENGTH)
                    add((first, last, piece >> BITS))
                    first = last
            elif kind == "same":
                add((first, last, symbol(text[first])))
            else:
                add((first, last, _KINDS[kind or ""]))

    def _pieces(self, run: str, after: str) -> list[Piece]:
        """The words of a run of Han characters and the selectors that follow them."""
        if _SELECTORS.search(run):
            return self._with_selectors(run, after)
        pieces = self._lattice.segment(run, after)
        return self._with_erhua(run, pieces) if "儿" in run else pieces

    def _with_selectors(self, run: str, after: str) -> list[Piece]:
        """Variation selectors stay with the character they follow."""
        pieces: list[Piece] = []
        units = [len(unit) for unit in re.findall(f"[{_IDEOGRAPH}][{_SELECTOR}]*", run)]
        at = 0
        for piece in self._pieces(_SELECTORS.sub("", run), after):
            end = at + (piece & LENGTH)
            pieces.append(sum(units[at:end]) | piece >> BITS << BITS)
            at = end
        return pieces

    def _with_erhua(self, run: str, pieces: list[Piece]) -> list[Piece]:
        """A 儿 left alone joins the word before it, where that is of a kind that takes it."""
        joined: list[Piece] = []
        at = 0
        for piece in pieces:
            length = piece & LENGTH
            if run[at : at + length] == "儿" and joined and self._takes_erhua(run, at, joined[-1]):
                joined[-1] += 1
            else:
                joined.append(piece)
            at += length
        return joined

    def _takes_erhua(self, run: str, at: int, piece: Piece) -> bool:
        word = run[at - (piece & LENGTH) : at]
        tag = self._lexicon.tag(word)[:1]
        return piece >> BITS == HAN and tag != "" and tag in ERHUA and len(word) < 4


_KINDS = {"latin": LATIN, "number": NUMBER, "space": SPACE, "kana": OTHER}
