"""The lexicon: words with their readings, senses, frequencies and levels."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from reader.core import choose
from reader.lexicon.cache import open_table
from reader.lexicon.entry import LexEntry
from reader.lexicon.levels import levels_of
from reader.lexicon.people import GROUPS, unpacked
from reader.lexicon.table import Table
from reader.model import Levels

LookUp: TypeAlias = Callable[[str, str], tuple[LexEntry, ...]]

RECENT = 1024
"""Words whose articles are held: the words of a block are looked up by one layer after another."""


class Lexicon:
    """What is known of words, over a memory-mapped table.

    Opening takes a few milliseconds; a look-up some microseconds and no memory that stays.
    Words are looked up in either script.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        articles: LookUp = choose(
            lambda core: core.Articles(table.buffer, LexEntry, False).entries,
            lambda: self._interpreted,
        )
        self._recent = lru_cache(maxsize=RECENT)(articles)
        headed: LookUp = choose(
            lambda core: core.Articles(table.buffer, LexEntry, True).entries,
            lambda: self._headed,
        )
        self._recent_heads = lru_cache(maxsize=RECENT)(headed)

    @classmethod
    def open(
        cls,
        cache_dir: str | PathLike[str] | None = None,
        *,
        cedict: str | PathLike[str] | None = None,
        compiling: Callable[[], None] | None = None,
    ) -> Lexicon:
        """The lexicon of the installed packages, compiled on first use into the user's cache.

        `cache_dir` is `$READER_CACHE` or the user's cache folder unless given. `cedict` is a
        CC-CEDICT file (plain or `.gz`) to use in place of the package's. `compiling` is called
        before a compilation, which takes some seconds. Raises `LexiconError`.
        """
        return cls(
            open_table(
                Path(cache_dir) if cache_dir is not None else None,
                Path(cedict) if cedict is not None else None,
                compiling,
            )
        )

    @property
    def table(self) -> memoryview:
        """The bytes of the table, for the compiled core."""
        return self._table.buffer

    def entries(self, word: str, shadow: str = "") -> tuple[LexEntry, ...]:
        """The dictionary's articles on `word`, ordinary ones first, then names, then variants.

        Those written exactly so in either script: 髮 gives fà alone, 发 both fā and fà. Where
        there is none and `shadow`, the word's Simplified form, is given, the articles on that:
        the text may use a regional variant (衞) that the dictionary does not list.
        """
        return self._recent(word, shadow)

    def heads(self, word: str, shadow: str = "") -> tuple[LexEntry, ...]:
        """As `entries`, in half the time: of its senses each article has the first at most."""
        return self._recent_heads(word, shadow)

    def _headed(self, word: str, shadow: str) -> tuple[LexEntry, ...]:
        entries = self._interpreted(word, shadow)
        return tuple(entry._replace(senses=entry.senses[:1]) for entry in entries)

    def _interpreted(self, word: str, shadow: str) -> tuple[LexEntry, ...]:
        found = self._simplified(word)
        written = self._table.get(b"t" + word.encode("utf-8", "replace"))
        if written is not None:
            for simplified in written.decode().split("\t"):
                found += tuple(e for e in self._simplified(simplified) if e.traditional == word)
        if not found and shadow and shadow != word:
            return self._simplified(shadow)
        return found

    def _simplified(self, word: str) -> tuple[LexEntry, ...]:
        record = self._table.get(b"w" + word.encode("utf-8", "replace"))
        if record is None:
            return ()
        return tuple(_parsed(line) for line in record.decode().split("\n")[1:])

    def spoken(self, pair: str) -> str:
        """How the words of two to four characters that begin with these two, in either script,
        are read: a record for `spoken.find`."""
        record = self._table.get(b"d" + pair.encode("utf-8", "replace"))
        return record.decode() if record else ""

    def spoken_after(self, character: str) -> str:
        """The characters that stand second in such words that begin with this one."""
        record = self._table.get(b"h" + character.encode("utf-8", "replace"))
        return record.decode() if record else ""

    def frequency(self, word: str) -> int:
        """How often a Simplified word occurs in some 60 million words; 0 for unknown ones."""
        return int(self._head(word)[0] or 0)

    def tag(self, word: str) -> str:
        """The usual part of speech of a Simplified word, as ICTCLAS writes it (`nr`, `v` …)."""
        return self._head(word)[1]

    def levels(self, word: str) -> Levels:
        """The levels of a Simplified word, as in `Token.levels`; () for a word of none."""
        return levels_of(self._head(word)[2])

    def _head(self, word: str) -> list[str]:
        record = self._table.get(b"w" + word.encode("utf-8", "replace"))
        if record is None:
            return ["", "", ""]
        return record.decode().split("\n", 1)[0].split("\t")

    def readings(self, character: str) -> tuple[str, ...]:
        """Every reading of a character in its own script, the default first; () if unknown."""
        record = self._table.get(b"c" + character.encode("utf-8", "replace"))
        return tuple(record.decode().split(",")) if record else ()

    def following(self, character: str) -> str:
        """The characters that stand second in words of the lattice that begin with this one."""
        record = self._table.get(b"f" + character.encode("utf-8", "replace"))
        return record.decode() if record else ""

    def starting(self, pair: str) -> list[tuple[str, int, str]]:
        """Words of the lattice that begin with these two Simplified characters.

        Each with its cost (-100 ln p) and whether it is a name: `"1p"` one that falls into two
        words after a surname of one character, `"2n"` one that does before the kind of place,
        `"0n"` a name of one word, `""` none.
        """
        record = self._table.get(b"b" + pair.encode("utf-8", "replace"))
        if record is None or len(pair) < 2:
            return []
        fields = record.decode().split("\t")
        return [(fields[i], int(fields[i + 1]), fields[i + 2]) for i in range(0, len(fields), 3)]

    def character_cost(self, character: str) -> int | None:
        """The cost of a Simplified character as a word by itself; None for unknown ones."""
        record = self._table.get(b"b" + character.encode("utf-8", "replace"))
        return int(record) if record else None

    def names(self) -> dict[str, dict[str, int]]:
        """What people's names are made of: characters and their costs by `people.GROUPS`."""
        record = self._table.get(b"n")
        return unpacked(record) if record else {group: {} for group in GROUPS}

    def siblings(self) -> dict[str, str]:
        """Traditional characters that a machine may have written for others, and which others:
        制 for 製, because Simplified writes both 制."""
        record = self._table.get(b"s")
        return dict(line.split("\t") for line in record.decode().split("\n")) if record else {}

    def mixed(self) -> list[tuple[str, str, str]]:
        """The Simplified words that hold a Latin run or digits: what is before, it, and after."""
        record = self._table.get(b"m")
        rows = [line.split("\t") for line in record.decode().split("\n")] if record else []
        return [(before, core, after) for before, core, after in rows]


def _parsed(line: str) -> LexEntry:
    traditional, simplified, syllables, taiwan, flags, breaks, senses = line.split("\t")
    return LexEntry(
        traditional,
        simplified,
        tuple(syllables.split(",")),
        tuple(senses.split("/")) if senses else (),
        tuple(taiwan.split(",")) if taiwan else (),
        "p" in flags,
        tuple(map(int, breaks.split(","))) if breaks else (),
        "r" in flags,
    )
