"""Care for known customers: who is in which group by recency, frequency and monetary value, what a message
moves, and the days on which one is due: after the first order, at a birthday, when a customer stays away.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.randomness import Word, unit
from sim.parameters import Parameter, family

PARAMETERS = (
    Parameter(
        "first_order_boost",
        "factor on response to messages in the fortnight after a first order",
        1.5,
        1.1,
        3.0,
        "A",
        "-",
        "log",
    ),
    Parameter(
        "birthday_boost",
        "factor on response to messages in the week from the birthday on",
        1.5,
        1.1,
        3.0,
        "A",
        "-",
        "log",
    ),
    Parameter(
        "lapsing_boost",
        "factor on response to messages in the month after a customer has stayed away",
        1.5,
        1.1,
        3.0,
        "A",
        "-",
        "log",
    ),
    Parameter(
        "lapse_gaps",
        "own mean gaps between orders after which a customer has stayed away",
        2.0,
        1.5,
        4.0,
        "A",
        "-",
        "log",
    ),
    Parameter(
        "persona_effect",
        "utility of our channels that endless personas would add for the recognised",
        0.1,
        0.01,
        0.3,
        "A",
        "-",
        "log",
    ),
    *family(
        "rfm_effort",
        "effort for a group relative to the others, before all is scaled to the same total",
        {
            "new": (1.5, 0.5, 3.0),
            "champion": (1.0, 0.5, 2.0),
            "loyal": (1.2, 0.5, 2.0),
            "lapsing": (1.3, 0.5, 3.0),
            "dormant": (0.3, 0.1, 1.0),
        },
        "A",
        "-",
        "log",
    ),
)
GROUPS = ("prospect", "new", "champion", "loyal", "lapsing", "dormant")
PROSPECT, NEW, CHAMPION, LOYAL, LAPSING, DORMANT = range(6)
# Days since the last order that bound the groups, and what a champion's and a loyal customer's year is worth
# at least, in months with an order of a mean basket.
FRESH, QUIET, GONE = 90, 180, 365
CHAMPION_WORTH, LOYAL_WORTH = 4.0, 1.5
FIRST_DAYS, BIRTHDAY_DAYS, LAPSING_DAYS = 14, 7, 30
YEAR_DAYS = 365
SINGLE_GAP = 90.0  # days between orders expected of who has ordered once
LEAST_GAP = 7.0


class CareTerms(NamedTuple):
    """Today's care: ``effort`` [6] by group (mean 1 over the reachable), the triggers' factors (1 is off).

    ``gaps`` after which a customer has stayed away; ``personas`` utility for recognised customers.
    """

    effort: NDArray[np.float64]
    first_order: float
    birthday: float
    lapsing: float
    gaps: float
    personas: float


def group_of(orders: int, months: int, since: int, basket: float) -> int:
    """Return a customer's group by recency (days), frequency (order months) and money (basket factor)."""
    if orders == 0:
        return PROSPECT
    if since > GONE:
        return DORMANT
    if orders == 1 and since <= FRESH:
        return NEW
    worth = float(months) * basket
    if since <= FRESH and worth >= CHAMPION_WORTH:
        return CHAMPION
    return LOYAL if since <= QUIET and worth >= LOYAL_WORTH else LAPSING


def groups_of(orders: Any, months: Any, since: Any, basket: Any) -> NDArray[np.int64]:
    """Return :func:`group_of` for arrays [N]."""
    worth = months * basket.astype(np.float64)
    found = np.where((since <= QUIET) & (worth >= LOYAL_WORTH), LOYAL, LAPSING)
    found[(since <= FRESH) & (worth >= CHAMPION_WORTH)] = CHAMPION
    found[(orders == 1) & (since <= FRESH)] = NEW
    found[since > GONE] = DORMANT
    found[orders == 0] = PROSPECT
    return found


def mean_gap(orders: int, first_order: int, last_order: int) -> float:
    """Return a customer's mean days between orders."""
    if orders < 2:
        return SINGLE_GAP
    return max(float(last_order - first_order) / float(orders - 1), LEAST_GAP)


def stays_away(orders: int, first_order: int, last_order: int, day: int, gaps: float) -> bool:
    """Whether a customer has lately stayed away for ``gaps`` of its own mean gaps between orders."""
    late = float(day - last_order) - gaps * mean_gap(orders, first_order, last_order)
    return orders > 0 and 0.0 <= late < float(LAPSING_DAYS)


def birthday_of(bits: Word) -> int:
    """Return a customer's birthday, a day of 365 counted from the horizon's first."""
    return int(unit(bits) * YEAR_DAYS)


def response(
    day: int,
    orders: int,
    first_order: int,
    last_order: int,
    months: int,
    basket: float,
    birthday: int,
    terms: CareTerms,
) -> float:
    """Return the factor on a recognised member's visits from the private domain; one occasion at a time."""
    factor = 1.0
    if terms.first_order > factor and orders == 1 and day - last_order <= FIRST_DAYS:
        factor = terms.first_order
    if terms.birthday > factor and (day - birthday) % YEAR_DAYS < BIRTHDAY_DAYS:
        factor = terms.birthday
    if terms.lapsing > factor and stays_away(orders, first_order, last_order, day, terms.gaps):
        factor = terms.lapsing
    return factor * float(terms.effort[group_of(orders, months, day - last_order, basket)])


def most_response(terms: CareTerms) -> float:
    """Return a bound on :func:`response`."""
    return max(terms.first_order, terms.birthday, terms.lapsing, 1.0) * float(max(terms.effort))
