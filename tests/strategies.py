"""Hypothesis strategies for the model: texts, annotated blocks, whole documents.

Everything drawn can be built, and nothing more is promised: tokens cut the text anywhere, readings
have no regard for the characters, marks overlap, notes split words. What holds for these holds for
what annotators make. Sizes are small so that a law runs over hundreds of examples in seconds.
A strategy is made once and kept: making and checking it takes longer than drawing from it.
"""

from __future__ import annotations

from functools import cache, lru_cache

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

_YES = st.booleans()
_HAN_TEXT = st.sampled_from(_HAN)
_SYLLABLE = st.sampled_from(_SYLLABLES)
_SOURCE = st.sampled_from(ReadingSource)
_TOKEN_KIND = st.sampled_from((TokenKind.WORD, TokenKind.WORD, *TokenKind))
_MARK_KIND = st.sampled_from(MarkKind)
_BLOCK_KIND = st.sampled_from((BlockKind.PARAGRAPH, *BlockKind))
_LITTLE = st.text('的說 a<&"é𠀀', max_size=4)
_HSK = (("hsk2025", "7-9"),)
_LEVELS = st.sampled_from(((), _HSK, (("band", "上 A"), *_HSK)))
_SENSES = st.lists(_LITTLE, max_size=2).map(tuple)
_PROBABILITIES = st.one_of(
    st.sampled_from((0.0, 0.5, 0.93, 1.0)), st.floats(0, 1, allow_nan=False, width=64)
)
_HEADWORD = st.text(_HAN_TEXT, min_size=1, max_size=3)
_GLOSS = _LITTLE.map(lambda text: f"gloss {text}")
_TAGS = st.lists(st.sampled_from(("slang", "policy", "a b")), max_size=2).map(tuple)
_HEADING_LEVEL = st.integers(1, 6)
_LANGUAGE = st.sampled_from(("", "", "", *_LANGUAGES))
_ORDINAL = st.sampled_from(("1.", "（二）", "•", ""))


@cache
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


@cache
def spans(length: int) -> SearchStrategy[tuple[int, int]]:
    """A start and an end in a text of `length` code points; one in a few is empty."""
    return st.tuples(st.integers(0, length), st.integers(0, length)).map(
        lambda pair: _ordered(*pair)
    )


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a <= b else (b, a)


@cache
def _places(first: int, last: int, most: int) -> SearchStrategy[set[int]]:
    return st.sets(st.integers(first, last), max_size=most)


@cache
def _han(length: int) -> SearchStrategy[str]:
    return st.text(_HAN_TEXT, min_size=length, max_size=length)


@cache
def _syllables(length: int) -> SearchStrategy[tuple[str, ...]]:
    return st.lists(_SYLLABLE, min_size=length, max_size=length).map(tuple)


@cache
def _some_syllables(length: int) -> SearchStrategy[list[tuple[str, ...]]]:
    return st.lists(_syllables(length), max_size=2)


@cache
@st.composite
def _apart(draw: DrawFn, length: int, most: int = 3) -> list[tuple[int, int]]:
    """Spans in order, none empty, none overlapping."""
    if not length:
        return []
    bounds = sorted(draw(_places(0, length, 2 * most)))
    return list(zip(bounds[::2], bounds[1::2], strict=False))


@cache
@st.composite
def readings(draw: DrawFn, length: int) -> Reading:
    """A reading of `length` code points, some of them unread, with a few alternatives."""
    chosen = draw(_syllables(length))
    if not any(chosen):
        chosen = ("yi1 qian1", *chosen[1:])
    others = draw(_some_syllables(length)) if draw(_YES) else []
    return Reading(
        chosen,
        draw(_SOURCE),
        draw(_PROBABILITIES),
        tuple(others),
        draw(_breaks(length)),
        draw(_capitals(chosen)),
    )


@cache
def _breaks(length: int) -> SearchStrategy[tuple[int, ...]]:
    """Where the pinyin of `length` characters may take a space."""
    if length < 2:
        return st.just(())
    return _places(1, length - 1, 2).map(lambda found: tuple(sorted(found)))


def _capitals(syllables: tuple[str, ...]) -> SearchStrategy[tuple[int, ...]]:
    """Which of some syllables may have capitals; mostly none."""
    return _capitals_at(tuple(at for at, syllable in enumerate(syllables) if syllable))


@cache
def _capitals_at(read: tuple[int, ...]) -> SearchStrategy[tuple[int, ...]]:
    some = st.sets(st.sampled_from(read), max_size=2) if read else st.just(set[int]())
    return st.one_of(st.just(()), some.map(lambda found: tuple(sorted(found))))


@cache
def _maybe_reading(length: int) -> SearchStrategy[Reading | None]:
    return st.one_of(readings(length), st.none())


@st.composite
def tokens(draw: DrawFn, text: str) -> Token:
    """A token of `text`, of any kind, with any other forms, reading, senses and levels."""
    kind = draw(_TOKEN_KIND)
    if kind is not TokenKind.WORD or draw(_YES):
        return Token(text, kind)
    length = len(text)
    return Token(
        text,
        kind,
        draw(_han(length)) if draw(_YES) else text,
        draw(_han(length)) if draw(_YES) else text,
        draw(_maybe_reading(length)),
        draw(_YES),
        draw(_SENSES),
        draw(_LEVELS),
    )


@st.composite
def _tiling(draw: DrawFn, text: str) -> tuple[Token, ...]:
    """Tokens that tile `text`; the same piece of text is one and the same token."""
    cuts = sorted(draw(_places(1, len(text) - 1, 8))) if len(text) > 1 else []
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) if a < b]
    made = {piece: draw(tokens(piece)) for piece in dict.fromkeys(pieces)}
    return tuple(made[piece] for piece in pieces)


@cache
@st.composite
def marks(draw: DrawFn, length: int, names: tuple[str, ...] = ()) -> Mark:
    """A mark of any kind with its attributes; line breaks, images and anchors have no width.

    `names` are those of resources that an image may show.
    """
    kind = draw(_MARK_KIND)
    start, end = draw(spans(length))
    if kind in (MarkKind.LINE_BREAK, MarkKind.IMAGE, MarkKind.ANCHOR):
        end = start
    return Mark(start, end, kind, draw(_attributes(kind, names)))


@cache
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
    term = draw(_HEADWORD)
    same = _han(len(term))
    spoken = draw(_syllables(len(term)))
    return Note(
        start,
        end,
        term,
        draw(same),
        draw(same),
        spoken,
        draw(_GLOSS),
        draw(_LITTLE),
        draw(_TAGS),
        draw(_breaks(len(term))),
        draw(_capitals(spoken)),
    )


@st.composite
def _corrections(draw: DrawFn, text: str) -> tuple[Correction, ...]:
    found = []
    for start, end in draw(_apart(len(text), most=2)):
        meant = draw(_han(end - start))
        found.append(Correction(start, end, meant, draw(_LITTLE), draw(_PROBABILITIES)))
    return tuple(found)


@cache
def _some_marks(length: int, names: tuple[str, ...]) -> SearchStrategy[list[Mark]]:
    return st.lists(marks(length, names), max_size=3)


@lru_cache(maxsize=256)
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
    kind = draw(_BLOCK_KIND)
    found = draw(_some_marks(len(words), names))
    shown = names and kind in (BlockKind.IMAGE, BlockKind.CAPTION)
    block = Block(
        words,
        kind,
        marks=tuple(found),
        level=draw(_HEADING_LEVEL),
        language=draw(_LANGUAGE),
        id=id,
        resource=draw(st.sampled_from(names)) if shown else "",
        ordinal=draw(_ORDINAL) if kind is BlockKind.LIST_ITEM else "",
        cue=draw(_maybe_cue()),
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


@cache
def _maybe_cue() -> SearchStrategy[Cue | None]:
    return st.none() | cues()


@cache
def cues() -> SearchStrategy[Cue]:
    times = st.tuples(st.integers(0, 9_999_999), st.integers(0, 9_999))
    return st.builds(
        lambda when, *more: Cue(when[0], sum(when), *more),
        times,
        st.sampled_from(("", "line:0", r"\\an8\\pos(96,40)")),
        st.sampled_from(("", "王芳")),
        st.sampled_from(("", "Default", "上")),
    )


@cache
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


@cache
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
    found = tuple(map(_with_sentences, draw(_PLAIN_BLOCKS)))
    return Translation(
        draw(_TRANSLATION_LANGUAGE),
        found,
        tuple(draw(_links(_shape(source), _shape(found)))) if source else (),
        draw(_LITTLE),
        draw(_YES),
    )


_ENGLISH = st.text("The cat's & <dog>. ", min_size=1, max_size=20)
_PLAIN_BLOCKS = st.lists(blocks(annotated=False, text=_ENGLISH), min_size=1, max_size=3)
_TRANSLATION_LANGUAGE = st.sampled_from(("en", "fr", "zh-Hans"))
_Shape = tuple[int, ...]
"""How many sentences each block has."""


def _shape(found: tuple[Block, ...]) -> _Shape:
    return tuple(len(block.sentences) for block in found)


@lru_cache(maxsize=1024)
def _links(source: _Shape, target: _Shape) -> SearchStrategy[list[Link]]:
    both = st.builds(Link, _segments(source), _segments(target), _PROBABILITIES, _YES)
    whole = st.builds(Link, st.just((Segment(0),)), st.just(()), _PROBABILITIES, _YES)
    return st.lists(st.one_of(both, whole), max_size=3)


@lru_cache(maxsize=1024)
def _segments(shape: _Shape) -> SearchStrategy[tuple[Segment, ...]]:
    ends = [Segment(index) for index in range(len(shape))]
    ends += [Segment(i, s) for i, sentences in enumerate(shape) for s in range(sentences)]
    some = st.lists(st.sampled_from(ends), min_size=1, max_size=3, unique=True)
    return some.map(tuple) if ends else st.just(())


def _with_sentences(block: Block) -> Block:
    middle = len(block.text) // 2
    halves = (Span(0, middle), Span(middle, len(block.text))) if middle else ()
    return Block(block.text, block.kind, marks=block.marks, sentences=halves, level=block.level)


_PLACE = st.one_of(st.none(), st.integers(0, 9))
_CODE = st.sampled_from(("", "no-reading", "not-nfc"))
_WARNINGS = st.lists(
    st.builds(DocumentWarning, _LITTLE, _CODE, _PLACE, _PLACE, _PLACE, _PLACE), max_size=2
).map(tuple)


@cache
def _count(most: int) -> SearchStrategy[int]:
    return st.integers(1, most)


@cache
def _names(count: int) -> SearchStrategy[list[str]]:
    """Ids of some blocks, no two alike but for those that have none."""
    some = st.lists(st.sampled_from(_IDS), min_size=count, max_size=count, unique=True)
    named = st.lists(_YES, min_size=count, max_size=count)
    return st.builds(
        lambda ids, wanted: [id if yes else "" for id, yes in zip(ids, wanted, strict=True)],
        some,
        named,
    )


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
    found = tuple(
        draw(blocks(annotated=annotated, text=text, names=names, id=id))
        for id in draw(_names(draw(_count(max_blocks))))
    )
    wanted = draw(_YES) if translated is None else translated
    return Document(
        draw(metadata()),
        found,
        draw(translations(found)) if wanted else None,
        draw(_WARNINGS),
        files,
        # All that TEI can say; more is for a test of the layers themselves.
        evident_layers(found),
    )
