"""Words, readings, notes and sentences, beside the text and never woven into it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
