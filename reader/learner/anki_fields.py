"""Which field of an Anki note holds its word, and which its reading."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from reader.pinyin import parse
from reader.scripts import has_han, is_han

__all__ = ["is_reading", "plain", "reading_among", "word_among"]

LONGEST = 8
"""Characters of a word, at most; what is longer is a sentence."""
WORD_FIELDS = re.compile(
    "simpl|hanzi|word|expression|vocab|chinese|trad|front|简|汉字|漢字|词|詞", re.I
)
READING_FIELDS = re.compile("pinyin|reading|pronunc|拼音", re.I)
_MARKUP = re.compile(r"<[^<>]*+>|\[[^\[\]]*+\]|\{\{c\d+::|::[^}]{0,200}+\}\}|\}\}")
_LINES = re.compile(r"</?(?:br|div|p|li|tr|td)\b[^<>]*+>", re.I)
_AROUND = "\n \u3000\xa0\u200b\u200e\ufeff，、；：（）()“”\"'…·-–—.,"
"""What may stand around a word; 。 ends a sentence."""


def word_among(fields: Sequence[str], names: Sequence[str] = ()) -> str:
    """The word of a note: of a field that is named so, else the first that is one.

    >>> word_among(["to go", "<b>銀行</b>", "我去銀行。"]), word_among(["我先去銀行取錢了。"])
    ('銀行', '')
    >>> word_among(["to pay back", "还 (huán)"]), word_among(["我在{{c1::饭馆::restaurant}}吃饭。"])
    ('还', '饭馆')
    """
    ordered = sorted(
        range(len(fields)),
        key=lambda at: not (at < len(names) and WORD_FIELDS.search(names[at])),
    )
    found = (_word(fields[at]) for at in ordered)
    return next(filter(None, found), "") or next(filter(None, map(_filled, fields)), "")


def reading_among(fields: Sequence[str], word: str, names: Sequence[str] = ()) -> str:
    """The pinyin of a note that fits its word, or `""`.

    >>> reading_among(["银行", "yínháng", "bank"], "银行"), reading_among(["长", "to"], "长")
    ('yínháng', '')
    """
    for at, field in enumerate(fields):
        if at < len(names) and not READING_FIELDS.search(names[at]):
            continue
        for text in plain(field).split("\n"):
            behind = _AFTER.fullmatch(text)
            text = (behind[2] if behind and behind[1] == word else text).strip(_AROUND)
            if text and len(text) <= 8 * len(word) and not has_han(text) and _fits(text, word):
                return text
    return ""


def _fits(text: str, word: str) -> bool:
    return len(_toned(text)) == len(word)


def is_reading(text: str) -> bool:
    """Whether a text is pinyin with tones.

    >>> is_reading("yínháng"), is_reading("hen")
    (True, False)
    """
    return bool(text) and len(text) <= 8 * LONGEST and bool(_toned(text))


def _toned(text: str) -> tuple[str, ...]:
    """The syllables of a reading; none where none has a tone."""
    try:
        syllables = parse(text)
    except ValueError:
        return ()
    # A gloss may be a syllable too (to, hen); what has no tone says nothing of the reading.
    return syllables if any(tone[-1] != "5" for tone in syllables) else ()


def _word(field: str) -> str:
    """The word that a field is, or one of its lines, its reading perhaps behind it."""
    for text in plain(field).split("\n"):
        behind = _AFTER.fullmatch(text)
        if behind and is_reading(behind[2].strip(_AROUND)):
            text = behind[1]
        text = text.strip(_AROUND)
        if text and len(text) <= LONGEST and all(map(is_han, text)):
            return text
    return ""


_AFTER = re.compile(r"([\u3400-\u9fff〇]{1,8}+)[ (（【]{1,3}+([^\u3400-\u9fff\n]{1,64}+)")
"""A word with something behind it: 公园 gōngyuán, 公园 (gōngyuán)."""
_FILLED = re.compile(r"\{\{c\d+::([\u3400-\u9fff〇]{1,8}+)(?:::[^{}]{0,200}+)?\}\}")


def _filled(field: str) -> str:
    """The word that is to be filled into a sentence."""
    found = _FILLED.search(field)
    return found[1] if found else ""


def plain(field: str) -> str:
    """A field without markup, sounds, readings in brackets, and what stands around.

    >>> plain("<b>银行</b>[yínháng][sound:1.mp3]"), plain("{{c1::银行::bank}}")
    ('银行', '银行')
    """
    if "<" in field or "[" in field or "{" in field:
        field = _MARKUP.sub("", _LINES.sub("\n", field))
    if "&" in field:
        field = html.unescape(field)
    return field.strip(_AROUND)
