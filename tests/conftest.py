"""Settings of all tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from tests.laws import PROFILE

if TYPE_CHECKING:
    from tests.browser import Chromium, WebKit

settings.register_profile("reader", PROFILE)
settings.load_profile("reader")


def pytest_collection_finish() -> None:
    """As the command line has it: what is there by now stays, and is not searched for cycles."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is to run (`READER_WHOLE=1`), a test that is skipped has failed."""
    report = yield
    refused = report.skipped and not hasattr(report, "wasxfail")
    if refused and os.environ.get("READER_WHOLE"):
        report.outcome = "failed"
        report.longrepr = f"skipped: {report.longrepr}"
    return report


# ---- on several processors ----

MOST = 8
"""Processes: no more files than that take long."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process for each processor when all tests are run, none for files that are named."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    return min(MOST, os.cpu_count() or 1)


def portion(nodeid: str) -> str:
    """What is run in one process: a file, or all that shares what takes seconds to start."""
    path = nodeid.partition("::")[0]
    if "epubcheck" in nodeid:
        return "java"
    return "browser" if path.endswith(("browser.py", "test_page.py")) else path


class Portions(LoadFileScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return portion(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Portions:
    return Portions(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest comes first: the last process to end then has little left."""
    for item in items:
        if item.get_closest_marker("java") and portion(item.nodeid) != "java":
            raise pytest.UsageError(f"{item.nodeid}: is of EPUBCheck, and must say so in its name")
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: portion(item.nodeid) not in ("java", "browser"))


# ---- browsers ----


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
