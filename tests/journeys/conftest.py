"""A served installation and a real Chromium for journeys."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.serving import Installation, Serving
from tests.journeys.stage import Stage

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--lang=zh-CN"]
expect.set_options(timeout=20_000)  # a busy machine; what must be quick is measured by itself


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine; scripts/test installs Debian's when it may")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The service with the demo city and every shipped process, from Monday 2026-03-16 09:00 on."""
    serving = Serving(tmp_path_factory.mktemp("installation"))
    try:
        yield serving.installation
    finally:
        serving.stop()


@pytest.fixture(scope="module")
def stage(browser: Browser, installation: Installation) -> Iterator[Stage]:
    """Everybody of the city before a browser, for the journeys of one file."""
    with ExitStack() as stack:
        yield Stage(browser, installation, stack)
