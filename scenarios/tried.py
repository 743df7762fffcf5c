"""What a search has tried: its trials as a table, and the few of them worth verifying."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from results.files import plain
from scenarios.plan import STATUS_QUO, Plan, scenario_plan
from scenarios.proposals import Line, flat, standing

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from optuna.trial import FrozenTrial

    from scenarios.goals import Goals

CANDIDATES = 3  # trials that are verified, at most one in three
MARGINS = (0.0, 0.05, 0.15)  # of a bound: what just keeps it on one panel may break it on the next


@dataclass(frozen=True)
class Tried:
    """A trial.

    Parameters
    ----------
    number
        From 0.
    values
        By path, as overrides of the plan.
    means
        Of goals, over the panel.
    missed
        By how much each bound is missed; 0 or less is kept.
    reason
        Why it could not be run; empty where it could.
    agents
        Customers it met at last; 0 where it is not known.
    whole
        Whether these were all of them: others were left after a first look.
    """

    number: int
    values: dict[str, Any]
    means: dict[str, float]
    missed: dict[str, float]
    reason: str = ""
    agents: int = 0
    whole: bool = True

    @property
    def feasible(self) -> bool:
        """Whether it keeps every bound."""
        return not self.reason and all(missed <= 0 for missed in self.missed.values())


def read(trials: Sequence[FrozenTrial], goals: Goals) -> list[Tried]:
    """Return the trials told to a study."""
    found = []
    for number, trial in enumerate(trials):
        told = trial.user_attrs
        means = {k: math.nan if v is None else v for k, v in told.get("means", {}).items()}
        reason = told.get("reason", "")
        missed = {} if reason else goals.violations(means)
        rest = (told.get("agents", 0), told.get("whole", True))
        found.append(Tried(number, told["values"], means, missed, reason, *rest))
    return found


def trials_table(tried: Sequence[Tried], goals: Goals) -> pd.DataFrame:
    """Return one row a trial.

    Returns
    -------
    DataFrame
        trial, state (``COMPLETE`` or ``FAIL``), one column per varied number, the objectives (see
        `scenarios.goals.Objective.column`), feasible, then panel means of odds and bounds; agents and
        whole (see `Tried`), and reason.
    """
    import pandas as pd

    rows = []
    for one in tried:
        state = {"trial": one.number, "state": "FAIL" if one.reason else "COMPLETE"}
        scores = {column: one.means.get(column, math.nan) for column in goals.columns}
        rest = {k: v for k, v in one.means.items() if k not in scores}
        rows.append({**state, **flat(one.values), **scores, "feasible": one.feasible, **rest})
    table = pd.DataFrame(rows)
    return table.assign(
        agents=[one.agents for one in tried],
        whole=[one.whole for one in tried],
        reason=[one.reason for one in tried],
    )


def oriented(tried: Sequence[Tried], goals: Goals) -> NDArray[np.float64]:
    """Return the objectives' means, larger being better [trial, objective]; NaN where undefined."""
    signs = np.array([goal.sign for goal in goals.objectives], dtype=float)
    rows = [[one.means.get(c, math.nan) for c in goals.columns] for one in tried]
    return np.asarray(np.array(rows, dtype=float).reshape(len(tried), len(signs)) * signs)


def unbeaten(scores: NDArray[np.float64]) -> list[bool]:
    """Tell of each trial whether no other one beats it in every objective."""
    return [not bool(((scores >= s).all(axis=1) & (scores > s).any(axis=1)).any()) for s in scores]


def candidates(tried: Sequence[Tried], goals: Goals, plan: Plan, lines: Sequence[Line]) -> list[Tried]:
    """Return the trials worth verifying: of those that keep the bounds, first those no other one beats in
    every objective, each by its mean over objectives scaled to the range seen. Where there are bounds, the
    best that keeps them with room to spare is among them. The plan itself and what is done today are no
    candidates. Where none keeps the bounds, the one that misses them least.
    """
    done = [one for one in tried if not one.reason and one.whole]
    feasible = [one for one in done if one.feasible]
    if not feasible:
        return sorted(done, key=lambda one: (sum(max(v, 0.0) for v in one.missed.values()), one.number))[:1]
    scores = oriented(feasible, goals)
    span = np.ptp(scores, axis=0)
    mean = ((scores - scores.min(axis=0)) / np.where(span > 0, span, 1.0)).mean(axis=1)
    best = unbeaten(scores)
    order = [feasible[i] for i in sorted(range(len(feasible)), key=lambda i: (not best[i], -mean[i], i))]
    known = [plain(standing(lines, p)) for p in (plan, scenario_plan(plan, STATUS_QUO))]
    fresh = [one for one in order if one.values not in known]
    roomy = [
        next((one for one in fresh if all(missed <= -margin for missed in one.missed.values())), None)
        for margin in MARGINS
        if goals.conditions
    ]
    count = min(CANDIDATES, max(len(tried) // 3, 1))
    picked: list[Tried] = []
    for one in (*roomy, *fresh):
        if one is not None and one.values not in [other.values for other in picked]:
            picked.append(one)
    return picked[:count]
