"""Speed of the market: nanoseconds a customer and day, against its floor and against plain Mesa.

``python -m benchmarks.bench`` prints a table and writes ``results/benchmark.json``. Every row has ``ours``
and ``peer`` in ``unit``, and ``ratio`` = peer / ours: above 1 we are faster. Peers: the plain Mesa market of
``tests/reference`` running the same market (``mesa_reference``; its figure also stands beside ``core_*``), a
compiled loop that only hashes one number a customer and day (``floor``), one thread (``threads_2``).
Times are the fastest of several blocks of days, which disturbs least on a shared machine.
"""

from __future__ import annotations

import datetime
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sim.engine.chunks import CHUNK  # noqa: E402
from sim.engine.compilation import compiled  # noqa: E402
from sim.engine.randomness import stream_key, unit, word  # noqa: E402
from sim.setup import Channel, Drivers, Medium, Setup  # noqa: E402

OUT = ROOT / "results" / "benchmark.json"
CHANNELS = (
    Channel("store", "store"),
    Channel("site", "own"),
    Channel("mall", "marketplace"),
    Channel("feed", "social"),
)
MEDIA = (Medium("paid_search", "click", "paid_search", reference=500.0), Medium("tv", "broadcast"))
UNIT = "ns/customer-day"
SIZES = {"core_10k": (10_000, 200), "core_100k": (100_000, 60), "core_1m": (1_000_000, 24)}
SHARED = (20_000, 30)  # customers and days of the market that Mesa runs too
BLOCKS = 6


def setup(customers: int, days: int) -> Setup:
    """Return a retailer with a store and three online channels; about 2 % of customers look in each day."""
    drivers = Drivers.constant(days, len(CHANNELS), len(MEDIA), spend=500.0 * customers / 1e5, invest=100.0)
    parameters = {"need_rate": 0.027}
    return Setup(datetime.date(2027, 1, 1), days, CHANNELS, drivers, MEDIA, customers, parameters=parameters)


def fastest(step: Callable[[], object], days: int, customers: int) -> float:
    """Return nanoseconds a customer and day in the fastest of several blocks of ``days`` steps."""
    gc.collect()
    block, times = max(days // BLOCKS, 1), []
    for _ in range(min(BLOCKS, days)):
        start = time.perf_counter()
        for _ in range(block):
            step()
        times.append((time.perf_counter() - start) / block / customers * 1e9)
    return min(times)


def core(customers: int, days: int, threads: int = 1) -> float:
    """Time whole days of the market, the books included."""
    from sim.market import Market

    market = Market.from_setup(setup(customers, days + 2), threads=threads)
    market.step()
    nanoseconds = fastest(market.step, days, customers)
    market.crew.close()
    return nanoseconds


def hash_all(count: int, key: int, bound: float) -> int:
    """Count the customers whose luck is below ``bound``: one hashed number each."""
    found = 0
    for i in range(count):
        if unit(word(key, np.uint64(i))) < bound:
            found += 1
    return found


def floor(customers: int, days: int) -> float:
    """Time the least that any market could do: one hashed number a customer and day."""
    loop, key = compiled(hash_all), np.uint64(stream_key(1, "visit"))
    loop(CHUNK, key, 0.02)
    return fastest(lambda: loop(customers, key, 0.02), days, customers)


def side_by_side(customers: int, days: int) -> tuple[float, float]:
    """Time the market and plain Mesa on the same market; they must reach the same books."""
    from sim.customers.exchange import ORDERS
    from sim.market import Market
    from tests.reference.market import ReferenceMarket

    same = setup(customers, days)
    ours, plain = Market.from_setup(same), ReferenceMarket(same)
    Market.from_setup(setup(50, 2)).run()  # compiled before the clock starts
    nanoseconds = fastest(ours.step, days, customers), fastest(plain.step, days, customers)
    orders = sum(len(book.orders) for book in plain.books)
    if int(ours.ledger.events[:, :, ORDERS].sum()) != orders:
        raise RuntimeError("the market and its reference disagree: see tests/sim/test_reference.py")
    return nanoseconds


def import_seconds(module: str) -> float:
    """Return the seconds that importing ``module`` takes in a fresh interpreter, at best of three."""
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
        for _ in range(3)
    ]
    return min(float(run.stdout) for run in runs)


def row(name: str, ours: float, peer: float | None, unit_: str = UNIT) -> dict[str, Any]:
    """Return one row; without a peer there is no ratio."""
    ratio = None if peer is None else round(peer / ours, 3)
    return {
        "name": name,
        "ours": round(ours, 3),
        "peer": None if peer is None else round(peer, 3),
        "unit": unit_,
        "ratio": ratio,
    }


def measure() -> list[dict[str, Any]]:
    """Measure everything; what fails to be measured is a row that says why."""
    rows: list[dict[str, Any]] = []
    ours, mesa = side_by_side(*SHARED)
    rows.append(row("mesa_reference", ours, mesa))
    cores = {name: core(*size) for name, size in SIZES.items()}
    rows += [row(name, nanoseconds, mesa) for name, nanoseconds in cores.items()]
    rows.append(row("floor", cores["core_1m"], floor(1_000_000, 12)))
    rows.append(row("threads_2", core(*SIZES["core_1m"], threads=2), cores["core_1m"]))
    rows += [row(f"import_{name}", import_seconds(name), None, "s") for name in ("omolab", "sim")]
    return rows


def main() -> None:
    """Measure, print and write."""
    rows = measure()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"rows": rows}, indent=1) + "\n", encoding="utf-8")
    print(f"{'':16}{'ours':>10}{'peer':>10}{'ratio':>9}  unit")
    for line in rows:
        peer, ratio = ("" if line[key] is None else f"{line[key]:.2f}" for key in ("peer", "ratio"))
        print(f"{line['name']:16}{line['ours']:10.2f}{peer:>10}{ratio:>9}  {line['unit']}")
    print(f"wrote {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
