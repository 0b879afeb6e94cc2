"""Annotated bilingual readers of Chinese texts."""

__version__ = "0.1.0"
