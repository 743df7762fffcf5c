"""Actuals: what a company's history says of a plan's months, in the plan's own indicators and channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from calibration.series import observed
from results.problems import BadInput, Problem
from sim.indicators import INDICATORS

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import Calendar, History
    from scenarios.plan import Plan

MEASURES = {"revenue": "net_sales", "orders": "orders"}
ONLINE = "online"
WEEKS = 4  # weekly books are compared in fours, a month of retail's calendar
COLUMNS = ["period_start", "period_end", "channel", "kpi", "value", "unit"]


class Actuals(NamedTuple):
    """What came of a plan so far.

    Parameters
    ----------
    windows
        Pairs (first, last day), both counted, from the plan's start: whole months, or the history's own
        periods where they are longer.
    kpis
        period_start, period_end, channel (``all``, a channel of the plan, or ``online`` for all that sell
        online), kpi, value, unit.
    spend
        period_start, period_end, source, spend (currency); empty where the history has no media.
    strangers
        Channels of the history that the plan does not have; they count in the total alone.
    """

    windows: tuple[tuple[int, int], ...]
    kpis: pd.DataFrame
    spend: pd.DataFrame
    strangers: tuple[str, ...]


def actuals(history: History, plan: Plan) -> Actuals:
    """Return what a history says of the plan's days.

    Raises
    ------
    BadInput
        If no whole period of the history lies within the plan, or its money is of another currency.
    """
    import pandas as pd

    if history.currency and history.currency != plan.currency:
        said = "the books are in another currency than the plan"
        expected = f"{plan.currency}, amounts turned into it by scale: in the mapping"
        raise BadInput(Problem(str(history.file), None, "currency", history.currency, expected, said))
    windows = _windows(history, plan)
    start = np.datetime64(plan.start, "D")
    series = observed(history)
    names = set(plan.channels)
    rows: list[tuple[object, ...]] = []
    for column in series:
        channel, _, measure = str(column).rpartition(".")
        channel = "all" if channel == "total" else channel
        if measure in MEASURES and (channel in names or channel in ("all", ONLINE)):
            kpi = MEASURES[measure]
            values = _summed(series[column], history.calendar, windows, start)
            rows += [
                (*_days(window, start), channel, kpi, value, INDICATORS[kpi].unit)
                for window, value in zip(windows, values, strict=True)
                if np.isfinite(value)
            ]
    rows += _visits(history, plan, windows)
    strangers = tuple(name for name in history.channels if name not in names and name != ONLINE)
    return Actuals(windows, pd.DataFrame(rows, columns=COLUMNS), _spend(history, windows, start), strangers)


def _windows(history: History, plan: Plan) -> tuple[tuple[int, int], ...]:
    """Return the plan's periods that the history covers whole."""
    calendar, start = history.calendar, np.datetime64(plan.start, "D")
    first = max(np.datetime64(calendar.first, "D"), start)
    last = min(np.datetime64(calendar.last, "D"), start + plan.days - 1)
    if calendar.period == "month" or calendar.period == "day":
        months = np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + 1)
        begins = months.astype("datetime64[D]")
        ends = (months + 1).astype("datetime64[D]") - 1
    else:
        begins, ends = calendar.bounds(calendar.periods())
    inside = (begins >= first) & (ends <= last)
    begins, ends = begins[inside], ends[inside]
    if calendar.period == "week":
        whole = len(begins) // WEEKS * WEEKS
        begins, ends = begins[:whole:WEEKS], ends[WEEKS - 1 : whole : WEEKS]
    if not len(begins):
        said = f"the history runs from {calendar.first} to {calendar.last}, the plan from {plan.start} on"
        expected = f"at least one whole month of the plan, which has {plan.months}"
        raise BadInput(Problem(str(history.file), None, "tables", str(calendar.last), expected, said))
    return tuple(
        (int((begin - start).astype(int)), int((end - start).astype(int)))
        for begin, end in zip(begins, ends, strict=True)
    )


def _summed(
    series: pd.Series, calendar: Calendar, windows: tuple[tuple[int, int], ...], start: np.datetime64
) -> np.ndarray:
    """Return a series' sums over windows [W]; NaN where a period of one is not known."""
    begins, ends = calendar.bounds(series.index)
    values = series.to_numpy(dtype=float)
    found = []
    for first, last in windows:
        inside = (begins >= start + first) & (ends <= start + last)
        found.append(values[inside].sum() if inside.any() else np.nan)
    return np.array(found)


def _visits(history: History, plan: Plan, windows: tuple[tuple[int, int], ...]) -> list[tuple[object, ...]]:
    """Return rows of online visits; where the books count no day within a window it is left out."""
    traffic, start = history.traffic, np.datetime64(plan.start, "D")
    if traffic is None or history.calendar.period == "week":
        return []
    online = {name for name, channel in plan.channels.items() if channel.kind != "store"} | {ONLINE}
    some = traffic[traffic["channel"].isin(online)]
    days = some["date"].to_numpy().astype("datetime64[D]")
    rows: list[tuple[object, ...]] = []
    for first, last in windows:
        inside = (days >= start + first) & (days <= start + last)
        if inside.any():
            visits = float(some["visits"].to_numpy(dtype=float)[inside].sum())
            rows.append((*_days((first, last), start), "all", "visits", visits, INDICATORS["visits"].unit))
    return rows


def _spend(history: History, windows: tuple[tuple[int, int], ...], start: np.datetime64) -> pd.DataFrame:
    """Return what each medium cost in each window, its periods shared out by days."""
    import pandas as pd

    columns = ["period_start", "period_end", "source", "spend"]
    table, span = history.media, history.media_span
    if table is None or span is None or "spend" not in table:
        return pd.DataFrame(columns=columns)
    begins, ends = span.bounds(table["date"])
    length = (ends - begins).astype(int) + 1
    daily = table["spend"].fillna(0.0).to_numpy(dtype=float) / length
    rows = []
    for first, last in windows:
        low, high = np.maximum(begins, start + first), np.minimum(ends, start + last)
        shared = np.maximum((high - low).astype(int) + 1, 0) * daily
        sums = pd.Series(shared).groupby(table["source"].to_numpy()).sum()
        rows += [(*_days((first, last), start), str(source), float(money)) for source, money in sums.items()]
    return pd.DataFrame(rows, columns=columns)


def _days(window: tuple[int, int], start: np.datetime64) -> tuple[np.datetime64, np.datetime64]:
    return start + window[0], start + window[1]
