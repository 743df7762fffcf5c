"""Loyalty: points earned and paid with, and tiers by the months in which a customer has ordered.

Points are whole tenths of the currency, at most 65,535 a customer. Every point earned is paid with, forfeited
when its owner leaves the market, or still owed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter

PARAMETERS = (
    Parameter(
        "points_pull",
        "attraction that points add for the lightest buyers, relative",
        0.05,
        0.0,
        0.2,
        "O",
        "light x1.05, heavy x1.0: Liu 2007",
    ),
    Parameter(
        "points_threshold",
        "balance from which points can be paid with, currency",
        5.0,
        1.0,
        20.0,
        "A",
        "-",
        "log",
    ),
    Parameter("points_most", "share of an order that points may pay", 0.5, 0.2, 0.9, "A", "-", "logit"),
    Parameter(
        "tier_months",
        "months with an order in the latest twelve that lift a member by one tier",
        3.0,
        2.0,
        5.0,
        "A",
        "-",
        "log",
    ),
    Parameter("tier_worth", "utility that a tier adds to our channels", 0.05, 0.0, 0.2, "A", "-"),
    Parameter("tier_response", "response to messages that a tier adds, relative", 0.1, 0.0, 0.4, "A", "-"),
    Parameter(
        "tier_cost", "share of an order that a tier's benefits cost", 0.01, 0.002, 0.03, "A", "-", "log"
    ),
)
POINT = 10  # minor units of money
FULL_BALANCE = 65_535
HEAVY = 6.0  # months with an order in a year from which points move nobody any more


class PointTerms(NamedTuple):
    """Today's points and tiers.

    ``rate`` points' value as a share of what is paid; ``rewards`` [R] points for a customer's first orders;
    ``threshold`` points; ``most`` and ``pull`` the parameters; ``basket`` mean order in minor units;
    ``shared`` 1 where one account holds in all channels, else ``home`` is the bit mask of channels with
    points, and ``near`` [2] whether some of them are stores, and online; ``tiers`` their number, of ``step``
    months each, with their ``worth``, ``response`` and ``cost``.
    """

    rate: float
    rewards: NDArray[np.float64]
    threshold: int
    most: float
    pull: float
    basket: float
    shared: int
    home: int
    near: NDArray[np.float64]
    tiers: int
    step: int
    worth: float
    response: float
    cost: float


def order_months(recent: int) -> int:
    """Return in how many of the twelve latest calendar months a customer has ordered, from the bits."""
    x = recent & 0xFFF
    x = x - ((x >> 1) & 0x555)
    x = (x & 0x333) + ((x >> 2) & 0x333)
    x = (x + (x >> 4)) & 0xF0F
    return (x + (x >> 8)) & 0x1F


def has_account(registered: int, recognised: bool, home: bool, shared: int) -> bool:
    """Whether a customer's points count at a channel.

    A member's do where they were begun (``home``); in the others only where accounts are shared and the
    customer is recognised there.
    """
    return registered == 1 and (home or (shared == 1 and recognised))


def points_for(paid: int, rate: float) -> int:
    """Return the points earned on ``paid`` minor units."""
    return int(float(paid) * rate / POINT + 0.5)


def points_paid(balance: int, paid: int, terms: PointTerms) -> int:
    """Return the points that are paid with on an order of ``paid`` minor units: none below the threshold."""
    if balance < terms.threshold:
        return 0
    return min(balance, int(float(paid) * terms.most / POINT))


def points_attraction(months: int, pull: float) -> float:
    """Return the factor by which points raise the attraction of looking, 1 for heavy buyers."""
    return 1.0 + pull * max(1.0 - float(months) / HEAVY, 0.0)


def points_worth(balance: int, price_sensitivity: float, price_weight: float, terms: PointTerms) -> float:
    """Return the utility that a balance adds where it can be paid with: a price cut on the mean order."""
    if balance < terms.threshold:
        return 0.0
    cut = min(float(balance * POINT) / terms.basket, terms.most)
    return -price_weight * price_sensitivity * math.log(1.0 - cut)


def tier_of(months: int, tiers: int, step: int) -> int:
    """Return a member's tier, 0 the lowest, from the months with an order in the latest twelve."""
    return min(months // step, tiers - 1) if tiers > 1 else 0


def tier_expense(paid: int, tier: int, cost: float) -> int:
    """Return what a tier's benefits cost the retailer on an order, minor units."""
    return int(float(paid) * cost * float(tier) + 0.5)
