"""What advertising brings, by runs with and without the money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from results.problems import BadInput
from scenarios.attribution import Outcome, attribution, measured, spending
from scenarios.drivers import setup_for
from scenarios.plan import Plan
from tests.scenarios.test_drivers import SPLIT, planned


def advertised(customers: int = 400, **media: float) -> Plan:
    year: dict[str, Any] = {"total": 40_000.0, "split": SPLIT}
    return planned(
        months=12,
        market={"population": 20_000, "customers": customers},
        budget={"year_1": year, "media": media, "today": year | {"media": media}},
    )


def test_figures_follow_from_the_four_outcomes() -> None:
    of = {
        "all": Outcome(1_000.0, 200.0, 3.0),
        "online": Outcome(800.0, 150.0, 3.0),
        "offline": Outcome(640.0, 50.0, 0.0),
        "none": Outcome(500.0, 0.0, float("nan")),
    }
    found = measured(of)
    assert found["incremental_roas"] == pytest.approx(2.5)
    assert found["incremental_roas_online"] == pytest.approx(2.0)
    assert found["incremental_roas_offline"] == pytest.approx(2.8)
    assert found["synergy"] == pytest.approx(60.0)
    assert found["paid_roi"] == 3.0


def test_runs_differ_by_the_money_alone() -> None:
    setup = setup_for(advertised(paid_search=0.6, tv=0.4), {}, 1)
    click = [medium.action == "click" for medium in setup.media]
    for spent, kept in {"online": click, "offline": [not c for c in click], "none": [False, False]}.items():
        other = spending(setup, spent)
        np.testing.assert_array_equal(other.drivers.spend.any(axis=0), kept)
        np.testing.assert_array_equal(other.drivers.invest, setup.drivers.invest)
        assert other.usual is setup.usual
    assert spending(setup, "all") is setup
    assert setup.drivers.spend.all()


def test_advertising_brings_sales_and_the_same_luck_the_same_figures() -> None:
    table = attribution(advertised(4_000, paid_search=0.5, tv=0.5), replicates=2, seed=3)
    assert table.groupby(["draw", "replicate"]).size().tolist() == [6, 6]
    means = table.groupby("kpi").value.mean()
    assert means["incremental_roas_online"] > 0.0 and means["incremental_roas_offline"] > 0.0
    assert means["media_spend"] == pytest.approx(16_000.0, rel=1e-6)
    assert set(table.unit) == {"ratio", "currency"}
    again = attribution(advertised(4_000, paid_search=0.5, tv=0.5), replicates=2, seed=3)
    assert table.equals(again)


def test_money_of_one_kind_has_no_synergy() -> None:
    table = attribution(advertised(paid_search=1.0), replicates=1).set_index("kpi").value
    assert table["synergy"] == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(table["incremental_roas_offline"])
    assert table["incremental_roas"] == pytest.approx(table["incremental_roas_online"])


def test_an_unknown_scenario_is_refused() -> None:
    with pytest.raises(BadInput, match="no scenario 'lavish'"):
        attribution(advertised(tv=1.0), "lavish")
