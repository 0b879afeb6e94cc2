"""Word documents made by code: no more of one than a reader needs."""

from __future__ import annotations

import base64

from tests.books import packed

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OTHERS = (
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)
_PICTURE = (
    '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing"><wp:docPr id="1" name="p" descr="園區"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
    '<a:blip r:embed="rId2"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing></w:r>"
)
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
    for id, name in (("Title", "Title"), ("H1", "heading 1"), ("H2", "heading 2"), ("Q", "Quote"))
)
_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def paragraph(*runs: str, style: str = "", level: int | None = None) -> str:
    """A paragraph; one with a `level` is a list item."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if level is not None:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def run(text: str, *properties: str) -> str:
    """Text with properties such as `b` (bold) or `i`."""
    made = "".join(f"<w:{name}/>" for name in properties)
    return f'<w:r><w:rPr>{made}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def link(text: str) -> str:
    """A link to https://example.org/."""
    return f'<w:hyperlink r:id="rId1">{run(text)}</w:hyperlink>'


def ruby(base: str, above: str) -> str:
    """Characters with something above them."""
    return (
        f"<w:r><w:ruby><w:rt>{run(above)}</w:rt><w:rubyBase>{run(base)}</w:rubyBase></w:ruby></w:r>"
    )


def formula(text: str) -> str:
    return f"<m:oMath><m:r><m:t>{text}</m:t></m:r></m:oMath>"


def box(text: str) -> str:
    """Text in a shape, as new programs write it."""
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>'
        f"{paragraph(run(text))}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        "</mc:AlternateContent></w:r>"
    )


def deleted(text: str) -> str:
    return f"<w:del><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def table(rows: list[list[str]]) -> str:
    """A table; where a cell is "", the one above goes on."""
    made = ""
    for row in rows:
        made += "<w:tr>"
        for cell in row:
            merge = '<w:vMerge w:val="restart"/>' if cell else "<w:vMerge/>"
            made += f"<w:tc><w:tcPr>{merge}</w:tcPr>{paragraph(run(cell))}</w:tc>"
        made += "</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"


def part(name: str, *paragraphs: str) -> bytes:
    """A part such as `hdr`, `comments`."""
    return f"<w:{name} {_W}>{''.join(paragraphs)}</w:{name}>".encode()


FOOTNOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
PICTURE = _PICTURE


def document(*paragraphs: str, **parts: bytes) -> bytes:
    """A Word document; `parts` are further members, or others in place of these."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="png" ContentType="image/png"/></Types>',
        "_rels/.rels": _relations(("rId1", "officeDocument", "word/document.xml", "")),
        "word/document.xml": f"<w:document {_W} {_R} {_OTHERS}><w:body>"
        f"{''.join(paragraphs)}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(
            ("rId1", "hyperlink", "https://example.org/", "External"),
            ("rId2", "image", "media/p.png", ""),
            ("rId3", "footnotes", "footnotes.xml", ""),
            ("rId4", "styles", "styles.xml", ""),
            ("rId5", "numbering", "numbering.xml", ""),
        ),
        "word/styles.xml": f"<w:styles {_W}>{_STYLES}</w:styles>",
        "word/numbering.xml": f"<w:numbering {_W}>{_NUMBERING}</w:numbering>",
        "word/footnotes.xml": f'<w:footnotes {_W}><w:footnote w:id="2">'
        f"{paragraph(run('註腳內容'))}</w:footnote></w:footnotes>",
        "word/media/p.png": _PIXEL,
        "docProps/core.xml": '<c xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>文件</dc:title><dc:creator>王芳</dc:creator></c>",
    }
    return packed({**members, **parts})


def _relations(*relations: tuple[str, str, str, str]) -> str:
    made = "".join(
        f'<Relationship Id="{id}" Type="{_REL}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"/>' if mode else "/>")
        for id, kind, target, mode in relations
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'
