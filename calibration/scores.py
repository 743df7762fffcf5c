"""How good a forecast was: errors of its centre, and how honest its spread.

Every score is of one forecast of one series against the values that came. Values that are not known are left
out; a score that does not exist (no actual known, a constant past under MASE) is NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from calibration.baselines import Forecast

    Array = NDArray[np.float64]

SCORES = (
    "wape",
    "mase",
    "bias",
    "crps",
    "crps_over_mean",
    "pinball",
    "pinball_over_mean",
    "coverage_50",
    "coverage_90",
    "interval_score_90",
)
"""Keys of `score`, in the order they are shown."""
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
"""Quantiles kept of every forecast, and their levels."""


def score(actual: ArrayLike, forecast: Forecast, train: ArrayLike, season: int) -> dict[str, float]:
    """Score one forecast.

    Parameters
    ----------
    actual : array_like of shape (h,)
        What came, NaN where it is not known.
    forecast : Forecast
        Point forecast (h,) and paths (n, h) in the same units.
    train : array_like of shape (t,)
        The series before the origin; MASE is scaled by it.
    season : int
        Periods in a season.

    Returns
    -------
    dict
        `SCORES` to values; shares are 0-1, ``crps``, ``pinball`` and ``interval_score_90`` in the series'
        units.

    Raises
    ------
    ValueError
        If actual and forecast differ in length.
    """
    truth = np.asarray(actual, dtype=float)
    if truth.shape != forecast.mean.shape:
        raise ValueError(f"actual has shape {truth.shape}, the forecast {forecast.mean.shape}")
    known = np.isfinite(truth)
    if not known.any():
        return dict.fromkeys(SCORES, float("nan"))
    y, point, paths = truth[known], forecast.mean[known], forecast.samples[:, known]
    spread, size = crps(y, paths), float(np.abs(y).mean())
    loss = pinball(y, np.quantile(paths, list(QUANTILES.values()), axis=0))
    found = {
        "wape": wape(y, point),
        "mase": mase(y, point, train, season),
        "bias": bias(y, point),
        "crps": spread,
        "crps_over_mean": _ratio(spread, size),
        "pinball": loss,
        "pinball_over_mean": _ratio(loss, size),
        "coverage_50": coverage(y, paths, 0.5),
        "coverage_90": coverage(y, paths, 0.9),
        "interval_score_90": interval_score(y, paths, 0.9),
    }
    return {name: found[name] for name in SCORES}


def wape(actual: Array, point: Array) -> float:
    """Weighted absolute percentage error, sum |a - f| / sum |a| (Kolassa & Schuetz 2007, Foresight 6)."""
    return _ratio(float(np.abs(actual - point).sum()), float(np.abs(actual).sum()))


def bias(actual: Array, point: Array) -> float:
    """Relative bias, sum (f - a) / sum a: above 0 where too much was forecast."""
    return _ratio(float((point - actual).sum()), float(actual.sum()))


def mase(actual: Array, point: Array, train: ArrayLike, season: int) -> float:
    """Mean absolute scaled error (Hyndman & Koehler 2006, International Journal of Forecasting 22:679-688).

    The mean absolute error over that of the seasonal naive forecast within the sample; the season is 1 where
    the sample holds fewer than two.
    """
    past = np.asarray(train, dtype=float)
    lag = season if past.size >= 2 * season else 1
    steps = np.abs(past[lag:] - past[:-lag])
    steps = steps[np.isfinite(steps)]
    scale = float(steps.mean()) if steps.size else 0.0
    return _ratio(float(np.abs(actual - point).mean()), scale)


def crps(actual: Array, paths: Array) -> float:
    """Continuous ranked probability score of sample paths, mean over the horizon.

    E|X - y| - E|X - X'| / 2 (Gneiting & Raftery 2007, JASA 102:359-378) by probability-weighted moments,
    which is unbiased for any number of paths (Zamo & Naveau 2018, Mathematical Geosciences 50:209-234), so
    models that draw different numbers of paths compare. One path alone scores its absolute error.
    """
    if len(paths) == 1:
        return float(np.abs(paths[0] - actual).mean())
    from scoringrules import crps_ensemble

    values = crps_ensemble(actual, np.ascontiguousarray(paths.T), estimator="pwm", backend="numpy")
    return float(np.maximum(values, 0.0).mean())


def pinball(actual: Array, levels: Array) -> float:
    """Pinball (quantile) loss, mean over :data:`QUANTILES` [q, h] and the horizon.

    (tau - 1{y < q}) (y - q) of the quantile q at level tau (Koenker & Bassett 1978, Econometrica 46:33-50): a
    unit sold beyond the 95 % quantile costs 0.95, one short of it 0.05. Over all levels twice its mean is the
    CRPS (Laio & Tamea 2007, Hydrology and Earth System Sciences 11:1267-1277); over these five it is the
    score of the quantiles that a run keeps.
    """
    from scoringrules import quantile_score

    tau = np.array(list(QUANTILES.values()))[:, None]
    return float(np.mean(quantile_score(np.asarray(actual)[None, :], levels, tau, backend="numpy")))


def coverage(actual: Array, paths: Array, level: float) -> float:
    """Share of actuals within the central interval of the paths, both ends included."""
    low, high = _interval(paths, level)
    return float(np.mean((low <= actual) & (actual <= high)))


def interval_score(actual: Array, paths: Array, level: float) -> float:
    """Interval score, mean over the horizon (Gneiting & Raftery 2007, JASA 102:359-378, section 6.2).

    Width plus 2 / alpha times the distance by which the actual lies outside, alpha = 1 - level.
    """
    low, high = _interval(paths, level)
    outside = np.maximum(low - actual, 0.0) + np.maximum(actual - high, 0.0)
    return float(np.mean(high - low + 2.0 / (1.0 - level) * outside))


def _interval(paths: Array, level: float) -> tuple[Array, Array]:
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(paths, [tail, 1.0 - tail], axis=0)
    return low, high


def _ratio(over: float, under: float) -> float:
    return over / under if under else float("nan")
