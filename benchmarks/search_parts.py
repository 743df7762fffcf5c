"""The parts of the search benchmark (`benchmarks.search`): each from a pool and a seed to its row."""

from __future__ import annotations

import itertools
import math
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import allocator
from benchmarks.search_markets import DAYS, draws, futures, lived, outcomes, searched, shop
from scenarios.executor import Pool
from scenarios.experiment import Future, RunJob, simulate
from scenarios.plan import Plan, with_overrides
from scenarios.samplers import front, hypervolume

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Array = Any
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
    plan = shop(f"{{vary: {_json(vary)}, maximise: [operating_profit], halving: false}}")
    panel = futures(draws(runs, seed), runs, seed, "enumerated")
    points = list(itertools.product(*grid))
    plans = [with_overrides(plan, dict(zip(paths, point, strict=True))) for point in points]
    profit = outcomes(plans, panel, customers, ["operating_profit"], pool)[:, :, 0].mean(axis=1)
    known = dict(zip(points, profit, strict=True))
    true, found, needed = float(profit.max()), [], []
    for one in range(seeds):
        looked = partial(looked_up, known=known)
        with Pool(1) as alone:
            result, table = searched(plan, [], trials, seed + one, alone, 1, 2, customers, simulate=looked)
        best = float(table.loc[table["state"] == "COMPLETE", "operating_profit"].max())
        found.append(best / true)
        near = table.index[table["operating_profit"] >= 0.99 * true]
        needed.append(int(near[0]) + 1 if len(near) else None)
        del result
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
    counts = [n for n in (10, 20, 40, 80, 160, 320, 480, 640, 900) if n <= random]
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
        fresh = {k: v for v in chosen if (k := _json(v)) not in self.known}
        if fresh:
            plans = [with_overrides(self.plan, v) for v in fresh.values()]
            found = outcomes(plans, self.panel, self.customers, KPIS, self.pool).mean(axis=1)
            self.known |= dict(zip(fresh, found, strict=True))
        return [_json(v) for v in chosen]

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


def optimism_coverage(
    pool: Pool,
    seed: int,
    searches: int = 20,
    trials: int = 24,
    panel: int = 4,
    fresh: int = 16,
    customers: int = 800,
    truth: int = 80,
) -> dict[str, Any]:
    """Search again and again, and re-simulate each best candidate in many more futures."""
    text = (
        "{vary: {budget.media: simplex, policies.promotion.depth: [0.0, 0.4]}, maximise: [operating_profit]}"
    )
    plan, rows = shop(text), []
    for one in range(searches):
        ensemble = draws(panel + fresh, seed + 100 * one)
        result, _ = searched(plan, ensemble, trials, seed + one, pool, panel, fresh, customers)
        best = next((c for c in result.candidates if c["name"] == "advice"), result.candidates[0])
        gain = next(row for row in best["gain"] if row["kpi"] == "operating_profit")
        values = _nested(best["values"])
        panel_ = futures(draws(truth, seed + 100 * one + 50), truth, seed + one, "truth")
        found = outcomes([with_overrides(plan, values), plan], panel_, customers, ["operating_profit"], pool)
        true = float((found[0] - found[1]).mean())
        rows.append(
            {
                "searched": best["optimism"][0]["searched"],
                "verified": gain["difference"],
                "low_90": gain["low_90"],
                "high_90": gain["high_90"],
                "true": true,
                "covered": gain["low_90"] <= true <= gain["high_90"],
            }
        )
    lost = [row["searched"] - row["true"] for row in rows]
    return {
        "ratio": sum(row["covered"] for row in rows) / len(rows),
        "unit": "share of searches whose 90 % interval covers the re-simulated gain",
        "searches": searches,
        "covered": sum(row["covered"] for row in rows),
        "optimism_before_verification": float(np.mean(lost)),
        "optimism_after_verification": float(np.mean([row["verified"] - row["true"] for row in rows])),
        "rows": rows,
    }


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by path with the shares of media in one mapping again."""
    media = {k.removeprefix("budget.media."): v for k, v in values.items() if k.startswith("budget.media.")}
    return {"budget.media": media} | {k: v for k, v in values.items() if not k.startswith("budget.media.")}


SPEND = "{vary: {budget.media: simplex, budget.year_1.split: simplex}, maximise: [operating_profit]}"
MEDIA = ("feed_ads", "live", "paid_search", "tv")


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
    from benchmarks.search_history import History, learnt

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


def two_workers(pool: Pool, seed: int, runs: int = 24, seconds: float = 1.0) -> dict[str, Any]:
    """Time one sweep on one worker and on two."""
    from results import store
    from scenarios.sweep import read_design, run_sweep
    from scenarios.sweep.cases import plans_of

    customers = _sized(seconds)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "shop.yaml").write_text(_shop_text(), encoding="utf-8")
        text = f"""plan: shop.yaml
scenarios: [plan]
design: {{kind: grid}}
vary: {{policies.pricing.level: {[round(0.9 + 0.01 * n, 2) for n in range(runs)]}}}
replicates: 1
customers: {customers}
"""
        path = Path(folder) / "design.yaml"
        path.write_text(text, encoding="utf-8")
        design = read_design(path)
        plans = plans_of(design)
        walls = []
        for workers in (1, 2):
            with Pool(workers, spawn_after=0.0) as crew:
                crew.warm()
                list(crew.run(_warmed, [customers] * workers))
                TIMES.clear()
                asked: dict[str, Any] = {"plan": text, "workers": workers}
                out = Path(folder) / str(workers) / "sweep"  # apart, or runs would be taken over
                with store.create(out, "sweep", "two", asked, {}, seed=seed) as writer:
                    begin = time.perf_counter()
                    run_sweep(design, plans, dict.fromkeys(plans, ()), seed, writer, crew, measure=timed)
                    walls.append(time.perf_counter() - begin)
                if workers == 1:
                    inside = sum(TIMES)
    return {
        "ratio": walls[0] / walls[1],
        "unit": "speed-up of two workers over one",
        "overhead": 1.0 - inside / walls[0],
        "runs": runs,
        "seconds_a_run": inside / runs,
        "one_worker": walls[0],
        "two_workers": walls[1],
    }


TIMES: list[float] = []


def timed(plan: Plan, values: Mapping[str, float], seed: int, customers: int, windows: Any) -> pd.DataFrame:
    """Make a sweep's run and note how long it took."""
    from scenarios.sweep.experiment import measure

    begin = time.perf_counter()
    table = measure(plan, values, seed, customers, windows)
    TIMES.append(time.perf_counter() - begin)
    return table


def _warmed(customers: int) -> None:
    simulate(shop("{}"), {}, 1, customers)


def _sized(seconds: float) -> int:
    """Return the customers at which a run takes about so long here."""
    times = []
    for customers in (4_000, 4_000, 24_000):
        begin = time.perf_counter()
        _warmed(customers)
        times.append(time.perf_counter() - begin)
    slope = max((times[2] - times[1]) / 20_000, 1e-6)
    return int(max(4_000 + (seconds - times[1]) / slope, 1_000))


def _shop_text() -> str:
    from benchmarks.search_markets import SHOP

    return SHOP


def _json(data: Any) -> str:
    import json

    return json.dumps(data, sort_keys=True)
