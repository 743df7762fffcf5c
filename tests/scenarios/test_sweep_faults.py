"""Sweeps on real processes: a killed worker, a killed driver; the store is readable throughout."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pytest

from results.store import open_run
from tests.scenarios.test_sweep import GRID, PLAN

ROOT = Path(__file__).resolve().parents[2]
DRIVER = """
    import os, signal, sys, time
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    import test_sweep as made
    from scenarios.executor import Pool
    from scenarios.sweep import read_design, run_sweep
    from scenarios.sweep.cases import plans_of
    from results import store

    FOLDER = Path({folder!r})

    def slow(plan, values, seed, customers, windows):
        mark = f"{{plan.budget.year(1).total:g}} {{sorted(values.items())}} {{seed}}".replace("/", "-")
        (FOLDER / "marks" / f"{{mark}} {{time.monotonic_ns()}}").touch()
        print("run", flush=True)
        if 0 < {kill} <= len(list((FOLDER / "marks").iterdir())) and not (FOLDER / "killed").exists():
            (FOLDER / "killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep({pause})
        return made.market(plan, values, seed, customers, windows)

    def main():
        design = read_design(FOLDER / "design.yaml")
        plans = plans_of(design)
        with store.create(FOLDER / "runs" / "out", "sweep", "design", {{}}, {{}}, 3) as writer:
            with Pool({workers}, spawn_after=0.0) as pool:
                run_sweep(design, plans, dict.fromkeys(plans, ()), 3, writer, pool, measure=slow)
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
TABLE = "point, scenario, draw, replicate"


def driver(folder: Path, workers: int, pause: float = 0.0, kill: int = 0) -> list[str]:
    """Return the command of a sweep; the process that makes about its ``kill``-th run kills itself."""
    (folder / "corner_shop.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "design.yaml").write_text(GRID, encoding="utf-8")
    (folder / "marks").mkdir(exist_ok=True)
    tests = str(ROOT / "tests" / "scenarios")
    script = folder / "killed_sweep.py"
    text = DRIVER.format(tests=tests, folder=str(folder), workers=workers, pause=pause, kill=kill)
    script.write_text(textwrap.dedent(text), encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); import killed_sweep; killed_sweep.main()"
    return [sys.executable, "-c", code]


def whole(folder: Path) -> None:
    """Assert that the sweep is there and holds each of its 24 runs once."""
    run = open_run(folder / "runs" / "out")
    files = f"{run.path}/sweep/kpis/**/*.parquet"
    query = f"select count(*), count(distinct ({TABLE})) from read_parquet('{files}', hive_partitioning=true)"
    rows, places = duckdb.sql(f"{query} where kpi = 'orders' and period_start = '2027-02-01'").fetchall()[0]
    assert (rows, places) == (24, 24)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_killed_driver_leaves_a_readable_store_and_loses_nothing(tmp_path: Path) -> None:
    line = driver(tmp_path, workers=1, pause=0.3)
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=ROOT) as process:
        assert process.stdout is not None
        for _ in range(4):
            assert process.stdout.readline() == "run\n"
        process.send_signal(signal.SIGKILL)
    pieces = f"{tmp_path}/runs/.partial/*/pieces/run-*/kpis.parquet"
    done = duckdb.sql(f"select count(distinct hash) from read_parquet('{pieces}')").fetchall()[0][0]
    assert done >= 2
    subprocess.run(driver(tmp_path, workers=1), env=ENVIRONMENT, cwd=ROOT, check=True, capture_output=True)
    whole(tmp_path)
    assert len(list((tmp_path / "marks").iterdir())) <= 16 + 2  # what was in flight is all that runs again


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_killed_worker_is_replaced_and_every_run_is_there_once(tmp_path: Path) -> None:
    line = driver(tmp_path, workers=2, kill=5)
    subprocess.run(line, env=ENVIRONMENT, cwd=ROOT, check=True, capture_output=True)
    whole(tmp_path)
    assert 16 < len(list((tmp_path / "marks").iterdir())) <= 16 + 4
