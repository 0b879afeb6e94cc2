# The package's names and where they live; read by type checkers and by `__init__.py`.
from .annotator import (
    Annotator as Annotator,
    annotate as annotate,
    annotate_stream as annotate_stream,
    repair as repair,
)
from .preparation import (
    Survey as Survey,
    convert as convert,
    survey as survey,
)
