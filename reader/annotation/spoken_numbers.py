"""Digits as people read them: dates, times, fractions, ranges, money, telephone numbers, 5G.

What is said of one number is `numbers.read_digits`; here it is decided by what stands around it
which way it is said, and numbers with signs between them (2025-03-18, 1/2, 3-5) become one word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from reader.annotation.numbers import POINT, digit_by_digit, quantity, read_digits
from reader.annotation.word_candidates import LATIN, NUMBER, Word
from reader.files import read_data
from reader.model import Reading, ReadingSource

__all__ = ["breaks_of", "joined_numbers", "latin_reading", "readings_of_latin", "spoken_number"]

Syllables = tuple[str, ...]

_AROUND = 8
"""Characters before and after a number that say how it is said."""
_WIDE = str.maketrans("０１２３４５６７８９．，：／－～％￥＄", "0123456789.,:/-~%¥$")
_DECIMAL = r"\d{1,16}(?:\.\d{1,9})?"
_COMPOUND = re.compile(
    r"(?<![\dA-Za-z.,:/-])(?:"
    r"\d{4}([-/.])\d{1,2}\1\d{1,2}"
    r"|0\d{2,3}-\d{7,8}|[48]00-?\d{3}-?\d{4}|1[3-9]\d([- ])\d{4}\2\d{4}"
    r"|\d{1,2}:\d{2}[-–—~～－]\d{1,2}:\d{2}"
    rf"|{_DECIMAL}[%％]?[-–—~～－]{_DECIMAL}[%％]?|\d{{1,4}}[/／]\d{{1,4}}"
    rf"|[¥￥$＄€£](?:\d{{1,3}}(?:,\d{{3}}){{1,6}}|\d{{1,16}})(?:\.\d{{1,9}})?(?![\d]*[万亿萬億千百])"
    rf"|-?{_DECIMAL}(?:℃|°C)|-\d{{1,3}}(?:\.\d)?(?=度)|(?<![\w)）])-{_DECIMAL}[%％]?"
    r"|\d{1,2}[·・]\d{1,2}"
    r")(?![\dA-Za-z/:]|[-.]\d)"
)
_RANGE = re.compile(rf"({_DECIMAL}[%％]?)[-–—~～－]({_DECIMAL}[%％]?)")
_MONEY = {"¥": "yuan2", "￥": "yuan2", "$": "mei3 yuan2", "€": "ou1 yuan2", "£": "ying1 bang4"}
_CALLED = re.compile(
    "(?:电话|電話|手机|手機|热线|熱線|拨打|撥打|致电|致電|号码|號碼|编号|編號|邮编|郵編|微信|QQ|房间|房間|车牌|車牌|航班|学号|學號"
    "|区号|區號|密码|密碼|验证码|驗證碼|卡号|卡號|账号|賬號|帳號|身份证|身分證|群号|分机|分機|波音|空客|[0-9][转轉])"
    "[号號码碼]?(?:是|为|為)?[:：]?$"
)
"""After these a number is said digit by digit."""
_URGENT = re.compile(
    "(?:打|拨|撥|拨通|撥通|呼叫|报警|報警|匪警|急救|火警|求助|查号|查號|客服|投诉|投訴)(?:电话|電話)?(?:是|为|為)?[:：]?$"
)
"""After these, one of the short numbers that one calls; 打110分 is none."""
_SHORT_NUMBER = re.compile(r"1[12]\d|999|911|1\d{4}|9[56]\d{3}")
_SCORE = re.compile("(?:(?:比分|比例|比率)[是为為]?|比为|比為|以|比|战成|戰成|了)$")
_YEARS = re.compile(r"(?:18|19|20)\d\d")
_AFTER_YEAR = re.compile(r"年|届|屆|级|級|版|赛季|賽季|财年|財年|款|[）)\]】]")
_MEASURED = re.compile(
    "[个個人元块塊岁歲米天年月日号號斤吨噸次条條本张張只隻台臺亿億万萬千百%％分秒度公多余餘几幾名位]"
)


def joined_numbers(text: str, words: Sequence[Word]) -> list[Word]:
    """The words, numbers and the signs between them as one where they are said as one.

    >>> joined_numbers("占1/2", [(0, 1, 0), (1, 2, NUMBER), (2, 3, 7), (3, 4, NUMBER)])
    [(0, 1, 0), (1, 4, 5)]
    """
    # Those that the core made are gone through and not cut.
    words = list(words)
    starts = {start: at for at, (start, _, _) in enumerate(words)}
    joined: list[Word] = []
    done = 0
    for match in _COMPOUND.finditer(text):
        first, end = starts.get(match.start()), match.end()
        if first is None or first < done or not _is_whole(text, match):
            continue
        last = first
        while last < len(words) and words[last][1] < end:
            last += 1
        whole = last < len(words) and words[last][1] == end
        if whole and all(kind >= NUMBER for _, _, kind in words[first : last + 1]):
            joined += [*words[done:first], (match.start(), end, NUMBER)]
            done = last + 1
    return [*joined, *words[done:]]


def _is_whole(text: str, match: re.Match[str]) -> bool:
    """Whether 第 does not make an ordinal of a part of it: 第1/10页, but not 第3-5页."""
    ordinal = match.start() > 0 and text[match.start() - 1] == "第"
    return not ordinal or _RANGE.fullmatch(match[0]) is not None


def spoken_number(text: str, start: int, end: int) -> Reading | None:
    """How the number at a place of a text is said; None for one in which nothing is."""
    number = text[start:end].translate(_WIDE)
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    for way in _WAYS:
        said = way(number, before, after)
        if said is not None:
            break
    else:
        said = read_digits(number, before[-1:], after)
    if not any(said):
        return None
    return Reading(said, ReadingSource.DEFAULT, 0.95, breaks=breaks_of(number, said))


def breaks_of(number: str, said: Sequence[str]) -> tuple[int, ...]:
    """Where pinyin takes a space in a number: not between tens and ones (GB/T 16159, 6.1.5).

    >>> breaks_of("138", ("yi1 bai3", "san1 shi2", "ba1"))
    (1,)
    """
    spoken = [at for at, syllable in enumerate(said) if syllable]
    return tuple(
        at
        for before, at in pairwise(spoken)
        if not (said[before].endswith("shi2") and at == before + 1 and said[at] != POINT)
    )


def latin_reading(text: str) -> Reading | None:
    """How the digits of a word in Latin letters are said: 5G, A4, COVID-19, PM2.5.

    >>> reading = latin_reading("A4")
    >>> reading.syllables if reading else None
    ('', 'si4')
    """
    said = [""] * len(text)
    for match in re.finditer(r"\d{1,9}(?:\.\d{1,4})?", text):
        if _is_english(text, match):
            continue
        unit = _UNIT.fullmatch(text, match.end()) is not None and match.start() == 0
        short = len(match[0]) < 3 or "." in match[0] or unit
        way = read_digits(match[0]) if short else digit_by_digit(match[0])
        said[match.start() : match.end()] = way
    breaks = breaks_of(text, said)
    row = _rows().get(text.lstrip("0123456789."))
    if row is not None and any(said):
        start = len(text) - len(row.said.split())
        said[start:] = row.said.split()
        breaks = (*breaks, start)
    if not any(said):
        return None
    return Reading(tuple(said), ReadingSource.DEFAULT, 0.9, breaks=breaks)


_UNIT = re.compile(r"(?:[kmcµ]?[gmlL]|k[mg]|km/?h?|cc|[KMGT]B?|kW|W|V|Hz|[KMG]Hz|px|dpi)")


def _is_english(text: str, match: re.Match[str]) -> bool:
    """Whether a digit is said in English, between capitals: P2P, B2B."""
    between = (
        text[match.start() - 1 : match.start()].isupper() and text[match.end() :][:1].isupper()
    )
    return match[0] in "24" and between


def readings_of_latin(text: str, words: Sequence[Word], readings: list[Reading | None]) -> None:
    """Put the readings of words in Latin letters that have digits in their places."""
    for at, (start, end, kind) in enumerate(words):
        if kind == LATIN and readings[at] is None and any(map(str.isdecimal, text[start:end])):
            readings[at] = latin_reading(text[start:end])


# The ways in which a number may be said, in the order in which they are tried.


class _Row(NamedTuple):
    said: str
    after: tuple[str, ...]


@cache
def _rows() -> dict[str, _Row]:
    """What is said of some numbers, from `data/spoken_numbers.tsv`."""
    text = read_data("spoken_numbers.tsv").decode()
    lines = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return {line[0]: _Row(line[1], tuple(filter(None, line[2].split("|")))) for line in lines}


def _listed(number: str, before: str, after: str) -> Syllables | None:
    row = _rows().get(number)
    if row is None:
        return None
    follows = after.startswith(row.after) if row.after else not _MEASURED.match(after)
    if not follows:
        return None
    if row.said in ("digits", "yao"):
        return digit_by_digit(number, yao=row.said == "yao")
    return tuple("" if syllable == "-" else syllable for syllable in row.said.split())


def _date(number: str, before: str, after: str) -> Syllables | None:
    match = re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", number)
    if match is None or not (1 <= int(match[3]) <= 12 and 1 <= int(match[4]) <= 31):
        return None
    month, day = _counted(match[3]), _counted(match[4])
    return (*digit_by_digit(match[1]), "nian2", *month, "yue4", *_with_last(day, "ri4"))


def _counted(digits: str) -> Syllables:
    """A small number, a zero before it left out."""
    zero = len(digits) - len(digits.lstrip("0"))
    return (*[""] * zero, *quantity(digits[zero:])) if zero < len(digits) else quantity(digits)


def _with_last(said: Sequence[str], more: str) -> Syllables:
    return (*said[:-1], f"{said[-1]} {more}".strip())


def _called(number: str, before: str, after: str) -> Syllables | None:
    """A telephone number, and what else has a number for a name."""
    digits = "".join(filter(str.isdecimal, number))
    urgent = _SHORT_NUMBER.fullmatch(number) and _URGENT.search(before)
    if urgent and not _MEASURED.match(after) and not after.startswith(("分", "字", "次")):
        return digit_by_digit(number, yao=True)
    telephone = re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}", digits)
    plain = number.replace("-", "").replace(" ", "") == digits
    named = len(digits) > 2 and _CALLED.search(before) and not _MEASURED.match(after)
    room = re.fullmatch(r"\d{3,4}", number) and re.match("室|房|[号號](?:房|室)", after)
    return digit_by_digit(number, yao=True) if plain and (telephone or named or room) else None


def _fraction(number: str, before: str, after: str) -> Syllables | None:
    match = re.fullmatch(r"(\d{1,4})/(\d{1,4})", number)
    if match is None or not 0 < int(match[1]) < int(match[2]):
        return digit_by_digit(number) if match else None
    below = " ".join(filter(None, quantity(match[2])))
    above = quantity(match[1])
    return (f"{below} fen1 zhi1 {above[0]}", *above[1:], *[""] * (1 + len(match[2])))


def _range(number: str, before: str, after: str) -> Syllables | None:
    match = re.fullmatch(rf"({_DECIMAL}%?)([-–—~])({_DECIMAL}%?)", number)
    if match is None:
        return None
    ends = match[1], match[3]
    if all(map(_YEARS.fullmatch, ends)):
        one, other = (digit_by_digit(end) for end in ends)
    else:
        one, other = (read_digits(end, before[-1:], after) for end in ends)
    low, high = (float(end.rstrip("%")) for end in ends)
    between = "dao4" if low < high and not _SCORE.search(before) else "bi3"
    return (*one, between, *other)


def _ratio(number: str, before: str, after: str) -> Syllables | None:
    """10:1; 3:20 is a time unless what stands before says that it is a score."""
    match = re.fullmatch(r"(\d{1,4}):(\d{1,4})", number)
    if match is None:
        return None
    time = len(match[2]) == 2 and int(match[1]) < 25 and int(match[2]) < 60
    if time and not _SCORE.search(before):
        return None
    return (*quantity(match[1]), "bi3", *quantity(match[2]))


def _hours(number: str, before: str, after: str) -> Syllables | None:
    """From one time of the day to another: 8:00-17:30."""
    match = re.fullmatch(r"(\d{1,2}:\d{2})[-–—~](\d{1,2}:\d{2})", number)
    if match is None:
        return None
    return (*read_digits(match[1]), "dao4", *read_digits(match[2]))


def _named_day(number: str, before: str, after: str) -> Syllables | None:
    """A day that something is called by: 9·11事件."""
    match = re.fullmatch(r"(\d{1,2})[·・](\d{1,2})", number)
    return (*digit_by_digit(match[1]), "", *digit_by_digit(match[2])) if match else None


def _negative(number: str, before: str, after: str) -> Syllables | None:
    """-3度 is below zero; -5% is less than nothing."""
    if number[:1] != "-" or not number[1:].rstrip("%").replace(".", "", 1).isdecimal():
        return None
    return ("ling2 xia4" if after[:1] == "度" else "fu4", *read_digits(number[1:]))


def _money(number: str, before: str, after: str) -> Syllables | None:
    unit = _MONEY.get(number[:1])
    return ("", *_with_last(read_digits(number[1:]), unit)) if unit else None


def _degrees(number: str, before: str, after: str) -> Syllables | None:
    match = re.fullmatch(rf"(-?)({_DECIMAL})(℃|°C)", number)
    if match is None:
        return None
    said = (*read_digits(match[2]), "she4 shi4 du4", *[""] * (len(match[3]) - 1))
    return ("ling2 xia4", *said) if match[1] else said


def _decade(number: str, before: str, after: str) -> Syllables | None:
    """90后, 00后: who was born then."""
    born = re.fullmatch("[05-9][05]", number) and after[:1] in ("后", "後") and before[-1:] != "第"
    return digit_by_digit(number) if born else None


def _year(number: str, before: str, after: str) -> Syllables | None:
    """1998 in brackets, 2022赛季: years without 年."""
    year = _YEARS.fullmatch(number) and _AFTER_YEAR.match(after)
    # 98年 is 1998; 90年 and 98年来 are lengths of time, 90年代 the nineties.
    short = re.fullmatch("[89][1-9]", number) and _SHORT_YEAR.match(after)
    quoted = re.fullmatch(r"\d\d", number) and before[-1:] in ("'", "’") and after[:1] == "年"
    return digit_by_digit(number) if year or short or quoted else None


_SHORT_YEAR = re.compile("年(?![代来來间間后後前多以之内內历歷])")


_WAYS: tuple[Callable[[str, str, str], Syllables | None], ...] = (
    _listed,
    _date,
    _called,
    _fraction,
    _range,
    _ratio,
    _hours,
    _named_day,
    _money,
    _degrees,
    _negative,
    _decade,
    _year,
)
