"""The compiled till: a buyer is recognised, pays with coupon and points, earns some, takes a new coupon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.customers.bonds import AT_COUPON, AT_RECOGNISED, Bonds, unpacked
from sim.customers.coupons import coupon_cut, coupon_for, coupon_kind, coupon_until, valid_in
from sim.customers.exchange import (
    CARE_COSTS,
    COUPONS_ISSUED,
    COUPONS_REDEEMED,
    POINTS_EARNED,
    POINTS_REDEEMED,
    REFERRAL,
    REFERRED_ORDERS,
)
from sim.customers.funnel import succeeds
from sim.customers.habit import moved, narrow, widen
from sim.customers.identity import RECOGNISED, REFERRED, is_recognised
from sim.customers.loyalty import (
    FULL_BALANCE,
    POINT,
    has_account,
    order_months,
    points_for,
    points_paid,
    tier_expense,
    tier_of,
)
from sim.customers.population import Person
from sim.customers.seen import Record, Seen
from sim.engine.randomness import Word, unit, word


def settle(
    luck: Word,
    i: int,
    c: int,
    source: int,
    paid: int,
    person: Person,
    seen: Seen,
    offer: Record,
    events: NDArray[np.int64],
) -> int:
    """Settle customer ``i``'s order at ``c`` of ``paid`` minor units; return what coupon and points take off.

    ``luck`` is that of the customer's check-out.
    """
    bonds, online = unpacked(seen.bonds, seen.luck), offer.online[c]
    if is_recognised(unit(word(bonds.keys[AT_RECOGNISED], np.uint64(i))), bonds.recognised):
        person.flags |= np.uint8(RECOGNISED)
    recognised = person.flags & RECOGNISED != 0
    off = redeem_coupon(c, online, paid, bonds, person, events)
    home = (bonds.points.home >> c) & 1 == 1
    if has_account(person.registered, recognised, home, bonds.points.shared):
        off += settle_points(c, paid - off, bonds, person, events)
    kind = coupon_for(online, recognised, bonds.coupons.depth)
    free = kind > 0 and person.coupon == 0
    if free and succeeds(unit(word(luck, np.uint64(AT_COUPON))), bonds.coupons.taken):
        person.coupon = coupon_until(kind, offer.day, bonds.coupons)
        events[c, COUPONS_ISSUED] += 1
    if source == REFERRAL and person.orders == 0:
        thank_for_referral(c, offer.channels, bonds, person, events)
    return off


def redeem_coupon(
    c: int, online: int, paid: int, bonds: Bonds, person: Person, events: NDArray[np.int64]
) -> int:
    """Take the customer's coupon in if it is valid at ``c``; return what it takes off."""
    kind = coupon_kind(int(np.int64(person.coupon)))
    if not valid_in(kind, online):
        return 0
    person.coupon = 0
    events[c, COUPONS_REDEEMED] += 1
    return coupon_cut(paid, bonds.coupons.depth[kind])


def settle_points(c: int, paid: int, bonds: Bonds, person: Person, events: NDArray[np.int64]) -> int:
    """Let the customer pay with points and earn some on the rest; return what they take off."""
    terms, balance = bonds.points, int(np.int64(person.points))
    used = points_paid(balance, paid, terms)
    rest = paid - used * POINT
    earned = points_for(rest, terms.rate)
    if person.orders < len(terms.rewards):
        earned += int(terms.rewards[person.orders])
    earned = min(earned, FULL_BALANCE - balance + used)
    person.points = balance - used + earned
    events[c, POINTS_REDEEMED] += used
    events[c, POINTS_EARNED] += earned
    tier = tier_of(order_months(int(np.int64(person.recent))), terms.tiers, terms.step)
    events[c, CARE_COSTS] += tier_expense(rest, tier, terms.cost)
    return used * POINT


def thank_for_referral(
    c: int, channels: int, bonds: Bonds, person: Person, events: NDArray[np.int64]
) -> None:
    """Mark the customer as referred: who comes on a friend's word trusts us in advance."""
    person.flags |= np.uint8(REFERRED)
    events[c, REFERRED_ORDERS] += 1
    for other in range(channels):
        trusting = moved(widen(person.satisfaction[other]), 1.0, bonds.talk.trust)
        person.satisfaction[other] = narrow(trusting)
