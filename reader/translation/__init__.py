"""Machine translation, when there is none by hand: drafts to edit, and marked as such."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
