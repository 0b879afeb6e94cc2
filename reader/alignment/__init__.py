"""Alignment of a text with its translation: blocks and sentences, linked and scored.

What does the work is imported when it is first used: numpy takes a tenth of a second.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
