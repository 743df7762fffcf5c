"""Moving holidays, weekdays and festivals: needs move in time, and none are made."""

from __future__ import annotations

import datetime
import itertools

import numpy as np
import pytest

from scenarios.calendar import first_days, wave
from scenarios.drivers import discounts, season, setup_for
from scenarios.plan import Plan, load_plan
from scenarios.plan.model import faults
from sim.world.holidays import FIXED, HOLIDAYS, MOVING, holiday
from tests.scenarios.test_drivers import planned

# From memory of calendars on the wall, not from the table's source.
NEW_YEARS = {
    2008: (2, 7),
    2012: (1, 23),
    2020: (1, 25),
    2023: (1, 22),
    2025: (1, 29),
    2026: (2, 17),
    2033: (1, 31),
}


def lively(**market: object) -> Plan:
    return planned(market={"population": 1000, "customers": 100} | market)


def test_lunar_new_year_falls_where_calendars_say() -> None:
    assert {
        y: (holiday("lunar_new_year", y).month, holiday("lunar_new_year", y).day) for y in NEW_YEARS
    } == NEW_YEARS
    assert holiday("mid_autumn", 2024) == datetime.date(2024, 9, 17)
    assert holiday("double_eleven", 2030) == datetime.date(2030, 11, 11)


def test_new_years_come_a_lunar_year_apart_within_a_month_of_winter() -> None:
    dates = [holiday("lunar_new_year", year) for year in range(2000, 2051)]
    gaps = {(b - a).days for a, b in itertools.pairwise(dates)}
    assert gaps <= {353, 354, 355, 383, 384, 385}
    assert all((1, 21) <= (d.month, d.day) <= (2, 20) for d in dates)
    assert all(len(table) == 51 for table in MOVING.values())
    assert set(HOLIDAYS) == set(MOVING) | set(FIXED)


@pytest.mark.parametrize(("name", "year"), [("lunar_new_year", 1999), ("mid_autumn", 2051), ("easter", 2027)])
def test_unknown_dates_are_refused(name: str, year: int) -> None:
    with pytest.raises(ValueError, match=f"holiday '{name}'"):
        holiday(name, year)


def test_a_year_keeps_its_needs_whatever_moves_in_it() -> None:
    plan = lively(
        holidays=[{"name": "lunar_new_year", "before": 1.5, "during": 0.4}],
        season={"weekdays": [1.0, 1.0, 1.0, 1.0, 1.2, 1.6, 1.4]},
    )
    days = wave(plan)
    assert days[:365].mean() == pytest.approx(1.0) and days[365:731].mean() == pytest.approx(1.0, abs=1e-3)
    first = (holiday("lunar_new_year", 2027) - plan.start).days
    week = days[first - 7 : first], days[first : first + 7], days[200:207]
    assert week[0].mean() > 1.3 * week[2].mean() > 1.3 * 2.0 * week[1].mean()
    saturdays = [d for d in range(200, 340) if (plan.start + datetime.timedelta(d)).weekday() == 5]
    assert days[saturdays].mean() / days[[d - 3 for d in saturdays]].mean() == pytest.approx(1.6)


def test_the_wave_moves_with_the_holiday() -> None:
    plan = lively(holidays=[{"name": "lunar_new_year", "before_days": 0, "during": 0.5, "during_days": 1}])
    lulls = np.flatnonzero(wave(plan) < 0.8)
    assert [plan.start + datetime.timedelta(int(day)) for day in lulls] == [
        datetime.date(2027, 2, 6),
        datetime.date(2028, 1, 26),
    ]


def test_without_holidays_there_is_only_the_season() -> None:
    assert (wave(lively()) == 1.0).all()
    assert (season(lively()) == 1.0).all()


def test_events_go_by_holidays_and_lift_needs() -> None:
    events = [
        {"name": "new_year_goods", "holiday": "lunar_new_year", "offset": -14, "days": 10, "depth": 0.2},
        {"name": "launch", "month": 4, "day": 31 - 1, "days": 2, "depth": 0.1, "demand": 2.0},
    ]
    plan = planned(policies={"promotion": {"calendar": events}})
    calendar = plan.policies.promotion.calendar
    dates = [plan.start + datetime.timedelta(day) for day in first_days(calendar[0], plan)]
    assert datetime.date(2027, 1, 23) in dates and datetime.date(2028, 1, 12) in dates
    depth = discounts(plan, setup_for(plan, {}, 1).channels)
    first = (datetime.date(2027, 1, 23) - plan.start).days
    assert (depth[first : first + 10] == 0.2).all() and depth[first - 1].max() == depth[
        first + 10
    ].max() == 0.0
    lift = wave(plan)
    launch = (datetime.date(2027, 4, 30) - plan.start).days
    assert lift[launch] / lift[launch - 1] == pytest.approx(2.0)
    assert lift[:365].mean() == pytest.approx(1.0)


def test_a_presale_sells_at_its_depth_on_the_first_day_online() -> None:
    event = {"name": "festival", "month": 6, "day": 10, "days": 3, "depth": 0.05}
    promotion = {"calendar": [event], "presale": {"depth": 0.15, "days": 5}}
    setup = setup_for(planned(policies={"promotion": promotion}), {}, 1)
    day = (datetime.date(2027, 6, 10) - setup.start).days
    assert setup.drivers.discount[day].tolist() == [0.15, 0.05]  # own shop, store
    assert setup.drivers.discount[day + 1].tolist() == [0.05, 0.05]
    assert [(p.name, p.first, p.days, p.depth) for p in setup.presales[:1]] == [("festival", day, 5, 0.15)]
    assert len(setup.presales) == 2
    other = promotion | {"presale": {"depth": 0.15, "days": 5, "events": ["festival"]}}
    assert len(setup_for(planned(policies={"promotion": other}), {}, 1).presales) == 2


@pytest.mark.parametrize(
    "event",
    [
        {"name": "x", "depth": 0.1},
        {"name": "x", "depth": 0.1, "month": 3, "holiday": "mid_year"},
        {"name": "x", "depth": 0.1, "holiday": "mid_year", "day": 3},
        {"name": "x", "depth": 0.1, "month": 3, "offset": -3},
        {"name": "x", "depth": 0.1, "holiday": "easter"},
    ],
)
def test_events_dated_twice_or_not_at_all_are_refused(event: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"event is dated|has its own day|offset counts|Input should be"):
        planned(policies={"promotion": {"calendar": [event]}})


def test_what_cannot_be_dated_is_named() -> None:
    late = planned(start="2049-06-01", market={"population": 1000, "holidays": [{"name": "lunar_new_year"}]})
    assert [fault.path for fault in faults(late)] == [("market", "holidays", 0, "name")]
    presale = {"depth": 0.1, "events": ["nowhere"]}
    unknown = planned(policies={"promotion": {"presale": presale}})
    assert [fault.path[-2:] for fault in faults(unknown)] == [("events", 0)]
    assert load_plan("offline_to_online").policies.promotion.presale is not None
