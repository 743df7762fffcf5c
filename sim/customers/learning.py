"""The compiled evening: what buyers remember of how they were served, and who never comes back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import DROPOUT, EXPERIENCE, LOST, SECOND_DAYS, Trade
from sim.customers.funnel import succeeds
from sim.customers.habit import moved, narrow, widen
from sim.customers.identity import order_number
from sim.customers.lifecycle import borrowed_need, dropout_probability
from sim.customers.population import MOST_ORDERS, Person
from sim.customers.seen import Record
from sim.customers.short import full
from sim.engine.chunks import CHUNK
from sim.engine.randomness import unit, word


def learn_range(
    first: int,
    last: int,
    day: int,
    quality: NDArray[np.float64],
    discount: NDArray[np.float64],
    hold: NDArray[np.float64],
    people: NDArray[np.void],
    gate: NDArray[np.float32],
    rule_record: NDArray[np.void],
    keys: NDArray[np.uint64],
    trade: Trade,
    room: NDArray[np.int64],
) -> None:
    """Let today's buyers in chunks ``first`` to ``last`` learn: habit, satisfaction, stock at home, drop-out.

    ``quality`` [C] is the service they met, 0-1; each buyer's own experience scatters around it; ``discount``
    [G, C] is what the goods they bought were reduced by, ``hold`` [C] what channels save of drop-out (log);
    ``room`` [1] takes what is read in advance.
    """
    rules = rule_record[0]
    for chunk in range(first, last):
        start = chunk * CHUNK
        room[0] = fetch(start, trade.filled[chunk], trade.guests, people)
        for k in range(start, start + trade.filled[chunk]):
            buyer = trade.guests[k]
            i, c = start + int(buyer.place), int(buyer.channel)
            person, customer = people[i], np.uint64(i)
            form_habit(c, len(quality), person, rules)
            scatter = 2.0 * unit(word(keys[EXPERIENCE], customer)) - 1.0
            met = min(max(quality[c] + rules.experience_spread * scatter, 0.0), 1.0)
            satisfied = moved(widen(person.satisfaction[c]), met, rules.satisfaction_gain)
            person.satisfaction[c] = narrow(satisfied)
            person.borrowed = np.uint16(narrow(borrowed_need(discount[buyer.group, c], rules.borrowed_share)))
            remember_order(c, day, person, trade.second[chunk])
            gone = dropout_probability(full(person.proneness), satisfied, rules.dropout_relief, hold[c])
            fate = word(word(keys[DROPOUT], customer), np.uint64(order_number(person.orders, person.flags)))
            left = succeeds(unit(fate), gone)
            trade.events[chunk, c, LOST] += left
            person.lost = np.uint8(left)
            gate[i] = float(person.rate) * (rules.winback if left else 1.0)


def fetch(start: int, count: int, guests: NDArray[np.void], people: NDArray[np.void]) -> int:
    """Read two bytes of each buyer in advance, see :func:`sim.customers.visiting.touch`."""
    total = 0
    for k in range(start, start + count):
        person = people[start + int(guests[k].place)]
        total += int(person.habit[0]) + int(person.flags)
    return total


def form_habit(c: int, channels: int, person: Person, rules: Record) -> None:
    """Move the customer's habits towards channel ``c``, where the order was placed."""
    for other in range(channels):
        goal = 1.0 if other == c else 0.0
        person.habit[other] = narrow(moved(widen(person.habit[other]), goal, rules.habit_gain))


def remember_order(c: int, day: int, person: Person, second: NDArray[np.int64]) -> None:
    """Write the customer's order down; a second order soon after the first is counted in ``second``."""
    if person.orders == 0:
        person.first_order = day
    elif person.orders == 1 and day - person.first_order <= SECOND_DAYS:
        second[day - person.first_order] += 1
    person.orders = np.int16(min(person.orders + 1, MOST_ORDERS))
    person.last_order = day
    person.recent |= np.uint32(1)
    person.used |= np.uint8(1 << c)
