"""A history's outlook: what its total would be if it went on as it does, month by month.

A plan's market knows what a scenario changes; it knows nothing of the macro trend or of a season nobody
explained. Those are carried on by statsmodels: the equal mean of ETS, SARIMAX and unobserved components of
the history's own total (Timmermann 2006, "Forecast combinations": equal weights are hard to beat). The market
is then joined to it (:mod:`scenarios.joining`, decision 46).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from calibration import year_ago
from calibration.baselines import BASELINES
from calibration.candidates import LEANT_ON, YEAR_AGO
from calibration.history import season_length
from calibration.pooling import Recipe
from calibration.selection import fill_gaps
from calibration.series import observed
from scenarios.outlook import Outlook

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import Calendar, History
    from scenarios.executor import Pool

Array = NDArray[np.float64]
AHEAD = 60  # months: the longest plan
SHORTEST = 3  # months; a shorter history has no outlook
WHOLE = {"day": "month", "week": "month"}  # what a finer history is added up to before it is carried on


def outlook(history: History, pool: Pool, seed: int) -> Outlook | None:
    """Return the months of a history and their continuation; ``None`` where it has no total or is too short.

    The total is that of revenue, of orders where only these are known. Months that are missing, or there in
    part, are filled from a year before. A history by quarter or year is carried on as such, its periods
    shared out evenly.
    """
    series, calendar = observed(history), history.calendar
    measure = next((name for name in ("revenue", "orders") if f"total.{name}" in series), None)
    if measure is None:
        return None
    total = series[f"total.{measure}"]
    monthly = _monthly(total, calendar) if calendar.period in WHOLE else total.astype(float)
    monthly = monthly[monthly.first_valid_index() : monthly.last_valid_index()]
    per = {"quarter": 3, "year": 12}.get(calendar.period, 1)
    if len(monthly) * per < SHORTEST or not (monthly > 0).any():
        return None
    season = season_length(WHOLE.get(calendar.period, calendar.period))
    paths = _carried_on(monthly, -(-AHEAD // per), season, pool, seed)
    whole = fill_gaps(monthly.to_numpy(dtype=float), season)  # a plan may begin in a month that is missing
    known = np.tile(whole, (len(paths), 1))
    every = np.repeat(np.concatenate([known, paths], axis=1) / per, per, axis=1)
    first = np.datetime64(monthly.index[0], "M")
    return Outlook(
        first=str(first),
        known=len(monthly) * per,
        paths=every,
        measure=measure,
        channels=tuple(history.channels),
        currency=history.currency,
    )


def _monthly(total: pd.Series, calendar: Calendar) -> pd.Series:
    """Return sums by calendar month, a period's days bearing equal parts; months known in part are NaN."""
    import pandas as pd

    first, last = calendar.bounds(total.index)
    days = np.arange(first[0], last[-1] + np.timedelta64(1, "D"))
    lengths = (last - first).astype(int) + 1
    daily = pd.Series(np.repeat(total.to_numpy(dtype=float) / lengths, lengths), index=pd.DatetimeIndex(days))
    months = daily.index.to_period("M")
    sums, counts = daily.groupby(months).sum(min_count=1), daily.groupby(months).count()
    whole = counts.to_numpy() == sums.index.days_in_month
    found = sums.where(whole)
    return found.set_axis(found.index.to_timestamp())


def _carried_on(series: pd.Series, horizon: int, season: int, pool: Pool, seed: int) -> Array:
    """Return paths [n, horizon] of the models' equal mean of quantiles."""
    jobs = [(name, series.rename("total.revenue"), horizon, season, seed) for name in LEANT_ON]
    found = {LEANT_ON[position]: paths for position, paths in pool.run(_paths, jobs)}
    paths = {name: found[name] for name in LEANT_ON}  # whoever is done first, the mean is the same
    weights, values = dict.fromkeys(paths, 1.0 / len(paths)), series.to_numpy(dtype=float)
    if year_ago.speaks(values, season):  # fifteen months have a season that no model can be fitted to
        told = year_ago.weight(values, season)
        rng = np.random.default_rng([seed, crc32(b"outlook year_ago")])
        paths[YEAR_AGO] = year_ago.paths(values, horizon, season, rng)
        weights = {name: weight * (1.0 - told) for name, weight in weights.items()} | {YEAR_AGO: told}
    joined = Recipe(weights, 1.0, False).join(paths)
    return np.asarray(np.maximum(joined, 0.0))


def _paths(job: tuple[str, pd.Series, int, int, int]) -> Array:
    name, series, horizon, season, seed = job
    rng = np.random.default_rng([seed, crc32(f"outlook {name}".encode())])
    return BASELINES[name](series, horizon, season, rng).samples
