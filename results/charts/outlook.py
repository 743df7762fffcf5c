"""A history's total by month, and how statistics carry it on: what a run was joined to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from results.charts.style import BLUE, INK, Chart, amounts, canvas, chart, months, note, style

if TYPE_CHECKING:
    import pandas as pd

    from results.language import Language

PAST = 48  # months of the history drawn


def outlook(table: pd.DataFrame, language: Language, unit: str = "currency") -> Chart:
    """Draw the months of a history and the middle 50 and 80 % of its outlook's paths.

    Parameters
    ----------
    table
        Columns path, month (``2027-03``), known and value.
    language
        Tongue and currency.
    unit
        Of the values: a currency's code, or none for orders.
    """
    import pandas as pd

    groups = table.groupby("month", sort=True)["value"]
    rows = groups.quantile([0.1, 0.25, 0.5, 0.75, 0.9]).unstack()
    rows.columns = ["p10", "p25", "p50", "p75", "p90"]
    rows["known"] = table.groupby("month", sort=True)["known"].first()
    rows.insert(0, "date", pd.to_datetime(rows.index))
    past, ahead = rows[rows["known"]].tail(PAST), rows[~rows["known"]]
    title = _title(past, ahead, language, unit)
    with style():
        figure, axes = canvas(title, 2.5)
        axes.fill_between(ahead["date"], ahead["p10"], ahead["p90"], color=BLUE, alpha=0.18, lw=0)
        axes.fill_between(ahead["date"], ahead["p25"], ahead["p75"], color=BLUE, alpha=0.32, lw=0)
        axes.plot(ahead["date"], ahead["p50"], color=BLUE, lw=1.4, ls=(0, (5, 1.5)))
        axes.plot(past["date"], past["p50"], color=INK, lw=1.3, marker="o", ms=2.8)
        axes.set_ylim(bottom=0)
        amounts(axes.yaxis, unit, language)
        months(axes, language)
        axes.grid(axis="y")
        note(figure, language.say("chart.outlook.key"))
    alt = language.say("chart.outlook.alt", title=title)
    return chart("outlook", title, alt, figure, pd.concat([past, ahead]).reset_index())


def _title(past: pd.DataFrame, ahead: pd.DataFrame, language: Language, unit: str) -> str:
    """Say what the next year brings beside the last, with the middle 80 % of the months added up."""
    length = min(12, len(past), len(ahead))
    before = float(np.nansum(past["p50"].tail(length)))
    low, middle, high = (float(ahead[name].head(length).sum()) for name in ("p10", "p50", "p90"))
    change = language.change(middle / before - 1.0) if before > 0 else ""
    ends = {"low": language.estimate(low, unit), "high": language.estimate(high, unit)}
    said = {"n": length, "value": language.estimate(middle, unit), "change": change, **ends}
    return language.say("chart.outlook.title", **said)
