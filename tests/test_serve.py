"""The local page's routes, by a client of its own kind; the page itself is tested in a browser."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import given, strategies as st

from reader.annotation.doubts import Doubt, DoubtKind
from reader.building import annotate_source
from reader.cli.serve_command import BuildLine
from reader.errors import OptionError
from reader.lexicon import Lexicon
from reader.model import Stream
from reader.web import workshop
from reader.web.app import make_app
from reader.web.desk import safe_name
from reader.web.settling import settled
from tests.books import packed
from tests.command_line import COMMAND, run
from tests.laws import examples

TOKEN = "token-of-this-test"
TEXT = (
    "銀行的事\n\n他還了三本書，行長在重慶。小安說：「頭髮長長了。」\n\n她和陳默點點頭，說得很好。\n"
)
ENGLISH = (
    "About the bank\n\nHe returned three books; the president is in Chongqing. Xiao An said: "
    '"Your hair has grown."\n\nShe and Chen Mo nodded and spoke well.\n'
)


@lru_cache(maxsize=1)
def here() -> str:
    """The address of a server on loopback, which ends with the tests."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = make_app(BuildLine(), Lexicon.default(), TOKEN)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
    Thread(target=server.run, args=([listening],), daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def client(**headers: str) -> httpx.Client:
    return httpx.Client(
        base_url=here(), headers={"origin": here(), **headers}, timeout=60, trust_env=False
    )


@pytest.fixture(scope="module")
def page() -> Iterator[httpx.Client]:
    with client() as opened:
        yield opened


def post(page: httpx.Client, path: str, status: int = 200, **question: Any) -> Any:
    answer = page.post(f"/{TOKEN}/{path}", json={"options": {}, **question})
    assert answer.status_code == status, answer.text
    return answer.json()


def opened(page: httpx.Client, text: str | bytes = TEXT, name: str = "article.txt") -> str:
    answer = page.post(f"/{TOKEN}/texts", params={"name": name}, content=text)
    assert answer.status_code == 200, answer.text
    return f"texts/{answer.json()['id']}"


# ---- who may ask ----


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({}, f"/{TOKEN}/", 200),
        ({}, "/", 404),
        ({}, "/another-token/", 404),
        ({"host": "evil.example"}, f"/{TOKEN}/", 403),
        ({"host": "127.0.0.1.evil.example:80"}, f"/{TOKEN}/", 403),
        ({"host": "localhost:8765"}, f"/{TOKEN}/", 200),
        ({"host": "[::1]:8765"}, f"/{TOKEN}/", 200),
        ({"sec-fetch-site": "cross-site"}, f"/{TOKEN}/options", 403),
        ({}, f"/{TOKEN}/../../etc/passwd", 404),
        ({}, f"/{TOKEN}/app.py", 404),
    ],
)
def test_only_its_own_page_is_answered(headers: dict[str, str], path: str, status: int) -> None:
    with client(**headers) as page:
        assert page.get(path).status_code == status


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1", ""])
def test_nothing_is_done_for_another_page(origin: str) -> None:
    with client(origin=origin) as page:
        assert page.post(f"/{TOKEN}/texts", content=TEXT).status_code == 403


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    host, port = here().removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as asking:
        head = f"POST /{TOKEN}/texts HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {here()}\r\n"
        asking.sendall(f"{head}Content-Length: {1 << 40}\r\n\r\n".encode())
        assert asking.recv(1000).startswith(b"HTTP/1.1 413")


def test_the_page_may_load_nothing_from_elsewhere(page: httpx.Client) -> None:
    answer = page.get(f"/{TOKEN}/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"


# ---- texts ----


def test_a_text_is_shown_as_it_will_be(page: httpx.Client) -> None:
    text = opened(page)
    made = post(page, f"{text}/preview", options={"notation": "zhuyin"})
    assert made["command"] == "reader build article.txt -o article.epub --notation zhuyin"
    shown = page.get(f"/{TOKEN}/{text}/preview/{made['page']}").text
    assert "ㄏㄤˊ" in shown
    assert "銀行" in shown


def test_every_option_is_taken_or_refused() -> None:
    line = BuildLine()
    refused = 0
    for option in line.options():
        flag = option["flag"]
        for value in option["values"] or ["1", "x"]:
            arguments = [flag] if option["kind"] == "flag" else [flag, value]
            try:
                line.recipe(arguments)
                line.learner(arguments)
            except OptionError:
                refused += 1
    assert refused > 5


def test_an_option_that_wants_another_is_one_message(page: httpx.Client) -> None:
    text = opened(page)
    error = post(page, f"{text}/preview", 400, options={"pinyin": "unknown"})["error"]
    assert error == "--pinyin unknown wants --level or --known."


def test_a_doubt_is_settled_everywhere(page: httpx.Client) -> None:
    text = opened(page, "小草走了。我問小草。小草哭了。")
    doubt = next(d for d in post(page, f"{text}/doubts")["doubts"] if d["text"] == "小草")
    other = doubt["answers"][1]
    assert other["row"]["term"] == "小草"
    made = post(page, f"{text}/preview", rows=[other["row"]])
    assert made["command"].endswith("--glossary settled.csv")
    shown = page.get(f"/{TOKEN}/{text}/preview/{made['page']}").text
    assert shown.count(other["answer"]) >= 3
    left = post(page, f"{text}/doubts", rows=[other["row"]])["doubts"]
    assert "小草" not in [each["text"] for each in left]
    rows = page.get(f"/{TOKEN}/{text}/files/settled.csv").text
    assert "小草" in rows


def test_an_answer_of_ones_own_makes_a_row(page: httpx.Client) -> None:
    text = opened(page, "這些字多重？他長長了。")
    doubt = post(page, f"{text}/doubts")["doubts"][0]
    which = {name: doubt[name] for name in ("kind", "block", "start")}
    chosen = doubt["answers"][0]["answer"]
    row = post(page, f"{text}/settle", doubt=which, answer=chosen)["row"]
    assert row["term"]
    post(page, f"{text}/settle", 400, doubt=which, answer="<b>")
    post(page, f"{text}/settle", 400, doubt={"kind": "name"}, answer="nǐ")


@pytest.mark.parametrize(
    "row",
    [
        {"term": "銀行", "pinyin": "notpinyin9", "words": "銀行"},
        {"term": "銀行", "pinyin": "yín", "words": "銀行"},
        {"term": "", "words": "|"},
        {"term": "abc", "words": "abc"},
    ],
)
def test_a_row_that_is_wrong_is_not_kept(page: httpx.Client, row: dict[str, str]) -> None:
    text = opened(page)
    kept = [{"term": "小安", "pinyin": "Xiǎo'ān", "words": "小安"}]
    post(page, f"{text}/rows", rows=kept)
    error = post(page, f"{text}/rows", 400, rows=[*kept, row])["error"]
    assert "settled.csv" not in error
    assert "小安" in page.get(f"/{TOKEN}/{text}/files/settled.csv").text
    assert "--glossary" in post(page, f"{text}/preview")["command"]


def test_what_is_decided_makes_no_note(page: httpx.Client) -> None:
    text = opened(page, "小安說好。")
    doubts = post(page, f"{text}/doubts")["doubts"]
    rows = [answer["row"] for doubt in doubts for answer in doubt["answers"] if answer["row"]]
    assert rows
    assert all(not row["gloss"] for row in rows)


def test_levels_and_words_to_teach(page: httpx.Client) -> None:
    text = opened(page)
    found = post(page, f"{text}/levels", options={"level": "2"})
    assert found["texts"][0]["tokens"] > 10
    assert found["teach"][0]["count"] >= 1
    post(page, f"{text}/levels", 400, options={"level": "99"})


def test_pairs_are_corrected(page: httpx.Client) -> None:
    text = opened(page)
    post(page, f"{text}/pairs", 400)
    put = page.put(
        f"/{TOKEN}/{text}/files/translation", params={"name": "english.txt"}, content=ENGLISH
    )
    assert put.json() == {"name": "english.txt"}
    pairs = post(page, f"{text}/pairs")["pairs"]
    assert "three books" in " ".join(pairs[1]["target"])
    moved = [dict(pair) for pair in pairs]
    moved[1]["target"], moved[2]["target"] = [], [*moved[1]["target"], *moved[2]["target"]]
    moved[2]["score"] = 1
    again = post(page, f"{text}/pairs", pairs=moved)["pairs"]
    assert ["three books" in " ".join(pair["target"]) for pair in again].index(True) == 2
    assert page.get(f"/{TOKEN}/{text}/files/pairs.tsv").text.startswith("score\tsource\ttarget")


# ---- the command ----


@pytest.mark.parametrize(
    "ends",
    [
        signal.SIGHUP,
        pytest.param(signal.SIGTERM, marks=pytest.mark.long),
        pytest.param(signal.SIGINT, marks=pytest.mark.long),
    ],
)
def test_it_ends_with_the_terminal(tmp_path: Path, ends: signal.Signals) -> None:
    article = tmp_path / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    folder = tmp_path / "work"
    folder.mkdir()
    command = [*COMMAND, "serve", str(article), "--no-open"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(folder)}
    )
    assert process.stderr is not None
    address = next(line.split()[1] for line in process.stderr if line.startswith("Open "))
    origin = address[: address.index("/", 8)]
    with httpx.Client(headers={"origin": origin}, timeout=60, trust_env=False) as page:
        assert page.get(f"{address}options").json()["first"] == "article.txt"
        opened = page.post(f"{address}texts/first").json()
        assert opened["title"] == "銀行的事"
        assert list(folder.iterdir())
    process.send_signal(ends)
    assert process.wait(30) is not None
    assert "Traceback" not in process.stderr.read()
    assert list(folder.iterdir()) == []


def test_a_port_that_is_taken_is_one_message() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [*COMMAND, "serve", "--no-open", "--port", str(port)]
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (result.returncode, result.stderr) == (
        1,
        f"Error: port {port}: address already in use\n",
    )


# ---- outputs ----


def finished(page: httpx.Client, text: str, job: str) -> Any:
    while True:
        found = page.get(f"/{TOKEN}/{text}/outputs/{job}").json()
        if found["state"] != "running":
            return found
        time.sleep(0.01)


@pytest.mark.parametrize("suffix", [".epub", ".html", ".xml", ".json", ".tsv", ".txt"])
def test_what_is_downloaded_is_what_the_command_writes(
    page: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    text = opened(page)
    known = "銀行\n書\n"
    for kind, name, data in (("translation", "en.txt", ENGLISH), ("known", "known.txt", known)):
        page.put(f"/{TOKEN}/{text}/files/{kind}", params={"name": name}, content=data)
    row = {"term": "小安", "pinyin": "Xiǎo'ān", "words": "小安"}
    options = {"level": "2", "notation": "zhuyin"}
    name = f"article-words{suffix}"
    made = post(page, f"{text}/outputs", options=options, rows=[row], target=name)
    job = finished(page, text, made["job"])
    assert (job["state"], job["message"]) == ("done", "")
    ours = page.get(f"/{TOKEN}/{text}/files/{name}")
    assert ours.headers["content-disposition"].startswith("attachment")
    files = {"article.txt": TEXT, "en.txt": ENGLISH, "known.txt": known}
    for each, data in files.items():
        (tmp_path / each).write_text(data, encoding="utf-8")
    rows = page.get(f"/{TOKEN}/{text}/files/settled.csv").content
    (tmp_path / "settled.csv").write_bytes(rows)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    result = run(*shlex.split(made["command"])[1:])
    assert result.exit_code == 0, result.output
    theirs = (tmp_path / name).read_bytes()
    if suffix == ".tsv":  # its time is that of the newest file
        assert theirs.decode().splitlines()[4:] == ours.text.splitlines()[4:]
    else:
        assert theirs == ours.content


def test_what_nobody_waits_for_is_given_up(page: httpx.Client) -> None:
    text = opened(page, TEXT * 1200)
    made = post(page, f"{text}/outputs", target="article.json")
    post(page, f"{text}/leave")
    assert finished(page, text, made["job"])["state"] == "failed"
    again = post(page, f"{text}/outputs", target="article.txt")
    assert finished(page, text, again["job"])["state"] == "done"


@pytest.mark.parametrize("name", ["empty.txt", "no.exe", "broken.docx", "broken.pdf"])
def test_a_file_that_is_no_text_is_named_as_its_owner_does(page: httpx.Client, name: str) -> None:
    answer = page.post(f"/{TOKEN}/texts", params={"name": name}, content=b"")
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"{name}: ")


def test_a_failed_output_says_why(page: httpx.Client) -> None:
    text = opened(page)
    made = post(page, f"{text}/outputs", options={"level": "9x"}, target="a.epub")
    job = finished(page, text, made["job"])
    assert job["state"] == "failed"
    assert "9x" in job["message"]
    post(page, f"{text}/outputs", 400, target="../a.epub")
    assert page.get(f"/{TOKEN}/{text}/files/..%2Farticle.txt").status_code == 404


def test_the_preview_is_the_page_that_is_downloaded(page: httpx.Client) -> None:
    text = opened(page)
    page.put(f"/{TOKEN}/{text}/files/translation", params={"name": "en.txt"}, content=ENGLISH)
    row = {"term": "小安", "pinyin": "Xiǎo'ān", "words": "小安"}
    for options in ({}, {"level": "2", "notation": "zhuyin"}, {"standard": "taiwan"}):
        for rows in ([], [row]):
            question: dict[str, Any] = {"options": options, "rows": rows}
            number = post(page, f"{text}/preview", **question)["page"]
            shown = page.get(f"/{TOKEN}/{text}/preview/{number}").content
            made = post(page, f"{text}/outputs", target="article.html", **question)
            assert finished(page, text, made["job"])["state"] == "done"
            assert page.get(f"/{TOKEN}/{text}/files/article.html").content == shown


def test_what_changes_costs_one_annotation(
    page: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotated = []

    def counted(*given: Any, **named: Any) -> Stream:
        annotated.append(given)
        return annotate_source(*given, **named)

    monkeypatch.setattr(workshop, "annotate_source", counted)
    one, other = opened(page), opened(page, TEXT * 2)
    row = {"term": "小安", "pinyin": "Xiǎo'ān", "words": "小安"}
    asked: list[tuple[dict[str, str], list[dict[str, str]], int]] = [
        ({}, [], 1),
        ({"notation": "zhuyin", "level": "3"}, [], 1),
        ({}, [row], 2),
        ({"standard": "taiwan"}, [row], 3),
        ({"standard": "taiwan", "script": "both"}, [row], 3),
    ]
    for options, rows, wanted in asked:
        # Two pages, in two tabs, do not disturb each other.
        for text in (one, other):
            for what in ("preview", "doubts", "levels"):
                post(page, f"{text}/{what}", options=options, rows=rows)
        assert len(annotated) == 2 * wanted


def test_a_slip_is_doubted_with_what_its_words_mean(page: httpx.Client) -> None:
    text = opened(page, "他因此需要重新注冊。")
    (doubt,) = (d for d in post(page, f"{text}/doubts")["doubts"] if d["kind"] == "correction")
    assert [answer["row"] for answer in doubt["answers"]] == [None, None]
    assert doubt["answers"][1]["senses"]


def test_a_translation_that_is_another_is_shown(page: httpx.Client) -> None:
    text = opened(page)
    for english in (ENGLISH, ENGLISH.replace("three", "four")):
        params = {"name": "en.txt"}
        page.put(f"/{TOKEN}/{text}/files/translation", params=params, content=english)
        number = post(page, f"{text}/preview")["page"]
        shown = page.get(f"/{TOKEN}/{text}/preview/{number}").text
        assert english.splitlines()[2].split(";")[0] in shown
        page.delete(f"/{TOKEN}/{text}/files/translation")


def test_two_texts_do_not_mix(page: httpx.Client) -> None:
    one, other = opened(page, "甲說。", "a.txt"), opened(page, "乙說。", "a.txt")
    pages = [post(page, f"{text}/preview")["page"] for text in (one, other, one)]
    shown = page.get(f"/{TOKEN}/{one}/preview/{pages[2]}").text
    assert "甲" in shown
    assert "乙" not in shown
    assert page.get(f"/{TOKEN}/{one}/preview/{pages[1]}").status_code == 404


# ---- strangers ----


NAMES = st.sampled_from(
    [
        *("a.txt", "a.md", "a.html", "a.epub", "a.docx", "a.json", "a.xml", "a.exe"),
        *("", "../a.txt", "é\x1b.txt"),
    ]
)
_FORMS = ("你好。", "<p>你好</p>", '{"format":"annotated-reader"}', "<TEI/>", "[1]")
BODIES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(_FORMS).map(str.encode),
    st.builds(lambda data: packed({"mimetype": data}), st.binary(max_size=30)),
)
QUESTIONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["options", "rows", "doubt", "pairs", "level"]), inner)
    ),
    max_leaves=6,
)
ASKED = ("preview", "doubts", "settle", "levels", "pairs", "outputs")


def any_upload(name: str, body: bytes) -> None:
    with client() as page:
        answer = page.post(f"/{TOKEN}/texts", params={"name": name}, content=body)
        assert answer.status_code in (200, 400)
        if answer.status_code == 400:
            message = answer.json()["error"]
            assert message
            assert "/tmp" not in message
            assert "\x1b" not in message
            return
        text = f"texts/{answer.json()['id']}"
        for what in ("preview", "doubts", "levels"):
            assert page.post(f"/{TOKEN}/{text}/{what}", json={}).status_code in (200, 400)


@examples(12)
@given(name=NAMES, body=BODIES)
def test_any_upload_is_a_text_or_one_message(name: str, body: bytes) -> None:
    any_upload(name, body)


@pytest.mark.long
@examples(66)
@given(name=NAMES, body=BODIES)
def test_two_hundred_uploads(name: str, body: bytes) -> None:
    any_upload(name, body)


@examples(20)
@given(value=QUESTIONS, what=st.sampled_from(ASKED))
def test_any_question_is_answered(value: Any, what: str) -> None:
    with client() as page:
        text = opened(page, "你好。")
        assert page.post(f"/{TOKEN}/{text}/{what}", json=value).status_code in (200, 400)


@pytest.mark.parametrize(
    "name", ["..", "/", "a/../../b.txt", "\x1b[0m.txt", "c:\\x.txt", "." * 300]
)
def test_a_name_is_no_path(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert safe.isprintable()
    assert not set(safe) & set('/\\:<>|"?*')
    assert safe not in (".", "..")
    assert len(safe) < 120


# ---- answers as rows ----


def doubt(kind: DoubtKind, text: str, chosen: str, row: tuple[str, ...]) -> Doubt:
    return Doubt(kind, text, 0, 0, len(text), text, chosen, (), 0.5, row)


def test_a_cut_within_a_wider_row() -> None:
    given_row = ("在園區長大", "在园区长大", "zài yuánqū zhǎngdà", "", "", "", "在|園區|長大")
    found = settled(doubt(DoubtKind.CUT, "園區長大", "園區|長大", given_row), "園|區長|大")
    assert (found["words"], found["pinyin"]) == ("在|園|區長|大", "")
    with pytest.raises(OptionError, match="characters of 園區長大"):
        settled(doubt(DoubtKind.CUT, "園區長大", "園區|長大", given_row), "園區|大")


def test_a_reading_within_a_wider_row() -> None:
    given_row = ("都還", "都还", "dōu huán", "", "", "", "都|還")
    found = settled(doubt(DoubtKind.READING, "還", "huán", given_row), "hái")
    assert (found["pinyin"], found["words"]) == ("dōu hái", "都|還")
