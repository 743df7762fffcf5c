"""The dashboard's seconds in a browser: the first page, and from a key to what it changes.

``python benchmarks/dashboard.py [PLAN ...]`` serves each plan as ``omolab dashboard`` does, opens the page in
headless Chromium as soon as its address is told, and then moves some levers by one press of a key each.
``levers`` are there when the plan's levers can be moved, ``table`` when the plan's figures stand beside them;
``key`` is from the press to the first difference with its interval, the pause in which a lever must rest
included. Into ``results/dashboard.json``; a plan that could not be measured says why.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.speed.machine import machine  # noqa: E402
from results.files import write_json  # noqa: E402
from scenarios.plan import bundled  # noqa: E402

OUT = ROOT / "results" / "dashboard.json"
WAIT = 120_000  # ms
REST = 3.0  # seconds in which the look before comes to its end
PLAN, MOVED = ".omo-effect caption:not(.hidden)", ".omo-effect caption.hidden"


def main() -> None:
    """Measure the plans asked for, print and write."""
    parser = argparse.ArgumentParser(description="The dashboard's seconds in a browser.")
    parser.add_argument("plans", nargs="*", metavar="PLAN", help="all bundled plans unless given")
    parser.add_argument("--levers", type=int, default=6, help="how many are moved")
    asked = parser.parse_args()
    rows = []
    for plan in asked.plans or bundled():
        rows.append(measure(plan, asked.levers))
        print(said(rows[-1]), flush=True)
    write_json(OUT, {"machine": machine(), "rows": rows})
    print(f"wrote {OUT.relative_to(ROOT)}")


def measure(plan: str, levers: int) -> dict[str, Any]:
    """Return a plan's row, or one that says what is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {"name": plan, "skipped": "playwright is not installed (extra browser)"}
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        return {"name": plan, "skipped": "no Chromium on this machine"}
    with served(plan) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        row = {"name": plan, **first_page(page, address), "key": dict(moves(page, levers))}
        browser.close()
    return row | {"load": machine()["load"]}


@contextmanager
def served(plan: str) -> Iterator[str]:
    """Serve a plan's dashboard; give its address."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "omolab", "dashboard", "--plan", plan, "--out", out, "--port", "0"]
        group: dict[str, Any] = {"start_new_session": True} if os.name == "posix" else {}
        serving = subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True, cwd=ROOT, **group)
        try:
            assert serving.stdout is not None
            yield json.loads(serving.stdout.readline())["address"]
        finally:
            serving.send_signal(signal.SIGINT)
            serving.wait(60)


def first_page(page: Any, address: str) -> dict[str, float]:
    """Open the page; return the seconds until levers can be moved and until the plan's figures are there."""
    begin, seen = time.perf_counter(), {}
    page.goto(address)
    for name, place in (("levers", "[role=slider]"), ("table", PLAN)):
        page.wait_for_selector(place, state="attached", timeout=WAIT)
        seen[name] = round(time.perf_counter() - begin, 2)
    return seen


def moves(page: Any, levers: int) -> Iterator[tuple[str, float]]:
    """Press a key on some levers, one at a time; yield each one's name and its seconds to the effect."""
    page.get_by_text("16 futures seen.").wait_for(timeout=WAIT)
    back = page.get_by_role("button", name="Back to the plan")
    for lever in page.get_by_role("slider").all()[:levers]:
        time.sleep(REST)
        lever.focus()
        begin = time.perf_counter()
        at_its_end = lever.get_attribute("aria-valuenow") == lever.get_attribute("aria-valuemax")
        lever.press("ArrowLeft" if at_its_end else "ArrowRight")
        page.wait_for_selector(MOVED, state="attached", timeout=WAIT)
        yield lever.get_attribute("aria-label"), round(time.perf_counter() - begin, 2)
        back.click()
        page.wait_for_selector(PLAN, state="attached", timeout=WAIT)


def said(row: dict[str, Any]) -> str:
    """Return a row as a line."""
    if "skipped" in row:
        return f"{row['name']}: not measured, {row['skipped']}"
    keys = "; ".join(f"{lever} {seconds:.2f}" for lever, seconds in row["key"].items())
    first = f"levers after {row['levers']:.1f} s, first page after {row['table']:.1f} s"
    return f"{row['name']} (load {row['load']}): {first}; from key to effect, s: {keys}"


if __name__ == "__main__":
    main()
