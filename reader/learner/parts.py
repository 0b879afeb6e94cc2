"""Compounds that are understood from their parts: only with proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reader.learner.decisions import Learner
    from reader.model import Token

__all__ = ["known_by_parts"]


def known_by_parts(token: Token, learner: Learner) -> bool:
    """Whether a word that the learner does not know is clear from parts that they do."""
    return False
