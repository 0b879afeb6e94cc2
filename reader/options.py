"""Every choice a person can make, as frozen values; the CLI's options are these, by name."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from reader.errors import OptionError
from reader.model import is_language


def check_choices(options: Any) -> None:
    """Make members of enumerations of what was given as plain strings, in a frozen dataclass.

    Raises `OptionError` for a value that a field does not take: one that is no member of the
    enumeration its default is of, or that should be true or false and is neither.
    """
    for field in fields(options):
        value = getattr(options, field.name)
        if isinstance(field.default, StrEnum):
            kind = type(field.default)
            if value not in list(kind):
                allowed = ", ".join(kind)
                raise OptionError(f"{field.name} is {value!r}, which is not one of {allowed}")
            object.__setattr__(options, field.name, kind(value))
        elif isinstance(field.default, bool) and not isinstance(value, bool):
            raise OptionError(f"{field.name} is {value!r}, and not True or False")


class Script(StrEnum):
    """Which script is shown."""

    AS_IS = "as-is"
    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"
    BOTH = "both"
    """The text as it is, and below each block the other script."""


class Pinyin(StrEnum):
    """Which words carry their reading as ruby."""

    ALL = "all"
    NOTES = "notes"
    """Only glossary terms, and readings in the notes."""
    NONE = "none"


class Notation(StrEnum):
    PINYIN = "pinyin"
    NUMBERS = "numbers"
    ZHUYIN = "zhuyin"
    WADE_GILES = "wade-giles"


class Ruby(StrEnum):
    WORD = "word"
    CHARACTER = "character"


class Notes(StrEnum):
    POPUP = "popup"
    END = "end"
    NONE = "none"


class Layout(StrEnum):
    """How a translation stands beside the text."""

    INTERLEAVED = "interleaved"
    SENTENCES = "sentences"
    COLUMNS = "columns"
    HIDDEN = "hidden"
    NOTES = "notes"
    AFTER = "after"


class Standard(StrEnum):
    """Whose standard readings: the mainland's, or those CC-CEDICT marks "Taiwan pr."."""

    PRC = "prc"
    TAIWAN = "taiwan"


@dataclass(frozen=True, slots=True)
class AnnotateOptions:
    """What annotation can be asked."""

    language: str = ""
    """BCP 47 of the text (zh-Hans, zh-Hant, zh-Hant-TW, zh-Hant-HK); empty: detected."""
    standard: Standard = Standard.PRC
    senses: bool = True
    """Look up each word's dictionary glosses."""
    levels: bool = True
    """Look up each word's levels: HSK 2025."""
    traditional: bool = True
    """Give the words of a Simplified text their Traditional form; else they keep their own."""
    read_numbers: bool = False
    """Read digits aloud (2025年 as èr líng èr wǔ nián)."""
    corrections: bool = True
    """Look for slips of the source and read them as what was meant."""

    def __post_init__(self) -> None:
        check_choices(self)
        if self.language and not is_language(self.language):
            raise OptionError(f"the language {self.language!r} is not a BCP 47 tag")


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What every writer that shows readings has in common.

    >>> RenderOptions(notation="zhuyin").notation
    <Notation.ZHUYIN: 'zhuyin'>
    >>> RenderOptions(ruby="char")
    Traceback (most recent call last):
    reader.errors.OptionError: ruby is 'char', which is not one of word, character
    """

    script: Script = Script.AS_IS
    pinyin: Pinyin = Pinyin.ALL
    notation: Notation = Notation.PINYIN
    ruby: Ruby = Ruby.WORD
    notes: Notes = Notes.POPUP
    every: bool = False
    """Show a term's note at every occurrence, not only at its first in a chapter."""
    layout: Layout = Layout.INTERLEAVED
    sandhi: bool = False
    """Show tones as spoken (一, 不, third tone) instead of citation tones."""
    spacing: bool = False
    """Capitals at sentence starts by GB/T 16159; names have theirs always."""

    def __post_init__(self) -> None:
        check_choices(self)
