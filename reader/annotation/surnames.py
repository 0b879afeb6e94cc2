"""Names of people: a surname has its own reading, the given name that of its characters."""

from __future__ import annotations

from reader.annotation.choices import Choice, Choices, Syllables
from reader.lexicon import Lexicon
from reader.model import ReadingSource

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


class Surnames:
    """Reads the names of people."""

    def __init__(self, lexicon: Lexicon, choices: Choices) -> None:
        self._lexicon = lexicon
        self._choices = choices

    def choice(self, word: str, simplified: str, *, given: bool) -> Choice | None:
        """How a name is read: a surname, a given name (`given`), or both in one word."""
        if not given and len(word) > 2:
            whole = self._choices.choice(word, simplified)
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
        return Choice(((spoken, 1.0),), ReadingSource.NAME, sure, asked)

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
            choice = self._choices.choice(character, plain)
            if choice is not None and choice.open:
                offers.append(choice.open[0][1])
            else:
                offers.append(choice.readings[0][0] if choice is not None else ("",))
        return offers
