"""What goes up together: paths of two series put in an order that keeps them as related as their past was.

Channels that are forecast apart are drawn apart; the weather that empties both is not. A sum of unrelated
draws is then too sure of itself. So the paths of the second are put in an order by rank, period by period,
beside those of the first (a Gaussian copula; Clark et al. 2004, Journal of Hydrometeorology 5:243-262,
reorder forecasts by past ranks likewise). What is forecast of either alone does not change.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FEWEST = 8
"""Surprises known of both, below which nothing is said of how they go together."""
DOUBT = 8.0
"""Surprises without relation that the doubt whether there is one is worth."""


def related(first: Array, second: Array, season: int) -> float:
    """Return how surprises of two series [t] go together: their correlation, by ranks, drawn towards 0.

    Surprises are changes against the change a season before, or against the period before where no two
    seasons are known. Both series are on scales where seasons add; what is not finite is not known.
    """
    from scipy.stats import spearmanr

    both = np.stack([first, second]).astype(float)
    apart = season if season > 1 and both.shape[1] >= 2 * season + FEWEST else 0
    moved = np.diff(both[:, apart:] - both[:, :-apart] if apart else both, axis=1)
    moved = moved[:, np.isfinite(moved).all(axis=0)]
    count = moved.shape[1]
    if count < FEWEST or min(np.ptp(moved, axis=1)) < 1e-12:
        return 0.0
    ranked = float(spearmanr(moved[0], moved[1]).statistic)
    return float(2.0 * np.sin(np.pi / 6.0 * ranked) * count / (count + DOUBT))


def tied(paths: Array, leading: Array, relation: float) -> Array:
    """Return paths [n, h] whose values in each period are reordered to go with those of others [n, h]."""
    if abs(relation) < 1e-6 or paths.shape != leading.shape:
        return paths
    order = relation * _normal(leading) + np.sqrt(1.0 - min(relation**2, 1.0)) * _normal(paths)
    return np.asarray(np.take_along_axis(np.sort(paths, axis=0), _ranks(order), axis=0))


def _ranks(values: Array) -> NDArray[np.intp]:
    return np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0, kind="stable")


def _normal(values: Array) -> Array:
    """Return values' normal scores in each period."""
    from scipy.special import ndtri

    return np.asarray(ndtri((_ranks(values) + 0.5) / len(values)))
