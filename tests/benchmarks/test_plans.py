"""Rows of the plans' measurement: what is stated, simulated, promised, and what is left out."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest

from benchmarks import plans
from scenarios.plan import Plan, load_plan
from sim.indicators import INDICATORS


def year(scenario: str, draw: int, end: str, kpi: str, value: float, channel: str = "all") -> dict[str, Any]:
    last = pd.Timestamp(end)
    row = {"scenario": scenario, "draw": draw, "replicate": 0, "period_start": last - pd.Timedelta(days=364)}
    return row | {"period_end": last, "channel": channel, "kpi": kpi, "value": value, "unit": "share"}


def target(scenario: str, kpi: str, odds: float) -> dict[str, Any]:
    row = {"scenario": scenario, "kpi": kpi, "target": 0.028, "date": pd.Timestamp("2029-12-31")}
    return row | {"odds": odds, "odds_low": 0.1, "odds_high": 0.5, "value_p50": 0.025}


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any]]:
    plan = load_plan("ecommerce_dept")
    kpis = [year("status_quo", draw, "2027-12-31", "conversion", 0.015 + 0.001 * draw) for draw in (0, 1, 2)]
    kpis += [
        year("status_quo", 0, "2028-12-31", "conversion", 0.9),
        year("plan", 0, "2027-12-31", "cac", 0.9),
    ]
    aims = [target("status_quo", "conversion", 0.0), target("plan", "conversion", 0.25)]
    found = plans.rows_of(plan, plans.first_year(pd.DataFrame(kpis)), pd.DataFrame(aims))
    return {row["name"]: row for row in found}


def test_a_figure_with_a_target(rows: dict[str, dict[str, Any]]) -> None:
    row = rows["ecommerce_dept.conversion"]
    assert row["starting_point"] == 0.015
    assert row["simulated"] == pytest.approx(0.016)
    assert row["relative_error"] == pytest.approx(1 / 15)
    assert (row["target"], row["by"]) == (0.028, "2029-12-31")
    assert (row["odds"], row["odds_status_quo"]) == (0.25, 0.0)


def test_what_the_market_does_not_compute_is_skipped(
    rows: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "favourite_rate"
    monkeypatch.setitem(INDICATORS, key, dataclasses.replace(INDICATORS[key], formula=None))
    data = load_plan("ecommerce_dept").model_dump(exclude_unset=True)
    data["starting_point"] |= {key: {"value": 0.5}}
    kpis = pd.DataFrame([year("status_quo", 0, "2027-12-31", "cac", 1.0)])
    aims = pd.DataFrame([target(scenario, "cac", 0.5) for scenario in ("status_quo", "plan")])
    found = plans.rows_of(Plan.model_validate(data), plans.first_year(kpis), aims)
    row = next(row for row in found if row["name"] == f"ecommerce_dept.{key}")
    assert row == {"name": f"ecommerce_dept.{key}", "skipped": plans.NOT_COMPUTED}
    assert "undefined" in rows["ecommerce_dept.response_rate"]["skipped"]


def test_a_figure_that_is_undefined_says_so(rows: dict[str, dict[str, Any]]) -> None:
    assert "undefined" in rows["ecommerce_dept.basket"]["skipped"]


def test_every_row_knows_its_plan(rows: dict[str, dict[str, Any]]) -> None:
    assert {plans.plan_of(row) for row in rows.values()} == {"ecommerce_dept"}


def test_the_first_year_is_the_first_whole_one_of_the_status_quo() -> None:
    kpis = [year("status_quo", 0, "2027-12-31", "cac", 1.0), year("status_quo", 0, "2028-01-31", "cac", 5.0)]
    month = year("status_quo", 0, "2027-01-31", "cac", 9.0) | {"period_start": pd.Timestamp("2027-01-01")}
    assert plans.first_year(pd.DataFrame([*kpis, month]))["all", "cac"] == 1.0
