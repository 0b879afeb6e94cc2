"""`align`: a document and its translation, linked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reader.alignment.anchors import Anchor, Pair, locate
from reader.alignment.blocks import block_links
from reader.alignment.checks import check_after, check_before, check_words, language_of, untold
from reader.alignment.engine import Judges, path
from reader.alignment.keys import Keys, Terms, glosses
from reader.alignment.options import AlignOptions
from reader.alignment.order import in_order
from reader.alignment.path import Bead
from reader.alignment.provenance import split_provenance
from reader.alignment.scorers import load_scorer
from reader.alignment.support import share_answered
from reader.alignment.units import Unit, units, with_sentences
from reader.alignment.words import Dictionary
from reader.model import Document, Link, Segment, Translation


@dataclass(frozen=True, slots=True)
class _Sides:
    """The units of both texts, in order."""

    sources: Sequence[Unit]
    targets: Sequence[Unit]


def align(
    document: Document,
    translation: Document | Translation,
    *,
    anchors: Iterable[Pair] = (),
    lexicon: Dictionary | None = None,
    glossary: Terms | None = None,
    options: AlignOptions | None = None,
) -> Document:
    """The document with its translation beside it, blocks and sentences linked and scored.

    Links are monotone, and a sentence or block is in one link at most. What scores less than
    `options.cut_off` is not linked. `anchors` are pairs made by hand (`read_pairs`): they stand as
    they are. Without `lexicon` the installed one is opened. Raises `AlignmentError` when the
    translation is empty, in another language, of another text, or an anchor is in neither text.
    """
    options = options or AlignOptions()
    document = replace(document, blocks=with_sentences(document.blocks, document.metadata.language))
    answer = _answer(translation)
    plain = _Sides(units(document.blocks), units(answer.blocks))
    answer = replace(answer, language=language_of(answer.language, plain.targets))
    check_before(plain.sources, plain.targets, answer.language)
    hand = locate(anchors, plain.sources, plain.targets)
    sides, judges = _judged(document, answer, plain, lexicon, glossary, options)
    beads = list(_beads(sides, hand, judges))
    links = _links(beads, hand, plain, options.cut_off)
    if not hand:
        check_after(plain.sources, plain.targets, links)
        if answer.language.startswith("en") and options.scorer != "length":
            check_words(*share_answered(beads, sides.sources, sides.targets, judges.meanings))
    warnings = (*document.warnings, *untold(plain.sources, links))
    return replace(document, translation=replace(answer, links=links), warnings=warnings)


def _answer(translation: Document | Translation) -> Translation:
    """The translation with its sentences, and without links."""
    if isinstance(translation, Translation):
        blocks = with_sentences(translation.blocks, translation.language)
        return replace(translation, blocks=blocks, links=())
    blocks, translator, machine = split_provenance(translation.blocks, translation.metadata)
    language = translation.metadata.language
    return Translation(
        language, with_sentences(blocks, language), translator=translator, machine=machine
    )


def _judged(
    document: Document,
    answer: Translation,
    sides: _Sides,
    lexicon: Dictionary | None,
    glossary: Terms | None,
    options: AlignOptions,
) -> tuple[_Sides, Judges]:
    """The sides with their keys filled in, and what is to judge them."""
    languages = document.metadata.language, answer.language
    if options.scorer == "length":
        return sides, Judges(lambda word: (), None, languages)
    scorer = load_scorer(options.scorer)
    if lexicon is None:
        from reader.lexicon import Lexicon

        lexicon = Lexicon.open()
    keys = Keys(lexicon, glosses(document.blocks, glossary), sides.targets, answer.language)
    filled = _Sides(keys.of_source(sides.sources), keys.of_target(sides.targets))
    return filled, Judges(keys.meanings, scorer, languages)


def _beads(sides: _Sides, hand: Sequence[Anchor], judges: Judges) -> Iterator[Bead]:
    """The beads of the stretches between the anchors, whose own are left out."""
    free = _free(len(sides.sources), [a.sources for a in hand], [bool(a.targets) for a in hand])
    answers = _free(len(sides.targets), [a.targets for a in hand], [bool(a.sources) for a in hand])
    for here, there in zip(free, answers, strict=True):
        found = path([sides.sources[i] for i in here], [sides.targets[j] for j in there], judges)
        for bead in found:
            yield Bead(
                tuple(here[i] for i in bead.sources),
                tuple(there[j] for j in bead.targets),
                bead.probability,
            )


def _free(
    size: int, spans: Sequence[tuple[int, int] | None], paired: Sequence[bool]
) -> list[list[int]]:
    """The numbers of units in no anchor, in one list for each stretch between paired anchors.

    A unit that a person left without an answer is taken out, and parts nothing.
    """
    stretches: list[list[int]] = [[]]
    at = 0
    for span, is_paired in zip(spans, paired, strict=True):
        if span is not None:
            stretches[-1] += range(at, span[0])
            at = span[1]
            if is_paired:
                stretches.append([])
    stretches[-1] += range(at, size)
    return stretches


def _links(
    beads: Sequence[Bead], hand: Sequence[Anchor], sides: _Sides, cut_off: float
) -> tuple[Link, ...]:
    """Block links, then sentence links, each in text order."""
    beads = [bead for bead in beads if bead.sources and bead.targets]
    made = [
        Bead(tuple(range(*a.sources)), tuple(range(*a.targets)), 1.0)
        for a in hand
        if a.sources and a.targets
    ]
    sure = [bead for bead in beads if bead.probability >= cut_off]
    machine = [_link(bead, sides, round(bead.probability, 4)) for bead in sure]
    sentences = in_order([*machine, *(_hand_link(anchor, sides) for anchor in hand)])
    every = sorted([*beads, *made], key=lambda bead: bead.sources)
    return (*block_links(every, sides.sources, sides.targets, cut_off), *sentences)


def _link(bead: Bead, sides: _Sides, score: float, *, by_hand: bool = False) -> Link:
    return Link(
        _segments(bead.sources, sides.sources),
        _segments(bead.targets, sides.targets),
        min(1.0, score),
        by_hand,
    )


def _hand_link(anchor: Anchor, sides: _Sides) -> Link:
    here, there = (tuple(range(*span)) if span else () for span in (anchor.sources, anchor.targets))
    score = 1.0 if anchor.pair.score is None else anchor.pair.score
    return _link(Bead(here, there, 1.0), sides, score, by_hand=True)


def _segments(numbers: Iterable[int], units: Sequence[Unit]) -> tuple[Segment, ...]:
    return tuple(units[number].segment for number in numbers)
