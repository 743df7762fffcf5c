"""Suppliers: what was ordered arrives after the lead time, or later by luck."""

from __future__ import annotations

import math

from numpy.typing import NDArray

from sim.engine.randomness import stream_key, uniforms

LATEST = 8.0  # mean delays beyond which no delivery is late


def late_moments(late: float, days: float) -> tuple[float, float]:
    """Return mean and variance in days of a delay: none, or with probability ``late`` exponential of mean ``days``."""
    mean = late * days
    return mean, max(2.0 * late * days * days - mean * mean, 0.0)


class Suppliers:
    """Consignments on their way to one pile after another; ``arrived`` and ``punctual`` are today's units.

    Parameters
    ----------
    days, first, piles
        Days of the run and its first day; number of piles, each with luck of its own.
    seed
        Luck of the run.
    """

    def __init__(self, days: int, first: int, piles: int, seed: int) -> None:
        luck: NDArray = uniforms(stream_key(seed, "supplier late"), 2 * days * piles)
        self.luck: list[float] = luck.tolist()
        self.first, self.piles = first, piles
        self.arrived = self.punctual = 0.0

    def delay(self, day: int, pile: int, late: float, days: float) -> float:
        """Return by how many days what pile number ``pile`` orders on ``day`` will be late."""
        place = 2 * ((day - self.first) * self.piles + pile)
        if self.luck[place] >= late:
            return 0.0
        return min(-math.log(1.0 - self.luck[place + 1]), LATEST) * days
