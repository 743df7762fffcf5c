"""The documentation's site in a real browser, opened from disk as `make docs` leaves it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.checks import PHONE, faults, sideways

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
Opened = Callable[..., Any]
PAGES = ("index.html", "tutorial.html", "cases/online_mall.html", "reference/run-folder.html")
LARGE = ("reference/plan.html", "reference/python/verbs.html", "model.html")  # axe takes half a minute on one


@pytest.fixture(scope="module")
def site(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once; a skip that names what is missing."""
    for package in ("sphinx", "furo", "myst_parser"):
        pytest.importorskip(package, reason=f"{package} is not installed (extra docs)")
    built = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(ROOT / "docs"), str(built)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return built


@pytest.mark.parametrize("page", [*PAGES, *LARGE])
def test_a_page_fits_a_phone_and_needs_nothing_else(opened: Opened, site: Path, page: str) -> None:
    seen = opened((site / page).as_uri(), width=PHONE)
    seen.page.wait_for_load_state("networkidle")
    assert sideways(seen.page) <= 0
    assert seen.errors == []
    assert [url for url in seen.abroad if not url.startswith(site.as_uri())] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_readable_by_everybody(opened: Opened, site: Path, page: str) -> None:
    assert faults(opened((site / page).as_uri()).page) == []


def test_it_reads_well_in_the_dark(opened: Opened, site: Path) -> None:
    seen = opened((site / "tutorial.html").as_uri())
    seen.page.emulate_media(color_scheme="dark")
    assert faults(seen.page) == []


def test_the_search_is_reached_by_keys_and_finds(opened: Opened, site: Path) -> None:
    page = opened((site / "index.html").as_uri()).page
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type("repurchase")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a", has_text="Tutorial").count()


def test_what_the_keyboard_reaches_is_in_sight_on_a_phone_too(opened: Opened, site: Path) -> None:
    page = opened((site / "tutorial.html").as_uri(), width=PHONE).page
    link = page.locator(".sidebar-tree a", has_text="Worked cases").first
    assert not _in_sight(link, page)  # the menu lies beside the page
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("Worked cases"):
            break
    page.wait_for_timeout(400)  # it slides in
    assert _in_sight(link, page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/index.html")


def _in_sight(link: Any, page: Any) -> bool:
    box = link.bounding_box()
    return box is not None and 0 <= box["x"] < page.viewport_size["width"]
