"""Who looks in today, by which source, and where: the first half of the compiled day."""

from __future__ import annotations

import math
from typing import NamedTuple

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
    VISIT_REST,
    WALK_IN,
    Scratch,
)
from sim.customers.gate import pass_gate
from sim.customers.habit import widen
from sim.customers.identity import RECOGNISED
from sim.customers.loyalty import order_months
from sim.customers.needs import (
    habit_attraction,
    is_open,
    looks_in,
    need_share,
    stocked_up,
    visits_a_day,
    walk_attraction,
)
from sim.customers.population import Person
from sim.customers.seen import Record, Seen
from sim.customers.short import full
from sim.engine.chunks import CHUNK
from sim.engine.randomness import Word, refined, ring, unit, word


def look_in(
    chunk: int,
    day: int,
    seen: Seen,
    people: NDArray[np.void],
    gate: NDArray[np.float32],
    rules: Record,
    keys: NDArray[np.uint64],
    guests: NDArray[np.void],
    scratch: Scratch,
) -> int:
    """Note which customers of ``chunk`` look in on ``day``; return how many.

    They are written to the start of the chunk in ``guests``, with their source and the channels open to them.
    """
    offer, bonded = seen.offer[0], len(seen.bonds) > 0
    draws, drawn, everywhere = scratch.draws, scratch.drawn, (1 << offer.channels) - 1
    start, found = chunk * CHUNK, 0
    open_sources(everywhere, offer, draws)
    perhaps = pass_gate(start, keys[VISIT], offer.reach, gate, scratch)
    scratch.touched[0] = touch(start, perhaps, scratch.found, people)
    for k in range(perhaps):
        place = scratch.found[k]
        i = start + place
        person, opened = people[i], everywhere
        if offer.doubted != 0:
            opened = open_channels(word(keys[OPEN], np.uint64(i)), offer)
            open_sources(opened, offer, draws)
        if bonded:
            drawn_by_bonds(i, day, seen, person, drawn)
        ways = find_ways(day, person, offer, rules, draws, drawn)
        luck = refined(float(scratch.slices[place]), word(keys[VISIT_REST], np.uint64(i)))
        if looks_in(luck, all_visits(ways, offer.demand, person.lost == 1, rules.winback)):
            source_rates(ways, offer.demand, person.lost == 1, draws, drawn, scratch.rates)
            guest = guests[start + found]
            guest.place = np.uint16(place)
            guest.source = np.uint8(first_clock(word(keys[SOURCE], np.uint64(i)), scratch.rates))
            guest.opened = np.uint8(opened)
            found += 1
    return found


def touch(start: int, count: int, found: NDArray[np.int64], people: NDArray[np.void]) -> int:
    """Read two bytes of each customer in ``found``; return their sum, so that the reading is not left out.

    The readings do not wait for one another as those of decisions do: memory brings many customers at once.
    """
    total = 0
    for k in range(count):
        person = people[start + found[k]]
        total += int(person.habit[0]) + int(person.flags)
    return total


def open_channels(bits: Word, offer: Record) -> int:
    """Return the bit mask of the channels that a customer finds open today; ``bits`` is the luck."""
    mask = 0
    for c in range(offer.channels):
        if offer.access[c] >= 1.0 or is_open(unit(word(bits, np.uint64(c))), offer.access[c]):
            mask |= 1 << c
    return mask


class Ways(NamedTuple):
    """What one customer makes of the ways to us today.

    ``rate`` needs a day, ``stimulated`` those open to stimulation online; ``walk, online, direct`` factors on
    the attraction of walking in, of looking online, and of coming directly; ``own`` the attraction of the
    ways that nobody shows (walk-in, direct), ``found`` that of the others; ``pushed`` visits beyond needs, of
    them ``private`` by the private domain and ``codes`` by stores' codes.
    """

    rate: float
    stimulated: float
    walk: float
    online: float
    direct: float
    own: float
    found: float
    pushed: float
    private: float
    codes: float


def open_sources(opened: int, offer: Record, draws: NDArray[np.float64]) -> None:
    """Fill ``draws`` [3, S] with what sources do where the channels ``opened`` are open.

    Attractions of the need-driven sources; stimuli of all; and the sums of what all customers meet alike:
    attraction of search and content, stimuli of what reaches everybody, open share of codes, stimuli of what
    the lost no longer do. A closed channel takes the visits with it that would have landed there.
    """
    draws[2, :] = 0.0
    for s in range(SOURCE_COUNT):
        welcome = open_landing(s, opened, offer)
        draws[0, s] = offer.attraction[s] * welcome if s < NEEDS else 0.0
        draws[1, s] = offer.stimulus[s] * welcome
        if DIRECT < s < REFERRAL:
            draws[2, 0] += draws[0, s]
        if s == QR:
            draws[2, 2] = welcome
        if s <= DIRECT:
            draws[2, 3] += draws[1, s]
        elif s != PRIVATE:
            draws[2, 1] += draws[1, s]


def find_ways(
    day: int,
    person: Person,
    offer: Record,
    rules: Record,
    draws: NDArray[np.float64],
    drawn: NDArray[np.float64],
) -> Ways:
    """Return what a customer makes of the ways to us; ``drawn`` [5] is what :func:`drawn_by_bonds` tells."""
    rate, digital = float(person.rate), full(person.digital)
    if person.borrowed > 0:
        rate *= stocked_up(widen(person.borrowed), float(day - person.last_order), rules.borrow_days)
    in_stores, online, known = 0, 0, False
    for c in range(offer.channels):
        habit = int(person.habit[c])
        if offer.online[c] == 1:
            online = max(online, habit)
            known = known or knows(person.aware, c)
        else:
            in_stores = max(in_stores, habit)
    distance = full(person.distance)
    walk = walk_attraction(widen(in_stores), distance, rules.habit_pull, rules.distance_decay) * drawn[0]
    look = digital * habit_attraction(widen(online), rules.habit_pull) * drawn[1]
    direct, stimulated = (look if known else 0.0), rate * digital
    lost = person.lost == 1
    private = stimulated * draws[1, PRIVATE] * drawn[3] if person.registered == 1 and not lost else 0.0
    asked = draws[2, 1] if lost else draws[2, 1] + draws[2, 3]
    codes = stimulated * drawn[4] * draws[2, 2]
    return Ways(
        rate,
        stimulated,
        walk,
        look,
        direct,
        draws[0, WALK_IN] * walk + draws[0, DIRECT] * direct,
        (draws[2, 0] + draws[0, REFERRAL] * drawn[2]) * look,
        stimulated * asked + codes + private,
        private,
        codes,
    )


def all_visits(ways: Ways, demand: float, lost: bool, winback: float) -> float:
    """Return a customer's visits a day by all sources."""
    return visits_a_day(ways.rate, demand, ways.own, ways.found, ways.pushed, lost, winback)


def source_rates(
    ways: Ways,
    demand: float,
    lost: bool,
    draws: NDArray[np.float64],
    drawn: NDArray[np.float64],
    into: NDArray[np.float64],
) -> None:
    """Fill ``into`` [S] with a customer's visits a day by source, before what the lost keep of all."""
    share = need_share(ways.rate, demand, ways.own + ways.found)
    for s in range(SOURCE_COUNT):
        into[s] = share * draws[0, s] * ways.online + ways.stimulated * draws[1, s]
    into[WALK_IN] = share * draws[0, WALK_IN] * ways.walk + ways.stimulated * draws[1, WALK_IN]
    into[DIRECT] = share * draws[0, DIRECT] * ways.direct + ways.stimulated * draws[1, DIRECT]
    into[REFERRAL] = (
        share * (draws[0, REFERRAL] * drawn[2]) * ways.online + ways.stimulated * draws[1, REFERRAL]
    )
    into[PRIVATE], into[QR] = ways.private, into[QR] + ways.codes
    if lost:
        into[WALK_IN] = into[DIRECT] = 0.0


def drawn_by_bonds(i: int, day: int, seen: Seen, person: Person, into: NDArray[np.float64]) -> None:
    """Fill ``into`` [5] with what bonds do to customer ``i``'s visits.

    The factors on looking in stores and online, on referrals and on the private domain, and the visits per
    need by the store's code.
    """
    bonds, registered = unpacked(seen.bonds, seen.luck), person.registered
    recognised = person.flags & RECOGNISED != 0
    months, coupon = order_months(int(np.int64(person.recent))), int(np.int64(person.coupon))
    heard, orders = person.heard, int(np.int64(person.orders))
    first_order, last_order = person.first_order, person.last_order
    birthday = birthday_of(word(bonds.keys[AT_BIRTHDAY], np.uint64(i)))
    basket = full(person.basket)
    for medium in (IN_STORES, ONLINE):
        into[medium] = looks_more(medium, months, registered, recognised, coupon, heard, bonds)
    into[2] = referred_more(heard, bonds)
    into[3] = answers_more(day, orders, first_order, last_order, months, basket, birthday, recognised, bonds)
    into[4] = scans_code(coupon, bonds)


def open_landing(source: int, opened: int, offer: Record) -> float:
    """Return the share of a source's landing places that are open; codes are scanned in stores."""
    if opened == (1 << offer.channels) - 1:
        return 1.0
    found, stores = 0.0, 0.0
    for c in range(offer.channels):
        if (opened >> c) & 1:
            found += offer.landing[source, c]
            stores += offer.landing[WALK_IN, c]
    return found * stores if source == QR else found


def knows(aware: int, c: int) -> bool:
    """Whether channel ``c`` is in the bit mask of channels that a customer knows."""
    return bool((aware >> c) & 1)


def knows_online(aware: int, offer: Record) -> bool:
    """Whether an online channel is in the bit mask of channels that a customer knows."""
    found = False
    for c in range(offer.channels):
        found = found or (offer.online[c] == 1 and knows(aware, c))
    return found


def first_clock(bits: Word, rates: NDArray[np.float64]) -> int:
    """Return which of independent exponential clocks with ``rates`` rings first; ``bits`` is the luck."""
    best, winner = math.inf, -1
    for k in range(len(rates)):
        if rates[k] > 0.0:
            time = ring(word(bits, np.uint64(k)), rates[k], best)
            if time < best:
                best, winner = time, k
    return winner


def landing(bits: Word, person: Person, source: int, opened: int, offer: Record, rules: Record) -> int:
    """Return the channel where a customer looks, coming from ``source``; -1 where none is open.

    A logit choice, as a race of clocks. Only who comes directly must know the channel before.
    """
    reached = opened & person.aware if source == DIRECT else opened
    reached &= offer.reached[source]
    if reached & (reached - 1) == 0:  # one at most: nothing to choose from
        return only(reached)
    best, winner = math.inf, -1
    for c in range(offer.channels):
        if not (reached >> c) & 1:
            continue
        rate = math.exp(offer.look[source, c] + rules.habit_weight * widen(person.habit[c]))
        time = ring(word(bits, np.uint64(c)), rate, best)
        if time < best:
            best, winner = time, c
    return winner


def only(mask: int) -> int:
    """Return the place of the only bit set in ``mask``, -1 where none is."""
    place = -1
    while mask != 0:
        mask >>= 1
        place += 1
    return place
