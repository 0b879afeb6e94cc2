"""Names that no dictionary lists: people by surname and given name, and transliterations.

Where they may stand in a text, with their costs, and what they may be read as.
"""

from __future__ import annotations

from collections.abc import Iterator

from reader.annotation.reading_candidates import ReadingCandidates, ReadingLookup, Syllables
from reader.annotation.word_candidates import BITS, NAME, PERSON, Step
from reader.lexicon import Lexicon
from reader.model import ReadingSource

PERSON_COST = {1: 1000, 2: 650}
"""What it costs that here stands a person's name, by the length of the given name."""
EVERYDAY = 8000
"""Words that occur so often (see `Lexicon.frequency`) are no given names: 高|水平."""
FOREIGN_COST = 700
"""What it costs that here stands a transliterated name."""
FOREIGN_SHORTEST, FOREIGN_LONGEST = 3, 8
TITLES = (
    "先生", "女士", "小姐", "太太", "夫人", "教授", "博士", "老师", "医生", "律师", "校长", "院长",
    "主任", "主席", "总理", "总统", "部长", "局长", "市长", "书记", "经理", "董事", "老板", "师傅",
    "同志", "将军", "法官", "总", "某", "氏",
)  # fmt: skip
"""What follows a surname that stands for the person."""
_TITLE_STARTS = frozenset(title[0] for title in TITLES)
NOT_ALONE = frozenset(
    "和与向对让给把从同当为是有那都就可能要会将以及过年中后时新三门国万元达应水南党段相经原成别"
)
"""Surnames that before a title are more likely other words: 当过老师, 原校长."""
OFFICES = (
    *(title for title in TITLES if title[-1] in "授长任席理统记事军官"),
    "总经理", "总裁", "总编", "总监", "总书记",
)  # fmt: skip
IN_OFFICE = "任"
"""A surname that before an office is more likely a verb: 曾任校长."""


class NameCandidates:
    """Names that may stand in a text, with their costs."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        groups = lexicon.name_model()
        self._surnames = groups["surname"]
        self._first = groups["first"]
        self._last = groups["last"]
        self._single = groups["single"]
        self._foreign = groups["foreign"]
        self.starts = frozenset(surname[0] for surname in self._surnames).union(self._foreign)
        """The characters that a name may begin with."""
        compound = {surname[1] for surname in self._surnames if len(surname) > 1}
        self.seconds = _TITLE_STARTS.union(self._first, self._single, self._foreign, compound)
        """The characters that may stand second in a name."""

    def reach(self, pair: str) -> int:
        """How far a name that begins with `pair` may reach; 0 where none can."""
        if pair in self._surnames:
            return 4
        if pair[0] in self._foreign and pair[1] in self._foreign:
            return 3
        if pair[0] not in self._surnames:
            return 0
        if pair[1] in self._first or pair[1] in _TITLE_STARTS:
            return 3
        return 2 if pair[1] in self._single else 0

    def steps(self, stretch: str, at: int) -> Iterator[Step]:
        """The names that may begin at `at`."""
        first = stretch[at]
        if first in self._surnames:
            yield from self._people(stretch, at, 1)
        if stretch[at : at + 2] in self._surnames:
            yield from self._people(stretch, at, 2)
        if first in self._foreign:
            yield from self._transliterations(stretch, at)

    def _people(self, stretch: str, at: int, size: int) -> Iterator[Step]:
        """A surname of `size` characters and a given name of one or two."""
        surname = size | PERSON << BITS
        cost = self._surnames[stretch[at : at + size]]
        if stretch.startswith(TITLES, at + size) and not _is_other_word(stretch, at):
            yield size, self._alone(stretch[at : at + size], cost), (surname,)
        given = stretch[at + size : at + size + 2]
        if (single := self._single.get(given[:1])) is not None:
            yield size + 1, cost + single + PERSON_COST[1], (surname, 1 | PERSON << BITS)
        if len(given) == 2 and given[0] in self._first and given[1] in self._last:
            if self._lexicon.frequency(given) >= EVERYDAY:
                return
            cost += self._first[given[0]] + self._last[given[1]] + PERSON_COST[2]
            yield size + 2, cost, (surname, 2 | PERSON << BITS)

    def _alone(self, surname: str, cost: int) -> int:
        """The cost of a surname before a title: a little less than that of the character."""
        word = self._lexicon.character_cost(surname) if len(surname) == 1 else None
        return cost if word is None else word - 1

    def _transliterations(self, stretch: str, at: int) -> Iterator[Step]:
        total = FOREIGN_COST
        for length in range(1, min(FOREIGN_LONGEST, len(stretch) - at) + 1):
            cost = self._foreign.get(stretch[at + length - 1])
            if cost is None:
                return
            total += cost
            if length >= FOREIGN_SHORTEST:
                yield length, total, (length | NAME << BITS,)


def _is_other_word(stretch: str, at: int) -> bool:
    """Whether the surname at `at`, which a title follows, is more likely another word."""
    in_office = stretch[at] == IN_OFFICE and stretch.startswith(OFFICES, at + 1)
    return in_office or stretch[at] in NOT_ALONE


IN_NAME = 0.97
UNSURE = 0.8
"""A character of a given name that has several readings."""
# Surnames for which the dictionary has two readings, or none: the usual one.
_USUAL = {
    "乐": ("yue4",),
    "翟": ("zhai2",),
    "覃": ("qin2",),
    "那": ("na1",),
    "隗": ("wei3",),
    "盖": ("ge3",),
    "仇": ("qiu2",),
    "区": ("ou1",),
    "朴": ("piao2",),
    "尉迟": ("yu4", "chi2"),
    "万俟": ("mo4", "qi2"),
}


class NameReadings:
    """What the names of people may be read as: a surname has a reading of its own, the given name
    that of its characters."""

    def __init__(self, lexicon: Lexicon, lookup: ReadingLookup) -> None:
        self._lexicon = lexicon
        self._lookup = lookup

    def candidates(self, word: str, simplified: str, *, given: bool) -> ReadingCandidates | None:
        """The readings of a name: a surname, a given name (`given`), or both in one word."""
        if not given and len(word) > 2:
            whole = self._lookup.candidates(word, simplified)
            if whole is not None and whole.source is ReadingSource.DICTIONARY and not whole.open:
                return whole
        surname = () if given else self._surname(word, simplified)
        size = len(surname)
        rest = self._given(word[size:], simplified[size:])
        spoken = (*surname, *(syllables[0] for syllables in rest))
        if not any(spoken):
            return None
        asked = tuple(
            (size + offset, offered) for offset, offered in enumerate(rest) if len(offered) > 1
        )
        sure = UNSURE if asked else IN_NAME
        return ReadingCandidates(((spoken, 1.0),), ReadingSource.NAME, sure, asked)

    def _surname(self, word: str, simplified: str) -> Syllables:
        """The reading of the longest surname that the name begins with; () for none."""
        for length in (2, 1):
            usual = _USUAL.get(simplified[:length])
            if usual is not None:
                return usual
            if len(word) >= length:
                entries = self._lexicon.entries(word[:length], simplified[:length])
                named = [e.syllables for e in entries if e.surname and len(e.syllables) == length]
                if named:
                    return named[0]
        return ()

    def _given(self, word: str, simplified: str) -> list[tuple[str, ...]]:
        """A given name: for each character what it may be read as, the usual reading first."""
        offers = []
        for character, plain in zip(word, simplified, strict=True):
            known = self._lookup.candidates(character, plain)
            if known is not None and known.open:
                offers.append(known.open[0][1])
            else:
                offers.append(known.readings[0][0] if known is not None else ("",))
        return offers
