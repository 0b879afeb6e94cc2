"""Hypothesis strategies for the model: texts, annotated blocks, whole documents.

Everything drawn can be built, and nothing more is promised: tokens cut the text anywhere, readings
have no regard for the characters, marks overlap, notes split words. What holds for these holds for
what annotators make. Sizes are small so that a law runs over hundreds of examples in seconds.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from reader.layers import evident_layers
from reader.model import (
    Block,
    BlockKind,
    Correction,
    Cue,
    Document,
    DocumentWarning,
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

__all__ = [
    "blocks",
    "documents",
    "marks",
    "metadata",
    "notes",
    "readings",
    "resources",
    "spans",
    "texts",
    "tokens",
    "translations",
]

_HAN = "的一是在不了有和人這这中大為为上個个國国學学說说對对會会發发髮著着裡里后後長长行重都還还"
_PIECES = (
    *_HAN,
    *"，。！？「」『』“”《》、；：……——（）　 ",
    *"aZ09é%$.,-'/",
    # What markup must escape, and what ends a CDATA section or a comment.
    *("&", "<", ">", '"', "'", "]]>", "&amp;", "<rt>", "--", "{}", "\\"),
    *("\t", "\n", "\r", "\u00a0", "\u2028", "\u0301", "\u200b", "\ufeff", "\ufffd"),
    # Extension B and G, an emoji with a joiner, private use (both planes), IVS and its base.
    *("𠀀", "𰻝", "👩\u200d💻", "\ue000", "\U000f0001", "葛\U000e0100", "禰\ufe00"),
    *("ひ", "カ", "한", "〇", "々", "ㄅ"),
    *("蓋章經濟", "内卷", "P2P金融", "DeepSeek", "2025年", "PPT+膽量"),
)
_CONTROLS = ("\x00", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\ufffe", "\uffff")
_SURROGATES = ("\ud800", "\udfff")
_SYLLABLES = ("gai4", "lü4", "me5", "r5", "xi1", "an1", "zhang1", "nü3", "e4", "m2", "")
_LANGUAGES = ("en", "fr", "ja", "zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK")
_IDS = ("fn1", "a b", "第一", "1", "x:y", "s1-1", 'q"&<', "p0")

_LITTLE = st.text('的說 a<&"é𠀀', max_size=4)
_HSK = (("hsk2025", "7-9"),)
_PROBABILITIES = st.one_of(
    st.sampled_from((0.0, 0.5, 0.93, 1.0)), st.floats(0, 1, allow_nan=False, width=64)
)


def texts(
    min_size: int = 0, max_size: int = 16, *, controls: bool = False, surrogates: bool = False
) -> SearchStrategy[str]:
    """Text that a Chinese source may hold, `min_size` to `max_size` pieces long.

    A piece has 1 to 8 characters. XML can carry all of it, unless `controls` (what XML forbids) or
    `surrogates` (what no encoding can carry) are asked for.
    """
    pieces = _PIECES + (_CONTROLS if controls else ()) + (_SURROGATES if surrogates else ())
    some = st.one_of(
        st.sampled_from(pieces),
        st.sampled_from(_HAN),
        st.characters(
            min_codepoint=32, exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
        ),
    )
    return st.lists(some, min_size=min_size, max_size=max_size).map("".join)


def spans(length: int) -> SearchStrategy[tuple[int, int]]:
    """A start and an end in a text of `length` code points; one in a few is empty."""
    return st.tuples(st.integers(0, length), st.integers(0, length)).map(
        lambda pair: _ordered(*pair)
    )


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a <= b else (b, a)


@st.composite
def _apart(draw: DrawFn, length: int, most: int = 3) -> list[tuple[int, int]]:
    """Spans in order, none empty, none overlapping."""
    if not length:
        return []
    bounds = sorted(draw(st.sets(st.integers(0, length), max_size=2 * most)))
    return list(zip(bounds[::2], bounds[1::2], strict=False))


@st.composite
def readings(draw: DrawFn, length: int) -> Reading:
    """A reading of `length` code points, some of them unread, with a few alternatives."""
    syllables = st.lists(st.sampled_from(_SYLLABLES), min_size=length, max_size=length).map(tuple)
    chosen = draw(syllables)
    if not any(chosen):
        chosen = ("yi1 qian1", *chosen[1:])
    others = draw(st.lists(syllables, max_size=2)) if draw(st.booleans()) else []
    return Reading(
        chosen,
        draw(st.sampled_from(ReadingSource)),
        draw(_PROBABILITIES),
        tuple(others),
        draw(_breaks(length)),
        draw(_capitals(chosen)),
    )


def _breaks(length: int) -> SearchStrategy[tuple[int, ...]]:
    """Where the pinyin of `length` characters may take a space."""
    if length < 2:
        return st.just(())
    return st.sets(st.integers(1, length - 1), max_size=2).map(lambda found: tuple(sorted(found)))


def _capitals(syllables: tuple[str, ...]) -> SearchStrategy[tuple[int, ...]]:
    """Which of some syllables may have capitals; mostly none."""
    read = [at for at, syllable in enumerate(syllables) if syllable]
    some = st.sets(st.sampled_from(read), max_size=2) if read else st.just(set[int]())
    return st.one_of(st.just(()), some.map(lambda found: tuple(sorted(found))))


@st.composite
def tokens(draw: DrawFn, text: str) -> Token:
    """A token of `text`, of any kind, with any other forms, reading, senses and levels."""
    kind = draw(st.sampled_from((TokenKind.WORD, TokenKind.WORD, *TokenKind)))
    if kind is not TokenKind.WORD or draw(st.booleans()):
        return Token(text, kind)
    same = st.text(st.sampled_from(_HAN), min_size=len(text), max_size=len(text))
    return Token(
        text,
        kind,
        draw(st.one_of(st.just(text), same)),
        draw(st.one_of(st.just(text), same)),
        draw(st.one_of(readings(len(text)), st.none())),
        draw(st.booleans()),
        tuple(draw(st.lists(_LITTLE, max_size=2))),
        draw(st.sampled_from(((), _HSK, (("band", "上 A"), *_HSK)))),
    )


@st.composite
def _tiling(draw: DrawFn, text: str) -> tuple[Token, ...]:
    """Tokens that tile `text`; the same piece of text is one and the same token."""
    cuts = sorted(draw(st.sets(st.integers(1, len(text) - 1), max_size=8))) if len(text) > 1 else []
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) if a < b]
    made = {piece: draw(tokens(piece)) for piece in dict.fromkeys(pieces)}
    return tuple(made[piece] for piece in pieces)


@st.composite
def marks(draw: DrawFn, length: int, names: tuple[str, ...] = ()) -> Mark:
    """A mark of any kind with its attributes; line breaks, images and anchors have no width.

    `names` are those of resources that an image may show.
    """
    kind = draw(st.sampled_from(MarkKind))
    start, end = draw(spans(length))
    if kind in (MarkKind.LINE_BREAK, MarkKind.IMAGE, MarkKind.ANCHOR):
        end = start
    return Mark(start, end, kind, draw(_attributes(kind, names)))


def _attributes(
    kind: MarkKind, names: tuple[str, ...]
) -> SearchStrategy[tuple[tuple[str, str], ...]]:
    ids = st.sampled_from(_IDS)
    hrefs = st.one_of(
        ids.map(lambda name: f"#{name}"),
        st.sampled_from(
            ("https://example.org/?a=1&b=2", "mailto:a@example.org", "javascript:x", "")
        ),
    )
    fields: dict[MarkKind, dict[str, SearchStrategy[str]]] = {
        MarkKind.LINK: {"href": hrefs},
        MarkKind.LANGUAGE: {"lang": st.sampled_from(_LANGUAGES)},
        MarkKind.IMAGE: {"resource": st.sampled_from(names or ("lost.png",)), "alt": _LITTLE},
        MarkKind.ANCHOR: {"id": ids},
        MarkKind.NOTE_REFERENCE: {"target": ids},
        MarkKind.READING: {"text": st.sampled_from(("ㄏㄢˋ", "hàn", "a b"))},
    }
    wanted = fields.get(kind, {})
    return st.tuples(*(st.tuples(st.just(name), value) for name, value in wanted.items()))


@st.composite
def notes(draw: DrawFn, start: int, end: int) -> Note:
    """A note on `start` to `end`; its headword need not be the text there."""
    term = draw(st.text(st.sampled_from(_HAN), min_size=1, max_size=3))
    same = st.text(st.sampled_from(_HAN), min_size=len(term), max_size=len(term))
    syllables = st.lists(st.sampled_from(_SYLLABLES), min_size=len(term), max_size=len(term))
    spoken = tuple(draw(syllables))
    return Note(
        start,
        end,
        term,
        draw(same),
        draw(same),
        spoken,
        draw(_LITTLE.map(lambda text: f"gloss {text}")),
        draw(_LITTLE),
        tuple(draw(st.lists(st.sampled_from(("slang", "policy", "a b")), max_size=2))),
        draw(_breaks(len(term))),
        draw(_capitals(spoken)),
    )


@st.composite
def _corrections(draw: DrawFn, text: str) -> tuple[Correction, ...]:
    found = []
    for start, end in draw(_apart(len(text), most=2)):
        meant = draw(st.text(st.sampled_from(_HAN), min_size=end - start, max_size=end - start))
        found.append(Correction(start, end, meant, draw(_LITTLE), draw(_PROBABILITIES)))
    return tuple(found)


@st.composite
def blocks(
    draw: DrawFn,
    *,
    annotated: bool = True,
    text: SearchStrategy[str] | None = None,
    names: tuple[str, ...] = (),
    id: str = "",
) -> Block:
    """A block of any kind; with tokens, notes, sentences and corrections if `annotated`.

    `names` are those of resources that it and its marks may show. Marks may overlap each other and
    anything else.
    """
    words = draw(texts(min_size=int(annotated)) if text is None else text)
    kind = draw(st.sampled_from((BlockKind.PARAGRAPH, *BlockKind)))
    found = draw(st.lists(marks(len(words), names), max_size=3))
    shown = names and kind in (BlockKind.IMAGE, BlockKind.CAPTION)
    block = Block(
        words,
        kind,
        marks=tuple(found),
        level=draw(st.integers(1, 6)),
        language=draw(st.sampled_from(("", "", "", *_LANGUAGES))),
        id=id,
        resource=draw(st.sampled_from(names)) if shown else "",
        ordinal=draw(st.sampled_from(("1.", "（二）", "•", "")))
        if kind is BlockKind.LIST_ITEM
        else "",
        cue=draw(st.none() | cues()),
    )
    return draw(_annotated(block)) if annotated else block


@st.composite
def _annotated(draw: DrawFn, block: Block) -> Block:
    length = len(block.text)
    return Block(
        block.text,
        block.kind,
        draw(_tiling(block.text)) if length else (),
        block.marks,
        tuple([draw(notes(start, end)) for start, end in draw(_apart(length))]),
        tuple(Span(start, end) for start, end in draw(_apart(length))),
        draw(_corrections(block.text)),
        block.level,
        block.language,
        block.id,
        block.resource,
        block.ordinal,
        block.cue,
    )


def cues() -> SearchStrategy[Cue]:
    times = st.tuples(st.integers(0, 9_999_999), st.integers(0, 9_999))
    return st.builds(
        lambda when, *more: Cue(when[0], sum(when), *more),
        times,
        st.sampled_from(("", "line:0", r"\\an8\\pos(96,40)")),
        st.sampled_from(("", "王芳")),
        st.sampled_from(("", "Default", "上")),
    )


def metadata() -> SearchStrategy[Metadata]:
    """Metadata with any of its fields empty."""
    return st.builds(
        Metadata,
        title=_LITTLE,
        authors=st.lists(_LITTLE.filter(bool), max_size=2).map(tuple),
        language=st.sampled_from(("zh", "zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK")),
        date=st.sampled_from(("", "2025", "2025-03", "2025-03-01")),
        publisher=_LITTLE,
        description=_LITTLE,
        identifier=_LITTLE,
        rights=_LITTLE,
        source=st.sampled_from(("", "sample.txt", "文章.md")),
    )


_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""A picture of one transparent pixel, for those who look inside."""


def resources() -> SearchStrategy[tuple[Resource, ...]]:
    """Up to two resources with names of their own."""
    pictures = st.sampled_from(("a.png", "圖 1.png", "b&c.png")).map(
        lambda name: Resource(name, "image/png", _PIXEL)
    )
    others = st.binary(max_size=8).map(lambda data: Resource("x.bin", "application/x-x", data))
    some = st.lists(st.one_of(pictures, others), max_size=2, unique_by=lambda found: found.name)
    return some.map(tuple)


@st.composite
def translations(draw: DrawFn, source: tuple[Block, ...]) -> Translation:
    """A translation with links into the blocks of `source`, m:n, some with one side empty."""
    plain = blocks(annotated=False, text=st.text("The cat's & <dog>. ", min_size=1, max_size=20))
    found = tuple(_with_sentences(block) for block in draw(st.lists(plain, min_size=1, max_size=3)))
    links = st.builds(
        lambda whole, parts, score, hand: Link(whole, parts, score, hand),
        _segments(source),
        _segments(found),
        _PROBABILITIES,
        st.booleans(),
    )
    some = st.lists(st.one_of(_filled(links, source)), max_size=3) if source else st.just([])
    return Translation(
        draw(st.sampled_from(("en", "fr", "zh-Hans"))),
        found,
        tuple(draw(some)),
        draw(_LITTLE),
        draw(st.booleans()),
    )


def _filled(links: SearchStrategy[Link], source: tuple[Block, ...]) -> SearchStrategy[Link]:
    whole = st.builds(Link, st.just((Segment(0),)), st.just(()), _PROBABILITIES, st.booleans())
    return st.one_of(links, whole)


def _segments(found: tuple[Block, ...]) -> SearchStrategy[tuple[Segment, ...]]:
    ends = [Segment(index) for index in range(len(found))]
    ends += [Segment(i, s) for i, block in enumerate(found) for s in range(len(block.sentences))]
    some = st.lists(st.sampled_from(ends), min_size=1, max_size=3, unique=True)
    return some.map(tuple) if ends else st.just(())


def _with_sentences(block: Block) -> Block:
    middle = len(block.text) // 2
    halves = (Span(0, middle), Span(middle, len(block.text))) if middle else ()
    return Block(block.text, block.kind, marks=block.marks, sentences=halves, level=block.level)


@st.composite
def _warnings(draw: DrawFn) -> DocumentWarning:
    maybe = st.one_of(st.none(), st.integers(0, 9))
    code = draw(st.sampled_from(("", "no-reading", "not-nfc")))
    return DocumentWarning(draw(_LITTLE), code, draw(maybe), draw(maybe), draw(maybe), draw(maybe))


@st.composite
def documents(
    draw: DrawFn,
    *,
    annotated: bool = True,
    translated: bool | None = None,
    text: SearchStrategy[str] | None = None,
    max_blocks: int = 3,
) -> Document:
    """A document with metadata, resources and warnings; with a translation now and then.

    `translated` says whether there must be one. Block ids are unique where not empty. `text` is
    what blocks are drawn from, `texts()` if not given.
    """
    files = draw(resources())
    names = tuple(file.name for file in files)
    count = draw(st.integers(1, max_blocks))
    ids = draw(st.lists(st.sampled_from(_IDS), min_size=count, max_size=count, unique=True))
    named = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    found = tuple(
        draw(blocks(annotated=annotated, text=text, names=names, id=name if wanted else ""))
        for name, wanted in zip(ids, named, strict=True)
    )
    wanted = draw(st.booleans()) if translated is None else translated
    return Document(
        draw(metadata()),
        found,
        draw(translations(found)) if wanted else None,
        tuple(draw(st.lists(_warnings(), max_size=2))),
        files,
        # All that TEI can say; more is for a test of the layers themselves.
        evident_layers(found),
    )
