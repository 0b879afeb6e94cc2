"""The shapes of lines that are no prose though nothing marks them: entries of lists, chats, parts.

An ingredient with its amount, a word with its pinyin, a clock time with what happens then, who
wrote in a chat and when. One such line may be chance; a rule asks for several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from reader.sources.line_patterns import Pattern

__all__ = [
    "ENTRY_WIDTH",
    "chat_names",
    "entry_shape",
    "is_bare",
    "is_chat_head",
    "is_dated_entry",
    "is_greeting",
    "is_letter_formula",
    "is_old_verse",
    "is_part_name",
    "speaker",
    "speakers",
]

ENTRY_WIDTH = 90

_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"
_COUNT = "一二两兩三四五六七八九十半几幾数數"
_UNIT = (
    "g|kg|ml|ML|mL|l|L|cc|CC|克|千克|公克|公斤|斤|两|兩|毫升|升|公升|个|個|只|隻|颗|顆|粒|片|根|条|條|块|塊|瓣"
    "|勺|匙|杯|碗|包|盒|罐|瓶|把|朵|张|張|元|圓|块钱|塊錢|本|支|枝|份|人份|滴|头|頭|棵|株|袋|件|双|雙|节|節|段"
    "|盘|盤|束|串|副|台|臺|斗|尾|枚|小把|小块|小塊|大匙|小匙|大勺|小勺|茶匙|汤匙|湯匙|公分|厘米|cm|%"
)
_SOME = "适量|適量|少许|少許|若干|酌量|随意|隨意|各半"
_LITTLE = "一点|一點|一点点|一點點|一点儿|一點兒"
_BRACKET = r"(?:\s*[（(][^（）()]{1,24}[）)])?"
_AMOUNT = Pattern(
    rf"[{_HAN}A-Za-z（）()、/]{{1,18}}(?:"
    rf"(?:[\s\u3000：:.…·—-]{{0,12}})(?:[约約各]?\s?\d{{1,6}}(?:[./~～-]\d{{1,6}})?\s?(?:{_UNIT})"
    rf"(?:\d/\d)?|{_SOME})"
    rf"|[\s\u3000：:.…·—-]{{1,12}}(?:[约約各]?[{_COUNT}]{{1,4}}(?:{_UNIT})半?|{_LITTLE}))"
    rf"{_BRACKET}"
)
_LETTERS = "a-zA-Zü'’ ·"
_VOWELS = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜĀÁǍÀĒÉĚÈŌÓǑÒ"
_TONED = f"[{_LETTERS}-]{{0,40}}[{_VOWELS}][{_LETTERS}{_VOWELS}-]{{0,40}}"
_TONE_NUMBERS = "[a-zü]{1,6}[1-5](?: ?[a-zü]{1,6}[1-5]){0,6}"
_ZHUYIN = "[˙ㄅ-ㄩ][ㄅ-ㄩˊˇˋ˙ \u3000]{0,40}"
_WORD = Pattern(
    rf"[{_HAN}]{{1,10}}(?:[（(\[/／|｜][{_HAN}]{{1,10}}[）)\]]?)?"
    rf"(?:[\s\u3000:：,，|｜—–-]{{0,6}}[\[（(/]?"
    rf"(?:{_TONED}|{_TONE_NUMBERS}|{_ZHUYIN})(?!\w).{{0,80}}"
    r"|\s*(?:\t|[=＝]|\s[—–-])\s*[A-Za-z(].{0,80})"
)
_TIME = (
    r"(?:(?:上午|下午|早上|中午|晚上|凌晨)\s?)?\d{1,2}(?:[:：]\d{2}|[点點时時](?:半|\d{1,2}分?)?)"
)
_CLOCK = Pattern(
    rf"{_TIME}(?:\s?(?:[-—–~～至到]{{1,2}})\s?{_TIME})?[\s\u3000]+[^\s\d][^\t]{{0,40}}"
)


def entry_shape(text: str) -> str | None:
    """As which entry of a list the line is shaped: `word`, `amount`, `time`; or none.

    >>> entry_shape("番茄 2个"), entry_shape("机场 jīchǎng airport"), entry_shape("07:30 早饭")
    ('amount', 'word', 'time')
    >>> entry_shape("海裡有一條船")
    """
    if (text[0].isdigit() or text[0] in "上下早中晚凌") and _CLOCK.fullmatch(text):
        return "time"
    if _WORD.fullmatch(text):
        return "word"
    return "amount" if _AMOUNT.fullmatch(text) else None


_BARE = Pattern(rf"[{_HAN}A-Za-z0-9 \u3000、·/（）()-]{{1,16}}")


def is_bare(text: str) -> bool:
    """Whether a line is a few words without any mark: of a list of things to buy, say."""
    return _BARE.fullmatch(text) is not None


_NAME = r"[^\s:：，。！？；\d][^:：，。！？；\t]{0,15}?"
_DAY = r"(?:\d{4}\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?"
_WHEN = (
    rf"(?:(?:{_DAY}|昨天|今天|前天|(?:星期|周|週)[一二三四五六日天])\s*)?"
    r"(?:(?:上午|下午|早上|中午|晚上|凌晨)\s?)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?"
)
_CHAT_HEAD = Pattern(
    rf"({_NAME})[\s\u3000]+[(（\[]?{_WHEN}[)）\]]?|{_WHEN}[\s\u3000]+({_NAME})[:：]?|{_WHEN}"
)
_CHAT_LINE = Pattern(rf"[\[(]?{_WHEN}[\])]?[\t ]+({_NAME})(?:\t|[:：]\s?)\S.*")
_ALONE = Pattern(rf"({_NAME})[:：]")
_SAYS = Pattern(r"([^\s:：，。！？；]{1,10})[:：]\s*\S")


def is_chat_head(text: str) -> bool:
    """Whether a line says who writes in a chat and when, or only when.

    >>> is_chat_head("王芳 10:32"), is_chat_head("李老师 2024-09-02 18:05:11"), is_chat_head("10点")
    (True, True, False)
    """
    return len(text) <= 60 and ":" in text and _CHAT_HEAD.fullmatch(text) is not None


def is_chat_line(text: str) -> bool:
    """Whether a line has it all: when, who, and what (`09:12	小美	早安`)."""
    return ":" in text[:24] and _CHAT_LINE.match(text) is not None


def _writer(text: str) -> str | None:
    """Who writes, of a line that says when: "" for whoever stands before the time."""
    head = _CHAT_HEAD.fullmatch(text) if len(text) <= 60 and ":" in text else None
    if head is not None:
        return "" if head[1] else head[2] or text
    line = _CHAT_LINE.match(text) if ":" in text[:24] else None
    return line[1] if line else None


def chat_names(lines: Sequence[str]) -> frozenset[str] | None:
    """Of a chat, the lines that are a name alone (`王芳：`); None for a text that is no chat."""
    writers = Counter(writer for writer in map(_writer, lines) if writer is not None)
    alone = Counter(text for text in lines if len(text) < 20 and _ALONE.fullmatch(text))
    again = frozenset(name for name, times in alone.items() if times > 1)
    # After the time stands someone who writes again; in a timetable always something else.
    if max(writers.values(), default=0) > 1 and 5 * writers.total() >= len(lines):
        return again
    turns = sum(map(alone.__getitem__, again))
    # The names of everyone who writes, of whom one may have written but once.
    return frozenset(alone) if turns >= max(_TURNS, len(lines) / 4) else None


_TURNS = 3
"""How often people write or speak, at least, in what is a chat or dialogue."""


def speaker(text: str) -> str | None:
    """Who speaks in a line of a dialogue (`王芳：你好`), if it is one."""
    found = _SAYS.match(text)
    return found[1] if found else None


def speakers(lines: Iterable[str]) -> frozenset[str]:
    """Who speaks more than once in a text with lines of dialogue."""
    counts = Counter(filter(None, map(speaker, lines)))
    again = frozenset(name for name, times in counts.items() if times > 1)
    return again if sum(counts[name] for name in again) >= _TURNS else frozenset()


_WEEKDAY = "(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]"
_WEATHER = (
    "(?:天气|天氣)?[:：]?(?:(?:[大小中多阵陣雷暴转轉到有]|毛毛)?[晴阴陰雨雪云雲风風雾霧霾]天?){1,5}"
)
_DATED = Pattern(
    rf"{_DAY}[\s\u3000，,]*(?:{_WEEKDAY}(?:[\s\u3000，,]+{_WEATHER})?|{_WEATHER}"
    rf"|[（(](?:{_WEEKDAY}|[一二三四五六日])[）)][\s\u3000]*(?:{_WEATHER})?)"
)


def is_dated_entry(text: str) -> bool:
    """Whether a line is the date over a part of a diary or chat, with weekday or weather.

    >>> is_dated_entry("3月12日　星期二　晴"), is_dated_entry("2024/03/04（一）")
    (True, True)
    """
    return text[0].isdigit() and len(text) <= 30 and _DATED.fullmatch(text) is not None


_NUMBER = "[0-9０-９一二三四五六七八九十百两兩]{1,4}"
_PARTS_OF_LESSONS = (
    "生[词詞字]表?|句型|新?[词詞][语語](?:表|解释|解釋)?|[词詞][汇彙]表?|单词表?|單字表?|专名|專名|[课課]文|[语語]法(?:点|點|注释|註釋)?"
    "|[练練][习習]题?|作[业業]|[对對][话話]|[会會][话話]|[阅閱][读讀](?:理解)?|[听聽]力|答案|参考答案|參考答案|文化(?:点|點)"
    "|热身|熱身|复习|複習|[儿兒]歌|谜语|謎語"
)
_PARTS_OF_TEXTS = (
    "其[一二三四五六七八九十]{1,2}|原文|[译譯]文|翻[译譯]|白[话話]文?|[注註][释釋解]?|[赏賞]析|[题題]解|作者(?:简介|簡介)|背景|[评評][论論]"
    "|主歌|副歌|[间間]奏|前奏|尾奏|桥段|橋段|合唱|[Vv]erse|[Cc]horus|[Bb]ridge|[Ii]ntro|[Oo]utro"
)
_PARTS_OF_RECIPES = (
    "材料|食材|用料|原料|配料|主料|[辅輔]料|[调調]料|[调調]味料|[酱醬]料|做法|作法|步[骤驟]|[制製]作(?:方法|步[骤驟])"
    "|小[贴貼]士|[提小][示诀訣](?:[:：])?"
)
_PART = Pattern(
    rf"[【\[〔［（(]?(?:{_PARTS_OF_LESSONS}|{_PARTS_OF_TEXTS}|{_PARTS_OF_RECIPES})"
    r"[\s\u3000]?[0-9一二三四五六七八九十]{0,2}[】\]〕］）)]?"
)
_DIVISION = Pattern(
    rf"第\s?{_NUMBER}\s?(?:[课課场場幕景讲講首天日周週关關课題题站]|[单單]元)(?:[\s\u3000:：].{{0,20}})?",
    first="第",
)


def is_part_name(text: str) -> bool:
    """Whether a line names a part of a lesson, recipe, song or annotated text, and no more.

    >>> is_part_name("生词"), is_part_name("【注释】"), is_part_name("第二場"), is_part_name("老师")
    (True, True, True, False)
    """
    return len(text) <= 30 and bool(_PART.fullmatch(text) or _DIVISION.fullmatch(text))


_GREETING = Pattern(
    r"[^。？?：:]{0,12}[你您][们們]?好[！!，,]?"
    r"|(?:(?:[亲親]爱?|親愛|尊敬|敬[爱愛])的|[Dd]ear ).{0,30}"
)
_FORMULA = Pattern("此致|[敬谨謹]?[祝颂頌致][你您]?|敬[礼禮]|[专專耑]此|[顺順即][颂頌]|此[上复覆]")


def is_greeting(text: str) -> bool:
    """Whether a letter begins with the line: 小雨，你好！"""
    return len(text) <= 40 and _GREETING.fullmatch(text) is not None


def is_letter_formula(text: str) -> bool:
    """Whether a line is half of what a letter ends with: 此致, 敬礼."""
    return len(text) <= 6 and _FORMULA.fullmatch(text.rstrip("！!，,：:")) is not None


_MODERN = frozenset("的了着著吗嗎呢吧们們这這那啊呀说說你您他她它就很没沒个個怎什么麼")
_OLD_LINE = Pattern(rf"(?:[{_HAN}]{{2,9}}[，、。！？；])+", first="")


def is_old_verse(text: str) -> bool:
    """Whether a line has short clauses in the old language, as a ci poem has them.

    >>> is_old_verse("转朱阁，低绮户，照无眠。"), is_old_verse("他来了，坐下了。")
    (True, False)
    """
    return (
        len(text) <= 24
        and _OLD_LINE.fullmatch(text) is not None
        and _MODERN.isdisjoint(text)
        and any(mark in text[:-1] for mark in "，。？！；、")
    )
