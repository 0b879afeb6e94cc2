"""Browsers as the tests drive them: a page opened at a width, and a question answered.

Chromium speaks its DevTools protocol over two pipes, WebKit WebDriver over HTTP, Firefox Marionette
over a socket; they are the real engines, without a library between.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from shutil import rmtree, which
from typing import Any

import httpx
import pytest

needs_browser = pytest.mark.skipif(
    which("chromium") is None and os.environ.get("CI") != "true", reason="needs Chromium"
)

_CODES = {
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    " ": 32,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
}
"""Of keys that are no characters what Windows calls them, which the protocol wants."""

PATIENCE = 30.0
"""Seconds until a page must have loaded, on a machine with much else to do."""


class Chromium:
    """One headless browser with one page."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp()
        to_browser, questions = os.pipe()
        answers, from_browser = os.pipe()
        command = [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu"),
            *("--remote-debugging-pipe", "--allow-file-access-from-files"),
            *(f"--user-data-dir={self._folder}", "about:blank"),
        ]
        # The protocol wants its pipes to be file descriptors 3 and 4.
        line = f"exec {shlex.join(command)} 3<&{to_browser} 4>&{from_browser}"
        self._process = subprocess.Popen(
            ["bash", "-c", line],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._questions, self._answers = questions, answers
        self._number = 0
        self._rest = b""
        self._session = ""
        self.events: list[dict[str, Any]] = []
        """What the browser told of itself since a page was opened: requests, errors, console."""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Runtime", "Log", "Network", "Page"):
            self._ask(f"{domain}.enable")

    def close(self) -> None:
        os.close(self._questions)
        os.close(self._answers)
        self._process.terminate()
        self._process.wait(30)
        rmtree(self._folder, ignore_errors=True)

    def open(self, page: Path, width: int, height: int = 800) -> None:
        """Load a file in a window of that many CSS pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._ask("Emulation.setDeviceMetricsOverride", **size)
        # A page that differs only in its fragment would not be loaded again.
        self._ask("Page.navigate", url="about:blank")
        self.events.clear()
        self._ask("Page.navigate", url=page.absolute().as_uri())
        end = time.monotonic() + PATIENCE
        loaded = "location.protocol === 'file:' && document.readyState === 'complete'"
        while not self.ask(loaded):
            assert time.monotonic() < end, f"{page} did not load"
            time.sleep(0.02)
        self.ask("document.fonts.ready.then(() => true)")

    def ask(self, expression: str) -> Any:
        """What an expression of JavaScript gives in the page, a promise awaited."""
        asked = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = self._ask("Runtime.evaluate", **asked)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    @contextmanager
    def before_pages(self, script: str) -> Iterator[None]:
        """Run a script in each page that is opened, before it does anything."""
        added = self._ask("Page.addScriptToEvaluateOnNewDocument", source=script)
        yield
        self._ask("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])

    def press(self, key: str, *, shift: bool = False) -> None:
        """A key pressed and let go: a character, or a name such as `ArrowRight`."""
        code = _CODES.get(key, 0)
        pressed: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code}
        if shift:
            pressed["modifiers"] = 8
        text = {"text": "\r" if key == "Enter" else key} if len(key) == 1 or key == "Enter" else {}
        self._ask("Input.dispatchKeyEvent", type="keyDown", **pressed, **text)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def complaints(self) -> list[str]:
        """Errors and messages of the page that was opened, and every request but that for it."""
        told = {"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"}
        asked = [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]
        return [json.dumps(event) for event in self.events if event["method"] in told] + [
            url for url in asked[1:] if not url.startswith(("data:", "blob:"))
        ]

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        question: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            question["sessionId"] = self._session
        os.write(self._questions, json.dumps(question).encode() + b"\0")
        while True:
            answer = self._next()
            if "method" in answer:
                self.events.append(answer)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            # A dialog, for one, keeps a page from answering.
            assert select([self._answers], [], [], 4 * PATIENCE)[0], "the browser does not answer"
            read = os.read(self._answers, 1 << 16)
            assert read, "the browser has gone"
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        result: dict[str, Any] = json.loads(message)
        return result


_WEBKIT = Path("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser")
needs_webkit = pytest.mark.skipif(
    not (which("WebKitWebDriver") and which("Xvfb") and _WEBKIT.exists()),
    reason="needs WebKitGTK's driver and Xvfb",
)


class WebKit:
    """One WebKitGTK browser in a display of its own, asked over WebDriver."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self._display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x1200x24"],
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        # To the end of the line: who writes into a pipe that nobody reads is ended.
        with open(read) as numbers:
            display = numbers.readline().strip()
        port = _free_port()
        self._driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}"],
            env={
                **os.environ,
                "DISPLAY": f":{display}",
                "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
                "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        base = f"http://127.0.0.1:{port}"
        self._client = httpx.Client(base_url=base, timeout=PATIENCE, trust_env=False)
        self._session = ""
        self._session = self._begin()

    def close(self) -> None:
        self._client.request("DELETE", f"/session/{self._session}")
        self._client.close()
        for process in (self._driver, self._display):
            process.terminate()
            process.wait(30)

    def open(self, page: Path, width: int, height: int = 800) -> None:
        """Load a file in a window of that many CSS pixels."""
        self._ask("/window/rect", {"x": 0, "y": 0, "width": width, "height": height})
        self._ask("/url", {"url": page.absolute().as_uri()})

    def ask(self, expression: str) -> Any:
        """What an expression of JavaScript gives in the page."""
        return self._ask("/execute/sync", {"script": f"return {expression}", "args": []})

    def _begin(self) -> str:
        """A session, once the driver listens."""
        wanted = {"webkitgtk:browserOptions": {"binary": str(_WEBKIT), "args": ["--automation"]}}
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._ask("", {"capabilities": {"alwaysMatch": wanted}})
            except httpx.ConnectError:
                assert time.monotonic() < end, "the driver does not answer"
                time.sleep(0.05)
            else:
                return str(answer["sessionId"])

    def _ask(self, path: str, body: dict[str, Any]) -> Any:
        session = f"/{self._session}" if self._session else ""
        answer = self._client.post(f"/session{session}{path}", json=body)
        value = answer.json()["value"]
        assert answer.status_code == 200, value
        return value


needs_firefox = pytest.mark.skipif(
    which("firefox-esr") is None and os.environ.get("CI") != "true", reason="needs Firefox"
)


class Firefox:
    """One headless Firefox, asked over Marionette: JSON over a socket, its size before it."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp()
        port = _free_port()
        (Path(self._folder) / "user.js").write_text(f'user_pref("marionette.port", {port});')
        command = ["firefox-esr", "--headless", "--no-remote", "--marionette"]
        # What the console was told is asked of the browser itself.
        command += ["--remote-allow-system-access", "--profile", self._folder]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
                break
            except OSError:
                assert time.monotonic() < end, "Firefox does not answer"
                time.sleep(0.1)
        self._rest, self._number = b"", 0
        self._receive()
        self._ask("WebDriver:NewSession", capabilities={})

    def close(self) -> None:
        self._ask("Marionette:Quit", flags=["eForceQuit"])
        self._socket.close()
        self._process.wait(30)
        rmtree(self._folder, ignore_errors=True)

    def open(self, page: Path, width: int, height: int = 800) -> None:
        """Load a file in a window of that many CSS pixels."""
        self._ask("WebDriver:SetWindowRect", x=0, y=0, width=width, height=height)
        self._ask("WebDriver:Navigate", url=page.absolute().as_uri())

    def ask(self, expression: str) -> Any:
        """What an expression of JavaScript gives in the page."""
        script = f"return {expression}"
        return self._ask("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def complaints(self) -> list[str]:
        """What the console was told of pages in files."""
        script = "return Services.console.getMessageArray().map(String)"
        self._ask("Marionette:SetContext", value="chrome")
        told = self._ask("WebDriver:ExecuteScript", script=script, args=[])["value"]
        self._ask("Marionette:SetContext", value="content")
        return [message for message in told if "file://" in message or "Content-Sec" in message]

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        question = json.dumps([0, self._number, method, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(question), question))
        _, _, error, result = self._receive()
        assert error is None, error
        return result or {}

    def _receive(self) -> Any:
        while b":" not in self._rest:
            self._rest += self._socket.recv(1 << 16)
        size, _, rest = self._rest.partition(b":")
        while len(rest) < int(size):
            rest += self._socket.recv(1 << 16)
        self._rest = rest[int(size) :]
        return json.loads(rest[: int(size)])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


Engine = Chromium | WebKit | Firefox
