"""What may happen to a file."""

from __future__ import annotations

import random
from collections.abc import Callable


def flip_a_bit(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def change_a_byte(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] = dice.randrange(256)


def zero_a_page(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(0, len(data), 4096)
    data[start : start + 4096] = bytes(len(data[start : start + 4096]))


def zero_the_rest(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    data[start:] = bytes(len(data) - start)


def cut_off(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def lose_some(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    del data[start : start + dice.randrange(1, 9000)]


def add_some(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data) + 1)
    data[start:start] = dice.randbytes(dice.randrange(1, 9000))


def exchange_pages(data: bytearray, dice: random.Random) -> None:
    one, other = (dice.randrange(0, len(data) - 8192, 4096) for _ in range(2))
    data[one : one + 4096], data[other : other + 4096] = (
        data[other : other + 4096],
        data[one : one + 4096],
    )


def write_over(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    data[start : start + 512] = dice.randbytes(len(data[start : start + 512]))


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(flip_a_bit, change_a_byte, zero_a_page, zero_the_rest, cut_off, lose_some, add_some),
    *(exchange_pages, write_over),
)
