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
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from reader.markup import Dialect, escape
from reader.model import Block, BlockKind, MarkKind, Note, Span, Token
from reader.options import Pinyin, RenderOptions, Script
from reader.writers.fragments import Form, Fragments
from reader.writers.marks import Links, is_link, weave
from reader.writers.notes import ChapterNotes
from reader.writers.remembered import ends

if TYPE_CHECKING:
    from reader.writers.spoken import Speaker

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
        self._word_end = dialect.tag("ruby").close + dialect.void("wbr")
        self._speaker = _speaker(options) if options.sandhi or options.spacing else None

    def inline(self, block: Block, notes: ChapterNotes | None = None) -> str:
        """The content of a block's element: words with readings, marks, references to notes.

        Without `notes`, no term is a reference. Raises `WriteError` for text XML cannot carry.
        """
        markup = None if block.marks else self._even(block, notes)
        return self.parts(block, (0, len(block.text)), notes)[0] if markup is None else markup

    def parts(
        self, block: Block, breaks: Sequence[int], notes: ChapterNotes | None = None
    ) -> list[str]:
        """As `inline`, between each two of `breaks`: ascending offsets, from 0 to the text's end.

        A mark that crosses a break ends there and begins again.
        """
        marks = block.marks
        bounds = _ordered(breaks, marks)
        barred = [mark for mark in marks if is_link(mark)]
        pieces = self.ranges(block, bounds, notes, barred=barred)
        woven = weave(marks, bounds, pieces, breaks, self.dialect, self.links)
        return [_TWO_RUBIES.sub(self._word_end, part) for part in woven]

    def _even(self, block: Block, notes: ChapterNotes | None) -> str | None:
        """The content of a block without marks, if its tokens are whole and shown in one way.

        As those of most blocks are: here one pass does what else takes several.
        """
        if not block.tokens or block.kind is BlockKind.CODE:
            return None
        tokens = self._tokens(block)
        if not block.notes:
            return self._usual.join(tokens)
        if self._usual is not self._in_notes or not self._usual.covers(tokens, block.notes):
            return None
        if notes is None:
            return self._usual.join(tokens)
        tags = ((note, notes.tags(note)[0]) for note in block.notes)
        return self._usual.join(tokens, [(n.start, n.end, *tag) for n, tag in tags])

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
        tokens = self._tokens(block)
        code = [mark for mark in block.marks if mark.kind is MarkKind.CODE]
        cuts = _ordered(bounds, (*block.notes, *code))
        index = {cut: number for number, cut in enumerate(cuts)}
        faces = [self._usual] * (len(cuts) - 1)
        for spans, face in ((block.notes, self._in_notes), (code, self._plain)):
            for span in spans:
                for number in range(index[span.start], index[span.end]):
                    faces[number] = face
        pieces = _cut(tokens, cuts, faces)
        if notes is not None:
            _refer(block.notes, index, pieces, notes, barred)
        return ["".join(pieces[index[a] : index[b]]) for a, b in pairwise(bounds)]

    def _tokens(self, block: Block) -> Sequence[Token]:
        return self._speaker.tokens(block) if self._speaker else block.tokens

    def text(self, block: Block) -> str:
        """The block's text in the script shown, without markup."""
        if not block.tokens:
            return block.text
        return "".join([self._plain.text(token) for token in block.tokens])

    def in_script(self, block: Block, script: Script) -> str:
        """The block's text in another script, as markup without readings, marks or notes."""
        face = "simplified" if script is Script.SIMPLIFIED else "traditional"
        return escape("".join([getattr(token, face) for token in block.tokens]) or block.text)


def _speaker(options: RenderOptions) -> Speaker:
    from reader.writers.spoken import Speaker

    return Speaker(options)


def _ordered(bounds: Iterable[int], spans: Iterable[Span]) -> list[int]:
    found = set(bounds)
    for span in spans:
        found.add(span.start)
        found.add(span.end)
    return sorted(found)


def _cut(tokens: Sequence[Token], cuts: Sequence[int], faces: Sequence[Fragments]) -> list[str]:
    """The markup between each two of `cuts`, each by its face; tokens that cross one are split."""
    reach = ends(tokens)
    pieces: list[str] = []
    start = first = 0
    between_tokens = True
    for face, cut in zip(faces, cuts[1:], strict=True):
        last = bisect_left(reach, cut, first)
        ends_token = reach[last] == cut
        inside = tokens[first : last + 1]
        if between_tokens and ends_token:
            pieces.append("".join(face.each(inside)))
        else:
            pieces.append(_divided(face, inside, start - reach[first], cut - reach[last]))
        start, first, between_tokens = cut, last + ends_token, ends_token
    return pieces


def _divided(face: Fragments, tokens: Sequence[Token], start: int, end: int) -> str:
    """The markup of tokens from `start` in the first to `end` in the last, counted from its end."""
    head, tail = tokens[0], tokens[-1]
    start += len(head.text)
    end += len(tail.text)
    if len(tokens) == 1:
        return face.part(head, start, end)
    first, last = face.part(head, start, len(head.text)), face.part(tail, 0, end)
    return "".join([first, *face.each(tokens[1:-1]), last])


def _refer(
    shown: Sequence[Note],
    index: dict[int, int],
    pieces: list[str],
    notes: ChapterNotes,
    barred: Sequence[Span],
) -> None:
    """Put the tags of references around the pieces that notes cover."""
    spans = sorted((span.start, span.end) for span in barred)
    starts = [start for start, _ in spans]
    reach = list(accumulate([end for _, end in spans], max))
    for note in shown:
        if note.start == note.end:
            continue
        first, after = index[note.start], index[note.end]
        # Of the spans that begin before the note ends, whether one reaches into it.
        before = bisect_left(starts, note.end)
        inside = before > 0 and reach[before - 1] > note.start
        tags = notes.tags(note, parts=after - first, barred=inside)
        pieces[first:after] = [
            tag.around(piece) for tag, piece in zip(tags, pieces[first:after], strict=True)
        ]
