"""What a visit is for: one group of goods, and what the customer knows of its price in our channels.

The group is the first of independent exponential clocks, one a group, so a group that is wanted more takes
visits from the others and moves nobody between two of them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.customers.seen import Record
from sim.engine.randomness import Word, ring, word


def want(bits: Word, needs: NDArray[np.float64]) -> int:
    """Return the group of goods that a customer looks for; ``needs`` [G] are weights, ``bits`` the luck."""
    best, winner = math.inf, 0
    for g in range(len(needs)):
        if needs[g] > 0.0:
            time = ring(word(bits, np.uint64(g)), needs[g], best)
            if time < best:
                best, winner = time, g
    return winner


def want_sold(bits: Word, needs: NDArray[np.float64], shelf: NDArray[np.void], c: int) -> int:
    """Return the group wanted by somebody known to have bought at ``c``: one on ``shelf`` [G, C] there."""
    best, winner = math.inf, 0
    for g in range(len(needs)):
        if needs[g] > 0.0 and shelf[g, c].worth > -math.inf:
            time = ring(word(bits, np.uint64(g)), needs[g], best)
            if time < best:
                best, winner = time, g
    return winner


def lowest_listed(aware: int, shelf: NDArray[np.void], offer: Record) -> float:
    """Return the lowest log list price in the channels known that sell the goods on ``shelf`` (inf for none).

    ``aware`` is the bit mask of channels known.
    """
    lowest = math.inf
    for c in range(offer.channels):
        if (aware >> c) & 1 and shelf[c].worth > -math.inf:
            lowest = min(lowest, offer.listed[c])
    return lowest


def knows_both(aware: int, offer: Record) -> bool:
    """Whether a store and an online channel are in the bit mask of channels that a customer knows."""
    store, web = False, False
    for c in range(offer.channels):
        if (aware >> c) & 1:
            store = store or offer.online[c] == 0
            web = web or offer.online[c] == 1
    return store and web
