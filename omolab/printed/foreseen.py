"""What a forecast brings, year by year: the table that ``omolab forecast`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omolab.printed import sheets
from omolab.printed.sheets import HEADLINES, estimate, language, span
from results.sections.outlook import how_joined

if TYPE_CHECKING:
    import pandas as pd

    from results.language import Language
    from results.store import Run

STATUS_QUO = "status_quo"
YEAR_DAYS = 300  # a window longer than this is a year's
MOST = 5  # years, or months of a short plan, printed


def table(run: Run) -> pd.DataFrame:
    """Return each indicator of the whole retailer by plan year, over every future.

    Returns
    -------
    DataFrame
        Columns scenario, kpi, period_start, period_end, p10, p50, p90, unit. Years end with the plan's years;
        a plan of less than a year gives its months.
    """
    kpis = run.kpis
    kpis = kpis[kpis["channel"] == "all"]
    length = (kpis["period_end"] - kpis["period_start"]).dt.days
    years = kpis[length > YEAR_DAYS]
    last = kpis["period_end"].max()
    if len(years):
        apart = (last.year - years["period_end"].dt.year) * 12 + last.month - years["period_end"].dt.month
        kpis = years[apart % 12 == 0]
    groups = kpis.groupby(["scenario", "kpi", "period_start", "period_end"], sort=False)
    found = groups["value"].quantile([0.1, 0.5, 0.9]).unstack()
    found.columns = ["p10", "p50", "p90"]
    return found.join(groups["unit"].first()).reset_index()


def show(run: Run) -> None:
    """Print the main indicators of the plan, and those it has targets for, by year."""
    rows, words = table(run), language(run)
    scenario = next((name for name in rows["scenario"].unique() if name != STATUS_QUO), STATUS_QUO)
    rows = rows[rows["scenario"] == scenario]
    ends = sorted(rows["period_end"].unique())[-MOST:]
    wanted = [*HEADLINES, *(run.targets["kpi"].unique() if run.has("targets") else ())]
    heads = [">" + words.say("foreseen.until", month=words.month(end)) for end in ends]
    shown = sheets.table(words.say("foreseen.title"), words.say("console.indicator"), *heads)
    for kpi in dict.fromkeys(wanted):
        mine = rows[rows["kpi"] == kpi].set_index("period_end")
        if mine["p50"].notna().any():
            shown.add_row(words.kpi(str(kpi)), *(_cell(words, mine, end) for end in ends))
    sheets.console().print(shown)
    if run.has("fit/outlook") and (said := how_joined(run, words)) is not None:
        print(said[0])
        print()


def _cell(words: Language, rows: pd.DataFrame, end: pd.Timestamp) -> str:
    """Return the median at a year's end with the middle 80 % of outcomes."""
    if end not in rows.index:
        return "–"
    one = rows.loc[end]
    middle = estimate(words, one["p50"], one["unit"])
    return words.say("console.within", value=middle, range=span(words, one["p10"], one["p90"], one["unit"]))
