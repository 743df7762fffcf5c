"""Choosing among small time-series models: the season, the harmonics, the information criterion.

What the baselines (`calibration.baselines`) and the residual model (`calibration.residuals`) share.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FAILURES = (ValueError, ArithmeticError, np.linalg.LinAlgError, IndexError)
"""What a fit that does not work raises."""
_SMOOTHING = (0.0, 0.3, 0.6, 0.8, 0.9, 0.97, 1.0)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the warnings of trial fits (convergence, starting values, index) from the reader."""
    import statsmodels.tools.sm_exceptions  # noqa: F401  (sets its own warning filters when first imported)

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def usable_season(length: int, season: int) -> int:
    """Return the season when `length` values hold it twice, else 1 (no season)."""
    return season if season > 1 and length >= 2 * season else 1


def fill_gaps(values: Array, season: int) -> Array:
    """Fill missing values from one season before, else along the line between neighbours.

    Parameters
    ----------
    values : ndarray of shape (n,)
        At least one finite value.
    """
    filled = np.array(values, dtype=float)
    if season > 1:
        for i in np.flatnonzero(~np.isfinite(filled)):
            if i >= season:
                filled[i] = filled[i - season]
    good = np.isfinite(filled)
    where = np.arange(filled.size)
    filled[~good] = np.interp(where[~good], where[good], filled[good])
    return filled


def aicc(log_likelihood: float, parameters: int, observations: int) -> float:
    """Corrected Akaike criterion (Hurvich & Tsai 1989, Biometrika 76:297-307); infinite where undefined."""
    spare = observations - parameters - 1
    if spare <= 0 or not np.isfinite(log_likelihood):
        return float("inf")
    return 2.0 * parameters - 2.0 * log_likelihood + 2.0 * parameters * (parameters + 1) / spare


def predictive_aicc(fits: Sequence[Any], extra: Sequence[int] | None = None, learning: int = 0) -> Array:
    """AICc of state-space fits on the window all of them predict.

    Models of different differencing or number of diffuse states spend a different number of first values
    on starting; their likelihoods are comparable only over the values after the longest start. The
    integrated states are no parameters: the predictive likelihood already pays for them.

    Parameters
    ----------
    fits : sequence of statsmodels MLEResults
    extra : sequence of int, optional
        Parameters of each that were estimated before the fit.
    learning : int
        First values left out at least: until a season has passed once, harmonics without a prior predict
        worse than none, however strong the season.

    Returns
    -------
    ndarray of shape (len(fits),)
    """
    kept = [np.asarray(fit.llf_obs)[fit.loglikelihood_burn :] for fit in fits]
    window = min(min(part.size for part in kept), max(len(fit.llf_obs) for fit in fits) - learning)
    counts = [len(fit.params) + more for fit, more in zip(fits, extra or [0] * len(fits), strict=True)]
    return np.array(
        [
            aicc(float(part[part.size - window :].sum()), k, window)
            for part, k in zip(kept, counts, strict=True)
        ]
    )


def best(
    builders: Sequence[Callable[[], Any]], extra: Sequence[int] | None = None, learning: int = 0
) -> tuple[int, Any]:
    """Fit all, drop those that fail, return position and fit of the lowest `predictive_aicc`."""
    more = extra or [0] * len(builders)
    fits = [(i, fit) for i, build in enumerate(builders) if (fit := attempt(build)) is not None]
    if not fits:
        raise ValueError("no candidate could be fitted")
    return fits[
        int(np.argmin(predictive_aicc([fit for _, fit in fits], [more[i] for i, _ in fits], learning)))
    ]


def attempt(build: Callable[[], Any]) -> Any:
    """Return a fit, or None where the optimiser or the algebra fails or ends at nonsense."""
    try:
        fit = build()
    except FAILURES:
        return None
    return fit if np.isfinite(fit.llf) else None


def harmonic_choices(season: int) -> tuple[int, ...]:
    """Numbers of harmonics tried for a season: none, a few, and all of a short season."""
    if season <= 1:
        return (0,)
    return tuple(
        sorted({0, *(k for k in (1, 2, 3) if k <= season // 2), *([season // 2] if season <= 12 else [])})
    )


def season_waves(z: Array, horizon: int, season: int) -> tuple[int, Array]:
    """Fit harmonics of a season, their number by AICc, beside a level as restless as the data.

    Errors of the differences are a moving average of one lag, its parameter on a grid from a random walk (0)
    to a fixed level (1); filtered by it, the regression is generalised least squares. The first value's
    error has its own column.

    Returns
    -------
    count : int
        Coefficients the harmonics cost.
    ndarray of shape (len(z) + horizon,)
        Their sum, in the sample and ahead.
    """
    from scipy.signal import lfilter

    angle = 2.0 * np.pi * np.arange(z.size + horizon) / season
    start, slope = np.eye(1, z.size - 1)[0], np.ones(z.size - 1)
    found = []
    for harmonics in harmonic_choices(season):
        columns = [wave(k * angle) for k in range(1, harmonics + 1) for wave in (np.cos, np.sin)]
        waves = np.array(columns[: season - 1]).reshape(-1, z.size + horizon)
        design = np.vstack([start, slope, np.diff(waves[:, : z.size])]).T
        for smooth in _SMOOTHING:
            x, y = (lfilter([1.0], [1.0, -smooth], part, axis=0) for part in (design, np.diff(z)))
            coefficients, *_ = np.linalg.lstsq(x, y, rcond=None)
            spread = float(np.mean((y - x @ coefficients) ** 2)) + 1e-12
            cost = aicc(-0.5 * y.size * np.log(spread), len(coefficients) + 2, y.size)
            found.append((cost, len(waves), coefficients[2:] @ waves))
    return min(found, key=lambda trial: trial[0])[1:]
