"""What is written once and pointed at: the lexicon of words, the glossary, reasons of corrections.

Tokens are `w`, `pc` and `c` in the text; each distinct word has an `entry` in the lexicon.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reader.markup import escape
from reader.model import Block, BlockKind, Correction, Metadata, Note, Reading, Token, TokenKind
from reader.options import Notation, Pinyin, RenderOptions, Ruby, Script
from reader.pinyin import spelled
from reader.writers.pronunciation import NOTATION_LANGUAGES, SentenceReadings
from reader.writers.tei_elements import element, syllables, tag
from reader.writers.word_markup import MarkupCache

__all__ = ["Reasons", "Terms", "Words"]

_PLAIN = {
    TokenKind.WORD: tag("w"),
    TokenKind.NUMBER: tag("w", type="number"),
    TokenKind.LATIN: tag("w", type="latin"),
    TokenKind.OTHER: tag("w", type="other"),
    TokenKind.PUNCTUATION: tag("pc"),
    TokenKind.SPACE: tag("c", type="space"),
}


class Words:
    """Tokens as markup, each distinct one made once, and the lexicon they point into."""

    def __init__(self, options: RenderOptions, metadata: Metadata) -> None:
        self._options = options
        self._language = metadata.language
        self._traditional = metadata.traditional or "zh-Hant"
        self._sentence_readings = (
            SentenceReadings(options) if options.sandhi or options.spacing else None
        )
        # A text is one chapter here.
        policy = options.policy
        self._asked = policy.start_chapter() if policy and policy.constant is None else None
        self._entries: dict[Token, int] = {}
        self._whole = MarkupCache(lambda token: self._ruby(token, self._word(token)))
        self._bare = MarkupCache(self._word)
        self._rt = tag(
            "rt",
            type="pinyin" if options.notation is Notation.NUMBERS else options.notation.value,
            lang=NOTATION_LANGUAGES[options.notation],
        )

    def each(self, block: Block) -> list[str]:
        """The markup of each of the block's tokens, in order."""
        if self._options.pinyin is Pinyin.NONE or block.kind is BlockKind.CODE:
            return self._bare.each(block.tokens)
        if self._options.pinyin is Pinyin.ALL and self._sentence_readings is None:
            return self._whole.each(block.tokens)
        shown = self._sentence_readings.tokens(block) if self._sentence_readings else block.tokens
        words = self._bare.each(block.tokens)
        read = self._which_are_read(block)
        return [
            self._ruby(token, word) if read[number] else word
            for number, (token, word) in enumerate(zip(shown, words, strict=True))
        ]

    def _which_are_read(self, block: Block) -> list[bool]:
        """Which tokens carry their reading."""
        if self._asked is not None:
            return [self._asked(token).reading for token in block.tokens]
        if self._options.pinyin is Pinyin.ALL:
            return [True] * len(block.tokens)
        notes = block.notes
        return [
            any(note.start < end and start < note.end for note in notes)
            for start, end, _ in block.token_spans()
        ]

    def divided(self, token: Token, base: str, plain: str) -> str:
        """What was made of `token`, `plain`, with other markup for its text: `base`."""
        # The reading around it stays: it is of the word as a whole.
        return plain.replace(self._word(token), self._word(token, base), 1)

    def entries(self) -> Iterator[str]:
        """The lexicon: an entry for each distinct token that has more than its text."""
        for token, number in self._entries.items():
            yield self._entry(token, number)

    def _word(self, token: Token, base: str = "") -> str:
        """A token without its reading; `base` is markup in place of its text."""
        kind = None if token.kind is TokenKind.WORD else token.kind.value
        # Punctuation, spaces and unread words say all in their text: an entry each would say
        # nothing.
        if token == Token(token.text, token.kind):
            # Of these only w may have other elements in it.
            whole = tag("w", type=kind)
            return whole.around(base) if base else _PLAIN[token.kind].around(escape(token.text))
        base = base or escape(token.text)
        # By value: the reader of the file sees equal words as one.
        number = self._entries.setdefault(token, len(self._entries) + 1)
        converted = self._other_script(token)
        if converted is not None:
            own = tag("seg", lang=self._language or None).around(base)
            base = tag("choice").around(own, converted)
        return tag("w", type=kind, lemmaRef=f"#w{number}").around(base)

    def _other_script(self, token: Token) -> str | None:
        """The form to be shown beside the text's own, if it differs."""
        script = self._options.script
        if script is Script.BOTH:
            hant = self._language.startswith("zh-Hant")
            script = Script.SIMPLIFIED if hant else Script.TRADITIONAL
        if script is Script.SIMPLIFIED and token.simplified != token.text:
            return element("seg", token.simplified, lang="zh-Hans")
        if script is Script.TRADITIONAL and token.traditional != token.text:
            return element("seg", token.traditional, lang=self._traditional)
        return None

    def _ruby(self, shown: Token, word: str) -> str:
        if shown.reading is None:
            return word
        spelling = spelled(
            shown.text,
            shown.reading.syllables,
            self._options.notation,
            shown.reading.breaks,
            shown.capitals,
            per_character=self._options.ruby is Ruby.CHARACTER,
        )
        rt = self._rt.around(escape(spelling))
        return _RUBY.around(_RB.around(word), rt)

    def _entry(self, token: Token, number: int) -> str:
        forms = [element("orth", token.text)]
        if token.simplified != token.text:
            forms.append(element("orth", token.simplified, type="simplified", lang="zh-Hans"))
        if token.traditional != token.text:
            language = self._traditional
            forms.append(element("orth", token.traditional, type="traditional", lang=language))
        if token.reading is not None:
            forms.append(_pron(token.reading))
        parts = [tag("form").around(*forms)]
        if token.reading is not None:
            parts += [_alternative(read) for read in token.reading.alternatives]
        parts += [element("usg", label, type=scheme) for scheme, label in token.levels]
        parts += [
            tag("sense").around(element("def", sense, lang=self._options.gloss_language))
            for sense in token.senses
        ]
        kind = "name" if token.proper else None
        return tag("entry", id=f"w{number}", type=kind).around(*parts)


_RUBY, _RB = tag("ruby"), tag("rb")


def _pron(reading: Reading) -> str:
    return element(
        "pron",
        syllables(reading.syllables, reading.breaks, reading.capitals),
        notation="numbers",
        resp=f"#reading.{reading.source.value}",
        cert=repr(reading.probability) if reading.probability != 1 else None,
    )


def _alternative(read: Sequence[str]) -> str:
    pron = element("pron", syllables(read), notation="numbers")
    return tag("form", type="alternative").around(pron)


class Terms:
    """The glossary: each distinct note once, whatever its occurrences."""

    def __init__(self, traditional: str = "") -> None:
        """`traditional` is BCP 47 of their Traditional forms, where it says a region."""
        self._traditional = traditional or "zh-Hant"
        self._numbers: dict[tuple[object, ...], int] = {}
        self._notes: list[Note] = []

    def pointer(self, note: Note) -> str:
        forms = (note.term, note.simplified, note.traditional, note.syllables)
        key = (*forms, note.gloss, note.text, note.tags, note.breaks, note.capitals)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        if number > len(self._notes):
            self._notes.append(note)
        return f"#g{number}"

    def entries(self) -> Iterator[str]:
        """A label and an item for each term."""
        for number, note in enumerate(self._notes, 1):
            spoken = syllables(note.syllables, note.breaks, note.capitals)
            forms = [
                element("term", note.term),
                element("seg", note.simplified, type="simplified", lang="zh-Hans"),
                element("seg", note.traditional, type="traditional", lang=self._traditional),
                element("seg", spoken, type="syllables"),
            ]
            target = f"#g{number}"
            explanation = [element("gloss", note.gloss, target=target, lang="en")]
            if note.text:
                explanation.append(
                    element("note", note.text, type="gloss", target=target, lang="en")
                )
            explanation += [element("term", each, type="tag") for each in note.tags]
            yield tag("label", id=f"g{number}").around(*forms) + tag("item").around(*explanation)


class Reasons:
    """Why corrections are made: each distinct reason once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def corr(self, correction: Correction) -> str:
        """The `corr` of a correction."""
        return element("corr", correction.corrected, **self.attributes(correction))

    def attributes(self, correction: Correction) -> dict[str, str]:
        number = self._numbers.setdefault(correction.reason, len(self._numbers) + 1)
        return {"cert": repr(float(correction.probability)), "ana": f"#r{number}"}

    def entries(self) -> Iterator[str]:
        for reason, number in self._numbers.items():
            yield element("interp", reason, id=f"r{number}", lang="en")
