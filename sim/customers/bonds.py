"""Bonds: what ties customers to the retailer beside the day's offer - coupons, points, care, other customers.

The terms of each come from the retailer and change at most weekly; with :data:`NO_BONDS` nothing here acts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.customers.care import GROUPS, CareTerms, response
from sim.customers.coupons import (
    FOR_ONLINE,
    KINDS,
    CouponTerms,
    coupon_attraction,
    coupon_kind,
    coupon_worth,
    valid_in,
)
from sim.customers.identity import RECOGNISED
from sim.customers.loyalty import (
    PointTerms,
    has_account,
    order_months,
    points_attraction,
    points_worth,
    tier_of,
)
from sim.customers.word_of_mouth import TalkTerms, referral_attraction, unpack_heard, warned

FIXED = ("recognised", "birthday", "neighbours")  # luck that a customer keeps
AT_RECOGNISED, AT_BIRTHDAY, AT_NEIGHBOURS = range(3)
AT_COUPON = 40  # place within the "funnel" stream
IN_STORES, ONLINE = 0, 1


class Bonds(NamedTuple):
    """What customers see of the retailer's relations with them.

    ``keys`` [3] of the luck in :data:`FIXED`; ``recognised`` share of buyers whom the retailer knows across
    channels.
    """

    keys: NDArray[np.uint64]
    recognised: float
    coupons: CouponTerms
    points: PointTerms
    care: CareTerms
    talk: TalkTerms


NO_COUPONS = CouponTerms(np.zeros(KINDS), 1, 1, 0.0, 0.0, 0.0, 0.0)
NO_POINTS = PointTerms(0.0, np.zeros(0), 1, 0.0, 0.0, 1.0, 0, 0, np.zeros(2), 0, 1, 0.0, 0.0, 0.0)
NO_CARE = CareTerms(np.ones(len(GROUPS)), 1.0, 1.0, 1.0, 1.0, 0.0)
NO_TALK = TalkTerms(0, 0.0, 0.0)
NO_BONDS = Bonds(np.zeros(len(FIXED), np.uint64), 0.0, NO_COUPONS, NO_POINTS, NO_CARE, NO_TALK)


def packed(bonds: Bonds) -> NDArray[np.float64]:
    """Return the terms as one vector: handing many small arrays to a compiled loop is dear."""
    points = bonds.points
    parts = (bonds.recognised, *bonds.coupons, *points._replace(rewards=np.zeros(0)), *bonds.care)
    values: list[float] = []
    for part in (*parts, *bonds.talk, points.rewards):
        values.extend(part.tolist() if isinstance(part, np.ndarray) else (float(part),))
    return np.array(values)


def unpacked(v: NDArray[np.float64], keys: NDArray[np.uint64]) -> Bonds:
    """Return the terms that :func:`packed` has put into ``v``."""
    coupons = CouponTerms(v[1:6], int(v[6]), int(v[7]), float(v[8]), float(v[9]), float(v[10]), float(v[11]))
    points = PointTerms(
        float(v[12]),
        v[40:],
        int(v[13]),
        float(v[14]),
        float(v[15]),
        float(v[16]),
        int(v[17]),
        int(v[18]),
        v[19:21],
        int(v[21]),
        int(v[22]),
        float(v[23]),
        float(v[24]),
        float(v[25]),
    )
    care = CareTerms(v[26:32], float(v[32]), float(v[33]), float(v[34]), float(v[35]), float(v[36]))
    talk = TalkTerms(int(v[37]), float(v[38]), float(v[39]))
    return Bonds(keys, float(v[0]), coupons, points, care, talk)


def looks_more(
    medium: int, months: int, registered: int, recognised: bool, coupon: int, heard: int, bonds: Bonds
) -> float:
    """Return the factor on the attraction of a medium, stores or online, from coupon, points and warnings."""
    points = bonds.points
    factor = coupon_attraction(coupon_kind(coupon), medium, bonds.coupons)
    if points.rate > 0.0 and has_account(registered, recognised, points.near[medium] == 1, points.shared):
        factor *= points_attraction(months, points.pull)
    return factor * warned(unpack_heard(heard)) if bonds.talk.neighbours > 0 else factor


def referred_more(heard: int, bonds: Bonds) -> float:
    """Return the factor on the attraction of coming by referral: 1 without a network."""
    return referral_attraction(unpack_heard(heard)) if bonds.talk.neighbours > 0 else 1.0


def answers_more(
    day: int,
    orders: int,
    first_order: int,
    last_order: int,
    months: int,
    basket: float,
    birthday: int,
    recognised: bool,
    bonds: Bonds,
) -> float:
    """Return the factor on a member's visits from the private domain; messages fit the recognised alone."""
    if not recognised:
        return 1.0
    points = bonds.points
    factor = response(day, orders, first_order, last_order, months, basket, birthday, bonds.care)
    return factor * (1.0 + points.response * float(tier_of(months, points.tiers, points.step)))


def scans_code(coupon: int, bonds: Bonds) -> float:
    """Return the visits per need by the store's code: who holds the coupon behind it will scan it."""
    return bonds.coupons.codes if coupon_kind(coupon) == FOR_ONLINE else 0.0


def favour(
    c: int,
    online: int,
    recent: int,
    registered: int,
    flags: int,
    coupon: int,
    points: int,
    price_sensitivity: float,
    price_weight: float,
    response: float,
    bonds: Bonds,
) -> float:
    """Return the utility that bonds add to buying at channel ``c``.

    A coupon or points are money off: ``response`` is the channel's factor on what price does.
    """
    terms, recognised, value = bonds.points, flags & RECOGNISED != 0, 0.0
    kind = coupon_kind(coupon)
    if valid_in(kind, online):
        depth = bonds.coupons.depth[kind]
        value += response * coupon_worth(depth, price_sensitivity, price_weight, bonds.coupons.lure)
    if has_account(registered, recognised, (terms.home >> c) & 1 == 1, terms.shared):
        value += response * points_worth(points, price_sensitivity, price_weight, terms)
        value += terms.worth * float(tier_of(order_months(recent), terms.tiers, terms.step))
    return value + bonds.care.personas if recognised else value
