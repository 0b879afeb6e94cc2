"""A real HTTP server on loopback that speaks the chat-completions protocol, well or badly."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-secret-0123456789"


def english(text: str) -> str:
    """A stand-in for a translation: English, of a fitting length, that names its source."""
    words = " ".join(f"{ord(character):x}" for character in text)
    return f"It is said that {words} it."


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    delay: float = 0.0
    announced: int | None = None
    """A Content-Length that is a lie: the connection closes early."""
    drip: bool = False
    """One byte at a time."""


Mode = Callable[["Server", list[str]], Reply]


@dataclass
class Server:
    mode: Mode
    url: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    under_way: int = 0
    most_under_way: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def completion(translations: object, finish: str = "stop") -> Reply:
    content = json.dumps({"translations": translations})
    return said(content, finish)


def said(content: str, finish: str = "stop") -> Reply:
    choice = {"message": {"role": "assistant", "content": content}, "finish_reason": finish}
    return Reply(body=json.dumps({"choices": [choice]}).encode())


def good(server: Server, segments: list[str]) -> Reply:
    return completion([english(segment) for segment in segments])


def failing_first(count: int, reply: Reply) -> Mode:
    """Answers the first `count` requests with `reply`, and then well."""

    def mode(server: Server, segments: list[str]) -> Reply:
        return reply if server.requests <= count else good(server, segments)

    return mode


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def do_POST(self) -> None:
        state: Server = self.server.state
        data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = json.loads(data["messages"][-1]["content"])
        with state.lock:
            state.requests += 1
            state.under_way += 1
            state.most_under_way = max(state.most_under_way, state.under_way)
            state.asked.update(asked["segments"])
            state.seen.append({**asked, "key": self.headers.get("Authorization", "")})
            reply = state.mode(state, asked["segments"])
        try:
            self._send(reply)
        except OSError:
            self.close_connection = True
        finally:
            with state.lock:
                state.under_way -= 1

    def _send(self, reply: Reply) -> None:
        time.sleep(reply.delay)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        length = len(reply.body) if reply.announced is None else reply.announced
        self.send_header("Content-Length", str(length))
        self.end_headers()
        for at in range(0, len(reply.body), 1 if reply.drip else len(reply.body) or 1):
            self.wfile.write(reply.body[at : at + (1 if reply.drip else len(reply.body))])
            self.wfile.flush()
            if reply.drip:
                time.sleep(0.02)
        if reply.announced is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    state: Server

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def chat_server(mode: Mode = good) -> Iterator[Server]:
    server = _Quiet(("127.0.0.1", 0), _Handler)
    state = server.state = Server(mode)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
