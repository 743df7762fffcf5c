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
    Offer,
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
from sim.customers.population import State
from sim.engine.randomness import Word, unit, word


def settle(
    luck: Word, i: int, c: int, source: int, paid: int, offer: Offer, state: State, events: NDArray[np.int64]
) -> int:
    """Settle customer ``i``'s order at ``c`` of ``paid`` minor units; return what coupon and points take off.

    ``luck`` is that of the customer's check-out.
    """
    bonds, online = unpacked(offer.bonds, offer.luck), offer.online[c]
    if is_recognised(unit(word(bonds.keys[AT_RECOGNISED], np.uint64(i))), bonds.recognised):
        state.flags[i] |= np.uint8(RECOGNISED)
    recognised = state.flags[i] & RECOGNISED != 0
    off = redeem_coupon(i, c, online, paid, bonds, state, events)
    home = (bonds.points.home >> c) & 1 == 1
    if has_account(state.registered[i], recognised, home, bonds.points.shared):
        off += settle_points(i, c, paid - off, bonds, state, events)
    kind = coupon_for(online, recognised, bonds.coupons.depth)
    free = kind > 0 and state.coupon[i] == 0
    if free and succeeds(unit(word(luck, np.uint64(AT_COUPON))), bonds.coupons.taken):
        state.coupon[i] = coupon_until(kind, offer.day, bonds.coupons)
        events[c, COUPONS_ISSUED] += 1
    if source == REFERRAL and state.orders[i] == 0:
        thank_for_referral(i, c, bonds, state, events)
    return off


def redeem_coupon(
    i: int, c: int, online: int, paid: int, bonds: Bonds, state: State, events: NDArray[np.int64]
) -> int:
    """Take customer ``i``'s coupon in if it is valid at ``c``; return what it takes off."""
    kind = coupon_kind(int(np.int64(state.coupon[i])))
    if not valid_in(kind, online):
        return 0
    state.coupon[i] = 0
    events[c, COUPONS_REDEEMED] += 1
    return coupon_cut(paid, bonds.coupons.depth[kind])


def settle_points(i: int, c: int, paid: int, bonds: Bonds, state: State, events: NDArray[np.int64]) -> int:
    """Let customer ``i`` pay with points and earn some on the rest; return what they take off."""
    terms, balance = bonds.points, int(np.int64(state.points[i]))
    used = points_paid(balance, paid, terms)
    rest = paid - used * POINT
    earned = points_for(rest, terms.rate)
    if state.orders[i] < len(terms.rewards):
        earned += int(terms.rewards[state.orders[i]])
    earned = min(earned, FULL_BALANCE - balance + used)
    state.points[i] = balance - used + earned
    events[c, POINTS_REDEEMED] += used
    events[c, POINTS_EARNED] += earned
    tier = tier_of(order_months(int(np.int64(state.recent[i]))), terms.tiers, terms.step)
    events[c, CARE_COSTS] += tier_expense(rest, tier, terms.cost)
    return used * POINT


def thank_for_referral(i: int, c: int, bonds: Bonds, state: State, events: NDArray[np.int64]) -> None:
    """Mark customer ``i`` as referred: who comes on a friend's word trusts us in advance."""
    state.flags[i] |= np.uint8(REFERRED)
    events[c, REFERRED_ORDERS] += 1
    for other in range(state.satisfaction.shape[1]):
        trusting = moved(widen(state.satisfaction[i, other]), 1.0, bonds.talk.trust)
        state.satisfaction[i, other] = narrow(trusting)
