"""Readings that a text gives itself: 还（huán）书, 的（ㄉㄧˊ）確, 長 zhǎng, or ruby in its source.

What stands in brackets behind a word is mostly something else: a foreign name, an abbreviation, a
translation. It is a reading if it has a syllable for each of the characters before it and every
character may be read so. It is taken at that place alone: elsewhere the word may be another.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from reader.annotation.word_candidates import NUMBER, Word
from reader.caching import BoundedCache
from reader.glossary.rows import takes_syllable
from reader.lexicon import Lexicon
from reader.model import Mark, MarkKind, Reading, ReadingSource
from reader.pinyin import ERHUA, parse, parse_zhuyin

_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_ZHUYIN = "ㄅ-ㄯㆠ-ㆿ"
# It begins with one class of characters, which is looked for fast: most blocks have none of them.
_SPOKEN = re.compile(
    rf"[˙{_LATIN}{_ZHUYIN}]"
    rf"(?:[{_LATIN}\u0300-\u030c0-9:'’ʼ‘·\- \u3000{_ZHUYIN}ˊˇˋˉ˙]|(?<=[ㄅ-ㄙ])一){{0,79}}"
)
"""What may be a reading: a run of Latin letters or zhuyin."""
_LEAD = re.compile(
    r"([(（\[［〔]\s?(?:(?:汉语|漢語)?拼音|注音|读音|讀音|[读讀念唸]作?|音)?[:：]?\s?|[ \u3000]?)\Z"
)
_LONGEST_LEAD = 10
_OPENING = frozenset("(（[［〔")
_AFTER = re.compile(rf"[)）\]］〕。]|[,，;；](?!\s?[˙{_LATIN}{_ZHUYIN}])")
"""What may follow a reading in brackets, which is not another one: there is no saying which."""
_QUOTED = '”’」』》〉"'
_TONED = re.compile(
    f"[1-5\u0300\u0301\u0304\u030cāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜḿńňǹế{_ZHUYIN}]", re.IGNORECASE
)
"""A tone, or zhuyin, in which the first tone is written with none."""
_MOST_WORDS = 8
"""Words of pinyin behind a word without brackets that are looked at."""
_REMEMBERED = 4_000


class Given(NamedTuple):
    """A reading that the text gives the characters from `start` on, a syllable each."""

    start: int
    syllables: tuple[str, ...]
    toned: bool
    """Whether it says their tones too."""


class GivenReadings:
    """Finds the readings that texts give, and puts them in the place of others."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._readings = BoundedCache[Reading, Reading](_REMEMBERED)

    def find(self, text: str, shadow: str, marks: Iterable[Mark] = ()) -> Iterator[Given]:
        """The readings given in a block, in no order; `shadow` is its text in Simplified."""
        for mark in marks:
            if mark.kind is MarkKind.READING and mark.start < mark.end:
                yield from self._of_ruby(text, shadow, mark)
        for match in _SPOKEN.finditer(text):
            lead = _LEAD.search(text, max(0, match.start() - _LONGEST_LEAD), match.start())
            assert lead is not None  # it may be empty
            end = lead.start()
            if lead[0][:1] not in _OPENING:
                yield from self._without_brackets(text, shadow, end, match)
            elif _AFTER.match(text, match.end()):
                # The word may be a quoted one: “行”（háng）.
                end -= end > 0 and text[end - 1] in _QUOTED
                yield from self._given(text, shadow, end, match[0])

    def put(
        self, given: Iterable[Given], words: Sequence[Word], readings: list[Reading | None]
    ) -> None:
        """Put what is given in the place of the readings of `words`, in `readings`."""
        for start, syllables, toned in given:
            end = start + len(syllables)
            first = bisect_right(words, (start, 1 << 60, 0)) - 1
            last = first
            while last + 1 < len(words) and words[last + 1][0] < end:
                last += 1
            touched = range(first, last + 1)
            if any(words[at][2] >= NUMBER for at in touched):
                continue
            changed = [_with(words[at], readings[at], start, syllables) for at in touched]
            pairs = list(zip(touched, changed, strict=True))
            if not toned and all(_is_said(readings[at], reading) for at, reading in pairs):
                continue
            for at, reading in pairs:
                readings[at] = self._readings.get(reading) or self._readings.remember(
                    reading, reading
                )

    def _of_ruby(self, text: str, shadow: str, mark: Mark) -> Iterator[Given]:
        base = text[mark.start : mark.end]
        end = mark.start + len(base.rstrip())
        for given in self._given(text, shadow, end, mark.get("text")):
            if given.start == mark.end - len(base.lstrip()):
                yield given

    def _without_brackets(
        self, text: str, shadow: str, end: int, match: re.Match[str]
    ) -> Iterator[Given]:
        """A reading behind its word: as many words as are one; its first and last have tones."""
        if end < 1 or not takes_syllable(text[end - 1]) or not _TONED.search(match[0]):
            return
        words = match[0].split(" ")
        if match.end() < len(text) and text[match.end()].isalnum():
            words = words if takes_syllable(text[match.end()]) else words[:-1]
        if not words or not _TONED.search(words[0]):
            return
        for count in range(min(len(words), _MOST_WORDS), 0, -1):
            if not _TONED.search(words[count - 1]):
                continue
            spoken = " ".join(words[:count]).rstrip(":'’ʼ‘·-")
            found = list(self._given(text, shadow, end, spoken))
            if found:
                yield from found
                return

    def _given(self, text: str, shadow: str, end: int, spoken: str) -> Iterator[Given]:
        """What is given to the characters before `end`, if it is a reading of them."""
        if end < 1 or not takes_syllable(text[end - 1]):
            return
        syllables = _syllables(spoken)
        start = end - len(syllables)
        if not syllables or start < 0 or not all(map(takes_syllable, text[start:end])):
            return
        toned = _TONED.search(spoken) is not None
        word, simplified = text[start:end], shadow[start:end]
        read = (self._toned if toned else self._toneless)(word, simplified, syllables)
        if read:
            # One syllable without a tone is taken as a neutral one, which says all there is.
            yield Given(start, read, toned or len(word) == 1)

    def _toned(self, word: str, simplified: str, spoken: Sequence[str]) -> tuple[str, ...]:
        """The syllables, with citation tones, if the word may be read so; else `()`."""
        spoken = tuple(map(_citation, word, spoken))
        if any(
            spoken in (entry.syllables, entry.taiwan_syllables)
            for entry in self._lexicon.brief_entries(word, simplified)
        ):
            return spoken
        known = [self._known(*pair) for pair in zip(word, simplified, strict=True)]
        # In a word any syllable may have lost its tone; then another has kept one.
        weak = any(syllable[-1] != "5" for syllable in spoken)
        fitting = all(
            not options or syllable in options or (weak and _is_weak(syllable, options))
            for syllable, options in zip(spoken, known, strict=True)
        )
        return spoken if fitting else ()

    def _toneless(self, word: str, simplified: str, spoken: Sequence[str]) -> tuple[str, ...]:
        """The same of syllables without any tones, where the dictionary knows one tone for each.

        One syllable by itself is taken only as a neutral one: 得（de）, not 他（he）.
        """
        if len(word) == 1:
            return tuple(spoken) if spoken[0] in self._known(word, simplified) else ()
        entries = self._lexicon.brief_entries(word, simplified)
        known = {entry.syllables for entry in entries}
        known = {syllables for syllables in known if _letters(syllables) == _letters(spoken)}
        if len(known) == 1:
            return known.pop()
        read = []
        for character, simple, syllable in zip(word, simplified, spoken, strict=True):
            entries = self._lexicon.brief_entries(character, simple)
            tones = {e.syllables[0] for e in entries if e.syllables[0][:-1] == syllable[:-1]}
            if len(tones) != 1:
                return ()
            read.append(tones.pop())
        return tuple(read)

    def _known(self, character: str, simplified: str) -> frozenset[str]:
        """Every reading that any dictionary has for the character."""
        lexicon = self._lexicon
        known = {*(lexicon.readings(character) or lexicon.readings(simplified))}
        for entry in lexicon.brief_entries(character, simplified):
            known.update(entry.syllables, entry.taiwan_syllables)
        return frozenset(known)


def _syllables(spoken: str) -> tuple[str, ...]:
    """Pinyin or zhuyin as syllables; `()` for what is neither."""
    try:
        return parse_zhuyin(spoken) if "ㄅ" <= spoken.lstrip("˙")[:1] <= "ㆿ" else parse(spoken)
    except ValueError:
        return ()


def _citation(character: str, syllable: str) -> str:
    """Without the tone sandhi of 一 and 不, which readings beside a text often show."""
    if character in "一不" and syllable[:-1] in ("yi", "bu"):
        return "yi1" if character == "一" else "bu4"
    return syllable


def _is_weak(syllable: str, options: Iterable[str]) -> bool:
    """Whether a syllable is one of the options without its tone; 儿 after another is r."""
    if syllable == ERHUA:
        return "er2" in options
    return syllable[-1] == "5" and any(syllable[:-1] == option[:-1] for option in options)


def _letters(syllables: Iterable[str]) -> list[str]:
    return [syllable[:-1] for syllable in syllables]


def _with(word: Word, reading: Reading | None, start: int, given: Sequence[str]) -> Reading:
    """A word's reading with what is given, from `start` of the text on, in its place."""
    first, end, _ = word
    before = reading.syllables if reading else ("",) * (end - first)
    places = range(max(first, start) - first, min(end, start + len(given)) - first)
    inside = given[max(0, first - start) :][: len(places)]
    syllables = (*before[: places.start], *inside, *before[places.stop :])
    # Of what is on offer for the word only what agrees with it is left.
    others = [
        other
        for other in (reading.alternatives if reading else ())
        if other[places.start : places.stop] == tuple(inside) and other != syllables
    ]
    sure = reading.probability if reading and others else 1.0
    breaks = reading.breaks if reading else ()
    return Reading(syllables, ReadingSource.TEXT, sure, tuple(others), breaks)


def _is_said(reading: Reading | None, given: Reading) -> bool:
    """Whether a reading says already what is given without tones."""
    return reading is not None and _letters(reading.syllables) == _letters(given.syllables)
