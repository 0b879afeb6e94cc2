"""What each word shows, asked word by word: its reading, classes, a link, a gloss.

    class Known:
        constant = None
        in_terms = None
        layers = frozenset()

        def start_chapter(self):
            seen = set()

            def display(token):
                known = token.text in seen
                seen.add(token.text)
                return WordDisplay(reading=not known)

            return display

Such a policy, given as `RenderOptions.policy`, shows the reading of a word where a chapter has it
first. What it remembers lasts for one chapter, so that chapters can be written in any order, or at
once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from reader.model import Token, TokenKind
from reader.options import Gloss, Pinyin, RenderOptions, WordDisplay, WordPolicy

__all__ = [
    "BARE",
    "NOT_WORDS",
    "READ",
    "ConstantPolicy",
    "WordDisplay",
    "WordPolicy",
    "displays",
    "policy_of",
    "shows_glosses",
    "shows_readings",
]


BARE = WordDisplay(reading=False)
READ = WordDisplay()


class ConstantPolicy(NamedTuple):
    """The same for every word, but perhaps for the words of glossary terms."""

    constant: WordDisplay
    in_terms: WordDisplay | None = None
    layers: frozenset[str] = frozenset()

    def start_chapter(self) -> Callable[[Token], WordDisplay]:
        return lambda token: self.constant


_POLICIES = {
    Pinyin.ALL: ConstantPolicy(READ),
    Pinyin.NOTES: ConstantPolicy(BARE, in_terms=READ),
    Pinyin.NONE: ConstantPolicy(BARE),
}


def policy_of(options: RenderOptions) -> WordPolicy:
    """The policy that the options name, or else the one that their `pinyin` stands for."""
    return options.policy or _POLICIES[options.pinyin]


def shows_readings(policy: WordPolicy) -> bool:
    """Whether any word may carry its reading."""
    constant, in_terms = policy.constant, policy.in_terms
    return constant is None or constant.reading or bool(in_terms and in_terms.reading)


def shows_glosses(options: RenderOptions) -> bool:
    """Whether words may have glosses."""
    policy = options.policy
    asked = policy is not None and "senses" in policy.layers
    return asked and options.gloss is not Gloss.NONE


NOT_WORDS = frozenset((TokenKind.PUNCTUATION, TokenKind.SPACE))


def displays(tokens: Sequence[Token], ask: Callable[[Token], WordDisplay]) -> list[WordDisplay]:
    """What each of the tokens shows.

    Punctuation and spaces are not asked for: they go with the word before them where that makes
    no difference, so that fewer and longer runs of tokens are alike.
    """
    shown = BARE
    answers: list[WordDisplay] = []
    for token in tokens:
        if token.kind not in NOT_WORDS:
            shown = ask(token)
        elif shown.classes or shown.link or shown.gloss:
            shown = BARE
        answers.append(shown)
    return answers
