"""The one renderer of annotated text to XHTML: tokens, marks and notes, walked by offset.

For writers, `Renderer.inline(block, notes)` is the content of a block's element. For annotation
in place of an existing document, whose inline elements stay where they are,
`Renderer.ranges(block, bounds, notes)` gives the markup between each two offsets:

    renderer = Renderer(Dialect(epub=True), options)
    notes = ChapterNotes(renderer.dialect, options, file="c1.xhtml", terms=terms, prefix="rd-")
    before, inside, after = renderer.ranges(block, [0, 3, 5, len(block.text)], notes)
    ...                                  # put each in the place of its text node
    notes.end()                          # markup for the end of the content document

Each string is well-formed by itself, once the prefix `epub` is declared; stripped of `rt` and
`rp` it is the text of its range. A word, or a note, that crosses an offset is split there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import Protocol, TypeAlias, TypeVar

from reader.markup import Dialect, Tag, escape
from reader.model import Block, BlockKind, MarkKind, Note, Span, Token
from reader.options import Gloss, RenderOptions, Script
from reader.writers.elements import Links, is_link, shown_marks, weave
from reader.writers.notes import (
    ChapterNotes,
    GlossedWord,
    WordEntries,
    word_entries,
)
from reader.writers.policy import BARE, NOT_WORDS, READ, WordDisplay, displays, policy_of
from reader.writers.pronunciation import SentenceReadings
from reader.writers.word_markup import (
    Asked,
    Asking,
    Form,
    MarkupCache,
    ShownWords,
    Take,
    WordMarkup,
    WordMarkups,
    ends,
    take_nothing,
    text_in,
    whole_tokens,
)

__all__ = ["Renderer"]

_TWO_RUBIES = re.compile(r"</ruby>(?=(?:</?(?:a|em|span|strong|s|sub|sup|u)\b[^<>]*>)*<ruby[ >])")
"""The end of a word that another follows, whatever inline elements end and begin between."""


class _Kept:
    """The markup of tokens by what a policy says that they usually show: asked once of each.

    A `MarkupCache` joins it. What is otherwise at its first use in a chapter is asked of there:
    words in the chapter's list, those with a note of their own, and those that have help but once.
    """

    def __init__(
        self,
        words: WordMarkups,
        usual: _Usual,
        entries: WordEntries,
        gloss: Gloss,
        gap: str,
    ) -> None:
        """`entries` has what notes and lists say of a token. `gap` stands between two rubies. With
        `Gloss.NOTES`, a word that has a gloss is a reference at its first use in a chapter."""
        self._words, self._face, read = words, words.form.face, words.simple(READ)
        self._read = read.each
        self._usual, self._gloss = usual, gloss
        self._entry = entries.noted if gloss is Gloss.NOTES else entries.listed
        self._display: Callable[[Token], WordDisplay] = lambda token: BARE
        self._take: Take = take_nothing
        self.are_surrounded = False
        """Whether any is more than text or one ruby element, beside those that refer to notes."""
        asking = Asking(self._asked, self._varied)
        self._cache = MarkupCache(self._in_full, _RUBY, _RUBY_END, gap, read.usual, asking)
        self.start_chapter = self._cache.start_chapter

    def join(
        self,
        tokens: Sequence[Token],
        display: Callable[[Token], WordDisplay],
        notes: ChapterNotes | None,
    ) -> str:
        """The markup of the tokens of a block; `display` is what the policy says of a word here."""
        self._display, self._take = display, take_nothing
        if notes is not None:
            self._take = notes.refer if self._gloss is Gloss.NOTES else notes.list_entry
        return self._cache.join(tokens, take=self._take)

    def _asked(self, token: Token) -> Asked:
        if token.kind in NOT_WORDS:
            return self._bare(token)
        display, varies = self._usual(token)
        gloss = display.gloss
        if not gloss or self._gloss in _IN_LINE:
            markup = self._shown(token, display)
            return (markup, token) if varies else markup
        markup = self._shown(token, _without_gloss(display))
        # A word that refers to a note leads nowhere else.
        varies = varies or (bool(display.link) and self._gloss is Gloss.NOTES)
        return markup, token if varies else self._entry(token, gloss)

    def _varied(self, token: object) -> str:
        """The markup of a token of which the policy says how it is shown here."""
        assert isinstance(token, Token)
        display = self._display(token)
        gloss = display.gloss
        if not gloss or self._gloss in _IN_LINE:
            return self._shown(token, display) or self._in_full(token)
        around = self._take(*self._entry(token, gloss))
        shown = _without_gloss(display)
        if not isinstance(around, tuple):
            return self._shown(token, shown) or self._in_full(token)
        # Links do not nest.
        shown, self.are_surrounded = shown._replace(link=""), True
        return Tag(*around).around(self._shown(token, shown) or self._in_full(token))

    def _shown(self, token: Token, display: WordDisplay) -> str | None:
        """The markup of a token that is shown so, its gloss in the line; None for `_in_full`."""
        if display == READ:
            return None
        if display == BARE:
            return self._bare(token)
        return self._looked_at(self._words.shown(display).each((token,))[0])

    def _bare(self, token: Token) -> str:
        text: str = getattr(token, self._face)
        return text if text.isalnum() else escape(text)

    def _in_full(self, token: Token) -> str:
        """The markup of a token with its reading and nothing else."""
        return self._looked_at(self._read((token,))[0])

    def _looked_at(self, markup: str) -> str:
        self.are_surrounded = self.are_surrounded or _has_more(markup)
        return markup


def _without_gloss(display: WordDisplay) -> WordDisplay:
    reading, classes, link, _ = display
    return READ if reading and not classes and not link else WordDisplay(reading, classes, link)


_RUBY, _RUBY_END = "<ruby", "</ruby>"


def _has_more(markup: str) -> bool:
    """Whether a word is more than text or one ruby element: has something around or behind it."""
    ends = len(markup) - len(_RUBY_END)
    return "<" in markup and not (markup.startswith(_RUBY) and markup.find(_RUBY_END) == ends)


_Usual: TypeAlias = Callable[[Token], tuple[WordDisplay, bool]]
_IN_LINE = frozenset((Gloss.INLINE, Gloss.RUBY))
"""Where glosses stand with their words."""
_AT_END = frozenset((Gloss.LIST, Gloss.NOTES))
"""And where they stand behind the chapter."""


class Renderer:
    """Turns blocks into markup; one for a whole book, since it remembers every distinct word."""

    def __init__(
        self,
        dialect: Dialect,
        options: RenderOptions,
        links: Links | None = None,
        number: Callable[[Token], int] | None = None,
    ) -> None:
        """`links` says where links and images lead; without it only outward links are kept.

        `number` gives each word that is read the number that its element bears.
        """
        self.dialect = dialect
        self.options = options
        self.links = links or Links()
        script = Script.AS_IS if options.script is Script.BOTH else options.script
        self.form = Form(script, options.notation, options.ruby)
        self._face = self.form.face
        self._gloss = options.gloss
        self._words = WordMarkups(dialect, self.form, number, options.gloss, options.gloss_language)
        self._policy = policy_of(options)
        self._display = self._policy.start_chapter()
        usual: _Usual | None = getattr(self._policy, "usual", None)
        self._kept = None
        if usual is not None and not (self._gloss is Gloss.NOTES and options.every):
            entries = word_entries(dialect, options.notation, options.gloss_language, self._face)
            self._kept = _Kept(self._words, usual, entries, self._gloss, dialect.void("wbr"))
        self._constant = self._constant_markup()
        # Between two ruby elements some reading systems break no line unless told that they may.
        self._word_end = dialect.tag("ruby").close + dialect.void("wbr")
        readings = SentenceReadings(options) if options.sandhi or options.spacing else None
        self._sentence_readings = readings

    def start_chapter(self) -> None:
        """Begin a content document: what the policy remembers of words is forgotten."""
        self._display = self._policy.start_chapter()
        if self._kept is not None:
            self._kept.start_chapter()

    def _constant_markup(self) -> WordMarkup | None:
        """Of every word alike and without more than a reading, as the core makes most of them."""
        display = self._policy.constant
        plain = display is not None and display == WordDisplay(display.reading)
        return self._words.simple(display) if display is not None and plain else None

    def inline(self, block: Block, notes: ChapterNotes | None = None) -> str:
        """The content of a block's element: words with readings, marks, references to notes.

        Without `notes`, no term is a reference. Raises `WriteError` for text XML cannot carry.
        """
        markup = None if shown_marks(block.marks) else self._even(block, notes)
        return self.parts(block, (0, len(block.text)), notes)[0] if markup is None else markup

    def parts(
        self, block: Block, breaks: Sequence[int], notes: ChapterNotes | None = None
    ) -> list[str]:
        """As `inline`, between each two of `breaks`: ascending offsets, from 0 to the text's end.

        A mark that crosses a break ends there and begins again.
        """
        marks = shown_marks(block.marks)
        bounds = _ordered(breaks, marks)
        # Tokens are cut at the bounds of marks; what is a link already takes no reference and no
        # link.
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
        tokens, words = self._tokens(block), self._constant
        if words is None:
            return None if self._takes_the_long_way(block) else self._by_runs(block, tokens, notes)
        if not block.notes:
            return words.join(tokens)
        covered = whole_tokens(tokens, block.notes)
        if self._policy.in_terms is not None or covered is None:
            return None
        if notes is None:
            return words.join(tokens)
        tags = [notes.tags(note)[0] for note in block.notes]
        return words.join(tokens, [(*c, *tag) for c, tag in zip(covered, tags, strict=True)])

    def _takes_the_long_way(self, block: Block) -> bool:
        """Whether links or glosses have to be kept from terms, or from each other."""
        refers = self._gloss is Gloss.NOTES and self._kept is None
        return bool(block.notes) or refers or self._policy.constant is not None

    def _by_runs(self, block: Block, tokens: Sequence[Token], notes: ChapterNotes | None) -> str:
        """The markup of tokens, those that stand together and show the same made in one go."""
        # Words of a block without notes are in nobody's list, and refer to nothing.
        is_noted = notes is not None or self._gloss not in _AT_END
        if self._kept is not None and is_noted and tokens is block.tokens:
            return self._by_tokens(self._kept, block, notes)
        shown, _ = self._answers(block, notes)
        parts: list[str] = []
        for display, run in groupby(zip(shown, tokens, strict=True), key=itemgetter(0)):
            parts.append(self._words.shown(display).join([token for _, token in run]))
        return _TWO_RUBIES.sub(self._word_end, "".join(parts))

    def _by_tokens(self, kept: _Kept, block: Block, notes: ChapterNotes | None) -> str:
        """The same of a policy that answers most tokens always alike: these are made once."""
        markup = kept.join(block.tokens, self._display, notes)
        return _TWO_RUBIES.sub(self._word_end, markup) if kept.are_surrounded else markup

    def _answers(
        self, block: Block, notes: ChapterNotes | None
    ) -> tuple[list[WordDisplay], list[GlossedWord]]:
        """What the policy says of each token, and words whose gloss stands in a note.

        Glosses for the list of the chapter go there.
        """
        answers = displays(block.tokens, self._display)
        if self._gloss in _IN_LINE or not any(answer.gloss for answer in answers):
            return answers, []
        words = [
            GlossedWord(start, end, token, answer.gloss)
            for (start, end, token), answer in zip(block.token_spans(), answers, strict=True)
            if answer.gloss
        ]
        # A word that refers to a note leads nowhere else: links do not nest.
        noted = self._gloss is Gloss.NOTES
        answers = [
            answer._replace(gloss="", link="" if noted else answer.link) if answer.gloss else answer
            for answer in answers
        ]
        if notes is not None and self._gloss is Gloss.LIST:
            notes.list_words(words)
        return answers, words if noted else []

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
        reach = ends(tokens)
        code = [mark for mark in block.marks if mark.kind is MarkKind.CODE]
        constant = self._policy.constant
        words: list[GlossedWord] = []
        if constant is not None:
            # The common case: no word is asked for, and only notes and code change what is shown.
            cuts = _ordered(bounds, (*block.notes, *code))
            shown = [constant] * (len(cuts) - 1)
        else:
            # Each token is asked for once, in text order, though it may be cut into several pieces:
            # a policy that remembers would answer otherwise the second time.
            answers, words = self._answers(block, notes)
            edges = [edge for word in words for edge in (word.start, word.end)]
            cuts = _ordered((*bounds, *_changes(answers, reach), *edges), (*block.notes, *code))
            shown = [answers[bisect_right(reach, cut)] for cut in cuts[:-1]]
        self._except(shown, cuts, block.notes, barred, code)
        pieces = _cut(tokens, cuts, list(map(self._words.shown, shown)))
        index = dict(zip(cuts, range(len(cuts)), strict=True))
        if notes is not None:
            _refer(block.notes, index, pieces, notes.tags, barred)
            # Nor do links nest into those of terms.
            _refer(words, index, pieces, notes.word_tags, (*barred, *block.notes, *code))
        return ["".join(pieces[index[a] : index[b]]) for a, b in pairwise(bounds)]

    def _except(
        self,
        shown: list[WordDisplay],
        cuts: Sequence[int],
        terms: Sequence[Span],
        barred: Sequence[Span],
        code: Sequence[Span],
    ) -> None:
        """Change what the pieces between `cuts` show where terms, links and code stand."""
        in_terms = self._policy.in_terms
        for span in terms:
            for number in _pieces(cuts, span):
                shown[number] = in_terms or _unlinked(shown[number])
        for span in barred:
            for number in _pieces(cuts, span):
                shown[number] = _unlinked(shown[number])
        # Code last: whatever a policy or a term says, it is not read.
        for span in code:
            for number in _pieces(cuts, span):
                shown[number] = BARE

    def _tokens(self, block: Block) -> Sequence[Token]:
        readings = self._sentence_readings
        return readings.tokens(block) if readings else block.tokens

    def text(self, block: Block) -> str:
        """The block's text in the script shown, without markup."""
        if not block.tokens:
            return block.text
        return text_in(self.form, block.tokens)

    def words(self, block: Block) -> list[str]:
        """The tokens of the block in the script shown."""
        return [text_in(self.form, (token,)) for token in block.tokens]

    def in_script(self, block: Block, script: Script) -> str:
        """The block's text in another script, as markup without readings, marks or notes."""
        return escape(text_in(Form(script), block.tokens) or block.text)


def _ordered(bounds: Iterable[int], spans: Iterable[Span]) -> list[int]:
    offsets = set(bounds)
    for span in spans:
        offsets.add(span.start)
        offsets.add(span.end)
    return sorted(offsets)


def _changes(answers: Sequence[WordDisplay], reach: Sequence[int]) -> list[int]:
    """Where what words show changes: the ends of those that the next one differs from."""
    return [end for end, pair in zip(reach, pairwise(answers), strict=False) if pair[0] != pair[1]]


def _pieces(cuts: Sequence[int], span: Span) -> range:
    """The numbers of the pieces between `cuts` that a span touches."""
    return range(bisect_right(cuts, span.start) - 1, bisect_left(cuts, span.end))


def _unlinked(display: WordDisplay) -> WordDisplay:
    return display._replace(link="") if display.link else display


def _cut(tokens: Sequence[Token], cuts: Sequence[int], markups: Sequence[ShownWords]) -> list[str]:
    """The markup between each two of `cuts`, each by its own; tokens that cross one are split."""
    reach = ends(tokens)
    pieces: list[str] = []
    start = first = 0
    between_tokens = True
    for words, cut in zip(markups, cuts[1:], strict=True):
        last = bisect_left(reach, cut, first)
        ends_token = reach[last] == cut
        inside = tokens[first : last + 1]
        # Whole tokens come from the cache by identity; only those that a cut divides are made anew.
        if between_tokens and ends_token:
            pieces.append("".join(words.each(inside)))
        else:
            pieces.append(_divided(words, inside, start - reach[first], cut - reach[last]))
        start, first, between_tokens = cut, last + ends_token, ends_token
    return pieces


def _divided(words: ShownWords, tokens: Sequence[Token], start: int, end: int) -> str:
    """The markup of tokens from `start` in the first to `end` in the last, counted from its end."""
    head, tail = tokens[0], tokens[-1]
    start += len(head.text)
    end += len(tail.text)
    if len(tokens) == 1:
        return words.part(head, start, end)
    first, last = words.part(head, start, len(head.text)), words.part(tail, 0, end)
    return "".join([first, *words.each(tokens[1:-1]), last])


_Noted = TypeVar("_Noted", Note, GlossedWord)
_Noted_contra = TypeVar("_Noted_contra", contravariant=True)


class _TagsOf(Protocol[_Noted_contra]):
    """Gives the tags around what has a note, one for each of its `parts`."""

    def __call__(self, noted: _Noted_contra, /, *, parts: int, barred: bool) -> list[Tag]: ...


def _refer(
    shown: Sequence[_Noted],
    index: dict[int, int],
    pieces: list[str],
    tags_of: _TagsOf[_Noted],
    barred: Sequence[Span],
) -> None:
    """Put the tags of references around the pieces that notes cover."""
    spans = sorted((span.start, span.end) for span in barred)
    starts = [start for start, _ in spans]
    reach = list(accumulate([end for _, end in spans], max))
    for note in shown:
        # A note without width has nothing to be wrapped around.
        if note.start == note.end:
            continue
        first, after = index[note.start], index[note.end]
        # Of the spans that begin before the note ends, whether one reaches into it.
        before = bisect_left(starts, note.end)
        inside = before > 0 and reach[before - 1] > note.start
        tags = tags_of(note, parts=after - first, barred=inside)
        pieces[first:after] = [
            tag.around(piece) for tag, piece in zip(tags, pieces[first:after], strict=True)
        ]
