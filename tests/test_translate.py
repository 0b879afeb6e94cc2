"""Machine translation against a real server that is good, slow, failing, truncating or lying."""

from __future__ import annotations

import gzip
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from reader.alignment.aligner import split_provenance
from reader.errors import OptionError, TranslationError
from reader.glossary import Entry, Glossary
from reader.model import Block, BlockKind, Document, Metadata, Translation
from reader.options import ServerOptions, TranslateOptions
from reader.translation import (
    AnswerError,
    Cache,
    ChatTranslator,
    Request,
    estimate,
    load_translator,
    translate,
    translation_text,
    write_translation,
)
from reader.translation.chat import parse_answer
from reader.translation.translator import missing_terms
from tests.chat_server import (
    KEY,
    Mode,
    Reply,
    Server,
    chat_server,
    completion,
    english,
    failing_first,
    good,
    said,
)
from tests.damages import DAMAGES

TEXTS = [
    f"这是第{'一二三四五六七八九十'[n % 10]}段话，第{n}号，说的是菜市场和城市的故事。"
    for n in range(24)
]
DOCUMENT = Document(Metadata(language="zh-Hans"), tuple(Block(text) for text in TEXTS))
FAST = ServerOptions(timeout=5.0, tries=3, backoff=0.01)
ENVIRONMENT = {"READER_API_KEY": KEY}


def client(server: Server, **changes: float) -> ChatTranslator:
    values = {"timeout": 5.0, "tries": 3, "backoff": 0.01} | changes
    options = ServerOptions(**values)  # type: ignore[arg-type]
    return ChatTranslator(server.url, "test-model", options=options, environment=ENVIRONMENT)


def texts_of(document: Document, server: Server, **options: int) -> list[str]:
    made = translate(document, client(server), options=TranslateOptions(**options))  # type: ignore[arg-type]
    return [block.text for block in made.blocks]


def test_every_block_is_translated_in_order_and_marked_machine_made() -> None:
    steps: list[tuple[int, int]] = []
    with chat_server() as server:
        made = translate(
            DOCUMENT, client(server), progress=lambda done, total: steps.append((done, total))
        )
    assert [block.text for block in made.blocks] == [english(text) for text in TEXTS]
    assert made.machine
    assert made.translator == "test-model"
    assert [(link.sources[0].block, link.targets[0].block) for link in made.links] == [
        (n, n) for n in range(len(TEXTS))
    ]
    assert steps[0] == (0, len(TEXTS))
    assert steps[-1] == (len(TEXTS), len(TEXTS))
    assert steps == sorted(steps)
    assert all(count == 1 for count in server.asked.values())
    assert server.seen[0]["key"] == f"Bearer {KEY}"


def test_context_and_glossary_go_along() -> None:
    glossary = Glossary([Entry("菜市场", "菜市场", gloss="said market")])
    with chat_server() as server:
        translate(DOCUMENT, client(server), glossary=glossary, options=TranslateOptions(batch=1))
    by_text = {tuple(seen["segments"]): seen for seen in server.seen}
    middle = by_text[(TEXTS[5],)]
    assert TEXTS[4] in middle["before"]
    assert TEXTS[6] in middle["after"]
    assert middle["glossary"] == {"菜市场": "said market"}


def test_blocks_that_say_nothing_are_left_out() -> None:
    blocks = (Block("x = 1", BlockKind.CODE), Block("今天下雨。"), Block("", BlockKind.SEPARATOR))
    with chat_server() as server:
        made = translate(Document(Metadata(), blocks), client(server))
    assert len(made.blocks) == 1
    assert made.links[0].sources[0].block == 1
    with chat_server() as server, pytest.raises(TranslationError, match="nothing to translate"):
        translate(Document(Metadata(), blocks[:1]), client(server))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(429, b"{}", {"Retry-After": "0"}),
        Reply(503, b"<html>busy</html>", {"Content-Type": "text/html"}),
        Reply(500, b""),
        Reply(200, b'{"choices": [{"mess', announced=4000),
        Reply(200, b'{"choices": [{"mess'),
        Reply(200, b"null"),
        Reply(200, b"[" * 100_000),
        completion([]),
        completion(["only one"] * 99),
        completion([1, 2, 3]),
        completion(["The truth"], "length"),
        said("I am sorry, I cannot."),
    ],
    ids=lambda reply: f"{reply.status}-{reply.body[:24]!r}",
)
def test_passing_failures_are_tried_again(reply: Reply) -> None:
    with chat_server(failing_first(2, reply)) as server:
        assert texts_of(DOCUMENT, server) == [english(text) for text in TEXTS]


def lying(lie: Callable[[str], str]) -> Mode:
    """Lies about every third segment the first time it is asked for it."""

    def mode(server: Server, segments: list[str]) -> Reply:
        return completion(
            [
                lie(s) if TEXTS.index(s) % 3 == 0 and server.asked[s] == 1 else english(s)
                for s in segments
            ]
        )

    return mode


@pytest.mark.parametrize(
    "lie",
    [
        lambda s: s,
        lambda s: "",
        lambda s: s + "。",
        lambda s: "No.",
        lambda s: "the " * 400,
        lambda s: "<!DOCTYPE html><html><body>The text of it</body></html>",
        lambda s: "我们今天去了那个很大的菜市场，买了很多菜。",
        lambda s: "gestern ging ich auf den markt und kaufte dort fisch " * 4,
    ],
    ids=["echo", "empty", "near-echo", "short", "long", "html", "chinese", "german"],
)
def test_lies_are_found_and_only_they_are_asked_again(lie: Callable[[str], str]) -> None:
    with chat_server(lying(lie)) as server:
        assert texts_of(DOCUMENT, server) == [english(text) for text in TEXTS]
    asked = [server.asked[text] for text in TEXTS]
    assert asked == [2 if n % 3 == 0 else 1 for n in range(len(TEXTS))]


def test_a_segment_without_a_right_answer_loses_none_of_the_others(tmp_path: Path) -> None:
    def mode(server: Server, segments: list[str]) -> Reply:
        return completion([s if s == TEXTS[7] else english(s) for s in segments])

    options = TranslateOptions(attempts=3)
    with Cache(tmp_path / "cache.db") as cache:
        with chat_server(mode) as server, pytest.raises(TranslationError) as caught:
            translate(DOCUMENT, client(server), cache=cache, options=options)
        assert "1 of 24 segments" in str(caught.value)
        assert TEXTS[7] in str(caught.value)
        assert server.asked[TEXTS[7]] == 3
        with chat_server() as server:
            made = translate(DOCUMENT, client(server), cache=cache, options=options)
        assert server.asked == {TEXTS[7]: 1}
    assert [block.text for block in made.blocks] == [english(text) for text in TEXTS]


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(401, b'{"error": {"message": "Bad key: %s"}}' % KEY.encode()), "READER_API_KEY"),
        (Reply(401, b'{"error": {"message": "Bad key: sk-se***6789"}}'), "another key"),
        (Reply(404, b'{"error": "no model"}'), "no such model or path"),
        (Reply(200, b"<html><title>Hi</title>", {"Content-Type": "text/html"}), "web page"),
        (Reply(302, b"", {"Location": "http://127.0.0.1:9/"}), "302"),
        (Reply(500, b'{"error": "%s"}' % KEY.encode()), "tried 3 times"),
    ],
    ids=["401", "401-masked", "404", "html", "redirect", "500"],
)  # fmt: skip
def test_lasting_failures_say_what_to_do_and_never_the_key(reply: Reply, message: str) -> None:
    with chat_server(lambda server, segments: reply) as server:
        with pytest.raises(TranslationError, match=message) as caught:
            texts_of(DOCUMENT, server)
        assert KEY not in repr(client(server))
    shown = f"{caught.value}{caught.value!r}{caught.value.__cause__!r}"
    assert KEY not in shown
    assert "sk-se" not in shown


def test_a_server_that_is_down_is_named() -> None:
    with chat_server() as server:
        url = server.url
    translator = ChatTranslator(url, "m", options=FAST, environment=ENVIRONMENT)
    with pytest.raises(TranslationError, match=r"127\.0\.0\.1.*cannot be reached"):
        translate(DOCUMENT, translator)


@pytest.mark.parametrize("drip", [False, True], ids=["silent", "dripping"])
def test_a_slow_server_is_given_up(drip: bool) -> None:
    def mode(server: Server, segments: list[str]) -> Reply:
        reply = good(server, segments)
        reply.delay, reply.drip = (0.0, True) if drip else (1.0, False)
        return reply

    begin = time.monotonic()
    with chat_server(mode) as server:
        translator = client(server, timeout=0.3, tries=2)
        with pytest.raises(TranslationError, match="in time"):
            translate(DOCUMENT, translator)
    assert time.monotonic() - begin < 10


def test_waits_grow_and_a_server_that_asks_for_time_gets_it() -> None:
    waits: list[float] = []
    with chat_server(failing_first(3, Reply(429, b"{}", {"Retry-After": "7"}))) as server:
        options = ServerOptions(timeout=5.0, tries=5, backoff=1.0)
        translator = ChatTranslator(
            server.url, "m", options=options, environment={}, sleep=waits.append
        )
        translate(DOCUMENT, translator, options=TranslateOptions(concurrency=1))
    assert waits == [7.0, 7.0, 7.0]
    waits.clear()
    with chat_server(failing_first(4, Reply(500, b"{}"))) as server:
        translator = ChatTranslator(
            server.url, "m", options=options, environment={}, sleep=waits.append
        )
        translate(DOCUMENT, translator, options=TranslateOptions(concurrency=1))
    assert [0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits)] == [True] * 4


def test_requests_run_side_by_side_but_not_more_than_allowed() -> None:
    def mode(server: Server, segments: list[str]) -> Reply:
        reply = good(server, segments)
        reply.delay = 0.05
        return reply

    with chat_server(mode) as server:
        texts_of(DOCUMENT, server, batch=1, concurrency=3)
    assert 1 < server.most_under_way <= 3


def test_the_cache_is_keyed_by_all_that_decides_an_answer(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache.db") as cache, chat_server() as server:
        translate(DOCUMENT, client(server), cache=cache)
        before = server.requests
        translate(DOCUMENT, client(server), cache=cache)
        assert server.requests == before
        changed = Document(DOCUMENT.metadata, (*DOCUMENT.blocks[:-1], Block("换了一句话。")))
        translate(changed, client(server), cache=cache)
        # The changed block, and the two before it, whose context it is.
        assert sum(server.asked.values()) == len(TEXTS) + 3
        other = ChatTranslator(server.url, "other", options=FAST, environment={})
        translate(DOCUMENT, other, cache=cache)
        assert sum(server.asked.values()) == 2 * len(TEXTS) + 3


def test_a_file_that_is_no_cache_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    path.write_text("not a database, but long enough to be taken for one" * 20)
    with pytest.raises(TranslationError, match=r"cache\.db"):
        Cache(path).get("x")


def test_a_damaged_cache_gives_right_answers_or_one_message(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    answers = {f"key {number}": f"It is said {number} times. " * 8 for number in range(80)}
    with Cache(path) as cache:
        for key, answer in answers.items():
            cache.put(key, answer)
    sound, usable = path.read_bytes(), 0
    for seed in range(120):
        dice, data = random.Random(seed), bytearray(sound)
        DAMAGES[seed % len(DAMAGES)](data, dice)
        if seed % 2 and len(data) > 4096:
            data[dice.randrange(3700, 4096)] = 0xF4  # where the schema is
        for leftover in tmp_path.iterdir():
            leftover.unlink()
        path.write_bytes(data)
        with suppress(TranslationError), Cache(path) as cache:
            found = {key: cache.get(key) for key in answers}
            assert all(answer in (None, answers[key]) for key, answer in found.items())
            usable += 1
    assert usable > 5


def test_answers_of_an_older_version_are_still_answers(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "cache.db") as base:
        base.execute("CREATE TABLE answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)")
        base.execute("INSERT INTO answers VALUES ('a', 'old')")
    with Cache(tmp_path / "cache.db") as cache:
        assert cache.get("a") == "old"
        cache.put("a", "new")
        assert cache.get("a") == "new"


SCRIPT = """
import sys
from reader.options import TranslateOptions
from reader.translation import *
from tests.test_translate import DOCUMENT, FAST
translator = ChatTranslator(sys.argv[1], "m", options=FAST, environment={})
with Cache(sys.argv[2]) as cache:
    made = translate(DOCUMENT, translator, cache=cache,
                     options=TranslateOptions(batch=1, concurrency=1))
write_translation(made, sys.argv[3])
"""


def test_killed_half_way_it_finishes_without_asking_twice(tmp_path: Path) -> None:
    def mode(server: Server, segments: list[str]) -> Reply:
        reply = good(server, segments)
        reply.delay = 0.05
        return reply

    with chat_server(mode) as server:
        out = tmp_path / "text.en.txt"
        command = [sys.executable, "-c", SCRIPT, server.url, str(tmp_path / "c.db"), str(out)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
        process = subprocess.Popen(command, env=environment)
        while server.requests < len(TEXTS) // 2:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        asked = server.requests
        assert not out.exists()
        subprocess.run(command, env=environment, check=True)
    # One answer was on its way when the process died; no other is asked for again.
    assert server.requests <= len(TEXTS) + 1
    assert asked < len(TEXTS)
    assert max(server.asked.values()) <= 2
    assert [n for n in server.asked.values() if n > 1] in ([], [2])
    assert out.read_text(encoding="utf-8").count("It is said") == len(TEXTS)


def test_the_text_says_that_a_machine_made_it_and_alignment_reads_that(tmp_path: Path) -> None:
    with chat_server() as server:
        made = translate(DOCUMENT, client(server))
    text = translation_text(made)
    first, *paragraphs = text.rstrip("\n").split("\n\n")
    assert first == "<!-- machine translation: test-model -->"
    assert paragraphs == [english(text) for text in TEXTS]
    write_translation(made, tmp_path / "a.en.txt")
    assert (tmp_path / "a.en.txt").read_text(encoding="utf-8") == text
    blocks = tuple(Block(part) for part in (first, *paragraphs))
    rest, translator, machine = split_provenance(blocks, Metadata())
    assert (rest, translator, machine) == (blocks[1:], "test-model", True)
    assert split_provenance(blocks[1:], Metadata()) == (blocks[1:], "", False)


def test_an_estimate_asks_nobody_and_counts_what_is_missing() -> None:
    nobody = ChatTranslator("http://127.0.0.1:9/v1", "test-model", environment={})
    before = estimate(DOCUMENT, nobody, input_rate=1.0, output_rate=4.0)
    assert (before.segments, before.cached, before.requests) == (24, 0, 3)
    assert before.price == pytest.approx(
        (before.input_tokens + 4 * before.output_tokens) / 1e6, rel=0.01
    )
    with chat_server() as server, Cache() as cache:
        translate(DOCUMENT, client(server), cache=cache)
        after = estimate(DOCUMENT, client(server), cache=cache)
    assert (after.cached, after.requests, after.output_tokens) == (24, 0, 0)


def test_glossary_terms_are_looked_for_in_any_form() -> None:
    request = Request("这里的内卷很严重。", terms=(("内卷", "the rat race; involution"),))
    assert "内卷" in missing_terms(request, "Competition here is severe.", "en")
    assert missing_terms(request, "The rat races here are severe.", "en") == ""


def test_an_answer_without_a_term_is_asked_for_again_and_then_kept_and_reported() -> None:
    doubts: list[tuple[str, str]] = []
    glossary = Glossary([Entry("菜市场", "菜市场", gloss="wet market")])
    with chat_server() as server:
        made = translate(
            Document(DOCUMENT.metadata, DOCUMENT.blocks[:2]),
            client(server),
            glossary=glossary,
            doubt=lambda text, wrong: doubts.append((text, wrong)),
        )
    assert [block.text for block in made.blocks] == [english(text) for text in TEXTS[:2]]
    assert sorted(server.asked.values()) == [2, 2]
    assert doubts == [(text, "glossary terms are missing: 菜市场") for text in TEXTS[:2]]


def test_answers_are_read_with_care() -> None:
    assert parse_answer('Sure! {"translations": ["a"]} Bye', 1) == ["a"]
    for content in ("", "[", '{"translations": "a"}', '["a", 1]', '["a", "b"]', "[" * 10_000):
        with pytest.raises(AnswerError):
            parse_answer(content, 1)


def test_names_and_addresses_that_lead_nowhere() -> None:
    with pytest.raises(OptionError, match="no translator 'x'"):
        load_translator("x")
    with pytest.raises(TranslationError, match="http://"):
        load_translator(base_url="localhost:80", model="m")
    named = ChatTranslator("http://user:pass@host/v1?key=1", "m", environment=ENVIRONMENT)
    assert "pass" not in repr(named)
    assert "key=1" not in repr(named)


@contextmanager
def hostile_server(piece: bytes, wait: float = 0.0) -> Iterator[str]:
    """The base URL of a server that answers every request with `piece`, again and again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                while True:
                    connection.sendall(piece)
                    time.sleep(wait)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(
                        target=answer, args=(listener.accept()[0],), daemon=True
                    ).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


@pytest.mark.parametrize(
    ("piece", "wait"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),
        (b"HTTP/1.1 100 Continue\r\n\r\n", 0.0),
        (b"HTTP/1.1 200 OK\r\nX: y\r\n", 0.01),
        (b"HTTP/1.1 200 OK\r\nX: y\r\n", 0.0),
    ],
    ids=["continue", "continue-fast", "headers", "headers-fast"],
)
def test_a_server_that_never_ends_its_headers_is_given_up(piece: bytes, wait: float) -> None:
    begin = time.monotonic()
    options = ServerOptions(timeout=0.4, tries=2, backoff=0.01)
    with hostile_server(piece, wait) as url:
        translator = ChatTranslator(url, "m", options=options, environment={})
        with pytest.raises(TranslationError, match=r"in time|broke"):
            translate(DOCUMENT, translator)
    assert time.monotonic() - begin < 8


def bomb(layers: int, size: int) -> Reply:
    body = b" " * size
    for _ in range(layers):
        body = gzip.compress(body)
    encoding = ", ".join(["gzip"] * layers)
    return Reply(
        body=body, headers={"Content-Type": "application/json", "Content-Encoding": encoding}
    )


@pytest.mark.parametrize("layers", [1, 3])
def test_a_small_answer_that_unpacks_to_a_huge_one_is_refused(layers: int) -> None:
    reply = bomb(layers, 64 * 1024 * 1024)
    tracemalloc.start()
    try:
        message = r"more than an answer can be|packs its"
        with (
            chat_server(lambda server, segments: reply) as server,
            pytest.raises(TranslationError, match=message),
        ):
            texts_of(DOCUMENT, server, concurrency=1)
        assert tracemalloc.get_traced_memory()[1] < 60 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_packed_answer_is_unpacked() -> None:
    def mode(server: Server, segments: list[str]) -> Reply:
        reply = good(server, segments)
        reply.body = gzip.compress(reply.body)
        reply.headers["Content-Encoding"] = "gzip"
        return reply

    with chat_server(mode) as server:
        assert texts_of(DOCUMENT, server) == [english(text) for text in TEXTS]


def test_half_a_character_is_no_answer(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache.db") as cache:
        with chat_server(lying(lambda s: english(s) + "\ud800")) as server:
            made = translate(DOCUMENT, client(server), cache=cache)
        assert [block.text for block in made.blocks] == [english(text) for text in TEXTS]
        mode = completion([english(TEXTS[0]) + "\ud800"])
        one = Document(DOCUMENT.metadata, (Block("这一段话还没有人翻译过，说的是天气。"),))
        with (
            chat_server(lambda server, segments: mode) as server,
            pytest.raises(TranslationError, match="half a character"),
        ):
            translate(one, client(server, backoff=0.0), cache=cache)


def test_the_words_of_a_server_are_fit_for_a_terminal() -> None:
    body = b'{"error": {"message": "no \\ud800 \\u001b]0;title\\u0007 \\u202e here"}}'
    with (
        chat_server(lambda server, segments: Reply(400, body)) as server,
        pytest.raises(TranslationError) as caught,
    ):
        texts_of(DOCUMENT, server)
    assert str(caught.value).endswith(r"no \ud800 \u001b]0;title\u0007 \u202e here")
    str(caught.value).encode()


def test_a_draft_is_fit_for_a_terminal(tmp_path: Path) -> None:
    def mode(server: Server, segments: list[str]) -> Reply:
        return completion([f"\x1b]0;x\x07{english(text)}\x9b\u202e" for text in segments])

    with chat_server(mode) as server:
        draft = translate(DOCUMENT, client(server))
    assert [block.text for block in draft.blocks] == [f"]0;x{english(text)}" for text in TEXTS]


def seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def test_what_is_read_is_read_in_linear_time() -> None:
    line = Block("machine translation: a" + " " * 100_000 + "b")
    assert seconds(lambda: split_provenance((line,), Metadata())) < 0.5
    for content in ("[" * 400_000, "[" * 400_000 + "]"):
        begin = time.process_time()
        with pytest.raises(AnswerError):
            parse_answer(content, 1)
        assert time.process_time() - begin < 0.5
    made = Translation("en", (Block("a" + " " * 100_000 + "b"),))
    assert seconds(lambda: translation_text(made)) < 0.5
