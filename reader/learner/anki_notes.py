"""Words to learn as notes of Anki: their fields, tags and deck, the same in text and in decks."""

from __future__ import annotations

import html

from reader.learner.word_lists import LICENCE, ListedWord, WordList

__all__ = ["ANKI_FIELDS", "NOTE_TYPE", "anki_fields", "deck_name", "tags_of"]

ANKI_FIELDS = (
    "Word",
    "Simplified",
    "Traditional",
    "Reading",
    "Meaning",
    "Senses",
    "Level",
    "Sentence",
    "Translation",
    "Source",
)
"""Of a note. Anki knows them by their order: new ones come behind, none goes."""
NOTE_TYPE = "Chinese word (reader)"


def anki_fields(word: ListedWord, listed: WordList) -> list[str]:
    """The fields of a note, as HTML."""
    start, end = word.at
    before, own, after = word.sentence[:start], word.sentence[start:end], word.sentence[end:]
    sentence = f"{_html(before)}<b>{_html(own)}</b>{_html(after)}"
    reading = f"{word.reading} (?)" if word.doubtful else word.reading
    gloss = word.gloss or next(iter(word.senses), "")
    senses = "<br>".join(map(_html, word.senses))
    level = f"{listed.scheme}: {word.level}" if word.level else ""
    source = f"{listed.title}. {LICENCE}" if listed.title else LICENCE
    plain = (word.word, word.simplified, word.traditional, reading, gloss)
    return [
        *map(_html, plain),
        senses,
        _html(level),
        sentence,
        _html(word.translation),
        _html(source),
    ]


def _html(text: str) -> str:
    return html.escape(text, quote=False)


def deck_name(listed: WordList) -> str:
    """Of the text; `::` would make decks within decks."""
    return " ".join(listed.title.replace("::", ": ").split()) or "Chinese words"


def tags_of(word: ListedWord) -> str:
    """The tags of a note, which have no spaces in them."""
    level = "".join(c if c.isalnum() or c in "-." else "_" for c in word.level)
    return f"reader level::{level}" if level else "reader"
