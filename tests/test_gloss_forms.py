"""Where the meanings of words stand: `--gloss` and `--gloss-words`, in every output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import pytest

from reader import Document, annotate, read
from reader.inplace import annotate_book, strip_book
from reader.learner import Learner, LearnerPolicy
from reader.lexicon.glosses import LONGEST
from reader.options import AnnotateOptions, Gloss, GlossWords, Pinyin, RenderOptions
from reader.writers import write
from tests import books
from tests.checkers import check_all, needs_java
from tests.command_line import run, run_well
from tests.xhtml import canonical

TEXTS = Path(__file__).parent.parent / "texts"
LEARNER = Learner(level="4")


def options(gloss: Gloss, words: GlossWords, pinyin: Pinyin = Pinyin.ALL) -> RenderOptions:
    policy = LearnerPolicy(LEARNER, pinyin, words, gloss)
    return RenderOptions(pinyin=pinyin, gloss=gloss, policy=policy)


@pytest.fixture(scope="module")
def article() -> Document:
    return annotate(read(TEXTS / "two-parks.txt"))


def chapters(document: Document, chosen: RenderOptions | None = None) -> str:
    """The markup of a book's chapters."""
    file = BytesIO()
    write(document, file, chosen, to="epub")
    return "".join(text.decode() for text, _ in _chapters(file))


def _chapters(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Each with its size as it is packed."""
    with ZipFile(file) as book:
        for info in book.infolist():
            if "/c0" in info.filename:
                yield book.read(info), info.compress_size


BUDGETS = {"ruby": 1.13, "list": 1.35, "notes": 1.52}


def test_glosses_of_hard_words_cost_little(tmp_path: Path) -> None:
    def size(*more: str) -> int:
        data = built(tmp_path, *more, name="out.epub", text="two-parks.txt")
        return sum(packed for _, packed in _chapters(BytesIO(data)))

    hard = ["--level", "4", "--pinyin", "all", "--gloss-words", "hard", "--gloss"]
    plain = size()
    for gloss, most in BUDGETS.items():
        assert plain < size(*hard, gloss) <= most * plain, gloss


def test_glosses_are_those_of_unknown_words_short_and_never_of_names(article: Document) -> None:
    markup = chapters(article, options(Gloss.RUBY, GlossWords.UNKNOWN))
    shown = re.findall(r'<rt lang="en">([^<]*)</rt>', markup)
    tokens = [token for block in article.blocks for token in block.tokens]
    unknown = [token for token in tokens if LEARNER.knows(token) == "unknown"]
    assert 0.9 * len(unknown) < len(shown) <= len(unknown)
    assert all(0 < len(gloss.replace("&amp;", "&")) <= LONGEST for gloss in shown)
    assert "矽谷" in {token.text for token in tokens if token.proper}
    assert not re.search(r'"glossed"><ruby>矽谷', markup)


def test_words_that_are_glossed_grow_from_hard_to_all(article: Document) -> None:
    counts = [
        chapters(article, options(Gloss.RUBY, words)).count("glossed")
        for words in (GlossWords.HARD, GlossWords.FIRST, GlossWords.UNKNOWN, GlossWords.ALL)
    ]
    assert 0 < counts[0] < counts[1] < counts[2] < counts[3]


def test_a_list_has_each_unknown_word_once(article: Document) -> None:
    markup = chapters(article, options(Gloss.LIST, GlossWords.UNKNOWN))
    listed = re.findall(r'<li><b class="term">([^<]*)</b> <i[^>]*>([^<]*)</i>', markup)
    assert len(listed) == len(set(listed)) > 100


def test_a_note_has_all_senses() -> None:
    document = annotate("他很便当。")
    markup = chapters(document, options(Gloss.NOTES, GlossWords.ALL))
    assert markup.count("doc-noteref") == markup.count('role="doc-footnote"') > 0
    assert re.search("bento .*lunchbox.*convenient|convenient.*bento .*lunchbox", markup)


@pytest.mark.parametrize("gloss", [gloss for gloss in Gloss if gloss is not Gloss.NONE])
def test_glosses_can_be_stripped_from_a_book(gloss: Gloss, tmp_path: Path) -> None:
    for name, members in (("new", books.everything()), ("old", books.old())):
        source, out = tmp_path / f"{name}.epub", tmp_path / f"{name}-out.epub"
        source.write_bytes(books.packed(members))
        annotate_book(source, out, render=options(gloss, GlossWords.ALL))
        assert "CC-CEDICT" in str(books.unpacked(out.read_bytes()))
        strip_book(out, tmp_path / "back.epub")
        stripped = books.unpacked((tmp_path / "back.epub").read_bytes())
        for member, data in members.items():
            if member.endswith("html"):
                # CDATA comes back as text.
                assert canonical(stripped[member]) == canonical(data)


@needs_java
@pytest.mark.java
@pytest.mark.long
def test_epubcheck_has_nothing_to_say(tmp_path: Path) -> None:
    document, made = annotate(read(TEXTS / "umbrella.txt")), []
    source = tmp_path / "book.epub"
    source.write_bytes(books.packed(books.everything()))
    for gloss in Gloss:
        chosen = options(gloss, GlossWords.ALL)
        made += [tmp_path / f"{gloss}.epub", tmp_path / f"{gloss}-in-place.epub"]
        write(document, made[-2], chosen)
        annotate_book(source, made[-1], render=chosen)
    assert [messages for _, messages in check_all(made) if messages] == []


def built(tmp_path: Path, *more: str, name: str = "out.html", text: str = "market.txt") -> bytes:
    out = tmp_path / name
    run_well("build", TEXTS / text, "-o", out, *more)
    return out.read_bytes()


def test_a_level_brings_a_list_of_words(tmp_path: Path) -> None:
    assert b'class="words' in built(tmp_path, "--level", "3")
    assert b'class="words' not in built(tmp_path, "--level", "3", "--gloss", "none")


def test_without_a_learner_nothing_changes_unless_asked(tmp_path: Path) -> None:
    plain = built(tmp_path)
    assert b"gloss-" not in plain
    assert plain == built(tmp_path, "--gloss", "none")
    assert b"small class" in built(tmp_path, "--gloss", "inline")


@pytest.mark.parametrize("words", ["unknown", "hard"])
def test_words_of_a_learner_want_one(words: str) -> None:
    done = run("build", "x.txt", "-o", "x.epub", "--gloss-words", words)
    assert done.exit_code == 2
    assert "--level or --known" in done.output


GERMAN = """\
# HanDeDict, a sample
# Lizenz: Creative Commons CC-BY-SA 2.0
銀行 银行 [yin2 hang2] /Bank (S, Wirtsch)/Geldinstitut (S)/
豆腐 豆腐 [dou4 fu5] /Tofu (S)/
還 还 [huan2] /zurückgeben (V)/
還 还 [hai2] /noch/
"""


def german(tmp_path: Path) -> list[str]:
    path = tmp_path / "de.u8"
    path.write_text(GERMAN, encoding="utf-8")
    return ["--dictionary", str(path), "--gloss-language", "de"]


def test_glosses_come_from_another_dictionary_in_its_language(tmp_path: Path) -> None:
    chosen = [*german(tmp_path), "--gloss", "inline", "--gloss-words", "all", "--static"]
    page = built(tmp_path, *chosen).decode()
    assert 'lang="de"> Tofu\xa0</small>' in page
    assert "HanDeDict" in page
    assert "CC-BY-SA 2.0" in page
    assert 'class="gloss added" lang="en"' not in page
    tei = built(tmp_path, *german(tmp_path), name="out.xml").decode()
    assert '<def xml:lang="de">Tofu (S)</def>' in tei


def test_a_word_has_the_senses_of_its_reading(tmp_path: Path) -> None:
    options = AnnotateOptions(dictionary=german(tmp_path)[1], gloss_language="de")
    document = annotate("他还了书，还没来。", options=options)
    tokens = [t for block in document.blocks for t in block.tokens if t.text == "还"]
    assert [token.senses for token in tokens] == [("zurückgeben (V)",), ("noch",)]


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--dictionary", "none.u8", "--gloss-language", "de"], 1, "cannot be read"),
        (["--dictionary", "none.u8"], 2, "wants --gloss-language"),
        (["--gloss-language", "de"], 2, "--dictionary"),
    ],
)
def test_a_wrong_dictionary_is_one_message(
    more: list[str], code: int, said: str, tmp_path: Path
) -> None:
    text, out = str(TEXTS / "market.txt"), str(tmp_path / "out.html")
    done = run("build", text, "-o", out, *more)
    assert done.exit_code == code
    assert said in done.output
    assert "Traceback" not in done.output
