"""The report in a real browser, opened from disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from results.report import write_report
from tests.browser.checks import PHONE, faults, sideways

pytestmark = pytest.mark.slow
Opened = Callable[..., Any]


@pytest.fixture(scope="module", params=["en", "zh"])
def report(request: pytest.FixtureRequest, browser: Any, folder: Path) -> str:
    return write_report(folder / "small", request.param).as_uri()


@pytest.mark.parametrize("width", [PHONE, 1280])
def test_it_loads_reads_well_and_needs_nothing_else(opened: Opened, report: str, width: int) -> None:
    seen = opened(report, width=width)
    seen.page.wait_for_load_state("networkidle")
    assert faults(seen.page) == []
    assert sideways(seen.page) <= 0
    seen.quiet()


def test_hostile_names_are_shown_and_do_nothing(opened: Opened, report: str) -> None:
    seen = opened(report)
    assert seen.page.title() != "struck"
    assert '<script>document.title="struck"' in seen.page.locator("body").inner_text()
    assert seen.page.locator("script").count() == 0
    seen.quiet()


def test_every_part_is_reached_by_keys(opened: Opened, report: str) -> None:
    page = opened(report).page
    reached = set()
    for _ in range(page.locator("nav a").count() + 2):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href')"))
    wanted = {link.get_attribute("href") for link in page.locator("nav a").all()}
    assert wanted <= reached
