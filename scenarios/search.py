"""Search: the plan's open lines moved until its targets are as near as they get, within its bounds.

One process asks and tells Optuna; every trial is lived through by the same panel of futures, so trials
differ by what they propose alone. Nothing is advised before `scenarios.advice` has held it against the plan
in futures that the search has not seen.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from results.files import plain
from results.problems import BadInput, Problem
from scenarios.advice import SearchResult, verify
from scenarios.executor import JobFailed, Pool, Progress, opened, shown
from scenarios.experiment import Future, RunJob, Simulate, run_one, seed_of, simulate
from scenarios.goals import Goals, Mark, conditions_of, objectives_of, windows_of
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan, scenario_plan, with_overrides
from scenarios.proposals import Line, flat, lines_of, parameters, suggest, value_at
from scenarios.sharing import Hold
from scenarios.study import ask, begun, open_study, quiet, take_up, told
from scenarios.verdict import Tried

if TYPE_CHECKING:
    import optuna
    import pandas as pd

    from results.writer import RunWriter

PANEL, FRESH = 8, 24  # futures that each trial, and then the advice, is measured on
CANDIDATES = 3  # trials that are verified, at most one in three
WAIT = 1.0  # seconds between two looks at what other searches have told


@dataclass(frozen=True)
class Bench:
    """What every trial is measured on."""

    plan: Plan
    lines: tuple[Line, ...]
    goals: Goals
    panel: tuple[Future, ...]
    customers: int | None
    simulate: Simulate
    pool: Pool
    marks: tuple[Mark, ...] = ()

    def kpis(self, plans: Mapping[str, Plan]) -> pd.DataFrame:
        """Return the indicators that the goals need, of every plan in every future."""
        import pandas as pd

        jobs = [
            RunJob(name, plan, future, self.customers, self.simulate, windows_of(plan), with_daily=False)
            for name, plan in plans.items()
            for future in self.panel
        ]
        done = dict(self.pool.run(run_one, jobs))
        whole = pd.concat([done[position]["kpis"] for position in range(len(jobs))], ignore_index=True)
        return whole[(whole["channel"] == "all") & whole["kpi"].isin(self.goals.kpis)]

    def measure(self, plan: Plan) -> dict[str, float]:
        """Return the means of a plan's goals over the panel."""
        return means(self.goals.futures(self.kpis({"trial": plan}), self.marks))


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
        Plans to try, the plan as written and today's among them.
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
    simulate
        What makes one run.

    Raises
    ------
    BadInput
        If nothing varies, an objective or bound cannot be measured, or the storage cannot be used.
    """
    lines, goals = lines_of(plan), Goals(plan, objectives_of(plan, objectives), conditions_of(plan), fitted)
    seen, unseen = panels(ensemble, seed, panel, fresh)
    with opened(workers) as pool, quiet():
        with writer.timing("search"):
            bench = Bench(plan, lines, goals, seen, customers, simulate, pool)
            bench, start = _referenced(bench, writer)
            with open_study(writer, storage, plan, goals.objectives) as (study, hold):
                _climb(study, hold, bench, trials, seed, progress)
                tried = _tried(study, goals)
            writer.table("search/trials", trials_table(tried, goals))
        with writer.timing("verify"):
            chosen = candidates(tried, goals, plan, lines)
            return verify(
                plan, lines, goals, chosen, tried, start, unseen, customers, writer, pool, progress, simulate
            )


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


def means(table: pd.DataFrame) -> dict[str, float]:
    """Return each column's mean over the futures in which it is defined."""
    return {str(name): float(value) for name, value in table.mean().items()}


def _referenced(bench: Bench, writer: RunWriter) -> tuple[Bench, dict[str, float]]:
    """Return the bench with its targets marked by `status_quo` and `plan`, and how the plan does on it."""
    import pandas as pd

    piece = writer.piece("reference")
    if piece is None:
        plans = {STATUS_QUO: scenario_plan(bench.plan, STATUS_QUO), AS_WRITTEN: bench.plan}
        piece = writer.save_piece("reference", {"reference": bench.kpis(plans)})
    kpis = pd.read_parquet(piece / "reference.parquet")
    marks = bench.goals.marks(kpis)
    start = means(bench.goals.futures(kpis[kpis["scenario"] == AS_WRITTEN], marks))
    missing = [goal.key for goal in bench.goals.objectives if goal.column not in start]
    if missing:
        said = "no target of this group can be measured on this plan"
        problems = [
            Problem(bench.plan.name, None, "search.maximise", k, "another objective", said) for k in missing
        ]
        raise BadInput(problems)
    return replace(bench, marks=marks), start


def _climb(
    study: optuna.Study, hold: Hold, bench: Bench, trials: int, seed: int, progress: Progress | None
) -> None:
    """Ask and tell until ``trials`` are told, the plan as written and today's first."""
    written = [bench.plan, scenario_plan(bench.plan, STATUS_QUO)]
    known = [parameters(bench.lines, plan) for plan in written]
    with shown(progress, "search", trials) as advance:
        seen = 0
        while True:
            with hold.turn():
                take_up(study, hold)
                trial = ask(study, known, seed, hold) if begun(study) < trials else None
            done = min(len(told(study)), trials)
            if done > seen:
                advance(done - seen, note=_best(study, bench.goals))
                seen = done
            if done >= trials:
                return
            if trial is not None:
                _try(study, trial, bench)
            else:
                time.sleep(WAIT)  # the last ones are other searches'


def _best(study: optuna.Study, goals: Goals) -> str:
    """Say how far the first objective has come."""
    sign, column = goals.objectives[0].sign, goals.columns[0]
    found = [trial.values[0] for trial in told(study) if trial.values]
    return f"best {column} {sign * max(sign * value for value in found):.3g}" if found else ""


def _try(study: optuna.Study, trial: optuna.Trial, bench: Bench) -> None:
    from optuna.trial import TrialState

    values = plain(suggest(trial, bench.lines))
    trial.set_user_attr("values", values)
    try:
        found = bench.measure(with_overrides(bench.plan, values))
    except (BadInput, JobFailed) as error:  # the plan as written ran: this one cannot be
        trial.set_user_attr("reason", str(error))
        study.tell(trial, state=TrialState.FAIL)
        return
    trial.set_user_attr("means", plain(found))
    scores = [found.get(column, math.nan) for column in bench.goals.columns]
    undefined = [c for c, score in zip(bench.goals.columns, scores, strict=True) if not math.isfinite(score)]
    if undefined:
        trial.set_user_attr("reason", f"{', '.join(undefined)} is undefined under this plan")
        study.tell(trial, state=TrialState.FAIL)
        return
    for bound, missed in bench.goals.violations(found).items():
        trial.set_constraint(bound, missed)
    study.tell(trial, scores)


def _tried(study: optuna.Study, goals: Goals) -> list[Tried]:
    found = []
    for number, trial in enumerate(told(study)):
        found_means = {k: math.nan if v is None else v for k, v in trial.user_attrs.get("means", {}).items()}
        reason = trial.user_attrs.get("reason", "")
        values = trial.user_attrs["values"]
        missed = {} if reason else goals.violations(found_means)
        found.append(Tried(number, values, found_means, missed, reason))
    return found


def trials_table(tried: Sequence[Tried], goals: Goals) -> pd.DataFrame:
    """Return one row a trial.

    Returns
    -------
    DataFrame
        trial, state (``COMPLETE`` or ``FAIL``), one column per varied number, the objectives (see
        `scenarios.goals.Objective.column`), feasible, then panel means of odds and bounds, and reason.
    """
    import pandas as pd

    rows = []
    for one in tried:
        state = {"trial": one.number, "state": "FAIL" if one.reason else "COMPLETE"}
        scores = {column: one.means.get(column, math.nan) for column in goals.columns}
        rest = {k: v for k, v in one.means.items() if k not in scores}
        rows.append({**state, **flat(one.values), **scores, "feasible": one.feasible, **rest})
    return pd.DataFrame(rows).assign(reason=[one.reason for one in tried])


def candidates(tried: Sequence[Tried], goals: Goals, plan: Plan, lines: Sequence[Line]) -> list[Tried]:
    """Return the trials worth verifying: of those that keep the bounds, first those no other one beats in
    every objective, each by its mean over objectives scaled to the range seen. The plan itself and what
    is done today are no candidates. Where none keeps the bounds, the one that misses them least.
    """
    done = [one for one in tried if not one.reason]
    feasible = [one for one in done if one.feasible]
    if not feasible:
        return sorted(done, key=lambda one: (sum(max(v, 0.0) for v in one.missed.values()), one.number))[:1]
    signs = np.array([goal.sign for goal in goals.objectives])
    scores = np.array([[one.means[c] for c in goals.columns] for one in feasible]) * signs
    span = np.ptp(scores, axis=0)
    mean = ((scores - scores.min(axis=0)) / np.where(span > 0, span, 1.0)).mean(axis=1)
    beaten = [bool(((scores >= s).all(axis=1) & (scores > s).any(axis=1)).any()) for s in scores]
    known = [
        plain({line.path: value_at(p, line.path) for line in lines})
        for p in (plan, scenario_plan(plan, STATUS_QUO))
    ]
    chosen: list[Tried] = []
    for i in sorted(range(len(feasible)), key=lambda i: (beaten[i], -mean[i], i)):
        if feasible[i].values not in (*known, *(one.values for one in chosen)):
            chosen.append(feasible[i])
    return chosen[: min(CANDIDATES, max(len(tried) // 3, 1))]
