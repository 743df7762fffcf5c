"""Timing on a machine that others use too: short blocks in turns, the fastest of each counts.

Interference only ever adds time, so the fastest of several blocks is nearest to the truth; taking turns puts
all candidates under the same load. What runs on one thread is timed by the processor time of its own process,
which does not count while others run; what runs on several, by the clock.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

Block = Callable[[], float]
ROUNDS = 6


def block(step: Callable[[], object], steps: int, customers: int, clock: Callable[[], float]) -> Block:
    """Return a block of ``steps`` days that tells its nanoseconds a customer-day."""

    def run() -> float:
        begin = clock()
        for _ in range(steps):
            step()
        return (clock() - begin) / steps / customers * 1e9

    return run


def cpu(step: Callable[[], object], steps: int, customers: int) -> Block:
    """Return a block timed by this process's processor time."""
    return block(step, steps, customers, time.process_time)


def wall(step: Callable[[], object], steps: int, customers: int) -> Block:
    """Return a block timed by the clock."""
    return block(step, steps, customers, time.perf_counter)


def in_turns(blocks: Mapping[str, Block], rounds: int = ROUNDS) -> dict[str, float]:
    """Run all blocks in turns, round after round; return each one's fastest figure."""
    gc.collect()
    found: dict[str, list[float]] = {name: [] for name in blocks}
    for _ in range(rounds):
        for name, run in blocks.items():
            found[name].append(run())
    return {name: min(values) for name, values in found.items()}
