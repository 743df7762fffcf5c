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
    AWAY,
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
    Scratch,
    Trade,
)
from sim.customers.fairness import perceived_loss
from sim.customers.funnel import basket_value, fills_cart, succeeds
from sim.customers.habit import widen
from sim.customers.identity import order_number
from sim.customers.population import Person
from sim.customers.seen import Record, Seen
from sim.customers.settling import settle
from sim.customers.short import full
from sim.customers.visiting import knows, knows_online, landing, look_in
from sim.customers.wants import knows_both, lowest_listed, want, want_sold
from sim.engine.chunks import CHUNK
from sim.engine.randomness import Word, exponential, normal, ring, unit, word


def shop_range(
    first: int,
    last: int,
    day: int,
    seen: Seen,
    people: NDArray[np.void],
    gate: NDArray[np.float32],
    rule_record: NDArray[np.void],
    keys: NDArray[np.uint64],
    trade: Trade,
    scratch: Scratch,
) -> None:
    """Let the customers of chunks ``first`` to ``last`` shop on ``day``; counts land in ``trade``.

    ``keys`` are the day's keys of :data:`~sim.customers.exchange.STREAMS`. Who looked in stands in
    ``trade.guests`` and is overwritten, behind the reader, by who bought.
    """
    offer, rules = seen.offer[0], rule_record[0]
    for chunk in range(first, last):
        start, filled = chunk * CHUNK, 0
        events, visits = trade.events[chunk], trade.visits[chunk]
        credited, goods, money = trade.credited[chunk], trade.goods[chunk], trade.takings[chunk]
        looking = look_in(chunk, day, seen, people, gate, rules, keys, trade.guests, scratch)
        for k in range(start, start + looking):
            guest = trade.guests[k]
            i, source = start + int(guest.place), int(guest.source)
            person, customer = people[i], np.uint64(i)
            looked = landing(word(keys[LOOK], customer), person, source, guest.opened, offer, rules)
            if looked < 0:
                continue
            visits[source, looked] += 1
            treated = is_treated(i, seen.treated)
            steps, how = word(keys[FUNNEL], customer), meet(looked, person, offer, events)
            if offer.tried != 0:
                tally_visit(i, looked, offer, trade.tally)
            if succeeds(unit(word(steps, np.uint64(AT_BOUNCE))), bounce_of(looked, treated, offer)):
                events[looked, BOUNCES] += 1
                events[looked, PAGE_VIEWS] += how == BROWSED
                continue
            if how == BROWSED:
                how = browse(steps, looked, treated, offer, events)
                if how == LEFT:
                    continue
            g = want(word(keys[GOODS], customer), seen.needs) if len(seen.needs) > 1 else 0
            choice, shelf = word(keys[BUY], customer), seen.shelf[g]
            if offer.bonded != 0 or offer.tried != 0:
                personal_worth(treated, person, seen, offer, rules, scratch.favours)
            intent = offer.intent[source]
            c, best = best_channel(
                choice, person, looked, guest.opened, intent, offer, shelf, rules, scratch.favours
            )
            nowhere = exponential(word(choice, np.uint64(NOWHERE)))
            rival = exponential(word(choice, np.uint64(RIVAL))) / offer.rival_rate[looked]
            outside = -math.log(min(nowhere, rival))
            if c >= 0 and offer.online[c] == 1:
                events[c, CARTS] += fills_cart(best, outside, rules.cart_margin)
                if how != AWAY:
                    mark_favourite(steps, c, best, outside, offer, events)
            if c < 0 or best <= outside:
                events[looked, RIVAL_ORDERS] += rival < nowhere
                continue
            item = shelf[c]
            if not check_out(steps, c, person, offer, item, rules, events, goods[g, c]):
                continue
            number = np.uint64(order_number(person.orders, person.flags))
            basket = word(word(keys[BASKET], customer), number)
            books, takings = goods[g, c], money[g, c]
            sales = book_order(
                basket, steps, i, c, source, treated, person, seen, offer, item, rules, events, books, takings
            )  # fmt: skip
            credited[source, 0] += 1
            credited[source, 1] += sales
            events[looked, SEARCH_ORDERS] += how == SEARCHED and offer.online[c] == 1
            if offer.tried != 0:
                tally_order(i, c, sales, offer, trade.tally)
            buyer = trade.guests[start + filled]
            buyer.place, buyer.channel, buyer.group = np.uint16(i - start), np.uint8(c), np.uint8(g)
            filled += 1
        trade.filled[chunk] = filled


def meet(looked: int, person: Person, offer: Record, events: NDArray[np.int64]) -> int:
    """Let a visitor come to know channel ``looked``; return whether there are pages to browse."""
    if offer.online[looked] == 1 and not knows_online(person.aware, offer):
        events[looked, NEW_VISITORS] += 1
    person.aware |= np.uint8(1 << looked)
    return BROWSED if offer.browsed != 0 and offer.online[looked] == 1 else AWAY


def best_channel(
    bits: Word,
    person: Person,
    looked: int,
    opened: int,
    intent: float,
    offer: Record,
    shelf: NDArray[np.void],
    rules: Record,
    favours: NDArray[np.float64],
) -> tuple[int, float]:
    """Return our open channel of highest utility to buy what is on ``shelf`` at (-1: none), and that utility.

    ``favours`` [C] is what :func:`personal_worth` adds to channels for this customer. Within the nest the
    choice is a race of clocks of rate ``exp(V / lambda)``, see :mod:`sim.customers.choice`.
    """
    earliest, winner = math.inf, -1
    lowest, doubt = 0.0, 0.0
    if offer.compared != 0:
        lowest = lowest_listed(person.aware, shelf, offer)
        doubt = offer.confusion if knows_both(person.aware, offer) else 0.0
    price, patience = full(person.price_sensitivity), full(person.patience)
    for c in range(offer.channels):
        if not (opened >> c) & 1 or not knows(person.aware, c):
            continue
        worth = shelf[c].worth
        if worth == -math.inf:
            continue
        if offer.compared != 0:
            gap = offer.listed[c] - lowest + doubt
            worth -= perceived_loss(gap, rules.tolerated_gap, rules.unfairness)
        value = intent + utility(
            worth,
            shelf[c].price_term,
            price,
            widen(person.habit[c]),
            widen(person.satisfaction[c]),
            offer.delay[c],
            patience,
            0.0 if c == looked else 1.0,
            rules.price_weight,
            rules.habit_weight,
            rules.satisfaction_weight,
            rules.delay_weight,
            rules.switching,
        )
        rate = math.exp((value + favours[c]) / rules.nest)
        time = ring(word(bits, np.uint64(FIRST_CHANNEL + c)), rate, earliest)
        if time < earliest:
            earliest, winner = time, c
    if winner < 0:
        return -1, -math.inf
    tail = exponential(word(bits, np.uint64(NEST_TAIL)))
    shock = log_stable(unit(word(bits, np.uint64(NEST_ANGLE))), tail, rules.nest)
    return winner, nested_utility(earliest, shock, rules.nest)


def personal_worth(
    treated: bool, person: Person, seen: Seen, offer: Record, rules: Record, into: NDArray[np.float64]
) -> None:
    """Fill ``into`` [C] with what bonds, and a trial that treats this customer, add to each channel."""
    into[:] = 0.0
    if offer.bonded != 0:
        favoured(person, seen, offer, rules, into)
    if treated:
        price = full(person.price_sensitivity)
        for c in range(offer.channels):
            added, off = offer.arms[ADDED_WORTH, c], offer.arms[OFF_PRICE, c]
            into[c] += trial_worth(added, off, price, rules.price_weight)


def favoured(person: Person, seen: Seen, offer: Record, rules: Record, into: NDArray[np.float64]) -> None:
    """Fill ``into`` [C] with what the customer's coupon, points, tier and persona add to each channel."""
    bonds, registered = unpacked(seen.bonds, seen.luck), person.registered
    recent, flags = int(np.int64(person.recent)), int(np.int64(person.flags))
    coupon, points = int(np.int64(person.coupon)), int(np.int64(person.points))
    price = full(person.price_sensitivity)
    for c in range(offer.channels):
        online = offer.online[c]
        weight, response = rules.price_weight, offer.response[c]
        into[c] = favour(c, online, recent, registered, flags, coupon, points, price, weight, response, bonds)


def check_out(
    bits: Word,
    c: int,
    person: Person,
    offer: Record,
    item: Record,
    rules: Record,
    events: NDArray[np.int64],
    goods: NDArray[np.int64],
) -> bool:
    """Take a customer from deciding to buy ``item`` at ``c`` to a paid order; true if paid."""
    mobile = offer.online[c] == 1 and succeeds(unit(word(bits, np.uint64(AT_DEVICE))), rules.mobile_share)
    if offer.online[c] == 1 and not submits(bits, c, mobile, person, offer, events):
        return False
    if succeeds(unit(word(bits, np.uint64(AT_STOCK))), item.stockout):
        events[c, STOCKOUTS] += 1
        goods[MISSED] += 1
        return False
    if offer.online[c] == 1:
        events[c, MOBILE_ORDERS] += mobile
    elif person.registered == 0 and succeeds(
        unit(word(bits, np.uint64(AT_REGISTRATION))), rules.store_membership
    ):
        register(c, person, events)
    return True


def submits(
    bits: Word, c: int, mobile: bool, person: Person, offer: Record, events: NDArray[np.int64]
) -> bool:
    """Take a customer through an online check-out: filled in, registered, submitted and paid."""
    events[c, CHECKOUTS] += 1
    events[c, MOBILE_CHECKOUTS] += mobile
    completion = offer.mobile_completion[c] if mobile else offer.desktop_completion[c]
    if not succeeds(unit(word(bits, np.uint64(AT_COMPLETION))), completion):
        return False
    if person.registered == 0:
        if not succeeds(unit(word(bits, np.uint64(AT_REGISTRATION))), offer.registration[c]):
            return False
        register(c, person, events)
    events[c, SUBMITTED] += 1
    return succeeds(unit(word(bits, np.uint64(AT_PAYMENT))), offer.payment[c])


def register(c: int, person: Person, events: NDArray[np.int64]) -> None:
    """Make the customer a member."""
    person.registered = np.uint8(1)
    events[c, REGISTRATIONS] += 1


def book_order(
    bits: Word,
    luck: Word,
    i: int,
    c: int,
    source: int,
    treated: bool,
    person: Person,
    seen: Seen,
    offer: Record,
    item: Record,
    rules: Record,
    events: NDArray[np.int64],
    goods: NDArray[np.int64],
    money: NDArray[np.int64],
) -> int:
    """Count customer ``i``'s order of ``item`` at ``c``: list value, discount, return in minor units.

    Returns its sales after discount; ``goods`` and ``money`` [3] are the books of the goods in this channel.
    """
    z = normal(word(bits, np.uint64(0)), word(bits, np.uint64(1)))
    listed = basket_value(item.basket, full(person.basket), z, rules.basket_within)
    discount = int(float(listed) * item.discount + 0.5)
    if treated:
        discount += trial_cut(listed - discount, offer.arms[OFF_PRICE, c])
    if offer.bonded != 0:
        discount += settle(luck, i, c, source, listed - discount, person, seen, offer, events)
    events[c, ORDERS] += 1
    events[c, LIST_SALES] += listed
    events[c, DISCOUNTS] += discount
    goods[ORDERED] += 1
    money[0] += listed
    money[1] += discount
    events[c, NEW_CUSTOMERS if person.orders == 0 else REPEAT_ORDERS] += 1
    if succeeds(unit(word(luck, np.uint64(AT_RETURN))), item.return_rate):
        events[c, RETURNS] += 1
        goods[SENT_BACK] += 1
        events[c, RETURNED_SALES] += listed - discount
        money[2] += listed - discount
    return listed - discount


def welcome_entrants(
    entrants: NDArray[np.int64],
    source: int,
    c: int,
    seen: Seen,
    people: NDArray[np.void],
    rule_record: NDArray[np.void],
    keys: NDArray[np.uint64],
    trade: Trade,
) -> None:
    """Book the first orders that history says ``entrants`` made today at ``c``, as completed visits."""
    offer, rules = seen.offer[0], rule_record[0]
    for i in entrants:
        chunk, customer, person = i // CHUNK, np.uint64(i), people[i]
        events, start = trade.events[chunk], chunk * CHUNK
        trade.visits[chunk, source, c] += 1
        if offer.online[c] == 1:
            person.registered = np.uint8(1)
            for step in (NEW_VISITORS, CARTS, CHECKOUTS, REGISTRATIONS, SUBMITTED):
                events[c, step] += 1
        person.aware |= np.uint8(1 << c)
        steps, number = word(keys[FUNNEL], customer), np.uint64(order_number(person.orders, person.flags))
        basket = word(word(keys[BASKET], customer), number)
        g = want_sold(word(keys[GOODS], customer), seen.needs, seen.shelf, c)
        goods, money = trade.goods[chunk, g, c], trade.takings[chunk, g, c]
        item = seen.shelf[g, c]
        sales = book_order(
            basket, steps, i, c, source, False, person, seen, offer, item, rules, events, goods, money
        )
        trade.credited[chunk, source, 0] += 1
        trade.credited[chunk, source, 1] += sales
        buyer = trade.guests[start + trade.filled[chunk]]
        buyer.place, buyer.channel, buyer.group = np.uint16(i - start), np.uint8(c), np.uint8(g)
        trade.filled[chunk] += 1
