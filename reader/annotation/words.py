"""A block's text cut into words, numbers, Latin runs, punctuation, spaces and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from typing import Any, TypeAlias

from reader.annotation import names, numbers, vocabulary
from reader.annotation.kinds import Word, symbol
from reader.annotation.mixed import Mixed, merged
from reader.annotation.recurring import Join, joiner, recurring
from reader.core import choose
from reader.lexicon import Lexicon

Cut: TypeAlias = Callable[[str, str, Sequence[Word]], Sequence[Word]]


class Cutter:
    """Cuts texts into words; remembers what it has met, and what words one text taught it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._cut: Cut = choose(
            lambda core: _compiled(core, lexicon), lambda: _interpreted(lexicon)
        )
        self._mixed = Mixed(lexicon)
        self._join: Join | None = None

    def knowing(self, words: Mapping[str, int]) -> Cutter:
        """A cutter for one text, given the words that only that has, in Simplified, and their
        kinds: it shares what this one remembers."""
        own = copy(self)
        own._join = joiner(dict(words)) if words else None
        return own

    def recurring(self, texts: Iterable[tuple[str, str]]) -> dict[str, int]:
        """The words that only these texts have, given them and their Simplified forms."""
        return recurring(
            self._lexicon, [(shadow, self.cut(text, shadow)) for text, shadow in texts]
        )

    def cut(self, text: str, shadow: str, fixed: Sequence[Word] = ()) -> Sequence[Word]:
        """The words of `text`, in order, tiling it. `shadow` is its Simplified form.

        `fixed` words, in order and not overlapping, stand as they are.
        """
        if mixed := self._mixed.find(shadow):
            fixed = merged(fixed, mixed)
        words = self._cut(text, shadow, fixed)
        return self._join(words, shadow) if self._join else words


def _interpreted(lexicon: Lexicon) -> Cut:
    from reader.annotation.runs import Runs

    return Runs(lexicon).cut


def _compiled(core: Any, lexicon: Lexicon) -> Cut:
    """What `Runs.cut` does, compiled."""
    known, groups = vocabulary.Vocabulary(lexicon), lexicon.name_model()
    cutter = core.Cutter(lexicon.table, known, groups, symbol, vocabulary.ERHUA, _RULES)
    cut: Cut = cutter.cut
    return cut


_RULES = {
    "leading": numbers.LEADING,
    "within": numbers.WITHIN,
    "tens": numbers.TENS,
    "some": numbers.SOME,
    "ordinal": numbers.ORDINAL,
    "counted": numbers.COUNTED,
    "starts": "".join(numbers.NUMBER_STARTS),
    "number_cost": numbers.NUMBER_COST,
    "counted_cost": numbers.COUNTED_COST,
    "titles": names.TITLES,
    "offices": names.OFFICES,
    "in_office": names.IN_OFFICE,
    "never_alone": "".join(names.NOT_ALONE),
    "one_given": names.PERSON_COST[1],
    "two_given": names.PERSON_COST[2],
    "everyday": names.EVERYDAY,
    "foreign_cost": names.FOREIGN_COST,
    "foreign_shortest": names.FOREIGN_SHORTEST,
    "foreign_longest": names.FOREIGN_LONGEST,
    "unknown": vocabulary.UNKNOWN,
    "places": "".join(vocabulary.KINDS_OF_PLACES),
    # Pairs that words are made of.
    "again": "".join(vocabulary.AGAIN),
    "doubled": "".join(vocabulary.DOUBLED),
    "perceived": "".join(vocabulary.PERCEIVED),
    "got": vocabulary.GOT,
}
"""What the compiled core must know of numbers, names and words that are made."""
