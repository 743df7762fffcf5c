"""Forecasts of a history's own series: the market's structure, and what statsmodels knows of the rest.

The market is fitted to the history and lived on beyond its end; the log ratio of history to market (log
odds for shares) is projected by structural time series models (:mod:`calibration.residuals`); the market's
forecast is their product. Members of the ensemble add the spread of their own trends, so that doubt about the
parameters widens the interval with the horizon (:mod:`calibration.living`).

That forecast is pooled with the mean of ETS, SARIMAX and UCM of the series alone, and for a customer log with
a model of repeat buying (:mod:`calibration.candidates`), by weights and a width learnt on inner folds
(:mod:`calibration.pooling`): where the market does not know better, the forecast leans on them. What is known
to come, a closure say, only the market can answer; its answer is laid on theirs. Totals and shares are
pooled, parts are their product: channels add up on every path. Daily channels that are shut on days of their
own are pooled one by one instead, and summed in the order in which they went up together.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.baselines import Forecast
from calibration.candidates import Subject, chosen_beforehand, pooled
from calibration.closures import closures
from calibration.dependence import related, tied
from calibration.fit import Fit, fit
from calibration.history import History, season_length
from calibration.living import SHARES_LIVED, coming_customers, fits_shares, lives
from calibration.origins import truncate
from calibration.pooling import PATHS, inner_origins
from calibration.reconstruction import reconstruct
from calibration.repeat_buying import repeat_path
from calibration.series import observed

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.executor import Pool, Progress

Array = NDArray[np.float64]
Ahead = Callable[..., Array]  # (name, past [known], whether a share) -> paths [400, horizon]
BACKTEST_MEMBERS, BACKTEST_CLOUDS = 24, (1.0, 0.6, 0.35, 0.25, 0.25)


def market_forecaster(
    pool: Pool,
    members: int | None = None,
    clouds: Sequence[float] = BACKTEST_CLOUDS,
    progress: Progress | None = None,
) -> Callable[[History, date, int, int], dict[str, Forecast]]:
    """Return a forecaster that fits the market to each past it is given, for backtests."""

    def forecaster(history: History, cutoff: date, horizon: int, seed: int) -> dict[str, Forecast]:
        case = reconstruct(history)
        count = members or (SHARES_LIVED if fits_shares(case) else BACKTEST_MEMBERS)
        fitted = fit(case, pool, seed, count, clouds, progress)
        return forecast(history, fitted, horizon, pool, seed)

    return forecaster


def forecast(history: History, fitted: Fit, horizon: int, pool: Pool, seed: int) -> dict[str, Forecast]:
    """Forecast every observed series of a history ``horizon`` periods beyond its end.

    Returns
    -------
    dict
        Series name, as `observed` has them, to point forecast [horizon] and sample paths [400, horizon]. The
        point is the median of the paths: errors are scored as absolute ones, which the median makes least,
        and amounts are projected as logarithms, whose widening spread would lift a mean with the horizon.
    """
    calendar, series = history.calendar, observed(history)
    season = season_length(calendar.period)
    lived, usual = lives(history, fitted, horizon, season, pool, seed)
    log = fitted.case.fraction > 0.0
    expected = expectations(history, horizon, season, seed) if log else {}
    recipes: dict[str, dict[str, float | str]] = {}

    def subject(name: str, seen: Array, share: bool = False) -> Subject:
        # A customer log's market grows by its customers; elsewhere statsmodels knows of growth. So it does of
        # shares: where the market explains nothing of them, its voice is then that of statistics.
        return Subject(name, seen, lived[name], calendar, season, share, not log, seed, expected.get(name))

    def ahead(name: str, seen: Array, share: bool = False) -> Array:
        paths, recipe = pooled(subject(name, seen, share), pool, usual.get(name))
        recipes[name] = recipe.document()
        return paths

    found: dict[str, Array] = {}
    channels = len(fitted.case.setup.channels)
    for measure in ("revenue", "orders"):
        parts = _parts(series, measure)
        if len(parts) == channels and _shut_apart(history, series[parts], season):
            found |= _summed(series[parts], measure, season, ahead)
            total = f"total.{measure}"
            whole = subject(total, series[total].to_numpy(dtype=float))
            recipes[total] = {"spread": 1.0, "chosen": chosen_beforehand(whole, pool)}
        else:
            found |= _by_channel(series, measure, channels, season, ahead)
    if "repeat.orders" in series:
        found["repeat.orders"] = ahead("repeat.orders", series["repeat.orders"].to_numpy(dtype=float))
    lone = channels == 1
    return {
        name: Forecast(np.median(found[name], axis=0), found[name], _recipe_of(name, recipes, lone))
        for name in series
        if name in found
    }


def _recipe_of(
    name: str, recipes: Mapping[str, dict[str, float | str]], lone: bool
) -> dict[str, float | str] | None:
    """Return how a series was pooled; none for what is a product of two pools.

    A lone channel is the total. The online share goes by its own name or, of two channels, by the smaller's.
    """
    if name == "online.share":
        shares = [recipe for told, recipe in recipes.items() if told.endswith(".revenue share")]
        own = [recipe for told, recipe in recipes.items() if told.casefold() == "online.revenue share"]
        return next(iter([*own, *shares]), None)
    measure = name.rpartition(".")[2]
    return recipes.get(name) or (recipes.get(f"total.{measure}") if lone else None)


def expectations(history: History, horizon: int, season: int, seed: int) -> dict[str, dict[int, Array]]:
    """Return what a model of repeat buying expects, by series and by the periods it had been fitted to.

    It is fitted at the end of the history and at each inner origin. Where it cannot be (few customers came
    back), it is left out there. Revenue is told in orders: only the shape of the path is used.
    """
    calendar = history.calendar
    ahead, origins = inner_origins(len(calendar), horizon)
    names = ("repeat.orders", "total.orders", "total.revenue")
    found: dict[str, dict[int, Array]] = {name: {} for name in names}
    for known, steps in (*((origin, ahead) for origin in origins), (len(calendar), horizon)):
        past = truncate(history, (calendar.start(known) - 1).item())
        with contextlib.suppress(ValueError):
            path = repeat_path(past, steps, coming_customers(past, steps, season, seed))
            found["repeat.orders"][known] = path.repeat
            found["total.orders"][known] = found["total.revenue"][known] = path.repeat + path.new
    return found


def _parts(series: pd.DataFrame, measure: str) -> list[str]:
    """Return the names of a measure's series by channel, of those that are known at all."""
    others = (f"total.{measure}", "repeat.orders")
    known = [str(name) for name in series if series[name].notna().any()]
    return [name for name in known if name.endswith(f".{measure}") and name not in others]


def _shut_apart(history: History, parts: pd.DataFrame, season: int) -> bool:
    """Tell whether days on which one channel was shut and another open make the total one of unlike days.

    Where a closure is given as a driver, the market answers it, in shares of a total.
    """
    if history.calendar.period != "day" or history.drivers is not None or parts.shape[1] < 2:
        return False
    shut = np.array([closures(parts[name].to_numpy(dtype=float), season).past for name in parts])
    return bool((shut.any(axis=0) & ~shut.all(axis=0)).any())


def _summed(parts: pd.DataFrame, measure: str, season: int, ahead: Ahead) -> dict[str, Array]:
    """Return paths of each channel's series and of their total, the channels tied as their surprises were."""
    found: dict[str, Array] = {}
    seen, total = np.zeros(len(parts)), np.zeros((1, 1))
    for name in map(str, parts):
        past = parts[name].to_numpy(dtype=float)
        found[name] = tied(ahead(name, past), total, related(_log(seen), _log(past), season))
        seen, total = seen + past, total + found[name]
    online = next((name for name in found if name.casefold() == "online.revenue"), "")
    if online:
        found["online.share"] = found[online] / np.maximum(total, 1e-12)
    return {f"total.{measure}": total} | found


def _by_channel(
    series: pd.DataFrame, measure: str, channels: int, season: int, ahead: Ahead
) -> dict[str, Array]:
    """Return paths of a measure's total and of each channel's part of it, and of the online share.

    Where the total is not known, the channels that are known are projected one by one.
    """
    total, parts = f"total.{measure}", _parts(series, measure)
    if total not in series or not series[total].notna().any():
        return {name: ahead(name, series[name].to_numpy(dtype=float)) for name in parts}
    whole = series[total].to_numpy(dtype=float)
    found = {total: ahead(total, whole)}
    shares = _shares(series[parts], whole, len(parts) == channels, season, ahead)
    found |= {name: found[total] * share for name, share in shares.items()}
    online = next((name for name in parts if name.casefold() == "online.revenue"), "")
    if online and "online.share" in series:
        found["online.share"] = shares[online]
    return found


def _shares(parts: pd.DataFrame, whole: Array, complete: bool, season: int, ahead: Ahead) -> dict[str, Array]:
    """Return paths of each part's share of the whole; ``complete`` parts sum to 1."""
    names = [str(name) for name in parts]
    if complete and len(names) == 1:
        return {names[0]: np.ones((PATHS, 1))}
    past = {name: _share_of(parts[name].to_numpy(dtype=float), whole) for name in names}
    if (
        complete and len(names) == 2
    ):  # one share says both: the smaller, whose log odds are the better described
        small, other = sorted(names, key=lambda name: float(np.nansum(parts[name].to_numpy()[-season:])))
        share = ahead(f"{small} share", past[small], True)
        return {small: share, other: 1.0 - share}
    shares = {name: ahead(f"{name} share", past[name], True) for name in names}
    together = np.sum(list(shares.values()), axis=0) if complete else 1.0
    return {name: share / together for name, share in shares.items()}


def _log(amounts: Array) -> Array:
    """Return logarithms, NaN where nothing was sold."""
    return np.log(np.where(amounts > 0.0, amounts, np.nan))


def _share_of(part: Array, whole: Array) -> Array:
    """Return part over whole, NaN where there is no whole."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)
