"""The signs by which the parts of a Chinese text, or of its English translation, are known.

Every one of them is tried on lines of strangers: none may take longer than a line is long.
"""

from __future__ import annotations

import re

__all__ = [
    "Pattern",
    "columns",
    "has_dynasty",
    "is_closed",
    "is_name",
    "is_sentence",
    "is_speech",
    "label",
    "labels",
    "list_style",
    "verse_shape",
]


class Pattern:
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
    def compiled(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self._source)
        return self._compiled

    def match(self, text: str) -> re.Match[str] | None:
        return self.compiled.match(text) if self._may_begin(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.compiled.fullmatch(text) if self._may_begin(text) else None

    def search(self, text: str) -> re.Match[str] | None:
        return self.compiled.search(text)

    def _may_begin(self, text: str) -> bool:
        return not self.first or text[:1] in self.first


_DIGITS = "0123456789０１２３４５６７８９"
_NUMERALS = "一二三四五六七八九十"
DASH = "—―─－–-"

# Light markup: the author's own word for what a line is. A table's row (| a | b |) is none.
MARKUP = Pattern(
    r"(?s:(?P<mark>\#{1,6}|>|\\|\|(?!.*\|\s*$))[ ]+(?=\S)(?P<rest>.*)"
    r"|!\[(?P<caption>\s*+[^\]\s][^\]]*+)\]\s*)\Z",
    first="#>\\|!",
)
# Before the title: what a program says of the text, such as that a machine translated it.
COMMENT = Pattern(r"<!--.*-->\s*\Z", first="<")
WHERE = Pattern(
    r"(?:[您你]?[现現]?在?(?:所在?)?的?|[当當]前)位置[:：].{0,99}"
    r"|[^>＞»\s]{1,12}(?:\s?[>＞»]{1,2}\s?[^>＞»\s]{1,30}){2,9}|[当當]前位置"
    r"|.{0,8}(?:首[页頁]|主[页頁])\s?[>＞»].{1,60}|首[页頁][ \u3000].{1,12}|>>\s?[^>]{1,30}"
    r"|[^|｜]{1,24}(?:[|｜][^|｜]{1,24}){4,20}|【www\.[^【】]{1,40}】"
    r"|[\u4e00-\u9fff0-9A-Z]{1,5}(?:[ \u3000]+[\u4e00-\u9fff0-9A-Z]{1,5}){7,60}"
)
"""Where in its site a page is, or the parts that the site has, over a title."""
AROUND = Pattern("[上下]一?(?:[篇页頁章節节则則條条])[:：]", first="上下")
"""What stands before a page, or behind it."""
MARKED_CHAPTER = Pattern(r"(?m:^# +\S)")
WHITE_LINE = Pattern(r"\n[ \t\u3000\xa0]*(?=\n)")

IN_BRACKETS = Pattern(r"[(（][^()（）]{2,60}[)）]", first="(（")
BRACKETED_LABEL = Pattern(r"【[^【】]{1,12}】\s*[^\s【]", first="【")
"""What a line is about, before it: 【用法用量】口服。"""
FILLED_IN = Pattern(r"[:：]\s*[0-9A-Za-z@./:_★☆-]{1,40}\Z|[_＿]\Z")
"""What a form is filled in with: 验证码：482913."""
TWO_LETTERS = Pattern(r"[^\W\d_].*[^\W\d_]")

FULL_STOPS = "。！？!?….．｡"
STOPS = "。；;，,、：:｡"
"""With one of these a line cannot be a title or the name of a chapter."""
CLOSED = FULL_STOPS + STOPS + "—～~"
OPENING_QUOTES = '「『“‘"﹁﹃'
CLOSING_QUOTES = '」』”’"﹂﹄'
CLOSERS = CLOSING_QUOTES + ")）]】〕》〉 \u3000"
SPEECH = Pattern(r"[:：,，]\s*[「『“\"﹁﹃]")
SPEAKER = Pattern(r"[^\s:：，。]{1,8}[:：]\s*\S")
DASHES = Pattern(r"(?:[—―─－–]{1,2}|--)\s*\S", first=DASH)

_NUMBER = "[0-9０-９一二三四五六七八九十百千零〇兩两廿卅]{1,7}"
_PARTS = "(?:[章回卷部篇集幕折]|部分)"
_END = r"(?=[\s:：、.．《「『—]|$)"
_ENGLISH_NUMBER = r"(?:\d{1,3}|[IVXLC]+|[A-Z][a-z]+(?:-[A-Za-z]+)?|[A-Z]+)"
_ALONE = (
    "序章|楔子|尾聲|尾声|後記|后记|前言|引子|引言|導言|导言|序言|自序|代序|序|跋|番外|結語|结语|附錄|附录"
    "|Prologue|Epilogue|Preface|Foreword|Introduction|Afterword|Appendix"
)
CHAPTER = Pattern(
    rf"第\s*{_NUMBER}\s*(?:{_PARTS}{_END}|章)|卷{_NUMBER}{_END}|(?:{_ALONE})\Z|(?:引言|前言|導言|导言|[結结][語语論论])[:：]\s*\S.{{0,30}}\Z"
    rf"|(?:Chapter|CHAPTER|Part|PART|Book|BOOK)\s+{_ENGLISH_NUMBER}(?=[\s:.—–-]|\Z)",
    first="第卷序楔尾後后前引導导自代跋番結结附PCEFIAB",
)
CHAPTER_LINE = Pattern(
    rf"(?m:^[ \t\u3000]*(?:第\s*{_NUMBER}\s*{_PARTS}{_END}"
    rf"|(?:Chapter|CHAPTER)\s+{_ENGLISH_NUMBER}(?=[\s:.—–-]|$)))"
)
# A section's number on a line of its own, as magazines and novels have it.
NUMBER_ALONE = Pattern(
    rf"(?:(?i:part|no)[ .]*)?0?[1-9][0-9]?(?:[-.－][1-9][0-9]?)?|[{_NUMERALS}]{{1,3}}",
    first=_DIGITS + _NUMERALS + "PpNn",
)
SECTION = Pattern(rf"第\s*{_NUMBER}\s*[節节]|Section\s+\d", first="第S")

# Who wrote, translated, edited, photographed, published it, and when.
AUTHOR = frozenset("撰文 撰稿 作者 原著 文字 文 著 by author authors text words written_by".split())
DATED = frozenset(
    "日期 儲存日期 保存日期 發布時間 发布时间 發表時間 发表时间 更新時間 更新时间"
    " 時間 时间 出版 發布 发布 發表 发表 更新 date published updated posted".split()
)
_OTHERS = frozenset(
    "記者 记者 採訪 采访 翻譯 翻译 譯者 译者 譯 译 編輯 编辑 編譯 编译 責任編輯 责任编辑 責編 责编"
    " 校對 校对 審校 审校 攝影 摄影 圖片 图片 圖 图 插畫 插画 繪圖 绘图 來源 来源 出處 出处 出品"
    " 監製 监制 排版 字數 字数 朝代 體裁 体裁 編輯整理 编辑整理 圖文編輯 图文编辑"
    " 分類 分类 瀏覽 浏览 點擊 点击 閱讀 阅读"
    " 報導 报导 報道 报道 本文來源 本文来源 歌曲原唱 詞曲 词曲"
    " 新聞來源 新闻来源 資料來源 资料来源 圖片來源 图片来源"
    " 收錄於 收录于 貢獻者 贡献者 瀏覽量 浏览量 閱讀量 阅读量 人氣 人气"
    " 姓名 學校 学校 年級 年级 班級 班级 指導老師 指导老师 指導教師 指导教师"
    " 責任編審 责任编审 編審 编审 通訊員 通讯员 朗誦 朗诵"
    " 調查人 调查人 整理 口述 供稿 主持 主持人"
    " 編劇 编剧 導演 导演 主演 translator translated_by translation editor edited_by"
    " photo photos photography source".split()
)
SONG = frozenset(
    "詞 词 曲 詞曲 词曲 作詞 作词 作曲 填詞 填词 譜曲 谱曲 編曲 编曲"
    " 演唱 原唱 歌曲原唱 歌手".split()
)
"""Of who made a song and sings it."""
LABELS = AUTHOR | DATED | _OTHERS | SONG
CREDITS = _OTHERS | SONG | {"作者", "撰文", "author", "by"}
_COUNTED = frozenset("分類 分类 瀏覽 浏览 點擊 点击 閱讀 阅读".split())
"""Labels that no line has alone."""
LABEL_SIGNS = ":：／/╱|｜丨│"
"""After a label. 丨 is a character, and what many editors type for a vertical line."""
WORK = Pattern("《[^《》]{1,20}》|（《[^《》]{1,20}》）", first="《（")
"""Under a title, the work that the text is of."""
_LABEL = Pattern(
    rf"[(（【\[]?\s*([^\s{LABEL_SIGNS}]{{1,4}}|[A-Za-z]+(?: by)?)"
    rf"(?:\s*[{LABEL_SIGNS}]|\s+(?=[A-Z]|[^\x00-\x7f]))"
)
_ENGLISH_BYLINE = frozenset({"by", "written_by", "translated_by"})
_REPORTERS = ("記者", "记者", "本報記者", "本报记者", "本刊記者", "本刊记者")
# Of newspapers, above the text or under it: （記者王芳／台北報導）.
REPORTED = Pattern(
    r"[(（〔【\[]?(?:[^\s，。]{2,4}[報报社網网]|本[報报刊]|特派|特[約约])?[記记]者\s*(?P<names>[^\s，。：:／/]{2,12})"
    r"[\s／/]+[^\s，。：:／/]{2,8}?(?:報導|报导|報道|报道|專電|专电|電|电|專訪|专访|攝影?|摄影?)"
    r"(?:[^\s，。：:]{1,4}[報报])?[)）〕】\]]?"
)
_CLOCK = r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2})?)?"
_DATE = (
    rf"\d{{4}}\s*[-/.年]\s*\d{{1,2}}(?:\s*[-/.月]\s*\d{{1,2}}(?:\s*日)?|月)?{_CLOCK}"
    r"|[一二三四五六七八九〇○零]{4}年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十廿卅]{1,3}日)?"
    r"|\d{1,2}\s+[A-Z][a-z]+\s+\d{4}|[A-Z][a-z]+\s+\d{1,2},?\s+\d{4}"
)
DATE = Pattern(_DATE, first=_DIGITS + _NUMERALS + "〇○零JFMASOND")


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
_WITH_DYNASTY = Pattern(
    r"[(（〔\[【](\w{1,2})[)）〕\]】]\s*(\w{2,4})|(\w{1,2})[·・‧](\w{2,4})"
    r"|(\w{2,4})\s*[(（〔\[【](\w{1,2})[)）〕\]】]"
)


def labels(text: str) -> tuple[str, ...]:
    """Every label of a line of bylines, which may begin with a date.

    >>> labels("2022-01-19 来源：新民网"), labels("作者：王芳 时间：2023-10-16 浏览：145")
    (('date', '来源'), ('作者', '时间', '浏览'))
    """
    if len(text) > _LONGEST_BYLINES or "。" in text or not _SIGN.search(text):
        return ()
    date = DATE.match(text)
    rest = text[date.end() :] if date else text
    parts = _PARTS_OF_BYLINES.compiled.split(rest.strip())
    found = filter(None, (label(part) for part in parts if _SIGN.search(part)))
    named = tuple(found)
    return ("date", *named) if date and named else named


_LONGEST_BYLINES = 120
COLON = Pattern("[:：]")
_SIGN = Pattern("[:：╱]")
_PARTS_OF_BYLINES = Pattern(r"[\s\u3000|｜]+")


def has_dynasty(text: str) -> bool:
    """Whether `text` is a person's name with a dynasty: 唐·杜牧, [清] 高鼎."""
    return len(text) <= 12 and _WITH_DYNASTY.fullmatch(text) is not None and is_name(text)


def is_name(text: str) -> bool:
    """Whether `text` is a person's name, or several, perhaps with a dynasty.

    >>> is_name("朱自清"), is_name("〔唐〕李白"), is_name("春天")
    (True, True, False)
    """
    found = _WITH_DYNASTY.fullmatch(text)
    if found is not None:
        dynasty = found[1] or found[3] or found[6]
        return dynasty in _DYNASTIES or dynasty.removesuffix("代") in _DYNASTIES
    return all(map(_is_one_name, text.replace("、", " ").split()))


def _is_one_name(name: str) -> bool:
    han = all("\u3400" <= c <= "\u9fff" for c in name)
    return han and ((name[:2] in _DOUBLE and 3 <= len(name) <= 4) or _is_short_name(name))


def _is_short_name(name: str) -> bool:
    return name[0] in _SURNAMES and 2 <= len(name) <= 3


_POSTED = r"(?:[发發]表|[发發]布|回[复覆應])[于於]"
POSTED = Pattern(rf"\S.{{0,24}}?[ \u3000]*{_POSTED}[:： \u3000]*(?:{_DATE}).{{0,20}}")
"""Over what someone wrote in a forum."""
ENDS_DATED = Pattern(
    rf"[^，。！？：:]{{1,29}}[^，。！？：: \u3000][ \u3000]{{1,9}}"
    rf"(?:{_DATE})(?:[ \u3000].{{0,12}})?"
)
"""Under a title: 相声 杨雨泽 2025-08-09."""
BEGINS_DATED = Pattern(
    rf"(?:{_DATE})[ \u3000]{{1,9}}[^ \u3000，。！？：:].{{0,7}}",
    first=_DIGITS + _NUMERALS + "〇○零",
)
"""Under a title, or over a text: 2011年2月18日 苹果日报."""
_BROUGHT = "(?:報導|报道|報道|报导)"
BROUGHT = Pattern(rf"[^。！？：:]{{4,40}}{_BROUGHT}(?:[ \u3000/／][^。！？]{{0,20}})?")
"""Who brought the news, under it or over it: 台視新聞/綜合報導."""
HEADER = Pattern(
    r"(?:看板|[标標][题題]|作者|[时時][间間](?=.{0,24}\d)|[发發]信人|信[区區]|寄件者|收件者|主旨|[发發]件人|收件人|主[题題]|抄送|日期"
    r"|From|To|Subject|Date|Cc)(?:\s*[:：]\s*|[ \u3000]+)\S.{0,80}"
)
"""A line of the head of a letter by wire."""
SPACED_LABEL = Pattern(
    r"[(（]?(?P<label>[\u4e00-\u9fff]{2,4})[ \u3000]+(?P<name>[\u4e00-\u9fff]{2,4})[)）]?"
)
MADE = Pattern(r"[\u3400-\u9fff·〔〕\[\]（） \u3000]{2,16}[译譯著撰编編注註述辑輯校]")
"""Who translated or wrote a book of old: 吴月支优婆塞支谦译."""
PASSED = Pattern(
    rf"[(（]?(?:{_DATE}).{{0,30}}(?:通[过過]|[发發]布|印[发發]|修[订訂]|施行|公布)[)）]?"
)
"""When rules were made."""

EDITORS_NOTE = Pattern(
    r"[【\[〔（(]?\s*(?:編者按語?|编者按语?|編按|编按|編輯按|编辑按|編者的話|编者的话|按語|按语"
    r"|[Ee]ditor['’]s [Nn]ote|EDITOR['’]S NOTE|[Ee]ditorial [Nn]ote)\s*[】\]〕）):：]\s*",
    first="【[〔（(編编按Ee",
)

CAPTION = Pattern(
    r"(?:[圖图](?:為|为|說|说|源[:：]|[:：/／]|[一二三四五六七八九十\d]{1,3}[:：\s]|片(?:說明|说明|[:：]))"
    r"|[▲△▼▽↑↓◎]|(?:Photo|Pictured|Picture|Image|Caption)[:：])",
    first="圖图▲△▼▽↑↓◎PIC",
)
CREDIT_IN_BRACKETS = Pattern(r"[(（\[【]\s*+(?P<credit>[^()（）\[\]【】。；]{2,40})\s*+[)）\]】]\Z")
AGENCY = Pattern(
    r"VCG|視覺中國|视觉中国|新華社|新华社|新華視點|新华视点|中新社|中新網|中新网|路透|法新社|美聯社|美联社"
    r"|彭博|歐新社|欧新社|Getty|Reuters|AFP|\bAP\b|Xinhua|Bloomberg|\bCNS\b|\bEPA\b|Unsplash|Wikimedia"
    r"|Visual China|資料圖|资料图|資料照|资料照|網絡圖|网络图|網路圖|圖源|图源|圖片來源|图片来源"
    r"|受訪者提供|受访者提供|供圖|供图|截圖|截图|攝影?\Z|摄影?\Z|[Pp]hoto|[Cc]ourtesy|File picture"
)
# What else stands in brackets after a text's last sentence: (完), (待續), (作者為…), (他笑了).
NOT_A_CREDIT = Pattern(
    r"完\Z|續|续|表演|^[作編编註注按见見參参譯译笑上下略同]|[，,、：:？！?!]|[他她我你您的了是在著着不們们這这那]"
    r"|^(?i:the end|to be continued|see |laughs|translated|translator)|\d{4}"
)

_ORNAMENTS = "*＊※~～=＝_＿—–-#·•◇◆○●☆★…"
SEPARATOR = Pattern(rf"(?:[{re.escape(_ORNAMENTS)}]\s*){{2,}}|[※☆★◇◆＊*]", first=_ORNAMENTS)

QUOTED_FROM = Pattern(r".{6,120}[。！？…”」』]\s*[—―─]{1,2}\s*[^。！？；…，]{2,24}")
"""A quotation with its source behind it, in one line."""
ATTRIBUTION = Pattern(
    r"(?:[—―─－–]{1,2}|--)\s*[^\s—，。！？；：…,!?;:「“\"][^。！？；…!?]{0,30}(?<![，。！？」”])",
    first=DASH,
)

_LISTS = {
    "bullet": Pattern(r"[•●○◦▪■□◆◇‣★☆]\s*[^\s★☆]|[-*+–·]\s+\S", first="•●○◦▪■□◆◇‣★☆-*+–·"),
    "digits": Pattern(r"[0-9０-９]{1,3}(?:[.．](?![0-9０-９])|[、）)])\s*\S", first=_DIGITS),
    "bracketed digits": Pattern(r"[(（][0-9０-９]{1,3}[)）]\s*\S", first="(（"),
    "circled digits": Pattern(r"[①-⑳❶-❿]\s*\S", first="①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺❻❼❽❾❿"),
    "numerals": Pattern(rf"[{_NUMERALS}]{{1,3}}、\s*\S", first=_NUMERALS),
    "stems": Pattern(r"[甲乙丙丁戊己庚]、(?![甲乙丙丁])\s*\S", first="甲乙丙丁戊己庚"),
    "bracketed numerals": Pattern(rf"[(（][{_NUMERALS}]{{1,3}}[)）]\s*\S", first="(（"),
    "letters": Pattern(r"[A-Ha-h][.．)）、]\s*\S", first="ABCDEFGHabcdefgh"),
    "boxed digits": Pattern(r"[（(][ \u3000]*[)）]\s*[0-9]{1,3}[.．、]?\s*\S", first="(（"),
    "square digits": Pattern(r"[\[〔［【][0-9０-９]{1,3}[\]〕］】]\s*\S", first="[〔［【"),
}


def list_style(text: str) -> str | None:
    """The name of the style in which `text` begins as an item of a list, if it does.

    >>> list_style("1. 打開"), list_style("二、關上"), list_style("1.5億元")
    ('digits', 'numerals', None)
    """
    if text[:1] not in _LIST_STARTS:
        return None
    return next((name for name, pattern in _LISTS.items() if pattern.match(text)), None)


_LIST_STARTS = frozenset("".join(pattern.first for pattern in _LISTS.values()))


BRACKETS = ")）]】"
NOTABLE = frozenset(
    c
    for pattern in (MARKUP, EDITORS_NOTE, CAPTION, SEPARATOR, *_LISTS.values())
    for c in ("", *pattern.first)
)
"""What a line of any length may begin with for a rule to have a say; "" is white space."""


_CLAUSES = Pattern(r"[，。！？；、,!?;\s]+")
NOTE_SIGN = Pattern(r"[⑴-⒇①-⑳]|\[\d{1,2}\]")
_LONGEST_POEM, _MOST_CLAUSES = 72, 8
_METRES = frozenset({4, 5, 6, 7})


def verse_shape(text: str) -> tuple[int, ...] | None:
    """Lengths of the clauses of a line of regular verse; None for anything else.

    >>> verse_shape("床前明月光，疑是地上霜。"), verse_shape("他說，走吧。")
    ((5, 5), None)
    """
    if len(text) > _LONGEST_POEM:
        return None
    bare = NOTE_SIGN.compiled.sub("", text)
    clauses = [clause for clause in _CLAUSES.compiled.split(bare) if clause]
    lengths = {len(clause) for clause in clauses}
    regular = len(lengths) == 1 and lengths <= _METRES and len(clauses) <= _MOST_CLAUSES
    # Words left out of an exercise are blanks.
    han = regular and all(
        "\u3400" <= c <= "\u9fff" or c in "＿_" for clause in clauses for c in clause
    )
    return tuple(map(len, clauses)) if han else None


def is_closed(text: str) -> bool:
    """Whether the text ends as a sentence or clause does, brackets and quotes apart."""
    bare = text.rstrip(CLOSERS)
    return not bare or bare[-1] in CLOSED


def is_sentence(text: str) -> bool:
    bare = text.rstrip(CLOSERS)
    return bool(bare) and bare[-1] in FULL_STOPS


def is_speech(text: str) -> bool:
    """Words that someone says: quoted from the beginning, or after a colon."""
    if SPEECH.search(text):
        return True
    return text[0] in OPENING_QUOTES and (
        text[-1] in CLOSING_QUOTES or not any(quote in text for quote in CLOSING_QUOTES)
    )


def columns(text: str) -> int:
    """Columns on a screen, near enough: in UTF-8 a letter has one byte and a character three."""
    return (len(text) + len(text.encode())) // 2
