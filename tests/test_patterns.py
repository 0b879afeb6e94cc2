"""No pattern takes longer than its text is long, whatever the text is.

Each is tried on strings made of its own structure (`tests.patterns`). A pattern that is new is in
the test by being compiled somewhere in the package.
"""

from __future__ import annotations

import os
import re

import pytest

from tests.patterns import Attack, Found, attacks, has_possessive_group, never_matches, patterns

if not hasattr(os, "fork"):
    pytest.skip("processes are forked", allow_module_level=True)

from tests.growth import seconds
from tests.measured import PATIENCE, cost

SIZE = 1_500
"""Characters."""
NOISE = 0.002
"""Seconds of a measurement that says nothing."""

BOUNDED = {
    "edits._META": 2048,
    "encoding._DECLARED": 2048,
    "html._XHTML_ROOT": 4096,
    "line_joining._PAGE_NUMBER": 40,
    "line_shapes._CHAT_HEAD": 60,
    "sentences._patterns": 60,
    "html._AROUND_SIGNS": 0,
    # a page's own script and styles: files of this package
    "html._COMMENT": 0,
    "html._IN_SCRIPT": 0,
}
"""Characters that these are ever given: what they take may grow as it likes."""
AT_PLACES = {"glosses._patterns", "repair._ATTRIBUTE", "rows._PATTERNS"} | {
    "repair._NO_ATTRIBUTE",
    "xhtml._PREFIX",
    "xhtml._START_TAG",
    "document._MATH",
}
"""Tried where whoever reads has come to, and what they find is passed over."""


def test_no_pattern_goes_back_without_bound() -> None:
    told = cost(lambda data: check(1), b"")
    assert not told.fault
    assert told.seconds < PATIENCE


@pytest.mark.long
def test_no_pattern_goes_back_without_bound_for_many_strings() -> None:
    told = cost(lambda data: check(10), b"", patience=600)
    assert not told.fault
    assert told.seconds < 600


def test_a_group_repeated_possessively_is_found() -> None:
    for pattern in (r"(?:a|bc)*+", r"c(?:(a)+b)?+", r"(?=(?:ab){1,3}+)"):
        assert has_possessive_group(re.compile(pattern))
    for pattern in (r"[ab]*+\d++(?:x)*+", r"(?>(?:a|b)*)"):
        assert not has_possessive_group(re.compile(pattern))


def test_a_pattern_that_eats_what_must_follow_is_found() -> None:
    for pattern in (r"<[^>]*+\?>", r"(?:\d++1)", r"a|\s*+ b", rb"<\?xml\s[^>]*+\?>"):
        assert never_matches(re.compile(pattern))
    for pattern in (r"<[^?>]*+\?>", r"\d*+a", r"\w{1,3}+a", r"[ab]*+(?:b)?"):
        assert not never_matches(re.compile(pattern))


def check(count: int) -> None:
    """Try all patterns; in a process of its own, as modules are imported once more."""
    found = patterns()
    places = {one.place for one in found}
    assert places >= {*BOUNDED, *AT_PLACES}
    assert len(found) > 200
    for one in found:
        # Python before 3.11.5 goes wrong there: `(?>(?:…)*)` says the same, and is right.
        assert not has_possessive_group(one.pattern), f"{one.place} repeats a group possessively"
        assert not never_matches(one.pattern), f"{one.place} eats what it then asks for"
        if one.place in AT_PLACES:
            one = one._replace(anchored=True)
        for attack in attacks(one.pattern, count):
            judge(one, attack)


def judge(one: Found, attack: Attack) -> None:
    """Four times as long takes four times; what grows with the square takes sixteen."""
    size = min(SIZE, BOUNDED.get(one.place, SIZE))
    if not size or (first := seconds(one.run, attack.text(size))) < NOISE:
        return
    if one.place in BOUNDED:
        text = attack.text(BOUNDED[one.place])
        assert min(seconds(one.run, text) for _ in range(3)) < 0.2, f"{one.place}: {attack}"
        return
    for _ in range(3):  # a busy machine may be slow once
        last = seconds(one.run, attack.text(4 * size))
        if last < 8 * max(first, NOISE):
            return
        first = min(first, seconds(one.run, attack.text(size)))
    raise AssertionError(f"{one.place}: {first:.3f} s, then {last:.3f} s: {attack}")
