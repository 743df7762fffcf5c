"""What a forecaster without a market would say: four well-kept time-series models.

The lab's forecasts are worth reading only beside these. Each sees one series, takes its scale
(`calibration.scales`), picks a small form of itself by AICc and draws paths by its own ``simulate`` from the
end of the sample: the paths hold the uncertainty of the future and of the state, not that of the parameters.

A form that fails to fit drops out of the choice; where none is left, and for series of fewer than `SHORTEST`
values, the (seasonal) naive forecast stands in. A constant series is forecast as that constant. A season is
used only with two full seasons in the sample; with less each model is its non-seasonal form. Days have two
seasons: the week is the models' own, the year is taken off first (:mod:`calibration.yearly`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration import yearly
from calibration.closures import known_ahead
from calibration.scales import Scale, is_share, scale_of
from calibration.selection import (
    FAILURES,
    aicc,
    attempt,
    best,
    fill_gaps,
    harmonic_choices,
    quiet,
    season_waves,
    usable_season,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

PATHS = 500
"""Sample paths of each forecast."""
SHORTEST = 8
"""Fewest values a model is fitted to."""
LONGEST = 520
"""Most values a state-space model is fitted to (the last ones): ten years of weeks."""
STATE_SEASON = 24
"""Longest season carried as one state a period; longer ones (52 weeks) are harmonics."""


@dataclass(frozen=True)
class Forecast:
    """A forecast of one series.

    Attributes
    ----------
    mean : ndarray of shape (h,)
        Point forecast in the series' own units. The baselines give the centre of their own scale mapped back,
        which is the median on a log scale: absolute errors ask for a median (Gneiting 2011, JASA
        106:746-762), and WAPE and MASE are absolute errors.
    samples : ndarray of shape (n, h)
        Joint sample paths in the same units.
    recipe : mapping, optional
        How a pooled forecast was made: the weight of each voice, ``spread``, and ``chosen``, the baseline
        that inner folds within its training years would have chosen.
    """

    mean: Array
    samples: Array
    recipe: Mapping[str, float | str] | None = None

    def __post_init__(self) -> None:
        """Refuse shapes that do not belong together."""
        if self.samples.ndim != 2 or self.mean.shape != self.samples.shape[1:]:
            raise ValueError(
                f"mean {self.mean.shape} and samples {self.samples.shape}: expected (h,) and (n, h)"
            )


Baseline = Callable[["pd.Series", int, int, np.random.Generator], Forecast]
Model = Callable[["Array", int, int, np.random.Generator], "tuple[Array, Array]"]


def naive_paths(z: Array, horizon: int, season: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Seasonal naive forecast: the last season again (Hyndman & Athanasopoulos, FPP3, sections 5.2 and 5.5).

    Each path repeats its own last season plus an error, so the variance at step h is (k + 1) sigma^2 with k
    the full seasons before h. Errors are seasonal differences under a random sign: mean zero, sigma^2 their
    mean square. Fewer than ten differences are replaced by normal errors of that sigma.
    """
    season = usable_season(z.size, season)
    difference = z[season:] - z[:-season] if z.size > season else np.zeros(1)
    shape = (PATHS, horizon)
    if difference.size < 10:
        error = rng.normal(0.0, np.sqrt(np.mean(difference**2)), shape)
    else:
        error = rng.choice(difference, shape) * rng.choice(np.array([-1.0, 1.0]), shape)
    point = np.resize(z[-season:], horizon)
    paths = np.empty(shape)
    for h in range(horizon):
        before = paths[:, h - season] if h >= season else point[h]
        paths[:, h] = before + error[:, h]
    return point, paths


def ets_paths(z: Array, horizon: int, season: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Exponential smoothing with additive errors, with and without damped trend and season, by AICc.

    Hyndman et al. 2008, Forecasting with Exponential Smoothing. Seasons longer than `STATE_SEASON` are
    removed as harmonics first and put back after.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    season = usable_season(z.size, season)
    states = season if season <= STATE_SEASON else 1
    wave = season_waves(z, horizon, season)[1] if season > STATE_SEASON else np.zeros(z.size + horizon)
    y, ahead = z - wave[: z.size], wave[z.size :]

    def build(damped: bool, seasonal: bool) -> Any:
        trend: dict[str, Any] = {"trend": "add", "damped_trend": True} if damped else {}
        cycle: dict[str, Any] = {"seasonal": "add", "seasonal_periods": states} if seasonal else {}
        return ETSModel(y, error="add", **trend, **cycle).fit(disp=False, maxiter=200)

    forms = [
        (damped, seasonal)
        for seasonal in ([True, False] if states > 1 else [False])
        for damped in (True, False)
    ]
    fits = [fit for form in forms if (fit := attempt(partial(build, *form))) is not None]
    fit = min(fits, key=lambda f: aicc(float(f.llf), f.df_model + 1, y.size))
    point, paths = _ahead(fit, horizon, rng)
    return point + ahead, paths + ahead


@dataclass(frozen=True)
class _Order:
    """An ARIMA form: (p, d, q), a constant of the differences, and whether the season is (0, 1, 1)."""

    p: int
    d: int
    q: int
    constant: bool = False
    seasonal: bool = False


_PLAIN = (_Order(0, 1, 1), _Order(0, 1, 1, constant=True), _Order(1, 1, 0), _Order(1, 1, 1, constant=True),
          _Order(1, 0, 0, constant=True), _Order(2, 0, 0, constant=True), _Order(2, 1, 2))  # fmt: skip
_SEASONAL = (_Order(0, 1, 1, seasonal=True), _Order(1, 1, 0, seasonal=True),
             _Order(1, 0, 0, constant=True, seasonal=True))  # fmt: skip


def sarimax_paths(z: Array, horizon: int, season: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Seasonal ARIMA of a handful of orders, the airline model among them, by AICc.

    Box & Jenkins 1976. The season is either differenced (`_SEASONAL`, seasons of up to `STATE_SEASON`
    periods) or taken off as harmonics before a plain order. Differences are taken before the fit, which keeps
    the state small.
    """
    z = z[-LONGEST:]
    season = usable_season(z.size, season)
    spent, wave = season_waves(z, horizon, season)
    candidates = [(order, wave) for order in _PLAIN]
    if 1 < season <= STATE_SEASON:
        candidates += [(order, np.zeros(z.size + horizon)) for order in _SEASONAL]
    extra = [0 if order.seasonal else spent for order, _ in candidates]
    i, fit = best([partial(_arima, z - off[: z.size], season, order) for order, off in candidates], extra)
    order, wave = candidates[i]
    both = (
        _integrate(np.vstack(_ahead(fit, horizon, rng)), z - wave[: z.size], season, order) + wave[z.size :]
    )
    return both[0], both[1:]


def _arima(z: Array, season: int, order: _Order) -> Any:
    """Fit an order to the differences of z."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    w = z[season:] - z[:-season] if order.seasonal else z
    w = np.diff(w) if order.d else w
    cycle = (0, 0, 1, season) if order.seasonal else (0, 0, 0, 0)
    trend = "c" if order.constant else None
    return SARIMAX(w, order=(order.p, 0, order.q), seasonal_order=cycle, trend=trend).fit(
        disp=False, maxiter=60
    )


def _integrate(w: Array, z: Array, season: int, order: _Order) -> Array:
    """Undo the differences: from paths (n, h) of w to paths of the series that ended as z did."""
    u = w
    if order.d:
        last = z[-1] - z[-1 - season] if order.seasonal else z[-1]
        u = last + np.cumsum(w, axis=1)
    if not order.seasonal:
        return u
    y = np.concatenate([np.tile(z[-season:], (u.shape[0], 1)), np.empty_like(u)], axis=1)
    for h in range(u.shape[1]):
        y[:, season + h] = y[:, h] + u[:, h]
    return y[:, season:]


def ucm_paths(z: Array, horizon: int, season: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Unobserved components: a local level, its slope none, fixed or changing, and a trigonometric season.

    Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter. Harmonics first, then the
    level, are chosen by AICc. Missing values are filtered over.
    """
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    z = z[-LONGEST:]
    season = usable_season(z.size, season)

    def build(level: str, harmonics: int) -> Any:
        cycle = [{"period": season, "harmonics": harmonics}] if harmonics else None
        return UnobservedComponents(z, level=level, freq_seasonal=cycle).fit(disp=False, maxiter=60)

    choices, learning = harmonic_choices(season), max(season, z.size // 4)
    k, _ = best([partial(build, "llevel", k) for k in choices], learning=learning)
    levels = ("llevel", "lldtrend", "lltrend")
    _, fit = best([partial(build, level, choices[k]) for level in levels], learning=learning)
    return _ahead(fit, horizon, rng)


def _ahead(fit: Any, horizon: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Point forecast (h,) and `PATHS` simulated paths (n, h) of a fit, from the end of its sample."""
    paths = np.asarray(fit.simulate(horizon, anchor="end", repetitions=PATHS, rng=rng))
    return np.asarray(fit.forecast(horizon)).reshape(1, horizon)[0], paths.reshape(horizon, PATHS).T


def _baseline(model: Model, gaps: bool = False, naive: bool = False) -> Baseline:
    """Wrap a model of plain numbers: scale, gaps, the year of days, short and constant series, failures.

    What comes before the first sale (missing values and zeros) is no evidence about sales and is left out.
    So are closures (:mod:`calibration.closures`), which are repeated where the calendar repeats them.
    `gaps` says that the model takes missing values itself, `naive` that it knows no year of days.
    """

    @wraps(model)
    def forecast(series: pd.Series, horizon: int, season: int, rng: np.random.Generator) -> Forecast:
        values = np.asarray(series, dtype=float)
        known = values[np.isfinite(values)]
        if not known.size:
            raise ValueError(f"{series.name}: no value to forecast from")
        if np.ptp(known) == 0.0:
            return Forecast(np.full(horizon, known[0]), np.full((PATHS, horizon), known[0]))
        begun = int(np.flatnonzero(np.nan_to_num(values))[0])
        days = series.index[begun:] if yearly.is_daily(series.index) else None
        values, fixed = known_ahead(values[begun:], season, horizon, is_share(series.name), days)
        scale = scale_of(values, str(series.name))
        z = scale.forward(values)
        filled = fill_gaps(z, usable_season(z.size, season))
        wave = np.zeros(z.size + horizon)
        if days is not None and not naive:
            wave = yearly.waves(filled, days, horizon)
        past, ahead = wave[: z.size], wave[z.size :]
        told = _with_year(model, ahead)
        made = _mapped(scale, told, (z if gaps else filled) - past, filled, horizon, season, rng)
        open_ = np.isnan(fixed)
        return Forecast(np.where(open_, made.mean, fixed), np.where(open_, made.samples, fixed))

    return forecast


def _with_year(model: Model, ahead: Array) -> Model:
    """Put what the time of the year adds ahead [horizon] back on what a model says without it."""

    def told(z: Array, horizon: int, season: int, rng: np.random.Generator) -> tuple[Array, Array]:
        point, paths = model(z, horizon, season, rng)
        return point + ahead, paths + ahead

    return told


def _mapped(
    scale: Scale, model: Model, z: Array, filled: Array, horizon: int, season: int, rng: np.random.Generator
) -> Forecast:
    """Run the model, or the naive one where it cannot, and map the paths back."""
    with quiet():
        found = None
        if np.isfinite(z).sum() >= SHORTEST:
            try:
                found = model(z, horizon, season, rng)
            except FAILURES:
                found = None
        if found is None or not (np.isfinite(found[0]).all() and np.isfinite(found[1]).all()):
            found = naive_paths(filled, horizon, season, rng)
        return Forecast(scale.back(found[0]), scale.back(found[1]))


BASELINES: dict[str, Baseline] = {
    "seasonal_naive": _baseline(naive_paths, naive=True),
    "ets": _baseline(ets_paths),
    "sarimax": _baseline(sarimax_paths),
    "ucm": _baseline(ucm_paths, gaps=True),
}
"""Forecasters of one series: (series, horizon, season, generator) -> `Forecast`."""
