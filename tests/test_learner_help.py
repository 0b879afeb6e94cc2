"""What a page shows to a learner: readings of what they do not know, and of nothing else."""

from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, strategies as st

from reader import annotate, read, write
from reader.errors import OptionError
from reader.learner import Knowledge, KnownWords, Learner, LearnerPolicy
from reader.options import Gloss, GlossWords, Pinyin, RenderOptions
from tests.books import unpacked
from tests.command_line import run, run_well
from tests.laws import examples

TEXTS = Path(__file__).parent.parent / "texts"
HELPED = (Knowledge.UNKNOWN, Knowledge.LEARNING, Knowledge.DOUBTFUL)
DOCUMENT = annotate(read(TEXTS / "umbrella.txt"))
TOKENS = [token for block in DOCUMENT.blocks for token in block.tokens]


@examples(20)
@given(
    st.sampled_from(["", "1", "3", "6", "7-9"]),
    st.sets(st.sampled_from(sorted({token.simplified for token in TOKENS}))),
)
def test_shown_is_what_is_unknown_doubtful_or_a_new_name(level: str, known: set[str]) -> None:
    learner = Learner(level=level, known=KnownWords.of(known))
    ask = LearnerPolicy(learner).start_chapter()
    names: set[str] = set()
    for token in TOKENS:
        knowledge = learner.knows(token)
        new = knowledge is Knowledge.NAME and token.simplified not in names
        names |= {token.simplified} if new else set()
        assert ask(token).reading == (knowledge in HELPED or new), token


@given(st.sampled_from([Pinyin.FIRST, Pinyin.HARD]))
def test_other_choices_show_less_of_the_same(words: Pinyin) -> None:
    learner = Learner(level="2")
    less, all_of_them = (LearnerPolicy(learner, w).start_chapter() for w in (words, Pinyin.UNKNOWN))
    shown = [(less(token).reading, all_of_them(token).reading) for token in TOKENS]
    assert all(more or not fewer for fewer, more in shown)
    assert 0 < sum(fewer for fewer, _ in shown) < sum(more for _, more in shown)


def test_a_choice_for_a_learner_wants_one() -> None:
    with pytest.raises(OptionError, match="wants a learner"):
        RenderOptions(pinyin=Pinyin.UNKNOWN)
    found = run("build", "x.txt", "-o", "x.epub", "--pinyin", "hard")
    assert found.exit_code == 2
    assert "--level or --known" in found.output


def test_what_is_written_for_a_learner_is_what_the_command_makes(tmp_path: Path) -> None:
    made, written = tmp_path / "made.epub", tmp_path / "written.epub"
    plain = ("--no-default-glossary", "--no-translation")
    run_well("build", TEXTS / "umbrella.txt", "-o", made, "--level", "4", *plain)
    write(DOCUMENT, written, learner=Learner(level="4"))
    chapter = "OEBPS/c00001.xhtml"
    assert unpacked(written.read_bytes())[chapter] == unpacked(made.read_bytes())[chapter]
    options = RenderOptions(policy=LearnerPolicy(Learner(level="4")))
    with pytest.raises(OptionError, match="only one"):
        write(DOCUMENT, written, options, learner=Learner(level="4"))


@pytest.mark.parametrize("suffix", [".epub", ".html", ".xml"])
def test_every_format_follows_the_learner(suffix: str, tmp_path: Path) -> None:
    text, known = TEXTS / "umbrella.txt", tmp_path / "known.txt"
    known.write_text("捷運\n阿嬤\n", encoding="utf-8")
    counts = []
    for more in ([], ["--level", "3"], ["--level", "3", "--known", str(known)]):
        out = tmp_path / f"book{suffix}"
        run_well("build", text, "-o", out, *more)
        counts.append(_readings(out))
    assert counts[0] > counts[1] > counts[2] > 0


def _readings(path: Path) -> int:
    if path.suffix == ".epub":
        return _pages(path).count(b"<rt")
    data = path.read_bytes()
    assert path.suffix == ".html" or ElementTree.fromstring(data) is not None
    # On a page that answers every reading is there, and those that do not help are quiet.
    return data.count(b"<rt") - data.count(b'class="k"')


def _pages(book: bytes | Path) -> bytes:
    """All content documents of an EPUB."""
    return b"".join(data for name, data in unpacked(book).items() if name.endswith(".xhtml"))


class _AskedEachTime(LearnerPolicy):
    """The same policy, whose answers the writers may not keep."""

    usual = None  # type: ignore[assignment]


@examples(8)
@example("1", Pinyin.FIRST, GlossWords.ALL, Gloss.LIST)
@given(
    st.sampled_from(["1", "4"]),
    st.sampled_from([Pinyin.UNKNOWN, Pinyin.FIRST, Pinyin.HARD]),
    st.sampled_from([None, *GlossWords]),
    st.sampled_from([Gloss.INLINE, Gloss.RUBY, Gloss.NOTES, Gloss.LIST]),
)
def test_answers_that_are_kept_are_those_that_would_be_given(
    level: str, words: Pinyin, gloss_words: GlossWords | None, gloss: Gloss
) -> None:
    pages = []
    for kind in (LearnerPolicy, _AskedEachTime):
        policy = kind(Learner(level=level), words, gloss_words, gloss)
        options = RenderOptions(pinyin=words, policy=policy, gloss=gloss)
        book = BytesIO()
        write(DOCUMENT, book, options, to="epub")
        pages.append(_pages(book.getvalue()))
    assert pages[0] == pages[1]
    assert len(pages[0]) > 10_000
