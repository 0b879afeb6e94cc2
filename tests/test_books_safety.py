"""Containers and documents that mean harm, or are merely broken: refused, named, nothing left."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from reader.epub.container import Container
from reader.errors import ContainerError, ReaderError
from reader.glossary import Glossary
from reader.inplace import annotate_book, strip_book
from reader.options import BookOptions, Limits, RenderOptions, Script
from tests import books
from tests.command_line import COMMAND
from tests.growth import grows_in_proportion

ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
 xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>
<enc:EncryptionMethod Algorithm="{algorithm}"/>
<enc:CipherData><enc:CipherReference URI="{uri}"/></enc:CipherData>
</enc:EncryptedData></encryption>"""

GLOSSARY = Glossary.loads("term,simplified,pinyin,gloss\n內卷,内卷,nèijuǎn,the rat race\n")


def refused(folder: Path, data: bytes, limits: Limits | None = None) -> str:
    """The message with which a book is refused; nothing but the book is left in the folder."""
    (folder / "in.epub").write_bytes(data)
    source, out = folder / "in.epub", folder / "out.epub"
    for work in (
        lambda: annotate_book(source, out, book=BookOptions(limits=limits)),
        lambda: strip_book(source, out, limits=limits),
    ):
        with pytest.raises(ReaderError) as caught:
            work()
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


def test_entities_used_without_end(tmp_path: Path) -> None:
    subset = f'<!ENTITY a "{"哈" * 60_000}">'
    message = refused_document(tmp_path, subset, f"<p>{'&a;' * 5_000}</p>")
    assert "used without bound" in message


def refused_document(folder: Path, subset: str, body: str) -> str:
    (folder / "in.epub").write_bytes(with_doctype(subset, body))
    with pytest.raises(ContainerError) as caught:
        annotate_book(folder / "in.epub", folder / "out.epub")
    assert [path.name for path in folder.iterdir()] == ["in.epub"]
    message = str(caught.value)
    assert message.startswith(f"{folder / 'in.epub'}: OEBPS/d.xhtml: ")
    return message


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


def test_names_in_utf_8_that_do_not_say_so(tmp_path: Path) -> None:
    """As OCF asks for them; a zip file that does not say so is read in another encoding."""
    members = books.single(books.page("<p>银行</p>"))
    members["OEBPS/第一章é.xhtml"] = members.pop("OEBPS/d.xhtml")
    opf = members["OEBPS/content.opf"].decode().replace("d.xhtml", "第一章é.xhtml")
    data = bytearray(books.packed(members | {"OEBPS/content.opf": opf.encode()}))
    for sign, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = data.find(sign)
        while start >= 0:
            data[start + at + 1] &= 0xF7
            start = data.find(sign, start + 4)
    assert "OEBPS/第一章é.xhtml" not in zipfile.ZipFile(io.BytesIO(data)).namelist()
    (tmp_path / "in.epub").write_bytes(data)
    assert annotate_book(tmp_path / "in.epub", tmp_path / "out.epub").annotated == 1
    with zipfile.ZipFile(tmp_path / "out.epub") as book:
        assert "OEBPS/第一章é.xhtml" in book.namelist()


def test_names_in_an_old_encoding_keep_their_bytes(tmp_path: Path) -> None:
    data = books.packed(books.everything() | {"OEBPS/xx.bin": b"x"})
    old = data.replace(b"OEBPS/xx.bin", b"OEBPS/\xb5\xda.bin")
    (tmp_path / "in.epub").write_bytes(old)
    annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")
    assert (tmp_path / "out.epub").read_bytes().count(b"OEBPS/\xb5\xda.bin") == 2


@pytest.mark.parametrize("depth", [600, 60_000])
@pytest.mark.parametrize("end", ["</div>", ""])
def test_elements_nested_without_end(tmp_path: Path, depth: int, end: str) -> None:
    members = books.everything()
    deep = books.page("<div>中" * depth + end * depth)
    members["OEBPS/text/notes.xhtml"] = deep
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    report = annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")
    (warning,) = report.warnings
    assert warning.message.startswith("OEBPS/text/notes.xhtml:9: elements are nested more than 512")
    assert books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/text/notes.xhtml"] == deep


def test_a_text_is_no_font(tmp_path: Path) -> None:
    text = ENCRYPTION.format(algorithm="http://ns.adobe.com/pdf/enc#RC", uri="OEBPS/one.HTM")
    members = books.everything() | {"META-INF/encryption.xml": text.encode()}
    assert "locked by DRM (OEBPS/one.HTM" in refused(tmp_path, books.packed(members))


def test_time_grows_with_length(tmp_path: Path) -> None:
    """A whole chapter in one paragraph, whatever is in it."""
    parts = (
        "<ruby>银<rt>y</rt></ruby>长大",
        "内卷<code>x</code>",
        "内卷<span lang='en'>内卷</span>",
        "内卷的时代<br/>",
    )

    def book(number: int) -> Path:
        pages = "".join(f"<div>{part * number}</div>" for part in parts)
        path = tmp_path / f"{number}.epub"
        path.write_bytes(books.packed(books.single(books.page(pages))))
        return path

    def annotated(path: Path) -> None:
        render = RenderOptions(Script.TRADITIONAL)
        annotate_book(path, tmp_path / "out.epub", glossary=GLOSSARY, render=render)

    grows_in_proportion(annotated, book, 1_000)


INTERRUPTED = """
import sys
from reader.epub import archive
from reader.cli import main

def slow(self, name, content, add=archive.Archive.replace):
    print("writing", flush=True)
    add(self, name, content)
    import time
    # Not one long sleep: another thread may take the signal, and would not wake this one.
    for _ in range(600):
        time.sleep(0.05)

archive.Archive.replace = slow
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_control_c_leaves_nothing_behind(tmp_path: Path, jobs: str) -> None:
    (tmp_path / "in.epub").write_bytes(books.packed(books.everything()))
    (tmp_path / "out.epub").write_bytes(b"as it was")
    command = [sys.executable, "-c", INTERRUPTED, "build", "in.epub", "-o", "out.epub"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*command, "--jobs", jobs], stdout=pipe, stderr=pipe, cwd=tmp_path, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.epub", "out.epub"]
    assert (tmp_path / "out.epub").read_bytes() == b"as it was"


def test_a_book_does_not_take_its_own_place(tmp_path: Path) -> None:
    data = books.packed(books.everything())
    (tmp_path / "in.epub").write_bytes(data)
    path = str(tmp_path / "in.epub")
    done = subprocess.run(
        [*COMMAND, "build", path, "-o", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "same file" in done.stderr
    assert (tmp_path / "in.epub").read_bytes() == data
