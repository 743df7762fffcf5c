"""Actuals: which of a history's periods lie within a plan, and what they say of its indicators."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.actuals import actuals
from calibration.history import History
from results.problems import BadInput
from scenarios.plan import load_plan
from tests.calibration.histories import months, stored

# From 2027-01-01; own_shop, marketplace and social sell online.
PLAN = load_plan("ecommerce_dept").model_copy(update={"currency": "EUR"})


def monthly(folder: Path, count: int = 6, start: str = "2026-11", channels: str = "own_shop") -> History:
    table = pd.DataFrame({"month": months(count, start), "channel": channels, "sales": 1000.0, "n": 10.0})
    lines = "  sales: {file: sales.csv, period: month, columns: "
    lines += "{date: month, channel: channel, revenue: sales, orders: n}}\n"
    return stored(folder, lines, {"sales": table})


def test_money_of_another_currency_is_not_compared(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="another currency than the plan"):
        actuals(monthly(tmp_path), load_plan("ecommerce_dept"))


def test_only_the_plans_own_months_count(tmp_path: Path) -> None:
    came = actuals(monthly(tmp_path), PLAN)
    assert came.windows == ((0, 30), (31, 58), (59, 89), (90, 119))
    sales = came.kpis[(came.kpis["kpi"] == "net_sales") & (came.kpis["channel"] == "own_shop")]
    assert sales["value"].tolist() == [1000.0] * 4
    assert sales["period_end"].tolist() == [pd.Timestamp(f"2027-0{m}-{d}") for m, d in
                                            ((1, 31), (2, 28), (3, 31), (4, 30))]  # fmt: skip
    assert set(came.kpis["channel"]) == {"own_shop", "all"} and set(came.kpis["kpi"]) == {
        "net_sales",
        "orders",
    }


def test_books_that_end_before_the_plan_begins_are_refused_with_both_dates(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        actuals(monthly(tmp_path, 2), PLAN)
    said = str(caught.value.problems[0])
    assert "2026-12-31" in said and "2027-01-01" in said


def test_a_channel_that_the_plan_does_not_have_counts_in_the_total_alone(tmp_path: Path) -> None:
    came = actuals(monthly(tmp_path, channels="kiosk"), PLAN)
    assert came.strangers == ("kiosk",)
    assert set(came.kpis["channel"]) == {"all"}


def test_weeks_are_compared_in_fours_and_days_by_the_month(tmp_path: Path) -> None:
    days = pd.date_range("2026-12-28", "2027-03-28")
    table = pd.DataFrame({"day": days, "sales": 10.0}).assign(channel="own_shop")
    lines = (
        "  sales: {file: sales.csv, period: day, columns: {date: day, channel: channel, revenue: sales}}\n"
    )
    by_day = actuals(stored(tmp_path / "days", lines, {"sales": table}), PLAN)
    assert by_day.windows == ((0, 30), (31, 58))
    whole = by_day.kpis[by_day.kpis["channel"] == "all"]
    assert whole["value"].tolist() == [310.0, 280.0]
    weekly = table.iloc[::7].assign(sales=70.0)
    by_week = actuals(
        stored(tmp_path / "weeks", lines.replace("period: day", "period: week"), {"sales": weekly}), PLAN
    )
    assert by_week.windows == ((3, 30), (31, 58), (59, 86))
    assert by_week.kpis.loc[by_week.kpis["channel"] == "all", "value"].tolist() == [280.0] * 3


def test_money_of_media_is_shared_out_by_days(tmp_path: Path) -> None:
    sales = pd.DataFrame({"month": months(3, "2026-12"), "channel": "own_shop", "sales": 1000.0})
    weeks = pd.date_range("2026-11-30", "2027-03-07", freq="7D")
    media = pd.DataFrame({"week": weeks, "search": 700.0})
    lines = (
        "  sales: {file: sales.csv, period: month, columns: {date: month, channel: channel, revenue: sales}}"
    )
    lines += "\n  media: {file: media.csv, period: week, columns: {date: week}, "
    lines += "sources: {paid_search: {spend: search}}}\n"
    spend = actuals(stored(tmp_path, lines, {"sales": sales, "media": media}), PLAN).spend
    assert spend["source"].unique().tolist() == ["paid_search"]
    assert np.allclose(spend["spend"], [3100.0, 2800.0])
