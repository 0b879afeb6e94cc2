"""The prompt of a chat model, and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from reader.translation.translator import AnswerError, Request

VERSION = "1"
"""Changes whenever the wording does: answers to another prompt are not reused."""

LANGUAGES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "ru": "Russian", "ja": "Japanese", "ko": "Korean", "vi": "Vietnamese",
    "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
}  # fmt: skip

_SYSTEM = (
    "You translate Chinese texts into {language} for readers who learn Chinese: faithfully, "
    "completely, sentence by sentence where {language} allows it, in plain good prose. "
    "You are given a JSON object. Translate every string of `segments`, and nothing else: `before` "
    "and `after` are the text around them, for understanding only. Render the terms of `glossary` "
    "as given there. Keep the line breaks and any markup of a segment. Answer with one JSON object "
    '{{"translations": [...]}} that holds exactly one string for each segment, in order, and '
    "nothing around it."
)


def messages(batch: Sequence[Request], language: str) -> list[dict[str, str]]:
    """The messages that ask for the translation of a batch."""
    name = LANGUAGES.get(language.split("-")[0], language)
    payload = {
        "before": batch[0].before,
        "segments": [request.text for request in batch],
        "after": batch[-1].after,
        "glossary": dict(term for request in batch for term in request.terms),
    }
    return [
        {"role": "system", "content": _SYSTEM.format(language=name)},
        {"role": "user", "content": json.dumps(payload, ensure_ascii=False)},
    ]


def parse_answer(content: str, count: int) -> list[str]:
    """The translations in a model's answer; fences and words around the JSON are passed over.

    Raises `AnswerError` when there are not `count` of them.

    >>> parse_answer('```json\\n{"translations": ["One.", "Two."]}\\n```', 2)
    ['One.', 'Two.']
    """
    # From the first bracket to the last. Not by a pattern: 400,000 opening brackets and no closing
    # one would be looked through from each of them.
    start, end = content.find("["), content.rfind("]") + 1
    try:
        values: Any = json.loads(content[start:end]) if 0 <= start < end else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise AnswerError("the answer is not the JSON asked for", excerpt=content[:200])
    if len(values) != count:
        raise AnswerError(f"{len(values)} translations came back for {count} segments")
    return [str(value).strip() for value in values]
