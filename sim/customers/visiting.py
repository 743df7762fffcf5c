"""Who looks in today, by which source, and where: the first half of the compiled day."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.customers.bonds import (
    AT_BIRTHDAY,
    IN_STORES,
    ONLINE,
    answers_more,
    looks_more,
    referred_more,
    scans_code,
    unpacked,
)
from sim.customers.care import birthday_of
from sim.customers.exchange import (
    DIRECT,
    NEEDS,
    OPEN,
    PRIVATE,
    QR,
    REFERRAL,
    SOURCE,
    SOURCE_COUNT,
    VISIT,
    WALK_IN,
    Offer,
    Rules,
    Trade,
)
from sim.customers.habit import widen
from sim.customers.identity import RECOGNISED
from sim.customers.loyalty import order_months
from sim.customers.needs import (
    distance_attraction,
    habit_attraction,
    is_open,
    need_visits,
    stocked_up,
    visit_probability,
)
from sim.customers.population import State, Traits
from sim.engine.chunks import CHUNK
from sim.engine.randomness import Word, exponential, gumbel, unit, word


def look_in(
    chunk: int,
    day: int,
    offer: Offer,
    traits: Traits,
    state: State,
    rules: Rules,
    keys: NDArray[np.uint64],
    trade: Trade,
) -> int:
    """Note which customers of ``chunk`` look in on ``day``; return how many.

    They are written to the start of the chunk in ``trade.buyers``, with their source in ``trade.bought``
    and the channels open to them in ``trade.opened``.
    ``gate * reach`` bounds the visits a day, so one comparison turns away nearly all who stay at home.
    """
    intensities, welcome, drawn = trade.scratch[chunk, 0], trade.scratch[chunk, 1], trade.scratch[chunk, 3]
    drawn[:] = 1.0  # without bonds
    drawn[4] = 0.0
    start, found = chunk * CHUNK, 0
    for i in range(start, min(start + CHUNK, len(state.gate))):
        luck = unit(word(keys[VISIT], np.uint64(i)))
        if luck >= float(state.gate[i]) * offer.reach:
            continue
        opened = open_channels(word(keys[OPEN], np.uint64(i)), offer)
        for s in range(SOURCE_COUNT):
            welcome[s] = open_landing(s, opened, offer)
        if len(offer.bonds) > 0:
            drawn_by_bonds(i, day, offer, traits, state, drawn)
        total = source_intensities(i, day, offer, traits, state, rules, welcome, drawn, intensities)
        if luck < visit_probability(total):
            trade.buyers[start + found] = i
            trade.bought[start + found] = first_clock(word(keys[SOURCE], np.uint64(i)), intensities)
            trade.opened[start + found] = opened
            found += 1
    return found


def open_channels(bits: Word, offer: Offer) -> int:
    """Return the bit mask of the channels that a customer finds open today; ``bits`` is the luck."""
    mask = 0
    for c in range(len(offer.access)):
        if offer.access[c] >= 1.0 or is_open(unit(word(bits, np.uint64(c))), offer.access[c]):
            mask |= 1 << c
    return mask


def source_intensities(
    i: int,
    day: int,
    offer: Offer,
    traits: Traits,
    state: State,
    rules: Rules,
    welcome: NDArray[np.float64],
    drawn: NDArray[np.float64],
    into: NDArray[np.float64],
) -> float:
    """Fill ``into`` [S] with customer ``i``'s visits a day by source; return their sum.

    ``welcome`` [S] is the share of each source's landing places that are open: a closed channel takes the
    visits with it that would have landed there. ``drawn`` [5] is what :func:`drawn_by_bonds` tells.
    """
    rate = float(traits.rate[i])
    if state.orders[i] > 0:
        since = float(day - state.last_order[i])
        rate *= stocked_up(widen(state.borrowed[i]), since, rules.borrow_days)
    digital = float(traits.digital[i])
    in_stores, online, known = 0.0, 0.0, False
    for c in range(len(offer.online)):
        habit = widen(state.habit[i, c])
        if offer.online[c] == 1:
            online = max(online, habit)
            known = known or knows(state.aware[i], c)
        else:
            in_stores = max(in_stores, habit)
    walk = habit_attraction(in_stores, rules.habit_pull)
    walk *= distance_attraction(float(traits.distance[i]), rules.distance_decay)
    walk *= drawn[0]
    online = digital * habit_attraction(online, rules.habit_pull) * drawn[1]
    total = 0.0
    for s in range(NEEDS):
        into[s] = offer.attraction[s] * (walk if s == WALK_IN else online) * welcome[s]
        if s == DIRECT and not known:
            into[s] = 0.0
        elif s == REFERRAL:
            into[s] *= drawn[2]
        total += into[s]
    lost = state.lost[i] == 1
    found = 0.0
    for s in range(SOURCE_COUNT):
        stimulated = rate * offer.stimulus[s] * digital * welcome[s]
        if s == PRIVATE:
            stimulated *= drawn[3]
        elif s == QR:
            stimulated += rate * drawn[4] * digital * welcome[s]
        into[s] = need_visits(rate, offer.demand, into[s], total) + stimulated if s < NEEDS else stimulated
        if lost:
            into[s] = 0.0 if s <= DIRECT or s == PRIVATE else into[s] * rules.winback
        if s == PRIVATE and state.registered[i] == 0:
            into[s] = 0.0
        found += into[s]
    return found


def drawn_by_bonds(
    i: int, day: int, offer: Offer, traits: Traits, state: State, into: NDArray[np.float64]
) -> None:
    """Fill ``into`` [5] with what bonds do to customer ``i``'s visits.

    The factors on looking in stores and online, on referrals and on the private domain, and the visits per
    need by the store's code.
    """
    bonds, registered = unpacked(offer.bonds, offer.luck), state.registered[i]
    recognised = state.flags[i] & RECOGNISED != 0
    months, coupon = order_months(int(np.int64(state.recent[i]))), int(np.int64(state.coupon[i]))
    heard, orders = state.heard[i], state.orders[i]
    first_order, last_order = state.first_order[i], state.last_order[i]
    birthday = birthday_of(word(bonds.keys[AT_BIRTHDAY], np.uint64(i)))
    basket = float(traits.basket[i])
    for medium in (IN_STORES, ONLINE):
        into[medium] = looks_more(medium, months, registered, recognised, coupon, heard, bonds)
    into[2] = referred_more(heard, bonds)
    into[3] = answers_more(day, orders, first_order, last_order, months, basket, birthday, recognised, bonds)
    into[4] = scans_code(coupon, bonds)


def open_landing(source: int, opened: int, offer: Offer) -> float:
    """Return the share of a source's landing places that are open; codes are scanned in stores."""
    channels = len(offer.access)
    if opened == (1 << channels) - 1:
        return 1.0
    found, stores = 0.0, 0.0
    for c in range(channels):
        if (opened >> c) & 1:
            found += offer.landing[source, c]
            stores += offer.landing[WALK_IN, c]
    return found * stores if source == QR else found


def knows(aware: int, c: int) -> bool:
    """Whether channel ``c`` is in the bit mask of channels that a customer knows."""
    return bool((aware >> c) & 1)


def knows_online(aware: int, online: NDArray[np.int64]) -> bool:
    """Whether an online channel is in the bit mask of channels that a customer knows."""
    found = False
    for c in range(len(online)):
        found = found or (online[c] == 1 and knows(aware, c))
    return found


def first_clock(bits: Word, rates: NDArray[np.float64]) -> int:
    """Return which of independent exponential clocks with ``rates`` rings first; ``bits`` is the luck."""
    best, winner = math.inf, -1
    for k in range(len(rates)):
        if rates[k] > 0.0:
            time = exponential(word(bits, np.uint64(k))) / rates[k]
            if time < best:
                best, winner = time, k
    return winner


def landing(bits: Word, i: int, source: int, opened: int, offer: Offer, state: State, rules: Rules) -> int:
    """Return the channel where customer ``i`` looks, coming from ``source``; -1 where none is open.

    Only who comes directly must know the channel before.
    """
    best, winner = -math.inf, -1
    for c in range(len(offer.online)):
        if offer.look[source, c] == -math.inf or not (opened >> c) & 1:
            continue
        if source == DIRECT and not knows(state.aware[i], c):
            continue
        value = offer.look[source, c] + rules.habit_weight * widen(state.habit[i, c])
        value += gumbel(word(bits, np.uint64(c)))
        if value > best:
            best, winner = value, c
    return winner
