"""What each XHTML element means for the text in it."""

from __future__ import annotations

from enum import Enum, auto

__all__ = ["BLOCKS", "MAX_DEPTH", "Role", "role_of"]

MAX_DEPTH = 512
"""How deep elements may be nested, as in browsers: what is read grows with the square of it."""


class Role(Enum):
    INLINE = auto()
    BLOCK = auto()
    """Begins and ends a passage."""
    CODE = auto()
    """A block that is never annotated."""
    PROTECTED = auto()
    """Inline text that its neighbours are read with, but that is never annotated itself."""
    OBJECT = auto()
    """Something that is not text: no word goes across it."""
    BREAK = auto()
    """A line break: words go across it, white space beside it does not show."""
    SILENT = auto()
    """Not text of the passage, and not in the way of a word: a page number, a comment."""


BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav "
    "ol optgroup option p pre search section select summary table tbody td tfoot th thead tr ul "
    "listing xmp".split()
)

_ROLES = (
    dict.fromkeys(BLOCKS, Role.BLOCK)
    | dict.fromkeys(("pre", "listing", "xmp", "select"), Role.CODE)
    | dict.fromkeys(("code", "kbd", "samp", "tt", "ruby", "button"), Role.PROTECTED)
    | dict.fromkeys(("var",), Role.PROTECTED)
    | dict.fromkeys(
        "img svg math object embed iframe canvas audio video input textarea picture "
        "progress meter applet".split(),
        Role.OBJECT,
    )
    | dict.fromkeys(
        "head title script style template noscript rt rp rtc datalist map area "
        "colgroup col wbr".split(),
        Role.SILENT,
    )
    | {"br": Role.BREAK}
)

# Marks in the text that are not of it: printed page numbers, references to notes.
_MARKERS = {"pagebreak", "noteref", "doc-pagebreak", "doc-noteref"}
_TYPE = "http://www.idpf.org/2007/ops type"


def role_of(name: str, attributes: dict[str, str]) -> Role:
    """The role of an XHTML element by its local name and attributes.

    >>> role_of("span", {"role": "doc-pagebreak"})
    <Role.SILENT: 7>
    """
    role = _ROLES.get(name, Role.INLINE)
    if attributes and role is not Role.OBJECT:
        kinds = f"{attributes.get('role', '')} {attributes.get(_TYPE, '')}"
        if kinds != " " and not _MARKERS.isdisjoint(kinds.split()):
            return Role.SILENT
    return role
