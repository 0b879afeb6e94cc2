"""The obvious script: jieba's words, pypinyin's readings, OpenCC, and an EPUB library.

    python benchmarks/obvious.py TEXT OUT.epub|OUT.xml

What an afternoon gives: one `ruby` a word, no notes, no other script, no disambiguation. Needs
benchmarks/requirements.txt, in an environment of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

PARAGRAPHS = 200
"""In a chapter."""


def words(paragraph: str) -> Iterator[tuple[str, str]]:
    """Each word with its pinyin, or with nothing."""
    simplified = converter.convert(paragraph)
    start = 0
    for word in jieba.cut(simplified):
        end = start + len(word)
        reading = " ".join(lazy_pinyin(word, style=Style.TONE)) if "一" <= word[0] <= "鿿" else ""
        yield paragraph[start:end], reading
        start = end


def write_epub(paragraphs: list[str], path: str) -> None:
    from ebooklib import epub

    book = epub.EpubBook()
    book.set_identifier("obvious")
    book.set_title(paragraphs[0])
    book.set_language("zh-Hant")
    for number in range(0, len(paragraphs), PARAGRAPHS):
        chapter = epub.EpubHtml(title=str(number), file_name=f"c{number}.xhtml", lang="zh-Hant")
        chapter.content = "".join(map(ruby, paragraphs[number : number + PARAGRAPHS]))
        book.add_item(chapter)
        book.toc.append(chapter)
        book.spine.append(chapter)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    epub.write_epub(path, book)


def ruby(paragraph: str) -> str:
    parts = [
        f"<ruby>{escape(word)}<rp>(</rp><rt>{reading}</rt><rp>)</rp></ruby>"
        if reading
        else escape(word)
        for word, reading in words(paragraph)
    ]
    return f"<p>{''.join(parts)}</p>"


def write_tei(paragraphs: list[str], path: str) -> None:
    from lxml import etree

    root = etree.Element("TEI")
    body = etree.SubElement(etree.SubElement(root, "text"), "body")
    for paragraph in paragraphs:
        element = etree.SubElement(body, "p")
        for word, reading in words(paragraph):
            pair = etree.SubElement(element, "ruby")
            etree.SubElement(etree.SubElement(pair, "rb"), "w").text = word
            etree.SubElement(pair, "rt").text = reading
    etree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def main() -> None:
    text, out = sys.argv[1:]
    lines = Path(text).read_text(encoding="utf-8").split("\n")
    paragraphs = [line for line in lines if line.strip()]
    (write_tei if out.endswith(".xml") else write_epub)(paragraphs, out)


if __name__ == "__main__":
    # Here, so that benchmarks can import nothing of it by accident.
    import jieba
    from opencc import OpenCC
    from pypinyin import Style, lazy_pinyin

    jieba.setLogLevel("ERROR")
    converter = OpenCC("tw2s")
    main()
