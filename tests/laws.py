"""How many examples laws are tried on: few by default, ten times as many by `.ci/full`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("READER_EXAMPLES", "1"))
"""All numbers of examples are multiplied by it."""

PROFILE = settings(
    settings.default,  # which in CI draws the same examples every time
    max_examples=50 * TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""What holds for laws that say nothing else."""


def examples(count: int) -> settings:
    """The number of examples of a law that is dear, or that takes many to be tried at all."""
    return settings(PROFILE, max_examples=count * TIMES)
