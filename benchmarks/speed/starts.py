"""What a user waits for: importing, asking for help, and the first result of a fresh process.

Everything here starts a new process and takes the time by the clock, from starting it to its end; of
imports only the import itself. The first results run with an empty folder for compiled code, as after
installing; the next process finds what the first has compiled. Python's own compilation of sources to byte
code is not part of it (installing does that). The core's result is a month of :mod:`benchmarks.speed.core`,
the full market's a month of the bundled plan ``ecommerce_dept``, bonds and network on, so that every loop
of the day is compiled.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.speed.rows import Row, extra, plain

ROOT = Path(__file__).resolve().parents[2]
BEST_OF = 5
IMPORT = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
CORE = """
from benchmarks.speed.core import CoreMarket
core = CoreMarket(20_000, 30)
for _ in range(30):
    core.step()
print(core.shares())
"""
FULL = """
import dataclasses
from omolab import Market, load_plan
from scenarios.drivers import setup_for
setup = dataclasses.replace(setup_for(load_plan("ecommerce_dept"), {}, seed=1, customers=4_000), burn_in=0)
market = Market.from_setup(setup)
for _ in range(30):
    market.step()
print(market.ledger.money()["net_sales"][:30].sum())
"""


class Run(NamedTuple):
    """A process that has ended: seconds by the clock, of processor time, and what it printed."""

    seconds: float
    cpu: float
    printed: str


def import_rows(best_of: int = BEST_OF) -> list[Row]:
    """Return the seconds of importing the public face, and of the simulation beside it."""
    face, simulation = (
        min(float(_fresh([sys.executable, "-c", IMPORT.format(module)]).printed) for _ in range(best_of))
        for module in ("omolab", "sim")
    )
    return [plain("import_seconds", face, "s"), extra("import_sim_seconds", simulation, "s")]


def help_rows(best_of: int = BEST_OF) -> list[Row]:
    """Return the seconds of ``omolab --help``."""
    command = [sys.executable, "-m", "omolab", "--help"]
    return [_row("help_seconds", min(_fresh(command) for _ in range(best_of)))]


def first_rows(best_of: int = BEST_OF) -> list[Row]:
    """Return the seconds to first results: core and full market compiled anew, then the next process."""
    core, _ = first_and_next(CORE, 1)
    full, following = first_and_next(FULL, best_of)
    return [
        _row("first_result_core", core),
        _row("first_result_seconds", full),
        _row("next_process_seconds", following),
    ]


def first_and_next(code: str, best_of: int) -> tuple[Run, Run]:
    """Run ``code`` with nothing compiled, and again; return the first run and the best of the others."""
    command = [sys.executable, "-c", code]
    with tempfile.TemporaryDirectory() as cache:
        first = _fresh(command, cache)
        return first, min(_fresh(command, cache) for _ in range(best_of))


def _row(name: str, run: Run) -> Row:
    """Return the row of a run; its processor time tells how much of it was waiting for a busy machine."""
    return plain(name, run.seconds, "s", cpu_seconds=round(run.cpu, 2))


def _fresh(command: list[str], cache: str | None = None) -> Run:
    """Run a new process."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if cache is not None:
        environment["OMOLAB_CACHE"] = cache
    begin, before = time.perf_counter(), _children()
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    return Run(time.perf_counter() - begin, _children() - before, done.stdout)


def _children() -> float:
    """Return the processor time of all processes that we started and that have ended."""
    times = os.times()
    return times.children_user + times.children_system
