"""Containers and documents that mean harm, or are merely broken: refused, named, nothing left."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from reader.books import Limits, annotate_book, strip_book
from reader.errors import ContainerError, ReaderError
from reader.sources.container import Container
from tests import books

ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
 xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>
<enc:EncryptionMethod Algorithm="{algorithm}"/>
<enc:CipherData><enc:CipherReference URI="{uri}"/></enc:CipherData>
</enc:EncryptedData></encryption>"""


def refused(folder: Path, data: bytes, limits: Limits | None = None) -> str:
    """The message with which a book is refused; nothing but the book is left in the folder."""
    (folder / "in.epub").write_bytes(data)
    for work in (annotate_book, strip_book):
        with pytest.raises(ReaderError) as caught:
            work(folder / "in.epub", folder / "out.epub", limits=limits)
        assert [path.name for path in folder.iterdir()] == ["in.epub"]
    assert str(folder / "in.epub") in str(caught.value)
    return str(caught.value)


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in members:
            book.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "C:/x", "a\\..\\x", "./x"])
def test_names_that_point_outside(tmp_path: Path, name: str) -> None:
    # zipfile replaces backslashes where they separate folders; put back by hand.
    data = zipped(*books.everything().items(), (name.replace("\\", "|"), b"x"))
    assert "points outside" in refused(tmp_path, data.replace(b"a|..|x", b"a\\..\\x"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice(tmp_path: Path) -> None:
    data = zipped(*books.everything().items(), ("OEBPS/toc.ncx", b"x"))
    assert "OEBPS/toc.ncx" in refused(tmp_path, data)


def test_a_bomb(tmp_path: Path) -> None:
    members = books.everything() | {"OEBPS/bomb.xhtml": bytes(20 << 20)}
    message = refused(tmp_path, books.packed(members))
    assert "OEBPS/bomb.xhtml would unpack to 20 MiB" in message
    Container(books.packed(members), Limits(ratio=2000)).close()


def test_the_size_of_the_whole(tmp_path: Path) -> None:
    data = books.packed(books.everything())
    assert "more than the limit" in refused(tmp_path, data, Limits(total=1000))
    assert "more than the limit" in refused(tmp_path, data, Limits(members=3))
    assert "more than the limit" in refused(tmp_path, data, Limits(member=1000))


def test_members_that_share_their_bytes(tmp_path: Path) -> None:
    """The directory names one member's bytes twice."""
    data = bytearray(books.packed(books.everything()))
    first = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", first + 4)
    third = data.index(b"PK\1\2", second + 4)
    data[third + 42 : third + 46] = data[second + 42 : second + 46]
    assert "overlaps" in refused(tmp_path, bytes(data))


def test_damaged_members_are_named(tmp_path: Path) -> None:
    data = bytearray(books.packed(books.everything()))
    for name in (b"OEBPS/data.bin", b"OEBPS/images/dot.png"):
        at = data.index(name) + len(name)
        data[at + 8] ^= 0xFF
    message = refused(tmp_path, bytes(data))
    assert "OEBPS/data.bin is damaged" in message
    assert "OEBPS/images/dot.png is damaged" in message


@pytest.mark.parametrize("data", [b"", b"PK\3\4 and nothing", b"text", bytes(10_000)])
def test_what_is_no_zip_file(tmp_path: Path, data: bytes) -> None:
    assert "not a zip file" in refused(tmp_path, data)


def test_cut_off(tmp_path: Path) -> None:
    data = books.packed(books.everything())
    refused(tmp_path, data[: len(data) // 2])


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.epub", tmp_path):
        with pytest.raises(ContainerError):
            annotate_book(path, tmp_path / "out.epub")


def test_a_password(tmp_path: Path) -> None:
    data = bytearray(books.packed(books.everything()))
    at = data.index(b"PK\1\2")
    data[at + 8] |= 1
    assert "encrypted" in refused(tmp_path, bytes(data))


def test_drm(tmp_path: Path) -> None:
    text = ENCRYPTION.format(
        algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc", uri="OEBPS/text/mixed.xhtml"
    )
    members = books.everything() | {"META-INF/encryption.xml": text.encode()}
    message = refused(tmp_path, books.packed(members))
    assert "locked by DRM (OEBPS/text/mixed.xhtml" in message


@pytest.mark.parametrize(
    "algorithm", ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"]
)
def test_obfuscated_fonts_are_no_drm(tmp_path: Path, algorithm: str) -> None:
    text = ENCRYPTION.format(algorithm=algorithm, uri="OEBPS/data.bin")
    members = books.everything() | {"META-INF/encryption.xml": text.encode()}
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")
    result = books.unpacked((tmp_path / "out.epub").read_bytes())
    assert result["OEBPS/data.bin"] == members["OEBPS/data.bin"]
    assert result["META-INF/encryption.xml"] == text.encode()


def with_doctype(subset: str, body: str) -> bytes:
    doctype = f"<!DOCTYPE html [{subset}]>"
    page = books.page(body).decode().replace("<!DOCTYPE html>", doctype)
    return books.packed(books.single(page.encode()))


def test_entity_bombs(tmp_path: Path) -> None:
    laughs = '<!ENTITY a0 "哈哈哈哈哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    assert "grows without bound" in refused_document(tmp_path, laughs, "<p>&a9;</p>")
    assert "grows without bound" in refused_document(
        tmp_path, '<!ENTITY a "&b;"><!ENTITY b "&a;">', "<p>&a;</p>"
    )


def refused_document(folder: Path, subset: str, body: str) -> str:
    (folder / "in.epub").write_bytes(with_doctype(subset, body))
    with pytest.raises(ContainerError) as caught:
        annotate_book(folder / "in.epub", folder / "out.epub")
    assert [path.name for path in folder.iterdir()] == ["in.epub"]
    return str(caught.value)


def test_external_entities_are_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("银行秘密")
    subset = f'<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "中国">'
    (tmp_path / "in.epub").write_bytes(with_doctype(subset, "<p>他在银行&x;和&y;</p>"))
    annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")
    result = books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/d.xhtml"].decode()
    assert "秘密" not in result
    assert "&x;" in result
    assert "&y;" in result


def test_a_package_that_is_not_xml(tmp_path: Path) -> None:
    members = books.everything() | {"OEBPS/content.opf": b"<package>"}
    assert "OEBPS/content.opf" in refused(tmp_path, books.packed(members))


def test_no_package(tmp_path: Path) -> None:
    members = books.everything()
    del members["OEBPS/content.opf"]
    assert "OEBPS/content.opf is missing" in refused(tmp_path, books.packed(members))
    del members["META-INF/container.xml"]
    assert "META-INF/container.xml is missing" in refused(tmp_path, books.packed(members))


def test_a_document_beyond_repair_is_left_with_a_warning(tmp_path: Path) -> None:
    members = books.everything() | {"OEBPS/text/notes.xhtml": "中文".encode("gb18030")}
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    report = annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")
    assert [w.code for w in report.warnings] == ["unreadable-document"]
    assert "OEBPS/text/notes.xhtml" in report.warnings[0].message
    result = books.unpacked((tmp_path / "out.epub").read_bytes())
    assert result["OEBPS/text/notes.xhtml"] == members["OEBPS/text/notes.xhtml"]


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "in.epub").write_bytes(books.packed(books.everything()))
    with pytest.raises(ReaderError, match="cannot be written"):
        annotate_book(tmp_path / "in.epub", tmp_path / "none" / "out.epub")


def test_a_document_that_is_missing_is_no_reason_to_stop(tmp_path: Path) -> None:
    members = books.everything()
    del members["OEBPS/text/notes.xhtml"]
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    assert annotate_book(tmp_path / "in.epub", tmp_path / "out.epub").documents == 5
