"""Annotation alone, text to words with readings: this library against jieba and pypinyin.

    python benchmarks/annotation.py TEXT [--runs 5] [--data DATA]

jieba cuts each paragraph, converted by OpenCC as in `obvious.py`, and pypinyin reads it word by
word. Each runs in processes of its own, warmed up by a sentence; the text is read twice, since what
was learnt of words stays. With DATA (the folder with `polyphones/`) also how many readings are
right, by `accuracy.py` (needs the extra `train`).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
SAMPLE = 2000
"""Sentences of g2pL dev, which trains nothing."""
WARM_UP = "他說：「頭髮長長了，銀行還沒開門。」"

Annotate = Callable[[Sequence[str]], None]


def ours() -> Annotate:
    from reader import annotate
    from reader.model import Block, Document, Metadata

    layers = ["readings", "notes", "corrections", "sentences", "scripts"]

    def run(paragraphs: Sequence[str]) -> None:
        annotate(Document(Metadata(), tuple(map(Block, paragraphs))), layers=layers)

    return run


def peers() -> Annotate:
    import jieba
    from opencc import OpenCC
    from pypinyin import Style, lazy_pinyin

    jieba.setLogLevel("ERROR")
    converter = OpenCC("tw2s")

    def run(paragraphs: Sequence[str]) -> None:
        for paragraph in paragraphs:
            for word in jieba.cut(converter.convert(paragraph)):
                lazy_pinyin(word, style=Style.TONE)

    return run


SYSTEMS = {"reader": ours, "jieba+pypinyin": peers}


def once(system: str, text: Path) -> None:
    """Print the processor seconds of reading a text, and of reading it again."""
    run = SYSTEMS[system]()
    run([WARM_UP])
    paragraphs = list(filter(None, text.read_text(encoding="utf-8").split("\n")))
    for _ in range(2):
        start = time.process_time()
        run(paragraphs)
        print(time.process_time() - start)


def accuracy(folder: Path) -> None:
    """Print how many in a hundred each system reads right, in each script."""
    sys.path.insert(0, str(HERE))
    from accuracy import LANGUAGES, Ours, answers, by_jieba_pypinyin

    from training.data import read_sentences

    examples = read_sentences(folder / "polyphones", "g2pl-dev")[:SAMPLE]
    for name, system in (("reader", Ours()), ("jieba+pypinyin", by_jieba_pypinyin)):
        for script in ("S", "T-tw"):
            answered = answers(system, examples, LANGUAGES[script])
            right = sum(spoken == example.syllable for example, spoken in answered)
            print(f"{name} {script} {100 * right / len(answered):.1f}")


def report(text: Path, runs: int, data: Path | None) -> None:
    """The table, in Markdown."""
    size = len(text.read_text(encoding="utf-8"))
    right: dict[str, list[str]] = {name: [] for name in SYSTEMS}
    for line in said("--accuracy", data).splitlines() if data else ():
        name, _, percent = line.split()
        right[name].append(percent)
    tried: dict[str, list[list[float]]] = {name: [] for name in SYSTEMS}
    for _ in range(runs):
        for name, found in tried.items():
            found.append([float(line) for line in said("--system", name, text).split()])
    print("| annotation alone | CPU s | read again | characters/s | right, Hans | right, Hant |")
    print("|---|---|---|---|---|---|")
    for name, found in tried.items():
        first, again = (median(seconds) for seconds in zip(*found, strict=True))
        scores = " | ".join(right[name] or ["", ""])
        print(
            f"| {name} | {first:.2f} | {again:.2f} | {size / first:,.0f} | {scores} |", flush=True
        )


def said(*arguments: str | Path | None) -> str:
    """What a process of its own prints."""
    command = [sys.executable, HERE / "annotation.py", *arguments]
    return subprocess.run(
        list(map(str, command)), check=True, capture_output=True, text=True
    ).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path, nargs="?")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--system", choices=list(SYSTEMS), help="one run of one system")
    parser.add_argument("--accuracy", type=Path, metavar="DATA", help="accuracies alone")
    given = parser.parse_args()
    if given.accuracy:
        accuracy(given.accuracy)
    elif given.text is None:
        parser.error("no text")
    elif given.system:
        once(given.system, given.text)
    else:
        report(given.text, given.runs, given.data)


if __name__ == "__main__":
    main()
