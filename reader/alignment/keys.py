"""The keys of every unit of both texts, and what their words mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

from reader.alignment.english import STOP_WORDS
from reader.alignment.names import names_in
from reader.alignment.table import Weights
from reader.alignment.units import Unit
from reader.alignment.words import ChineseWords, Dictionary, alphabet_keys, mark_keys, meanings
from reader.model import Block
from reader.scripts import simplify

_HAN_LANGUAGES = frozenset({"zh", "yue", "lzh", "wuu", "nan", "hak"})


class Term(Protocol):
    """What alignment asks of a glossary's entry."""

    @property
    def simplified(self) -> str: ...
    @property
    def gloss(self) -> str: ...


class Match(Protocol):
    @property
    def entry(self) -> Term: ...


class Terms(Protocol):
    """What alignment asks of a glossary; `reader.glossary.Glossary` is one."""

    def find(self, text: str, shadow: str) -> Sequence[Match]: ...


class Keys:
    """Fills in the keys of units; `meanings` then says what Chinese keys may mean."""

    def __init__(
        self,
        dictionary: Dictionary,
        glosses: dict[str, str],
        targets: Sequence[Unit],
        language: str,
    ) -> None:
        chinese = language.split("-")[0].lower() in _HAN_LANGUAGES
        names = set() if chinese else {n for unit in targets for n in names_in(unit.text)}
        self._words = ChineseWords(dictionary, names - STOP_WORDS, glosses)
        self._target = self._words.keys if chinese else self._alphabet
        self._target_chinese, self._language = chinese, language
        self.meanings: Callable[[str], Weights] = partial(
            meanings, dictionary=dictionary, glosses=glosses
        )

    def _alphabet(self, text: str) -> list[str]:
        # The Chinese text comes first, so that only names that it has are looked at here.
        return alphabet_keys(text, self._language, self._words.names.found)

    def of_source(self, units: Sequence[Unit]) -> list[Unit]:
        return self._filled(units, simplified(unit.text for unit in units), self._words.keys)

    def of_target(self, units: Sequence[Unit]) -> list[Unit]:
        texts = [unit.text for unit in units]
        return self._filled(
            units, simplified(texts) if self._target_chinese else texts, self._target
        )

    def _filled(
        self, units: Sequence[Unit], texts: Sequence[str], keys: Callable[[str], list[str]]
    ) -> list[Unit]:
        return [
            unit.with_keys(keys(text) + mark_keys(text))
            for unit, text in zip(units, texts, strict=True)
        ]


def simplified(texts: Iterable[str]) -> list[str]:
    """The texts in Simplified characters."""
    lines = [text.replace("\n", " ") for text in texts]
    return simplify("\n".join(lines)).split("\n")


def glosses(blocks: Sequence[Block], glossary: Terms | None) -> dict[str, str]:
    """The glosses of glossary terms that occur in the blocks, by Simplified form.

    From the notes of an annotated text, and from the glossary if one is given.
    """
    found = {note.simplified: note.gloss for block in blocks for note in block.notes}
    if glossary is None:
        return found
    texts = [block.text for block in blocks]
    for text, shadow in zip(texts, simplified(texts), strict=True):
        for match in glossary.find(text, shadow):
            found[match.entry.simplified] = match.entry.gloss
    return found
