"""The chart of what each lever of an advice does over its whole range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from results.charts.search import objective, short_path, unit_of
from results.charts.style import BLUE, GREY, INK, Chart, canvas, chart, note, style
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd

ACROSS, MOST = 2, 12  # small charts in a row; levers shown, those that move most


def curves(table: pd.DataFrame, name: str, language: Language) -> Chart | None:
    """Draw an objective against every lever, the others as advised; ``None`` where no number was varied.

    Parameters
    ----------
    table
        ``search/curves``: line, at, objective, difference, low, high, here.
    name
        The objective.
    language
        Tongue and currency.
    """
    rows = table[(table["objective"] == name) & table["at"].notna()]
    spans = rows.groupby("line", sort=False)["difference"].agg(lambda values: values.max() - values.min())
    spans = spans[rows.groupby("line", sort=False).size() > 1].sort_values(ascending=False, kind="stable")
    lines = list(spans.index[:MOST])
    if not lines:
        return None
    kpi = objective(name, language)
    title = language.say("chart.curves.title", lever=_label(lines[0], language), kpi=kpi)
    down = -(-len(lines) // ACROSS)
    with style():
        figure, grid = canvas(title, 1.5 * down + 0.2, columns=ACROSS, rows=down, sharey=True, squeeze=False)
        for place, axes in enumerate(grid.flat):
            if place >= len(lines):
                axes.set_visible(False)
                continue
            _draw(axes, rows[rows["line"] == lines[place]], lines[place], name, language)
        note(figure, language.say("chart.curves.note", kpi=kpi))
    kept = rows[rows["line"].isin(lines)].reset_index(drop=True)
    return chart("search-curves", title, language.say("chart.curves.alt", title=title), figure, kept)


def _draw(axes: Any, rows: pd.DataFrame, line: str, name: str, language: Language) -> None:
    unit = "currency" if line == "budget" else "share" if rows["at"].between(0, 1).all() else ""
    axes.axhline(0, color=GREY, lw=0.8)
    axes.fill_between(rows["at"], rows["low"], rows["high"], color=BLUE, alpha=0.15, lw=0)
    axes.plot(rows["at"], rows["difference"], color=BLUE, lw=1.4, marker="o", ms=3)
    here = rows[rows["here"]]
    axes.plot(here["at"], here["difference"], "*", ms=11, color=INK, mec="white")
    axes.set_title(_label(line, language), loc="left", fontsize=9, color=INK)
    axes.xaxis.set_major_formatter(lambda value, _: language.amount(value, unit))
    axes.yaxis.set_major_formatter(lambda value, _: language.amount(value, unit_of(name), signed=True))
    axes.locator_params(nbins=4)
    axes.grid(axis="y")


def _label(line: str, language: Language) -> str:
    return language.say("objective.budget") if line == "budget" else clean(short_path(line, language), 32)
