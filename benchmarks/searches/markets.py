"""The markets that searches are measured on: a small retailer, its levers, and luck that is shared or not."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.executor import Pool
from scenarios.experiment import Future, RunJob, seed_of, simulate
from scenarios.plan import Plan, load_plan, with_overrides

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from scenarios.advice import SearchResult

DAYS = 365
YEAR = ((0, DAYS - 1),)
SHOP = """
name: bench_shop
start: 2027-01-01
months: 12
market: {population: 100000, customers: 2000}
channels: {store: {kind: store, share: 0.5}, site: {kind: own, share: 0.5}}
budget:
  today: {total: 1000000, split: {marketing: 1.0}}
  year_1: {total: 1000000, split: {marketing: 0.8, reserve: 0.2}}
  media: {paid_search: 0.25, feed_ads: 0.25, live: 0.25, tv: 0.25}
"""
# What is uncertain: these decide what media are worth. Ranges are narrower than the priors' and lie where
# media can pay, so that there is something to find.
UNSURE: Mapping[str, tuple[float, float]] = {
    "hill_shape": (0.6, 1.6),
    "half_saturation": (0.4, 3.0),
    "cpc.paid_search": (0.5, 2.0),
    "cpc.feed_ads": (0.4, 1.6),
    "cpc.live": (0.4, 1.6),
    "intent.paid_search": (-0.2, 0.6),
    "intent.feed_ads": (-0.8, 0.2),
    "intent.live": (-0.4, 0.4),
    "lift.other": (0.01, 0.12),
}


@cache
def _parsed(text: str) -> Plan:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.yaml"
        path.write_text(text, encoding="utf-8")
        return load_plan(path)


def shop(search: str, **changes: Any) -> Plan:
    """Return the retailer with a ``search`` (YAML), and some lines changed."""
    plan = _parsed(f"{SHOP}search: {search}\n")
    return with_overrides(plan, changes) if changes else plan


def draws(count: int, seed: int) -> list[dict[str, float]]:
    """Return parameter draws, log-uniform where positive and uniform else."""
    luck = np.random.default_rng([seed, 7])
    found = []
    for _ in range(count):
        one = {}
        for name, (low, high) in UNSURE.items():
            u = float(luck.uniform())
            one[name] = low * (high / low) ** u if low > 0 else low + (high - low) * u
        found.append(one)
    return found


def futures(ensemble: Sequence[Mapping[str, float]], count: int, seed: int, purpose: str) -> list[Future]:
    """Return ``count`` futures over an ensemble, each with luck of its own."""
    return [
        Future(
            k % len(ensemble), k // len(ensemble), seed_of(seed, k, 0, purpose), ensemble[k % len(ensemble)]
        )
        for k in range(count)
    ]


def lived(job: RunJob) -> dict[str, float]:
    """Make a run; return the year's indicators."""
    kpis = job.simulate(job.plan, job.future.values, job.future.seed, job.customers, YEAR)[0]
    rows = kpis[kpis["channel"] == "all"]
    return dict(zip(rows["kpi"], rows["value"].astype(float), strict=True))


def outcomes(
    plans: Sequence[Plan], panel: Sequence[Future], customers: int, kpis: Sequence[str], pool: Pool
) -> NDArray[np.float64]:
    """Return indicators [plan, future, kpi]; the same futures for every plan."""
    jobs = [RunJob(str(k), plan, f, customers, simulate) for k, plan in enumerate(plans) for f in panel]
    done = dict(pool.run(lived, jobs))
    rows = [[done[k][kpi] for kpi in kpis] for k in range(len(jobs))]
    return np.array(rows, dtype=float).reshape(len(plans), len(panel), len(kpis))


def searched(
    plan: Plan,
    ensemble: Sequence[Mapping[str, float]],
    trials: int,
    seed: int,
    pool: Pool,
    panel: int,
    fresh: int,
    customers: int,
    **options: Any,
) -> tuple[SearchResult, pd.DataFrame]:
    """Search a plan in a folder that is thrown away; return what it came to, and its trials."""
    from results import store
    from scenarios.search import search

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "search"
        with store.create(out, "search", plan.name, {"plan": plan.name}, {}, seed=seed) as writer:
            asked = {"panel": panel, "fresh": fresh, "explain": False, **options}
            result = search(plan, ensemble, trials, (), seed, customers, pool, writer, **asked)
        return result, store.open_run(out).read("search/trials")


def in_one_line(data: Any) -> str:
    """Return plain data as JSON, always the same for the same: YAML reads it, and it can be a key."""
    return json.dumps(data, sort_keys=True)
