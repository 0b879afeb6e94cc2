"""EPUBCheck says nothing of an annotated book that it did not say of the book before."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from reader.glossary import Glossary
from reader.inplace import annotate_book
from reader.model import Block, Translation
from reader.options import BookOptions, Layout, Notation, Notes, Pinyin, RenderOptions, Ruby, Script
from tests import books
from tests.checkers import check_all, needs_java

pytestmark = [pytest.mark.java, needs_java]

GLOSSARY = Glossary.loads(
    "term,simplified,pinyin,gloss\n內卷,内卷,nèijuǎn,the rat race\n"
    "北京大學,北京大学,Běijīng Dàxué,Peking University\n"
)
PLAIN = RenderOptions()
CHOICES = (
    PLAIN,
    replace(PLAIN, notes=Notes.END, every=True, ruby=Ruby.CHARACTER),
    replace(PLAIN, script=Script.BOTH, notation=Notation.ZHUYIN),
    replace(PLAIN, script=Script.TRADITIONAL, pinyin=Pinyin.NOTES),
    replace(PLAIN, script=Script.SIMPLIFIED, pinyin=Pinyin.NONE, notes=Notes.NONE),
)
OLD = "Chapter One|He works in a bank: an age of the rat race.|Later he went to Beijing."
NEW = (
    "Chapter One: On the Way|He worked in a bank and later went to Peking University.|"
    "This is a very long link, and there is an age of the rat race.|"
    "Moonlight before the bed, I took it for frost on the ground. A bank.|"
    "The third page has come to its end.|He is right. R&D and <tag>. Chinese across lines.|"
    "The text of a footnote.|Run the command and press return. Variable A.|"
    "Chinese characters and zhuyin.|An English phrase and the contrast with Tokyo.|"
    "Figure one: a dot|The formula is short.|Figure.|First item|Second item|Small item|Table|Name|"
    "Content|Noun|Explanation|The text ends with the bank and the company. A Chinese.|"
    "Words that are quoted.|A chapter set vertically|He worked in a bank and later went to Peking "
    "University. Twenty years have passed and everything has changed.|Hello|Name|"
    "A long explanation. Back|A chapter that is not in the spine."
)


def translation(text: str) -> Translation:
    return Translation("en", tuple(map(Block, text.split("|"))))


# Things of which EPUBCheck complains already: they stay, and nothing is added to them.
FAULTY = {
    **books.everything(),
    "OEBPS/text/scripted.xhtml": books.page(
        "<p><foo>银行</foo></p><p>在<b id='x'>内</b>卷<b id='x'>里</b></p><style>p{}</style>"
    ),
}


SOME = {"old": (0, 2, 4), "faulty": (1, 4), "bare": (0, 2), "bare-old": (1, 3)}
"""The choices, by number, that are tried on books of a kind: all of them where it says nothing."""


def test_nothing_new(tmp_path: Path) -> None:
    made: dict[str, list[Path]] = {}
    sources = {
        "everything": books.everything(),
        "old": books.old(),
        "faulty": FAULTY,
        "bare": books.single(books.page(books.BARE)),
        "bare-old": books.old_with(books.BARE),
    }
    for name, members in sources.items():
        source = tmp_path / f"{name}.epub"
        source.write_bytes(books.packed(members))
        made[str(source)] = []
        for number, options in enumerate(CHOICES):
            if number not in SOME.get(name, range(len(CHOICES))):
                continue
            out = tmp_path / f"{name}-{number}.epub"
            identifier = number == 1
            annotate_book(
                source,
                out,
                glossary=GLOSSARY,
                render=options,
                book=BookOptions(new_identifier=identifier),
            )
            made[str(source)].append(out)
    for layout, (name, english) in zip(
        (Layout.INTERLEAVED, Layout.HIDDEN, Layout.NOTES, Layout.AFTER, Layout.HIDDEN),
        cycle((("old", OLD), ("everything", NEW))),
        strict=False,
    ):
        out = tmp_path / f"{name}-{layout}.epub"
        options = replace(PLAIN, layout=layout)
        answer = translation(english)
        annotate_book(tmp_path / f"{name}.epub", out, render=options, translation=answer)
        made[str(tmp_path / f"{name}.epub")].append(out)
    every = [Path(source) for source in made] + [out for outs in made.values() for out in outs]
    found = {
        path: Counter({(m.severity, m.id, m.text): m.times for m in messages})
        for path, messages in check_all(every)
    }
    for before, outs in made.items():
        for out in outs:
            assert not found[str(out)] - found[before], out.name
    assert not found[str(tmp_path / "everything.epub")]
    assert found[str(tmp_path / "faulty.epub")]
