"""The random numbers proved: own statistics and outside batteries along every part of an address.

``python -m benchmarks.random_battery`` writes ``results/random.json`` and ``docs/random-numbers.md``; about
half an hour on two cores. ``--quick`` runs the own statistics at a tenth of their size and SmallCrush alone,
without the page; ``--crush`` adds TestU01's Crush, an hour an order. A battery that cannot be had is skipped
by name.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.luck import dieharder, properties, testu01  # noqa: E402
from benchmarks.luck.addresses import NAMED, ORDERS  # noqa: E402
from benchmarks.luck.debian import Missing  # noqa: E402
from benchmarks.luck.page import BATTERIES, write  # noqa: E402

OUT = ROOT / "results" / "random.json"
ODD = 1e-3  # p-values nearer to 0 or 1 are counted as odd; that many twice over are expected


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the figures and the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--crush", action="store_true")
    parser.add_argument("--only", action="append", metavar="BATTERY", help="repeatable; all unless given")
    chosen = parser.parse_args(arguments)
    rows = list(own(0.1 if chosen.quick else 1.0))
    batteries = BATTERIES[:1] if chosen.quick else (*BATTERIES, "Crush") if chosen.crush else BATTERIES
    rows += outside(chosen.only or batteries)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"rows": rows}, indent=1) + "\n")
    if not chosen.quick:  # the page keeps the whole proof
        write(rows)


def own(scale: float) -> Iterator[dict[str, Any]]:
    """Yield a row for each family of own statistics."""
    for name, found in properties.everything(scale).items():
        yield shown(name, "own", list(found.items()))
    differing = properties.unequal()
    yield {
        "name": "Python, NumPy and compiled words that differ",
        "battery": "own",
        "ours": differing,
        "unit": "of 20,000",
    }


def outside(batteries: Sequence[str]) -> list[dict[str, Any]]:
    """Return a row for each battery and order; two run at a time."""
    ready = []
    for battery in batteries:
        try:
            dieharder.program() if battery == "dieharder" else testu01.library()
        except (Missing, OSError, subprocess.SubprocessError) as missing:
            for order in ORDERS:
                print(f"{battery} on {order.name}: skipped, {missing}", flush=True)
            ready += [
                ({"name": order.name, "battery": battery, "skipped": str(missing)}, None) for order in ORDERS
            ]
        else:
            ready += [({"name": order.name, "battery": battery}, battery) for order in ORDERS]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 2)) as crew:
        return list(crew.map(lambda job: job[0] if job[1] is None else apart(job[0]["name"], job[1]), ready))


def apart(order: str, battery: str) -> dict[str, Any]:
    """Run a battery on an order in a process of its own; return its row, or what was kept of it."""
    kept = folder() / f"{battery}-{order}.json"
    if kept.exists():
        return dict(json.loads(kept.read_text()))
    row = _measured(order, battery)
    if "skipped" not in row:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(row))
    return row


def folder() -> Path:
    """Return where finished batteries are kept, so that an interrupted run goes on where it stopped."""
    sources = [ROOT / "sim" / "engine" / "randomness.py"]
    sources += [ROOT / "benchmarks" / "luck" / f"{n}.py" for n in ("addresses", "testu01", "dieharder")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    return ROOT / "results" / "runs" / ".random" / digest[:16]


def _measured(order: str, battery: str) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        if battery == "dieharder":
            tests = dieharder.run(NAMED[order])
        else:
            command = [sys.executable, "-m", "benchmarks.luck.testu01", order, battery]
            done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
            tests = [(name, p) for name, p in json.loads(done.stdout.splitlines()[-1])["tests"]]
    except (Missing, OSError, subprocess.SubprocessError) as failure:
        return {"name": order, "battery": battery, "skipped": str(failure)}
    row = shown(order, battery, tests) | {"seconds": round(time.perf_counter() - started)}
    return row | ({"control": True} if NAMED[order].control else {})


def shown(name: str, battery: str, tests: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Return one row: how many p-values, how many odd, and the farthest after Holm's correction."""
    levels = [p for _, p in tests]
    apart = [2.0 * min(p, 1.0 - p) for p in levels]  # both ends count: too good is as wrong as too bad
    worst = min(range(len(levels)), key=apart.__getitem__)
    row = {
        "name": name,
        "battery": battery,
        "tests": len(levels),
        "odd": sum(p < ODD or p > 1.0 - ODD for p in levels),
        "farthest": tests[worst][0],
        "p": levels[worst],
        "p_corrected": min(apart[worst] * len(levels), 1.0),
    }
    told = f"{battery:<10} {name:<32} {row['tests']:>3} tests, {row['odd']} odd"
    print(f"{told}, farthest {row['farthest']}: {row['p']:.2g}", flush=True)
    return row


if __name__ == "__main__":
    main()
