"""Settings of all tests."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.laws import PROFILE

if TYPE_CHECKING:
    from tests.browser import Chromium, WebKit

settings.register_profile("reader", PROFILE)
settings.load_profile("reader")


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
