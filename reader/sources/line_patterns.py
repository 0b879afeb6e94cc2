"""The signs by which the parts of a Chinese text, or of its English translation, are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reader.model import Block, BlockKind, Metadata

__all__ = [
    "FRONT",
    "Sign",
    "front_matter",
    "has_han",
    "is_name",
    "label",
    "list_style",
    "verse_shape",
]


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in the text, those of the supplementary planes too.

    A loop, since compiling a class of so many characters takes a millisecond.
    """
    return not text.isascii() and any(
        "\u3400" <= c <= "\u9fff" or c == "〇" or "豈" <= c <= "龎" or c >= "\U00020000"
        for c in text
    )


class Sign:
    """A pattern compiled when a text first needs it.

    Compiling them all takes longer than reading an article. `first` are the characters that a
    match can begin with, so that most lines never come to the pattern.
    """

    __slots__ = ("_compiled", "_source", "first")

    def __init__(self, source: str, *, first: str = "") -> None:
        self._source = source
        self.first = first
        self._compiled: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self._source)
        return self._compiled

    def match(self, text: str) -> re.Match[str] | None:
        return self.pattern.match(text) if self._may(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.pattern.fullmatch(text) if self._may(text) else None

    def search(self, text: str) -> re.Match[str] | None:
        return self.pattern.search(text)

    def _may(self, text: str) -> bool:
        return not self.first or text[:1] in self.first


_DIGITS = "0123456789０１２３４５６７８９"
_NUMERALS = "一二三四五六七八九十"
DASH = "—―─－–-"

# Light markup: the author's own word for what a line is. A table's row (| a | b |) is none.
MARKUP = Sign(
    r"(?s:(?P<mark>\#{1,6}|>|\\|\|(?!.*\|\s*$))[ ]+(?=\S)(?P<rest>.*)"
    r"|!\[(?P<caption>[^\]]*[^\]\s][^\]]*)\]\s*)\Z",
    first="#>\\|!",
)
# Before the title: what a program says of the text, such as that a machine translated it.
COMMENT = Sign(r"<!--.*-->\s*\Z", first="<")
MARKED_CHAPTER = Sign(r"(?m:^# +\S)")
WHITE_LINE = Sign(r"\n[ \t\u3000\xa0]*(?=\n)")

TWO_LETTERS = Sign(r"[^\W\d_].*[^\W\d_]")

FULL_STOPS = "。！？!?….．｡"
STOPS = "。；;，,、：:｡"
"""With one of these a line cannot be a title or the name of a chapter."""
CLOSED = FULL_STOPS + STOPS + "—～~"
OPENING_QUOTES = '「『“‘"﹁﹃'
CLOSING_QUOTES = '」』”’"﹂﹄'
CLOSERS = CLOSING_QUOTES + ")）]】〕》〉 \u3000"
SPEECH = Sign(r"[:：,，]\s*[「『“\"﹁﹃]")
SPEAKER = Sign(r"[^\s:：，。]{1,8}[:：]\s*\S")
DASHES = Sign(r"(?:[—―─－–]{1,2}|--)\s*\S", first=DASH)

_NUMBER = "[0-9０-９一二三四五六七八九十百千零〇兩两廿卅]{1,7}"
_PARTS = "章回卷部篇集幕折"
_END = r"(?=[\s:：、.．《「『—]|$)"
_ENGLISH_NUMBER = r"(?:\d{1,3}|[IVXLC]+|[A-Z][a-z]+(?:-[A-Za-z]+)?|[A-Z]+)"
_ALONE = (
    "序章|楔子|尾聲|尾声|後記|后记|前言|引子|引言|導言|导言|序言|自序|代序|序|跋|番外|結語|结语|附錄|附录"
    "|Prologue|Epilogue|Preface|Foreword|Introduction|Afterword|Appendix"
)
CHAPTER = Sign(
    rf"第\s*{_NUMBER}\s*(?:[{_PARTS}]{_END}|章)|卷{_NUMBER}{_END}|(?:{_ALONE})\Z"
    rf"|(?:Chapter|CHAPTER|Part|PART|Book|BOOK)\s+{_ENGLISH_NUMBER}(?=[\s:.—–-]|\Z)",
    first="第卷序楔尾後后前引導导自代跋番結结附PCEFIAB",
)
CHAPTER_LINE = Sign(
    rf"(?m:^[ \t\u3000]*(?:第\s*{_NUMBER}\s*[{_PARTS}]{_END}"
    rf"|(?:Chapter|CHAPTER)\s+{_ENGLISH_NUMBER}(?=[\s:.—–-]|$)))"
)
# A section's number on a line of its own, as magazines and novels have it.
NUMBER_ALONE = Sign(
    rf"(?:(?i:part|no)[ .]*)?0?[1-9][0-9]?|[{_NUMERALS}]{{1,3}}", first=_DIGITS + _NUMERALS + "PpNn"
)
SECTION = Sign(rf"第\s*{_NUMBER}\s*[節节]|Section\s+\d", first="第S")

# Who wrote, translated, edited, photographed, published it, and when.
AUTHOR = frozenset("撰文 撰稿 作者 原著 文字 文 著 by author authors text words written_by".split())
DATED = frozenset(
    "日期 時間 时间 出版 發布 发布 發表 发表 更新 date published updated posted".split()
)
_OTHERS = frozenset(
    "記者 记者 採訪 采访 翻譯 翻译 譯者 译者 譯 译 編輯 编辑 編譯 编译 責任編輯 责任编辑 責編 责编"
    " 校對 校对 審校 审校 攝影 摄影 圖片 图片 圖 图 插畫 插画 繪圖 绘图 來源 来源 出處 出处 出品"
    " 監製 监制 排版 字數 字数 translator translated_by translation editor edited_by"
    " photo photos photography source".split()
)
LABELS = AUTHOR | DATED | _OTHERS
CREDITS = _OTHERS | {"作者", "撰文", "author", "by"}
LABEL_SIGNS = ":：／/|｜丨│"
"""After a label. 丨 is a character, and what many editors type for a vertical line."""
_LABEL = Sign(
    rf"[(（【\[]?\s*([^\s{LABEL_SIGNS}]{{1,4}}|[A-Za-z]+(?: by)?)"
    rf"(?:\s*[{LABEL_SIGNS}]|\s+(?=[A-Z]|[^\x00-\x7f]))"
)
_ENGLISH_BYLINE = frozenset({"by", "written_by", "translated_by"})
_REPORTERS = ("記者", "记者", "本報記者", "本报记者", "本刊記者", "本刊记者")
# Of newspapers, above the text or under it: （記者王芳／台北報導）.
REPORTED = Sign(
    r"[(（〔【\[]?(?:[^\s，。]{2,4}[報报社網网]|本[報报刊])?[記记]者\s*(?P<names>[^\s，。：:／/]{2,12})"
    r"[\s／/]+[^\s，。：:／/]{2,8}?(?:報導|报导|報道|报道|專電|专电|電|电|專訪|专访|攝影?|摄影?)[)）〕】\]]?"
)
_CLOCK = r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2})?)?"
DATE = Sign(
    rf"\d{{4}}\s*[-/.年]\s*\d{{1,2}}(?:\s*[-/.月]\s*\d{{1,2}}\s*日?|月)?{_CLOCK}"
    r"|[一二三四五六七八九〇○零]{4}年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十廿卅]{1,3}日)?"
    r"|\d{1,2}\s+[A-Z][a-z]+\s+\d{4}|[A-Z][a-z]+\s+\d{1,2},?\s+\d{4}",
    first=_DIGITS + _NUMERALS + "〇○零JFMASOND",
)


def label(text: str) -> str | None:
    """The label that a byline begins with, in lower case; None for what is no byline.

    >>> label("作者：王芳"), label("By Wang Fang"), label("他說：好")
    ('作者', 'by', None)
    """
    found = _LABEL.match(text)
    if found is None:
        return None
    name = found[1].lower().replace(" ", "_")
    with_sign = found[0][-1] in LABEL_SIGNS
    if with_sign:
        return name if name in LABELS else None
    return name if name in _ENGLISH_BYLINE or found[1] in _REPORTERS else None


# The hundred or so most usual surnames in both scripts, a few that only pen names begin with
# (冰心, 老舍, 三毛), and surnames of two characters.
_SURNAMES = frozenset(
    "王李張张劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡郭何高林羅罗鄭郑梁謝谢宋唐許许韓韩馮冯鄧邓曹彭曾肖蕭萧"
    "田董袁潘于蔣蒋蔡余杜葉叶程蘇苏魏呂吕丁任沈姚盧卢姜崔鍾钟譚谭陸陆汪范金石廖賈贾夏韋韦付傅方白鄒邹孟熊秦邱"
    "江尹薛閻阎段雷侯龍龙史陶黎賀贺顧顾毛郝龔龚邵萬万錢钱嚴严覃武戴莫孔向湯汤溫温康施文牛樊葛邢安齊齐易喬乔伍"
    "龐庞顏颜倪莊庄聶聂章魯鲁岳翟申歐欧殷柳巴冰老茅艾三蘆芦穆"
)
_DOUBLE = frozenset(
    "歐陽 欧阳 司馬 司马 上官 諸葛 诸葛 司徒 東方 东方 慕容 令狐 夏侯 皇甫 尉遲 尉迟"
    " 公孫 公孙".split()
)
_DYNASTIES = frozenset(
    "先秦 秦 漢 汉 東漢 东汉 魏 晉 晋 東晉 东晋 南朝 北朝 隋 唐 五代 宋 北宋 南宋 遼 辽 金 元 明 清"
    " 近代 現代 现代".split()
)
_WITH_DYNASTY = Sign(r"[(（〔\[【](\w{1,2})[)）〕\]】]\s*(\w{2,4})|(\w{1,2})[·・‧](\w{2,4})")


def is_name(text: str) -> bool:
    """Whether `text` is a person's name, or several, perhaps with a dynasty.

    >>> is_name("朱自清"), is_name("〔唐〕李白"), is_name("春天")
    (True, True, False)
    """
    found = _WITH_DYNASTY.fullmatch(text)
    if found is not None:
        return (found[1] or found[3]) in _DYNASTIES
    return all(map(_is_one_name, text.replace("、", " ").split()))


def _is_one_name(name: str) -> bool:
    han = all("\u3400" <= c <= "\u9fff" for c in name)
    return han and ((name[:2] in _DOUBLE and 3 <= len(name) <= 4) or _is_short_name(name))


def _is_short_name(name: str) -> bool:
    return name[0] in _SURNAMES and 2 <= len(name) <= 3


EDITORS_NOTE = Sign(
    r"[【\[〔（(]?\s*(?:編者按語?|编者按语?|編按|编按|編輯按|编辑按|編者的話|编者的话|按語|按语"
    r"|[Ee]ditor['’]s [Nn]ote|EDITOR['’]S NOTE|[Ee]ditorial [Nn]ote)\s*[】\]〕）):：]\s*",
    first="【[〔（(編编按Ee",
)

CAPTION = Sign(
    r"(?:[圖图](?:為|为|說|说|源[:：]|[:：/／]|[一二三四五六七八九十\d]{1,3}[:：\s]|片(?:說明|说明|[:：]))"
    r"|[▲△▼▽↑↓◎]|(?:Photo|Pictured|Picture|Image|Caption)[:：])",
    first="圖图▲△▼▽↑↓◎PIC",
)
CREDIT_IN_BRACKETS = Sign(r"[(（\[【]\s*(?P<credit>[^()（）\[\]【】。；]{2,40})\s*[)）\]】]\Z")
AGENCY = Sign(
    r"VCG|視覺中國|视觉中国|新華社|新华社|新華視點|新华视点|中新社|中新網|中新网|路透|法新社|美聯社|美联社"
    r"|彭博|歐新社|欧新社|Getty|Reuters|AFP|\bAP\b|Xinhua|Bloomberg|\bCNS\b|\bEPA\b|Unsplash|Wikimedia"
    r"|Visual China|資料圖|资料图|資料照|资料照|網絡圖|网络图|網路圖|圖源|图源|圖片來源|图片来源"
    r"|受訪者提供|受访者提供|供圖|供图|截圖|截图|攝影?\Z|摄影?\Z|[Pp]hoto|[Cc]ourtesy|File picture"
)
# What else stands in brackets after a text's last sentence: (完), (待續), (作者為…), (他笑了).
NOT_A_CREDIT = Sign(
    r"完\Z|續|续|^[作編编註注按见見參参譯译笑上下略同]|[，,、：:？！?!]|[他她我你您的了是在著着不們们這这那]"
    r"|^(?i:the end|to be continued|see |laughs|translated|translator)|\d{4}"
)

_ORNAMENTS = "*＊※~～=＝_＿—–-#·•◇◆○●☆★…"
SEPARATOR = Sign(rf"(?:[{re.escape(_ORNAMENTS)}]\s*){{3,}}|[※☆★◇◆＊*]", first=_ORNAMENTS)

ATTRIBUTION = Sign(
    r"(?:[—―─－–]{1,2}|--)\s*[^\s—，。！？；：…,!?;:「“\"][^。！？；…!?]{0,30}(?<![，。！？」”])",
    first=DASH,
)

_LISTS = {
    "bullet": Sign(r"[•●○◦▪■□◆◇‣]\s*\S|[-*+–·]\s+\S", first="•●○◦▪■□◆◇‣-*+–·"),
    "digits": Sign(r"[0-9０-９]{1,3}(?:[.．](?![0-9０-９])|[、）)])\s*\S", first=_DIGITS),
    "bracketed digits": Sign(r"[(（][0-9０-９]{1,3}[)）]\s*\S", first="(（"),
    "circled digits": Sign(r"[①-⑳❶-❿]\s*\S", first="①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺❻❼❽❾❿"),
    "numerals": Sign(rf"[{_NUMERALS}]{{1,3}}、\s*\S", first=_NUMERALS),
    "bracketed numerals": Sign(rf"[(（][{_NUMERALS}]{{1,3}}[)）]\s*\S", first="(（"),
    "letters": Sign(r"[A-Da-d][.．)）]\s*\S", first="ABCDabcd"),
}


def list_style(text: str) -> str | None:
    """The name of the style in which `text` begins as an item of a list, if it does.

    >>> list_style("1. 打開"), list_style("二、關上"), list_style("1.5億元")
    ('digits', 'numerals', None)
    """
    return next((name for name, sign in _LISTS.items() if sign.match(text)), None)


BRACKETS = ")）]】"
NOTABLE = frozenset(
    c
    for sign in (MARKUP, EDITORS_NOTE, CAPTION, SEPARATOR, *_LISTS.values())
    for c in ("", *sign.first)
)
"""What a line of any length may begin with for a rule to have a say; "" is white space."""


_CLAUSES = Sign(r"[，。！？；、,!?;\s]+")
_METRES = frozenset({4, 5, 6, 7})


def verse_shape(text: str) -> tuple[int, ...] | None:
    """Lengths of the clauses of a line of regular verse; None for anything else.

    >>> verse_shape("床前明月光，疑是地上霜。"), verse_shape("他說，走吧。")
    ((5, 5), None)
    """
    if len(text) > 36:
        return None
    clauses = [clause for clause in _CLAUSES.pattern.split(text) if clause]
    lengths = {len(clause) for clause in clauses}
    regular = len(lengths) == 1 and lengths <= _METRES and len(clauses) <= 4
    han = regular and all("\u3400" <= c <= "\u9fff" for clause in clauses for c in clause)
    return tuple(map(len, clauses)) if han else None


FRONT = 12
"""Blocks in which the head of a text ends."""

_SIGNS = LABEL_SIGNS


def front_matter(blocks: Sequence[Block]) -> Metadata:
    """Title, authors and date as the first blocks of a text give them.

    >>> front_matter([Block("文：王芳、李明", BlockKind.BYLINE)]).authors
    ('王芳', '李明')
    """
    titles = [b.text.strip() for b in blocks if b.kind is BlockKind.TITLE]
    bylines = [b.text.strip() for b in blocks if b.kind is BlockKind.BYLINE]
    fields = [field for line in bylines for field in _fields(line)]
    authors = [n for label, value in fields if label in AUTHOR for n in _names(value)]
    dates = [d for label, value in fields if label in DATED for d in _dates(value)]
    return Metadata(
        title=titles[0] if titles else "",
        authors=tuple(dict.fromkeys(authors)),
        date=dates[0] if dates else "",
    )


def _fields(line: str) -> Iterator[tuple[str, str]]:
    """Label and value of each part of a byline; a name or date alone is given its label."""
    reported = REPORTED.fullmatch(line)
    if reported:
        yield "author", reported["names"]
        return
    rest = line[1:-1] if line[0] in "（(【[" and line[-1] in "）)】]" else line
    name = label(rest)
    if name is None:
        yield ("date" if DATE.fullmatch(line) else "author"), line
    while name is not None:
        value, rest = _up_to_next_label(rest[len(name) :].lstrip(_SIGNS + " \u3000"))
        yield name, value
        name = label(rest)


def _up_to_next_label(text: str) -> tuple[str, str]:
    """The value that `text` begins with, and what follows from the next label on.

    >>> _up_to_next_label("王芳　圖：李明")
    ('王芳', '圖：李明')
    """
    parts = re.split(r"([\s|｜丨│]+)", text)
    for i in range(0, len(parts), 2):
        if parts[i] and label("".join(parts[i : i + 3])) is not None:
            return "".join(parts[:i]).strip(), "".join(parts[i:])
    return text.strip(), ""


def _names(value: str) -> Iterator[str]:
    for name in re.split(r"\s*[、,，&／/;；]\s*|\s+and\s+", value):
        if name:
            yield name


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _dates(value: str) -> Iterator[str]:
    """The date in ISO 8601, as much as is there.

    >>> list(_dates("2025年3月1日")), list(_dates("18 March 2025")), list(_dates("昨天"))
    (['2025-03-01'], ['2025-03-18'], [])
    """
    found = re.search(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?", value)
    if found:
        yield "-".join(part.zfill(2) for part in found.groups() if part)
        return
    words = re.findall(r"[A-Za-z]+|\d+", value)
    months = [_MONTHS.index(w[:3].lower()) + 1 for w in words if w[:3].lower() in _MONTHS]
    years = [w for w in words if w.isdigit() and len(w) == 4]
    days = [w for w in words if w.isdigit() and len(w) < 3]
    if years and months:
        yield "-".join([years[0], f"{months[0]:02}", *(day.zfill(2) for day in days[:1])])
