"""The signs by which the parts of a Chinese text, or of its English translation, are known."""

from __future__ import annotations

import re

# Light markup: the author's own word for what a line is. A table's row (| a | b |) is none.
MARKUP = re.compile(
    r"(?:(?P<mark>\#{1,6}|>|\\|\|(?!.*\|\s*$))[ ]+(?=\S)(?P<rest>.*)"
    r"|!\[(?P<caption>[^\]]*\S[^\]]*)\]\s*)\Z",
    re.DOTALL,
)
MARKED_CHAPTER = re.compile(r"^# +\S", re.MULTILINE)
WHITE_LINE = re.compile(r"\n[ \t\u3000\xa0]+(?=\n)")

HAN = re.compile("[〇㐀-䶿一-鿿豈-龎\U00020000-\U000323af]")
TWO_LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]")

FULL_STOPS = "。！？!?….．｡"
STOPS = "。；;，,、：:｡"
"""With one of these a line cannot be a title or the name of a chapter."""
CLOSED = FULL_STOPS + STOPS + "—～~"
OPENING_QUOTES = '「『“‘"﹁﹃'
CLOSING_QUOTES = '」』”’"﹂﹄'
CLOSERS = CLOSING_QUOTES + ")）]】〕》〉 \u3000"
SPEECH = re.compile(r"[:：,，]\s*[「『“\"﹁﹃]")
SPEAKER = re.compile(r"[^\s:：，。]{1,8}[:：]\s*\S")
DASHES = re.compile(r"(?:[—―─－–]{1,2}|--)\s*\S")

_NUMBER = "[0-9０-９一二三四五六七八九十百千零〇兩两廿卅]{1,7}"
_PARTS = "章回卷部篇集幕折"
_END = r"(?=[\s:：、.．《「『—]|$)"
_ENGLISH_NUMBER = r"(?:\d{1,3}|[IVXLC]+|[A-Z][a-z]+(?:-[A-Za-z]+)?|[A-Z]+)"
_ALONE = (
    "序章|楔子|尾聲|尾声|後記|后记|前言|引子|引言|導言|导言|序言|自序|代序|序|跋|番外|結語|结语|附錄|附录"
    "|Prologue|Epilogue|Preface|Foreword|Introduction|Afterword|Appendix"
)
CHAPTER = re.compile(
    rf"第\s*{_NUMBER}\s*(?:[{_PARTS}]{_END}|章)|卷{_NUMBER}{_END}|(?:{_ALONE})\Z"
    rf"|(?:Chapter|CHAPTER|Part|PART|Book|BOOK)\s+{_ENGLISH_NUMBER}(?=[\s:.—–-]|\Z)"
)
CHAPTER_LINE = re.compile(
    rf"^[ \t\u3000]*(?:第\s*{_NUMBER}\s*[{_PARTS}]{_END}"
    rf"|(?:Chapter|CHAPTER)\s+{_ENGLISH_NUMBER}(?=[\s:.—–-]|$))",
    re.MULTILINE,
)
SECTION = re.compile(rf"第\s*{_NUMBER}\s*[節节]|Section\s+\d")

# Who wrote, translated, edited, photographed, published it, and when.
AUTHOR = "撰文|撰稿|作者|原著|文字|文|著|By|Author|Authors|Text|Words|Written by"
DATED = "日期|時間|时间|出版|發布|发布|發表|发表|更新|Date|Published|Updated|Posted"
_OTHERS = (
    "記者|记者|採訪|采访|翻譯|翻译|譯者|译者|譯|译|編輯|编辑|編譯|编译|責任編輯|责任编辑|責編|责编|校對|校对|審校|审校"
    "|攝影|摄影|圖片|图片|圖|图|插畫|插画|繪圖|绘图|來源|来源|出處|出处|出品|監製|监制|排版|字數|字数"
    "|Translator|Translated by|Translation|Editor|Edited by|Photo|Photos|Photography|Source"
)
_SIGN = r"\s*[:：／/|｜]"
_BY = r"(?:By|Written by|Translated by)\s+[A-Z\u2e80-\uffff]"
_LABEL = rf"(?:(?:{AUTHOR}|{DATED}|{_OTHERS}){_SIGN}|{_BY}"
LABEL = re.compile(rf"[(（【\[]?\s*{_LABEL})|(?:本報|本报|本刊)?(?:記者|记者)\s*[|｜ \u3000]\s*\S")
LABELLED = re.compile(
    rf"(?P<label>{AUTHOR}|{DATED}|{_OTHERS})(?:{_SIGN}|\s+(?=[A-Z]))\s*", re.IGNORECASE
)
CREDIT = re.compile(rf"[(（【\[]?\s*(?:{_OTHERS}|作者|撰文|Author|By){_SIGN}")
_CLOCK = r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2})?)?"
DATE = re.compile(
    rf"\d{{4}}\s*[-/.年]\s*\d{{1,2}}(?:\s*[-/.月]\s*\d{{1,2}}\s*日?|月)?{_CLOCK}"
    r"|[一二三四五六七八九〇○零]{4}年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十廿卅]{1,3}日)?"
    r"|\d{1,2}\s+[A-Z][a-z]+\s+\d{4}|[A-Z][a-z]+\s+\d{1,2},?\s+\d{4}"
)
# The hundred or so most usual surnames in both scripts, a few that only pen names begin with
# (冰心, 老舍, 三毛), and surnames of two characters.
_SURNAMES = (
    "王李張张劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡郭何高林羅罗鄭郑梁謝谢宋唐許许韓韩馮冯鄧邓曹彭曾肖蕭萧田董袁潘于蔣蒋蔡余杜葉叶程"
    "蘇苏魏呂吕丁任沈姚盧卢姜崔鍾钟譚谭陸陆汪范金石廖賈贾夏韋韦付傅方白鄒邹孟熊秦邱江尹薛閻阎段雷侯龍龙史陶黎賀贺顧顾毛郝龔龚邵萬万"
    "錢钱嚴严覃武戴莫孔向湯汤溫温康施文牛樊葛邢安齊齐易喬乔伍龐庞顏颜倪莊庄聶聂章魯鲁岳翟申歐欧殷柳巴冰老茅艾余三蘆芦穆"
)
_DOUBLE = (
    "歐陽|欧阳|司馬|司马|上官|諸葛|诸葛|司徒|東方|东方|慕容|令狐|夏侯|皇甫|尉遲|尉迟|公孫|公孙"
)
_NAME = rf"(?:{_DOUBLE})[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
_DYNASTY = (
    "先秦|秦|漢|汉|東漢|东汉|魏|晉|晋|東晉|东晋|南朝|北朝|隋|唐|五代|宋|北宋|南宋|遼|辽|金|元|明|清"
    "|近代|現代|现代"
)
NAME_LINE = re.compile(
    rf"(?:[(（〔\[【]?\s*(?:{_DYNASTY})\s*[)）〕\]】·・‧.]?\s*)(?:{_NAME}|[\u4e00-\u9fff]{{2,4}})"
    rf"|(?:{_NAME})(?:[ \u3000、]+(?:{_NAME}))*(?:\s*[(（](?:{_DYNASTY})[)）])?"
)

EDITORS_NOTE = re.compile(
    r"[【\[〔（(]?\s*(?:編者按語?|编者按语?|編按|编按|編輯按|编辑按|編者的話|编者的话|按語|按语"
    r"|[Ee]ditor['’]s [Nn]ote|EDITOR['’]S NOTE|[Ee]ditorial [Nn]ote)\s*[】\]〕）):：]\s*"
)

CAPTION = re.compile(
    r"(?:圖為|图为|圖[:：/／]|图[:：/／]|圖[一二三四五六七八九十\d]{1,3}[:：\s]|图[一二三四五六七八九十\d]{1,3}[:：\s]"
    r"|圖片說明|图片说明|圖片[:：]|图片[:：]|圖說|图说|[▲△▼▽↑↓◎]|Photo[:：]|Pictured[:：,]|Picture[:：]|Image[:：]|Caption[:：])"
)
CREDIT_IN_BRACKETS = re.compile(
    r"[(（\[【]\s*(?P<credit>[^()（）\[\]【】。；]{2,40})\s*[)）\]】]\Z"
)
AGENCY = re.compile(
    r"VCG|視覺中國|视觉中国|新華社|新华社|新華視點|新华视点|中新社|中新網|中新网|路透|法新社|美聯社|美联社|彭博|歐新社|欧新社"
    r"|Getty|Reuters|AFP|\bAP\b|Xinhua|Bloomberg|\bCNS\b|\bEPA\b|Unsplash|Wikimedia|Visual China"
    r"|資料圖|资料图|資料照|资料照|網絡圖|网络图|網路圖|圖源|图源|圖片來源|图片来源|受訪者提供|受访者提供|供圖|供图|截圖|截图"
    r"|攝影?\Z|摄影?\Z|[Pp]hoto|[Cc]ourtesy|File picture"
)
# What else stands in brackets after a text's last sentence: (完), (待續), (作者為…), (他笑了).
NOT_A_CREDIT = re.compile(
    r"完\Z|續|续|^[作編编註注按見见參参譯译笑上下略同]|[，,、：:？！?!]|[他她我你您的了是在著着不們们這这那]"
    r"|^(?:the end|to be continued|see |laughs|translated|translator)|\d{4}",
    re.IGNORECASE,
)

SEPARATOR = re.compile(r"(?:[*＊※~～=＝_＿—–\-#·•◇◆○●☆★…]\s*){3,}|[※☆★◇◆＊*]")

ATTRIBUTION = re.compile(
    r"(?:[—―─－–]{1,2}|--)\s*[^\s—，。！？；：…,!?;:「“\"][^。！？；…!?]{0,30}(?<![，。！？」”])"
)

_LISTS = {
    "bullet": re.compile(r"[•●○◦▪■□◆◇‣]\s*\S|[-*+–·]\s+\S"),
    "digits": re.compile(r"[0-9０-９]{1,3}(?:[.．](?![0-9０-９])|[、）)])\s*\S"),
    "bracketed digits": re.compile(r"[(（][0-9０-９]{1,3}[)）]\s*\S|[①-⑳❶-❿]\s*\S"),
    "numerals": re.compile(r"[一二三四五六七八九十]{1,3}、\s*\S"),
    "bracketed numerals": re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]\s*\S"),
    "letters": re.compile(r"[A-Da-d][.．)）]\s*\S"),
}
_LIST_START = re.compile(r"[•●○◦▪■□◆◇‣\-*+–·0-9０-９(（①-⑳❶-❿一二三四五六七八九十A-Da-d]")


def list_style(text: str) -> str | None:
    """The name of the style in which `text` begins as an item of a list, if it does.

    >>> list_style("1. 打開"), list_style("二、關上"), list_style("1.5億元")
    ('digits', 'numerals', None)
    """
    if not _LIST_START.match(text):
        return None
    return next((name for name, pattern in _LISTS.items() if pattern.match(text)), None)


_CLAUSES = re.compile(r"[，。！？；、,!?;\s]+")
_METRES = frozenset({4, 5, 6, 7})


def verse_shape(text: str) -> tuple[int, ...] | None:
    """Lengths of the clauses of a line of regular verse; None for anything else.

    >>> verse_shape("床前明月光，疑是地上霜。"), verse_shape("他說，走吧。")
    ((5, 5), None)
    """
    if len(text) > 36:
        return None
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    lengths = {len(clause) for clause in clauses}
    regular = len(lengths) == 1 and lengths <= _METRES and len(clauses) <= 4
    han = regular and all(HAN.fullmatch(c) for clause in clauses for c in clause)
    return tuple(map(len, clauses)) if han else None
