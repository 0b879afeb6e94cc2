from collections.abc import Callable, Sequence

from reader.annotation.word_candidates import Word
from reader.model import Levels, Reading, ReadingSource, Token, TokenKind
from reader.writers.word_markup import Asked, AtFirst, Take, UsualRuby

CHECKED: int

class WordSegmenter:
    def __new__(
        cls,
        table: memoryview,
        flags_of: Callable[[str], int],
        latin: Callable[[str, int, int], tuple[int, int]],
        erhua: str,
        costs: tuple[int, int, int, int],
    ) -> WordSegmenter: ...
    def segment(self, text: str, shadow: str, fixed: Sequence[Word]) -> Sequence[Word] | None: ...

class MarkupCache:
    def __new__(
        cls, opening: str, closing: str, gap: str, usual: UsualRuby | None
    ) -> MarkupCache: ...
    def each(self, tokens: Sequence[Token], make: Callable[[Token], str]) -> list[str]: ...
    def join(
        self,
        tokens: Sequence[Token],
        make: Callable[[Token], str],
        asking: tuple[Callable[[Token], Asked], Callable[[object], AtFirst], Take, int] = ...,
    ) -> str: ...

class ReadingResolver:
    def __new__(
        cls,
        table: memoryview,
        classifier: object,
        nearby: int,
        offered: float,
        most: int,
        numbers: bool,
        candidates: type,
        reading: type[Reading],
        sources: tuple[ReadingSource, ReadingSource, ReadingSource],
        surely: tuple[float, float],
        /,
    ) -> ReadingResolver: ...
    def read(
        self, words: Sequence[Word], text: str, shadow: str, twin: object
    ) -> list[Reading | None]: ...

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
        twin: object,
    ) -> tuple[Token, ...]: ...
