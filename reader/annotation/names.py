"""Names that no dictionary lists: people by surname and given name, and transliterations."""

from __future__ import annotations

from collections.abc import Iterator

from reader.annotation.kinds import BITS, NAME, PERSON, Step
from reader.lexicon import Lexicon

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


class Names:
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
        if stretch.startswith(TITLES, at + size) and not _other(stretch, at):
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


def _other(stretch: str, at: int) -> bool:
    """Whether the surname at `at`, which a title follows, is more likely another word."""
    in_office = stretch[at] == IN_OFFICE and stretch.startswith(OFFICES, at + 1)
    return in_office or stretch[at] in NOT_ALONE
