"""What the market does not know: the gap between history and the simulated market, carried into the future.

The market explains structure (customers, prices, media, closures); what it leaves in the training years is a
series too, the log ratio of observed to simulated (log-odds difference for shares), and it is rarely noise.
This is how the lab joins the market with statsmodels: forecast = market path x exp(residual path), on the
log-odds scale for shares (`combine`).

Whether the gap fades or stays is the data's to say. A handful of structural models, from white noise about a
level to a random walk and a damped trend, is fitted by statsmodels' unobserved components; paths are drawn
from each in proportion to its Akaike weight, so doubt about persistence is in the interval. None of them has
a trend that goes on: beyond the data, the market's own growth is the only growth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from calibration.selection import (
    FAILURES,
    attempt,
    best,
    fill_gaps,
    harmonic_choices,
    predictive_aicc,
    quiet,
    usable_season,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

SHORTEST = 8
"""Fewest values a structural model is fitted to."""
LONGEST = 520
"""Most values one is fitted to, the last ones."""
EDGE = 1e-4
"""Shares are kept this far from 0 and 1."""
MOST_DAMPED = 0.9
"""Largest persistence of a trend: after ten periods a third of it is left."""


def log_ratio(observed: ArrayLike, market: ArrayLike, share: bool = False) -> Array:
    """Return what the market leaves unexplained: log(observed / market), or the difference of log-odds.

    Parameters
    ----------
    observed, market : array_like of shape (t,)
        Same units. Sales at or below zero on either side give NaN.
    share : bool
        Whether both are shares, 0-1.
    """
    seen, said = np.asarray(observed, dtype=float), np.asarray(market, dtype=float)
    if share:
        return _log_odds(seen) - _log_odds(said)
    with np.errstate(all="ignore"):
        return np.where((seen > 0.0) & (said > 0.0), np.log(seen) - np.log(said), np.nan)


def combine(market: ArrayLike, residual: ArrayLike, share: bool = False) -> Array:
    """Return market x exp(residual), or its like on the log-odds scale; the shapes broadcast."""
    said, gap = np.asarray(market, dtype=float), np.asarray(residual, dtype=float)
    if share:
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(_log_odds(said) + gap, -30.0, 30.0))))
    return np.asarray(said * np.exp(np.clip(gap, -30.0, 30.0)))


def project(residual: pd.Series, horizon: int, season: int, seed_key: tuple[int | str, ...], n: int) -> Array:
    """Draw sample paths of the gap between history and market.

    Parameters
    ----------
    residual : pandas.Series
        Past log ratios (`log_ratio`), one a period; NaN where not known.
    horizon : int
        Periods ahead.
    season : int
        Periods in a season; used with two full seasons in the sample.
    seed_key : tuple of int or str
        Names the random stream.
    n : int
        Paths.

    Returns
    -------
    ndarray of shape (n, horizon)
        Log ratios. With no past value they are 0: the market alone.
    """
    rng = np.random.default_rng(
        [part if isinstance(part, int) else crc32(part.encode()) for part in seed_key]
    )
    return fit(residual, season).paths(horizon, n, rng)


@dataclass(frozen=True)
class Structure:
    """A fitted description of the gap.

    Attributes
    ----------
    weights : mapping of str to float
        Akaike weight of each form; ``{"short": 1}`` for series too short to fit.
    level : ndarray of shape (t,)
        Gap without its season and noise, in the sample, by the form of the largest weight.
    """

    weights: Mapping[str, float]
    level: Array
    draw: Callable[[str, int, int, np.random.Generator], Array]

    def paths(self, horizon: int, n: int, rng: np.random.Generator) -> Array:
        """Draw n paths of the future gap, shape (n, horizon), from the forms by their weights."""
        forms = list(self.weights)
        counts = rng.multinomial(n, list(self.weights.values()))
        with quiet():
            drawn = [
                self.draw(form, horizon, int(k), rng) for form, k in zip(forms, counts, strict=True) if k
            ]
        return np.asarray(rng.permutation(np.concatenate(drawn)))


def fit(residual: pd.Series, season: int) -> Structure:
    """Fit the structural models to a gap; see `project` for the parameters."""
    r = np.asarray(residual, dtype=float)[-LONGEST:]
    known = r[np.isfinite(r)]
    if known.size < SHORTEST or np.ptp(known) < 1e-9:
        return _short(r)
    season = usable_season(r.size, season)
    with quiet():
        try:
            return _structural(r, season)
        except FAILURES:
            return _short(r)


def _short(r: Array) -> Structure:
    """Few values: a random walk from their mean, its steps as large as their own differences."""
    known = r[np.isfinite(r)]
    centre = float(known.mean()) if known.size else 0.0
    step = float(np.sqrt(np.mean(np.diff(known) ** 2))) if known.size > 1 else 0.0

    def draw(_: str, horizon: int, n: int, rng: np.random.Generator) -> Array:
        return np.asarray(centre + np.cumsum(rng.normal(0.0, step, (n, horizon)), axis=1))

    return Structure({"short": 1.0}, np.full(r.shape, centre), draw)


@dataclass(frozen=True)
class _Form:
    """A structural model: statsmodels' name of its level, with an AR(1) or not, of the gap or its growth."""

    level: str
    reverting: bool = False
    growth: bool = False


_FORMS = {
    "noise": _Form("dconstant"),
    "reverting": _Form("fixed intercept", reverting=True),
    "noisy reverting": _Form("dconstant", reverting=True),
    "wandering": _Form("llevel"),
    "wandering and reverting": _Form("rwalk", reverting=True),
    "damped trend": _Form("ntrend", reverting=True, growth=True),
}
"""Forms of the gap; Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter."""


def _structural(gap: Array, season: int) -> Structure:
    """Fit every form with the season the data ask for and weigh them (Burnham & Anderson 2002, chapter 2)."""
    unit = float(np.nanstd(gap))
    r = gap / unit
    choices = harmonic_choices(season)
    k, _ = best([partial(_component, r, season, k, _FORMS["wandering"]) for k in choices], learning=season)
    build = partial(_component, r, season, choices[k])
    tried = {name: attempt(partial(build, form)) for name, form in _FORMS.items()}
    fits = {name: found for name, found in tried.items() if found is not None}
    costs = predictive_aicc(list(fits.values()))
    weights = np.exp(-0.5 * (costs - costs.min()))
    weights = np.where(np.isfinite(weights), weights, 0.0)
    weights = weights / weights.sum()
    chosen = list(fits)[int(np.argmax(weights))]

    def draw(name: str, horizon: int, n: int, rng: np.random.Generator) -> Array:
        paths = _paths(fits[name], horizon, n, rng)
        if _FORMS[name].growth:
            paths = fill_gaps(r, season)[-1] + np.cumsum(paths, axis=1)
        return np.asarray(unit * paths)

    found = {name: float(weight) for name, weight in zip(fits, weights, strict=True)}
    return Structure(found, unit * _level(fits[chosen], r, season, _FORMS[chosen]), draw)


def _component(r: Array, season: int, harmonics: int, form: _Form) -> Any:
    """Fit one form; its season is fixed, so that noise in a short training record is not taken for change."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    cycle = [{"period": season, "harmonics": harmonics}] if harmonics else None
    model = UnobservedComponents(
        np.diff(r) if form.growth else r,
        level=form.level,
        autoregressive=1 if form.reverting else None,
        freq_seasonal=cycle,
        stochastic_freq_seasonal=[False] if cycle else None,
    )
    found = model.fit(disp=False, maxiter=80)
    if not form.reverting:
        return found
    persistence = float(found.params[model.param_names.index("ar.L1")])
    if persistence < 0.0 and form.growth:
        raise ValueError("growth that turns on itself is noise, not a trend")
    if persistence > MOST_DAMPED and form.growth:
        with model.fix_params({"ar.L1": MOST_DAMPED}):
            return model.fit(disp=False, maxiter=80)
    return found


def _paths(found: Any, horizon: int, n: int, rng: np.random.Generator) -> Array:
    """Simulate from the end of the sample, each path under its own draw of the error variance.

    The variance is estimated from few values: scaling deviations by sqrt(m / chi2(m - k)), with m values and
    k parameters, gives the predictive distribution its Student tails. Gap and state are drawn by statsmodels.
    """
    paths = np.asarray(found.simulate(horizon, anchor="end", repetitions=n, rng=rng)).reshape(horizon, n).T
    centre = np.asarray(found.forecast(horizon)).reshape(1, horizon)
    used = int(found.nobs) - int(found.loglikelihood_burn)
    spread = np.sqrt(used / rng.chisquare(max(used - len(found.params), 3), (n, 1)))
    return np.asarray(centre + (paths - centre) * spread)


def _level(found: Any, r: Array, season: int, form: _Form) -> Array:
    if form.growth:
        return np.asarray(fill_gaps(r, season))
    parts = [part.smoothed for part in (found.level, found.autoregressive) if part is not None]
    return np.asarray(sum(parts, np.zeros(r.size)))


def _log_odds(shares: Array) -> Array:
    inside = np.clip(shares, EDGE, 1.0 - EDGE)
    return np.asarray(np.log(inside) - np.log1p(-inside))
