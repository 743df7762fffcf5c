"""A plan's market: its figures become statistics, its history beats them, and what is left out is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from calibration.fit import simulate_statistics
from calibration.history import Calendar, History
from calibration.starting_point import TAKEN, plan_case
from scenarios.plan import Plan, bundled, load_plan, scenario_plan
from sim.indicators import ALIASES, INDICATORS
from tests.calibration.histories import DAY, months, stored


def planned(**parts: Any) -> Plan:
    data: dict[str, Any] = {
        "name": "corner",
        "start": "2027-01-01",
        "months": 24,
        "starting_point": {"conversion": 0.02, "repurchase": 0.3, "basket": 80.0, "incremental_roas": 0.4},
        "market": {"population": 10_000, "customers": 200},
        "channels": {"own": {"kind": "own", "share": 0.4}, "store": {"kind": "store", "share": 0.6}},
        "budget": {
            "year_1": {"total": 1000.0, "split": {"marketing": 1.0}},
            "today": {"total": 730.0, "split": {"marketing": 1.0}, "media": {"paid_search": 1.0}},
        },
    }
    return Plan.model_validate(data | parts)


def sold(folder: Path, first: str = "2025-01", count: int = 24, traffic: bool = True) -> History:
    """Two years: online 100 orders a month of 10000 visits, stores 300; the last year half as much again."""
    dates = months(count, first)
    more = np.where(np.arange(count) >= count - 12, 1.5, 1.0)
    rows = [
        (date, channel, 50.0 * orders * m, orders * m)
        for date, m in zip(dates, more, strict=True)
        for channel, orders in (("own", 100), ("store", 300))
    ]
    frames = {"sales": pd.DataFrame(rows, columns=["date", "channel", "gbp", "n"])}
    tables = (
        "  sales: {file: sales.csv, period: month, "
        "columns: {date: date, channel: channel, revenue: gbp, orders: n}}\n"
    )
    if traffic:
        visits = [
            (date, "own", source, 10_000 * m * part)
            for date, m in zip(dates, more, strict=True)
            for source, part in (("direct", 0.3), ("paid_search", 0.6), ("private_domain", 0.1))
        ]
        frames["traffic"] = pd.DataFrame(visits, columns=["date", "channel", "source", "n"])
        tables += (
            "  traffic: {file: traffic.csv, "
            "columns: {date: date, channel: channel, source: source, visits: n}}\n"
        )
        frames["media"] = pd.DataFrame({"date": dates, "sem": 3_000.0, "radio": 10.0})
        tables += (
            "  media: {file: media.csv, period: month, columns: {date: date}, "
            "sources: {paid_search: {spend: sem}, radio: {spend: radio}}}\n"
        )
    return stored(folder, tables, frames)


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_plan_becomes_a_case_with_every_figure_it_states(name: str) -> None:
    plan = load_plan(name)
    case = plan_case(plan)
    fitted = {statistic.name for statistic in case.statistics}
    for key, figure in plan.starting_point.items():
        kpi = ALIASES.get(key, key)
        if kpi in TAKEN:
            continue
        if INDICATORS[kpi].modelled and figure.value > 0:
            assert kpi in fitted, kpi
        else:
            assert any(note.startswith(f"{kpi}:") for note in case.notes), kpi
    shares = {f"share of {n}" for n, c in plan.open_channels().items() if c.share}
    quiet = scenario_plan(plan, "status_quo").open_channels()
    assert {s for s in shares if s.removeprefix("share of ") in quiet} <= fitted
    assert np.isfinite(case.observed).all() and (case.errors > 0).all()
    assert case.setup.days == 365 and not case.setup.shocks and not case.setup.effects
    assert len(set(case.prior.names)) == len(case.prior.names)
    assert not set(case.prior.names) & set(case.setup_values())


@pytest.mark.parametrize("name", ["ecommerce_dept", "offline_to_online"])
def test_a_bundled_plans_market_computes_each_of_its_statistics(name: str) -> None:
    case = plan_case(load_plan(name))
    found = simulate_statistics((case, case.prior.values(case.prior.centre()), 1))
    undefined = [s.name for s, value in zip(case.statistics, found, strict=True) if not np.isfinite(value)]
    assert not undefined


def test_stated_figures_carry_the_error_of_their_source() -> None:
    stated = {
        "conversion": {"value": 0.02, "source": "plan"},
        "organic_share": {"value": 0.3, "source": "case"},
        "paid_share": {"value": 0.5, "source": "assumption"},
        "bounce_rate": {"value": 0.5, "bound": "under"},
    }
    errors = {s.name: s.error for s in plan_case(planned(starting_point=stated)).statistics}
    assert errors["conversion"] < errors["paid_share"] < errors["organic_share"] < errors["bounce_rate"]


def test_figures_not_fitted_are_named_with_their_reason() -> None:
    start = {"incremental_roas": 0.4, "operating_margin": -0.05, "basket": 80.0}
    own = {
        "own": {"kind": "own", "starting_point": {"conversion": 0.01, "basket": 90.0}},
        "store": {"kind": "store"},
    }
    case = plan_case(planned(starting_point=start, channels=own))
    assert not {"incremental_roas", "operating_margin", "basket"} & {s.name for s in case.statistics}
    notes = " | ".join(case.notes)
    assert "incremental_roas: it follows from several runs" in notes
    assert "operating_margin: -0.05 is not fitted" in notes
    assert "conversion of own" in {s.name for s in case.statistics}
    assert case.setup_values()["basket.own"] == 90.0 and case.setup_values()["basket.store"] == 80.0


def test_list_baskets_make_good_for_the_usual_discount() -> None:
    quiet = {"status_quo": {"policies": {"promotion": {"depth": 0.2}}}}
    values = plan_case(planned(scenarios=quiet)).setup_values()
    assert values["basket.own"] == pytest.approx(80.0 / 0.8)


def test_history_beats_the_starting_point_and_contradictions_are_named(tmp_path: Path) -> None:
    case = plan_case(planned(), sold(tmp_path))
    seen = {s.name: s for s in case.statistics}
    assert seen["conversion"].observed == pytest.approx(0.01)
    assert seen["share of own"].observed == pytest.approx(0.25)
    assert seen["orders"].observed == pytest.approx(1.5 * 12 * 400)
    assert seen["repurchase_365"].observed == 0.3  # what the history does not say stays stated
    assert case.setup_values()["basket.own"] == pytest.approx(50.0)
    assert case.setup_values()["initial_share.store"] == pytest.approx(0.75)
    notes = " | ".join(case.notes)
    assert "conversion: the plan says 0.02, the history 0.01; the history is used" in notes
    assert "share of own: the plan says 0.4" in notes
    assert "medium radio: not in the plan" in notes


def test_sources_and_their_cost_are_the_historys(tmp_path: Path) -> None:
    case = plan_case(planned(), sold(tmp_path))
    seen = {s.name: s.observed for s in case.statistics}
    assert seen["share of visits from paid_search"] == pytest.approx(0.6)
    assert seen["organic_share"] == pytest.approx(0.3)
    assert seen["private_domain_share"] == pytest.approx(0.1)
    assert seen["traffic_cost"] == pytest.approx(12 * 3_000 / (1.5 * 120_000))
    assert case.setup.drivers.spend[:, 0] == pytest.approx(12 * 3_000 / 365)
    assert case.setup.usual is not None
    assert case.setup.usual.spend[0, 0] == pytest.approx(12 * 3_000 / 365)


@pytest.mark.parametrize("first", ["2023-01", "2022-03", "2022-04"])
def test_the_last_year_has_twelve_months_in_leap_years_too(tmp_path: Path, first: str) -> None:
    """365 days back from 31 December 2024 lies 1 January: the first of the twelve months."""
    case = plan_case(planned(), sold(tmp_path, first))
    seen = {s.name: s.observed for s in case.statistics}
    days = {"2023-01": 366, "2022-03": 366, "2022-04": 366}[first]
    assert seen["orders"] == pytest.approx(1.5 * 12 * 400 * 365 / days)
    assert seen["steady conversion"] == pytest.approx(1.0)


def test_less_than_a_year_is_scaled_up_to_one(tmp_path: Path) -> None:
    case = plan_case(planned(), sold(tmp_path, "2026-01", 6))
    seen = {s.name: s.observed for s in case.statistics}
    assert seen["orders"] == pytest.approx(6 * 400 * 1.5 * 365 / 181)
    assert seen["traffic_cost"] == pytest.approx(6 * 3_000 / (6 * 15_000))
    assert seen["conversion"] == pytest.approx(0.01)


def test_a_change_within_the_year_is_expected_of_the_market(tmp_path: Path) -> None:
    history = sold(tmp_path)
    assert history.sales is not None
    later = (history.sales["date"] >= "2026-07-01") & (history.sales["channel"] == "own")
    history.sales.loc[later, "orders"] *= 1.2
    seen = {s.name: s.observed for s in plan_case(planned(), history).statistics}
    assert seen["steady conversion"] == pytest.approx(1.2)


def test_a_log_tells_repeat_buying_by_the_indicators_own_definitions(tmp_path: Path) -> None:
    rng, rows = np.random.default_rng(0), []
    for customer in range(400):  # first orders all along three years; half come back after 40 days
        day = int(rng.integers(0, 1_090))
        rows.append((customer, day))
        if customer % 2 == 0:
            rows.append((customer, day + 40))
    table = pd.DataFrame(rows, columns=["customer", "day"]).query("day < 1091")
    table["date"] = (np.datetime64("2024-01-01") + table["day"].to_numpy()).astype(str)
    tables = (
        "  transactions: {file: log.csv, columns: {customer: customer, date: date, amount: gbp}, "
        "constants: {channel: own}}\n"
    )
    history = stored(tmp_path, tables, {"log": table.assign(gbp=20.0)[["customer", "date", "gbp"]]})
    seen = {s.name: s for s in plan_case(planned(), history).statistics}
    assert seen["new_customer_repurchase_90"].observed == pytest.approx(0.5, abs=0.08)
    assert seen["repurchase_365"].observed == pytest.approx(0.5, abs=0.08)


def test_a_status_quo_is_taken_to_be_steady() -> None:
    steady = [s for s in plan_case(planned()).statistics if s.kind == "steady"]
    assert {s.member for s in steady} == {"conversion", "private_domain_share"}
    assert all(s.observed == 1.0 for s in steady)


def test_channels_yet_to_open_have_no_figures() -> None:
    """Their shares cannot be read off a market in which they do not exist."""
    channels = {
        "own": {"kind": "own", "share": 0.4},
        "store": {"kind": "store", "share": 0.6},
        "social": {"kind": "social", "opens": "2027-07-01"},
    }
    case = plan_case(planned(channels=channels))
    assert [c.name for c in case.setup.channels] == ["own", "store"]
    assert Calendar("month", DAY(2027, 1, 1), DAY(2027, 12, 31)).first == case.setup.start


def test_a_history_that_knows_online_sales_as_one_says_the_online_share(tmp_path: Path) -> None:
    wide = pd.DataFrame({"date": months(12), "web": 300.0, "shops": 700.0})
    tables = (
        "  sales: {file: sales.csv, period: month, columns: {date: date}, "
        "channels: {online: {revenue: web}, store: {revenue: shops}}}\n"
    )
    case = plan_case(planned(), stored(tmp_path, tables, {"sales": wide}))
    seen = {s.name: s.observed for s in case.statistics}
    assert seen["online_share"] == pytest.approx(0.3)
    assert seen["share of store"] == pytest.approx(0.7)
    assert "channel online: all online channels together" in case.notes
