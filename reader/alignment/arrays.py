"""The one door to numpy, and the arrays that alignment works with."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["ArrayLike", "Floats", "Ints", "np"]

ArrayLike: TypeAlias = npt.ArrayLike
Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
