"""One sweep on one worker and on two: what is gained, and what is no simulation.

Where others use the machine, seconds tell of them. So processor time is told as well: the simulation that
two cores with nobody else on them have room for beside the driver, over one core's.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.searches.markets import SHOP, shop
from scenarios.executor import Pool
from scenarios.experiment import simulate
from scenarios.plan import Plan
from scenarios.sweep import Design, read_design, run_sweep
from scenarios.sweep.cases import plans_of

if TYPE_CHECKING:
    import pandas as pd

DESIGN = """plan: shop.yaml
scenarios: [plan]
design: {{kind: grid}}
vary: {{policies.pricing.level: {levels}}}
replicates: 1
customers: {customers}
"""


def two_workers(pool: Pool, seed: int, runs: int = 24, seconds: float = 1.0) -> dict[str, Any]:
    """Time one sweep on one worker and on two."""
    customers = _sized(seconds)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "shop.yaml").write_text(SHOP, encoding="utf-8")
        path, levels = Path(folder) / "design.yaml", [round(0.9 + 0.01 * n, 2) for n in range(runs)]
        path.write_text(DESIGN.format(levels=levels, customers=customers), encoding="utf-8")
        design = read_design(path)
        one = _swept(design, Path(folder) / "1", 1, customers, seed)
        inside = sum(TIMES)  # one worker is this process; two are others
        two = _swept(design, Path(folder) / "2", 2, customers, seed)
    return {
        "ratio": one["wall"] / two["wall"],
        "unit": "speed-up of two workers over one",
        "by_processor_time": 2.0 * (1.0 - two["driver"] / two["processor"]),
        "overhead": 1.0 - inside / one["processor"],
        "runs": runs,
        "seconds_a_run": inside / runs,
        "one_worker": one["wall"],
        "two_workers": two["wall"],
        "load": os.getloadavg()[0],
    }


def _swept(design: Design, folder: Path, workers: int, customers: int, seed: int) -> dict[str, float]:
    """Run the sweep; return the seconds it took, the processor's in all, and the driver's of them."""
    from results import store

    plans = plans_of(design)
    with Pool(workers, spawn_after=0.0) as crew:
        crew.warm()
        list(crew.run(_warmed, [customers] * workers))
        TIMES.clear()
        asked: dict[str, Any] = {"plan": design.name, "workers": workers}
        with store.create(folder / "sweep", "sweep", "two", asked, {}, seed=seed) as writer:
            begin, driver, others = time.perf_counter(), time.process_time(), _processor(crew)
            run_sweep(design, plans, dict.fromkeys(plans, ()), seed, writer, crew, measure=timed)
            wall, driver = time.perf_counter() - begin, time.process_time() - driver
            others = _processor(crew) - others
    return {"wall": wall, "processor": driver + others, "driver": driver}


def _processor(pool: Pool) -> float:
    """Return the processor seconds that a pool's workers have taken so far (Linux; else 0)."""
    spent = 0.0
    for worker in (getattr(pool._executor, "_processes", None) or {}).values():
        place = Path(f"/proc/{worker.pid}/stat")
        if place.exists():
            fields = place.read_text().rpartition(")")[2].split()
            spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


TIMES: list[float] = []  # processor seconds of each run made in this process


def timed(plan: Plan, values: Mapping[str, float], seed: int, customers: int, windows: Any) -> pd.DataFrame:
    """Make a sweep's run and note what it took."""
    from scenarios.sweep.experiment import measure

    begin = time.process_time()
    table = measure(plan, values, seed, customers, windows)
    TIMES.append(time.process_time() - begin)
    return table


def _warmed(customers: int) -> None:
    simulate(shop("{}"), {}, 1, customers)


def _sized(seconds: float) -> int:
    """Return the customers at which a run takes about so many processor seconds here."""
    times = []
    for customers in (4_000, 4_000, 24_000):
        begin = time.process_time()
        _warmed(customers)
        times.append(time.process_time() - begin)
    slope = max((times[2] - times[1]) / 20_000, 1e-6)
    return int(max(4_000 + (seconds - times[1]) / slope, 1_000))
