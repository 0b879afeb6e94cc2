"""No function that is too complex to read; exit 1 and a line for each that is.

python .ci/complexity.py

Measured by radon (McCabe's cyclomatic complexity).
"""

from __future__ import annotations

import sys
from pathlib import Path

from radon.complexity import cc_visit

MOST = 12
PACKAGE = Path(__file__).resolve().parent.parent / "reader"


def main() -> int:
    failed = checked = 0
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        for block in cc_visit(path.read_text("utf-8")):
            checked += 1
            if block.complexity > MOST:
                failed += 1
                print(f"reader/{place}:{block.lineno}: {block.name} is of {block.complexity}")
    print(f"complexity: {checked} blocks, {failed} over {MOST}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
