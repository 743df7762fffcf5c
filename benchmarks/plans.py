"""The bundled plans simulated: does the market start where each plan says, and what are the targets' odds?

``python -m benchmarks.plans`` calibrates each plan's status quo to its starting point, then lets
``status_quo`` and ``plan`` live through fresh futures, and writes ``results/plans.json``. A row is a
starting figure, a target or both: ``starting_point`` is what the plan says, ``simulated`` the mean over
futures of a calm year of the status quo (nothing grows, no risk strikes, no rival opens: the business as
the plan finds it) and ``relative_error`` their difference over the former, on luck that the fit has not
seen. Targets are judged in futures with all of that; ``bound`` says
whether the plan gives a figure or a limit ("under 20 %"). ``odds`` belong to the scenario ``plan``. What
the market does not compute is skipped.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from results.files import plain, write_json  # noqa: E402

if TYPE_CHECKING:
    import pandas as pd

    from calibration.fit import Fit
    from scenarios.executor import Pool
    from scenarios.plan import Plan

OUT = ROOT / "results" / "plans.json"
# Small on purpose: five plans within twenty minutes on two cores.
MEMBERS, DRAWS, REPLICATES, CUSTOMERS = 24, 8, 2, 2_000
AGENTS = 4_000  # of the calm year, in which small shares are read
STATUS_QUO = "status_quo"
NOT_COMPUTED = "not computed by the market yet"
NOT_BY_CHANNEL = "not computed for a single channel"
UNDEFINED = "undefined in the status quo's first year"


def main() -> None:
    """Measure the plans asked for, print and write; rows of other plans stay as they are."""
    from scenarios.executor import Pool
    from scenarios.plan import bundled

    asked = _asked(bundled())
    rows = [] if asked.only is None else [row for row in written(OUT) if plan_of(row) not in asked.only]
    with Pool(asked.threads, spawn_after=0.0) as pool:
        for name in asked.only or bundled():
            begin = time.perf_counter()
            fresh = measure(name, pool, asked.seed, asked.threads)
            print(f"{name}: {time.perf_counter() - begin:.0f} s", flush=True)
            show(fresh)
            rows += fresh
    order = list(bundled())
    write_json(OUT, {"rows": sorted(rows, key=lambda row: order.index(plan_of(row)))})
    print(f"wrote {OUT.relative_to(ROOT)}")


def written(path: Path) -> list[dict[str, Any]]:
    """Return the rows of the last measurement."""
    return list(json.loads(path.read_text(encoding="utf-8"))["rows"]) if path.exists() else []


def plan_of(row: dict[str, Any]) -> str:
    """Return the plan that a row is about, a skipped one too."""
    return str(row["name"]).partition(".")[0]


def measure(name: str, pool: Pool, seed: int, threads: int) -> list[dict[str, Any]]:
    """Calibrate and simulate one plan; return its rows, or one that says why there are none."""
    from calibration.fit import fit
    from calibration.starting_point import plan_case
    from scenarios.plan import load_plan

    plan = load_plan(name)
    try:
        fitted = fit(plan_case(plan), pool, seed, MEMBERS)
        targets = simulated(plan, ["plan"], CUSTOMERS, fitted, seed + 1, threads)[1]
        kpis = simulated(calm(plan), [STATUS_QUO], AGENTS, fitted, seed + 2, threads)[0]
    except RuntimeError as error:  # a job that failed: the other plans can still be measured
        return [{"name": name, "skipped": f"{type(error).__name__}: {error}"}]
    return rows_of(plan, first_year(kpis), targets)


def calm(plan: Plan) -> Plan:
    """Return the plan's first year with nothing that comes from outside."""
    from scenarios.horizon import with_horizon
    from scenarios.plan import with_overrides

    still = {"low": 0.0, "central": 0.0, "high": 0.0}
    changes: dict[str, Any] = {"market.growth": still, "market.click_price_growth": still}
    changes["market.rivals"] = []
    changes |= {f"risks.{name}.active": False for name in plan.risks}
    return with_horizon(with_overrides(plan, changes), 12)


def simulated(
    plan: Plan, scenarios: list[str], customers: int, fitted: Fit, seed: int, threads: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run ``status_quo`` and other scenarios in every future; return ``kpis`` and ``targets``."""
    import numpy as np
    import pandas as pd

    from results.writer import RunWriter
    from scenarios.experiment import run_experiment

    draws = fitted.draws()
    some = [draws[int(k)] for k in np.linspace(0, len(draws) - 1, min(DRAWS, len(draws)))]
    with tempfile.TemporaryDirectory() as scratch:
        writer = RunWriter(Path(scratch))
        run_experiment(plan, scenarios, some, REPLICATES, seed, customers, writer, threads)
        tables = [pd.read_parquet(writer.path / f"{table}.parquet") for table in ("kpis", "targets")]
    return tables[0], tables[1]


def first_year(kpis: pd.DataFrame) -> pd.Series:
    """Return the mean over futures of the status quo's first whole year, by (channel, kpi)."""
    quiet = kpis[kpis["scenario"] == "status_quo"]
    years = quiet[(quiet["period_end"] - quiet["period_start"]).dt.days >= 360]
    first = years[years["period_end"] == years["period_end"].min()]
    return first.groupby(["channel", "kpi"])["value"].mean()


def rows_of(plan: Plan, first: pd.Series, targets: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a row for each starting figure and each target, those of the whole retailer first."""
    from sim.indicators import ALIASES

    stated = {("all", ALIASES.get(key, key)): figure for key, figure in plan.starting_point.items()}
    for channel, planned in plan.open_channels().items():
        stated |= {(channel, ALIASES.get(k, k)): f for k, f in planned.starting_point.items()}
    aims = {("all", str(kpi)): part for kpi, part in targets.groupby("kpi", sort=False)}
    return [
        _row(plan, channel, kpi, stated.get((channel, kpi)), first, aims.get((channel, kpi)))
        for channel, kpi in dict.fromkeys([*stated, *aims])
    ]


def _row(
    plan: Plan, channel: str, kpi: str, figure: Any, first: pd.Series, aims: pd.DataFrame | None
) -> dict[str, Any]:
    from sim.indicators import INDICATORS

    name = ".".join([plan.name, kpi] if channel == "all" else [plan.name, channel, kpi])
    if not INDICATORS[kpi].modelled:
        return {"name": name, "skipped": NOT_COMPUTED}
    value = float(first.get((channel, kpi), float("nan")))
    if value != value and aims is None:
        return {"name": name, "skipped": UNDEFINED if channel == "all" else NOT_BY_CHANNEL}
    row: dict[str, Any] = {"name": name, "plan": plan.name, "kpi": kpi, "channel": channel}
    row["unit"] = INDICATORS[kpi].unit.replace("currency", plan.currency)
    row |= {"starting_point": None, "simulated": value, "relative_error": None}
    if figure is not None:
        error = value / figure.value - 1.0 if figure.value else float("nan")
        row |= {"starting_point": figure.value, "relative_error": error}
        row |= {"bound": figure.bound, "source": figure.source}
    return dict(plain(row | _odds(aims)))


def _odds(aims: pd.DataFrame | None) -> dict[str, Any]:
    """Return the last dated target of an indicator with its odds; nulls without one."""
    if aims is None:
        return {"target": None, "by": None, "odds": None, "odds_low": None, "odds_high": None}
    by = aims["date"].max()
    last = aims[aims["date"] == by].set_index("scenario")
    found = last.loc["plan"]
    return {
        "target": float(found["target"]),
        "by": str(by.date()),
        "odds": float(found["odds"]),
        "odds_low": float(found["odds_low"]),
        "odds_high": float(found["odds_high"]),
        "odds_status_quo": float(last.loc["status_quo", "odds"]),
        "expected": float(found["value_p50"]),
    }


def show(rows: list[dict[str, Any]]) -> None:
    """Print one line a row."""
    for row in rows:
        if "skipped" in row:
            print(f"  {row['name']}: {row['skipped']}")
            continue
        start, error = row["starting_point"], row["relative_error"]
        said = "" if start is None else f"{start:.4g} -> {_number(row['simulated'])}"
        off = "" if error is None else f"{error:+.1%}"
        aim = "" if row["target"] is None else f"target {row['target']:.4g}: odds {_number(row['odds'])}"
        print(f"  {row['name']:44}{said:24}{off:>9}  {aim}")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _asked(names: tuple[str, ...]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Simulate the bundled plans.")
    parser.add_argument("--only", action="append", metavar="NAME", choices=names, help="a plan; repeatable")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2, help="processes at most")
    return parser.parse_args()


if __name__ == "__main__":
    main()
