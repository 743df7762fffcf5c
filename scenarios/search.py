"""Search: the plan's open lines moved until its targets are as near as they get, within its bounds.

One process asks and tells Optuna; every trial is lived through by the same panel of futures, so trials
differ by what they propose alone. Nothing is advised before `scenarios.advice` has held it against the plan
in futures that the search has not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from results.problems import BadInput, Problem
from scenarios import samplers
from scenarios.advice import SearchResult, verify
from scenarios.bench import Bench, first_look, plan_means
from scenarios.climb import climb
from scenarios.executor import Pool, Progress, opened
from scenarios.experiment import Simulate, simulate
from scenarios.explained import importance
from scenarios.goals import Goals
from scenarios.panels import panels
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan, scenario_plan
from scenarios.proposals import lines_of
from scenarios.study import open_study, quiet, told
from scenarios.tried import candidates, read, trials_table
from scenarios.wishes import check_budget, conditions_of, objectives_of, preferences_of

if TYPE_CHECKING:
    from results.writer import RunWriter

PANEL, FRESH = 8, 24  # futures that each trial is measured on, and the advice told on


def search(
    plan: Plan,
    ensemble: Sequence[Mapping[str, float]],
    trials: int,
    objectives: Sequence[str],
    seed: int,
    customers: int | None,
    workers: int | Pool,
    writer: RunWriter,
    progress: Progress | None = None,
    storage: str | None = None,
    *,
    fitted: bool = False,
    panel: int = PANEL,
    fresh: int = FRESH,
    explain: bool = True,
    simulate: Simulate = simulate,
) -> SearchResult:
    """Search a plan's open lines, verify the best, and write the advice.

    Parameters
    ----------
    plan
        The plan; its ``search`` says what varies, what to maximise and what to keep.
    ensemble
        Draws of the parameters; none means one draw of defaults. Half of them at most are searched on,
        the others are kept for verification.
    trials
        Plans to try at most, the plan as written and today's among them; the search stops before where
        nothing better has come for long (the plan's ``search.patience``).
    objectives
        Indicators (each in its better direction) or odds; none means the plan's own.
    seed, customers
        Seed of panel and sampler; agents a run (the plan's own if ``None``).
    workers, progress
        Processes at most, or an open pool; they change no figure. Who shows how far it is.
    writer
        Gets ``search/trials.parquet``, ``search/result.json``, ``search/advice.yaml`` and the tables of
        the verification: ``kpis``, ``daily``, ``targets``, ``odds``, ``compare`` (with ``plan``).
    storage
        URL of an Optuna storage; a journal in the unfinished run if ``None``. Several searches may share a
        study in PostgreSQL (see `scenarios.sharing`).
    fitted
        See `scenarios.experiment.run_experiment`.
    panel, fresh
        Futures that each trial is measured on, and the advice told on (see `scenarios.panels`).
    explain
        Whether to run on for what the advice rests on: what one more unit of each lever, of the budget and
        of each binding bound buys, and how it fares under other evidence.
    simulate
        What makes one run.

    Raises
    ------
    BadInput
        If nothing varies, an objective or bound cannot be measured, or the storage cannot be used.
    """
    lines, goals = lines_of(plan), asked(plan, objectives, fitted)
    way = how(plan, trials)
    drawn = panels(ensemble, seed, panel, fresh)
    agents = customers or plan.market.customers
    with opened(workers) as pool, quiet():
        with writer.timing("search"):
            few = first_look(agents) if plan.search.halving else None
            bench = Bench(plan, lines, goals, drawn.searched, agents, simulate, pool, few)
            bench = _referenced(bench, writer)
            with open_study(writer, storage, plan, goals.objectives) as (study, hold):
                climb(study, hold, bench, trials, way, seed, progress)
                tried, weights = read(told(study), goals), importance(study)
            writer.table("search/trials", trials_table(tried, goals))
        with writer.timing("verify"):
            chosen = candidates(tried, goals, plan, lines)
            stopped = len(tried) if len(tried) < trials else None
            about = {"sampler": way, "stopped": stopped, "importance": weights}
            return verify(bench, chosen, tried, drawn, customers, writer, progress, about, explain=explain)


def asked(plan: Plan, objectives: Sequence[str] = (), fitted: bool = False) -> Goals:
    """Return what a search is asked for, held against what varies and what can be measured.

    Raises
    ------
    BadInput
        As `search` does; nothing has been run then.
    """
    goals = Goals(plan, objectives_of(plan, objectives), conditions_of(plan), fitted, preferences_of(plan))
    check_budget(plan, lines_of(plan))
    return goals


def how(plan: Plan, trials: int) -> str:
    """Return the sampler that a search of so many trials uses (see `scenarios.samplers.chosen`)."""
    lines = lines_of(plan)
    numbers = sum(line.free for line in lines)
    return samplers.chosen(plan.search.sampler, trials, numbers, any(line.when for line in lines))


def _referenced(bench: Bench, writer: RunWriter) -> Bench:
    """Return the bench with its targets marked by `status_quo` and `plan`, and how the plan does on it."""
    import pandas as pd

    piece = writer.piece("reference")
    if piece is None:
        plans = {STATUS_QUO: scenario_plan(bench.plan, STATUS_QUO), AS_WRITTEN: bench.plan}
        tables = {"reference": bench.kpis(plans)}
        if bench.few:
            tables["few"] = bench.kpis({AS_WRITTEN: bench.plan}, bench.few)
        piece = writer.save_piece("reference", tables)
    kpis = pd.read_parquet(piece / "reference.parquet")
    marks = bench.goals.marks(kpis)
    start = plan_means(bench.goals, kpis, marks, bench.plan)
    missing = [goal.key for goal in bench.goals.objectives if goal.column not in start]
    if missing:
        said = "no target of this group can be measured on this plan"
        problems = [
            Problem(bench.plan.name, None, "search.maximise", k, "another objective", said) for k in missing
        ]
        raise BadInput(problems)
    bench = replace(bench, marks=marks, written=start)
    if not bench.few:
        return bench
    few = pd.read_parquet(piece / "few.parquet")
    return replace(bench, glanced=plan_means(bench.goals, few, marks, bench.plan))
