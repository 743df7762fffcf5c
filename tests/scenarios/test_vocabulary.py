"""What a plan may act on is behaviour and operations; indicators follow, and stand in no plan's effects."""

from __future__ import annotations

import dataclasses

import pytest

from scenarios.drivers import setup_for
from scenarios.plan import bundled, load_plan, scenario_plan
from scenarios.plan.vocabulary import (
    INDICATOR_KEYS,
    LEVERS,
    PARAMETER_OF,
    SHOCKS,
    is_indicator,
    rule_parameters,
)
from sim.change import changeable
from sim.setup import Drivers, Setup, Shock

# Delivery days are promised by a plan (the lever) and met by the market (the indicator).
BOTH = {"delivery_days"}


def test_no_lever_and_no_shock_is_an_indicator() -> None:
    assert {*LEVERS, *rule_parameters(), *SHOCKS} & set(INDICATOR_KEYS) == BOTH
    assert not set(INDICATOR_KEYS) & set(Drivers.__dataclass_fields__) - BOTH


def test_every_lever_is_a_driver_or_a_parameter_that_may_change() -> None:
    for lever in (*LEVERS, *rule_parameters()):
        name = PARAMETER_OF.get(lever, lever)
        assert name in Drivers.__dataclass_fields__ or changeable(name), lever
    assert set(SHOCKS) == set(Shock.TARGETS)


@pytest.mark.parametrize("name", bundled())
def test_initiatives_and_risks_of_the_bundled_plans_set_no_indicator(name: str) -> None:
    plan = load_plan(name)
    for scenario in plan.scenario_names():
        played = scenario_plan(plan, scenario)
        acted = [effect for action in played.initiatives.values() for effect in action.effects]
        acted += [impact for risk in played.risks.values() for impact in risk.impact]
        assert acted and not [effect for effect in acted if is_indicator(effect)]
        setup = setup_for(played, {}, 1, 50)
        effects = [*setup.effects]
        if setup.programme is not None:
            effects += [effect for one in setup.programme.undertakings for effect in one.effects]
            moved = {driver for one in setup.programme.undertakings for driver, _, _ in one.levers}
            assert moved <= set(Drivers.__dataclass_fields__)
        assert all(changeable(effect.target) for effect in effects)


def test_every_part_of_the_market_is_declared_by_some_bundled_plan() -> None:
    """A mechanism that no plan can switch on would be dead; cohorts and trials come from other verbs."""
    declared: set[str] = set()
    for name in bundled():
        setup = setup_for(load_plan(name), {}, 1, 50)
        declared |= {f.name for f in dataclasses.fields(setup) if getattr(setup, f.name) not in (None, ())}
    assert {f.name for f in dataclasses.fields(Setup)} - declared == {"entry", "trial"}
