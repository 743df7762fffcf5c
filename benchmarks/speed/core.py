"""The choice core: who shops today, which of six channels they choose, and the habit that this leaves.

The smallest model that NumPy and mesa-frames can be asked to run as well. It has no rule of its own: the
loop below hands the product's rules (:mod:`sim.customers.gate`, :mod:`~sim.customers.choice`,
:mod:`~sim.customers.habit`) their addressed luck, and is compiled as the market is. Everybody who shops buys
through the channel of highest utility, each with an error of its own, and every purchase moves the habit of
all six channels.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.customers.choice import utility
from sim.customers.exchange import Scratch
from sim.customers.gate import pass_gate
from sim.customers.habit import moved, narrow, widen
from sim.engine.chunks import CHUNK
from sim.engine.compilation import compiled
from sim.engine.randomness import Word, day_keys, refined, ring, word

SHARE = 0.02  # of customers who shop on a day
STREAMS = ("visit", "buy", "visit rest")
VISIT, BUY, REST = range(3)


class Core(NamedTuple):
    """The model: what channels offer everyone, [6] each, and the rules' parameters."""

    worth: NDArray[np.float64]
    price_term: NDArray[np.float64]
    share: float
    price_weight: float
    habit_weight: float
    habit_gain: float


MODEL = Core(
    worth=np.array([0.6, 0.4, 0.2, 0.0, -0.2, -0.4]),
    price_term=np.array([0.05, 0.0, 0.0, -0.02, -0.05, 0.0]),
    share=SHARE,
    price_weight=2.6,
    habit_weight=1.0,
    habit_gain=0.15,
)
CHANNELS = len(MODEL.worth)
HABIT = 0.1  # of everybody with every channel, at the start


def chosen(bits: Word, habit: NDArray[np.uint16], core: Core) -> int:
    """Return the channel of highest utility to a customer with these habits [6]; ``bits`` is the luck."""
    earliest, winner = math.inf, -1
    for c in range(len(core.worth)):
        value = utility(
            core.worth[c],
            core.price_term[c],
            1.0,
            widen(habit[c]),
            0.5,
            0.0,
            1.0,
            0.0,
            core.price_weight,
            core.habit_weight,
            0.0,
            0.0,
            0.0,
        )
        time = ring(word(bits, np.uint64(c)), math.exp(value), earliest)
        if time < earliest:
            earliest, winner = time, c
    return winner


def core_day(
    keys: NDArray[np.uint64],
    gate: NDArray[np.float32],
    habit: NDArray[np.uint16],
    core: Core,
    scratch: Scratch,
    orders: NDArray[np.int64],
) -> None:
    """Live a day: ``habit`` [N, 6] moves, ``orders`` [6] are added up; ``scratch`` is room for a chunk."""
    for start in range(0, len(habit), CHUNK):
        perhaps = pass_gate(start, keys[VISIT], 1.0, gate, scratch)
        scratch.touched[0] = touch_habits(start, perhaps, scratch.found, habit)
        for k in range(perhaps):
            place = scratch.found[k]
            customer = np.uint64(start + place)
            if refined(float(scratch.slices[place]), word(keys[REST], customer)) < core.share:
                mine = habit[start + place]
                c = chosen(word(keys[BUY], customer), mine, core)
                orders[c] += 1
                for other in range(len(core.worth)):
                    goal = 1.0 if other == c else 0.0
                    mine[other] = narrow(moved(widen(mine[other]), goal, core.habit_gain))


def touch_habits(start: int, count: int, found: NDArray[np.int64], habit: NDArray[np.uint16]) -> int:
    """Read a habit of each in ``found`` in advance, see :func:`sim.customers.visiting.touch`."""
    total = 0
    for k in range(count):
        total += int(habit[start + found[k], 0])
    return total


class CoreMarket:
    """The core's customers from day to day.

    Attributes
    ----------
    habit
        uint16 [N, 6], the only changing state: 12 bytes a customer.
    orders
        int64 [6] since the start.
    """

    def __init__(self, customers: int, days: int, seed: int = 1, core: Core = MODEL) -> None:
        self.habit = np.full((customers, CHANNELS), narrow(HABIT), np.uint16)
        self.orders = np.zeros(CHANNELS, np.int64)
        self.core, self.day = core, 0
        self.keys = day_keys(seed, STREAMS, 0, days)
        self.gate, self._scratch = np.full(customers, core.share, np.float32), Scratch.blank()
        self._live = compiled(core_day)

    def step(self) -> None:
        """Live one day; after the last day's luck the first comes again."""
        keys = self.keys[self.day % len(self.keys)]
        self._live(keys, self.gate, self.habit, self.core, self._scratch, self.orders)
        self.day += 1

    def shares(self) -> list[float]:
        """Return the channels' shares of all orders so far."""
        return [float(share) for share in self.orders / self.orders.sum()]
