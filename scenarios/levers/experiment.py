"""Living through every lever in every future, and the tables that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scenarios.executor import Pool, Progress, opened
from scenarios.experiment import Future, RunJob, Simulate, Windows, futures, run_one, simulate
from scenarios.levers.effects import effects
from scenarios.levers.evidence import evidence
from scenarios.levers.found import Found, levers_of
from scenarios.levers.parts import AFTER, BEFORE, CUT_DAYS, cut_day
from scenarios.pieces import run_pieces
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan

if TYPE_CHECKING:
    import pandas as pd

    from results.writer import RunWriter

YEAR = 365


def run_levers(
    plan: Plan,
    ensemble: Sequence[Mapping[str, float]],
    replicates: int,
    seed: int,
    customers: int | None,
    writer: RunWriter,
    workers: int | Pool = 1,
    progress: Progress | None = None,
    *,
    asked: Sequence[str] = (),
    simulate: Simulate = simulate,
) -> None:
    """Move every lever of a plan by itself; write ``levers``, ``evidence`` and ``levers.json``.

    Each run is kept as a piece: the same call takes an interrupted one up again.

    Parameters
    ----------
    plan
        The plan.
    ensemble, replicates, seed
        Futures, as in `scenarios.experiment.run_experiment`; every lever meets the same ones.
    customers
        Agents a run; the plan's own if ``None``.
    writer
        Where pieces and tables go: ``levers`` (see `scenarios.levers.effects`, over the plan's last year),
        ``evidence`` (see `scenarios.levers.evidence`).
    workers, progress
        Processes at most, or an open pool; they change no figure. Who shows how far it is.
    asked
        Which levers; all unless given (see `scenarios.levers.found`).
    simulate
        What makes one run.

    Raises
    ------
    BadInput
        If a lever asked for is not there, or its value cannot stand where it is put.
    """
    found, panel = levers_of(plan, asked), futures(ensemble, replicates, seed)
    windows = windows_of(found.plans[STATUS_QUO])
    with opened(workers) as pool, writer.timing("simulate"):
        _live(found, panel, customers, list(windows.values()), writer, pool, progress, simulate)
    with writer.timing("tables"):
        kpis = writer.pieces("kpis", "lever ")
        today = found.plans[STATUS_QUO]
        in_window = _by_window(kpis, plan, windows)
        writer.table("levers", effects(in_window[in_window["window"] == "last_year"], found.levers))
        writer.table("evidence", evidence(today, in_window, found.levers, found.left_out))
        told: dict[str, Any] = {"levers": len(found.levers), "futures": len(panel), "customers": customers}
        writer.json("levers", told | {"windows": windows, "left_out": found.left_out})


def windows_of(today: Plan) -> dict[str, tuple[int, int]]:
    """Return the periods that levers are measured in, as (first, last day) from the plan's start."""
    last = today.days - 1
    found = {"last_year": (max(last - YEAR + 1, 0), last), "first_year": (0, min(YEAR - 1, last))}
    first = cut_day(today)
    if first is not None:
        found["event"] = (first, first + CUT_DAYS - 1)
        found["around"] = (first - BEFORE, first + CUT_DAYS + AFTER - 1)
    return found


def _live(
    found: Found,
    panel: Sequence[Future],
    customers: int | None,
    windows: Windows,
    writer: RunWriter,
    pool: Pool,
    progress: Progress | None,
    simulate: Simulate,
) -> None:
    """Run both bases and every lever in every future, and keep each run's indicators as a piece."""
    names = [STATUS_QUO, AS_WRITTEN, *(lever.name for lever in found.levers)]
    jobs = {}
    for position, name in enumerate(names):
        for future in panel:
            key = f"lever {position} {future.draw} {future.replicate} {name}"
            plan = found.plans[name]
            jobs[key] = RunJob(name, plan, future, customers, simulate, list(dict.fromkeys(windows)), False)
    run_pieces(run_one, jobs, writer, pool, progress, "levers")


def _by_window(kpis: pd.DataFrame, plan: Plan, windows: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """Return indicators with the name of their window; a period that is two windows stands twice."""
    import pandas as pd

    start = pd.Timestamp(plan.start)
    first, last = ((kpis[f"period_{end}"] - start).dt.days for end in ("start", "end"))
    parts = [
        kpis[(first == days[0]) & (last == days[1])].assign(window=name) for name, days in windows.items()
    ]
    return pd.concat(parts, ignore_index=True)
