"""Series of which zeros are the usual thing: a few large orders, long breaks.

Whether anything is sold follows what was before it (a two-state Markov chain), how much is drawn from what
was sold before: Willemain, Smart & Schwarz 2004, International Journal of Forecasting 20:375-387. The recent
past counts more. A zero is a value here like others, so medians and lower limits of forecasts can be zero,
which no model of logarithms gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from calibration.closures import closures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

PATHS = 500
USUAL = 0.2
"""Share of zeros, beside those of shut positions, from which a series is intermittent."""
FEWEST = 8
HALF_LIFE = 26
"""Periods after which the past counts half, at least; a third of the past where that is longer."""
WIDTH = 0.3
"""Width of the kernel around sizes, in standard deviations of their logarithms: none repeats exactly."""


def is_intermittent(values: Array, season: int) -> bool:
    """Tell whether zeros are usual in a series [t] since its first sale."""
    seen = since_first_sale(values)
    if seen.size < FEWEST or (seen[np.isfinite(seen)] < 0.0).any():
        return False
    left = closures(seen, season).opened(seen)
    left = left[np.isfinite(left)]
    return bool(left.size >= FEWEST and np.mean(left == 0.0) > USUAL)


def since_first_sale(values: Array) -> Array:
    """Return the values [t] from the first that is neither zero nor unknown on."""
    seen = np.asarray(values, dtype=float)
    sold = np.flatnonzero(np.nan_to_num(seen))
    return seen[sold[0] :] if sold.size else seen[:0]


def paths(values: Array, horizon: int, rng: np.random.Generator) -> Array:
    """Draw sample paths [PATHS, horizon] of an intermittent series [t]; NaN where not known."""
    seen = since_first_sale(values)
    known = np.flatnonzero(np.isfinite(seen))
    life = max(HALF_LIFE, seen.size / 3.0)
    weights = 0.5 ** ((seen.size - 1 - known) / life)
    sold = (seen[known] > 0.0).astype(int)
    chance = _chances(sold, weights, rng)
    sizes, of = seen[known][sold == 1], weights[sold == 1]
    whole = bool((sizes == np.rint(sizes)).all())
    now = np.full(PATHS, sold[-1])
    drawn = np.zeros((PATHS, horizon))
    spread = WIDTH * float(np.std(np.log(sizes)))
    for h in range(horizon):
        now = (rng.random(PATHS) < chance[now, np.arange(PATHS)]).astype(int)
        size = rng.choice(sizes, PATHS, p=of / of.sum()) * np.exp(rng.normal(0.0, spread, PATHS))
        drawn[:, h] = now * (np.maximum(np.rint(size), 1.0) if whole else size)
    return drawn


def _chances(sold: NDArray[np.int_], weights: Array, rng: np.random.Generator) -> Array:
    """Draw the chance of a sale [2, PATHS] after none and after one, each from its Beta posterior.

    Half a count each way is the prior; both states share the whole series' chance where they differ little.
    """
    overall = float(weights @ sold / weights.sum())
    found = np.empty((2, PATHS))
    for state in (0, 1):
        after = np.flatnonzero(sold[:-1] == state) + 1
        yes, no = float(weights[after] @ sold[after]), float(weights[after] @ (1 - sold[after]))
        prior = 4.0  # observations that the overall chance is worth
        found[state] = rng.beta(0.5 + prior * overall + yes, 0.5 + prior * (1.0 - overall) + no, PATHS)
    return found
