"""The teacher's pack: sheets and keys that agree, drawn by a seed, fair to who fills them in."""

from __future__ import annotations

import re
import time
from itertools import combinations
from math import log
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from lxml import etree

from reader import Document, annotate, read
from reader.errors import ReaderError, SourceError
from reader.learner import Knowledge, KnownWords, Learner, State, coverage
from reader.lexicon import Lexicon
from reader.lexicon.glosses import Glosses
from reader.model import Block, BlockKind, Metadata, Token, TokenKind
from reader.options import RenderOptions
from reader.pack import Pack, write_pack
from reader.pack.exercises import meanings, parts_of_speech
from reader.pack.folder import _print, find_browser
from reader.pack.sheets import sheets_of
from reader.pack.text_lines import WIDTH, numbered_lines
from tests.command_line import run

TEXTS = Path(__file__).parent.parent / "texts"
LEARNER = Learner(level="4")
X = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {name: annotate(read(TEXTS / f"{name}.txt")) for name in ("market", "umbrella")}


@pytest.fixture(scope="module")
def packs(documents: dict[str, Document]) -> list[Pack]:
    return [Pack.of(each, LEARNER, seed=seed) for each in documents.values() for seed in (1, 2, 7)]


def pages(pack: Pack) -> dict[str, etree._Element]:
    found = {}
    for sheet in sheets_of(pack, RenderOptions()):
        found[sheet.name] = etree.fromstring(sheet.page.encode())
    return found


def words_of(element: etree._Element) -> str:
    """The text of an element without readings."""
    for each in [*element.iter(f"{X}rt"), *element.iter(f"{X}rp"), *element.iter(f"{X}sup")]:
        each.text = ""
    return "".join(map(str, element.itertext()))


def by_class(root: etree._Element, name: str) -> list[etree._Element]:
    return [each for each in root.iter() if name in each.get("class", "").split()]


def test_one_seed_gives_the_same_bytes(documents: dict[str, Document], tmp_path: Path) -> None:
    made = []
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_pack(Pack.of(documents["market"], LEARNER, seed=seed), tmp_path / folder)
        files = sorted((tmp_path / folder).iterdir())
        made.append({path.name: path.read_bytes() for path in files})
    assert made[0] == made[1]
    assert made[0].keys() == made[2].keys()
    assert made[0]["match.html"] != made[2]["match.html"]


def test_the_key_of_the_text_has_the_lines_of_the_text(packs: list[Pack]) -> None:
    for pack in packs:
        found = pages(pack)
        bare, key = (
            [words_of(cell) for cell in found[name].iter(f"{X}td") if cell.get("class") == "text"]
            for name in ("text", "text-key")
        )
        assert bare == key
        assert "".join(bare).replace(" ", "") == "".join(
            block.text for block in pack.document.blocks if block.kind is not BlockKind.TITLE
        ).replace(" ", "")


def test_the_words_of_the_bank_fill_the_gaps(packs: list[Pack]) -> None:
    for pack in packs:
        assert pack.cloze is not None
        found = pages(pack)
        bank = [each.text for each in by_class(found["cloze"], "bank")[0]]
        answers = [each.text for each in by_class(found["cloze-key"], "answer")]
        assert sorted(filter(None, bank)) == sorted(filter(None, answers))
        assert len(by_class(found["cloze"], "gap")) == len(answers)
        sheet = "".join(map(words_of, by_class(found["cloze"], "passage")))
        whole = "".join(map(words_of, by_class(found["cloze-key"], "passage")))
        assert len(whole) == len(sheet) + sum(len(answer or "") for answer in answers)
        assert whole in "".join(block.text for block in pack.document.blocks)


def test_gaps_are_words_that_no_other_word_of_the_bank_fits(packs: list[Pack]) -> None:
    lexicon = Lexicon.default()
    glosses = Glosses(lexicon)
    for pack in packs:
        assert pack.cloze is not None
        blocks = pack.document.blocks
        tokens = [blocks[gap.block].tokens[gap.token] for gap in pack.cloze.gaps]
        for token in tokens:
            assert token.kind is TokenKind.WORD
            assert not token.proper
            assert LEARNER.knows(token) not in (Knowledge.NAME, Knowledge.NUMBER)
        for one, other in combinations(tokens, 2):
            first, second = (
                parts_of_speech(lexicon.tag(each.simplified), each.senses) for each in (one, other)
            )
            often = [log(lexicon.frequency(each.simplified) + 1) for each in (one, other)]
            assert first.isdisjoint(second) or abs(often[0] - often[1]) >= log(4)
            assert meanings(glosses, one).isdisjoint(meanings(glosses, other))


def test_words_to_match_share_neither_reading_nor_meaning(packs: list[Pack]) -> None:
    for pack in packs:
        assert pack.match is not None
        pairs = pack.match.pairs
        assert len({pair.gloss for pair in pairs}) == len({pair.reading for pair in pairs})
        assert len({pair.reading for pair in pairs}) == len(pairs) >= 4
        key = pages(pack)["match-key"]
        for row, pair in zip(key.iter(f"{X}tr"), pairs, strict=True):
            small, large = (each.text for each in by_class(row, "answer"))
            assert small
            assert large
            assert pairs[pack.match.readings[ord(small) - ord("a")]] == pair
            assert pairs[pack.match.glosses[ord(large) - ord("A")]] == pair


def test_tones_are_asked_only_where_the_reading_is_sure(packs: list[Pack]) -> None:
    for pack in packs:
        assert pack.tones is not None
        unsure = {
            token.text
            for block in pack.document.blocks
            for token in block.tokens
            if token.reading and token.reading.probability < 0.95
        }
        sure = {
            token.text
            for block in pack.document.blocks
            for token in block.tokens
            if token.reading and token.reading.probability >= 0.95
        }
        for word in pack.tones.words:
            assert word.text not in unsure - sure
            assert all(tone[-1] in "12345" for tone in word.syllables)
            plain = [syllable[:-1] for syllable in word.syllables]
            assert plain == [syllable[:-1] for syllable in word.spoken]
        assert any(word.spoken != word.syllables for word in pack.tones.words)
        sheet = " ".join(each.text or "" for each in by_class(pages(pack)["tones"], "py"))
        assert re.fullmatch(r"[a-zü ]+", sheet)


def test_sentences_put_in_order_are_the_paragraph(packs: list[Pack]) -> None:
    for pack in packs:
        for order in pack.orders:
            assert 5 <= len(order.sentences) <= 7
            assert sorted(order.shown) == list(range(1, len(order.sentences)))
            assert list(order.shown) != sorted(order.shown)
            assert any(
                "".join(order.sentences) in "".join(block.text.split())
                for block in pack.document.blocks
            )
    assert [bool(pack.orders) for pack in packs] == [True] * 3 + [False] * 3


def test_what_is_known_with_the_words_taught_is_what_a_list_of_them_makes(
    documents: dict[str, Document],
) -> None:
    for document in documents.values():
        pack = Pack.of(document, LEARNER)
        assert 10 <= len(pack.taught) <= 20
        known = KnownWords(
            (word.token.simplified, word.token.pinyin, State.KNOWN) for word in pack.taught
        )
        with_list = coverage(document, Learner(level="4", known=known))
        assert with_list.strict == pytest.approx(pack.with_them.strict)


def test_names_are_in_a_box_and_nowhere_else(packs: list[Pack]) -> None:
    names = {token.text for pack in packs for name in pack.names for token in name}
    assert {"周", "子晴", "臺北", "小安"} <= names
    assert ("周", "子晴") in [tuple(t.text for t in name) for name in packs[-1].names]
    for pack in packs:
        assert not names & {word.token.text for word in pack.taught}


tokens = st.lists(
    st.one_of(
        st.text("北京大学银行", min_size=1, max_size=4).map(lambda text: Token(text)),
        st.sampled_from("，。」』、").map(lambda text: Token(text, TokenKind.PUNCTUATION)),
        st.sampled_from("「（").map(lambda text: Token(text, TokenKind.PUNCTUATION)),
        st.text("abc/", min_size=1, max_size=60).map(lambda text: Token(text, TokenKind.LATIN)),
    ),
    max_size=60,
)


@given(st.lists(tokens.map(tuple), max_size=3))
def test_lines_are_the_text_and_none_begins_with_what_closes(
    paragraphs: list[tuple[Token, ...]],
) -> None:
    blocks = [Block("".join(t.text for t in each), tokens=each) for each in paragraphs]
    lines = numbered_lines(blocks)
    shown = "".join(token.text for line in lines for token in line.tokens)
    assert shown == "".join(block.text for block in blocks)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    for line in lines:
        text = "".join(token.text for token in line.tokens)
        assert line.starts or text[0] not in "，。」』、"
        words = re.sub("[，。」』、「（]", "", text)
        assert len(words) <= 2 * WIDTH


@pytest.mark.parametrize("text", ["", "abc 123", "！？"])
def test_a_text_without_words_is_one_message(text: str) -> None:
    with pytest.raises((SourceError, ReaderError), match="no Chinese"):
        Pack.of(annotate(Document(Metadata(), (Block(text),))), LEARNER)


def test_a_short_text_gives_a_smaller_pack(tmp_path: Path) -> None:
    pack = Pack.of(annotate("他把芯片放在银行里。"), LEARNER)
    assert {"cloze", "order"} <= set(pack.left_out)
    names = {path.name for path in write_pack(pack, tmp_path / "pack")}
    assert {"before.html", "report.html", "text.html", "text-key.html"} <= names
    assert "order.html" not in names


def test_a_piece_of_a_name_is_not_taught() -> None:
    pack = Pack.of(
        annotate("中芯国际和中芯国际的园区都很大。园区里有人。"), Learner(level="3"), seed=1
    )
    taught = {word.token.simplified for word in pack.taught}
    assert "园区" in taught
    assert "芯" not in taught


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    out = tmp_path / "pack"
    done = run("pack", TEXTS / "umbrella.txt", "-o", out, "--level", "3", "--labels", "zh-Hans")
    assert done.exit_code == 0
    assert "no order" in done.output
    page = (out / "before.html").read_text("utf-8")
    assert "读前准备" in page
    assert "CC-CEDICT" in page


def test_without_a_browser_the_pages_are_there_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("reader.pack.folder._PLACES", ())
    out = tmp_path / "pack"
    done = run("pack", TEXTS / "umbrella.txt", "-o", out, "--level", "3", "--pdf")
    assert done.exit_code == 1
    assert "needs Chromium" in done.output
    assert (out / "match-key.html").is_file()


@pytest.mark.long
@pytest.mark.skipif(find_browser() is None, reason="needs Chromium, Chrome or Edge")
def test_a_page_that_is_printed_at_another_time_has_the_same_bytes(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><title>银行</title><p>他在银行工作。</p>", encoding="utf-8")
    browser = find_browser()
    assert browser is not None
    first = _print(browser, page).read_bytes()
    time.sleep(1.1)
    assert _print(browser, page).read_bytes() == first
    assert first.count(b"Date (D:20000101000000") == 2


def test_a_folder_that_cannot_be_made_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("pack", TEXTS / "umbrella.txt", "-o", tmp_path / "file", "--level", "3")
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    done = run("pack", TEXTS / "umbrella.txt", "-o", tmp_path / "x", "--level", "99")
    assert done.exit_code == 1
    assert "which hsk2025 does not have" in done.output
