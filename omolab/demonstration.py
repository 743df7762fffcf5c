"""The main job on the reference retailer: calibrate, search, simulate, compare, report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omolab import desk
from results.store import create

if TYPE_CHECKING:
    from results.store import Run, RunWriter
    from scenarios.executor import Pool, Progress
    from scenarios.plan import Plan

PLAN = "ecommerce_dept"
SCENARIOS = ("status_quo", "plan")
# A demonstration's size: `omolab calibrate`, `run` and `search` are several times as thorough.
CLOUDS, MEMBERS, ROUNDS = (0.15,), 6, 1
AGENTS, CUSTOMERS, DRAWS, REPLICATES = 1_200, 1_200, 3, 2
TRIALS, PANEL, FRESH = 5, 2, 2


def demo(
    out: desk.Given | None = None,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Do the main job on the reference retailer: calibrate, simulate, compare, search, report."""
    from scenarios.executor import Pool

    with Pool(threads, spawn_after=0.0) as pool:
        pool.warm()
        folder = _played(out, seed, pool, progress)
    return desk.finished(folder, lang)


def _played(out: desk.Given | None, seed: int, pool: Pool, progress: Progress | None) -> Path:
    """Calibrate, search and simulate; return the run's folder."""
    from scenarios.plan import load_plan

    plan, history = load_plan(PLAN), reference_history()
    inputs = {**desk.plan_input(plan), "history": history}
    folder = desk.folder_for(out, "demo", PLAN)
    with create(folder, "demo", PLAN, inputs, {"currency": plan.currency}, seed) as writer:
        draws = _calibrated(writer, plan, history, pool, seed, progress)
        _searched(writer, plan, draws, seed, pool, progress)
        _simulated(writer, plan, draws, seed, pool, progress)
        desk.about_plan(writer, plan, {"say": "question.demo"})
    return folder


def reference_history() -> Path:
    """Return the mapping of the bundled reference retailer, a synthetic history."""
    import calibration

    return Path(calibration.__file__).parent / "reference_retailer" / "history.yaml"


def _calibrated(
    writer: RunWriter, plan: Plan, history: Path, pool: Pool, seed: int, progress: Progress | None
) -> list[dict[str, float]]:
    import pandas as pd

    from calibration.fit import fit
    from calibration.history import load_history
    from calibration.starting_point import plan_case

    kept = writer.piece("fit")
    if kept is None:
        with writer.timing("calibrate"):
            case = plan_case(plan, load_history(history), AGENTS)
            fitted = fit(case, pool, seed, MEMBERS, CLOUDS, progress, ROUNDS)
        kept = writer.save_piece("fit", desk.fit_tables(fitted))
    desk.write_kept(writer, kept, "fit")
    return desk.rows_of(pd.read_parquet(kept / "ensemble.parquet"))


def _searched(
    writer: RunWriter,
    plan: Plan,
    draws: Sequence[dict[str, float]],
    seed: int,
    pool: Pool,
    progress: Progress | None,
) -> Any:
    from scenarios.search import search

    with writer.timing("search"):
        return search(
            plan,
            draws,
            TRIALS,
            (),
            seed,
            CUSTOMERS,
            pool,
            writer,
            progress,
            fitted=True,
            panel=PANEL,
            fresh=FRESH,
            explain=False,  # `omolab search` does: it takes as long again
        )


def _simulated(
    writer: RunWriter,
    plan: Plan,
    draws: Sequence[dict[str, float]],
    seed: int,
    pool: Pool,
    progress: Progress | None,
) -> None:
    from scenarios.experiment import run_experiment

    with writer.timing("run"):
        run_experiment(
            plan,
            SCENARIOS,
            draws[:DRAWS],
            REPLICATES,
            seed,
            CUSTOMERS,
            writer,
            pool,
            progress,
            fitted=True,
        )
