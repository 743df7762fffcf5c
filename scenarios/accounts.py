"""Budget against actuals, line by line and month by month; what was expected beside what came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from scenarios.drivers import setup_for
from scenarios.plan import STATUS_QUO, Plan
from scenarios.plan.control import Line
from sim.retailer.money import TEAM, TECHNOLOGY
from sim.setup import CAPABILITIES, Array

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["scenario", "kind", "name", "period_end", "planned", "actual", "variance", "sales_per_spend"]
YEAR_DAYS = 360
FEW = 60  # agents of a market that is set up for its plan and not run


def budget_table(plans: Mapping[str, Plan], kpis: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    """Return the budget of each scenario beside what was spent and came in, on average over futures.

    Columns scenario; kind (``purpose``, ``line`` or ``income``); name; period_end (a month's last day; an
    income is counted up to it); planned and actual, currency; variance (actual less planned, relative); and
    sales_per_spend (net sales per currency spent), the trade's return on a line.
    """
    import pandas as pd

    frames = []
    for scenario, plan in plans.items():
        mine = daily[daily["scenario"] == scenario] if len(daily) else daily
        if len(mine) and "other_costs" in mine:
            frames.append(_spent(scenario, plan, mine))
        if scenario != STATUS_QUO and plan.budget.expected_income:
            frames.append(_income(scenario, plan, kpis[kpis["scenario"] == scenario]))
    kept = [frame for frame in frames if len(frame)]
    return pd.concat(kept, ignore_index=True)[COLUMNS] if kept else pd.DataFrame(columns=COLUMNS)


def _spent(scenario: str, plan: Plan, daily: pd.DataFrame) -> pd.DataFrame:
    """Return purposes and lines of one scenario by month."""
    import pandas as pd

    whole = daily[daily["channel"] == "all"]
    dates = pd.to_datetime(whole["date"])
    shops = daily[daily["channel"] != "all"]
    sales = shops.groupby(["draw", "replicate", "date"])["net_sales"].sum().groupby("date").mean()
    names = {"marketing": [c for c in whole if str(c).startswith("spend_")]}
    names |= {"technology": [f"invest_{name}" for name in CAPABILITIES[TECHNOLOGY]]}
    names |= {"team": [f"invest_{name}" for name in CAPABILITIES[TEAM]], "other": ["other_costs"]}
    drivers = setup_for(plan, {}, 0, FEW).drivers
    plan_of = {
        "marketing": drivers.spend.sum(axis=1),
        "technology": drivers.invest[:, TECHNOLOGY].sum(axis=1),
        "team": drivers.invest[:, TEAM].sum(axis=1),
        "other": drivers.costs,
    }
    rows: list[tuple[str, str, pd.Series, pd.Series]] = []
    days = pd.DatetimeIndex(np.datetime64(plan.start, "D") + np.arange(plan.days))
    for name, columns in names.items():
        rows.append(("purpose", name, pd.Series(plan_of[name], days), _mean(whole, dates, columns)))
    for name, line in plan.budget.lines.items():
        if (column := f"money_{name}") in whole:
            rows.append(("line", name, _planned(plan, line, plan_of, days), _mean(whole, dates, [column])))
    found = []
    monthly = sales.set_axis(pd.to_datetime(sales.index)).resample("ME").sum()
    for kind, name, planned, actual in rows:
        table = pd.DataFrame({"planned": planned, "actual": actual}).resample("ME").sum()
        table["variance"] = (table["actual"] / table["planned"] - 1.0).where(table["planned"] > 0)
        table["sales_per_spend"] = (monthly / table["actual"]).where(table["actual"] > 0)
        table.index.name = "period_end"
        found.append(table.reset_index().assign(scenario=scenario, kind=kind, name=name))
    return pd.concat(found, ignore_index=True)


def _planned(plan: Plan, line: Line, plan_of: Mapping[str, Array], days: pd.DatetimeIndex) -> pd.Series:
    """Return a line's plan by day: a share of its purpose, or the reserve's first day of each year."""
    import pandas as pd

    if line.of != "reserve":
        asked = sum(other.amount for other in plan.budget.lines.values() if other.of == line.of)
        year = max(float(plan_of[line.of][:365].mean()) * 365.0, asked)
        return pd.Series(plan_of[line.of] * (line.amount / year if year > 0 else 0.0), days)
    paid = np.zeros(len(days))
    paid[::365] = line.amount
    if line.deposit:
        paid[1:] = 0.0
    return pd.Series(paid, days)


def _mean(whole: pd.DataFrame, dates: pd.Series, columns: list[str]) -> pd.Series:
    futures = len(whole[["draw", "replicate"]].drop_duplicates())
    return whole[columns].sum(axis=1).groupby(dates).sum() / futures


def _income(scenario: str, plan: Plan, kpis: pd.DataFrame) -> pd.DataFrame:
    """Return what was expected beside what came, up to its month."""
    import pandas as pd

    months = kpis[(kpis["period_end"] - kpis["period_start"]).dt.days < YEAR_DAYS]
    rows = []
    for name, income in plan.budget.expected_income.items():
        last = pd.Timestamp(plan.first_day(min(income.by_month or plan.months, plan.months) + 1))
        mine = months[(months["kpi"] == income.kpi) & (months["period_end"] < last)]
        mine = mine[mine["channel"].isin(income.channels or ("all",))]
        came = mine.groupby(["draw", "replicate"])["value"].sum()
        actual = float(came.mean()) if len(came) else float("nan")
        share = actual / income.amount - 1.0 if income.amount > 0 else float("nan")
        rows.append(
            (scenario, "income", name, last - pd.Timedelta(days=1), income.amount, actual, share, np.nan)
        )
    return pd.DataFrame(rows, columns=COLUMNS)
