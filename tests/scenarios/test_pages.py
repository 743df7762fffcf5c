"""From a plan to its pages."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.drivers import setup_for
from scenarios.pages import follows
from scenarios.plan import load_plan, scenario_plan
from sim.retailer.page_tests import PageTests
from tests.scenarios.test_drivers import planned

NAMED = ("offline_to_online", "online_mall", "manufacturer")


@pytest.mark.parametrize(
    "said",
    [
        {"market": {"population": 10, "funnel": True}},
        {"starting_point": {"favourite_rate": 0.05}},
        {"targets": [{"kpi": "page_views", "change": 0.1, "by": "2027-12-31", "group": "growth"}]},
        {
            "initiatives": {
                "faster": {"lever": "experience", "effects": {"page_time.own": 0.8}, "active": False}
            }
        },
        {"initiatives": {"pages": {"lever": "experience", "effects": {"page_worth": 1.1}}}},
    ],
)
def test_visits_are_followed_where_the_plan_speaks_of_pages(said: dict[str, Any]) -> None:
    plan = planned(**said)
    assert follows(plan) and not follows(planned())
    assert all(setup_for(scenario_plan(plan, s), {}, 1).funnel for s in ("plan", "status_quo"))


def test_tests_a_month_are_run_in_the_market() -> None:
    plan = planned(policies={"testing": {"page_tests_per_month": 3}})
    assert setup_for(plan, {}, 1).page_tests == PageTests(3.0)
    assert setup_for(scenario_plan(plan, "status_quo"), {}, 1).page_tests is None
    assert not [line for line in plan.not_modelled() if "testing" in line]


@pytest.mark.parametrize("name", NAMED)
def test_bundled_plans_that_speak_of_pages_follow_visits(name: str) -> None:
    plan = load_plan(name)
    for scenario in ("plan", "status_quo"):
        assert setup_for(scenario_plan(plan, scenario), {}, 1, 100).funnel is not None


def test_search_speed_and_tests_act_on_the_pages() -> None:
    effects = {name: load_plan(name).initiatives for name in NAMED}
    assert effects["offline_to_online"]["better_search"].effects == {"search_success": 1.3}
    assert effects["offline_to_online"]["page_speed"].effects == {"page_time": 0.8}
    assert effects["online_mall"]["before_the_sale"].effects == {"search_success": 1.22}
    for name in ("online_mall", "manufacturer"):
        assert setup_for(load_plan(name), {}, 1, 100).page_tests == PageTests(2.0)
