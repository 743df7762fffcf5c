"""Plans over other numbers of months than they were written for."""

from __future__ import annotations

import pytest

from scenarios.horizon import with_horizon
from scenarios.plan import bundled, load_plan, scenario_plan


@pytest.mark.parametrize("name", bundled())
@pytest.mark.parametrize("months", [1, 6, 12, 48])
def test_every_bundled_plan_can_be_cut_short_and_carried_on(name: str, months: int) -> None:
    plan = load_plan(name)
    cut = with_horizon(plan, months)
    assert cut.months == months and cut.start == plan.start
    assert all(target.by <= cut.end for target in cut.targets)
    assert all(cut.start_month(action) <= months for action in cut.initiatives)
    assert all(phase.start_month <= months for phase in cut.phases)
    assert scenario_plan(cut, "status_quo").months == months
    assert set(cut.scenario_names()) == {"status_quo", "plan"}


def test_what_begins_within_the_horizon_stays_as_it_was() -> None:
    plan = load_plan("ecommerce_dept")
    cut = with_horizon(plan, 12)
    begun = {name for name in plan.initiatives if plan.start_month(name) <= 12}
    assert set(cut.initiatives) == begun
    assert all(cut.initiatives[name] == plan.initiatives[name] for name in begun)
    assert cut.budget == plan.budget and cut.policies == plan.policies


def test_its_own_length_changes_nothing() -> None:
    plan = load_plan("manufacturer")
    assert with_horizon(plan, plan.months) is plan


def test_channels_that_open_too_late_stay_closed() -> None:
    cut = with_horizon(load_plan("manufacturer"), 6)
    assert "social" in cut.channels and "social" not in cut.open_channels()
