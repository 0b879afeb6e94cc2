"""Dictionary words that hold Han characters and Latin letters or digits: T恤, 卡拉OK."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from reader.annotation.kinds import HAN, Word
from reader.lexicon import Lexicon

_CORE = re.compile(r"[A-Za-z0-9]+")


class Mixed:
    """Finds them by what is not Han in them."""

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


def merged(fixed: Iterable[Word], more: Iterable[Word]) -> list[Word]:
    """Words in order: all of `fixed`, and those of `more` that overlap none of them."""
    words = list(fixed)
    taken = {at for start, end, _ in words for at in range(start, end)}
    words += (word for word in more if taken.isdisjoint(range(word[0], word[1])))
    return sorted(words)
