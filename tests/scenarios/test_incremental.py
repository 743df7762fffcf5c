"""Synergy and incremental return inside an experiment: what is run again, and what it comes to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results import store
from scenarios.attribution import attribution, spending
from scenarios.drivers import setup_for
from scenarios.experiment import run_experiment
from scenarios.incremental import KEYS, asked_of, kinds_of, with_incremental
from scenarios.plan import Plan, load_plan, with_overrides
from tests.scenarios.test_attribution import advertised

TARGETS = [
    {"kpi": "synergy", "value": 0.0, "by": "2027-12-31", "group": "efficiency"},
    {"kpi": "orders", "value": 1.0, "by": "2027-12-31", "group": "growth"},
]


def wanting(**media: float) -> Plan:
    plan = advertised(**media)
    return Plan.model_validate(plan.model_dump(exclude_unset=True) | {"targets": TARGETS})


def run(plan: Plan, out: Path, replicates: int) -> store.Run:
    with store.create(out, "run", plan.name, {"plan": "text"}, {}, seed=3) as writer:
        run_experiment(plan, [], [], replicates, 3, None, writer)
    return store.open_run(out)


def test_it_is_computed_where_a_plan_asks_for_it() -> None:
    assert asked_of(load_plan("omo_fusion")) == ("synergy",)
    assert asked_of(load_plan("ecommerce_dept")) == ()
    card = {"policies.scorecard.core": ["incremental_roas"]}
    assert asked_of(with_overrides(load_plan("ecommerce_dept"), card)) == ("incremental_roas",)
    assert kinds_of(wanting(paid_search=0.5, tv=0.5)) == ("online", "offline", "none")
    assert kinds_of(wanting(paid_search=1.0)) == ("none",)


def test_figures_follow_from_the_sales_with_less_money() -> None:
    start, end = pd.Timestamp("2027-01-01"), pd.Timestamp("2027-12-31")
    at: dict[str, Any] = {
        "scenario": "plan",
        "draw": 0,
        "replicate": 0,
        "period_start": start,
        "period_end": end,
    }
    kpis = pd.DataFrame(
        [
            at | {"channel": "all", "kpi": kpi, "value": value, "unit": unit}
            for kpi, value, unit in (("net_sales", 1_000.0, "currency"), ("roas", 5.0, "ratio"))
        ]
    )
    sales = {"online": 800.0, "offline": 640.0, "none": 500.0}
    less = pd.DataFrame([at | {"spent": spent, "sales": value} for spent, value in sales.items()])
    found = with_incremental(kpis, less).set_index("kpi")["value"]
    assert found["synergy"] == pytest.approx(1_000 - 800 - 640 + 500)
    assert found["incremental_roas"] == pytest.approx((1_000 - 500) / 200)
    one = with_incremental(kpis, less[less["spent"] == "none"]).set_index("kpi")["value"]
    assert one["synergy"] == 0.0, "money of one kind has nothing to work together with"
    assert with_incremental(kpis, less.iloc[:0]) is kpis


def test_an_experiment_gives_the_target_odds_and_agrees_with_attribution(tmp_path: Path) -> None:
    plan = wanting(paid_search=0.5, tv=0.5)
    made = run(plan, tmp_path / "out", 5)
    rows = made.kpis[made.kpis["kpi"].isin(KEYS)]
    assert set(rows["scenario"]) == {"status_quo", "plan"}
    assert rows.groupby("scenario")["replicate"].unique().map(len).eq(4).all()
    assert made.json("experiment.json")["attribution"] == {"runs": 2 * 4 * 3, "futures": 4}
    targets = made.targets.set_index(["scenario", "kpi"])
    assert 0.0 <= targets.loc[("plan", "synergy"), "odds"] <= 1.0
    assert np.isfinite(targets.loc[("plan", "synergy"), "baseline"]), "read off the status quo"
    joint = made.read("odds").set_index("scenario")
    assert joint.loc["plan", "targets_measured"] == 1, "measured in some futures only: no part in joint odds"
    assert joint.loc["plan", "odds_all"] == 1.0
    alone = attribution(plan, replicates=1, seed=3).set_index("kpi")["value"]
    year = rows[
        (rows["scenario"] == "plan") & (rows["replicate"] == 0) & (rows["period_start"] == "2027-01-01")
    ]
    year = year[year["period_end"] == "2027-12-31"].set_index("kpi")["value"]
    assert year["synergy"] == pytest.approx(alone["synergy"], abs=1e-6)
    assert year["incremental_roas"] == pytest.approx(alone["incremental_roas"], rel=1e-6)


def test_money_stays_away_from_a_programme_that_lays_out_its_days_anew() -> None:
    setup = setup_for(load_plan("omo_fusion"), {}, 1, customers=50)
    assert setup.programme is not None
    none = spending(setup, "none")
    assert none.programme is not None
    assert not none.drivers.spend.any() and not none.programme.base.spend.any()
    np.testing.assert_array_equal(none.programme.base.invest, setup.programme.base.invest)
