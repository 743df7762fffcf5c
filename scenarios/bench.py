"""What every trial of a search is measured on: a fixed panel of futures, and fewer customers at first.

A trial first meets a part of the customers. Only what is among the best third of such first looks meets all
of them (successive halving: Jamieson & Talwalkar 2016, Non-stochastic best arm identification, taken trial
by trial as in Li et al. 2020, A system for massively parallel hyperparameter tuning). A first look is told
with what the plan as written gains from meeting all of them, so that both can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from scenarios.executor import Pool
from scenarios.experiment import Future, RunJob, Simulate, run_one
from scenarios.goals import Goals, Mark, windows_of
from scenarios.plan import AS_WRITTEN, Plan
from scenarios.proposals import Line, planned_money
from scenarios.samplers import hypervolume

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

PART = 4  # a first look is at one in so many customers
LEAST = 500  # customers below which a first look tells nothing
KEPT, EARLIER = 1 / 3, 6  # share of first looks that go on; of fewer than so many all do
MARGIN = 0.1  # of an objective's range, below its worst


@dataclass(frozen=True)
class Bench:
    """What every trial is measured on.

    Parameters
    ----------
    plan, lines, goals
        The plan, what varies, and what is wanted.
    panel
        The futures.
    customers, few
        Customers of a run, and of a first look; ``None`` where there is none.
    simulate, pool
        What makes one run, and who works.
    marks
        The targets, as this panel measures them.
    written, glanced
        How the plan as written does on it, and before fewer customers.
    """

    plan: Plan
    lines: tuple[Line, ...]
    goals: Goals
    panel: tuple[Future, ...]
    customers: int
    simulate: Simulate
    pool: Pool
    few: int | None = None
    marks: tuple[Mark, ...] = ()
    written: Mapping[str, float] = field(default_factory=dict)
    glanced: Mapping[str, float] = field(default_factory=dict)

    def kpis(self, plans: Mapping[str, Plan], customers: int | None = None) -> pd.DataFrame:
        """Return the indicators that the goals need, of every plan in every future."""
        import pandas as pd

        jobs = [
            RunJob(name, plan, future, customers or self.customers, self.simulate, windows_of(plan), False)
            for name, plan in plans.items()
            for future in self.panel
        ]
        done = dict(self.pool.run(run_one, jobs))
        whole = pd.concat([done[position]["kpis"] for position in range(len(jobs))], ignore_index=True)
        whole = whole[whole["kpi"].isin(self.goals.kpis)]
        return whole if self.goals.by_channel else whole[whole["channel"] == "all"]

    def measure(self, plan: Plan, customers: int | None = None) -> dict[str, float]:
        """Return the means of a plan's goals over the panel."""
        kpis = self.kpis({"trial": plan}, customers)
        return means(self.goals.futures(kpis, self.marks, budget=planned_money(plan)))

    def glance(self, plan: Plan) -> dict[str, float]:
        """Return what a first look tells of a plan's goals; the plan as written says what it leaves out."""
        found = self.measure(plan, self.few)
        told = {}
        for key, value in found.items():
            gap = self.written.get(key, math.nan) - self.glanced.get(key, math.nan)
            told[key] = value + gap if math.isfinite(gap) else value
            if key.startswith(("odds_", "nearness_")):
                told[key] = min(max(told[key], 0.0), 1.0)
        return told


def first_look(customers: int) -> int | None:
    """Return the customers of a first look, or ``None`` where they would be too few to tell anything."""
    few = math.ceil(customers / PART)
    return few if few >= LEAST else None


def means(table: pd.DataFrame) -> dict[str, float]:
    """Return each column's mean over the futures in which it is defined."""
    return {str(name): float(value) for name, value in table.mean().items()}


def plan_means(goals: Goals, kpis: pd.DataFrame, marks: Sequence[Mark], plan: Plan) -> dict[str, float]:
    """Return how the plan as written does, from a table of several scenarios."""
    rows = kpis[kpis["scenario"] == AS_WRITTEN]
    return means(goals.futures(rows, marks, budget=planned_money(plan)))


def goes_on(
    scores: Sequence[float],
    missed: float,
    earlier: Sequence[tuple[Sequence[float], float]],
    signs: Sequence[int],
) -> bool:
    """Tell whether a first look is among the best third of all so far.

    First the bounds, then by how many others it is beaten in every objective; among equals, which the members
    of a front are, the one that adds more to the volume the front dominates (Beume, Naujoks & Emmerich 2007,
    SMS-EMOA), and of those alike the earlier.

    Parameters
    ----------
    scores, missed
        Its objectives, and by how much it misses the bounds in all.
    earlier
        The same of earlier first looks.
    signs
        1 for objectives of which more is better, -1 where less is.
    """
    if len(earlier) < EARLIER:
        return True
    every = np.array([*(one for one, _ in earlier), scores], dtype=float) * np.array(signs)
    off = np.array([*(far for _, far in earlier), missed])
    beaten = [int(((every >= one).all(axis=1) & (every > one).any(axis=1)).sum()) for one in every]
    alone = added(every)
    ranks = sorted(range(len(every)), key=lambda i: (off[i], beaten[i], -alone[i], i))
    return ranks.index(len(every) - 1) < max(KEPT * len(every), 1.0)


def added(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the volume that each point [n, objective] alone dominates, larger being better.

    Objectives are scaled to their range, and the volume begins a tenth of it below the worst: else the ends
    of a front would add nothing.
    """
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    scaled = (points - low) / np.where(span > 0, span, 1.0)
    least = np.full(points.shape[1], -MARGIN)
    whole = hypervolume(scaled, least)
    return np.array([whole - hypervolume(np.delete(scaled, i, axis=0), least) for i in range(len(scaled))])
