"""A year of ten million customers in a process of its own: how much memory, how long a day.

``python -m benchmarks.speed.year CUSTOMERS DAYS`` prints JSON. The floor takes its turn every so many days;
the fastest day of each counts. The peak is the process's own (``ru_maxrss``): interpreter, imports, making
the market, month ends and the year's end included, nothing taken off.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

CUSTOMERS, DAYS = 10_000_000, 365
TURN = 15  # days between two turns of the floor
PATIENCE = 420.0  # seconds after which the year is broken off, so that the whole ends in time


def live(customers: int, days: int, patience: float = PATIENCE) -> dict[str, Any]:
    """Live a year; return seconds, ns a customer-day, the floor's, and peak memory in bytes."""
    from benchmarks.speed.floors import floor_of_market
    from benchmarks.speed.markets import setup
    from benchmarks.speed.timing import cpu
    from sim.market import Market

    begin = time.perf_counter()
    ours = Market.from_setup(setup(customers, days))
    made = time.perf_counter() - begin
    ours.step()
    floor = floor_of_market(ours)
    floor.step()
    found: dict[str, list[float]] = {"ours": [], "floor": []}
    while ours.day < days and time.perf_counter() - begin < patience:
        found["ours"].append(cpu(ours.step, 1, customers)())
        if ours.day % TURN == 0 or ours.day == days:
            found["floor"].append(cpu(floor.step, 1, customers)())
    scale = 1 if sys.platform == "darwin" else 1024
    return {
        "customers": customers,
        "days": ours.day,
        "make_seconds": made,
        "seconds": time.perf_counter() - begin,
        "ours": min(found["ours"]),
        "mean": sum(found["ours"]) / len(found["ours"]),
        "floor": min(found["floor"]),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale,
    }


def lived(customers: int = CUSTOMERS, days: int = DAYS) -> dict[str, Any]:
    """Return what :func:`live` finds in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.speed.year", str(customers), str(days)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    print(json.dumps(live(int(sys.argv[1]), int(sys.argv[2]))))
