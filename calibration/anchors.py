"""A first guess: parameters that one statistic follows almost alone are moved until it fits.

A channel's appeal follows its conversion, a source's pull its share of visits, the needs the orders. A
handful of single simulations, each followed by a proportional correction (as in iterative proportional
fitting), brings the centre near enough for the clouds of :mod:`calibration.moments` to be small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.moments import Prior
from calibration.statistics import Statistic

Array = NDArray[np.float64]
ROUNDS = 8
REACH = 3.0  # prior standard deviations that a guess may lie off the prior's centre
STRIDE = 1.5  # longest correction of a round, on the parameter's scale


@dataclass(frozen=True)
class Anchor:
    """One parameter, the statistic it follows, and by how much it moves per unit of misfit (both scaled)."""

    parameter: str
    statistic: str
    gain: float = 0.7


def guess(
    prior: Prior,
    statistics: Sequence[Statistic],
    anchors: Sequence[Anchor],
    simulate: Callable[[Array], Array],
    rounds: int = ROUNDS,
) -> Array:
    """Return a centre [P] on the parameters' scales at which anchored statistics about fit.

    Parameters
    ----------
    simulate
        From a centre [P] to its statistics [d] on their comparison scales; NaN where undefined.
    """
    names = {statistic.name: k for k, statistic in enumerate(statistics)}
    held = [a for a in anchors if a.statistic in names and a.parameter in prior.names]
    centre, spread, middle = prior.centre(), prior.spread(), prior.centre()
    observed = np.array([s.scaled(s.observed) for s in statistics])
    for _ in range(rounds if held else 0):
        misfit = np.nan_to_num(observed - simulate(centre))
        for anchor in held:
            p = prior.names.index(anchor.parameter)
            move = anchor.gain * misfit[names[anchor.statistic]]
            centre[p] += np.clip(move, -STRIDE, STRIDE)
        centre = np.clip(centre, middle - REACH * spread, middle + REACH * spread)
    return centre
