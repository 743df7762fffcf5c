"""Which line moves which indicator most: the points' differences, cut by one line at a time."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from results.files import plain
from scenarios.sweep.design import Line

if TYPE_CHECKING:
    import pandas as pd

MOST_LEVELS = 8  # values that stand by themselves; more are cut into as many equal parts at most
A_PART = 8  # points in a part, at least
COLUMNS = (
    *("scenario", "line", "kpi", "unit", "low_at", "high_at", "lowest", "highest"),
    *("swing", "relative", "change", "share"),
)


def effects(points: pd.DataFrame, surface: pd.DataFrame, lines: Sequence[Line]) -> pd.DataFrame:
    """Return what each line moves of each indicator, over all that the other lines do.

    Parameters
    ----------
    points
        A row a point (`scenarios.sweep.tables`).
    surface
        point, scenario, kpi, unit, mean.
    lines
        What varies.

    Returns
    -------
    DataFrame
        scenario, line, kpi, unit; ``low_at`` and ``high_at``, the values (or ranges) of the line at which the
        indicator is lowest and highest on average, and those averages ``lowest`` and ``highest``; ``swing``
        between them and ``relative`` to the mean of all; ``change`` from the line's first to its last value;
        ``share`` of the variance between points that it explains by itself (0-1): the correlation ratio, less
        what chance explains where a range was cut into parts (epsilon squared, Kelley 1935).
    """
    import pandas as pd

    wide = surface.pivot_table(index="point", columns=["scenario", "kpi"], values="mean", dropna=True)
    units = dict(zip(surface["kpi"], surface["unit"], strict=True))
    rows = []
    for line in lines:
        level = levels(points, line).reindex(wide.index)
        if level.nunique() < 2:
            continue
        cut = line.path in points and points[line.path].nunique() > level.nunique()
        for scenario, kpi in wide.columns:
            values = wide[(scenario, kpi)].dropna()
            if len(values) < 2:
                continue
            groups = values.groupby(level.reindex(values.index), observed=True, sort=True)
            means, sizes = groups.mean(), groups.size()
            rows.append(
                {"scenario": scenario, "line": line.path, "kpi": kpi, "unit": units[kpi]}
                | _moved(means, sizes, values, cut)
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _moved(means: pd.Series, sizes: pd.Series, values: pd.Series, cut: bool) -> dict[str, object]:
    mean, variance = float(values.mean()), float(values.var(ddof=0))
    between = float((sizes * (means - mean) ** 2).sum() / sizes.sum())
    swing = float(means.max() - means.min())
    share = min(between / variance, 1.0) if variance else np.nan
    if cut and len(values) > len(means):
        share = max(0.0, 1.0 - (1.0 - share) * (len(values) - 1) / (len(values) - len(means)))
    tiny = variance <= (1e-9 * max(abs(mean), 1e-300)) ** 2
    return {
        "low_at": str(means.idxmin()),
        "high_at": str(means.idxmax()),
        "lowest": float(means.min()),
        "highest": float(means.max()),
        "swing": 0.0 if tiny else swing,
        "relative": swing / abs(mean) if mean and not tiny else np.nan if not mean else 0.0,
        "change": float(means.iloc[-1] - means.iloc[0]),
        "share": np.nan if tiny else share,
    }


def levels(points: pd.DataFrame, line: Line) -> pd.Series:
    """Return the value, or part of the range, that each point has on a line, in the line's own order."""
    import pandas as pd

    if line.path in points:
        values = points.set_index("point")[line.path]
    else:  # shares of a whole stand in a column each
        own = [name for name in points.columns if str(name).startswith(f"{line.path}.")]
        told = points[own].apply(lambda row: json.dumps(plain(row.dropna().to_dict())), axis=1)
        values = told.set_axis(points["point"])
    if values.nunique(dropna=False) <= MOST_LEVELS or not pd.api.types.is_numeric_dtype(values):
        order = sorted(values.dropna().unique()) if not line.values else list(dict.fromkeys(values))
        names = [_said(value) for value in order]
        return pd.Series(
            pd.Categorical(values.map(_said), list(dict.fromkeys(names)), ordered=True), values.index
        )
    parts = max(2, min(MOST_LEVELS, len(values) // A_PART))
    ends = (float(values.min()), float(values.max())) if line.values else (line.low, line.high)
    edges = np.linspace(ends[0], ends[1], parts + 1)
    labels = [f"{low:.3g} to {high:.3g}" for low, high in itertools.pairwise(edges)]
    return pd.cut(values, edges, include_lowest=True, labels=labels)


def _said(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
