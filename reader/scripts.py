"""Simplified and Traditional: detection and conversion, and the one door to OpenCC.

What aligns a text with its other script works position by position: `simplify` and
`to_traditional` return exactly as many code points as they were given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from reader.errors import OptionError
from reader.files import read_data
from reader.model import is_language

if TYPE_CHECKING:
    from opencc import OpenCC

TAIWAN, HONG_KONG = "zh-Hant-TW", "zh-Hant-HK"
"""BCP 47 of the two standards of Traditional."""
SAMPLE = 20_000
"""Code points that `detect` looks at, at most."""

_CHINESE = re.compile(r"(?:zh|cmn|zho|chi|lzh|gan|hsn|hak|cdo|cjy|mnp|cpx|und|mul)(?:-|$)", re.I)
_TAGS = {
    **dict.fromkeys(("zh-cn", "zh-sg", "zh-hans-cn", "cn", "chs", "zh-chs"), "zh-Hans"),
    **dict.fromkeys(("zh-tw", "tw"), "zh-Hant-TW"),
    **dict.fromkeys(("zh-hk", "zh-mo", "hk"), "zh-Hant-HK"),
    **dict.fromkeys(("cht", "zh-cht"), "zh-Hant"),
    **dict.fromkeys(("chinese", "中文", "汉语", "漢語"), "zh"),
    **dict.fromkeys(("简体中文", "简体", "簡體中文"), "zh-Hans"),
    **dict.fromkeys(("繁體中文", "繁體", "繁体中文", "正體中文"), "zh-Hant"),
}
"""Regions in place of scripts, as most pages have them; and what is no tag, though meant as one."""
_NOT_HAN = re.compile(r"-(?:Latn|Bopo|Cyrl|Brai)(?:-|$)", re.I)
_JUDGED = 4096
"""Code points by which it is judged whether a text is in the language that it is said to be in."""
_MANY = 100
"""Han characters that no Japanese or Korean text has without any kana or hangul."""
_JAPANESE_OR_KOREAN = re.compile("[\u3041-\u30ff\uac00-\ud7a3]")

# The most frequent characters that exist in one script only (二简字 and shared forms left out).
_SIMPLIFIED = frozenset(
    "们这个来说时为国会过对发学没还经间问现给动长开见关点书实头电样无业两将员产战场气听传车门边"
    "东华军觉难马题该论轻数别报写记识认语让请谢谁课读张万与专丽义乐习买乱争亚亿仅从价众优伟伤伦"
    "杂应标树机构权条极杰栏检楼欢欧历残毕汉沟济测满热爱状独环节视规觅亲议讨训设访证评词译试诗话"
    "询详误诱调谈谋谓财责败货质购贸费资赏赛赵赶跃践车轨转轮软载较辆辉输边达迁运进远违连迟适选遗"
    "邓郑释钟钢钱铁银锁错闪闭闲闻阵阳阴阶际陆陈险随隐页顶项须顾顿预领频风飞饭饮馆驱骂验鱼鸡鸟麦"
)
TRADITIONAL = frozenset(
    "們這個來說時為國會過對發學沒還經間問現給動長開見關點書實頭電樣無業兩將員產戰場氣聽傳車門邊"
    "東華軍覺難馬題該論輕數別報寫記識認語讓請謝誰課讀張萬與專麗義樂習買亂爭亞億僅從價眾優偉傷倫"
    "雜應標樹機構權條極傑欄檢樓歡歐歷殘畢漢溝濟測滿熱愛狀獨環節視規覓親議討訓設訪證評詞譯試詩話"
    "詢詳誤誘調談謀謂財責敗貨質購貿費資賞賽趙趕躍踐軌轉輪軟載較輛輝輸達遷運進遠違連遲適選遺"
    "鄧鄭釋鐘鋼錢鐵銀鎖錯閃閉閒聞陣陽陰階際陸陳險隨隱頁頂項須顧頓預領頻風飛飯飲館驅罵驗魚雞鳥麥"
    "衆爲麽臺灣體壓醫廠"
)
"""Of the most frequent characters those that only Traditional has."""
# How the two standards of Traditional write the same words, and what only one of them says.
_TAIWAN = frozenset("裡衛啟偽")
_HONG_KONG = frozenset("裏衞温綫麪羣峯啓汚僞脱説閲税悦録嘅咗喺佢嗰嘢唔啲嚟睇嗌冇粧糭枱敍牀")
_TAIWAN_WORDS = (
    "軟體", "網路", "資訊", "計程車", "捷運", "影片", "透過", "新台幣", "臺灣", "腳踏車", "品質",
)  # fmt: skip
_HONG_KONG_WORDS = ("質素", "的士", "港鐵", "港元", "巴士", "港府", "立法會", "特首", "新界")
_ZHE = ("着", "著")
"""Written where Taiwan writes 著 in every sense, and Hong Kong 着 in all but 著作."""
_CLEAR = 2
"""One region needs this many times the other's evidence, and this many in all."""

_SCRIPTS = ("zh-Hans", "zh-Hant")
_PLAINLY = 4
"""A text is plainly in a script that has more than this many times the other's characters."""

# What `tw2s` leaves and `hk2s` knows. (`t2s` and `hk2s` leave 著 even where it is 着.)
_LEFT_TO_HK = "敍枱粧糭薴衞衹"
_OF_HONG_KONG = re.compile(f"[{_LEFT_TO_HK}]")
_SIMPLIFIED_TOO = frozenset("著拚么乾夥徵藉摺於瞭覆麴淩昇捱吒袷")
"""Characters that OpenCC simplifies though Simplified texts have them, in some words or names."""
_KEPT = frozenset("著徵牠甚祇妳徬")
"""Characters of words whose form is not OpenCC's: `_kept_forms`."""
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffc")
"""Lone surrogates cannot be encoded, so OpenCC never sees them."""


def detect(texts: Iterable[str], said: str = "") -> str:
    """The script and, of Traditional, the region of a text given in pieces, as BCP 47.

    `zh-Hans`, `zh-Hant`, `zh-Hant-TW` or `zh-Hant-HK`, by what characters occur that only one
    script or region writes. Looks at the first 20,000 code points. A text that both scripts
    write alike is `zh-Hans`. The language that it is `said` to be in is believed, unless it says
    the one script and the text is plainly in the other.

    >>> detect(["他說這裏的衞生很好"])
    'zh-Hant-HK'
    """
    sample = _sample(texts)
    simplified = sum(map(_SIMPLIFIED.__contains__, sample))
    traditional = sum(map(TRADITIONAL.__contains__, sample))
    if said not in ("", "zh"):
        other = simplified if said.startswith("zh-Hant") else traditional
        own = simplified + traditional - other
        if not said.startswith(_SCRIPTS) or other <= _PLAINLY * own:
            return said
    if not simplified and not traditional:
        return _region(sample) if simplify(sample) != sample else "zh-Hans"
    return _region(sample) if traditional > simplified else "zh-Hans"


def _sample(texts: Iterable[str]) -> str:
    pieces: list[str] = []
    left = SAMPLE
    for text in texts:
        pieces.append(text[:left])
        left -= len(pieces[-1])
        if left <= 0:
            break
    return "\n".join(pieces)


def _region(sample: str) -> str:
    taiwan = _evidence(sample, _TAIWAN, _TAIWAN_WORDS)
    hong_kong = _evidence(sample, _HONG_KONG, _HONG_KONG_WORDS)
    # 著 alone says little (both write 著名), 着 much.
    hong_kong += 2 * sample.count(_ZHE[0])
    if hong_kong >= _CLEAR and hong_kong >= _CLEAR * taiwan:
        return "zh-Hant-HK"
    if taiwan >= _CLEAR and taiwan >= _CLEAR * hong_kong:
        return "zh-Hant-TW"
    return "zh-Hant"


def _evidence(sample: str, characters: frozenset[str], words: tuple[str, ...]) -> int:
    count = sum(character in characters for character in sample)
    return count + sum(map(sample.count, words))


def tag_of(language: str) -> str:
    """A language tag that names the script; "" for what is no language tag.

    >>> [tag_of(said) for said in ("zh_CN", "zh-tw", "cn", "中文", "fr", "Français")]
    ['zh-Hans', 'zh-Hant-TW', 'zh-Hans', 'zh', 'fr', '']
    """
    tag = language.strip().replace("_", "-")
    return _TAGS.get(tag.lower()) or (tag if is_language(tag) else "")


def is_chinese(language: str) -> bool:
    """Whether text so declared may be Chinese in Han characters; undeclared text may.

    >>> [is_chinese(tag) for tag in ("", "zh-Hant-TW", "zh_CN", "cn", "en", "ja", "zh-Latn-pinyin")]
    [True, True, True, True, False, False, False]
    """
    if not language:
        return True
    tag = tag_of(language)
    return bool(_CHINESE.match(tag)) and not _NOT_HAN.search(tag)


def is_misdeclared(language: str, text: str) -> bool:
    """Whether `text` is Chinese although it is said to be in `language`.

    It is where most of its letters are Han characters; of Japanese and Korean, which have such too,
    where there are many of them and no kana or hangul. Its beginning is judged.

    >>> is_misdeclared("en-US", "他在银行工作 (OK)。"), is_misdeclared("en", "Beijing (北京)")
    (True, False)
    """
    if is_chinese(language):
        return False
    text = text[:_JUDGED]
    han = sum(map(is_han, text))
    if language.split("-")[0].lower() in ("ja", "ko", "jpn", "kor"):
        return han >= _MANY and not _JAPANESE_OR_KOREAN.search(text)
    return 2 * han > sum(map(str.isalpha, text))


def simplify(text: str, language: str = "") -> str:
    """`text` in Simplified characters, position by position.

    By OpenCC's `tw2s`, then `hk2s` for what only Hong Kong writes. Of a text whose `language` is
    `zh-Hans` those characters stay that Simplified writes too (论著, 多么, 乾隆, 瞭望).

    >>> simplify("說着、說著：衞生")
    '说着、说着：卫生'
    """
    return _finished(text, _same_length(text, "tw2s"), language)


def simplify_each(texts: Sequence[str], language: str = "") -> list[str]:
    """What `simplify` gives of each text, by one call of OpenCC.

    Its dictionaries are larger than a processor's cache, so that each call begins slowly.

    >>> simplify_each(["頭髮", "衞生"])
    ['头发', '卫生']
    """
    return [
        _finished(text, simplified, language)
        for text, simplified in zip(texts, _each(texts, "tw2s"), strict=True)
    ]


def _finished(text: str, simplified: str, language: str) -> str:
    """What `tw2s` made of `text`, with the characters changed that it leaves or that stay."""
    if any(map(simplified.__contains__, _LEFT_TO_HK)):
        simplified = _without_hong_kong(simplified)
    if not _KEPT.isdisjoint(text):
        simplified = _with_kept_forms(text, simplified)
    if simplified == text or not language.startswith("zh-Hans"):
        return simplified
    return "".join(
        old if old in _SIMPLIFIED_TOO else new for old, new in zip(text, simplified, strict=True)
    )


def _without_hong_kong(text: str) -> str:
    """The lines that have a character of Hong Kong's by `hk2s`, which would change more in others:
    a list of words is one text."""
    ends = [0]
    lines: list[str] = []
    for match in _OF_HONG_KONG.finditer(text):
        if match.start() >= ends[-1]:
            start = text.rfind("\n", ends[-1], match.start()) + 1 or ends[-1]
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            lines += text[ends[-1] : start], text[start:end]
            ends.append(end)
    lines[1::2] = _each(lines[1::2], "hk2s")
    return "".join((*lines, text[ends[-1] :]))


# Words that OpenCC takes for others: 論著 is no 着.


def _with_kept_forms(text: str, simplified: str) -> str:
    parts: list[str] = []
    reach = 0
    for match in _kept_words().finditer(text):
        start, end = match.span()
        parts += simplified[reach:start], _kept_forms()[match.group()]
        reach = end
    return "".join((*parts, simplified[reach:]))


@cache
def _kept_forms() -> dict[str, str]:
    """The Simplified form of each, from `data/traditional.tsv`."""
    lines = read_data("traditional.tsv").decode().splitlines()
    cells = [line.split("\t") for line in lines if line.startswith("simplified\t")]
    return {cell[3]: cell[1] for cell in cells if len(cell[3]) > 1}


@cache
def _kept_words() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _kept_forms())))


_TO_TRADITIONAL = {TAIWAN: "s2tw", HONG_KONG: "s2hk"}


def to_traditional(text: str, language: str = TAIWAN) -> str:
    """Simplified `text` in the Traditional characters of a region, position by position.

    By OpenCC's `s2tw` or `s2hk`; of a `language` that says no region, Taiwan's. OpenCC writes 臺 as
    Taiwan's ministry does; most people there write 台.

    >>> to_traditional("头发", "zh-Hant-TW"), to_traditional("台湾")
    ('頭髮', '台灣')
    """
    return _same_length(text, _TO_TRADITIONAL.get(language, "s2tw")).replace("臺", "台")


def to_traditional_each(texts: Sequence[str], language: str = TAIWAN) -> list[str]:
    """What `to_traditional` gives of each text, by one call of OpenCC.

    >>> to_traditional_each(["头发", "卫生"], "zh-Hant-HK")
    ['頭髮', '衞生']
    """
    return _each(texts, _TO_TRADITIONAL.get(language, "s2tw"))


def to_region(text: str, language: str, own: str = TAIWAN) -> str:
    """Traditional `text` in the characters of a region, position by position; `own` is its own.

    >>> to_region("裡面說著", "zh-Hant-HK"), to_region("裏面説着", "zh-Hant-TW", "zh-Hant-HK")
    ('裏面説着', '裡面說著')
    """
    if own == HONG_KONG != language:
        text = _same_length(text, "hk2t")
    if language != HONG_KONG:
        return _same_length(text, "t2tw")
    converted = _same_length(_same_length(text, "tw2t"), "t2hk")
    # Taiwan's 參 is taken for ginseng, whose character it once was.
    return converted.replace("蔘", "參") if "參" in text else converted


def convert(text: str, config: str) -> str:
    """`text` by any of OpenCC's configs; those with `p` change words, and so the length.

    Raises `OptionError` for a config that OpenCC does not have.

    >>> convert("硬體", "tw2sp")
    '硬件'
    """
    converter = _converter(config)
    try:
        return str(converter.convert(text))
    except UnicodeEncodeError:
        return _restored(str(converter.convert(text.translate(_SURROGATES))), text)


def _same_length(text: str, config: str) -> str:
    if not text or text.isascii():
        return text
    converted = convert(text, config)
    if len(converted) == len(text):
        return converted
    return "".join([_one(character, config) for character in text])


def _each(texts: Sequence[str], config: str) -> list[str]:
    # No word that OpenCC knows has a line feed in it, so that none crosses from text to text.
    whole = "\n".join(texts)
    converted = convert(whole, config)
    bounds = list(accumulate([len(text) + 1 for text in texts], initial=0))
    if len(converted) != len(whole) or any(converted[at - 1] != "\n" for at in bounds[1:-1]):
        # A NUL, say, at which OpenCC stops.
        return [_same_length(text, config) for text in texts]
    return [converted[start : end - 1] for start, end in pairwise(bounds)]


@lru_cache(maxsize=8192)
def _one(character: str, config: str) -> str:
    converted = convert(character, config)
    return converted if len(converted) == 1 else character


def _restored(converted: str, text: str) -> str:
    """`converted` with the surrogates of `text` back in their places, where lengths allow."""
    if len(converted) != len(text):
        return converted
    return "".join(
        old if "\ud800" <= old <= "\udfff" else new
        for old, new in zip(text, converted, strict=True)
    )


def let_go() -> None:
    """Let go of OpenCC's dictionaries, some 30 MB, until they are wanted again."""
    _converter.cache_clear()


@lru_cache(maxsize=16)
def _converter(config: str) -> OpenCC:
    import opencc

    name = config.removesuffix(".json")
    known = {entry.removesuffix(".json") for entry in opencc.CONFIGS}
    if name not in known:
        choices = ", ".join(sorted(known))
        raise OptionError(f"OpenCC has no config {config!r}; it has {choices}")
    # Without the rare characters of extension B and beyond that few fonts and no dictionary have.
    return opencc.OpenCC(name, include_tofu_risk_dictionaries=False)


# Han characters are recognised without a pattern: a class of characters beyond U+FFFF takes `re`
# two milliseconds to compile, and the first character of a Chinese text is nearly always one.


def is_han(character: str) -> bool:
    """Whether a character is Han: an ideograph, one for compatibility, or 〇."""
    return (
        "\u3400" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003ffff"
        or character == "〇"
    )


def has_han(text: str) -> bool:
    """Whether any character of `text` is Han.

    >>> has_han("No. 一"), has_han("Nº 1")
    (True, False)
    """
    return not text.isascii() and any(map(is_han, text))


UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
"""For a pattern's class: what does not show and says where a line may break, or joins letters."""
_UNSEEN = re.compile(f"[{UNSEEN}]")
_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BESIDE_HAN = re.compile(f"(?<=[{_HAN}])[{UNSEEN}]++|(?<![{UNSEEN}])[{UNSEEN}]++(?=[{_HAN}])")


def without_unseen(text: str) -> str:
    """`text` without soft hyphens, zero-width spaces and the like beside Han characters.

    There they are no part of the text, and cut words in two.

    >>> without_unseen("银\\u200b行, e\\u00admail")
    '银行, e\\xadmail'
    """
    return _BESIDE_HAN.sub("", text) if _UNSEEN.search(text) else text


def is_wide(character: str) -> bool:
    """Whether a character is an East Asian one, punctuation included."""
    return (
        "\u2e80" <= character <= "\ua4cf"
        or "\uac00" <= character <= "\ud7a3"
        or "\uf900" <= character <= "\ufaff"
        or "\ufe30" <= character <= "\ufe4f"
        or "\uff00" <= character <= "\uff60"
        or "\U00020000" <= character <= "\U0003ffff"
    )
