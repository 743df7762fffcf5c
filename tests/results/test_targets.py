"""Odds of targets: which rows count, which side is better, what is joint and how sure it is."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from results.targets import Target, attainment, odds_together


def rows(scenario: str, kpi: str, values: dict[tuple[int, int], float], end: str, days: int = 365) -> list:
    stop = pd.Timestamp(end)
    start = stop - pd.Timedelta(days=days)
    return [
        (scenario, draw, replicate, start, stop, "all", kpi, value, "share")
        for (draw, replicate), value in values.items()
    ]


def table(*parts: list) -> pd.DataFrame:
    columns = [
        "scenario",
        "draw",
        "replicate",
        "period_start",
        "period_end",
        "channel",
        "kpi",
        "value",
        "unit",
    ]
    return pd.DataFrame([row for part in parts for row in part], columns=columns)


def futures(*values: float) -> dict[tuple[int, int], float]:
    return {(draw, 0): value for draw, value in enumerate(values)}


BY = date(2029, 12, 31)


def test_the_trailing_year_on_or_last_before_the_date_is_measured() -> None:
    kpis = table(
        rows("plan", "conversion", futures(0.9), "2029-12-31", days=30),
        rows("plan", "conversion", futures(0.1), "2029-11-30"),
        rows("plan", "conversion", futures(0.3), "2029-12-31"),
        rows("plan", "conversion", futures(0.7), "2030-01-31"),
        rows("plan", "delivery_days", futures(2.0), "2029-10-31", days=30),
    )
    got = attainment(
        kpis,
        [Target("conversion", 0.2, None, BY), Target("delivery_days", 3, None, BY)],
        {"delivery_days": "lower"},
    )
    assert got["value_p50"].tolist() == [0.3, 2.0]
    assert got["period"].tolist() == ["year", "month"]
    assert got["measured_on"].tolist() == [pd.Timestamp("2029-12-31"), pd.Timestamp("2029-10-31")]
    assert got["odds"].tolist() == [1.0, 1.0]
    assert got["gap"].tolist() == [pytest.approx(0.1), 1.0]
    assert got["gap_unit"].tolist() == ["share", "share"]


def test_a_change_is_from_the_status_quo_s_first_year_and_reads_its_side_off_the_baseline() -> None:
    kpis = table(
        rows("status_quo", "traffic_cost", futures(1.0, 3.0), "2027-12-31"),
        rows("status_quo", "traffic_cost", futures(9.0, 9.0), "2029-12-31"),
        rows("plan", "traffic_cost", futures(1.3, 1.5), "2029-12-31"),
    )
    target = Target("traffic_cost", None, -0.30, BY, "efficiency")
    got = attainment(kpis, [target]).set_index("scenario")
    assert got.loc["plan", ["baseline", "target", "odds", "better"]].tolist() == [2.0, 1.4, 0.5, "lower"]
    assert got.loc["plan", "gap"] == pytest.approx(0.0)
    given_baseline = Target("traffic_cost", None, -0.30, BY, "efficiency", baseline=10.0)
    assert attainment(kpis, [given_baseline]).set_index("scenario").loc["plan", "target"] == 7.0
    assert attainment(kpis, [target], {"traffic_cost": "higher"})["better"].unique().tolist() == ["higher"]


def test_without_years_the_first_twelve_months_are_the_baseline() -> None:
    months = [
        rows("status_quo", "nps", futures(float(i)), str(end.date()), days=30)
        for i, end in enumerate(pd.date_range("2027-01-31", periods=15, freq="ME"))
    ]
    got = attainment(table(*months), [Target("nps", None, 1.0, BY)])
    assert got["baseline"].tolist() == [np.mean(range(12))]


def test_undefined_futures_are_missed_and_undefined_indicators_unmeasured() -> None:
    kpis = table(
        rows("plan", "paid_roi", futures(4.0, math.nan), "2029-12-31"),
        rows("plan", "nps", futures(math.nan, math.nan), "2029-12-31"),
    )
    targets = [Target("paid_roi", 3, None, BY), Target("nps", 1, None, BY), Target("absent", 1, None, BY)]
    got = attainment(kpis, targets)
    assert got["odds"].tolist()[0] == 0.5
    assert got["odds"].isna().tolist() == [False, True, True]
    joint = odds_together(kpis, targets).iloc[0]
    assert (joint["odds_all"], joint["targets_measured"], joint["targets"]) == (0.5, 1, 3)
    assert math.isnan(joint["odds_efficiency"])


def test_joint_odds_are_of_the_same_future() -> None:
    kpis = table(
        rows("plan", "conversion", futures(1, 1, 0, 0), "2029-12-31"),
        rows("plan", "orders", futures(1, 0, 1, 0), "2029-12-31"),
        rows("plan", "acos", futures(0, 0, 0, 1), "2029-12-31"),
    )
    targets = [
        Target("conversion", 1, None, BY),
        Target("orders", 1, None, BY),
        Target("acos", 0.3, None, BY, "efficiency"),
    ]
    joint = odds_together(kpis, targets, {"acos": "lower"}).iloc[0]
    assert (joint["odds_growth"], joint["odds_efficiency"], joint["odds_all"]) == (0.25, 0.75, 0.25)
    assert joint["odds_growth_low"] < 0.25 < joint["odds_growth_high"]


def test_no_targets_give_an_empty_table_with_its_columns() -> None:
    kpis = table(rows("plan", "orders", futures(1), "2029-12-31"))
    got = attainment(kpis, [])
    assert got.empty
    assert {"scenario", "kpi", "baseline", "target", "date", "odds", "gap_unit"} <= set(got.columns)
    assert math.isnan(odds_together(kpis, []).iloc[0]["odds_all"])


def test_weights_count_futures_as_told_and_alike_ones_change_nothing() -> None:
    values = {(draw, 0): float(draw) for draw in range(10)}
    kpis = table(rows("plan", "orders", values, "2029-12-31"))
    target = [Target("orders", 5.0, None, date(2029, 12, 31))]
    index = pd.MultiIndex.from_tuples(list(values), names=["draw", "replicate"])
    alike = attainment(kpis, target, weights=pd.Series(0.1, index)).iloc[0]
    plain = attainment(kpis, target).iloc[0]
    assert alike["odds"] == pytest.approx(plain["odds"]) == pytest.approx(0.5)
    assert alike["odds_low"] == pytest.approx(plain["odds_low"])
    high = pd.Series(np.arange(10) >= 8, index).astype(float) / 2
    moved = attainment(kpis, target, weights=high).iloc[0]
    assert moved["odds"] == 1.0 and moved["value_p10"] == 8.0
    assert moved["odds_low"] < plain["odds_high"]  # two futures are all that is left to tell from
    together = odds_together(kpis, target, weights=high).iloc[0]
    assert together["odds_growth"] == 1.0
