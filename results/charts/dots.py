"""Rows of dots with their intervals, a mark for each of a few series: what several charts are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from results.charts.style import INK, amounts, canvas, legend, note, style
from results.language import Language, clean

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def dots(
    table: pd.DataFrame,
    rows: Mapping[str, str],
    series: Mapping[str, Mapping[str, Any]],
    language: Language,
    title: str,
    unit: str,
    read: str,
    called: Callable[[str], str],
) -> Figure:
    """Draw p50 with p10 to p90 of each row and series; what is not known is left out.

    Parameters
    ----------
    table
        Columns row, series, p10, p50, p90.
    rows
        Label by row, from above.
    series
        Look (colour, marker) by series, in the order of the legend.
    language
        Tongue and currency.
    title, unit, read
        The finding; unit of the values; the note under the chart that tells how to read it.
    called
        A series in words.
    """
    cells = table.set_index(["row", "series"])
    cells = cells[cells["p50"].notna()]
    with style():
        figure, axes = canvas(
            title, 0.6 + (0.2 + 0.14 * len(series)) * len(rows), key=len(series) * (len(series) > 1)
        )
        handles = []
        for place, (name, look) in enumerate(series.items()):
            plain = {"color": look["color"], "marker": look["marker"], "linestyle": "none"}
            for position, row in enumerate(rows):
                if (row, name) in cells.index:
                    height = position + (place - (len(series) - 1) / 2) * 0.66 / len(series)
                    _one(axes, cells.loc[(row, name)], height, plain, language.estimate, unit)
            handles += axes.plot([], [], ms=5, **plain)
        axes.set_yticks(range(len(rows)), list(rows.values()))
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(rows) - 0.45, -0.55)
        axes.set_xlim(0, 1.18 * (float(cells["p90"].max()) or 1.0))
        amounts(axes.xaxis, unit, language)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        if len(series) > 1:
            legend(figure, handles, [clean(called(name), 26) for name in series])
        note(figure, read)
    return figure


def _one(
    axes: Any, cell: pd.Series, height: float, look: Mapping[str, Any], amount: Callable[..., str], unit: str
) -> None:
    axes.plot([cell["p10"], cell["p90"]], [height, height], color=look["color"], lw=1.5)
    axes.plot(cell["p50"], height, ms=5.5, **look)
    axes.annotate(
        amount(cell["p50"], unit), (cell["p90"], height), (5, 0), textcoords="offset points", va="center",
        fontsize=8,
    )  # fmt: skip


def quantiles(rows: pd.DataFrame, by: Sequence[str], value: str = "value") -> pd.DataFrame:
    """Return p10, p50 and p90 over futures by ``by``."""
    found = rows.groupby(list(by), sort=False, observed=True)[value].quantile([0.1, 0.5, 0.9]).unstack()
    return found.set_axis(["p10", "p50", "p90"], axis=1).reset_index()
