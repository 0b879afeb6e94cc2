"""Characters that a machine may have written for others: `python training/shared_forms.py`.

Writes `reader/data/shared_forms.tsv` of the dictionary: to be run again when that has changed.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations, permutations
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from reader.lexicon.compile import gather_words
from reader.lexicon.costs import Word
from reader.lexicon.lexicon import data_files
from reader.scripts import convert

OUT = Path(__file__).parent.parent / "reader" / "data" / "shared_forms.tsv"
HEAD = """\
# Traditional characters, and the others that each may have been written for by a machine, because
# Simplified writes both alike: 制 for 製. Counted over CC-CEDICT by training/shared_forms.py.
# character	others
"""

SEEN = 2
"""A character that stands opposite a Simplified one in fewer entries does not count."""
ALIKE = 0.1
"""Two characters are spellings of one when this share of the rarer's words has both forms."""
# Spellings that texts by people mix, whatever the dictionary prefers.
_ALIKE = (
    "周週 采採 游遊 布佈 占佔 欲慾 托託 志誌 卷捲 回迴 局侷 杰傑 迹跡蹟 岩巖 台臺檯颱 "
    "才纔 凶兇 吊弔 秘祕 雇僱 恒恆 污汙 泄洩 熏薰燻 沉沈 升昇陞 丘坵 贊讚 克剋 尸屍 咨諮 "
    "并並併 梁樑 雕鵰 向嚮 困睏 尽盡儘 板闆 喂餵 症癥 蒙矇濛 霉黴 簽籤 扎紮 腌醃 挽輓 "
    "毀燬譭 蕩盪 嘆歎 鑒鑑 淨凈 裡裏 眾衆 麼麽 床牀 群羣 峰峯 線綫 污汚 佣傭 伙夥 奸姦 "
    "痴癡 侄姪 效傚 幸倖 巨鉅 煙菸 濕溼 仿倣 閒閑 鏽銹 砲炮 盤槃 鋪舖 凄淒悽 涌湧 說説 "
    "帘簾 借藉 疏疎 唇脣 杯盃 別彆 分份 獲穫 須鬚 扣釦 恤卹 你妳 他她 背揹 坐座 愈癒 "
    "念唸 御禦 飢饑 艷豔 辟闢 鹵滷 釐厘 槓杠 杆桿 乃迺 豬猪 蘇甦 郁鬱 娘孃 考攷 暗闇 "
    "凌淩 累纍"
).split()


def shared_forms(words: Iterable[Word]) -> dict[str, str]:
    """For each Traditional character the others that it may have been written for by a machine,
    because Simplified writes both alike.

    Counted over the dictionary: 製 and 制 both stand opposite 制, 復 複 覆 opposite 复. Pairs that
    good Traditional texts use for each other (台/臺, 周/週) are no mistakes and are left out.
    """
    simplified: list[str] = []
    traditional: list[str] = []
    both: Counter[frozenset[str]] = Counter()
    for word in words:
        listed = word.entries or word.phrases
        forms = {
            entry.traditional: entry.reading
            for entry in listed
            if not entry.kind.variant and entry.simplified == word.text
        }
        simplified += [word.text] * len(forms)
        traditional += forms
        if len(forms) > 1:
            both.update(_spellings(forms))
    opposite = _count_opposite("".join(simplified), "".join(traditional))
    shared: dict[str, set[str]] = defaultdict(set)
    for counts in opposite.values():
        family = [character for character, count in counts.items() if count >= SEEN]
        for a, b in permutations(family, 2):
            if not _alike(a, b, both[frozenset((a, b))], min(counts[a], counts[b])):
                shared[a].add(b)
    return {a: "".join(sorted(others)) for a, others in sorted(shared.items())}


def _count_opposite(simplified: str, traditional: str) -> dict[str, Counter[str]]:
    """How often the characters of two texts stand opposite each other, by the first text's; of
    characters that stand opposite themselves alone there is nothing."""
    opposite: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b in zip(simplified, traditional, strict=True):
        if a != b:
            opposite[a][b] += 1
    # Half of the characters, which would take half of the time.
    seen = Counter(simplified)
    for a, counts in opposite.items():
        counts[a] = seen[a] - counts.total()
    return opposite


def _spellings(forms: Mapping[str, str]) -> Iterable[frozenset[str]]:
    """The pairs of characters by which two spellings of one word, read alike, differ."""
    for (one, reading), (other, another) in combinations(forms.items(), 2):
        if reading == another:
            pairs = zip(one, other, strict=True)
            yield from (frozenset(pair) for pair in pairs if pair[0] != pair[1])


def _alike(a: str, b: str, both: int, fewer: int) -> bool:
    """Whether two characters are spellings of one; `both`: in how many words they are."""
    if both >= max(2, ALIKE * fewer) or _standard(a) == _standard(b):
        return True
    return any(a in spellings and b in spellings for spellings in _ALIKE)


def _standard(character: str) -> str:
    """A character without the preferences of a region: 為 and 爲 are one."""
    return convert(convert(character, "hk2t"), "tw2t")


def main() -> None:
    shared = shared_forms(gather_words(data_files()).values())
    rows = "".join(f"{character}\t{others}\n" for character, others in shared.items())
    OUT.write_text(HEAD + rows, encoding="utf-8")


if __name__ == "__main__":
    main()
