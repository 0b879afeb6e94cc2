"""How sure the words and the names of an annotated text are.

A text is cut along the cheapest way through a lattice of candidates. Here that lattice is asked
again: for each word, by how much the cheapest way without it is dearer. That is its *margin*, and
that way its *rival*. `data/certainty.tsv` says how often words and names of each kind were right,
by margin, in running text that was read word by word (`training/certainty.py`).

Only `doubts` asks: annotating a text takes no longer for it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeAlias

from reader.annotation.lattice import Lattice
from reader.annotation.readings import ReadingResolver
from reader.annotation.tokens import TaiwanTokens
from reader.annotation.word_candidates import (
    BITS,
    HAN,
    LATIN,
    LENGTH,
    NAME,
    NUMBER,
    OTHER,
    PERSON,
    PUNCTUATION,
    SPACE,
    Step,
    Word,
)
from reader.files import read_data
from reader.lexicon import Lexicon
from reader.model import ReadingSource, Token, TokenKind

FAR = 800
"""A rival that is so much dearer is none."""
LONGEST = 64
"""Characters of a run that are weighed together: however long a run is, time stays linear."""
WIDEST = 16
"""Characters over which a rival differs, at most."""
AROUND = 12
"""Characters to either side that bear on how the words of a rival are read."""

Placed: TypeAlias = tuple[int, int, Token]
"""A token with its place, as `Block.token_spans` has it."""
_NAMES = (PERSON, NAME)
_KINDS = {
    TokenKind.WORD: HAN,
    TokenKind.NUMBER: NUMBER,
    TokenKind.LATIN: LATIN,
    TokenKind.PUNCTUATION: PUNCTUATION,
    TokenKind.SPACE: SPACE,
    TokenKind.OTHER: OTHER,
}


# ---- ways through the lattice ----


class Scores(Protocol):
    """What is asked of the lattice."""

    def steps(self, text: str, at: int, end: int) -> Iterator[Step]:
        """What may begin at `at` and end by `end`, with its cost; a character alone always."""

    def boundary(self, text: str, at: int) -> int:
        """What it costs besides that one word ends and another begins at `at`."""


class Way(NamedTuple):
    """A step at its place; its cost has that of the boundary at its end."""

    start: int
    end: int
    cost: int
    words: tuple[Word, ...]


class Rival(NamedTuple):
    """Another way through a stretch of a text than the one that was taken."""

    taken: tuple[Word, ...]
    words: tuple[Word, ...]
    margin: int

    @property
    def span(self) -> tuple[int, int]:
        return self.words[0][0], self.words[-1][1]


def ways_of(scores: Scores, text: str, start: int, end: int) -> list[Way]:
    """All steps in `text[start:end]`, by where they begin."""
    ways = []
    borders = [0, *(scores.boundary(text, at) for at in range(start + 1, end)), 0]
    for at in range(start, end):
        for length, cost, pieces in scores.steps(text, at, end):
            last = at + length
            words = ((at, last, pieces[0] >> BITS),) if len(pieces) == 1 else _words(at, pieces)
            ways.append(Way(at, last, cost + borders[last - start], words))
    return ways


def _words(at: int, pieces: Iterable[int]) -> tuple[Word, ...]:
    words = []
    for piece in pieces:
        words.append((at, at + (piece & LENGTH), piece >> BITS))
        at += piece & LENGTH
    return tuple(words)


class Ways:
    """The ways from `start` to `end`, and of them the cheapest whose words end at `ends`."""

    def __init__(self, ways: Sequence[Way], start: int, end: int, ends: frozenset[int]) -> None:
        rest, following = _cheapest([*_with_ends(ways, start, end, ends)], {end: 0})
        self.taken: list[Way] = []
        """Empty where no way has these ends."""
        at = start
        while at in following:
            self.taken.append(following[at])
            at = following[at].end
        # A rival leaves the way taken and comes back to it, whatever that costs elsewhere: words
        # that were put together afterwards are dearer than what they were put together of.
        self._cost = rest.get(start, 0)
        self._joints = {way.start: rest[way.start] for way in self.taken}
        self._joints |= {start: self._cost, end: 0}
        self._to_end, self._next = _cheapest(ways, self._joints)
        self._from_start = {at: self._cost - cost for at, cost in self._joints.items()}
        self._last = dict[int, Way]()
        for way in ways:
            total = self._from_start[way.start] + way.cost
            # A character alone may stand anywhere, so every place has been reached.
            if way.end not in self._joints and total < self._from_start.get(way.end, total + 1):
                self._from_start[way.end], self._last[way.end] = total, way
        self._ways = ways
        self._starts = [way.start for way in ways]
        self._longest = max((way.end - way.start for way in ways), default=0)

    @classmethod
    def through(cls, ways: Iterable[Way], tokens: Sequence[Placed]) -> Ways:
        """Those of these ways that lie within tokens, the way of the tokens being the one taken."""
        start, end = tokens[0][0], tokens[-1][1]
        inside = [way for way in ways if start <= way.start and way.end <= end]
        return cls(inside, start, end, frozenset(last for _, last, _ in tokens))

    def rival(self, own: Way) -> Rival | None:
        """The cheapest way without `own`, which is one of those taken; None where it is far."""
        others = sorted(
            (self._from_start[way.start] + way.cost + self._to_end[way.end], number, way)
            for number, way in enumerate(self._across(own.start))
            if way.words != own.words
        )
        for total, _, way in others:
            if total - self._cost > FAR:
                break
            rival = self._around(way, total - self._cost)
            if rival is not None and _differ(rival):
                return rival
        return None

    def _across(self, at: int) -> Iterator[Way]:
        """The ways that begin at `at`, or before it and end after it."""
        first = bisect_right(self._starts, at - self._longest)
        last = bisect_right(self._starts, at)
        return (way for way in self._ways[first:last] if way.end > at)

    def _around(self, way: Way, margin: int) -> Rival | None:
        """The stretch over which the cheapest way with this step leaves the one taken."""
        words = deque(way.words)
        start, end = way.start, way.end
        while start not in self._joints and end - start <= WIDEST:
            words.extendleft(reversed(self._last[start].words))
            start = self._last[start].start
        while end not in self._joints and end - start <= WIDEST:
            words.extend(self._next[end].words)
            end = self._next[end].end
        if end - start > WIDEST:
            return None
        taken = [word for own in self.taken if start <= own.start < end for word in own.words]
        return Rival(tuple(taken), tuple(words), margin)


def _cheapest(
    ways: Sequence[Way], known: Mapping[int, int]
) -> tuple[dict[int, int], dict[int, Way]]:
    """From each place the cost to the end, where it is not known, and the first step."""
    costs, first = {**known}, dict[int, Way]()
    for way in reversed(ways):
        if way.end in costs and way.start not in known:
            total = way.cost + costs[way.end]
            if total < costs.get(way.start, total + 1):
                costs[way.start], first[way.start] = total, way
    return costs, first


def _with_ends(ways: Iterable[Way], start: int, end: int, ends: frozenset[int]) -> Iterator[Way]:
    """The ways whose words end where words end."""
    following, last = dict[int, int](), -1
    for at in range(end, start - 1, -1):
        following[at] = last
        last = at if at in ends else last
    for way in ways:
        for first, last, _ in way.words:
            if following[first] != last:
                break
        else:
            yield way


def _differ(rival: Rival) -> bool:
    """Whether it has other words, or a name where there was none, or none where there was one."""
    return _cut(rival.taken) != _cut(rival.words) or _named(rival.taken) != _named(rival.words)


def _cut(words: Iterable[Word]) -> set[int]:
    return {end for _, end, _ in words}


def _named(words: Iterable[Word]) -> bool:
    return any(kind in _NAMES for _, _, kind in words)


# ---- what is asked of a block ----


class Question(NamedTuple):
    """A name or a cut, and what else may be there."""

    kind: str
    """`name` or `cut`."""
    start: int
    end: int
    evidence: str
    """Which rows of the table say how often one like it is right."""
    margin: int
    first: int
    """Where the rival begins."""
    rival: tuple[Token, ...]
    """Its words, with their readings; none where no other way is near."""


class _Found(NamedTuple):
    """A question before the rival is read."""

    kind: str
    start: int
    end: int
    evidence: tuple[str, ...]
    """The last where the rival is read otherwise, else the first."""
    margin: int
    rival: tuple[Word, ...]


class Certainty:
    """What may be wrong in the words and names of blocks, and how likely it is right."""

    def __init__(
        self, lexicon: Lexicon, resolver: ReadingResolver, taiwan: TaiwanTokens | None = None
    ) -> None:
        """`taiwan` is given where the blocks are read as there."""
        self._lexicon = lexicon
        self._resolver = resolver
        self._taiwan = taiwan
        self._lattice: Scores = Lattice(lexicon)
        self._table = Table.load()

    def probability(self, question: Question) -> float:
        """How often one like it is right."""
        return self._table.share(question.evidence, question.margin)

    def questions(
        self,
        tokens: Sequence[Placed],
        text: str,
        shadow: str,
        *,
        fixed: Iterable[int] = (),
        below: float = 2.0,
    ) -> Iterator[Question]:
        """The names and cuts of a block that are less sure than `below`, in order.

        `tokens` are the block's, `text` is what they spell and `shadow` the same in Simplified.
        Nothing is asked of tokens that a glossary row reads, or that hold a place of `fixed`.
        """
        for run in _runs(tokens, frozenset(fixed)):
            for found in dict.fromkeys(self._found(run, text, shadow)):
                share = self._table.share
                if min(share(name, found.margin) for name in found.evidence) < below:
                    question = self._read(found, tokens, text, shadow)
                    if self.probability(question) < below:
                        yield question

    def _found(self, run: Sequence[Placed], text: str, shadow: str) -> Iterator[_Found]:
        ways = ways_of(self._lattice, shadow, run[0][0], run[-1][1])
        steps = {word[:2] for way in ways for word in way.words}
        for is_step, group in groupby(run, lambda placed: placed[:2] in steps):
            if is_step:
                yield from self._weighed([*group], ways, text, shadow)
            else:
                yield from (found for placed in group for found in self._joined(placed))

    def _joined(self, placed: Placed) -> Iterator[_Found]:
        """What there is to ask of a token that was put together after the text was cut."""
        start, end, token = placed
        # But for what recurs in this text alone it is 儿化, or a word of the dictionary.
        if token.simplified[-1] != ERHUA and not self._lexicon.entries(token.text):
            kind, evidence = ("name", JOINED_NAME) if token.proper else ("cut", JOINED)
            apart = tuple((at, at + 1, HAN) for at in range(start, end))
            yield _Found(kind, start, end, (evidence,), 0, apart)

    def _weighed(
        self, part: Sequence[Placed], ways: Sequence[Way], text: str, shadow: str
    ) -> Iterator[_Found]:
        """What there is to ask of tokens that are steps of the lattice."""
        around = Ways.through(ways, part)
        proper = {at for first, last, token in part if token.proper for at in range(first, last)}
        for own in around.taken:
            rival = around.rival(own)
            if own.start in proper:
                margin, words = (rival.margin, rival.words) if rival else (FAR, ())
                # What the cheapest way does not have was put together afterwards.
                status = JOINED_NAME
                if margin >= 0:
                    status = self._status(text[own.start : own.end], shadow[own.start : own.end])
                yield _Found("name", own.start, own.end, (status,), margin, words)
            elif rival is not None and proper.isdisjoint(range(*rival.span)):
                yield from _other(rival)

    def _status(self, name: str, simplified: str) -> str:
        """What is known of a name, whatever stands around it."""
        entries = self._lexicon.entries(name, simplified)
        if entries:
            return KNOWN if all(entry.proper for entry in entries) else EVERYDAY
        return LISTED if self._lexicon.tag(simplified).startswith("n") else MADE

    def _read(self, found: _Found, tokens: Sequence[Placed], text: str, shadow: str) -> Question:
        """The question with its rival read as it would be, where it stands."""
        kind, start, end, evidence, margin, words = found
        if not words:
            return Question(kind, start, end, evidence[0], margin, start, ())
        first, last = words[0][0], words[-1][1]
        begin, stop = max(0, first - AROUND), last + AROUND
        near = tokens[
            bisect_left(tokens, begin, key=itemgetter(0)) : bisect_right(
                tokens, stop, key=itemgetter(1)
            )
        ]
        begin, stop = min(near[0][0], first), max(near[-1][1], last)
        before = [_word(placed) for placed in near if placed[1] <= first]
        after = [_word(placed) for placed in near if placed[0] >= last]
        whole, asked = [*before, *words, *after], slice(len(before), len(before) + len(words))
        rival = self._tokens(whole, asked, text[begin:stop], shadow[begin:stop], begin)
        taken = [token for a, _, token in near if first <= a < last]
        name = evidence[-1] if _syllables(taken) != _syllables(rival) else evidence[0]
        return Question(kind, start, end, name, margin, first, rival)

    def _tokens(
        self, words: Sequence[Word], asked: slice, text: str, shadow: str, begin: int
    ) -> tuple[Token, ...]:
        """Tokens of the words that are `asked` for, of those that tile a text from `begin` on,
        as they are read in it."""
        moved = [(start - begin, end - begin, kind) for start, end, kind in words]
        spoken = self._resolver.read(moved, text, shadow)
        # Only for Taiwan do the words around them bear on tokens that are read already.
        made = slice(None) if self._taiwan else asked
        tokens = tuple(
            Token(text[start:end], reading=reading, proper=kind in _NAMES)
            for (start, end, kind), reading in zip(moved[made], spoken[made], strict=True)
        )
        return self._taiwan.of(tokens)[asked] if self._taiwan else tokens


KNOWN, EVERYDAY, LISTED, MADE = "known name", "everyday name", "listed name", "made name"
"""Names that the dictionary has as nothing else; as other words too; that only the frequency list
has; that nothing has."""
JOINED_NAME, JOINED = "joined name", "joined"
"""What recurs in this text and no dictionary has."""
POSSIBLE = "possible name"
"""Words that may be a name."""
READ = ", read otherwise"
ERHUA = "儿"


def _other(rival: Rival) -> Iterator[_Found]:
    """What is asked of words that are no names, where they have a rival."""
    start, end = rival.span
    taken, other = _cut(rival.taken), _cut(rival.words)
    if _named(rival.words):
        yield _Found("name", start, end, (POSSIBLE,), rival.margin, rival.words)
    elif taken != other:
        relation = "finer" if taken < other else "coarser" if other < taken else "across"
        evidence = (relation, relation + READ) if rival.margin >= 0 else (JOINED,)
        yield _Found("cut", start, end, evidence, rival.margin, rival.words)


def _runs(tokens: Sequence[Placed], fixed: frozenset[int]) -> Iterator[list[Placed]]:
    """The words side by side, some at a time, that nobody has settled."""
    run: list[Placed] = []
    for placed in tokens:
        if run and (placed[1] - run[0][0] > LONGEST or not _is_open(placed, fixed)):
            yield run
            run = []
        if _is_open(placed, fixed):
            run.append(placed)
    if run:
        yield run


def _is_open(placed: Placed, fixed: frozenset[int]) -> bool:
    start, end, token = placed
    if token.kind is not TokenKind.WORD or end - start > LONGEST:
        return False
    settled = token.reading is not None and token.reading.source is ReadingSource.GLOSSARY
    return not settled and fixed.isdisjoint(range(start, end))


def _word(placed: Placed) -> Word:
    start, end, token = placed
    is_person = token.reading is not None and token.reading.source is ReadingSource.NAME
    return start, end, PERSON if is_person else _KINDS[token.kind]


def _syllables(tokens: Iterable[Token]) -> list[str]:
    return [s for t in tokens for s in (t.reading.syllables if t.reading else [""] * len(t.text))]


# ---- how often they are right ----


class Table:
    """The rows of `data/certainty.tsv`: by evidence, what share was right from a margin on."""

    def __init__(self, rows: Iterable[tuple[str, int, float]]) -> None:
        self._margins: dict[str, list[int]] = defaultdict(list)
        self._shares: dict[str, list[float]] = defaultdict(list)
        for evidence, margin, share in sorted(rows):
            self._margins[evidence].append(margin)
            self._shares[evidence].append(share)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Table:
        rows = (
            line.split("\t") for line in read_data(DATA).decode().splitlines() if line[:1] != "#"
        )
        return cls((evidence, int(margin), float(share)) for evidence, margin, share, _ in rows)

    def share(self, evidence: str, margin: int) -> float:
        """How often what has this evidence and margin is right; 1 where nothing is known."""
        known = self._margins.get(evidence)
        if not known:
            return 1.0
        return self._shares[evidence][max(0, bisect_right(known, margin) - 1)]


DATA = "certainty.tsv"
