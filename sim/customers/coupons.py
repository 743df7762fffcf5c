"""Coupons: a discount carried from an order in one medium to the next one, there or in the other medium.

A customer holds one coupon at a time, in 16 bits: 13 for its last day and 3 for its kind. Every coupon that
is issued is redeemed, runs out, or is still held.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameter

PARAMETERS = (
    Parameter(
        "coupon_taken", "share of buyers offered a coupon who take it", 0.5, 0.2, 0.9, "A", "-", "logit"
    ),
    Parameter(
        "coupon_pull",
        "log attraction of a medium per unit of depth of a coupon valid there",
        2.0,
        0.0,
        5.0,
        "A",
        "-",
    ),
    Parameter(
        "code_visits",
        "visits per need by the store's code, of who holds the coupon behind it",
        0.1,
        0.01,
        0.5,
        "A",
        "-",
        "log",
    ),
)
# Kinds: odd ones are valid in stores, even ones online; the last two stay in the medium of the order.
NO_COUPON, FOR_STORE, FOR_ONLINE, STORE_AGAIN, ONLINE_AGAIN = range(5)
KINDS = 5
LAST_CODE = 8191  # 13 bits hold the last day


class CouponTerms(NamedTuple):
    """Today's coupons: ``depth`` [5] by kind, 0 where none is issued; valid for ``days``.

    ``origin`` makes days positive numbers, ``lure`` is utility per unit of depth beyond the price, ``pull``
    and ``taken`` the parameters, ``codes`` visits per need by the store's code.
    """

    depth: NDArray[np.float64]
    days: int
    origin: int
    lure: float
    pull: float
    taken: float
    codes: float


def coupon_kind(coupon: int) -> int:
    """Return the kind of a coupon held, 0 for none."""
    return coupon & 7


def coupon_until(kind: int, day: int, terms: CouponTerms) -> int:
    """Return a coupon of ``kind`` issued on ``day``, with its last day, as 16 bits."""
    return ((day + terms.origin + terms.days) << 3) | kind


def valid_in(kind: int, online: int) -> bool:
    """Whether a coupon counts in stores (``online`` 0) or online (1)."""
    return kind > 0 and (kind % 2 == 0) == (online == 1)


def coupon_for(online: int, recognised: bool, depth: NDArray[np.float64]) -> int:
    """Return the kind of coupon offered after an order, 0 for none.

    Only who is recognised can carry one to the other medium; a coupon for the next order in the same medium
    needs no joined data.
    """
    across, again = (FOR_STORE, ONLINE_AGAIN) if online == 1 else (FOR_ONLINE, STORE_AGAIN)
    if recognised and depth[across] > 0.0:
        return across
    return again if depth[again] > 0.0 else NO_COUPON


def coupon_cut(paid: int, depth: float) -> int:
    """Return what a coupon of ``depth`` takes off ``paid``, both in minor units."""
    return int(float(paid) * depth + 0.5)


def coupon_attraction(kind: int, online: int, terms: CouponTerms) -> float:
    """Return the factor by which a coupon raises the attraction of looking in stores or online."""
    return math.exp(terms.pull * terms.depth[kind]) if valid_in(kind, online) else 1.0


def coupon_worth(depth: float, price_sensitivity: float, price_weight: float, lure: float) -> float:
    """Return the utility that a coupon of ``depth`` adds where it is valid: a price cut, and its lure."""
    return lure * depth - price_weight * price_sensitivity * math.log(1.0 - depth)
