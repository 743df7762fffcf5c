"""Experiments in the simulated market: what they say, and what is true."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import omolab
from scenarios.drivers import setup_for
from scenarios.plan import Plan
from scenarios.readings import OUTCOMES, apart, by_region, power
from scenarios.trial import candidates, summary, trial, trial_power, winners_curse
from sim.market import Market
from sim.retailer.trials import Treatment, Trial
from tests.scenarios.test_drivers import planned

BUSY = [{"need_rate": 0.4, "appeal.own": -0.5, "renewal": 0.0}]


def shop(**market: Any) -> Plan:
    return planned(months=12, market={"population": 20_000, "customers": 800} | market)


def counts(days: int = 28, customers: int = 3_000) -> Any:
    """Counts by customer, with nobody treated."""
    setup = setup_for(shop(), BUSY[0], 1, customers)
    made = Trial(Treatment(), "nobody", 60, days)
    import dataclasses

    market = Market.from_setup(dataclasses.replace(setup, trial=made, days=60 + days), seed=1)
    market.run()
    assert market.trial is not None
    return market.trial.between(60, 60 + days)


def test_where_nothing_is_done_one_reading_in_twenty_is_significant() -> None:
    told, rng = counts(), np.random.default_rng(7)
    for outcome in OUTCOMES:
        measured, wrong = outcome.of(told, 28), {"customers": 0, "regions": 0}
        for _ in range(600):
            arm = rng.random(len(told)) < 0.5
            wrong["customers"] += apart(measured.of(~arm), measured.of(arm)).p_value < 0.05
            region = rng.integers(0, 20, len(told))
            wrong["regions"] += by_region(None, measured, region, region % 2 == 1).p_value < 0.05
        for count in wrong.values():
            assert 0.025 < count / 600 < 0.08


def test_power_rises_with_customers_and_days() -> None:
    treated = Treatment(worth=0.5)
    table = trial_power(shop(), treated, (250, 1_000), (14, 56), ensemble=BUSY, replicates=2, start=60)
    orders = table[table["outcome"] == "orders"].set_index(["customers", "days"])
    by_size = orders["power"].unstack()
    assert (by_size.loc[1_000] > by_size.loc[250]).all()
    assert (by_size[56] > by_size[14]).all()
    assert (orders["needed"] > 0).all()
    assert power(0.0, 1.0) == pytest.approx(0.05)
    assert power(2.8, 1.0) == pytest.approx(0.8, abs=0.005)


def test_after_against_before_takes_the_season_for_the_treatment_and_an_ab_test_does_not() -> None:
    plan = shop(season={"amplitude": 0.9, "peak_month": 7}, customers=3_000)
    table = trial(plan, {"pages": Treatment(worth=0.3)}, start=110, days=56, ensemble=BUSY, replicates=4)
    found = summary(table).set_index(["outcome", "reading"])
    orders = found.loc["orders"]
    assert orders["truth"].iloc[0] > 0.0
    assert orders.loc["before_after", "bias"] > 0.5 * orders.loc["before_after", "truth"]
    error = table[(table["outcome"] == "orders") & (table["reading"] == "ab")]["se"].mean() / 2.0
    assert abs(orders.loc["ab", "bias"]) < 3.0 * error
    assert orders.loc["before_after", "covered"] < 0.5 <= orders.loc["ab", "covered"]
    assert set(found.loc["conversion"].index) == {"ab", "before_after", "geo_change"}


def test_the_best_of_several_tests_promises_too_much() -> None:
    table = trial(
        shop(), candidates(5, 1e-9), ["ab"], start=28, days=14, ensemble=BUSY, replicates=3, customers=400
    )
    assert table["truth"].abs().max() < 1e-6
    best = winners_curse(table, "orders")
    assert len(best) == 3
    assert (best["curse"] > 0).all()
    np.testing.assert_allclose(best["curse"], best["effect"] - best["truth"])


def test_every_design_is_read_and_the_same_luck_gives_the_same_figures() -> None:
    ways = ("ab", "before_after", "geo", "geo_change", "pilot", "rollout")

    def lived() -> Any:
        treated = {"all": Treatment(worth=0.5, channels=("own",))}
        return trial(shop(), treated, ways, start=28, reads=(14,), ensemble=BUSY, replicates=1, customers=300)

    table = lived()
    assert table.equals(lived())
    assert set(table["reading"]) == set(ways)
    assert set(table[table["reading"] == "ab"]["days"]) == {14, 28}
    np.testing.assert_allclose(table["bias"], table["effect"] - table["truth"])
    truths = table[table["reading"] != "rollout"].groupby(["outcome", "days"])["truth"].nunique()
    assert (truths == 1).all()


def test_unknown_readings_and_odd_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="readings: 'guess'"):
        trial(shop(), readings=["guess"])
    with pytest.raises(ValueError, match="expected within"):
        trial(shop(), start=360)
    with pytest.raises(ValueError, match="expected the same in each"):
        trial(shop(), {"a": Treatment(channels=("own",)), "b": Treatment()})
    assert omolab.trial is trial and omolab.Treatment is Treatment
