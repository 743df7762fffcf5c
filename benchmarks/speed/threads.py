"""Two threads over one in a single large market, with the same books to the bit."""

from __future__ import annotations

import numpy as np

from benchmarks.speed.markets import market
from benchmarks.speed.rows import Row, faster
from benchmarks.speed.timing import ROUNDS, in_turns, wall

CUSTOMERS, STEPS = 1_000_000, 3


def thread_rows(customers: int = CUSTOMERS, steps: int = STEPS, rounds: int = ROUNDS) -> list[Row]:
    """Time one market on one thread and its twin on two, by the clock."""
    one, two = (market(customers, steps * rounds + 1, threads) for threads in (1, 2))
    blocks = {name: wall(each.step, steps, customers) for name, each in (("two", two), ("one", one))}
    found = in_turns(blocks, rounds)
    for name, book in vars(one.ledger).items():
        if isinstance(book, np.ndarray) and not np.array_equal(book, vars(two.ledger)[name], equal_nan=True):
            raise RuntimeError(f"two threads leave other books than one: {name}")
    two.crew.close()
    return [faster("threads_2", found["two"], found["one"], customers=customers)]
