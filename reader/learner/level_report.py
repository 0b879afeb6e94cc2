"""How hard a text is, and for whom: what `reader level` prints, and gives as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from reader.learner.counts import Coverage, Share, Uses, VocabularyWord, coverage, vocabulary
from reader.learner.decisions import Knowledge, Learner
from reader.learner.word_lists import words_to_learn
from reader.model import Flow, Metadata

__all__ = ["ALONE", "WITH_HELP", "LevelReport", "Raise", "in_order", "report", "reports_json"]

LEVEL_LAYERS = ("words", "readings", "senses", "corrections")
"""The layers that a document needs for a report, and for meanings of its words."""
ALONE = 0.98
"""Who knows this share of the running words reads alone."""
WITH_HELP = 0.95
"""And with help from this share on."""
MOST = 10
"""Words that would raise the coverage most, of how many it is said."""
TAIWAN_NOTE = (
    "HSK is a mainland list: words of Taiwan count as off the list, which makes this text look "
    "harder than it is"
)


class Raise(NamedTuple):
    """A word to learn, and the share of running words that is known with it and those before."""

    word: VocabularyWord
    known: float


@dataclass(frozen=True, slots=True)
class LevelReport:
    """How hard one text is."""

    name: str
    """Of its file."""
    metadata: Metadata
    learner: Learner
    """For whom: the one asked about, or else one of the easiest level that reads the text with
    help, or of the highest."""
    coverage: Coverage
    words: tuple[VocabularyWord, ...]

    @property
    def note(self) -> str:
        """What must be said of the list and this text, or `""`."""
        is_taiwan = self.metadata.language.startswith("zh-Hant-TW")
        return TAIWAN_NOTE if is_taiwan and self.learner.levels.built_in else ""

    def raising(self, most: int = MOST) -> list[Raise]:
        """The words that would raise the coverage most, and how far all of them together would."""
        found = []
        known = self.coverage.strict
        for word in words_to_learn(self.words)[:most]:
            known += word.count / self.coverage.words
            found.append(Raise(word, known))
        return found


def report(document: Flow, learner: Learner, name: str = "") -> LevelReport:
    """How hard a document is for a learner; a stream is read to its end.

    Needs the layers words and readings, and senses where those are wanted.
    """
    uses = Uses.of(document)
    found = coverage(uses, learner)
    if not (learner.level or learner.known):
        at = found.first_level(WITH_HELP)[1] or learner.levels.labels[-1]
        learner = replace(learner, level=at)
        found = coverage(uses, learner)
    return LevelReport(name, document.metadata, learner, found, vocabulary(uses, learner))


def in_order(reports: Iterable[LevelReport]) -> list[LevelReport]:
    """Easiest first: by the level from which one reads with help, then by what is known there."""

    def hardness(one: LevelReport) -> tuple[float, ...]:
        labels = one.learner.levels.labels
        levels = (
            *one.coverage.first_level(WITH_HELP)[::-1],
            *one.coverage.first_level(ALONE)[::-1],
        )
        ranks = [labels.index(label) if label else len(labels) for label in levels]
        mean = sum(row.known.strict for row in one.coverage.levels)
        return (*ranks, -mean)

    return sorted(reports, key=hardness)


# ---- as JSON ----


def reports_json(reports: Sequence[LevelReport], learner: Learner) -> str:
    """The reports as JSON, for other programs; `null` stands for no level."""
    scheme = learner.levels
    value = {
        "scheme": {"name": scheme.name, "title": scheme.title, "levels": scheme.labels},
        "learner": {"level": learner.level or None, "known": len(learner.known)},
        "alone": ALONE,
        "with_help": WITH_HELP,
        "texts": [_text(one) for one in reports],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _text(one: LevelReport) -> dict[str, Any]:
    found = one.coverage
    return {
        "source": one.name,
        "title": one.metadata.title,
        "language": one.metadata.language,
        "note": one.note or None,
        "tokens": found.words,
        "types": found.different,
        "characters": found.characters,
        "apart": {
            "names": _apart(found, Knowledge.NAME),
            "numbers": _apart(found, Knowledge.NUMBER),
        },
        "levels": [
            {
                "level": row.label or None,
                "tokens": row.tokens,
                "types": row.types,
                "characters": row.characters,
                "tokens_with_parts": row.tokens_with_parts,
                "types_with_parts": row.types_with_parts,
                "known": _share(row.known),
            }
            for row in found.levels
        ],
        "alone_from": _levels(found.first_level(ALONE)),
        "with_help_from": _levels(found.first_level(WITH_HELP)),
        "for": {"level": one.learner.level or None, "known": len(one.learner.known)},
        "known": _share(found.share),
        "raising": [
            {**_word(at.word, at.word.count), "known": round(at.known, 4)} for at in one.raising()
        ],
        **_sets(one.words),
    }


def _apart(found: Coverage, kind: Knowledge) -> dict[str, int]:
    return {"tokens": found.tokens[kind], "types": found.types[kind]}


def _share(share: Share) -> dict[str, float]:
    return {name: round(value, 4) for name, value in share._asdict().items()}


def _levels(found: tuple[str | None, str | None]) -> dict[str, str | None]:
    return dict(zip(("strict", "with_parts"), found, strict=True))


def _sets(words: Sequence[VocabularyWord]) -> dict[str, list[dict[str, Any]]]:
    """What a learner does not know, with how often the text has it. A word may be in two sets: it
    is doubtful where its reading is."""
    help_due = (Knowledge.UNKNOWN, Knowledge.LEARNING)
    return {
        "unknown": [
            {**_word(word, word.count), "state": word.knowledge.value, "by_parts": word.by_parts}
            for word in words
            if word.knowledge in help_due
        ],
        "doubtful": [_word(word, word.doubtful) for word in words if word.doubtful],
        "names": [_word(word, word.count) for word in words if word.knowledge is Knowledge.NAME],
    }


def _word(word: VocabularyWord, count: int) -> dict[str, Any]:
    return {
        "word": word.token.text,
        "simplified": word.simplified,
        "pinyin": word.token.pinyin,
        "level": word.level.label if word.level else None,
        "count": count,
    }
