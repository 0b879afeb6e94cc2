"""`align`: a document and its translation, linked."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from reader.alignment.band import Band, band_near, search_band
from reader.alignment.evidence import Evidence, LiftTable, Weights, lift_table, with_learnt_pairs
from reader.alignment.keys import Dictionary, KeyMaker, term_glosses
from reader.alignment.links import Anchor, block_links, locate, sentence_links
from reader.alignment.pairs import Pair
from reader.alignment.plausibility import (
    check_links,
    check_texts,
    check_words,
    detected_language,
    untranslated,
)
from reader.alignment.scores import (
    SHAPES,
    BeadScores,
    Prior,
    Scorer,
    Similarity,
    load_scorer,
    shapes_seen,
)
from reader.alignment.search import Lattice, best_beads
from reader.alignment.timing import is_timed, time_links
from reader.alignment.units import Bead, Unit, index_keys, units, with_sentences
from reader.errors import require
from reader.glossary import Glossary, GlossarySource
from reader.model import Block, Document, Metadata, Translation
from reader.options import AlignOptions

_USUAL, _ROOM = math.log(1.3), 0.4
"""How much longer translations are than Chinese, a character counted as three letters."""
_SURE, _ENOUGH = 0.95, 20
"""From so many sure beads the ratio of lengths is taken in the second pass."""
_MANY, _SHORT, _TOGETHER = 1000, 20.0, 40.0
"""So many sentences that are shorter than this in the mean, a Han character counted as three, go
together until they are as long as a sentence usually is, the last."""
_MACHINE = "machine translation:"


@dataclass(frozen=True, slots=True)
class _Sides:
    """The units of both texts, in order."""

    sources: Sequence[Unit]
    targets: Sequence[Unit]


@dataclass(frozen=True, slots=True)
class _Resources:
    """What beads are scored with: the meanings of words, and a scorer from outside if named."""

    meanings: Callable[[str], Weights]
    scorer: Scorer | None
    languages: tuple[str, str]


def align(
    document: Document,
    translation: Document | Translation,
    *,
    anchors: Iterable[Pair] = (),
    lexicon: Dictionary | None = None,
    glossary: GlossarySource | None = None,
    options: AlignOptions | None = None,
) -> Document:
    """The document with its translation beside it, blocks and sentences linked and scored.

    Links are monotone, and a sentence or block is in one link at most. What scores less than
    `options.cut_off` is not linked. Subtitles are linked by their times, and by nothing else.
    `anchors` are pairs made by hand (`read_pairs`): they stand as
    they are. Without `lexicon` the installed one is opened. Raises `AlignmentError` when the
    translation is empty, in another language, of another text, or an anchor is in neither text.
    """
    options = options or AlignOptions()
    require(Document, "document", document)
    require((Document, Translation), "translation", translation)
    require(AlignOptions, "options", options)
    terms = Glossary.of(glossary)
    document = replace(document, blocks=with_sentences(document.blocks, document.metadata.language))
    aligned = _unlinked(translation)
    if is_timed(document.blocks) and is_timed(aligned.blocks):
        links = tuple(time_links(document.blocks, aligned.blocks))
        return replace(document, translation=replace(aligned, links=links))
    plain = _Sides(units(document.blocks), units(aligned.blocks))
    aligned = replace(aligned, language=detected_language(aligned.language, plain.targets))
    # Before the work: a wrong pair of files would take as long as a right one.
    check_texts(plain.sources, plain.targets, aligned.language)
    by_hand = locate(anchors, plain.sources, plain.targets)
    sides, resources = _prepared(document, aligned, plain, lexicon, terms, options)
    beads = list(_beads_between(sides, by_hand, resources))
    placed = by_hand, plain.sources, plain.targets, options.cut_off
    links = (*block_links(beads, *placed), *sentence_links(beads, *placed))
    # Whoever gives anchors has read both texts, and is not to be overruled by a share of words.
    if not by_hand:
        check_links(plain.sources, plain.targets, links)
        if aligned.language.startswith("en") and options.scorer != "length":
            check_words(beads, sides.sources, sides.targets, resources.meanings)
    warnings = (*document.warnings, *untranslated(plain.sources, links))
    return replace(document, translation=replace(aligned, links=links), warnings=warnings)


def _unlinked(translation: Document | Translation) -> Translation:
    """The translation with its sentences, and without links."""
    if isinstance(translation, Translation):
        blocks = with_sentences(translation.blocks, translation.language)
        return replace(translation, blocks=blocks, links=())
    blocks, translator, machine = split_provenance(translation.blocks, translation.metadata)
    language = translation.metadata.language
    return Translation(
        language, with_sentences(blocks, language), translator=translator, machine=machine
    )


def split_provenance(
    blocks: Sequence[Block], metadata: Metadata
) -> tuple[tuple[Block, ...], str, bool]:
    """The blocks without a line of provenance, who translated, and whether that was a machine.

    A text file has no metadata, and a mark in the file's name is lost when it is renamed: so the
    first line says that a machine made it, as a comment of HTML and Markdown, to be kept or taken
    out by whoever edits the text. Of an HTML file, its description may say it.
    """
    if blocks and (translator := _machine(blocks[0].text)) is not None:
        return tuple(blocks[1:]), translator, True
    if (translator := _machine(metadata.description)) is not None:
        return tuple(blocks), translator, True
    return tuple(blocks), "", False


def _machine(line: str) -> str | None:
    """The machine's name in a line of provenance, None for any other line.

    >>> _machine("<!-- machine translation: qwen3 -->"), _machine("Machine translation is hard.")
    ('qwen3', None)
    """
    line = line.strip().removeprefix("<!--").lstrip()
    if not line.startswith(_MACHINE):
        return None
    return line.removeprefix(_MACHINE).strip().removesuffix("-->").strip()


def _prepared(
    document: Document,
    translation: Translation,
    sides: _Sides,
    lexicon: Dictionary | None,
    glossary: Glossary | None,
    options: AlignOptions,
) -> tuple[_Sides, _Resources]:
    """The sides with their keys filled in, and what their beads are to be scored with."""
    languages = document.metadata.language, translation.language
    if options.scorer == "length":
        return sides, _Resources(lambda word: (), None, languages)
    # Before the lexicon, which takes longer to open: a name that nobody installed ends here.
    scorer = load_scorer(options.scorer)
    if lexicon is None:
        from reader.lexicon import Lexicon

        lexicon = Lexicon.default()
    glosses = term_glosses(document.blocks, glossary)
    keys = KeyMaker(lexicon, glosses, sides.targets, translation.language)
    filled = _Sides(keys.of_source(sides.sources), keys.of_target(sides.targets))
    return filled, _Resources(keys.meanings, scorer, languages)


def _beads_between(
    sides: _Sides, by_hand: Sequence[Anchor], resources: _Resources
) -> Iterator[Bead]:
    """The beads of the stretches between the anchors, whose own units are left out."""
    sources = _stretches(
        len(sides.sources), [(anchor.sources, bool(anchor.targets)) for anchor in by_hand]
    )
    targets = _stretches(
        len(sides.targets), [(anchor.targets, bool(anchor.sources)) for anchor in by_hand]
    )
    for of_source, of_target in zip(sources, targets, strict=True):
        stretch = _Sides(
            [sides.sources[i] for i in of_source], [sides.targets[j] for j in of_target]
        )
        # Beads number the units of the stretch; the links want the numbers in the whole text.
        groups = [_groups(side) for side in (stretch.sources, stretch.targets)]
        grouped = _Sides(
            _together(stretch.sources, groups[0]), _together(stretch.targets, groups[1])
        )
        for bead in _beads(grouped, resources):
            yield Bead(
                tuple(of_source[i] for group in bead.sources for i in groups[0][group]),
                tuple(of_target[j] for group in bead.targets for j in groups[1][group]),
                bead.probability,
            )


def _groups(side: Sequence[Unit]) -> list[range]:
    """The numbers of the units that go together: each by itself, but in a long text of nothing
    but sentences of a word or two, which would take longer than any book of its size. What stands
    in blocks of its own stays by itself."""
    if len(side) < _MANY or sum(unit.length for unit in side) >= _SHORT * len(side):
        return [range(i, i + 1) for i in range(len(side))]
    groups: list[range] = []
    start, length = 0, 0.0
    for i, unit in enumerate(side):
        if i > start and (unit.first or length >= _TOGETHER):
            groups.append(range(start, i))
            start, length = i, 0.0
        length += unit.length
    return [*groups, range(start, len(side))]


def _together(side: Sequence[Unit], groups: Iterable[range]) -> list[Unit]:
    return [
        side[group.start]
        if len(group) == 1
        else replace(
            side[group.start],
            text=" ".join(side[i].text for i in group),
            keys=tuple(key for i in group for key in side[i].keys),
            length=sum(side[i].length for i in group),
        )
        for group in groups
    ]


def _stretches(
    size: int, anchored: Iterable[tuple[tuple[int, int] | None, bool]]
) -> list[list[int]]:
    """The numbers of units in no anchor, in one list for each stretch between paired anchors.

    `anchored` gives the units of each anchor, and whether it has units on the other side too: a
    unit that a person left without a counterpart is taken out, and parts nothing.

    >>> _stretches(6, [((1, 2), True), ((3, 4), False)])
    [[0], [2, 4, 5]]
    """
    stretches: list[list[int]] = [[]]
    at = 0
    for span, paired in anchored:
        if span is not None:
            stretches[-1] += range(at, span[0])
            at = span[1]
            if paired:
                stretches.append([])
    stretches[-1] += range(at, size)
    return stretches


def _beads(sides: _Sides, resources: _Resources) -> list[Bead]:
    """The beads of all units of both sides, in order, with posteriors.

    Two passes: the second knows from the first how this translator renders words, how long the
    sentences come out, which shapes are usual, and about where the path runs.
    """
    sources, targets = sides.sources, sides.targets
    if not sources or not targets:
        alone = [Bead((i,), (), 1.0) for i in range(len(sources))]
        return alone + [Bead((), (j,), 1.0) for j in range(len(targets))]
    source, target = (index_keys([unit.keys for unit in side]) for side in (sources, targets))
    table = lift_table(source, target, resources.meanings)
    similarity = None
    if resources.scorer is not None:
        similarity = Similarity(resources.scorer, sources, targets, resources.languages)

    def search(prior: Prior, table: LiftTable, band: Band) -> list[Bead]:
        scores = BeadScores(Evidence(source, target, table), prior, similarity, band)
        return best_beads(Lattice(band, tuple(SHAPES), scores.row))

    usual = Prior(sources, targets, _expected_ratio(sides), SHAPES)
    first = search(usual, table, search_band(source, target, table))
    shapes = shapes_seen((len(bead.sources), len(bead.targets)) for bead in first)
    seen = Prior(sources, targets, _seen_ratio(first, sides), shapes)
    band = band_near(_cells(first), len(sources), len(targets))
    return search(seen, with_learnt_pairs(table, source, target, first), band)


def _cells(beads: Sequence[Bead]) -> list[tuple[int, int]]:
    """How many sources and targets lie behind, after every bead."""
    sources = accumulate(len(bead.sources) for bead in beads)
    targets = accumulate(len(bead.targets) for bead in beads)
    return list(zip(sources, targets, strict=True))


def _expected_ratio(sides: _Sides) -> float:
    """The log ratio of the whole lengths, but no ratio that only a missing chapter explains."""
    target, source = (sum(unit.length for unit in side) for side in (sides.targets, sides.sources))
    return min(max(math.log(target / source), _USUAL - _ROOM), _USUAL + _ROOM)


def _seen_ratio(beads: Sequence[Bead], sides: _Sides) -> float:
    """The median log ratio over the one-to-one beads that are as good as sure."""
    ratios = [
        math.log(sides.targets[bead.targets[0]].length / sides.sources[bead.sources[0]].length)
        for bead in beads
        if len(bead.sources) == len(bead.targets) == 1 and bead.probability > _SURE
    ]
    return statistics.median(ratios) if len(ratios) >= _ENOUGH else _expected_ratio(sides)
