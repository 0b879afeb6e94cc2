"""The one door to the compiled core: the loops that pay, once more in C (`native/`).

Beside each compiled loop stands a plain Python reference, which is its specification and runs
where there was no C compiler; the two give the same. Whoever has such a pair asks here for the one
to use, so nothing else imports `reader._core`. `READER_PURE` in the environment takes the Python.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar

__all__ = ["COMPILED", "choose"]

T = TypeVar("T")

_core: ModuleType | None
try:
    import reader._core as _core
except ImportError:  # installed without a C compiler
    _core = None
if os.environ.get("READER_PURE"):
    _core = None

COMPILED = _core is not None
"""Whether the compiled core is in use. For messages and tests: whoever has a choice to make
calls `choose`."""


def choose(compiled: Callable[[Any], T], reference: Callable[[], T]) -> T:
    """What `compiled` makes of the core where there is one, or else what `reference` makes.

    >>> choose(lambda core: "compiled", lambda: "Python") in ("compiled", "Python")
    True
    """
    return reference() if _core is None else compiled(_core)
