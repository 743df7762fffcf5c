"""Returns over doing nothing new, and scorecards, against figures worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from results.targets import Target
from scenarios.derived import returns, with_derived
from scenarios.scorecard import attained, dimensions_of, scorecard_table
from tests.scenarios.test_drivers import planned

ENDS = pd.date_range("2027-01-31", periods=4, freq="ME")


def table(**scenarios: dict[str, list[float]]) -> pd.DataFrame:
    """Monthly figures of one future by scenario and indicator."""
    rows = [
        (name, 0, 0, end.replace(day=1), end, "all", kpi, value, "currency")
        for name, figures in scenarios.items()
        for kpi, values in figures.items()
        for end, value in zip(ENDS, values, strict=True)
    ]
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
    return pd.DataFrame(rows, columns=columns)


QUIET = {"cash_flow": [100.0] * 4, "capital_spend": [0.0] * 4, "operating_spend": [50.0] * 4}
BOLD = {
    "cash_flow": [20.0, 80.0, 200.0, 200.0],
    "capital_spend": [60.0, 0.0, 0.0, 0.0],
    "operating_spend": [70.0, 70.0, 50.0, 50.0],
}


def test_returns_are_what_came_in_over_what_was_spent_beyond_the_status_quo() -> None:
    found = returns(table(status_quo=QUIET, bold=BOLD), 0.0)
    wide = found.set_index(["kpi", "period_end"])["value"]
    assert set(found["scenario"]) == {"bold"}
    assert wide["programme_roi"].tolist() == pytest.approx([-80 / 80, -100 / 100, 0 / 100, 100 / 100])
    assert wide["payback_months"].isna().tolist() == [True, True, False, False]
    assert wide["payback_months"].tolist()[2:] == [3.0, 3.0]
    assert wide["npv"].tolist() == pytest.approx([-80.0, -100.0, 0.0, 100.0])
    discounted = returns(table(status_quo=QUIET, bold=BOLD), 0.5)
    late = discounted.set_index(["kpi", "period_end"])["value"]["npv"].iloc[-1]
    assert late == pytest.approx(
        sum(v / 1.5 ** (m / 12) for v, m in zip((-80, -20, 100, 100), (1, 2, 3, 4), strict=True))
    )


def test_a_relapse_takes_payback_back() -> None:
    wavering = {**BOLD, "cash_flow": [20.0, 300.0, 0.0, 300.0]}
    months = returns(table(status_quo=QUIET, bold=wavering), 0.0).query("kpi == 'payback_months'")["value"]
    assert months.tolist() == pytest.approx([np.nan, 2.0, 2.0, 2.0], nan_ok=True)
    worse = {**BOLD, "cash_flow": [20.0, 300.0, -300.0, 600.0]}
    months = returns(table(status_quo=QUIET, bold=worse), 0.0).query("kpi == 'payback_months'")["value"]
    assert months.tolist() == pytest.approx([np.nan, 2.0, np.nan, 4.0], nan_ok=True)


def test_who_spends_no_more_has_no_programme() -> None:
    found = returns(table(status_quo=QUIET, twin=QUIET), 0.08).set_index("kpi")["value"]
    assert found["programme_roi"].isna().all() and found["payback_months"].isna().all()
    assert (found["npv"] == 0).all()


def test_nothing_is_made_up_where_runs_do_not_tell() -> None:
    bare = table(status_quo={"orders": [1.0] * 4}, bold={"orders": [2.0] * 4})
    pd.testing.assert_frame_equal(with_derived(bare, planned(), ()), bare)
    alone = table(bold=BOLD)
    assert not len(returns(alone, 0.08))


def carded(**card: Any) -> Any:
    return planned(policies={"scorecard": card}, starting_point={"conversion": 0.02, "acos": 0.4})


def test_a_dimension_is_the_mean_of_how_far_its_indicators_have_come() -> None:
    weights = {"finance": 0.25, "customers": 0.25, "process": 0.5, "learning": 0.0}
    plan = carded(balanced=weights)
    targets = (
        Target("conversion", 0.03, None, plan.end, baseline=0.02),
        Target("acos", None, -0.5, plan.end, group="efficiency", baseline=0.4),
    )
    bold = {
        "conversion": [0.02, 0.025, 0.03, 0.04],
        "acos": [0.5, 0.3, 0.2, 0.1],
        "retention": [0.5, 0.55, 0.6, 0.3],
    }
    quiet = {"conversion": [0.02] * 4, "acos": [0.4] * 4, "retention": [0.5] * 4}
    kpis = table(status_quo=quiet, bold=bold)
    parts = attained(kpis, plan, targets, dimensions_of(plan)["scorecard_balanced"]).xs(
        "bold", level="scenario"
    )
    assert parts["process"].tolist() == pytest.approx([0.0, 50.0, 100.0, 100.0])
    assert parts["finance"].tolist() == pytest.approx([0.0, 50.0, 100.0, 100.0])
    assert parts["customers"].tolist() == pytest.approx(
        [0.0, 50.0, 100.0, 0.0]
    )  # a fifth more is the whole way
    assert parts["learning"].isna().all()
    score = with_derived(kpis, plan, targets).query("kpi == 'scorecard_balanced' and scenario == 'bold'")
    assert score["value"].tolist() == pytest.approx([0.0, 50.0, 100.0, 75.0])
    assert set(score["unit"]) == {"index"}
    told = scorecard_table(kpis, plan, targets)
    row = told[(told["scenario"] == "bold") & (told["dimension"] == "process")].iloc[0]
    assert (row["weight"], row["attainment_p50"], row["indicators"]) == (
        0.5,
        pytest.approx(100.0),
        "conversion",
    )


def test_weights_of_what_is_unknown_fall_to_the_rest() -> None:
    plan = carded(balanced={"finance": 0.5, "learning": 0.5})
    kpis = table(status_quo={"acos": [0.4] * 4}, bold={"acos": [0.36] * 4})
    score = with_derived(kpis, plan, ()).query("kpi == 'scorecard_balanced' and scenario == 'bold'")
    assert score["value"].tolist() == pytest.approx([50.0] * 4)


def test_core_and_supporting_indicators_are_told_apart() -> None:
    plan = carded(core=["conversion"], supporting=["acos"])
    kpis = table(status_quo={"conversion": [0.02] * 4}, bold={"conversion": [0.022] * 4})
    told = scorecard_table(kpis, plan, ()).query("scenario == 'bold'").set_index("dimension")
    assert told.loc["core", "attainment_p50"] == pytest.approx(50.0)
    assert np.isnan(told.loc["supporting", "attainment_p50"])
