"""Hypothesis strategies for XHTML as books have it, and what the laws compare."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from lxml import etree

from tests.books import HEAD, TAIL

WORDS = (
    "银行",
    "他在银行工作",
    "內卷",
    "內捲的時代",
    "北京大学",
    "长大了",
    "重",
    "R",
    "P2P金融",
    "，",
    "。",
    " ",
    "\n",
    "　",
    "\n  ",
    "English",
    "2025年",
    "𠮷",
    "é",
    "\u200b",
    ">",
    '"',
)
REFERENCES = ("&amp;", "&lt;", "&nbsp;", "&#20013;", "&#x56FD;", "&hellip;", "&#13;", "&gt;")
OTHERS = (
    "<!-- 注释 -->",
    "<?page 12?>",
    "<![CDATA[银行 & <行>]]>",
    "<br/>",
    '<img src="a.png" alt="长"/>',
    '<span epub:type="pagebreak" id="pg" title="4"/>',
    "<code>代码</code>",
    "<ruby>漢<rt>ㄏㄢˋ</rt></ruby>",
    "<ruby>银行<rp>(</rp><rt>yínháng</rt><rp>)</rp></ruby>",
    '<svg xmlns="http://www.w3.org/2000/svg"><text>字</text></svg>',
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>长</mi></math>',
    "<script>var 长 = 1;</script>",
    '<a epub:type="noteref" href="#f">1</a>',
    "<wbr/>",
)
INLINE = (
    '<b class="x">{}</b>',
    "<em>{}</em>",
    "<span>{}</span>",
    "<a href='#top' id=\"k\">{}</a>",
    '<span lang="en" xml:lang="en">{}</span>',
    '<i xml:lang="ja" lang="ja">{}</i>',
    '<cite  title = "长" >{}</cite >',
    "<kbd>{}</kbd>",
)
BLOCKS = (
    "<p>{}</p>",
    '<p id="top" class="a b">\n  {}\n</p>',
    "<h2>{}</h2>",
    "<ul><li>{}</li></ul>",
    "<div>{}</div>",
    "<pre>{}</pre>",
    "<blockquote><p>{}</p>{}</blockquote>",
    "<table><tr><td>{}</td></tr></table>",
    '<div lang="en" xml:lang="en"><p>{}</p></div>',
    "<dl><dt>{}</dt><dd>{}</dd></dl>",
    '<aside epub:type="footnote" id="f"><p>{}</p></aside>',
    # Text where only certain elements may stand, as converters leave it.
    "{}",
    "<blockquote>{}</blockquote>",
    "<ul>{}<li>{}</li></ul>",
    "<table>{}<tr>{}<td>{}</td></tr></table>",
    "<table><tbody>{}</tbody></table>",
    "<dl>{}<dt>{}</dt></dl>",
)


def inlines() -> SearchStrategy[str]:
    """Text with references, inline elements, comments and everything else that may stand in it."""
    leaf = st.one_of(
        st.sampled_from(WORDS).map(lambda text: text),
        st.sampled_from(WORDS),
        st.sampled_from(REFERENCES),
        st.sampled_from(OTHERS),
    )

    def wider(inner: SearchStrategy[str]) -> SearchStrategy[str]:
        content = st.lists(inner, max_size=4).map("".join)
        return st.builds(lambda frame, text: frame.format(text), st.sampled_from(INLINE), content)

    return st.lists(st.recursive(leaf, wider, max_leaves=6), max_size=5).map("".join)


@st.composite
def xhtml(draw: st.DrawFn) -> bytes:
    """A content document; it may declare `epub` or need not, end lines as Windows does, or not."""
    blocks = draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=4))
    body = "\n".join(re.sub(re.escape("{}"), lambda _: draw(inlines()), block) for block in blocks)
    head = HEAD.format(title="银行 &amp; 书", lang=draw(st.sampled_from(["zh-Hans", "zh", "en"])))
    head = head.replace("<!DOCTYPE html>", DOCTYPE)
    if "epub:" not in body and draw(st.booleans()):
        head = head.replace(' xmlns:epub="http://www.idpf.org/2007/ops"', "")
    text = head + body + TAIL
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text.encode()


OURS = (
    "reader-notes",
    "reader-rt",
    "reader-rp",
    "reader-cap",
    "reader-other",
    "reader-translation",
    "reader-gloss",
    "reader-words",
)
"""Classes of our elements whose text is not the book's."""
DOCTYPE = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://localhost/xhtml11.dtd">'
_NAMED = {b"&nbsp;": "\u00a0".encode(), b"&hellip;": "…".encode(), b"&mdash;": "—".encode()}


def tree(data: bytes) -> etree._Element:
    for name, value in _NAMED.items():
        data = data.replace(name, value)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=True)
    return etree.fromstring(data, parser)


def canonical(data: bytes) -> bytes:
    """The document under C14N, comments included."""
    return bytes(etree.tostring(tree(data), method="c14n", with_comments=True))


def base_text(data: bytes) -> str:
    """The text without readings of ours and notes; existing ruby counts whole."""
    root = tree(data)
    for element in list(root.iter("*")):
        name = etree.QName(element).localname
        parent = element.getparent()
        ours = element.get("class", "").startswith(OURS)
        reading = name in ("rt", "rp") and parent is not None and parent.get("class")
        if ours or reading:
            _drop(element)
    return "".join(map(str, root.itertext()))


def references(data: bytes) -> Counter[tuple[str, str]]:
    """Every `id`, `href` and `src`."""
    return Counter(
        (str(key), str(value))
        for element in tree(data).iter("*")
        for key, value in element.attrib.items()
        if key in ("id", "href", "src")
    )


def _drop(element: etree._Element) -> None:
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
