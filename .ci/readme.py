"""The README's commands, so that what is checked is what is said: `python .ci/readme.py N`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def command(number: int) -> str:
    """The `number`th block for a Unix shell, from 1."""
    return re.findall(r"^```sh\n(.*?)^```$", README.read_text("utf-8"), re.M | re.S)[number - 1]


if __name__ == "__main__":
    print(command(int(sys.argv[1])), end="")
