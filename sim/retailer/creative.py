"""Creatives: how advertisements wear out, and what testing new ones finds.

Click-through falls towards a floor with every impression (half-life in days of today's impressions). Each week
new creatives are tested; the best of them replaces the one that runs where it did better in the test, and a test
is noisy. So nothing tested wears down to the floor, and many tests find little more than a few do: the best
of n normal draws grows like the square root of log n.
"""

from __future__ import annotations

import math

from sim.engine.randomness import normal, stream_key, word
from sim.parameters import Parameter, Values

PARAMETERS = (
    Parameter("creative_half_life", "days of today's impressions that halve a creative's edge", 28, 7, 90, "A", "-", "log"),
    Parameter("creative_floor", "click-through of a worn-out creative against a fresh one", 0.6, 0.3, 0.9, "A", "-", "logit"),
    Parameter("creative_spread", "log sd of click-through between creatives", 0.25, 0.05, 0.5, "A", "-", "log"),
    Parameter("creative_noise", "log sd of what a test says of a creative", 0.20, 0.05, 0.5, "A", "-", "log"),
    Parameter("creative_cost", "currency to make and test a creative", 500, 50, 5000, "A", "-", "log"),
)  # fmt: skip
WEEK = 7


class Creatives:
    """The creative that runs: ``best`` when fresh, ``age`` in days of today's impressions; today's is 1."""

    def __init__(self, tests: float | None, values: Values, seed: int, start: int = 0) -> None:
        self.tests, self.seed, self.start = tests, seed, max(start, 0)
        self.half_life, self.floor = values["creative_half_life"], values["creative_floor"]
        self.spread, self.noise = values["creative_spread"], values["creative_noise"]
        self.cost = values["creative_cost"]
        self.best, self.age, self.due = 1.0, 0.0, 0.0

    @property
    def freshness(self) -> float:
        """Click-through against today's."""
        if self.tests is None:
            return 1.0
        return float(self.best * (self.floor + (1.0 - self.floor) * 0.5 ** (self.age / self.half_life)))

    def run(self, day: int, impressions: float) -> float:
        """Show a day's ``impressions`` (1 is today's); on the week's first day test; return what tests cost."""
        if self.tests is None or day < self.start:
            return 0.0
        self.age += impressions
        if day % WEEK:
            return 0.0
        self.due += self.tests
        count = int(self.due)
        self.due -= count
        if count:
            seen, best = max(self.candidate(day, k) for k in range(count))
            if seen > self.freshness:
                self.best, self.age = best, 0.0
        return self.cost * count

    def candidate(self, day: int, k: int) -> tuple[float, float]:
        """Return what a test says of the week's ``k``-th creative, and how good it is."""
        key = stream_key(self.seed, "creative", day)
        luck = [word(key, 4 * k + j) for j in range(4)]
        quality = math.exp(self.spread * normal(luck[0], luck[1]))
        return quality * math.exp(self.noise * normal(luck[2], luck[3])), quality
