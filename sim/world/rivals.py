"""Rivals: what they offer instead of us, how they follow our prices, go to war, copy us and enter.

One rival that nobody names follows part of our price changes. A plan may name others: those there from the
start take their share of the unnamed one's place, so that nothing changes until somebody moves; those who
enter come on top. The best of several offers with independent Gumbel errors has the utility of their log-sum
and the same error, so a customer compares us with one rival. Which rivals count depends on where the customer
looks: stores meet rival stores, live sellers meet those who look at social channels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter, Values

PARAMETERS = (
    Parameter("rival_appeal", "utility of buying from a rival, against nowhere", -2.0, -4.0, 0.0, "A", "-"),
    Parameter("rival_reaction", "share of our price change that rivals follow", 0.3, 0.0, 0.8, "A", "-"),
    Parameter("rival_days", "days in which they follow", 45, 14, 120, "A", "-", "log"),
    Parameter(
        "war_gap",
        "undercutting that a rival may answer by war",
        0.08,
        0.03,
        0.2,
        "A",
        "-",
        "log",
    ),
    Parameter("war_patience", "days that a rival bears it", 30, 7, 90, "A", "-", "log"),
    Parameter(
        "war_loss",
        "fall of rivals' share of orders that brings war",
        0.15,
        0.05,
        0.4,
        "A",
        "-",
        "log",
    ),
    Parameter(
        "war_depth",
        "how far a rival at war goes below our price",
        0.10,
        0.03,
        0.25,
        "A",
        "-",
        "log",
    ),
    Parameter("war_media", "media pressure of a rival at war over its usual", 1.5, 1.0, 3.0, "A", "-", "log"),
    Parameter("war_days", "days that a war lasts", 60, 20, 150, "A", "-", "log"),
    Parameter("copy_share", "share of our new worth that a copier reaches", 0.5, 0.1, 0.9, "A", "-", "logit"),
    Parameter("copy_days", "mean days until it has copied", 270, 90, 720, "A", "-", "log"),
)
RivalKind = Literal["store", "online", "live"]
Behaviour = Literal["follow", "war", "copy"]
RIVAL_KINDS: tuple[str, ...] = get_args(RivalKind)
BEHAVIOURS: tuple[str, ...] = get_args(Behaviour)
# How much of a rival's offer counts for who looks at one of our channels. Assumptions.
AFFINITY: Mapping[str, Mapping[str, float]] = {
    "store": {"store": 1.0, "own": 0.4, "marketplace": 0.4, "social": 0.4},
    "online": {"store": 0.4, "own": 1.0, "marketplace": 1.0, "social": 1.0},
    "live": {"store": 0.15, "own": 0.4, "marketplace": 0.4, "social": 1.0},
}
LOUD: Mapping[str, float] = {"store": 0.2, "online": 1.0, "live": 1.0}  # of its strength, heard in auctions
SHARE_DAYS = 60.0  # over which rivals see shares of orders
PEACE = 180  # days of exhaustion after a war
WAR_SPEED = 7.0  # days in which a rival at war cuts its price


@dataclass(frozen=True)
class RivalPlan:
    """A rival that is known by name.

    Parameters
    ----------
    name, kind
        ``store``, ``online`` or ``live``: whose customers it meets (:data:`AFFINITY`).
    behaviour
        What it does beside being there: ``follow`` our price, go to ``war``, ``copy`` our worth.
    strength
        Odds of buying from it, against all of today's rivals together.
    enters
        Day it opens; ``None``: it is one of today's rivals.
    """

    name: str
    kind: RivalKind = "online"
    behaviour: tuple[Behaviour, ...] = ("follow",)
    strength: float = 0.2
    enters: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in RIVAL_KINDS:
            raise ValueError(f"rival {self.name!r}: kind {self.kind!r}; expected one of {RIVAL_KINDS}")
        for behaviour in self.behaviour:
            if behaviour not in BEHAVIOURS:
                said = f"behaviour {behaviour!r}; expected some of {BEHAVIOURS}"
                raise ValueError(f"rival {self.name!r}: {said}")
        if not (math.isfinite(self.strength) and 0.0 <= self.strength <= 10.0):
            raise ValueError(f"rival {self.name!r}: strength {self.strength}; expected a number from 0 to 10")


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


class RivalFirm:
    """One named rival. Subclass it and override :meth:`react` for a rival of another mind.

    Attributes
    ----------
    price
        Relative to the reference price.
    copied
        Utility it has gained by copying us.
    media
        Its media pressure against its usual.
    """

    def __init__(self, plan: RivalPlan, values: Values) -> None:
        self.plan, self.behaviour = plan, frozenset(plan.behaviour)
        self.reaction = values["rival_reaction"] if "follow" in self.behaviour else 0.0
        self.follow_days, self.price_weight = values["rival_days"], values["price_weight"]
        self.war_gap, self.war_loss, self.bears = (
            values["war_gap"],
            values["war_loss"],
            values["war_patience"],
        )
        self.war_depth, self.war_media = values["war_depth"], values["war_media"]
        self.war_days = int(values["war_days"])
        self.copy_share, self.copy_days = values["copy_share"], values["copy_days"]
        self.price, self.copied, self.media = 1.0, 0.0, 1.0
        self.patience, self.war_until, self.rest_until = 0, -1, -1

    def react(self, day: int, our_price: float, lost: float, lead: float) -> None:
        """Live a day of the horizon (``day`` 0 and later; before, everybody only follows).

        ``our_price`` is our mean net price; ``lost`` by how much rivals' share of orders has fallen, relative
        to the start; ``lead`` the utility that our channels have gained since then.
        """
        goal, days = 1.0 + self.reaction * (our_price - 1.0), self.follow_days
        if "war" in self.behaviour and day >= 0:
            self.consider_war(day, our_price, lost)
        self.media = self.war_media if day < self.war_until else 1.0
        if day < self.war_until:
            goal, days = min(goal, our_price * (1.0 - self.war_depth)), WAR_SPEED
        self.price += (max(goal, 0.1) - self.price) / days
        if "copy" in self.behaviour and day >= 0:
            self.copied += (self.copy_share * max(lead, 0.0) - self.copied) / self.copy_days

    def consider_war(self, day: int, our_price: float, lost: float) -> None:
        """Go to war when we have undercut it for too long, or rivals have lost too much to us."""
        undercut = our_price < self.price * (1.0 - self.war_gap)
        self.patience = self.patience + 1 if undercut else 0
        provoked = self.patience > self.bears or lost > self.war_loss
        if provoked and day >= self.rest_until:
            self.war_until = day + self.war_days
            self.rest_until, self.patience = self.war_until + PEACE, 0

    def there(self, day: int) -> bool:
        """Whether it is in the market on ``day``."""
        return self.plan.enters is None or day >= self.plan.enters

    @property
    def gain(self) -> float:
        """Utility of its offer against what it was at the start."""
        return self.copied - self.price_weight * math.log(self.price)


class Competition(RivalMarket):
    """The unnamed rival and the named ones; ``edge`` [C] and ``pressure`` say what the named ones change.

    Parameters
    ----------
    values, plans
        Parameters; named rivals, none by default.
    kinds
        Kind of each of our channels [C].
    make
        What makes a named rival of its plan.
    """

    def __init__(
        self,
        values: Values,
        plans: Sequence[RivalPlan] = (),
        kinds: Sequence[str] = (),
        make: Callable[[RivalPlan, Values], RivalFirm] = RivalFirm,
    ) -> None:
        super().__init__(values)
        self.firms = [make(plan, values) for plan in plans]
        self.edge: NDArray[np.float64] = np.zeros(len(kinds))
        self.pressure, self.day = 1.0, 0
        self.odds: list[tuple[list[float], float]] = []
        self.share, self.first_share, self.lead, self.first_worth = 0.0, 0.0, 0.0, math.nan
        self.seen = 0.0
        incumbent = sum(plan.strength for plan in plans if plan.enters is None)
        fit = 1.0 / incumbent if incumbent > 1.0 else 1.0
        self.weights = [
            [
                plan.strength * (fit if plan.enters is None else 1.0) * AFFINITY[plan.kind][kind]
                for kind in kinds
            ]
            for plan in plans
        ]
        self.rest = [
            1.0 - sum(w[c] for w, plan in zip(self.weights, plans, strict=True) if plan.enters is None)
            for c in range(len(kinds))
        ]
        self.loud = [
            plan.strength * (fit if plan.enters is None else 1.0) * LOUD[plan.kind] for plan in plans
        ]

    def meet(self, day: int, our_price: float) -> None:
        """Let everybody react to our mean net price of ``day``."""
        self.react(our_price)
        self.day = day
        if not self.firms:
            return
        lost = 1.0 - self.share / self.first_share if self.first_share > 0.0 else 0.0
        present = []
        for k, firm in enumerate(self.firms):
            if firm.there(day):
                firm.react(day, our_price, lost, self.lead)
                present.append((k, firm.plan.enters is not None, firm.gain, firm.media))
        follower = -self.price_weight * math.log(self.price)
        odds = [(self.weights[k], math.exp(gain - follower)) for k, _, gain, _ in present]
        if odds != self.odds:
            self.odds = odds
            against = list(self.rest)
            for weights, better in odds:
                for c, weight in enumerate(weights):
                    against[c] += weight * better
            self.edge = np.array([math.log(max(level, 1e-12)) for level in against])
        self.pressure = 1.0
        for k, new, _, media in present:
            self.pressure += self.loud[k] * (media if new else media - 1.0)

    def observe(self, ours: float, theirs: float, worth: float | None) -> None:
        """Note the day's orders with us and with rivals, and (weekly) the mean ``worth`` of our channels."""
        if not self.firms:
            return
        if ours + theirs > 0.0:
            self.seen += 1.0
            self.share += (theirs / (ours + theirs) - self.share) / min(self.seen, SHARE_DAYS)
        if self.day < 0 or self.seen < SHARE_DAYS:
            self.first_share = self.share
        if worth is not None:
            if self.day < 0 or math.isnan(self.first_worth):
                self.first_worth = worth
            self.lead = worth - self.first_worth
