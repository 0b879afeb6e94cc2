"""Annotated bilingual readers of Chinese texts.

    document = reader.annotate(Path("texts/two-parks.txt"), glossary="glossary.csv")
    print(document.pinyin())
    reader.write(document, "two-parks.epub")

The public names stand in `__init__.pyi`. Each is imported when it is first used, so that
`import reader` costs next to nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
