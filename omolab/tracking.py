"""Plan against actuals: the plan's futures, weighed by what has come of them so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from omolab import desk
from omolab.defaults import REPLICATES
from results.store import create

if TYPE_CHECKING:
    from calibration.actuals import Actuals
    from results.store import Run, RunWriter
    from scenarios.executor import Progress
    from scenarios.plan import Plan

PLANNED = "plan"


def track(
    plan: desk.Given,
    actuals: desk.Given,
    fit: desk.Given | None = None,
    scenario: str = PLANNED,
    customers: int | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int = 2,
    out: desk.Given | None = None,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Hold a plan against what came of it: month by month, and what that does to the odds.

    Parameters
    ----------
    plan
        A bundled plan's name or a file.
    actuals
        A ``history.yaml`` whose books reach into the plan.
    fit
        A run of ``calibrate``; unless given the market is calibrated to the plan's starting point.
    scenario
        What is being done: the plan as written unless another of its scenarios is named.
    customers, replicates
        Agents a run (the plan's own unless given); seeds for each parameter draw.
    seed, threads
        Luck; processes at most, which change no figure.
    out
        Folder of the run.

    Returns
    -------
    Run
        With tables ``track``, ``track_budget``, ``track_targets`` and ``track_odds`` (as ``targets`` and
        ``odds``, by the futures as weighed) and ``track.json``, beside those of ``run``.

    Raises
    ------
    BadInput
        If the plan, the fit or the history cannot be used, or no whole month of it lies within the plan.
    """
    from calibration.actuals import actuals as actuals_of
    from scenarios.plan import load_plan, scenario_plan

    loaded, history = load_plan(plan), desk.load(actuals)
    done = scenario_plan(loaded, scenario)
    came = actuals_of(history, done)
    inputs = {**desk.plan_input(loaded), **desk.history_input(history, actuals), **desk.fit_input(fit)}
    asked = {"scenario": scenario, "customers": customers, "replicates": replicates}
    asked |= {"draws": desk.DRAWS, "currency": loaded.currency}
    folder = desk.folder_for(out, "track", loaded.name)
    with create(folder, "track", loaded.name, inputs, asked, seed) as writer:
        _live(writer, loaded, came, asked, fit, seed, threads, progress)
        write_tracking(writer, loaded, done, scenario, came, desk.from_history(fit))
        desk.about_plan(writer, loaded, {"say": "question.track"})
    return desk.finished(folder, lang)


def _live(
    writer: RunWriter,
    plan: Plan,
    came: Actuals,
    asked: Mapping[str, Any],
    fit: desk.Given | None,
    seed: int,
    threads: int,
    progress: Progress | None,
) -> None:
    """Live the plan's futures, and keep of each what the actuals tell of."""
    from scenarios.executor import Pool
    from scenarios.experiment import run_experiment

    with Pool(threads) as pool, writer.timing("runs"):
        draws = desk.draws(plan, fit, pool, writer, seed, progress)
        run_experiment(
            plan,
            [asked["scenario"]],
            draws,
            asked["replicates"],
            seed,
            asked["customers"],
            writer,
            pool,
            progress,
            fitted=desk.from_history(fit),
            windows=came.windows,
        )


def write_tracking(
    writer: RunWriter, plan: Plan, done: Plan, scenario: str, came: Actuals, fitted: bool
) -> None:
    """Write what was expected beside what came, and the odds as they stand now."""
    import pandas as pd

    from results.targets import attainment, odds_together
    from scenarios.experiment import better, targets_of
    from scenarios.tracking import budget, table, together, weigh

    periods = pd.read_parquet(writer.path / "periods.parquet")
    online = [name for name, channel in plan.channels.items() if channel.kind != "store"]
    mine = together(periods[periods["scenario"] == scenario], online)
    weighed = weigh(mine, came.kpis)
    writer.table("track", table(mine, came.kpis, weighed))
    writer.table("track_budget", budget(done, came.windows, came.spend))
    kpis = pd.read_parquet(writer.path / "kpis.parquet")
    goals, sides = targets_of(plan, fitted), better()
    writer.table("track_targets", attainment(kpis, goals, sides, weights=weighed.weights))
    writer.table("track_odds", odds_together(kpis, goals, sides, weights=weighed.weights))
    writer.json("track", told(scenario, came, weighed))


def told(scenario: str, came: Actuals, weighed: Any) -> dict[str, Any]:
    """Return what a reader must know of the weighing."""
    return {
        "scenario": scenario,
        "periods": len(came.windows),
        "futures": len(weighed.weights),
        "futures_worth": weighed.worth,
        "trusted": weighed.trusted,
        "errors_off": weighed.nearest,
        "strange": weighed.strange,
        "strangers": list(came.strangers),
    }
