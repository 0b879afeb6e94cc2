"""Books annotated in place, as tests look at them: members in, members out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reader.glossary import Glossary
from reader.inplace import BookReport, annotate_book
from reader.options import RenderOptions
from tests import books

GLOSSARY = Glossary.loads(
    "term,simplified,pinyin,gloss,note\n"
    "內卷,内卷,nèijuǎn,the rat race,Said of competition without end.\n"
    "北京大學,北京大学,Běijīng Dàxué,Peking University,\n"
    "P2P金融,P2P金融,P2P jīnróng,lending from person to person,\n"
)


def annotated(
    folder: Path, members: dict[str, bytes], render: RenderOptions | None = None, **more: Any
) -> dict[str, bytes]:
    """The members of a book after annotation; `in.epub` and `out.epub` are in the folder."""
    return reported(folder, members, render, **{"glossary": GLOSSARY, **more})[0]


def reported(
    folder: Path, members: dict[str, bytes], render: RenderOptions | None = None, **more: Any
) -> tuple[dict[str, bytes], BookReport]:
    """The same without a glossary, and what is reported of it."""
    (folder / "in.epub").write_bytes(books.packed(members))
    report = annotate_book(folder / "in.epub", folder / "out.epub", render=render, **more)
    return books.unpacked(folder / "out.epub"), report


def annotated_page(
    folder: Path, page: bytes, render: RenderOptions | None = None, **more: Any
) -> tuple[bytes, BookReport]:
    """The one document of a book, and what is reported of that; without a glossary."""
    members, report = reported(folder, books.single(page), render, **more)
    return members["OEBPS/d.xhtml"], report
