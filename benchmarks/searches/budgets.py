"""A search on what a history taught against a marketing-mix allocator fitted to the same history."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.searches import allocator
from benchmarks.searches.history import History, learnt
from benchmarks.searches.markets import draws, futures, outcomes, searched, shop
from scenarios.executor import Pool
from scenarios.plan import with_overrides

SPEND = "{vary: {budget.media: simplex, budget.year_1.split: simplex}, maximise: [operating_profit]}"


def against_allocator(
    pool: Pool,
    seed: int,
    markets: int = 10,
    weeks: int = 104,
    customers: int = 2000,
    prior: int = 64,
    kept: int = 8,
    trials: int = 60,
    truth: int = 24,
) -> dict[str, Any]:
    """Let the allocator and us learn from the same history, market by market; compare true profits."""
    rows = []
    for one in range(markets):
        rows.append(_market(pool, seed + 1000 * (one + 1), weeks, customers, prior, kept, trials, truth))
    gains = [row["ours"] - row["allocator"] for row in rows]
    return {
        "ratio": sum(gain >= 0 for gain in gains) / len(rows),
        "unit": "share of markets in which our budget's true profit is at least the allocator's",
        "markets": markets,
        "won": sum(gain >= 0 for gain in gains),
        "mean_gain": float(np.mean(gains)),
        "rows": rows,
    }


def _market(
    pool: Pool, seed: int, weeks: int, customers: int, prior: int, kept: int, trials: int, truth: int
) -> dict[str, Any]:
    plan = shop(SPEND)
    whole = plan.budget.year(1).total
    real = draws(1, seed)[0]
    history = History(plan, real, seed, weeks, 4 * customers)
    curves = allocator.fit(history.sales, history.spend, seed)
    weekly = allocator.best_budget(curves, whole / 52.0, history.margin, seed)
    ensemble = learnt(plan, history, draws(prior, seed + 1), kept, customers, pool)
    result, _ = searched(plan, ensemble, trials, seed, pool, kept // 2, kept, customers)
    theirs = with_overrides(plan, spending(dict(zip(history.media, 52.0 * weekly, strict=True)), whole))
    best = max(result.candidates, key=lambda one: float(one["gain"][0]["difference"]))
    promising = best["gain"][0]["difference"] > 0
    ours = with_overrides(plan, _both(best["values"])) if promising else plan
    panel = futures([real], truth, seed, "truth")
    found = outcomes([ours, theirs, plan], panel, 2 * customers, ["operating_profit"], pool)[:, :, 0]
    difference = found[0] - found[1]
    error = float(difference.std(ddof=1) / math.sqrt(truth))
    profit = found.mean(axis=1)
    return {
        "ours": float(profit[0]),
        "allocator": float(profit[1]),
        "as_written": float(profit[2]),
        "error": error,
        "allocator_fit": curves.error,
        "improved": result.improved,
    }


def spending(money: Mapping[str, float], whole: float) -> dict[str, Any]:
    """Return the overrides that spend so much a year by medium; what is left of the whole is kept."""
    spent = sum(money.values())
    share = round(min(spent / whole, 1.0), 6)
    media = {name: part / spent if spent > 0 else 1.0 / len(money) for name, part in money.items()}
    return {"budget.media": media, "budget.year_1.split": {"marketing": share, "reserve": 1.0 - share}}


def _both(best: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in ("budget.media", "budget.year_1.split"):
        found[path] = {k.removeprefix(f"{path}."): v for k, v in best.items() if k.startswith(f"{path}.")}
    split = found["budget.year_1.split"]
    found["budget.year_1.split"] = {name: split[name] for name in split if split[name] > 0}
    return found
