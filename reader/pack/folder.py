"""A pack in a folder: a page for each sheet and key, and PDF of them where there is a browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from os import PathLike
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from reader.errors import OptionError, WriteError, one_of
from reader.files import replacing
from reader.options import RenderOptions
from reader.pack.sheets import Sheet, sheets_of
from reader.pack.teaching import Pack

__all__ = ["Paper", "find_browser", "write_pack"]

_BROWSERS = (
    "chromium chromium-browser google-chrome google-chrome-stable chrome microsoft-edge msedge"
).split()
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_SECONDS = 120


class Paper(StrEnum):
    """What sheets are printed on."""

    A4 = "a4"
    LETTER = "letter"


def write_pack(
    pack: Pack,
    folder: str | PathLike[str],
    options: RenderOptions | None = None,
    *,
    paper: Paper | str = Paper.A4,
    pdf: bool = False,
) -> list[Path]:
    """Write the sheets and keys of a pack into a folder, which is made; the files written.

    The same pack gives the same bytes, PDF by the same browser too. With `pdf` each page is printed
    by Chromium, Chrome or Edge, and if there is none, the pages are written and `OptionError` says
    what is missing. Raises `WriteError` for a folder that cannot be written.
    """
    paper = one_of(Paper, "paper", paper)
    options = options or RenderOptions()
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"cannot be made: {error.strerror}", path=place) from error
    written = []
    for sheet in sheets_of(pack, options, paper):
        written.append(_write(place, sheet))
    if pdf:
        written += list(_printed(written))
    return written


def _write(place: Path, sheet: Sheet) -> Path:
    path = place / f"{sheet.name}.html"
    with replacing(path) as file:
        file.write(sheet.page.encode())
    return path


def find_browser() -> str | None:
    """A browser that prints pages by itself."""
    found = next(filter(None, map(which, _BROWSERS)), None)
    return found or next((place for place in _PLACES if os.path.exists(place)), None)


def _printed(pages: Sequence[Path]) -> Iterator[Path]:
    browser = find_browser()
    if browser is None:
        message = "--pdf needs Chromium, Chrome or Edge, and there is none: the pages are written"
        raise OptionError(message)
    for page in pages:
        yield _print(browser, page)


def _print(browser: str, page: Path) -> Path:
    out = page.with_suffix(".pdf")
    # A profile of its own: a browser that runs already would take the page over.
    with TemporaryDirectory() as profile:
        made = Path(profile) / "page.pdf"
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={profile}",
            f"--print-to-pdf={made}",
            page.resolve().as_uri(),
        ]
        if sys.platform == "linux" and os.geteuid() == 0:
            # The sandbox does not start for root.
            command.insert(1, "--no-sandbox")
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise WriteError(f"could not be printed: {error}", path=out) from error
        if not made.is_file():
            said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise WriteError(f"could not be printed: {said:.200}", path=out)
        with replacing(out) as file:
            file.write(_undated(made.read_bytes()))
    return out


_HEAD = 1 << 12
_DATE = re.compile(rb"/(?:CreationDate|ModDate) \(D:[0-9]{14}")


def _undated(pdf: bytes) -> bytes:
    """A PDF with one day of its making in place of any other, so that a pack has the same bytes.

    A browser writes it first of all, before what is packed; nothing changes its place.
    """
    head = _DATE.sub(lambda date: date[0][:-14] + b"20000101000000", pdf[:_HEAD])
    return head + pdf[_HEAD:]
