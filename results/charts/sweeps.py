"""Charts of a sweep: how much of each indicator's differences each line explains; Sobol indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from results.charts.lettering import tick
from results.charts.search import short_path
from results.charts.style import BLUE, FAINT, INK, VERMILLION, Chart, canvas, chart, legend, note, style
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd

DARK = 0.5  # share from which text turns white


def shares(table: pd.DataFrame, language: Language, lines: Sequence[str], kpis: Sequence[str]) -> Chart:
    """Draw lines of the design by indicators: a darker cell explains more of the points' differences.

    Parameters
    ----------
    table
        Rows of ``sweep/effects`` of one scenario: line, kpi, share, low_at, high_at.
    language
        Tongue and currency.
    lines, kpis
        Lines from above, indicators from the left.
    """
    from matplotlib.patches import Rectangle

    cells = table[table["line"].isin(lines) & table["kpi"].isin(kpis)].dropna(subset="share")
    most = cells.loc[cells["share"].idxmax()]
    fields = {"line": clean(most["line"], 40), "kpi": language.kpi_inline(most["kpi"])}
    title = language.say("chart.sweep.title", share=language.amount(most["share"], "share"), **fields)
    with style():
        figure, axes = canvas(title, 1.5 + 0.28 * len(lines))
        for row in cells.to_dict("records"):
            x, y, share = kpis.index(row["kpi"]), lines.index(row["line"]), row["share"]
            grey = str(round(1.0 - 0.85 * share, 3))
            axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=grey, edgecolor=FAINT, lw=0.5))
            colour = "white" if share > DARK else INK
            axes.text(x, y, f"{100 * share:.0f}", ha="center", va="center", fontsize=7.5, color=colour)
        axes.set_xlim(-0.5, len(kpis) - 0.5)
        axes.set_ylim(len(lines) - 0.5, -0.5)
        told = [tick(short_path(name, language), 24) for name in lines]
        axes.set_yticks(range(len(lines)), told, fontsize=7.5)
        names = [tick(language.kpi(kpi), 20) for kpi in kpis]
        axes.set_xticks(range(len(kpis)), names, rotation=60, ha="left", rotation_mode="anchor", fontsize=7.5)
        axes.xaxis.tick_top()
        axes.tick_params(length=0, labelcolor=INK)
        for side in axes.spines.values():
            side.set_visible(False)
        note(figure, language.say("chart.sweep.note"))
    return chart("sweep", title, language.say("chart.sweep.alt"), figure, cells)


def sobol(table: pd.DataFrame, language: Language, kpi: str) -> Chart:
    """Draw first-order and total indices of one indicator with their intervals, the strongest line first.

    Parameters
    ----------
    table
        Rows of ``sweep/indices`` of one scenario and indicator.
    language
        Tongue.
    kpi
        The indicator.
    """
    rows = table.sort_values("total", ascending=False, kind="stable").reset_index(drop=True)
    fields = {"line": clean(rows["line"].iloc[0], 40), "kpi": language.kpi_inline(kpi)}
    title = language.say("chart.sobol.title", total=language.amount(rows["total"].iloc[0], "share"), **fields)
    with style():
        figure, axes = canvas(title, 0.9 + 0.42 * len(rows), key=True)
        drawn = []
        for name, colour, shift in (("first", BLUE, -0.13), ("total", VERMILLION, 0.13)):
            middle = rows[name].to_numpy(float)
            low, high = (rows[f"{name}_{end}"].to_numpy(float) for end in ("low", "high"))
            places = [k + shift for k in range(len(rows))]
            axes.hlines(places, low, high, color=colour, lw=1.4)
            marker = "o" if name == "first" else "s"
            drawn.append(axes.plot(middle, places, marker, color=colour, ms=5, ls="none")[0])
        told = [tick(short_path(line, language), 24) for line in rows["line"]]
        axes.set_yticks(range(len(rows)), told, fontsize=8)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.axvline(0, color=FAINT, lw=0.8)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        legend(figure, drawn, [language.say("sobol.first"), language.say("sobol.total")])
        note(figure, language.say("chart.sobol.note"))
    return chart("sobol", title, language.say("chart.sobol.alt"), figure, rows)
