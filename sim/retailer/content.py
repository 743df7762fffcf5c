"""Content: themes published month by month add up to a stock that draws visits, and wear.

A theme lives for a while and its success is luck (a few draw most of the interest). The pull of content, and
less so of search, rises with the stock towards a limit: effort pays over months, not at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.engine.randomness import normal, stream_key, word
from sim.parameters import Parameter, Values

PARAMETERS = (
    Parameter("theme_life", "mean days that a theme of content draws visits", 120, 30, 365, "A", "-", "log"),
    Parameter("theme_half", "themes alive at which half of the attainable pull is reached", 10, 3, 30, "A", "-", "log"),
    Parameter("theme_spread", "log sd of how well themes do", 0.8, 0.3, 1.5, "A", "-", "log"),
    Parameter("theme_content", "pull of content gained from endless themes, relative", 1.5, 0.3, 3.0, "A", "-", "log"),
    Parameter("theme_search", "pull of search gained from endless themes, relative", 0.5, 0.1, 1.0, "A", "cases: +50 %", "log"),
    Parameter("theme_cost", "currency to make a theme", 5000, 500, 50000, "A", "-", "log"),
    Parameter("interaction_rate", "likes, comments and shares a visit from content", 0.08, 0.01, 0.3, "A", "-", "log"),
)  # fmt: skip


@dataclass(frozen=True)
class ContentWork:
    """Themes of content published a month from day ``start`` of the horizon on, beyond today's work."""

    themes_per_month: float
    start: int = 0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.themes_per_month) and 0.0 <= self.themes_per_month <= 1_000.0):
            raise ValueError(
                f"content.themes_per_month: {self.themes_per_month}; expected a number from 0 to 1000"
            )


class ContentDesk:
    """The stock of themes alive: ``alive`` counts them, ``stock`` weighs them by their success (mean 1)."""

    def __init__(self, work: ContentWork, values: Values, seed: int) -> None:
        self.start, self.seed, self.daily = max(work.start, 0), seed, work.themes_per_month * 12.0 / 365.0
        self.keep, self.half = 1.0 - 1.0 / max(values["theme_life"], 1.0), values["theme_half"]
        self.spread, self.cost = values["theme_spread"], values["theme_cost"]
        self.content, self.search = values["theme_content"], values["theme_search"]
        self.due, self.published, self.alive, self.stock = 0.0, 0, 0.0, 0.0

    def publish(self, day: int) -> float:
        """Live a day: themes wear, due ones appear; return what they cost."""
        if day < self.start:
            return 0.0
        self.alive, self.stock, self.due = (
            self.alive * self.keep,
            self.stock * self.keep,
            self.due + self.daily,
        )
        made = int(self.due)
        self.due -= made
        for _ in range(made):
            self.stock += self.success(self.published)
            self.alive, self.published = self.alive + 1.0, self.published + 1
        return self.cost * made

    def success(self, theme: int) -> float:
        """Return how well the ``theme``-th does: log-normal with mean 1."""
        key = stream_key(self.seed, "theme")
        z = normal(word(key, 2 * theme), word(key, 2 * theme + 1))
        return math.exp(self.spread * z - 0.5 * self.spread * self.spread)

    @property
    def reached(self) -> float:
        """Share of the attainable pull, 0-1."""
        return self.stock / (self.stock + self.half)

    @property
    def quality(self) -> float:
        """Mean success of the themes alive; 1 where there are none."""
        return self.stock / self.alive if self.alive > 0.0 else 1.0

    @property
    def factors(self) -> tuple[float, float]:
        """Factors on the pulls of content and of organic search."""
        return 1.0 + self.content * self.reached, 1.0 + self.search * self.reached
