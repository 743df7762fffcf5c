"""The compiled day: what each customer who looks in decides, step by step, from the visit to the paid order.

The loops here and beside hold no rule of their own: they call the scalar rules of the neighbouring files in
order, hand each decision its addressed luck, and count. The plain Mesa market in ``tests/reference`` makes
the same calls on Mesa agents and must reach the same decisions.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.customers.bonds import favour, unpacked
from sim.customers.browsing import (
    BROWSED,
    LEFT,
    SEARCHED,
    bounce_of,
    browse,
    is_treated,
    mark_favourite,
    tally_order,
    tally_visit,
    trial_cut,
    trial_worth,
)
from sim.customers.choice import log_stable, nested_utility, utility
from sim.customers.exchange import (
    ADDED_WORTH,
    AT_BOUNCE,
    AT_COMPLETION,
    AT_DEVICE,
    AT_PAYMENT,
    AT_REGISTRATION,
    AT_RETURN,
    AT_STOCK,
    BASKET,
    BOUNCES,
    BUY,
    CARTS,
    CHECKOUTS,
    DISCOUNTS,
    FIRST_CHANNEL,
    FUNNEL,
    GOODS,
    LIST_SALES,
    LOOK,
    MISSED,
    MOBILE_CHECKOUTS,
    MOBILE_ORDERS,
    NEST_ANGLE,
    NEST_TAIL,
    NEW_CUSTOMERS,
    NEW_VISITORS,
    NOWHERE,
    OFF_PRICE,
    ORDERED,
    ORDERS,
    PAGE_VIEWS,
    REGISTRATIONS,
    REPEAT_ORDERS,
    RETURNED_SALES,
    RETURNS,
    RIVAL,
    RIVAL_ORDERS,
    SEARCH_ORDERS,
    SENT_BACK,
    STOCKOUTS,
    SUBMITTED,
    Offer,
    Trade,
)
from sim.customers.exchange import Rules as Rules
from sim.customers.fairness import perceived_loss
from sim.customers.funnel import basket_value, fills_cart, succeeds
from sim.customers.habit import widen
from sim.customers.population import State, Traits
from sim.customers.settling import settle
from sim.customers.visiting import knows, knows_online, landing, look_in
from sim.customers.wants import knows_both, lowest_listed, want, want_sold
from sim.engine.chunks import CHUNK
from sim.engine.randomness import Word, exponential, gumbel, normal, unit, word


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
    """Let the customers of chunks ``first`` to ``last`` shop on ``day``; counts land in ``trade``.

    ``keys`` are the day's keys of :data:`~sim.customers.exchange.STREAMS`. Who looked in stands in
    ``trade.buyers`` and is overwritten, behind the reader, by who bought.
    """
    groups = len(offer.needs)
    for chunk in range(first, last):
        start, filled = chunk * CHUNK, 0
        events, credited = trade.events[chunk], trade.credited[chunk]
        goods, money, favours = trade.goods[chunk], trade.takings[chunk], trade.scratch[chunk, 2]
        favours[:] = 0.0  # without bonds and trials
        for k in range(start, start + look_in(chunk, day, offer, traits, state, rules, keys, trade)):
            i, source = trade.buyers[k], trade.bought[k]
            customer = np.uint64(i)
            opened = trade.opened[k]
            looked = landing(word(keys[LOOK], customer), i, source, opened, offer, state, rules)
            if looked < 0:
                continue
            trade.visits[chunk, source, looked] += 1
            if offer.online[looked]:
                events[looked, NEW_VISITORS] += int(not knows_online(state.aware[i], offer.online))
            state.aware[i] |= np.uint8(1 << looked)
            steps, treated = word(keys[FUNNEL], customer), is_treated(i, offer)
            browsing = len(offer.steps) > 0 and offer.online[looked] == 1
            tally_visit(i, looked, offer, trade)
            if succeeds(unit(word(steps, np.uint64(AT_BOUNCE))), bounce_of(looked, treated, offer)):
                events[looked, BOUNCES] += 1
                events[looked, PAGE_VIEWS] += int(browsing)
                continue
            how = browse(steps, looked, treated, offer, events) if browsing else BROWSED
            if how == LEFT:
                continue
            g = want(word(keys[GOODS], customer), offer.needs) if groups > 1 else 0
            choice = word(keys[BUY], customer)
            nowhere = gumbel(word(choice, np.uint64(NOWHERE)))
            rival = offer.rival_worth + offer.rival_edge[looked] + gumbel(word(choice, np.uint64(RIVAL)))
            intent = offer.intent[source]
            if len(offer.bonds) > 0 or len(offer.treated) > 0:
                personal_worth(i, treated, offer, traits, state, rules, favours)
            c, best = best_channel(choice, i, g, looked, opened, intent, offer, traits, state, rules, favours)
            outside = max(nowhere, rival)
            if c >= 0 and offer.online[c]:
                events[c, CARTS] += int(fills_cart(best, outside, rules.cart_margin))
                if browsing:
                    mark_favourite(steps, c, best, outside, offer, events)
            if c < 0 or best <= outside:
                events[looked, RIVAL_ORDERS] += int(rival > nowhere)
                continue
            short = events[c, STOCKOUTS]
            paid = check_out(steps, i, g, c, offer, state, rules, events)
            goods[g, c, MISSED] += events[c, STOCKOUTS] - short
            if paid:
                basket = word(keys[BASKET], customer)
                sales = book_order(
                    basket,
                    steps,
                    i,
                    g,
                    c,
                    offer,
                    traits,
                    state,
                    rules,
                    source,
                    events,
                    credited,
                    goods,
                    money,
                )
                events[looked, SEARCH_ORDERS] += int(how == SEARCHED and offer.online[c] == 1)
                tally_order(i, c, sales, offer, trade)
                trade.buyers[start + filled], trade.bought[start + filled] = i, c
                trade.wanted[start + filled] = g
                filled += 1
        trade.filled[chunk] = filled


def best_channel(
    bits: Word,
    i: int,
    g: int,
    looked: int,
    opened: int,
    intent: float,
    offer: Offer,
    traits: Traits,
    state: State,
    rules: Rules,
    favours: NDArray[np.float64],
) -> tuple[int, float]:
    """Return our open channel of highest utility to buy goods ``g`` at (-1 for none), and that utility.

    ``favours`` [C] is what :func:`personal_worth` adds to channels for this customer.
    """
    tail = exponential(word(bits, np.uint64(NEST_TAIL)))
    shock = log_stable(unit(word(bits, np.uint64(NEST_ANGLE))), tail, rules.nest)
    best, winner = -math.inf, -1
    lowest, doubt = 0.0, 0.0
    if offer.compared:
        lowest = lowest_listed(state.aware[i], offer.worth[g], offer.listed)
        doubt = offer.confusion if knows_both(state.aware[i], offer.online) else 0.0
    for c in range(len(offer.online)):
        if not (opened >> c) & 1 or not knows(state.aware[i], c):
            continue
        worth = offer.worth[g, c]
        if worth == -math.inf:
            continue
        if offer.compared:
            gap = offer.listed[c] - lowest + doubt
            worth -= perceived_loss(gap, rules.tolerated_gap, rules.unfairness)
        value = intent + utility(
            worth,
            offer.price_term[g, c],
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
        value += favours[c]
        value = nested_utility(value, shock, gumbel(word(bits, np.uint64(FIRST_CHANNEL + c))), rules.nest)
        if value > best:
            best, winner = value, c
    return winner, best


def personal_worth(
    i: int,
    treated: bool,
    offer: Offer,
    traits: Traits,
    state: State,
    rules: Rules,
    into: NDArray[np.float64],
) -> None:
    """Fill ``into`` [C] with what bonds, and a trial that treats customer ``i``, add to each channel."""
    into[:] = 0.0
    if len(offer.bonds) > 0:
        favoured(i, offer, traits, state, rules, into)
    if treated:
        price = float(traits.price_sensitivity[i])
        for c in range(len(offer.online)):
            added, off = offer.arms[ADDED_WORTH, c], offer.arms[OFF_PRICE, c]
            into[c] += trial_worth(added, off, price, rules.price_weight)


def favoured(
    i: int, offer: Offer, traits: Traits, state: State, rules: Rules, into: NDArray[np.float64]
) -> None:
    """Fill ``into`` [C] with what customer ``i``'s coupon, points, tier and persona add to each channel."""
    bonds, registered = unpacked(offer.bonds, offer.luck), state.registered[i]
    recent, flags = int(np.int64(state.recent[i])), int(np.int64(state.flags[i]))
    coupon, points = int(np.int64(state.coupon[i])), int(np.int64(state.points[i]))
    price = float(traits.price_sensitivity[i])
    for c in range(len(offer.online)):
        online = offer.online[c]
        weight, response = rules.price_weight, offer.response[c]
        into[c] = favour(c, online, recent, registered, flags, coupon, points, price, weight, response, bonds)


def check_out(
    bits: Word, i: int, g: int, c: int, offer: Offer, state: State, rules: Rules, events: NDArray[np.int64]
) -> bool:
    """Take customer ``i`` from deciding to buy goods ``g`` at ``c`` to a paid order; true if paid."""
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
        if succeeds(unit(word(bits, np.uint64(AT_STOCK))), offer.stockout[g, c]):
            events[c, STOCKOUTS] += 1
            return False
        events[c, MOBILE_ORDERS] += int(mobile)
        return True
    if succeeds(unit(word(bits, np.uint64(AT_STOCK))), offer.stockout[g, c]):
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
    g: int,
    c: int,
    offer: Offer,
    traits: Traits,
    state: State,
    rules: Rules,
    source: int,
    events: NDArray[np.int64],
    credited: NDArray[np.int64],
    goods: NDArray[np.int64],
    money: NDArray[np.int64],
) -> int:
    """Count customer ``i``'s order of goods ``g`` at ``c``: list value, discount, return in minor units.

    Returns its sales after discount.
    """
    z = normal(word(bits, np.uint64(0)), word(bits, np.uint64(1)))
    listed = basket_value(offer.basket[g, c], float(traits.basket[i]), z, rules.basket_within)
    discount = int(float(listed) * offer.discount[g, c] + 0.5)
    if is_treated(i, offer):
        discount += trial_cut(listed - discount, offer.arms[OFF_PRICE, c])
    if len(offer.bonds) > 0:
        discount += settle(luck, i, c, source, listed - discount, offer, state, events)
    events[c, ORDERS] += 1
    events[c, LIST_SALES] += listed
    events[c, DISCOUNTS] += discount
    credited[source, 0] += 1
    credited[source, 1] += listed - discount
    goods[g, c, ORDERED] += 1
    money[g, c, 0] += listed
    money[g, c, 1] += discount
    events[c, NEW_CUSTOMERS if state.orders[i] == 0 else REPEAT_ORDERS] += 1
    if succeeds(unit(word(luck, np.uint64(AT_RETURN))), offer.return_rate[g, c]):
        events[c, RETURNS] += 1
        goods[g, c, SENT_BACK] += 1
        events[c, RETURNED_SALES] += listed - discount
        money[g, c, 2] += listed - discount
    return listed - discount


def welcome_entrants(
    entrants: NDArray[np.int64],
    source: int,
    c: int,
    offer: Offer,
    traits: Traits,
    state: State,
    rules: Rules,
    keys: NDArray[np.uint64],
    trade: Trade,
) -> None:
    """Book the first orders that history says ``entrants`` made today at ``c``, as completed visits."""
    for i in entrants:
        chunk, customer = i // CHUNK, np.uint64(i)
        events, credited = trade.events[chunk], trade.credited[chunk]
        goods, money = trade.goods[chunk], trade.takings[chunk]
        place = chunk * CHUNK + trade.filled[chunk]
        trade.visits[chunk, source, c] += 1
        if offer.online[c]:
            state.registered[i] = 1
            for step in (NEW_VISITORS, CARTS, CHECKOUTS, REGISTRATIONS, SUBMITTED):
                events[c, step] += 1
        state.aware[i] |= np.uint8(1 << c)
        steps, basket = word(keys[FUNNEL], customer), word(keys[BASKET], customer)
        g = want_sold(word(keys[GOODS], customer), offer.needs, offer.worth, c)
        book_order(
            basket, steps, i, g, c, offer, traits, state, rules, source, events, credited, goods, money
        )
        trade.buyers[place], trade.bought[place] = i, c
        trade.wanted[place] = g
        trade.filled[chunk] += 1
