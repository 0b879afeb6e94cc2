"""Whether there is a compiled core: the hot loops once more, in C (`native/`).

Everything runs without it, and gives the same; `READER_PURE` in the environment does without it.
"""

from __future__ import annotations

import os

try:
    import reader._core  # noqa: F401
except ImportError:  # installed without a C compiler
    COMPILED = False
else:
    COMPILED = not os.environ.get("READER_PURE")
