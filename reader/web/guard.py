"""Who may ask this server: the page that it served itself, on this machine, and nobody else.

Every address begins with a token that was drawn when the server started. A page of another site
that guesses the port knows no token; one whose name was bound to 127.0.0.1 (DNS rebinding) says
another host; a form or script of it says another origin.
"""

from __future__ import annotations

from hmac import compare_digest

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
        headers = Headers(scope=scope)
        refused = self._refused(scope, headers)
        if refused:
            await PlainTextResponse(f"{refused[1]}\n", refused[0])(scope, receive, send)
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

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
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
