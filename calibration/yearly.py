"""The year in a series of days: what comes again every spring and every Christmas.

Models of days carry the week as their season; a year of 365 states is too long for them. So the year is
taken off as harmonics first and put back after (dynamic harmonic regression, Hyndman & Athanasopoulos, FPP3,
section 10.5). Errors are an ARMA(1, 1), since beside a level that wanders from day to day no harmonic of a
year is worth its cost; how many there are is chosen by AICc among many, for trade's peaks are narrower than
its seasons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from calibration.feasts import SPELLS
from calibration.feasts import columns as feast_columns
from calibration.selection import aicc

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

YEAR = 365.25
WEEK = 7
SEEN, HALF_SEEN = 2.0, 1.5
"""Years that must have been seen: for a year in full, and for its summers and winters alone."""
COARSE = 3
"""Harmonics up to which a year that was not seen twice is told."""
HARMONICS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 21, 26)
"""Numbers of harmonics tried; the 26th turns once a fortnight."""
KEPT = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
"""Parts tried of a day's error that the next day keeps."""
SMOOTHED = (0.0, 0.3, 0.6, 0.8, 0.9)
"""Parameters tried of the errors' moving average, those below the part that is kept."""

WORTH = 6.0
"""AICc that a feast must gain beyond its parameters': two or three of them are soon met by luck."""


def is_daily(index: object) -> bool:
    """Tell whether an index is one of days in a row."""
    import pandas as pd

    if not isinstance(index, pd.DatetimeIndex) or len(index) < 2:
        return False
    return bool((index[1:] - index[:-1] == pd.Timedelta(days=1)).all())


def waves(z: Array, days: pd.DatetimeIndex, horizon: int) -> Array:
    """Return what the time of the year adds to a series of days [t + horizon], in the sample and ahead.

    Parameters
    ----------
    z : ndarray of shape (t,)
        Values without gaps, on a scale where seasons add.
    days : pandas.DatetimeIndex of length t
    horizon : int
        Days ahead.

    Returns
    -------
    ndarray of shape (t + horizon,)
        Nothing at all with less than `HALF_SEEN` years, or where no harmonic is worth its cost.
    """
    size = z.size
    nothing = np.zeros(size + horizon)
    if size < HALF_SEEN * YEAR:
        return nothing
    most = HARMONICS[-1] if size >= SEEN * YEAR else COARSE
    angle = 2.0 * np.pi * (np.datetime64(days[0], "D").astype(int) + np.arange(size + horizon)) / YEAR
    turns = np.arange(1, most + 1)[:, None] * angle
    columns = np.stack([np.cos(turns), np.sin(turns)], axis=1).reshape(-1, size + horizon)
    weekdays = np.eye(WEEK)[1:, np.arange(size) % WEEK]
    fixed = np.vstack([np.eye(1, size), np.ones(size), np.linspace(-1.0, 1.0, size), weekdays])
    design = np.vstack([fixed, columns[:, :size], z])
    trials = [
        (trial, kept, smooth)
        for kept in KEPT
        for smooth in SMOOTHED
        if smooth < max(kept, 0.1)
        for trial in _trials(design, len(fixed), kept, smooth)
    ]
    (cost, coefficients), kept, smooth = min(trials, key=lambda trial: trial[0][0])
    told = np.asarray(coefficients @ columns[: coefficients.size]) if coefficients.size else nothing
    return told if size < SEEN * YEAR else _with_feast(told, cost, design, columns, days, (kept, smooth))


def _with_feast(
    told: Array,
    cost: float,
    design: Array,
    columns: Array,
    days: pd.DatetimeIndex,
    errors: tuple[float, float],
) -> Array:
    """Return what harmonics tell [t + horizon], or they and the moving feast that is well worth its cost."""
    import pandas as pd

    ahead = told.size - days.size
    whole = days.append(days[-1] + pd.to_timedelta(np.arange(1, ahead + 1), unit="D"))
    lead = len(design) - len(columns) - 1
    for feast in SPELLS:
        spells = feast_columns(whole, feast)
        if (np.diff(spells[1, : days.size]) > 0).sum() < SEEN:
            continue
        wider = np.vstack([design[:lead], spells[:, : days.size], design[lead:]])
        count = lead + len(spells)
        for price, found in _trials(wider, count, *errors, shown=len(spells)):
            if price < cost - WORTH:
                both = np.vstack([spells, columns])
                cost, told = price + WORTH, np.asarray(found @ both[: found.size])
    return told


def _trials(
    design: Array, lead: int, kept: float, smooth: float, shown: int = 0
) -> list[tuple[float, Array]]:
    """Return the cost and the coefficients of each number of harmonics, under given errors.

    With those of the last ``shown`` rows of what is always there in front.

    Rows of the design are the first value's own, a level, what is always there (``lead`` in all), harmonics
    and the series. Filtered by the errors' own model, least squares are generalised ones; the series'
    column of one Cholesky factor holds what every number of columns explains.
    """
    from scipy.linalg import solve_triangular
    from scipy.signal import lfilter

    x = lfilter([1.0, -kept], [1.0, -smooth], design, axis=1)
    if kept == 1.0:  # no level in differences; the first of them is the level
        x, lead = np.delete(x, (0, 1), axis=0)[:, 1:], lead - 2
    gram = x @ x.T
    factor = np.linalg.cholesky(gram + 1e-10 * np.diag(np.diag(gram)))
    explained, whole = factor[-1, :-1], float(gram[-1, -1])
    size = design.shape[1] - 1  # of the first value nothing is left
    found = []
    for harmonics in HARMONICS:
        used = lead + 2 * harmonics
        if used > explained.size:
            break
        left = max((whole - float(explained[:used] @ explained[:used])) / size, 1e-12)
        cost = aicc(-0.5 * size * np.log(left), used + 2, size)
        solved = solve_triangular(factor[:used, :used].T, explained[:used])
        found.append((cost, solved[lead - shown :]))
    return found
