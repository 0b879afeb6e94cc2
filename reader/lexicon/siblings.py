"""Traditional characters that Simplified writes alike, so that a machine may take one for another.

Counted over the dictionary: 製 and 制 both stand opposite 制, 復 複 覆 opposite 复. Pairs that
good Traditional texts use for each other (台/臺, 周/週) are no slips and are left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations, permutations

from reader.lexicon.entry import LexEntry
from reader.scripts import convert

SEEN = 2
"""A character opposite another in fewer articles is no sibling."""
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


def siblings(entries: Mapping[str, Iterable[LexEntry]]) -> dict[str, str]:
    """For each Traditional character the others that it may have been written for."""
    opposite: dict[str, Counter[str]] = defaultdict(Counter)
    both: Counter[frozenset[str]] = Counter()
    for word, listed in entries.items():
        forms = {
            entry.traditional: entry
            for entry in listed
            if not entry.variant and entry.simplified == word
        }
        for form in forms:
            for character, simplified in zip(form, word, strict=True):
                opposite[simplified][character] += 1
        both.update(_spellings(forms))
    found: dict[str, set[str]] = defaultdict(set)
    for counter in opposite.values():
        family = [character for character, count in counter.items() if count >= SEEN]
        for a, b in permutations(family, 2):
            if not _alike(a, b, both[frozenset((a, b))], min(counter[a], counter[b])):
                found[a].add(b)
    return {a: "".join(sorted(others)) for a, others in sorted(found.items())}


def _spellings(forms: Mapping[str, LexEntry]) -> Iterable[frozenset[str]]:
    """The pairs of characters by which two spellings of one word, read alike, differ."""
    for one, other in combinations(forms.values(), 2):
        if one.syllables == other.syllables:
            pairs = zip(one.traditional, other.traditional, strict=True)
            yield from (frozenset(pair) for pair in pairs if pair[0] != pair[1])


def _alike(a: str, b: str, both: int, fewer: int) -> bool:
    """Whether two characters are spellings of one; `both`: in how many words they are."""
    if both >= max(2, ALIKE * fewer) or _standard(a) == _standard(b):
        return True
    return any(a in spellings and b in spellings for spellings in _ALIKE)


def _standard(character: str) -> str:
    """A character without the preferences of a region: 為 and 爲 are one."""
    return convert(convert(character, "hk2t"), "tw2t")
