"""The levers of a bundled plan: what each moves, and whether that agrees with the literature.

``python -m benchmarks.levers`` calibrates a plan's status quo to its starting point, moves every lever by
itself in the same futures, and writes ``results/levers.json``. Rows named ``<plan>.evidence.<finding>`` hold
a finding of the literature with the market's answer and the verdict; rows named ``<plan>.<lever>.<kpi>`` one
lever's effect on a main indicator. What is not measured says why.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from results.files import plain, write_json  # noqa: E402

OUT = ROOT / "results" / "levers.json"
PLAN = "ecommerce_dept"
# Small on purpose: a plan within a quarter of an hour on two cores.
MEMBERS, DRAWS, CUSTOMERS = 12, 6, 2_000
MAIN = (
    *("net_sales", "orders", "operating_profit", "gross_margin", "online_share", "conversion"),
    *("organic_share", "cac", "repurchase_365", "active_customers", "satisfaction"),
)


def main() -> None:
    """Measure the plans asked for, print and write; rows of other plans stay as they are."""
    from scenarios.plan import bundled

    asked = _asked(bundled())
    chosen = asked.only or [PLAN]
    kept = json.loads(OUT.read_text(encoding="utf-8"))["rows"] if OUT.exists() else []
    rows = [row for row in kept if row["plan"] not in chosen]
    for name in chosen:
        begin = time.perf_counter()
        fresh = measure(name, asked.seed, asked.threads, asked.lever or ())
        print(f"{name}: {time.perf_counter() - begin:.0f} s", flush=True)
        for row in fresh:
            if ".evidence." in row["name"]:
                print(f"  {row['name']}: {row.get('skipped') or row['verdict']}")
        rows += fresh
    write_json(OUT, {"rows": rows})
    print(f"wrote {OUT.relative_to(ROOT)}")


def measure(name: str, seed: int, threads: int, levers: Any = ()) -> list[dict[str, Any]]:
    """Calibrate one plan and move its levers; return its rows, or one that says why there are none."""
    import numpy as np
    import pandas as pd

    from calibration.fit import fit
    from calibration.starting_point import plan_case
    from results.writer import RunWriter
    from scenarios.executor import Pool
    from scenarios.levers import run_levers
    from scenarios.plan import load_plan

    plan = load_plan(name)
    with tempfile.TemporaryDirectory() as scratch, Pool(threads, spawn_after=0.0) as pool:
        writer = RunWriter(Path(scratch))
        try:
            draws = fit(plan_case(plan), pool, seed, MEMBERS).draws()
            some = [draws[int(k)] for k in np.linspace(0, len(draws) - 1, min(DRAWS, len(draws)))]
            run_levers(plan, some, 1, seed + 1, CUSTOMERS, writer, pool, asked=levers)
        except RuntimeError as error:  # a job that failed: the other plans can still be measured
            return [{"name": name, "plan": name, "skipped": f"{type(error).__name__}: {error}"}]
        tables = [pd.read_parquet(writer.path / f"{table}.parquet") for table in ("evidence", "levers")]
    return rows_of(name, *tables)


def rows_of(plan: str, evidence: Any, effects: Any) -> list[dict[str, Any]]:
    """Return the rows of a plan: its evidence, then its levers by the main indicators."""
    rows: list[dict[str, Any]] = []
    for found in evidence.to_dict("records"):
        name = f"{plan}.evidence.{found['finding']}"
        if found["verdict"] == "not measured":
            rows.append({"name": name, "plan": plan, "about": found["about"], "skipped": found["why"]})
        else:
            rows.append(dict(plain({"name": name, "plan": plan, **found})))
    main = effects[(effects["channel"] == "all") & effects["kpi"].isin(MAIN)]
    rows += [
        dict(plain({"name": f"{plan}.{found['lever']}.{found['kpi']}", "plan": plan, **found}))
        for found in main.to_dict("records")
    ]
    return rows


def _asked(names: tuple[str, ...]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Move the levers of bundled plans.")
    parser.add_argument("--only", action="append", metavar="NAME", choices=names, help="a plan; repeatable")
    parser.add_argument("--lever", action="append", metavar="NAME", help="a lever or a kind; repeatable")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2, help="processes at most")
    return parser.parse_args()


if __name__ == "__main__":
    main()
