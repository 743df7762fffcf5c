"""Reviews: what buyers say in public, for everybody who searches or hesitates to see.

Volume and valence are discounted sums over online orders and the service they met. More reviews make the shop
easier to find (You, Vadakkepatt & Joshi 2015: elasticity .236; the later literature is smaller), better ones
make it easier to buy at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.parameters import Parameter, Values

PARAMETERS = (
    Parameter("review_volume", "elasticity of the pull of search to the number of reviews", 0.10, 0.0, 0.24, "E", ".236: You et al. 2015; smaller in Babic Rosario et al. 2016"),
    Parameter("review_valence", "elasticity of online sales to the mean review", 0.20, 0.0, 0.42, "E", ".417: You et al. 2015, halved as volume is"),
    Parameter("review_days", "days that a review is read", 180, 60, 540, "A", "-", "log"),
)  # fmt: skip
ENOUGH = 30  # orders (agents) remembered before today's reviews are taken as the reference


@dataclass(frozen=True)
class Reviews:
    """Public reviews act on search and on buying online, against what they are when the horizon starts.

    ``negative`` is the share of reviews that are negative then; ``None``: as much as service falls short.
    """

    negative: float | None = None

    def __post_init__(self) -> None:
        if self.negative is not None and not 0.0 <= self.negative <= 0.95:
            raise ValueError(f"reviews.negative: {self.negative}; expected a share 0-0.95")


class ReviewBook:
    """The public state: ``volume`` and ``total`` are discounted online orders, and the quality they met (0-1).

    Who is disappointed complains: the share of negative reviews follows the shortfall of quality, by the
    factor that makes it ``negative`` when the horizon starts.
    """

    def __init__(self, values: Values, negative: float | None = None) -> None:
        self.negative, self.harshness = negative, 1.0
        self.keep = 1.0 - 1.0 / max(values["review_days"], 1.0)
        self.by_volume, self.by_valence = values["review_volume"], values["review_valence"]
        self.volume, self.total = 0.0, 0.0
        self.reference: tuple[float, float] | None = None

    def write(self, day: int, orders: float, quality: float) -> None:
        """Take in a day's online ``orders`` and the sum of the ``quality`` they met."""
        self.volume, self.total = self.keep * self.volume + orders, self.keep * self.total + quality
        if self.reference is None and day >= -1 and self.volume >= ENOUGH:
            if self.negative is not None:
                self.harshness = self.negative / max(1.0 - self.valence, 0.01)
            self.reference = (self.volume, max(self.valence, 0.01))

    @property
    def valence(self) -> float:
        """Mean review, 0-1; one half where there is none."""
        if self.volume <= 0.0:
            return 0.5
        met = self.total / self.volume
        return met if self.harshness == 1.0 else max(1.0 - self.harshness * (1.0 - met), 0.0)

    @property
    def search(self) -> float:
        """Factor on the pull of organic search."""
        if self.reference is None or self.volume <= 0.0:
            return 1.0
        return math.exp(self.by_volume * math.log(self.volume / self.reference[0]))

    @property
    def worth(self) -> float:
        """Utility that the mean review adds to buying online."""
        if self.reference is None:
            return 0.0
        return self.by_valence * math.log(max(self.valence, 0.01) / self.reference[1])
