"""Paired differences between scenarios, within a run and across runs."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from results import store
from results.problems import BadInput
from scenarios.compare import compare, compare_runs, variance_ratio


def kpis(values: dict[str, np.ndarray], kpi: str = "net_sales") -> pd.DataFrame:
    """Build one month's indicator from values[scenario][draw, replicate]."""
    parts = []
    for scenario, matrix in values.items():
        draws, replicates = np.indices(matrix.shape)
        parts.append(
            pd.DataFrame(
                {
                    "scenario": scenario,
                    "draw": draws.ravel(),
                    "replicate": replicates.ravel(),
                    "period_start": pd.Timestamp("2027-01-01"),
                    "period_end": pd.Timestamp("2027-01-31"),
                    "channel": "all",
                    "kpi": kpi,
                    "value": matrix.ravel(),
                    "unit": "CNY",
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def noise(shape: tuple[int, int], seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(100, 10, size=shape)


def test_differences_are_paired_future_by_future() -> None:
    base = noise((1, 8))
    effect = np.random.default_rng(2).normal(5, 1, size=(1, 8))
    got = compare(kpis({"status_quo": base, "plan": base + effect})).iloc[0]
    expected = stats.ttest_1samp(effect.ravel(), 0).confidence_interval()
    assert got["difference"] == pytest.approx(effect.mean())
    assert (got["low"], got["high"]) == pytest.approx((expected.low, expected.high))
    assert got["median"] == pytest.approx(np.median(effect))
    assert (got["share_positive"], got["pairs"], got["paired"], got["unit"]) == (1.0, 8, True, "CNY")
    assert got["value"] - got["base_value"] == pytest.approx(got["difference"])
    assert got["variance_ratio"] > 20


def test_replicates_of_a_draw_are_not_independent_futures() -> None:
    base = noise((10, 20))
    effect = np.repeat(np.random.default_rng(2).normal(5, 3, size=(10, 1)), 20, axis=1)
    got = compare(kpis({"status_quo": base, "plan": base + effect})).iloc[0]
    expected = stats.ttest_1samp(effect[:, 0], 0).confidence_interval()
    assert (got["low"], got["high"]) == pytest.approx((expected.low, expected.high))


def test_rows_may_come_in_any_order_and_channels_are_left_aside() -> None:
    table = kpis({"status_quo": noise((3, 2)), "plan": noise((3, 2), 4)})
    store_rows = table.assign(channel="store", value=0.0)
    mixed = pd.concat([store_rows, table]).sample(frac=1, random_state=0)
    columns = ["difference", "low", "high", "variance_ratio"]
    pd.testing.assert_frame_equal(compare(table)[columns], compare(mixed)[columns])


def test_variance_ratio_is_of_luck_within_draws_alone() -> None:
    rng = np.random.default_rng(0)
    draws = np.repeat(np.arange(200), 4)
    between = np.repeat(rng.normal(0, 100, 200), 4)
    a, b = rng.normal(size=800), rng.normal(size=800)
    assert variance_ratio(between + a, between + b, draws) == pytest.approx(1.0, abs=0.1)
    assert variance_ratio(between + a + b, between + a, draws) == pytest.approx(3.0, rel=0.15)
    assert variance_ratio(a, a - 1.0, draws) == math.inf
    assert math.isnan(variance_ratio(a[:5], b[:5], np.arange(5)))
    assert math.isnan(variance_ratio(np.ones(4), np.ones(4), np.zeros(4, dtype=int)))


def test_undefined_futures_are_left_out_and_undefined_indicators_too() -> None:
    base, plan = noise((4, 1)), noise((4, 1)) + 1
    plan[0] = math.nan
    got = compare(kpis({"status_quo": base, "plan": plan}))
    assert got["pairs"].tolist() == [3]
    assert got["difference"].tolist() == [pytest.approx(1.0)]
    assert compare(kpis({"status_quo": base, "plan": plan * math.nan})).empty


def test_a_single_future_has_no_interval() -> None:
    got = compare(kpis({"status_quo": np.array([[1.0]]), "plan": np.array([[3.0]])})).iloc[0]
    assert got["difference"] == 2.0
    assert math.isnan(got["low"])
    assert math.isnan(got["variance_ratio"])


def test_an_unknown_base_is_refused_with_a_hint() -> None:
    with pytest.raises(BadInput, match="did you mean 'status_quo'"):
        compare(kpis({"status_quo": noise((2, 2))}), "status-quo")


def finished(path: Path, seed: int, values: dict[str, np.ndarray]) -> store.Run:
    with store.create(path, "run", path.name, {}, {"customers": 100}, seed) as writer:
        writer.table("kpis", kpis(values))
    return store.open_run(path)


def test_runs_are_paired_where_their_luck_is_one(tmp_path: Path) -> None:
    base = noise((6, 1))
    a = finished(tmp_path / "a", 1, {"status_quo": base, "plan": base + 2})
    b = finished(tmp_path / "b", 1, {"status_quo": base, "plan": base + 5})
    c = finished(tmp_path / "c", 2, {"plan": noise((6, 1), 9) + 5})
    got = compare_runs([a, b, c]).set_index("scenario")
    assert set(got["base"]) == {"a/status_quo"}
    assert got["paired"].to_dict() == {"a/plan": True, "b/status_quo": True, "b/plan": True, "c/plan": False}
    assert got.loc["b/plan", "difference"] == pytest.approx(5.0)
    other = (noise((6, 1), 9) + 5).ravel()
    expected = stats.ttest_ind(other, base.ravel(), equal_var=False).confidence_interval()
    assert (got.loc["c/plan", "low"], got.loc["c/plan", "high"]) == pytest.approx(
        (expected.low, expected.high)
    )
    assert got.loc["c/plan", "pairs"] == 0
    assert set(compare_runs([a])["scenario"]) == {"plan"}
    assert set(compare_runs([a, b], "b/plan")["base"]) == {"b/plan"}
    assert set(compare_runs([c, a])["base"]) == {"a/status_quo"}
