"""Pricing: prices that move by themselves within bounds, and the price position that a brand keeps.

A dynamic price follows what a merchant sees: the rivals' price, whether a week sells more than its quarter, and
how long the stock will last. It moves by small steps and never beyond its bounds, so it can be wrong but not mad.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values

Array = NDArray[np.float64]

PARAMETERS = (
    Parameter("image_gap", "log price gap as which opposite price positions of one brand are seen", 0.15, 0.05, 0.4, "A", "-", "log"),
    Parameter("price_heat", "log price per log of a week's sales over the quarter's", 0.15, 0.0, 0.4, "A", "-"),
    Parameter("price_cover", "log price per log of stock cover over its target, negated", 0.10, 0.0, 0.4, "A", "-"),
)  # fmt: skip
STEP = 0.01  # largest change of the log price a day
WEEK, QUARTER = 7.0, 91.0
WARM_UP = 28  # days of sales seen before they are acted on


@dataclass(frozen=True)
class Pricing:
    """How prices are set beside the drivers.

    Parameters
    ----------
    dynamic
        Whether prices move by themselves around the drivers' price.
    bound
        How far they may move from it, relative.
    follow
        Share of the rivals' (log) price that they follow.
    consistency
        1 where all channels keep one price position, 0 where stores and online contradict each other.
    start
        Day of the horizon from which they move; from the first simulated day if ``None``.
    """

    dynamic: bool = False
    bound: float = 0.1
    follow: float = 0.5
    consistency: float = 1.0
    start: int | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.bound <= 0.5:
            raise ValueError(f"pricing.bound: {self.bound}; expected 0-0.5")
        for name in ("follow", "consistency"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"pricing.{name}: {getattr(self, name)}; expected 0-1")


class PriceDesk:
    """Sets today's list prices by channel.

    ``cover`` [C] may be set by whoever keeps stock: days of stock over the days aimed at, 1 on target.
    """

    def __init__(self, pricing: Pricing, channels: int, values: Values, burn_in: int = 0) -> None:
        self.pricing, self.day = pricing, -burn_in
        self.confusion = (1.0 - pricing.consistency) * values["image_gap"]
        self.heat, self.thrift = values["price_heat"], values["price_cover"]
        self.limit = math.log1p(pricing.bound)
        self.cover: Sequence[float] = [1.0] * channels
        self.moved = [0.0] * channels  # log price over the drivers'
        self.week = self.quarter = 0.0
        self.days = 0

    def quote(self, listed: Array, rival_price: float) -> Array:
        """Return today's list prices [C]: the drivers' ``listed``, moved a step towards where they should be."""
        today, self.day = self.day, self.day + 1
        start = self.pricing.start
        if not self.pricing.dynamic or (start is not None and today < start):
            return listed
        goal = self.pricing.follow * math.log(rival_price) + self.heat * self._busy()
        for c, cover in enumerate(self.cover):
            aim = goal - self.thrift * math.log(max(cover, 0.05))
            aim = min(max(aim, -self.limit), self.limit)
            self.moved[c] += min(max(aim - self.moved[c], -STEP), STEP)
        return listed * np.exp(self.moved)

    def observe(self, orders: float) -> None:
        """Note the day's orders in all channels."""
        if not self.pricing.dynamic:
            return
        self.days += 1
        self.week += (orders - self.week) / min(WEEK, self.days)
        self.quarter += (orders - self.quarter) / min(QUARTER, self.days)

    def _busy(self) -> float:
        """Return the log of a week's sales over the quarter's, within a factor of two; 0 until sales are known."""
        if self.days < WARM_UP or min(self.week, self.quarter) <= 0.0:
            return 0.0
        return min(max(math.log(self.week / self.quarter), -0.7), 0.7)
