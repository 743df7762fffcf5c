"""Diebold-Mariano's test: leads that are luck and leads that are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from calibration.comparison import against_best, best_of, diebold_mariano, reach_of


def test_without_overlap_it_is_the_paired_t_test() -> None:
    luck = np.random.default_rng(2)
    a, b = luck.gamma(3.0, size=12), luck.gamma(3.0, size=12)
    statistic, p = diebold_mariano(a, b)
    told = stats.ttest_rel(a, b)
    assert statistic == pytest.approx(told.statistic) and p == pytest.approx(told.pvalue)
    assert diebold_mariano(b, a)[0] == pytest.approx(-statistic)


def test_a_sure_lead_is_told_from_luck() -> None:
    luck = np.random.default_rng(4)
    base = luck.gamma(5.0, size=20)
    assert diebold_mariano(base - 0.5 + 0.1 * luck.standard_normal(20), base)[1] < 1e-6
    assert diebold_mariano(base + luck.standard_normal(20), base)[1] > 0.01


def test_overlapping_origins_count_for_less() -> None:
    """Differences that last several origins reject far too often unless the test knows of it."""
    luck, found = np.random.default_rng(6), []
    for _ in range(300):
        steps = luck.standard_normal(26)
        d = np.convolve(steps, np.ones(3), "valid")  # each horizon reaches three origins
        found.append([diebold_mariano(d, np.zeros(24), reach)[1] for reach in (1, 3)])
    naive, known = (np.array(found) < 0.05).mean(axis=0)
    assert known < naive / 1.5 and known < 0.16


@pytest.mark.parametrize(
    ("a", "b", "reach"),
    [([1, 2, 3], [2, 1, 2], 1), ([1, 2, 1, 3], [1, 2, 1, 3], 1), ([1, 2, 1, 3], [2, 3, 1, 0], 3)],
)
def test_too_little_says_nothing(a: list[float], b: list[float], reach: int) -> None:
    assert np.isnan(diebold_mariano(a, b, reach)).all()


def test_unknown_losses_are_left_out() -> None:
    a, b = np.array([1.0, 2, 3, 4, np.nan, 3]), np.array([2.0, 2.5, 3, 5, 1, 2])
    assert diebold_mariano(a, b) == pytest.approx(diebold_mariano(np.delete(a, 4), np.delete(b, 4)))


def test_reach_counts_the_origins_under_one_horizon() -> None:
    def rows(apart: int, horizon: int) -> pd.DataFrame:
        starts = pd.date_range("2024-01-01", periods=5, freq=f"{apart}D")
        return pd.concat(
            [pd.DataFrame({"origin": s, "date": pd.date_range(s, periods=horizon)}) for s in starts]
        )

    assert [reach_of(rows(7, days)) for days in (7, 8, 21)] == [1, 2, 3]


def test_every_model_meets_the_best_rival() -> None:
    losses = {"omolab": [1.0, 1.2, 0.9, 1.0], "ets": [2.0, 2.1, 2.2, 1.9], "ucm": [3.0, 3.3, 3.1, 3.0]}
    scores = (
        pd.DataFrame(losses)
        .rename_axis("origin")
        .reset_index()
        .melt("origin", var_name="model", value_name="crps")
    )
    table = against_best(scores, ["ets", "ucm"], 1).set_index("model")
    assert table.loc["omolab", "dm_against"] == "ets" and table.loc["omolab", "dm_statistic"] < 0
    assert table.loc["omolab", "dm_p"] < 0.01
    assert table.loc["ets", "dm_against"] is None or pd.isna(table.loc["ets", "dm_against"])
    assert table.loc["ucm", "dm_statistic"] > 0
    assert best_of(pd.DataFrame(losses), ["absent"]) is None
