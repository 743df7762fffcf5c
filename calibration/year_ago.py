"""A year ago, times what was gained since: what more than one year but less than two says of a season.

No seasonal model can be fitted to fifteen months, yet few trades are without a season. The last year again,
moved by its mean distance to the months known of this one, is what a shopkeeper would say (Hyndman &
Athanasopoulos, FPP3, section 5.2: seasonal naive, here with drift). How far it is believed is read off those
distances: where the season is real they are alike, where it is not they vary like the series itself, twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

PATHS = 500
YEARS = (4, 12, 52)
"""Seasons that are a year of quarters, months or weeks. A week of days is soon seen twice."""
FEWEST = 3
"""Periods that must be known of the second year."""
UNIT = 2.0
"""Distances that the doubt whether there is a season is worth."""
DAMPED = 0.5
"""Part of a year's gain that the next is expected to bring again."""
EDGE = 1e-3
"""Shares are kept this far from 0 and 1."""


def speaks(values: Array, season: int, share: bool = False) -> bool:
    """Tell whether a series [t] holds a season and part of a second, all of it known and above zero."""
    seen = np.asarray(values, dtype=float)
    if season not in YEARS or not season + FEWEST <= seen.size < 2 * season:
        return False
    return bool(np.isfinite(seen).all() and (seen > 0.0).all() and (not share or (seen < 1.0).all()))


def weight(values: Array, season: int, share: bool = False) -> float:
    """Return how far the last year is to be believed, 0 to 1, of a series that `speaks`."""
    z = _line(values, share)
    apart = z[season:] - z[:-season]
    chance = 2.0 * float(np.var(z))
    if chance < 1e-12:  # a constant
        return 0.0
    found = (float(np.sum((apart - apart.mean()) ** 2)) + UNIT * chance) / (apart.size - 1 + UNIT)
    return float(np.clip(1.0 - found / chance, 0.0, 1.0))


def paths(values: Array, horizon: int, season: int, rng: np.random.Generator, share: bool = False) -> Array:
    """Draw sample paths [PATHS, horizon]: the last year again, its gain, and doubt that grows with time.

    The variance of the distances is drawn to half that of the steps from period to period, as three of them
    would; tails are Student's.
    """
    z = _line(values, share)
    apart = z[season:] - z[:-season]
    count, gain = apart.size, float(apart.mean())
    prior = 0.5 * float(np.std(np.diff(z)))
    spread = float(np.sqrt((np.sum((apart - gain) ** 2) + 3.0 * prior**2) / (count + 2)))
    steps = np.arange(horizon)
    tails = np.sqrt((count + 2) / rng.chisquare(count + 2, (PATHS, 1)))
    level = rng.normal(0.0, spread / np.sqrt(count), (PATHS, 1))
    level = level + np.cumsum(rng.normal(0.0, spread / np.sqrt(6.0), (PATHS, horizon)), axis=1)
    gained = gain * (1.0 - DAMPED ** (1 + steps // season)) / (1.0 - DAMPED)
    drawn = z[-season + steps % season] + gained
    drawn = drawn + tails * (level + rng.normal(0.0, spread, (PATHS, horizon)))
    return np.asarray(1.0 / (1.0 + np.exp(-drawn)) if share else np.exp(drawn))


def _line(values: Array, share: bool) -> Array:
    seen = np.asarray(values, dtype=float)
    if share:
        inside = np.clip(seen, EDGE, 1.0 - EDGE)
        return np.asarray(np.log(inside) - np.log1p(-inside))
    return np.asarray(np.log(seen))
