"""What is refused, and how it is said: another text, another language, nothing, far too much."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reader.alignment.english import WORD, share_of_stop_words
from reader.alignment.units import Unit
from reader.errors import AlignmentError
from reader.model import DocumentWarning, Link

_SAMPLE = 20_000
_TOO_LONG = 6.0
"""A translation this many times longer than the text would lead one to expect is another text."""
_EXPECTED = 1.4
"""Letters of a translation for every three of a Han character's."""
_ALIGNED = 0.25
"""Of the blocks of the shorter side, at least so many find an answer in a true translation."""
_SOME, _UNTOLD = 5, 0.2
"""Blocks without an answer, and their share of the text, from which on it is said."""
_EXCERPT = 20
_WORDS, _ANSWERED = 12, 0.1
"""Of the words of the linked sentences, when there are enough to judge."""
_ENGLISH = 0.2
"""Share of function words below which longer prose is not English."""
_ENOUGH = 60
"""Words that a judgement on the language needs."""
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003fffd]")
_LETTER = re.compile(r"[^\W\d_]")
_HAN_LANGUAGES = frozenset({"zh", "ja", "ko", "yue", "lzh", "wuu", "nan", "hak", "vi", "za"})


def check_before(sources: Sequence[Unit], targets: Sequence[Unit], language: str) -> None:
    """Raises `AlignmentError` for what can be told without aligning."""
    if not sources:
        raise AlignmentError("the text is empty: there is nothing to align")
    if not targets:
        raise AlignmentError("the translation is empty")
    _check_text(_sample(sources), _sample(targets))
    _check_language(_sample(targets), language)
    times = sum(unit.length for unit in targets) / sum(unit.length for unit in sources) / _EXPECTED
    if times > _TOO_LONG and len(targets) > 3 * len(sources):
        raise AlignmentError(
            f"the translation is {times:.0f} times as long as the text would make it: "
            "is it the translation of another text, or of a larger one?"
        )


def _sample(units: Iterable[Unit]) -> str:
    return " ".join(unit.text for unit in units)[:_SAMPLE]


def _check_text(text: str, translation: str) -> None:
    if _han_share(text) < 0.05 and _han_share(translation) > 0.5:
        raise AlignmentError("the text is not Chinese and its translation is: are they swapped?")


def _check_language(sample: str, language: str) -> None:
    primary = language.split("-")[0].lower()
    han = _han_share(sample)
    if han > 0.5 and primary not in _HAN_LANGUAGES:
        raise AlignmentError(f"the translation should be in {_named(primary)} but is in Chinese")
    if (
        primary == "en"
        and len(WORD.findall(sample)) > 60
        and share_of_stop_words(sample) < _ENGLISH
    ):
        raise AlignmentError(
            "the translation does not look like English: say its language if it is another"
        )


def _named(primary: str) -> str:
    return "English" if primary in ("en", "") else f"the language {primary!r}"


def _han_share(text: str) -> float:
    return len(_HAN.findall(text)) / max(1, len(_LETTER.findall(text)))


def check_after(sources: Sequence[Unit], targets: Sequence[Unit], links: Iterable[Link]) -> None:
    """Raises `AlignmentError` when too few blocks found an answer."""
    linked: tuple[set[int], set[int]] = (set(), set())
    for link in links:
        linked[0].update(segment.block for segment in link.sources if link.targets)
        linked[1].update(segment.block for segment in link.targets if link.sources)
    totals = [len({unit.segment.block for unit in units}) for units in (sources, targets)]
    share = max(len(found) / total for found, total in zip(linked, totals, strict=True))
    if share < _ALIGNED:
        raise AlignmentError(
            f"no more than {share:.0%} of blocks could be aligned: "
            "is this the translation of another text?"
        )


def untold(sources: Sequence[Unit], links: Iterable[Link]) -> tuple[DocumentWarning, ...]:
    """A warning where much of the text has no answer: a chapter that was left out, perhaps."""
    answered = {s.block for link in links if link.targets for s in link.sources}
    blocks = sorted({unit.segment.block for unit in sources})
    missing = [block for block in blocks if block not in answered]
    if len(missing) < max(_SOME, _UNTOLD * len(blocks)):
        return ()
    first = next(unit for unit in sources if unit.segment.block == missing[0])
    message = (
        f"{len(missing)} of {len(blocks)} blocks of the text have no counterpart in the "
        f"translation, the first of them “{first.text[:_EXCERPT]}”"
    )
    return (DocumentWarning(message, "untranslated", missing[0]),)


def check_words(share: float, words: int) -> None:
    """Raises `AlignmentError` when hardly a word of the text has an answer: a dictionary knows."""
    if words >= _WORDS and share < _ANSWERED:
        raise AlignmentError(
            f"no more than {share:.0%} of the text's words are answered by its translation: "
            "is this the translation of another text?"
        )


def language_of(language: str, units: Sequence[Unit]) -> str:
    """The translation's language: as told, but `zh`, the default, only of what is Chinese."""
    chinese = _han_share(_sample(units)) > 0.5
    if language.split("-")[0].lower() == "zh" and not chinese:
        return "en"
    return language or ("zh" if chinese else "en")
