"""Lines through clouds of simulations: how statistics answer to parameters, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
RIDGE = 0.02  # on standardised parameters and statistics, per simulation
POOLED = 3  # clouds whose slopes are pooled


class Line(NamedTuple):
    """A line through a cloud: value at its centre [d], slopes [d, P], their variance, noise variance [d]."""

    base: Array
    slopes: Array
    doubt: Array
    noise: Array


def regress(cloud: Array, simulated: Array) -> Line:
    """Return the ridge regression of statistics on standardised parameters."""
    middle, count = simulated.mean(axis=0), len(cloud)
    outcomes, moves = simulated - middle, cloud - cloud.mean(axis=0)
    gram = moves.T @ moves
    ridge = RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram))
    inverse = np.linalg.inv(gram + ridge)
    slopes = inverse @ moves.T @ outcomes
    residual = outcomes - moves @ slopes
    free = max(count - cloud.shape[1] - 1, count / 4)
    noise = (residual**2).sum(axis=0) / free
    doubt = np.outer(noise, np.diag(inverse @ gram @ inverse))
    return Line(middle - cloud.mean(axis=0) @ slopes, slopes.T, doubt, noise)


def pooled(lines: Sequence[Line], last: int = POOLED) -> tuple[Array, Array]:
    """Return slopes [d, P] and their variance over the last clouds, each weighted by its precision.

    The last cloud is the narrowest and has a luck a member: alone, its slopes are mostly noise.
    """
    weights = np.array([1.0 / (line.doubt + 1e-12) for line in lines[-last:]])
    slopes = np.array([line.slopes for line in lines[-last:]])
    total = weights.sum(axis=0)
    return (weights * slopes).sum(axis=0) / total, 1.0 / total


def scattered(size: int, parameters: int, width: float, generator: np.random.Generator) -> Array:
    """Return points [n, P] around zero, normal with standard deviation ``width``, stratified."""
    from scipy import special

    strata = np.array([generator.permutation(size) for _ in range(parameters)]).T
    levels = (strata + generator.random(strata.shape)) / size
    return np.asarray(width * special.ndtri(levels))


def filled(simulated: Array) -> Array:
    """Replace undefined statistics by the ensemble's median of each, so that they pull nowhere."""
    found = np.where(np.isfinite(simulated), simulated, np.nan)
    found[:, np.isnan(found).all(axis=0)] = 0.0
    return np.where(np.isnan(found), np.nanmedian(found, axis=0), found)
