"""On the pages: after the bounce a visitor may search the site, sees detail pages, and may mark a favourite.

Acts where ``Offer.steps`` is filled; a failed search is the only step that ends a visit. What a trial does to
the customers it treats stands here too: their bounce, their searches, what buying is worth, and its price.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import (
    BOUNCE_FACTOR,
    COUNTED,
    FAILED_SEARCHES,
    FAVOURITES,
    GAVE_UP,
    PAGE_VIEWS,
    SEARCH_FACTOR,
    SEARCHES,
    TALLIED_ORDERS,
    TALLIED_SALES,
    TALLIED_VISITS,
)
from sim.customers.funnel import fills_cart, pages_seen, succeeds
from sim.customers.seen import Record
from sim.engine.randomness import Word, unit, word

# Places within the "funnel" stream, and within ``Offer.steps``: from FOUND on, success by channel.
AT_SEARCH, AT_FOUND, AT_GIVING_UP, AT_PAGES, AT_FAVOURITE = 50, 51, 52, 53, 54
USE, EXIT, MORE_PAGES, MARGIN, HABIT, FOUND = range(6)
AWAY, LEFT, BROWSED, SEARCHED = range(4)  # AWAY: there are no pages to browse


def is_treated(i: int, treated: NDArray[np.uint8]) -> bool:
    """Whether a trial treats customer ``i`` today; ``treated`` is empty where there is none."""
    return len(treated) > 0 and treated[i] == 1


def bounce_of(looked: int, treated: bool, offer: Record) -> float:
    """Return the chance that a visit at ``looked`` ends on its first page."""
    bounce = offer.bounce[looked]
    return float(min(bounce * offer.arms[BOUNCE_FACTOR, looked], 1.0) if treated else bounce)


def browse(bits: Word, looked: int, treated: bool, offer: Record, events: NDArray[np.int64]) -> int:
    """Take a visitor of channel ``looked`` through search and detail pages; ``bits`` is the funnel's luck.

    Returns :data:`LEFT` if a failed search has ended the visit, else whether there was a search.
    """
    steps, how = offer.steps, BROWSED
    events[looked, PAGE_VIEWS] += 1
    if succeeds(unit(word(bits, np.uint64(AT_SEARCH))), steps[USE]):
        events[looked, PAGE_VIEWS] += 1
        events[looked, SEARCHES] += 1
        how, found = SEARCHED, steps[FOUND + looked]
        if treated:
            found = min(found * offer.arms[SEARCH_FACTOR, looked], 1.0)
        if not succeeds(unit(word(bits, np.uint64(AT_FOUND))), found):
            events[looked, FAILED_SEARCHES] += 1
            if succeeds(unit(word(bits, np.uint64(AT_GIVING_UP))), steps[EXIT]):
                events[looked, GAVE_UP] += 1
                return LEFT
    events[looked, PAGE_VIEWS] += pages_seen(unit(word(bits, np.uint64(AT_PAGES))), steps[MORE_PAGES])
    return how


def mark_favourite(
    bits: Word, c: int, best: float, outside: float, offer: Record, events: NDArray[np.int64]
) -> None:
    """Note the offer at ``c`` as a favourite if it comes close, and the visitor is one who marks."""
    close = fills_cart(best, outside, offer.steps[MARGIN])
    if close and succeeds(unit(word(bits, np.uint64(AT_FAVOURITE))), offer.steps[HABIT]):
        events[c, FAVOURITES] += 1


def trial_worth(added: float, off: float, price_sensitivity: float, price_weight: float) -> float:
    """Return what a trial adds to a treated customer's utility of buying: ``added``, and a price cut."""
    return added - price_weight * price_sensitivity * math.log(1.0 - off)


def trial_cut(paid: int, off: float) -> int:
    """Return what a trial takes off an order of ``paid`` minor units, for a customer it treats."""
    return int(float(paid) * off + 0.5)


def tally_visit(i: int, c: int, offer: Record, tally: NDArray[np.int64]) -> None:
    """Count customer ``i``'s visit at ``c`` where a trial does."""
    if offer.arms[COUNTED, c] == 1.0:
        tally[i, TALLIED_VISITS] += 1


def tally_order(i: int, c: int, sales: int, offer: Record, tally: NDArray[np.int64]) -> None:
    """Count customer ``i``'s order at ``c``, of ``sales`` minor units, where a trial does."""
    if offer.arms[COUNTED, c] == 1.0:
        tally[i, TALLIED_ORDERS] += 1
        tally[i, TALLIED_SALES] += sales
