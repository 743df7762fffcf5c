"""What the retailer does for its relations with customers: coupons, points and tiers, care, and the network.

These are declarations; :mod:`sim.retailer.relations_desk` runs them, and the rules that customers follow stand
in ``sim/customers``. Each feature may start on a day of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

FEATURES = (
    "coupons",
    "points",
    "shared_points",
    "tiers",
    "new_customer_rewards",
    "referral_reward",
    "rfm",
    "personas",
    "first_order",
    "birthday",
    "lapsing",
    "community",
)
TRIGGERS = ("first_order", "birthday", "lapsing")
LARGEST_REWARD = 6_553.5  # currency: 16 bits of tenths


@dataclass(frozen=True)
class Coupons:
    """Coupons taken at an order and redeemed at a later one.

    Parameters
    ----------
    online_to_store, store_to_online, within_channel
        Depth, 0-1, of coupons carried from an online order into a store, from a store to the online shops
        (behind the store's code), and to the next order in the same medium.
    days
        Days that a coupon is valid.
    """

    online_to_store: float = 0.0
    store_to_online: float = 0.0
    within_channel: float = 0.0
    days: int = 30

    def __post_init__(self) -> None:
        for name in ("online_to_store", "store_to_online", "within_channel"):
            _check(f"coupons.{name}", getattr(self, name), 0.0, 0.9)
        _check("coupons.days", self.days, 1, 365)


@dataclass(frozen=True)
class Loyalty:
    """Points and tiers of members.

    Parameters
    ----------
    points_rate
        Points' value as a share of what is paid.
    shared
        Whether recognised members earn and pay with points in every channel; else where points began: the
        own shops, stores where there are none, every channel where there are neither.
    tiers
        Number of membership tiers; fewer than two are none.
    rewards
        Currency value of the points given at a customer's first, second ... order.
    referral_reward
        Currency paid for each first order that came by referral.
    """

    points_rate: float = 0.0
    shared: bool = False
    tiers: int = 0
    rewards: tuple[float, ...] = ()
    referral_reward: float = 0.0

    def __post_init__(self) -> None:
        _check("loyalty.points_rate", self.points_rate, 0.0, 1.0)
        _check("loyalty.tiers", self.tiers, 0, 12)
        for reward in self.rewards:
            _check("loyalty.rewards", reward, 0.0, LARGEST_REWARD)
        _check("loyalty.referral_reward", self.referral_reward, 0.0, math.inf)


@dataclass(frozen=True)
class Crm:
    """Care for recognised members.

    Parameters
    ----------
    rfm
        Whether effort differs by group, within the same total.
    personas
        Number of personas served differently.
    triggers
        Occasions for a message: of :data:`TRIGGERS`.
    community
        Whether content members are brought together to talk.
    """

    rfm: bool = False
    personas: int = 0
    triggers: tuple[str, ...] = ()
    community: bool = False

    def __post_init__(self) -> None:
        _check("crm.personas", self.personas, 0, 1_000)
        for trigger in self.triggers:
            if trigger not in TRIGGERS:
                raise ValueError(f"crm.triggers: {trigger!r}; expected some of {TRIGGERS}")


@dataclass(frozen=True)
class Network:
    """Whom customers hear: ``neighbours`` each, a share ``rewired`` of the ties leading anywhere."""

    neighbours: int = 6
    rewired: float = 0.1

    def __post_init__(self) -> None:
        _check("network.neighbours", self.neighbours, 1, 64)
        _check("network.rewired", self.rewired, 0.0, 1.0)


@dataclass(frozen=True)
class Relations:
    """Relations with customers; what is ``None`` is not done.

    ``starts`` are days from the horizon's start on which a feature (:data:`FEATURES`) begins; others begin with
    the horizon. Without a network, word of mouth is the same for all, and rewards for referrals move nobody.
    """

    coupons: Coupons | None = None
    loyalty: Loyalty | None = None
    crm: Crm | None = None
    network: Network | None = None
    starts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, day in self.starts.items():
            if name not in FEATURES:
                raise ValueError(f"relations.starts: no feature {name!r}; expected some of {FEATURES}")
            if day != int(day):
                raise ValueError(f"relations.starts.{name}: {day}; expected a whole day")

    def begun(self, feature: str, day: int) -> bool:
        """Whether ``feature`` has begun by ``day``; whether it is declared at all is for its part to say."""
        return day >= self.starts.get(feature, 0)


def _check(name: str, value: float, low: float, high: float) -> None:
    if not (low <= value <= high):
        raise ValueError(f"{name}: {value}; expected {low:g} to {high:g}")
