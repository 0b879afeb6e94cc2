# The package's names and where they live; read by type checkers and by `__init__.py`.
from .counts import (
    Coverage as Coverage,
    VocabularyWord as VocabularyWord,
    coverage as coverage,
    vocabulary as vocabulary,
)
from .decisions import (
    Knowledge as Knowledge,
    Learner as Learner,
)
from .help import LearnerPolicy as LearnerPolicy
from .known_words import KnownWords as KnownWords
from .schemes import (
    Scheme as Scheme,
    WordLevel as WordLevel,
)
from .states import State as State
from .word_lists import (
    ListedWord as ListedWord,
    ListOrder as ListOrder,
    WordList as WordList,
)
