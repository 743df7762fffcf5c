"""Risks: how often they strike, how hard, and what a funded contingency takes away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scenarios.hazards import Funding, shocks_of
from scenarios.plan import Plan, scenario_plan
from sim.setup import Shock

SEEDS = 1_500


def planned(risks: dict[str, Any], reserve: float = 0.1, months: int = 24, **parts: Any) -> Plan:
    """A two-channel plan with these risks and a reserve of 1000 times ``reserve``."""
    data = {
        "name": "corner",
        "start": "2027-01-01",
        "months": months,
        "market": {"population": 1000, "customers": 100},
        "channels": {"own": {"kind": "own"}, "store": {"kind": "store"}},
        "budget": {"year_1": {"total": 1000, "split": {"marketing": 1 - reserve, "reserve": reserve}}},
        "risks": risks,
    }
    return Plan.model_validate(data | parts)


def struck(plan: Plan, seed: int) -> tuple[Shock, ...]:
    return shocks_of(plan, Funding.of(plan), seed)


FLOOD = {"kind": "operational", "probability": 0.3, "impact": {"access.store": 0.2}, "days": 10, "loss": 50.0}
READY = {"what": "pumps", "cost": 80.0, "reduces": 0.5}


def test_a_risk_strikes_as_often_as_its_yearly_probability_says() -> None:
    plan = planned({"flood": FLOOD})
    days = [[shock.start for shock in struck(plan, seed)] for seed in range(SEEDS)]
    for year in (0, 1):
        hits = np.mean([any(year * 365 <= day < (year + 1) * 365 for day in found) for found in days])
        assert hits == pytest.approx(0.3, abs=3.5 * np.sqrt(0.21 / SEEDS))
    both = np.mean([len(found) == 2 for found in days])
    assert both == pytest.approx(0.09, abs=3.5 * np.sqrt(0.09 * 0.91 / SEEDS))  # years are independent


def test_strikes_fall_evenly_over_the_year() -> None:
    plan = planned({"flood": {**FLOOD, "probability": 1.0}}, months=12)
    days = np.array([struck(plan, seed)[0].start for seed in range(SEEDS)])
    assert days.min() >= 0 and days.max() < 365
    assert days.mean() == pytest.approx(182, abs=3.5 * 105 / np.sqrt(SEEDS))
    assert np.histogram(days, 4, (0, 365))[0].min() > SEEDS / 4 * 0.8


@pytest.mark.parametrize(("probability", "strikes"), [(0.0, 0), (1.0, 2)])
def test_certainties(probability: float, strikes: int) -> None:
    plan = planned({"flood": {**FLOOD, "probability": probability}})
    assert all(len(struck(plan, seed)) == strikes for seed in range(30))


def test_a_dated_risk_strikes_in_its_month_or_not_at_all() -> None:
    plan = planned({"sale": {**FLOOD, "month": 11}})
    found = [struck(plan, seed) for seed in range(SEEDS)]
    assert {shock.start for shocks in found for shock in shocks} == {304}  # 1 November 2027
    assert max(map(len, found)) == 1
    assert np.mean([len(shocks) for shocks in found]) == pytest.approx(0.3, abs=0.045)


def test_a_strike_carries_its_kind_length_target_and_loss() -> None:
    (shock,) = struck(planned({"flood": {**FLOOD, "probability": 1.0}}, months=12), 1)
    assert (shock.name, shock.kind, shock.days) == ("flood", "operational", 10)
    assert (shock.target, shock.channel, shock.loss) == ("access", "store", 50.0)
    assert shock.factor == pytest.approx(0.2)


def test_a_loss_is_booked_once_however_many_targets_are_struck() -> None:
    risk = {**FLOOD, "probability": 1.0, "impact": {"demand": 0.9, "click_price": 1.5, "lateness": 2.0}}
    found = struck(planned({"crisis": risk}, months=12), 1)
    assert {shock.target: shock.factor for shock in found} == {
        "demand": 0.9, "click_price": 1.5, "lateness": 2.0,
    }  # fmt: skip
    assert sum(shock.loss for shock in found) == 50.0
    assert len({shock.start for shock in found}) == 1


def test_a_risk_that_only_costs_money_is_a_loss() -> None:
    (shock,) = struck(planned({"fine": {**FLOOD, "probability": 1.0, "impact": {}}}, months=12), 1)
    assert (shock.factor, shock.loss) == (1.0, 50.0)


def test_a_funded_contingency_takes_its_share_of_impact_and_loss_away() -> None:
    risk = {**FLOOD, "probability": 1.0, "contingency": READY}
    plan = planned({"flood": risk}, reserve=0.1)  # 100 for 80
    (shock,) = struck(planned({"flood": risk}, reserve=0.1, months=12), 1)
    assert shock.factor == pytest.approx(1 - 0.8 * 0.5)
    assert shock.loss == pytest.approx(25.0)
    assert Funding.of(plan) == Funding(1.0, pytest.approx(80 / 365))


def test_a_small_reserve_works_pro_rata_and_spends_no_more_than_it_is() -> None:
    risks = {name: {**FLOOD, "probability": 1.0, "contingency": READY} for name in ("flood", "fire")}
    plan = planned(risks, reserve=0.04, months=12)  # 40 for 160
    funding = Funding.of(plan)
    assert funding.share == pytest.approx(0.25)
    assert funding.daily_cost * 365 == pytest.approx(40.0)
    assert all(shock.factor == pytest.approx(1 - 0.8 * (1 - 0.5 * 0.25)) for shock in struck(plan, 1))


def test_without_a_reserve_nothing_is_prepared() -> None:
    plan = planned({"flood": {**FLOOD, "probability": 1.0, "contingency": READY}}, reserve=0.0, months=12)
    assert Funding.of(plan) == Funding(0.0, 0.0)
    assert struck(plan, 1)[0].factor == pytest.approx(0.2)


def test_a_contingency_that_costs_nothing_needs_no_reserve() -> None:
    free = {**FLOOD, "probability": 1.0, "contingency": {**READY, "cost": 0.0}}
    plan = planned({"flood": free}, reserve=0.0, months=12)
    assert Funding.of(plan) == Funding(1.0, 0.0)
    assert struck(plan, 1)[0].factor == pytest.approx(0.6)


def test_risks_that_are_not_counted_neither_strike_nor_cost() -> None:
    plan = planned({"flood": {**FLOOD, "probability": 1.0, "contingency": READY, "active": False}})
    assert struck(plan, 1) == ()
    assert Funding.of(plan) == Funding(0.0, 0.0)


def test_scenarios_share_days_of_strikes_and_differ_in_how_ready_they_are() -> None:
    plan = planned({"flood": {**FLOOD, "probability": 0.5, "contingency": READY}})
    quiet = scenario_plan(plan, "status_quo")
    for seed in range(20):
        ours, theirs = struck(plan, seed), struck(quiet, seed)
        assert [shock.start for shock in ours] == [shock.start for shock in theirs]
        assert all(a.factor > b.factor for a, b in zip(ours, theirs, strict=True))


def test_luck_is_addressed_by_risk_so_another_risk_moves_no_day() -> None:
    alone, beside = planned({"flood": FLOOD}), planned({"fire": FLOOD, "flood": FLOOD})
    for seed in range(50):
        days = [shock.start for shock in struck(beside, seed) if shock.name == "flood"]
        assert [shock.start for shock in struck(alone, seed)] == days


def test_a_closed_channel_is_spared_but_the_loss_remains() -> None:
    channels = {"own": {"kind": "own"}, "store": {"kind": "store", "open": False}}
    risk = {**FLOOD, "probability": 1.0}
    (shock,) = struck(planned({"flood": risk}, months=12, channels=channels), 1)
    assert (shock.target, shock.channel, shock.factor, shock.loss) == ("demand", None, 1.0, 50.0)
    both = {**risk, "impact": {"access.store": 0.0, "delivery_days": 2.0}}
    (shock,) = struck(planned({"flood": both}, months=12, channels=channels), 1)
    assert (shock.target, shock.loss) == ("delivery_days", 50.0)
