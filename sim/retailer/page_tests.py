"""A/B tests of pages in the simulated firm: candidates are drawn, read with noise, and some are adopted.

A candidate's true effect on the odds of buying is small and as often bad as good. Tests that run side by side
share the visits, so many tests are read with more noise than few; a page that is better already is harder to
better; and what is gained wears off. So more tests help less and less, and some of what is adopted is a dud.
What is adopted was chosen for reading well: the sum of readings exceeds the truth (the winner's curse).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from sim.engine.randomness import normal, stream_key, word
from sim.parameters import Parameter, Values
from sim.retailer.parts import check

PARAMETERS = (
    Parameter("page_test_mean", "mean effect of a candidate page on the log odds of buying", 0.0, -0.02, 0.02, "A", "-"),
    Parameter("page_test_spread", "sd of that effect between candidates", 0.015, 0.005, 0.05, "A", "-", "log"),
    Parameter("page_test_level", "one-sided error at which a candidate is adopted", 0.05, 0.01, 0.5, "A", "the trade's habit", "logit"),
    Parameter("page_test_cost", "currency to make and test a page", 3_000.0, 300.0, 30_000.0, "A", "-", "log"),
    Parameter("page_regress", "effect that a candidate lacks per unit gained already", 0.05, 0.0, 0.2, "A", "-"),
    Parameter("page_wear", "share of what tests have gained that is lost a year", 0.3, 0.1, 0.7, "A", "-", "logit"),
)  # fmt: skip
WEEK, MONTH_DAYS, YEAR_DAYS = 7, 365.0 / 12.0, 365.0
MEMORY = 28.0  # days over which visits and conversion are known
WORST = 1e-4  # least conversion that a test is planned with


@dataclass(frozen=True)
class PageTests:
    """A/B tests of pages.

    Parameters
    ----------
    per_month
        Tests a month; each runs a month, beside the others.
    start
        Day, from the horizon's start, on which testing begins.
    """

    per_month: float
    start: int = 0

    def __post_init__(self) -> None:
        check("page_tests", self, {"per_month": (0.0, 1_000.0), "start": (0, 36_500)})


class PageLab:
    """Testing at work.

    Attributes
    ----------
    gain, claimed
        True effect of what was adopted on the log odds of buying, worn; the same as it was read.
    done, adopted
        Tests so far; candidates adopted.
    """

    def __init__(self, tests: PageTests, values: Values, seed: int, weight: float) -> None:
        self.tests, self.seed, self.weight = tests, seed, weight
        self.mean, self.spread = values["page_test_mean"], values["page_test_spread"]
        self.needed = NormalDist().inv_cdf(1.0 - min(max(values["page_test_level"], 1e-9), 1.0 - 1e-9))
        self.cost, self.regress = values["page_test_cost"], values["page_regress"]
        self.keep = (1.0 - min(values["page_wear"], 1.0 - 1e-9)) ** (1.0 / YEAR_DAYS)
        self.gain = self.claimed = self.due = self.visits = self.orders = 0.0
        self.done = self.adopted = self.days = 0

    def due_on(self, day: int) -> bool:
        """Whether ``day`` is one of the week on which tests are read."""
        return (day - self.tests.start) % WEEK == 0

    def run(self, day: int, visits: float, orders: float, days: int = 1) -> float:
        """Take in online ``visits`` and ``orders`` (agents) of the last ``days``; weekly read tests.

        Returns what they cost.
        """
        self.days += days
        part = min(days / min(MEMORY, self.days), 1.0)
        self.visits += (visits / days - self.visits) * part
        self.orders += (orders / days - self.orders) * part
        self.gain *= self.keep**days
        self.claimed *= self.keep**days
        if day < self.tests.start or not self.due_on(day):
            return 0.0
        self.due += self.tests.per_month * WEEK / MONTH_DAYS
        count = int(self.due)
        self.due -= count
        noise = self.noise()
        for k in range(count):
            self.read(day, k, noise)
        self.done += count
        return self.cost * count

    def noise(self) -> float:
        """Return the standard error of a reading: log odds of two arms that share a month's visits."""
        each = self.visits * self.weight * MONTH_DAYS / max(self.tests.per_month, 1.0) / 2.0
        chance = min(max(self.orders / max(self.visits, 1e-9), WORST), 0.5)
        return math.sqrt(2.0 / (max(each, 1.0) * chance * (1.0 - chance)))

    def read(self, day: int, k: int, noise: float) -> None:
        """Read the day's ``k``-th candidate, and adopt it if it looks better beyond doubt."""
        key = stream_key(self.seed, "page test", day)
        luck = [word(key, 4 * k + j) for j in range(4)]
        effect = self.mean - self.regress * max(self.gain, 0.0) + self.spread * normal(luck[0], luck[1])
        seen = effect + noise * normal(luck[2], luck[3])
        if seen > self.needed * noise:
            self.gain += effect
            self.claimed += seen
            self.adopted += 1
