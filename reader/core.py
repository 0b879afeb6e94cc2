"""The one door to the compiled core: the loops that pay, once more in C (`native/`).

**Built** by `hatch_build.py` when the package is: every `native/*.c` into the module `reader._core`
(its types: `_core.pyi`). Each file of C begins by naming the Python that it is the twin of. Without
a compiler the package is installed all the same; `READER_CORE=require` makes that an error,
`READER_CORE=skip` compiles nothing. After a change in `native/`: `pip install -e .`.

**Chosen** here and nowhere else. Beside each compiled loop stands a plain Python reference, which
is its specification and runs where there is no core, or where `READER_PURE` is in the environment;
the two give the same, and whoever has such a pair asks `choose` for the one to use.

**Tested** in `tests/test_core.py`, which holds the two together over generated texts.
`.ci/sanitize` runs that under the address and undefined-behaviour sanitizers, with READER_CHECK
defined: then all that the core makes passes through the checks of its Python constructor too.
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
