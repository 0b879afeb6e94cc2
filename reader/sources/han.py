"""Which characters are Han, told without a pattern.

A class of characters beyond U+FFFF takes `re` two milliseconds to compile, and the first character
of a Chinese text is nearly always one.
"""

from __future__ import annotations

__all__ = ["has_han", "is_han", "is_wide"]


def is_han(character: str) -> bool:
    """Whether a character is Han: an ideograph, one for compatibility, or 〇."""
    return (
        "\u3400" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003ffff"
        or character == "〇"
    )


def has_han(text: str) -> bool:
    """Whether any character of `text` is Han.

    >>> has_han("No. 一"), has_han("Nº 1")
    (True, False)
    """
    return not text.isascii() and any(map(is_han, text))


def is_wide(character: str) -> bool:
    """Whether a character is an East Asian one, punctuation included."""
    return (
        "\u2e80" <= character <= "\ua4cf"
        or "\uac00" <= character <= "\ud7a3"
        or "\uf900" <= character <= "\ufaff"
        or "\ufe30" <= character <= "\ufe4f"
        or "\uff00" <= character <= "\uff60"
        or "\U00020000" <= character <= "\U0003ffff"
    )
