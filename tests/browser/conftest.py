"""A headless Chromium that sees every error and every request, and a small run with hostile names."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.browser.checks import HOSTILE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")  # no longer: playwright keeps an event loop running while it is open
def browser() -> Iterator[Any]:
    """A browser, or a skip that names what is missing."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed (extra browser)"
    )
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@dataclass
class Seen:
    """A page with what went wrong on it and whom it talked to."""

    page: Any
    errors: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)

    def quiet(self) -> None:
        """Assert that nothing went wrong and nothing left the machine."""
        assert self.errors == []
        assert self.abroad == []


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Seen]]:
    """Open an address in a fresh window of a given width."""
    contexts = []

    def at(address: str, width: int = 1280, height: int = 900) -> Seen:
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        seen = Seen(page)
        page.on("console", lambda said: said.type == "error" and seen.errors.append(said.text))
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        home = address.split("/?")[0] if address.startswith("http") else address
        page.on("request", lambda asked: _local(asked.url, home) or seen.abroad.append(asked.url))
        page.goto(address)
        return seen

    yield at
    for context in contexts:
        context.close()


def _local(url: str, home: str) -> bool:
    return url.startswith((home, "data:", "blob:", home.replace("http", "ws", 1)))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A results folder with a small run, its plan called by a hostile name."""
    import omolab
    from results.store import create
    from scenarios.horizon import with_horizon
    from scenarios.plan import load_plan, with_overrides

    root = tmp_path_factory.mktemp("results")
    with create(root / "fit", "calibrate", "small", {}, {}, 1) as writer:
        draws = pd.DataFrame({"draw": [0], "switching": [3.0]})
        writer.table("fit/ensemble", draws)
    target = {"kpi": "conversion", "value": 0.02, "by": date(2027, 12, 31), "group": "growth"}
    small = {"title": HOSTILE, "market.customers": 200, "targets": [target]}
    plan = with_overrides(with_horizon(load_plan("ecommerce_dept"), 12), small)
    omolab.run(plan, fit=root / "fit", replicates=1, out=root / "small", threads=1)
    return root


@pytest.fixture(scope="module", params=["en", "zh"])
def dashboard(request: pytest.FixtureRequest, browser: Any, folder: Path) -> Iterator[tuple[str, str]]:
    """A dashboard at work, its address and language."""
    pytest.importorskip("solara", reason="solara is not installed (extra dashboard)")
    command = [sys.executable, "-m", "omolab", "dashboard", "small", "--out", str(folder), "--port", "0"]
    command += ["--json", "--lang", request.param, "--threads", "2"]
    new_group = {"start_new_session": True} if os.name == "posix" else {}
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **new_group)
    assert serving.stdout is not None
    yield json.loads(serving.stdout.readline())["address"], request.param
    serving.send_signal(signal.SIGINT)
    assert serving.wait(20) == 0
