"""From a plan's policies to relations with customers: what acts, from when, what bundled plans declare."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.drivers import setup_for
from scenarios.features import begins, without_features
from scenarios.horizon import with_horizon
from scenarios.plan import Plan, bundled, load_plan, scenario_plan, with_overrides
from scenarios.plan.checking import checked
from scenarios.plan.modelled import warnings
from scenarios.plan.vocabulary import RELATIONS as FEATURES
from scenarios.relations import relations_of
from sim.market import Market
from sim.retailer import relations as market_side

LOYALTY = {"points_rate": 0.02, "shared_points": True, "tiers": ["a", "b"], "new_customer_rewards": [5.0]}
POLICIES = {
    "promotion": {"coupons": {"online_to_store": 0.1, "days": 20}},
    "loyalty": LOYALTY | {"referral_reward": 8.0},
    "crm": {"rfm": True, "personas": 4, "triggers": ["birthday", "lapsing"], "community": True},
}


def planned(**changes: Any) -> Plan:
    data = {
        "name": "corner_shop",
        "start": "2027-01-01",
        "months": 12,
        "market": {"population": 10_000, "word_of_mouth": "network"},
        "channels": {"store": {"kind": "store", "share": 0.6}, "own": {"kind": "own", "share": 0.4}},
        "budget": {"year_1": {"total": 1.0, "split": {"technology": 1.0}}},
        "policies": POLICIES,
    }
    return checked(data | changes, "corner_shop")


def test_the_plan_and_the_market_share_their_features() -> None:
    assert tuple(FEATURES) == market_side.FEATURES
    assert {name for name, path in FEATURES.items() if path[1] == "triggers"} == set(market_side.TRIGGERS)


def test_policies_become_relations() -> None:
    found = relations_of(planned())
    assert found is not None
    assert found.coupons == market_side.Coupons(online_to_store=0.1, days=20)
    assert found.loyalty == market_side.Loyalty(0.02, True, 2, (5.0,), 8.0)
    assert found.crm == market_side.Crm(True, 4, ("birthday", "lapsing"), True)
    assert found.network == market_side.Network() and found.starts == {}


def test_a_plan_without_any_has_none() -> None:
    assert relations_of(planned(policies={}, market={"population": 10})) is None
    assert relations_of(scenario_plan(planned(market={"population": 10}), "status_quo")) is None
    quiet = relations_of(scenario_plan(planned(), "status_quo"))
    assert quiet == market_side.Relations(network=market_side.Network()), "customers talk whatever the plan"


def enabling(feature: str, **action: Any) -> Plan:
    one = {"lever": "lifecycle", "enables": [feature], "start_month": 4} | action
    return planned(initiatives={"it": one})


@pytest.mark.parametrize("feature", FEATURES)
def test_an_initiative_starts_what_it_enables(feature: str) -> None:
    assert begins(enabling(feature), feature) == 90
    assert begins(enabling(feature, active=False), feature) is None
    declared = feature not in ("first_order",)
    said = [line for line in warnings(enabling(feature)) if "enables" in line]
    assert bool(said) == (not declared)
    found, off = relations_of(enabling(feature)), relations_of(enabling(feature, active=False))
    assert found is not None and found.starts == {feature: 90}
    assert (off != relations_of(planned())) == declared
    assert not any("initiatives.it" in line for line in enabling(feature).not_modelled())


def test_today_s_policies_need_nothing_to_enable_them() -> None:
    plan = enabling("points")
    today = with_overrides(
        plan, {"scenarios": {"status_quo": {"policies": {"loyalty": {"points_rate": 0.01}}}}}
    )
    found = relations_of(scenario_plan(today, "status_quo"))
    assert found is not None and found.loyalty is not None and found.loyalty.points_rate == 0.01


def test_a_plan_cut_short_does_not_start_later_parts_at_once() -> None:
    for feature in ("coupons", "lapsing", "tiers"):
        cut = relations_of(with_horizon(enabling(feature), 3))
        assert cut == relations_of(enabling(feature, active=False)), feature
        kept = relations_of(with_horizon(enabling(feature), 6))
        assert kept == relations_of(enabling(feature))
    assert without_features({}, FEATURES) == {}


def test_rewards_without_a_network_are_said_not_to_act() -> None:
    lines = planned(market={"population": 10}).not_modelled()
    assert any(line.startswith("policies.loyalty.referral_reward: rewards move nobody") for line in lines)
    assert not any("referral_reward" in line for line in planned().not_modelled())


@pytest.mark.parametrize("name", bundled())
def test_bundled_plans_use_the_mechanism(name: str) -> None:
    plan = load_plan(name)
    found = relations_of(plan)
    assert found is not None and found.starts, "each starts something with a phase"
    assert not [line for line in warnings(plan) if "enables" in line]
    acted = ("policies.loyalty", "policies.crm", "policies.promotion.coupons")
    assert not [line for line in plan.not_modelled() if line.startswith(acted)]
    ledger = Market.from_setup(setup_for(plan, {}, seed=1, customers=300), seed=1).run()
    assert ledger.relations[:, 5].sum() > 0 or ledger.relations[:, 3].sum() > 0


def test_bad_lines_are_refused_by_name() -> None:
    for policies, said in (
        ({"crm": {"triggers": ["easter"]}}, "easter"),
        ({"promotion": {"coupons": {"days": 0}}}, "too small"),
    ):
        with pytest.raises(Exception, match=said):
            planned(policies=policies)
    with pytest.raises(Exception, match="cupons"):
        enabling("cupons")
