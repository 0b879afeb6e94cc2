"""The choices of alignment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlignOptions:
    cut_off: float = 0.8
    """Links that score less are left out: their sentences stay unlinked."""
    scorer: str = "lexical"
    """`lexical`, `length` (no words at all), or the name of an installed plugin, whose judgement
    is added to the lexical one."""
