"""Two objectives: how many times the customer-days does chance need for the front that a search reaches?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.searches.markets import DAYS, draws, futures, in_one_line, lived, outcomes, searched, shop
from scenarios.executor import Pool
from scenarios.experiment import Future, RunJob, simulate
from scenarios.plan import Plan, with_overrides
from scenarios.samplers import front, hypervolume

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

KPIS = ("operating_profit", "net_sales")
SIX = """{vary: {budget.media: simplex, budget.year_1.total: [100000, 3000000],
  policies.promotion.depth: [0.0, 0.4], policies.pricing.level: [0.85, 1.25]},
  maximise: [operating_profit, net_sales], patience: 0}"""


def hypervolume_efficiency(
    pool: Pool,
    seed: int,
    trials: int = 80,
    seeds: int = 3,
    random: int = 900,
    customers: int = 2000,
    panel: int = 2,
    truth: int = 12,
) -> dict[str, Any]:
    """Hold fronts found against each other, re-simulated on the same independent futures."""
    plan, ensemble = shop(SIX), draws(2 * panel, seed)
    judge = Judge(plan, futures(ensemble, truth, seed, "truth"), customers, pool)
    many = _random(plan, ensemble, random, seed, customers, panel, pool)
    ours = []
    for one in range(seeds):
        _, table = searched(plan, ensemble, trials, seed + one, pool, panel, 2, customers)
        table = table[table["whole"]]
        cost = float(_agents(table, trials, customers)) * panel * DAYS
        values = [_six(row) for _, row in table.iterrows()]
        ours.append((cost, judge.best(values, table[list(KPIS)].to_numpy(float))))
    counts = [*(n for n in (10, 20, 40, 80, 160, 320, 640) if n < random), random]
    climbs = []  # random search in several orders: its luck is averaged, not picked
    for order in range(seeds):
        shuffled = np.random.default_rng([seed, 17, order]).permutation(random)
        climbs.append([judge.best([many[0][i] for i in shuffled[:n]], many[1][shuffled[:n]]) for n in counts])
    volumes = judge.volumes([front_ for _, front_ in ours], [f for climb in climbs for f in climb])
    reached = volumes[0]
    climbing = np.array(volumes[1]).reshape(seeds, len(counts)).mean(axis=0)
    costs = np.array(counts) * customers * panel * DAYS
    needed = [_cost_at(level, climbing, costs) for level in reached]
    ratios = [need / cost for need, (cost, _) in zip(needed, ours, strict=True)]
    return {
        "ratio": float(np.mean(ratios)),
        "unit": "customer-days of random search over ours, for the same true hypervolume",
        "at_least": bool(max(reached) > climbing.max()),
        "ratios": ratios,
        "hypervolume": reached,
        "random_hypervolume": climbing.tolist(),
        "random_trials": counts,
        "trials": trials,
        "customer_days": [cost for cost, _ in ours],
    }


class Judge:
    """Re-simulates fronts on futures nobody has seen, each plan once."""

    def __init__(self, plan: Plan, panel: Sequence[Future], customers: int, pool: Pool) -> None:
        self.plan, self.panel, self.customers, self.pool = plan, panel, customers, pool
        self.known: dict[str, NDArray[np.float64]] = {}

    def best(self, values: Sequence[Mapping[str, Any]], scores: NDArray[np.float64]) -> list[str]:
        """Return the keys of the plans no other one beats, by what the search itself saw."""
        kept = front(scores)
        chosen = [v for v, s in zip(values, scores, strict=True) if (kept == s).all(axis=1).any()]
        fresh = {k: v for v in chosen if (k := in_one_line(v)) not in self.known}
        if fresh:
            plans = [with_overrides(self.plan, v) for v in fresh.values()]
            found = outcomes(plans, self.panel, self.customers, KPIS, self.pool).mean(axis=1)
            self.known |= dict(zip(fresh, found, strict=True))
        return [in_one_line(v) for v in chosen]

    def volumes(self, *groups: Sequence[Sequence[str]]) -> list[list[float]]:
        """Return the hypervolume of each front, scaled to the range of all plans re-simulated."""
        every = np.array(list(self.known.values()))
        low, span = every.min(axis=0), np.ptp(every, axis=0)
        return [
            [
                hypervolume((np.array([self.known[k] for k in keys]) - low) / span, np.zeros(2))
                for keys in group
            ]
            for group in groups
        ]


def _random(
    plan: Plan, ensemble: Sequence[Mapping[str, float]], count: int, seed: int, customers: int, panel: int,
    pool: Pool,
) -> tuple[list[dict[str, Any]], NDArray[np.float64]]:  # fmt: skip
    """Return random plans and what each saw, in futures of its own."""
    import optuna

    from scenarios.proposals import lines_of, suggest

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    lines = lines_of(plan)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))
    values = [suggest(study.ask(), lines, plan) for _ in range(count)]
    jobs = [
        RunJob(str(k), with_overrides(plan, one), future, customers, simulate)
        for k, one in enumerate(values)
        for future in futures(ensemble, panel, seed, f"random {k}")
    ]
    done = dict(pool.run(lived, jobs))
    seen = np.array([[done[k][kpi] for kpi in KPIS] for k in range(len(jobs))])
    return values, seen.reshape(count, panel, len(KPIS)).mean(axis=1)


def _six(row: Any) -> dict[str, Any]:
    names = [name for name in row.index if name.startswith("budget.media.")]
    media = {name.removeprefix("budget.media."): float(row[name]) for name in names}
    rest = ("budget.year_1.total", "policies.promotion.depth", "policies.pricing.level")
    return {"budget.media": media, **{name: float(row[name]) for name in rest}}


def _agents(whole: pd.DataFrame, trials: int, customers: int) -> float:
    """Return the customers that a search simulated in a future: first looks, whole ones, references."""
    from scenarios.bench import PART

    glances = (trials - 2) * math.ceil(customers / PART) + math.ceil(customers / PART)
    return glances + (len(whole) + 2) * customers


def _cost_at(level: float, climbing: NDArray[np.float64], costs: NDArray[np.float64]) -> float:
    """Return the cost at which a climb reaches a level, log-linear between checkpoints; or the last."""
    top = np.maximum.accumulate(climbing)
    if level >= top[-1]:
        return float(costs[-1])
    return float(np.exp(np.interp(level, top, np.log(costs))))
