"""Counts of people at a month's end, all in agents; and who moved between channels from year to year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.customers.population import BLOCK
from sim.customers.stages import BEFORE_AT, CONTENT, COUNTED, OPINIONS, REPEATED_AT, YEAR
from sim.setup import MAX_CHANNELS

if TYPE_CHECKING:
    from sim.customers.population import State

OF_RELATIONS = ("known_active", "known_multichannel", "recognised", "referred")
NEUTRAL = 0.5


def told(counts: NDArray[np.float64], channels: int, related: bool) -> dict[str, float]:
    """Return ``counts`` [W] of :data:`~sim.customers.stages.COUNTED` by name.

    ``satisfaction`` is the mean over those with an opinion. What the retailer knows is left out where it has
    no relations to know it by.
    """
    last = (
        *range(REPEATED_AT + channels, REPEATED_AT + MAX_CHANNELS),
        *range(BEFORE_AT + channels, len(COUNTED)),
    )
    found = {name: float(counts[k]) for k, name in enumerate(COUNTED) if k not in last}
    del found["content"]
    opinions = counts[OPINIONS]
    found["satisfaction"] = float(counts[CONTENT] / opinions) if opinions else NEUTRAL
    return found if related else {name: value for name, value in found.items() if name not in OF_RELATIONS}


class Moves:
    """Who moved between channels: the main channel of each active customer, a year ago and now."""

    def __init__(self, customers: int, channels: int) -> None:
        self.channels = channels
        self.main = np.full(customers, channels, np.int8)  # `channels` stands for none

    def count(self, state: State) -> NDArray[np.int64]:
        """Return customers by main channel at the latest count (rows) and now [C + 1, C + 1]; last: none."""
        width = self.channels + 1
        moved = np.zeros(width * width, np.int64)
        for first in range(0, len(self.main), BLOCK):
            part = slice(first, first + BLOCK)
            main = state.habit[part].argmax(axis=1)
            now = np.where((state.recent[part] & np.uint32(YEAR)) != 0, main, self.channels)
            moved += np.bincount(self.main[part].astype(np.int64) * width + now, minlength=width * width)
            self.main[part] = now
        return moved.reshape(width, width)
