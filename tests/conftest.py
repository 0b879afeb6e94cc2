"""Settings of all tests."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.browser import Chromium, WebKit

if not os.environ.get("CI"):  # there Hypothesis takes a profile of its own, as patient as this
    settings.register_profile(
        "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is to run (`READER_WHOLE=1`), a test that is skipped has failed."""
    report = yield
    refused = report.skipped and not hasattr(report, "wasxfail")
    if refused and os.environ.get("READER_WHOLE"):
        report.outcome = "failed"
        report.longrepr = f"skipped: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One browser for all tests that ask for it: it takes a second to start."""
    from tests.browser import Chromium

    browser = Chromium()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def webkit() -> Iterator[WebKit]:
    """One WebKit for all tests that ask for it."""
    from tests.browser import WebKit

    browser = WebKit()
    yield browser
    browser.close()
