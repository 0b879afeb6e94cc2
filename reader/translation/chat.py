"""A translator that asks a chat-completions server: the prompt, the request, its answer.

Any server that speaks the OpenAI-compatible protocol will do. The one door to httpx.
"""

from __future__ import annotations

import json
import os
import random
import re
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from reader.errors import TranslationError
from reader.options import ServerOptions
from reader.translation.translator import AnswerError, Request

VERSION = "1"
"""Changes whenever the wording does: answers to another prompt are not reused."""

LANGUAGES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "ru": "Russian", "ja": "Japanese", "ko": "Korean", "vi": "Vietnamese",
    "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
}  # fmt: skip

_SYSTEM = (
    "You translate Chinese texts into {language} for readers who learn Chinese: faithfully, "
    "completely, sentence by sentence where {language} allows it, in plain good prose. "
    "You are given a JSON object. Translate every string of `segments`, and nothing else: `before` "
    "and `after` are the text around them, for understanding only. Render the terms of `glossary` "
    "as given there. Keep the line breaks and any markup of a segment. Answer with one JSON object "
    '{{"translations": [...]}} that holds exactly one string for each segment, in order, and '
    "nothing around it."
)


def messages(batch: Sequence[Request], language: str) -> list[dict[str, str]]:
    """The messages that ask for the translation of a batch."""
    name = LANGUAGES.get(language.split("-")[0], language)
    payload = {
        "before": batch[0].before,
        "segments": [request.text for request in batch],
        "after": batch[-1].after,
        "glossary": dict(term for request in batch for term in request.terms),
    }
    return [
        {"role": "system", "content": _SYSTEM.format(language=name)},
        {"role": "user", "content": json.dumps(payload, ensure_ascii=False)},
    ]


def parse_answer(content: str, count: int) -> list[str]:
    """The translations in a model's answer; fences and words around the JSON are passed over.

    Raises `AnswerError` when there are not `count` of them.

    >>> parse_answer('```json\\n{"translations": ["One.", "Two."]}\\n```', 2)
    ['One.', 'Two.']
    """
    # From the first bracket to the last. Not by a pattern: 400,000 opening brackets and no closing
    # one would be looked through from each of them.
    start, end = content.find("["), content.rfind("]") + 1
    try:
        values: Any = json.loads(content[start:end]) if 0 <= start < end else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise AnswerError("the answer is not the JSON asked for", excerpt=content[:200])
    if len(values) != count:
        raise AnswerError(f"{len(values)} translations came back for {count} segments")
    return [str(value).strip() for value in values]


KEYS = ("READER_API_KEY", "OPENAI_API_KEY")
"""Environment variables that may hold the key, the first that does."""
_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
_LARGEST = 16 * 1024 * 1024
"""Bytes of an answer, at most, packed as unpacked."""
_PACKED = ("gzip", "x-gzip", "deflate")
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS
_REASONS = {
    400: "does not accept the request",
    401: f"wants another key: set {KEYS[0]} in the environment",
    403: f"does not allow this key to be used: see {KEYS[0]} in the environment",
    404: "knows no such model or path",
    413: "finds the request too large: ask for fewer segments at once",
}


class ChatTranslator:
    """Translates with the model `model` of the server at `base_url` (`http://localhost:8080/v1`).

    The key comes from the environment, and stands in no message, repr or cache. Requests are tried
    again, after waits that grow and as the server asks, while it is busy, failing or away. Used
    from several threads at once.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        options: ServerOptions | None = None,
        environment: Mapping[str, str] | None = None,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        environment = os.environ if environment is None else environment
        self._url = _endpoint(base_url)
        self._model = model
        self._options = options or ServerOptions()
        self._key = next((environment[name] for name in KEYS if environment.get(name)), "")
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._headers = {"Accept-Encoding": "gzip, deflate"}
        if self._key:
            self._headers["Authorization"] = f"Bearer {self._key}"
        self._certificates = httpx.create_ssl_context()
        self._idle: list[httpx.Client] = []
        self._clients: list[httpx.Client] = []

    def __repr__(self) -> str:
        return f"ChatTranslator({_shown(self._url)!r}, {self._model!r})"

    @property
    def name(self) -> str:
        return self._model

    @property
    def version(self) -> str:
        return f"chat {VERSION}, temperature {self._options.temperature}"

    def close(self) -> None:
        """Ends what is under way: waits are over at once, and nothing is tried again."""
        self._closed.set()
        for client in tuple(self._clients):
            client.close()

    def translate(self, batch: Sequence[Request], language: str) -> list[str]:
        """One translation for each request. Raises `AnswerError` and `TranslationError`."""
        body = {
            "model": self._model,
            "messages": messages(batch, language),
            "temperature": self._options.temperature,
        }
        content, finish = _choice(self._posted(body))
        if finish == "length":
            raise AnswerError("the answer was cut off by the server's limit on its length")
        return parse_answer(content, len(batch))

    def _posted(self, body: Any) -> bytes:
        """The server's answer to `body`, tried as often as the options allow."""
        for attempt in range(1, self._options.tries + 1):
            try:
                return self._once(body)
            except _LaterError as error:
                if attempt == self._options.tries or self._closed.is_set():
                    raise TranslationError(f"{error.args[0]} (tried {attempt} times)") from None
                self._sleep(self._wait(attempt, error.wait))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _wait(self, attempt: int, asked: float | None) -> float:
        if asked is not None:
            return min(asked, self._options.longest_wait)
        longest = self._options.backoff * 2.0 ** (attempt - 1)
        # Jitter keeps the requests of one run from coming back all at once.
        return min(longest * random.uniform(0.5, 1.0), self._options.longest_wait)

    def _once(self, body: Any) -> bytes:
        address = _shown(self._url)
        end = time.monotonic() + self._options.timeout
        try:
            with self._client() as client, client.stream("POST", self._url, json=body) as response:
                data = self._body(response)
        except httpx.ConnectError:
            raise _LaterError(f"the server at {address} cannot be reached") from None
        except httpx.TransportError as error:
            if isinstance(error, httpx.TimeoutException) or time.monotonic() >= end:
                message = f"the server at {address} does not answer in time"
            else:
                message = f"the connection to {address} broke: {type(error).__name__}"
            raise _LaterError(message) from None
        except (httpx.InvalidURL, httpx.HTTPError, UnicodeError, RuntimeError):
            raise TranslationError(f"{address} is not an address to ask") from None
        self._check(response, data)
        return data

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        """A client for one request, with a connection that is kept for the next one.

        It is closed from outside when the time for the request is over: httpx limits the wait for
        each piece, so a server that sends a header line now and then would be heard for ever. That
        would end the requests of the other threads too, had they no clients of their own.
        """
        try:
            client = self._idle.pop()
        except IndexError:
            limit = self._options.timeout
            client = httpx.Client(
                headers=self._headers,
                timeout=httpx.Timeout(limit, connect=min(15.0, limit)),
                verify=self._certificates,
            )
            self._clients.append(client)
        watchdog = threading.Timer(self._options.timeout, client.close)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield client
        except BaseException:
            client.close()
            raise
        finally:
            watchdog.cancel()
            watchdog.join()
            (self._clients.remove if client.is_closed else self._idle.append)(client)

    def _body(self, response: httpx.Response) -> bytes:
        """The body, within the limit on its size however it is packed."""
        packed = bytearray()
        for chunk in response.iter_raw():
            packed += chunk
            if len(packed) > _LARGEST:
                raise TranslationError(f"{_shown(self._url)} sends more than an answer can be")
        data = bytes(packed)
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding in _PACKED:
            # Not by httpx, which unpacks as many layers as the server names (RFC 9110, 8.4), each a
            # thousand times as large as the one around it.
            try:
                data = zlib.decompressobj(_ZLIB_OR_GZIP).decompress(data, _LARGEST + 1)
            except zlib.error:
                raise _LaterError(f"{_shown(self._url)} sends what cannot be unpacked") from None
        elif encoding not in ("", "identity"):
            raise TranslationError(f"{_shown(self._url)} packs its answers as {encoding[:40]!r}")
        if len(data) > _LARGEST:
            raise TranslationError(f"{_shown(self._url)} sends more than an answer can be")
        return data

    def _check(self, response: httpx.Response, data: bytes) -> None:
        """Raises for what is no answer: `_LaterError` where it may pass, or `TranslationError`."""
        status, address = response.status_code, _shown(self._url)
        message = self._error_message(data)
        if status in _BUSY:
            raise _LaterError(
                f"the server at {address} is busy or failing ({status}){message}",
                _retry_after(response.headers.get("Retry-After")),
            )
        if status >= 300:
            reason = _REASONS.get(status, "refuses the request")
            raise TranslationError(f"the server at {address} {reason} ({status}){message}")
        html = "html" in response.headers.get("Content-Type", "")
        if html or data.lstrip()[:1] == b"<":
            raise TranslationError(
                f"{address} answers with a web page: is this the base URL of the API, "
                "such as http://localhost:8080/v1?"
            )

    def _error_message(self, data: bytes) -> str:
        """The server's own words on an error, without the key should it repeat that."""
        try:
            error = json.loads(data).get("error")
            text = str(error.get("message", "") if isinstance(error, dict) else error or "")
        except (ValueError, AttributeError, RecursionError):
            return ""
        if self._key:
            text = text.replace(self._key, "…")
            # Servers show some first and last characters of the key they were given.
            text = re.sub(rf"{re.escape(self._key[:3])}\S*", "…", text)
        text = " ".join(text.split())[:200]
        return f": {text}" if text else ""


class _LaterError(Exception):
    """A failure that may pass, and the seconds the server asks to wait."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


def _endpoint(base_url: str) -> str:
    url = base_url.strip().rstrip("/")
    if not re.match(r"https?://[^/\s]+", url):
        raise TranslationError("the base URL must begin with http:// or https://", excerpt=base_url)
    return url if url.endswith("/chat/completions") else f"{url}/chat/completions"


def _shown(url: str) -> str:
    """The address for messages: without credentials or query, which may hold secrets."""
    return re.sub(r"//[^/@]*@", "//", url).split("?")[0]


def _retry_after(value: str | None) -> float | None:
    """Seconds, of a `Retry-After` header in seconds or as a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _choice(data: bytes) -> tuple[str, str]:
    """The text of the first choice, and why it ended."""
    try:
        choice = json.loads(data)["choices"][0]
        content, finish = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        excerpt = data[:200].decode("utf-8", "replace")
        message = "the server's answer is cut short or not its protocol"
        raise AnswerError(message, excerpt=excerpt) from None
    if not isinstance(content, str):
        raise AnswerError("the model gave no text")
    return content, str(finish)
