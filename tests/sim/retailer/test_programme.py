"""The programme: stages wait for their gates, trouble makes late, failure costs and moves nothing."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.indicators import evaluate
from sim.market import Market
from sim.retailer.execution import Execution
from sim.retailer.programme import (
    CALM,
    Gate,
    Luck,
    Organisation,
    Programme,
    Stage,
    Undertaking,
    assembled,
)
from sim.setup import Drivers, Effect
from tests.sim.markets import eventful

DAYS = 220
PLATFORM = Undertaking(
    "platform", 20, 60, 60, invest=(600.0, 0.0, 0.0, 0.0, 0.0), levers=(("organic", (), 2.0),)
)
DESK = Undertaking(
    "desk", 80, 30, 30, levers=(("service", (1,), 1.2),), effects=(Effect("desk", "bounce", 0.5, 80, 30),)
)
RISKY = Organisation(hazard=True)
UNLUCKY, DOOMED = Luck(0.0, 0.0, 0.9), Luck(0.0, 0.0, 0.0)


def market(programme: Programme, **changes: Any) -> Market:
    setup = eventful(customers=150, days=DAYS, burn_in=30, shocks=(), effects=())
    planned = assembled(setup.drivers, programme.undertakings)
    programme = dataclasses.replace(programme, base=setup.drivers)
    return Market.from_setup(
        dataclasses.replace(setup, drivers=planned, programme=programme, **changes), seed=5
    )


def programme(*undertakings: Undertaking, **parts: Any) -> Programme:
    return Programme(Drivers.constant(DAYS, 3, 4), undertakings, **parts)


def lived(plan: Programme, **changes: Any) -> tuple[Market, Execution]:
    made = market(plan, **changes)
    made.run()
    execution = made.policies[0]
    assert isinstance(execution, Execution)
    return made, execution


def test_on_time_is_what_was_planned_bit_for_bit() -> None:
    made, execution = lived(programme(PLATFORM, DESK))
    static = dataclasses.replace(made.setup, programme=None, effects=DESK.effects)
    planned = Market.from_setup(static, seed=5).run()
    assert np.array_equal(planned.events, made.ledger.events)
    assert np.array_equal(planned.invest, made.ledger.invest)
    assert execution.late == {"platform": 0, "desk": 0}
    kpis = evaluate(made.ledger, [(0, DAYS - 1)]).query("channel == 'all'").set_index("kpi").value
    assert kpis["project_delay"] == 0.0 and kpis["budget_variance"] == pytest.approx(0.0, abs=1e-9)


def test_a_stage_waits_for_its_gate_and_goes_on_when_waiting_ends() -> None:
    late = dataclasses.replace(DESK, stage=1)
    stages = (Stage("build", 0, (Gate("conversion", 2.0),), wait=60), Stage("promote", 70))
    made, execution = lived(programme(dataclasses.replace(PLATFORM, stage=0), late, stages=stages))
    assert execution.late["platform"] == 0
    assert execution.late["desk"] == 52  # the first of the month after 130 days
    passed = (Stage("build", 0, (Gate("conversion", 0.0),), wait=60), Stage("promote", 70))
    assert lived(programme(late, stages=passed))[1].late["desk"] == 0
    bound = dataclasses.replace(stages[0], gates=(Gate("conversion", 2.0, at_least=False),))
    assert lived(programme(late, stages=(bound, stages[1])))[1].late["desk"] == 0
    assert made.ledger.late_days.sum() == execution.late["desk"]


def test_no_stage_overtakes_the_one_before_it() -> None:
    stages = (
        Stage("a", 0, (Gate("orders", 1e12),), wait=400),
        Stage("b", 40, (Gate("orders", 0.0),)),
        Stage("c", 60),
    )
    one = dataclasses.replace(DESK, stage=2)
    made, execution = lived(programme(one, stages=stages))
    assert execution.opened == {0: 0} and not execution.begun
    assert not made.ledger.begun.any()


def test_trouble_makes_late_and_skill_spares_it() -> None:
    sure = {"execution.trouble": 0.6, "execution.delay": 0.5}
    unlucky = dataclasses.replace(PLATFORM, luck=Luck(0.45, 0.0, 0.9))
    made, execution = lived(programme(unlucky), organisation=RISKY, **parameters(sure))
    assert execution.late["platform"] == 30
    _, trained = lived(programme(unlucky), organisation=Organisation(1.0, hazard=True), **parameters(sure))
    assert trained.late["platform"] == 0
    staged = dataclasses.replace(unlucky, staged=True)
    assert (
        lived(programme(staged), organisation=RISKY, **parameters(sure | {"staging": 0.35}))[1].late[
            "platform"
        ]
        == 0
    )
    assert made.drivers.invest.sum() == pytest.approx(made.setup.drivers.invest.sum())


def parameters(values: dict[str, float]) -> dict[str, Any]:
    return {"parameters": eventful().parameters | values}


def test_what_comes_to_nothing_has_cost_all_the_same() -> None:
    doomed = dataclasses.replace(PLATFORM, luck=DOOMED)
    made, execution = lived(programme(doomed), organisation=RISKY, **parameters({"execution.trouble": 0.9}))
    assert execution.lost == {"platform"}
    spent = [b.invest.sum() + b.costs.sum() for b in (made.drivers, made.setup.drivers)]
    assert spent[0] == pytest.approx(spent[1])
    assert made.drivers.costs.sum() - made.setup.drivers.costs.sum() == pytest.approx(600.0)
    assert (made.drivers.organic == 1.0).all() and (made.setup.drivers.organic[-1] == 2.0)


def test_good_preparation_builds_faster() -> None:
    first = dataclasses.replace(PLATFORM, start=0, ripen=40, spread=40)
    then = dataclasses.replace(DESK, start=100, ripen=100, spread=100, prepared_by=("platform",))
    _, execution = lived(
        programme(first, then),
        organisation=RISKY,
        **parameters({"execution.trouble": 0.3, "preparation": 0.3}),
    )
    assert execution.late["desk"] == -30
    spoilt = dataclasses.replace(first, luck=UNLUCKY, ripen=90)
    _, execution = lived(
        programme(spoilt, then),
        organisation=RISKY,
        **parameters({"execution.trouble": 0.3, "preparation": 0.3}),
    )
    assert execution.late["desk"] == 0


def test_trouble_is_as_frequent_as_it_says() -> None:
    rng = np.random.default_rng(1)
    many = [
        dataclasses.replace(PLATFORM, name=f"u{i}", start=0, luck=Luck(*rng.uniform(0, 1, 3)))
        for i in range(400)
    ]
    _, execution = lived(
        programme(*many),
        organisation=RISKY,
        **parameters({"execution.trouble": 0.6, "execution.failure": 0.2}),
    )
    late = np.array([execution.late[one.name] > 0 for one in many])
    assert late.mean() == pytest.approx(0.6, abs=0.08)
    assert len(execution.lost) / late.sum() == pytest.approx(0.2, abs=0.08)


def test_initiatives_can_make_the_organisation_abler() -> None:
    calmer = (Effect("coordination", "execution.trouble", 0.5), Effect("coordination", "execution", 0.9))
    unlucky = dataclasses.replace(PLATFORM, luck=Luck(0.45, 0.0, 0.9))
    _, execution = lived(programme(unlucky), organisation=RISKY, effects=calmer)
    assert execution.late["platform"] == 0


def test_a_channel_opens_with_its_undertaking() -> None:
    opening = dataclasses.replace(PLATFORM, opens=((2, 0.8),))
    base = Drivers.constant(DAYS, 3, 4)
    base.access[:, 2] = 0.0
    made = assembled(base, (opening,))
    assert (
        made.access[20, 2] == 0.0 and made.access[50, 2] == pytest.approx(0.4) and made.access[80, 2] == 0.8
    )
    assert (made.access[:, :2] == 1.0).all()
    assert not assembled(base, (opening.failed(),)).access[:, 2].any()


def test_staff_trained_starts_where_it_stands_and_grows_with_money() -> None:
    made, _ = lived(programme(), usual=Drivers.constant(1, 3, 4), organisation=Organisation(0.15))
    kpis = evaluate(made.ledger, [(0, 20), (190, DAYS - 1)], ["skill_share", "maturity"])
    first, _, last, _ = kpis[kpis.channel == "all"].value
    assert 0.15 <= first < last < 1.0
    setup = dataclasses.replace(made.setup, drivers=Drivers.constant(DAYS, 3, 4))
    quiet = Market.from_setup(dataclasses.replace(setup, programme=None), seed=1).run()
    assert evaluate(quiet, [(0, DAYS - 1)], ["skill_share"]).value[0] == pytest.approx(0.15)


def test_impossible_programmes_are_refused() -> None:
    with pytest.raises(ValueError, match="money below 0"):
        dataclasses.replace(PLATFORM, cost=-1.0)
    with pytest.raises(ValueError, match="expected a driver"):
        dataclasses.replace(PLATFORM, levers=(("orders", (), 1.0),))
    with pytest.raises(ValueError, match="no stage 3"):
        programme(dataclasses.replace(PLATFORM, stage=3))
    with pytest.raises(ValueError, match="trained"):
        Organisation(trained=1.5)
    with pytest.raises(ValueError, match="cannot change"):
        market(programme(dataclasses.replace(DESK, effects=(Effect("x", "need_rate", 2.0),))))
    assert CALM.trouble == 1.0
