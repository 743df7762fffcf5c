"""Search: the plan's open lines moved until its targets are as near as they get, within its bounds.

One process asks and tells Optuna; every trial is lived through by the same panel of futures, so trials
differ by what they propose alone. Nothing is advised before `scenarios.advice` has held it against the plan
in futures that the search has not seen.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from results.files import plain
from results.problems import BadInput, Problem
from scenarios import samplers
from scenarios.advice import SearchResult, verify
from scenarios.bench import LEAST, PART, Bench, goes_on, plan_means
from scenarios.executor import JobFailed, Pool, Progress, opened, shown
from scenarios.experiment import Future, Simulate, seed_of, simulate
from scenarios.explained import importance
from scenarios.goals import Goals
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan, scenario_plan, with_overrides
from scenarios.proposals import lines_of, parameters, suggest
from scenarios.sharing import Hold
from scenarios.study import ask, begun, open_study, quiet, take_up, told
from scenarios.tried import candidates, oriented, read, trials_table
from scenarios.wishes import check_budget, conditions_of, objectives_of, preferences_of

if TYPE_CHECKING:
    import optuna

    from results.writer import RunWriter

PANEL, FRESH = 8, 24  # futures that each trial, and then the advice, is measured on
WAIT = 1.0  # seconds between two looks at what other searches have told


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
        Futures that each trial, and the advice, is measured on.
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
    lines = lines_of(plan)
    goals = Goals(plan, objectives_of(plan, objectives), conditions_of(plan), fitted, preferences_of(plan))
    check_budget(plan, lines)
    way = how(plan, trials)
    seen, unseen = panels(ensemble, seed, panel, fresh)
    agents = customers or plan.market.customers
    with opened(workers) as pool, quiet():
        with writer.timing("search"):
            few = samplers.quarter(agents, LEAST, PART) if plan.search.halving else None
            bench = _referenced(Bench(plan, lines, goals, seen, agents, simulate, pool, few), writer)
            with open_study(writer, storage, plan, goals.objectives) as (study, hold):
                _climb(study, hold, bench, trials, way, seed, progress)
                tried = read(told(study), goals)
                weights = importance(study)
            writer.table("search/trials", trials_table(tried, goals))
        with writer.timing("verify"):
            chosen = candidates(tried, goals, plan, lines)
            stopped = len(tried) if len(tried) < trials else None
            about = {"sampler": way, "stopped": stopped, "importance": weights}
            return verify(bench, chosen, tried, unseen, customers, writer, progress, about, explain=explain)


def how(plan: Plan, trials: int) -> str:
    """Return the sampler that a search of so many trials uses (see `scenarios.samplers.chosen`)."""
    lines = lines_of(plan)
    numbers = sum(line.free for line in lines)
    return samplers.chosen(plan.search.sampler, trials, numbers, any(line.when for line in lines), plan.name)


def panels(
    ensemble: Sequence[Mapping[str, float]], seed: int, panel: int, fresh: int
) -> tuple[tuple[Future, ...], tuple[Future, ...]]:
    """Return the futures searched on and the futures kept for verification.

    They share no seed, and no draw where the ensemble has two or more. Draws are taken in an order
    shuffled by the seed, since an ensemble may be sorted.
    """
    draws = list(ensemble) or [{}]
    order = [int(i) for i in np.random.default_rng([seed, crc32(b"panel")]).permutation(len(draws))]
    searched = order[: max(1, min(panel, len(order) // 2))]
    kept = order[len(searched) :][:fresh] or searched

    def made(chosen: list[int], least: int, purpose: str) -> tuple[Future, ...]:
        return tuple(
            Future(draw, luck, seed_of(seed, draw, luck, purpose), dict(draws[draw]))
            for draw in sorted(chosen)
            for luck in range(-(-least // len(chosen)))
        )

    return made(searched, panel, "search"), made(kept, fresh, "verify")


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


def _climb(
    study: optuna.Study,
    hold: Hold,
    bench: Bench,
    trials: int,
    way: str,
    seed: int,
    progress: Progress | None,
) -> None:
    """Ask and tell until ``trials`` are told or nothing moves, the plan as written and today's first."""
    written = [bench.plan, scenario_plan(bench.plan, STATUS_QUO)]
    known = [parameters(bench.lines, plan) for plan in written]
    conditional = any(line.when for line in bench.lines)
    patient = samplers.patience(bench.plan.search.patience, sum(line.free for line in bench.lines))

    def sampler(done: int) -> Any:
        return samplers.made(way, seed, done, conditional)

    def step(done: int) -> dict[str, Any] | None:
        if way != "tpe" or done < samplers.STARTUP or done % samplers.LOCAL:
            return None
        return samplers.step(told(study), [goal.sign for goal in bench.goals.objectives], seed, done)

    with shown(progress, "search", trials) as advance:
        seen = 0
        while True:
            with hold.turn():
                take_up(study, hold)
                done = min(len(told(study)), trials)
                still = done >= trials or _still(study, bench.goals, patient)
                begin = begun(study)
                trial = None if still or begin >= trials else ask(study, known, sampler, hold, step)
            if done > seen:
                advance(done - seen, note=_best(study, bench.goals))
                seen = done
            if still:
                return
            if trial is not None:
                _try(study, trial, bench, whole=begin < len(known))
            else:
                time.sleep(WAIT)  # the last ones are other searches'


def _still(study: optuna.Study, goals: Goals, patient: int) -> bool:
    tried = read(told(study), goals)
    return samplers.stands_still(oriented(tried, goals), [one.feasible for one in tried], patient)


def _best(study: optuna.Study, goals: Goals) -> str:
    """Say how far the first objective has come."""
    sign, column = goals.objectives[0].sign, goals.columns[0]
    found = [trial.values[0] for trial in told(study) if trial.values]
    return f"best {column} {sign * max(sign * value for value in found):.3g}" if found else ""


def _try(study: optuna.Study, trial: optuna.Trial, bench: Bench, whole: bool) -> None:
    from optuna.trial import TrialState

    values = plain(suggest(trial, bench.lines, bench.plan))
    trial.set_user_attr("values", values)
    try:
        found, agents = _measured(study, trial, with_overrides(bench.plan, values), bench, whole)
    except (BadInput, JobFailed) as error:  # the plan as written ran: this one cannot be
        trial.set_user_attr("reason", str(error))
        study.tell(trial, state=TrialState.FAIL)
        return
    trial.set_user_attr("means", plain(found))
    trial.set_user_attr("agents", agents)
    trial.set_user_attr("whole", agents == bench.customers)
    scores = bench.goals.scores(found, bench.written)
    columns = bench.goals.columns
    undefined = [c for c, score in zip(columns, scores, strict=True) if not math.isfinite(score)]
    if undefined:
        trial.set_user_attr("reason", f"{', '.join(undefined)} is undefined under this plan")
        study.tell(trial, state=TrialState.FAIL)
        return
    for bound, missed in bench.goals.steered(found).items():
        trial.set_constraint(bound, missed)
    study.tell(trial, scores)


def _measured(
    study: optuna.Study, trial: optuna.Trial, plan: Plan, bench: Bench, whole: bool
) -> tuple[dict[str, float], int]:
    """Return a plan's means over the panel, and the customers they rest on."""
    if bench.few and not whole:
        first = bench.glance(plan)
        missed = sum(max(off, 0.0) for off in bench.goals.steered(first).values())
        scores = bench.goals.scores(first, bench.written)
        looks = [t.user_attrs["first"] for t in told(study) if "first" in t.user_attrs]
        trial.set_user_attr("first", plain([scores, missed]))
        if not all(map(math.isfinite, scores)):
            return first, bench.few
        known = [(row, off) for row, off in looks if None not in row]
        if not goes_on(scores, missed, known, [goal.sign for goal in bench.goals.objectives]):
            return first, bench.few
    return bench.measure(plan), bench.customers
