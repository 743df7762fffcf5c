"""Paths of simulated markets, led to what came: an ensemble smoother.

Members of an ensemble part in the past from history and from each other. What they would have gone on to,
had their pasts been the history's, is read off the ensemble itself: how futures go with pasts, member by
member (van Leeuwen & Evensen 1996, Monthly Weather Review 124:2898-2913; of forecasts without parameters: Sun
& Durlofsky 2017, Mathematical Geosciences 49:679-715). Nothing is simulated once more, and at an inner origin
only what was known there is heard.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
OWN = 0.1
"""Standard error of one period's log odds about what a market can tell: luck of a period, and discrepancy."""


def conditioned(lived: Array, seen: Array, generator: np.random.Generator) -> Array:
    """Lead paths to a past.

    Parameters
    ----------
    lived : ndarray of shape (members, periods)
        Simulated paths, on a scale where they are about normal (log odds of shares).
    seen : ndarray of shape (known,)
        The history on that scale, its first ``known`` periods; NaN where not known.
    generator : numpy.random.Generator
        Luck of what each member is led to: the history within `OWN`.

    Returns
    -------
    ndarray of shape (members, periods)
        Each member's path as it would have been; the paths themselves where fewer than three are there.
    """
    known = np.flatnonzero(np.isfinite(seen))
    if len(lived) < 3 or not known.size:
        return lived
    past = lived[:, known]
    apart, off = lived - lived.mean(axis=0), past - past.mean(axis=0)
    total = off.T @ off / (len(lived) - 1) + OWN**2 * np.eye(known.size)
    gain = np.linalg.solve(total, off.T @ apart / (len(lived) - 1))
    wanted = seen[known] + OWN * generator.standard_normal(past.shape)
    return np.asarray(lived + (wanted - past) @ gain)
