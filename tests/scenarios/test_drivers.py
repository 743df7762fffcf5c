"""From a plan to days: money, calendars, seasons and promises, and what scenarios share."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from scenarios.drivers import discounts, season, setup_for, strength
from scenarios.plan import Plan, bundled, load_plan, scenario_plan
from sim.market import Market
from sim.setup import CAPABILITIES, Drivers, Setup

SPLIT = {"technology": 0.3, "marketing": 0.4, "team": 0.2, "reserve": 0.1}
TODAY = {"total": 600.0, "split": {"technology": 0.2, "marketing": 0.6, "team": 0.2}, "media": {"tv": 1.0}}


def planned(**parts: Any) -> Plan:
    """A small plan: 1000 a year from 2027 on, over two years unless told otherwise."""
    data: dict[str, Any] = {
        "name": "corner",
        "start": "2027-01-01",
        "months": 24,
        "market": {"population": 1000, "customers": 100},
        "channels": {"own": {"kind": "own"}, "store": {"kind": "store"}},
        "budget": {"year_1": {"total": 1000.0, "split": SPLIT}, "today": TODAY},
    }
    return Plan.model_validate(data | parts)


def lived(plan: Plan, seed: int = 1, scenario: str = "plan") -> Setup:
    return setup_for(scenario_plan(plan, scenario), {}, seed)


def day(plan: Plan, year: int, month: int, number: int = 1) -> int:
    return (datetime.date(year, month, number) - plan.start).days


def of_media(setup: Setup, drivers: Drivers) -> dict[str, float]:
    """Spend over all days by medium, where there is any."""
    sums = drivers.spend.sum(axis=0)
    return {m.name: float(s) for m, s in zip(setup.media, sums, strict=True) if s > 0}


# Money


@pytest.mark.parametrize("start", ["2027-01-01", "2027-03-01", "2024-01-01"])
def test_each_plan_year_spends_its_marketing_and_invests_its_lines_leap_year_or_not(start: str) -> None:
    years = {"year_1": {"total": 1000.0, "split": SPLIT}, "year_2": {"total": 3000.0}, "today": TODAY}
    plan = planned(start=start, months=36, budget=years)
    drivers = lived(plan).drivers
    for number, total in ((1, 1000.0), (2, 3000.0), (3, 3000.0)):
        first, after = plan.first_day(12 * number - 11), plan.first_day(12 * number + 1)
        days = slice((first - plan.start).days, (after - plan.start).days)
        assert drivers.spend[days].sum() == pytest.approx(0.4 * total)
        assert drivers.invest[days, :3].sum() == pytest.approx(0.3 * total)  # site, data, automation
        assert drivers.invest[days, 3:].sum() == pytest.approx(0.2 * total)  # service, skill
    assert not drivers.costs.any()


def test_half_a_year_costs_half() -> None:
    plan = planned(months=6)
    share = plan.days / 365
    drivers = lived(plan).drivers
    assert drivers.spend.sum() == pytest.approx(400 * share)
    assert drivers.invest.sum() == pytest.approx(500 * share)


def test_media_and_capabilities_get_their_shares() -> None:
    budget = {
        "year_1": {"total": 1000.0, "split": SPLIT, "media": {"tv": 0.25, "live": 0.75}},
        "technology": {"site": 0.5, "data": 0.5},
        "team": {"skill": 1.0},
    }
    setup = lived(planned(months=12, budget=budget))
    assert of_media(setup, setup.drivers) == pytest.approx({"live": 300.0, "tv": 100.0})
    invested = dict(zip(CAPABILITIES, setup.drivers.invest.sum(axis=0), strict=True))
    assert invested == pytest.approx({"site": 150, "data": 150, "automation": 0, "service": 0, "skill": 200})


def test_status_quo_spends_what_today_says_and_builds_nothing_new() -> None:
    plan = planned(months=12)
    setup = lived(plan, scenario="status_quo")
    assert of_media(setup, setup.drivers) == pytest.approx({"tv": 360.0})
    assert setup.drivers.invest.sum() == pytest.approx(240.0)
    assert setup.usual is not None
    assert setup.drivers.invest == pytest.approx(np.tile(setup.usual.invest, (365, 1)))
    assert setup.drivers.spend == pytest.approx(np.tile(setup.usual.spend, (365, 1)))


def earmarked(funded: str, amount: float, **action: Any) -> Plan:
    one = {"lever": "technology", "invests": {"data": amount}, "ripen_months": 6, "funded": funded} | action
    return planned(months=12, initiatives={"platform": one})


@pytest.mark.parametrize("amount", [10.0, 100.0, 5_000.0])
def test_earmarks_move_money_within_their_line_and_never_create_any(amount: float) -> None:
    without, with_it = (
        lived(planned(months=12)).drivers.invest,
        lived(earmarked("budget", amount)).drivers.invest,
    )
    assert with_it[:, :3].sum(axis=1) == pytest.approx(
        without[:, :3].sum(axis=1)
    )  # every day, not only in sum
    assert with_it[:, 3:] == pytest.approx(without[:, 3:])
    assert with_it[:, 1].sum() > without[:, 1].sum()
    assert (with_it >= 0).all()


def test_earmarks_beyond_the_line_share_it_pro_rata() -> None:
    asked = {"lever": "technology", "ripen_months": 12}
    rich = {name: {**asked, "invests": {name: 400.0}} for name in ("site", "data")}
    invest = lived(planned(months=12, initiatives=rich)).drivers.invest.sum(axis=0)
    assert invest[:3] == pytest.approx([150.0, 150.0, 0.0])


def test_extra_money_is_added_and_its_costs_are_booked() -> None:
    plan = earmarked("extra", 120.0, cost=60.0, monthly_cost=10.0, start_month=7)
    drivers, base = lived(plan).drivers, lived(planned(months=12)).drivers
    first = day(plan, 2027, 7)
    assert drivers.invest.sum() - base.invest.sum() == pytest.approx(120.0)
    assert drivers.invest[:first] == pytest.approx(base.invest[:first])
    assert drivers.costs.sum() == pytest.approx(60.0 + 120.0 * (365 - first) / 365)
    assert not drivers.costs[:first].any()
    assert not lived(earmarked("budget", 120.0, cost=60.0)).drivers.costs.any()  # paid out of the budget


def test_being_prepared_costs_what_the_reserve_pays() -> None:
    ready = {"what": "pumps", "cost": 80.0, "reduces": 0.5}
    flood = {"kind": "operational", "probability": 0.1, "impact": {"demand": 0.5}, "contingency": ready}
    assert lived(planned(months=12, risks={"flood": flood})).drivers.costs.sum() == pytest.approx(80.0)


# Calendars and seasons


def promoted(**promotion: Any) -> tuple[Plan, np.ndarray]:
    plan = planned(start="2027-12-01", months=27, policies={"promotion": promotion})
    return plan, discounts(plan, lived(plan).channels)


def test_dated_promotions_return_every_year_on_their_days() -> None:
    plan, depth = promoted(calendar=[{"name": "eleven", "month": 11, "day": 1, "days": 11, "depth": 0.2}])
    found = {str(plan.start + datetime.timedelta(days=int(d))) for d in np.flatnonzero(depth[:, 0])}
    expected = {f"{year}-11-{n:02d}" for year in (2028, 2029) for n in range(1, 12)}
    assert found == expected
    assert set(np.unique(depth)) == {0.0, 0.2}


def test_leap_day_promotions_fall_on_the_last_of_february() -> None:
    plan, depth = promoted(calendar=[{"name": "leap", "month": 2, "day": 29, "days": 2, "depth": 0.3}])
    found = [str(plan.start + datetime.timedelta(days=int(d))) for d in np.flatnonzero(depth[:, 0])]
    assert found == ["2028-02-29", "2028-03-01", "2029-02-28", "2029-03-01", "2030-02-28"]


def test_promotions_cross_the_turn_of_the_year_even_into_the_first() -> None:
    event = {"name": "winter", "month": 11, "day": 20, "days": 60, "depth": 0.1}
    plan, depth = promoted(calendar=[event])
    assert depth[: day(plan, 2028, 1, 19), 0] == pytest.approx(0.1)  # begun before the plan did
    assert not depth[day(plan, 2028, 1, 19) : day(plan, 2028, 11, 20)].any()
    assert depth[day(plan, 2028, 11, 20) : day(plan, 2029, 1, 19), 0] == pytest.approx(0.1)


def test_the_deeper_discount_holds_in_the_channels_it_is_for() -> None:
    calendar = [{"name": "web", "month": 6, "days": 5, "depth": 0.3, "channels": ["own"]}]
    plan, depth = promoted(depth=0.1, days_per_month=10, calendar=calendar)
    june = day(plan, 2028, 6)
    assert depth[june : june + 12, 0] == pytest.approx([0.3] * 5 + [0.1] * 5 + [0.0] * 2)
    assert depth[june : june + 12, 1] == pytest.approx([0.1] * 10 + [0.0] * 2)


@pytest.mark.parametrize(("month", "start"), [(11, "2027-01-01"), (1, "2027-07-01"), (6, "2028-01-01")])
def test_the_season_is_one_on_average_and_peaks_in_its_month(month: int, start: str) -> None:
    wave = {"season": {"amplitude": 0.2, "peak_month": month}, "population": 1000, "customers": 100}
    plan = planned(start=start, months=12, market=wave)
    found = season(plan)
    assert found.mean() == pytest.approx(1.0, abs=2e-3)
    assert found.max() == pytest.approx(1.2, abs=1e-4) and found.min() == pytest.approx(0.8, abs=1e-4)
    assert (plan.start + datetime.timedelta(days=int(found.argmax()))).month == month


def test_channels_open_on_their_dates() -> None:
    later = {"own": {"kind": "own", "opens": "2027-07-15"}, "store": {"kind": "store"}}
    plan = planned(channels=later)
    setup, first = lived(plan), day(plan, 2027, 7, 15)
    assert not setup.drivers.access[:first, 0].any() and (setup.drivers.access[first:, 0] == 1).all()
    assert (setup.drivers.access[:, 1] == 1).all()
    assert setup.usual is not None
    assert setup.usual.access.tolist() == [[0.0, 1.0]]
    assert [c.name for c in lived(plan, scenario="status_quo").channels] == ["store"]


def test_prices_differ_between_online_and_store_only_where_the_policy_says() -> None:
    policies = {"pricing": {"policy": "differentiated", "level": 1.1, "online_gap": -0.1}}
    drivers = lived(planned(policies=policies)).drivers
    assert drivers.price[0] == pytest.approx([0.99, 1.1])


def test_service_is_the_policys_else_the_starting_points_else_customary() -> None:
    start = {"delivery_days": 5.0, "response_rate": 0.4}
    policy = {"service": {"delivery_days": 2.0, "response": 0.9}}
    assert lived(planned()).drivers.delivery_days[0, 0] == 3.0
    stated = lived(planned(starting_point=start, policies=policy))
    assert (stated.drivers.delivery_days[0, 0], stated.drivers.service[0, 0]) == (2.0, 0.9)
    assert stated.usual is not None
    assert (stated.usual.delivery_days[0, 0], stated.usual.service[0, 0]) == (5.0, 0.4)
    assert lived(planned(starting_point=start)).drivers.service[0, 0] == 0.4


# Initiatives and claims


def acting(effects: dict[str, float], **action: Any) -> Plan:
    one = {"lever": "service", "effects": effects, "start_month": 4, "ripen_months": 6} | action
    return planned(months=24, initiatives={"desk": one})


def test_initiatives_act_on_drivers_along_an_s_curve() -> None:
    plan = acting({"delivery_days": 0.5, "service": 5.0, "demand": 1.1})
    drivers = lived(plan).drivers
    first, ripe = day(plan, 2027, 4), day(plan, 2027, 10)
    days = drivers.delivery_days[:, 0]
    assert (days[: first + 1] == 3.0).all() and days[ripe:] == pytest.approx(1.5)
    assert days[(first + ripe) // 2] == pytest.approx(2.25, abs=0.02)
    assert (np.diff(days[first:ripe]) < 0).all()
    steepest = first + int(np.argmin(np.diff(days[first:ripe])))
    assert steepest == pytest.approx((first + ripe) / 2, abs=5)
    assert drivers.service.max() == 1.0  # a share stays one
    assert drivers.demand[ripe:] == pytest.approx(1.1)


def test_effects_on_rules_ripen_inside_the_market() -> None:
    plan = acting({"bounce.own": 0.8, "price.own": 0.9, "appeal": 1.2})
    setup = lived(plan)
    found = {effect.target: (effect.factor, effect.start, effect.ripen) for effect in setup.effects}
    span = (day(plan, 2027, 4), day(plan, 2027, 10) - day(plan, 2027, 4))
    assert found == {"bounce.own": (0.8, *span), "appeal": (1.2, *span)}
    assert setup.drivers.price[-1] == pytest.approx([0.9, 1.0])


@pytest.mark.parametrize("factor", [0.6, 1.5])
def test_claims_come_true_somewhere_between_nothing_and_what_they_say(factor: float) -> None:
    plan = acting({"pull.content": factor}, evidence="claim")
    found = np.array([lived(plan, seed).effects[0].factor for seed in range(60)])
    assert (found > min(factor, 1)).all() and (found < max(factor, 1)).all()
    shares = np.log(found) / math.log(factor)
    assert shares.mean() == pytest.approx(0.5, abs=0.13) and shares.std() > 0.2


def test_evidence_presets_weigh_claims() -> None:
    def share(evidence: str, grade: str = "claim") -> float:
        market = {"population": 1000, "customers": 100, "evidence": evidence}
        one = {"lever": "brand", "effects": {"demand": 1.1}, "evidence": grade}
        return strength(planned(market=market, initiatives={"x": one}), "x", 3)

    assert share("claims") == 1.0
    assert share("experimental") == pytest.approx(0.3 * share("literature"))
    assert 0 < share("literature") < 1
    assert share("literature", "E") == share("experimental", "A") == 1.0


def test_growth_is_drawn_between_about_its_percentiles_and_shared_by_scenarios() -> None:
    growth = {"low": 0.0, "central": 0.05, "high": 0.15}
    plan = planned(months=13, market={"population": 1000, "customers": 100, "growth": growth})
    rates = np.array([lived(plan, seed).drivers.demand[365] - 1 for seed in range(400)])
    assert np.median(rates) == pytest.approx(0.07, abs=0.01)
    outside = np.mean((rates < 0.0) | (rates > 0.15))
    assert outside == pytest.approx(0.1, abs=0.05)  # the range is the 5th to the 95th percentile
    assert rates.min() > -0.05 and rates.max() < 0.2
    quiet = lived(plan, 7, "status_quo").drivers.demand
    assert np.array_equal(quiet, lived(plan, 7).drivers.demand)
    certain = planned(market={"population": 1000, "customers": 100, "growth": dict.fromkeys(growth, 0.05)})
    assert lived(certain).drivers.demand[365] == pytest.approx(1.05)


# Every bundled plan


def every() -> Iterator[tuple[str, str]]:
    for name in bundled():
        yield from ((name, scenario) for scenario in load_plan(name).scenario_names())


@pytest.mark.parametrize(("name", "scenario"), list(every()))
def test_every_bundled_scenario_becomes_a_valid_market_with_balanced_money(name: str, scenario: str) -> None:
    plan = scenario_plan(load_plan(name), scenario)
    setup = setup_for(plan, {}, 11, 60)
    assert (setup.start, setup.days, setup.customers) == (plan.start, plan.days, 60)
    assert setup.weight * setup.customers == pytest.approx(plan.market.population)
    extra = sum(sum(action.invests.values()) for action in plan.acting().values() if action.funded == "extra")
    marketing, capability, money = 0.0, 0.0, plan.budget
    for number in range(1, plan.months // 12 + 1):
        year = money.year(number)
        assert year.split is not None
        marketing += year.total * year.split.marketing
        capability += year.total * (year.split.technology + year.split.team)
    assert setup.drivers.spend.sum() == pytest.approx(marketing)
    assert capability - 1 <= setup.drivers.invest.sum() <= capability + extra + 1
    assert (setup.drivers.discount < 1).all() and (setup.drivers.service <= 1).all()
    Market.from_setup(setup, seed=1).step()  # shocks, effects and parameters are all known to it


@pytest.mark.parametrize("name", bundled())
def test_scenarios_of_a_plan_share_their_past(name: str) -> None:
    """Before the plan starts nobody knows of it: only channels yet to open and new media may be missing."""
    plan = load_plan(name)
    found = [setup_for(scenario_plan(plan, s), {}, 5, 60) for s in plan.scenario_names()]
    reference = past(found[0])
    for setup in found[1:]:
        seen = past(setup)
        for key in reference.keys() & seen.keys():
            assert seen[key] == pytest.approx(reference[key]), key
        assert all(seen[key] == 0 for key in seen.keys() - reference.keys() if key[0] in ("spend", "access"))


def past(setup: Setup) -> dict[tuple[str, str], float]:
    """The row of customary drivers by name, whatever the order of channels and media."""
    assert setup.usual is not None
    channels, media = [c.name for c in setup.channels], [m.name for m in setup.media]
    labels = {"spend": media, "invest": list(CAPABILITIES)}
    found = {}
    for item in fields(Drivers):
        row = np.atleast_1d(getattr(setup.usual, item.name)[0])
        names = (
            [""]
            if len(row) == 1 and item.name not in labels and len(channels) > 1
            else labels.get(item.name, channels)
        )
        found |= {(item.name, member): float(value) for member, value in zip(names, row, strict=True)}
    return found


@pytest.mark.parametrize("name", bundled())
def test_hazards_strike_all_scenarios_of_a_plan_on_the_same_days(name: str) -> None:
    plan = load_plan(name)
    for seed in range(5):
        strikes = []
        for scenario in ("status_quo", "plan"):
            chosen = scenario_plan(plan, scenario)
            shared = {n for n, risk in chosen.risks.items() if risk == plan.risks[n] or not risk.contingency}
            setup = setup_for(chosen, {}, seed, 60)
            strikes.append({(s.name, s.start) for s in setup.shocks if s.name in shared | set(plan.risks)})
        spared = strikes[0] - strikes[1]  # what initiatives have eased by then
        eased = {risk for action in plan.acting().values() for risk in action.eases}
        assert strikes[1] <= strikes[0] and {name for name, _ in spared} <= eased


@pytest.mark.parametrize("name", bundled())
def test_a_quiet_year_invests_what_is_customary(name: str) -> None:
    plan = load_plan(name)
    setup = setup_for(scenario_plan(plan, "status_quo"), {}, 5, 60)
    assert setup.usual is not None
    assert setup.drivers.invest == pytest.approx(np.tile(setup.usual.invest, (setup.days, 1)), rel=0.003)
    assert setup.drivers.spend == pytest.approx(np.tile(setup.usual.spend, (setup.days, 1)), rel=0.003)
    assert not setup.effects
