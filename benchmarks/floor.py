"""The floor: what must be done in any case, and nothing else.

    python benchmarks/floor.py TEXT PAYLOAD OUT

Reads TEXT, converts it by OpenCC's `tw2s`, and writes the bytes of PAYLOAD (what the library wrote,
unpacked) to a zip at level 6.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from opencc import OpenCC


def main() -> None:
    text, payload, out = sys.argv[1:]
    OpenCC("tw2s").convert(Path(text).read_text(encoding="utf-8"))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("text.xhtml", Path(payload).read_bytes())


if __name__ == "__main__":
    main()
