"""Experiments of a history move what a fit says of causes, in the right direction and with their error."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.case import Case
from calibration.fit import Fit, fit
from calibration.history import History, load_history
from calibration.lessons import Elasticity, Lift, learnt, sold
from calibration.moments import Prior
from results.problems import BadInput
from scenarios.executor import Pool
from sim.customers.exchange import ORDERS
from sim.market import Market
from sim.setup import Channel, Drivers, Medium, Setup

DAYS, BEGIN, TEST, REGIONS = 84, 56, 28, 24
REFERENCE = 100.0  # of spend a day


def plan_like() -> Case:
    """A store that spends on television every day; nothing is compared, so draws are the priors'."""
    drivers, usual = Drivers.constant(112, 1, 1, spend=REFERENCE), Drivers.constant(1, 1, 1, spend=REFERENCE)
    tv = Medium("tv", "broadcast", None, 7.0, REFERENCE)
    setup = Setup(
        start=datetime.date(2025, 1, 1),
        days=112,
        channels=(Channel("store", "store"),),
        drivers=drivers,
        media=(tv,),
        usual=usual,
        burn_in=28,
        customers=1_000,
    )
    return Case("made up", setup, Prior(()), ())


def geo_history(folder: Path, increase: float, extra: str = "") -> History:
    """Regions of which half are advertised in for four weeks, which sells ``increase`` more."""
    luck = np.random.default_rng(7)
    days = pd.date_range("2025-01-01", periods=DAYS)
    rows = []
    for region in range(REGIONS):
        treated, level = region % 2 == 0, luck.uniform(500.0, 1_500.0)
        sales = level * np.exp(0.02 * luck.standard_normal(DAYS))
        cost = np.zeros(DAYS)
        if treated:
            sales[BEGIN:] *= 1.0 + increase
            cost[BEGIN:] = 0.05 * level
        rows.append(pd.DataFrame({"date": days, "geo": region, "sales": sales, "cost": cost}))
    pd.concat(rows).to_csv(folder / "geo.csv", index=False)
    groups = pd.DataFrame({"geo": range(REGIONS), "group": [1 - k % 2 for k in range(REGIONS)]})
    groups.to_csv(folder / "groups.csv", index=False)
    (folder / "history.yaml").write_text(
        "name: regions\ntables:\n  geo:\n    file: geo.csv\n"
        "    columns: {date: date, region: geo, sales: sales, cost: cost}\n"
        f"    assignment: {{file: groups.csv, columns: {{region: geo, group: group}}, treated: '1'}}\n{extra}"
    )
    return load_history(folder / "history.yaml")


def contributions(fitted: Fit) -> np.ndarray:
    """Return television's share of orders in each draw's forecast: with its spend, and without."""

    def orders(draw: dict[str, float], spend: float) -> float:
        setup = fitted.case.with_values(draw)
        setup.drivers.spend[:] = setup.customary().spend[:] = spend
        return float(Market.from_setup(setup, 3).run().events[setup.burn_in :, :, ORDERS].sum())

    return np.array([1.0 - orders(draw, 0.0) / orders(draw, REFERENCE) for draw in fitted.draws()])


@pytest.fixture(scope="module")
def untaught() -> Fit:
    with Pool(1) as pool:
        return fit(plan_like(), pool, members=8)


def test_a_geo_experiment_moves_and_narrows_a_forecast_contribution(tmp_path: Path, untaught: Fit) -> None:
    with Pool(1) as pool:
        strong = learnt(untaught, geo_history(tmp_path, 0.10, "    medium: tv\n"), pool)
        weak = learnt(untaught, geo_history(tmp_path, 0.005, "    medium: tv\n"), pool)
    before, high, low = (contributions(one) for one in (untaught, strong, weak))
    assert np.median(low) < np.median(before) < np.median(high)
    # Relative to its size the strong medium's contribution is known better than before.
    assert np.log(high).std() < 0.75 * np.log(before).std()
    assert any("teaches lift.tv" in note for note in strong.case.notes)
    table = strong.identified().set_index("parameter")
    assert (
        table.loc["lift.tv", "p50"] > 0.05
    )  # its curve is not known better, so the lift alone only a little


def test_draws_repeat_the_experiment_within_its_error(tmp_path: Path, untaught: Fit) -> None:
    with Pool(1) as pool:
        (lesson,) = learnt(untaught, geo_history(tmp_path, 0.08), pool).taught
    assert isinstance(lesson, Lift)
    assert np.expm1(lesson.effect) == pytest.approx(0.08, abs=3 * lesson.error)
    wide = lesson.taught(untaught.draws() * 20, 1)
    expected = [
        lesson.expected(np.array([d["lift.tv"]]), d["hill_shape"], d["half_saturation"])[0] for d in wide
    ]
    off = (np.array(expected) - lesson.effect) / lesson.error
    plain = [
        lesson.expected(np.array([0.05]), d["hill_shape"], d["half_saturation"])[0] for d in untaught.draws()
    ]
    assert np.sqrt(np.mean(off**2)) < np.sqrt(
        np.mean(((np.array(plain) - lesson.effect) / lesson.error) ** 2)
    )
    loose = replace(lesson, error=50.0).taught(untaught.draws() * 20, 1)
    logs = np.log([d["lift.tv"] for d in loose])  # an experiment that says nothing leaves the prior
    assert logs.mean() == pytest.approx(np.log(0.05), abs=0.1)
    assert logs.std() == pytest.approx(np.log(0.15 / 0.005) / 3.29, rel=0.1)


def test_a_panel_teaches_the_price_weight(untaught: Fit) -> None:
    from calibration.case import parameter

    prior = parameter("price_weight")
    draws = untaught.draws()
    weights = np.log([d["price_weight"] for d in draws])
    strict = Elasticity(prior, 3.6, 0.05).taught(draws, 1)
    assert np.log([d["price_weight"] for d in strict]) == pytest.approx(np.log(3.6), abs=0.05)
    loose = Elasticity(prior, 3.6, 60.0).taught(draws, 1)
    assert np.log([d["price_weight"] for d in loose]) == pytest.approx(weights, abs=0.01)


def test_what_teaches_nothing_is_said_by_name(tmp_path: Path, untaught: Fit) -> None:
    history = geo_history(tmp_path, 0.05, "    medium: radio\n")
    history = replace(history, experiment=pd.DataFrame({"group": ["a"]}))
    with Pool(1) as pool:
        told = learnt(untaught, history, pool)
    assert not told.taught and told.draws() == untaught.draws()
    assert "table geo is not used in the fit: radio is no broadcast medium here" in told.case.notes
    assert any(note.startswith("table experiment is not used in the fit") for note in told.case.notes)


def test_a_history_of_experiments_alone_wants_a_plan(tmp_path: Path) -> None:
    history = geo_history(tmp_path, 0.05)
    assert sold(history, alone=False) is None and sold(None, alone=True) is None
    with pytest.raises(BadInput, match=r"holds tables\.geo"):
        sold(history, alone=True)
