"""The climb of a search: ask for a plan, live it through the panel, tell what came of it, and again."""

from __future__ import annotations

import math
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from results.files import plain
from results.problems import BadInput
from scenarios import samplers
from scenarios.bench import Bench, goes_on
from scenarios.executor import JobFailed, Progress, shown
from scenarios.goals import Goals
from scenarios.plan import STATUS_QUO, Plan, scenario_plan, with_overrides
from scenarios.proposals import coordinates, parameters, suggest
from scenarios.sharing import Hold
from scenarios.study import ask, begun, take_up, told
from scenarios.tried import oriented, read

if TYPE_CHECKING:
    import optuna

WAIT = 1.0  # seconds between two looks at what other searches have told


def climb(
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
        return samplers.made(way, seed, done, conditional, partial(coordinates, bench.lines))

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
