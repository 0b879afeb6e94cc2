"""Lists of known words: every format, either script, readings, states that merge, bad files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader import KnownWords, ReaderError, State
from reader.learner.anki_fields import reading_among, word_among
from reader.learner.decisions import homographs
from tests.books import packed
from tests.growth import grows_in_proportion

FOLDER = Path(__file__).parent / "data" / "known"

BANK, CHIP = ("银行", "known"), ("芯片", "known")
GROW, SHANGHAI = ("长", "learning"), ("上海", "ignored")
EXPECTED = {
    "anki.apkg": {BANK, CHIP, GROW, ("还", "learning")},
    "anki-legacy.apkg": {BANK, CHIP, GROW, ("还", "learning")},
    "anki.colpkg": {BANK, CHIP, GROW, ("还", "learning")},
    "anki-notes.txt": {BANK, CHIP, ("长", "known"), ("还", "known"), ("便当", "known")},
    "plain.txt": {BANK, CHIP, ("还", "known")},
    "page.tsv": {BANK, GROW, SHANGHAI, ("便当", "unknown")},
    "table.csv": {BANK, CHIP, GROW},
    "pleco.txt": {BANK, CHIP, ("长", "known")},
    "lute.csv": {BANK, CHIP, GROW, SHANGHAI},
    "lwt.tsv": {BANK, CHIP, GROW, SHANGHAI},
    "lwt-old.tsv": {BANK, CHIP, GROW, SHANGHAI},
    "linguacafe.csv": {BANK, GROW, SHANGHAI},
    "linguacafe-import.csv": {BANK, GROW, SHANGHAI},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_format_gives_words_with_their_states(name: str) -> None:
    known = KnownWords.load(FOLDER / name)
    assert {(word, state.value) for word, _, state in known} == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - {"plain.txt"}))
def test_a_word_known_in_one_reading_stays_unknown_in_another(name: str) -> None:
    known = KnownWords.load(FOLDER / name)
    for word, in_list, other in (("长", "zhang3", "chang2"), ("还", "huan2", "hai2")):
        if any(listed == word for listed, _, _ in known):
            assert known.state(word, (in_list,), homographs()) is not None
            assert known.state(word, (other,), homographs()) is None


SHAPES = {
    "with words between marks": ("银行、还；长，芯片\n便当/上海\n", "银行 还 长 芯片 便当 上海"),
    "numbered": ("1,银行,yínháng,bank\n2,还,huán,to return\n", "银行 还(huán)"),
    "numbered, with names": ("序号\t词语\t拼音\t词性\n1\t银行\tyínháng\t名\n", "银行"),
    "with English first": ("bank;银行;yin2 hang2\nto grow;长;zhang3\n", "银行 长(zhang3)"),
    "with pinyin first": ("yín háng\t银行\nhuán\t还\n", "银行 还(huán)"),
    "with both scripts": ("銀行,银行,yínháng\n長,长,zhǎng\n", "银行 长(zhǎng)"),
    "with long names": ("No.,Chinese (simplified),Pinyin with tones\n1,长,zhǎng\n", "长(zhǎng)"),
    "with names in Chinese": (
        "汉字;拼音\n长;zhǎng\n还;huán\n",
        "长(zhǎng) 还(huán)",
    ),
    "as syllabuses print it": ("爸爸｜爸\n没（有）\n点1\n本（量）\n", "爸爸 爸 没 没有 点 本 本量"),
    "with a word twice": ("银行\n银行\n銀行\n", "银行"),
    "with tags": ("<div>银行</div>\t<i>yínháng</i>\t[sound:a.mp3]\n", "银行"),
    "in quotation marks": ('"银行","bank, ""money"""\n"还","to\nreturn"\n', "银行 还"),
    "with comments": ("# mine\n银行\tyínháng\n# more\n还\thuán\n", "银行 还(huán)"),
    "with empty lines": ("\n\n银行,yínháng\n,\n\n还,huán\n", "银行 还(huán)"),
    "of a deck": (
        "#separator:tab\n#html:true\n#deck column:1\n#tags column:4\n"
        "Zh::Unit 1\t<b>银行</b>\tbank\t\nZh::Unit 2\t{{c1::还::give back}}\thuán\tlesson2\n"
        "Zh\t我先去银行取钱了。\t芯片\t\n",
        "银行 还(huán) 芯片",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_lists_as_people_keep_them(tmp_path: Path, shape: str) -> None:
    text, expected = SHAPES[shape]
    path = tmp_path / "list.txt"
    path.write_text(text, encoding="utf-8", newline="")
    told = {"长", "还"}
    shown = [
        f"{word}({reading})" if word in told and reading else word
        for word, reading, _ in KnownWords.load(path)
    ]
    assert sorted(shown) == sorted(expected.split())


@pytest.mark.parametrize(
    ("fields", "word", "reading"),
    [
        (["<div>芯片</div>", "xīnpiàn<br>computer chip"], "芯片", "xīnpiàn"),
        (["to give back", "<b>还</b> huán"], "还", "huán"),
        (["公园 (gōngyuán)", "park"], "公园", "gōngyuán"),
        (["Regenschirm", "雨伞", "yǔsǎn"], "雨伞", "yǔsǎn"),
        (["我们昨天在{{c1::饭馆::restaurant}}吃饭。", "fànguǎn"], "饭馆", "fànguǎn"),
        (["小<b>猫</b>很可爱。", "小猫", "<img src='a.jpg'>kitten"], "小猫", ""),
        (["银行[yínháng]", "[sound:a.mp3]", "bank"], "银行", ""),
        (["学生<br>[sound:a.mp3]", "student&nbsp;"], "学生", ""),
        (["我先去银行取钱了。", "I went to the bank."], "", ""),
    ],
)
def test_notes_of_any_kind_give_their_word(fields: list[str], word: str, reading: str) -> None:
    assert word_among(fields) == word
    assert reading_among(fields, word) == reading


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5"])
def test_lists_in_the_encodings_that_spreadsheets_save(
    tmp_path: Path, encoding: str, end: str
) -> None:
    simplified = "银行 学生 老师 时候 东西 没有"
    words = "銀行 學生 老師 時候 東西 沒有" if encoding == "big5" else simplified
    path = tmp_path / "list.csv"
    rows = ["word,meaning", *(f"{word},a word" for word in words.split())]
    path.write_bytes(end.join(rows).encode(encoding))
    assert KnownWords.load(path) == KnownWords.of(simplified.split())


def test_a_list_without_readings_means_all_of_them() -> None:
    known = KnownWords.load(FOLDER / "plain.txt")
    assert {known.state("还", (at,), homographs()) for at in ("hai2", "huan2")} == {State.KNOWN}


WORDS = ("银行", "銀行", "长", "長", "芯片", "還", "还")
READINGS = ("", "zhang3", "cháng", "huán", "hai2", "no pinyin")
rows = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(READINGS), st.sampled_from(State)),
    max_size=8,
).map(KnownWords)


@given(rows, rows, rows)
def test_lists_merge_in_any_order(one: KnownWords, two: KnownWords, three: KnownWords) -> None:
    assert one | two == two | one
    assert (one | two) | three == one | (two | three)
    assert one | one == one | KnownWords() == one
    assert repr(one | two) == repr(two | one)
    assert KnownWords(one) == one


@given(rows, rows, st.sampled_from(["长", "还", "银行"]), st.sampled_from(READINGS[1:5]))
def test_of_two_lists_the_better_known_state_stands(
    one: KnownWords, two: KnownWords, word: str, reading: str
) -> None:
    order = [None, *State]
    states = [known.state(word, (reading,), homographs()) for known in (one, two, one | two)]
    assert states[2] == max(states[:2], key=order.index)


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(State)), min_size=1))
def test_what_our_own_pages_export_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, words: list[tuple[str, State]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "page-export.tsv"
    lines = [f"{word}\t\t{state}\t2026-11-30\n" for word, state in words]
    path.write_text("".join(lines), encoding="utf-8")
    assert KnownWords.load(path) == KnownWords((word, "", state) for word, state in words)


DECK = (FOLDER / "anki.apkg").read_bytes()
NO_CHINESE = b"Front\tBack\nto go\taller\n"
BAD = {
    "is not UTF-8; save the file as UTF-8": "naïve café\n".encode("latin-1"),
    "is empty": b"\n\n",
    "has no Chinese word in it": NO_CHINESE,
    "is a zip container, and no Anki deck": packed({"mimetype": b"application/epub+zip"}),
    "is a damaged Anki deck": packed({"collection.anki2": b"SQLite format 3\0" + bytes(600)}),
    "is a damaged Anki deck: ": DECK[: len(DECK) // 2],
    "damaged Anki deck": packed({"collection.anki21b": b"no zstandard"}),
    "unpacks to more than 1 GiB, or more than 400 times": packed(
        {"collection.anki2": bytes(20_000_000)}
    ),
    "has 5 words of which none is learnt: export it with its scheduling": (
        FOLDER / "anki-new.apkg"
    ).read_bytes(),
}


@pytest.mark.parametrize("message", BAD)
def test_a_file_that_gives_no_words_says_why(tmp_path: Path, message: str) -> None:
    path = tmp_path / "list"
    path.write_bytes(BAD[message])
    with pytest.raises(ReaderError) as caught:
        KnownWords.load(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_line_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes("好\n书\n".encode() + "银行".encode("big5", "ignore") + b"\xc4\xff\n")
    with pytest.raises(ReaderError, match=r"list\.txt:3: is not UTF-8"):
        KnownWords.load(path)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any-list"
    path.write_bytes(data)
    message = ""
    try:
        found = len(KnownWords.load(path))
    except ReaderError as error:
        found, message = 0, str(error)
    assert found or str(path) in message


def test_a_list_is_loaded_in_proportion_to_its_length(tmp_path: Path) -> None:
    han = [chr(0x4E00 + at) for at in range(400)]
    words = [one + two for one in han[:250] for two in han]

    def listed(size: int) -> Path:
        path = tmp_path / f"{size}.tsv"
        rows = (f"{word}\tyi1 yi1\tknown\n" for word in words[:size])
        path.write_text("".join(rows), encoding="utf-8")
        return path

    assert len(KnownWords.load(listed(100_000))) > 90_000  # some are one in Simplified
    grows_in_proportion(KnownWords.load, listed, 100_000)


def test_a_word_said_in_many_ways_takes_no_longer_than_many_words() -> None:
    def listed(size: int) -> list[tuple[str, str, State]]:
        return [("长", f"zhang{at}", State.KNOWN) for at in range(size)]

    grows_in_proportion(KnownWords, listed, 20_000)


def test_a_traditional_list_knows_what_simplified_texts_have() -> None:
    listed = KnownWords.of(["乾淨", "看著", "銀行", "書", "頭髮"])
    assert {word for word, _, _ in listed} == {"干净", "看着", "银行", "书", "头发"}
    own = ["乾隆", "论著", "瞭望", "银行", "干净"]
    assert [word for word, _, _ in KnownWords.of(own)] == own


def test_a_quotation_mark_that_is_not_closed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text('word,pinyin\n银行,\n"' + "字\n" * 140_000, "utf-8")
    with pytest.raises(ReaderError, match="a quotation mark is not closed"):
        KnownWords.load(path)
