"""Text of Taiwan and Hong Kong made Simplified by OpenCC and Traditional again, against itself.

    python benchmarks/scripts.py DATA [--hong-kong FILE...]

DATA holds `words/zh_gsd-ud-dev.conllu` (Traditional), `words/zh_gsdsimp-ud-dev.conllu`, the same
sentences in Simplified, and `natural/taiwan.txt`; FILE is a text of Hong Kong. Taiwan's text is
made Simplified by `tw2s`, and Traditional by `s2tw` and by reader; Hong Kong's by `hk2s`, `s2hk`.

How characters are counted. *strict*: Han characters that the region itself writes so, by OpenCC's
tables of variants: 裏, 着, 羣 do not count in Taiwan, nor 裡, 說 and 群 in Hong Kong. 台 and 臺 are
one in Taiwan, where people mix them; OpenCC writes 臺, and reader 台. *standard*: of these, those
in words that are spelt as CC-CEDICT or OpenCC spells them, so that slips of the original (批複,
聯系, 依托 beside 依託) do not count; words that CC-CEDICT does not have count.
Spellings that are both right (計劃 and 計畫, 搜集 and 蒐集) are wrong where they are not
the original's.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from reader.annotation import Annotator
from reader.lexicon import Lexicon
from reader.model import Block
from reader.options import AnnotateOptions, Region
from reader.scripts import HONG_KONG, TAIWAN, convert, is_han, to_region, to_traditional

REGIONS = {TAIWAN: (Region.TAIWAN, "tw2s", "s2tw"), HONG_KONG: (Region.HONG_KONG, "hk2s", "s2hk")}
ONE = {TAIWAN: (("台", "臺"),), HONG_KONG: ()}
"""What counts as one character in a region."""


class Text(NamedTuple):
    """A text to be measured."""

    name: str
    language: str
    traditional: Sequence[str]
    simplified: Sequence[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=Raw)
    parser.add_argument("data", type=Path)
    parser.add_argument("--hong-kong", type=Path, nargs="*", default=())
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show so many kinds")
    options = parser.parse_args()
    lexicon = Lexicon.default()
    print(f"{'wrong in 1,000':24}{'strict':>28}{'standard':>22}")
    print(f"{'':24}{'characters':>10}{'OpenCC':>10}{'reader':>8}{'OpenCC':>14}{'reader':>8}")
    for text in texts(options.data, options.hong_kong):
        made = {"OpenCC": opencc(text), "reader": ours(text, lexicon)}
        strict, standard = counted(text), spelt(text, lexicon)
        kinds: Counter[str] = Counter()
        line = f"{text.name:24}{sum(map(len, strict)):10}"
        for number, places in enumerate((strict, standard)):
            total = sum(map(len, places))
            for system, lines in made.items():
                wrong = list(differences(text, lines, places))
                width = 8 if system == "reader" else 10 + 4 * number
                line += f"{1000 * len(wrong) / total:{width}.2f}"
                if system == "reader" and places is standard:
                    kinds.update(wrong)
        print(line)
        for kind, count in kinds.most_common(options.errors):
            print(f"    {count:4} {kind}")


class Raw(argparse.RawDescriptionHelpFormatter):
    """The docstring as it is."""


# ---- the texts ----


def texts(data: Path, hong_kong: Sequence[Path]) -> Iterator[Text]:
    pair = [sentences(data / "words" / name) for name in ("zh_gsd-ud-dev.conllu", SIMPLIFIED)]
    yield Text("GSD, as GSDSimp has it", TAIWAN, *pair)
    yield simplified_text("GSD", TAIWAN, pair[0])
    taiwan = (data / "natural" / "taiwan.txt").read_text("utf-8").splitlines()
    yield simplified_text("taiwan.txt", TAIWAN, taiwan)
    for path in hong_kong:
        yield simplified_text(path.name, HONG_KONG, path.read_text("utf-8").splitlines())


SIMPLIFIED = "zh_gsdsimp-ud-dev.conllu"


def sentences(path: Path) -> list[str]:
    mark = "# text = "
    lines = path.read_text("utf-8").splitlines()
    return [line.removeprefix(mark) for line in lines if line.startswith(mark)]


def simplified_text(name: str, language: str, traditional: Sequence[str]) -> Text:
    config = REGIONS[language][1]
    return Text(name, language, traditional, [convert(line, config) for line in traditional])


# ---- what is made of them ----


def opencc(text: Text) -> list[str]:
    return [convert(line, REGIONS[text.language][2]) for line in text.simplified]


def ours(text: Text, lexicon: Lexicon) -> list[str]:
    blocks = annotated(text, lexicon)
    return ["".join(token.traditional for token in block.tokens) for block in blocks]


def annotated(text: Text, lexicon: Lexicon) -> list[Block]:
    options = AnnotateOptions(region=REGIONS[text.language][0])
    annotator = Annotator(lexicon, None, options, "zh-Hans", layers=["scripts"])
    return annotator.annotate([Block(line) for line in text.simplified])


# ---- what is counted ----


def counted(text: Text) -> list[set[int]]:
    """The places of each line that count strictly."""
    return [places(line, text.language) for line in text.traditional]


def places(line: str, language: str) -> set[int]:
    # A variant of the other region is none of this region's standard either.
    common = convert(convert(line, "tw2t"), "hk2t")
    standard = fold(to_region(common, language), language)
    pairs = zip(fold(line, language), standard, strict=True)
    return {at for at, (own, right) in enumerate(pairs) if own == right and is_han(own)}


def spelt(text: Text, lexicon: Lexicon) -> list[set[int]]:
    """Those of the strict places that stand in words spelt as dictionary or OpenCC spell them."""
    found = []
    lines = zip(text.traditional, annotated(text, lexicon), counted(text), strict=True)
    for line, block, strict in lines:
        if len(line) == len(block.text):
            for start, end, token in block.token_spans():
                if not is_spelt(line[start:end], token.text, text.language, lexicon):
                    strict -= set(range(start, end))
        found.append(strict)
    return found


def is_spelt(written: str, simplified: str, language: str, lexicon: Lexicon) -> bool:
    forms = {entry.traditional for entry in lexicon.brief_entries(simplified)}
    if not forms:
        return True
    known = {to_region(form, language) for form in forms} | {to_traditional(simplified, language)}
    return fold(written, language) in {fold(form, language) for form in known}


def fold(text: str, language: str) -> str:
    for one, other in ONE[language]:
        text = text.replace(one, other)
    return text


def differences(text: Text, made: Sequence[str], places: Sequence[set[int]]) -> Iterator[str]:
    """The original's and the made character, where they differ at places that count."""
    for line, other, counted in zip(text.traditional, made, places, strict=True):
        if len(line) == len(other):
            for at in sorted(counted):
                if fold(line[at], text.language) != fold(other[at], text.language):
                    yield line[at] + other[at]


if __name__ == "__main__":
    main()
