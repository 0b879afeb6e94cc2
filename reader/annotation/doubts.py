"""What an editor should look at, and the glossary rows that settle it.

Readings, names and cuts that may be wrong, and likely slips of the source. One doubt stands for all
places that its row settles, so that an article gives tens of lines, not hundreds.
"""

from __future__ import annotations

import csv
import io
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import NamedTuple, TypeAlias

from reader.annotation.certainty import Certainty, Placed, Question
from reader.annotation.corrections import apply_corrections
from reader.annotation.readings import shared_resolver
from reader.annotation.terminology import Terminology
from reader.annotation.tokens import shared_taiwan
from reader.glossary import Glossary, GlossarySource
from reader.glossary.rows import LONGEST, takes_syllable
from reader.lexicon import Lexicon
from reader.model import Block, Document, ReadingSource, Token, TokenKind
from reader.options import AnnotateOptions, Notation, Standard
from reader.pinyin import render_word
from reader.scripts import simplify_each

DOUBTFUL = 0.9
"""What is surer than this is not shown."""
CONTEXT = 8
"""Characters of context to either side."""
WIDENED = 2
"""How often a row takes in the words beside it, so as not to touch what is done otherwise."""
DOUBTED_LAYERS = ("words", "readings", "sentences", "notes", "corrections")
"""The layers that a document needs to be looked through."""
COLUMNS = ("term", "simplified", "pinyin", "gloss", "note", "tags", "words")

Row: TypeAlias = tuple[str, ...]


class DoubtKind(StrEnum):
    """What is doubted."""

    READING = "reading"
    """How a word is read."""
    NAME = "name"
    """Whether a name is one, or words are none."""
    CUT = "cut"
    """Where words begin and end."""
    CORRECTION = "correction"
    """What is written: a likely slip of the source."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that may be wrong, at all places where the same row settles it."""

    kind: DoubtKind
    text: str
    block: int
    start: int
    end: int
    """Where it is least sure: `text` in `Document.blocks[block]`."""
    context: str
    chosen: str
    """A reading or a name as pinyin, with capitals where it is a name, `""` where no reading is
    known; a cut as words with `|` between; a slip as it is written."""
    alternatives: tuple[str, ...]
    """What else it may be, written likewise, likeliest first."""
    probability: float
    """How likely what was chosen is right."""
    row: Row
    """The glossary row that settles it as it is, by `COLUMNS`: edit it where that is wrong. Empty
    for slips, and where any row would change other places."""
    count: int = 1
    """In how many places."""
    reason: str = ""
    """Of a slip: what speaks for it."""

    def line(self) -> str:
        """The doubt in one line, for a person."""
        chosen = self.chosen or "no reading"
        others = " or ".join(self.alternatives[:3])
        question = f"{chosen}, not {others}?" if others else f"{chosen}?"
        times = f"  ×{self.count}" if self.count > 1 else ""
        reason = f"  ({self.reason})" if self.reason else ""
        asked = f"{self.kind}  {self.text}  {question}{reason}"
        return f"{asked}  {self.probability:.0%}{times}  {self.context}"

    def fields(self) -> dict[str, object]:
        """The doubt as JSON has it: its fields, the row an object by column or None."""
        row = dict(zip(COLUMNS, self.row, strict=True)) if self.row else None
        return {name: getattr(self, name) for name in self.__slots__} | {"row": row}


def find_doubts(
    document: Document,
    *,
    lexicon: Lexicon | None = None,
    glossary: GlossarySource | None = None,
    options: AnnotateOptions | None = None,
    below: float = DOUBTFUL,
) -> list[Doubt]:
    """What should be looked at in an annotated document, most doubtful first.

    Readings, names and cuts that are less sure than `below`, and all likely slips. `lexicon`,
    `glossary` and `options` are those it was annotated with: of what a row of the glossary says
    nothing is asked.
    """
    lexicon = lexicon or Lexicon.default()
    is_taiwan = options is not None and options.standard is Standard.TAIWAN
    taiwan = shared_taiwan(lexicon) if is_taiwan else None
    certainty = Certainty(lexicon, shared_resolver(lexicon), taiwan)
    terms = Terminology(Glossary.of(glossary))
    texts = _texts(document)
    places: list[_Place] = []
    for text in texts:
        words = terms.find(text.text, text.shadow).words
        fixed = {at for start, end, _ in words for at in range(start, end)}
        asked = certainty.questions(
            text.tokens, text.meant, text.meant_shadow, fixed=fixed, below=below
        )
        places += _places(text, [(certainty.probability(q), q) for q in asked], below)
    _widen(places, texts)
    found = [place.doubt() for place in places]
    for index, block in enumerate(document.blocks):
        found += _corrections(index, block)
    return sorted(_grouped(found), key=lambda d: (d.probability, -d.count, d.block, d.start))


def glossary_rows(doubts: Iterable[Doubt]) -> str:
    """The glossary rows that would settle these doubts, as CSV with a header; no term twice."""
    rows: dict[str, Row] = {}
    for doubt in doubts:
        if doubt.row:
            rows.setdefault(doubt.row[1], doubt.row)
    return "".join(map(csv_line, (COLUMNS, *rows.values())))


def csv_line(row: Row) -> str:
    """A row of a glossary as a line of its file."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow(row)
    return file.getvalue()


def doubts_json(doubts: Iterable[Doubt]) -> str:
    """The doubts as a JSON array of objects, in their order."""
    return json.dumps([doubt.fields() for doubt in doubts], ensure_ascii=False, indent=1) + "\n"


def _grouped(doubts: Iterable[Doubt]) -> Iterable[Doubt]:
    """One doubt for all that the same row settles: the least sure, with their number."""
    grouped: dict[tuple[str, ...], Doubt] = {}
    for doubt in doubts:
        key = doubt.kind, *(doubt.row[1:2] or (doubt.text, doubt.chosen, *doubt.alternatives[:1]))
        known = grouped.get(key)
        if known is None:
            grouped[key] = doubt
        else:
            worst = min(known, doubt, key=attrgetter("probability"))
            grouped[key] = replace(worst, count=known.count + 1)
    return grouped.values()


# ---- places ----


class _Text(NamedTuple):
    """A block's text and tokens."""

    block: int
    text: str
    shadow: str
    """It in Simplified."""
    meant: str
    """It with its slips put right, as its tokens have it."""
    meant_shadow: str
    tokens: Sequence[Placed]


def _texts(document: Document) -> list[_Text]:
    texts = [block.text for block in document.blocks]
    meant = [apply_corrections(block.text, block.corrections) for block in document.blocks]
    language = document.metadata.language
    shadows = simplify_each(texts, language)
    meant_shadows = shadows if texts == meant else simplify_each(meant, language)
    tokens = [(*block.token_spans(),) for block in document.blocks]
    numbers = range(len(texts))
    return list(map(_Text, numbers, texts, shadows, meant, meant_shadows, tokens))


@dataclass(slots=True)
class _Place:
    """One place where something is doubted: the tokens `first` to `last` of a text."""

    kind: DoubtKind
    at: _Text
    first: int
    last: int
    chosen: str
    alternatives: tuple[str, ...]
    probability: float
    before: int = 0
    after: int = 0
    """How many tokens beside it its row takes in."""
    has_row: bool = True

    @property
    def row(self) -> Sequence[Placed]:
        """The tokens of its row."""
        return self.at.tokens[self.first - self.before : self.last + self.after]

    @property
    def is_name(self) -> bool:
        """Whether it was taken for a name, of which there is more than one character."""
        named = self.kind is DoubtKind.NAME and self.at.tokens[self.first][2].proper
        return named and len(self.term) > 1

    @property
    def term(self) -> str:
        """The term of its row, in Simplified."""
        return self.at.shadow[slice(*_span(self.row))]

    def widen(self) -> None:
        """Let the row take in the words beside it."""
        before, after = self.first - self.before - 1, self.last + self.after
        self.before += _may_be_in_row(self.at.tokens, before)
        self.after += _may_be_in_row(self.at.tokens, after)

    def doubt(self) -> Doubt:
        start, end = _span(self.at.tokens[self.first : self.last])
        return Doubt(
            self.kind,
            self.at.text[start:end],
            self.at.block,
            start,
            end,
            _context(self.at.text, start, end),
            self.chosen,
            tuple(other for other in dict.fromkeys(self.alternatives) if other != self.chosen),
            self.probability,
            _row(_tokens(self.row)) if self.has_row and len(self.term) <= LONGEST else (),
        )


def _span(tokens: Sequence[Placed]) -> tuple[int, int]:
    return tokens[0][0], tokens[-1][1]


def _tokens(placed: Iterable[Placed]) -> list[Token]:
    return [token for _, _, token in placed]


def _places(text: _Text, questions: Iterable[tuple[float, Question]], below: float) -> list[_Place]:
    """What is doubted in a text: names and cuts, and readings that these do not settle."""
    places: list[_Place] = []
    settled: dict[int, _Place] = {}
    for probability, question in sorted(questions, key=itemgetter(0)):
        place = _asked(text, question, probability)
        own = range(place.first, place.last)
        # The same words are doubted once: what is likelier wrong stands for the rest.
        if settled.keys().isdisjoint(own):
            settled |= dict.fromkeys(own, place)
            places.append(place)
    for at, (_, _, token) in enumerate(text.tokens):
        if _is_doubtful(token, below):
            place = _reading(text, at)
            if known := settled.get(at):
                # Its row has the reading too.
                known.probability = min(known.probability, place.probability)
                if known.kind is DoubtKind.NAME:
                    known.alternatives += place.alternatives
            else:
                places.append(place)
    return places


def _asked(text: _Text, question: Question, probability: float) -> _Place:
    """A name or a cut that is doubted."""
    first, last = (
        bisect_left(text.tokens, offset, key=itemgetter(0))
        for offset in (question.start, question.end)
    )
    words = _tokens(text.tokens[first:last])
    if question.kind == "cut":
        cuts = _divided(words), (_divided(question.rival),)
        return _Place(DoubtKind.CUT, text, first, last, *cuts, probability)
    chosen = _spelled(words)
    other = _spelled(question.rival) or chosen.lower()
    place = _Place(DoubtKind.NAME, text, first, last, chosen, (other,), probability)
    if question.end - question.start == 1:
        # A surname alone goes with what follows it, a title.
        place.after = int(_may_be_in_row(text.tokens, last))
        place.before = int(not place.after and _may_be_in_row(text.tokens, first - 1))
    return place


def _is_doubtful(token: Token, below: float) -> bool:
    """Whether the token's reading is unsure or unknown."""
    reading = token.reading
    if token.kind is not TokenKind.WORD or reading is None:
        return token.kind is TokenKind.WORD
    if reading.source is ReadingSource.GLOSSARY or reading.probability >= below:
        return False
    # Where nothing else is on offer there is nothing to choose, unless a syllable lacks.
    return bool(reading.alternatives) or "" in reading.syllables


def _reading(text: _Text, at: int) -> _Place:
    """A word whose reading is doubted; of a person's name both parts."""
    first, last = at, at + 1
    if _is_person(text.tokens, at):
        first -= _is_person(text.tokens, at - 1)
        last += first == at and _is_person(text.tokens, at + 1)
    words = _tokens(text.tokens[first:last])
    token, reading = text.tokens[at][2], text.tokens[at][2].reading
    place = _Place(DoubtKind.READING, text, first, last, "", (), 0.0)
    if reading is not None:
        place.chosen, place.probability = _spelled(words), reading.probability
        for syllables in reading.alternatives:
            other = replace(reading, syllables=syllables, alternatives=())
            words[at - first] = replace(token, reading=other)
            place.alternatives += (_spelled(words),)
    start, end = _span(text.tokens[first:last])
    if end - start == 1:
        # A row for one character alone would be found in every word that holds it.
        place.widen()
    return place


def _is_person(tokens: Sequence[Placed], at: int) -> bool:
    if not 0 <= at < len(tokens):
        return False
    token = tokens[at][2]
    is_name = token.reading is not None and token.reading.source is ReadingSource.NAME
    return token.proper and is_name


def _corrections(index: int, block: Block) -> Iterator[Doubt]:
    for correction in block.corrections:
        start, end = correction.start, correction.end
        written = block.text[start:end]
        yield Doubt(
            DoubtKind.CORRECTION,
            written,
            index,
            start,
            end,
            _context(block.text, start, end),
            written,
            (correction.corrected,),
            1 - correction.probability,
            (),
            reason=correction.reason,
        )


def _context(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return f"…{before}【{text[start:end]}】{after}…".replace("\n", " ")


# ---- rows ----


def _may_be_in_row(tokens: Sequence[Placed], at: int) -> bool:
    """Whether there is a token there that a row may take in."""
    return (
        0 <= at < len(tokens) and tokens[at][2].kind is TokenKind.WORD and _is_read(tokens[at][2])
    )


def _widen(places: Sequence[_Place], texts: Sequence[_Text]) -> None:
    """Make rows take in more, until they say of each place of their term what is done there.

    What they cannot be made to say so gets no row. What was taken for a name has one row, wherever
    it stands and whatever was made of it elsewhere: it is to be decided once.
    """
    pending = [place for place in places if not place.is_name]
    marks = list(map(_marks, texts))
    for tries in range(WIDENED + 1):
        done = _analyses(frozenset(place.term for place in pending), texts, marks)
        pending = [place for place in pending if len(done[place.term]) > 1]
        for place in pending:
            if tries < WIDENED:
                place.widen()
            else:
                place.has_row = False


def _analyses(
    terms: frozenset[str], texts: Sequence[_Text], marks: Sequence[Sequence[str]]
) -> dict[str, set[tuple[str, ...]]]:
    """The ways in which each term is cut and read, wherever it stands."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for term in terms:
        lengths[term[:2]].add(len(term))
    none = frozenset[int]()
    found: dict[str, set[tuple[str, ...]]] = {term: set() for term in terms}
    for text, marked in zip(texts, marks, strict=True):
        shadow = text.shadow
        for at in range(len(marked)):
            for length in lengths.get(shadow[at], none) | lengths.get(shadow[at : at + 2], none):
                end = at + length
                if end <= len(marked) and (term := shadow[at:end]) in found:
                    goes_on = end < len(marked) and marked[end][0] == _GOES_ON
                    found[term].add((*marked[at:end], _GOES_ON if goes_on else ""))
    return found


_BEGINS, _NAMED, _GOES_ON = "|^ "
"""What marks that a word begins, that a name does, that one goes on."""


def _marks(text: _Text) -> list[str]:
    """The syllables of a text, marked."""
    marks: list[str] = []
    for _, _, token in text.tokens:
        spoken = token.reading.syllables if token.reading else ("",) * len(token.text)
        marks.append((_NAMED if token.proper else _BEGINS) + spoken[0])
        marks += [_GOES_ON + syllable for syllable in spoken[1:]]
    return marks


def _row(tokens: Sequence[Token]) -> Row:
    """The row that says of these tokens what is done with them."""
    return (
        "".join(token.text for token in tokens),
        "".join(token.simplified for token in tokens),
        _spelled(tokens, typed=True) if all(map(_is_read, tokens)) else "",
        # No gloss: it would make a note at every place.
        "",
        "",
        "",
        _divided(tokens),
    )


def _divided(tokens: Iterable[Token]) -> str:
    return "|".join(token.text for token in tokens)


def _is_read(token: Token) -> bool:
    """Whether every Chinese character of the token has its syllable."""
    spoken = token.reading.syllables if token.reading else [""] * len(token.text)
    return all(s or not takes_syllable(c) for c, s in zip(token.text, spoken, strict=True))


def _spelled(tokens: Iterable[Token], *, typed: bool = False) -> str:
    """The pinyin of tokens, with the capitals of names.

    `typed` for a row: numbered where no syllable has a mark, as glossaries want tones.
    """
    read = [(token.reading, token.capitals) for token in tokens if token.reading is not None]
    neutral = all(s.endswith("5") for reading, _ in read for s in reading.syllables if s)
    notation = Notation.NUMBERS if typed and neutral else Notation.PINYIN
    return " ".join(
        _rendered(reading.syllables, notation, reading.breaks, capitals)
        for reading, capitals in read
    )


@lru_cache(maxsize=4096)
def _rendered(
    syllables: tuple[str, ...],
    notation: Notation,
    breaks: tuple[int, ...],
    capitals: tuple[int, ...],
) -> str:
    """The words of a text that are doubted are few, and each is spelled many times."""
    return render_word(syllables, notation, breaks=breaks, capital=capitals)
