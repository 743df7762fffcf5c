"""The choice core in chunked NumPy, in the best form we know.

The gate comes first and everything else is done for shoppers only; a chunk stays in cache; numbers come
from NumPy's own generator of most speed and are float32 or shorter. The race of exponentials,
``argmin E exp(-V)``, is the choice with Gumbel errors with one logarithm less, and NumPy draws exponentials
by ziggurat. Candidates differ in the gate's draws (32 or 16 bits) and in the chunk; the measuring side takes
the fastest.
"""

from __future__ import annotations

import numpy as np
from serve import options, serve


class NumpyCore:
    """Customers' habits [N, 6] as float32, and a day."""

    def __init__(self, customers: int, model: dict, chunk: int, bits: int, seed: int) -> None:
        self.habit = np.full((customers, len(model["worth"])), model["habit"], np.float32)
        self.random = np.random.Generator(np.random.SFC64(seed))
        self.base = np.array(model["worth"]) - model["price_weight"] * np.array(model["price_term"])
        self.base = self.base.astype(np.float32)
        self.weight, self.gain = np.float32(model["habit_weight"]), np.float32(model["habit_gain"])
        self.share, self.bits, self.chunk = model["share"], bits, chunk
        self.orders = np.zeros(len(self.base), np.int64)
        self.draws = np.empty(chunk, np.float32)
        self.rows = np.arange(chunk)

    def shoppers(self, count: int) -> np.ndarray:
        """Return who of the next ``count`` customers shops."""
        if self.bits == 16:
            draws = np.frombuffer(self.random.bytes(2 * count), np.uint16)
            return np.flatnonzero(draws < round(self.share * 65536))
        draws = self.random.random(dtype=np.float32, out=self.draws[:count])
        return np.flatnonzero(draws < np.float32(self.share))

    def step(self) -> None:
        """Live a day, chunk by chunk."""
        for first in range(0, len(self.habit), self.chunk):
            habits = self.habit[first : first + self.chunk]
            who = self.shoppers(len(habits))
            habit = habits[who]
            cost = np.exp(-(self.base + self.weight * habit))
            cost *= self.random.standard_exponential(habit.shape, np.float32)
            chosen = cost.argmin(axis=1)
            habit *= 1 - self.gain
            habit[self.rows[: len(who)], chosen] += self.gain
            habits[who] = habit
            self.orders += np.bincount(chosen, minlength=len(self.orders))


def main() -> None:
    """Serve blocks."""
    asked = options()
    core = NumpyCore(asked["customers"], asked["model"], asked["chunk"], asked["bits"], asked["seed"])
    serve(
        core.step,
        asked["customers"],
        asked["steps"],
        lambda: {"orders": core.orders.tolist(), "versions": {"numpy": np.__version__}},
    )


if __name__ == "__main__":
    main()
