"""How good searches are: against a known optimum, random search, their own promises, an allocator.

``python -m benchmarks.search`` prints and writes ``results/search-benchmark.json``. Rows:

``known_optimum``
    A market of 800 plans, all simulated. ``ratio`` is found over true optimum, the worst of ten seeds.
``hypervolume_efficiency``
    Two objectives, six numbers. ``ratio`` is how many times the customer-days random search (each trial at
    full size, with seeds of its own) needs for the hypervolume that ours reaches, both fronts re-simulated.
``optimism_coverage``
    ``ratio`` is the share of twenty searches whose 90 % interval of the gain covers the gain re-simulated.
``against_allocator``
    ``ratio`` is the share of ten markets in which our budget's true profit is at least that of a
    marketing-mix allocator (`benchmarks.searches.allocator`) fitted on the same simulated history.
``two_workers``
    ``ratio`` is the speed-up of a sweep of runs of about a second; ``by_processor_time`` what two cores with
    nobody else on them would have room for beside the driver; ``overhead`` the share of one worker's
    processor time that was no simulation.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.searches.budgets import against_allocator  # noqa: E402
from benchmarks.searches.fronts import hypervolume_efficiency  # noqa: E402
from benchmarks.searches.optimum import known_optimum  # noqa: E402
from benchmarks.searches.promises import optimism_coverage  # noqa: E402
from benchmarks.searches.workers import two_workers  # noqa: E402
from results.files import plain, write_json  # noqa: E402
from scenarios.executor import Pool  # noqa: E402

OUT = ROOT / "results" / "search-benchmark.json"
PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "two_workers": two_workers,
    "known_optimum": known_optimum,
    "hypervolume_efficiency": hypervolume_efficiency,
    "optimism_coverage": optimism_coverage,
    "against_allocator": against_allocator,
}


# For a machine that is shared: about a tenth of the runs, the same questions.
SMALL: dict[str, dict[str, Any]] = {
    "two_workers": {"runs": 12},
    "known_optimum": {"runs": 1, "seeds": 10},
    "hypervolume_efficiency": {"seeds": 1, "random": 320, "trials": 30, "truth": 4},
    "optimism_coverage": {"trials": 8, "panel": 2, "fresh": 8, "truth": 16, "customers": 400},
    "against_allocator": {"prior": 16, "kept": 4, "trials": 16, "truth": 8, "customers": 800},
}
MINUTES = 70.0  # after which no further part is begun


def main() -> None:
    """Measure the parts asked for, print and write; every part has a row, if only to say why it was left."""
    asked, begin = _asked(), time.perf_counter()
    rows = {name: {"name": name, "skipped": "not asked for"} for name in PARTS} | written(OUT)
    with Pool(asked.threads, spawn_after=0.0) as pool:
        for name in asked.only or PARTS:
            start = time.perf_counter()
            if start - begin > 60 * asked.minutes:
                row = {"name": name, "skipped": f"{asked.minutes:g} minutes were over before it could begin"}
            else:
                row = measured(name, pool, asked.seed, SMALL[name] if asked.small else {})
                row["seconds"] = round(time.perf_counter() - start)
            print(json.dumps(row, ensure_ascii=False), flush=True)
            rows[name] = row
            write_json(OUT, {"rows": [rows[key] for key in PARTS]})
    print(f"wrote {OUT.relative_to(ROOT)}")


def measured(name: str, pool: Pool, seed: int, sizes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part's row, or one that says why there is none."""
    try:
        return dict(plain({"name": name, **PARTS[name](pool, seed, **sizes), "sizes": sizes}))
    except (RuntimeError, MemoryError, OSError) as error:  # the other parts can still be measured
        return {"name": name, "skipped": f"{type(error).__name__}: {error}"}


def written(path: Path) -> dict[str, dict[str, Any]]:
    """Return the rows of the last measurement by name."""
    if not path.exists():
        return {}
    return {row["name"]: row for row in json.loads(path.read_text(encoding="utf-8"))["rows"]}


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure searches.")
    parser.add_argument(
        "--only", action="append", metavar="NAME", choices=[*PARTS], help="a part; repeatable"
    )
    parser.add_argument("--small", action="store_true", help="smaller, for a machine that is shared")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="after which no part is begun")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2, help="processes at most")
    return parser.parse_args()


if __name__ == "__main__":
    main()
