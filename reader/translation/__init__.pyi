# The package's names and where they live; read by type checkers and by `__init__.py`.
from .chat import (
    ChatTranslator as ChatTranslator,
)
from .runner import (
    load_translator as load_translator,
    translate as translate,
    translation_text as translation_text,
    write_translation as write_translation,
)
from .segments import (
    Estimate as Estimate,
    estimate as estimate,
)
from .translator import (
    AnswerError as AnswerError,
    Cache as Cache,
    Request as Request,
    Translator as Translator,
)
