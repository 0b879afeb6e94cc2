"""Sentence alignment measured: `python benchmarks/alignment.py DATA`.

DATA holds `parallel/generaltest2023.*` (WMT23). Documents with known links are made from its pairs
by a seeded script; a link counts only if both its sides are exactly right. Peers: Gale-Church
(`gale_church.py`, by sentence lengths) and, where it is installed, NLTK's version of it.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from alignment_data import STANDARD, UNDISTURBED, Case, Gold, Pair, case, pairs
from gale_church import gale_church

from reader.alignment import align
from reader.lexicon import Lexicon
from reader.model import Block, Document, Segment
from reader.options import AlignOptions

CUTS = (0.5, 0.7, 0.8, 0.9, 0.95)
Score = tuple[float, float, float]


def numbers(blocks: Sequence[Block]) -> dict[Segment, int]:
    """Sentences numbered through the document."""
    segments = [
        Segment(b, s) for b, block in enumerate(blocks) for s in range(len(block.sentences))
    ]
    return {segment: number for number, segment in enumerate(segments)}


def links(document: Document, cut_off: float = 0.0) -> Gold:
    assert document.translation is not None
    here, there = numbers(document.blocks), numbers(document.translation.blocks)
    return {
        (tuple(here[s] for s in link.sources), tuple(there[s] for s in link.targets))
        for link in document.translation.links
        if link.sources[0].sentence is not None and link.score >= cut_off
    }


def score(found: Gold, gold: Gold) -> Score:
    right = len(found & gold)
    precision, recall = right / max(1, len(found)), right / len(gold)
    return precision, recall, 2 * right / max(1, len(found) + len(gold))


def ours(options: AlignOptions, lexicon: Lexicon) -> Callable[[Case], Gold]:
    return lambda one: links(align(one.source, one.target, lexicon=lexicon, options=options))


def lengths(document: Document) -> list[list[int]]:
    return [[len(b.text[s.start : s.end]) for s in b.sentences] for b in document.blocks]


def by_length(one: Case) -> Gold:
    source, target = ([n for block in lengths(d) for n in block] for d in (one.source, one.target))
    return {bead for bead in gale_church(source, target) if all(bead)}


def by_nltk(one: Case) -> Gold:
    from nltk.translate.gale_church import LanguageIndependent, align_blocks

    source, target = ([n for block in lengths(d) for n in block] for d in (one.source, one.target))
    ratio = sum(target) / sum(source)
    parameters = type("Parameters", (LanguageIndependent,), {"AVERAGE_CHARACTERS": ratio})
    return _beads(set(align_blocks(source, target, parameters)))


def _beads(edges: set[tuple[int, int]]) -> Gold:
    """Edges between sentences, joined to links."""
    beads: list[tuple[set[int], set[int]]] = []
    for i, j in sorted(edges):
        if beads and (i in beads[-1][0] or j in beads[-1][1]):
            beads[-1][0].add(i)
            beads[-1][1].add(j)
        else:
            beads.append(({i}, {j}))
    return {(tuple(sorted(a)), tuple(sorted(b))) for a, b in beads}


def aligners(lexicon: Lexicon, peers: bool) -> dict[str, Callable[[Case], Gold]]:
    if not peers:
        return {"annotated-reader": ours(AlignOptions(cut_off=0.0), lexicon)}
    found = {
        "annotated-reader": ours(AlignOptions(cut_off=0.0), lexicon),
        "annotated-reader, lengths only": ours(AlignOptions(cut_off=0.0, scorer="length"), lexicon),
        "Gale-Church": by_length,
    }
    try:
        import nltk.translate.gale_church  # noqa: F401
    except ImportError:
        return found
    return found | {"NLTK Gale-Church": by_nltk}


def compare(cases: dict[str, list[Case]], lexicon: Lexicon, peers: bool) -> None:
    print(f"{'document':<28}{'aligner':<32}{'P':>8}{'R':>8}{'F1':>8}{'seconds':>9}")
    for name, some in cases.items():
        for aligner, run in aligners(lexicon, peers).items():
            begin = time.process_time()
            scores = [score(run(one), one.gold) for one in some]
            seconds = (time.process_time() - begin) / len(some)
            means = "".join(f"{sum(s[k] for s in scores) / len(scores):8.4f}" for k in range(3))
            print(f"{name:<28}{aligner:<32}{means}{seconds:9.1f}")


def at_cut_offs(cases: dict[str, list[Case]], lexicon: Lexicon) -> None:
    default = AlignOptions().cut_off
    print(f"\n{'document':<28}{'cut-off':>8}{'P':>8}{'R':>8}   (default {default})")
    for name, some in cases.items():
        aligned = [
            (align(c.source, c.target, lexicon=lexicon, options=AlignOptions(cut_off=0.0)), c.gold)
            for c in some
        ]
        for cut_off in CUTS:
            scores = [score(links(document, cut_off), gold) for document, gold in aligned]
            means = "".join(f"{sum(s[k] for s in scores) / len(scores):8.4f}" for k in range(2))
            print(f"{name:<28}{cut_off:8.2f}{means}")


def large(real: list[Pair], size: int, lexicon: Lexicon) -> None:
    """A book: the pairs in ever new order until there are enough, disturbed."""
    book: list[Pair] = []
    while len(book) < size:
        book += random.Random(len(book)).sample(real, len(real))
    one = case(book[:size], real, STANDARD, seed=1)
    begin, wall = time.process_time(), time.perf_counter()
    document = align(one.source, one.target, lexicon=lexicon)
    seconds, wall = time.process_time() - begin, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    precision, recall, f1 = score(links(document), one.gold)
    print(
        f"\n{size} x {size} sentences: {seconds:.1f} s processor, {wall:.1f} s wall, {memory} MB; "
        f"at the cut-off P {precision:.4f} R {recall:.4f} F1 {f1:.4f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--no-peers", action="store_true", help="this library alone")
    parser.add_argument("--large", type=int, nargs="*", default=(), metavar="N")
    arguments = parser.parse_args()
    lexicon = Lexicon.open()
    real = {direction: pairs(arguments.data, direction) for direction in ("zh-en", "en-zh")}
    cases = {
        f"{direction}, {name}": [
            case(real[direction], real[other], disturbance, seed) for seed in range(seeds)
        ]
        for direction, other in (("zh-en", "en-zh"), ("en-zh", "zh-en"))
        for name, disturbance, seeds in (
            ("undisturbed", UNDISTURBED, 1),
            ("disturbed", STANDARD, arguments.seeds),
        )
    }
    compare(cases, lexicon, not arguments.no_peers)
    at_cut_offs(cases, lexicon)
    for size in arguments.large:
        large(real["zh-en"] + real["en-zh"], size, lexicon)


if __name__ == "__main__":
    main()
