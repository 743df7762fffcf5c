"""Charts of a plan in progress: what was expected and what came, and the odds before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from results.charts.lettering import tick
from results.charts.style import GREY, INK, SERIES, Chart, amounts, canvas, chart, months, note, style
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd


def path(rows: pd.DataFrame, language: Language) -> Chart:
    """Draw one indicator of one channel: the middle 80 % of futures as a band, actuals as dots.

    Parameters
    ----------
    rows
        Rows of ``track`` of one channel and indicator: period_end, unit, expected_p10, expected_p50,
        expected_p90, actual, inside.
    language
        Tongue and currency.
    """
    rows = rows.sort_values("period_end")
    first, last = rows.iloc[0], rows.iloc[-1]
    inside, whole = int(rows["inside"].sum()), len(rows)
    sums = rows[["actual", "expected_p50"]].sum()
    fields = {
        "kpi": language.kpi(first["kpi"]),
        "channel": clean(language.spelt(first["channel"]), 24),
        "inside": inside,
        "all": whole,
        "off": language.change(float(sums["actual"] / sums["expected_p50"] - 1.0)),
        "month": language.month(last["period_end"]),
    }
    key = "chart.track.whole" if first["channel"] == "all" else "chart.track.title"
    title = language.say(key, **fields)
    with style():
        figure, axes = canvas(title, 2.4)
        rows = rows.assign(place=_places(rows["period_end"]))
        ends = rows["place"]
        axes.fill_between(
            ends, rows["expected_p10"], rows["expected_p90"], facecolor=SERIES[0], alpha=0.22, lw=0
        )
        axes.plot(ends, rows["expected_p50"], color=SERIES[0], lw=1.8)
        for within, fill in ((True, INK), (False, "white")):
            some = rows[rows["inside"] == within]
            axes.plot(some["place"], some["actual"], "o", color=INK, mfc=fill, ms=6, clip_on=False)
        axes.margins(x=0.06)
        axes.set_ylim(bottom=min(0.0, float(rows[["expected_p10", "actual"]].min().min())))
        amounts(axes.yaxis, first["unit"], language)
        months(axes, language)
        axes.grid(axis="y")
        note(figure, language.say("chart.track.note"))
    name = f"track-{first['kpi']}-{first['channel']}"
    return chart(
        name, title, language.say("chart.track.alt", title=title), figure, rows.drop(columns="place")
    )


def _places(ends: pd.Series) -> pd.Series:
    """Return where periods are drawn: months at their first day, under their name; others where they end."""
    import pandas as pd

    days = pd.to_datetime(ends)
    monthly = bool((days.dt.day > 27).all()) and days.dt.to_period("M").is_unique
    return days.dt.to_period("M").dt.to_timestamp() if monthly else days


def updated(odds: pd.DataFrame, language: Language) -> Chart:
    """Draw the odds of every target as planned and now.

    Parameters
    ----------
    odds
        kpi, date, before, after: odds 0-1.
    language
        Tongue and currency.
    """
    moved = (odds["after"] - odds["before"]).abs()
    most = odds.loc[moved.idxmax()]
    title = language.say(
        "chart.track.odds" if moved.max() >= 0.005 else "chart.track.odds_same",
        kpi=language.kpi_inline(most["kpi"]),
        before=language.odds(most["before"]),
        after=language.odds(most["after"]),
    )
    with style():
        figure, axes = canvas(title, 0.5 + 0.34 * len(odds))
        for row, (before, after) in enumerate(zip(odds["before"], odds["after"], strict=True)):
            axes.plot([100 * before, 100 * after], [row, row], color=GREY, lw=1.5)
            axes.plot(100 * before, row, "o", color=GREY, mfc="white", ms=6, clip_on=False)
            axes.plot(100 * after, row, "o", color=SERIES[0], ms=6.5, clip_on=False)
        axes.set_yticks(range(len(odds)), [tick(language.kpi(kpi)) for kpi in odds["kpi"]])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(odds) - 0.5, -0.5)
        axes.set_xlim(0, 100)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        note(figure, language.say("chart.track.odds_note"))
    return chart("track-odds", title, language.say("chart.track.odds_alt", title=title), figure, odds)
