"""What is refused, and how it is said: another text, another language, nothing, far too much."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from reader.alignment.evidence import Weights
from reader.alignment.keys import WORD, share_of_stop_words
from reader.alignment.units import Bead, Unit
from reader.errors import AlignmentError
from reader.model import DocumentWarning, Link

_SAMPLE = 20_000
"""Characters of a text that a judgement on its language looks at."""
_TOO_LONG = 6.0
"""A translation this many times longer than the text would lead one to expect is another text."""
_EXPECTED = 1.4
"""Letters of a translation for every three of a Han character's."""
_ALIGNED = 0.25
"""Of the blocks of the shorter side, at least so many find a counterpart in a true translation."""
_SOME, _UNTRANSLATED = 5, 0.2
"""Blocks without a counterpart, and their share of the text, from which on there is a warning."""
_EXCERPT = 20
_WORDS, _TRANSLATED = 12, 0.1
"""Words of the linked sentences that a judgement needs, and how many of them must be translated."""
_BEADS = 400
"""Beads that this judgement looks at."""
_PUNCTUATION = frozenset('?!:;"“”')
_ENGLISH = 0.2
"""Share of function words below which longer prose is not English."""
_ENOUGH = 60
"""Words that a judgement on the language needs."""
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003fffd]")
_LETTER = re.compile(r"[^\W\d_]")
_HAN_LANGUAGES = frozenset({"zh", "ja", "ko", "yue", "lzh", "wuu", "nan", "hak", "vi", "za"})


def check_texts(sources: Sequence[Unit], targets: Sequence[Unit], language: str) -> None:
    """Raises `AlignmentError` for what can be told without aligning."""
    if not sources:
        raise AlignmentError("the text is empty: there is nothing to align")
    if not targets:
        raise AlignmentError("the translation is empty")
    _check_text(_sample(sources), _sample(targets))
    _check_language(_sample(targets), language)
    # Both measures: a faithful translation may be wordy, or cut its sentences short, but not both.
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
    enough = len(WORD.findall(sample)) > _ENOUGH
    if primary == "en" and enough and share_of_stop_words(sample) < _ENGLISH:
        raise AlignmentError(
            "the translation does not look like English: say its language if it is another"
        )


def _named(primary: str) -> str:
    return "English" if primary in ("en", "") else f"the language {primary!r}"


def _han_share(text: str) -> float:
    return len(_HAN.findall(text)) / max(1, len(_LETTER.findall(text)))


def check_links(sources: Sequence[Unit], targets: Sequence[Unit], links: Iterable[Link]) -> None:
    """Raises `AlignmentError` when too few blocks are linked."""
    paired = [link for link in links if link.sources and link.targets]
    linked_sources = {segment.block for link in paired for segment in link.sources}
    linked_targets = {segment.block for link in paired for segment in link.targets}
    # The better side: a translation may hold much that is not of this text, or only a part of it.
    share = max(
        len(linked_sources) / len({unit.segment.block for unit in sources}),
        len(linked_targets) / len({unit.segment.block for unit in targets}),
    )
    if share < _ALIGNED:
        raise AlignmentError(
            f"no more than {share:.0%} of blocks could be aligned: "
            "is this the translation of another text?"
        )


def untranslated(sources: Sequence[Unit], links: Iterable[Link]) -> tuple[DocumentWarning, ...]:
    """A warning where much of the text has no counterpart: a chapter that was left out, perhaps."""
    translated = {s.block for link in links if link.targets for s in link.sources}
    blocks = sorted({unit.segment.block for unit in sources})
    missing = [block for block in blocks if block not in translated]
    if len(missing) < max(_SOME, _UNTRANSLATED * len(blocks)):
        return ()
    first = next(unit for unit in sources if unit.segment.block == missing[0])
    message = (
        f"{len(missing)} of {len(blocks)} blocks of the text have no counterpart in the "
        f"translation, the first of them “{first.text[:_EXCERPT]}”"
    )
    return (DocumentWarning(message, "untranslated", missing[0]),)


def check_words(
    beads: Sequence[Bead],
    sources: Sequence[Unit],
    targets: Sequence[Unit],
    meanings: Callable[[str], Weights],
) -> None:
    """Raises `AlignmentError` when a dictionary finds hardly a word of the text translated.

    The share is about 0.4 in translations, below 0.1 between texts that have nothing to do with
    each other. Looks at a sample of the beads.
    """
    paired = [bead for bead in beads if bead.sources and bead.targets]
    translated = words = 0
    for bead in paired[:: len(paired) // _BEADS + 1]:
        keys = _keys_of(bead.sources, sources) - _PUNCTUATION
        target_keys = _keys_of(bead.targets, targets)
        words += len(keys)
        for key in keys:
            stems = (stem for stem, _ in meanings(key))
            translated += key in target_keys or not target_keys.isdisjoint(stems)
    share = translated / max(1, words)
    if words >= _WORDS and share < _TRANSLATED:
        raise AlignmentError(
            f"no more than {share:.0%} of the text's words are answered by its translation: "
            "is this the translation of another text?"
        )


def _keys_of(numbers: Iterable[int], units: Sequence[Unit]) -> set[str]:
    return {key for number in numbers for key in units[number].keys}


def detected_language(language: str, units: Sequence[Unit]) -> str:
    """The translation's language: as declared, but `zh`, the default, only of what is Chinese."""
    chinese = _han_share(_sample(units)) > 0.5
    if language.split("-")[0].lower() == "zh" and not chinese:
        return "en"
    return language or ("zh" if chinese else "en")
