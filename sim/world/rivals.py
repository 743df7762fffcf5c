"""Rivals: what they offer instead of us, and how they follow our prices."""

from __future__ import annotations

import math

from sim.parameters import Parameter, Values

PARAMETERS = (
    Parameter("rival_appeal", "utility of buying from a rival, against nowhere", -2.0, -4.0, 0.0, "A", "-"),
    Parameter("rival_reaction", "share of our price change that rivals follow", 0.3, 0.0, 0.8, "A", "-"),
    Parameter("rival_days", "days in which they follow", 45, 14, 120, "A", "-", "log"),
)


class RivalMarket:
    """All rivals as one: ``price`` relative to the reference, moving towards ours."""

    def __init__(self, values: Values) -> None:
        self.appeal, self.reaction = values["rival_appeal"], values["rival_reaction"]
        self.days, self.price_weight = values["rival_days"], values["price_weight"]
        self.price = 1.0

    def react(self, our_price: float) -> None:
        """Follow our mean net price (relative to the reference) by a day's step."""
        goal = 1.0 + self.reaction * (our_price - 1.0)
        self.price += (goal - self.price) / self.days

    @property
    def worth(self) -> float:
        """Utility of buying from them today."""
        return self.appeal - self.price_weight * math.log(self.price)
