"""Living through a design: what is there is taken over, what is missing is run, and the tables follow."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from results.files import fingerprint
from scenarios.executor import Pool, Progress, opened
from scenarios.experiment import Future, futures
from scenarios.pieces import run_pieces
from scenarios.plan import STATUS_QUO, Plan
from scenarios.sweep.cases import Case, Windows, cases_of, unpacked
from scenarios.sweep.design import Design
from scenarios.sweep.earlier import take_over
from scenarios.sweep.tables import Run, write_tables

if TYPE_CHECKING:
    import pandas as pd

    from results.writer import RunWriter

Measure = Callable[[Plan, Mapping[str, float], int, int, Windows], "pd.DataFrame"]


@dataclass(frozen=True)
class SweepJob:
    """One run to make."""

    case: Case
    future: Future
    key: str
    measure: Measure

    def __str__(self) -> str:
        place = f"draw {self.future.draw}, replicate {self.future.replicate}"
        return f"point {self.case.point}, {self.case.scenario}, {place}"


def measure(
    plan: Plan, values: Mapping[str, float], seed: int, customers: int, windows: Windows
) -> pd.DataFrame:
    """Make one run; return its indicators (period_start, period_end, channel, kpi, value, unit)."""
    from scenarios.drivers import setup_for
    from sim.indicators import evaluate
    from sim.market import Market

    setup = setup_for(plan, values, seed=seed, customers=customers)
    return evaluate(Market.from_setup(setup, seed=seed).run(), windows)


def run_one(job: SweepJob) -> dict[str, pd.DataFrame]:
    """Make a run; return the whole retailer's indicators with the run's hash beside them."""
    case, future = job.case, job.future
    values = {**future.values, **case.parameters}
    kpis = job.measure(_plan(case.packed), values, future.seed, case.customers, case.windows)
    whole = kpis[kpis["channel"] == "all"].drop(columns="channel")
    return {"kpis": whole.assign(hash=job.key).reset_index(drop=True)}


@lru_cache(maxsize=4)
def _plan(packed: bytes) -> Plan:
    """Unpack a plan once for all the futures in a row that live it."""
    return unpacked(packed)


def run_sweep(
    design: Design,
    plans: Mapping[str, Plan],
    ensembles: Mapping[str, Sequence[Mapping[str, float]]],
    seed: int,
    writer: RunWriter,
    workers: int | Pool = 1,
    progress: Progress | None = None,
    *,
    fitted: bool = False,
    measure: Measure = measure,
) -> dict[str, Any]:
    """Run every scenario at every point of a design in every future; write the folder ``sweep``.

    Parameters
    ----------
    design, plans
        The design and its plans (`scenarios.sweep.cases.plans_of`).
    ensembles
        Draws of the parameters by plan; none means one draw of defaults.
    seed
        Of points and luck. Every point and scenario meets the same futures.
    writer
        Where pieces and tables go (see `scenarios.sweep.tables.write_tables`).
    workers, progress
        Processes at most, or an open pool; they change no figure. Who shows how far it is.
    fitted
        See `scenarios.experiment.targets_of`.
    measure
        What makes one run, or a stand-in that workers can import.

    Returns
    -------
    dict
        What was run, as written to ``sweep.json``: points, scenarios, futures, runs, distinct, taken_over.

    Raises
    ------
    BadInput
        If the plan cannot be at some point; nothing has been run then.
    """
    with writer.timing("design"):
        panels = {name: futures(ensembles[name], design.written.replicates, seed) for name in plans}
        runs = _runs(cases_of(design, plans, seed, fitted), panels)
        jobs = _distinct(runs, measure)
    with writer.timing("earlier"):
        missing = {job.key for piece, job in jobs.items() if writer.piece(piece) is None}
        taken = take_over(missing, writer, piece_key)
    with opened(workers) as pool, writer.timing("simulate"):
        known = Known(jobs, design)
        run_pieces(run_one, jobs, writer, pool, progress, "sweep", known.told)
    futures_of = {name: len(panel) for name, panel in panels.items()}
    about = _about(design, runs) | {"futures": futures_of, "distinct": len(jobs), "taken_over": taken}
    with writer.timing("tables"):
        write_tables(design, runs, lambda key: _read(writer, key), writer, seed)
        writer.json("sweep", about)
    return about


def _runs(cases: Sequence[Case], panels: Mapping[str, Sequence[Future]]) -> list[Run]:
    """Return every case in every future of its plan, with the hash of what decides the run's figures."""
    from results.store import versions

    said = fingerprint(versions())
    return [(case, future, case.key(future, said)) for case in cases for future in panels[case.plan]]


def _distinct(runs: Sequence[Run], measure: Measure) -> dict[str, SweepJob]:
    """Return the jobs by piece; runs that are the same are one job."""
    jobs: dict[str, SweepJob] = {}
    for case, future, key in runs:
        jobs.setdefault(piece_key(key), SweepJob(case, future, key, measure))
    return jobs


def _about(design: Design, runs: Sequence[Run]) -> dict[str, Any]:
    return {
        "points": runs[-1][0].point + 1,
        "scenarios": list(design.written.scenarios),
        "runs": len(runs),
        "kind": design.written.design.kind,
        "lines": [line.path for line in design.lines],
    }


def piece_key(key: str) -> str:
    """Return the key of a run's piece."""
    return f"run {key}"


def _read(writer: RunWriter, key: str) -> pd.DataFrame:
    import pandas as pd

    piece = writer.piece(piece_key(key))
    if piece is None:
        raise RuntimeError(f"run {key[:12]} was removed while the sweep was at work: start it again")
    return pd.read_parquet(piece / "kpis.parquet")


class Known:
    """What is known so far of the first indicator asked for: its range over points, and the best of them."""

    def __init__(self, jobs: Mapping[str, SweepJob], design: Design) -> None:
        case = next(iter(jobs.values())).case
        self.kpi = next(iter([*design.written.kpis, *(target.kpi for target in case.targets)]), "net_sales")
        self.jobs = jobs
        self.sums: dict[int, tuple[float, int]] = {}

    def told(self, piece: str, tables: Mapping[str, pd.DataFrame]) -> str:
        """Take in a finished run; return a line about all so far."""
        case, rows = self.jobs[piece].case, tables["kpis"]
        rows = rows[rows["kpi"] == self.kpi]
        value = float(rows["value"].iloc[-1]) if len(rows) else math.nan
        if case.scenario != STATUS_QUO and math.isfinite(value):
            total, count = self.sums.get(case.point, (0.0, 0))
            self.sums[case.point] = (total + value, count + 1)
        if not self.sums:
            return str(self.jobs[piece])
        means = {point: total / count for point, (total, count) in self.sums.items()}
        most = max(means, key=means.__getitem__)
        return f"{self.kpi} {min(means.values()):.3g} to {means[most]:.3g}, most at point {most}"
