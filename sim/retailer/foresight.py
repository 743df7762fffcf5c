"""What the firm itself foresees of the load: the season, its growth and its own promotions.

Stock is ordered and staff are hired against the recent past, carried forward by this profile. Nothing of
luck, shocks or customers' answers is in it.
"""

from __future__ import annotations

import numpy as np

from sim.parameters import Parameter, Values
from sim.setup import Setup

PARAMETERS = (
    Parameter("foreseen_response", "elasticity of orders to net price that the firm reckons with", 2.4, 1.0, 4.0, "A", "73 % more orders at 20 % off, with the defaults", "log"),
)  # fmt: skip
YEAR = 365


class Foresight:
    """Relative load by day, 1 being customary; days count from the horizon's start, burn-in is negative.

    Parameters
    ----------
    setup, values
        The market and its parameters.
    memory
        Days over which the recent past is smoothed.
    """

    def __init__(self, setup: Setup, values: Values, memory: float) -> None:
        usual, drivers = setup.customary(), setup.drivers
        power = -values["foreseen_response"]
        customary = (usual.price * (1.0 - usual.discount)) ** power
        wave = ((drivers.price * (1.0 - drivers.discount)) ** power / customary).mean(axis=1)
        wave = wave * drivers.demand / max(float(usual.demand[0]), 1e-9)
        past = np.ones(setup.burn_in)
        following = np.resize(wave[-YEAR:], 2 * YEAR)  # after the horizon all goes on as in its last year
        self.offset = setup.burn_in
        self.load: list[float] = np.concatenate([past, wave, following]).tolist()
        self.sums: list[float] = np.concatenate([[0.0], np.cumsum(self.load)]).tolist()
        self.share = 1.0 / memory
        self.recent = _smoothed(self.load, self.share)

    def ahead(self, day: int, span: float) -> float:
        """Return the mean load of the ``span`` days after ``day`` over that of the recent past."""
        first = day + self.offset + 1
        last = min(first + max(round(span), 1), len(self.sums) - 1)
        mean = (self.sums[last] - self.sums[first]) / (last - first)
        return mean / max(self.recent[first - 1], 1e-9)

    def around(self, day: int, span: int) -> float:
        """Return the mean load of ``span`` days around ``day``, from it on, over that of the recent past."""
        first = max(day + self.offset - span // 2, 0)
        mean = (self.sums[first + span] - self.sums[first]) / span
        return mean / max(self.recent[day + self.offset], 1e-9)


def _smoothed(load: list[float], share: float) -> list[float]:
    level, found = load[0], []
    for value in load:
        level += share * (value - level)
        found.append(level)
    return found
