"""What initiatives enable begins with them, and without them stays as today; nothing is decoration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenarios.drivers import setup_for
from scenarios.features import begins, standing, without_features
from scenarios.horizon import with_horizon
from scenarios.plan import Plan, bundled, load_plan, scenario_plan, with_overrides
from scenarios.plan.checking import checked
from scenarios.plan.modelled import warnings
from scenarios.plan.vocabulary import FEATURES
from sim.setup import Setup

INITIATIVES = [(name, action) for name in bundled() for action in load_plan(name).initiatives]
POLICIES: dict[str, Any] = {
    "promotion": {
        "depth": 0.0,
        "calendar": [{"name": "fair", "month": 7, "days": 3, "depth": 0.3}],
        "presale": {"depth": 0.1, "days": 5},
        "coupons": {"online_to_store": 0.1},
    },
    "pricing": {"policy": "dynamic", "bound": 0.2},
    "content": {"themes_per_month": 4},
    "testing": {"creatives_per_week": 5},
    "service": {
        "free_returns": True,
        "same_everywhere": True,
        "around_the_clock": True,
        "booking": {"response": 0.9},
        "peak_headroom": 2.0,
        "load_tests": True,
        "pick_up": True,
    },
    "loyalty": {
        "points_rate": 0.02,
        "shared_points": True,
        "tiers": ["a", "b"],
        "new_customer_rewards": [5.0],
        "referral_reward": 8.0,
    },
    "crm": {
        "rfm": True,
        "personas": 4,
        "triggers": ["first_order", "birthday", "lapsing"],
        "community": True,
    },
    "inventory": {
        "abc": True,
        "vendor_managed": True,
        "shared": True,
        "supplier_scoring": True,
        "flexible_capacity": True,
    },
    "packaging": {"green": True, "shareable": True},
}


def planned(**changes: Any) -> Plan:
    data = {
        "name": "corner_shop",
        "start": "2027-01-01",
        "months": 12,
        "market": {"population": 10_000, "customers": 50, "word_of_mouth": "network"},
        "channels": {"store": {"kind": "store", "share": 0.6}, "own": {"kind": "own", "share": 0.4}},
        "budget": {"year_1": {"total": 1.0, "split": {"technology": 1.0}}},
        "policies": POLICIES,
    }
    return checked(data | changes, "corner_shop")


def enabling(*features: str, **action: Any) -> Plan:
    one = {"lever": "marketing", "enables": list(features), "start_month": 4} | action
    return planned(initiatives={"it": one})


def different(one: Any, other: Any) -> bool:
    """Tell whether two setups, or parts of them, differ anywhere."""
    if isinstance(one, np.ndarray):
        return not np.array_equal(one, other)
    if is_dataclass(one) and type(one) is type(other):
        return any(different(getattr(one, item.name), getattr(other, item.name)) for item in fields(one))
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) != len(other) or any(map(different, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() != other.keys() or any(different(one[key], other[key]) for key in one)
    return bool(one != other)


def set_up(plan: Plan) -> Setup:
    return setup_for(plan, {}, seed=1, customers=50)


@pytest.mark.parametrize(("name", "action"), INITIATIVES)
def test_no_initiative_of_a_bundled_plan_is_decoration(name: str, action: str) -> None:
    plan = load_plan(name)
    turned = with_overrides(plan, {f"initiatives.{action}.active": not plan.initiatives[action].active})
    assert different(set_up(plan), set_up(turned))


@pytest.mark.parametrize("name", bundled())
def test_nothing_of_a_bundled_plan_is_left_out_of_the_market(name: str) -> None:
    plan = load_plan(name)
    assert plan.not_modelled() == []
    assert not [line for line in warnings(plan) if "enables" in line]


@pytest.mark.parametrize("feature", [*FEATURES, "event:fair"])
def test_a_line_begins_with_who_enables_it_and_without_them_is_as_if_never_written(feature: str) -> None:
    plan, off = enabling(feature), enabling(feature, active=False)
    assert begins(plan, feature) == 90
    assert begins(off, feature) is None
    assert not [line for line in warnings(plan) if "enables" in line]
    assert not [line for line in plan.not_modelled() if line.startswith("initiatives")]
    never = planned(policies=without_features(POLICIES, [feature]))
    assert not different(set_up(off), set_up(never))
    assert different(set_up(plan), set_up(never))
    from_the_first_day = planned()
    if feature != "event:fair":  # it comes in July, after April
        assert different(set_up(plan), set_up(from_the_first_day))


@pytest.mark.parametrize("feature", [*FEATURES, "event:fair"])
def test_a_plan_cut_short_never_begins_what_would_come_later(feature: str) -> None:
    cut = with_horizon(enabling(feature), 3)
    assert not different(set_up(cut), set_up(with_horizon(enabling(feature, active=False), 3)))


def test_parts_hold_the_day_of_who_enables_them_beside_the_day_of_the_others() -> None:
    two = {
        "review": {"lever": "supply", "enables": ["abc"], "start_month": 3},
        "vendors": {"lever": "supply", "enables": ["vendor_managed", "presale"], "start_month": 7},
    }
    inventory = POLICIES["inventory"] | {"start_month": 5}
    setup = set_up(planned(initiatives=two, policies=POLICIES | {"inventory": inventory}))
    assert setup.stock is not None
    assert setup.stock.start == 120
    assert setup.stock.starts == {"abc": 59, "vendor_managed": 181, "presale": 181}


def test_a_presale_and_an_event_wait_for_their_initiatives() -> None:
    setup = set_up(enabling("event:fair", "presale", start_month=8))
    assert not setup.presales and not setup.drivers.discount.any(), "the fair of July is over"
    years = enabling("event:fair", start_month=8)
    later = set_up(with_horizon(years, 24)).drivers.discount[:, 1]
    assert np.flatnonzero(later).tolist() == [364 + 182, 364 + 183, 364 + 184] or later[365:].any()
    assert not later[:365].any()


def test_today_s_lines_stay_where_what_would_renew_them_is_not_done() -> None:
    today = {
        "status_quo": {"policies": {"content": {"themes_per_month": 1}, "service": {"free_returns": True}}}
    }
    plan = planned(
        scenarios=today,
        initiatives={
            "it": {"lever": "traffic", "enables": ["content_themes", "free_returns"], "active": False}
        },
    )
    policies = standing(plan).policies
    assert policies.content.themes_per_month == 1
    assert policies.service.free_returns
    quiet = scenario_plan(plan, "status_quo")
    assert standing(quiet) is quiet, "the status quo needs nothing to enable it"


def test_prices_move_by_themselves_only_once_they_are_enabled() -> None:
    assert set_up(enabling("dynamic_pricing")).pricing.start == 90  # type: ignore[union-attr]
    off = set_up(enabling("dynamic_pricing", active=False)).pricing
    assert off is not None and not off.dynamic
    gap = {"pricing": {"policy": "dynamic", "online_gap": -0.05}}
    assert without_features(gap, ["dynamic_pricing"])["pricing"]["policy"] == "differentiated"


def test_what_no_line_stands_for_is_refused_by_name() -> None:
    with pytest.raises(Exception, match="cupons"):
        enabling("cupons")
    assert any("event:fare" in line for line in warnings(enabling("event:fare")))


def test_facts_set_parameters_where_nothing_was_fitted() -> None:
    facts = {
        "unshared": {"value": 0.78, "unit": "share", "sets": "recognised", "rest": True},
        "before": {"value": 50, "unit": "CNY"},
    }
    market = {"population": 100, "customers": 10, "facts": facts}
    plan = planned(market=market)
    assert setup_for(plan, {}, 1).parameters["recognised"] == pytest.approx(0.22)
    assert setup_for(plan, {"recognised": 0.5}, 1).parameters["recognised"] == 0.5
    for bad, said in (
        ({"sets": "recognized"}, "recognized"),
        ({"sets": "recognised", "value": 7}, "recognised"),
    ):
        with pytest.raises(Exception, match=said):
            planned(market=market | {"facts": {"it": facts["unshared"] | {"rest": False} | bad}})


def test_levers_that_share_an_indicator_s_name_have_their_own() -> None:
    action = {"lever": "lifecycle", "effects": {"order_size": 1.2, "returns.own": 0.9}}
    setup = set_up(planned(initiatives={"it": action}))
    assert {(effect.target, effect.factor) for effect in setup.effects} == {
        ("basket", 1.2),
        ("return_rate.own", 0.9),
    }
    with pytest.raises(Exception, match="indicator"):
        planned(initiatives={"it": action | {"effects": {"basket": 1.2}}})


def test_relations_know_the_same_features() -> None:
    from scenarios.plan.vocabulary import RELATIONS
    from sim.retailer import relations

    assert tuple(RELATIONS) == relations.FEATURES


@pytest.mark.parametrize("name", ["omo_fusion", "manufacturer"])
def test_starting_figures_of_plans_without_figures_are_tagged_and_can_be_changed(name: str) -> None:
    plan = load_plan(name)
    assert plan.starting_point
    for kpi, figure in plan.starting_point.items():
        assert figure.source == "assumption"
        other = with_overrides(
            plan, {f"starting_point.{kpi}": {"value": figure.value * 0.9, "source": "history"}}
        )
        assert other.baseline(kpi) == pytest.approx(figure.value * 0.9)
    assert all(target.assumed for target in plan.targets)
    first = plan.targets[0]
    moved = with_overrides(plan, {f"targets.{first.kpi}.assumed": False})
    assert not moved.targets[0].assumed


@pytest.mark.parametrize("name", bundled())
def test_the_page_of_plan_lines_names_every_initiative(name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "plans.md").read_text(encoding="utf-8")
    section = next(part for part in page.split("\n## ") if name in part.splitlines()[0])
    named = set(re.findall(r"`([a-z0-9_]+)`", section))
    assert set(load_plan(name).initiatives) <= named
