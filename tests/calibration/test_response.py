"""Evidence mapped through simulated interventions: defaults within it, members led to it, figures kept."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calibration.fit import fit, member_seed, simulate_statistics
from calibration.response import CUT, PRICE, WEB, Evidence, Reading, Response, respond
from calibration.starting_point import plan_case
from calibration.switchback import DEPTH, arm, effects, signs, wanted
from scenarios.executor import Pool
from sim.market import Market
from sim.setup import KINDS, Channel, Drivers, Setup
from tests.calibration.test_starting_point import planned


def market(kinds: tuple[Any, ...], customers: int, parameters: dict[str, float] | None = None) -> Setup:
    channels = tuple(Channel(kind, kind) for kind in kinds)
    drivers = Drivers.constant(364, len(channels))
    return Setup(
        datetime.date(2027, 1, 1),
        364,
        channels,
        drivers,
        (),
        customers,
        parameters=parameters or {},
        burn_in=60,
    )


def arms(setup: Setup, *seeds: int) -> np.ndarray:
    return np.array([sum(wanted((setup, seed, first)) for seed in seeds) for first in (True, False)])


def online(setup: Setup) -> np.ndarray:
    return np.array([channel.online for channel in setup.channels])


def test_the_levers_are_orthogonal_and_both_arms_live_under_the_same_terms() -> None:
    design = signs(24)
    np.testing.assert_allclose(design.sum(axis=0), 0.0, atol=1e-12)
    products = design.T @ design
    np.testing.assert_allclose(products, np.diag(np.diag(products)), atol=1e-12)
    setup = market(("store", "own"), 10)
    one, other = arm(setup, True), arm(setup, False)
    np.testing.assert_allclose(one.drivers.price + other.drivers.price, 2.0)
    assert one.drivers.discount.max() == pytest.approx(DEPTH)
    assert one.drivers.discount.sum() == pytest.approx(other.drivers.discount.sum())
    assert (one.drivers.delivery_days[:, 0] == 3.0).all() and one.drivers.delivery_days[:, 1].min() == 2.0
    assert one.parameters["rival_reaction"] == 0.0 == setup.drivers.discount.max()


def test_effects_are_read_off_counts() -> None:
    design, truth = signs(26), np.array([-2.6, 0.4, 0.5, -0.015])
    first = 4_000.0 / (1.0 + np.exp(-design @ truth))
    np.testing.assert_allclose(effects([first, 4_000.0 - first]), truth, atol=1e-3)
    assert np.isfinite(effects([np.zeros(26), np.zeros(26)])).all()


def test_default_markets_answer_as_the_evidence_says() -> None:
    """Bijmolt et al. 2005 in stores, Chu et al. 2010 online, van Heerde & Neslin for a cut of 20 %."""
    setup = market(KINDS, 50_000)
    read = Reading.of(arms(setup, 5), online(setup))
    elasticity = dict(zip(KINDS, read.price.sum(axis=1), strict=True))
    assert elasticity["store"] == pytest.approx(-PRICE.central, rel=0.1)
    for kind in ("own", "marketplace", "social"):
        assert -PRICE.high < elasticity[kind] < -PRICE.low * WEB.low
    assert CUT.low * DEPTH < math.expm1(read.total) < CUT.high * DEPTH
    assert math.expm1(read.total) == pytest.approx(CUT.central * DEPTH, abs=0.1)


def test_a_promotion_borrows_from_later_periods_what_the_evidence_says() -> None:
    """6 % (Leeflang et al. 2008) to a third (van Heerde, Leeflang & Wittink 2004) of the bump."""
    usual = market(("store", "own"), 40_000)
    promoted = replace(usual, drivers=Drivers.constant(364, 2))
    promoted.drivers.discount[90:104] = DEPTH
    change = sum(
        Market.from_setup(promoted, seed).run().events[60:, :, 8].sum(axis=1)
        - Market.from_setup(usual, seed).run().events[60:, :, 8].sum(axis=1)
        for seed in (1, 2)
    )
    assert (change[:90] == 0).all()
    bump, later = change[90:104].sum(), change[104:].sum()
    assert 0.06 < -later / bump < 0.33


def test_an_experiment_leads_a_market_to_the_evidence() -> None:
    """Half as strong as it should be in stores, twice online: both are set right."""
    wrong = {"price_response.store": 0.9, "price_response.own": 2.4, "appeal.own": -2.0}
    setup = market(("store", "own"), 12_000, wrong)
    setup.drivers.discount[::5] = 0.1  # usual promotions

    def live(values: list[dict[str, float]]) -> np.ndarray:
        changed = (replace(setup, parameters=wrong | one) for one in values)
        return np.array(sum(arms(one, 3) for one in changed))

    found = respond(setup, [{}], live, 1)
    assert found.table is not None
    table = found.table.set_index(["lever", "channel"])
    price = table.loc["price elasticity"]
    assert price.loc["store", "before"] > -1.8 and price.loc["own", "before"] < -3.5
    assert price.loc["store", "after"] == pytest.approx(-PRICE.central, rel=0.12)
    assert price.loc["own", "after"] == pytest.approx(-PRICE.central * WEB.central, rel=0.3)
    cut = table.loc[("20 % off for two weeks", "all")]
    assert cut["after"] == pytest.approx(cut["central"], abs=0.12)
    # The usual promotions sell more now; the appeal makes it good.
    mapped = found.mapped({}, None)
    assert mapped["appeal.store"] < -1.02
    orders = [
        Market.from_setup(replace(setup, parameters=wrong | values), 7).run().events[60:, :, 8].sum(axis=0)
        for values in ({}, mapped)
    ]
    np.testing.assert_allclose(orders[1], orders[0], rtol=0.05)


def test_members_lie_over_the_evidence() -> None:
    setup = market(("store", "marketplace"), 10)
    slopes, share = np.array([[0.55, 0.0], [1.2, -0.2]]), np.array([0.7, 0.3])
    found = Response(setup, (np.array([1.85, 1.2]), 2.6, 0.7), slopes, share, 0.0, np.zeros(2), 1)
    ratios = np.array([found.ratios(k) for k in range(400)])
    assert (ratios[:, 0] == 1.0).all()
    assert np.quantile(ratios[:, 1], (0.05, 0.5, 0.95)) == pytest.approx([0.63, 0.96, 1.34], abs=0.08)
    for ratio in ratios[:20]:
        strength = found.strengths(ratio)
        answer = found.slopes[:, 0] * strength + found.cross(strength)
        np.testing.assert_allclose(answer, ratio, rtol=1e-6)
    low, high = (found.mapped({"price_weight": weight}, 3) for weight in (1.5, 4.0))
    bumps = [
        found.total(found.strengths(found.ratios(3)), one["price_weight"], one["promotion_weight"])
        for one in (low, high)
    ]
    assert np.exp(bumps) - 1.0 == pytest.approx([CUT.low * DEPTH, CUT.high * DEPTH], abs=0.12)
    assert found.mapped({"price_weight": 2.0}, 3) == found.mapped({"price_weight": 2.0}, 3)


def test_evidence_is_met_at_its_ends() -> None:
    evidence = Evidence(1.5, 2.6, 4.0, "E", "-")
    assert [evidence.at(level) for level in (-1.6449, 0.0, 1.6449)] == pytest.approx([1.5, 2.6, 4.0])


@pytest.mark.slow
def test_a_fitted_plan_answers_as_the_evidence_says_and_keeps_its_figures() -> None:
    case = plan_case(planned(market={"population": 10_000, "customers": 3_000}))
    with Pool(1) as pool:
        fitted = fit(case, pool, 1, members=10, clouds=(0.2,), rounds=1)
        jobs = [(case, draw, member_seed(1, k)) for k, draw in enumerate(fitted.draws())]
        again = np.array([found for _, found in sorted(pool.run(simulate_statistics, jobs))])
    table = fitted.responses().set_index(["lever", "channel"])
    price, cut = table.loc["price elasticity"], table.loc[("20 % off for two weeks", "all")]
    assert price.loc["store", "after"] == pytest.approx(-PRICE.central, rel=0.25)
    assert price.loc["own", "low"] < price.loc["own", "after"] < price.loc["own", "high"]
    assert cut["low"] < cut["after"] < cut["high"]
    moved = np.abs(np.nanmedian(again, axis=0) - np.nanmedian(fitted.simulated, axis=0))
    assert (moved < 0.1).all(), "nothing is promoted in this plan: only luck moves its figures"
    weights = {draw["price_weight"] for draw in fitted.draws()}
    assert len(weights) == 10
    assert "price_response.store" in fitted.ensemble()
