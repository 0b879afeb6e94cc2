"""Documents written out by hand, small, with one of everything writers must show."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace

from reader.layers import REQUIRES
from reader.model import (
    Block,
    BlockKind,
    Document,
    Link,
    Mark,
    MarkKind,
    Metadata,
    Note,
    Reading,
    ReadingSource,
    Resource,
    Segment,
    Span,
    Token,
    TokenKind,
    Translation,
)

PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
_STOPS = "。，：「」？！、《》"
_WORDS = {
    "茶館": ("茶馆", "cha2 guan3"),
    "老張": ("老张", "lao3 zhang1"),
    "賣茶": ("卖茶", "mai4 cha2"),
    "不": ("不", "bu4"),
    "懂": ("懂", "dong3"),
    "換道超車": ("换道超车", "huan4 dao4 chao1 che1"),
    "西安": ("西安", "xi1 an1"),
    "花兒": ("花儿", "hua1 r5"),
    "金融": ("金融", "jin1 rong2"),
    "說": ("说", "shuo1"),
    "笑": ("笑", "xiao4"),
    "第一": ("第一", "di4 yi1"),
    "章": ("章", "zhang1"),
}
TERM = "換道超車"
LAYERS = tuple(sorted(REQUIRES))
"""Of documents that are annotated by hand with all there is."""


def token(text: str) -> Token:
    """The token that `text` stands for: a known word, a stop, or Latin."""
    if text in _WORDS:
        simplified, pinyin = _WORDS[text]
        reading = Reading(tuple(pinyin.split()), ReadingSource.DICTIONARY)
        return Token(text, TokenKind.WORD, simplified, "", reading, text == "西安")
    if text in _STOPS:
        return Token(text, TokenKind.PUNCTUATION)
    return Token(text, TokenKind.SPACE if text.isspace() else TokenKind.LATIN)


def block(words: str, kind: BlockKind = BlockKind.PARAGRAPH, **fields: object) -> Block:
    """A block of words parted by `|`; the term, where it stands, has its note."""
    tokens = tuple(token(word) for word in words.split("|") if word)
    text = "".join(found.text for found in tokens)
    start = text.find(TERM)
    notes: tuple[Note, ...] = ()
    if start >= 0:
        spelled = ("huan4", "dao4", "chao1", "che1")
        gloss, prose = "overtake by changing lanes", "A favourite of <officials> & others."
        notes = (Note(start, start + 4, TERM, "换道超车", TERM, spelled, gloss, prose),)
    return Block(text, kind, tokens, notes=notes, **fields)  # type: ignore[arg-type]


def article() -> Document:
    """One of every kind of block and mark, a footnote, an image, a link of every sort."""
    linked = block("老張|說|：|「|換道超車|」|P2P|金融|。", id="p1")
    marks = (
        Mark(0, 3, MarkKind.EMPHASIS),
        Mark(1, 6, MarkKind.STRONG),
        Mark(4, 9, MarkKind.LINK, (("href", "https://example.org/?a=1&b=二 三"),)),
        Mark(11, 13, MarkKind.LINK, (("href", "javascript:alert(1)"),)),
        Mark(9, 14, MarkKind.LANGUAGE, (("lang", "en"),)),
        Mark(3, 3, MarkKind.LINE_BREAK),
        Mark(2, 2, MarkKind.ANCHOR, (("id", "an anchor"),)),
        Mark(14, 14, MarkKind.NOTE_REFERENCE, (("target", "fn1"),)),
        Mark(14, 14, MarkKind.IMAGE, (("resource", "dot 1.png"), ("alt", "a dot"))),
    )
    blocks = (
        block("茶館|賣茶", BlockKind.TITLE),
        block("西安|花兒", BlockKind.SUBTITLE),
        block("老張", BlockKind.BYLINE),
        block("老張|賣茶|。|不|懂|金融|。", BlockKind.EDITORS_NOTE),
        block("第一|章|換道超車", BlockKind.HEADING, level=2),
        Block(linked.text, linked.kind, linked.tokens, marks, linked.notes, id="p1"),
        block("花兒", BlockKind.IMAGE, resource="dot 1.png"),
        block("西安|花兒|。", BlockKind.CAPTION, resource="dot 1.png"),
        block("西安|花兒|。", BlockKind.CAPTION),
        block("賣茶", BlockKind.LIST_ITEM, ordinal="1."),
        block("笑", BlockKind.LIST_ITEM, ordinal="-", level=2),
        block("不|懂|換道超車|。", BlockKind.QUOTATION),
        block("老張|笑|，|\n|花兒|笑|。", BlockKind.VERSE),
        Block("if a < b:\n    print('茶')", BlockKind.CODE),
        Block("", BlockKind.SEPARATOR),
        Block("* * *", BlockKind.SEPARATOR),
        block("老張|不|笑|。", sentences=(Span(0, 5),)),
        Block("An English paragraph.", language="en"),
        block("西安|賣茶|。", BlockKind.FOOTNOTE, id="fn1"),
    )
    resources = (
        Resource("dot 1.png", "image/png", PIXEL),
        Resource("x.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
    )
    metadata = Metadata(
        title="茶館賣茶 & <金融>",
        authors=("老張", "西安"),
        language="zh-Hant",
        date="2025-03",
        publisher="茶館",
        description="A <story> & more",
        rights="CC BY 4.0",
        source="tea.txt",
    )
    return Document(metadata, blocks, resources=resources, layers=LAYERS)


def bilingual() -> Document:
    """The article with a translation: 1:1, 2:1, 1:2, and parts that nothing answers."""
    document = article()
    english = (
        "Selling Tea in the Teahouse",
        "Only the translator knows this.",
        "Old Zhang sells tea. He does not understand finance.",
        "Chapter One: Overtaking & <changing lanes>",
        "Old Zhang said: “overtake by changing lanes”.",
        "P2P finance.",
        "Xi'an flowers.",
        "Old Zhang does not laugh.",
    )
    halves = (Span(0, 20), Span(21, 52))
    blocks = tuple(
        Block(text, sentences=halves if index == 2 else (Span(0, len(text)),))
        for index, text in enumerate(english)
    )
    whole = (
        ((0,), (0,)),
        ((3,), (2,)),
        ((4,), (3,)),
        ((5,), (4, 5)),
        ((7, 8), (6,)),
        ((16,), (7,)),
    )
    links = [
        Link(tuple(map(Segment, sources)), tuple(map(Segment, targets)), 0.9)
        for sources, targets in whole
    ]
    links.append(Link((Segment(16, 0),), (Segment(7, 0),), 0.8))
    translation = Translation("en", blocks, tuple(links), "test-model", machine=True)
    return replace(document, translation=translation)


def novel(chapters: int = 5, paragraphs: int = 60) -> Document:
    """A text long enough to be cut at its headings, one term in every chapter."""
    line = block(
        "|".join(["老張", "不", "懂", "金融", "。", "花兒", "笑", "，", "西安", "賣茶", "。"] * 4)
    )
    blocks = [block("茶館", BlockKind.TITLE)]
    for number in range(chapters):
        blocks.append(block(f"第一|章|{number}", BlockKind.HEADING))
        blocks.append(block("老張|說|換道超車|。|換道超車|。"))
        blocks.extend([line] * paragraphs)
    return Document(Metadata(title="茶館", language="zh-Hant"), tuple(blocks), layers=LAYERS)
