"""What `reader check` lists: laws over texts, the ways through the lattice, examples."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

import reader
from reader.annotation import annotate
from reader.annotation.certainty import Certainty, Table, Way, Ways, ways_of
from reader.annotation.doubts import (
    COLUMNS,
    DOUBTFUL,
    Doubt,
    DoubtKind,
    find_doubts,
    glossary_rows,
)
from reader.annotation.lattice import Lattice
from reader.annotation.readings import shared_resolver
from reader.annotation.word_candidates import Word
from reader.glossary import Glossary
from reader.lexicon import Lexicon
from reader.model import Block, Document, Metadata
from reader.scripts import simplify
from tests.command_line import run_well
from tests.growth import grows_in_proportion
from tests.laws import examples

TEXTS = Path(__file__).parent.parent / "texts"
PARTS = (
    "大家长成研究生命起源长得很好看下落难马路边开发票会场地上下来说过分明",
    "王小明说。陈默笑了，张伟民问李建国：老周先生、欧阳修文和司马相如",
    "在北京市海淀区中关村的马云花园里看着白马，",
    "他在重慶的銀行裡乾著急，複雜的註冊流程。",
)
DOUBTFUL_TEXTS = st.lists(
    st.one_of(
        st.sampled_from(PARTS).flatmap(
            lambda part: st.tuples(st.integers(0, len(part) - 1), st.integers(2, 9)).map(
                lambda span: part[span[0] : span[0] + span[1]]
            )
        ),
        st.text(st.sampled_from("长重行还得了着为会好一小王马。，5a"), min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=6,
).map("".join)


def document(*texts: str, glossary: Glossary | None = None) -> Document:
    return annotate(Document(Metadata(), tuple(map(Block, texts))), glossary=glossary)


@lru_cache(maxsize=1)
def sample(name: str) -> Document:
    return document(*filter(None, (TEXTS / f"{name}.txt").read_text(encoding="utf-8").split("\n")))


def glossary_of(*doubts: Doubt) -> Glossary:
    return Glossary.loads(glossary_rows(doubts))


# ---- what is listed ----


@given(DOUBTFUL_TEXTS)
@example("大家长大了。大家长大了。")
@example("流程覆雜。")
@examples(20)
def test_what_is_listed_is_in_the_text_sorted_and_listed_once(text: str) -> None:
    found = document(text)
    doubts = find_doubts(found)
    assert [d.probability for d in doubts] == sorted(d.probability for d in doubts)
    assert len({(d.kind, d.row or (d.text, d.chosen, *d.alternatives)) for d in doubts}) == len(
        doubts
    )
    for doubt in doubts:
        assert found.blocks[doubt.block].text[doubt.start : doubt.end] == doubt.text
        assert f"【{doubt.text}】" in doubt.context
        assert doubt.count >= 1
        assert doubt.chosen not in doubt.alternatives
        assert doubt.kind is DoubtKind.CORRECTION or 0 <= doubt.probability < DOUBTFUL
    assert find_doubts(document(text)) == doubts


@given(DOUBTFUL_TEXTS)
@example("好好好好")
@example("马云说")
@examples(15)
def test_a_row_settles_its_doubt_and_changes_nothing(text: str) -> None:
    """Put in a glossary alone, whatever else is doubted."""
    first = document(text)
    for doubt in find_doubts(first):
        # No row can say how to read what nobody knows how to read.
        if not doubt.row or not doubt.row[COLUMNS.index("pinyin")]:
            continue
        rows = glossary_of(doubt)
        again = document(text, glossary=rows)
        left = find_doubts(again, glossary=rows)
        places = rows.find(text, simplify(text, again.metadata.language))
        for start, end, _ in places:
            # A name is one wherever it is written, whatever was made of it there.
            if doubt.kind is not DoubtKind.NAME or (start <= doubt.start and doubt.end <= end):
                assert _words_in(again, start, end) == _words_in(first, start, end)
            assert not [d for d in left if d.row and d.start < end and start < d.end]
        if not any(start <= doubt.start and doubt.end <= end for start, end, _ in places):
            # Where a term overlaps itself every other place has to do with another row.
            assert len(re.findall(f"(?={doubt.row[0]})", text)) > len(places)


def _words_in(found: Document, start: int, end: int) -> list[object]:
    """The words of a text's one block there, with their readings."""
    return [
        (at, token.text, token.reading and token.reading.syllables, token.proper)
        for at, _, token in found.blocks[0].token_spans()
        if start <= at < end
    ]


@pytest.mark.parametrize("name", ["market", "two-parks", "umbrella"])
def test_all_rows_of_a_text_settle_all_its_doubts(name: str) -> None:
    found = find_doubts(sample(name))
    assert 10 <= len(found) <= 70
    rows = glossary_of(*found)
    texts = [block.text for block in sample(name).blocks]
    left = find_doubts(document(*texts, glossary=rows), glossary=rows)
    settled = {(d.kind, d.block, d.start) for d in found if d.row}
    again = [d for d in left if (d.kind, d.block, d.start) in settled]
    # Where two rows overlap in the text, one of them holds; the other's doubt is for another round.
    assert len(again) <= len(found) // 20
    if again:
        rows = glossary_of(*again)
        left = find_doubts(document(*texts, glossary=rows), glossary=rows)
        assert {(d.kind, d.block, d.start) for d in again}.isdisjoint(
            (d.kind, d.block, d.start) for d in left
        )


def test_json_and_lines_list_the_same(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("大家长大了。\n\n陈默说：“流程覆雜。”\n", encoding="utf-8")
    lines = run_well("check", text, "--below", "99")
    listed = run_well("check", text, "--below", "99", "--json")
    doubts = json.loads(listed.stdout)
    shown = [line for line in lines.stdout.splitlines() if not line.startswith("    ")]
    assert [line.partition("  ")[0] for line in shown] == [doubt["kind"] for doubt in doubts]
    assert all(
        d["text"] in line and d["context"] in line for d, line in zip(doubts, shown, strict=True)
    )
    rows = [line.strip() for line in lines.stdout.splitlines() if line.startswith("    ")]
    assert rows == [",".join(d["row"].values()) for d in doubts if d["row"]]
    names = "kind text block start end context chosen alternatives probability row count reason"
    assert all([*doubt] == names.split() for doubt in doubts)


def test_a_file_of_rows_is_a_glossary(tmp_path: Path) -> None:
    text, rows = tmp_path / "text.txt", tmp_path / "rows.csv"
    text.write_text((TEXTS / "two-parks.txt").read_text(encoding="utf-8"), encoding="utf-8")
    run_well("check", text, "--fix", rows)
    assert len(Glossary.load(rows)) == len([*csv.reader(io.StringIO(rows.read_text("utf-8")))]) - 1


# ---- names and cuts ----


def test_a_person_is_listed_once() -> None:
    found = find_doubts(
        document("韩默川来了。", "我问韩默川。", "“好，”韩默川说。", "韩默川和他走了。"), below=1.0
    )
    (name,) = [doubt for doubt in found if doubt.text == "韩默川"]
    assert (name.kind, name.count, name.chosen) == (DoubtKind.NAME, 4, "Hán Mòchuān")
    assert name.row[2:] == ("Hán Mòchuān", "", "", "", "韩|默川")


def test_a_row_without_capitals_says_that_it_is_no_name() -> None:
    text = "韩默川来了。"
    row = "term,pinyin,gloss,words\n韩默川,hán mòchuān,,韩|默川\n"
    rows = Glossary.loads(row)
    again = document(text, glossary=rows)
    assert not any(token.proper for token in again.blocks[0].tokens)
    assert [d for d in find_doubts(again, glossary=rows, below=1.0) if d.start < 3] == []


def test_a_cut_shows_both() -> None:
    (cut,) = [d for d in find_doubts(document("开发票。"), below=1.0) if d.kind is DoubtKind.CUT]
    assert {cut.chosen, *cut.alternatives} == {"开发|票", "开|发票"}
    assert cut.row[COLUMNS.index("words")] == cut.chosen


def test_words_cut_by_hand_are_not_asked_about() -> None:
    rows = Glossary.loads("term,gloss,words\n开发票,,开|发票\n")
    found = document("开发票。", glossary=rows)
    assert [
        d for d in find_doubts(found, glossary=rows, below=1.0) if d.kind is DoubtKind.CUT
    ] == []


def test_a_row_takes_in_words_until_it_touches_nothing_else() -> None:
    """还 by itself would be found in 还给 and read as here."""
    texts = "他还没来。", "书还给他。", "还。"
    for doubt in find_doubts(document(*texts), below=1.0):
        if doubt.row and doubt.kind is DoubtKind.READING:
            assert len(doubt.row[0]) > 1 or sum(doubt.row[0] in text for text in texts) == 1


# ---- ways through the lattice ----

RUNS = st.sampled_from(PARTS[:3]).flatmap(
    lambda part: st.integers(0, len(part) - 2).map(lambda at: part[at : at + 7])
)


def _paths(ways: list[Way], at: int, end: int) -> Iterator[tuple[Way, ...]]:
    if at == end:
        yield ()
    for way in ways:
        if way.start == at:
            yield from ((way, *rest) for rest in _paths(ways, way.end, end))


@lru_cache(maxsize=1)
def lattice() -> Lattice:
    return Lattice(Lexicon.default())


@given(RUNS, st.integers(0, 1000))
@example("王小明说", 0)
@examples(30)
def test_a_margin_is_what_the_cheapest_way_without_a_word_costs_more(run: str, which: int) -> None:
    """Than the way that was taken, which need not be the cheapest."""
    ways = ways_of(lattice(), run, 0, len(run))
    paths = sorted(_paths(ways, 0, len(run)), key=_cost)
    ends = frozenset(end for _, end, _ in _words_of(paths[which % len(paths)]))
    found = Ways(ways, 0, len(run), ends)
    taken = _words_of(found.taken)
    assert {end for _, end, _ in taken} == ends
    for own in found.taken:
        rival = found.rival(own)
        if rival is not None:
            start, end = rival.span
            before = [word for word in taken if word[1] <= start]
            after = [word for word in taken if word[0] >= end]
            assert [*before, *rival.taken, *after] == taken
            # Put in its place, the rival makes a way that costs so much more.
            whole = [*before, *rival.words, *after]
            costs = [_cost(path) for path in paths if _words_of(path) == whole]
            assert min(costs) == _cost(found.taken) + rival.margin
            assert which or rival.margin >= 0


def _cost(path: Iterable[Way]) -> int:
    return sum(way.cost for way in path)


def _words_of(path: Iterable[Way]) -> list[Word]:
    return [word for way in path for word in way.words]


@pytest.mark.parametrize("shape", ["一", "长", "王小明", "大家长成", "还给。", "好"])
def test_time_grows_with_the_text(shape: str) -> None:
    """However often what is doubtful, or one endless word, stands side by side."""
    grows_in_proportion(
        lambda long: find_doubts(long, below=1.0),
        lambda size: document((shape * size)[:size]),
        4_000,
    )


@given(st.text(st.sampled_from("一二百张王李小中大国人好"), max_size=200))
@examples(20)
def test_any_text_can_be_asked_about(text: str) -> None:
    certainty = Certainty(Lexicon.default(), shared_resolver(Lexicon.default()))
    block = document(text).blocks[0] if text else Block("")
    tokens = [*block.token_spans()]
    starts = {start for start, _, _ in tokens} | {len(text)}
    for question in certainty.questions(tokens, text, simplify(text)):
        assert {question.start, question.end} <= starts
        rival = "".join(token.text for token in question.rival)
        assert text.startswith(rival, question.first)


def test_the_table_is_sure_of_what_is_far() -> None:
    table = Table([("a", -1000, 0.5), ("a", 100, 0.8), ("b", 0, 0.2)])
    assert [table.share("a", m) for m in (-2000, 99, 100, 900)] == [0.5, 0.5, 0.8, 0.8]
    assert table.share("c", 0) == 1.0
    rows = [line.split("\t") for line in DATA if not line.startswith("#")]
    for evidence in {row[0] for row in rows}:
        shares = [float(row[2]) for row in rows if row[0] == evidence]
        assert shares == sorted(shares)
        assert all(0 < share < 1 for share in shares)


DATA = (Path(reader.__file__).parent / "data/certainty.tsv").read_text("utf-8").splitlines()
