"""Words measured on UD GSD: `python benchmarks/accuracy_words.py DATA [--errors]`.

DATA holds `words/zh_gsd-ud-dev.conllu` (Traditional) and `words/zh_gsdsimp-ud-dev.conllu`, the same
sentences in both scripts. A word counts when both its ends are right. Peers, where installed:
jieba, and pkuseg with the model in its package (`pip install cython numpy setuptools`, then
`pip install --no-build-isolation pkuseg`). `--errors` says what kinds of mistakes remain.

GSD writes other words than dictionaries do (成|為, 博物|館, 很多), so nobody comes near 100.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from reader.annotation.segmentation import WordSegmenter
from reader.annotation.word_candidates import HAN, NAME, NUMBER, PERSON
from reader.lexicon import Lexicon
from reader.scripts import simplify

FILES = {"Simplified": "zh_gsdsimp-ud-dev.conllu", "Traditional": "zh_gsd-ud-dev.conllu"}
WARM = 20
"""Sentences cut before the clock runs; the others are new to every system."""

Cut: TypeAlias = Callable[[str], list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    print(f"{'':12}{'':14}{'P':>8}{'R':>8}{'F1':>8}{'chars/s':>12}")
    for script, name in FILES.items():
        gold = read(options.data / "words" / name)
        for system, cut in systems().items():
            report(script, system, gold, cut)
        if options.errors:
            explain(gold)


def read(path: Path) -> list[list[str]]:
    """The words of each sentence."""
    sentences: list[list[str]] = []
    words: list[str] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        fields = line.split("\t")
        if len(fields) == 10 and fields[0].isdigit():
            words.append(fields[1])
        elif not line and words:
            sentences.append(words)
            words = []
    return sentences


def systems() -> dict[str, Cut]:
    found: dict[str, Cut] = {"reader": ours()}
    try:
        import jieba

        jieba.setLogLevel(60)
        jieba.initialize()
        found["jieba"] = jieba.lcut
    except ImportError:
        print("jieba is not installed", file=sys.stderr)
    try:
        import pkuseg

        found["pkuseg"] = pkuseg.pkuseg().cut
    except ImportError:
        print("pkuseg is not installed", file=sys.stderr)
    return found


def ours() -> Cut:
    segmenter = WordSegmenter(Lexicon.open())

    def cut(text: str) -> list[str]:
        return [text[start:end] for start, end, _ in segmenter.segment(text, simplify(text))]

    return cut


def report(script: str, system: str, gold: list[list[str]], cut: Cut) -> None:
    texts = ["".join(words) for words in gold]
    for text in texts[:WARM]:
        cut(text)
    started = time.process_time()
    found = [cut(text) for text in texts]
    rate = sum(map(len, texts)) / (time.process_time() - started)
    right = wanted = given = 0
    for words, answer in zip(gold, found, strict=True):
        expected, got = set(spans(words)), set(spans(answer))
        right += len(expected & got)
        wanted += len(expected)
        given += len(got)
    precision, recall = right / given, right / wanted
    f1 = 2 * precision * recall / (precision + recall)
    row = f"{precision:8.2%}{recall:8.2%}{f1:8.2%}{rate:12,.0f}"
    print(f"{script:12}{system:14}{row}")


def spans(words: list[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for word in words:
        yield start, start + len(word)
        start += len(word)


def explain(gold: list[list[str]]) -> None:
    """Counts of mistakes by kind, with the most frequent examples."""
    lexicon = Lexicon.open()
    segmenter = WordSegmenter(lexicon)
    kinds: Counter[str] = Counter()
    examples: dict[str, Counter[str]] = {}
    for words in gold:
        text = "".join(words)
        shadow = simplify(text)
        expected = set(spans(words))
        for start, end, kind in segmenter.segment(text, shadow):
            if (start, end) in expected:
                continue
            inside = [s for s in sorted(expected) if start <= s[0] and s[1] <= end]
            name = kind_of_mistake(lexicon, shadow[start:end], kind, inside, end - start)
            kinds[name] += 1
            shown = "|".join(text[s:e] for s, e in inside) or text[start:end]
            examples.setdefault(name, Counter())[shown] += 1
    for name, count in kinds.most_common():
        shown = " ".join(word for word, _ in examples[name].most_common(8))
        print(f"    {count:5}  {name:46} {shown}")


def kind_of_mistake(
    lexicon: Lexicon, word: str, kind: int, inside: list[tuple[int, int]], length: int
) -> str:
    tiled = sum(end - start for start, end in inside) == length and len(inside) > 1
    if kind in (PERSON, NAME):
        return "a name: GSD cuts it otherwise" if tiled else "a name where GSD has none, or another"
    if kind == NUMBER:
        return "a number: GSD joins what follows"
    if kind != HAN:
        return "Latin letters and signs"
    if tiled:
        known = any(entry.senses for entry in lexicon.entries(word))
        return "a dictionary word that GSD cuts" if known else "a number or made word that GSD cuts"
    if length == 1:
        return "a single character that GSD joins to others"
    return "a word that GSD joins to others, or crosses"


if __name__ == "__main__":
    main()
