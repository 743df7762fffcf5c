"""What each lever does to each indicator: paired differences with intervals, also by channel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.compare import mean_interval
from scenarios.levers.lever import Lever, told

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = [
    *("lever", "kind", "against", "path", "base", "tried", "kpi", "channel"),
    *("difference", "low", "high", "relative", "sign", "sure", "base_value", "value", "unit", "pairs"),
]
NOTHING = 1e-9  # relative difference below which nothing has moved


def effects(kpis: pd.DataFrame, levers: Sequence[Lever]) -> pd.DataFrame:
    """Return one row for each lever, indicator and channel.

    Parameters
    ----------
    kpis
        Columns scenario (a lever's name, ``status_quo`` or ``plan``), draw, replicate, channel, kpi, value,
        unit, of one period.
    levers
        What was tried.

    Returns
    -------
    DataFrame
        lever, kind, against, path, base, tried; kpi, channel (``all``: the retailer); difference (mean over
        futures of moved minus unmoved, in ``unit``), low, high (95 %, see `scenarios.compare`), relative
        (difference over the unmoved mean's size), sign (``+ - 0``), sure (whether the interval leaves out
        zero), base_value, value, unit, pairs. Futures where the indicator is undefined are left out.
    """
    import pandas as pd

    wide = kpis.set_index(["scenario", "draw", "replicate", "channel", "kpi", "unit"])["value"]
    wide = wide.unstack(["draw", "replicate"]).sort_index(axis=1)
    draws = wide.columns.get_level_values("draw").to_numpy()
    rows: list[dict[str, Any]] = []
    for lever in levers:
        moved, still = wide.loc[lever.name], wide.loc[lever.against]
        both = moved.index.intersection(still.index, sort=False)
        about = {"lever": lever.name, "kind": lever.kind, "against": lever.against, "path": lever.path}
        about |= {"base": told(lever.base), "tried": told(lever.tried)}
        pairs = zip(both, moved.loc[both].to_numpy(float), still.loc[both].to_numpy(float), strict=True)
        for (channel, kpi, unit), after, before in pairs:
            known = np.isfinite(after) & np.isfinite(before)
            if known.any():
                place = {"kpi": kpi, "channel": channel, "unit": unit}
                rows.append(about | place | _effect(after[known], before[known], draws[known]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _effect(after: Any, before: Any, draws: Any) -> dict[str, Any]:
    difference, low, high = mean_interval(after - before, draws)
    start = float(before.mean())
    relative = difference / abs(start) if start else math.nan
    moved = abs(difference) > NOTHING * max(abs(start), NOTHING)
    return {
        "difference": difference,
        "low": low,
        "high": high,
        "relative": relative,
        "sign": ("+" if difference > 0 else "-") if moved else "0",
        "sure": bool(moved and (low > 0 or high < 0)),
        "base_value": start,
        "value": float(after.mean()),
        "pairs": len(after),
    }
