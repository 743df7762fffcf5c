"""What a plan says of stock, desks and terms of sale reaches the market from when it says; today's stays."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.drivers import setup_for
from scenarios.operations import operations_of
from scenarios.plan import Plan, bundled, load_plan, scenario_plan
from sim.indicators import evaluate
from sim.market import Market
from sim.retailer.desk import OrderDesk
from sim.retailer.service import ServiceDesk

SPLIT = {"technology": 0.3, "marketing": 0.4, "team": 0.2, "reserve": 0.1}


def data(**parts: Any) -> dict[str, Any]:
    small: dict[str, Any] = {
        "name": "corner",
        "start": "2027-01-01",
        "months": 12,
        "market": {"population": 1000, "customers": 100},
        "channels": {"own": {"kind": "own"}, "store": {"kind": "store"}},
        "budget": {"year_1": {"total": 1000.0, "split": SPLIT}},
    }
    return small | parts


def planned(**parts: Any) -> Plan:
    return Plan.model_validate(data(**parts))


def test_a_plan_that_does_not_speak_of_them_has_none() -> None:
    assert all(part is None for part in operations_of(planned()).values())


def test_starting_figures_and_targets_declare_parts_in_every_scenario() -> None:
    plan = planned(
        starting_point={
            "inventory_days": 120,
            "order_hours": 48,
            "booking_response": 0.65,
            "stockout_rate": 0.04,
        },
        targets=[{"kpi": "complaint_rate", "change": -0.2, "by": "2027-12-31", "group": "efficiency"}],
    )
    for scenario in plan.scenario_names():
        parts = operations_of(scenario_plan(plan, scenario))
        assert (parts["stock"].days, parts["stock"].service, parts["stock"].aim) == (120.0, 0.96, None)
        assert parts["order_desk"] == OrderDesk(48.0)
        assert parts["service_desk"] == ServiceDesk(0.7)
        assert (parts["booking"].response, parts["booking"].aim) == (0.65, None)
        assert parts["packaging"] is not None  # parcels are weighed
        assert parts["returns"] is None
        assert parts["delivery"] is None


def test_policies_act_from_their_month_and_only_beyond_today_s() -> None:
    inventory = {"days": 80, "abc": True, "shared": True, "vendor_managed": True, "start_month": 4}
    service = {"free_returns": True, "return_days": 30, "same_everywhere": True, "around_the_clock": True}
    service |= {"booking": {"response": 0.9, "capacity": 20.0, "start_month": 6}, "start_month": 2}
    packaging = {"green": True, "shareable": True, "start_month": 3}
    today = {"policies": {"inventory": {"abc": True}, "service": {"free_returns": True}}}
    plan = planned(
        starting_point={"inventory_days": 120},
        policies={"inventory": inventory, "service": service, "packaging": packaging},
        scenarios={"status_quo": today},
    )
    parts = operations_of(plan)
    stock, returns = parts["stock"], parts["returns"]
    assert (stock.aim, stock.start) == (80, 90)
    assert (stock.abc, stock.shared, stock.vendor_managed) == (False, True, True)
    assert (returns.free, returns.usual_free, returns.days, returns.everywhere) == (True, True, 30, True)
    assert (returns.start, parts["service_desk"].start, parts["booking"].start) == (31, 31, 151)
    assert parts["service_desk"].around_the_clock
    assert (parts["booking"].aim, parts["booking"].places) == (0.9, 20.0)
    box = parts["packaging"]
    assert (box.green, box.shareable, box.start) == (True, True, 59)
    quiet = operations_of(scenario_plan(plan, "status_quo"))
    assert quiet["returns"] is None
    assert not quiet["stock"].shared
    assert quiet["stock"].days == 120.0


def test_a_shorter_promise_is_bought() -> None:
    start = {"delivery_days": 4.0}
    faster = planned(starting_point=start, policies={"service": {"delivery_days": 2.0}})
    assert operations_of(faster)["delivery"].speed == 2.0
    assert operations_of(planned(starting_point=start))["delivery"] is None
    assert operations_of(planned(policies={"service": {"pick_up": True}}))["delivery"].pick_up


def test_a_site_bears_today_s_load_in_every_scenario_and_more_once_tested() -> None:
    today = {"policies": {"service": {"peak_headroom": 2.0}}}
    service = {"load_tests": True, "start_month": 3}
    plan = planned(policies={"service": service}, scenarios={"status_quo": today})
    site, quiet = (operations_of(scenario_plan(plan, name))["site_load"] for name in ("plan", "status_quo"))
    assert (site.headroom, site.tested, site.start) == (2.0, True, 59)
    assert (quiet.headroom, quiet.tested) == (2.0, False)


def test_dynamic_prices_and_presales_clear_stock() -> None:
    policies = {"pricing": {"policy": "dynamic"}, "promotion": {"presale": {"depth": 0.1}}}
    stock = operations_of(planned(policies=policies, starting_point={"inventory_days": 90}))["stock"]
    assert (stock.markdown, stock.presale) == (True, True)


ALL = {"stock", "order_desk", "service_desk", "booking", "returns", "delivery", "packaging"}
LINES = {
    "offline_to_online": ALL | {"site_load"},
    "omo_fusion": {"stock", "service_desk", "returns", "packaging"},
    "online_mall": {"stock", "order_desk", "service_desk", "delivery", "packaging"},
    "manufacturer": {"stock", "order_desk", "service_desk", "returns", "delivery", "packaging"},
    "ecommerce_dept": {"service_desk", "packaging"},
}


@pytest.mark.parametrize("name", bundled())
def test_bundled_plans_declare_what_they_speak_of(name: str) -> None:
    parts = operations_of(load_plan(name))
    assert {field for field, part in parts.items() if part is not None} == LINES[name]
    ours = ("policies.inventory", "policies.packaging", "policies.service")
    assert not [line for line in load_plan(name).not_modelled() if line.startswith(ours)]


def test_a_plan_s_levers_move_its_indicators_against_today() -> None:
    """Offline to online, uncalibrated: stock shrinks, desks answer more, and the starting figures stand."""
    plan, found = load_plan("offline_to_online"), {}
    lively = {"need_rate": 0.1, "pull.direct": 1.0, "pull.organic_search": 1.0, "initial_aware": 0.9}
    for scenario in ("status_quo", "plan"):
        setup = setup_for(scenario_plan(plan, scenario), lively, 5, 800)
        ledger = Market.from_setup(setup, seed=5).run()
        keys = ("inventory_days", "response_rate", "booking_response", "repetitive_hours", "order_hours")
        table = evaluate(ledger, [(0, 364), (setup.days - 365, setup.days - 1)], keys)
        found[scenario] = [
            dict(zip(part.kpi, part.value, strict=True))
            for _, part in table[table.channel == "all"].groupby("period_start")
        ]
    (first, before), (_, after) = found["status_quo"], found["plan"]
    assert first["inventory_days"] == pytest.approx(120.0, rel=0.1)
    assert first["response_rate"] == pytest.approx(0.65, rel=0.05)
    assert first["booking_response"] == pytest.approx(0.65, rel=0.05)
    assert after["inventory_days"] < 0.85 * before["inventory_days"]
    assert after["response_rate"] > before["response_rate"] + 0.05
    assert after["booking_response"] > before["booking_response"] + 0.1
    assert after["order_hours"] < before["order_hours"]
