"""Indicators that follow from several runs: the programme's return over doing nothing new, and scorecards.

A single run has no counterfactual, so returns are taken future by future against ``status_quo`` with the
same customers and the same luck. Rows are added to the runs' own indicators, for every period that ends
with a month.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scenarios.plan import STATUS_QUO, Plan

if TYPE_CHECKING:
    import pandas as pd

    from results.targets import Target

FUTURE = ["draw", "replicate"]
PERIOD = ["period_start", "period_end"]
FLOWS = ("cash_flow", "capital_spend", "operating_spend")
UNITS = {"programme_roi": "ratio", "payback_months": "count", "npv": "currency"}
YEAR_DAYS = 360
DISCOUNT = 0.08  # a year, where the plan gives no rate


def with_derived(kpis: pd.DataFrame, plan: Plan, targets: Sequence[Target]) -> pd.DataFrame:
    """Return indicators of an experiment with those that follow from its scenarios together.

    Parameters
    ----------
    kpis
        Columns scenario, draw, replicate, period_start, period_end, channel, kpi, value, unit, with the
        scenario ``status_quo``.
    plan
        Whose discount rate and scorecards are used for every scenario.
    targets
        The plan's, with their baselines.

    Returns
    -------
    DataFrame
        The same with rows of ``programme_roi payback_months npv scorecard_balanced scorecard_five`` where the
        runs hold what they follow from.
    """
    import pandas as pd

    from scenarios.scorecard import scorecards

    found = [kpis, returns(kpis, discount_rate(plan)), scorecards(kpis, plan, targets)]
    kept = [table for table in found if len(table)]
    return pd.concat(kept, ignore_index=True) if len(kept) > 1 else kpis


def discount_rate(plan: Plan) -> float:
    """Return the yearly rate at which later money is discounted."""
    return plan.budget.finance.discount_rate if plan.budget.finance is not None else DISCOUNT


def returns(kpis: pd.DataFrame, rate: float, base: str = STATUS_QUO) -> pd.DataFrame:
    """Return what each scenario's extra money brings in over the base, up to each period's end.

    ``programme_roi`` is the cash that a scenario has brought in beyond the base's, over the money it has
    spent beyond the base's (undefined where it spends no more); ``payback_months`` the months until its
    cash was no longer behind, for good as far as is known by then (undefined until it is); ``npv`` that
    cash discounted to the first day at ``rate`` a year, each month at its end.
    """
    import pandas as pd

    months = _monthly(kpis)
    scenarios = list(months.index.unique("scenario")) if len(months) else []
    if base not in scenarios or len(scenarios) < 2:
        return pd.DataFrame(columns=kpis.columns)
    quiet = months.xs(base, level="scenario")
    frames = []
    for scenario in scenarios:
        if scenario == base:
            continue
        extra = (months.xs(scenario, level="scenario") - quiet).dropna()
        for future, rows in extra.groupby(level=FUTURE, sort=False):
            told = _told(rows.droplevel(FUTURE).sort_index(), rate)
            told.index.name = "period_end"
            frames.append(told.reset_index().assign(scenario=scenario, draw=future[0], replicate=future[1]))
    if not frames:
        return pd.DataFrame(columns=kpis.columns)
    long = pd.concat(frames, ignore_index=True).melt(
        ["scenario", *FUTURE, "period_end"], list(UNITS), "kpi", "value"
    )
    periods = kpis.loc[kpis["channel"] == "all", ["scenario", *FUTURE, *PERIOD]].drop_duplicates()
    made = periods.merge(long, on=["scenario", *FUTURE, "period_end"])
    return made.assign(channel="all", unit=made["kpi"].map(UNITS))[list(kpis.columns)]


def _monthly(kpis: pd.DataFrame) -> pd.DataFrame:
    """Return monthly flows by scenario, future and month's end; empty where the runs do not hold them."""
    import pandas as pd

    rows = kpis[(kpis["channel"] == "all") & kpis["kpi"].isin(FLOWS)]
    rows = rows[(rows["period_end"] - rows["period_start"]).dt.days < YEAR_DAYS]
    wide = rows.set_index(["scenario", *FUTURE, "period_end", "kpi"])["value"].unstack("kpi")
    return wide if set(FLOWS) <= set(wide.columns) else pd.DataFrame()


def _told(extra: pd.DataFrame, rate: float) -> pd.DataFrame:
    """Return the three figures of one future by month's end."""
    import pandas as pd

    cash = extra["cash_flow"].to_numpy()
    spent = (extra["capital_spend"] + extra["operating_spend"]).cumsum().to_numpy()
    ahead, months = np.cumsum(cash), np.arange(1, len(cash) + 1)
    last_behind = np.maximum.accumulate(np.where(ahead < 0, months, 0))
    more = spent > 1e-6 * max(1.0, float(np.abs(spent).max()))
    return pd.DataFrame(
        {
            "programme_roi": np.divide(ahead, spent, out=np.full(len(cash), np.nan), where=more),
            "payback_months": np.where((ahead >= 0) & more, last_behind + 1.0, np.nan),
            "npv": np.cumsum(cash / (1.0 + rate) ** (months / 12.0)),
        },
        index=extra.index,
    )
