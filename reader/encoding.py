"""Which encoding a Chinese text is in: UTF-8, UTF-16, GB18030 or Big5, told by its bytes.

Statistical recognisers need kilobytes; a headline has twenty bytes. Here each candidate decodes
a sample, and the one whose characters a Chinese text would use wins: of running text about two
characters in three are among the most frequent few hundred, of text decoded wrongly one in ten.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import BinaryIO, NamedTuple

from reader.errors import OptionError, SourceError
from reader.options import SourceOptions

__all__ = ["WIDER", "decode_portions", "decoded", "recognise", "require_encoding"]


_SAMPLE = 1 << 16
_CHUNK = 1 << 20
_NOT_ASCII = re.compile(rb"[\x80-\xff]")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip container (EPUB, DOCX …)"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x7fELF", "a program"),
)

# On equal scores the first wins. CP950 is Big5 as Taiwan's systems write it; Hong Kong's
# characters have no place in it, and HKSCS reads a few of its signs otherwise (‧ as •).
_CANDIDATES = ("utf-8", "gb18030", "cp950", "big5hkscs")
WIDER = {"cp950": "big5hkscs"}
"""What to try when a text recognised by its beginning does not decode further on."""

_CHINESE = ("gb18030", "big5hkscs", "cp950", "hz")
_WIDE = ("utf-16-le", "utf-16-be")
_WESTERN = "cp1252"

# Shares of the characters outside ASCII, measured on sentences: right decodings score 0.4 and
# more even for names and classical prose, wrong ones below 0.25.
_ENOUGH = 0.3
# A western text has little outside ASCII; wins over chance, not over Chinese that makes sense.
_WESTERN_SCORE = 0.6
_WESTERN_ASCII = 0.9
_MANY_NULS = 0.02

_FREQUENT = frozenset(
    "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於"
    "着著下自之年过過发發后後作里裡裏用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看"
    "定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實日军軍者意无無力它与與长長把机機十民第公此"
    "已工使情明性知全三又关關点點正业業外将將两兩高间間由问問很最重并並物手应應战戰向头頭文体體政美相见見被"
    "利什二等产產或新己制身果加西斯月话話合回特代内內信表化老给給世位次度门門任常先海通教儿兒原东東声聲提立"
    "及比员員解水名真论論处處走义義各入几幾口认認条條平系气氣题題活尔爾更别別打女变變四神总總何电電数數安少"
    "报報才结結反受目太量再感建务務做接必场場件计計管期市直德资資命山金指克许許统統区區保至队隊形社便空决決"
    "治展马馬科司五基眼书書非则則听聽白却卻界达達光放强強即像难難且权權思王象完设設式色路记記南品住告类類求"
    "据據程北边邊死张張该該交规規万萬取拉格望觉覺术術领領共确確传傳师師观觀清今切院让讓识識候带帶导導争爭运"
    "運笑飞飛风風步改收根干幹造言联聯持组組每济濟车車亲親极極林服快办辦议議往元英士证證近失转轉夫令准布始怎"
    "呢存未远遠叫台单單影具罗羅字爱愛击擊流备備兵连連调調深商算质質团團集百需价價花党黨华華城石级級整府离離"
    "况況亚亞请請技际際约約示复復病息究线線似官火断斷精满滿支视視消越器容照须須九增研写寫称稱企八功吗嗎包片"
    "史委乎查轻輕易早曾除农農找装裝广廣显顯吧阿李标標谈談吃图圖念六引历歷首医醫局突专專费費号號尽盡另周较較"
    "注语語仅僅考落青随隨选選列武红紅响響虽雖推势勢参參希古众眾构構房半节節土投某案黑维維革划劃敌敵致陈陳律"
    "足态態护護七兴興派孩验驗责責营營星够夠章音跟志底站严嚴巴例防族供效续續施留讲講型料终終答紧緊黄黃绝絕"
    "奇察母京段依批群项項故按河米围圍江织織害斗鬥双雙境客纪紀采举舉杀殺攻父苏蘇密低朝友诉訴止细細愿願千值仍"
    "男钱錢破网網热熱助倒育属屬坐帝限船脸臉职職速刻乐樂否刚剛威毛状狀率甚独獨球般普怕弹彈校苦创創假久错錯承"
    "印晚兰蘭试試股拿脑腦预預谁誰益阳陽若哪微尼继繼送急血惊驚伤傷素药藥适適波夜省初喜卫衛源食险險待述陆陸习"
    "習置居劳勞财財环環排福纳納欢歡雷警获獲模充负負云雲停木游遊龙龍树樹疑层層冷洲冲沖射略范範竟句室异異激汉"
    "漢村哈策演简簡卡罪判担擔州静靜退既衣您宗积積余餘痛检檢差富灵靈协協角占配征徵修皮挥揮胜勝降阶階审審沉坚"
    "堅善妈媽刘劉读讀啊超免压壓银銀买買皇养養伊怀懷执執副乱亂抗犯追帮幫宣佛岁歲航优優怪香鄉乡"
    "，。、；：？！「」『』（）《》〈〉【】“”‘’…—·　０１２３４５６７８９"
)


class _Guess(NamedTuple):
    encoding: str
    score: float


def require_encoding(name: str) -> str:
    """`name` as Python knows it; `OptionError` when it knows no such text encoding."""
    try:
        "a".encode(name)  # also refuses the codecs that are no encodings, such as base64
    except (LookupError, ValueError):
        raise OptionError(f"{name!r} is not an encoding that Python knows") from None
    canonical = codecs.lookup(name).name
    return "utf-8-sig" if canonical == "utf-8" else canonical


def recognise(file: BinaryIO, path: str | PathLike[str] | None = None) -> str:
    """The encoding of the text in `file`, which is left at its beginning.

    The whole need not decode: a damaged text is recognised all the same, so that the damage can
    be reported at its offset. Raises `SourceError` for what is not a text.
    """
    start = file.read(_SAMPLE)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            file.seek(0)
            return encoding
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            raise SourceError(f"is {kind}, not a plain text", path=path)
    sample = start if _has_nulls(start) else _from_first_foreign_byte(file, start)
    file.seek(0)
    guess = _best(start, sample)
    if guess.score >= _ENOUGH:
        return guess.encoding
    return _second_opinion(sample) or _refuse(start, path)


def _from_first_foreign_byte(file: BinaryIO, start: bytes) -> bytes:
    """A sample from the first byte outside ASCII, where every candidate is at a character."""
    chunk = start
    while chunk:
        found = _NOT_ASCII.search(chunk)
        if found:
            rest = chunk[found.start() : found.start() + _SAMPLE]
            return rest + file.read(_SAMPLE - len(rest))
        chunk = file.read(_CHUNK)
    return start


def _best(start: bytes, sample: bytes) -> _Guess:
    """The candidate that reads the sample as the most usual Chinese."""
    if _has_nulls(start):
        return max((_guess(start, name) for name in _WIDE), key=lambda guess: guess.score)
    if not _NOT_ASCII.match(sample):
        return _Guess("utf-8", 1.0)
    if _is_utf8(sample):
        return _unless_chinese(sample)
    guesses = [_guess(sample, name) for name in _CANDIDATES]
    guesses += [_guess(start, name) for name in _WIDE if len(start) % 2 == 0]
    guesses.append(_western(sample))
    return max(guesses, key=lambda guess: guess.score)


def _has_nulls(start: bytes) -> bool:
    return start.count(0) > len(start) * _MANY_NULS


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, len(sample) < _SAMPLE)
    except UnicodeDecodeError:
        return False
    return True


def _unless_chinese(sample: bytes) -> _Guess:
    """UTF-8, but for a few characters of GB18030 that happen to be valid UTF-8 (楼为 as ¥Ϊ)."""
    text = sample.decode("utf-8", "replace")
    if not any(c >= "\u0800" for c in text) and _guess(sample, "utf-8").score <= 0:
        other = _guess(sample, "gb18030")
        if other.score >= 0.5:
            return other
    return _Guess("utf-8", 1.0)


def _guess(sample: bytes, encoding: str) -> _Guess:
    """The share of frequent characters among those outside ASCII; what fails to decode counts."""
    text = sample.decode(encoding, "replace")
    foreign = [c for c in text if c >= "\x80" or (c < " " and c not in "\t\n\r")]
    if not foreign:
        return _Guess(encoding, 1.0 if text.isprintable() else 0.5)
    frequent = sum(c in _FREQUENT for c in foreign)
    impossible = sum(_is_impossible(c) for c in foreign)
    return _Guess(encoding, (frequent - 2 * impossible) / len(foreign))


def _is_impossible(character: str) -> bool:
    """Replacements, controls, private use: hardly ever in a text, often in a wrong decoding."""
    return (
        character in "\ufffd\ufffe\uffff" or character < "\xa0" or "\ue000" <= character < "\uf900"
    )


def _western(sample: bytes) -> _Guess:
    """Western European text: an English translation with curly quotation marks and accents."""
    foreign = len(_NOT_ASCII.findall(sample))
    plain = len(sample) - foreign >= len(sample) * _WESTERN_ASCII
    decodes = "\ufffd" not in sample.decode(_WESTERN, "replace")
    return _Guess(_WESTERN, _WESTERN_SCORE if plain and decodes else 0.0)


def _second_opinion(sample: bytes) -> str | None:
    """charset-normalizer's view; its import is slow, so it is asked only in doubt."""
    if 0 in sample:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(_CHINESE)).best()
    if best is None or not any("\u3400" <= c <= "\u9fff" for c in str(best)):
        return None
    return best.encoding


def _refuse(start: bytes, path: str | PathLike[str] | None) -> str:
    if 0 in start:
        raise SourceError("is a binary file, not a text", path=path)
    raise SourceError(
        "is not a text in UTF-8, UTF-16, GB18030 or Big5; name its encoding if it has one",
        path=path,
    )


_HEAD = 2048
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?\b(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.I
)
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}
"""Encodings that browsers read as a larger one (encoding.spec.whatwg.org)."""


def decoded(
    data: bytes, path: Path | None, options: SourceOptions, *, declared: bool = False
) -> str:
    """`data` as text: by the encoding asked for, declared in the markup, or told by its bytes.

    Raises `SourceError` with the offset of the first byte that is none of it, and for what is
    empty or no text.
    """
    if not data.strip():
        raise SourceError("is empty", path=path)
    name = options.encoding or (_declaration(data) if declared else "")
    if not name or not _reads(data, name, asked=options.encoding is not None):
        name = recognise(io.BytesIO(data), path)
    try:
        return data.decode(require_encoding(name))
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not {name}"
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(message, path=path, line=line) from error
    except UnicodeError as error:
        raise SourceError(f"is not {name}: {error}", path=path) from error


def _declaration(data: bytes) -> str:
    found = _DECLARED.search(data[:_HEAD])
    name = found[1].decode("ascii").lower() if found else ""
    return _LARGER.get(name, name)


def _reads(data: bytes, name: str, *, asked: bool) -> bool:
    """Whether a declared encoding is to be believed; one that was asked for always is."""
    if asked:
        return True
    try:
        data.decode(name)
    except (LookupError, ValueError):
        return False
    return True


def decode_portions(
    opener: Callable[[], BinaryIO], encoding: str, path: Path | None
) -> Iterator[str]:
    """The text in portions; bytes that do not decode are an error with their offset in it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    with opener() as file:
        while True:
            data = file.read(_CHUNK)
            start = offset - len(decoder.getstate()[0])
            try:
                yield decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                raise _undecodable(error, start, encoding, path) from None
            except UnicodeError as error:
                # What a codec says of the whole: UTF-16 that has no byte order mark.
                raise SourceError(f"is not {encoding.upper()}: {error}", path=path) from None
            if not data:
                return
            offset += len(data)


def _undecodable(
    error: UnicodeDecodeError, start: int, encoding: str, path: str | PathLike[str] | None
) -> SourceError:
    byte = error.object[error.start]
    return SourceError(
        f"byte 0x{byte:02x} at byte offset {start + error.start} is not {encoding.upper()}",
        path=path,
    )
