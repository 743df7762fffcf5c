"""What a customer adds to the counts of a month's end: stage of life, group, opinion, months with orders."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.customers.care import FRESH, GONE, GROUPS, QUIET, group_of
from sim.customers.identity import RECOGNISED, REFERRED
from sim.customers.loyalty import order_months
from sim.customers.population import Person
from sim.customers.short import full
from sim.customers.talking import contentment
from sim.engine.chunks import CHUNK
from sim.setup import MAX_CHANNELS

STAGES = ("prospect", "new", "active", "lapsing", "lost")
# The answer from which an active customer recommends us, and up to which it warns; answers scatter around a
# customer's satisfaction as experiences do, half this wide. Both are ours: satisfaction is no scale of 0-10.
PROMOTES, DETRACTS, SCATTER = 0.8, 0.4, 0.2
# Bits of the twelve latest calendar months (this one included), of the twelve before, and of both.
YEAR, YEAR_BEFORE, TWO_YEARS = 0xFFF, 0xFFF000, 0xFFFFFF
COUNTED = (
    *("repeated", "active", "active_before", "kept", "multichannel"),
    *("known_active", "known_multichannel", "recognised", "referred"),
    *("known_members", "aware", "prospects", "opinions", "content", "promoters", "detractors"),
    *(f"rfm_{name}" for name in GROUPS),
    *(f"stage_{name}" for name in STAGES),
    *(f"repeated.{c}" for c in range(MAX_CHANNELS)),
    *(f"active_before.{c}" for c in range(MAX_CHANNELS)),
)
REPEATED, ACTIVE, ACTIVE_BEFORE, KEPT, MULTICHANNEL = range(5)
KNOWN_ACTIVE, KNOWN_MULTICHANNEL, JOINED, WERE_REFERRED = range(5, 9)
MEMBERS, AWARE, PROSPECTS, OPINIONS, CONTENT, PROMOTERS, DETRACTORS = range(9, 16)
OF_GROUP = 16
OF_STAGE = OF_GROUP + len(GROUPS)
REPEATED_AT = OF_STAGE + len(STAGES)
BEFORE_AT = REPEATED_AT + MAX_CHANNELS


def census_range(
    first: int,
    last: int,
    day: int,
    channels: int,
    online: int,
    people: NDArray[np.void],
    into: NDArray[np.float64],
) -> None:
    """Fill ``into`` [K, W] of :data:`COUNTED` for chunks ``first`` to ``last``, in agents.

    ``online`` is the bit mask of online channels.
    """
    for chunk in range(first, last):
        row = into[chunk]
        row[:] = 0.0
        for i in range(chunk * CHUNK, min((chunk + 1) * CHUNK, len(people))):
            person = people[i]
            recent, flags = int(np.int64(person.recent)), int(np.int64(person.flags))
            count_months(recent, int(np.int64(person.used)), flags, channels, row)
            count_person(day, channels, online, person, full(person.basket), row)


def departed_range(
    recent: NDArray[np.uint32],
    used: NDArray[np.uint8],
    flags: NDArray[np.uint8],
    channels: int,
    into: NDArray[np.float64],
) -> None:
    """Add to ``into`` [W] the departed [n]: they have shopped, and will not come back."""
    for i in range(len(recent)):
        months, where, known = int(np.int64(recent[i])), int(np.int64(used[i])), int(np.int64(flags[i]))
        count_months(months, where, known, channels, into)


def count_months(recent: int, used: int, flags: int, channels: int, into: NDArray[np.float64]) -> None:
    """Add to ``into`` [W] what follows from the months and channels in which a customer ordered.

    What the retailer *knows* differs from what is true: whoever it does not recognise stands in its books
    once for every channel used.
    """
    now, before, again = recent & YEAR != 0, recent & YEAR_BEFORE != 0, ordered_again(recent)
    several = order_months(used)  # the bits set
    into[REPEATED] += again
    into[ACTIVE_BEFORE] += before
    into[KEPT] += now and before
    for c in range(channels):
        if (used >> c) & 1:
            into[REPEATED_AT + c] += again
            into[BEFORE_AT + c] += before
    if now:
        joined = flags & RECOGNISED != 0
        into[ACTIVE] += 1.0
        into[MULTICHANNEL] += several >= 2
        into[KNOWN_ACTIVE] += 1.0 if joined else float(several)
        into[KNOWN_MULTICHANNEL] += joined and several >= 2
        into[JOINED] += joined
        into[WERE_REFERRED] += flags & REFERRED != 0


def ordered_again(recent: int) -> bool:
    """Whether a customer, after the first order of the year before last, ordered again within 12 months.

    Two orders in one month count as one: the record keeps months.
    """
    known = recent & TWO_YEARS
    if known < 1 << 12:
        return False
    first = 12  # the highest bit: months since the first of these orders
    while known >> (first + 1) != 0:
        first += 1
    return (known >> (first - 12)) & YEAR != 0


def count_person(
    day: int, channels: int, online: int, person: Person, basket: float, into: NDArray[np.float64]
) -> None:
    """Add to ``into`` [W] what a customer is to us on ``day``: stage, group, opinion."""
    orders, since = int(np.int64(person.orders)), int(day - person.last_order)
    recent = int(np.int64(person.recent))
    into[MEMBERS] += person.registered == 1
    into[AWARE] += person.aware & online != 0
    into[PROSPECTS] += orders == 0
    into[OF_GROUP + group_of(orders, order_months(recent), since, basket)] += 1.0
    into[OF_STAGE + stage_of(orders, since)] += 1.0
    if recent & YEAR != 0 and person.used != 0:
        content = contentment(person, channels)
        into[OPINIONS] += 1.0
        into[CONTENT] += content
        into[PROMOTERS] += promoting(content)
        into[DETRACTORS] += detracting(content)


def stage_of(orders: int, since: int) -> int:
    """Return the stage of a customer by the days since the last order.

    New is one order in 90 days, active up to 180, lapsing up to 365, lost beyond.
    """
    if orders == 0:
        return 0
    if orders == 1 and since <= FRESH:
        return 1
    return 2 if since <= QUIET else (3 if since <= GONE else 4)


def promoting(content: float) -> float:
    """Return the chance that a customer of this satisfaction recommends us."""
    return min(max((content + SCATTER - PROMOTES) / (2.0 * SCATTER), 0.0), 1.0)


def detracting(content: float) -> float:
    """Return the chance that a customer of this satisfaction warns others."""
    return min(max((DETRACTS - content + SCATTER) / (2.0 * SCATTER), 0.0), 1.0)
