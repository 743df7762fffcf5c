"""Between the history's outlook that a fit keeps and the runs that are joined to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calibration.history import History
    from results.store import Run, RunWriter
    from scenarios.executor import Pool, Progress
    from scenarios.plan import Plan

TABLE, DOCUMENT, JOINED = "outlook", "outlook_of", "joined"


def write(writer: RunWriter, history: History, pool: Pool, seed: int) -> None:
    """Write a history's outlook beside its fit, where it has one."""
    from calibration.outlook import outlook

    found = outlook(history, pool, seed)
    if found is not None:
        writer.table(f"fit/{TABLE}", found.table())
        writer.json(f"fit/{DOCUMENT}", found.document())


def joined(
    plan: Plan,
    draws: list[dict[str, float]],
    given: str | Path,
    pool: Pool,
    writer: RunWriter,
    seed: int,
    progress: Progress | None,
    folder: str = "fit",
) -> list[dict[str, float]]:
    """Return draws joined to the outlook that a fit's run keeps, as they are where it keeps none.

    The outlook and ``joined`` (`scenarios.joining.joined`) are written to ``folder`` of the new run.
    """
    import pandas as pd

    from results.store import open_run
    from scenarios import joining
    from scenarios.outlook import outlook_of

    fit = open_run(Path(given))
    if not fit.has(f"fit/{TABLE}"):
        return draws
    table, document = fit.read(f"fit/{TABLE}"), fit.json(f"fit/{DOCUMENT}.json")
    outlook = outlook_of(table, document)
    writer.table(f"{folder}/{TABLE}", table)
    writer.json(f"{folder}/{DOCUMENT}", document)
    if not joining.reaches(plan, outlook):
        return draws
    key = f"joined {folder}"
    kept = writer.piece(key)
    if kept is None:
        with writer.timing("join"):
            found = joining.joined(plan, draws, outlook, seed, pool, progress=progress)
        kept = writer.save_piece(key, {JOINED: found})
    found = pd.read_parquet(kept / f"{JOINED}.parquet")
    writer.table(f"{folder}/{JOINED}", found)
    return [draw | told for draw, told in zip(draws, joining.told(found), strict=True)]


def again(run: Run, draws: list[dict[str, float]]) -> list[dict[str, float]]:
    """Return a finished run's draws joined as the run was; as they are where it was not."""
    from scenarios import joining

    if not run.has(f"fit/{JOINED}"):
        return draws
    known = joining.told(run.read(f"fit/{JOINED}"))
    return (
        [draw | told for draw, told in zip(draws, known, strict=True)] if len(known) == len(draws) else draws
    )
