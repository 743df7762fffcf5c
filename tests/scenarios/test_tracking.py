"""Plan against actuals: who went as reality did counts more, and never fewer than can tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.tracking import LEAST, table, together, weigh

MONTHS = [(pd.Timestamp(2027, m, 1), pd.Timestamp(2027, m, 1) + pd.offsets.MonthEnd()) for m in (1, 2, 3)]


def futures(levels: list[float], luck: float = 0.02, replicates: int = 4) -> pd.DataFrame:
    """Monthly net sales of stores and shop, by draws of a level and luck around it."""
    rng = np.random.default_rng(4)
    rows = [
        ("plan", draw, k, *month, channel, "net_sales", level * np.exp(luck * rng.normal()), "currency")
        for draw, level in enumerate(levels)
        for k in range(replicates)
        for month in MONTHS
        for channel in ("store", "shop")
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


def came(level: float, channel: str = "store") -> pd.DataFrame:
    rows = [(*month, channel, "net_sales", level, "currency") for month in MONTHS]
    return pd.DataFrame(rows, columns=["period_start", "period_end", "channel", "kpi", "value", "unit"])


def test_draws_near_the_actuals_gain_weight_and_those_far_lose_it() -> None:
    levels = [float(level) for level in np.geomspace(80, 125, 10)]
    weighed = weigh(futures(levels), came(levels[7]))
    by_draw = weighed.weights.groupby(level="draw").sum()
    assert weighed.weights.sum() == pytest.approx(1.0)
    assert by_draw.idxmax() == 7
    assert by_draw[0] < 0.3 * by_draw[7]
    assert not weighed.strange


def test_without_luck_or_difference_all_futures_count_alike() -> None:
    weighed = weigh(futures([100.0] * 5, luck=0.0), came(90.0))
    assert weighed.weights.to_numpy() == pytest.approx(1 / 20)
    assert weighed.worth == pytest.approx(20)


def test_actuals_far_from_every_future_are_called_strange_and_still_leave_enough_to_tell_from() -> None:
    weighed = weigh(futures([float(x) for x in np.geomspace(50, 200, 10)]), came(10_000.0))
    assert weighed.strange and weighed.trusted < 1.0
    assert weighed.worth >= LEAST * 40 * 0.999


@given(st.floats(20.0, 500.0), st.integers(2, 8))
def test_weights_are_a_distribution_worth_a_share_of_the_futures(level: float, draws: int) -> None:
    weighed = weigh(futures([float(x) for x in np.geomspace(80, 125, draws)], replicates=2), came(level))
    assert weighed.weights.sum() == pytest.approx(1.0) and (weighed.weights >= 0).all()
    assert weighed.worth >= max(LEAST * 2 * draws, 2.0) * 0.999
    assert 0.0 <= weighed.trusted <= 1.0


def test_a_total_counts_only_where_no_channel_is_known() -> None:
    kpis = futures([80.0, 125.0])
    whole = kpis.groupby(["scenario", "draw", "replicate", "period_start", "period_end", "kpi", "unit"],
                         as_index=False)["value"].sum().assign(channel="all")  # fmt: skip
    both = pd.concat([kpis, whole[kpis.columns]])
    misleading = pd.concat([came(80.0), came(250.0, "all")])
    assert weigh(both, misleading).weights.groupby(level="draw").sum()[0] > 0.5
    assert weigh(both, came(250.0, "all")).weights.groupby(level="draw").sum()[1] > 0.5


def test_online_is_the_sum_of_the_channels_that_sell_online() -> None:
    kpis = futures([100.0], luck=0.0, replicates=1)
    online = together(kpis, ["shop"])
    assert online.loc[online["channel"] == "online", "value"].tolist() == [100.0] * 3
    assert len(online) == len(kpis) + 3


def test_the_table_says_what_was_expected_what_came_and_how_far_off() -> None:
    kpis = futures([float(x) for x in np.geomspace(80, 125, 10)])
    rows = table(kpis, came(125.0), weigh(kpis, came(125.0)))
    assert len(rows) == 3
    first = rows.iloc[0]
    assert first["variance"] == pytest.approx(125.0 / first["expected_p50"] - 1.0)
    assert first["expected_p10"] < first["expected_p50"] < first["expected_p90"] and not first["inside"]
    assert first["updated_p50"] > first["expected_p50"]  # what is to come follows what came


def test_a_future_that_sold_nothing_is_far_off_and_not_left_out() -> None:
    kpis = futures([100.0] * 5, luck=0.0)
    kpis.loc[(kpis["draw"] == 0) & (kpis["channel"] == "store"), "value"] = 0.0
    weighed = weigh(kpis, came(100.0))
    assert weighed.weights.groupby(level="draw").sum()[0] < 1e-6
    assert weighed.nearest == pytest.approx(0.0, abs=1e-9)
