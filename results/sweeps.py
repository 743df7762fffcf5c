"""Reading a sweep's store: runs' indicators with their points' values beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from results.shelf import Run

STORE = "sweep/kpis"


def partitions(run: Run) -> Path:
    """Return the folder of a sweep's partitions, for `duckdb` (``<folder>/**/*.parquet``) or pandas."""
    return run.path / STORE


def sweep_kpis(run: Run, kpis: Sequence[str] = (), scenarios: Sequence[str] = ()) -> pd.DataFrame:
    """Return runs' indicators, tidy: only the parts of the store that are asked for are read.

    Parameters
    ----------
    run
        A finished sweep.
    kpis, scenarios
        Which; all unless given.

    Returns
    -------
    DataFrame
        point, a column for each varied line, scenario, draw, replicate, hash, period_start, period_end, kpi,
        value, unit.

    Raises
    ------
    BadInput
        If the run is no sweep.
    """
    import pandas as pd

    points = run.read("sweep/points")
    asked = [("kpi", kpis), ("scenario", scenarios)]
    chosen = [(column, "in", list(names)) for column, names in asked if names]
    rows = pd.read_parquet(partitions(run), filters=chosen or None).drop(columns="block")
    rows["scenario"] = rows["scenario"].astype(str)
    lines = [name for name in points.columns if name != "point"]
    found = rows.merge(points, on="point").sort_values(
        ["point", "scenario", "draw", "replicate"], kind="stable"
    )
    rest = [name for name in rows.columns if name not in ("point", "scenario", "draw", "replicate")]
    order = ["point", *lines, "scenario", "draw", "replicate", *rest]
    return found[order].reset_index(drop=True)
