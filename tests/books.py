# ruff: noqa: E501  (documents are written as books have them)
"""Small EPUBs made for the tests: between them they hold everything annotation must respect."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

CONTAINER = b"""<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" \
lang="{lang}" xml:lang="{lang}">
<head>
  <title>{title}</title>
  <link rel="stylesheet" type="text/css" href="../style.css"/>
</head>
<body>
"""
TAIL = "\n</body>\n</html>\n"


def page(body: str, *, title: str = "一本书", lang: str = "zh-Hans") -> bytes:
    """An EPUB 3 content document in the folder `OEBPS/text`."""
    return (HEAD.format(title=title, lang=lang) + body + TAIL).encode()


MIXED = page(
    """<section epub:type="chapter" id="c1">
<h1>第一章　在<em>路</em>上</h1>
<p id="p1">他在银<b>行</b>工作，后来去了北<span class="place">京大</span>学。</p>
<p>这是一<!-- 注 -->个很<a href="notes.xhtml#n1">长的链</a>接，还有一个内卷的时代。</p>
<p>床前明月光，<br/>
疑是地上霜。银<br/>行。</p>
<p>第三页到了末<span epub:type="pagebreak" role="doc-pagebreak" id="pg4" aria-label="4"/>尾。</p>
<p>他说<a epub:type="noteref" role="doc-noteref" id="r1" href="#fn1">1</a>得很对。R&amp;D 和 &lt;标签&gt;。
换行的中
文。</p>
<aside epub:type="footnote" role="doc-footnote" id="fn1"><p>脚注的文字。<a href="#r1">↩</a></p></aside>
<p>運行命令<code>打印 你好</code>，按<kbd>回车</kbd>键。变量<var>甲</var>。</p>
<pre><code>如果 真:
    打印("你好")</code></pre>
<p><ruby>漢<rt>ㄏㄢˋ</rt></ruby>字和<ruby>注<rp>(</rp><rt>ㄓㄨˋ</rt><rp>)</rp>音<rp>(</rp>\
<rt>ㄧㄣ</rt><rp>)</rp></ruby>。</p>
<p><span lang="en" xml:lang="en">An English phrase</span>和<span lang="ja" xml:lang="ja">東京都</span>的对比。</p>
<figure><img src="../images/dot.png" alt="一个圆点"/><figcaption>图一：圆点</figcaption></figure>
<p>公式<math xmlns="http://www.w3.org/1998/Math/MathML"><mtext>长</mtext><mo>=</mo><mn>1</mn></math>很短。</p>
<p>图<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>图</title><text x="1" y="8">字</text></svg>形。</p>
<ul><li>第一项</li><li>第二项<ol><li>小项</li></ol></li></ul>
<table><caption>表格</caption><tr><th>名称</th><td>内容</td></tr></table>
<dl><dt>名词</dt><dd>解释</dd></dl>
<p>文字<![CDATA[银行 & <公司>]]>结束。&#20013;&#x56FD;人。</p>
<blockquote><p>引用的话。</p></blockquote>
</section>"""
)
NOTES = page('<p id="n1">长的说明。<a href="mixed.xhtml#p1">回去</a></p>')
ENGLISH = page(
    "<h1>In English</h1><p>Nothing Chinese but <i lang='zh-Hans' xml:lang='zh-Hans'>你好</i> and 中文.</p>",
    lang="en",
)
VERTICAL = page(
    '<div class="vertical"><h1>直排的一章</h1><p>他在銀行工作，後來去了北京大學。二十年過去了，'
    "一切都變了樣。</p></div>",
    lang="zh-Hant-TW",
)
SCRIPTED = page(
    "<script>var 名 = '银行';</script>"
    '<form action="#"><p><label>姓名 <input type="text" value="银行"/></label>'
    '<textarea rows="2" cols="9">长大</textarea><select><option>重庆</option></select></p></form>'
)
UNLISTED = page("<p>不在书脊里的一章：内卷。</p>")
NAV = page(
    '<nav epub:type="toc"><h1>目录</h1><ol><li><a href="mixed.xhtml">第一章</a></li>'
    '<li><a href="vertical.xhtml">直排</a></li></ol></nav>'
    '<nav epub:type="page-list" hidden=""><ol><li><a href="mixed.xhtml#pg4">4</a></li></ol></nav>'
)
STYLE = b""".vertical { writing-mode: vertical-rl; -epub-writing-mode: vertical-rl; }
p { margin: 0 0 1em; }
"""
SMIL = b"""<?xml version="1.0" encoding="utf-8"?>
<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">
<body><seq epub:textref="text/mixed.xhtml"><par>
<text src="text/mixed.xhtml#p1"/><audio src="audio/a.mp3" clipBegin="0s" clipEnd="1s"/>
</par></seq></body></smil>
"""
NCX = """<?xml version="1.0" encoding="utf-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="zh">
<head><meta name="dtb:uid" content="urn:uuid:7e3c3a52-0f2f-4b57-9d2f-9a8e4c6f3a01"/>
<meta name="dtb:depth" content="1"/><meta name="dtb:totalPageCount" content="0"/>
<meta name="dtb:maxPageNumber" content="0"/></head>
<docTitle><text>一本书</text></docTitle>
<navMap><navPoint id="np1" playOrder="1"><navLabel><text>第一章</text></navLabel>
<content src="text/mixed.xhtml"/></navPoint></navMap></ncx>
""".encode()
OPF = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="uid" xml:lang="zh">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="uid">urn:uuid:7e3c3a52-0f2f-4b57-9d2f-9a8e4c6f3a01</dc:identifier>
    <dc:title>一本书</dc:title>
    <dc:creator>作者</dc:creator>
    <dc:language>zh-Hans</dc:language>
    <meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>
    <meta property="media:duration" refines="#smil">0:00:01.000</meta>
    <meta property="media:duration">0:00:01.000</meta>
    <meta property="schema:accessMode">textual</meta>
  </metadata>
  <manifest>
    <item id="nav" href="text/nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
    <item id="mixed" href="text/mixed.xhtml" media-type="application/xhtml+xml" media-overlay="smil" properties="mathml svg"/>
    <item id="notes" href="text/notes.xhtml" media-type="application/xhtml+xml"/>
    <item id="english" href="text/english.xhtml" media-type="application/xhtml+xml"/>
    <item id="vertical" href="text/vertical.xhtml" media-type="application/xhtml+xml"/>
    <item id="scripted" href="text/scripted.xhtml" media-type="application/xhtml+xml" properties="scripted"/>
    <item id="unlisted" href="text/unlisted.xhtml" media-type="application/xhtml+xml"/>
    <item id="style" href="style.css" media-type="text/css"/>
    <item id="dot" href="images/dot.png" media-type="image/png" properties="cover-image"/>
    <item id="smil" href="mixed.smil" media-type="application/smil+xml"/>
    <item id="audio" href="audio/a.mp3" media-type="audio/mpeg"/>
    <item id="other" href="data.bin" media-type="application/x-unknown" fallback="unlisted"/>
  </manifest>
  <spine toc="ncx" page-progression-direction="ltr">
    <itemref idref="mixed"/>
    <itemref idref="vertical"/>
    <itemref idref="english"/>
    <itemref idref="scripted"/>
    <itemref idref="notes" linear="no"/>
    <itemref idref="nav" linear="no"/>
  </spine>
</package>
""".encode()
OPF2 = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="uid">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
    <dc:title>舊書</dc:title>
    <dc:creator opf:role="aut">作者</dc:creator>
    <dc:language>zh-TW</dc:language>
    <dc:identifier id="uid" opf:scheme="UUID">urn:uuid:7e3c3a52-0f2f-4b57-9d2f-9a8e4c6f3a02</dc:identifier>
    <meta name="cover" content="dot"/>
  </metadata>
  <manifest>
    <item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
    <item id="one" href="text/one.html" media-type="application/xhtml+xml"/>
    <item id="dot" href="images/dot.png" media-type="image/png"/>
  </manifest>
  <spine toc="ncx"><itemref idref="one"/></spine>
  <guide><reference type="text" title="正文" href="text/one.html"/></guide>
</package>
""".encode()
ONE2 = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="zh-TW">
<head><title>舊書</title></head>
<body>
<h1>第一章</h1>
<p>他在銀<b>行</b>工作&nbsp;&mdash;&nbsp;一個內捲的時代。<a id="a1"></a><img src="../images/dot.png" alt="圓點"/></p>
<div>後來<i>去了</i>北京。</div>
</body>
</html>
""".encode()


BARE = (
    "{0}<p>{0}</p>{0}<b>{0}</b>{0}"
    "<blockquote>{0}</blockquote><blockquote>{0}<p>{0}</p></blockquote>"
    "<ul>{0}<li>{0}<ul>{0}<li>{0}</li></ul></li></ul><ol><li>{0}</li>{0}</ol>"
    "<table>{0}<tr><td>{0}</td></tr></table><table><tbody>{0}<tr><td>{0}</td></tr></tbody></table>"
    "<table><tr>{0}<th>{0}</th></tr></table><dl>{0}<dt>{0}</dt><dd>{0}</dd></dl>"
    "<address>{0}</address><p><span><div>{0}</div>{0}</span></p><h1>{0}<p>{0}</p></h1>"
).replace("{0}", "他在銀行工作，後來去了北京大學。")
"""Text where only certain elements may stand, as books have it that were made from others."""


def png() -> bytes:
    """A white picture of 16 by 16 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = (16).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress((b"\0" + b"\x80" * 16) * 16)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def everything() -> dict[str, bytes]:
    """The members of an EPUB 3 that holds every kind of thing."""
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": OPF,
        "OEBPS/toc.ncx": NCX,
        "OEBPS/text/nav.xhtml": NAV,
        "OEBPS/text/mixed.xhtml": MIXED,
        "OEBPS/text/notes.xhtml": NOTES,
        "OEBPS/text/english.xhtml": ENGLISH,
        "OEBPS/text/vertical.xhtml": VERTICAL,
        "OEBPS/text/scripted.xhtml": SCRIPTED,
        "OEBPS/text/unlisted.xhtml": UNLISTED,
        "OEBPS/style.css": STYLE,
        "OEBPS/images/dot.png": png(),
        "OEBPS/mixed.smil": SMIL,
        "OEBPS/audio/a.mp3": bytes([0xFF, 0xFB, 0x90, 0x64]) + bytes(413),
        "OEBPS/data.bin": bytes(range(256)),
    }


def old() -> dict[str, bytes]:
    """The members of an EPUB 2."""
    ncx = NCX.replace(b"text/mixed.xhtml", b"text/one.html").replace(b"3a01", b"3a02")
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": OPF2,
        "OEBPS/toc.ncx": ncx,
        "OEBPS/text/one.html": ONE2,
        "OEBPS/images/dot.png": png(),
    }


def old_with(body: str) -> dict[str, bytes]:
    """The members of the EPUB 2 with another body in its document."""
    members = old()
    head, _, rest = ONE2.decode().partition("<body>")
    members["OEBPS/text/one.html"] = f"{head}<body>\n{body}\n</body>\n</html>\n".encode()
    assert rest
    return members


def single(document: bytes) -> dict[str, bytes]:
    """The members of the smallest EPUB 3: one content document."""
    opf = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="u">urn:x:1</dc:identifier>\
<dc:title>书</dc:title><dc:language>zh</dc:language>\
<meta property="dcterms:modified">2024-01-01T00:00:00Z</meta></metadata>
<manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>\
<item id="d" href="d.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="d"/></spine></package>""".encode()
    nav = NAV.replace(b"mixed.xhtml#pg4", b"d.xhtml").replace(b"mixed.xhtml", b"d.xhtml")
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": opf,
        "OEBPS/nav.xhtml": nav.replace(b"vertical.xhtml", b"d.xhtml"),
        "OEBPS/d.xhtml": document,
    }


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """The members as a zip file, as the container of an EPUB if they are one's."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, data in members.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            info = zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6))
            book.writestr(info, data, method)
    return out.getvalue()


def chapters(
    *bodies: str,
    lang: str = "zh-Hans",
    package: str = "zh-Hans",
    more: Mapping[str, bytes] | None = None,
) -> bytes:
    """A book of these documents, `0.xhtml`, `1.xhtml` …, with `more` members in its folder."""
    pages = {f"{number}.xhtml": page(body, lang=lang) for number, body in enumerate(bodies)}
    members = {**pages, **(more or {})}
    types = {name: "image/png" for name in members if name.endswith("png")}
    items = "".join(
        f'<item id="i{n}" href="{n}" media-type="{types.get(n, "application/xhtml+xml")}"/>'
        for n in members
    )
    spine = "".join(f'<itemref idref="i{name}"/>' for name in pages)
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="u">x'
        f"</dc:identifier><dc:title>书</dc:title><dc:language>{package}</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    return packed(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/content.opf": opf.encode(),
            **{f"OEBPS/{name}": data for name, data in members.items()},
        }
    )


def unpacked(file: bytes | Path) -> dict[str, bytes]:
    """The members of a zip file, in its order."""
    with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as book:
        return {name: book.read(name) for name in book.namelist()}
