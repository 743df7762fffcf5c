"""The market joined to a history: its status quo follows the outlook, scenarios differ by what they do."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from scenarios.drivers import setup_for
from scenarios.executor import Pool
from scenarios.experiment import simulate
from scenarios.horizon import with_horizon
from scenarios.joining import (
    FAMILY,
    SIZE,
    factors,
    joined,
    month_sales,
    months_of,
    reaches,
    smoothed,
    told,
)
from scenarios.outlook import Outlook
from scenarios.plan import STATUS_QUO, Plan, load_plan, scenario_plan, with_overrides

AGENTS = 3000


@pytest.fixture(scope="module")
def plan() -> Plan:
    return with_overrides(with_horizon(load_plan("ecommerce_dept"), 6), {"market.customers": AGENTS})


def outlook(plan: Plan, level: float, currency: str | None = None) -> Outlook:
    """Two paths of 24 months before and 12 after a plan begins, one a tenth above the other, with a wave."""
    months = 24 + 12
    shape = 1.0 + 0.2 * np.sin(np.arange(months) / 2.0)
    paths = level * shape * np.array([[1.0], [1.1]])
    first = str(np.datetime64(plan.start, "M") - 24)
    return Outlook(
        first, 24, paths, "revenue", ("elsewhere",), plan.currency if currency is None else currency
    )


def usual(plan: Plan) -> float:
    sold = month_sales((scenario_plan(plan, STATUS_QUO), {}, 3, None, None, "revenue"))
    return float(sold.mean())


def test_the_status_quo_follows_the_outlook(plan: Plan) -> None:
    level = 1.6 * usual(plan)
    wanted = outlook(plan, level)
    with Pool(1) as pool:
        table = joined(plan, [{}, {}], wanted, 3, pool)
    calm, asked = scenario_plan(plan, STATUS_QUO), wanted.paths[:, 24:30]
    lives = [
        [month_sales((calm, draw, seed, None, None, "revenue")) for seed in range(40, 44)]
        for draw in told(table)
    ]
    sold = np.array(lives).mean(axis=1)
    assert sold.sum(axis=1) == pytest.approx(asked.sum(axis=1), rel=0.1)
    assert np.abs(sold / asked - 1.0).mean() < 0.1


def test_a_history_far_above_the_plans_market_is_reached_by_size_at_the_same_rates(plan: Plan) -> None:
    """Four times the needs would make keener customers; four times the people buy as the fit has them buy."""
    wanted, calm = outlook(plan, 4.0 * usual(plan)), scenario_plan(plan, STATUS_QUO)
    with Pool(1) as pool:
        table = joined(plan, [{}, {}], wanted, 3, pool)
    assert table[SIZE].between(3.3, 5.0).all()
    plain = dict.fromkeys(told(table)[0], 1.0)
    rates = ["conversion", "basket", "paid_share", "value_per_user", "repurchase_365", "return_rate"]

    def mean(draw: dict[str, float]) -> pd.Series:
        kpis, _ = simulate(calm, draw, 40, None)
        return kpis[kpis["channel"] == "all"].groupby("kpi")["value"].mean()

    now, before = mean(told(table)[0]), mean(plain)
    assert now["net_sales"] == pytest.approx(wanted.paths[0, 24:30].mean(), rel=0.08)
    known = [rate for rate in rates if np.isfinite(before.get(rate, np.nan))]
    assert {"conversion", "basket", "paid_share", "value_per_user"} <= set(known)
    assert now[known].to_numpy() == pytest.approx(before[known].to_numpy(), rel=0.04)


def test_size_multiplies_all_that_people_do_and_leaves_money_as_stated(plan: Plan) -> None:
    calm = scenario_plan(plan, STATUS_QUO)
    one, four = (setup_for(calm, {SIZE: size}, seed=5) for size in (1.0, 4.0))
    assert four.weight == 4.0 * one.weight
    assert np.array_equal(four.drivers.spend, one.drivers.spend)
    assert np.array_equal(four.drivers.costs, one.drivers.costs)
    sold = [month_sales((calm, {SIZE: size}, 3, None, None, "revenue")) for size in (1.0, 4.0)]
    assert sold[1] == pytest.approx(4.0 * sold[0], rel=1e-9)


def test_a_history_far_above_the_plans_market_is_reached_too(plan: Plan) -> None:
    wanted = outlook(plan, 5.0 * usual(plan))
    with Pool(1) as pool:
        table = joined(plan, [{}, {}], wanted, 3, pool)
    calm, asked = scenario_plan(plan, STATUS_QUO), wanted.paths[:, 24:30]
    sold = np.array([month_sales((calm, draw, 40, None, None, "revenue")) for draw in told(table)])
    assert sold.sum(axis=1) == pytest.approx(asked.sum(axis=1), rel=0.1)


def test_another_currency_gives_trend_and_season_alone(plan: Plan) -> None:
    with Pool(1) as pool:
        table = joined(plan, [{}], outlook(plan, 1e12, "XXX"), 3, pool)
    assert not table["level"].any()
    assert table["factor"].mean() == pytest.approx(1.0, abs=0.15)
    assert table["factor"].std() > 0.05
    assert (table[SIZE] == 1.0).all()


def test_another_size_gives_trend_and_season_alone(plan: Plan) -> None:
    with Pool(1) as pool:
        table = joined(plan, [{}], outlook(plan, 1e15), 3, pool)
    assert not table["level"].any()
    assert table["factor"].mean() == pytest.approx(1.0, abs=0.15)


def test_a_plan_outside_the_outlook_is_not_reached(plan: Plan) -> None:
    within = outlook(plan, 1e6)
    assert reaches(plan, within)
    assert not reaches(plan, dataclasses.replace(within, first="1990-01"))
    assert not reaches(plan, dataclasses.replace(within, first="2040-01"))


def test_factors_replace_the_plans_growth(plan: Plan) -> None:
    draw = {f"{FAMILY}{month}": 1.0 + k for k, month in enumerate(months_of(plan))}
    every = factors(plan, draw)
    assert every is not None
    assert every.shape == (plan.days,)
    assert (every[0], every[-1]) == (1.0, float(len(months_of(plan))))
    flat = setup_for(plan, dict.fromkeys(draw, 1.0), seed=5).drivers.demand
    joined_up = setup_for(plan, draw, seed=5)
    assert np.allclose(joined_up.drivers.demand, flat * every)
    assert not any(name.startswith(FAMILY) for name in joined_up.parameters)
    assert factors(plan, {"need_rate": 0.1}) is None
    longer = factors(with_horizon(load_plan("ecommerce_dept"), 8), draw)
    assert longer is not None
    assert longer[-1] == every[-1]


def test_months_are_those_of_the_indicators(plan: Plan) -> None:
    calm = scenario_plan(plan, STATUS_QUO)
    kpis, _ = simulate(calm, {}, 3, None)
    length = kpis["period_end"] - kpis["period_start"]
    rows = kpis[(kpis["kpi"] == "net_sales") & (kpis["channel"] == "all") & (length.dt.days < 31)]
    sold = month_sales((calm, {}, 3, None, None, "revenue"))
    assert sold == pytest.approx(rows["value"].to_numpy(), rel=1e-6)


def test_smoothing_keeps_level_trend_and_common_wave() -> None:
    steps = np.arange(12.0)
    wave = np.exp(0.2 * np.sin(steps))
    sold = np.array([[2.0], [5.0]]) * np.exp(np.outer([0.01, -0.02], steps)) * wave
    assert smoothed(sold) == pytest.approx(sold, rel=1e-9)
