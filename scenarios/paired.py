"""Plans lived through by the same futures: what a step, a change or a candidate does, future by future."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.bench import Bench
from scenarios.executor import JobFailed, Progress
from scenarios.experiment import Future, RunJob, run_one
from scenarios.goals import windows_of
from scenarios.pieces import run_pieces
from scenarios.plan import Plan
from scenarios.proposals import planned_money

if TYPE_CHECKING:
    import pandas as pd

    from results.writer import RunWriter

FUTURES = 8  # of a panel, at most
HERE = "as advised"


class Paired:
    """Runs of several plans in the same futures, kept as pieces of the unfinished run.

    Parameters
    ----------
    bench
        What the search was measured on.
    panel
        Futures; some of them, of as many draws as can be, where there are more than ``most``.
    writer, progress, label
        Where pieces go, who shows how far it is, and what it is called.
    """

    def __init__(
        self,
        bench: Bench,
        panel: Sequence[Future],
        writer: RunWriter,
        progress: Progress | None,
        label: str = "explain",
        most: int = FUTURES,
    ) -> None:
        self.bench, self.writer, self.progress, self.label = bench, writer, progress, label
        self.panel = tuple(panel[:: max(len(panel) // most, 1)][:most])

    def outcomes(self, plans: Mapping[str, Plan], purpose: str) -> dict[str, pd.DataFrame]:
        """Return goals by future of every plan that can be run."""
        bench, jobs = self.bench, dict[str, RunJob]()
        for name, plan in plans.items():
            for future in self.panel:
                key = f"{purpose} {name} {future.draw} {future.replicate}"
                window = windows_of(plan)
                jobs[key] = RunJob(name, plan, future, bench.customers, bench.simulate, window, False)
        try:
            run_pieces(_kpis, jobs, self.writer, bench.pool, self.progress, self.label)
        except JobFailed:  # one of them cannot live on this: tell the others
            if len(plans) == 1:
                return {}
            each = (self.outcomes({name: plan}, purpose) for name, plan in plans.items())
            return {name: table for one in each for name, table in one.items()}
        kpis = self.writer.pieces("paired", f"{purpose} ")
        futures = bench.goals.futures
        return {
            name: futures(kpis[kpis["scenario"] == name], bench.marks, budget=planned_money(plan))
            for name, plan in plans.items()
        }


def _kpis(job: RunJob) -> dict[str, pd.DataFrame]:
    """Make a run; keep its indicators under a name of their own."""
    return {"paired": run_one(job)["kpis"]}


def change(table: pd.DataFrame, here: pd.DataFrame, column: str) -> dict[str, float] | None:
    """Return the paired difference of a measure with its 95 % interval; ``None`` where it is not told."""
    if column not in table or column not in here:
        return None
    return dict(zip(("difference", "low", "high"), mean(table[column] - here[column]), strict=True))


def mean(values: Any) -> tuple[float, float, float]:
    """Return mean and 95 % interval (Student's t over futures), NaNs left out."""
    from scipy.stats import t

    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    if len(known) < 2:
        return (float(known.mean()) if len(known) else math.nan), math.nan, math.nan
    middle = float(known.mean())
    half = float(t.ppf(0.975, len(known) - 1) * known.std(ddof=1) / math.sqrt(len(known)))
    return middle, middle - half, middle + half
