"""A memory that stays within bounds."""

from __future__ import annotations

from typing import TypeVar

__all__ = ["BoundedCache"]

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(dict[K, V]):
    """A dictionary that starts afresh when it is full.

    Look-ups are a plain dictionary's, which is what hot loops need; an LRU cache would pay for its
    order at every one. What grows through `remember` never holds more than `limit` entries.

    >>> cache = BoundedCache[str, int](2)
    >>> cache.remember("a", 1), cache.remember("b", 2), cache.remember("c", 3), dict(cache)
    (1, 2, 3, {'c': 3})
    """

    __slots__ = ("limit",)

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def remember(self, key: K, value: V) -> V:
        """Keep `value` under `key` and return it; all else is forgotten first where it is full."""
        if len(self) >= self.limit:
            self.clear()
        self[key] = value
        return value
