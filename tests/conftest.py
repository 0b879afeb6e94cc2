"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

if not os.environ.get("CI"):  # there Hypothesis takes a profile of its own, as patient as this
    settings.register_profile(
        "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("patient")
