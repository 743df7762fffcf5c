"""The plan's calendar: when events begin, and how holidays and weekdays move needs in time.

Needs are moved, not made: whatever a calendar year's holidays, festivals and weekdays lift is taken from its
other days, so that a year keeps its sum.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from scenarios.features import begins, enabled
from scenarios.plan.model import STATUS_QUO, Plan
from scenarios.plan.policies import PromotionEvent
from scenarios.plan.vocabulary import EVENT
from sim.world.holidays import FIRST_YEAR, LAST_YEAR, MOVING, holiday

Array = NDArray[np.float64]


def first_days(event: PromotionEvent, plan: Plan) -> list[int]:
    """Return the days (0 is the plan's first) on which an event begins, in the years around the plan too.

    An event that an initiative enables has none before the initiative's first day.
    """
    named = EVENT + event.name
    since = begins(plan, named) if named in enabled(plan) and not _known_today(event, plan) else None
    return [day for day in _dated(event, plan) if since is None or day >= since]


def _known_today(event: PromotionEvent, plan: Plan) -> bool:
    """Whether the status quo has the event too."""
    today = plan.scenarios.get(STATUS_QUO, {}).get("policies", {}).get("promotion", {})
    return any(item["name"] == event.name for item in today.get("calendar", ()))


def _dated(event: PromotionEvent, plan: Plan) -> list[int]:
    dates = []
    for year in range(plan.start.year - 1, plan.end.year + 2):
        if event.holiday is not None:
            day = _date(event.holiday, year)
            if day is not None:
                dates.append(day + datetime.timedelta(event.offset))
        elif event.month is not None:
            last = calendar.monthrange(year, event.month)[1]
            dates.append(datetime.date(year, event.month, min(event.day, last)))
    return [(date - plan.start).days for date in dates]


def presale_depth(plan: Plan, event: PromotionEvent, first: int | None = None) -> float:
    """Return the discount for ordering an event ahead; 0 where it has no presale.

    With ``first``, the day the event begins on: 0 where its presale would begin before an initiative enables
    presales.
    """
    presale = plan.policies.promotion.presale
    if presale is None or (presale.events and event.name not in presale.events):
        return 0.0
    if first is not None and "presale" in enabled(plan):
        since = begins(plan, "presale")
        if since is None or first - presale.days < since:
            return 0.0
    return presale.depth


def wave(plan: Plan) -> Array:
    """Return the factor on needs [D] from holidays, festivals and weekdays; its mean over a year is 1."""
    market, events = plan.market, plan.policies.promotion.calendar
    lively = any(event.demand != 1.0 for event in events)
    if not (market.holidays or market.season.weekdays or lively):
        return np.ones(plan.days)
    opening = datetime.date(plan.start.year, 1, 1)
    offset, ends = (plan.start - opening).days, datetime.date(plan.end.year + 1, 1, 1)
    level = np.ones((ends - opening).days)
    for first, factors in _moves(plan, opening):
        span = np.arange(first, first + len(factors))
        inside = (span >= 0) & (span < len(level))
        level[span[inside]] *= factors[inside]
    if market.season.weekdays:
        of_week = (np.arange(len(level)) + opening.weekday()) % 7
        level *= np.array(market.season.weekdays)[of_week]
    for year in range(plan.start.year, plan.end.year + 1):
        days = slice(
            (datetime.date(year, 1, 1) - opening).days, (datetime.date(year + 1, 1, 1) - opening).days
        )
        level[days] /= level[days].mean()
    return level[offset : offset + plan.days]


def _moves(plan: Plan, opening: datetime.date) -> Iterator[tuple[int, Array]]:
    """Yield (first day from ``opening``, factors) of every holiday and lively event that touches the plan."""
    for item in plan.market.holidays:
        rise = 1.0 + (item.before - 1.0) * np.arange(1, item.before_days + 1) / max(item.before_days, 1)
        for year in range(plan.start.year - 1, plan.end.year + 2):
            day = _date(item.name, year)
            if day is not None:
                factors = np.concatenate([rise, np.full(item.during_days, item.during)])
                yield (day - opening).days - item.before_days, factors
    for event in plan.policies.promotion.calendar:
        for first in first_days(event, plan) if event.demand != 1.0 else ():
            yield first + (plan.start - opening).days, np.full(event.days, event.demand)


def _date(name: str, year: int) -> datetime.date | None:
    """Return a holiday's date; ``None`` where it moves and the year is beyond the table."""
    if name in MOVING and not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return holiday(name, year)
