"""The compiled day of all customers: who looks, where, what they buy, and what they remember of it.

The loops here hold no rule of their own: they call the scalar rules of the neighbouring files in order,
hand each decision its addressed luck, and count. The plain Mesa market in ``tests/`` makes the same calls
on Mesa agents and must reach the same decisions.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.customers.choice import log_stable, nested_utility, utility
from sim.customers.funnel import fills_cart, succeeds
from sim.customers.habit import moved, narrow, widen
from sim.customers.lifecycle import borrowed_need, dropout_probability
from sim.customers.needs import (
    distance_attraction,
    habit_attraction,
    need_visits,
    stocked_up,
    visit_probability,
)
from sim.customers.population import State, Traits
from sim.engine.chunks import CHUNK
from sim.engine.randomness import Word, exponential, gumbel, normal, unit, word

WALK_IN, DIRECT, REFERRAL, PRIVATE, QR = 0, 1, 4, 5, 9
NEEDS, SOURCE_COUNT = 5, 10
STREAMS = ("visit", "source", "look", "buy", "funnel", "basket", "dropout", "experience")
VISIT, SOURCE, LOOK, BUY, FUNNEL, BASKET, DROPOUT, EXPERIENCE = range(8)
# Places of the alternatives within the "buy" stream, and of the steps within "funnel".
NOWHERE, RIVAL, NEST_ANGLE, NEST_TAIL, FIRST_CHANNEL = 0, 1, 2, 3, 4
AT_BOUNCE, AT_DEVICE, AT_COMPLETION, AT_REGISTRATION, AT_PAYMENT, AT_STOCK, AT_RETURN = range(7)
EVENTS = [
    "bounces",
    "new_visitors",
    "carts",
    "checkouts",
    "mobile_checkouts",
    "mobile_orders",
    "registrations",
    "submitted",
    "orders",
    "stockouts",
    "rival_orders",
    "new_customers",
    "repeat_orders",
    "list_sales",
    "discounts",
    "returned_sales",
    "returns",
    "lost",
]
(
    BOUNCES,
    NEW_VISITORS,
    CARTS,
    CHECKOUTS,
    MOBILE_CHECKOUTS,
    MOBILE_ORDERS,
    REGISTRATIONS,
    SUBMITTED,
    ORDERS,
    STOCKOUTS,
    RIVAL_ORDERS,
    NEW_CUSTOMERS,
    REPEAT_ORDERS,
    LIST_SALES,
    DISCOUNTS,
    RETURNED_SALES,
    RETURNS,
    LOST,
) = range(18)


class Rules(NamedTuple):
    """Parameter values that the customers' rules take; see ``PARAMETERS`` beside each rule."""

    habit_pull: float
    distance_decay: float
    winback: float
    borrow_days: float
    nest: float
    price_weight: float
    habit_weight: float
    satisfaction_weight: float
    delay_weight: float
    switching: float
    cart_margin: float
    mobile_share: float
    store_membership: float
    habit_gain: float
    satisfaction_gain: float
    dropout_relief: float
    borrowed_share: float
    basket_within: float
    experience_spread: float


class Offer(NamedTuple):
    """Today's offer and reach as customers see them.

    ``pull`` [S] attraction of need sources and visits per need of the others; ``look`` [S, C] log weight of a
    channel as landing place, -inf where unreachable; ``intent`` [S] utility that a source's visitors bring;
    ``worth, price_term, delay, discount, basket`` (minor units), ``bounce, registration, payment,
    mobile_completion, desktop_completion, stockout, return_rate`` and ``online`` (0/1) [C];
    ``demand`` multiplier of needs; ``reach`` bound on visits per unit of a customer's rate.
    """

    pull: NDArray[np.float64]
    look: NDArray[np.float64]
    intent: NDArray[np.float64]
    worth: NDArray[np.float64]
    price_term: NDArray[np.float64]
    delay: NDArray[np.float64]
    discount: NDArray[np.float64]
    basket: NDArray[np.float64]
    bounce: NDArray[np.float64]
    registration: NDArray[np.float64]
    payment: NDArray[np.float64]
    mobile_completion: NDArray[np.float64]
    desktop_completion: NDArray[np.float64]
    stockout: NDArray[np.float64]
    return_rate: NDArray[np.float64]
    online: NDArray[np.int64]
    rival_worth: float
    demand: float
    reach: float


class Trade(NamedTuple):
    """What a day's shopping leaves: counts by chunk, and who ordered where.

    ``visits`` [K, S, C]; ``events`` [K, C, E] (money in minor units); ``credited`` [K, S, 2] orders and sales
    after discount by last-click source; ``buyers`` and ``bought`` [N] filled from
    the start of each chunk, ``filled`` [K] of them; ``second`` [N] the day of the first order where today's
    is a customer's second within 90 days, else a large negative number.
    """

    visits: NDArray[np.int64]
    events: NDArray[np.int64]
    credited: NDArray[np.int64]
    buyers: NDArray[np.int64]
    bought: NDArray[np.int64]
    second: NDArray[np.int64]
    filled: NDArray[np.int64]


def source_intensities(
    i: int, day: int, offer: Offer, traits: Traits, state: State, rules: Rules, into: NDArray[np.float64]
) -> float:
    """Fill ``into`` [S] with customer ``i``'s visits a day by source; return their sum."""
    rate = float(traits.rate[i])
    if state.orders[i] > 0:
        since = float(day - state.last_order[i])
        rate *= stocked_up(widen(state.borrowed[i]), since, rules.borrow_days)
    habit_store, habit_online, knows = 0.0, 0.0, False
    for c in range(len(offer.worth)):
        level = widen(state.habit[i, c])
        if offer.online[c]:
            habit_online = max(habit_online, level)
            knows = knows or (state.aware[i] >> c) & 1 == 1
        else:
            habit_store = max(habit_store, level)
    digital = float(traits.digital[i])
    walk = habit_attraction(habit_store, rules.habit_pull)
    walk *= distance_attraction(float(traits.distance[i]), rules.distance_decay)
    online = digital * habit_attraction(habit_online, rules.habit_pull)
    total = 0.0
    for s in range(NEEDS):
        into[s] = offer.pull[s] * (walk if s == WALK_IN else online)
        if s == DIRECT and not knows:
            into[s] = 0.0
        total += into[s]
    lost = state.lost[i] == 1
    found = 0.0
    for s in range(SOURCE_COUNT):
        if s < NEEDS:
            into[s] = need_visits(rate, offer.demand, into[s], total)
        else:
            into[s] = rate * offer.pull[s] * digital
        if lost:
            into[s] = 0.0 if s <= DIRECT or s == PRIVATE else into[s] * rules.winback
        if s == PRIVATE and state.registered[i] == 0:
            into[s] = 0.0
        found += into[s]
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


def landing(bits: Word, i: int, source: int, offer: Offer, state: State, rules: Rules) -> int:
    """Return the channel where customer ``i`` looks, coming from ``source``; -1 where none is open."""
    best, winner = -math.inf, -1
    for c in range(len(offer.worth)):
        if offer.look[source, c] > -math.inf:
            value = offer.look[source, c] + rules.habit_weight * widen(state.habit[i, c])
            value += gumbel(word(bits, np.uint64(c)))
            if value > best:
                best, winner = value, c
    return winner


def best_channel(
    bits: Word,
    i: int,
    looked: int,
    intent: float,
    offer: Offer,
    traits: Traits,
    state: State,
    rules: Rules,
) -> tuple[int, float]:
    """Return our channel of highest utility for customer ``i`` (-1 where none is open), and that utility."""
    tail = exponential(word(bits, np.uint64(NEST_TAIL)))
    shock = log_stable(unit(word(bits, np.uint64(NEST_ANGLE))), tail, rules.nest)
    best, winner = -math.inf, -1
    for c in range(len(offer.worth)):
        known = c == looked or (state.aware[i] >> c) & 1 == 1
        if not known or offer.worth[c] == -math.inf:
            continue
        value = intent + utility(
            offer.worth[c],
            offer.price_term[c],
            float(traits.price_sensitivity[i]),
            widen(state.habit[i, c]),
            widen(state.satisfaction[i, c]),
            offer.delay[c],
            float(traits.patience[i]),
            0.0 if c == looked else 1.0,
            rules.price_weight,
            rules.habit_weight,
            rules.satisfaction_weight,
            rules.delay_weight,
            rules.switching,
        )
        value = nested_utility(value, shock, gumbel(word(bits, np.uint64(FIRST_CHANNEL + c))), rules.nest)
        if value > best:
            best, winner = value, c
    return winner, best


def check_out(
    bits: Word, i: int, c: int, offer: Offer, state: State, rules: Rules, events: NDArray[np.int64]
) -> bool:
    """Take customer ``i`` from deciding to buy at ``c`` to a paid order, counting each step; true if paid."""
    if offer.online[c]:
        mobile = succeeds(unit(word(bits, np.uint64(AT_DEVICE))), rules.mobile_share)
        events[c, CHECKOUTS] += 1
        events[c, MOBILE_CHECKOUTS] += int(mobile)
        completion = offer.mobile_completion[c] if mobile else offer.desktop_completion[c]
        if not succeeds(unit(word(bits, np.uint64(AT_COMPLETION))), completion):
            return False
        if state.registered[i] == 0:
            if not succeeds(unit(word(bits, np.uint64(AT_REGISTRATION))), offer.registration[c]):
                return False
            state.registered[i] = 1
            events[c, REGISTRATIONS] += 1
        events[c, SUBMITTED] += 1
        if not succeeds(unit(word(bits, np.uint64(AT_PAYMENT))), offer.payment[c]):
            return False
        if succeeds(unit(word(bits, np.uint64(AT_STOCK))), offer.stockout[c]):
            events[c, STOCKOUTS] += 1
            return False
        events[c, MOBILE_ORDERS] += int(mobile)
        return True
    if succeeds(unit(word(bits, np.uint64(AT_STOCK))), offer.stockout[c]):
        events[c, STOCKOUTS] += 1
        return False
    if state.registered[i] == 0 and succeeds(
        unit(word(bits, np.uint64(AT_REGISTRATION))), rules.store_membership
    ):
        state.registered[i] = 1
        events[c, REGISTRATIONS] += 1
    return True


def book_order(
    bits: Word,
    luck: Word,
    i: int,
    c: int,
    offer: Offer,
    traits: Traits,
    state: State,
    rules: Rules,
    source: int,
    events: NDArray[np.int64],
    credited: NDArray[np.int64],
) -> None:
    """Count customer ``i``'s order at ``c``: list value, discount and return in minor units, by source."""
    z = normal(word(bits, np.uint64(0)), word(bits, np.uint64(1)))
    spread = rules.basket_within
    value = offer.basket[c] * float(traits.basket[i]) * math.exp(spread * z - 0.5 * spread * spread)
    listed = int(value + 0.5)
    discount = int(float(listed) * offer.discount[c] + 0.5)
    events[c, ORDERS] += 1
    events[c, LIST_SALES] += listed
    events[c, DISCOUNTS] += discount
    credited[source, 0] += 1
    credited[source, 1] += listed - discount
    events[c, NEW_CUSTOMERS if state.orders[i] == 0 else REPEAT_ORDERS] += 1
    if succeeds(unit(word(luck, np.uint64(AT_RETURN))), offer.return_rate[c]):
        events[c, RETURNS] += 1
        events[c, RETURNED_SALES] += listed - discount


def shop_range(
    first: int,
    last: int,
    day: int,
    offer: Offer,
    traits: Traits,
    state: State,
    rules: Rules,
    keys: NDArray[np.uint64],
    trade: Trade,
) -> None:
    """Let the customers of chunks ``first`` to ``last`` shop on ``day``; counts land in ``trade``."""
    intensities = np.empty(SOURCE_COUNT)
    for chunk in range(first, last):
        start, filled = chunk * CHUNK, 0
        for i in range(start, min(start + CHUNK, len(state.gate))):
            customer = np.uint64(i)
            luck = unit(word(keys[VISIT], customer))
            if luck >= float(state.gate[i]) * offer.reach:
                continue
            total = source_intensities(i, day, offer, traits, state, rules, intensities)
            if luck >= visit_probability(total):
                continue
            source = first_clock(word(keys[SOURCE], customer), intensities)
            looked = landing(word(keys[LOOK], customer), i, source, offer, state, rules)
            if looked < 0:
                continue
            trade.visits[chunk, source, looked] += 1
            events = trade.events[chunk]
            steps = word(keys[FUNNEL], customer)
            if offer.online[looked]:
                online_known = False
                for c in range(len(offer.worth)):
                    online_known = online_known or (offer.online[c] == 1 and (state.aware[i] >> c) & 1 == 1)
                events[looked, NEW_VISITORS] += int(not online_known)
            state.aware[i] |= np.uint8(1 << looked)
            if succeeds(unit(word(steps, np.uint64(AT_BOUNCE))), offer.bounce[looked]):
                events[looked, BOUNCES] += 1
                continue
            choice = word(keys[BUY], customer)
            nowhere = gumbel(word(choice, np.uint64(NOWHERE)))
            rival = offer.rival_worth + gumbel(word(choice, np.uint64(RIVAL)))
            c, best = best_channel(choice, i, looked, offer.intent[source], offer, traits, state, rules)
            outside = max(nowhere, rival)
            if c >= 0 and offer.online[c] and fills_cart(best, outside, rules.cart_margin):
                events[c, CARTS] += 1
            if c < 0 or best <= outside:
                events[looked, RIVAL_ORDERS] += int(rival > nowhere)
                continue
            if check_out(steps, i, c, offer, state, rules, events):
                basket = word(keys[BASKET], customer)
                credited = trade.credited[chunk]
                book_order(basket, steps, i, c, offer, traits, state, rules, source, events, credited)
                trade.buyers[start + filled], trade.bought[start + filled] = i, c
                filled += 1
        trade.filled[chunk] = filled


def learn_range(
    first: int,
    last: int,
    day: int,
    quality: NDArray[np.float64],
    discount: NDArray[np.float64],
    traits: Traits,
    state: State,
    rules: Rules,
    keys: NDArray[np.uint64],
    trade: Trade,
) -> None:
    """Let today's buyers learn from how they were served: habit, satisfaction, stock at home, drop-out.

    ``quality`` [C] is the service they met, 0-1; each buyer's own experience scatters around it.
    """
    for chunk in range(first, last):
        for k in range(chunk * CHUNK, chunk * CHUNK + trade.filled[chunk]):
            i, c = trade.buyers[k], trade.bought[k]
            customer = np.uint64(i)
            for other in range(state.habit.shape[1]):
                goal = 1.0 if other == c else 0.0
                state.habit[i, other] = narrow(moved(widen(state.habit[i, other]), goal, rules.habit_gain))
            scatter = 2.0 * unit(word(keys[EXPERIENCE], customer)) - 1.0
            met = min(max(quality[c] + rules.experience_spread * scatter, 0.0), 1.0)
            satisfied = moved(widen(state.satisfaction[i, c]), met, rules.satisfaction_gain)
            state.satisfaction[i, c] = narrow(satisfied)
            state.borrowed[i] = narrow(borrowed_need(discount[c], rules.borrowed_share))
            trade.second[k] = -1_000_000
            if state.orders[i] == 0:
                state.first_order[i] = day
            elif state.orders[i] == 1 and day - state.first_order[i] <= 90:
                trade.second[k] = state.first_order[i]
            state.orders[i] += 1
            state.last_order[i] = day
            state.recent[i] |= np.uint32(1)
            state.used[i] |= np.uint8(1 << c)
            state.lost[i] = 0
            state.gate[i] = traits.rate[i]
            leaving = dropout_probability(float(traits.proneness[i]), satisfied, rules.dropout_relief)
            if succeeds(unit(word(keys[DROPOUT], customer)), leaving):
                state.lost[i] = 1
                state.gate[i] = float(traits.rate[i]) * rules.winback
                trade.events[chunk, c, LOST] += 1
