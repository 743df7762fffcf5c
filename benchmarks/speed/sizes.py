"""The full market from a thousand to ten million customers, beside its floor at each size.

**Fixed cost.** A market's day takes ``t(N) = F + c N`` while the customers fit in the caches. ``F``, the part
that has nothing to do with customers, is the intercept of a line through the small sizes (1,000 to 20,000),
fitted to relative errors. The floor's line is fitted in the same way.

**Growth** from 10,000 to 10 million customers is ``((t(10M) - F) / 10M) / ((t(10k) - F) / 10k)``. The
floor grows too, since a shopper's bytes come from memory and no longer from a cache; the row's ratio is the
market's growth over the floor's.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks.speed.floors import floor_of_market
from benchmarks.speed.markets import market
from benchmarks.speed.rows import Row, above, extra
from benchmarks.speed.timing import ROUNDS, cpu, in_turns

SMALL = {1_000: 100, 2_000: 100, 5_000: 60, 10_000: 60, 20_000: 30}  # days a block
LARGE = {100_000: 10, 1_000_000: 3}
LABELS = {10_000: "10k", 100_000: "100k", 1_000_000: "1m", 10_000_000: "10m"}
Times = dict[int, tuple[float, float]]  # ns a customer-day of the market and of its floor, by size


def timed(customers: int, steps: int, rounds: int = ROUNDS) -> tuple[float, float]:
    """Return ns a customer-day of a market and of its floor, in turns."""
    ours = market(customers, steps * rounds + 1)
    floor = floor_of_market(ours)
    floor.step()
    found = in_turns(
        {"ours": cpu(ours.step, steps, customers), "floor": cpu(floor.step, steps, customers)}, rounds
    )
    return found["ours"], found["floor"]


def size_rows(
    largest: tuple[int, float, float] | None,
    small: Mapping[int, int] = SMALL,
    large: Mapping[int, int] = LARGE,
) -> list[Row]:
    """Measure all sizes; ``largest`` (customers, ours, floor) was measured in its own process."""
    times: Times = {size: timed(size, steps) for size, steps in {**small, **large}.items()}
    if largest is not None:
        times[largest[0]] = largest[1:]
    rows = [extra(f"full_{LABELS[size]}", times[size][0]) for size in LABELS if size in times]
    rows += [
        extra(f"floor_full_{LABELS[size]}", times[size][1]) for size in (10_000, 10_000_000) if size in times
    ]
    if 1_000_000 in times:
        rows.append(above("floor_full", *times[1_000_000], customers=1_000_000))
    fixed = fixed_costs(times, max(small))
    rows.append(extra("fixed_cost_us", fixed[0], "microseconds a day"))
    if largest is not None:
        ours, floor = growth(times, fixed, 10_000, largest[0])
        rows.append(above("growth_10k_10m", ours, floor, "times"))
    return rows


def fixed_costs(times: Times, up_to: int) -> tuple[float, float]:
    """Return the market's and the floor's cost a day that no customer causes, microseconds."""
    sizes = np.array([size for size in times if size <= up_to], float)
    found = []
    for k in range(2):
        days = np.array([times[int(size)][k] for size in sizes]) * sizes / 1e3
        _, intercept = np.polyfit(sizes, days, 1, w=1.0 / days)
        found.append(max(float(intercept), 0.0))
    return found[0], found[1]


def growth(times: Times, fixed: tuple[float, float], first: int, last: int) -> tuple[float, float]:
    """Return how much dearer a customer-day is at ``last`` than at ``first``, for market and floor."""
    a, b = (tuple(times[size][k] - fixed[k] * 1e3 / size for k in range(2)) for size in (first, last))
    return b[0] / a[0], b[1] / a[1]
