"""The dashboard in a real browser: loads, levers act, everybody can use it, nothing leaves the machine."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.checks import HOSTILE, PHONE, faults, sideways

pytestmark = pytest.mark.slow
WAIT = 90_000  # ms: the first page starts the market
Opened = Callable[..., Any]
SAID = {
    "en": {
        "lever": "discount",
        "send": "Run it in full",
        "back": "Back to the plan",
        "compare": "Compare the",
    },
    "zh": {"lever": "折扣", "send": "发起完整运行", "back": "恢复原计划", "compare": "比较所选"},
}


def ready(opened: Opened, address: str, **size: int) -> Any:
    seen = opened(address, **size)
    seen.page.wait_for_selector(".omo-effect .omo-table", timeout=WAIT)
    return seen


def test_it_loads_without_errors_and_talks_to_nobody_else(opened: Opened, dashboard: tuple[str, str]) -> None:
    address, lang = dashboard
    seen = ready(opened, address)
    assert seen.page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]
    assert "token" not in seen.page.url
    assert faults(seen.page) == []
    seen.quiet()


def test_a_lever_is_moved_by_keys_and_acts(opened: Opened, dashboard: tuple[str, str]) -> None:
    address, lang = dashboard
    seen = ready(opened, address)
    page = seen.page
    lever = page.get_by_role("slider", name=re.compile(SAID[lang]["lever"]))
    for _ in range(40):  # reached by Tab alone
        page.keyboard.press("Tab")
        if lever.evaluate("node => node === document.activeElement"):
            break
    else:
        pytest.fail("Tab does not reach the lever")
    before = float(lever.get_attribute("aria-valuenow"))
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector(".omo-effect .omo-table svg", timeout=WAIT)
    assert float(lever.get_attribute("aria-valuenow")) == pytest.approx(before + 5)
    rows = page.locator(".omo-effect tbody tr")
    orders = rows.filter(has_text={"en": "Orders", "zh": "订单"}[lang]).first.inner_text()
    assert "+" in orders  # dearer discounts bring orders, with an interval beside the difference
    assert faults(page) == []
    page.get_by_role("button", name=SAID[lang]["back"]).click()
    page.wait_for_selector(".omo-effect .omo-table svg", state="detached", timeout=WAIT)
    seen.quiet()


def test_levers_that_cannot_stand_together_are_answered(opened: Opened, dashboard: tuple[str, str]) -> None:
    address, lang = dashboard
    page = ready(opened, address).page
    sliders = page.get_by_role("slider")
    names = {"en": ("Media, share", "Technology, share"), "zh": ("媒体占预算", "技术占预算")}[lang]
    for name in names:
        lever = next(one for one in sliders.all() if name in (one.get_attribute("aria-label") or ""))
        lever.focus()
        page.keyboard.press("End")
    page.wait_for_selector(".omo-effect .mind", timeout=WAIT)


def test_a_full_run_goes_to_the_background_and_is_stored(
    opened: Opened, dashboard: tuple[str, str], folder: Path
) -> None:
    address, lang = dashboard
    seen = ready(opened, address)
    page, before = seen.page, {path.name for path in folder.iterdir() if path.is_dir()}
    page.get_by_role("button", name=SAID[lang]["send"]).click()
    page.wait_for_selector(".omo-works [role=progressbar]", timeout=WAIT)
    assert faults(page) == []
    page.wait_for_selector(".omo-works a[href$='report.html']", timeout=4 * WAIT)
    (new,) = {path.name for path in folder.iterdir() if path.is_dir()} - before - {".partial"}
    assert (folder / new / "report.html").is_file()
    seen.quiet()


def test_stored_runs_are_compared_and_their_reports_opened(
    opened: Opened, dashboard: tuple[str, str]
) -> None:
    address, lang = dashboard
    seen = ready(opened, address)
    page = seen.page
    page.get_by_role("checkbox", name=re.compile("small")).check(force=True)
    page.get_by_role("button", name=SAID[lang]["compare"]).click()
    page.wait_for_selector(".omo-compared .omo-table", timeout=WAIT)
    assert faults(page) == []
    with page.expect_popup() as popup:
        page.locator("a[href$='/runs/small/report.html']").click()
    report = popup.value
    report.wait_for_load_state()
    assert report.locator("h1").count() == 1
    assert report.title() != "struck"
    seen.quiet()


@pytest.mark.parametrize("width", [PHONE, 1280])
def test_no_page_is_wider_than_its_window(opened: Opened, dashboard: tuple[str, str], width: int) -> None:
    seen = ready(opened, dashboard[0], width=width)
    assert sideways(seen.page) <= 0
    if width == PHONE:
        assert faults(seen.page) == []
    seen.quiet()


def test_hostile_names_are_shown_and_do_nothing(opened: Opened, dashboard: tuple[str, str]) -> None:
    seen = ready(opened, dashboard[0], width=PHONE)
    page = seen.page
    assert "struck" not in page.title()
    body = page.locator("body").inner_text()
    assert '<script>document.title="struck"' in body  # as text
    assert "\u202e" not in body and HOSTILE not in body  # no override, and cut to a bearable length
    seen.quiet()


def test_nothing_answers_without_the_token(dashboard: tuple[str, str]) -> None:
    address, _ = dashboard
    home = address.split("?")[0]
    for path in ("", "?token=wrong", "runs/small/report.html", "static/main-vuetify.js", "readyz"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(home + path)
        assert refused.value.code == 403
