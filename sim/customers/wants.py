"""What a visit is for: one group of goods, and what the customer knows of its price in our channels.

The group is the first of independent exponential clocks, one a group, so a group that is wanted more takes
visits from the others and moves nobody between two of them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine.randomness import Word, exponential, word


def want(bits: Word, needs: NDArray[np.float64]) -> int:
    """Return the group of goods that a customer looks for; ``needs`` [G] are weights, ``bits`` the luck."""
    best, winner = math.inf, 0
    for g in range(len(needs)):
        if needs[g] > 0.0:
            time = exponential(word(bits, np.uint64(g))) / needs[g]
            if time < best:
                best, winner = time, g
    return winner


def want_sold(bits: Word, needs: NDArray[np.float64], worth: NDArray[np.float64], c: int) -> int:
    """Return the group wanted by somebody known to have bought at ``c``: one with ``worth`` [G, C] there."""
    best, winner = math.inf, 0
    for g in range(len(needs)):
        if needs[g] > 0.0 and worth[g, c] > -math.inf:
            time = exponential(word(bits, np.uint64(g))) / needs[g]
            if time < best:
                best, winner = time, g
    return winner


def lowest_listed(aware: int, worth: NDArray[np.float64], listed: NDArray[np.float64]) -> float:
    """Return the lowest log list price in the channels known that sell the goods (inf for none).

    ``aware`` is the bit mask of channels known, ``worth`` [C] of the goods (-inf where not sold).
    """
    lowest = math.inf
    for c in range(len(listed)):
        if (aware >> c) & 1 and worth[c] > -math.inf:
            lowest = min(lowest, listed[c])
    return lowest


def knows_both(aware: int, online: NDArray[np.int64]) -> bool:
    """Whether a store and an online channel are in the bit mask of channels that a customer knows."""
    store, web = False, False
    for c in range(len(online)):
        if (aware >> c) & 1:
            store = store or online[c] == 0
            web = web or online[c] == 1
    return store and web
