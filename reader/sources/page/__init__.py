"""A tree of HTML elements read as blocks: what HTML, Markdown and DOCX have in common."""

from reader.sources.page.pictures import Pictures
from reader.sources.page.tree import parsed
from reader.sources.page.walker import read_page

__all__ = ["Pictures", "parsed", "read_page"]
