"""A market small enough to enumerate: does the search find its best plan?"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from benchmarks.searches.markets import DAYS, draws, futures, in_one_line, outcomes, searched, shop
from scenarios.executor import Pool
from scenarios.plan import Plan, with_overrides

if TYPE_CHECKING:
    import pandas as pd

DEPTHS = tuple(round(0.04 * n, 2) for n in range(10))
LEVELS = tuple(round(0.86 + 0.04 * n, 2) for n in range(10))
TOTALS = tuple(250_000.0 * n for n in range(1, 9))


def known_optimum(
    pool: Pool,
    seed: int,
    grid: tuple[Sequence[float], ...] = (DEPTHS, LEVELS, TOTALS),
    trials: int = 200,
    seeds: int = 10,
    customers: int = 400,
    runs: int = 2,
) -> dict[str, Any]:
    """Enumerate a market, then search it; a plan's value is its mean over the same futures for everybody."""
    paths = ("policies.promotion.depth", "policies.pricing.level", "budget.year_1.total")
    vary = {path: {"choices": list(values)} for path, values in zip(paths, grid, strict=True)}
    plan = shop(f"{{vary: {in_one_line(vary)}, maximise: [operating_profit], halving: false}}")
    panel = futures(draws(runs, seed), runs, seed, "enumerated")
    points = list(itertools.product(*grid))
    plans = [with_overrides(plan, dict(zip(paths, point, strict=True))) for point in points]
    profit = outcomes(plans, panel, customers, ["operating_profit"], pool)[:, :, 0].mean(axis=1)
    known = dict(zip(points, profit, strict=True))
    true = float(profit.max())
    jobs = [Looked(plan, known, trials, seed + one, customers) for one in range(seeds)]
    told = dict(pool.run(climbed, jobs))
    found = [told[one][0] / true for one in range(seeds)]
    needed = [told[one][1] for one in range(seeds)]
    reached = [n for n in needed if n is not None]
    return {
        "ratio": min(found),
        "unit": "found over true optimum, worst seed",
        "plans": len(points),
        "within_one_percent": len(reached),
        "seeds": seeds,
        "trials_needed": needed,
        "median_plan": float(np.median(profit)) / true,
        "within_one_percent_of_all": float((profit >= 0.99 * true).mean()),
    }


class Looked(NamedTuple):
    """A search of an enumerated market."""

    plan: Plan
    known: Mapping[tuple[float, ...], float]
    trials: int
    seed: int
    customers: int


def climbed(job: Looked) -> tuple[float, int | None]:
    """Search; return the best found, and the trials until it was within 1 % of the best there is."""
    looked = partial(looked_up, known=job.known)
    with Pool(1) as alone:
        _, table = searched(job.plan, [], job.trials, job.seed, alone, 1, 2, job.customers, simulate=looked)
    profit = table["operating_profit"].where(table["state"] == "COMPLETE")
    near = table.index[profit >= 0.99 * max(job.known.values())]
    return float(profit.max()), int(near[0]) + 1 if len(near) else None


def looked_up(
    plan: Plan, draw: Mapping[str, float], seed: int, customers: int | None, windows: Any = None,
    *, known: Mapping[tuple[float, ...], float],
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Stand in for a run with what was simulated already; any seed tells the same."""
    import pandas as pd

    at = (plan.policies.promotion.depth, plan.policies.pricing.level, plan.budget.year(1).total)
    start = pd.Timestamp(plan.start)
    rows = [
        (start + pd.Timedelta(days=first), start + pd.Timedelta(days=last), "all", kpi, value, "currency")
        for first, last in windows or [(0, 30), (0, DAYS - 1)]
        for kpi, value in (("operating_profit", known.get(at, min(known.values()))), ("net_sales", 1.0))
    ]
    names = ["period_start", "period_end", "channel", "kpi", "value", "unit"]
    daily = pd.DataFrame({"date": [start], "channel": ["all"], "orders": [0.0]})
    return pd.DataFrame(rows, columns=names), daily
