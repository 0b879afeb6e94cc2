# The package's names and where they live; read by type checkers and by `__init__.py`.
from .annotator import (
    Annotator as Annotator,
    annotate as annotate,
    annotate_stream as annotate_stream,
)
from .preparation import (
    Survey as Survey,
    convert as convert,
    repair as repair,
    survey as survey,
)
