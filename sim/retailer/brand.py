"""Brand: who knows us, how far they trust us, and whether our channels say the same.

A slow public state beside the channels that each customer knows. Awareness goes to where its log odds stand by our
presence - advertising, content, and what keeps up by itself - against today's. Trust follows the service that
buyers meet, prices that differ between channels, service that differs between channels, and how far goods are
always on offer, each against what is usual today. Both move over months: a neglected brand fades, it does not fall.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.parameters import Parameter, Values

PARAMETERS = (
    Parameter("brand_days", "days over which awareness and trust move", 180, 60, 540, "A", "-", "log"),
    Parameter("brand_advertising", "share of awareness that advertising keeps up", 0.30, 0.1, 0.5, "A", "-", "logit"),
    Parameter("brand_content", "share of awareness that content keeps up", 0.15, 0.02, 0.3, "A", "-", "logit"),
    Parameter("click_presence", "presence that money on clicks buys, against broadcast", 0.3, 0.0, 1.0, "A", "-"),
    Parameter("awareness_conversion", "odds of buying gained where everybody knows us, relative", 0.10, 0.0, 0.20, "A", "a plan: up to 20 %"),
    Parameter("awareness_direct", "elasticity of direct visits to awareness", 1.0, 0.0, 1.5, "A", "-"),
    Parameter("trust_weight", "utility per unit of trust", 0.6, 0.0, 1.2, "A", "-"),
    Parameter("trust_service", "trust per unit of service beyond the usual", 0.6, 0.2, 1.2, "A", "neglected stores: -40 % brand value, a case"),
    Parameter("trust_consistency", "trust lost where channels have nothing in common", 0.25, 0.05, 0.5, "A", "-"),
    Parameter("trust_discount", "trust lost per unit of mean discount beyond a tenth", 0.3, 0.0, 0.8, "A", "-"),
    Parameter("gap_tolerance", "price gap between channels that nobody minds", 0.05, 0.0, 0.15, "A", "-"),
)  # fmt: skip
WEEK = 7.0
ALWAYS = 0.10  # mean discount up to which goods are not thought to be always on offer
GAP_SCALE = 2.0  # a price gap of one half beyond tolerance leaves channels with nothing in common


@dataclass(frozen=True)
class Brand:
    """The brand when the horizon starts: shares 0-1 of people who know it, and of the trust it could have."""

    awareness: float
    trust: float = 0.6

    def __post_init__(self) -> None:
        for name, value in (("awareness", self.awareness), ("trust", self.trust)):
            if not 0.0 < value < 1.0:
                raise ValueError(f"brand.{name}: {value}; expected a share above 0 and below 1")


@dataclass
class Usual:
    """Means over the days seen before the brand began to move: what everybody is used to."""

    weight: float = 0.0
    quality: float = 0.0
    price_gap: float = 0.0
    service_gap: float = 0.0
    discount: float = 0.0

    def take_in(self, seen: Usual) -> None:
        """Add a week's means; weeks without an order say nothing of quality."""
        before, self.weight = self.weight, self.weight + seen.weight
        if self.weight > 0.0:
            for name in ("quality", "price_gap", "service_gap", "discount"):
                mean = (before * getattr(self, name) + seen.weight * getattr(seen, name)) / self.weight
                setattr(self, name, mean)


class BrandState:
    """Awareness, trust and consistency, week by week; all as today's through the burn-in."""

    def __init__(self, brand: Brand, values: Values) -> None:
        self.awareness, self.trust, self.consistency = brand.awareness, brand.trust, 1.0
        self.first, self.usual = brand, Usual()
        self.step = min(WEEK / values["brand_days"], 1.0)
        self.ads, self.content = values["brand_advertising"], values["brand_content"]
        self.conversion, self.direct_power = values["awareness_conversion"], values["awareness_direct"]
        self.trust_weight, self.by_service = values["trust_weight"], values["trust_service"]
        self.by_consistency, self.by_discount = values["trust_consistency"], values["trust_discount"]
        self.tolerance = values["gap_tolerance"]

    def live(self, day: int, presence: tuple[float, float], seen: Usual) -> None:
        """Move by a week: ``presence`` are advertising and content against today's, ``seen`` the week's means."""
        if day < 0 or self.usual.weight == 0.0:
            self.usual.take_in(seen)
            return
        level = max(1.0 - self.ads - self.content, 0.0)
        level += self.ads * math.sqrt(presence[0]) + self.content * math.sqrt(presence[1])
        odds = level * self.first.awareness / (1.0 - self.first.awareness)
        self.awareness += self.step * (odds / (1.0 + odds) - self.awareness)
        usual = self.usual
        price_gap = max(seen.price_gap - max(usual.price_gap, self.tolerance), 0.0)
        service_gap = max(seen.service_gap - usual.service_gap, 0.0)
        apart = min(GAP_SCALE * price_gap + service_gap, 1.0)
        self.consistency += self.step * (1.0 - apart - self.consistency)
        goal = self.first.trust - self.by_consistency * apart
        goal -= self.by_discount * max(seen.discount - max(usual.discount, ALWAYS), 0.0)
        if seen.weight > 0.0:
            goal += self.by_service * (seen.quality - usual.quality)
        self.trust += self.step * (min(max(goal, 0.0), 1.0) - self.trust)

    @property
    def value(self) -> float:
        """Brand value against today's: known, trusted, of one piece."""
        return self.awareness * self.trust / (self.first.awareness * self.first.trust) * self.consistency

    @property
    def worth(self) -> float:
        """Utility that the brand adds to buying at any of our channels."""
        known = (self.awareness - self.first.awareness) / (1.0 - self.first.awareness)
        return math.log(max(1.0 + self.conversion * known, 0.2)) + self.trust_weight * (
            self.trust - self.first.trust
        )

    @property
    def direct(self) -> float:
        """Factor on the pull of coming directly."""
        return float((self.awareness / self.first.awareness) ** self.direct_power)


def gap(values: Sequence[float]) -> float:
    """Return how far values of channels lie apart: the widest difference."""
    return max(values) - min(values) if values else 0.0
