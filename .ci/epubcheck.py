"""EPUBCheck over many books in one Java machine; exit 1 if it has anything to say of one.

python .ci/epubcheck.py BOOK.epub...
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

# In the place of this folder, where this file hides the package of the same name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from tests.checkers import COUNTED, check_all  # noqa: E402


def main(paths: list[str]) -> int:
    """Print a line for each message and a count for each book."""
    if not paths:
        sys.exit(__doc__)
    total: Counter[str] = Counter()
    for path, messages in check_all(paths):
        counts = Counter(message.severity for message in messages)
        total += counts
        print(" / ".join(str(counts[severity]) for severity in COUNTED), path)
        for message in messages:
            print(f"    {message.severity} {message.id} {message.place} {message.text}")
    said = ", ".join(f"{total[severity]} {severity.lower()}" for severity in COUNTED)
    print(f"{len(paths)} books: {said}")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
