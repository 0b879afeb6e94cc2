"""The one renderer of annotated text to XHTML: tokens, marks and notes, walked by offset.

For writers, `Renderer.inline(block, notes)` is the content of a block's element. For annotation
in place of an existing document, whose inline elements stay where they are,
`Renderer.ranges(block, bounds, notes)` gives the markup between each two offsets:

    renderer = Renderer(Dialect(epub=True), options)
    notes = ChapterNotes(renderer.dialect, options, file="c1.xhtml", terms=terms, prefix="rd-")
    before, inside, after = renderer.ranges(block, [0, 3, 5, len(block.text)], notes)
    ...                                  # put each in the place of its text node
    notes.asides()                       # markup for the end of the content document

Each string is well-formed by itself, once the prefix `epub` is declared; stripped of `rt` and
`rp` it is the text of its range. A word, or a note, that crosses an offset is split there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from reader.model import Block, BlockKind, MarkKind, Note, Span, Token
from reader.options import Pinyin, RenderOptions, Script
from reader.writers.fragments import Form, Fragments
from reader.writers.marks import Links, is_link, weave
from reader.writers.notes import ChapterNotes
from reader.writers.spoken import Speaker
from reader.writers.tags import Dialect, escape

__all__ = ["ChapterNotes", "Dialect", "Links", "Renderer"]

_TWO_RUBIES = re.compile(r"</ruby>(?=(?:</?(?:a|em|span|strong|s|sub|sup|u)\b[^<>]*>)*<ruby>)")
"""The end of a word that another follows, whatever inline elements end and begin between."""


class Renderer:
    """Turns blocks into markup; one for a whole book, since it remembers every distinct word."""

    def __init__(
        self, dialect: Dialect, options: RenderOptions, links: Links | None = None
    ) -> None:
        """`links` says where links and images lead; without it only outward links are kept."""
        self.dialect = dialect
        self.options = options
        self.links = links or Links()
        script = Script.AS_IS if options.script is Script.BOTH else options.script
        form = Form(script, True, options.notation, options.ruby)
        self._annotated = Fragments(dialect, form)
        self._plain = Fragments(dialect, form._replace(readings=False))
        self._usual = self._annotated if options.pinyin is Pinyin.ALL else self._plain
        self._in_notes = self._plain if options.pinyin is Pinyin.NONE else self._annotated
        ruby, gap = dialect.tag("ruby"), dialect.void("wbr")
        self._word_end = ruby.close + gap
        self._two_words = ruby.close + ruby.open
        self._two_words_apart = ruby.close + gap + ruby.open
        self._speaker = Speaker(options) if options.sandhi or options.spacing else None

    def inline(self, block: Block, notes: ChapterNotes | None = None) -> str:
        """The content of a block's element: words with readings, marks, references to notes.

        Without `notes`, no term is a reference. Raises `WriteError` for text XML cannot carry.
        """
        return self.parts(block, (0, len(block.text)), notes)[0]

    def parts(
        self, block: Block, breaks: Sequence[int], notes: ChapterNotes | None = None
    ) -> list[str]:
        """As `inline`, between each two of `breaks`: ascending offsets, from 0 to the text's end.

        A mark that crosses a break ends there and begins again.
        """
        marks = block.marks
        if not marks:
            return [self._breakable(block, part) for part in self.ranges(block, breaks, notes)]
        bounds = _ordered(breaks, marks)
        barred = [mark for mark in marks if is_link(mark)]
        pieces = self.ranges(block, bounds, notes, barred=barred)
        woven = weave(marks, bounds, pieces, breaks, self.dialect, self.links)
        return [self._breakable(block, part) for part in woven]

    def ranges(
        self,
        block: Block,
        bounds: Sequence[int],
        notes: ChapterNotes | None = None,
        *,
        barred: Sequence[Span] = (),
    ) -> list[str]:
        """The markup between each two of `bounds`: ascending offsets, from 0 to the text's end.

        Notes that touch a `barred` span, such as a link, are left out: links do not nest.
        """
        if not block.tokens or block.kind is BlockKind.CODE:
            text = self.text(block)
            return [escape(text[start:end]) for start, end in pairwise(bounds)]
        tokens = self._speaker.tokens(block) if self._speaker else block.tokens
        code = [mark for mark in block.marks if mark.kind is MarkKind.CODE]
        if not code and not block.notes:
            if len(bounds) == 2:
                return [self._usual.join(tokens)]
            return _pieces(tokens, bounds, [self._usual] * len(bounds))
        cuts = _ordered(bounds, (*block.notes, *code))
        index = {cut: number for number, cut in enumerate(cuts)}
        faces = [self._usual] * len(cuts)
        for spans, face in ((block.notes, self._in_notes), (code, self._plain)):
            for span in spans:
                for number in range(index[span.start], index[span.end]):
                    faces[number] = face
        pieces = _pieces(tokens, cuts, faces)
        if notes is not None:
            _refer(block.notes, index, pieces, notes, barred)
        return ["".join(pieces[index[a] : index[b]]) for a, b in pairwise(bounds)]

    def _breakable(self, block: Block, markup: str) -> str:
        """`markup` with a place to break the line between each two words.

        Browsers break lines inside a ruby, through the middle of its reading, unless the style
        forbids it, and then they do not break between two of them either.
        """
        if block.marks or block.notes:
            return _TWO_RUBIES.sub(self._word_end, markup)
        return markup.replace(self._two_words, self._two_words_apart)

    def text(self, block: Block) -> str:
        """The block's text in the script shown, without markup."""
        if not block.tokens:
            return block.text
        return "".join([self._plain.text(token) for token in block.tokens])

    def in_script(self, block: Block, script: Script) -> str:
        """The block's text in another script, as markup without readings, marks or notes."""
        face = "simplified" if script is Script.SIMPLIFIED else "traditional"
        return escape("".join([getattr(token, face) for token in block.tokens]) or block.text)


def _ordered(bounds: Iterable[int], spans: Iterable[Span]) -> list[int]:
    found = set(bounds)
    for span in spans:
        found.add(span.start)
        found.add(span.end)
    return sorted(found)


def _pieces(tokens: Sequence[Token], cuts: Sequence[int], faces: Sequence[Fragments]) -> list[str]:
    """The markup between each two of `cuts`, each by its face; tokens that cross one are split."""
    pieces: list[str] = []
    parts: list[str] = []
    number = start = first = 0
    for position, token in enumerate(tokens):
        end = start + len(token.text)
        if end > cuts[number + 1]:
            parts.append(faces[number].join(tokens[first:position]))
            done = start
            while end > cuts[number + 1]:
                bound = cuts[number + 1]
                if bound > done:
                    parts.append(faces[number].part(token, done - start, bound - start))
                    done = bound
                pieces.append("".join(parts))
                parts = []
                number += 1
            first = position
            if done > start:
                parts.append(faces[number].part(token, done - start, end - start))
                first += 1
        start = end
    parts.append(faces[number].join(tokens[first:]))
    pieces.append("".join(parts))
    return pieces


def _refer(
    shown: Sequence[Note],
    index: dict[int, int],
    pieces: list[str],
    notes: ChapterNotes,
    barred: Sequence[Span],
) -> None:
    """Put the tags of references around the pieces that notes cover."""
    for note in shown:
        inside = any(note.start < span.end and span.start < note.end for span in barred)
        if note.start == note.end:
            continue
        first, *rest = range(index[note.start], index[note.end])
        tag, again = notes.tags(note, barred=inside)
        pieces[first] = tag.around(pieces[first])
        for number in rest:
            pieces[number] = again.around(pieces[number])
