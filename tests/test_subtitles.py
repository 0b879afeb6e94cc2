"""Subtitles: read with their times, aligned by them, written back with readings."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader import building, sources, writers
from reader.alignment import align
from reader.annotation import annotate
from reader.errors import SourceError, WriteError
from reader.model import Block, Cue, Document, Mark, MarkKind, Metadata
from reader.options import Pinyin, PinyinLine, RenderOptions, Script, WordDisplay
from reader.writers.policy import ConstantPolicy
from tests.growth import grows_in_proportion

FORMATS = ("srt", "vtt", "ass")
LINES = st.builds(
    lambda start, rest: start + rest,
    st.sampled_from("你好我们"),
    st.text(st.sampled_from("你好我们去哪儿，？3 aB"), max_size=8),
)
CUES = st.lists(
    st.tuples(st.integers(0, 900), st.integers(1, 400), st.lists(LINES, min_size=1, max_size=3)),
    min_size=1,
    max_size=6,
)
SRT = """1
00:00:01,000 --> 00:00:03,000
{\\an8}你到底去哪儿了
<i>我等了你</i>一个小时

2
00:00:03,500 --> 00:00:05,200
对不起，地铁坏了
"""


def timed(rows: list[tuple[int, int, list[str]]]) -> Document:
    """A document of cues that follow one another, in centiseconds as ASS has them."""
    blocks, now = [], 0
    for wait, length, lines in rows:
        text = " ".join(" ".join(line.split()) for line in lines)
        start = now + 10 * wait
        now = start + 10 * length
        blocks.append(Block(text, cue=Cue(start, now)))
    return Document(Metadata(), tuple(blocks))


def written(document: Document, to: str, **choices: object) -> str:
    file = io.BytesIO()
    document = document if document.layers else annotate(document)
    writers.write(document, file, RenderOptions(**choices), to)  # type: ignore[arg-type]
    return file.getvalue().decode()


def read(text: str, suffix: str = ".srt", **choices: object) -> Document:
    return sources.read_bytes(text.encode(), suffix=suffix, **choices)  # type: ignore[arg-type]


@pytest.mark.parametrize("to", FORMATS)
@given(CUES, st.text(st.sampled_from("&<;a{}"), max_size=6))
def test_what_is_written_is_read_again(
    to: str, rows: list[tuple[int, int, list[str]]], marks: str
) -> None:
    # SubRip and ASS have no escape for what looks like an element.
    marks = f"\\\\n{marks}" if to == "vtt" else "{x}" if to == "ass" else ""
    document = timed([(wait, length, [*lines, f"好{marks}"]) for wait, length, lines in rows])
    file = io.BytesIO()
    plain = Document(document.metadata, document.blocks, layers=("notes", "readings"))
    writers.FORMATS[to].write(plain, file, RenderOptions(pinyin="none"))  # type: ignore[arg-type]
    again = sources.read_bytes(file.getvalue(), suffix=f".{to}")
    texts = [block.text.replace("{x}", "｛x｝") for block in document.blocks]
    assert [block.text for block in again.blocks] == texts
    assert [block.cue and (block.cue.start, block.cue.end) for block in again.blocks] == [
        block.cue and (block.cue.start, block.cue.end) for block in document.blocks
    ]


def test_a_cue_is_a_block_with_times_place_and_lines() -> None:
    first, second = read(SRT).blocks
    assert first.text == "你到底去哪儿了 我等了你一个小时"
    assert first.cue == Cue(1000, 3000, r"\an8")
    kinds = {mark.kind: first.text[mark.start : mark.end] for mark in first.marks}
    assert kinds == {MarkKind.LINE_BREAK: "", MarkKind.EMPHASIS: "我等了你"}
    assert (second.text, second.cue) == ("对不起，地铁坏了", Cue(3500, 5200))


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-8-sig", "big5"])
def test_encodings(encoding: str) -> None:
    text = "1\n00:00:01,000 --> 00:00:03,000\n今天天氣很好\n"
    assert sources.read_bytes(text.encode(encoding), suffix=".srt").text == "今天天氣很好"


def test_webvtt_has_speakers_settings_comments_and_entities() -> None:
    text = (
        "WEBVTT 标题\n\nNOTE 说明\n\nSTYLE\n::cue {}\n\nintro\n"
        "00:01.000 --> 00:02.500 line:0 align:start\n<v 王芳>你好 &amp; 再见</v>\n\n"
        "1:00:03.000 --> 1:00:04.000\n<c.red>走</c>吧<00:04.000>\n"
    )
    document = read(text, ".vtt")
    assert [block.text for block in document.blocks] == ["你好 & 再见", "走吧"]
    assert document.blocks[0].cue == Cue(1000, 2500, "line:0 align:start", "王芳")
    assert document.blocks[1].cue == Cue(3_603_000, 3_604_000)
    assert {warning.code for warning in document.warnings} == {"left-out"}


ASS = (
    "[Script Info]\nScriptType: v4.00+\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:02.00,0:00:03.00,上,王芳,0,0,0,,{\\pos(96,40)\\i1}等等{\\i0}我，\\N走\n"
    "Comment: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,译注\n"
    "Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,{\\p1}m 0 0 l 10 10{\\p0}\n"
    "Dialogue: 0,oops,0:00:03.00,Default,,0,0,0,,坏\n"
    "Dialogue: 0,0:00:01.00,0:00:01.50,Default,,0,0,0,,第一句\n"
)


def test_ass_is_read_in_the_order_of_time_without_comments_and_drawings() -> None:
    document = read(ASS, ".ass")
    assert [block.text for block in document.blocks] == ["第一句", "等等我， 走"]
    assert document.blocks[1].cue == Cue(2000, 3000, r"\pos(96,40)", "王芳", "上")
    messages = " ".join(warning.message for warning in document.warnings)
    assert "comments: 1 part" in messages
    assert "drawings: 1 part" in messages
    assert "cues without times: 1 part" in messages
    assert r"{\pos(96,40)}" in written(document, "ass")


@pytest.mark.parametrize(
    ("times", "message", "cue"),
    [
        ("00:00:05,000 --> 00:00:04,000", "ends before it begins", (5000, 5000)),
        ("-00:00:01,000 --> 00:00:02,000", "less than zero", (0, 2000)),
    ],
)
def test_odd_times_are_named_by_their_line(times: str, message: str, cue: tuple[int, int]) -> None:
    document = read(f"1\n{times}\n你好\n\n2\n00:00:09,000 --> 00:00:10,000\n再见\n")
    found = document.blocks[0].cue
    assert found is not None
    assert (found.start, found.end) == cue
    (warning,) = document.warnings
    assert message in warning.message
    assert warning.line == 2


def test_broken_cues_are_left_out_and_counted_and_overlaps_named() -> None:
    document = read(
        "开头\n1\n00:00:01,000 --> 00:00:05,000\n一\n3\n\n2\n00:00:03,000 -> 00:00:04,000\n坏的\n\n"
        "3\n00:00:04,000 --> 00:00:06,000\n三\n"
    )
    assert [block.text for block in document.blocks] == ["一 3", "三"]
    messages = [(warning.line, warning.message) for warning in document.warnings]
    assert (12, "a cue begins before the one before has ended") in messages
    assert any("cues without times: 1 part" in message for _, message in messages)
    assert any("text before the first cue" in message for _, message in messages)


@pytest.mark.parametrize(
    ("data", "suffix", "message"),
    [
        (b"", ".srt", "empty"),
        ("没有时间的字".encode(), ".srt", "no subtitles"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", ".srt", "no Chinese"),
        (ASS.replace("Dialogue: 0", "Dialogue: 你").encode(), ".ass", ""),
        (b"[V4+ Styles]\nStyle: A,B,c\n[Events]\n", ".ass", "cannot be read|no subtitles"),
    ],
)
def test_what_is_no_subtitles_is_one_message(data: bytes, suffix: str, message: str) -> None:
    if message:
        with pytest.raises(SourceError, match=message):
            sources.read_bytes(data, suffix=suffix)
    else:
        assert sources.read_bytes(data, suffix=suffix).blocks


def test_two_languages_in_a_file_are_a_text_and_its_translation() -> None:
    cues = [("你去哪儿？", "Where are you going?"), ("回家。", "Home."), ("我也去！", "Me too!")]
    text = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{chinese}\n{english}\n\n"
        for n, (chinese, english) in enumerate(cues, 1)
    )
    document = read(text)
    assert [block.text for block in document.blocks] == [chinese for chinese, _ in cues]
    assert document.translation is not None
    assert [block.text for block in document.translation.blocks] == [other for _, other in cues]
    assert "nǐ qù nǎr?\n你去哪儿？\nWhere are you going?\n" in written(document, "srt")
    assert "Where" not in written(document, "srt", layout="hidden")


@given(CUES, st.integers(-200, 200))
def test_a_track_is_aligned_with_itself(rows: list[tuple[int, int, list[str]]], late: int) -> None:
    rows = [(max(wait, 50), max(length, 80), lines) for wait, length, lines in rows]
    document = timed(rows)
    moved = [
        Block("Yes.", cue=Cue(max(0, block.cue.start + late), block.cue.end + late))
        for block in document.blocks
        if block.cue
    ]
    aligned = align(document, Document(Metadata(language="en"), tuple(moved)))
    assert aligned.translation is not None
    links = aligned.translation.links
    assert [(link.sources[0].block, link.targets[0].block) for link in links] == [
        (at, at) for at in range(len(rows))
    ]


def test_cues_that_are_cut_otherwise_are_linked_together() -> None:
    chinese = (Block("我们走吧，", cue=Cue(0, 1000)), Block("太晚了。", cue=Cue(1000, 2000)))
    english = (Block("Let's go, it's late.", cue=Cue(100, 1900)),)
    aligned = align(Document(Metadata(), chinese), Document(Metadata(language="en"), english))
    assert aligned.translation is not None
    (link,) = aligned.translation.links
    assert [end.block for end in link.sources] == [0, 1]


def test_a_second_track_is_the_translation(tmp_path: Path) -> None:
    (tmp_path / "film.srt").write_text(SRT, "utf-8")
    other = (
        "1\n00:00:01,100 --> 00:00:02,900\nWhere did you go?\n\n"
        "2\n00:00:03,600 --> 00:00:05,000\nSorry.\n"
    )
    (tmp_path / "film.en.srt").write_text(other, "utf-8")
    report = building.build(tmp_path / "film.srt", tmp_path / "out.vtt")
    assert report.translated
    assert "对不起，地铁坏了\nSorry." in (tmp_path / "out.vtt").read_text("utf-8")


def test_readings_stand_above_or_below_and_only_where_they_are_wanted() -> None:
    document = annotate(read(SRT))
    assert "\nduìbuqǐ, dìtiě huài le\n对不起，地铁坏了\n" in written(document, "srt")
    below = written(document, "srt", pinyin_line=PinyinLine.BELOW)
    assert "\n对不起，地铁坏了\nduìbuqǐ, dìtiě huài le\n" in below
    assert "duì" not in written(document, "srt", pinyin=Pinyin.NONE)
    policy = ConstantPolicy(WordDisplay(gloss="?"))
    assert "duìbuqǐ, dìtiě huài le\n对不起 ?  地铁 ?  坏 ?  了 ?\n" in written(
        document, "srt", policy=policy
    )
    bare = ConstantPolicy(WordDisplay(reading=False, gloss="?"))
    assert "地铁 ?" in written(document, "srt", policy=bare)
    assert "地铁 ?" not in written(document, "srt", policy=bare, gloss="list")
    assert "對不起，地鐵壞了" in written(document, "vtt", script=Script.TRADITIONAL)


def test_a_text_without_times_is_no_subtitles(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("他在银行工作。", "utf-8")
    with pytest.raises(WriteError, match="has no times"):
        building.build(tmp_path / "text.txt", tmp_path / "out.srt")
    assert not (tmp_path / "out.srt").exists()


def hours(size: int) -> str:
    """So many cues, three seconds each."""
    return "".join(
        f"{n}\n{n // 1200:02}:{n // 20 % 60:02}:{n % 20 * 3:02},000 --> "
        f"{n // 1200:02}:{n // 20 % 60:02}:{n % 20 * 3 + 2:02},500\n我们明天再去那儿看看吧\n\n"
        for n in range(1, size)
    )


@pytest.mark.parametrize(
    "part", [None, "{", "<i", "\n1 ->", "<", "{\\i1", "&", "\n", "\n1"], ids=repr
)
def test_time_grows_with_the_cues_whatever_is_in_them(part: str | None) -> None:
    def through(text: str) -> None:
        document = read(text)
        Document(document.metadata, document.blocks, layers=("notes",))
        writers.FORMATS["srt"].write(document, io.BytesIO(), RenderOptions(pinyin=Pinyin.NONE))

    head = "1\n00:00:01,000 --> 00:00:02,000\n你好"
    if part is None:
        grows_in_proportion(through, hours, 1_200)
    else:
        grows_in_proportion(through, lambda n: head + part * n, 20_000)


@pytest.mark.parametrize("to", FORMATS)
@given(CUES, st.data())
def test_marks_are_written_and_read_again(
    to: str, rows: list[tuple[int, int, list[str]]], data: st.DataObject
) -> None:
    kinds = st.sampled_from((MarkKind.EMPHASIS, MarkKind.STRONG, MarkKind.UNDERLINE))
    document = timed(rows)
    blocks = []
    for block in document.blocks:
        start = data.draw(st.integers(0, len(block.text) - 1))
        end = data.draw(st.integers(start + 1, len(block.text)))
        # A space at an end of emphasis is no text that shows it.
        marked = block.text[start:end]
        start += len(marked) - len(marked.lstrip())
        end -= len(marked) - len(marked.rstrip())
        marks = (Mark(start, end, data.draw(kinds)),) if start < end else ()
        blocks.append(replace(block, marks=marks))
    file = io.BytesIO()
    plain = Document(document.metadata, tuple(blocks), layers=("notes", "readings"))
    writers.FORMATS[to].write(plain, file, RenderOptions(pinyin="none"))  # type: ignore[arg-type]
    again = sources.read_bytes(file.getvalue(), suffix=f".{to}")
    assert [block.marks for block in again.blocks] == [block.marks for block in blocks]


def test_styles_of_ass_are_written_back_and_readings_stand_beside_them() -> None:
    own = (
        "[Script Info]\nPlayResY: 360\n\n[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, Italic\nStyle: 上,楷体,20,-1\n"
    )
    document = read(own + ASS[ASS.index("[Events]") :], ".ass")
    text = written(document, "ass")
    assert "PlayResY: 360" in text
    assert "Style: 上,楷体,20," in text
    assert "Style: Pinyin,Noto Sans,12.7," in text
    assert r"{\i1}等等{\i0}我，" in text
    assert r"{\rPinyin}zǒu{\r上}\N走" in text
    assert "楷体" not in written(document, "srt")


def test_a_reading_that_the_text_gives_is_read_once() -> None:
    document = read("1\n00:00:01,000 --> 00:00:03,000\n他要还（huán）书，长 zhǎng 大\n")
    assert "tā yào huán shū, zhǎng dà\n" in written(document, "srt")


@given(CUES, st.integers(-3000, 3000))
def test_a_track_that_is_late_as_a_whole_is_moved(
    rows: list[tuple[int, int, list[str]]], late: int
) -> None:
    # Steps of their own, by which it is seen which cue is which.
    rows = [(60 + 37 * at, 90 + 20 * (at % 5), ["你好。"]) for at in range(12 + len(rows))]
    document = timed(rows)
    start = 10 * max(0, -late)
    cues = [block.cue for block in document.blocks if block.cue]
    own = [Block("你好。", cue=Cue(cue.start + start, cue.end + start)) for cue in cues]
    other = [
        Block("Hi.", cue=Cue(cue.start + start + 10 * late, cue.end + start + 10 * late))
        for cue in cues
    ]
    aligned = align(
        Document(Metadata(), tuple(own)), Document(Metadata(language="en"), tuple(other))
    )
    assert aligned.translation is not None
    found = [(link.sources[0].block, link.targets[0].block) for link in aligned.translation.links]
    assert found == [(at, at) for at in range(len(rows))]


def test_what_subtitles_have_besides_text_and_times() -> None:
    crowded = read(
        "1\n00:00:01:000 --> 00:00:03:500\n没有空行\n2\n00:00:04,000 --> 00:00:05,000\n好\n"
    )
    assert [block.cue and block.cue.end for block in crowded.blocks] == [3500, 5000]
    document = read(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud 王芳><ruby>还<rt>huán</rt></ruby>书\n", ".vtt"
    )
    (block,) = document.blocks
    assert (block.text, block.cue and block.cue.speaker) == ("还书", "王芳")
    assert [(mark.kind, mark.start, mark.end) for mark in block.marks] == [(MarkKind.READING, 0, 1)]
    assert "huán shū" in written(document, "srt")
    drawn = ASS.replace("m 0 0 l 10 10{\\p0}", "m 0 0 l 10 10{\\p0}有字")
    assert "有字" in read(drawn, ".ass").text


def test_a_file_in_two_encodings_is_read_line_by_line() -> None:
    parts = "1\n00:00:01,000 --> 00:00:02,000\n{}\n\n"
    data = parts.format("你好").encode() + parts.format("再见").encode("gbk")
    document = sources.read_bytes(data, suffix=".srt")
    assert document.text == "你好\n再见"
    assert "UTF-8 and in GB18030" in document.warnings[0].message
