"""The shapes of lines that are no prose though nothing marks them: entries of lists, rows, parts.

An ingredient with its amount, a word with its pinyin, a clock time with what happens then, the
cells of a table, who wrote in a chat and when. One such line may be chance; a rule asks for more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

import reader.sources.line_patterns as patterns
from reader.files import read_data
from reader.sources.line_patterns import Pattern, is_speech

__all__ = [
    "ENTRY_WIDTH",
    "cells",
    "chat_names",
    "counted",
    "entry_shape",
    "has_reading",
    "is_bare",
    "is_bracketed",
    "is_chat_head",
    "is_chat_line",
    "is_dated_entry",
    "is_division",
    "is_explanation",
    "is_form_line",
    "is_greeting",
    "is_letter_formula",
    "is_marked_out",
    "is_old",
    "is_old_verse",
    "is_part_name",
    "is_recipe_part",
    "is_salutation",
    "is_tuned",
    "is_word",
    "is_work",
    "lists_things",
    "names_tune",
    "speaker",
    "speakers",
    "word_kinds",
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
    rf"(?:[\s\u3000：:.…·—-]{{0,12}})(?:[约約各]?\s?\d{{1,6}}(?:\s?[./~～-]\s?\d{{1,6}})?\s?(?:{_UNIT})"
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


_CAST = Pattern(rf"[{_HAN}A-Za-z·]{{1,8}}\s?(?:——|—|──|--)\s?[^\s—].{{1,60}}")
_CONTENTS = Pattern(r"\S.{0,50}?(?:\s?[.．·…‥]){3,80}\s?\d{1,4}")


def entry_shape(text: str) -> str | None:
    """As which entry of a list the line is shaped: `word`, `amount`, `time` …; or none.

    >>> entry_shape("番茄 2个"), entry_shape("机场 jīchǎng airport"), entry_shape("07:30 早饭")
    ('amount', 'word', 'time')
    >>> entry_shape("海裡有一條船")
    """
    if (text[0].isdigit() or text[0] in "上下早中晚凌") and _CLOCK.fullmatch(text):
        return "time"
    if _WORD.fullmatch(text):
        return "word"
    if text[-1].isdigit() and _CONTENTS.fullmatch(text):
        return "contents"
    if _AMOUNT.fullmatch(text):
        return "amount"
    return "cast" if _CAST.fullmatch(text) and text[0] not in patterns.OPENING_QUOTES else None


_READING = Pattern(f"[{_VOWELS}ㄅ-ㄩ]")


def has_reading(text: str) -> bool:
    """Whether pinyin with tones, or zhuyin, stands in the line."""
    return _READING.search(text) is not None


_COUNTED = Pattern(
    r"(\d{1,4})[\s\u3000]+(?=[^\s\d])|(\d{1,2}(?:\.\d{1,2}){1,3})(?=[\s\u3000、]*[^\W\d])"
)


def counted(text: str) -> tuple[int, ...] | None:
    """The number that a line begins with, without a mark behind it: `13 打电话`, `9.1 理解`.

    >>> counted("13 打电话"), counted("9.1理解利益"), counted("3个人")
    ((13,), (9, 1), None)
    """
    found = _COUNTED.match(text) if text[0].isdigit() else None
    return tuple(map(int, (found[1] or found[2]).split("."))) if found else None


_GAPS = re.compile(r"\t|(?<=\S)[ \u3000]{2,9}+(?=\S)")
_BARS = "|｜│"


def cells(text: str) -> tuple[str, int] | None:
    r"""What parts the cells of a row of a table, and how many there are; None for no such row.

    >>> cells("| 步骤 | 说明 |"), cells("甲\t乙\t丙"), cells("甲\t乙")
    (('|', 2), ('\t', 3), None)
    """
    bar = next((bar for bar in _BARS if bar in text), None)
    if bar is not None:
        inside = text.strip(bar + " ")
        many = inside.count(bar) + 1
        return (bar, many) if many > 1 or (text[0] == text[-1] == bar and len(text) > 2) else None
    gaps = len(_GAPS.findall(text))
    return ("\t" if "\t" in text else " ", gaps + 1) if gaps > 1 else None


_BARE = Pattern(rf"[{_HAN}A-Za-z0-9 \u3000、·/（）()-]{{1,16}}")


_ONE_WORD = Pattern(rf"[{_HAN}]{{1,4}}")


def is_word(text: str) -> bool:
    """Whether a line is one word by itself, as in a list of words to learn."""
    one = len(text) < 5 and _ONE_WORD.fullmatch(text) is not None and is_old(text)
    return one and not (is_part_name(text) or patterns.CHAPTER.match(text))


def is_bare(text: str) -> bool:
    """Whether a line is a few words without any mark: of a list of things to buy, say."""
    return _BARE.fullmatch(text) is not None


# Chats and dialogues.

_NAME = r"[^\s:：，。！？；\d][^:：，。！？；\t]{0,15}?"
_DAY = (
    r"(?:(?:\d{4}\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}),?"
)
_WHEN = (
    rf"(?:(?:{_DAY}|昨天|今天|前天|(?:星期|周|週)[一二三四五六日天])\s*)?"
    r"(?:(?:上午|下午|早上|中午|晚上|凌晨)\s?)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?"
)
_CHAT_HEAD = Pattern(
    rf"({_NAME})[\s\u3000]+[(（\[]?{_WHEN}[)）\]]?|{_WHEN}[\s\u3000]+({_NAME})[:：]?|{_WHEN}"
)
_CHAT_LINE = Pattern(rf"[\[(]?{_WHEN}[\])]?[\t ]+(?:[-–]\s)?({_NAME})(?:\t|[:：]\s?)\S.*")
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
    bare = _bare_names(lines)
    if bare:
        return bare
    # After the time stands someone who writes again; in a timetable always something else.
    if max(writers.values(), default=0) > 1 and 5 * writers.total() >= len(lines):
        return again
    turns = sum(map(alone.__getitem__, again))
    # The names of everyone who writes, of whom one may have written but once.
    return frozenset(alone) if turns >= max(_TURNS, len(lines) / 4) else None


def _bare_names(lines: Sequence[str]) -> frozenset[str]:
    """Short lines that come again and again, each over what someone else than the last writes."""
    counts = Counter(text for text in lines if len(text) <= _LONGEST_NAME)
    again = frozenset(text for text, times in counts.items() if times > 1)
    turns = sum(counts[text] for text in again)
    often = turns >= max(2 * _TURNS, len(lines) / 4) and max(counts.values()) >= _TURNS
    named = often and len(again) > 1 and all(map(_may_be_name, again))
    return again if named and _apart(lines, again) else frozenset()


def _apart(lines: Sequence[str], names: frozenset[str]) -> bool:
    return not any(one in names and other in names for one, other in pairwise(lines))


def _may_be_name(text: str) -> bool:
    bare = _BARE_NAME.fullmatch(text) is not None
    return bare and not (is_part_name(text) or is_division(text))


_LONGEST_NAME = 12
_BARE_NAME = Pattern(r"[^\W\d][\w· ]{0,5}(?:[(（][^()（）]{1,8}[)）])?")
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


# Parts of texts, and letters.

_WEEKDAY = "(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]"
_WEATHER = (
    "(?:天气|天氣)?[:：]?(?:(?:[大小中多阵陣雷暴转轉到有]|毛毛)?[晴阴陰雨雪云雲风風雾霧霾]天?){1,5}"
)
_DATED = Pattern(
    rf"{_DAY}[\s\u3000，,]*(?:{_WEEKDAY}(?:[\s\u3000，,]*{_WEATHER})?|{_WEATHER}"
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
    "|(?:教[学學]|[学學][习習])(?:目[标標的]|重点|重點|[难難][点點]|重[难難][点點]|[准準][备備]|[过過]程|[内內]容|方法|反思|用具|流程|[设設][计計])"
    "|[课課]前[准準][备備]|板[书書](?:[设設][计計])?|[问問][题題]|解答|[设設][计計]意[图圖]"
    "|热身|熱身|复习|複習|[儿兒]歌|谜语|謎語|生字新[词詞]|[思议議]考?[题題]?与?探?究?|知[识識][点點链鏈]接?"
    "|(?P<verb>[\u4e00-\u9fff])一(?P=verb)"
)
_PART_OF_TEXT = (
    "其[一二三四五六七八九十]{1,2}|原文|歌[词詞]|[寓喻]意|[释釋][义義]|[出][处處]|典故|故事|[译譯][诗詩]|[鉴鑒鑑][赏賞]|[译譯]文|翻[译譯]|白[话話]文?|[注註][释釋解]?|[赏賞鉴鑑]析|[题題]解|作者(?:简介|簡介|介[绍紹])"
    "|(?:[创創]作|[写寫]作)?背景|[评評][论論]|[点點][评評]|[导導][读讀]|[简簡]析|名句|[诗詩词詞]意|今[译譯]|[内內]容(?:简介|簡介|提要|介[绍紹])|行程(?:概[览覽]|安排)|注意事[项項]"
    "|主歌|副歌|[间間]奏|前奏|尾奏|桥段|橋段|合唱|[Vv]erse|[Cc]horus|[Bb]ridge|[Ii]ntro|[Oo]utro"
    "|(?:主要|登[场場])?人物(?:表|[介][绍紹]|[简簡]介|[经經][历歷])?|[个個]人[简簡]介|(?:主要|代表)作品|[剧劇]情(?:简介|簡介)"
)
_WHOSE = "作品|[诗詩][句词詞]?|[词詞][句语語]|[语語]句|成[语語]|全文|歌曲"
_PARTS_OF_TEXTS = rf"(?:{_WHOSE})?(?:{_PART_OF_TEXT})(?:[及和与與、]?(?:{_PART_OF_TEXT}))?"
_THINGS = "材料|食材|用料|原料|配料|主料|[辅輔]料|[调調]料|[调調]味料|[酱醬]料|工具"
_PARTS_OF_RECIPES = (
    rf"(?:(?:所需|必[备備]|主要|可选|可選)?(?:{_THINGS})(?:[和与與及](?:{_THINGS}))?(?:准备|準備|清单|清單)?)|做法|作法|步[骤驟]|操作(?:步[骤驟])?|[制製]作(?:方法|步[骤驟]|[过過]程)?"
    "|烹[饪飪](?:方法|步[骤驟])|小[贴貼]士|小技巧|[提小][示诀訣](?:[:：])?"
)
_PART = Pattern(
    rf"[【\[〔［（(⊙◎◆■●▲★]?(?:{_PARTS_OF_LESSONS}|{_PARTS_OF_TEXTS}|{_PARTS_OF_RECIPES})"
    r"[\s\u3000]?[0-9一二三四五六七八九十]{0,2}[】\]〕］）)⊙]?"
)
_LISTS_THINGS = Pattern(rf"[【\[〔［]?(?:所需|必[备備]|主要)?(?:{_THINGS}).{{0,8}}")
_EXPLANATION = Pattern(
    r"[^\s：:，。！？；、]{1,16}[：:]\s*\S|[\[［〔【「][^\[\]［］〔〕【】「」]{1,10}[\]］〕】」]\s*\S"
)


_RECIPE = Pattern(rf"[【\[〔［]?(?:{_PARTS_OF_RECIPES})[】\]〕］]?")


def is_recipe_part(text: str) -> bool:
    """Whether a line names a part of a recipe: 材料."""
    return len(text) <= 16 and _RECIPE.fullmatch(text) is not None


def lists_things(text: str) -> bool:
    """Whether a line names the part of a recipe that lists what one needs."""
    return len(text) <= 16 and _LISTS_THINGS.fullmatch(text.rstrip(":：")) is not None


def is_explanation(text: str) -> bool:
    """Whether a line explains a word: 照水：映在水里。"""
    return _EXPLANATION.match(text) is not None


_FORM_LINE = Pattern(rf"[{_HAN}]{{2,6}}[：:][\s\u3000]?[^\s].{{0,60}}")


def is_form_line(text: str) -> bool:
    """Whether a line fills a form: 课程学分：2学分."""
    return len(text) <= 70 and _FORM_LINE.fullmatch(text) is not None and not is_speech(text)


_BRACKETED = Pattern(r"【[^【】]{1,38}】|［[^［］]{1,38}］", first="【［")
_WORK = Pattern(
    r"《[^《》]{1,38}》(?:\s?(?:其[一二三四五六七八九十]{1,2}|[（(].{1,8}[)）]))?", first="《"
)


def is_bracketed(text: str) -> bool:
    """Whether a line stands in brackets as a whole, as the headings of some texts do."""
    return len(text) <= 40 and _BRACKETED.fullmatch(text) is not None


def is_work(text: str) -> bool:
    """Whether a line is the name of a work, and no more."""
    return len(text) <= 50 and _WORK.fullmatch(text) is not None


def is_marked_out(text: str) -> bool:
    """Whether a short line has a reason of its own to be short."""
    labelled = (
        patterns.label(text) or patterns.CHAPTER.match(text) or patterns.BRACKETED_LABEL.match(text)
    )
    listed = patterns.list_style(text) or patterns.SPEAKER.match(text) or "\t" in text
    return bool(labelled or listed or entry_shape(text) or counted(text))


_DIVISION = Pattern(
    rf"第\s?{_NUMBER}\s?(?:[课課][时時]|[课課场場幕景讲講首天日周週关關课題题站]|[单單]元)(?:[\s\u3000:：].{{0,20}})?"
    rf"|[^，。！？：:；]{{4,20}}(?:[\s\u3000]第{_NUMBER}篇|[\s\u3000]?篇{_NUMBER})"
    r"|(?:Day|DAY)\s?\d{1,2}(?:[\s\u3000:：].{0,40})?"
)


def is_division(text: str) -> bool:
    """Whether a line is over a lesson, unit, scene: 第二单元."""
    return len(text) <= 50 and _DIVISION.fullmatch(text) is not None


def is_part_name(text: str) -> bool:
    """Whether a line names a part of a lesson, recipe, song or annotated text, and no more.

    >>> is_part_name("生词"), is_part_name("【注释】"), is_part_name("第二場"), is_part_name("老师")
    (True, True, True, False)
    """
    return is_division(text) or (len(text) <= 30 and _PART.fullmatch(text) is not None)


_GREETING = Pattern(
    r"[^。？?：:]{0,12}[你您][们們]?好[！!，,]?"
    r"|(?:(?:[亲親]爱?|親愛|尊敬|敬[爱愛])的|[Dd]ear ).{0,30}"
)
_FORMULA = Pattern("此致|[敬谨謹]?[祝颂頌致][你您]?|敬[礼禮]|[专專耑]此|[顺順即][颂頌]|此[上复覆]")


def is_greeting(text: str) -> bool:
    """Whether a letter begins with the line: 小雨，你好！"""
    return len(text) <= 40 and _GREETING.fullmatch(text) is not None


_SALUTATION = Pattern(
    r"(?:(?:(?:最最?)?[亲親][爱愛]?|尊敬|敬[爱愛])的|[Dd]ear ).{1,20}[:：,，]"
    r"|(?:各[位级級单單部學学班]|全[体體]).{1,20}[:：]"
    r"|[^。？?：:，,]{1,10}(?:[你您][们們]?好|先生|女士|[经經]理|老[师師]|同学|同學|同事|朋友|[爷爺奶妈媽爸]{2})[！!，,：:]"
)


def is_salutation(text: str) -> bool:
    """Whether a letter opens with the line: it says whom it is for, with a mark behind."""
    return len(text) <= 30 and _SALUTATION.fullmatch(text) is not None


def is_letter_formula(text: str) -> bool:
    """Whether a line is half of what a letter ends with: 此致, 敬礼."""
    return len(text) <= 6 and _FORMULA.fullmatch(text.rstrip("！!，,：:")) is not None


_MODERN = frozenset("的了着著吗嗎呢吧们們这這那啊呀说說你您他她它就很没沒个個怎什么麼")
_OLD_LINE = Pattern(rf"(?:[{_HAN}]{{2,9}}[，、。！？；])+", first="")


_TUNES = Pattern(
    "水[调調]歌[头頭]|念奴[娇嬌]|[满滿]江[红紅]|[浣]溪沙|菩[萨薩][蛮蠻]|[虞]美人|蝶[恋戀]花|如[梦夢]令|[鹧鷓][鸪鴣]天|[临臨]江仙"
    "|[声聲][声聲]慢|[卜]算子|沁[园園]春|西江月|浪淘沙|青玉案|[钗釵][头頭][凤鳳]|[渔漁]家傲|[点點][绛絳]唇|江城子|[忆憶]江南|[忆憶]秦娥"
    "|相[见見][欢歡]|[乌烏]夜啼|清平[乐樂]|[定]?[风風]波|采桑子|[踏]莎行|雨霖[铃鈴]|[鹊鵲][桥橋]仙|武陵春|永遇[乐樂]|[贺賀]新郎|木[兰蘭]花"
    "|[玉]楼春|醉花[阴陰]|[长長]相思|[诉訴]衷情|一剪梅|[摸]魚兒|[摸]鱼儿|[扬揚]州慢|暗香|疏影|八[声聲]甘州|[桂]枝香|[苏蘇]幕遮|破[阵陣]子"
)


def names_tune(text: str) -> bool:
    """Whether a short line names the tune that a ci poem is written to: 水调歌头."""
    return len(text) <= 30 and _TUNES.search(text) is not None


_TUNED = Pattern(rf"(?:[{_HAN}]{{2,9}}[，、。！？；]){{4,40}}")


def is_tuned(text: str) -> bool:
    """Whether half a ci poem may stand in a line: short clauses in the old language."""
    # 了 is a word of the old language too: 春花秋月何时了？
    bare = patterns.NOTE_SIGN.compiled.sub("", text)
    old = is_old(bare.replace("了", ""))
    several = sum(mark in "。！？" for mark in bare) > 1
    return several and len(bare) <= 120 and old and _TUNED.fullmatch(bare) is not None


def is_old(text: str) -> bool:
    """Whether a text has none of the little words of the modern language."""
    return _MODERN.isdisjoint(text)


def is_old_verse(text: str) -> bool:
    """Whether a line has short clauses in the old language, as a ci poem has them.

    >>> is_old_verse("转朱阁，低绮户，照无眠。"), is_old_verse("他来了，坐下了。")
    (True, False)
    """
    return (
        len(text) <= 24
        and _OLD_LINE.fullmatch(text) is not None
        and is_old(text)
        and any(mark in text[:-1] for mark in "，。？！；、")
    )


# The kinds of its words, which stand in `reader/data/line_words.tsv`.


def word_kinds(text: str) -> set[str]:
    """The kinds of the words of a line; `^` stands before that of its first word, `$` before that
    of its last.

    >>> sorted(word_kinds("作者"))
    ['$writer', '^writer', 'writer']
    """
    found: set[str] = set()
    for begin, end, kinds in _words_in(text):
        found.update(kinds)
        if begin == 0:
            found.update(map("^{}".format, kinds))
        if end == len(text):
            found.update(map("${}".format, kinds))
    return found


def _words_in(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Begin, end and kinds of the longest words from the beginning on, none across another."""
    words, lengths = _table()
    place = 0
    while place < len(text):
        for length in lengths.get(text[place], ()):
            kinds = words.get(text[place : place + length])
            if kinds:
                yield place, place + length, kinds
                place += length
                break
        else:
            place += 1


@cache
def _table() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[int, ...]]]:
    """The kinds of each word, and by their first character how long words are, longest first."""
    table = read_data("line_words.tsv").decode()
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    words: dict[str, tuple[str, ...]] = {}
    lengths: dict[str, set[int]] = {}
    for kind, each in rows[1:]:
        for word in each.split():
            words[word] = (*words.get(word, ()), kind)
            lengths.setdefault(word[0], set()).add(len(word))
    return words, {first: tuple(sorted(found)[::-1]) for first, found in lengths.items()}
