"""Small parallel texts for the tests of alignment, and what is asked of links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from reader.model import Block, Document, Link, Metadata, Segment, Translation

PAIRS = (
    ("一九九二年，鄧小平到了深圳。", "In 1992 Deng Xiaoping came to Shenzhen."),
    ("他在城裏住了三個月。", "He lived in the city for three months."),
    ("工廠已經關門了。", "The factory had already closed its doors."),
    ("那家銀行損失了幾千億元。", "The bank lost hundreds of billions."),
    ("梁文鋒學的是電子工程。", "Liang Wenfeng studied electronic engineering."),
    ("你為什麼不早點告訴我？", "Why did you not tell me earlier?"),
    ("醫生說孩子的病很快會好。", "The doctor said that the child's illness would soon pass."),
    ("大海在月光下閃閃發亮。", "The sea glittered in the moonlight."),
    ("火車在凌晨四點離開車站。", "The train left the station at four in the morning."),
    ("老師把書放在桌子上。", "The teacher put the book on the table."),
    ("政府宣佈提高稅率。", "The government announced that it would raise taxes."),
    ("下雨的時候，我們躲在樹下。", "When it rained we hid under a tree."),
    ("這首歌讓她想起母親。", "This song reminded her of her mother."),
    ("農民在田裏收割小麥。", "The farmers were harvesting wheat in the fields."),
    ("兩國在星期一簽署了協議。", "The two countries signed an agreement on Monday."),
    ("科學家發現了一種新的細菌。", "Scientists discovered a new kind of bacteria."),
)


def document(paragraphs: Iterable[str | Sequence[str]], language: str = "zh-Hant") -> Document:
    """A document of paragraphs; one given as sentences has a space between them unless Chinese."""
    space = "" if language.startswith("zh") else " "
    texts = [p if isinstance(p, str) else space.join(p) for p in paragraphs]
    return Document(Metadata(language=language), tuple(Block(text) for text in texts))


def translation_of(aligned: Document) -> Translation:
    assert aligned.translation is not None
    return aligned.translation


def sentence_links(aligned: Document) -> list[Link]:
    return [link for link in translation_of(aligned).links if not of_blocks(link)]


def of_blocks(link: Link) -> bool:
    return (*link.sources, *link.targets)[0].sentence is None


def check_laws(aligned: Document) -> None:
    """Links of either level are monotone, and have no sentence or block in common."""
    for level in (True, False):
        links = [link for link in translation_of(aligned).links if of_blocks(link) is level]
        for side in ("sources", "targets"):
            segments: list[Segment] = [s for link in links for s in getattr(link, side)]
            places = [(s.block, -1 if s.sentence is None else s.sentence) for s in segments]
            assert all(a < b for a, b in pairwise(places)), (side, places)
