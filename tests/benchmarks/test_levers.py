"""Rows of levers.json, and the page made of them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from benchmarks import lever_pages, results_page
from benchmarks.levers import rows_of

FINDING: dict[str, Any] = {
    "finding": "price_elasticity", "about": "price elasticity of orders", "lever": "pricing.level",
    "kpi": "orders", "measure": "elasticity", "central": -2.6, "range_low": -4.0, "range_high": -1.5,
    "grade": "E", "source": "B", "value": -1.2, "low": -1.4, "high": -1.0, "verdict": "too weak",
    "inside": False,
    "why": "",
}  # fmt: skip
ABSENT = FINDING | {"finding": "tv", "about": "TV elasticity", "value": math.nan, "verdict": "not measured"}
EFFECT: dict[str, Any] = {
    "lever": "pricing.level", "kind": "price", "base": "1", "tried": "1.05", "kpi": "orders",
    "channel": "all", "difference": -5.0, "low": -6.0, "high": -4.0, "relative": -0.05, "sign": "-",
    "sure": True,
}  # fmt: skip


def made() -> list[dict[str, Any]]:
    effects = [EFFECT, EFFECT | {"kpi": "net_sales", "sure": False}, EFFECT | {"kpi": "carbon"}]
    effects += [EFFECT | {"channel": "store"}, EFFECT | {"lever": "crm.rfm", "sure": False}]
    evidence = pd.DataFrame([FINDING, ABSENT | {"why": "no TV"}])
    return rows_of("shop", evidence, pd.DataFrame(effects))


def test_rows_are_named_and_what_is_not_measured_says_why() -> None:
    rows = made()
    assert [row["name"] for row in rows] == [
        *("shop.evidence.price_elasticity", "shop.evidence.tv"),
        *("shop.pricing.level.orders", "shop.pricing.level.net_sales", "shop.crm.rfm.orders"),
    ]
    assert rows[1]["skipped"] == "no TV" and "verdict" not in rows[1]


def test_the_page_says_verdicts_and_sure_effects_only() -> None:
    text = "\n".join(lever_pages.levers(made()))
    row = "| price elasticity of orders | E | −2.6 (−4 to −1.5) | −1.2 (−1.4 to −1) | **too weak** |"
    assert row in text
    assert "Of 1 findings: 1 too weak." in text and "Not measured: TV elasticity (no TV)." in text
    assert "| `pricing.level` | 1 → 1.05 | · | −5\u00a0% |" in text
    assert "Nothing sure: `crm.rfm`." in text
    assert text.strip() in results_page.page([], [], made())


def test_without_levers_there_is_no_section() -> None:
    assert "## Levers" not in results_page.page([], [], [])
