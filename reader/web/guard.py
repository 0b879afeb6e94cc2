"""Who may ask this server: the page that it served itself, on this machine, and nobody else.

Every address begins with a token that was drawn when the server started. A page of another site
that guesses the port knows no token; one whose name was bound to 127.0.0.1 (DNS rebinding) says
another host; a form or script of it says another origin.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from hmac import compare_digest
from typing import Any, TypeAlias

# What an ASGI application is: the specification's own shapes.
Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
SAFE = frozenset({"GET", "HEAD"})
HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
}
"""What every answer says."""


class Guard:
    """Lets through what comes from the server's own page; takes the token off the path."""

    def __init__(self, app: ASGIApp, token: str, most: int) -> None:
        """`most` is how many bytes a request may bring."""
        self._app = app
        self._token = token
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): v.decode("latin-1") for name, v in scope["headers"]}
        refused = self._refused(scope, headers)
        if refused:
            await _refuse(send, *refused)
            return
        inner = dict(scope)
        inner["path"] = scope["path"].removeprefix(f"/{self._token}")
        inner["raw_path"] = inner["path"].encode()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name for name, _ in message["headers"]}
                message["headers"] += [
                    (name.encode(), value.encode())
                    for name, value in HEADERS.items()
                    if name.encode() not in known
                ]
            await send(message)

        await self._app(inner, receive, answer)

    def _refused(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, str] | None:
        if scope["type"] != "http":
            return 403, "not here"
        host = headers.get("host", "")
        if host.rsplit(":", 1)[0] not in HOSTS and host not in HOSTS:
            return 403, "this server answers this machine alone"
        first = scope["path"].split("/", 2)[1] if scope["path"].startswith("/") else ""
        if not compare_digest(first.encode(), self._token.encode()):
            return 404, "no such address: open the one that the terminal shows"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return 403, "asked by another page"
        if scope["method"] not in SAFE and headers.get("origin") != f"http://{host}":
            return 403, "asked by another page"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 15 or int(length) > self._most:
            return 413, f"too large: a file may have {self._most >> 20} MiB"
        return None


async def _refuse(send: Send, status: int, reason: str) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind]})
    await send({"type": "http.response.body", "body": f"{reason}\n".encode()})
