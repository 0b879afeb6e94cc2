from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reader.annotation.word_candidates import Word
from reader.glossary.entry import Entry, Match
from reader.lexicon.records import LexEntry
from reader.model import Levels, Reading, ReadingSource, Span, Token, TokenKind
from reader.writers.word_markup import UsualRuby

CHECKED: int

class Entries:
    def __new__(cls, table: memoryview, entry: type[LexEntry], first: bool) -> Entries: ...
    def entries(self, word: str, shadow: str) -> tuple[LexEntry, ...]: ...

class WordSegmenter:
    def __new__(
        cls,
        table: memoryview,
        flags_of: Callable[[str], int],
        erhua: str,
        costs: tuple[int, int, int, int],
    ) -> WordSegmenter: ...
    def segment(self, text: str, shadow: str, fixed: Sequence[Word]) -> Sequence[Word]: ...

class MarkupCache:
    def __new__(
        cls,
        make: Callable[[Token], str],
        opening: str,
        closing: str,
        gap: str,
        ruby: UsualRuby | None,
    ) -> MarkupCache: ...
    def each(self, tokens: Sequence[Token]) -> list[str]: ...
    def join(self, tokens: Sequence[Token], spans: Sequence[tuple[int, int, str, str]]) -> str: ...

class Matcher:
    def __new__(
        cls, written: Mapping[str, Entry], simplified: Mapping[str, Entry], match: type[Match]
    ) -> Matcher: ...
    def find(self, text: str, shadow: str) -> list[Match]: ...

class ReadingResolver:
    def __new__(
        cls,
        table: memoryview,
        classifier: object,
        nearby: int,
        offered: float,
        candidates: type,
        long_word: Callable[[str, int], tuple[str, tuple[str, ...]] | None],
        learn: Callable[[str, str], object],
        person: Callable[[str, str, bool], object],
        number: Callable[[Sequence[Word], int, str, str], Reading | None] | None,
        one: Callable[[Any, str, Sequence[str], float], Reading],
        several: Callable[[Any, str, list[tuple[int, list[tuple[str, float]]]]], Reading],
        plain: tuple[type[Reading], ReadingSource, float, float, int] | None,
    ) -> ReadingResolver: ...
    def read(self, words: Sequence[Word], text: str, shadow: str) -> list[Reading | None]: ...

class TokenFactory:
    def __new__(
        cls,
        table: memoryview,
        token: type[Token],
        reading: type[Reading],
        kinds: tuple[TokenKind, ...],
        levels: Callable[[str], Levels] | None,
        senses: bool,
        finish: Callable[[Token], Token] | None,
    ) -> TokenFactory: ...
    @property
    def unread(self) -> bool: ...
    def make(
        self,
        words: Sequence[Word],
        readings: list[Reading | None],
        text: str,
        simplified: str,
        traditional: str,
    ) -> tuple[Token, ...]: ...

def ends(tokens: Sequence[Token]) -> list[int]: ...
def sentences(text: str, span: type[Span]) -> tuple[Span, ...] | None: ...
def tiles(tokens: tuple[Token, ...], text: str) -> bool: ...
