"""Programs that annotate an EPUB: this library and its peers, as a person would run them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["TOOLS", "Tool", "program"]


@dataclass(frozen=True)
class Tool:
    name: str
    package: str
    """For pip; "" for this library."""
    arguments: tuple[str, ...]
    """`{source}`, `{folder}` and `{out}` (without suffix) are filled in."""

    def command(self, path: Path, source: Path, folder: Path) -> list[str]:
        """How the program at `path` is called to annotate `source` into `folder`."""
        places = {"source": str(source), "folder": str(folder), "out": str(folder / "out")}
        return [str(path), *(part.format(**places) for part in self.arguments)]


TOOLS = (
    Tool("annotated-reader", "", ("build", "{source}", "-o", "{out}.epub", "--jobs", "1")),
    Tool("epub-pinyin", "epub-pinyin", ("{source}", "-o", "{out}.epub")),
    Tool("epubhv", "epubhv", ("{source}", "--ruby", "-d", "{folder}")),
)


def program(tool: Tool, folder: Path) -> Path:
    """The tool's program, installed into a virtual environment of its own if it is not there."""
    if not tool.package:
        # As pip does for the others; a checkout may be told to write no byte code.
        package = Path(__file__).parents[1] / "reader"
        subprocess.run([sys.executable, "-m", "compileall", "-q", package], check=True)
        return Path(sys.executable).parent / "reader"
    found = folder / tool.package / "bin" / tool.name
    if not found.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / tool.package], check=True)
        pip = folder / tool.package / "bin" / "pip"
        subprocess.run([pip, "install", "-q", tool.package], check=True)
    return found
