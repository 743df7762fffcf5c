"""Odds of targets at many points at once: `results.targets` for sweeps, without its intervals.

A target is measured as there: on the last trailing year that ends by its date, or the month where there is no
year; where it has no baseline, ``status_quo``'s first year at the same point gives it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from results.targets import BASE, GROUPS, YEAR_DAYS, Target

if TYPE_CHECKING:
    import pandas as pd

FUTURE = ["draw", "replicate"]
PLACE = ["point", "scenario"]
COLUMNS = ("point", "scenario", "kpi", "group", "baseline", "target", "date", "odds", "futures")


def odds(rows: pd.DataFrame, targets: Sequence[Target], better: Mapping[str, str]) -> pd.DataFrame:
    """Return the odds of each target, and of each group's together, by point and scenario.

    Parameters
    ----------
    rows
        Columns point, scenario, draw, replicate, period_start, period_end, kpi, value; points of one plan.
    targets
        What the plan promises.
    better
        The better direction by indicator.

    Returns
    -------
    DataFrame
        point, scenario, kpi (``odds_<group>`` for a group together), group, baseline, target, date, odds
        (NaN where nothing could be measured) and futures.
    """
    import pandas as pd

    index = pd.MultiIndex.from_frame(rows[PLACE].drop_duplicates()).sort_values()
    count = rows.groupby(PLACE)[FUTURE].apply(lambda some: len(some.drop_duplicates())).reindex(index)
    tables, reached = [], []
    rows = rows[rows["kpi"].isin({target.kpi for target in targets})]
    days = (rows["period_end"] - rows["period_start"]).dt.days
    rows = rows.assign(year=days >= YEAR_DAYS)
    for target in targets:
        told, hits = _one(rows[rows["kpi"] == target.kpi], target, better, index)
        tables.append(told)
        reached.append((target.group, hits))
    for group in ("all", *GROUPS):
        own = [hits for of, hits in reached if group in ("all", of) and hits is not None]
        tables.append(_joint(group, own, index))
    found = pd.concat(tables, ignore_index=True)
    found["futures"] = count.reindex(pd.MultiIndex.from_frame(found[PLACE])).to_numpy()
    return found.astype({"date": "datetime64[us]"})[list(COLUMNS)]


def _one(
    rows: pd.DataFrame, target: Target, better: Mapping[str, str], index: pd.MultiIndex
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return a target's table, and [place, future] whether it is met (NaN where it is not measured)."""
    import pandas as pd

    values, level, baseline = _values(rows, target, index), None, _baseline(rows, target, index)
    level = baseline + (target.change or 0.0) * baseline.abs()
    if target.value is not None:
        level = pd.Series(target.value, index=index)
    told = better.get(target.kpi, "none")
    higher = pd.Series(told == "higher", index=index) if told in ("higher", "lower") else ~(level < baseline)
    table = pd.DataFrame({"baseline": baseline, "target": level}, index=index).assign(
        kpi=target.kpi, group=target.group, date=pd.Timestamp(target.by), odds=math.nan
    )
    if values is None:
        return table.reset_index(), None
    up, down = values.ge(level, axis=0), values.le(level, axis=0)
    hits = up.where(higher, down, axis=0).astype(float)
    measured = values.notna().any(axis=1) & level.notna()
    hits = hits.where(measured, math.nan, axis=0)
    table["odds"] = hits.mean(axis=1)
    return table.reset_index(), hits


def _values(rows: pd.DataFrame, target: Target, index: pd.MultiIndex) -> pd.DataFrame | None:
    """Return [place, future] values over the period that the target is measured on."""
    import pandas as pd

    due = rows[rows["period_end"] <= pd.Timestamp(target.by + timedelta(days=1))]
    due = due[due["year"]] if due["year"].any() else due
    if due.empty:
        return None
    due = due[due["period_end"] == due.groupby("point")["period_end"].transform("max")]
    due = due.drop_duplicates([*PLACE, *FUTURE])
    return due.set_index([*PLACE, *FUTURE])["value"].unstack(FUTURE).reindex(index)


def _baseline(rows: pd.DataFrame, target: Target, index: pd.MultiIndex) -> pd.Series:
    import pandas as pd

    if target.baseline is not None:
        return pd.Series(target.baseline, index=index)
    base = rows[rows["scenario"] == BASE]
    base = base[base["year"]] if base["year"].any() else base
    first = base[base["period_end"] == base.groupby("point")["period_end"].transform("min")]
    means = first.groupby("point")["value"].mean()
    return pd.Series(means.reindex(index.get_level_values("point")).to_numpy(), index=index, dtype="float64")


def _joint(group: str, reached: Sequence[pd.DataFrame], index: pd.MultiIndex) -> pd.DataFrame:
    """Return the odds that all measured targets of a group are met in the same future."""
    import pandas as pd

    together: Any = math.nan
    if reached:
        met = sum((hits.isna() | (hits > 0)).astype(float) for hits in reached)
        measured = sum(hits.notna().astype(float) for hits in reached)
        both = (met == len(reached)).astype(float).where(measured > 0)
        together = both.mean(axis=1)
    table = pd.DataFrame({"odds": together}, index=index)
    nothing = {"baseline": math.nan, "target": math.nan, "date": pd.NaT}
    return table.assign(kpi=f"odds_{group}", group=group, **nothing).reset_index()
