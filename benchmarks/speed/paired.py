"""What common luck is worth: how much less a difference scatters between paired runs than between others.

The question asked of the market is what a price 1 % higher in all channels does to net sales of a year, with
20,000 customers. In each of several repetitions the same customers live three years: at today's price (A), at
the higher price with the same luck (B), and at the higher price with fresh luck (C). The row's ratio is
``Var(C - A) / Var(B - A)`` over repetitions; its interval is a bootstrap over them. Each repetition has
customers of its own, the same in its three runs, and stock that is always there; ``variance_ratio_stockouts``
is the same with stock that runs out, where one customer's purchase can take another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.markets import CHANNELS, setup
from benchmarks.speed.rows import Row, row

CUSTOMERS, DAYS, PAIRS, WORKERS = 20_000, 365, 60, 2
RISE = 1.01
OTHER_LUCK = 1_000_000
ALWAYS_THERE = {f"stockout.{kind}": 0.0 for kind in dict.fromkeys(channel.kind for channel in CHANNELS)}


@dataclass(frozen=True)
class Repetition:
    """Three years of the same customers."""

    seed: int
    customers: int
    days: int
    scarce: bool


def variance_rows(customers: int = CUSTOMERS, days: int = DAYS, pairs: int = PAIRS) -> list[Row]:
    """Measure both ratios, repetitions side by side in processes of their own."""
    rows = []
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for name, scarce in (("variance_ratio", False), ("variance_ratio_stockouts", True)):
            asked = [Repetition(seed, customers, days, scarce) for seed in range(1, pairs + 1)]
            rows.append(variance_row(name, list(pool.map(differences, asked))))
    return rows


def differences(asked: Repetition) -> tuple[float, float]:
    """Return what the higher price changes, with the same luck and with fresh luck, currency."""
    before = net_sales(asked, 1.0, asked.seed)
    same, fresh = (net_sales(asked, RISE, luck) for luck in (asked.seed, asked.seed + OTHER_LUCK))
    return same - before, fresh - before


def net_sales(asked: Repetition, price: float, luck: int) -> float:
    """Return the net sales of the whole horizon."""
    from sim.market import Market
    from sim.retailer.stock import StockPolicy

    more: dict[str, Any] = {"stock": StockPolicy()} if asked.scarce else {"parameters": ALWAYS_THERE}
    whole = setup(asked.customers, asked.days, price, **more)
    ledger = Market.from_setup(whole, seed=luck, population=asked.seed).run()
    return float(ledger.money()["net_sales"].sum())


def variance_row(name: str, found: Sequence[tuple[float, float]]) -> Row:
    """Return the row of one ratio, its interval and how much the effect itself is."""
    pairs = np.array(found)
    low, high = interval(pairs)
    paired, fresh = pairs.var(axis=0, ddof=1)
    told = {"low": round(low, 2), "high": round(high, 2), "pairs": len(pairs)}
    told |= {"effect": round(float(pairs[:, 0].mean()), 2), "effect_sd": round(float(paired**0.5), 2)}
    return row(name, float(paired), float(fresh), "variance, currency squared", float(fresh / paired), **told)


def interval(pairs: NDArray[np.float64], draws: int = 4_000, level: float = 0.95) -> tuple[float, float]:
    """Return a bootstrap interval of the ratio of variances over repetitions [n, 2] (paired, fresh)."""
    chosen = np.random.default_rng([1, len(pairs)]).integers(0, len(pairs), (draws, len(pairs)))
    paired, fresh = (pairs[chosen, k].var(axis=1, ddof=1) for k in (0, 1))
    low, high = np.quantile(fresh / paired, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
