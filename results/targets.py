"""Odds that a scenario reaches each target, and several at once, over parameter draws and luck.

A target is measured on the whole retailer (channel ``all``) over the trailing year that ends on or last
before its date; an indicator without trailing years is measured on that month. A future in which the
indicator is undefined (a return on no spending) counts as missed. A target that is undefined in every
future is *unmeasured*: its odds are NaN, and it takes no part in joint odds. Nor does one that was
measured in some of the futures only (synergy, the incremental return of media): its odds are those futures'.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from results.proportions import effective_trials, interval

if TYPE_CHECKING:
    import pandas as pd

BASE = "status_quo"
GROUPS = ("growth", "efficiency")
FUTURE = ["draw", "replicate"]
YEAR_DAYS = 360  # a period at least this long is a year; months are shorter than 32 days

Better = Mapping[str, str]
Rows = Mapping[tuple[str, str], "pd.DataFrame"]  # by scenario and indicator


@dataclass(frozen=True)
class Target:
    """What a plan promises.

    Parameters
    ----------
    kpi
        Indicator key.
    value
        Level to reach, in the indicator's unit; ``None`` where ``change`` is given.
    change
        Relative change from the baseline: -0.30 is thirty per cent less than it.
    by
        The day it is promised for.
    group
        ``"growth"`` or ``"efficiency"``.
    baseline
        Starting level; ``None`` takes what the scenario ``status_quo`` does in its first year, on average.
    assumed
        Whether value, date or baseline is an assumption of ours rather than the plan's.
    """

    kpi: str
    value: float | None
    change: float | None
    by: date
    group: str = "growth"
    baseline: float | None = None
    assumed: bool = False


def attainment(
    kpis: pd.DataFrame,
    targets: Sequence[Target],
    better: Better | None = None,
    base: str = BASE,
    weights: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the odds of each target in each scenario.

    Parameters
    ----------
    kpis
        Columns scenario, draw, replicate, period_start, period_end, channel, kpi, value, unit.
    targets
        What is promised.
    better
        Whether ``"higher"`` or ``"lower"`` is better by indicator; where it is silent, the side of
        the baseline on which the target lies decides, and without a baseline higher is better.
    base
        The scenario that gives missing baselines.
    weights
        How much each future counts, indexed by draw and replicate, in sum 1; alike unless given.

    Returns
    -------
    DataFrame
        One row per scenario and target, both in the order given: scenario, kpi, baseline, target, date,
        value_p10, value_p50, value_p90, odds (share of futures), odds_low, odds_high (see
        `results.proportions.interval`),
        group, gap (median minus target, positive on the better side), gap_unit, better, change,
        assumed, period (``year`` or ``month``), measured_on (last day of the period that was used).
    """
    import pandas as pd

    whole = _whole(kpis, targets)
    rows = [
        _row(whole, str(scenario), target, better or {}, base, weights)
        for scenario in kpis["scenario"].unique()
        for target in targets
    ]
    return pd.DataFrame(rows, columns=list(_row_types())).astype(_row_types())


def odds_together(
    kpis: pd.DataFrame,
    targets: Sequence[Target],
    better: Better | None = None,
    base: str = BASE,
    weights: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the odds that targets are reached in the *same* future; arguments as of `attainment`.

    Returns
    -------
    DataFrame
        One row per scenario: scenario; for ``all``, ``growth`` and ``efficiency`` the columns
        ``odds_<group>`` (NaN for a group without measured targets), ``odds_<group>_low``,
        ``odds_<group>_high``; ``futures``, ``targets_measured`` and ``targets``.
    """
    import pandas as pd

    whole = _whole(kpis, targets)
    rows = []
    for scenario, futures in kpis[["scenario", *FUTURE]].drop_duplicates().groupby("scenario", sort=False):
        row: dict[str, Any] = {"scenario": str(scenario)}
        index = pd.MultiIndex.from_frame(futures[FUTURE]).sort_values()
        reached = _reached(whole, str(scenario), targets, better or {}, base, len(index))
        reached = reached.reindex(index, fill_value=False)
        for group in ("all", *GROUPS):
            names = [i for i in reached.columns if group == "all" or targets[i].group == group]
            together = reached[names].all(axis=1) if names else None
            odds, low, high = _odds(together, weights) if together is not None else (math.nan,) * 3
            row |= {f"odds_{group}": odds, f"odds_{group}_low": low, f"odds_{group}_high": high}
        row |= {"futures": len(reached), "targets_measured": reached.shape[1], "targets": len(targets)}
        rows.append(row)
    return pd.DataFrame(rows)


def _row(
    whole: Rows,
    scenario: str,
    target: Target,
    better: Better,
    base: str,
    weights: pd.Series | None,
) -> dict[str, Any]:
    values, period, measured_on, unit = _measure(whole, scenario, target)
    baseline, level = _level(whole, target, base)
    side = _side(target, baseline, level, better)
    known = values.dropna()
    p10, p50, p90 = _quantiles(known, weights) if len(known) else [math.nan] * 3
    measured = len(known) > 0 and math.isfinite(level)
    odds, low, high = _odds(_hits(values, level, side), weights) if measured else [math.nan] * 3
    return {
        "scenario": scenario,
        "kpi": target.kpi,
        "baseline": baseline,
        "target": level,
        "date": np.datetime64(target.by, "us"),
        "value_p10": p10,
        "value_p50": p50,
        "value_p90": p90,
        "odds": odds,
        "odds_low": low,
        "odds_high": high,
        "group": target.group,
        "gap": (p50 - level) * (1 if side == "higher" else -1),
        "gap_unit": unit,
        "better": side,
        "change": math.nan if target.change is None else target.change,
        "assumed": target.assumed,
        "period": period,
        "measured_on": measured_on,
    }


def _row_types() -> dict[str, str]:
    """Column types in order, so that empty and full tables agree."""
    number, text, day = "float64", "str", "datetime64[us]"
    return {
        "scenario": text,
        "kpi": text,
        "baseline": number,
        "target": number,
        "date": day,
        **dict.fromkeys(("value_p10", "value_p50", "value_p90", "odds", "odds_low", "odds_high"), number),
        "group": text,
        "gap": number,
        "gap_unit": text,
        "better": text,
        "change": number,
        "assumed": "bool",
        "period": text,
        "measured_on": day,
    }


def _whole(kpis: pd.DataFrame, targets: Sequence[Target]) -> Rows:
    """Return the whole retailer's rows by scenario and indicator, with the length of each period."""
    import pandas as pd

    wanted = kpis["kpi"].isin({target.kpi for target in targets})
    whole = kpis.loc[wanted & (kpis["channel"] == "all")]
    dates = {column: pd.to_datetime(whole[column]) for column in ("period_start", "period_end")}
    told = whole.assign(**dates, days=(dates["period_end"] - dates["period_start"]).dt.days)
    return {(str(s), str(kpi)): rows for (s, kpi), rows in told.groupby(["scenario", "kpi"], sort=False)}


def _measure(whole: Rows, scenario: str, target: Target) -> tuple[pd.Series, str, np.datetime64, str]:
    """Return one value per future, the kind of period, its last day and the unit."""
    import pandas as pd

    rows = whole.get((scenario, target.kpi))
    if rows is None:
        return pd.Series(dtype="float64"), "", np.datetime64("NaT", "us"), ""
    # A day of grace, for ends written as the first day that no longer belongs to the period.
    rows = rows[rows["period_end"] <= pd.Timestamp(target.by + timedelta(days=1))]
    years = rows["days"] >= YEAR_DAYS
    rows = rows[years] if years.any() else rows
    if rows.empty:
        return pd.Series(dtype="float64"), "", np.datetime64("NaT", "us"), ""
    last = rows["period_end"].max()
    rows = rows[rows["period_end"] == last]
    values = rows.set_index(FUTURE)["value"].sort_index()
    return values, "year" if years.any() else "month", last.to_datetime64(), str(rows["unit"].iloc[0])


def _level(whole: Rows, target: Target, base: str) -> tuple[float, float]:
    """Return the baseline and the level to reach; a change of a negative baseline keeps its direction."""
    baseline = target.baseline if target.baseline is not None else _first_year(whole, target.kpi, base)
    if target.value is not None:
        return baseline, target.value
    return baseline, baseline + (target.change or 0.0) * abs(baseline)


def _first_year(whole: Rows, kpi: str, base: str) -> float:
    """Mean over futures of the base scenario's first full year, or of its first twelve months."""
    rows = whole.get((base, kpi))
    if rows is None:
        return math.nan
    start = rows["period_start"].min()
    years = rows[rows["days"] >= YEAR_DAYS]
    if len(years):
        months = rows[rows["days"] < YEAR_DAYS]
        start = months["period_start"].min() if len(months) else years["period_start"].min()
        since = years[years["period_start"] >= start - np.timedelta64(3, "D")]
        years = since if len(since) else years
        return float(years.loc[years["period_end"] == years["period_end"].min(), "value"].mean())
    return float(rows.loc[rows["period_end"] <= start + np.timedelta64(366, "D"), "value"].mean())


def _side(target: Target, baseline: float, level: float, better: Better) -> str:
    told = better.get(target.kpi, "none")
    if told in ("higher", "lower"):
        return told
    return "lower" if math.isfinite(baseline) and level < baseline else "higher"


def _hits(values: pd.Series, level: float, side: str) -> pd.Series:
    """Tell which futures reach the level; a NaN compares false and so counts as missed."""
    return values >= level if side == "higher" else values <= level


def _odds(reached: pd.Series, weights: pd.Series | None = None) -> tuple[float, float, float]:
    """Return the share of futures and its interval; weights that differ make fewer futures of them."""
    odds, trials = float(reached.mean()), effective_trials(reached)
    if weights is not None:
        counted = weights.reindex(reached.index).to_numpy() / weights.reindex(reached.index).sum()
        odds = float(counted @ reached.to_numpy(dtype=float))
        trials *= 1.0 / float((counted**2).sum()) / len(reached)
    return (odds, *interval(odds * trials, trials))


def _quantiles(known: pd.Series, weights: pd.Series | None) -> Any:
    """Return the 10, 50 and 90 % quantiles over futures."""
    at = [0.1, 0.5, 0.9]
    if weights is None:
        return np.quantile(known, at)
    return np.quantile(known, at, weights=weights.reindex(known.index), method="inverted_cdf")


def _reached(
    whole: Rows, scenario: str, targets: Sequence[Target], better: Better, base: str, futures: int
) -> pd.DataFrame:
    """Return booleans [future, position of a target measured in all ``futures``]."""
    import pandas as pd

    columns = {}
    for position, target in enumerate(targets):
        values, *_ = _measure(whole, scenario, target)
        baseline, level = _level(whole, target, base)
        if len(values) >= futures and values.notna().any() and math.isfinite(level):
            columns[position] = _hits(values, level, _side(target, baseline, level, better))
    return pd.DataFrame(columns).fillna(False).astype(bool)
