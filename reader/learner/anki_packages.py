"""Lists of words as Anki decks (`.apkg`), by genanki, which the extra `anki` installs."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256
from typing import BinaryIO

from reader.epub.archive import Archive
from reader.errors import OptionError
from reader.learner.anki_notes import ANKI_FIELDS, NOTE_TYPE, anki_fields, deck_name, tags_of
from reader.learner.word_lists import WordList

__all__ = ["write_deck"]

MODEL = 1_764_500_631
"""The number of the kind of note, which never changes: Anki knows it by that."""

_FRONT = """<div class="word" lang="zh">{{Word}}</div>"""
_BACK = """{{FrontSide}}
<hr id="answer">
<div class="reading">{{Reading}}</div>
<div class="meaning">{{Meaning}}</div>
<div class="senses">{{Senses}}</div>
<div class="sentence" lang="zh">{{Sentence}}</div>
<div class="translation">{{Translation}}</div>
<div class="forms" lang="zh">{{Simplified}} {{Traditional}}</div>
<div class="source">{{Level}}<br>{{Source}}</div>"""
_STYLE = """.card { font-family: serif; font-size: 20px; text-align: center; }
.word { font-size: 48px; }
.reading { font-size: 26px; }
.meaning { font-weight: bold; margin: .5em 0; }
.senses, .translation { opacity: .8; }
.sentence { font-size: 26px; margin-top: 1em; }
.forms { margin-top: 1em; }
.source { font-size: 12px; opacity: .6; margin-top: 2em; }"""


def write_deck(listed: WordList, file: BinaryIO, made: float) -> None:
    """A deck of notes with one card each, in the order of the list.

    Raises `OptionError` where genanki is not installed.
    """
    try:
        import genanki
    except ImportError as error:
        message = "an .apkg deck needs genanki: pip install 'annotated-reader[anki]'"
        raise OptionError(message) from error
    model = genanki.Model(
        MODEL,
        NOTE_TYPE,
        fields=[{"name": name} for name in ANKI_FIELDS],
        templates=[{"name": "Read", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
    )
    name = deck_name(listed)
    deck = genanki.Deck(_number_of(name), name, "Words of a text, by annotated-reader.")
    for place, word in enumerate(listed.words):
        deck.add_note(
            genanki.Note(
                model,
                anki_fields(word, listed),
                guid=word.guid,
                tags=tags_of(word).split(),
                due=place,
            )
        )
    package = io.BytesIO()
    genanki.Package(deck).write_to_file(package, timestamp=made)
    _pack_again(package, file)


def _number_of(name: str) -> int:
    """The number of a deck, which is the same whenever its text is."""
    return int.from_bytes(sha256(name.encode("utf-8", "replace")).digest()[:4]) >> 2 | 1 << 30


def _pack_again(package: io.BytesIO, file: BinaryIO) -> None:
    """The same members compressed, and without the hour of the day."""
    with zipfile.ZipFile(package) as old, Archive(file) as new:
        for name in old.namelist():
            new.add(name, old.read(name))
