"""The dashboard's seconds: what a row says, and what is named where nothing can be measured."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import dashboard


def test_a_row_is_said_in_a_line() -> None:
    row: dict[str, Any] = {"name": "shop", "load": 0.4, "levers": 2.04, "table": 4.31}
    row["key"] = {"Price level": 0.9, "Points": 0.815}
    assert dashboard.said(row) == (
        "shop (load 0.4): levers after 2.0 s, first page after 4.3 s; "
        "from key to effect, s: Price level 0.90; Points 0.81"
    )


def test_a_machine_without_a_browser_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra browser)")
    monkeypatch.setattr(dashboard.shutil, "which", lambda name: None)
    row = dashboard.measure("ecommerce_dept", 1)
    assert row == {"name": "ecommerce_dept", "skipped": "no Chromium on this machine"}
    assert dashboard.said(row) == "ecommerce_dept: not measured, no Chromium on this machine"
