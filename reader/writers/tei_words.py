"""Tokens and marks as TEI: `w`, `pc` and `c` in the text, an `entry` each in the lexicon."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reader.model import Block, BlockKind, Mark, MarkKind, Reading, Token, TokenKind
from reader.options import Notation, Pinyin, RenderOptions, Ruby, Script
from reader.writers.pronunciation import NOTATION_LANGUAGES, SentenceReadings, capitals, spelled
from reader.writers.tei_tags import (
    Ids,
    Tag,
    element,
    empty,
    escape,
    is_language,
    named,
    pointer,
    syllables,
    tag,
)
from reader.writers.word_markup import MarkupCache

__all__ = ["Shape", "features", "shape_of"]

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

    def __init__(self, options: RenderOptions, language: str) -> None:
        self._options = options
        self._language = language
        self._speaker = SentenceReadings(options) if options.sandhi or options.spacing else None
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
        if self._options.pinyin is Pinyin.ALL and self._speaker is None:
            return self._whole.each(block.tokens)
        shown = self._speaker.tokens(block) if self._speaker else block.tokens
        words = self._bare.each(block.tokens)
        read = self._read_ones(block)
        return [
            self._ruby(said, word) if read[number] else word
            for number, (said, word) in enumerate(zip(shown, words, strict=True))
        ]

    def _read_ones(self, block: Block) -> list[bool]:
        """Which tokens carry their reading."""
        if self._options.pinyin is Pinyin.ALL:
            return [True] * len(block.tokens)
        notes = block.notes
        return [
            any(note.start < end and start < note.end for note in notes)
            for start, end, _ in block.token_spans()
        ]

    def divided(self, token: Token, base: str, plain: str) -> str:
        """What was made of `token`, `plain`, with other markup for its text: `base`."""
        return plain.replace(self._word(token), self._word(token, base), 1)

    def entries(self) -> Iterator[str]:
        """The lexicon: an entry for each distinct token that has more than its text."""
        for token, number in self._entries.items():
            yield self._entry(token, number)

    def _word(self, token: Token, base: str = "") -> str:
        """A token without its reading; `base` is markup in place of its text."""
        kind = None if token.kind is TokenKind.WORD else token.kind.value
        if token == Token(token.text, token.kind):
            # Of these only w may have other elements in it.
            divided = tag("w", type=kind)
            return divided.around(base) if base else _PLAIN[token.kind].around(escape(token.text))
        base = base or escape(token.text)
        number = self._entries.setdefault(token, len(self._entries) + 1)
        other = self._other_script(token)
        if other is not None:
            own = tag("seg", lang=self._language or None).around(base)
            base = tag("choice").around(own, other)
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
            return element("seg", token.traditional, lang="zh-Hant")
        return None

    def _ruby(self, said: Token, word: str) -> str:
        if said.reading is None:
            return word
        shown = spelled(
            said.text,
            said.reading.syllables,
            self._options.notation,
            said.reading.breaks,
            capitals(said),
            per_character=self._options.ruby is Ruby.CHARACTER,
        )
        rt = self._rt.around(escape(shown))
        return _RUBY.around(_RB.around(word), rt)

    def _entry(self, token: Token, number: int) -> str:
        forms = [element("orth", token.text)]
        if token.simplified != token.text:
            forms.append(element("orth", token.simplified, type="simplified", lang="zh-Hans"))
        if token.traditional != token.text:
            forms.append(element("orth", token.traditional, type="traditional", lang="zh-Hant"))
        if token.reading is not None:
            forms.append(_pron(token.reading))
        parts = [tag("form").around(*forms)]
        if token.reading is not None:
            parts += [_alternative(other) for other in token.reading.alternatives]
        parts += [element("usg", label, type=scheme) for scheme, label in token.levels]
        parts += [tag("sense").around(element("def", sense, lang="en")) for sense in token.senses]
        kind = "name" if token.proper else None
        return tag("entry", id=f"w{number}", type=kind).around(*parts)


_RUBY, _RB = tag("ruby"), tag("rb")


def _pron(reading: Reading) -> str:
    return element(
        "pron",
        syllables(reading.syllables, reading.breaks),
        notation="numbers",
        resp=f"#reading.{reading.source.value}",
        cert=repr(reading.probability) if reading.probability != 1 else None,
    )


def _alternative(found: Sequence[str]) -> str:
    pron = element("pron", syllables(found), notation="numbers")
    return tag("form", type="alternative").around(pron)


_HI = {
    MarkKind.STRONG: "strong",
    MarkKind.CODE: "code",
    MarkKind.UNDERLINE: "underline",
    MarkKind.STRIKE: "strike",
    MarkKind.SUPERSCRIPT: "superscript",
    MarkKind.SUBSCRIPT: "subscript",
}
_EMPTY = frozenset((MarkKind.LINE_BREAK, MarkKind.ANCHOR, MarkKind.IMAGE))


@dataclass(frozen=True, slots=True)
class Shape:
    """The element of a mark, before it is known whether it needs a number."""

    name: str
    attributes: dict[str, str | None]
    content: str = ""

    def tag(self, n: str | None) -> Tag:
        start, end = tag(self.name, **self.attributes, n=n)
        return Tag(start + self.content, end)

    def point(self, n: str | None) -> str:
        """The element with nothing in it."""
        if self.content:
            return self.tag(n).around()
        return empty(self.name, **self.attributes, n=n)


Maker = Callable[[Mark, Ids], Shape | None]


def shape_of(mark: Mark, ids: Ids) -> Shape | None:
    """The element that says all a mark says; None if there is none, and it must stand off."""
    wanted, make = _SHAPES[mark.kind]
    names = tuple(name for name, _ in mark.attributes)
    if names != wanted or (mark.kind in _EMPTY and mark.start != mark.end):
        return None
    return make(mark, ids)


def features(mark: Mark, id: str) -> str:
    """A mark's attributes as a feature structure, which can hold any."""
    strings = (element("string", each) for pair in mark.attributes for each in pair)
    listed = tag("vColl", org="list").around(*strings) if mark.attributes else ""
    feature = tag("f", name="attributes").around(listed)
    return tag("fs", type="mark", id=id).around(feature) if listed else ""


def _emphasis(mark: Mark, ids: Ids) -> Shape:
    return Shape("emph", {})


def _hi(mark: Mark, ids: Ids) -> Shape:
    return Shape("hi", {"rend": _HI[mark.kind]})


def _link(mark: Mark, ids: Ids) -> Shape | None:
    target = pointer(mark.get("href"), ids.prefix)
    return Shape("ref", {"target": target}) if target else None


def _note_reference(mark: Mark, ids: Ids) -> Shape | None:
    target = mark.get("target")
    if not target:
        return None
    return Shape("ref", {"type": "note", "target": f"#{named(target, ids.prefix)}"})


def _language(mark: Mark, ids: Ids) -> Shape | None:
    language = mark.get("lang")
    return Shape("foreign", {"lang": language}) if is_language(language) else None


def _line_break(mark: Mark, ids: Ids) -> Shape:
    return Shape("lb", {})


def _anchor(mark: Mark, ids: Ids) -> Shape | None:
    return Shape("anchor", {**ids.claim(mark.get("id"))}) if mark.get("id") else None


def _image(mark: Mark, ids: Ids) -> Shape | None:
    resource = mark.get("resource")
    if not resource:
        return None
    graphic = empty("graphic", url=f"#{named(resource, 'f')}")
    return Shape("figure", {"type": "inline"}, graphic + element("figDesc", mark.get("alt")))


_SHAPES: dict[MarkKind, tuple[tuple[str, ...], Maker]] = {
    **dict.fromkeys(_HI, ((), _hi)),
    MarkKind.EMPHASIS: ((), _emphasis),
    MarkKind.LINK: (("href",), _link),
    MarkKind.LANGUAGE: (("lang",), _language),
    MarkKind.LINE_BREAK: ((), _line_break),
    MarkKind.IMAGE: (("resource", "alt"), _image),
    MarkKind.ANCHOR: (("id",), _anchor),
    MarkKind.NOTE_REFERENCE: (("target",), _note_reference),
}
