"""The weekly census: who has bought, and what needs there are online."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.customers.short import full
from sim.engine.chunks import CHUNK

BUYERS, NEEDS_ONLINE = range(2)


def count_range(
    first: int, last: int, winback: float, people: NDArray[np.void], totals: NDArray[np.float64]
) -> None:
    """Fill ``totals`` [K, 2] for chunks ``first`` to ``last``: who has bought, and needs a day online.

    A customer's needs count by digital readiness; of the lost, ``winback`` is left.
    """
    for chunk in range(first, last):
        buyers, needs = 0, 0.0
        for i in range(chunk * CHUNK, min((chunk + 1) * CHUNK, len(people))):
            person = people[i]
            buyers += person.orders > 0
            needs += needs_online(float(person.rate), full(person.digital), person.lost == 1, winback)
        totals[chunk, BUYERS], totals[chunk, NEEDS_ONLINE] = float(buyers), needs


def needs_online(rate: float, digital: float, lost: bool, winback: float) -> float:
    """Return a customer's needs a day that may be met online."""
    return rate * digital * (winback if lost else 1.0)
