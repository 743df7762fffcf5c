"""Forecasts of a history's own series: the market's structure, and what statsmodels knows of the rest.

The market is fitted to the history and lived on beyond its end; the log ratio of history to market (log
odds for shares) is projected by structural time series models (:mod:`calibration.residuals`); a forecast
is their product. Members of the ensemble add the spread of their own trends, so that doubt about the
parameters widens the interval with the horizon.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calibration.baselines import Forecast
from calibration.case import Case
from calibration.fit import Fit, fit, member_seed
from calibration.history import Calendar, History, season_length
from calibration.reconstruction import period_of_steps, reconstruct
from calibration.residuals import combine, log_ratio, project
from calibration.series import acquisitions, observed
from sim.customers.exchange import DISCOUNTS, LIST_SALES, ORDERS, REPEAT_ORDERS, RETURNED_SALES

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.executor import Pool, Progress

Array = NDArray[np.float64]
PATHS = 400
LIVED = 24  # members whose future is simulated
BACKTEST_MEMBERS, BACKTEST_CLOUDS = 24, (1.0, 0.6, 0.35, 0.25)


def market_forecaster(
    pool: Pool,
    members: int = BACKTEST_MEMBERS,
    clouds: Sequence[float] = BACKTEST_CLOUDS,
    progress: Progress | None = None,
) -> Callable[[History, date, int, int], dict[str, Forecast]]:
    """Return a forecaster that fits the market to each past it is given, for backtests."""

    def forecaster(history: History, cutoff: date, horizon: int, seed: int) -> dict[str, Forecast]:
        fitted = fit(reconstruct(history), pool, seed, members, clouds, progress)
        return forecast(history, fitted, horizon, pool, seed)

    return forecaster


def forecast(history: History, fitted: Fit, horizon: int, pool: Pool, seed: int) -> dict[str, Forecast]:
    """Forecast every observed series of a history ``horizon`` periods beyond its end.

    Returns
    -------
    dict
        Series name to mean [horizon] and sample paths [400, horizon].
    """
    calendar, series = history.calendar, observed(history)
    season = season_length(calendar.period)
    case = future_case(history, fitted.case, horizon, season, seed)
    lived = _live(case, fitted, calendar, horizon, pool, seed)
    known = len(calendar)

    def ahead(name: str, share: bool) -> Array:
        return _paths(
            series[name].to_numpy(dtype=float), lived[name], known, season, (seed, name), share, calendar
        )

    found = {
        name: ahead(name, False)
        for name in ("total.revenue", "total.orders", "repeat.orders")
        if name in series
    }
    channels = [c.name for c in case.setup.channels]
    if "total.revenue" in found and len(channels) > 1:
        found |= _split(series, lived, channels, known, season, seed, found["total.revenue"], calendar)
    elif "total.revenue" in found:
        found[f"{channels[0]}.revenue"] = found["total.revenue"]
    if len(channels) == 1 and "total.orders" in found:
        found[f"{channels[0]}.orders"] = found["total.orders"]
    return {name: Forecast(paths.mean(axis=0), paths) for name, paths in found.items() if name in series}


def future_case(history: History, fitted: Case, horizon: int, season: int, seed: int) -> Case:
    """Return the fitted case with its days running on beyond the history, new customers of a log included."""
    entrants = None
    if fitted.setup.entry is not None:
        entrants = coming_customers(history, horizon, season, seed)
    return replace(reconstruct(history, horizon, entrants), prior=fitted.prior)


def coming_customers(history: History, horizon: int, season: int, seed: int) -> NDArray[np.int64]:
    """Project the number of first orders in each coming period [horizon] from those of the past."""
    import pandas as pd

    past = acquisitions(history)
    logs = pd.Series(np.log1p(past.to_numpy(dtype=float)), index=past.index)
    paths = project(logs, horizon, season, (seed, "acquisitions"), 200)
    return np.asarray(np.rint(np.maximum(np.expm1(np.median(paths, axis=0)), 0.0)), dtype=np.int64)


def _live(
    case: Case, fitted: Fit, calendar: Calendar, horizon: int, pool: Pool, seed: int
) -> dict[str, Array]:
    """Simulate members over past and future; return series [members, periods] by name."""
    chosen = np.unique(np.linspace(0, len(fitted.members) - 1, LIVED).astype(int))
    periods = np.minimum(period_of_steps(calendar, case.setup, case.pace), len(calendar) + horizon - 1)
    jobs = [
        (
            case,
            case.prior.values(fitted.members[j]),
            member_seed(seed, int(j)),
            periods,
            len(calendar) + horizon,
        )
        for j in chosen
    ]
    rows: list[dict[str, Array]] = [{} for _ in jobs]
    for position, found in pool.run(simulate_series, jobs):
        rows[position] = found
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def simulate_series(job: tuple[Case, dict[str, float], int, NDArray[np.int64], int]) -> dict[str, Array]:
    """Live one member through past and future; return its series [periods], named as `observed` does."""
    from sim.market import Market

    case, values, seed, periods, count = job
    market = Market.from_setup(case.with_values(values), seed)
    ledger = market.run()
    events = ledger.events[ledger.offset :].astype(float) / (case.fraction or 1.0)
    money = (events[:, :, LIST_SALES] - events[:, :, DISCOUNTS] - events[:, :, RETURNED_SALES]) / 100.0

    def by_period(daily: Array) -> Array:
        return np.asarray(np.bincount(periods, weights=daily, minlength=count)[:count], dtype=float)

    names = [channel.name for channel in case.setup.channels]
    found = {f"{name}.revenue": by_period(money[:, c]) for c, name in enumerate(names)}
    found |= {f"{name}.orders": by_period(events[:, c, ORDERS]) for c, name in enumerate(names)}
    found["total.revenue"] = by_period(money.sum(axis=1))
    found["total.orders"] = by_period(events[:, :, ORDERS].sum(axis=1))
    found["repeat.orders"] = by_period(events[:, :, REPEAT_ORDERS].sum(axis=1))
    for name in names:
        whole = np.maximum(found["total.revenue"], 1e-9)
        found[f"{name}.share"] = found[f"{name}.revenue"] / whole
    return found


def _paths(
    seen: Array, lived: Array, known: int, season: int, key: tuple[int, str], share: bool, calendar: Calendar
) -> Array:
    """Return forecast paths [400, horizon] of one series from its past and the members' paths."""
    import pandas as pd

    horizon = lived.shape[1] - known
    scaled = _to_line(lived, share)
    scaled = scaled - (0.0 if share else scaled[:, :known].mean(axis=1, keepdims=True))
    middle = scaled.mean(axis=0)
    market = 1.0 / (1.0 + np.exp(-middle)) if share else np.exp(middle)
    gap = pd.Series(log_ratio(seen, market[:known], share), index=calendar.periods())
    paths = project(gap, horizon, season, key, PATHS)
    paths = paths + _member_trends(scaled - middle, known, season)[np.arange(PATHS) % len(lived)]
    return combine(market[known:], paths, share)


def _to_line(values: Array, share: bool) -> Array:
    """Return values where gaps add: log odds of shares, logs of amounts (half a unit for none)."""
    if share:
        inside = np.clip(values, 1e-4, 1.0 - 1e-4)
        return np.asarray(np.log(inside / (1.0 - inside)))
    return np.asarray(np.log(np.maximum(values, 0.5)))


def _member_trends(apart: Array, known: int, season: int) -> Array:
    """Return how members part from the ensemble's mean beyond the past [members, horizon], as straight lines.

    A line through nothing at the end of the past: single periods of one member are mostly luck.
    """
    horizon = apart.shape[1] - known
    recent = max(min(season, known), min(known, 4))
    steps = np.arange(1, horizon + 1, dtype=float)
    moved = apart[:, known:] - apart[:, known - recent : known].mean(axis=1, keepdims=True)
    slopes = moved @ steps / float(steps @ steps)
    return np.outer(slopes, steps)


def _split(
    series: pd.DataFrame,
    lived: dict[str, Array],
    channels: Sequence[str],
    known: int,
    season: int,
    seed: int,
    total: Array,
    calendar: Calendar,
) -> dict[str, Array]:
    """Return paths of each channel's revenue, and of the online share: shares of the total that sum to 1."""
    shares: dict[str, Array] = {}
    for name in channels:
        past = (series[f"{name}.revenue"] / series["total.revenue"]).to_numpy(dtype=float)
        shares[name] = _paths(
            past, lived[f"{name}.share"], known, season, (seed, f"{name}.share"), True, calendar
        )
    if len(channels) == 2:  # one share says both: the smaller, whose log odds are the better described
        small = min(channels, key=lambda name: float(shares[name].mean()))
        other = next(name for name in channels if name != small)
        shares[other] = 1.0 - shares[small]
    whole: Any = sum(shares.values())
    found = {f"{name}.revenue": total * shares[name] / whole for name in channels}
    if "online" in shares:
        found["online.share"] = shares["online"] / whole
    return found
