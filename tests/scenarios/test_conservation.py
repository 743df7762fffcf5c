"""Whatever a plan orders, nothing comes from or goes to nowhere: people, goods, coupons, points and money."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.drivers import setup_for
from scenarios.plan import Plan, bundled, load_plan, scenario_plan, with_overrides
from sim.market import Market
from sim.parameters import Values
from sim.setup import Setup
from tests.sim.identities import Witness, assert_everything_balances

loaded = cache(load_plan)
shares, flags = st.floats(0.0, 1.0), st.booleans()
depths = st.floats(0.0, 0.9)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan: a bundled one under one of its scenarios, with many of its lines changed."""
    plan = loaded(draw(st.sampled_from(bundled())))
    plan = scenario_plan(plan, draw(st.sampled_from(plan.scenario_names())))
    lines: dict[str, Any] = {"budget.year_1.total": plan.budget.year(1).total * draw(st.floats(0.0, 4.0))}
    lines |= draw(places(plan)) | draw(trade(plan)) | draw(relations(plan))
    for name in plan.initiatives:
        lines[f"initiatives.{name}.active"] = draw(flags)
    for name in plan.risks:
        lines[f"risks.{name}.probability"] = draw(st.sampled_from([0.0, 0.3, 1.0]))
    return with_overrides(plan, lines)


@st.composite
def places(draw: st.DrawFn, plan: Plan) -> dict[str, Any]:
    """Draw which channels are open, and their shares of sales; dealers' shops and own lines' keep theirs."""
    dealers = plan.policies.dealers
    theirs = dealers.channel if dealers is not None else None
    kept = {theirs, *(name for one in plan.products.values() for name in one.channels)}
    early = [name for name, channel in plan.channels.items() if channel.open and channel.opens is None]
    closed = {name for name in early if name not in kept and draw(flags)}
    closed.discard(next(name for name in early if name != theirs))
    lines: dict[str, Any] = {f"channels.{name}.open": name not in closed for name in early}
    if any(channel.share is not None for channel in plan.channels.values()):
        fixed = {} if theirs is None else {theirs: plan.channels[theirs].share or 0.0}
        drawn = {name: draw(st.floats(0.05, 1.0)) for name in early if name not in closed and name != theirs}
        left = (1.0 - sum(fixed.values())) / (sum(drawn.values()) or 1.0)
        split = fixed | {name: share * left for name, share in drawn.items()}
        lines |= {f"channels.{name}.share": split.get(name, 0.0) for name in early}
    return lines


@st.composite
def trade(draw: st.DrawFn, plan: Plan) -> dict[str, Any]:
    """Draw promotions, prices, terms and stock."""
    gap = draw(st.floats(-0.5, 0.5))
    lines: dict[str, Any] = {
        "policies.promotion.depth": draw(depths),
        "policies.promotion.days_per_month": draw(st.integers(0, 31)),
        "policies.pricing": draw(
            st.sampled_from(
                [
                    {},
                    {"policy": "dynamic", "bound": abs(gap)},
                    {"policy": "differentiated", "online_gap": gap},
                ]
            )
        ),
        "policies.service.response": draw(shares),
        "policies.service.delivery_days": draw(st.floats(0.5, 20.0)),
        "policies.service.free_returns": draw(flags),
        "policies.testing.page_tests_per_month": draw(st.floats(0.0, 60.0)),
    }
    for name in ("abc", "vendor_managed", "shared", "supplier_scoring", "flexible_capacity"):
        lines[f"policies.inventory.{name}"] = draw(flags)
    lines["policies.inventory.days"] = draw(st.one_of(st.none(), st.floats(0.0, 300.0)))
    if draw(flags):
        event = {"name": "fair", "month": 1, "day": 12, "days": 9, "depth": draw(depths), "demand": 2.0}
        lines["policies.promotion.calendar"] = [event]
        lines["policies.promotion.presale"] = {"depth": draw(depths), "days": 5}
    return lines


@st.composite
def relations(draw: st.DrawFn, plan: Plan) -> dict[str, Any]:
    """Draw coupons, points and care."""
    return {
        "policies.promotion.coupons": {
            "online_to_store": draw(depths),
            "store_to_online": draw(depths),
            "within_channel": draw(depths),
            "days": draw(st.integers(1, 60)),
        },
        "policies.loyalty": {
            "points_rate": draw(shares),
            "shared_points": draw(flags),
            "tiers": ["silver", "gold"],
            "new_customer_rewards": draw(st.lists(st.floats(0.0, 500.0), max_size=3)),
            "referral_reward": draw(st.floats(0.0, 50.0)),
        },
        "policies.crm": {
            "effort": draw(st.floats(0.0, 10.0)),
            "rfm": draw(flags),
            "triggers": draw(st.sampled_from([[], ["birthday"], ["first_order", "lapsing"]])),
            "community": draw(flags),
        },
    }


def short(plan: Plan, seed: int, days: int, customers: int = 150) -> Setup:
    """Return the plan's market over few days and few customers, who need more than the plan's do."""
    setup = setup_for(plan, {}, seed, customers)
    busy = setup.with_parameters({"need_rate": 5.0 * Values(setup.parameters)["need_rate"]})
    return dataclasses.replace(busy, days=days, burn_in=40)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans(), st.integers(0, 2**32 - 1), st.integers(60, 130))
def test_everything_balances_every_day_under_any_plan(plan: Plan, seed: int, days: int) -> None:
    market = Market.from_setup(short(plan, seed, days), seed=seed)
    Witness(market).run()
    assert_everything_balances(market)


@pytest.mark.parametrize("name", bundled())
def test_everything_balances_every_day_of_the_plans_as_written(name: str) -> None:
    market = Market.from_setup(short(loaded(name), 3, 130, 600), seed=5)
    Witness(market).run()
    assert_everything_balances(market)
    assert market.ledger.credited[:, :, 0].sum() > 30, "without trade there is nothing to balance"
