"""Forms in the other script: the rows, the laws of conversion, and words whose sense decides."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import reader
from reader.annotation.annotator import Annotator
from reader.annotation.script_forms import FormRow, form_rows, region_of
from reader.lexicon import Lexicon
from reader.model import Block, BlockKind, Document, Metadata, Token
from reader.options import AnnotateOptions, Region, RenderOptions, Script
from reader.pinyin import is_syllable
from reader.scripts import HONG_KONG, TAIWAN, detect, simplify, to_region
from reader.sources import read_bytes, read_text
from tests.books import unpacked

TEXTS = sorted(Path(__file__).parents[1].glob("texts/*.txt"))
CLAUSES = [c for text in TEXTS for c in text.read_text("utf-8").replace("\n", "，").split("，")]
WORDS = [row.simplified for row in form_rows()]
SIMPLIFIED = st.lists(
    st.sampled_from([*map(simplify, CLAUSES), *WORDS, *"里后面只发干着著，三《》 a"]), max_size=8
).map("".join)
TRADITIONAL = st.lists(
    st.sampled_from([*CLAUSES, *"著乾徵裡裏瞭藉麼為爲，", "著名", "論著", "乾坤"]), max_size=8
).map("".join)


@cache
def annotator(language: str, region: Region = Region.OWN) -> Annotator:
    options = AnnotateOptions(region=region)
    return Annotator(Lexicon.default(), None, options, language, layers=["scripts"])


def tokens(text: str, language: str, region: Region = Region.OWN) -> tuple[Token, ...]:
    return annotator(language, region).block(Block(text)).tokens


def traditional(text: str, region: Region = Region.OWN) -> str:
    return "".join(token.traditional for token in tokens(text, "zh-Hans", region))


def simplified(text: str, language: str = TAIWAN) -> str:
    return "".join(token.simplified for token in tokens(text, language))


# ---- laws ----


@given(SIMPLIFIED, st.sampled_from([Region.TAIWAN, Region.HONG_KONG]))
def test_traditional_forms_are_as_long_and_say_the_same(text: str, region: Region) -> None:
    made = traditional(text, region)
    assert len(made) == len(text)
    language = region_of("zh-Hans", region)
    # 着 and 著 are told by what is written, not by the character alone.
    regional = "".join(c if c in "着著" else to_region(c, language) for c in made)
    assert made == regional
    for old, new in zip(text, made, strict=True):
        assert old == new or simplify(new) in (old, simplify(old)) or new in others(old)


@cache
def others(character: str) -> str:
    """The characters that dictionary and rows have for a Simplified one."""
    listed = [entry.traditional for entry in Lexicon.default().entries(character)]
    pairs = [zip(row.simplified, row.traditional, strict=True) for row in form_rows()]
    return "".join([*listed, *(new for row in pairs for old, new in row if old == character)])


@given(TRADITIONAL)
def test_simplified_forms_are_as_long_and_hold_no_traditional_character(text: str) -> None:
    made = simplified(text)
    assert len(made) == len(text)
    for old, new in zip(text, made, strict=True):
        assert (
            new == old
            or new == simplify(old)
            or (new, old)
            in [
                (a, b)
                for row in form_rows()
                if row.scope == "simplified"
                for a, b in zip(row.simplified, row.traditional, strict=True)
            ]
        )


@pytest.mark.parametrize("clause", [c for c in CLAUSES if detect([c]) == TAIWAN][::5])
def test_there_and_back(clause: str) -> None:
    """A text of ours in Traditional, made Simplified and Traditional again."""
    again = traditional(simplified(clause))
    wrong = [(a, b) for a, b in zip(to_region(clause, TAIWAN), again, strict=True) if a != b]
    assert all({a, b} <= {"臺", "台"} for a, b in wrong), (clause, again)


# ---- the rows ----


SCOPES = ("word", "part", "name", "spelling", "character", "simplified", "kept")


def test_rows_are_sound() -> None:
    for row in form_rows():
        assert len(row.simplified) == len(row.traditional), row
        assert row.region in ("", "tw", "hk"), row
        assert row.source in ("CC-CEDICT", "OpenCC", "MozTW", "unverified"), row
        assert row.scope in SCOPES, row
        assert not row.reading or len(row.reading) == len(row.simplified), row
        assert all(map(is_syllable, row.reading)), row
        assert not row.in_context or row.scope in ("word", "name"), row
        re.compile(row.before), re.compile(row.after)
    rows = [row[:7] for row in form_rows()]
    assert len(rows) == len(set(rows))


PLAIN = [row for row in form_rows() if row.scope == "part"]


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row.simplified + row.region)
def test_every_part_is_written_as_its_row_says(row: FormRow) -> None:
    region = Region.HONG_KONG if row.region == "hk" else Region.TAIWAN
    found = tokens(row.simplified, "zh-Hans", region)
    if len(found) == 1:
        language = region_of("zh-Hans", region)
        assert found[0].traditional == to_region(row.traditional, language)


# ---- words whose sense, reading or neighbours decide ----


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("我们去吃饭，面条很好吃", "我們去吃飯，麵條很好吃"),
        ("里面有群众，他为什么在床上说着话", "裡面有群眾，他為什麼在床上說著話"),
        ("被发明", "被發明"),
        ("参与制造", "參與製造"),
        ("他姓范。", "他姓范。"),
        ("他干了一杯酒。", "他乾了一杯酒。"),
        ("面包里有面粉", "麵包裡有麵粉"),
        ("准了他的假", "准了他的假"),
        ("他猜得很准。", "他猜得很準。"),
        ("当当地响", "噹噹地響"),
        ("要开始换发证书", "要開始換發證書"),
        ("走了三里路", "走了三里路"),
        ("三只猫，只好这样", "三隻貓，只好這樣"),
        ("皇后和王后，三天后", "皇后和王后，三天後"),
        ("理了头发，发现", "理了頭髮，發現"),
        ("人生的计划", "人生的計畫"),
        ("他在这里游泳，游得很快", "他在這裡游泳，游得很快"),
        ("喂猪。喂，你好", "餵豬。喂，你好"),
        ("著名的论著", "著名的論著"),
        ("乾隆皇帝的饼干", "乾隆皇帝的餅乾"),
        ("我们计划去旅行，这是旅行的计划", "我們計劃去旅行，這是旅行的計畫"),
        ("表坏了，不准了。不准说话！", "錶壞了，不準了。不准說話！"),
        ("一只是白的，这只是开始", "一隻是白的，這只是開始"),
        ("老师没准他的假，没准他会来", "老師沒准他的假，沒準他會來"),
    ],
)
def test_traditional_words(text: str, made: str) -> None:
    assert traditional(text) == made


def sentences(name: str) -> list[list[str]]:
    lines = (Path(__file__).parent / "data" / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def test_sentences_in_either_script() -> None:
    known = sentences("traditional.tsv")
    pairs = [(text, made.replace("台", "臺")) for text, made in known]
    assert [made for text, made in pairs if traditional(text).replace("台", "臺") != made] == []
    assert [text for text, made in known if simplified(made) != text] == []


def test_what_simplified_keeps() -> None:
    assert [m for text, m in sentences("simplified.tsv") if simplified(text) != m] == []


def test_hong_kong_writes_other_characters() -> None:
    text = "里面有群众，他为什么在床上说着话，著名的卫生，参与计划"
    assert (
        traditional(text, Region.HONG_KONG)
        == "裏面有羣眾，他為什麼在牀上説着話，著名的衞生，參與計劃"
    )


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("他說著話，睡著了，著名的著作", "他说着话，睡着了，著名的著作"),
        ("論著、原著", "论著、原著"),
        ("乾隆、乾坤、餅乾", "乾隆、乾坤、饼干"),
        ("牠們在瞭望台，一目瞭然", "它们在瞭望台，一目了然"),
        ("軟體、網路、計程車", "软体、网路、计程车"),
        ("象徵、魏徵", "象征、魏徵"),
    ],
)
def test_simplified_words(text: str, made: str) -> None:
    assert simplified(text) == made


def test_a_traditional_text_keeps_its_characters_unless_a_region_is_asked_for() -> None:
    text = "他説裏面的衞生，看着"
    assert "".join(t.traditional for t in tokens(text, HONG_KONG)) == text
    made = "".join(t.traditional for t in tokens(text, HONG_KONG, Region.TAIWAN))
    assert made == "他說裡面的衛生，看著"
    made = "".join(t.traditional for t in tokens("他看著著名的論著", TAIWAN, Region.HONG_KONG))
    assert made == "他看着著名的論著"


def test_a_row_of_the_glossary_says_how_its_term_is_written() -> None:
    glossary = reader.Glossary([reader.Entry("內卷", "内卷", "內卷", gloss="rat race")])
    document = reader.annotate(read_text("这是内卷的时代。"), glossary=glossary)
    (block,) = document.blocks
    assert "".join(token.traditional for token in block.tokens) == "這是內卷的時代。"
    assert block.notes[0].traditional == "內卷"


# ---- the language ----


@pytest.mark.parametrize(("region", "tag"), [(Region.OWN, TAIWAN), (Region.HONG_KONG, HONG_KONG)])
@pytest.mark.parametrize("script", [Script.TRADITIONAL, Script.BOTH])
@pytest.mark.parametrize("to", ["epub", "html", "tei", "json"])
def test_the_region_is_told(region: Region, tag: str, script: Script, to: str) -> None:
    import io

    options = AnnotateOptions(region=region)
    glossary = reader.Glossary([reader.Entry("里面", gloss="inside")])
    text = read_text("他在里面说话。")
    document = reader.annotate(text, options=options, glossary=glossary)
    assert document.metadata.traditional == tag
    file = io.BytesIO()
    reader.write(document, file, RenderOptions(script), to=to)
    data = file.getvalue()
    if to == "epub":
        data = b"".join(unpacked(data).values())
    assert f'"{tag}"'.encode() in data
    assert b'"zh-Hant"' not in data or to == "tei"  # which lists it among its languages
    if to in ("json", "tei"):
        suffix = ".xml" if to == "tei" else ".json"
        assert read_bytes(data, suffix=suffix).metadata.traditional == tag


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [
        ("我们去吃饭，面条很好吃。", "zh-Hant-TW", "zh-Hans"),
        ("我們去吃飯，裡面有網路。", "zh-Hans", "zh-Hant-TW"),
        ("我們去吃飯。", "zh-Hant-HK", "zh-Hant-HK"),
        ("一二三", "zh-Hant", "zh-Hant"),
    ],
)
def test_a_text_is_taken_for_what_it_is(text: str, said: str, language: str) -> None:
    blocks = (
        (Block("题", BlockKind.TITLE), Block(text)) if language == "zh-Hans" else (Block(text),)
    )
    document = Document(Metadata(language=said), blocks)
    annotated = reader.annotate(document)
    assert annotated.metadata.language == language
    assert [w.code for w in annotated.warnings] == (["language"] if language != said else [])
