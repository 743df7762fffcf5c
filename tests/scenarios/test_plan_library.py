"""The five bundled plans say what their sources say, and say which of it the market cannot act on yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from typing import get_args

import pytest

from scenarios.plan import Plan, bundled, check_plan, load_plan, scenario_plan
from scenarios.plan.modelled import NOT_YET, computed
from scenarios.plan.vocabulary import (
    INDICATOR_KEYS,
    LEVERS,
    MEDIA,
    PARAMETER_OF,
    SHOCKS,
    SOURCE_LEVERS,
    CapabilityName,
    MediumName,
)
from sim.change import changeable
from sim.parameters import collected
from sim.setup import CAPABILITIES, SOURCES, Drivers, Shock

FIVE = ("ecommerce_dept", "manufacturer", "offline_to_online", "omo_fusion", "online_mall")


def start(plan: Plan, kpi: str) -> float | None:
    return plan.baseline(kpi)


def target(plan: Plan, kpi: str) -> tuple[float | None, float | None]:
    found = next(target for target in plan.targets if target.kpi == kpi)
    return found.value, found.change


def test_there_are_five() -> None:
    assert bundled() == FIVE


@pytest.mark.parametrize("name", FIVE)
def test_each_is_sound(name: str) -> None:
    answer = check_plan(name)
    assert answer["errors"] == []
    plan = load_plan(name)
    assert plan.name == name
    assert plan.currency == "CNY"
    assert plan.search.vary
    for scenario in plan.scenario_names():
        scenario_plan(plan, scenario)


@pytest.mark.parametrize("name", FIVE)
def test_online_visits_split_into_shares_that_sum_to_1(name: str) -> None:
    plan = load_plan(name)
    parts = [start(plan, kpi) for kpi in ("organic_share", "paid_share", "private_domain_share")]
    assert sum(part or 0.0 for part in parts) == pytest.approx(1.0)


@pytest.mark.parametrize("name", FIVE)
def test_cases_that_act_on_the_same_thing_never_multiply(name: str) -> None:
    for scenario in load_plan(name).scenario_names():
        plan = scenario_plan(load_plan(name), scenario)
        acting = Counter(
            effect
            for action in plan.acting().values()
            if action.evidence == "claim"
            for effect in action.effects
        )
        assert [effect for effect, count in acting.items() if count > 1] == []


@pytest.mark.parametrize("name", FIVE)
def test_earmarked_money_fits_into_the_budget(name: str) -> None:
    plan = load_plan(name)
    years = [plan.budget.year(number) for number in range(1, plan.months // 12 + 1)]
    technology = sum(year.total * year.split.technology for year in years if year.split)
    team = sum(year.total * year.split.team for year in years if year.split)
    wanted: Counter[str] = Counter()
    for action in plan.acting().values():
        if action.funded == "budget":
            wanted.update({str(capability): int(amount) for capability, amount in action.invests.items()})
    assert wanted["site"] + wanted["data"] + wanted["automation"] <= technology
    assert wanted["service"] + wanted["skill"] <= team


@pytest.mark.parametrize("name", ["omo_fusion", "manufacturer"])
def test_plans_without_figures_tag_theirs_as_assumed(name: str) -> None:
    plan = load_plan(name)
    assert all(figure.source == "assumption" for figure in plan.starting_point.values())
    assert all(target.assumed for target in plan.targets)


def test_offline_to_online_says_what_its_plan_says() -> None:
    plan = load_plan("offline_to_online")
    stated = {
        "online_share": 0.18,
        "organic_share": 0.25,
        "mobile_conversion": 0.32,
        "order_hours": 48,
        "booking_response": 0.65,
        "bounce_rate": 0.70,
        "inventory_days": 120,
        "skill_share": 0.15,
    }
    assert {kpi: start(plan, kpi) for kpi in stated} == stated
    store, shop = plan.channels["store"].starting_point, plan.channels["own_shop"].starting_point
    assert (store["repurchase_365"].value, shop["repurchase_365"].value) == (0.40, 0.25)
    assert shop["basket"].value / store["basket"].value == pytest.approx(0.68)
    assert plan.starting_point["online_share"].industry == 0.32
    assert target(plan, "organic_share") == (0.45, None)
    assert target(plan, "paid_roi") == (3.0, None)
    assert target(plan, "repetitive_hours") == (None, -0.30)
    assert target(plan, "inventory_days") == (80, None)
    kinds = {risk.kind for risk in plan.risks.values()}
    assert len(kinds) == 8
    assert [phase.name for phase in plan.phases] == ["prepare", "build", "promote", "optimise"]


def test_online_mall_says_what_its_plan_says() -> None:
    plan = load_plan("online_mall")
    assert [start(plan, kpi) for kpi in ("cac", "repurchase_365", "conversion")] == [120, 0.28, 0.025]
    assert [target(plan, k)[0] for k in ("cac", "repurchase_365", "conversion")] == [80, 0.35, 0.04]
    assert plan.market.growth.central == 0.15
    assert plan.initiatives["birthday_care"].claims == {"repurchase_365": 0.10}


def test_ecommerce_dept_says_what_its_plan_says() -> None:
    plan = load_plan("ecommerce_dept")
    assert [start(plan, k) for k in ("organic_share", "conversion", "new_customer_repurchase_90")] == [
        0.2,
        0.015,
        0.3,
    ]
    assert plan.starting_point["organic_share"].bound == "under"
    assert target(plan, "traffic_cost") == (None, -0.30)
    assert target(plan, "organic_share") == (0.35, None)
    assert target(plan, "conversion") == (0.028, None)
    assert target(plan, "value_per_user") == (None, 0.20)
    assert target(plan, "repurchase_365") == (0.45, None)
    year = plan.budget.year(1)
    assert year.total == 5_000_000
    assert year.split is not None
    assert dict(year.split) == {"technology": 0.35, "marketing": 0.40, "team": 0.15, "reserve": 0.10}
    weights = plan.policies.scorecard.balanced
    assert weights is not None
    assert dict(weights) == {"finance": 0.30, "customers": 0.35, "process": 0.20, "learning": 0.15}


def test_what_is_not_modelled_is_named_with_its_path() -> None:
    lines = load_plan("offline_to_online").not_modelled()
    named = {line.split(": ")[0] for line in lines}
    assert "policies.testing.page_tests_per_month" not in named
    assert all(": " in line for line in lines)
    assert len(named) == len(lines)


def test_a_value_that_is_acted_on_is_not_listed() -> None:
    plan = load_plan("manufacturer")
    for scenario in ("differentiated_promotions", "online_only_products"):
        lines = scenario_plan(plan, scenario).not_modelled()
        heads = ("policies.pricing", "policies.dealers", "products")
        assert not any(line.startswith(heads) for line in lines)


def test_every_pattern_of_the_table_stands_for_a_line_of_the_plan() -> None:
    from scenarios.plan.shape import annotation_at

    for pattern in NOT_YET:
        path: tuple[str | int, ...] = tuple(pattern.partition("=")[0].split("."))
        path = tuple(0 if key == "*" and path[i - 1] == "phases" else key for i, key in enumerate(path))
        open_end = path[:-1] if path[-1] == "*" else path
        assert annotation_at(open_end) is not None, pattern


def test_the_plan_and_the_market_share_one_vocabulary() -> None:
    from sim.indicators import INDICATORS

    assert set(INDICATOR_KEYS) == set(INDICATORS)
    assert computed() <= set(INDICATOR_KEYS)
    assert {medium.source for medium in MEDIA.values() if medium.action == "click"} <= set(SOURCES)
    assert get_args(CapabilityName) == CAPABILITIES
    assert set(SHOCKS) == set(Shock.TARGETS)
    assert get_args(MediumName) == tuple(MEDIA)


def test_every_lever_moves_something_in_the_market() -> None:
    drivers = {field.name for field in fields(Drivers)}
    parameters = collected()
    assert all(lever in drivers or changeable(PARAMETER_OF.get(lever, lever)) for lever in LEVERS)
    for lever, sources in SOURCE_LEVERS.items():
        assert {f"{lever}.{source}" for source in sources} <= set(parameters)
