"""Verbs that live a plan's futures: forecast, run, search, and every lever by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from omolab import desk
from omolab.defaults import LEVER_CUSTOMERS, LEVER_DRAWS, REPLICATES, TRIALS
from omolab.desk import Given
from results.store import create

if TYPE_CHECKING:
    from results.store import Run
    from scenarios.executor import Progress
    from scenarios.plan import Plan


def forecast(
    plan: Given,
    fit: Given | None = None,
    horizon: int | None = None,
    out: Given | None = None,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Forecast every indicator of a plan as written, with intervals; ``horizon`` months of it."""
    from scenarios.horizon import with_horizon
    from scenarios.plan import load_plan

    loaded = load_plan(plan)
    if horizon is not None:
        loaded = with_horizon(loaded, horizon)
    return _run("forecast", loaded, ["plan"], fit, None, REPLICATES, seed, threads, out, progress, lang)


def run(
    plan: Given | Plan,
    scenarios: Sequence[str] = (),
    fit: Given | None = None,
    customers: int | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int = 2,
    out: Given | None = None,
    progress: Progress | None = None,
    lang: str = "en",
    cluster: str | None = None,
) -> Run:
    """Simulate a plan's scenarios: indicators, odds of the targets, paired differences, a report.

    Parameters
    ----------
    plan
        A bundled plan's name, a file, or a plan that is loaded already.
    scenarios
        Names; all of the plan's unless given. ``status_quo`` is always among them.
    fit
        A run of ``calibrate``; unless given the market is calibrated to the plan's starting point.
    customers, replicates
        Agents a run (the plan's own unless given); seeds for each parameter draw.
    seed, threads
        Luck; processes at most, which change no figure.
    out
        Folder of the run.
    cluster
        Address of a Dask scheduler, or the file of a profile that starts one.

    Raises
    ------
    BadInput
        If the plan, a scenario or the fit is not usable, or ``out`` cannot be written.
    """
    from scenarios.plan import Plan, load_plan

    loaded = plan if isinstance(plan, Plan) else load_plan(plan)
    return _run(
        "run", loaded, scenarios, fit, customers, replicates, seed, threads, out, progress, lang, cluster
    )


def _run(
    verb: str,
    plan: Plan,
    scenarios: Sequence[str],
    fit: Given | None,
    customers: int | None,
    replicates: int,
    seed: int,
    threads: int,
    out: Given | None,
    progress: Progress | None,
    lang: str,
    cluster: str | None = None,
) -> Run:
    from scenarios.cluster import pool as workers
    from scenarios.experiment import run_experiment
    from scenarios.plan import scenario_plan

    for name in scenarios:
        scenario_plan(plan, name)  # refuses what is not there before anything is calibrated
    inputs = {**desk.plan_input(plan), **desk.fit_input(fit)}
    asked = {
        "scenarios": list(scenarios),
        "customers": customers,
        "replicates": replicates,
        "draws": desk.DRAWS,
        "currency": plan.currency,
    }
    folder = desk.folder_for(out, verb, plan.name)
    with create(folder, verb, plan.name, inputs, asked, seed) as writer:
        with workers(threads, cluster) as pool, writer.timing("runs"):
            draws = desk.draws(plan, fit, pool, writer, seed, progress)
            run_experiment(
                plan,
                scenarios,
                draws,
                replicates,
                seed,
                customers,
                writer,
                pool,
                progress,
                fitted=desk.from_history(fit),
            )
        desk.about_plan(writer, plan, {"say": "question.run"})
    return desk.finished(folder, lang)


def search(
    plan: Given,
    fit: Given | None = None,
    trials: int = TRIALS,
    objectives: Sequence[str] = (),
    storage: str | None = None,
    cluster: str | None = None,
    seed: int = 1,
    threads: int = 2,
    out: Given | None = None,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Search the plan's open lines for a better budget, verify the best on fresh luck, write the advice."""
    from scenarios.cluster import pool as workers
    from scenarios.plan import load_plan
    from scenarios.search import asked as wanted
    from scenarios.search import how
    from scenarios.search import search as look
    from scenarios.study import check_storage

    loaded = load_plan(plan)
    wanted(loaded, objectives)  # what cannot be is refused before anything is calibrated
    how(loaded, trials)
    inputs = {**desk.plan_input(loaded), **desk.fit_input(fit)}
    asked = {"trials": trials, "objectives": list(objectives), "currency": loaded.currency}
    folder = desk.folder_for(out, "search", loaded.name)
    with create(folder, "search", loaded.name, inputs, asked, seed) as writer:
        check_storage(writer, storage, loaded)
        with workers(threads, cluster) as pool:
            draws = desk.draws(loaded, fit, pool, writer, seed, progress)
            fitted = desk.from_history(fit)
            look(
                loaded, draws, trials, objectives, seed, None, pool, writer, progress, storage, fitted=fitted
            )
        desk.about_plan(writer, loaded, {"say": "question.search"})
    return desk.finished(folder, lang)


def levers(
    plan: Given,
    fit: Given | None = None,
    levers: Sequence[str] = (),
    customers: int | None = None,
    replicates: int = 1,
    seed: int = 1,
    threads: int = 2,
    out: Given | None = None,
    progress: Progress | None = None,
    lang: str = "en",
) -> Run:
    """Move every lever of a plan by itself: each lever by each indicator, and the literature beside it.

    Parameters
    ----------
    plan
        A bundled plan's name or a file.
    fit
        A run of ``calibrate``; unless given the market is calibrated to the plan's starting point.
    levers
        Names or kinds of levers, or own ones as ``path=value``; all of the plan's unless given.
    customers, replicates
        Agents a run (2,000, or the plan's own if fewer); seeds for each of six parameter draws.
    seed, threads
        Luck; processes at most, which change no figure.
    out
        Folder of the run.

    Raises
    ------
    BadInput
        If the plan, a lever or the fit is not usable, or ``out`` cannot be written.
    """
    from scenarios.executor import Pool
    from scenarios.levers import levers_of, run_levers
    from scenarios.plan import load_plan

    loaded = load_plan(plan)
    levers_of(loaded, levers)  # refuses what is not there before anything is calibrated
    agents = customers or min(LEVER_CUSTOMERS, loaded.market.customers)
    inputs = {**desk.plan_input(loaded), **desk.fit_input(fit)}
    asked = {"levers": list(levers), "customers": agents, "replicates": replicates}
    asked |= {"draws": LEVER_DRAWS, "currency": loaded.currency}
    folder = desk.folder_for(out, "levers", loaded.name)
    with create(folder, "levers", loaded.name, inputs, asked, seed) as writer:
        with Pool(threads) as pool, writer.timing("runs"):
            draws = desk.draws(loaded, fit, pool, writer, seed, progress)[:LEVER_DRAWS]
            run_levers(loaded, draws, replicates, seed, agents, writer, pool, progress, asked=levers)
        desk.about_plan(writer, loaded, {"say": "question.levers"})
    return desk.finished(folder, lang)
