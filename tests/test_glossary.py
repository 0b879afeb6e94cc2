"""The glossary file, its checks, and where its terms are found."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader.errors import GlossaryError
from reader.glossary import Entry, Glossary
from reader.scripts import simplify
from tests.command_line import said_by
from tests.growth import grows_in_proportion

HEADER = "term,simplified,pinyin,gloss,note,tags\n"
GOOD = "內卷,内卷,nèijuǎn,the rat race,,society internet\n"


def find_terms(glossary: Glossary, text: str) -> list[str]:
    return [text[m.start : m.end] for m in glossary.find(text, simplify(text))]


def terms(*names: str) -> Glossary:
    return Glossary.loads("term,gloss\n" + "\n".join(f"{name},gloss" for name in names))


# ---- The file ----


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_ends(
    tmp_path: Path, delimiter: str, encoding: str, newline: str
) -> None:
    path = tmp_path / "glossary.csv"
    text = (HEADER + GOOD).replace(",", delimiter).replace("\n", newline)
    path.write_bytes(text.encode(encoding))
    (entry,) = Glossary.load(path)
    assert entry == Entry(
        "內卷", "内卷", "內卷", ("nei4", "juan3"), "the rat race", "", ("society", "internet")
    )


def test_what_is_empty_is_derived() -> None:
    traditional, simplified, both = Glossary.loads("term,gloss\n蓋章經濟,a\n监管沙盒,b\n算力,c\n")
    assert traditional.simplified == "盖章经济"
    assert (simplified.simplified, simplified.traditional) == ("监管沙盒", "監管沙盒")
    assert (both.simplified, both.traditional, both.syllables) == ("算力", "算力", ())


def test_cells_in_quotes_words_and_latin() -> None:
    text = (
        'term,gloss,pinyin,words\nP2P金融,"a ""b"", c",P2P jīnróng,P2P金融\n花兒,flower,huār,花兒\n'
    )
    first, second = Glossary.loads(text)
    assert first.gloss == 'a "b", c'
    assert first.syllables == ("", "", "", "jin1", "rong2")
    assert second.syllables == ("hua1", "r5")
    (park,) = Glossary.loads("term,gloss,words\n張江高科技園區,a park,張江|高科技|園區\n")
    assert park.words == ("張江", "高科技", "園區")


BAD_ROWS = {
    ",,,gloss,,": "term is empty",
    "P2P,,,gloss,,": "term has no Han character",
    "算力,,,,,": "gloss is empty",
    "算力,,suàn,power,,": "pinyin has 1 syllables for 2 characters",
    "算力,,suàn lx,power,,": "'lx' is not pinyin",
    "算力,,suanli,power,,": "pinyin has no tones",
    "算力,算,,power,,": "simplified has 1 characters, term 2",
    '算力,,,the "power",,': "stray quote",
    '算力,,,"power,,': "stray quote",
    "算力,,,power,note,tag,more,and more": "8 cells under 6 columns",
    "算\x00力,,,power,,": "control character U+0000",
    "算力,,,po\x07wer,,": "control character U+0007",
    "內卷,,,again,,": "duplicate of line 2",
    "力" * 101 + ",,,long,,": "longer than 100 characters",
}


@pytest.mark.parametrize(("row", "reason"), BAD_ROWS.items())
def test_a_bad_row_is_named(row: str, reason: str) -> None:
    with pytest.raises(GlossaryError) as caught:
        Glossary.loads(HEADER + GOOD + row + "\n", path="mine.csv")
    assert str(caught.value).startswith("mine.csv:3: ")
    assert reason in str(caught.value)


def test_every_bad_row_is_named_at_once(tmp_path: Path) -> None:
    rows = list(BAD_ROWS)
    path = tmp_path / "glossary.csv"
    data = (HEADER + GOOD + "\n".join(rows) + "\n").encode() + b"\xb1\xe0,,,not UTF-8,,\n"
    path.write_bytes(data)
    with pytest.raises(GlossaryError) as caught:
        Glossary.load(path)
    message = str(caught.value)
    for line, row in enumerate(rows, 3):
        assert f"{path}:{line}: " in message
        assert BAD_ROWS[row] in message
    assert f"{path}:{3 + len(rows)}: not UTF-8 (0xB1 at byte 1 of the line)" in message
    assert f"{len(rows) + 1} rows cannot be used" in message


def test_one_term_in_both_scripts_is_a_duplicate() -> None:
    with pytest.raises(GlossaryError, match="duplicate of line 2, in the other script"):
        terms("內卷", "内卷")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("內卷,gloss\n", "no header"),
        ("term,pinyin\n", "no header"),
        ("term,gloss,pinyn\n", "unknown column 'pinyn'"),
        ("term,gloss,gloss\n", "stands there twice"),
    ],
)
def test_a_bad_header_is_named(text: str, message: str) -> None:
    with pytest.raises(GlossaryError, match=message):
        Glossary.loads(text)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path, message in ((tmp_path / "none.csv", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(GlossaryError, match=message):
            Glossary.load(path)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_file_is_a_glossary_or_an_error(text: str) -> None:
    for head in ("", "term,gloss,pinyin\n"):
        try:
            glossary = Glossary.loads(head + text)
        except GlossaryError:
            continue
        assert all(entry.gloss and entry.term for entry in glossary)


# ---- Finding ----


def test_the_longest_wins_and_nothing_inside_it() -> None:
    glossary = terms("原教旨主義", "市場原教旨主義", "市場")
    assert find_terms(glossary, "市場原教旨主義是市場的原教旨主義") == [
        "市場原教旨主義",
        "市場",
        "原教旨主義",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("早期P2P金融爆雷", ["P2P金融"]),
        ("早期Ｐ２Ｐ金融爆雷", ["Ｐ２Ｐ金融"]),
        ("用3D打印的", ["3D打印"]),
        ("用13D打印的", []),
        ("OpenAI大模型", ["大模型"]),
        ("AI大模型", ["AI大模型"]),
        ("ai大模型", ["大模型"]),
        ("大模型", ["大模型"]),
        ("型大模", []),
        ("監管沙盒、监管沙盒", ["監管沙盒", "监管沙盒"]),
    ],
)
def test_latin_digits_and_both_scripts(text: str, expected: list[str]) -> None:
    assert (
        find_terms(terms("P2P金融", "3D打印", "大模型", "AI大模型", "監管沙盒"), text) == expected
    )


def test_variants_of_hong_kong_and_taiwan_do_not_matter() -> None:
    assert find_terms(terms("摸著石頭過河"), "摸着石頭過河、摸著石頭過河、摸着石头过河") == [
        "摸着石頭過河",
        "摸著石頭過河",
        "摸着石头过河",
    ]


def test_rows_that_share_a_simplified_form_are_told_apart() -> None:
    glossary = terms("復合", "複合")
    text = "複合和復合"
    assert [m.entry.term for m in glossary.find(text, simplify(text))] == ["複合", "復合"]


def test_one_character_must_be_the_one_written() -> None:
    glossary = Glossary([Entry("后", gloss="empress")])
    assert find_terms(glossary, "以後的太后") == ["后"]


@given(
    st.lists(st.text("甲乙丙A1", min_size=1, max_size=4), max_size=12, unique=True),
    st.text("甲乙丙A1 ", max_size=40),
)
def test_find_is_leftmost_longest(names: list[str], text: str) -> None:
    glossary = Glossary([Entry(name, gloss="x") for name in names])
    expected: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        ends = [at + len(n) for n in names if text.startswith(n, at)]
        whole = [end for end in ends if not _cuts_latin(text, at, end)]
        if whole:
            expected.append((at, max(whole)))
            at = max(whole)
        else:
            at += 1
    assert [(m.start, m.end) for m in glossary.find(text, text)] == expected


def _cuts_latin(text: str, start: int, end: int) -> bool:
    return any(
        0 < at < len(text) and text[at - 1] in "A1" and text[at] in "A1" for at in (start, end)
    )


def test_later_glossaries_win() -> None:
    first, second = terms("內卷", "算力"), Glossary.loads("term,gloss\n内卷,mine\n")
    both = first | second
    assert [(entry.term, entry.gloss) for entry in both] == [("算力", "gloss"), ("内卷", "mine")]
    assert len(first | Glossary()) == len(Glossary() | first) == 2


def test_rows_cost_a_search_nothing() -> None:
    """A search that grows with the rows, too, would take the square."""
    names = [chr(0x4E00 + i % 9000) + chr(0x4E00 + i // 9) + "事" for i in range(40_000)]

    def some(rows: int) -> tuple[Glossary, str]:
        glossary = Glossary([Entry(name, gloss="x") for name in names[:rows]])
        glossary.find("", "")
        return glossary, "".join(names[:rows:5])

    glossary, text = some(40_000)
    assert len(glossary.find(text, text)) == 8_000
    grows_in_proportion(lambda both: both[0].find(both[1], both[1]), some, 40_000)


# ---- Terms divided into words by hand ----


def test_a_row_that_divides_and_reads_needs_no_gloss() -> None:
    row = Glossary.loads("term,pinyin,gloss,words\n内卷,nèi juàn,,内|卷\n")
    (merged,) = terms("內卷") | row
    assert (merged.term, merged.gloss, merged.words) == ("內卷", "gloss", ("內", "卷"))
    assert merged.syllables == ("nei4", "juan4")


def test_terms_divided_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# places\n張江 | 高科技 | 園區\n\n高新技術\n", encoding="utf-8")
    first, second = Glossary.load_words(path)
    assert (first.term, first.words, first.gloss) == (
        "張江高科技園區",
        ("張江", "高科技", "園區"),
        "",
    )
    assert second.words == ("高新技術",)
    (joined,) = Glossary([Entry("高新技術", "高新技术", gloss="x")]) | Glossary([second])
    assert (joined.gloss, joined.words) == ("x", ("高新技術",))
    path.write_text("P2P|x\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"words\.txt:1: not a term"):
        Glossary.load_words(path)


# ---- The glossary that comes along ----


def test_the_default_glossary_is_whole() -> None:
    glossary = Glossary.default()
    assert len(glossary) >= 200
    for entry in glossary:
        assert entry.syllables, entry.term
        assert entry.note, entry.term
        assert entry.tags, entry.term
        assert simplify(entry.term) == entry.simplified


def test_the_default_glossary_needs_no_converter() -> None:
    code = "import sys; from reader.glossary import Glossary as G; G.default(); print(*sys.modules)"
    loaded = said_by(code).split()
    assert "opencc" not in loaded


def test_a_glossary_that_was_used_goes_to_other_processes() -> None:
    glossary = Glossary([Entry("內卷", "内卷", gloss="the rat race")])
    matches = glossary.find("又內卷了", "又内卷了")
    assert pickle.loads(pickle.dumps(glossary)).find("又內卷了", "又内卷了") == matches
